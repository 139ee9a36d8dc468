"""Length: the target fits its place, and is about as long as its language writes what the source says."""

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import regex

from tm_service.checks.codes import has_forms
from tm_service.checks.reading import language
from tm_service.checks.seen import Seen, seen, table
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import parse

_CHECK = "length"
_CLUSTER = regex.compile(r"\X")  # what a reader counts as one character (UAX 29)


@cache
def _languages() -> Mapping[str, Any]:
    return table("length")


def length(pair: Pair) -> Iterator[Finding]:
    """More characters than there is room for; far more or fewer than the source lets expect."""
    target = seen(pair.target)
    if pair.limit:
        yield from _limited(pair, target)
    if not has_forms(parse(pair.source)):
        yield from _unlikely(pair, seen(pair.source), target)


def _limited(pair: Pair, target: Seen) -> Iterator[Finding]:
    """Tags take no room, an entity that of its character, and what is filled in that of its placeholder, for want of better."""
    room = pair.limit
    place = None
    count = 0
    for count, cluster in enumerate(_clusters(pair.target, target), 1):
        if count == room + 1:
            place = (cluster, len(pair.target))
    if count > room:
        template = "The target has {count} characters and {limit} fit; shorten it by {excess}."
        yield found(_CHECK, Severity.ERROR, template, place=place, count=count, limit=room, excess=count - room)


def _clusters(value: str, view: Seen) -> Iterator[int]:
    """Where each character that a reader counts begins in the value; a placeholder counts as it is written."""
    for match in _CLUSTER.finditer(view.plain):
        start, end = view.place(match.start(), match.start() + 1)
        written = value[start:end] if match[0] == "\ufffc" else ""
        yield from range(start, end) if written else (start,)


def _unlikely(pair: Pair, source: Seen, target: Seen) -> Iterator[Finding]:
    """Far from the usual ratio: half a text is missing, or something else was pasted."""
    usual = _languages()["any"]
    ours = _languages().get(language(pair.source_locale), usual)
    theirs = _languages().get(language(pair.locale), usual)
    had, has = (len("".join(view.plain.split())) for view in (source, target))
    expected = had * theirs["ratio"] / ours["ratio"]
    if had < usual["spared"] or not has or source.plain == target.plain:
        return
    spread = theirs["spread"] * (1 + usual["spared"] / had)
    far = math.log(has / expected) / spread
    if abs(far) > usual["deviations"]:
        template = (
            "The target is much longer than the source: {count} characters where about {expected} are usual; see what is added."
            if far > 0
            else "The target is much shorter than the source: {count} characters, not about {expected}; see what is missing."
        )
        yield found(_CHECK, Severity.WARNING, template, count=has, expected=round(expected))
