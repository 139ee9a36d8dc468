"""Run: one immutable part of the index, its engine, and what was retired from it since."""

import importlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from memory.forms import Form
from memory.index.arrays import ArraySearch
from memory.index.build import unpacked
from memory.index.exceptions import column, counts, first_entries, first_entry, row_of, values
from memory.index.layout import Arrays
from memory.index.segments import Segments, digest32, digest64
from memory.score import FULL

ENGINE_VARIABLE = "TM_SERVICE_ENGINE"  # "numpy" keeps the kernel out, to compare or where a build of it misbehaves

Found = list[tuple[int, int, bool]]


class Engine(Protocol):
    """What finds the segments near a form in one run."""

    def search(
        self,
        letters: str,
        words: tuple[str, ...],
        digests: list[int],
        least: int,
        k: int,
        dead: NDArray[np.uint8],
    ) -> tuple[Found, bool]:
        """(segment, points, whether the words are the same), and whether none was left out."""


@lru_cache(1)
def kernel() -> Callable[[Arrays], Engine] | None:
    """The engine in machine code, where it was built at installation and is wanted."""
    if os.environ.get(ENGINE_VARIABLE) == "numpy":
        return None
    try:
        return importlib.import_module("memory.index.kernel").Kernel  # type: ignore[no-any-return]
    except ImportError:
        return None


def engine_name() -> str:
    """Which back end searches here: "native" or "numpy"."""
    return "native" if kernel() else "numpy"


_digest = lru_cache(1 << 17)(digest64)


@dataclass(frozen=True, slots=True)
class Query:
    """A form prepared to be searched for in any run."""

    form: Form
    digests: list[int]
    numbers: int
    codes: int

    @classmethod
    def of(cls, form: Form) -> "Query":
        return cls(form, [_digest(word) for word in form.words], digest32(form.numbers), digest32(form.codes))


@dataclass(frozen=True, slots=True)
class Variant:
    """A stored form: its points, the digests of what its marks hide, and the numbers of its pairs, newest first."""

    points: int
    same_words: bool
    numbers: int
    codes: int
    letters: Callable[[], str]
    pairs: tuple[int, ...]


