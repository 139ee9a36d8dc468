"""Matching: which segment of a version is which of the version before, and what became of those that were cut or joined.

What is the same in both is found first, wherever it went. Between what stayed in its order the rest is aligned as a whole,
by dynamic programming over edits, splits and merges, so that no sentence takes the partner of a better one. What is then left
is paired by likeness alone: it moved and was edited.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise, product

from rapidfuzz.distance import Indel, LCSseq

from tm_service.domain.text import parse, word_tokens

_ALIKE = 0.5  # from here on two sentences are versions of one another, where they stand in the same place
_ALIKE_ELSEWHERE = 0.6
_CONTAINED = 0.6  # share of a piece's words that the whole has in its order
_SHARED = 0.25  # share of the words of the shorter one
_FEW_WORDS = 3
_MOST_PIECES = 3
_BAND = 40  # places to both sides of the diagonal that are looked at in a long stretch
_LONGEST = 20_000  # pairs of a stretch that are all looked at


@dataclass(frozen=True)
class Item:
    """A segment as it is compared. Only those of one `kind` are: sentences, or the values of one attribute.

    A `fixed` one is another as soon as it differs, such as the address of a picture.
    """

    text: str
    kind: str = ""
    note: str = ""
    block: Hashable = 0
    fixed: bool = False

    @cached_property
    def plain(self) -> str:
        return " ".join(parse(self.text).plain.casefold().split()) if not self.kind else self.text

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word_tokens(self.plain))

    @cached_property
    def bag(self) -> frozenset[str]:
        return frozenset(self.words)


@dataclass(frozen=True, slots=True)
class Bead:
    """Segments of the version before and of this one that are the same; several on one side were cut or joined."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def matched(old: Sequence[Item], new: Sequence[Item]) -> list[Bead]:
    """Beads by the numbers of their segments; what is in none of them is gone, or new."""
    same = _same(old, new)
    beads = [Bead((i,), (j,)) for i, j in same.items()]
    if len(same) < len(old) and len(same) < len(new):
        beads += _Rest(old, new, same).beads()
    return sorted(beads, key=lambda bead: bead.new)


def likeness(one: Item, other: Item) -> float:
    """How much of two texts is the same in the same order, from 0 to 1: the mean of words and characters."""
    return _likeness(one.words, one.plain, other.words, other.plain)


def _likeness(words: Sequence[str], plain: str, others: Sequence[str], other: str) -> float:
    if plain == other:
        return 1.0
    by_characters = Indel.normalized_similarity(plain, other)
    return (Indel.normalized_similarity(words, others) + by_characters) / 2 if words and others else by_characters


