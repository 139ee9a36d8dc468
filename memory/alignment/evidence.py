"""Evidence: what speaks for each bead of two documents: lengths, anchors, how sentences end and where paragraphs begin.

Each part is the logarithm of how much likelier it is in a pair of translations than in any two sentences of the documents.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from memory.alignment.anchors import ENDS, Link, Side, places
from memory.alignment.grid import NEVER, Corridor, Kind, Places, Values
from memory.alignment.lengths import Lengths

# How often beads are of a kind, about as Gale and Church (1993) count them in table 5; threes are rare, but there are some.
PRIORS: Mapping[Kind, float] = {(1, 1): 0.87, (1, 2): 0.04, (2, 1): 0.04, (2, 2): 0.006, (1, 3): 0.002, (3, 1): 0.002}

_ENDS_ALIKE = 0.9  # how often a translation ends as its source does
_BEGINS_ALIKE = 0.95  # how often it begins a paragraph where its source does
_ACROSS = -2.5  # for each paragraph that begins within a bead
_MOST_GAIN = 6.0  # of one anchor
_BARELY = 1.3  # times commoner than by chance: what is less says nothing
_ABSENT = -2.0  # for a number or code that the other document never has
_OFTEN = 200_000  # meetings of two words beyond which they are of the grammar
_INDEPENDENT = 0.6  # words of a sentence come together: each says less than it would alone
_LEAST, _MOST = -4.0, 20.0  # what anchors can say of one bead
_EXACT = ("number ", "code ")
_SPAN = 3  # sentences of one side in a bead, at most


class Sheet:
    """What speaks for each bead within a corridor."""

    def __init__(
        self,
        sides: tuple[Side, Side],
        measure: Lengths,
        links: Sequence[Link],
        corridor: Corridor,
        kinds: Sequence[Kind] = tuple(PRIORS),
    ) -> None:
        source, target = sides
        self.rows, self.columns, self.kinds, self.corridor = len(source), len(target), kinds, corridor
        self._measure = measure
        room = int((corridor.first + corridor.width.max()).max()) + 1
        self._ours = _Axis(source, measure.of_source, self.rows + 1)
        self._theirs = _Axis(target, measure.of_target, room)
        ends = _agreement(source.ends, target.ends, ENDS, _ENDS_ALIKE)
        self._ends = np.concatenate([[0], source.ends])  # of the last sentence before a row
        self._end_table = _framed(ends[:, np.concatenate([[0], target.ends])], room)
        begins = _agreement(source.begins, target.begins, 2, _BEGINS_ALIKE)
        self._begins = np.concatenate([source.begins, [0]])  # of the first sentence after a row
        self._begin_table = _framed(begins[:, target.begins], room)
        common = _Common(source, target, links, corridor)
        self._matches = common.cells
        self._begin = _begin(corridor)
        self._lack = _tails(common.lack[0], self.rows + 1), _tails(common.lack[1], room)
        self._twice = _repeats(common.twice[0], self.rows + 1), _repeats(common.twice[1], room)

    def block(self, begin: int, end: int) -> Values:
        """For rows `begin` to `end`, by kind, row and place in the corridor: what a bead is worth that ends there."""
        rows = np.arange(begin, end)
        columns = self.corridor.first[begin:end, None] + np.arange(self.corridor.width[begin:end].max())
        matches = self._met(rows, columns.shape[1])
        worth = np.full((len(self.kinds), *columns.shape), NEVER)
        for number, (a, b) in enumerate(self.kinds):
            some = rows >= a
            values = self._other(rows, columns, (a, b)) + self._anchored(rows, columns, (a, b), matches)
            worth[number, some] = np.where(columns >= b, values, NEVER)[some]
        return worth

    def _other(self, rows: Places, columns: Places, kind: Kind) -> Values:
        """All but the anchors."""
        a, b = kind
        ours, theirs = self._ours, self._theirs
        given = self._measure.given(
            theirs.sizes[b][columns] - ours.sizes[a][rows, None],
            theirs.inverse[b][columns] + ours.inverse[a][rows, None],
        )
        chance = self._chance(rows, columns, kind)
        ends = self._end_table[self._ends[rows, None], columns]
        begins = self._begin_table[self._begins[np.maximum(rows - a, 0), None], np.maximum(columns - b, 0)]
        across = _ACROSS * (ours.across[a][rows, None] + theirs.across[b][columns])
        values: Values = given - chance + ends + begins + across + np.log(PRIORS[kind])
        return values

    def _chance(self, rows: Places, columns: Places, kind: Kind) -> Values:
        """Of the side that is one sentence; where both are as many, of both in the middle."""
        a, b = kind
        ours, theirs = self._ours.sizes[a][rows, None], self._theirs.sizes[b][columns]
        if a > b:
            return self._measure.chance(theirs, b)
        if b > a:
            return self._measure.chance(ours, a)
        return (self._measure.chance(ours, a) + self._measure.chance(theirs, b)) / 2

    def _anchored(self, rows: Places, columns: Places, kind: Kind, matches: Mapping[Kind, Values]) -> Values:
        a, b = kind
        said = self._lack[0][a][rows, None] + self._lack[1][b][columns]
        for row in range(1, a + 1):
            for column in range(1, b + 1):
                said = said + matches[row, column]
        # A word that two sentences of one side share is one match with the other side.
        said = said - (self._twice[0][a][rows, None] * b + self._twice[1][b][columns] * a)
        return np.clip(_INDEPENDENT * said, _LEAST, _MOST)

    def _met(self, rows: Places, width: int) -> Mapping[Kind, Values]:
        """What the sentence that is the n-th before a row and the one that is the m-th before a column have in common."""
        met = {}
        first = self.corridor.first
        for n in range(1, _SPAN + 1):
            after = np.maximum(rows - n + 1, 1)  # the row after that sentence
            place = (first[rows] - first[after])[:, None] + np.arange(1 - _SPAN, width)
            inside = (place >= 0) & (place < self.corridor.width[after, None])
            values = np.where(inside, self._matches[np.where(inside, self._begin[after, None] + place, 0)], 0.0)
            for m in range(1, _SPAN + 1):
                met[n, m] = values[:, _SPAN - m : _SPAN - m + width]
        return met


class _Axis:
    """Of the last one, two and three sentences before each place: size, its inverse, paragraphs that begin within."""

    def __init__(self, side: Side, size: Callable[[Values], Values], room: int) -> None:
        self.sizes = {n: size(values) for n, values in _tails(side.letters, room).items()}
        self.inverse = {n: np.exp(-values) for n, values in self.sizes.items()}
        begins = _tails(side.begins.astype(np.float64), room)
        self.across = {n: begins[n - 1] if n > 1 else np.zeros(room) for n in begins}


class _Common:
    """Which anchors sentences have in common, and what that says.

    `cells` is by source sentence and place in the corridor of the row after it; `lack` is what each sentence's anchors say
    where the other has no partner, `twice` what its anchors say once too often where the sentence before, or the one before
    that, has them, too: for each side, by sentence.
    """

    def __init__(self, source: Side, target: Side, links: Sequence[Link], corridor: Corridor) -> None:
        self._sides = source, target
        self._places = places(source), places(target)
        kept = [found for found in map(self._weighed, links) if found is not None]
        self._lacking: tuple[dict[str, float], dict[str, float]] = ({}, {})
        for link, _, lack in kept:
            for lacking, name in zip(self._lacking, (link.source, link.target), strict=True):
                lacking[name] = min(lacking.get(name, 0.0), lack)
        gains = [(link, gain - self._lacking[0][link.source] - self._lacking[1][link.target]) for link, gain, _ in kept]
        self.cells = self._cells(gains, corridor)
        self.twice = self._repeated(gains, 0), self._repeated(gains, 1)
        self.lack = self._lack(0), self._lack(1)

    def _weighed(self, link: Link) -> tuple[Link, float, float] | None:
        """What it says that two sentences have the partners, and that only one has; None where it is next to nothing."""
        ours, theirs = self._places[0].get(link.source), self._places[1].get(link.target)
        if ours is None or theirs is None or len(ours) * len(theirs) > _OFTEN:
            return None
        chance = max((len(ours) + 0.5) / (len(self._sides[0]) + 1), (len(theirs) + 0.5) / (len(self._sides[1]) + 1))
        if link.rate < _BARELY * chance:
            return None
        return link, min(_MOST_GAIN, math.log(link.rate / chance)), math.log((1 - link.rate) / (1 - chance))

    def _cells(self, gains: Sequence[tuple[Link, float]], corridor: Corridor) -> NDArray[np.float32]:
        """Row after row of the corridor, at each cell what the two sentences before it have in common."""
        cells = np.zeros(corridor.cells, np.float32)
        offset = _begin(corridor)
        for link, gain in gains:
            rows, columns = self._places[0][link.source] + 1, self._places[1][link.target] + 1
            left = corridor.first[rows]
            begin, end = np.searchsorted(columns, left), np.searchsorted(columns, left + corridor.width[rows])
            counts = end - begin
            # The columns from each begin to its end, one run after the other.
            within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            cells[columns[np.repeat(begin, counts) + within] + np.repeat(offset[rows] - left, counts)] += gain
        return cells

    def _repeated(self, gains: Sequence[tuple[Link, float]], side: int) -> tuple[Values, Values]:
        most: dict[str, float] = {}
        for link, gain in gains:
            name = (link.source, link.target)[side]
            most[name] = max(most.get(name, 0.0), gain)
        one, two = np.zeros(len(self._sides[side])), np.zeros(len(self._sides[side]))
        for name, gain in most.items():
            places = self._places[side][name]
            one[places[np.isin(places - 1, places)]] += gain
            two[places[np.isin(places - 2, places)]] += gain
        return one, two

    def _lack(self, side: int) -> Values:
        absent = self._places[side].keys() - self._places[1 - side].keys()
        lacking = dict.fromkeys(sorted(name for name in absent if name.startswith(_EXACT)), _ABSENT)
        lack = np.zeros(len(self._sides[side]))
        for name, value in (lacking | self._lacking[side]).items():
            lack[self._places[side][name]] += value
        return lack


def _begin(corridor: Corridor) -> Places:
    """Where each row begins when they stand one after the other."""
    return np.cumsum(corridor.width) - corridor.width


def _tails(values: Values, room: int) -> dict[int, Values]:
    """By end, the sum of the last one, two and three values; 0 where there are not as many."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    tails = {}
    for n in range(1, _SPAN + 1):
        tails[n] = np.zeros(room)
        tails[n][n : len(sums)] = sums[n:] - sums[:-n]
    return tails


def _repeats(twice: tuple[Values, Values], room: int) -> dict[int, Values]:
    """By end, what the last one, two and three sentences say more than once."""
    one, two = (np.concatenate([[0.0], values, np.zeros(room - 1 - len(values))]) for values in twice)
    return {1: np.zeros(room), 2: one, 3: one + two + np.concatenate([[0.0], one[:-1]])}


def _agreement(ours: Places, theirs: Places, classes: int, alike: float) -> Values:
    """By class of the one and of the other, what it says that they are so.

    The two agree as often as `alike` and the classes' numbers on both sides allow; else they are independent.
    """
    some, others = ((np.bincount(side, minlength=classes) + 0.5) / (len(side) + classes / 2) for side in (ours, theirs))
    least = np.minimum(some, others)
    table = np.full((classes, classes), 1 - alike * least.sum())
    table[np.diag_indices(classes)] += alike * least / (some * others)
    logarithms: Values = np.log(table)
    return logarithms


def _framed(table: Values, room: int) -> Values:
    """The same with columns up to `room`."""
    return np.pad(table, ((0, 0), (0, max(0, room - table.shape[1]))))
