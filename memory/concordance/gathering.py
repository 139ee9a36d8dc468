"""Gathering: the texts of one side on their way into sorted arrays, kept as the numbers of their words, in a file if asked."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from typing import IO

import numpy as np
from numpy.typing import NDArray

from memory.concordance.half import Arrays, Half
from memory.concordance.vocabulary import U32, Vocabulary
from memory.concordance.words import inflected, pieces, read

Section = tuple[str, Iterable[NDArray[np.generic]]]

_WORD = 4  # bytes of a word's number
_SPILL = 1 << 22  # bytes of words kept in memory before they are written
_STEP = 1 << 20  # words worked on at a time
_PART = 1 << 22  # places sorted at a time: 32 MiB
_MOST_PIECES = 1 << 20  # distinct pieces remembered
_MOST_PLACES = 1 << 32


class _Known(dict[str, bytes]):
    """The word numbers of each piece, four bytes each, read when it is first met."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.words: defaultdict[str, int] = defaultdict(count().__next__)

    def __missing__(self, piece: str) -> bytes:
        if len(self) > _MOST_PIECES:
            self.clear()
        numbers = self[piece] = array("I", [self.words[word] for word in read(piece, self.language)]).tobytes()
        return numbers


class Gathering:
    """Takes texts one by one; `spill` is a file, empty and open for reading and writing, that will hold their words."""

    def __init__(self, language: str, spill: IO[bytes] | None = None) -> None:
        self._language, self._spill = language, spill
        self._known = _Known(language)
        self._numbers, self._lengths, self._words = array("Q"), array("I"), bytearray()

    def add(self, number: int, text: str) -> None:
        """A text without a word is found by no query and left out."""
        if not (words := b"".join(map(self._known.__getitem__, pieces(text)))):
            return
        self._numbers.append(number)
        self._lengths.append(len(words) // _WORD)
        self._words += words
        if self._spill is not None and len(self._words) > _SPILL:
            self._spill.write(self._words)
            self._words.clear()

    def half(self) -> Half:
        """All of it in memory."""
        return Half(
            Arrays(**{name: np.concatenate([np.zeros(0, np.uint32), *parts]) for name, parts in self.sections()})
        )

    def sections(self) -> Iterator[Section]:
        """The fields of `Arrays` by name, each as arrays to be laid one after the other; to be read in order, once.

        Raises OverflowError where there are more words than 32 bits can number.
        """
        numbers, lengths = np.array(self._numbers, np.uint64), np.array(self._lengths, np.int64)
        if lengths.sum() + len(lengths) >= _MOST_PLACES:
            raise OverflowError(f"{lengths.sum():,} words are too many for one concordance; divide the shelf.")
        order = np.lexsort((numbers.max(initial=0) - numbers, lengths))
        first_places = np.empty(len(order), np.int64)
        first_places[order] = np.cumsum(lengths[order] + 1) - (lengths[order] + 1)
        wide = numbers.max(initial=0) >= _MOST_PLACES
        yield "numbers", [numbers[order].astype(np.uint64 if wide else np.uint32)]
        distinct, counts = np.unique(lengths, return_counts=True)
        yield "lengths", [distinct.astype(np.uint32)]
        yield "counts", [counts.astype(np.uint32)]
        vocabulary = sorted(self._known.words)
        renumbered = np.empty(len(vocabulary), np.uint32)
        renumbered[[self._known.words[word] for word in vocabulary]] = np.arange(len(vocabulary), dtype=np.uint32)
        yield from _named(("letters", "starts"), Vocabulary.arrays(vocabulary))
        stream = _Stream(self._stream(), renumbered, lengths, first_places)
        firsts = stream.firsts(len(vocabulary))
        yield "firsts", [firsts.astype(np.uint32)]
        yield "places", stream.places(firsts)
        yield from self._stems(vocabulary)

    def _stream(self) -> U32:
        """The numbers of all words in the order they came."""
        if self._spill is None:
            return np.frombuffer(self._words, np.uint32)
        self._spill.write(self._words)
        self._spill.flush()
        self._words.clear()
        return np.memmap(self._spill, np.uint32, "r") if self._spill.tell() else np.zeros(0, np.uint32)

    def _stems(self, vocabulary: list[str]) -> Iterator[Section]:
        inflections: dict[str, list[int]] = {}
        for number, word in enumerate(vocabulary):
            for stem in inflected(word, self._language):
                inflections.setdefault(stem, []).append(number)
        stems = sorted(inflections)
        yield from _named(("stem_letters", "stem_starts"), Vocabulary.arrays(stems))
        sizes = [len(inflections[each]) for each in stems]
        yield "stem_firsts", [np.concatenate(([0], np.cumsum(sizes, dtype=np.uint32))).astype(np.uint32)]
        yield "inflections", [np.array([number for each in stems for number in inflections[each]], np.uint32)]


def _named(names: tuple[str, ...], arrays: tuple[U32, ...]) -> Iterator[Section]:
    for name, found in zip(names, arrays, strict=True):
        yield name, [found]


class _Stream:
    """The words of all texts as they came, read in steps of whole texts."""

    def __init__(
        self, words: U32, renumbered: U32, lengths: NDArray[np.int64], first_places: NDArray[np.int64]
    ) -> None:
        self._words, self._renumbered, self._lengths = words, renumbered, lengths
        self._ends = np.cumsum(lengths)
        self._shifts = first_places - (self._ends - lengths)  # from where a word came to where it stands

    def _steps(self) -> Iterator[tuple[U32, U32]]:
        """The words of some texts, as they are numbered in the vocabulary, and their places."""
        done = begin = 0
        while done < len(self._lengths):
            upto = max(done + 1, int(self._ends.searchsorted(begin + _STEP, side="right")))
            end = int(self._ends[upto - 1])
            shifts = np.repeat(self._shifts[done:upto], self._lengths[done:upto])
            yield self._renumbered[self._words[begin:end]], (shifts + np.arange(begin, end)).astype(np.uint32)
            done, begin = upto, end

    def firsts(self, vocabulary: int) -> NDArray[np.int64]:
        """How many places come before those of each word, in the order of the vocabulary; and how many there are."""
        counts = np.zeros(vocabulary, np.int64)
        for words, _ in self._steps():
            counts += np.bincount(words, minlength=vocabulary)
        return np.concatenate(([0], np.cumsum(counts)))

    def places(self, firsts: NDArray[np.int64]) -> Iterator[U32]:
        """The places of all words, word by word, ascending; sorted in parts of about _PART."""
        begin, most = 0, len(firsts) - 1
        while begin < most:
            end = max(begin + 1, int(firsts.searchsorted(firsts[begin] + _PART, side="right")) - 1)
            found = []
            for words, places in self._steps():
                here = (words >= begin) & (words < end)
                found.append(words[here].astype(np.uint64) << np.uint64(32) | places[here])
            part = np.concatenate(found)
            part.sort()
            yield part.astype(np.uint32)  # the word falls away with the upper half
            begin = end
