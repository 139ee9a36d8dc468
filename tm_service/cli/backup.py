"""Backup and restore: the whole house in one file, and back."""

from pathlib import Path

import click

from tm_service.backup_verbs import BackupVerbs
from tm_service.cli.output import DONE, Answer, answering, table
from tm_service.cli.root import main, settings
from tm_service.domain.backups import Backup, digest_of

_KEYLESS = (
    "Without the keys, a restored house no longer knows packages that are out by their seal, waivers have to be given again, "
    "and second factors and the secrets of webhooks be set up anew"
)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--keys", is_flag=True, help="Take the house's keys along: whoever has the file can then seal as the house."
)
@click.option("--digest", is_flag=True, help="Write nothing; say one hash over everything that the tables hold now.")
@answering
def backup(file: Path | None, *, keys: bool, digest: bool) -> Answer:
    """Write all that cannot be made again into one file.

    It is of one moment; others go on working meanwhile.
    """
    if (file is None) != digest:
        raise click.UsageError("Name the file to write, or ask for --digest.")
    house = _house()
    if file is None:
        sums = house.sums()
        rows = [(name, one.rows, one.sha256) for name, one in sorted(sums.items())]
        document = {"digest": digest_of(sums), "tables": {name: _table(rows, said) for name, rows, said in rows}}
        return document, f"{table(('table', 'rows', 'SHA-256'), rows)}\n\nDigest: {digest_of(sums)}", DONE
    made = house.backup(file, keys=keys)
    warning = "" if keys else f"\n{_KEYLESS}; --keys takes them along."
    return _document(made) | {"file": str(file)}, f"{_said(made)}\nIt is in {file}.{warning}", DONE


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Only read all of it and say whether it is as it was written.")
@answering
def restore(file: Path, *, check: bool) -> Answer:
    """Bring a backup back into an empty house: all of it or nothing."""
    house = _house()
    if check:
        made = house.check(file)
        return _document(made), f"{_said(made)}\nAll of it is as it was written.", DONE
    made = house.restore(file)
    warning = "" if made.has_keys else f"\n{_KEYLESS}; put the folder `keys` back into the home, where you have it."
    return _document(made), f"{_said(made)}\nAll of it is back; the journal's head is {made.journal}.{warning}", DONE


def _house() -> BackupVerbs:
    from tm_service.bootstrap_backup import open_backups  # noqa: PLC0415 - `--help` need not load a database

    return open_backups(settings())


def _said(made: Backup) -> str:
    return (
        f"{made.rows:,} rows of {len(made.sums)} tables and {made.contents:,} contents, {made.size:,} bytes, made by "
        f"{made.made_by} on {made.at:%Y-%m-%d %H:%M} UTC.\nDigest: {made.digest}"
    )


def _table(rows: int, sha256: str) -> dict[str, object]:
    return {"rows": rows, "sha256": sha256}


def _document(made: Backup) -> dict[str, object]:
    return {
        "digest": made.digest,
        "at": made.at.isoformat(),
        "made_by": made.made_by,
        "versions": dict(made.heads),
        "tables": {name: _table(one.rows, one.sha256) for name, one in sorted(made.sums.items())},
        "contents": made.contents,
        "size": made.size,
        "keys": made.has_keys,
        "journal": made.journal,
    }
