"""Figures: the numbers of a text in whatever digits and separators, with all they may mean, and the numbers said in words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from babel import Locale

from tm_service.checks.seen import table

BLANKS = " \u00a0\u2007\u2009\u202f"
NO_BREAK = "\u00a0"
_POINTS = ".,٫"
_GROUP = 3  # digits between two separators of thousands
_MINUTES = 2  # digits
_NOON = 12
_LONGEST_RUN = 6  # number words that are one number: three hundred and sixty-five thousand
_CACHE = 1 << 8

_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_ADDRESS = re.compile(
    r"""(?:https?|ftp)://[^\s<>"']+|www\.[^\s<>"']+|[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+|=\d+(?=\s{0,9}\{)|offset:\d+"""
)
_NUMBER = re.compile(rf"\d+(?:[.,٫٬'’]\d+|[{BLANKS}]\d{{3}}(?!\d))*")
_PART = re.compile(r"\d+|\D")
_HALF_OF_DAY = re.compile(r"(?::\d\d)?\s?([ap])\.?\s?m\b", re.IGNORECASE)
_DECADE = re.compile(r"(?:1[89]|20)\d0(?:s|'s|’s)\b")
_HAN_DECADE = re.compile(r"(\d{1,2})世纪(\d0)年代")
_WORD = re.compile(r"[^\W\d_]+")
_AFTER_WORD = re.compile(r"\s{0,2}[^\W\d_]+")
_HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_HAN_SCALE = re.compile(r"\s?([百千]?[万亿])")
_ROMAN = re.compile(r"(?<!\w)([IVXLC]{1,7})(?:er|e|ème|º|ª)?(?!\w)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ARABIC_MARKS = re.compile("[\u064b-\u0652\u0640]")
_ARABIC_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
_JOINERS = frozenset({"and", "et", "y", "و"})
_NEAR = 12  # characters before a month in which its day is looked for
_BEFORE_MONTH = re.compile(
    r"\d(?:st|nd|rd|th|er|º|-?го|-?е|-?я)?[\s.,/\-–]{0,3}(?:(?:of|de|du|del|the|من|شهر)\s{1,2})?\Z", re.IGNORECASE
)
_AFTER_MONTH = re.compile(
    r"(?:/[^\W\d_]{3,12})?[\s.,/\-–]{0,3}(?:(?:of|de|du|del|عام|سنة|من)\s{1,2})?(?:\d{4}|\d{1,2})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written, in western digits, with its place in the plain text.

    `readings` are the values it may have: "1,000" is 1000 or 1.000; `atoms` are its runs of digits without leading zeros.
    """

    written: str
    start: int
    end: int
    readings: frozenset[str]
    atoms: tuple[str, ...]

    @property
    def grouped(self) -> bool:
        """Whether its separators may part thousands."""
        return len(self.atoms) > 1 and any("." not in value for value in self.readings)

    @property
    def digits(self) -> str:
        return "".join(character for character in self.written if character.isdecimal())


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers of a text: figures in order, values said in words, months that stand in dates, each with its place.

    `words` says how often words, Han or Roman numerals and months say a value; `articles` how often an article may mean one,
    -1 in a language that has none.
    """

    figures: tuple[Figure, ...]
    words: Mapping[str, int]
    articles: int
    months: tuple[tuple[int, int, int], ...]


@cache
def languages() -> Mapping[str, Any]:
    """What is known of each language's numbers."""
    return table("numbers")


def western(plain: str) -> str:
    """The same text, of the same length, in western digits."""
    if plain.isascii():
        return plain
    return _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), plain)


@lru_cache(maxsize=_CACHE)
def read(plain: str, language: str) -> Reading:
    """The numbers of a plain text; addresses have none."""
    bare = western(_ADDRESS.sub(lambda match: " " * len(match[0]), plain))
    words = Counter(map(str, _values(bare, language)))
    words.update(_month_values(bare, language))
    articles = frozenset(languages().get(language, {}).get("articles", ()))
    count = sum(word.lower() in articles for word in _WORD.findall(bare)) if articles else -1
    return Reading(tuple(_figures(bare, language)), words, count, tuple(_months(bare, language)))


