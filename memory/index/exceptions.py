"""Exceptions: columns in which nearly all rows have one entry, or the value 0, kept as the rows that have not.

A row's entries stand one after the other. `more` names, in order, the rows that have one entry more than the first, as often as
they have more. `singles` holds each row's one entry, or, marked by MANY, where among `others` its number of entries and then
they themselves stand. Where a file is damaged, answers are wrong but within bounds.
"""

from bisect import bisect_left
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MANY = 1 << 31


def more_than_one(counts: Array) -> Array:
    """The rows of these lengths, each at least one, that have more than one entry."""
    return np.repeat(np.arange(len(counts), dtype=np.uint32), counts - 1)


def counts(more: Array, rows: int) -> Array:
    """How many entries each row has."""
    return 1 + np.bincount(more[more < rows], minlength=rows)


def first_entries(more: Array, rows: Array) -> Array:
    """Where the entries of these rows begin."""
    # Of one type with the column: else the whole of it would be converted.
    return rows + np.searchsorted(more, rows.astype(more.dtype))


def first_entry(more: memoryview, row: int) -> int:
    """Where the entries of one row begin; ten times as quick as for an array of one."""
    return row + bisect_left(more, row)


def row_of(more: Array, entry: int) -> int:
    """The row that an entry belongs to."""
    others = more.astype(np.int64) + np.arange(1, len(more) + 1)
    return entry - int(np.searchsorted(others, entry, "right"))


def not_zero(values: Array, name: str) -> dict[str, Array]:
    """A column as the places that are not 0, and what stands there."""
    places = np.flatnonzero(values).astype(np.uint32)
    return {f"{name}_places": places, name: values[places]}


def values(places: memoryview, found: memoryview, low: int, high: int) -> list[int]:
    """The values of a column's few rows from `low` to before `high`."""
    out = [0] * max(0, high - low)
    for place in range(bisect_left(places, low), len(places)):
        row = places[place] - low
        if row >= len(out):
            break
        if row >= 0 and place < len(found):
            out[row] = found[place]
    return out


def column(places: Array, found: Array, rows: int) -> Array:
    """All values of a column."""
    out = np.zeros(rows, np.uint32)
    within = places < rows
    out[places[within]] = found[within]
    return out


def singles(entries: Array, sizes: Array) -> tuple[Array, Array]:
    """Rows of these sizes, their entries one after the other and each below MANY, as `singles` and `others`."""
    ends = np.cumsum(sizes)
    single = sizes == 1
    out = np.zeros(len(sizes), np.uint32)
    out[single] = entries[ends[single] - 1]
    taken = np.where(single, 0, sizes + 1)
    places = (np.cumsum(taken) - taken)[~single]
    out[~single] = MANY + places
    others = np.zeros(int(taken.sum()), np.uint32)
    counted = np.zeros(len(others), bool)
    counted[places] = True
    others[counted] = sizes[~single]
    others[~counted] = entries[~np.repeat(single, sizes)]
    return out, others


def rows_of(singles: Array, others: Array) -> tuple[Array, Array]:
    """The entries of all rows one after the other, and the size of each."""
    single = singles < MANY
    places = (singles[~single] - np.uint32(MANY)).astype(np.int64)
    sizes = np.ones(len(singles), np.int64)
    sizes[~single] = others[places]
    entries = np.empty(int(sizes.sum()), np.uint32)
    alone = np.repeat(single, sizes)
    entries[alone] = singles[single]
    rest = np.ones(len(others), bool)
    rest[places] = False
    entries[~alone] = others[rest]
    return entries, sizes
