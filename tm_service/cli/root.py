"""The root of the command line: the group that all commands hang on, and the service they ask."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tm_service.cli.listing import Later

if TYPE_CHECKING:
    from tm_service.service import Service
    from tm_service.settings import Settings


@click.group(cls=Later, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(path_type=Path), help="Where the store lives (TM_SERVICE_HOME, default ./var).")
@click.version_option(package_name="tm-service")
@click.pass_context
def main(context: click.Context, home: Path | None) -> None:
    """Keep a six-language site translated: detect, package, take in, deploy."""
    gc.set_threshold(100_000, 50, 50)  # a command makes many values and hardly a cycle; looking for them costs a tenth
    context.obj = home


def settings() -> "Settings":
    from tm_service.settings import read_settings  # noqa: PLC0415 - `--help` need not load what a site is

    home = click.get_current_context().obj
    return read_settings(home if isinstance(home, Path) else None)


def service() -> "Service":
    from tm_service.bootstrap import open_service  # noqa: PLC0415 - `--help` need not load a database

    known = settings()
    if not known.backups:
        return open_service(known)
    from tm_service.bootstrap_backup import with_backups  # noqa: PLC0415 - as above

    return with_backups(open_service(known), known)
