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
_SAID = (CodeKind.PLACEHOLDER, CodeKind.LINK)


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
    rules = _rules(language)
    letters: list[str] = []
    numbers: list[str] = []
    codes: list[str] = []
    for part in parse(text).parts:
        if isinstance(part, Code):
            letters.append(MARKS[part.kind])
            codes.append(part.data)
        else:
            _mask(rules.unified(part), letters, numbers, codes)
    masked = _SPACES.sub(" ", "".join(letters)).strip()
    words = tuple(word for chunk in masked.split(" ") for word in words_of(chunk, language))
    return Form(masked, words, tuple(numbers), tuple(codes))


@lru_cache(maxsize=_CACHE)
def words_of(chunk: str, language: str = "en") -> tuple[str, ...]:
    """The words of what stands between two spaces of a form's letters; a form's words are those of its chunks, in order.

    That a word is known by its chunk alone lets an index keep chunks and forget words.
    """
    elide = _rules(language).elide
    words: list[str] = []
    for found in _WORD.findall(chunk):
        word = found.casefold()
        words += (part for part in elide.split(word) if part) if elide is not None and "'" in word else (word,)
    return tuple(words)


def _mask(text: str, letters: list[str], numbers: list[str], codes: list[str]) -> None:
    """Put marks for what one run of plain text has of numbers, dates and addresses; what they hide is kept aside."""
    done = 0
    for found in _HIDDEN.finditer(text) if _MAY_HIDE.search(text) else ():
        kind = found.lastgroup
        letters += text[done : found.start()], _MARK_OF[kind or ""]
        done = found.end()
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
    return _Rules([known["any"], known.get(language.replace("_", "-").split("-")[0].lower(), {})])


_SINGLE = "".join(rf"\p{{Script={name}}}" for name in _all_rules()["any"]["by_character"])
_LETTER = rf"[\p{{L}}\p{{M}}--[{_SINGLE}]]"
_PART = rf"[\p{{L}}\p{{N}}\p{{M}}--[{_SINGLE}]]+"
_MARK_OF = {"number": NUMBER, "date": DATE, "address": ADDRESS}
_MAY_HIDE = regex.compile(r"\d|://|www\.|mailto:|@")
# Dates before numbers: the parts of one would be read as the other.
_HIDDEN = regex.compile(
    rf"""(?P<address>(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>"']*[^\s<>"'.,;:!?)]
                   | [\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+)
    | (?P<date>(?<![\w.])(?:\d{{4}}[\-/.]\d{{1,2}}[\-/.]\d{{1,2}} | \d{{1,2}}[\-/.]\d{{1,2}}[\-/.]\d{{2,4}})(?!\w))
    | (?P<number>(?<!{_LETTER}|\d)\d+(?:[.,:/'٫٬]\d+|[ ]\d{{3}}(?!\d))*(?!{_LETTER}|\d))
    """,
    regex.VERBOSE | regex.V1,
)
# A word is letters, marks and digits, apostrophes within (UAX 29); what stands for a word of the sentence is one.
_WORD = regex.compile(
    rf"[{NUMBER}{DATE}{ADDRESS}{''.join(MARKS[kind] for kind in _SAID)}]|[{_SINGLE}]\p{{M}}*|{_PART}(?:'{_PART})*",
    regex.V1,
)
