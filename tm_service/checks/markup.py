"""Markup: the target has the source's tags, whole and rightly nested."""

import re
from collections.abc import Iterator

from tm_service.checks.codes import differences, has_forms, normal, short
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, parse

_TAGS = (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE)
_NAME = re.compile(r"</?([A-Za-z][\w:-]*)")


def markup(pair: Pair) -> Iterator[Finding]:
    """Tags missing or added, nesting broken, order changed; entities missing or added."""
    missing, added = differences(pair, *_TAGS)
    for tag in _without_ends(missing):
        yield Finding("markup", Severity.ERROR, f"The tag {short(tag)} is missing; put it back.")
    for tag in _without_ends(added):
        yield Finding("markup", Severity.ERROR, f"The tag {short(tag)} is more than the source has; take it out.")
    if not missing and not added:
        yield from _structure(pair)
    yield from _entities(pair)


def _without_ends(tags: list[str]) -> list[str]:
    """Leave out a closing tag where its opening one is there: a lost pair is one finding."""
    begun = {_name(tag) for tag in tags if not tag.startswith("</")}
    return [tag for tag in tags if not tag.startswith("</") or _name(tag) not in begun]


def _name(tag: str) -> str:
    match = _NAME.match(tag)
    return match[1].lower() if match else ""


def _structure(pair: Pair) -> Iterator[Finding]:
    """Nesting and order, once the tags are all there."""
    source, target = parse(pair.source), parse(pair.target)
    singles = set(map(normal, source.data(CodeKind.ALONE)))
    broken = [tag for tag in target.data(CodeKind.ALONE) if normal(tag) not in singles]
    if broken:
        message = f"The tag {short(broken[0])} has lost its partner or crosses another; nest the tags as in the source."
        yield Finding("markup", Severity.ERROR, message)
    elif not has_forms(source) and _order(pair.source) != _order(pair.target):
        yield Finding("markup", Severity.NOTE, "The tags stand in another order than in the source.")


def _order(value: str) -> list[str]:
    return [normal(tag) for tag in parse(value).data(*_TAGS)]


def _entities(pair: Pair) -> Iterator[Finding]:
    missing, added = differences(pair, CodeKind.ENTITY)
    for entity in missing:
        yield Finding(
            "markup", Severity.WARNING, f"The character {short(entity)} is missing; see whether it should be."
        )
    for entity in added:
        yield Finding("markup", Severity.WARNING, f"The character {short(entity)} is more than the source has.")
