"""Numbers: values of what is written in digits, words or Roman figures, and of dates; the same value is no difference."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

_PLAIN = re.compile(r"\d{1,40}(?:[.,]\d{1,40})?")
_DATE = re.compile(r"(\d+)([-/.])(\d+)\2(\d+)")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_FIGURES = {"I": 1, "V": 5, "X": 10}
_MONTHS = 12
_DAYS = 31
_YEAR = 1000  # a number from here on may be a year
_TEEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_SCORES = (60, 80)


class Style(NamedTuple):
    """How a language says numbers."""

    decimal: bool = False  # Chinese: two ten five is 25, and digits in a row are read one by one
    one: bool = False  # the article may be a part of a number: "treinta y un"
    article: int = 100  # a number word that an article may stand before: "a hundred"
    scale: int = 1000  # a number word that may follow figures: "30 thousand"
    units_first: bool = False  # Arabic: five and twenty
    scores: bool = False  # French: sixty ten, eighty ten


def value(digits: str) -> str:
    """The value of a number in digits: "007" is "7", "1,5" and "1.50" are "1.5"; what is no plain number stays as written."""
    if digits.isascii() and digits.isdigit():
        return digits.lstrip("0") or "0"
    if not _PLAIN.fullmatch(digits):
        return digits
    whole, _, part = digits.replace(",", ".").partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    return f"{whole}.{part}" if part else whole


def times(digits: str, multiplier: int) -> str:
    """The value of "1.5 million"."""
    known = value(digits)
    if not _PLAIN.fullmatch(known):
        return known
    return value(format(Decimal(known) * multiplier, "f"))


def roman(written: str) -> str:
    """The value of a Roman figure up to XXXIX in capitals; empty for what is none."""
    if not written or not _ROMAN.fullmatch(written):
        return ""
    figures = [_FIGURES[sign] for sign in written]
    after = [*figures[1:], 0]
    return str(sum(-one if one < following else one for one, following in zip(figures, after, strict=True)))


def spoken(style: Style, said: Sequence[tuple[int, bool]]) -> tuple[str, int]:
    """The value of the number that a row of number words begins with, and how many of them it takes.

    `said` are the words' values, each with whether an "and" stands before it; it is not empty.
    """
    row = next((place for place, (number, _) in enumerate(said) if number >= _TEEN), len(said)) if style.decimal else 0
    if row > 1 and row == len(said):
        return "".join(str(number) for number, _ in said), row
    total, below, least, taken = 0, 0, 0, 0  # multiples of a thousand, the rest, the last multiplier
    for number, joined in said:
        if taken and not _continues(style, total, below, least, number, joined=joined):
            break
        if style.decimal and number > _THOUSAND:
            total, below, least = max(total + below, 1) * number, 0, number
        elif number >= _THOUSAND:
            total, below, least = total + max(below, 1) * number, 0, number
        elif number == _HUNDRED or (style.decimal and number == _TEEN):
            unit = below % _TEEN
            below += max(unit, 1) * number - unit if style.decimal else max(below, 1) * number - below
        else:
            below += number
        taken += 1
    return str(total + below), taken


def _continues_decimally(total: int, below: int, number: int) -> bool:
    units = below % _TEEN
    if number > _THOUSAND:
        return total < number
    if number == _THOUSAND:
        return below > 0
    return units > 0 and (below - units) % (number * _TEEN) == 0 if number >= _TEEN else units == 0


def _continues(style: Style, total: int, below: int, least: int, number: int, *, joined: bool) -> bool:
    """Whether a number word goes on with the number said so far: "twenty" with "five", "five" not with "six"."""
    units, two = below % _TEEN, below % _HUNDRED
    if style.decimal:
        return _continues_decimally(total, below, number)
    if number >= _THOUSAND:
        return not joined and below > 0 and (not least or number < least)
    if number >= _HUNDRED:
        return (0 < below < 2 * _TEEN and number == _HUNDRED) or (below == 0 and total > 0)
    if style.units_first and 0 < two < _TEEN and number >= _TEEN:
        return joined or number == _TEEN
    if style.scores and two in _SCORES and _TEEN <= number < 2 * _TEEN:
        return True
    return two == 0 if number >= _TEEN else units == 0 and two != _TEEN and number > 0


def numeric_date(written: str, *, month_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day of a date in figures; None where it cannot be told which is which.

    With points the day comes first everywhere; with strokes or dashes either may where the language is English.
    """
    found = _DATE.fullmatch(written)
    if found is None:
        return None
    a, b, c = int(found[1]), int(found[3]), int(found[4])
    if a >= _YEAR:
        return _checked(a, b, c)
    if c < _YEAR:
        return None
    if month_first and found[2] != "." and a != b:
        if a <= _MONTHS and b <= _MONTHS:
            return None
        return _checked(c, a, b) or _checked(c, b, a)
    return _checked(c, b, a)


def _checked(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    return (year, month, day) if 1 <= month <= _MONTHS and 1 <= day <= _DAYS else None


def is_day(number: str) -> bool:
    return number.isdigit() and 1 <= int(number[:4]) <= _DAYS


def is_year(number: str) -> bool:
    return number.isdigit() and len(number) == len(str(_YEAR))


def is_recent(number: str) -> bool:
    """Whether a number is a year wherever it stands, so that the word "year" beside it adds nothing."""
    return number.isdigit() and len(number) == len(str(_YEAR)) and number[:2] in ("19", "20")


def date_key(year: str, month: str, day: str) -> str:
    """One name for a date, its missing parts left open."""
    return f"{year or '?'}-{month or '?'}-{day or '?'}"
