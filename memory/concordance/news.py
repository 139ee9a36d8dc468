"""News: pairs that came after a file was built, arranged in memory like those in it, and rows that no longer count."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from memory.concordance.gathering import Gathering
from memory.concordance.half import Half, Rows
from memory.concordance.postings import SIDES, Side
from tm_service.domain.serving import Translation
from tm_service.domain.units import Locale

_FRESH = 256  # pairs arranged anew whenever one more comes; beyond, all are, and the count begins again


@dataclass(frozen=True, slots=True)
class Watched:
    """A half and which of its rows are gone."""

    half: Half
    gone: Rows | None = None

    def without(self, numbers: Collection[int]) -> "Watched":
        """The same without the pairs of these numbers."""
        if not numbers:
            return self
        gone = np.isin(self.half.numbers, np.fromiter(numbers, self.half.numbers.dtype))
        return Watched(self.half, gone if self.gone is None else gone | self.gone)


class News:
    """A few pairs, kept as texts and arranged when they are asked for; not for several threads at once."""

    def __init__(self, languages: Mapping[Side, Locale]) -> None:
        self._languages = languages
        self._pairs: list[Translation] = []
        self._settled: dict[Side, Watched] = {}
        self._fresh: dict[Side, Watched] = {}
        self._arranged = self._count = 0  # pairs in `_settled`, pairs in both

    def __len__(self) -> int:
        return len(self._pairs)

    def add(self, pairs: Iterable[Translation]) -> None:
        self._pairs += pairs

    def retire(self, numbers: Sequence[int]) -> None:
        gone = frozenset(numbers)
        kept = [pair for pair in self._pairs if pair.number not in gone]
        if len(kept) < len(self._pairs):
            self._pairs, self._settled, self._fresh = kept, {}, {}
            self._arranged = self._count = 0

    def halves(self, side: Side) -> list[Watched]:
        """What to ask on one side."""
        if self._count < len(self._pairs):
            if len(self._pairs) - self._arranged > _FRESH:
                self._settled, self._fresh = self._arrange(self._pairs), {}
                self._arranged = len(self._pairs)
            else:
                self._fresh = self._arrange(self._pairs[self._arranged :])
            self._count = len(self._pairs)
        return [halves[side] for halves in (self._settled, self._fresh) if halves]

    def _arrange(self, pairs: Sequence[Translation]) -> dict[Side, Watched]:
        halves = {side: Gathering(language) for side, language in self._languages.items()}
        for pair in pairs:
            halves["source"].add(pair.number, pair.source)
            halves["target"].add(pair.number, pair.target)
        return {side: Watched(halves[side].half()) for side in SIDES}
