"""Limits: how large and how deep a document may be, looked at before anything in it is believed."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.records import Content, Json
from tm_service.domain.units import Key, key_text
from tm_service.records.values import unkept

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may weigh.

    Characters of one `text` and in `total`; `items` of one list or object and `values` in all; `depth` in levels; a `number`
    beyond which readers of JSON no longer agree; the length of a `name`.
    """

    text: int = 500_000
    total: int = 8_000_000
    items: int = 5_000
    values: int = 100_000
    depth: int = 40
    number: int = 2**53
    name: int = 200


LIMITS = Limits()


def excesses(document: Content, limits: Limits = LIMITS) -> Iterator[Finding]:
    """Everything that goes too far, and every character and number that cannot be kept.

    Nothing within what is too deep or has too many entries is looked at, and nothing after one value too many.
    """
    waiting: list[tuple[Key, Json, int]] = [((), document, 1)]
    values = total = 0
    while waiting:
        path, value, depth = waiting.pop()
        values += 1
        if values > limits.values:
            yield _error((), "The document has more than {limit} values; split it.", limit=limits.values)
            return
        if isinstance(value, Mapping | list):
            excess = tuple(_of_container(path, value, depth, limits))
            yield from excess
            waiting += [] if excess else _inner(path, value, depth + 1)
        else:
            total += len(value) if isinstance(value, str) else 0
            yield from _of_plain(path, value, limits)
    if total > limits.total:
        said = "The texts of the document have more than {limit} characters together; shorten them."
        yield _error((), said, limit=limits.total)


def _inner(path: Key, value: Mapping[str, Json] | list[Json], depth: int) -> list[tuple[Key, Json, int]]:
    """In reverse, so that they are taken in order."""
    named = list(value.items() if isinstance(value, Mapping) else enumerate(value))
    return [((*path, str(name)), one, depth) for name, one in reversed(named)]


def _of_container(path: Key, value: Mapping[str, Json] | list[Json], depth: int, limits: Limits) -> Iterator[Finding]:
    if depth > limits.depth:
        yield _error(path, "{field} is nested deeper than {limit} levels; flatten it.", limit=limits.depth)
    elif len(value) > limits.items:
        yield _error(path, "{field} has more than {limit} entries; shorten it.", limit=limits.items)
    elif isinstance(value, Mapping):
        for name in value:
            if len(name) > limits.name or unkept(name):
                said = "{field} has a name that cannot be kept, “{value}”; write a shorter one in plain letters."
                yield _error(path, said, value="".join(one if one.isprintable() else "?" for one in name[:_SHOWN]))


def _of_plain(path: Key, value: Json, limits: Limits) -> Iterator[Finding]:
    if isinstance(value, str):
        if len(value) > limits.text:
            said = "{field} has {count} characters, and {limit} are the most; shorten it."
            yield _error(path, said, count=len(value), limit=limits.text)
        if unkept(value):
            said = "{field} has the character {character}, which cannot be kept; take it out."
            yield _error(path, said, character=f"U+{ord(unkept(value)):04X}")
    elif isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > limits.number:
            yield _error(path, "{field} is a number that cannot be kept; write a smaller one.")
    elif value is not None:
        yield _error(path, "{field} is of a kind that JSON does not have; write it as a text.")


def _error(path: Key, template: str, **values: Any) -> Finding:
    field: dict[str, Any] = {"field": key_text(path) or "document"} if "{field}" in template else {}
    return replace(found("record", Severity.ERROR, template, **field, **values), path=key_text(path))
