"""Run: one immutable part of the index, its engine, and what was retired from it since."""

import importlib
import os
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np

from memory.index.arrays import ArraySearch
from memory.index.build import unpacked
from memory.index.exceptions import counts
from memory.index.layout import Arrays
from memory.index.query import Answer, Found, Query
from memory.index.segments import U32, Segments, digest64
from memory.index.variants import Marks
from memory.score import FULL, LONGEST, Penalties

ENGINE_VARIABLE = "TM_SERVICE_ENGINE"  # "numpy" keeps the kernel out, to compare or where a build of it misbehaves


class Engine(Protocol):
    """What finds the segments near a form in one run."""

    def search(
        self, query: Query, least: int, k: int, penalties: Penalties, dead: Marks | None, gone: Marks | None
    ) -> Found:
        """As `ArraySearch.search`."""


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


class Run:
    """The arrays of one run behind an engine; retired pairs are left out of every answer."""

    def __init__(self, arrays: Arrays, language: str, about: Mapping[str, Any] | None = None) -> None:
        self.arrays, self.language, self.about = arrays, language, about or {}
        self.count = len(arrays["lengths"])
        self._slow = ArraySearch(arrays, language)
        self._variants = self._slow.variants
        native = kernel()
        self.engine: Engine = native(arrays) if native else self._slow
        self.retired: set[int] = set()
        # Segments without pairs and pairs taken out are marked from the first that is.
        self._dead: Marks | None = None
        self._gone: Marks | None = None

    def __len__(self) -> int:
        """Pairs that are searched."""
        return self.pairs - len(self.retired)

    @property
    def pairs(self) -> int:
        return len(self.arrays["pairs"])

    @property
    def bytes(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())

    def search(self, query: Query, least: int, k: int, penalties: Penalties) -> Found:
        """Answers of at least `least` points that are no worse than the k-th best, best first, of equals the newest."""
        if len(query.form.letters) > LONGEST:
            return self._long(query, penalties), True
        return self.engine.search(query, least, k, penalties, self._dead, self._gone)

    def _long(self, query: Query, penalties: Penalties) -> list[Answer]:
        """A text too long to be compared is found by its letters whole."""
        digests, wanted = self.arrays["long_digests"], np.uint64(digest64(query.form.letters))
        low, high = np.searchsorted(digests, wanted), np.searchsorted(digests, wanted, "right")
        return [
            answer
            for place in self.arrays["long_places"][low:high].tolist()
            if self.letters(place) == query.form.letters
            for answer in self._variants.answers(query, place, FULL, 0, penalties, self._gone)
        ]

    def letters(self, segment: int) -> str:
        return self._slow.letters(segment)

    def said(self, answer: Answer) -> tuple[str, int, int]:
        """What tells an answer's form from every other."""
        return self.letters(answer.segment), *self._variants.hidden(answer.variant)

    def retire(self, number: int) -> bool:
        """Leave a pair out from now on; whether it was here."""
        places = np.flatnonzero(self.arrays["pairs"] == number)
        if not len(places):
            return False
        self.retired.add(number)
        if self._gone is None or self._dead is None:
            self._gone, self._dead = np.zeros(self.pairs, np.uint8), np.zeros(self.count, np.uint8)
        self._gone[places] = 1
        segment = self._variants.segment_of(int(places[0]))
        if not any(self._variants.pairs(variant, self._gone) for variant in range(*self._variants.rows(segment))):
            self._dead[segment] = 1
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
        columns = (
            segment,
            *(np.repeat(self._variants.all_hidden(name, total), per_variant) for name in ("numbers", "codes")),
        )
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
    taken: list[U32] = []
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
