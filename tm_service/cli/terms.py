"""Terms: what things are to be called, in and out as TBX or a table."""

from pathlib import Path

import click

from tm_service import shapes
from tm_service.cli.folders import new_file
from tm_service.cli.memories import in_memory
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, progress, table
from tm_service.cli.root import main, service
from tm_service.cli.texts import listed
from tm_service.domain.errors import ConfigurationError


@main.group(cls=Commands)
def terms() -> None:
    """Keep the terms of a memory."""


@terms.command("import")
@click.argument("name", metavar="SITE")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--locale", "locales", multiple=True, help="Only this locale; may be repeated.")
@in_memory
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@answering
def terms_import(name: str, files: tuple[Path, ...], locales: tuple[str, ...], memory: str, dry_run: bool) -> Answer:
    """Bring in terms from TBX or a table.

    Damaged entries are named and left out.
    """
    for file in files:
        if not file.is_file():
            raise ConfigurationError(f"{file} is no file; name a .tbx, .csv or .tsv file.")
    verbs, answers = service().memories, []
    for file in files:
        with progress(f"reading {file.name}"):
            answers.append(verbs.bring_in_terms(name, file, memory=memory, locales=locales, rehearse=dry_run))
    documents = [shapes.imported(str(file), found) for file, found in zip(files, answers, strict=True)]
    rows = [(file.name, found.read, found.new, len(found.problems)) for file, found in zip(files, answers, strict=True)]
    problems = [sentence for found in answers for sentence in found.problems]
    parts = [table(("file", "read", "new", "left out"), rows), *listed("Left out:", problems)]
    parts += ["Nothing was kept (--dry-run)."] if dry_run else []
    return {"files": documents, "dry_run": dry_run}, "\n".join(parts), NEEDS_PERSON if problems else DONE


@terms.command("export")
@click.argument("name", metavar="SITE")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--locale", "locales", multiple=True, help="Only this locale; may be repeated.")
@in_memory
@answering
def terms_export(name: str, file: Path, locales: tuple[str, ...], memory: str) -> Answer:
    """Write terms as TBX or a table, by FILE's ending."""
    with progress("writing"), new_file(file) as out:
        count = service().memories.write_terms(name, file.name, out, memory=memory, locales=locales)
    return {"file": str(file), "terms": count}, f"{count:,} terms are in {file}.", DONE
