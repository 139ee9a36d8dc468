"""Variants: what stands under the segments of a run: forms that differ in what their marks hide, and the pairs of each."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from memory.index.exceptions import column, first_entries, first_entry, row_of, values
from memory.index.layout import Arrays
from memory.index.query import Answer, Query, left
from memory.score import Penalties

Marks = NDArray[np.uint8]


class Variants:
    """The variants and pairs of one run; `gone` marks pairs that were taken out."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._more_variants, self._more_pairs = arrays["more_variants"].data, arrays["more_pairs"].data
        self._columns = {name: (arrays[f"{name}_places"].data, arrays[name].data) for name in ("numbers", "codes")}

    def rows(self, segment: int) -> tuple[int, int]:
        """A segment's variants, from one to before another."""
        return first_entry(self._more_variants, segment), first_entry(self._more_variants, segment + 1)

    def hidden(self, variant: int) -> tuple[int, int]:
        """The digests of what a variant's marks hide: numbers and codes."""
        numbers, codes = (values(*self._columns[name], variant, variant + 1)[0] for name in ("numbers", "codes"))
        return numbers, codes

    def all_hidden(self, name: str, total: int) -> NDArray[np.uint32]:
        """One of the two for all variants."""
        return column(self._arrays[f"{name}_places"], self._arrays[name], total)

    def pairs(self, variant: int, gone: Marks | None) -> tuple[int, ...]:
        low, high = first_entry(self._more_pairs, variant), first_entry(self._more_pairs, variant + 1)
        pairs = self._arrays["pairs"][low:high]
        return tuple((pairs if gone is None else pairs[gone[low:high] == 0]).tolist())

    def segment_of(self, pair: int) -> int:
        """The segment under which a pair stands, by its place."""
        return row_of(self._arrays["more_variants"], row_of(self._arrays["more_pairs"], pair))

    def answers(
        self, query: Query, segment: int, points: int, signs: int, penalties: Penalties, gone: Marks | None
    ) -> Iterator[Answer]:
        """The variants of a segment that has so many points, best first, of equals the newest; `signs` is taken off all."""
        low, high = self.rows(segment)
        numbers, codes = (np.array(values(*self._columns[name], low, high)) for name in ("numbers", "codes"))
        mine, same = numbers == query.numbers, codes == query.codes
        worth = {
            (within, equal): left(points, signs, penalties, same_numbers=within, same_codes=equal)
            for within in (True, False)
            for equal in (True, False)
        }
        for wanted in sorted(set(worth.values()), reverse=True):
            chosen = np.zeros(high - low, bool)
            for (within, equal), points_left in worth.items():
                if points_left == wanted:
                    chosen |= (mine == within) & (same == equal)
            for variant, pairs in self._newest_first(low + np.flatnonzero(chosen), gone):
                yield Answer(wanted, points, segment, variant, pairs)

    def _newest_first(self, variants: NDArray[np.int64], gone: Marks | None) -> Iterable[tuple[int, tuple[int, ...]]]:
        """These variants with their pairs, without those that have none left."""
        if gone is not None or len(variants) < 2:  # noqa: PLR2004 - nothing to sort
            found = ((variant, self.pairs(variant, gone)) for variant in variants.tolist())
            return sorted((one for one in found if one[1]), key=lambda one: -one[1][0])
        pairs = self._arrays["pairs"]
        firsts = np.minimum(first_entries(self._arrays["more_pairs"], variants), len(pairs) - 1)
        order = np.argsort(-pairs[firsts].astype(np.int64), kind="stable")
        return ((variant, self.pairs(variant, gone)) for variant in variants[order].tolist())