def _figures(bare: str, language: str) -> Iterator[Figure]:
    if language == "zh":
        for match in _HAN_DECADE.finditer(bare):
            year = str((int(match[1]) - 1) * 100 + int(match[2]))
            yield Figure(match[0], match.start(), match.end(), frozenset({year}), (year,))
        bare = _HAN_DECADE.sub(lambda match: " " * len(match[0]), bare)
    for match in _NUMBER.finditer(bare):
        parts = _PART.findall(match[0])
        runs, signs = parts[::2], parts[1::2]
        if any(sign in BLANKS for sign in signs) and not _grouped(runs, signs):
            place = match.start()
            for piece in re.split(f"([{BLANKS}])", match[0]):
                if piece not in BLANKS:
                    pieces = _PART.findall(piece)
                    yield _figure(bare, place, pieces[::2], pieces[1::2], language)
                place += len(piece)
        else:
            yield _figure(bare, match.start(), runs, signs, language)


def _figure(bare: str, start: int, runs: list[str], signs: list[str], language: str) -> Figure:
    end = start + sum(map(len, runs)) + len(signs)
    values = {".".join([_bare(runs[0]), *runs[1:]])}
    if signs and (grouped := _grouped(runs, signs)):
        values.add(grouped)
    scale = _scale(bare, end, language)
    if scale:
        values |= {_plain(Decimal(value) * 10**scale) for value in values if value.count(".") <= 1}
    if len(signs) == 1 and runs[1] == "00":
        values.add(_bare(runs[0]))  # 15.00 and 15, of the clock as of money
    if not signs and len(runs[0]) <= _MINUTES and (half := _HALF_OF_DAY.match(bare, end)):
        values.add(str(int(runs[0]) % _NOON + (_NOON if half[1] in "pP" else 0)))
    if not signs and _DECADE.match(bare, start):
        values.add(runs[0][2:])  # the 1990s are also the 90s
    return Figure(bare[start:end], start, end, frozenset(values), tuple(map(_bare, runs)))


def _bare(run: str) -> str:
    return run.lstrip("0") or "0"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _grouped(runs: list[str], signs: list[str]) -> str:
    """The value where separators part thousands, with tenths after another sign; empty where they do not."""
    tenths = len(signs) > 1 and signs[-1] in _POINTS and signs[-1] != signs[0]
    count = len(signs) - tenths
    if len(runs[0]) > _GROUP or len(set(signs[:count])) != 1 or any(len(run) != _GROUP for run in runs[1 : count + 1]):
        return ""
    whole = _bare("".join(runs[: count + 1]))
    return f"{whole}.{runs[-1]}" if tenths else whole


def _scale(bare: str, end: int, language: str) -> int:
    """How many zeros the word after a figure adds."""
    match = _HAN_SCALE.match(bare, end) if language == "zh" else _AFTER_WORD.match(bare, end)
    return _scales(language).get(match[0].strip().lower(), 0) if match else 0


@cache
def _scales(language: str) -> Mapping[str, int]:
    scales = languages().get(language, {}).get("scales", {})
    return {word: int(zeros) for zeros, words in scales.items() for word in words}


def _values(bare: str, language: str) -> Iterator[int]:
    """Values that words, Han or Roman numerals may say; each part of a compound as well as the whole."""
    for match in _ROMAN.finditer(bare):
        yield _roman(match[1])
    yield from _han_values(bare) if language == "zh" else _word_values(bare, language)


def _han_values(bare: str) -> Iterator[int]:
    counters = languages()["zh"]["counters"]
    for match in _HAN_NUMBER.finditer(bare):
        counted = bare[match.end() : match.end() + 1] in counters or bare.endswith("第", 0, match.start())
        if match[0] == "一" and not counted:
            continue
        yield from _han(match[0][: 4 * _LONGEST_RUN])


