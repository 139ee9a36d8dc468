"""Words: a text cut into words as a concordance compares them, and where in the text each of them stands.

A text is cut as it is written, and each piece is then read alone by the rules of `memory.forms` (case, compatibility forms,
soft hyphens, Arabic vowel marks, apostrophes, elision). So what a piece is compared as never depends on what stands around it,
its place in the text is never lost, and a million texts read each distinct piece once.

Other than in a form, a number is its digits: "1,000", "1.000" and "1 000" are the words "1" and "000", so that each finds the
others and "2026" finds "2026-11-21". Placeholders and links are words as written, without spaces; other codes are none.
"""

import re
import tomllib
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from typing import Any, NamedTuple
from unicodedata import unidata_version

import regex

from locales.stems import stems
from memory.forms import DATE, NUMBER, form
from tm_service.domain.text import Code, CodeKind, parse

_CACHE = 1 << 16
_RULES = (
    ("memory", "languages.toml"),
    ("memory", "forms.py"),
    ("locales", "stems.py"),
    ("memory", "concordance/words.py"),
)
_SAID = frozenset({CodeKind.PLACEHOLDER, CodeKind.LINK})
_MARKS = re.compile(r"[<&{%@|]")  # every code has one of these
_CODE_SIGNS = frozenset("{%$@")  # what a placeholder or a link begins with, and no word

# Scripts that are written without spaces, and squared units (㎏, ㎡).
_BY_CHARACTER = "".join(
    tomllib.loads(files("memory").joinpath("languages.toml").read_text("utf-8"))["any"]["by_character"].values()
)
_CHARACTER = rf"[{_BY_CHARACTER}\u3200-\u33ff]"
_UNDER = "[\u1039\u17d2]"  # puts the next letter of Myanmar and Khmer under the one before
_INVISIBLE = r"\p{Default_Ignorable_Code_Point}"
_APOSTROPHE = "['’‘‛`´′＇]"


def _cutter(wild: str = "") -> Any:
    """Words are letters, marks and digits, with apostrophes and invisible signs within; some scripts go by character."""
    sign = rf"[[\p{{L}}\p{{N}}\p{{M}}{wild}]--[{_BY_CHARACTER}\u3200-\u33ff{_INVISIBLE}]]"
    between = rf"(?:{_INVISIBLE}+{_APOSTROPHE}?{_INVISIBLE}*|{_APOSTROPHE}{_INVISIBLE}*)"
    return regex.compile(
        rf"{sign}+(?:{between}{sign}+)*|{_CHARACTER}(?:{_UNDER}{_CHARACTER}|[\p{{M}}{_INVISIBLE}])*", regex.V1
    )


_PIECE, _ASKED = _cutter(), _cutter(r"*?")
# Blocks without marks, invisible signs and scripts by character, where `re` cuts the same three times as fast.
_PLAIN = re.compile(
    "[\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u060c\u061b\u061f-\u064a\u0660-\u066f\u0671-\u06d5"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*"
)
_ELIDING = re.compile(rf"{_APOSTROPHE}(?=[^\W_])")
_PLAIN_PIECE = re.compile(rf"[^\W_]+(?:{_APOSTROPHE}[^\W_]+)*")


class Token(NamedTuple):
    """A word and its span in the text as written, in characters."""

    word: str
    start: int
    end: int


def _cutter_of(part: str) -> Any:
    return _PLAIN_PIECE if _PLAIN.fullmatch(part) else _PIECE


def pieces(text: str) -> list[str]:
    """The pieces of a text as written, in order; what `read` makes words of."""
    if not _MARKS.search(text):
        cut: list[str] = _cutter_of(text).findall(text)
        return cut
    found: list[str] = []
    for part in parse(text).parts:
        if isinstance(part, str):
            found += _cutter_of(part).findall(part)
        elif part.kind in _SAID:
            found.append(part.data)
    return found


@lru_cache(maxsize=_CACHE)
def read(piece: str, language: str) -> tuple[str, ...]:
    """What a piece is compared as: mostly one word, two where an article is elided, none where nothing visible is left."""
    if piece[0] in _CODE_SIGNS:
        return ("".join(piece.split()).casefold(),)
    made = form(piece, language)
    numbers = iter(made.numbers)
    return tuple(next(numbers, word) if word in (NUMBER, DATE) else word for word in made.words)


def words(text: str, language: str) -> list[str]:
    """The words of a text, in order."""
    return [word for piece in pieces(text) for word in read(piece, language)]


def tokens(text: str, language: str) -> list[Token]:
    """The words of a text with their spans; the same words as `words`."""
    found: list[Token] = []
    done = 0
    for part in parse(text).parts:
        if isinstance(part, Code):
            if part.kind in _SAID:
                found += _placed(part.data, done, language)
            done += len(part.data)
        else:
            for piece in _cutter_of(part).finditer(part):
                known, start = read(piece[0], language), done + piece.start()
                if len(known) == 1:
                    found.append(Token(known[0], start, done + piece.end()))
                else:
                    found += _placed(piece[0], start, language)
            done += len(part)
    return found


def _placed(piece: str, start: int, language: str) -> list[Token]:
    """The words of one piece; an elided article has its apostrophe, otherwise several words share the whole span."""
    known, end = read(piece, language), start + len(piece)
    if len(known) > 1 and (apostrophe := _ELIDING.search(piece)) is not None:
        cut = start + apostrophe.end()
        if read(piece[apostrophe.end() :], language) == known[1:]:
            return [Token(known[0], start, cut), *(Token(word, cut, end) for word in known[1:])]
    return [Token(word, start, end) for word in known]


def asked(text: str, language: str, *, articles: bool = True) -> list[str]:
    """The words of a part of a query, in which `*` and `?` stand for letters; alone, for one word.

    Without `articles`, elided ones are left out: "l'accès" is "accès".
    """
    found: list[str] = []
    for part in parse(text).parts:
        if isinstance(part, str):
            for piece in _ASKED.findall(part):
                patterns = _patterns(piece, language)
                found += patterns if articles or not _ELIDING.search(piece) else patterns[-1:]
        elif part.kind in _SAID:
            found += read(part.data, language)
    return found


def _patterns(piece: str, language: str) -> list[str]:
    """Read what stands between the wildcards of a piece; what is elided before them is a word of its own."""
    found = [""]
    for part in re.split(r"([*?])", piece):
        first, *others = (part,) if part in ("*", "?", "") else read(part, language) or ("",)
        found[-1] += first
        found += others
    return [word for word in found if word]


def inflected(word: str, language: str) -> tuple[str, ...]:
    """The stems a word shares with its other inflections; of a number or a code itself alone."""
    return stems(word, language) if word[0].isalpha() else (word,)


@cache
def rules() -> str:
    """Names the rules by which texts are cut here; an index made by others would answer other queries."""
    digest = blake2b(
        "\n".join([unidata_version, version("regex"), version("snowballstemmer")]).encode(), digest_size=16
    )
    for package, name in _RULES:
        digest.update(files(package).joinpath(name).read_bytes())
    return digest.hexdigest()
