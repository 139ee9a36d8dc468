"""The phrase book: every English wording the example site ever had, with its translations."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

Phrases = Mapping[str, Mapping[str, str]]  # English to locale to translation

LOCALES = ("ar", "es", "fr", "ru", "zh")


@cache
def phrase_book() -> Phrases:
    """All books of texts/phrases as one. Raises ValueError where two of them have the same English."""
    whole: dict[str, Mapping[str, str]] = {}
    for book in sorted((files("tm_service.demo") / "texts" / "phrases").iterdir(), key=lambda entry: entry.name):
        phrases = tomllib.loads(book.read_text(encoding="utf-8"))
        twice = whole.keys() & phrases.keys()
        if twice:
            raise ValueError(f"{book.name} repeats {', '.join(sorted(twice))}.")
        whole |= phrases
    return MappingProxyType(whole)
