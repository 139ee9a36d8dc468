"""The grid: the best walk is the best of all walks, and shares are what counting all walks gives."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.alignment.corridor import whole
from memory.alignment.grid import CONTINUED, KINDS, NEVER, OPENED, Corridor, Step, Walks

SIDES = st.integers(0, 4)


@dataclass
class Drawn:
    """Beads worth what a seed says, the same in every corridor."""

    rows: int
    columns: int
    corridor: Corridor
    seed: int = 0
    kinds: tuple[tuple[int, int], ...] = KINDS

    @cached_property
    def worth(self):
        random = np.random.default_rng(self.seed)
        return random.normal(0, 3, (len(self.kinds), self.rows + 1, self.columns + 1))

    def block(self, begin, end):
        width = int(self.corridor.width[begin:end].max())
        block = np.full((len(self.kinds), end - begin, width), NEVER)
        for row in range(begin, end):
            for place in range(width):
                column = int(self.corridor.first[row]) + place
                for number, (a, b) in enumerate(self.kinds):
                    if column <= self.columns and row >= a and column >= b:
                        block[number, row - begin, place] = self.worth[number, row, column]
        return block


def walks_from(evidence, row=0, column=0, before=""):
    """All walks to the end with what they are worth; a source sentence alone never follows a target sentence alone."""
    if (row, column) == (evidence.rows, evidence.columns):
        yield [], 0.0
    steps = [((a, b), "both", evidence.worth[n]) for n, (a, b) in enumerate(evidence.kinds)]
    if before != "theirs":
        steps.append(((1, 0), "ours", CONTINUED if before == "ours" else OPENED))
    steps.append(((0, 1), "theirs", CONTINUED if before == "theirs" else OPENED))
    for (a, b), way, worth in steps:
        end, last = row + a, column + b
        if end <= evidence.rows and last <= evidence.columns:
            value = worth[end, last] if way == "both" else worth
            for walk, rest in walks_from(evidence, end, last, way):
                yield [(row, column, a, b), *walk], value + rest


def named(steps):
    return [(step.row, step.column, step.rows, step.columns) for step in steps]


@settings(max_examples=60, deadline=None)
@given(SIDES, SIDES, st.integers(0, 10_000))
def test_the_best_walk_is_the_best_of_all(rows, columns, seed):
    evidence = Drawn(rows, columns, whole(rows, columns), seed)
    best, _ = max(walks_from(evidence), key=lambda walk: walk[1])
    assert named(Walks(evidence).best()) == best


@settings(max_examples=60, deadline=None)
@given(SIDES, SIDES, st.integers(0, 10_000))
def test_a_share_is_the_part_of_all_walks_that_go_through_a_step(rows, columns, seed):
    evidence = Drawn(rows, columns, whole(rows, columns), seed)
    every = list(walks_from(evidence))
    together = sum(math.exp(worth) for _, worth in every)
    walks = Walks(evidence)
    for step in walks.weighed(walks.best()):
        through = sum(math.exp(worth) for walk, worth in every if named([step])[0] in walk)
        assert step.share == pytest.approx(through / together, rel=1e-6)
        if step.paired:
            kind = KINDS.index((step.rows, step.columns))
            assert step.worth == evidence.worth[kind, step.row + step.rows, step.column + step.columns]


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 6), st.integers(3, 6), st.integers(0, 10_000), st.integers(1, 3))
def test_a_corridor_around_the_best_walk_does_not_change_it(rows, columns, seed, room):
    evidence = Drawn(rows, columns, whole(rows, columns), seed)
    best = Walks(evidence).best()
    lows, highs = [columns] * (rows + 1), [0] * (rows + 1)
    for step in best:
        for row in range(step.row, step.row + step.rows + 1):
            lows[row] = min(lows[row], max(0, step.column - room))
            highs[row] = max(highs[row], min(columns, step.column + step.columns + room))
    first = np.minimum.accumulate(np.array(lows)[::-1])[::-1]
    narrow = Corridor(first, np.maximum.accumulate(highs) - first + 1)
    inside = Walks(Drawn(rows, columns, narrow, seed))
    assert named(inside.best()) == named(best)
    assert all(0 < step.share <= 1 for step in inside.weighed(best))


def test_a_grid_of_more_rows_than_a_block_is_walked_to_its_end():
    rows = columns = 600
    first = np.maximum(np.arange(rows + 1) - 4, 0)
    corridor = Corridor(first, np.minimum(np.arange(rows + 1) + 4, columns) - first + 1)
    evidence = Drawn(rows, columns, corridor)
    evidence.worth[:] = -5
    np.fill_diagonal(evidence.worth[0], 2)
    walks = Walks(evidence)
    steps = walks.weighed(walks.best())
    assert named(steps) == [(row, row, 1, 1) for row in range(rows)]
    assert min(step.share for step in steps) > 0.9


def test_a_missing_section_is_one_event():
    """Five sentences more on one side cost one opening and four continuations, less than five beads that say nothing."""
    evidence = Drawn(8, 3, whole(8, 3))
    evidence.worth[:] = -8
    for row, column in ((1, 1), (7, 2), (8, 3)):
        evidence.worth[0, row, column] = 2
    steps = Walks(evidence).best()
    assert named(steps) == [(0, 0, 1, 1), *((row, 1, 1, 0) for row in range(1, 6)), (6, 1, 1, 1), (7, 2, 1, 1)]


def test_two_empty_documents_have_one_walk_of_no_steps():
    assert Walks(Drawn(0, 0, whole(0, 0))).best() == []


def test_a_step_of_both_sides_is_paired():
    assert Step(0, 0, 1, 2).paired
    assert not Step(0, 0, 0, 1).paired