def _word_values(bare: str, language: str) -> Iterator[int]:
    known = _known(language)
    row = list(map(_folded, _WORD.findall(bare))) if known else []
    if language != "ar" and known.keys().isdisjoint(row):
        return
    articles = languages().get(language, {}).get("articles", ())
    run: list[int] = []
    for word in row:
        value = _value(word, known, language)
        if value is None and word in _JOINERS:
            continue
        if value is None and run and word in articles:
            value = 1  # vingt et un, treinta y una
        if value is None:
            run = []
            continue
        run = [*run[1 - _LONGEST_RUN :], value]
        for first in range(len(run)):
            yield _sum(run[first:])


def _value(word: str, known: Mapping[str, int], language: str) -> int | None:
    value = known.get(word)
    if value is None and language == "ar":
        for prefix in _ARABIC_PREFIXES:
            if word.startswith(prefix) and (value := known.get(word[len(prefix) :])) is not None:
                break
    return value


@cache
def _known(language: str) -> Mapping[str, int]:
    content = languages().get(language, {})
    return {
        _folded(form): int(value)
        for value, words in content.get("words", {}).items()
        for word in words
        for form in ([word[:-1] + ending for ending in content["endings"]] if word.endswith("*") else [word])
    }


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    return _ARABIC_MARKS.sub("", word.casefold().replace("ё", "е"))


def _sum(values: list[int]) -> int:
    """What words that stand together come to: "three hundred and five", "quatre-vingt-dix"."""
    total = current = 0
    for value in values:
        if value >= 1000:  # noqa: PLR2004 - from a thousand on, what stands before is counted by it
            total, current = total + max(current, 1) * value, 0
        elif 0 < current < value and (value >= 100 or (value, current) == (20, 4)):  # noqa: PLR2004 - quatre-vingts
            current *= value
        else:
            current += value
    return total + current


def _han(written: str) -> Iterator[int]:
    values = [_known("zh")[character] for character in written]
    yield from values
    current = total = part = 0
    for value in values:
        if value >= 10_000:  # noqa: PLR2004
            total, current, part = (total + current + part) * value, 0, 0
        elif value >= 10:  # noqa: PLR2004
            current, part = current + max(part, 1) * value, 0
        else:
            part = value
    yield total + current + part
    if len(values) > 1 and max(values) < 10:  # noqa: PLR2004 - 二〇二六 is written digit by digit
        yield int("".join(map(str, values)))


def _roman(written: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in written]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


@cache
def _month_names(language: str, width: str) -> tuple[re.Pattern[str] | None, Mapping[str, int]]:
    """A pattern for the names of months and the number of each (CLDR)."""
    names: dict[str, int] = {}
    for code in languages().get(language, {}).get("months", ()):
        for form in Locale.parse(code).months.values():
            names |= {name: number for number, name in form[width].items() if not any(c.isdigit() for c in name)}
    names |= {name.capitalize(): number for name, number in names.items()} if language != "en" else {}
    if not names or language == "zh":
        return None, {}
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![^\W_و])(?:{either})(?![^\W_])"), names


def _months(bare: str, language: str) -> Iterator[tuple[int, int, int]]:
    """Months that stand beside a day or a year."""
    pattern, names = _month_names(language, "wide")
    for match in pattern.finditer(bare) if pattern else ():
        start, end = match.span()
        if _BEFORE_MONTH.search(bare, max(0, start - _NEAR), start) or _AFTER_MONTH.match(bare, end):
            yield names[match[0]], start, end


def _month_values(bare: str, language: str) -> set[str]:
    """Months named in full or cut short, wherever they stand."""
    found: set[str] = set()
    for width in ("wide", "abbreviated"):
        pattern, names = _month_names(language, width)
        found |= {str(names[match[0]]) for match in pattern.finditer(bare)} if pattern else set()
    return found
