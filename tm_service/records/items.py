"""Items: how the items of a list are told apart, and the values at a path through objects and lists."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rapidfuzz.distance import Indel

from tm_service.domain.records import Json
from tm_service.domain.units import Key

_MOST = 25_000_000  # pairs of items that are compared: 3 MB and a tenth of a second


class Absent:
    """Nothing stands there; JSON's null is something."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


def written(value: Json) -> str:
    """A value as one text that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def identity(item: Json) -> str:
    """What an object in a list is known by: its identifier without the revision it is pinned to, or its address; or nothing."""
    if not isinstance(item, dict):
        return ""
    for name in ("identifier", "_id", "url"):
        value = item.get(name)
        if isinstance(value, str) and value:
            return value.rpartition("@")[0] or value if name == "identifier" else value
    return ""


def identities(*lists: Sequence[Json]) -> list[list[str]] | None:
    """The identities of the items of each list, where every item has one and no list has one twice."""
    found = [[identity(item) for item in items] for items in lists]
    return found if all(all(names) and len(set(names)) == len(names) for names in found) else None


@dataclass(frozen=True, slots=True)
class Block:
    """Items `begin` to `end` of the older list that became items `first` to `last` of the newer one, or stayed the same."""

    stayed: bool
    begin: int
    end: int
    first: int
    last: int


def blocks(old: Sequence[Json], new: Sequence[Json]) -> Iterator[Block]:
    """The longest common subsequence of two lists, and the blocks between; lists too long for it are one block."""
    if len(old) * len(new) > _MOST:
        yield Block(stayed=False, begin=0, end=len(old), first=0, last=len(new))
        return
    steps = Indel.opcodes([*map(written, old)], [*map(written, new)])
    for stayed, run in groupby(steps, lambda step: step.tag == "equal"):
        first, *rest = run
        last = rest[-1] if rest else first
        yield Block(stayed, first.src_start, last.src_end, first.dest_start, last.dest_end)


def value_at(held: Json, path: Key) -> Json:
    """What stands at a path, or ABSENT; items of lists are named by identity or else by number."""
    for name in path:
        if isinstance(held, dict):
            held = held.get(name, ABSENT)
        elif isinstance(held, list):
            at = _position(held, name)
            held = ABSENT if at is None else held[at]
        else:
            return ABSENT
    return held


def with_value(held: Json, path: Key, value: Json) -> Any:
    """The same with another value at a path, or with nothing there for ABSENT; objects on the way are made.

    Raises LookupError where the path leads through an item of a list that is not there, or through a text.
    """
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(held, list):
        at = _position(held, name)
        if at is None:
            if value is ABSENT:
                return held
            raise LookupError(name)
        put = with_value(held[at], rest, value)
        return [*held[:at], *([] if put is ABSENT else [put]), *held[at + 1 :]]
    if held is ABSENT or held is None:
        return held if value is ABSENT else {name: with_value(ABSENT, rest, value)}
    if not isinstance(held, dict):
        raise LookupError(name)  # noqa: TRY004 - the document is of that shape; the path is not in it
    if value is ABSENT and name not in held:
        return held
    put = with_value(held.get(name, ABSENT), rest, value)
    return {key: one for key, one in held.items() if key != name} if put is ABSENT else {**held, name: put}


def _position(items: list[Any], name: str) -> int | None:
    named = [at for at, item in enumerate(items) if identity(item) == name]
    if named:
        return named[0] if len(named) == 1 else None
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 9 and int(name) < len(items) else None  # noqa: PLR2004 - digits of a number that fits
