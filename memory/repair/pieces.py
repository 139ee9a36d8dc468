"""Pieces: a text cut into words, numbers, dates, addresses and codes, with their places, its end mark told from the rest."""

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import regex

from tm_service.domain.text import Code, parse

_CACHE = 1 << 12


class Kind(StrEnum):
    """What a piece is; codes as in `CodeKind`."""

    WORDS = "words"
    NUMBER = "number"
    DATE = "date"
    ADDRESS = "address"
    OPEN = "open"
    CLOSE = "close"
    ALONE = "alone"
    PLACEHOLDER = "placeholder"
    ENTITY = "entity"
    LINK = "link"
    BAR = "bar"


TAGS = frozenset({Kind.OPEN, Kind.CLOSE, Kind.ALONE})
SAID = frozenset({Kind.PLACEHOLDER, Kind.LINK})
_FIGURES = (Kind.ADDRESS, Kind.DATE, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text from `start` to `end`; `pair` joins an opening tag and its closing one."""

    kind: Kind
    text: str
    start: int
    end: int
    pair: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """The mark a text ends with and the blank before it; where there is none, both places say where it would be."""

    mark: str
    gap: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in pieces, without its outer blanks and its ending, which stand apart."""

    text: str
    pieces: tuple[Piece, ...]
    ending: Ending
    lead: str
    tail: str


@lru_cache(maxsize=_CACHE)
def cut(text: str) -> Cut:
    """Cut a text; joining the pieces, the ending and the outer blanks gives it back."""
    body = text.strip()
    lead = text[: text.index(body)] if body else text
    pieces = [replace(piece, start=piece.start + len(lead), end=piece.end + len(lead)) for piece in _pieces(body)]
    rest, ending = _ended(pieces, len(lead) + len(body))
    return Cut(text, rest, ending, lead, text[len(lead) + len(body) :])


_SPACES = r"[\x20\u00a0\u2009\u202f]"
_SCRIPTS = ("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar")  # letters that touch numbers
_TOUCHING = "".join(map(r"\p{{Script={}}}".format, _SCRIPTS))
_LETTER = rf"[\p{{L}}\p{{M}}--[{_TOUCHING}]]"
# In Arabic, one-letter words and the article are written onto the number: و5, بـ10, الـ20.
_BEFORE = (
    rf"(?:(?<!{_LETTER}|\d)|(?<=(?<!{_LETTER})[وفبكل]{{1,2}}ـ{{0,3}})|(?<=(?<!{_LETTER})[وفبكل]?(?:ال|لل)ـ{{1,3}}))"
)
_BIG_END, _LITTLE_END = (
    rf"{first}(?P<{name}>[\-/.])\d{{1,2}}(?P={name}){last}"
    for name, first, last in (("big", r"\d{4}", r"\d{1,2}"), ("little", r"\d{1,2}", r"(?:\d{4}|\d{2})"))
)
_TYPED = regex.compile(
    rf"""(?P<address>(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>"']*[^\s<>"'.,;:!?)]
                   | (?<![\w.+\-])[\w.+\-]++@[\w\-]+(?:\.[\w\-]+)+)
        | (?P<date>{_BEFORE}(?<!\d[.\-/])(?>{_BIG_END}|{_LITTLE_END})(?!{_LETTER}|[\d\-/]|\.\d))
        | (?P<number>{_BEFORE}(?<!\d[.,:/'’٫٬])
            (?>\d{{1,3}}(?:{_SPACES}\d{{3}}(?!\d))+(?:[.,٫]\d+)? | \d+(?:[.,:/'’٫٬]\d+)*)
            (?!{_LETTER}|\d))
    """,
    regex.VERBOSE | regex.V1,
)


def _pieces(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    place = 0
    for part in parse(text).parts:
        if isinstance(part, Code):
            end = place + len(part.data)
            pieces.append(Piece(Kind(part.kind.value), part.data, place, end, part.pair))
        else:
            end = place + len(part)
            done = place
            for found in _TYPED.finditer(part):
                start, stop = place + found.start(), place + found.end()
                if done < start:
                    pieces.append(Piece(Kind.WORDS, text[done:start], done, start))
                pieces.append(Piece(next(kind for kind in _FIGURES if found[kind]), found[0], start, stop))
                done = stop
            if done < end:
                pieces.append(Piece(Kind.WORDS, text[done:end], done, end))
        place = end
    return pieces


MARKS = ".:;,!?…。：；，！？؟؛،۔"


def _ended(pieces: Sequence[Piece], length: int) -> tuple[tuple[Piece, ...], Ending]:
    """The pieces without the end mark, which may stand within the last tags."""
    last = len(pieces) - 1
    while last >= 0 and (
        pieces[last].kind in TAGS or (pieces[last].kind is Kind.WORDS and not pieces[last].text.strip())
    ):
        last -= 1
    if last < 0:
        return tuple(pieces), Ending("", "", length, length)
    piece = pieces[last]
    body = piece.text.rstrip()
    core = body.rstrip(MARKS) if piece.kind is Kind.WORDS else body
    end, kept = piece.start + len(body), list(pieces[:last])
    if core == body:
        return tuple(pieces), Ending("", "", end, end)
    rest = core.rstrip()
    start, gap = piece.start + len(rest), core[len(rest) :]
    if rest:
        kept.append(replace(piece, text=rest, end=start))
    elif kept and kept[-1].kind is Kind.ENTITY and html.unescape(kept[-1].text).isspace():
        space = kept.pop()
        start, gap = space.start, space.text + gap
    if len(body) < len(piece.text):
        kept.append(Piece(Kind.WORDS, piece.text[len(body) :], end, piece.end))
    return (*kept, *pieces[last + 1 :]), Ending(body[len(core) :], gap, start, end)
