"""Merging: two people's changes to one document brought together, field by field and language by language.

Three-way as in version control (base, theirs, mine), over JSON instead of lines: objects by name, lists by the identity of
their items. What only one side changed is taken; what both changed differently is a collision, where theirs stays and mine
is handed back. On disjoint changes it does not matter who came first.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from tm_service.domain.records import Json
from tm_service.domain.units import Key
from tm_service.records.content import same
from tm_service.records.items import ABSENT, blocks, identities, written


@dataclass(frozen=True, slots=True)
class Collision:
    """A place both sides changed, with its three values; ABSENT where there is none."""

    place: Key
    base: Json
    theirs: Json
    mine: Json


@dataclass(frozen=True)
class Merged:
    document: dict[str, Any]
    collisions: tuple[Collision, ...]


@dataclass(frozen=True, slots=True)
class _Merger:
    collisions: list[Collision] = field(default_factory=list)

    def value(self, base: Any, theirs: Any, mine: Any, place: Key) -> Any:
        if same(theirs, mine) or same(base, mine):
            return theirs
        if same(base, theirs):
            return mine
        if isinstance(theirs, dict) and isinstance(mine, dict):
            return self.fields(base if isinstance(base, dict) else {}, theirs, mine, place)
        if isinstance(theirs, list) and isinstance(mine, list):
            return self.items(base if isinstance(base, list) else [], theirs, mine, place)
        return self.collide(base, theirs, mine, place)

    def collide(self, base: Any, theirs: Any, mine: Any, place: Key) -> Any:
        self.collisions.append(Collision(place, base, theirs, mine))
        return theirs

    def fields(self, base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any], place: Key) -> dict[str, Any]:
        merged = {}
        for name in (*theirs, *(name for name in mine if name not in theirs)):
            value = self.value(base.get(name, ABSENT), theirs.get(name, ABSENT), mine.get(name, ABSENT), (*place, name))
            if value is not ABSENT:
                merged[name] = value
        return merged

    def items(self, base: list[Any], theirs: list[Any], mine: list[Any], place: Key) -> list[Any]:
        named = identities(base, theirs, mine)
        if named is not None:
            return self.named((base, theirs, mine), named, place)
        return self.unnamed(base, theirs, mine, place)

    def named(self, lists: tuple[list[Any], list[Any], list[Any]], names: list[list[str]], place: Key) -> list[Any]:
        """Items that are known by name: each is merged for itself, then they are put in order."""
        order = _order(*names)
        if order is None:
            collided: list[Any] = self.collide(*lists, place)
            return collided
        was, has, wants = (dict(zip(known, items, strict=True)) for known, items in zip(names, lists, strict=True))
        merged = (
            self.value(was.get(name, ABSENT), has.get(name, ABSENT), wants.get(name, ABSENT), (*place, name))
            for name in order
        )
        return [item for item in merged if item is not ABSENT]

    def unnamed(self, base: list[Any], theirs: list[Any], mine: list[Any], place: Key) -> list[Any]:
        """Items without names: each is known by the one it was; where that is in doubt on both sides, the list collides."""
        others, own = _aligned(base, theirs), _aligned(base, mine)
        within = _Merger()
        names = [[str(at) for at in range(len(base))], others.names, own.names]
        merged = within.named((base, theirs, mine), names, ())
        is_torn = any(_is_torn(one) for one in within.collisions)
        if is_torn or others.replaced & own.gone or others.gone & own.replaced:
            collided: list[Any] = self.collide(base, theirs, mine, place)
            return collided
        left = [name for name in _order(*names) or () if name not in _went(names)]
        for one in within.collisions:
            self.collisions.append(replace(one, place=(*place, str(left.index(one.place[0])), *one.place[1:])))
        return merged


@dataclass(frozen=True, slots=True)
class _Aligned:
    """The items of a side by the number of the one of the base that each was, new ones by what they are.

    `gone` are the base's that this side has no more; `replaced` those of them that made way for others.
    """

    names: list[str]
    gone: frozenset[int]
    replaced: frozenset[int]


def merge(base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]) -> Merged:
    """What both made of `base`. Nothing is lost: what is not in the document is in a collision."""
    merger = _Merger()
    merged: dict[str, Any] = merger.value(base, theirs, mine, ())
    return Merged(merged, tuple(merger.collisions))


def _aligned(base: list[Any], side: list[Any]) -> _Aligned:
    names: list[str] = []
    gone: set[int] = set()
    replaced: set[int] = set()
    seen: Counter[str] = Counter()
    for block in blocks(base, side):
        was = range(block.begin, block.end)
        if len(was) == block.last - block.first:
            names += map(str, was)
            continue
        gone.update(was)
        replaced.update(was if block.first < block.last else ())
        for text in map(written, side[block.first : block.last]):
            seen[text] += 1
            names.append(f"+{seen[text]}{text}")
    return _Aligned(names, frozenset(gone), frozenset(replaced))


def _is_torn(one: Collision) -> bool:
    """Whether the items' order collides, or one of them that a side took out."""
    return not one.place or (len(one.place) == 1 and (one.theirs is ABSENT or one.mine is ABSENT))


def _went(names: list[list[str]]) -> set[str]:
    """The names of the base that either side has no more."""
    base, theirs, mine = map(set, names)
    return base - (theirs & mine)


def _order(base: list[str], theirs: list[str], mine: list[str]) -> list[str] | None:
    """All names of both sides: in the order of the side that moved some, with the other's own put behind what they follow.

    None where both moved the same items to different places.
    """
    both = set(theirs) & set(mine)
    others, own = [name for name in theirs if name in both], [name for name in mine if name in both]
    if others == own or own == [name for name in base if name in both]:
        lead = others
    elif others == [name for name in base if name in both]:
        lead = own
    else:
        return None
    more = [_following(side, both) for side in (theirs, mine)]
    order: list[str] = []
    for name in ("", *lead):
        order += [name] if name else []
        for group in sorted(side.get(name, []) for side in more):
            order += group
    return order


def _following(names: list[str], both: set[str]) -> dict[str, list[str]]:
    """The names only this side has, under the last common one before them; under nothing where they come first."""
    groups: dict[str, list[str]] = {}
    anchor = ""
    for name in names:
        if name in both:
            anchor = name
        else:
            groups.setdefault(anchor, []).append(name)
    return groups
