"""Base: the correct units that the mutations damage, and where their codes and words stand."""

import re
import tomllib
from functools import cache
from pathlib import Path

from tm_service.domain.pairs import Pair
from tm_service.domain.text import Code, CodeKind, parse

LOCALES = ("ar", "es", "fr", "ru", "zh")
TAGS = (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE)
Place = tuple[int, int]


@cache
def pairs() -> tuple[Pair, ...]:
    table = tomllib.loads(Path(__file__).with_name("units.toml").read_text("utf-8"))
    return tuple(
        Pair(unit["en"], unit[locale], locale, limit=unit.get("limit", 0))
        for unit in table["unit"]
        for locale in LOCALES
    )


@cache
def codes(text: str, *kinds: CodeKind) -> tuple[tuple[Code, int, int], ...]:
    found, at = [], 0
    for part in parse(text).parts:
        length = len(part) if isinstance(part, str) else len(part.data)
        if isinstance(part, Code) and (part.kind in kinds or not kinds):
            found.append((part, at, at + length))
        at += length
    return tuple(found)


def of(pair: Pair, *kinds: CodeKind, like: str = "") -> list[Place]:
    """Places in the target of codes of these kinds, those only that a pattern finds."""
    return [(start, end) for code, start, end in codes(pair.target, *kinds) if re.search(like, code.data)]


def has(*kinds: CodeKind, like: str = "", most: int = 99):
    """Whether a pair has such codes, and not more than these."""
    return lambda pair: 1 <= len(of(pair, *kinds, like=like)) <= most


def icu(pair: Pair) -> bool:
    return ", plural," in pair.source


def plain(pair: Pair) -> bool:
    return not icu(pair)


def barred(pair: Pair) -> bool:
    return " | " in pair.target


def sentence(pair: Pair) -> bool:
    """Words enough to be told from a name, and one text: no plural forms."""
    return plain(pair) and " | " not in pair.source and len(pair.source.split()) > 5


def put(text: str, place: Place, new: str) -> str:
    return text[: place[0]] + new + text[place[1] :]


def words(text: str) -> list[tuple[str, int, int]]:
    """Words outside codes, each with its place."""
    hidden = list(text)
    for _, start, end in codes(text):
        hidden[start:end] = " " * (end - start)
    return [(found[0], *found.span()) for found in re.finditer(r"[^\W\d_]+", "".join(hidden))]


def numbers(pair: Pair) -> list[Place]:
    """Places of the numbers outside codes."""
    hidden = list(pair.target)
    for _, start, end in codes(pair.target):
        hidden[start:end] = " " * (end - start)
    return [found.span() for found in re.finditer(r"\d+", "".join(hidden))] if plain(pair) else []