class Run:
    """The arrays of one run behind an engine; retired pairs are left out of every answer."""

    def __init__(self, arrays: Arrays, language: str, about: Mapping[str, Any] | None = None) -> None:
        self.arrays, self.language, self.about = arrays, language, about or {}
        self.count = len(arrays["lengths"])
        self._slow = ArraySearch(arrays, language)
        native = kernel()
        self.engine: Engine = native(arrays) if native else self._slow
        self.dead = np.zeros(self.count, np.uint8)
        self.retired: set[int] = set()
        self._more_variants, self._more_pairs = arrays["more_variants"].data, arrays["more_pairs"].data
        self._columns = {name: (arrays[f"{name}_places"].data, arrays[name].data) for name in ("numbers", "codes")}

    @property
    def pairs(self) -> int:
        return len(self.arrays["pairs"])

    @property
    def bytes(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())

    def search(self, query: Query, least: int, k: int, segments: int) -> tuple[list[Variant], int, bool]:
        """Variants of the best `segments`, `k` of each at most; the points above which none is missing; whether that holds."""
        form = query.form
        found, complete = self.engine.search(form.letters, form.words, query.digests, least, segments, self.dead)
        cut = (
            sorted((points for _, points, _ in found), reverse=True)[segments - 1] if len(found) >= segments else least
        )
        found += self._long(query)
        return (
            [entry for segment, points, same in found for entry in self._variants(query, segment, points, same, k)],
            cut,
            complete,
        )

    def _long(self, query: Query) -> Found:
        """A text too long to be compared is found by its letters whole."""
        digests = self.arrays["long_digests"]
        if not len(digests):
            return []
        wanted = np.uint64(_digest(query.form.letters))
        low, high = np.searchsorted(digests, wanted), np.searchsorted(digests, wanted, "right")
        places = [int(place) for place in self.arrays["long_places"][low:high]]
        return [
            (place, FULL, True)
            for place in places
            if not self.dead[place] and self.letters(place) == query.form.letters
        ]

    def letters(self, segment: int) -> str:
        return self._slow.letters(segment)

    def _variants(self, query: Query, segment: int, points: int, same_words: bool, k: int) -> Iterator[Variant]:  # noqa: FBT001 - as the engine says it
        """At most `k` of a segment's variants, those that differ least from the query first."""
        low, high = self._rows(segment)
        numbers, codes = (values(*self._columns[name], low, high) for name in ("numbers", "codes"))
        given = 0
        for place in self._nearest(query, low, numbers, codes):
            pairs = self._pairs(place)
            if not pairs:
                continue
            yield Variant(
                points,
                same_words,
                numbers[place - low],
                codes[place - low],
                partial(self.letters, segment),
                pairs,
            )
            given += 1
            if given >= k:
                return

    def _nearest(self, query: Query, low: int, numbers: Sequence[int], codes: Sequence[int]) -> Iterator[int]:
        """Variants of one segment: same numbers and codes, then one of them, then neither; of each the newest first."""
        if len(numbers) == 1:
            yield low
            return
        within, same = np.array(numbers) == query.numbers, np.array(codes) == query.codes
        pairs = self.arrays["pairs"]
        for chosen in (within & same, within ^ same, ~(within | same)):
            places = low + np.flatnonzero(chosen)
            newest = pairs[np.minimum(first_entries(self.arrays["more_pairs"], places), len(pairs) - 1)].astype(
                np.int64
            )
            yield from places[np.argsort(-newest, kind="stable")].tolist()

    def _rows(self, segment: int) -> tuple[int, int]:
        """A segment's variants, from one to before another."""
        return first_entry(self._more_variants, segment), first_entry(self._more_variants, segment + 1)

    def _hidden(self, name: str, total: int) -> NDArray[Any]:
        """The digests of what all variants' marks hide."""
        return column(self.arrays[f"{name}_places"], self.arrays[name], total)

    def _pairs(self, variant: int) -> tuple[int, ...]:
        low, high = first_entry(self._more_pairs, variant), first_entry(self._more_pairs, variant + 1)
        pairs = self.arrays["pairs"][low:high].tolist()
        return tuple(pair for pair in pairs if pair not in self.retired) if self.retired else tuple(pairs)

    def retire(self, number: int) -> bool:
        """Leave a pair out from now on; whether it was here."""
        places = np.flatnonzero(self.arrays["pairs"] == number)
        if not len(places):
            return False
        self.retired.add(number)
        segment = row_of(self.arrays["more_variants"], row_of(self.arrays["more_pairs"], int(places[0])))
        if not any(self._pairs(variant) for variant in range(*self._rows(segment))):
            self.dead[segment] = 1
        return True

    def segments(self) -> Segments:
        """What the run was built from, without what was retired; for merging."""
        arrays = self.arrays
        chunks, ends = unpacked(arrays["rows"]), arrays["row_ends"]
        count_before = np.concatenate(([0], np.cumsum(arrays["rows"] < 0x80)))  # noqa: PLR2004 - the last byte of a number
        rows = count_before[ends.astype(np.int64)]
        variants = counts(arrays["more_variants"], self.count)
        total = self.count + len(arrays["more_variants"])
        per_variant = counts(arrays["more_pairs"], total)
        segment = np.repeat(np.repeat(np.arange(self.count, dtype=np.uint32), variants), per_variant)
        columns = (segment, *(np.repeat(self._hidden(name, total), per_variant) for name in ("numbers", "codes")))
        pairs, numbers = np.stack(columns, axis=1).astype(np.uint32), arrays["pairs"].astype(np.uint64)
        if self.retired:
            kept = ~np.isin(numbers, np.fromiter(self.retired, np.uint64))
            pairs, numbers = pairs[kept], numbers[kept]
        return Segments(self.language, self._vocabulary, chunks, rows.astype(np.uint64), pairs, numbers)

    @cached_property
    def _vocabulary(self) -> list[str]:
        return [self._slow.chunk(place)[0] for place in range(len(self.arrays["chunk_rows"]) - 1)]


def combined(parts: list[Segments]) -> Segments:
    """Several parts as one; equal forms become one segment, segments without pairs are dropped."""
    known: dict[str, int] = {}
    rows_known: dict[bytes, int] = {}
    taken: list[NDArray[np.uint32]] = []
    pairs, numbers = [], []
    for part in parts:
        number = np.array([known.setdefault(chunk, len(known)) for chunk in part.vocabulary], np.uint32)
        chunks = number[part.chunks]
        used = np.unique(part.pairs[:, 0])
        place = np.zeros(part.count, np.uint32)
        rows = part.rows.astype(np.int64)
        for row in used.tolist():
            content = chunks[rows[row] : rows[row + 1]]
            found = rows_known.get(content.tobytes())
            if found is None:
                found = rows_known[content.tobytes()] = len(taken)
                taken.append(content)
            place[row] = found
        moved = part.pairs.copy()
        moved[:, 0] = place[part.pairs[:, 0]]
        pairs.append(moved)
        numbers.append(part.numbers)
    lengths = np.array([len(content) for content in taken], np.int64)
    return Segments(
        parts[0].language,
        list(known),
        np.concatenate(taken) if taken else np.zeros(0, np.uint32),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.uint64),
        np.concatenate(pairs),
        np.concatenate(numbers),
    )


__all__ = ["ENGINE_VARIABLE", "Engine", "Query", "Run", "Variant", "combined", "engine_name", "kernel"]
