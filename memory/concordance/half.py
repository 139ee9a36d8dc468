"""Half: one side of a shelf as sorted arrays, in memory or mapped from a file, and the few things they answer at once.

The texts of a side stand in the order in which hits are shown, short before long and newer before older; the number of a text
in that order is its *row*. Laid one after the other in this order, one place left free between two, each word of each text has
a *place*. Of every word of the vocabulary its places are kept, ascending. So

- a phrase is an intersection of lists of places, each moved by its distance from the first word, and no text is read (the
  positional index; Zobel and Moffat, "Inverted files for text search engines", ACM Computing Surveys 38, 2006);
- the rows of a word need no list of their own: rows of equal length follow each other, so a row is its place divided;
- the best hits come first, and to stop early is to have looked through the first rows only.

A word costs four bytes, a text four or eight.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memory.concordance.vocabulary import U32, Numbers, Vocabulary

Rows = NDArray[np.bool_]  # for each row whether it is meant


@dataclass(frozen=True, slots=True)
class Arrays:
    """One side as it stands in a file.

    `numbers`: the store's number of each row. `lengths`, `counts`: how many rows have how many words, ascending.
    `letters`, `starts`: the vocabulary. `places[firsts[i] : firsts[i + 1]]`: where word i stands.
    `stem_letters`, `stem_starts`: the stems; `inflections[stem_firsts[i] : stem_firsts[i + 1]]`: the words of stem i.
    """

    numbers: NDArray[Any]  # uint32 or uint64
    lengths: U32
    counts: U32
    letters: U32
    starts: U32
    firsts: U32
    places: U32
    stem_letters: U32
    stem_starts: U32
    stem_firsts: U32
    inflections: U32


class Half:
    """One side, ready to be asked."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self.numbers, self.places = arrays.numbers, arrays.places
        self.vocabulary = Vocabulary(arrays.letters, arrays.starts)
        self._stems = Vocabulary(arrays.stem_letters, arrays.stem_starts)
        counts, strides = arrays.counts.astype(np.int64), arrays.lengths.astype(np.int64) + 1
        self._strides = strides
        self._first_rows = np.concatenate(([0], np.cumsum(counts)))
        self._first_places = np.concatenate(([0], np.cumsum(counts * strides)))

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.numbers)

    @property
    def extent(self) -> int:
        """The place after the last."""
        return int(self._first_places[-1])

    def inflections(self, stems: Iterable[str]) -> Numbers:
        """The words that have one of these stems, sorted."""
        firsts = self._arrays.stem_firsts
        found = [
            self._arrays.inflections[firsts[number] : firsts[number + 1]]
            for stem in stems
            for number in self._stems.find(stem)
        ]
        words: Numbers = np.unique(np.concatenate([np.zeros(0, np.intp), *found]))
        return words

    def spans(self, words: Numbers) -> tuple[Numbers, Numbers]:
        """For each word from where to where its places stand."""
        firsts = self._arrays.firsts
        return firsts[words].astype(np.intp), firsts[words + 1].astype(np.intp)

    def lists(self, words: Numbers) -> Iterator[U32]:
        """For each word its places."""
        for first, last in zip(*self.spans(words), strict=True):
            yield self.places[first:last]

    def rows(self, places: U32) -> Rows:
        """The rows in which these places are; ascending places."""
        found = np.zeros(self.size, np.bool_)
        bounds = places.searchsorted(self._first_places.astype(np.uint32))
        for group in np.flatnonzero(bounds[1:] > bounds[:-1]):
            offset = places[bounds[group] : bounds[group + 1]] - np.uint32(self._first_places[group])
            found[offset // np.uint32(self._strides[group]) + self._first_rows[group]] = True
        return found

    def row_of(self, places: U32 | int) -> NDArray[np.int64]:
        """The row of each place."""
        group = self._first_places.searchsorted(places, side="right") - 1
        return self._first_rows[group] + (places - self._first_places[group]) // self._strides[group]

    def row_spans(self, rows: Numbers) -> tuple[U32, U32]:
        """For each row its first place and the one after its last."""
        group = self._first_rows.searchsorted(rows, side="right") - 1
        starts = self._first_places[group] + (rows - self._first_rows[group]) * self._strides[group]
        return starts.astype(np.uint32), (starts + self._strides[group] - 1).astype(np.uint32)

    def order(self, row: int) -> tuple[int, int]:
        """What decides between rows of several halves: how many words a text has, then its number, the newest first."""
        length = int(self._strides[self._first_rows.searchsorted(row, side="right") - 1]) - 1
        return length, -int(self.numbers[row])


def ranges(starts: Numbers, ends: Numbers) -> Numbers:
    """All numbers from each start to its end, one range after the other."""
    sizes = ends - starts
    first = np.repeat(starts - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    return first + np.arange(len(first))
