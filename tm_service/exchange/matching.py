"""Matching: the units of one returned file and those of the packages they may be of, led together."""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from rapidfuzz.fuzz import ratio

from tm_service.domain.packages import Package, PackageUnit, ReturnedUnit
from tm_service.domain.text import parse
from tm_service.domain.units import key_text
from tm_service.exchange.readers.file import unit_in
from tm_service.exchange.tokens import TOKEN

_ALIKE = 60.0  # percent of a source that came back in its place with another text
_SURELY_ALIKE = 85.0  # where places do not tell
_MOST = 250_000  # pairs of texts that are compared for one gap
_OWN_NAME, _OWN_TEXT, _SAME_TEXT = 3, 2, 1  # what speaks for a package


class How(StrEnum):
    """What a unit was recognised by."""

    MANIFEST = "manifest"  # by its id, in a file that names its package
    ID = "id"  # by its id, or its resource and key, alone
    HASH = "hash"  # by its source text
    ORDER = "order"  # by where it stands, and by a source text that is nearly its own or that others have, too


@dataclass(frozen=True, slots=True)
class Sent:
    """A package that may be meant, its units by what they can be told by."""

    package: Package
    ids: Mapping[str, PackageUnit]
    places: Mapping[str, int]
    keys: Mapping[tuple[str, str], PackageUnit]
    texts: Mapping[str, Sequence[PackageUnit]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The units of one file with the words of their sources; a memory's entry speaks for all units that have its text."""

    units: Sequence[ReturnedUnit]
    words: Sequence[str]
    is_memory: bool


@dataclass(slots=True)
class Matched:
    """What of one file is one package's: by the place in the file, what was sent and how it was told."""

    units: dict[int, list[tuple[PackageUnit, How]]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, place: int, unit: PackageUnit, how: How) -> None:
        self.units.setdefault(place, []).append((unit, how))
        self.taken.add(unit.id)


def sent(package: Package) -> Sent:
    """Prepare a package for being asked for its units."""
    texts = defaultdict[str, list[PackageUnit]](list)
    for unit in package.units:
        texts[words(unit.source)].append(unit)
    return Sent(
        package,
        {unit.id: unit for unit in package.units},
        {unit.id: place for place, unit in enumerate(package.units)},
        {(unit.resource, key_text(unit.key)): unit for unit in package.units},
        texts,
    )


def asked(units: Sequence[ReturnedUnit], *, is_memory: bool) -> Asked:
    """Prepare the units of a file for being told."""
    return Asked(units, [_returned_words(unit.source) for unit in units], is_memory)


def _returned_words(neutral: str) -> str:
    """The words of a returned source alone, whatever its tool did to codes and blanks."""
    text = TOKEN.sub(lambda code: chr(int(code[2], 16)) if code[1] == "c" else "", neutral)
    return words(text)


def words(text: str) -> str:
    """The words of a text alone, its codes and all blanks left out."""
    return "".join(unicodedata.normalize("NFC", parse(text).plain).split())


def matched(file: Asked, pool: Sequence[Sent], *, is_named: bool) -> dict[str, Matched]:
    """What of a file belongs to which package, by its id: the one that most speaks for takes first, the next what is left.

    `is_named` says that the file names the packages of the pool. The pool's order decides between equals.
    """
    left = [place for place, unit in enumerate(file.units) if unit.id or file.words[place]]
    found: dict[str, Matched] = {}
    waiting = list(pool)
    while left and waiting:
        most, best = max(((_spoken_for(one, file, left), -place) for place, one in enumerate(waiting)))
        if not most and not is_named:
            break
        one = waiting.pop(-best)
        mine = _of_one(file, left, one, is_named=is_named)
        if mine.units:
            found[one.package.id] = mine
            left = [place for place in left if place not in mine.units]
    return found


def _spoken_for(one: Sent, file: Asked, left: Iterable[int]) -> int:
    score = 0
    for place in left:
        own = one.ids.get(file.units[place].id)
        if own is not None and unit_in(own.id):
            score += _OWN_NAME
        elif own is not None and words(own.source) == file.words[place]:
            score += _OWN_TEXT
        elif file.words[place] and file.words[place] in one.texts:
            score += _SAME_TEXT
    return score


def _of_one(file: Asked, left: Sequence[int], one: Sent, *, is_named: bool) -> Matched:
    """The units of a file that are one package's: by id, by resource and key, by text, by order."""
    mine = Matched()
    for place in left:
        own = one.ids.get(file.units[place].id)
        if own is not None and _is_own(file, place, own, one, is_named=is_named):
            mine.add(place, own, How.MANIFEST if is_named else How.ID)
    for place in left:
        keyed = one.keys.get((file.units[place].resource, file.units[place].key))
        is_free = place not in mine.units and keyed is not None and keyed.id not in mine.taken
        if keyed is not None and is_free and words(keyed.source) == file.words[place]:
            mine.add(place, keyed, How.ID)
    _by_text(file, [place for place in left if place not in mine.units], one, mine)
    if mine.units or is_named:
        _by_order(file, [place for place in left if place not in mine.units], one, mine)
    return mine


def _is_own(file: Asked, place: int, own: PackageUnit, one: Sent, *, is_named: bool) -> bool:
    """Whether an id tells a unit: with its text; or with a text that is nobody's, where id or file name the package."""
    said = file.words[place]
    return said == words(own.source) or ((is_named or bool(unit_in(own.id))) and said not in one.texts)


def _by_text(file: Asked, left: Sequence[int], one: Sent, mine: Matched) -> None:
    """Pair those that have the same text, in order.

    Where one came less often than it was sent, only places can tell which came; where more often, it must be the same answer.
    """
    places = defaultdict[str, list[int]](list)
    for place in left:
        if file.words[place]:
            places[file.words[place]].append(place)
    for text, those in places.items():
        free = [unit for unit in one.texts.get(text, ()) if unit.id not in mine.taken]
        if file.is_memory:
            pairs = [(place, unit) for place in those for unit in free]
        elif len(those) == len(free) or (len(those) > len(free) > 0 and _have_one_target(file, those)):
            pairs = [(place, free[min(number, len(free) - 1)]) for number, place in enumerate(those)]
        else:
            continue
        how = How.HASH if file.is_memory or len(free) == len(those) == 1 else How.ORDER
        for place, unit in pairs:
            mine.add(place, unit, how)


def _have_one_target(file: Asked, places: Iterable[int]) -> bool:
    return len({file.units[place].target for place in places}) == 1


def _by_order(file: Asked, left: Sequence[int], one: Sent, mine: Matched) -> None:
    """Pair what is left by where it stands between what is known, as far as its text is nearly that of the unit there."""
    for places, free in list(_gaps(left, one, mine)):
        if len(places) * len(free) > _MOST:
            continue
        if len(places) == len(free):
            pairs = [
                (place, unit)
                for place, unit in zip(places, free, strict=True)
                if ratio(file.words[place], words(unit.source)) >= _ALIKE
            ]
        else:
            pairs = list(_surely_alike(file, places, free))
        for place, unit in pairs:
            mine.add(place, unit, How.ORDER)


def _gaps(left: Sequence[int], one: Sent, mine: Matched) -> Iterator[tuple[list[int], list[PackageUnit]]]:
    """Runs of places that are not known, each with what left the house between the known ones beside it."""
    anchors = sorted(mine.units)
    for number, run in groupby(left, key=lambda place: bisect_left(anchors, place)):
        low = one.places[mine.units[anchors[number - 1]][0][0].id] + 1 if number else 0
        high = one.places[mine.units[anchors[number]][0][0].id] if number < len(anchors) else len(one.package.units)
        yield list(run), [unit for unit in one.package.units[low:high] if unit.id not in mine.taken]


def _surely_alike(file: Asked, places: Sequence[int], free: Sequence[PackageUnit]) -> Iterator[tuple[int, PackageUnit]]:
    """Pairs of which each is the only one nearly like the other."""
    near = {
        place: [unit for unit in free if ratio(file.words[place], words(unit.source)) >= _SURELY_ALIKE]
        for place in places
    }
    wanted = [units[0].id for units in near.values() if len(units) == 1]
    for place, units in near.items():
        if len(units) == 1 and wanted.count(units[0].id) == 1:
            yield place, units[0]
