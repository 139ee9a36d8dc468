"""OData: the part of `$filter` and `$orderby` that clients of the documents use; whatever else is asked is refused in words."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from tm_service.web.clearing_house.faults import bad
from tm_service.web.clearing_house.mongo import moment

Row = Mapping[str, Any]
Condition = Callable[[Row], bool]

FIELDS = ("identifier", "type", "revision", "updatedOn")
_TOKEN = re.compile(r"\s*(datetime'[^']*'|'(?:[^']|'')*'|[A-Za-z_][\w.]*|-?\d+|[(),])")
_MOST = 2_000  # pieces of a filter
_DEEPEST = 20
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda held, wanted: held == wanted,
    "ne": lambda held, wanted: held != wanted,
    "ge": lambda held, wanted: held >= wanted,
    "gt": lambda held, wanted: held > wanted,
    "le": lambda held, wanted: held <= wanted,
    "lt": lambda held, wanted: held < wanted,
}
_HELP = f"compare {', '.join(FIELDS)} by eq, ne, ge, gt, le or lt, joined by and, or and parentheses"


@dataclass(frozen=True)
class Filter:
    """A `$filter`: what fits, and what can be told beforehand: the identifiers that alone may fit, since when they changed."""

    fits: Condition
    identifiers: frozenset[str] | None = None
    since: datetime | None = None


def compiled(written: str) -> Filter:
    """Raises Answered."""
    pieces = list(_pieces(written))
    if not pieces:
        return Filter(lambda _row: True)
    read = _Reader(pieces)
    found = read.either(0)
    if read.place < len(pieces):
        raise bad(f"The $filter is not understood at {pieces[read.place][:40]}; {_HELP}.")
    return found


def _pieces(written: str) -> Iterator[str]:
    place, count = 0, 0
    while place < len(written.rstrip()):
        match = _TOKEN.match(written, place)
        count += 1
        if match is None or count > _MOST:
            raise bad(f"The $filter is not understood; {_HELP}.")
        yield match[1]
        place = match.end()


class _Reader:
    """One pass over the pieces of a filter."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces, self.place = pieces, 0

    def either(self, depth: int) -> Filter:
        parts = [self._both(depth)]
        while self._taken("or"):
            parts.append(self._both(depth))
        if len(parts) == 1:
            return parts[0]
        named = [part.identifiers for part in parts if part.identifiers is not None]
        identifiers = frozenset[str]().union(*named) if len(named) == len(parts) else None
        return Filter(lambda row: any(part.fits(row) for part in parts), identifiers)

    def _both(self, depth: int) -> Filter:
        parts = [self._one(depth)]
        while self._taken("and"):
            parts.append(self._one(depth))
        if len(parts) == 1:
            return parts[0]
        named = [part.identifiers for part in parts if part.identifiers is not None]
        begins = [part.since for part in parts if part.since is not None]
        identifiers = named[0].intersection(*named[1:]) if named else None
        return Filter(lambda row: all(part.fits(row) for part in parts), identifiers, max(begins, default=None))

    def _one(self, depth: int) -> Filter:
        if depth > _DEEPEST:
            raise bad(f"The $filter is nested deeper than {_DEEPEST} parentheses.")
        if self._taken("("):
            found = self.either(depth + 1)
            if not self._taken(")"):
                raise bad("A parenthesis of the $filter is not closed.")
            return found
        name, operator, written = self._next(), self._next(), self._next()
        if name not in FIELDS or operator not in _COMPARE:
            raise bad(f"The $filter is not understood at {f'{name} {operator}'[:40]}; {_HELP}.")
        wanted = _literal(name, written)
        identifiers = frozenset({wanted}) if (name, operator) == ("identifier", "eq") else None
        since = wanted if name == "updatedOn" and operator in ("eq", "ge", "gt") else None
        return Filter(partial(_holds, name, _COMPARE[operator], wanted), identifiers, since)

    def _taken(self, wanted: str) -> bool:
        there = self.place < len(self.pieces) and self.pieces[self.place] == wanted
        self.place += there
        return there

    def _next(self) -> str:
        if self.place >= len(self.pieces):
            raise bad(f"The $filter ends too soon; {_HELP}.")
        self.place += 1
        return self.pieces[self.place - 1]


def _literal(name: str, written: str) -> Any:
    if name == "revision" and written.lstrip("-").isdecimal():
        return int(written)
    text = written.removeprefix("datetime")
    if name == "revision" or not text.startswith("'"):
        raise bad(f"{written[:40]} is no value for {name} in a $filter.")
    said = text[1:-1].replace("''", "'")
    if name != "updatedOn":
        return said
    at = moment(said)
    if at is None:
        raise bad(f"{said[:40]} is no moment; write one in ISO 8601.")
    return at


def _holds(name: str, compare: Callable[[Any, Any], bool], wanted: Any, row: Row) -> bool:
    held = row.get(name)
    return held is not None and compare(moment(held) if isinstance(wanted, datetime) else held, wanted)


def ordered(rows: list[dict[str, Any]], written: str) -> list[dict[str, Any]]:
    """Rows as `$orderby` asks. Raises Answered."""
    for part in reversed([part.split() for part in written.split(",") if part.strip()]):
        name, way = part[0], part[1] if len(part) > 1 else "asc"
        if name not in FIELDS or way not in ("asc", "desc"):
            raise bad(f"The $orderby is not understood at {' '.join(part)[:40]}; order by {', '.join(FIELDS)}.")
        rows = sorted(rows, key=lambda row, name=name: row[name], reverse=way == "desc")  # type: ignore[misc] # a default binds
    return rows
