"""Search: the rows of one side that a query finds, best first; what brute force over all its texts finds, unless it says so.

Rarest first: the first term is read whole, each further one only where rows are left. Lists of places that differ much in
length are met by binary search of the shorter in the longer, others by sorting both together. A list of more than MOST places
(a wildcard that stands for nearly everything, a common word among tens of millions) is read for the first rows only, which are
the best; what is found there is all that is there, and the answer says that it was cut.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from memory.concordance.half import Half, Rows, ranges
from memory.concordance.query import Query, Term, Word
from memory.concordance.vocabulary import U32, Numbers

MOST = 2_000_000  # places read of one word or wildcard
_SKEW = 16  # how many times longer a list must be to be searched in rather than read
_LISTS = 64  # lists that are searched in, at most, the longest ones
_WHOLE = 256  # places from which a list is read by itself
_BLOCK = 6  # places looked at together, as a power of two; their marks stay in the processor's cache
_SPARSE = 256  # places in which one is few


class Rank(IntEnum):
    """How near a hit is to what was typed; within a rank short texts come first, then the newest."""

    PHRASE = 0  # the very words, side by side
    WORDS = 1  # the very words
    INFLECTED_PHRASE = 2  # side by side, at least one of them in another inflection
    INFLECTED = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What one half has: the best as (rank, row), how many rows in all, and whether not all rows were looked through."""

    best: tuple[tuple[Rank, int], ...]
    total: int
    cut: bool


def look(half: Half, query: Query, limit: int, gone: Rows | None = None) -> Look:
    """The best rows of a query, `limit` of them; rows that are `gone` do not count."""
    looking = _Looking(half, query.wild)
    rows = looking.every(query.wanted, loose=True)
    for term in query.unwanted:
        rows &= ~looking.rows(term, loose=True, among=rows)
    if gone is not None:
        rows &= ~gone
    rows[looking.reach :] = False
    total = int(np.count_nonzero(rows))
    best: list[tuple[Rank, int]] = []
    left = rows.copy()
    for rank, ranked in looking.ranked(query, rows) if total else ():
        fresh = np.flatnonzero(ranked & left)[: limit - len(best)]
        best += [(rank, int(row)) for row in fresh]
        left[fresh] = False
        if len(best) == limit:
            break
    return Look(tuple(best), total, looking.cut)