def _same(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Segments with the same text, and then those with the same words: in their order where they are, else the nearest."""
    ours, theirs = ([(item.kind, item.text) for item in items] for items in (old, new))
    if ours == theirs:
        return {number: number for number in range(len(ours))}
    pairs = _paired(ours, theirs, {})
    if len(pairs) < min(len(ours), len(theirs)):
        ours, theirs = ([(item.kind, item.plain) for item in items] for items in (old, new))
        pairs = _paired(ours, theirs, pairs)
    return pairs


def _paired(ours: Sequence[Hashable], theirs: Sequence[Hashable], known: dict[int, int]) -> dict[int, int]:
    """The pairs that are known, and those of the same name that are not."""
    pairs, taken = dict(known), set(known.values())
    if not known:
        for run in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
            pairs.update((run.a + step, run.b + step) for step in range(run.size))
        taken = set(pairs.values())
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, name in enumerate(theirs):
        if number not in taken:
            places[name].append(number)
    shift = _shifts(pairs, len(ours))
    left = [(number, name) for number, name in enumerate(ours) if number not in pairs and name in places]
    near = sorted((abs(i + shift[i] - j), i, j) for i, name in left for j in places[name])
    for _, i, j in near:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _shifts(pairs: dict[int, int], count: int) -> list[int]:
    """By how much each place moved, as the last one before it did that stayed."""
    shifts, shift = [], 0
    for number in range(count):
        shift = pairs[number] - number if number in pairs else shift
        shifts.append(shift)
    return shifts


class _Rest:
    """What has no partner with the same text."""

    def __init__(self, old: Sequence[Item], new: Sequence[Item], same: dict[int, int]) -> None:
        self.old, self.new = old, new
        self.chain = sorted(same.items())
        taken = set(same.values())
        self.gone = [number for number, item in enumerate(old) if number not in same and not item.fixed]
        self.come = [number for number, item in enumerate(new) if number not in taken and not item.fixed]

    def beads(self) -> list[Bead]:
        found = self._taken([bead for gone, come, _ in self._stretches() for bead in self._aligned(gone, come)])
        found += self._taken(list(self._elsewhere()))
        found = self._taken(self._scattered(found))
        return found + self._taken(
            [
                Bead((gone[0],), (come[0],))
                for gone, come, ends in self._stretches()
                if len(gone) == len(come) == 1 and self._is_place(gone[0], come[0], ends)
            ]
        )

    def _taken(self, beads: list[Bead]) -> list[Bead]:
        """Beads that are no longer looked for; what is beside them is between neighbours now."""
        old = {number for bead in beads for number in bead.old}
        new = {number for bead in beads for number in bead.new}
        self.gone = [number for number in self.gone if number not in old]
        self.come = [number for number in self.come if number not in new]
        ends = {end for bead in beads for end in ((bead.old[0], bead.new[0]), (bead.old[-1], bead.new[-1]))}
        self.chain = sorted({*self.chain, *ends})
        return beads

    def _stretches(self) -> Iterator[tuple[list[int], list[int], list[tuple[int, int]]]]:
        """What stands between two neighbours that stayed in their order, and these."""
        for before, after in pairwise([(-1, -1), *_rising(self.chain), (len(self.old), len(self.new))]):
            gone = self.gone[bisect_left(self.gone, before[0]) : bisect_left(self.gone, after[0])]
            come = self.come[bisect_left(self.come, before[1]) : bisect_left(self.come, after[1])]
            if gone and come:
                yield gone, come, [end for end in (before, after) if 0 <= end[0] < len(self.old)]

    def _is_place(self, i: int, j: int, ends: list[tuple[int, int]]) -> bool:
        """Whether two segments stand in one place of the document: what stays around them says so."""
        one, other = self.old[i], self.new[j]
        if one.kind != other.kind or one.note != other.note:
            return False
        beside = [(self.old[a].block == one.block, self.new[b].block == other.block) for a, b in ends]
        return (True, True) in beside or (bool(beside) and all(pair == (False, False) for pair in beside))

    def _aligned(self, gone: list[int], come: list[int]) -> list[Bead]:
        """The best way through a stretch; gains are characters that are alike beyond what is alike by chance."""
        rows, columns = len(gone), len(come)
        best = [[(0.0, 0, 0)] * (columns + 1) for _ in range(rows + 1)]
        for row, column in product(range(rows + 1), range(columns + 1)):
            choices = [] if row or column else [(0.0, 0, 0)]
            if row:
                choices.append((best[row - 1][column][0], 1, 0))
            if column:
                choices.append((best[row][column - 1][0], 0, 1))
            if row and column and self._is_near(row, column, rows, columns):
                for high, wide in self._steps(gone, come, row, column):
                    gain = self._gain(gone[row - high : row], come[column - wide : column])
                    if gain > 0:
                        choices.append((best[row - high][column - wide][0] + gain, high, wide))
            best[row][column] = max(choices, key=lambda choice: choice[0])
        return self._walked(best, gone, come)

    def _is_near(self, row: int, column: int, rows: int, columns: int) -> bool:
        return rows * columns <= _LONGEST or abs(row * columns / rows - column) <= _BAND

    def _walked(self, best: list[list[tuple[float, int, int]]], gone: list[int], come: list[int]) -> list[Bead]:
        row, column, beads = len(gone), len(come), []
        while row and column:
            _, high, wide = best[row][column]
            if high and wide:
                beads.append(Bead(tuple(gone[row - high : row]), tuple(come[column - wide : column])))
            row, column = row - high, column - wide
        return beads[::-1]

    def _steps(self, gone: list[int], come: list[int], row: int, column: int) -> Iterator[tuple[int, int]]:
        """How many of both sides may be one bead that ends here."""
        yield 1, 1
        one, other = self.old[gone[row - 1]], self.new[come[column - 1]]
        for count in range(2, _MOST_PIECES + 1):
            if count <= column and all(self._has(one, self.new[j]) for j in come[column - count : column]):
                yield 1, count
            if count <= row and all(self._has(other, self.old[i]) for i in gone[row - count : row]):
                yield count, 1

    def _has(self, whole: Item, piece: Item) -> bool:
        """Whether a sentence may have been cut from another."""
        if whole.kind or piece.kind or len(piece.words) > len(whole.words):
            return False
        if not piece.words or len(whole.bag & piece.bag) < _CONTAINED * len(piece.bag):
            return False
        return LCSseq.similarity(whole.words, piece.words) >= _CONTAINED * len(piece.words)

    def _gain(self, gone: Sequence[int], come: Sequence[int]) -> float:
        olds, news = [self.old[i] for i in gone], [self.new[j] for j in come]
        if olds[0].kind != news[0].kind or _is_other(olds[0], news[0]):
            return 0.0
        (words, plain), (others, other) = _together(olds), _together(news)
        alike = _likeness(words, plain, others, other)
        return (alike - _ALIKE) * (len(plain) + len(other))

    def _elsewhere(self) -> Iterator[Bead]:
        """What moved and was edited, the most alike first."""
        alike = sorted(
            (-likeness(self.old[i], self.new[j]), i, j)
            for i, j in product(self.gone, self.come)
            if self.old[i].kind == self.new[j].kind and not _is_other(self.old[i], self.new[j])
        )
        gone, come = set(self.gone), set(self.come)
        for unlike, i, j in alike:
            if -unlike >= _ALIKE_ELSEWHERE and i in gone and j in come:
                yield Bead((i,), (j,))
                gone.discard(i)
                come.discard(j)

    def _scattered(self, beads: list[Bead]) -> list[Bead]:
        """Beads with the pieces that stand apart from the others because something came or went between them."""
        made = beads + [Bead((i,), ()) for i in self.gone]
        for j in self.come:
            made = self._grown(made, Bead((), (j,)))
        taken = {number for bead in made for number in bead.new}
        left = [bead.old[0] for bead in made if not bead.new]
        made = [bead for bead in made if bead.new] + [Bead((), (j,)) for j in self.come if j not in taken]
        for i in left:
            made = self._grown(made, Bead((i,), ()))
        return [bead for bead in made if bead.old and bead.new]

    def _grown(self, beads: list[Bead], piece: Bead) -> list[Bead]:
        """Beads of which the one that a piece was cut from, or joined to, has it."""
        best, most = -1, 0.0
        made = Bead((), ())
        for number, bead in enumerate(beads):
            for grown in self._with(bead, piece):
                had = self._gain(bead.old, bead.new) if bead.old and bead.new else 0.0
                more = self._gain(grown.old, grown.new) - had
                if more > most:
                    best, most, made = number, more, grown
        if best < 0:
            return beads
        return [*beads[:best], made, *beads[best + 1 :]]

    def _with(self, bead: Bead, piece: Bead) -> Iterator[Bead]:
        """A bead with one more piece at either end, where the whole has its words."""
        old, new = (*bead.old, *piece.old), (*bead.new, *piece.new)
        if max(len(old), len(new)) > _MOST_PIECES:
            return
        if piece.new and len(old) == 1 and all(self._has(self.old[old[0]], self.new[j]) for j in new):
            yield Bead(old, new)
            yield Bead(old, (*piece.new, *bead.new))
        elif piece.old and len(new) == 1 and all(self._has(self.new[new[0]], self.old[i]) for i in old):
            yield Bead(old, new)
            yield Bead((*piece.old, *bead.old), new)


def _is_other(one: Item, other: Item) -> bool:
    """Whether two texts have so few words in common that nothing more need be looked at."""
    few = min(len(one.bag), len(other.bag))
    return few > _FEW_WORDS and len(one.bag & other.bag) < _SHARED * few


def _together(items: Sequence[Item]) -> tuple[Sequence[str], str]:
    if len(items) == 1:
        return items[0].words, items[0].plain
    return [word for item in items for word in item.words], " ".join(item.plain for item in items)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs that rise on both sides (patience sorting)."""
    tops: list[int] = []  # of each pile, which pair lies on top
    ends: list[int] = []
    below: dict[int, int] = {}
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(ends, j)
        if pile:
            below[number] = tops[pile - 1]
        tops[pile : pile + 1] = [number]
        ends[pile : pile + 1] = [j]
    row, number = [], tops[-1] if tops else -1
    while number >= 0:
        row.append(pairs[number])
        number = below.get(number, -1)
    return row[::-1]
