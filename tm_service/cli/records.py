"""The record commands: documents of our own record store, in and out, with their history."""

import getpass
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from tm_service import shapes
from tm_service.cli.folders import read_file
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, finding_text, progress, table
from tm_service.cli.root import main, service
from tm_service.cli.texts import listed
from tm_service.domain.drafts import RevisionInfo, Span, SpanKind
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.records import ARTICLE, Actor, Content, RecordRef
from tm_service.domain.units import key_text

_CONTEXT = 40  # characters of what stayed, on each side of a change


@main.group(cls=Commands)
def records() -> None:
    """Keep articles and records in the record store of this house."""


def _actor() -> Actor:
    """Who runs commands in a home may do everything there."""
    return Actor(getpass.getuser(), roles=frozenset({"administrator"}))


@records.command("schemas")
@click.argument("name", required=False)
@answering
def records_schemas(name: str | None) -> Answer:
    """List the record types; of one, its JSON Schema."""
    house = service().records()
    if name:
        document = dict(house.json_schema(name))
        return document, json.dumps(document, indent=2, ensure_ascii=False), DONE
    found = house.schemas().values()
    rows = [(one.name, one.title, "national" if one.national else "", len(one.fields)) for one in found]
    listing = [{"name": one.name, "title": one.title, "national": one.national} for one in found]
    return {"schemas": listing}, table(("schema", "title", "", "fields"), rows), DONE


@records.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--why", default="", help="What the journal is to say.")
@click.option("--dry-run", is_flag=True, help="Say what is wrong; keep nothing.")
@answering
def records_import(files: tuple[Path, ...], why: str, dry_run: bool) -> Answer:
    """Publish documents from JSON files, or from all of a folder's: all of them or none.

    A file holds one document, or a list of them: articles, and records whose header names their schema.
    """
    house, documents = service().records(), list(_documents(files))
    wrong = [
        (ref, finding)
        for ref, document in documents
        for finding in house.validate(ref.kind, document)
        if finding.severity == "error"
    ]
    if not wrong and not dry_run:
        with progress("publishing"):
            made = house.put_all(documents, by=_actor(), why=why)
    else:
        made = 0
    lines = [f"{ref.kind} {ref.identifier}: {finding_text(finding)}" for ref, finding in wrong]
    head = f"{len(documents):,} documents read, {made:,} new revisions."
    parts = [head, *listed("Nothing was published; put these right:" if wrong else "", lines)]
    document = {
        "read": len(documents),
        "published": made,
        "dry_run": dry_run,
        "findings": [asdict(ref) | shapes.findings([finding])[0] for ref, finding in wrong],
    }
    return document, "\n".join(parts), NEEDS_PERSON if wrong else DONE


def _documents(files: tuple[Path, ...]) -> Iterator[tuple[RecordRef, Content]]:
    for file in files:
        for one in sorted(file.rglob("*.json")) if file.is_dir() else [file]:
            try:
                read = json.loads(read_file(one))
            except (ValueError, RecursionError) as error:
                raise ConfigurationError(f"{one} is not JSON: {error}.") from error
            for place, document in enumerate(read if isinstance(read, list) else [read], 1):
                yield _ref(document, f"{one}, document {place}"), document


def _ref(document: object, where: str) -> RecordRef:
    """An article names itself by `_id`, a record by its header."""
    header = document.get("header") if isinstance(document, dict) else None
    if isinstance(header, dict) and isinstance(header.get("schema"), str) and isinstance(header.get("identifier"), str):
        return RecordRef(header["schema"], header["identifier"])
    if isinstance(document, dict) and isinstance(document.get("_id"), str) and "content" in document:
        return RecordRef(ARTICLE, document["_id"])
    raise ConfigurationError(
        f"{where}, is neither an article with `_id` and `content` nor a record whose `header` has `identifier` and `schema`."
    )


@records.command("list")
@click.option("--kind", default="", help="Only articles (`article`), or records of this schema.")
@answering
def records_list(kind: str) -> Answer:
    """List what is published, the last change first."""
    found = [entry for entry in service().records().entries() if kind in ("", entry.ref.kind)][::-1]
    rows = [(one.ref.kind, one.ref.identifier, one.revision, f"{one.modified:%Y-%m-%d %H:%M}") for one in found]
    listing = [asdict(one.ref) | {"revision": one.revision, "modified": one.modified.isoformat()} for one in found]
    return {"documents": listing}, table(("kind", "identifier", "revision", "changed"), rows), DONE


