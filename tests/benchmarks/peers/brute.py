"""Brute force: the score of every segment, the truth that others are measured by.

Nothing is left out that could reach the least percent: shared words are counted exactly for all segments of a block, letters
by the bit-parallel distance where the counts allow 75 %, the soft distance over words where the letters do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from memory.forms import Form
from memory.score import FLOOR, FULL, SHORT
from tests.benchmarks.peers import LEAST, Answer, Query, Segments
from tests.benchmarks.peers.ranking import fifth, percent, ranked

Ints = NDArray[np.int32]

_BLOCK = 250_000
_POINTS = round(LEAST * 100)


class Brute:
    """As an engine; a block at a time, so that a million segments need no more memory than their forms."""

    name = "brute force by the reference"

    def __init__(self) -> None:
        self._blocks: list[Block] = []

    def build(self, segments: Segments) -> None:
        self._blocks = list(_blocks(segments.forms))

    def search(self, query: Query) -> list[Answer]:
        return ranked(chain.from_iterable(block.search(query.form) for block in self._blocks))

    def size(self) -> int | None:
        return None

    def close(self) -> None:
        self._blocks.clear()


def truth(queries: Sequence[Query], forms: Iterable[Form]) -> list[list[Answer]]:
    """The best answers to each query over any number of forms, one block in memory at a time."""
    found: list[list[Answer]] = [[] for _ in queries]
    for block in _blocks(forms):
        found = [ranked([*known, *block.search(query.form)]) for known, query in zip(found, queries, strict=True)]
    return found


def _blocks(forms: Iterable[Form]) -> Iterator["Block"]:
    rest, first = iter(forms), 0
    while some := list(islice(rest, _BLOCK)):
        yield Block(some, first)
        first += len(some)


class Block:
    """Segments with the postings of their words; the k-th time a word stands in a text it is a word of its own."""

    def __init__(self, forms: Sequence[Form], first: int) -> None:
        self._forms, self._first = forms, first
        self._letters = np.array([len(form.letters) for form in forms], np.int32)
        self._words = np.array([len(form.words) for form in forms], np.int32)
        self._short = np.flatnonzero(self._words <= SHORT)
        postings: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place, form in enumerate(forms):
            for word in _numbered(form.words):
                postings[word].append(place)
        self._postings = {word: np.array(places, np.int32) for word, places in postings.items()}

    def search(self, form: Form) -> list[Answer]:
        """In the order of what the counts allow, until that is less than the last of the answers found."""
        places, bounds = self._possible(form)
        answers: list[Answer] = []
        for at in np.argsort(-bounds, kind="stable").tolist():
            least = fifth(answers)
            if bounds[at] < round(least * 100):
                break
            place = int(places[at])
            points = percent(form, self._forms[place], least)
            if points >= least:
                answers = ranked([*answers, (self._first + place, points)])
        return answers

    def _possible(self, form: Form) -> tuple[Ints, Ints]:
        """Segments that may reach the least percent, and the most points they can have."""
        shared = np.zeros(len(self._forms), np.int32)
        for word in _numbered(form.words):
            places = self._postings.get(word)
            if places is not None:
                shared[places] += 1
        count = np.maximum(self._words, len(form.words))
        places = np.flatnonzero((100 * shared >= FLOOR * count) & (count > SHORT)).astype(np.int32)
        letters, words = self._letters[places], self._words[places]
        by_letters = _ratio(letters, len(form.letters))
        bounds = (by_letters + _ratio(words, len(form.words))) // 2
        kept = bounds >= _POINTS
        places, bounds = places[kept], bounds[kept]
        if len(form.words) <= SHORT:
            short, most = self._possible_labels(form.letters)
            places, bounds = np.concatenate([places, short]), np.concatenate([bounds, most])
        return places, bounds

    def _possible_labels(self, letters: str) -> tuple[Ints, Ints]:
        """Among texts of at most two words letters alone count."""
        near = self._short[_ratio(self._letters[self._short], len(letters)) >= _POINTS].astype(np.int32)
        if not len(near):
            return near, near
        costs = cdist([letters], [self._forms[place].letters for place in near], scorer=Levenshtein.distance)[0]
        longest = np.maximum(np.maximum(self._letters[near], len(letters)), 1)
        points = FULL * (longest - costs.astype(np.int64)) // longest
        kept = points >= _POINTS
        return near[kept], points[kept].astype(np.int32)


def _ratio(lengths: Ints, length: int) -> Ints:
    """The most points two of these lengths can have."""
    return (FULL * np.minimum(lengths, length) // np.maximum(np.maximum(lengths, length), 1)).astype(np.int32)


def _numbered(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    seen: dict[str, int] = {}
    for word in words:
        seen[word] = seen.get(word, 0) + 1
        yield word, seen[word]
