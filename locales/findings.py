"""Findings: the sentences of checks and readers said in the language of whoever has to act on them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import polib

from locales import LANGUAGES

SOURCE = "en"
_PIECE = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_ISOLATE, _POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_LEFT_TO_RIGHT = frozenset({"L"})


def said(finding_template: str, values: Mapping[str, str] | Iterable[tuple[str, str]], locale: str) -> str:
    """The sentence of a finding in a locale's language; in English where that has none for this template.

    A value that is a word of ours, such as the name of a language, is said in the same language unless the template quotes it.
    A value that has no place is left out, a place that has no value stays as it is. Values that read in the other direction
    than the sentence are isolated from it (UAX 9, FSI to PDI), so that codes and their signs stay whole.
    """
    known = dict(values)
    catalog = _catalog(locale)
    translated = catalog.get(("", finding_template), "")
    code = locale if translated else SOURCE

    def piece(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return match[0][0]
        if name not in known:
            return match[0]
        value = str(known[name])
        is_quoted = f"“{match[0]}”" in finding_template
        word = catalog.get((name, value), "") if translated and not is_quoted else ""
        return word or _isolated(value, code)

    return _PIECE.sub(piece, translated or finding_template)


@cache
def _catalog(locale: str) -> Mapping[tuple[str, str], str]:
    """Translations by context and English text; sentences have no context, words that are put into them that of their place."""
    if locale == SOURCE or locale not in LANGUAGES:
        return {}
    file = files("locales").joinpath("messages", locale, "LC_MESSAGES", "findings.po")
    entries = polib.pofile(file.read_text("utf-8"))
    return {(entry.msgctxt or "", entry.msgid): entry.msgstr for entry in entries if not entry.fuzzy}


def _isolated(value: str, locale: str) -> str:
    """A value set apart from a sentence where its letters or signs could turn round in it."""
    against = _LEFT_TO_RIGHT if LANGUAGES[locale].direction == "rtl" else _RIGHT_TO_LEFT
    turns = any(unicodedata.bidirectional(character) in against for character in value)
    is_sign = against is _LEFT_TO_RIGHT and not any(character.isalnum() for character in value)
    return f"{_ISOLATE}{value}{_POP}" if turns or is_sign else value
