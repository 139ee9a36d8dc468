"""Figures: carry changed numbers and dates into a translation in which each stands as often as in its source."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

import regex

from memory.repair.bending import is_clock, is_name, may_bend, says, seen
from memory.repair.edits import Carried, Splice
from memory.repair.numbers import Figure, Renewal, figure, rewritten, style
from memory.repair.pieces import Kind, Piece
from memory.repair.rules import rules

Pairs = Sequence[tuple[Piece, Piece]]
_MEASURED = regex.compile(r"\s*[%‰°]")
_YEAR = 4  # digits


def carry_numbers(pairs: Pairs, given: Sequence[Piece], language: str, locale: str) -> Carried | None:
    """New numbers for old ones, each written as its place in the translation is; None where that is not proven."""
    changed = [(old, new) for old, new in pairs if old.kind is Kind.NUMBER]
    if all(old.text == new.text for old, new in changed):
        return Carried()
    source, target = rules(language), rules(locale)
    if source is None or target is None or any(old.kind is Kind.BAR for old, _ in pairs):
        return None
    renewals = _renewals(changed, source.decimal)
    if renewals is None or any(is_clock(seen([new for _, new in pairs[at + 1 :]]), source) for at in _moved(pairs)):
        return None
    places = _places(given, renewals)
    if places is None or Counter(value for _, _, value in places) != Counter(_values(changed, source.decimal)):
        return None
    moved = {value: renewal for value, renewal in renewals.items() if renewal.new != value}
    spoken = {value for value in moved if says(seen([old for old, _ in pairs]), value, source)}
    usual = style([shown for _, shown, _ in places], target.group, target.decimal)
    splices = []
    for at, shown, value in places:
        if value not in moved:
            continue
        before, after = seen(given[:at]), seen(given[at + 1 :])
        said_twice = value not in spoken and says(before + after, value, target) and not is_name(before, target)
        written = rewritten(shown, moved[value], usual, measured=_MEASURED.match(after) is not None)
        if said_twice or written is None or may_bend(before, after, value, moved[value].new, target):
            return None
        splices.append(Splice(given[at].start, given[at].end, written))
    renewed = [(old, new) for old, new in changed if _values([(old, old)], source.decimal)[0] in moved]
    return Carried(tuple(splices), _said("numbers replaced", renewed) if renewed else ())


def _moved(pairs: Pairs) -> Iterable[int]:
    return (at for at, (old, new) in enumerate(pairs) if old.kind is Kind.NUMBER and old.text != new.text)


def _said(what: str, changed: Pairs) -> tuple[str, ...]:
    """One sentence for all that changed, each change once."""
    each = dict.fromkeys(f"{old.text} → {new.text}" for old, new in changed if old.text != new.text)
    return (f"{what}: {', '.join(each)}",)


def _values(changed: Pairs, decimal: str) -> list[str]:
    shown = (figure(old.text) for old, _ in changed)
    return [known.value(decimal) for known in shown if known is not None]


def _renewals(changed: Pairs, decimal: str) -> dict[str, Renewal] | None:
    """What becomes of each value; None where one value becomes two or a number cannot be read."""
    renewals: dict[str, Renewal] = {}
    for old, new in changed:
        before, now = figure(old.text), figure(new.text)
        if before is None or now is None:
            return None
        renewal = Renewal(before, now, before.value(decimal), now.value(decimal))
        if renewals.setdefault(renewal.old, renewal).new != renewal.new:
            return None
    return renewals


def _places(given: Sequence[Piece], renewals: Mapping[str, Renewal]) -> list[tuple[int, Figure, str]] | None:
    """Each number of the translation with the value it can only have; None where one may have several or none."""
    places = []
    for at, piece in enumerate(given):
        if piece.kind is Kind.NUMBER:
            shown = figure(piece.text)
            values = [value for value in renewals if shown is not None and value in shown.readings]
            if shown is None or len(values) != 1:
                return None
            places.append((at, shown, values[0]))
    return places


def same_numbers(pieces: Sequence[Piece], given: Sequence[Piece], language: str) -> bool:
    """Whether the numbers of a translation are those of its source, each as often."""
    source = rules(language)
    shown = [figure(piece.text) for piece in pieces if piece.kind is Kind.NUMBER]
    wanted = [known.value(source.decimal if source else ".") for known in shown if known is not None]
    for piece in given:
        if piece.kind is Kind.NUMBER:
            known = figure(piece.text)
            match = next((value for value in wanted if known is not None and value in known.readings), None)
            if match is None:
                return False
            wanted.remove(match)
    return not wanted


def carry_dates(pairs: Pairs, given: Sequence[Piece]) -> Carried | None:
    """New dates for old ones, digit for digit, in the order the translation has; None where that order is not proven."""
    changed = [(old, new) for old, new in pairs if old.kind is Kind.DATE]
    if all(old.text == new.text for old, new in changed):
        return Carried()
    known = {old.text: new.text for old, new in changed}
    places = [piece for piece in given if piece.kind is Kind.DATE]
    if any(known[old.text] != new.text for old, new in changed) or len(places) != len(changed):
        return None
    splices, met = [], Counter(old.text for old, _ in changed)
    for place in places:
        ways = {(old, written) for old, new in known.items() for written in _ways(old, new, place.text)}
        if len(ways) != 1:
            return None
        old, written = ways.pop()
        met[old] -= 1
        splices.append(Splice(place.start, place.end, written))
    return None if any(met.values()) else Carried(tuple(splices), _said("dates replaced", changed))


def _ways(old: str, new: str, place: str) -> set[str]:
    """Every way the new date may be written where the old one stands so."""
    before, now, shown = figure(old), figure(new), figure(place)
    if before is None or now is None or shown is None:
        return set()
    year_first = len(before.runs[0]) == len(shown.runs[0]) == _YEAR
    orders = [(0, 1, 2)] if year_first else permutations(range(len(shown.runs)))
    return {
        _dated(shown, [now.runs[part] for part in order])
        for order in orders
        if [int(run) for run in shown.runs] == [int(before.runs[part]) for part in order]
        and [len(run) == _YEAR for run in shown.runs] == [len(now.runs[part]) == _YEAR for part in order]
    }


def _dated(shown: Figure, runs: Sequence[str]) -> str:
    """Parts of a date as a place has them: its separators, its digits, zeros before them where it has them."""
    widths = [len(run) for run in shown.runs]
    western = "".join(
        f"{str(int(run)).zfill(width)}{sign}"
        for run, width, sign in zip(runs, widths, (*shown.separators, ""), strict=True)
    )
    return "".join(chr(ord(shown.zero) + int(sign)) if sign.isdecimal() else sign for sign in western)
