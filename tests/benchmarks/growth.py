"""Growth: segments without end, grown from originals; all different, the same for the same seed.

First the originals themselves, then in steps of 50,000

- labels of one and two words. Of these a site runs out: there are as many as its originals have times (n / originals) ^ 0.7,
  by Heaps' law (Information Retrieval, 1978, p. 206), so their share falls while the corpus grows;
- sentences: the head of one original and the tail of another, cut at clauses, a tenth to seven tenths of their content words
  changed for words of the same shape by their frequency in the originals, names from a long tail, other numbers;
- versions: an earlier segment with one to three words changed, added or taken out, as memories have them.

Of 4,274 strings of a real site, 42 % have another that is at least 75 % like them, 30 % have at most two words, and the mean
has 11 words. Of what grows from them it is 40 %, 13 % and 14 words at 100,000, and 43 %, 7 % and 16 words at a million.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.originals import Originals
from tests.benchmarks.vocabulary import Vocabulary

Ints = NDArray[np.int64]

_STEP = 50_000
_HEAPS = 0.7
_SHORT = 2  # words of a label
_VERSIONS = 0.35  # share of versions among longer segments
_POOL = 20  # steps whose segments get versions later on
_LEAST_CHANGED, _MOST_CHANGED = 0.1, 0.7  # of a sentence's content words


@dataclass(frozen=True)
class Rows:
    """Segments as token numbers, one after the other; row i is tokens[starts[i] : starts[i] + lengths[i]]."""

    tokens: Ints
    lengths: Ints

    @cached_property
    def starts(self) -> Ints:
        return np.cumsum(self.lengths) - self.lengths

    def spans(self, rows: Ints, first: Ints, lengths: Ints) -> "Rows":
        """Of each named row, so many tokens from its `first` on."""
        begin = self.starts[rows] + first
        offset = np.repeat(begin - (np.cumsum(lengths) - lengths), lengths)
        return Rows(self.tokens[offset + np.arange(lengths.sum())], lengths)

    def take(self, rows: Ints) -> "Rows":
        return self.spans(rows, np.zeros_like(rows), self.lengths[rows])

    def repeated(self, counts: Ints) -> "Rows":
        """Each token so many times; rows that end up empty are left out."""
        lengths = np.add.reduceat(counts, self.starts)
        return Rows(np.repeat(self.tokens, counts), lengths[lengths > 0])


class Growth:
    """Grows segments from originals, never a later version; one random stream, so the n-th segment is always the same."""

    def __init__(self, originals: Originals, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)
        self._words = Vocabulary(originals.texts, self._random)
        self._seeds = _rows([self._words.numbers(text) for text in originals.texts])
        self._keys = self._random.integers(1, 2**63, len(self._words.table), np.uint64) << np.uint64(1)
        self._places = self._random.integers(1, 2**63, 1 + int(self._seeds.lengths.max()) * 3, np.uint64) * np.uint64(2)
        is_long = self._seeds.lengths > _SHORT
        by_length = np.argsort(self._seeds.lengths, kind="stable")
        self._long, self._labels = by_length[is_long[by_length]], np.flatnonzero(~is_long)
        self._cuts = _Cuts(originals.texts)
        self._later = {after for _, after in originals.edits}

    def texts(self) -> Iterator[str]:
        """Without end."""
        known = self._hashes(self._seeds)
        known.sort()
        yield from self._joined(self._seeds)
        count, pool = len(known), [self._seeds]
        while True:
            rows = self._step(count, pool[int(self._random.random() * len(pool))])
            hashes = self._hashes(rows)
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            _, first = np.unique(hashes, return_index=True)
            fresh = np.sort(first[known[at[first]] != hashes[first]])
            rows = rows.take(fresh[np.argsort(self._random.random(len(fresh)), kind="stable")])
            known = np.sort(np.concatenate([known, hashes[fresh]]), kind="stable")
            count = len(known)
            if len(pool) < _POOL:
                pool.append(rows)
            yield from self._joined(rows)

    def unrelated(self, count: int) -> Iterator[str]:
        """Labels and sentences of the same language that are no version of anything; some may be the same."""
        labels = len(self._labels) * count // len(self._seeds.lengths)
        rows = _together(self._label(labels), self._sentence(count - labels))
        yield from self._joined(rows.take(np.argsort(self._random.random(len(rows.lengths)), kind="stable")))

    def _step(self, count: int, pool: Rows) -> Rows:
        first = len(self._seeds.lengths)
        more = ((count + _STEP) / first) ** _HEAPS - (count / first) ** _HEAPS
        labels = min(_STEP, round(len(self._labels) * more))
        versions = round((_STEP - labels) * _VERSIONS)
        return _together(self._label(labels), self._sentence(_STEP - labels - versions), self._version(pool, versions))

    def _label(self, count: int) -> Rows:
        """Labels with most words changed; where the originals have none, two words of a sentence."""
        rows = self._labels if len(self._labels) else self._long
        label = self._seeds.take(rows[self._below(np.full(count, len(rows)))])
        label = label.spans(np.arange(count), np.zeros(count, np.int64), np.minimum(label.lengths, _SHORT))
        return self._changed(label, np.full(count, 0.8))

    def _sentence(self, count: int) -> Rows:
        """The head of an original and the tail of one of about its length."""
        place = self._below(np.full(count, len(self._long)))
        near = np.clip(place + self._below(np.full(count, 401)) - 200, 0, len(self._long) - 1)
        head, tail = self._long[place], self._long[near]
        cut, resumed = self._cuts.some(head, self._random), self._cuts.some(tail, self._random)
        heads = self._seeds.spans(head, np.zeros_like(cut), cut)
        tails = self._seeds.spans(tail, resumed, self._seeds.lengths[tail] - resumed)
        order = np.arange(2 * count).reshape(2, count).T.reshape(-1)
        mixed = _together(heads, tails).take(order)
        joined = Rows(mixed.tokens, heads.lengths + tails.lengths)
        return self._changed(joined, _LEAST_CHANGED + (_MOST_CHANGED - _LEAST_CHANGED) * self._random.random(count))

    def _version(self, pool: Rows, count: int) -> Rows:
        """One to three places of an earlier segment: four in eight changed, two added, two taken out."""
        rows = pool.take(self._below(np.full(count, len(pool.lengths))))
        tokens, counts = rows.tokens.copy(), np.ones(len(rows.tokens), np.int64)
        edits = 1 + self._below(np.minimum(3, 1 + rows.lengths // 4))
        changed = np.zeros(len(tokens), bool)
        for number in range(3):
            row = np.flatnonzero(edits > number)
            place = rows.starts[row] + self._below(rows.lengths[row])
            place = place[self._words.content[tokens[place]] > 0]
            kind = self._below(np.full(len(place), 8))
            changed[place[kind < 4]] = True
            counts[place[(kind >= 4) & (kind < 6)]] = 2
            counts[place[kind >= 6]] = 0
        tokens[changed] = self._words.another(tokens[changed], self._random)
        grown = Rows(tokens, rows.lengths).repeated(counts)
        twin = np.flatnonzero(np.repeat(counts, counts) == 2)[1::2]
        grown.tokens[twin] = self._words.another(grown.tokens[twin], self._random)
        return grown

    def _changed(self, rows: Rows, rates: NDArray[np.float64]) -> Rows:
        """Content words become others of their shape at the row's rate; numbers always do."""
        chance = np.repeat(rates, rows.lengths) * self._words.content[rows.tokens]
        places = np.flatnonzero(self._random.random(len(chance)) < chance)
        tokens = rows.tokens.copy()
        tokens[places] = self._words.another(tokens[places], self._random)
        return Rows(tokens, rows.lengths)

    def _below(self, ends: Ints) -> Ints:
        """A number from 0 to below each end."""
        return (self._random.random(len(ends)) * ends).astype(np.int64)

    def _hashes(self, rows: Rows) -> NDArray[np.uint64]:
        places = np.arange(len(rows.tokens)) - np.repeat(rows.starts, rows.lengths)
        return np.add.reduceat(
            (self._keys[rows.tokens] + np.uint64(1)) * (self._places[places % len(self._places)] + np.uint64(1)),
            rows.starts,
        )

    def _joined(self, rows: Rows) -> Iterator[str]:
        words = self._words.table[rows.tokens].tolist()
        for start, end in zip(rows.starts.tolist(), (rows.starts + rows.lengths).tolist(), strict=True):
            text = " ".join(words[start:end])
            if text not in self._later:
                yield text


