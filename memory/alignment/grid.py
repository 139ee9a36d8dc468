"""Grid: the best walk through two documents, bead by bead, and how much of all likelihood each of its steps has.

Gale and Church (1993) walk from the beginning of both documents to their ends in beads of a few sentences of each side and take
the walk that costs least. Here a bead is worth the natural logarithm of how much likelier it is than chance; a run of sentences
that only one side has is opened and continued at two prices (Gotoh 1982), so that a missing section is one event. Besides the
best walk all walks are summed, forwards and backwards (Baum 1972): a bead's share of the sum is how sure the model is of it.

Only a corridor of the grid is walked: of row `r` (so many source sentences are done) the columns from `first[r]` on.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Places = NDArray[np.int64]
Kind = tuple[int, int]  # sentences of the source, sentences of the target

KINDS: tuple[Kind, ...] = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1))
OPENED = np.log(0.03)  # a run of sentences that the other side lacks begins
CONTINUED = np.log(0.4)  # and goes on
NEVER = -1e30  # stands for the logarithm of nothing; sums of it stay finite
_AT_ONCE = 1 << 16  # cells that are weighed at once, in whole rows
# How a cell was reached, in one byte: the number of the kind, and four questions.
_SPAN = 3  # sentences of one side in a bead, at most
_KIND, _AGAIN, _MORE, _ALONE, _THEIRS = 7, 8, 16, 32, 64


@dataclass(frozen=True, slots=True)
class Corridor:
    """The part of the grid that is walked: of each row from 0, so many columns from `first` on; neither ever goes back."""

    first: Places
    width: Places

    @property
    def cells(self) -> int:
        return int(self.width.sum())


class Evidence(Protocol):
    """What speaks for each bead."""

    rows: int
    columns: int
    kinds: Sequence[Kind]
    corridor: Corridor

    def block(self, begin: int, end: int) -> Values:
        """For rows `begin` to `end`, by kind, row and place in the corridor: what a bead is worth that ends there.

        As wide as the widest of these rows.
        """


@dataclass(frozen=True, slots=True)
class Step:
    """So many source and target sentences from `row` and `column` on; where one is 0, the other side lacks them.

    `worth` is in natural logarithms, 0 where a side is lacking; `share` is of the likelihood of all walks.
    """

    row: int
    column: int
    rows: int
    columns: int
    worth: float = 0.0
    share: float = 0.0

    @property
    def paired(self) -> bool:
        return self.rows > 0 and self.columns > 0


class Walks:
    """The walks through the corridor of a grid.

    A cell has three values: of the walks that come to it by a bead of both sides, by a source sentence alone and by a target
    sentence alone. A source sentence alone never follows a target sentence alone, so that no two walks are the same.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._rows, self._columns = evidence.rows, evidence.columns
        self._kinds = tuple(evidence.kinds)
        self._first, self._width = evidence.corridor.first.tolist(), evidence.corridor.width.tolist()
        self._slopes = np.arange(max(self._width)) * CONTINUED
        self._blocks = _blocks(self._width)
        self._known: dict[int, Values] = {}

    def best(self) -> list[Step]:
        """The walk that is worth most; where two are equal, the one whose last kind stands first."""
        marks: list[NDArray[np.uint8]] = []
        heads: list[Values] = []
        paired = alone = self._nowhere(0)
        for row in range(self._rows + 1):
            opened, continued = self._left_out(row, paired, alone)
            alone = np.maximum(opened, continued)
            reached = self._arrivals(row, heads)
            kind, paired = reached.argmax(0).astype(np.uint8), reached.max(0)
            own = np.maximum(paired, alone)
            theirs = self._lacking(row, np.maximum.accumulate(own - self._slope(row)))
            kind[continued > opened] |= _AGAIN
            kind[1:][theirs[:-1] + CONTINUED > own[:-1] + OPENED] |= _MORE
            kind[alone > paired] |= _ALONE
            kind[theirs > own] |= _THEIRS
            marks.append(kind)
            heads = [*heads[1 - _SPAN :], np.maximum(own, theirs)]
        return self._traced(marks)

    def _traced(self, marks: Sequence[NDArray[np.uint8]]) -> list[Step]:
        steps = []
        row, column = self._rows, self._columns
        mark = int(marks[row][column - self._first[row]])
        way = _way(mark)
        while row or column:
            a, b = (self._kinds[mark & _KIND], (1, 0), (0, 1))[way]
            row, column = row - a, column - b
            steps.append(Step(row, column, a, b))
            before = int(marks[row][column - self._first[row]])
            if way == 0:
                way = _way(before)
            elif way == 1:
                way = 1 if mark & _AGAIN else 0
            else:
                way = 2 if mark & _MORE else _way(before & ~_THEIRS)
            mark = before
        return steps[::-1]

    def weighed(self, steps: Sequence[Step]) -> list[Step]:
        """The steps of a walk with what each is worth and its share of the likelihood of all walks."""
        forward, backward = self._forward(), self._backward()
        whole = np.logaddexp.reduce(self._at(forward, self._rows, self._columns))
        return [self._weighed(step, forward, backward, whole) for step in steps]

    def _weighed(self, step: Step, forward: Sequence[Values], backward: Sequence[Values], whole: float) -> Step:
        paired, alone, theirs = self._at(forward, step.row, step.column)
        row, column = step.row + step.rows, step.column + step.columns
        after = self._at(backward, row, column)
        worth = 0.0
        if step.paired:
            kind = self._kinds.index((step.rows, step.columns))
            worth = float(self._beads(row)[kind, column - self._first[row]])
            way = np.logaddexp.reduce([paired, alone, theirs]) + worth + after[0]
        elif step.rows:
            way = np.logaddexp(paired + OPENED, alone + CONTINUED) + after[1]
        else:
            way = np.logaddexp(np.logaddexp(paired, alone) + OPENED, theirs + CONTINUED) + after[2]
        return replace(step, worth=worth, share=float(np.exp(min(0.0, way - whole))))

    def _forward(self) -> list[Values]:
        """By row: for each of three ways to come to a cell, the logarithm of the sum over all walks that do."""
        layers: list[Values] = []
        heads: list[Values] = []
        paired = alone = self._nowhere(0)
        for row in range(self._rows + 1):
            alone = np.logaddexp(*self._left_out(row, paired, alone))
            paired = np.logaddexp.reduce(self._arrivals(row, heads))
            own = np.logaddexp(paired, alone)
            theirs = self._lacking(row, np.logaddexp.accumulate(own - self._slope(row)))
            layers.append(np.stack([paired, alone, theirs]))
            heads = [*heads[1 - _SPAN :], np.logaddexp(own, theirs)]
        return layers

    def _backward(self) -> list[Values]:
        """By row: for each of three ways to come to a cell, the logarithm of the sum over all walks from there to the end."""
        layers: list[Values] = []  # the last row first
        for row in range(self._rows, -1, -1):
            onward = np.full((len(self._kinds) + 1, self._width[row]), NEVER)
            if row == self._rows:
                onward[0, self._columns - self._first[row]] = 0.0
            for number, (a, b) in enumerate(self._kinds):
                if row + a <= self._rows:
                    self._see(onward[number], row, row + a, self._beads(row + a)[number] + layers[-a][0], b)
            going = self._within(row, np.logaddexp.reduce(onward))
            slope = self._slope(row)
            theirs = np.logaddexp.accumulate((going + slope)[::-1])[::-1] - slope
            going[:-1] = np.logaddexp(going[:-1], theirs[1:] + OPENED)
            left = self._seen(row, row + 1, layers[-1][1]) if row < self._rows else self._nowhere(row)
            layers.append(np.stack([np.logaddexp(going, left + OPENED), np.logaddexp(going, left + CONTINUED), theirs]))
        return layers[::-1]

    def _beads(self, row: int) -> Values:
        """What beads that end at a row are worth, by kind and place; blocks are kept where the corridor is narrow."""
        number = bisect_right(self._blocks, row) - 1
        if number not in self._known:
            if self._evidence.corridor.cells > _KEPT:
                self._known = {near: block for near, block in self._known.items() if abs(near - number) <= _SPAN}
            self._known[number] = self._evidence.block(*self._blocks[number : number + 2])
        beads: Values = self._known[number][:, row - self._blocks[number], : self._width[row]]
        return beads

    def _arrivals(self, row: int, heads: Sequence[Values]) -> Values:
        """By kind: the walks that come to `row` by such a bead; `heads` are the rows before."""
        reached = np.full((len(self._kinds), self._width[row]), NEVER)
        if row == 0:
            reached[0, 0] = 0.0
            return reached
        for number, (a, b) in enumerate(self._kinds):
            if a <= row:
                self._see(reached[number], row, row - a, heads[-a], -b)
        return self._within(row, reached + self._beads(row))

    def _left_out(self, row: int, paired: Values, alone: Values) -> tuple[Values, Values]:
        """What it is worth to leave out the source sentence before `row`: as the first, and as one more."""
        if row == 0:
            return self._nowhere(0), self._nowhere(0)
        opened, continued = self._seen(row, row - 1, paired) + OPENED, self._seen(row, row - 1, alone) + CONTINUED
        return self._within(row, opened), self._within(row, continued)

    def _lacking(self, row: int, gathered: Values) -> Values:
        """The walks that come by a target sentence alone; `gathered` are those that began one in an earlier column."""
        theirs = self._nowhere(row)
        theirs[1:] = (gathered + self._slope(row))[:-1] + OPENED
        return self._within(row, theirs)

    def _at(self, layers: Sequence[Values], row: int, column: int) -> Values:
        at: Values = layers[row][:, column - self._first[row]]
        return at

    def _seen(self, row: int, other: int, values: Values) -> Values:
        """The values of another row at the columns of this one; NEVER outside of its corridor."""
        seen = self._nowhere(row)
        self._see(seen, row, other, values, 0)
        return seen

    def _see(self, seen: Values, row: int, other: int, values: Values, further: int) -> None:
        """Put in what another row has so many columns further."""
        shift = self._first[row] - self._first[other] + further
        begin, end = max(0, -shift), min(len(seen), len(values) - shift)
        if begin < end:
            seen[begin:end] = values[begin + shift : end + shift]

    def _within(self, row: int, values: Values) -> Values:
        """Nothing lies beyond the last column."""
        values[..., max(0, self._columns + 1 - self._first[row]) :] = NEVER
        return values

    def _slope(self, row: int) -> Values:
        slope: Values = self._slopes[: self._width[row]]
        return slope

    def _nowhere(self, row: int) -> Values:
        return np.full(self._width[row], NEVER)


_KEPT = 1 << 21  # cells up to which all that was weighed is kept for the walk back


def _blocks(widths: Sequence[int]) -> list[int]:
    """The row each block begins with, and the last row's end; a block is as wide as its widest row."""
    begins = [0]
    widest = 0
    for row, width in enumerate(widths):
        widest = max(widest, width)
        if row > begins[-1] and widest * (row + 1 - begins[-1]) > _AT_ONCE:
            begins.append(row)
            widest = width
    return [*begins, len(widths)]


def _way(mark: int) -> int:
    """By what a cell was best come to: 0 a bead of both sides, 1 a source sentence alone, 2 a target sentence alone."""
    if mark & _THEIRS:
        return 2
    return 1 if mark & _ALONE else 0
