"""Tokens: the words of many texts at once, as arrays with their places in the originals, for work on millions of them.

A word is what `forms` compares as one: letters, digits and marks, one character of a script written without spaces, one whole
placeholder or address. Tags and entities only part words. What a reader sees stays as it is: places count in the text as given.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from memory.forms import form
from tm_service.domain.text import Code, CodeKind, parse

Places = NDArray[np.int64]
Names = NDArray[np.uint64]
Flags = NDArray[np.bool_]

# What a character of the basic plane is; beyond it every character is a word of its own, as ideographs are.
_WORD, _SINGLE, _MARK, _DROPPED, _SOFT, _DIGIT, _JOINER, _APOSTROPHE = (1 << place for place in range(8))
_UNSEEN = 255
_PLANE = 1 << 16
_SAID = frozenset({CodeKind.PLACEHOLDER, CodeKind.LINK})
_CODED = re.compile(r"[<&{%@|]|://|www\.")
_ADDRESSED = re.compile(r"@|://|www\.")
_ADDRESS = r"""(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>"']*[^\s<>"'.,;:!?)]"""
_SITE = regex.compile(_ADDRESS)
_SITE_OR_MAIL = regex.compile(rf"{_ADDRESS}|(?<![\w.+\-])[\w.+\-]++@[\w\-]+(?:\.[\w\-]+)+")
_MARKED = regex.compile(r"\P{M}\p{M}+")
# An odd factor of long period modulo 2**64 (Steele and Vigna 2022), and its inverse, for rolling hashes of words.
_FACTOR = 0xD1342543DE82EF95
_INVERSE = pow(_FACTOR, -1, 1 << 64)
_KEPT = 1 << 20  # the most powers of a factor that stay in memory


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of several texts in reading order, one array for each property, all of one length.

    `owner` is the number of the text a token stands in, `start` and `end` are its places there; `name` stands for its folded
    letters (64 bits of a rolling hash: equal words have equal names, different ones differ but for a chance of 2**-64);
    `bound` says that only blanks, hyphens, tags or invisible signs part it from the token before it, `single` that it is one
    character of a script without spaces. `signs` is the row of all texts' folded characters, where it stands from `first` to
    `last`.
    """

    owner: Places
    start: Places
    end: Places
    name: Names
    bound: Flags
    single: Flags
    signs: Names
    first: Places
    last: Places

    def __len__(self) -> int:
        return len(self.name)

    def word(self, place: int) -> str:
        """The folded letters of a token."""
        return "".join(map(chr, self.signs[self.first[place] : self.last[place]].tolist()))


@dataclass(frozen=True, slots=True, eq=False)
class _Signs:
    """The characters of the texts in one row: what they fold to, what they are, and from where to where each one reaches."""

    value: Names
    kind: NDArray[np.uint8]
    start: Places
    end: Places


def tokens(texts: Sequence[str], language: str = "en") -> Tokens:
    """Cut texts into tokens by the rules of their language."""
    alphabet = _alphabet(language)
    signs = alphabet.read(texts)
    opens = np.zeros(len(signs.value) + 1, bool)
    _join(signs, parted=alphabet.elides)
    _mask_codes(texts, signs, opens)
    return _cut(texts, signs, opens)


class _Alphabet:
    """What each character of the basic plane folds to and is in a language, found by asking `forms` when one is first seen."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._values = np.arange(_PLANE + 1, dtype=np.uint32)
        self._kinds = np.full(_PLANE + 1, _UNSEEN, np.uint8)
        self._kinds[_PLANE] = _SINGLE
        self.elides = len(form("l'b", language).words) == 2  # noqa: PLR2004 - article and word

    def read(self, texts: Sequence[str]) -> _Signs:
        """The characters of the texts with one line end between two, those that are not seen left out."""
        row = "\n".join(texts)
        ends = None
        if not unicodedata.is_normalized("NFC", row):
            row, starts, ends = _composed(row)
        points = np.frombuffer(row.encode("utf-32-le", "surrogatepass"), np.uint32)
        place = np.minimum(points, _PLANE)
        kind = self._kinds[place]
        if (kind == _UNSEEN).any():
            for point in np.unique(place[kind == _UNSEEN]).tolist():
                self._look_at(point)
            kind = self._kinds[place]
        value = np.where(points < _PLANE, self._values[place], points).astype(np.uint64)
        kept = np.flatnonzero(kind & _DROPPED == 0)
        if ends is not None:
            return _Signs(value[kept], kind[kept], starts[kept], ends[kept])
        if len(kept) < len(kind):
            value, kind = value[kept], kind[kept]
        return _Signs(value, kind, kept, kept + 1)

    def _look_at(self, point: int) -> None:
        sign = chr(point)
        words = form(f"a{sign}b", self._language).words
        if words == ("ab",):
            self._kinds[point] = _DROPPED
            return
        fold = words[-2] if len(words) > 2 else words[0][1:-1] if len(words) == 1 else sign  # noqa: PLR2004 - a, sign, b
        self._values[point] = ord(fold) if len(fold) == 1 else ord(sign)
        self._kinds[point] = self._kind(sign, fold, words)

    def _kind(self, sign: str, fold: str, words: tuple[str, ...]) -> int:
        if unicodedata.category(sign).startswith("M"):
            return _MARK | (_SINGLE if len(words) > 2 else 0)  # noqa: PLR2004 - a, sign, b
        if fold == "'":
            return _APOSTROPHE | _JOINER
        if len(words) == 1:
            return _WORD | (_DIGIT if sign.isdecimal() else 0)
        if len(words) > 2:  # noqa: PLR2004 - a, sign, b
            return _SINGLE
        shown = form(f"a{sign}b", self._language).letters
        return (_SOFT if sign.isspace() or shown in ("a b", "a-b") else 0) | (
            _JOINER if sign in ".,:/\u066b\u066c" else 0
        )


@lru_cache(maxsize=64)
def _alphabet(language: str) -> _Alphabet:
    return _Alphabet(language)


def _composed(row: str) -> tuple[str, Places, Places]:
    """Letters and their marks put together (NFC), with the places they came from."""
    parts: list[str] = []
    starts: list[Places] = []
    ends: list[Places] = []
    done = 0
    for found in _MARKED.finditer(row):
        part = unicodedata.normalize("NFC", found[0])
        if part != found[0]:
            parts += row[done : found.start()], part
            starts += np.arange(done, found.start()), np.full(len(part), found.start())
            ends += np.arange(done + 1, found.start() + 1), np.full(len(part), found.end())
            done = found.end()
    parts.append(row[done:])
    starts.append(np.arange(done, len(row)))
    ends.append(np.arange(done + 1, len(row) + 1))
    return "".join(parts), np.concatenate(starts), np.concatenate(ends)


def _join(signs: _Signs, *, parted: bool) -> None:
    """An apostrophe between letters and a separator between digits belong to the word; where articles elide, they part."""
    kind = signs.kind
    between = np.zeros(len(kind), bool)
    digit, word = kind & _DIGIT != 0, kind & _WORD != 0
    between[1:-1] = (kind[1:-1] & _JOINER != 0) & digit[:-2] & digit[2:]
    if not parted:
        between[1:-1] |= (kind[1:-1] & _APOSTROPHE != 0) & word[:-2] & word[2:]
    kind[between] = _WORD


def _mask_codes(texts: Sequence[str], signs: _Signs, opens: Flags) -> None:
    """Make one word of each placeholder and address, as written, and nothing of tags and entities."""
    base, codes = 0, []
    for text in texts:
        if _CODED.search(text):
            codes += [(base + place, written, said) for place, written, said in _codes(text)]
        base += len(text) + 1
    begins = np.searchsorted(signs.start, [place for place, _, _ in codes]).tolist()
    stops = np.searchsorted(signs.start, [place + len(written) for place, written, _ in codes]).tolist()
    for (_, written, said), begin, stop in zip(codes, begins, stops, strict=True):
        signs.kind[begin:stop] = _WORD if said else _SOFT
        if said and stop - begin == len(written):
            signs.value[begin:stop] = [*map(ord, written)]
        opens[begin] = opens[stop] = True


def _codes(text: str) -> Iterator[tuple[int, str, bool]]:
    """Codes and addresses with their places, and whether they stand for a word."""
    place = 0
    for part in parse(text).parts:
        written = part.data if isinstance(part, Code) else part
        if isinstance(part, Code):
            yield place, written, part.kind in _SAID
        elif _ADDRESSED.search(written):
            for found in (_SITE_OR_MAIL if "@" in written else _SITE).finditer(written):
                yield place + found.start(), found[0], True
        place += len(written)


def _bases(texts: Sequence[str]) -> Places:
    """Where each text begins in the row of all of them, and where a next one would."""
    return np.cumsum([0, *(len(text) + 1 for text in texts)], dtype=np.int64)


def _cut(texts: Sequence[str], signs: _Signs, opens: Flags) -> Tokens:
    kind = signs.kind
    inside, single, mark = kind & (_WORD | _SINGLE | _MARK) != 0, kind & _SINGLE != 0, kind & _MARK != 0
    first = inside & (opens[:-1] | (single & ~mark))
    first[:1] |= inside[:1]
    first[1:] |= inside[1:] & (~inside[:-1] | (single[:-1] & ~mark[1:]))
    last = inside.copy()
    last[:-1] &= ~inside[1:] | first[1:]
    begin, stop = np.flatnonzero(first), np.flatnonzero(last) + 1
    hard = np.zeros(len(kind) + 1, np.int32)
    np.cumsum(~inside & (kind & _SOFT == 0), out=hard[1:])
    bases = _bases(texts)
    start, end = signs.start[begin], signs.end[stop - 1]
    owner = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(start, bases)))
    bound = np.zeros(len(begin), bool)
    bound[1:] = (hard[begin[1:]] == hard[stop[:-1]]) & (owner[1:] == owner[:-1])
    name = _named(signs.value, begin, stop)
    return Tokens(owner, start - bases[owner], end - bases[owner], name, bound, single[begin], signs.value, begin, stop)


def _named(value: Names, begin: Places, stop: Places) -> Names:
    """A polynomial hash of each span, from sums over the row (Karp and Rabin 1987), modulo 2**64."""
    sums = np.zeros(len(value) + 1, np.uint64)
    np.cumsum(value * _powers(_FACTOR, len(value)), out=sums[1:])
    return (sums[stop] - sums[begin]) * _powers(_INVERSE, len(value))[begin]


def _powers(factor: int, count: int) -> Names:
    return _few_powers(factor)[:count] if count <= _KEPT else _all_powers(factor, count)


@cache
def _few_powers(factor: int) -> Names:
    return _all_powers(factor, _KEPT)


def _all_powers(factor: int, count: int) -> Names:
    row = np.full(count, factor, np.uint64)
    row[:1] = 1
    return np.cumprod(row)
