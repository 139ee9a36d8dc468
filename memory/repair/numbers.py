"""Numbers: what they may mean as they are written, and how a new one is written where an old one stands."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import regex

_PART = regex.compile(r"\d+|\D+")
_BLANKS = " \u00a0\u2009\u202f"
_GROUPS = frozenset(_BLANKS + "'’.,٬")
_POINTS = frozenset(".,٫")
_GROUPED = 3  # digits of a group
_ARABIC_ZERO = "٠"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written: runs of western digits, the separators between them, and the zero of its digits."""

    runs: tuple[str, ...]
    separators: tuple[str, ...]
    zero: str

    @property
    def grouped(self) -> int:
        """How many of the first separators may part thousands."""
        if len(self.runs[0]) > _GROUPED or self.runs[0].startswith("0"):
            return 0
        sign = self.separators[:1]
        count = 0
        while (
            self.separators[count : count + 1] == sign
            and sign
            and sign[0] in _GROUPS
            and len(self.runs[count + 1]) == _GROUPED
        ):
            count += 1
        return count

    @property
    def readings(self) -> frozenset[str]:
        """Every value it may have, decimals and parts after a point: "1,000" is 1000 or 1.000."""
        count = self.grouped
        if not count or not (count == len(self.separators) or self._is_fraction(count)):
            return frozenset({self.joined(0)})
        if count == 1 and len(self.separators) == 1 and self.separators[0] in _POINTS:
            return frozenset({self.joined(0), self.joined(1)})
        return frozenset({self.joined(count)})

    def _is_fraction(self, count: int) -> bool:
        return (
            len(self.separators) == count + 1
            and self.separators[count] in _POINTS
            and self.separators[count] != self.separators[0]
        )

    def joined(self, count: int) -> str:
        """The value where so many separators part thousands."""
        rest = zip(self.separators[count:], self.runs[count + 1 :], strict=True)
        return "".join(self.runs[: count + 1]) + "".join(f"{_plain(sign)}{run}" for sign, run in rest)

    def value(self, decimal: str) -> str:
        """The one value in a text whose language writes its decimals so."""
        known = self.readings
        if len(known) == 1:
            return next(iter(known))
        is_decimal = len(self.separators) == 1 and self.separators[0] in (decimal, "٫")
        return self.joined(0 if is_decimal else self.grouped)


def figure(written: str) -> Figure | None:
    """Read a number; None where its digits are of two scripts."""
    parts = _PART.findall(written)
    zeros = {chr(ord(sign) - unicodedata.decimal(sign)) for part in parts[::2] for sign in part}
    if len(zeros) != 1:
        return None
    runs = tuple("".join(str(unicodedata.decimal(sign)) for sign in part) for part in parts[::2])
    return Figure(runs, tuple(parts[1::2]), zeros.pop())


@dataclass(frozen=True, slots=True)
class Style:
    """How a text writes what one number of it does not show: the sign between thousands and the decimal sign."""

    group: str
    decimal: str


def style(figures: Iterable[Figure], group: str, decimal: str) -> Style:
    """The style of a text's numbers, by those that can only be read one way; by the locale's where none says."""
    for known in figures:
        if known.grouped and (known.grouped > 1 or known.separators[0] not in _POINTS):
            group = known.separators[0]
        elif len(known.separators) == 1 and known.separators[0] in _POINTS and not known.grouped:
            decimal = known.separators[0]
    return Style(group, decimal)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A changed number as the sources write it, before and now, with the values."""

    before: Figure
    now: Figure
    old: str
    new: str


def rewritten(given: Figure, renewal: Renewal, usual: Style, *, measured: bool) -> str | None:
    """The new number in the manner of the one that stands there; None where that does not say how to write it.

    `measured` says that a unit or percent sign follows, so that a fraction is a fraction and no number of a section.
    """
    head, rest = _split(renewal.new)
    _, old_rest = _split(renewal.old)
    count = given.grouped if given.joined(given.grouped) == renewal.old else 0
    own = given.separators[count:]
    if [sign for sign, _ in rest] == [sign for sign, _ in old_rest]:
        signs = own
    elif not rest and [sign for sign, _ in old_rest] == ["."]:
        signs = ()
    elif [sign for sign, _ in rest] == ["."] and not old_rest and measured:
        signs = (usual.decimal if usual.decimal not in given.separators[:1] else "." if usual.decimal == "," else ",",)
    else:
        return None
    sign = _group_sign(given, renewal, usual, count, len(head))
    whole = _grouped(head, sign) if not head.startswith("0") else head
    western = whole + "".join(f"{mark}{run}" for mark, (_, run) in zip(signs, rest, strict=True))
    return "".join(chr(ord(given.zero) + int(digit)) if digit.isdecimal() else digit for digit in western)


def _group_sign(given: Figure, renewal: Renewal, usual: Style, count: int, digits: int) -> str:
    """What parts the thousands: as in the number that stands there, else as the source and the text would have it."""
    was, is_now = renewal.before.grouped > 0, renewal.now.grouped > 0
    if count:
        return given.separators[0] if is_now or not was else ""
    if not is_now or (was and digits <= len(given.runs[0]) == _GROUPED + 1):
        return ""
    return "٬" if given.zero == _ARABIC_ZERO and usual.group in _POINTS else usual.group


def _grouped(digits: str, sign: str) -> str:
    if not sign:
        return digits
    first = len(digits) % _GROUPED or _GROUPED
    return sign.join(
        [digits[:first], *(digits[place : place + _GROUPED] for place in range(first, len(digits), _GROUPED))]
    )


def _split(value: str) -> tuple[str, list[tuple[str, str]]]:
    parts = _PART.findall(value)
    return parts[0], list(zip(parts[1::2], parts[2::2], strict=True))


def _plain(sign: str) -> str:
    return "." if sign in _POINTS else sign
