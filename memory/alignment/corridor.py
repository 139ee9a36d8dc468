"""Corridor: which part of the grid of two documents is worth walking, so that long documents cost no more than long walks."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from memory.alignment.anchors import Link, Side, places
from memory.alignment.grid import Corridor, Places, Step

_ROOM = 50  # columns to both sides of where the walk is expected
_SLACK = 0.1  # more of them for each column between two anchors
_CELLS = 40_000_000  # of all rows, about
_RARE = 4  # meetings of an anchor: what meets more often says little of where
_MOST = 50_000  # points that are chained

Point = tuple[int, int]


def whole(rows: int, columns: int) -> Corridor:
    return Corridor(np.zeros(rows + 1, np.int64), np.full(rows + 1, columns + 1, np.int64))


def along(steps: Iterable[Step], room: int) -> Corridor:
    """The cells of a walk's steps, and so many columns more to both sides."""
    lows: list[int] = [0]
    highs: list[int] = [0]
    for step in steps:
        end = step.column + step.columns
        highs[-1] = end
        lows += [step.column] * step.rows
        highs += [end] * step.rows
    lows[-1] = min(lows[-1], highs[-1])
    return _between(np.array(lows) - room, np.array(highs) + room, highs[-1])


def chained(source: Side, target: Side, links: Sequence[Link]) -> Corridor:
    """Along the best chain of rare anchors, wider where they are far apart or out of proportion.

    Melamed (1999) finds the same points by their distance from the line through their neighbours; a chain that never goes
    back and has the most weight needs no such measure.
    """
    rows, columns = len(source), len(target)
    slope, most = columns / rows, max(_ROOM, _CELLS // (2 * rows))
    chain = [(0, 0), *_chain(_points(source, target, links)), (rows, columns)]
    lows, highs = np.full(rows + 1, columns), np.zeros(rows + 1, np.int64)
    for (row, column), (end, last) in pairwise(chain):
        across = last - column
        room = min(most, math.ceil(_ROOM + _SLACK * max(across, end - row) + abs(across - slope * (end - row))))
        between = np.arange(row, end + 1)
        middle = np.interp(between, [row, end], [column, last]) if end > row else np.array([column])
        lows[between] = np.minimum(lows[between], np.floor(middle).astype(np.int64) - room)
        highs[between] = np.maximum(highs[between], np.ceil(middle).astype(np.int64) + room)
        highs[end] = max(highs[end], last)
    return _between(lows, highs, columns)


def touches(steps: Iterable[Step], corridor: Corridor, columns: int) -> bool:
    """Whether a walk goes along a wall of its corridor, so that a better one may be beyond."""
    for step in steps:
        first = int(corridor.first[step.row])
        last = first + int(corridor.width[step.row]) - 1
        if (step.column <= first and first > 0) or (step.column >= last and last < columns):
            return True
    return False


def _between(lows: Places, highs: Places, columns: int) -> Corridor:
    """From the lowest of these and all later rows to the highest of these and all earlier ones, each row reaching the next."""
    first = np.minimum.accumulate(np.clip(lows, 0, columns)[::-1])[::-1]
    last = np.maximum.accumulate(np.clip(highs, 0, columns))
    last[:-1] = np.maximum(last[:-1], first[1:])
    return Corridor(first, last - first + 1)


def _points(source: Side, target: Side, links: Iterable[Link]) -> list[tuple[Point, float]]:
    """Where rare anchors meet, and how much they weigh: at each cell the sum; the heaviest."""
    ours, theirs = places(source), places(target)
    weights: dict[Point, float] = defaultdict(float)
    for link in links:
        if link.source in ours and link.target in theirs:
            some, others = ours[link.source], theirs[link.target]
            meetings = len(some) * len(others)
            if meetings <= _RARE:
                for point in ((int(row), int(column)) for row in some for column in others):
                    weights[point] += link.rate / meetings
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    return sorted(heaviest)


def _chain(points: Sequence[tuple[Point, float]]) -> Iterator[Point]:
    """The heaviest chain of points in which rows and columns both grow.

    The chains' weights stand by their last columns, growing with these, so that each point finds its best beginning by halving.
    """
    columns: list[int] = []
    weights: list[float] = []
    ends: list[int] = []
    before = [-1] * len(points)
    row_begin = 0
    while row_begin < len(points):
        row = points[row_begin][0][0]
        row_end = row_begin
        found = []
        while row_end < len(points) and points[row_end][0][0] == row:
            (_, column), weight = points[row_end]
            place = bisect_left(columns, column)
            before[row_end] = ends[place - 1] if place else -1
            found.append((column, weight + (weights[place - 1] if place else 0.0), row_end))
            row_end += 1
        for column, weight, number in found:
            place = bisect_left(columns, column)
            if place and weights[place - 1] >= weight:
                continue
            end = place
            while end < len(columns) and weights[end] <= weight:
                end += 1
            columns[place:end], weights[place:end], ends[place:end] = [column], [weight], [number]
        row_begin = row_end
    number = ends[-1] if ends else -1
    chain = []
    while number >= 0:
        chain.append(points[number][0])
        number = before[number]
    yield from reversed(chain)
