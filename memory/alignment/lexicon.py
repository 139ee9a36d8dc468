"""Lexicon: which words of two languages stand for one another, learned from pairs of texts by counting."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from memory.alignment.anchors import Link, words_of
from memory.forms import form

_LEAST = 3  # texts in which two words must meet; a wrong pair of texts alone must not prove itself
_COMMON = 0.2  # of all texts: words in more of them are of the grammar
_FEW = 5  # texts a word may be in however few there are
_SURE = 10.0  # of the logarithm of the likelihood ratio (Dunning 1993); by chance one pair in 640 has more
_PARTNERS = 2  # that a word may have: the strongest go first (Melamed 2000)
_MOST_WORDS = 80  # of one text that are counted
_AT_ONCE = 2_000  # texts between two sums
_MOST_SURE = 0.8  # rate; the counts are of the same texts that are to be judged by them

Counts = NDArray[np.float64]
Numbers = NDArray[np.int64]


def learn(pairs: Iterable[tuple[str, str]], source_language: str, target_language: str) -> dict[str, dict[str, float]]:
    """A lexicon for `align` from pairs of texts, such as a memory has: word, translation, how often it is the right one.

    Words are given as they are commonest written, case folded; some thousands of pairs are needed, some ten thousand are well.
    """
    spellings: tuple[dict[str, Counter[str]], dict[str, Counter[str]]] = (defaultdict(Counter), defaultdict(Counter))
    known = []
    for pair in pairs:
        sides = []
        for text, language, spelt in zip(pair, (source_language, target_language), spellings, strict=True):
            words = form(text, language).words
            sides.append(frozenset(words_of(words, language)))
            for word in words:
                for key in words_of([word], language):
                    spelt[key][word] += 1
        known.append((sides[0], sides[1]))
    lexicon: dict[str, dict[str, float]] = defaultdict(dict)
    for link in learned(known):
        word, translation = (
            _commonest(spelt, key) for spelt, key in zip(spellings, (link.source, link.target), strict=True)
        )
        lexicon[word][translation] = max(link.rate, lexicon[word].get(translation, 0.0))
    return dict(lexicon)


def _commonest(spelt: dict[str, Counter[str]], key: str) -> str:
    """What has no spelling of its own is a pair of characters, which is one."""
    return spelt[key].most_common(1)[0][0] if key in spelt else key


def learned(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> list[Link]:
    """Links of words that meet in pairs of texts more often than chance, each word with its best partners."""
    if not pairs:
        return []
    (ours, some), (theirs, others) = (_numbered(words for words in column) for column in zip(*pairs, strict=True))
    if not ours or not theirs:
        return []
    frequent, frequent_others = (
        np.bincount(np.concatenate(texts), minlength=len(words)).astype(np.float64)
        for words, texts in ((ours, some), (theirs, others))
    )
    most = max(_FEW, _COMMON * len(pairs))
    met, counts = _met(_kept(some, frequent, most), _kept(others, frequent_others, most), len(theirs))
    words, partners = np.divmod(met, len(theirs))
    both = counts.astype(np.float64)
    a, b = frequent[words], frequent_others[partners]
    sure = _surprise(both, a, b, len(pairs))
    good = (both >= _LEAST) & (sure > _SURE) & (both * len(pairs) > a * b)
    words, partners, both, a, b, sure = words[good], partners[good], both[good], a[good], b[good], sure[good]
    best = (_rank(words, sure) < _PARTNERS) & (_rank(partners, sure) < _PARTNERS)
    rates = np.minimum(_MOST_SURE, (both - 0.5) / np.maximum(a, b))
    return [
        Link(ours[word], theirs[partner], float(rate))
        for word, partner, rate in zip(words[best], partners[best], rates[best], strict=True)
    ]


def _numbered(texts: Iterable[frozenset[str]]) -> tuple[list[str], list[Numbers]]:
    """All words, and each text as their numbers."""
    numbers: dict[str, int] = {}
    rows = [np.array([numbers.setdefault(word, len(numbers)) for word in sorted(text)], np.int64) for text in texts]
    return list(numbers), rows


def _kept(texts: Sequence[Numbers], frequent: Counts, most: float) -> Iterator[Numbers]:
    good = (frequent >= _LEAST) & (frequent <= most)
    for text in texts:
        yield text[good[text]][:_MOST_WORDS]


def _met(texts: Iterable[Numbers], partners: Iterable[Numbers], width: int) -> tuple[Numbers, Numbers]:
    """Pairs of words as one number, and in how many texts they meet; summed up now and then to spare memory."""
    met, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
    waiting: list[Numbers] = []
    for words, others in zip(texts, partners, strict=True):
        waiting.append((words[:, None] * width + others[None, :]).ravel())
        if len(waiting) == _AT_ONCE:
            met, counts = _added(met, counts, waiting)
            waiting = []
    return _added(met, counts, waiting)


def _added(met: Numbers, counts: Numbers, waiting: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    new, times = np.unique(np.concatenate([met[:0], *waiting]), return_counts=True)
    every, places = np.unique(np.concatenate([met, new]), return_inverse=True)
    summed = np.zeros(len(every), np.int64)
    np.add.at(summed, places, np.concatenate([counts, times]))
    return every, summed


def _surprise(both: Counts, a: Counts, b: Counts, whole: int) -> Counts:
    """Dunning's G² of two words in `a` and `b` of the texts, in `both` together."""
    cells = (
        (both, a * b),
        (a - both, a * (whole - b)),
        (b - both, (whole - a) * b),
        (whole - a - b + both, (whole - a) * (whole - b)),
    )
    summed = np.zeros(len(both))
    for seen, expected in cells:
        some = seen > 0
        summed[some] += seen[some] * np.log(seen[some] * whole / expected[some])
    return 2 * summed


def _rank(words: Numbers, sure: Counts) -> Numbers:
    """The place of each among those of the same word, the surest first."""
    order = np.lexsort((-sure, words))
    ordered = words[order]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, bool)
    begins = np.maximum.accumulate(np.where(first, np.arange(len(ordered)), 0))
    ranks = np.empty(len(ordered), np.int64)
    ranks[order] = np.arange(len(ordered)) - begins
    return ranks
