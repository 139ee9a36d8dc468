"""Corridors: the part of a long grid that is walked holds the walk, goes from corner to corner, and never back."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.alignment.anchors import links, read
from memory.alignment.corridor import along, chained, touches, whole
from memory.alignment.grid import Corridor, Step


def numbered(numbers, text="Item"):
    return read([f"{text} {number}" for number in numbers], [place == 0 for place in range(len(numbers))], "en")


def joins_the_corners(corridor, rows, columns):
    ends = corridor.first + corridor.width
    assert len(corridor.first) == rows + 1
    assert corridor.first[0] == 0
    assert ends[-1] == columns + 1
    assert (corridor.width >= 1).all()
    assert (np.diff(corridor.first) >= 0).all()
    assert (np.diff(ends) >= 0).all()
    assert (corridor.first[1:] < ends[:-1]).all()


STEPS = st.lists(st.sampled_from([(1, 1), (1, 2), (2, 1), (1, 0), (0, 1), (0, 30), (25, 0), (4, 9)]), max_size=30)


@given(STEPS, st.integers(0, 40))
def test_a_corridor_along_a_walk_holds_all_its_cells(kinds, room):
    steps, row, column = [], 0, 0
    for rows, columns in kinds:
        steps.append(Step(row, column, rows, columns))
        row, column = row + rows, column + columns
    corridor = along(steps, room)
    joins_the_corners(corridor, row, column)
    for step in steps:
        for place, at in ((step.row, step.column), (step.row + step.rows, step.column + step.columns)):
            assert corridor.first[place] <= at < corridor.first[place] + corridor.width[place]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=60),
    st.lists(st.integers(0, 40), min_size=1, max_size=60),
)
def test_a_chain_of_any_anchors_gives_a_corridor_from_corner_to_corner(ours, theirs):
    source, target = numbered(ours), numbered(theirs)
    joins_the_corners(chained(source, target, links(source, target)), len(ours), len(theirs))


def test_a_long_document_is_walked_beside_its_anchors_only():
    source, target = numbered(range(4000)), numbered(range(4000))
    corridor = chained(source, target, links(source, target))
    assert corridor.cells < 4000 * 4000 / 20
    assert (np.abs(corridor.first + corridor.width // 2 - np.arange(4001)) < 120).all()


def test_the_corridor_is_wide_where_one_side_has_a_section_more():
    """Sentences 1000 to 1999 are missing, so that anywhere between the anchors before and after may be the place."""
    source, target = numbered(range(3000)), numbered([*range(1000), *range(2000, 3000)])
    corridor = chained(source, target, links(source, target))
    for row in range(0, 3001, 50):
        column = min(row, 1000) if row < 2000 else row - 1000
        assert corridor.first[row] <= column < corridor.first[row] + corridor.width[row]


def test_a_section_longer_than_the_corridor_may_be_wide_is_crossed():
    """Two anchors with as many sentences between them as no row may have."""
    source = numbered(range(4000))
    target = read(
        [
            *(f"Item {number}" for number in range(2000)),
            *["Other"] * 20_000,
            *(f"Item {number}" for number in range(2000, 4000)),
        ],
        [False] * 24_000,
        "en",
    )
    joins_the_corners(chained(source, target, links(source, target)), 4000, 24_000)


def heaviest(points):
    """The best chain by trying all."""
    best = 0.0
    for size in range(1, len(points) + 1):
        for chosen in combinations(points, size):
            if all(a[0] < b[0] and a[1] < b[1] for (a, _), (b, _) in pairwise(chosen)):
                best = max(best, sum(weight for _, weight in chosen))
    return best


POINTS = st.dictionaries(st.tuples(st.integers(0, 8), st.integers(0, 8)), st.integers(1, 9), max_size=9)


@given(POINTS)
def test_the_chain_is_the_heaviest_of_all(points):
    from memory.alignment.corridor import _chain  # noqa: PLC0415 - the one thing here that has an oracle

    chain = list(_chain(sorted(points.items())))
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chain))
    assert sum(points[point] for point in chain) == heaviest(sorted(points.items()))


@pytest.mark.parametrize(
    ("first", "width", "touched"),
    [([0, 0, 0], [9, 9, 9], False), ([0, 1, 6], [3, 3, 3], True), ([0, 0, 5], [5, 4, 4], True)],
)
def test_a_walk_that_goes_along_a_wall_is_seen(first, width, touched):
    steps = [Step(0, 0, 1, 1), Step(1, 1, 0, 6), Step(1, 7, 1, 1)]
    assert touches(steps, Corridor(np.array(first), np.array(width)), 8) is touched


def test_the_walls_of_the_grid_itself_do_not_count():
    assert not touches([Step(0, 0, 1, 0), Step(1, 0, 1, 2)], whole(2, 2), 2)
