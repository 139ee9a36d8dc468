"""Fragments: the longest parts a text shares with stored sources, for a text that has no good match as a whole."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import islice
from pathlib import Path

import numpy as np

from locales.stems import code
from memory.tokens import Places, Tokens, tokens
from tm_service.domain.serving import Translation

LEAST = 4  # words a fragment has at least
MOST = 5  # pairs shown with a fragment
_WORD, _CHARACTER = (
    2,
    1,
)  # a word weighs as much as two characters of a script without spaces, which are a word on average


@dataclass(frozen=True, slots=True)
class Place:
    """A stored pair in whose source a fragment stands, from `start` to `end`."""

    pair: Translation
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a text, from `start` to `end`, of so many words, and where it stands in stored pairs: the newest first.

    `count` is in how many of the given pairs it stands; `places` are at most as many as were asked for.
    """

    start: int
    end: int
    words: int
    count: int
    places: tuple[Place, ...]


def fragments(
    source: str, candidates: Iterable[Translation], language: str, least: int = LEAST, most: int = MOST
) -> tuple[Fragment, ...]:
    """The longest sequences of words that a text shares with the sources of candidates, the longest first.

    They do not overlap, begin and end at whole words and codes with a word of content, and have at least `least` words (two
    characters of a script without spaces for one). Case, punctuation and tags between words do not count, numbers and
    placeholders do. The shared sequences of `least` tokens are found by joining the texts' words position by position, so that
    what does not share drops out at once; then neighbours are joined to runs. Deterministic for one set of candidates.
    """
    pairs = sorted(candidates, key=lambda pair: (pair.at, pair.number, pair.source, pair.target), reverse=True)
    text = tokens([source], language)
    least = max(1, least)
    if len(text) < least or not pairs:
        return ()
    stored = tokens([pair.source for pair in pairs], language)
    runs = _runs(text, stored, least)
    idle = _function_words(code(language))
    content = [text.word(place) not in idle for place in range(len(text))]
    weights = np.concatenate(([0], np.cumsum(np.where(text.single, _CHARACTER, _WORD)))).tolist()
    found = []
    for first, last in _chosen(runs, content, weights, _WORD * least):
        inside = (runs.first <= first) & (runs.last >= last)
        where = runs.at[inside] + first - runs.first[inside]
        owners, firsts = np.unique(stored.owner[where], return_index=True)
        spans = [
            Place(pairs[owner], int(stored.start[token]), int(stored.end[token + last - first]))
            for owner, token in zip(owners.tolist(), where[firsts].tolist(), strict=True)
        ]
        words = -(-(weights[last + 1] - weights[first]) // _WORD)
        start, end = int(text.start[first]), int(text.end[last])
        found.append(Fragment(start, end, words, len(spans), tuple(_different(spans, most))))
    return tuple(found)


def _different(places: Iterable[Place], most: int) -> Iterator[Place]:
    """Of places whose pairs say the same, the first."""
    return islice({(place.pair.source, place.pair.target): place for place in places}.values(), most)


def _chosen(runs: "_Runs", content: list[bool], weights: list[int], least: int) -> Iterator[tuple[int, int]]:
    """First and last tokens of fragments: the heaviest shared sequence, then what is left of the others, and so on."""
    waiting: list[tuple[int, int, int]] = []

    def offer(first: int, last: int) -> None:
        while first <= last and not content[first]:
            first += 1
        while first <= last and not content[last]:
            last -= 1
        weight = weights[last + 1] - weights[first]
        if weight >= least:
            heappush(waiting, (-weight, first, last))

    for first, last in sorted({*zip(runs.first.tolist(), runs.last.tolist(), strict=True)}):
        offer(first, last)
    taken = bytearray(len(content))
    while waiting:
        _, first, last = heappop(waiting)
        if taken.find(1, first, last + 1) < 0:
            taken[first : last + 1] = b"\1" * (last + 1 - first)
            yield first, last
        else:
            for left in _FREE.finditer(taken, first, last + 1):
                offer(left.start(), left.end() - 1)


_FREE = re.compile(rb"\0+")


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Longest shared sequences: first and last token in the text, and the first token in the stored sources."""

    first: Places
    last: Places
    at: Places


def _runs(text: Tokens, stored: Tokens, least: int) -> _Runs:
    here, there = _grams(text, stored, least)
    order = np.lexsort((there, there - here))
    here, there = here[order], there[order]
    apart = np.ones(len(here), bool)
    apart[1:] = (
        (np.diff(there - here) != 0) | (np.diff(there) != 1) | (stored.owner[there[1:]] != stored.owner[there[:-1]])
    )
    firsts = np.flatnonzero(apart)
    lasts = np.append(firsts[1:], len(here)) - 1 if len(here) else firsts
    return _Runs(here[firsts], here[lasts] + least - 1, there[firsts])


def _grams(text: Tokens, stored: Tokens, least: int) -> tuple[Places, Places]:
    """Where `least` words in a row are the same in the text and in a stored source, as pairs of places."""
    known, mine = np.unique(text.name.view(np.int64), return_inverse=True)
    theirs = _ranked(known, stored.name.view(np.int64))
    here = np.arange(max(0, len(text) - least + 1))
    there = np.flatnonzero(theirs[: max(0, len(stored) - least + 1)] >= 0)
    there = there[stored.owner[there] == stored.owner[there + least - 1]]
    ours, yours = mine[here], theirs[there]
    for step in range(1, least):
        ours = ours * len(known) + mine[here + step]
        kept = theirs[there + step] >= 0
        there, yours = there[kept], yours[kept] * len(known) + theirs[there[kept] + step]
        values, ours = np.unique(ours, return_inverse=True)
        ranked = _ranked(values, yours)
        there, yours = there[ranked >= 0], ranked[ranked >= 0]
    order = np.argsort(ours, kind="stable")
    lows, highs = (np.searchsorted(ours[order], yours, side) for side in ("left", "right"))
    counts = highs - lows
    starts = np.repeat(lows - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return here[order][starts + np.arange(counts.sum())], np.repeat(there, counts)


def _ranked(values: Places, wanted: Places) -> Places:
    """The place of each in sorted values, -1 where it is not among them."""
    places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[places] == wanted, places, -1)


@cache
def _function_words(language: str) -> frozenset[str]:
    lists = tomllib.loads((Path(__file__).parent / "function_words.toml").read_text("utf-8"))
    return frozenset(lists.get(language, {}).get("words", "").split())
