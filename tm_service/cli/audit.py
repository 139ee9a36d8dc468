"""Audit: who changed what, when, from where and why; and the proof that nothing of it was changed since."""

import json

import click

from tm_service import shapes
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, table
from tm_service.cli.root import main, service
from tm_service.domain.audit import Head, Line
from tm_service.domain.errors import ConfigurationError

_DIGITS = 64  # of a hash


@main.group(cls=Commands)
def audit() -> None:
    """See who changed what, and prove it."""


@audit.command("list")
@click.option("--site", default="", help="Only of this site.")
@click.option("--by", "name", default="", help="Only by this person or program.")
@click.option("--since", type=int, default=0, metavar="NUMBER", help="Only entries after this one.")
@click.option("--most", type=click.IntRange(1, 10_000), default=100, help="How many at most; default: 100.")
@answering
def list_entries(site: str, name: str, since: int, most: int) -> Answer:
    """List entries, oldest first: who, through which door, from where, what and why."""
    lines = service().audit.listed(site, since=since, most=most, name=name)
    rows = [_row(line) for line in lines]
    text = table(("", "at", "by", "from", "site", "what", ""), rows) if rows else "The journal has no such entries."
    return {"entries": [shapes.journal_entry(line) for line in lines]}, text, DONE


def _row(line: Line) -> tuple[object, ...]:
    who, entry = line.caller, line.entry
    said = ", ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in line.details.items())
    by, place = (who.name, f"{who.door} {who.address}") if who else ("", "")
    return entry.number, f"{entry.at:%Y-%m-%d %H:%M}", by, place, entry.site, entry.verb, said


@audit.command("verify")
@click.option("--published", multiple=True, metavar="NUMBER:HASH", help="A head that was kept elsewhere; repeatable.")
@answering
def verify(published: tuple[str, ...]) -> Answer:
    """Prove that every entry follows the one before it; 1 where one does not.

    Its answer ends with the head of the journal: keep it elsewhere, and name it the next time.
    """
    found = service().audit.verify([_head(said) for said in published])
    if found.broken:
        return shapes.verdict(found), str(found.broken), NEEDS_PERSON
    return shapes.verdict(found), f"{found.entries:,} entries follow each other. Head: {found.head}", DONE


def _head(said: str) -> Head:
    number, _, digest = said.partition(":")
    if not number.isdecimal() or len(digest) != _DIGITS:
        raise ConfigurationError(f"{said!r} is no head; write NUMBER:HASH as `audit verify` shows it.")
    return Head(int(number), digest)


@audit.command("erase")
@click.argument("name")
@answering
def erase(name: str) -> Answer:
    """Forget a person: the name and its addresses, wherever the journal has them. The chain holds; this is noted."""
    gone = service().audit.erase(name)
    return {"erased": gone}, f"{gone:,} pseudonyms name nobody any more.", DONE if gone else NEEDS_PERSON
