"""Items: what a text says, one by one; day, month and year that stand together are one date."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from memory.guard.lexicon import Kind
from memory.guard.numbers import date_key, is_day, is_recent, is_year
from tm_service.domain.matches import Danger

_MONTHS = 12
_OF = frozenset(["", "of", "de", "del", "d", "du", "the", "في", "من"])  # what may stand within a date
_PARTS = (("年", is_year), ("月", is_day), ("日", is_day))  # of a date in Chinese


class Item(NamedTuple):
    """One thing a text says. Items of one key mean the same; `marker` is the preposition before it, `joined` an "and" or "or".

    `group` are the opposites it is one of. `clause` and `sentence` count from 0; `named` is a word in capitals where others are
    not, `bound` a unit beside its number, `been` a word after a form of "be".
    """

    kind: Kind
    key: str
    written: str
    danger: Danger
    group: str = ""
    marker: str = ""
    joined: str = ""
    clause: int = 0
    sentence: int = 0
    named: bool = False
    bound: bool = False
    been: bool = False

    @property
    def acts(self) -> bool:
        """Whether this is somebody, or something with a name."""
        return self.named or self.kind is Kind.PARTY


def dated(items: Sequence[Item]) -> list[Item]:
    """Items with every date as one of them, in whatever order its parts stand: "March 3, 2025" is "3 March 2025"."""
    done: list[Item] = []
    place = 0
    while place < len(items):
        item = items[place]
        if item.kind is Kind.DATE and item.key.isdigit():
            place = _of_month(items, place, done)
        elif (taken := _of_signs(items, place, done)) > 0:
            place += taken
        else:
            if not (item.kind is Kind.UNIT and item.key in ("year", "gram") and _by_year(items, place)):
                done.append(item)
            place += 1
    return done


def _of_month(items: Sequence[Item], place: int, done: list[Item]) -> int:
    """Put the date around the name of a month, taking back a day before it; returns the place after it."""
    month, day, year, written = items[place], "", "", [items[place].written]
    place += 1
    while place < len(items) and items[place].kind is Kind.DATE and items[place].key == month.key:
        place += 1  # the month by its two names, as in Arabic
    first = month
    if done and done[-1].kind is Kind.NUMBER and _together(done[-1], month) and is_day(done[-1].key):
        first = done.pop()
        day = first.key
        written.insert(0, first.written)
    while place < len(items) and items[place].kind is Kind.NUMBER and _together(month, items[place]) and not year:
        number = items[place]
        if not day and is_day(number.key) and not (place + 1 < len(items) and items[place + 1].bound):
            day = number.key
        elif is_year(number.key):
            year = number.key
        else:
            break
        written.append(number.written)
        place += 1
    key = date_key(year, month.key, day)
    done.append(month._replace(key=key, written=" ".join(written), marker=first.marker, joined=first.joined))
    return place


def _together(one: Item, other: Item) -> bool:
    return one.sentence == other.sentence and other.clause - one.clause <= 1 and other.marker in _OF


def _of_signs(items: Sequence[Item], place: int, done: list[Item]) -> int:
    """A date in Chinese, number and sign by turns; returns how many items it takes."""
    if items[place].kind is not Kind.NUMBER:
        return 0
    found, end = {"年": "", "月": "", "日": ""}, place
    for sign, fits in _PARTS:
        if (
            end + 1 < len(items)
            and items[end].kind is Kind.NUMBER
            and items[end + 1].written == sign
            and fits(items[end].key)
        ):
            found[sign] = items[end].key
            end += 2
    if not found["月"] or int(found["月"]) > _MONTHS:
        return 0
    written = "".join(item.written for item in items[place:end])
    key = date_key(found["年"], found["月"], found["日"])
    done.append(items[place]._replace(kind=Kind.DATE, danger=Danger.DATE, key=key, written=written))
    return end - place


def _by_year(items: Sequence[Item], place: int) -> bool:
    """Whether a "year" only announces the number of one: "in the year 2025", "3 марта 2025 г."."""
    beside: Iterator[Item] = (items[near] for near in (place - 1, place + 1) if 0 <= near < len(items))
    unit = items[place]
    return any(
        near.sentence == unit.sentence
        and (near.kind is Kind.DATE or (near.kind is Kind.NUMBER and is_recent(near.key)))
        and (unit.key == "year" or unit.written == "г")
        for near in beside
    )
