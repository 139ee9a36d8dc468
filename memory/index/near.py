"""Near: one text held against many, in numpy and rapidfuzz; the reference's own points wherever they reach what is wanted.

What a word of another text costs in place of each of the query's is reckoned once for all candidates that have it. A row of
Levenshtein's table over words is then three steps over whole rows: what stands left of a place reaches it by adding words
only, so the least of all places left of it, each a word dearer for every step, is a running minimum.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from memory.forms import Form
from memory.score import FLOOR, FULL, LIKE, LONGEST, SHORT, shared

Costs = NDArray[np.uint8]

_WORD = 100  # what adding or dropping a word costs


class Nearness:
    """A query prepared to be held against others."""

    def __init__(self, entry: Form) -> None:
        self._entry = entry
        self._mine = {word: place for place, word in enumerate(dict.fromkeys(entry.words))}
        self._columns = np.array([self._mine[word] for word in entry.words], np.int64)
        self._lengths = np.array([len(word) for word in self._mine], np.int64)
        self._places: dict[str, int] = {}  # of a word among those whose costs are known
        self._costs: Costs = np.zeros((0, len(self._mine)), np.uint8)

    def points(self, letters: str, words: Sequence[str], wanted: int) -> int:
        """`memory.score.similarity` with a text of these letters and words, or something below what is wanted."""
        mine = self._entry
        longest, count = max(len(mine.letters), len(letters)), max(len(mine.words), len(words))
        if longest > LONGEST:
            return FULL if mine.letters == letters else 0
        if count <= SHORT:
            return _by_letters(mine.letters, letters, wanted)
        said = FULL * min(len(mine.words), len(words)) // count
        near = _by_letters(mine.letters, letters, 2 * wanted - said)
        if near + said < 2 * wanted or 100 * shared(mine.words, words) < FLOOR * count:
            return 0
        whole = _WORD * count
        most = whole * (FULL - max(0, 2 * wanted - near)) // FULL
        cost = self._words(words, most)
        return (near + FULL * (whole - cost) // whole) // 2 if cost <= most else 0

    def _words(self, words: Sequence[str], most: int) -> int:
        """`memory.score.word_distance` where it is at most `most`, else something above it.

        Words that both begin and end with cost nothing; all others at least what they cost in the cheapest other's place.
        """
        first, last = _equal_ends(self._entry.words, words)
        theirs = words[first : len(words) - last]
        count = len(self._entry.words) - first - last
        if not theirs or not count:
            return _WORD * max(len(theirs), count)
        costs = self._known(theirs)[:, self._columns[first : first + count]]
        cheapest = max(int(costs.min(axis=axis).sum(dtype=np.int64)) for axis in (0, 1))
        if cheapest > most:
            return cheapest
        steps = _WORD * np.arange(count + 1)
        row = steps.copy()
        for number, cost in enumerate(costs, 1):
            after = np.empty_like(row)
            after[0] = _WORD * number
            np.minimum(row[:-1] + cost, row[1:] + _WORD, out=after[1:])
            row = np.minimum.accumulate(after - steps) + steps
        return int(row[-1])

    def _known(self, words: Sequence[str]) -> Costs:
        """What each of these words costs in place of each of the query's, a line for each (`memory.score.change`)."""
        if new := [word for word in dict.fromkeys(words) if word not in self._places]:
            apart = cdist(new, list(self._mine), scorer=Levenshtein.distance, workers=1).astype(np.int64)
            longest = np.maximum(np.array([len(word) for word in new], np.int64)[:, None], self._lengths)
            cost = -(-_WORD * apart // longest)
            self._places |= {word: len(self._places) + place for place, word in enumerate(new)}
            self._costs = np.concatenate([self._costs, np.where(cost <= LIKE, cost, _WORD).astype(np.uint8)])
        return self._costs[[self._places[word] for word in words]]


def _by_letters(a: str, b: str, least: int) -> int:
    """Points by characters where they reach `least`, else 0."""
    longest = max(len(a), len(b))
    if not longest:
        return FULL
    if least > FULL:
        return 0
    most = longest * (FULL - max(0, least)) // FULL
    cost = Levenshtein.distance(a, b, score_cutoff=most)
    return FULL * (longest - cost) // longest if cost <= most else 0


def _equal_ends(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """How many words both begin with, and how many of the others both end with."""
    most = min(len(a), len(b))
    first = next((place for place in range(most) if a[place] != b[place]), most)
    most -= first
    return first, next((place for place in range(most) if a[-1 - place] != b[-1 - place]), most)
