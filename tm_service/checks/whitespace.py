"""Whitespace: blanks at the edges, between words and between lines stand as in the source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tm_service.checks.seen import seen
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair

_CHECK = "whitespace"
_INNER = re.compile(r"(?<=\S)[^\S\r\n]{2,}(?=\S)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_TAB = re.compile(r"\t+")
_NO_BREAK = frozenset("\u00a0\u202f\u2007")
_KEPT = re.compile(r"\w[\u00a0\u202f\u2007]\w")


@dataclass(frozen=True, slots=True)
class _Edges:
    """The blanks before and after a text, and the text."""

    before: str
    text: str
    after: str


def whitespace(pair: Pair) -> Iterator[Finding]:
    """Edges that differ, double spaces, tabs, line ends and no-break spaces lost or added."""
    if not pair.target.strip():
        return
    yield from _edges(pair)
    yield from _double(pair)
    yield from _tabs(pair)
    yield from _lines(pair)
    yield from _no_breaks(pair)


def _cut(value: str) -> _Edges:
    text = value.strip()
    start = value.find(text)
    return _Edges(value[:start], text, value[start + len(text) :])


def _edges(pair: Pair) -> Iterator[Finding]:
    """A blank at an edge joins a text to its neighbour; the source's edges are right."""
    source, target = _cut(pair.source), _cut(pair.target)
    repair = source.before + target.text + source.after
    if source.before != target.before:
        template = "The blanks before the text differ from the source's; begin as it does."
        place = (0, len(target.before))
        yield found(_CHECK, Severity.WARNING, template, place=place, repair=repair)
    if source.after != target.after:
        template = "The blanks after the text differ from the source's; end as it does."
        place = (len(pair.target) - len(target.after), len(pair.target))
        yield found(_CHECK, Severity.WARNING, template, place=place, repair=repair)


def _double(pair: Pair) -> Iterator[Finding]:
    """Several blanks between words, where the source has one everywhere; a no-break one among them is kept."""
    first = _INNER.search(pair.target)
    if first is None or _INNER.search(pair.source):
        return
    repair = _INNER.sub(lambda blanks: _one(blanks[0]), pair.target)
    template = "Several blanks stand together; write one."
    yield found(_CHECK, Severity.NOTE, template, place=first.span(), repair=repair)


def _one(blanks: str) -> str:
    if len(set(blanks)) == 1 and blanks[0] != "\t":
        return blanks[0]
    return next((blank for blank in blanks if blank in _NO_BREAK), " ")


def _tabs(pair: Pair) -> Iterator[Finding]:
    first = _TAB.search(pair.target.strip())
    if first and "\t" not in pair.source:
        start = pair.target.find("\t", len(_cut(pair.target).before))
        template = "A tab stands between words and the source has none; write a space."
        place = (start, start + len(first[0]))
        yield found(_CHECK, Severity.NOTE, template, place=place, repair=_TAB.sub(" ", pair.target))


def _lines(pair: Pair) -> Iterator[Finding]:
    """Line ends within the text, real ones and written ones (a backslash and an n)."""
    source, target = pair.source.strip(), pair.target.strip()
    for name, wanted, given in (
        ("line ends", len(_LINE_END.findall(source)), len(_LINE_END.findall(target))),
        ("written line ends \\n", source.count("\\n"), target.count("\\n")),
    ):
        if wanted != given:
            template = "The text has {given} {name} and the source {wanted}; break the lines as it does."
            yield found(_CHECK, Severity.WARNING, template, given=given, name=name, wanted=wanted)


def _no_breaks(pair: Pair) -> Iterator[Finding]:
    """No-break spaces of the source between words, of which the target has none."""
    source, target = seen(pair.source).plain, seen(pair.target).plain
    if _KEPT.search(source) and not any(sign in target for sign in _NO_BREAK) and " " in target.strip():
        template = "The source keeps words together with a no-break space and the target none; see whether it should."
        yield found(_CHECK, Severity.NOTE, template)
