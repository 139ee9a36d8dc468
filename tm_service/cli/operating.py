"""Operating: what is set and whether it answers, and the files by which machines start the house."""

import os
from pathlib import Path

import click

from tm_service.cli.output import DONE, NEEDS_PERSON, OUTSIDE, Answer, Commands, answering, table
from tm_service.cli.root import main
from tm_service.cli.root import settings as read
from tm_service.operating import write_files
from tm_service.setting_names import VARIABLES, origin, shown, unknown


@main.command("settings")
@click.option(
    "--try",
    "tries",
    is_flag=True,
    help="Try whether the home, the database, the broker, the mail and the backups answer.",
)
@answering
def settings(*, tries: bool) -> Answer:
    """Say what is set, and from where; secrets are not shown."""
    known, strange = read(), unknown(os.environ)
    rows = [(one.name, shown(one, os.environ), origin(one, os.environ), one.says) for one in VARIABLES]
    found: list[dict[str, object]] = []
    if tries:
        from tm_service.trial import tried  # noqa: PLC0415 - loads the database's library

        found = [{"what": one.what, "well": one.well, "said": one.said} for one in tried(known)]
    lines = [table(("setting", "", "from", "what it is"), rows)]
    lines += [f"{name} is no setting of this version." for name in strange]
    lines += [f"{one['what']}: {one['said']}" for one in found]
    told = [{"name": name, "value": value, "from": place} for name, value, place, _says in rows]
    code = OUTSIDE if any(not one["well"] for one in found) else NEEDS_PERSON if strange else DONE
    return {"home": str(known.home), "settings": told, "unknown": strange, "tried": found}, "\n".join(lines), code


@main.group(cls=Commands)
def operating() -> None:
    """Run the house on machines of your own."""


@operating.command("files")
@click.argument("folder", type=click.Path(path_type=Path))
@answering
def operating_files(folder: Path) -> Answer:
    """Write out what systemd and containers start the house by; files that are there already stay as they are."""
    written, different = write_files(folder)
    lines = [f"{name} is written." for name in written]
    lines += [f"{name} is there, and is not as it would be written; it stays as it is." for name in different]
    return {"written": written, "different": different}, "\n".join(lines), NEEDS_PERSON if different else DONE
