"""Overlap: what two readings share in one order, what they share in another, and what only one of them says."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from memory.guard.items import Item
from memory.guard.lexicon import Kind

_STEM = 4  # letters that two forms of a word share at least; one fewer where one has no more
_LEAST = 3
_TAIL = 3  # letters that they may differ in
LONGEST = 4000  # items between the common beginning and end up to which all order is compared


class Overlap(NamedTuple):
    """Places in two rows of items: pairs that keep their order, pairs that do not, places of one row only.

    `gaps` are the stretches between kept pairs, as places in both.
    """

    kept: tuple[tuple[int, int], ...]
    moved: tuple[tuple[int, int], ...]
    gone: tuple[int, ...]
    come: tuple[int, ...]
    gaps: tuple[tuple[range, range], ...]


def alike(before: Sequence[Item], after: Sequence[Item]) -> Sequence[Item]:
    """`after` with words that `before` has with another ending under its keys: the list of endings does not cut them all."""
    old = {item.key for item in before if item.kind is Kind.WORD}
    new = {item.key for item in after if item.kind is Kind.WORD}
    ours, theirs = sorted(old - new), sorted(new - old)
    if not ours or not theirs or len(ours) * len(theirs) > LONGEST:
        return after
    same = {word: other for word in theirs for other in ours if _is_like(word, other)}
    return [item._replace(key=same.get(item.key, item.key)) for item in after] if same else after


def _is_like(a: str, b: str) -> bool:
    same = next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return same >= max(_LEAST, min(_STEM, len(a), len(b))) and max(len(a), len(b)) - same <= _TAIL


def overlap(before: Sequence[Item], after: Sequence[Item]) -> Overlap:
    """Overlay them by a longest common subsequence of keys; beyond LONGEST by the common beginning and end alone."""
    kept: list[tuple[int, int]] = []
    gaps: list[tuple[range, range]] = []
    i = j = 0
    for start, other, size in _blocks([item.key for item in before], [item.key for item in after]):
        if start > i or other > j:
            gaps.append((range(i, start), range(j, other)))
        kept += zip(range(start, start + size), range(other, other + size), strict=True)
        i, j = start + size, other + size
    gone = [place for gap, _ in gaps for place in gap]
    come = [place for _, gap in gaps for place in gap]
    moved, gone, come = _moved(before, after, gone, come)
    return Overlap(tuple(kept), tuple(moved), tuple(gone), tuple(come), tuple(gaps))


def _blocks(a: list[str], b: list[str]) -> Iterator[tuple[int, int, int]]:
    """Runs of equal keys as (place, other place, size), and an empty one at the end."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    if head:
        yield 0, 0, head
    if max(len(a), len(b)) - head - tail <= LONGEST:
        for code in LCSseq.opcodes(a[head : len(a) - tail], b[head : len(b) - tail]):
            if code.tag == "equal":
                yield head + code.src_start, head + code.dest_start, code.src_end - code.src_start
    yield len(a) - tail, len(b) - tail, tail


def _moved(
    before: Sequence[Item], after: Sequence[Item], gone: list[int], come: list[int]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pair what left one place and came to another.

    A sign alone says too little to have moved, two in a row are a word; but where nothing else changed, each counts.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for place in reversed(come):
        waiting[after[place].key].append(place)
    pairs = [(place, waiting[before[place].key].pop()) for place in gone if waiting[before[place].key]]
    paired = {i for i, _ in pairs}, {j for _, j in pairs}
    if len(pairs) == len(gone) == len(come):
        return pairs, [], []
    together = set(pairs)
    moved = [(i, j) for i, j in pairs if before[i].kind is not Kind.SIGN or {(i + 1, j + 1), (i - 1, j - 1)} & together]
    return (
        moved,
        [place for place in gone if place not in paired[0]],
        [place for place in come if place not in paired[1]],
    )
