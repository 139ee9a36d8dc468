"""Segments: the distinct forms of a shelf as numbers, before anything is sorted for search; the first half of a build.

A form's letters are cut at spaces into chunks, and chunks are counted once: a segment is a row of chunk numbers. Words are a
chunk's own, so a row of chunks is a row of words, too. Under each segment stand its variants (the same form with other numbers
or codes in it) and under each variant the numbers of its pairs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from memory.forms import Form, words_of

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

GOLDEN = 0x9E3779B97F4A7C15  # mixes an occurrence or a letter into a number (Knuth's multiplicative hashing)
_SPREAD = np.uint64(0xFF51AFD7ED558CCD)  # of MurmurHash3's last steps: every bit changes half of those above it
_HALF = np.uint64(32)


def digest64(text: str) -> int:
    """A number for a text that is the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def word_digests(words: Sequence[str]) -> U64:
    """A number for each word that is the same in every process; letter by letter, for all words of so many letters at once."""
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    sizes = np.array([len(word) for word in words], np.int64)
    longest_first = np.argsort(-sizes, kind="stable")
    starts, sizes = (np.cumsum(sizes) - sizes)[longest_first], sizes[longest_first]
    found = np.full(len(words), GOLDEN, np.uint64)
    for place in range(int(sizes.max(initial=0))):
        longer = int(np.searchsorted(-sizes, -place))
        mixed = (found[:longer] ^ letters[starts[:longer] + place]) * _SPREAD
        found[:longer] = mixed ^ (mixed >> _HALF)
    out = np.empty_like(found)
    out[longest_first] = found
    return out


def digest32(values: tuple[str, ...]) -> int:
    """A number for what a form's marks hide; 0 for nothing."""
    return digest64("\0".join(values)) >> 32 or 1 if values else 0


@dataclass
class Segments:
    """Distinct forms in rows: `chunks[rows[i]:rows[i+1]]` are the chunk numbers of segment i.

    `pairs` has one row (segment, digest of numbers, digest of codes) for each pair, `numbers` their numbers in the store.
    """

    language: str
    vocabulary: list[str]  # chunk number to text
    chunks: U32
    rows: U64
    pairs: U32  # shape (pairs, 3)
    numbers: U64

    @property
    def count(self) -> int:
        return len(self.rows) - 1


@dataclass
class Collector:
    """Takes forms one by one and gives Segments."""

    language: str = "en"
    _known: dict[str, int] = field(default_factory=dict)
    _vocabulary: dict[str, int] = field(default_factory=dict)
    _chunks: list[int] = field(default_factory=list)
    _rows: list[int] = field(default_factory=lambda: [0])
    _pairs: list[tuple[int, int, int]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def add(self, number: int, entry: Form) -> None:
        place = self._known.get(entry.letters)
        if place is None:
            place = self._known[entry.letters] = len(self._known)
            vocabulary = self._vocabulary
            self._chunks += [vocabulary.setdefault(chunk, len(vocabulary)) for chunk in entry.letters.split(" ")]
            self._rows.append(len(self._chunks))
        hidden = digest32(entry.numbers) if entry.numbers else 0
        codes = digest32(entry.codes) if entry.codes else 0
        self._pairs.append((place, hidden, codes))
        self._numbers.append(number)

    def extend(self, entries: Iterable[tuple[int, Form]]) -> "Collector":
        for number, entry in entries:
            self.add(number, entry)
        return self

    def segments(self) -> Segments:
        return Segments(
            self.language,
            list(self._vocabulary),
            np.array(self._chunks, np.uint32),
            np.array(self._rows, np.uint64),
            np.array(self._pairs, np.uint32).reshape(-1, 3),
            np.array(self._numbers, np.uint64),
        )

    def __len__(self) -> int:
        return len(self._numbers)


def chunk_words(segments: Segments) -> tuple[list[str], U32, U32]:
    """The distinct words as they come first, and for each chunk its words' numbers: `numbers[rows[c]:rows[c+1]]`."""
    known: dict[str, int] = {}
    numbers: list[int] = []
    rows = [0]
    for chunk in segments.vocabulary:
        numbers += [known.setdefault(word, len(known)) for word in words_of(chunk, segments.language)]
        rows.append(len(numbers))
    return list(known), np.array(numbers, np.uint32), np.array(rows, np.uint32)