@records.command("show")
@click.argument("identifier")
@click.option("--revision", type=int, default=0, help="This revision; default: what readers have.")
@answering
def records_show(identifier: str, revision: int) -> Answer:
    """Print a document, without what is confidential in it."""
    house = service().records()
    ref = house.find(identifier)
    content = house.revision(ref, revision).document if revision else house.published(ref).document
    document = dict(house.public(ref.kind, content))
    return document, json.dumps(document, indent=2, ensure_ascii=False), DONE


@records.command("history")
@click.argument("identifier")
@click.option("--between", nargs=2, type=int, default=None, help="What changed from one revision to another.")
@answering
def records_history(identifier: str, between: tuple[int, int] | None) -> Answer:
    """List a document's revisions: who, when, why; or what changed between two."""
    house = service().records()
    ref = house.find(identifier)
    if between:
        changes = house.difference(ref, *between)
        document: dict[str, object] = {
            "changes": [
                {"field": key_text(one.path), "language": one.language, "before": one.before, "now": one.now}
                for one in changes
            ]
        }
        lines = [f"{' > '.join(one.titles)} [{one.language}]\n  {_marked(one.spans)}" for one in changes]
        return document, "\n".join(lines) or "Nothing changed.", DONE
    revisions = house.revisions(ref)
    rows = [(one.number, one.stage, f"{one.at:%Y-%m-%d %H:%M}", one.by, one.why) for one in revisions]
    document = {"revisions": [_revision(one) for one in revisions]}
    return document, table(("revision", "", "at", "by", "why"), rows), DONE


def _marked(spans: Sequence[Span]) -> str:
    """Changed words as wdiff(1) marks them, with a little of what is around them."""
    last = len(spans) - 1
    marks = {SpanKind.DELETED: "[-{}-]", SpanKind.INSERTED: "{{+{}+}}"}
    shown = [
        marks[span.kind].format(span.text)
        if span.kind in marks
        else _around(span.text, before=place < last, after=place > 0)
        for place, span in enumerate(spans)
    ]
    return "".join(shown)


def _around(text: str, *, before: bool, after: bool) -> str:
    """What is kept, without its middle: the part before the next change and the part after the last one."""
    if len(text) <= _CONTEXT * (before + after):
        return text
    return (text[:_CONTEXT] if after else "") + "…" + (text[-_CONTEXT:] if before else "")


def _revision(one: RevisionInfo) -> dict[str, object]:
    return {"number": one.number, "stage": one.stage, "at": one.at.isoformat(), "by": one.by, "why": one.why}


@records.command("references")
@click.argument("identifier")
@answering
def records_references(identifier: str) -> Answer:
    """Show what a document refers to, and what refers to it."""
    house = service().records()
    names, named_by = house.refers_to(house.find(identifier)), house.referred_by(identifier)
    rows = [("names", key_text(one.path), one.identifier, one.pinned or "", one.standing) for one in names]
    rows += [
        ("named by", key_text(one.path), one.source.identifier, one.pinned or "", one.standing) for one in named_by
    ]
    document = {
        "refers_to": [
            {"field": key_text(one.path), "identifier": one.identifier, "pinned": one.pinned, "standing": one.standing}
            for one in names
        ],
        "referred_by": [
            asdict(one.source) | {"field": key_text(one.path), "pinned": one.pinned, "standing": one.standing}
            for one in named_by
        ],
    }
    return document, table(("", "field", "document", "revision", "standing"), rows), DONE


@records.command("tidy")
@click.option("--days", type=click.IntRange(min=1), default=2, help="Autosaves older than this; default: 2.")
@answering
def records_tidy(days: int) -> Answer:
    """Forget autosaves between others of the same person; drafts, clashes and revisions stay."""
    house = service()
    gone = house.records().tidy(house.clock() - timedelta(days=days))
    return {"forgotten": gone}, f"{gone:,} autosaves are forgotten.", DONE


@records.command("unpublish")
@click.argument("identifier")
@click.option("--why", required=True, help="The reason, for the journal.")
@answering
def records_unpublish(identifier: str, why: str) -> Answer:
    """Take a document from readers; its history stays."""
    house = service().records()
    made = house.unpublish(house.find(identifier), by=_actor(), why=why)
    return _revision(made), f"Revision {made.number}: {identifier} is no longer published.", DONE


@records.command("restore")
@click.argument("identifier")
@click.argument("revision", type=int)
@click.option("--why", default="", help="The reason, for the journal.")
@answering
def records_restore(identifier: str, revision: int, why: str) -> Answer:
    """Publish the content of an earlier revision as a new one."""
    house = service().records()
    made = house.restore(house.find(identifier), revision, by=_actor(), why=why)
    return _revision(made), f"Revision {made.number} of {identifier} has the content of revision {revision}.", DONE