class _Looking:
    """One query under way in one half."""

    def __init__(self, half: Half, wild: int) -> None:
        self._half = half
        self._most = 2 * MOST // max(2, wild)
        self._end = half.extent  # the place up to which is read
        self._words: dict[tuple[Word, bool], Numbers] = {}

    @property
    def cut(self) -> bool:
        return self._end < self._half.extent

    @property
    def reach(self) -> int:
        """The row up to which all was looked through."""
        return int(self._half.row_of(self._end)) if self.cut else self._half.size

    def every(self, terms: Iterable[Term], *, loose: bool, among: Rows | None = None) -> Rows:
        """Rows that have all these terms; `loose` is in any inflection."""
        rows = among
        for term in sorted(terms, key=lambda term: self._least(term, loose=loose)):
            found = self.rows(term, loose=loose, among=rows)
            rows = found if rows is None else rows & found
            if not rows.any():
                break
        return np.zeros(self._half.size, np.bool_) if rows is None else rows

    def rows(self, term: Term, *, loose: bool, among: Rows | None = None) -> Rows:
        """Rows that have a term; of the others than `among` only some."""
        lists = sorted((self._count(word, loose=loose), offset, word) for offset, word in term.words)
        (count, offset, word), *others = lists
        if not count:
            return np.zeros(self._half.size, np.bool_)
        words = self._numbers(word, loose=loose)
        places = self._read(words, among) - np.uint32(offset)
        for _, offset, word in others:
            places = self._meeting(places, offset, self._numbers(word, loose=loose))
        if term.has_gap:
            places = places[self._half.row_of(places) == self._half.row_of(places + np.uint32(term.size - 1))]
        return self._half.rows(places if len(words) == 1 else np.sort(places))

    def ranked(self, query: Query, rows: Rows) -> Iterator[tuple[Rank, Rows]]:
        """The rows again, rank by rank; what is in an earlier rank may be in a later one, too."""
        named = [word for term in query.wanted for _, word in term.words]
        inflected = any(self._count(word, loose=True) > self._count(word, loose=False) for word in named)
        exact = self.every(query.wanted, loose=False, among=rows) if inflected else rows
        apart = len(query.wanted) > 1
        yield Rank.PHRASE, exact & self.rows(query.whole, loose=False, among=exact) if apart else exact
        yield Rank.WORDS, exact
        if inflected:
            yield Rank.INFLECTED_PHRASE, rows & self.rows(query.whole, loose=True, among=rows) if apart else rows
            yield Rank.INFLECTED, rows

    def _numbers(self, word: Word, *, loose: bool) -> Numbers:
        """The numbers of the words that a word of the query stands for."""
        key = word, loose and word.stems != ()
        known = self._words.get(key)
        if known is None:
            if word.wild:
                known = self._half.vocabulary.like(word.text)
            elif key[1]:
                known = self._half.inflections(word.stems)
            else:
                known = self._half.vocabulary.find(word.text)
            self._words[key] = known
        return known

    def _count(self, word: Word, *, loose: bool) -> int:
        starts, ends = self._half.spans(self._numbers(word, loose=loose))
        return int((ends - starts).sum())

    def _least(self, term: Term, *, loose: bool) -> int:
        return min(self._count(word, loose=loose) for _, word in term.words)

    def _read(self, words: Numbers, among: Rows | None = None) -> U32:
        """The places of words, ascending where it is one word; of rows other than `among` only some."""
        if among is not None:
            rows = int(np.count_nonzero(among))
            long, words = self._split(words, rows)
            if len(long):
                within = self._within(long, np.flatnonzero(among))
                return np.concatenate([within, self._read(words)]) if len(words) else within
        starts, ends = self._half.spans(words)
        if (count := int((ends - starts).sum())) > self._most:
            self._shorten(count)
        if self.cut:
            ends = self._before_end(starts, ends)
        if len(words) == 1:
            return self._half.places[starts[0] : ends[0]]
        whole = ends - starts > _WHOLE
        lists = [self._half.places[start:end] for start, end in zip(starts[whole], ends[whole], strict=True)]
        return np.concatenate([*lists, self._half.places[ranges(starts[~whole], ends[~whole])]])

    def _split(self, words: Numbers, few: int) -> tuple[Numbers, Numbers]:
        """Words whose lists are long enough for a few things to be searched in each, and the others."""
        starts, ends = self._half.spans(words)
        sizes = ends - starts
        most = np.partition(sizes, -_LISTS)[-_LISTS] if len(sizes) > _LISTS else 0
        long = sizes > max(few * _SKEW, most)
        return words[long], words[~long]

    def _within(self, words: Numbers, rows: Numbers) -> U32:
        """The places of words in these rows, word by word."""
        firsts, lasts = self._half.row_spans(rows)
        found = [
            places[ranges(places.searchsorted(firsts), places.searchsorted(lasts))]
            for places in self._half.lists(words)
        ]
        return np.concatenate(found)

    def _meeting(self, places: U32, offset: int, words: Numbers) -> U32:
        """Those places that have one of these words at this distance; ascending where the places are."""
        wanted = places + np.uint32(offset)
        long, words = self._split(words, len(wanted))
        met = np.zeros(len(wanted), np.bool_)
        for there in self._half.lists(long):
            at = there.searchsorted(wanted)
            met |= there[np.minimum(at, len(there) - 1)] == wanted
        found = wanted[met]
        if len(words):
            found = np.concatenate([found, _shared(self._read(words), wanted, self._half.extent)])
            found.sort()
        return found - np.uint32(offset)

    def _shorten(self, count: int) -> None:
        """Look through fewer rows, so that of so many places about as many are read as may be."""
        end = self._half.extent * self._most // count
        if end < self._end:
            first, _ = self._half.row_spans(self._half.row_of(end))
            self._end = int(first)

    def _before_end(self, starts: Numbers, ends: Numbers) -> Numbers:
        """For each list from start to end, where those places begin that are not looked at (binary search of all at once)."""
        low, high, last = starts.copy(), ends.copy(), len(self._half.places) - 1
        while (low < high).any():
            middle = np.minimum((low + high) // 2, last)
            before = (self._half.places[middle] < self._end) & (low < high)
            low, high = np.where(before, middle + 1, low), np.where(before, high, np.minimum(middle, high))
        return low


def _shared(many: U32, few: U32, extent: int) -> U32:
    """The places in both lists, ascending; where few are meant, the many are first gone through by blocks of places."""
    few = few[few < extent]
    if len(few) * _SPARSE < extent:
        marked = np.zeros((extent >> _BLOCK) + 1, np.bool_)
        marked[few >> np.uint32(_BLOCK)] = True
        many = many[marked[many >> np.uint32(_BLOCK)]]
    return np.intersect1d(many, few, assume_unique=True)
