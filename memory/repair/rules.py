"""Rules: what is known of a language that a change can be carried into; the data and its reasons stand in `languages.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex
from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

from locales.stems import code
from memory.forms import form

_LOCALES = 256
_FIGURES = 15  # digits beyond which a number is a code


@dataclass(frozen=True, slots=True)
class Rules:
    """What a changed number or end mark must mind in one locale; words are folded."""

    ends: Mapping[str, tuple[str, ...]]
    spaces: Mapping[str, str]
    opening: Mapping[str, str]
    joins: frozenset[str]
    partitives: frozenset[str]
    references: Any
    years: frozenset[str]
    months: frozenset[str]
    units: frozenset[str]
    short: frozenset[str]
    clock: frozenset[str]
    singulars: frozenset[str]
    suffixed: bool
    sounds: tuple[tuple[frozenset[str], Any], ...]
    words: Mapping[str, frozenset[str]]
    decimal: str
    group: str
    locale: Locale

    def category(self, value: str) -> str:
        """The CLDR plural category of a number written with a point."""
        return str(self.locale.plural_form(Decimal(value)))


@lru_cache(maxsize=_LOCALES)
def rules(locale: str) -> Rules | None:
    """The rules of a locale; None where its language has no table or its name is no locale's."""
    language = code(locale)
    table = _tables().get(language) if language != "any" else None
    known = _locale(locale)
    if table is None or known is None:
        return None
    months = known.months["format"]
    return Rules(
        ends={name: tuple(ways) for name, ways in table["ends"].items()},
        spaces=table.get("spaces", {}),
        opening=table.get("opening", {}),
        joins=_folded(table.get("joins", ""), language),
        partitives=_folded(table.get("partitives", ""), language),
        references=_pattern(table.get("references", ""), language),
        years=_folded(table.get("years", ""), language),
        months=_folded(
            " ".join([*months["wide"].values(), *months["abbreviated"].values()]).replace(".", ""), language
        ),
        units=_folded(_tables()["any"]["units"], language),
        short=_folded(_tables()["any"]["short"], language),
        clock=_folded(table.get("clock", ""), language),
        singulars=frozenset(map(str, table["singulars"])),
        suffixed=table.get("suffixed", False),
        sounds=tuple(
            (_folded(sound["words"], language), regex.compile(sound["numbers"])) for sound in table.get("sounds", ())
        ),
        words={value: _folded(words, language) for value, words in table["words"].items()},
        decimal=get_decimal_symbol(known),
        group=get_group_symbol(known),
        locale=known,
    )


def is_countable(value: str) -> bool:
    """Whether a value is an amount that plural rules know: digits with at most one point."""
    return regex.fullmatch(r"\d+(?:\.\d+)?", value) is not None and len(value) <= _FIGURES


def _locale(name: str) -> Locale | None:
    for tag in (name, code(name)):
        try:
            return Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return None


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))


def _folded(words: str, language: str) -> frozenset[str]:
    return frozenset(fold(word, language) for word in words.split())


def fold(word: str, language: str) -> str:
    """A word or sign as forms compare it, letters in one case."""
    return form(word, language).letters.casefold()


def _pattern(words: str, language: str) -> Any:
    ways = [
        "\\w*".join(map(regex.escape, (fold(part, language) for part in word.split("*")))) for word in words.split()
    ]
    return regex.compile("|".join(ways) or r"(?!)")