class _Cuts:
    """Where originals may be cut: before a clause, never within a tag; in the middle where there is none."""

    _BEGINS = frozenset(
        ["and", "or", "that", "which", "who", "for", "to", "in", "with", "by", "from", "under", "on", "if"]
    )

    def __init__(self, texts: Sequence[str]) -> None:
        cuts = [self._of(text.split()) for text in texts]
        self._counts = np.array([len(places) for places in cuts], np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._places = np.array(list(chain.from_iterable(cuts)), np.int64)

    def some(self, rows: Ints, random_: np.random.Generator) -> Ints:
        return self._places[self._starts[rows] + (random_.random(len(rows)) * self._counts[rows]).astype(np.int64)]

    def _of(self, words: Sequence[str]) -> list[int]:
        found, depth = [], 0
        for place, word in enumerate(words):
            begins = place and (word.lower() in self._BEGINS or words[place - 1][-1] in ",;:")
            if begins and depth <= 0:
                found.append(place)
            depth += word.count("<") - word.count(">")
        return found or [len(words) // 2]


def _rows(lists: Sequence[Sequence[int]]) -> Rows:
    return Rows(np.fromiter(chain.from_iterable(lists), np.int64), np.array([len(row) for row in lists], np.int64))


def _together(*rows: Rows) -> Rows:
    return Rows(np.concatenate([row.tokens for row in rows]), np.concatenate([row.lengths for row in rows]))
