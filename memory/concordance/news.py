"""News: pairs that came after a file was built, arranged in memory like those in it, and rows that no longer count."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from memory.concordance.gathering import Gathering
from memory.concordance.half import Half, Rows
from memory.concordance.postings import SIDES, Side
from tm_service.domain.serving import Translation
from tm_service.domain.units import Locale

_FRESH = 128  # pairs that are arranged anew whenever one more comes; beyond, they become a run


@dataclass(frozen=True, slots=True)
class Watched:
    """A half and which of its rows are gone."""

    half: Half
    gone: Rows | None = None

    def without(self, numbers: Collection[int]) -> "Watched":
        """The same without the pairs of these numbers."""
        if not numbers:
            return self
        gone = np.isin(self.half.numbers, np.fromiter(numbers, np.uint64))
        return Watched(self.half, gone if self.gone is None else gone | self.gone)


@dataclass(frozen=True, slots=True)
class _Run:
    """Pairs from one place of the list to another, arranged."""

    begin: int
    end: int
    sides: Mapping[Side, Watched]


class News:
    """A few pairs, kept as texts and arranged when they are asked for; not for several threads at once.

    Each run is longer than the next, so there are few, and few times in which a pair is arranged anew (log-structured merge;
    O'Neil, Cheng, Gawlick and O'Neil 1996).
    """

    def __init__(self, languages: Mapping[Side, Locale]) -> None:
        self._languages = languages
        self._pairs: list[Translation] = []
        self._gone: set[int] = set()
        self._runs: list[_Run] = []

    def __len__(self) -> int:
        return len(self._pairs)

    def add(self, pairs: Iterable[Translation]) -> None:
        self._pairs += [*pairs]  # all of them or, where the shelf fails, none

    def retire(self, numbers: Sequence[int]) -> None:
        self._gone.update(numbers)
        self._runs = [
            replace(run, sides={side: watched.without(numbers) for side, watched in run.sides.items()})
            for run in self._runs
        ]

    def halves(self, side: Side) -> list[Watched]:
        """What to ask on one side."""
        end = len(self._pairs)
        if end > (self._runs[-1].end if self._runs else 0):
            begin = self._runs[-1].end if self._runs else 0
            while self._runs and self._runs[-1].end - self._runs[-1].begin <= max(_FRESH - 1, end - begin):
                begin = self._runs.pop().begin
            self._runs.append(_Run(begin, end, self._arranged(self._pairs[begin:end])))
        return [run.sides[side] for run in self._runs]

    def _arranged(self, pairs: Sequence[Translation]) -> Mapping[Side, Watched]:
        halves = {side: Gathering(language) for side, language in self._languages.items()}
        for pair in (pair for pair in pairs if pair.number not in self._gone):
            halves["source"].add(pair.number, pair.source)
            halves["target"].add(pair.number, pair.target)
        return {side: Watched(halves[side].half()) for side in SIDES}
