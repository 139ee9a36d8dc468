"""Exceptions: columns in which nearly all rows have one entry, or the value 0, kept as the rows that have not.

A row's entries stand one after the other. `more` names, in order, the rows that have one entry more than the first, as often as
they have more. Where a file is damaged, answers are wrong but within bounds.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def more_than_one(counts: Array) -> Array:
    """The rows of these lengths, each at least one, that have more than one entry."""
    return np.repeat(np.arange(len(counts), dtype=np.uint32), counts - 1)


def counts(more: Array, rows: int) -> Array:
    """How many entries each row has."""
    return 1 + np.bincount(more[more < rows], minlength=rows)


def first_entries(more: Array, rows: Array) -> Array:
    """Where the entries of these rows begin."""
    places = np.asarray(rows, np.int64)
    return places + np.searchsorted(more, places)


def row_of(more: Array, entry: int) -> int:
    """The row that an entry belongs to."""
    others = more.astype(np.int64) + np.arange(1, len(more) + 1)
    return entry - int(np.searchsorted(others, entry, "right"))


def not_zero(values: Array, name: str) -> dict[str, Array]:
    """A column as the places that are not 0, and what stands there."""
    places = np.flatnonzero(values).astype(np.uint32)
    return {f"{name}_places": places, name: values[places]}


def values(places: Array, found: Array, low: int, high: int) -> Array:
    """The values of a column's rows from `low` to before `high`."""
    begin, end = np.searchsorted(places, (low, high))
    rows, taken = places[begin:end].astype(np.int64) - low, found[begin:end]
    out = np.zeros(max(0, high - low), np.uint32)
    within = (rows >= 0) & (rows < len(out))
    out[rows[within]] = taken[within]
    return out
