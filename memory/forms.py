"""Forms: a text as it is compared, by characters and by words; what a reader sees is stored untouched.

Codes, numbers, dates and addresses become one typed mark each, so that "Article 5" and "Article 7" have one form and their
difference is told apart from a difference in wording. The rules by language, with their reasons, stand in `languages.toml`.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex

from tm_service.domain.text import Code, CodeKind, parse

_CACHE = 1 << 15

# Marks are noncharacter-like private use; one that stands in a text is read as U+FFFD.
NUMBER, DATE, ADDRESS = "\uf8f0", "\uf8f1", "\uf8f2"
MARKS: Mapping[CodeKind, str] = {kind: chr(0xF8F3 + place) for place, kind in enumerate(CodeKind)}
_OURS = dict.fromkeys(range(0xF8F0, 0xF900), "\ufffd")
# What stands for a word of the sentence; tags and entities only dress it.
_SAID = frozenset({CodeKind.PLACEHOLDER, CodeKind.LINK})


@dataclass(frozen=True, slots=True)
class Form:
    """A text for comparison.

    `letters` is the text with case kept, codes, numbers, dates and addresses masked by one character each; `words` are its
    words, case folded, masks included. `numbers` and `codes` are what the masks hide, in reading order: numbers and dates as
    values ("1,000" and "1 000" are "1000"), codes and addresses as written.
    """

    letters: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    codes: tuple[str, ...]


@lru_cache(maxsize=_CACHE)
def form(text: str, language: str = "en") -> Form:
    """The form of a text by the rules of its language; an unknown language has the rules all share."""
    rules = _rules(language.replace("_", "-").split("-")[0].lower())
    letters: list[str] = []
    words: list[str] = []
    numbers: list[str] = []
    codes: list[str] = []
    for part in parse(text).parts:
        if isinstance(part, Code):
            letters.append(MARKS[part.kind])
            codes.append(part.data)
            if part.kind in _SAID:
                words.append(MARKS[part.kind])
        else:
            _read(rules.unified(part), rules, letters, words, numbers, codes)
    return Form(
        " ".join("".join(letters).split(" ")).strip() if letters else "", tuple(words), tuple(numbers), tuple(codes)
    )


def _read(
    text: str, rules: "_Rules", letters: list[str], words: list[str], numbers: list[str], codes: list[str]
) -> None:
    """Cut one run of plain text into tokens, appending to what the form is made of."""
    done = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "word":
            word = found[0].casefold()
            if rules.elide is not None and "'" in word:
                words += [part for part in rules.elide.split(word) if part]
            else:
                words.append(word)
            continue
        if kind == "character":
            words.append(found[0].casefold())
            continue
        mark = {"number": NUMBER, "date": DATE, "address": ADDRESS}[kind or ""]
        letters += text[done : found.start()], mark
        done = found.end()
        words.append(mark)
        if kind == "address":
            codes.append(found[0])
        else:
            numbers.append(_value(found[0]))
    letters.append(text[done:])


def _value(written: str) -> str:
    """A number as a value: western digits, no thousands' separators; a date keeps its separators."""
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in written)
    return _THOUSANDS.sub("", digits) if _GROUPED.fullmatch(digits) else digits.replace(" ", "")


_GROUPED = regex.compile(r"\d{1,3}(?:([ ,.'٬])\d{3})(?:\1\d{3})*(?:[.,٫]\d{1,2})?")
_THOUSANDS = regex.compile(r"[ ,.'٬](?=\d{3}(?!\d))")


class _Rules:
    """The rules of one language, compiled."""

    def __init__(self, tables: Iterable[Mapping[str, Any]]) -> None:
        table: dict[int, str] = dict(_OURS)
        elided: list[str] = []
        for rules in tables:
            for spans in rules.get("drop", ()):
                first, _, last = spans.partition("-")
                table |= dict.fromkeys(range(ord(first), ord(last or first) + 1), "")
            for sign, variants in rules.get("unify", ()):
                table |= {ord(variant): sign for variant in variants}
            elided += rules.get("elide", ())
        self._table = table
        self.elide = regex.compile(rf"(?<=^(?:{'|'.join(elided)})')") if elided else None

    def unified(self, text: str) -> str:
        """Compatibility forms and the language's unified signs; runs of spaces as one."""
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text.translate(self._table)).translate(self._table)
        return str(_SPACES.sub(" ", text))


_SPACES = regex.compile(r"[\s\x00-\x1f\x7f]+")


@cache
def _all_rules() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))


@cache
def _rules(language: str) -> _Rules:
    known = _all_rules()
    return _Rules([known["any"], known.get(language, {})])


def _token() -> Any:
    """Dates before numbers, numbers before words; a word is letters, marks and digits, apostrophes within (UAX 29)."""
    single = "".join(rf"\p{{Script={name}}}" for name in _all_rules()["any"]["by_character"])
    letter = rf"[\p{{L}}\p{{M}}--[{single}]]"
    part = rf"[\p{{L}}\p{{N}}\p{{M}}--[{single}]]+"
    return regex.compile(
        rf"""(?P<address>(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>"']*[^\s<>"'.,;:!?)]
                       | [\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+)
        | (?P<date>(?<![\w.])(?:\d{{4}}[\-/.]\d{{1,2}}[\-/.]\d{{1,2}} | \d{{1,2}}[\-/.]\d{{1,2}}[\-/.]\d{{2,4}})(?!\w))
        | (?P<number>(?<!{letter}|\d)\d+(?:[.,:/'٫٬]\d+|[ ]\d{{3}}(?!\d))*(?!{letter}|\d))
        | (?P<character>[{single}]\p{{M}}*)
        | (?P<word>{part}(?:'{part})*)
        """,
        regex.VERBOSE | regex.V1,
    )


_TOKEN = _token()
