"""Vocabulary: the words of the originals by shape and frequency, and a long tail of invented names."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_NAMES = 200_000
_SHIFT = 1_000  # the commonest name is said twice as often as the thousandth
_NUMBERS = (*range(400), *range(1900, 2040))
_COMMON = 60  # words that carry grammar and are seldom changed
_SELDOM = 0.15
_CHANGED = {"code": 0.0, "number": 2.0}  # how readily a shape is changed, where not as others are
# Share of names among the words of a shape that are put in. With these, 9 % of the words of a million segments are outside the
# 4,000 commonest; in English prose it is 13 % (Francis and Kučera 1982), in 4,000 strings of one site of course none.
_TAIL = {"Capital": 0.6, "lower": 0.5}
_ENDS = ("", ".", ",")
_SYLLABLES = tuple(a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or"))
_EDGES = ".,;:!?()[]\"'“”‘’…*/-"

Class = tuple[str, str, str]  # what stands before the word, its shape, what stands after


class Vocabulary:
    """Tokens are what stands between spaces, so a row of tokens is one text and no other row is.

    `table` maps a token's number to its text, `content` to how readily it is changed: 0 for tags, 1 for most words.
    """

    def __init__(self, texts: Iterable[str], chance: np.random.Generator) -> None:
        counts = Counter(chain.from_iterable(text.split() for text in texts))
        classes = {token: _class(token) for token in counts}
        weights = dict.fromkeys(_numbers(classes), 0.02) | {token: float(count) for token, count in counts.items()}
        classes |= {token: _class(token) for token in weights}
        common = {core for core, _ in _cores(counts).most_common(_COMMON)}
        self._number = {token: number for number, token in enumerate(weights)}
        by_class: dict[Class, list[str]] = {}
        for token, kind in classes.items():
            by_class.setdefault(kind, []).append(token)
        names, tail = _invented(chance, {_core(token) for token in counts}), 1 / (_SHIFT + np.arange(_NAMES))
        table: list[str] = list(self._number)
        self._class_of = np.zeros(len(table), np.int64)
        members: list[Ints] = []
        edges: list[NDArray[np.float64]] = []
        for place, (kind, tokens) in enumerate(by_class.items()):
            own = np.array([self._number[token] for token in tokens], np.int64)
            self._class_of[own] = place
            weight = np.array([weights[token] for token in tokens])
            share = _TAIL.get(kind[1], 0.0) if kind[0] == "" and kind[2] in _ENDS else 0.0
            weight *= (1 - share) / weight.sum()
            if share:
                first = len(table)
                table += (name.lower() + kind[2] if kind[1] == "lower" else name + kind[2] for name in names)
                own = np.concatenate([own, np.arange(first, len(table))])
                weight = np.concatenate([weight, tail * share / tail.sum()])
                self._class_of = np.concatenate([self._class_of, np.full(_NAMES, place)])
            members.append(own)
            edges.append(place + np.minimum(np.cumsum(weight), 1.0))
        self._members, self._edges = np.concatenate(members), np.concatenate(edges)
        self.table = np.array(table, dtype=object)
        self.content = np.ones(len(table))
        for token, number in self._number.items():
            self.content[number] = _SELDOM if _core(token) in common else _CHANGED.get(classes[token][1], 1.0)

    def numbers(self, text: str) -> list[int]:
        return [self._number[token] for token in text.split()]

    def another(self, tokens: Ints, chance: np.random.Generator) -> Ints:
        """For each token one of its class, by frequency; it may be the same."""
        at = self._class_of[tokens] + chance.random(len(tokens))
        return self._members[np.minimum(np.searchsorted(self._edges, at, "right"), len(self._members) - 1)]


def _core(token: str) -> str:
    return token.strip(_EDGES).lower()


def _cores(counts: Counter[str]) -> Counter[str]:
    cores: Counter[str] = Counter()
    for token, count in counts.items():
        cores[_core(token)] += count
    del cores[""]
    return cores


def _class(token: str) -> Class:
    if any(sign in token for sign in "<>{}&=@%|") or "://" in token:
        return "", "code", ""
    core = token.strip(_EDGES)
    before, _, after = token.partition(core) if core else (token, "", "")
    if core.isdecimal():
        return before, "number", after
    shape = "lower" if core.islower() else "Capital" if core[:1].isupper() and core[1:].islower() else "other"
    return before, shape, after


def _numbers(classes: dict[str, Class]) -> list[str]:
    """Every number in every way the originals write numbers."""
    ways = sorted({(before, after) for before, shape, after in classes.values() if shape == "number"})
    return [f"{before}{number}{after}" for before, after in ways for number in _NUMBERS]


def _invented(chance: np.random.Generator, known: set[str]) -> Sequence[str]:
    """Names of two to four syllables, all different and none of them a word."""
    syllables = np.array(("", *_SYLLABLES), dtype=object)
    names: dict[str, None] = {}
    while len(names) < _NAMES:
        parts = 1 + (chance.random((4, _NAMES)) * len(_SYLLABLES)).astype(np.int64)
        sizes = 2 + (chance.random(_NAMES) * 3).astype(np.int64)
        parts *= np.arange(4)[:, None] < sizes
        names |= dict.fromkeys(name for name in syllables[parts].sum(axis=0).tolist() if name not in known)
    return [name.capitalize() for name in islice(names, _NAMES)]
