"""Reconcile: two people's wordings of one text brought together, block by block where it is HTML, line by line where not."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A piece ends where a block of HTML ends, with the blanks behind it, or at the end of a line; joined, pieces are the text.
_PIECE = re.compile(
    r".+?(?:</(?:p|h[1-6]|li|dt|dd|td|th|pre|figcaption|blockquote|table|ul|ol|dl|figure|div)>\s*|\n|\Z)", re.DOTALL
)
_MOST_PAIRS = 200_000  # of pieces that are alike


class Side(StrEnum):
    """Who changed a stretch of a text."""

    NOBODY = "nobody"
    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"  # both made the same of it
    CONTESTED = "contested"  # both changed it, and differently


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text that was merged: what it was, what stands in each wording, and who changed it."""

    side: Side
    base: str
    theirs: str
    mine: str

    @property
    def merged(self) -> str:
        """What stands there when both are brought together; theirs, where a person has to decide."""
        return self.mine if self.side is Side.MINE else self.theirs


@dataclass(frozen=True)
class Reconciled:
    """Both wordings side by side, in the order of the text."""

    stretches: tuple[Stretch, ...]

    @property
    def contested(self) -> tuple[Stretch, ...]:
        return tuple(one for one in self.stretches if one.side is Side.CONTESTED)

    def text(self, chosen: Sequence[str] = ()) -> str:
        """The text with what was chosen of each contested stretch, in their order; of those not chosen theirs."""
        left = iter(chosen)
        return "".join(next(left, one.merged) if one.side is Side.CONTESTED else one.merged for one in self.stretches)


def reconcile(base: str, theirs: str, mine: str) -> Reconciled:
    """What both made of `base` (as diff3 does: Khanna, Kunal and Pierce, A Formal Investigation of Diff3, 2007)."""
    was, their, own = (_PIECE.findall(text) for text in (base, theirs, mine))
    return Reconciled(tuple(_stretches(was, their, own)))


def _stretches(base: list[str], theirs: list[str], mine: list[str]) -> Iterator[Stretch]:
    others, own = _stayed(base, theirs), _stayed(base, mine)
    a = b = c = 0
    for at in [*sorted(others.keys() & own.keys()), len(base)]:
        b_to, c_to = others.get(at, len(theirs)), own.get(at, len(mine))
        yield from _stretch(base[a:at], theirs[b:b_to], mine[c:c_to])
        if at < len(base):
            yield Stretch(Side.NOBODY, base[at], theirs[b_to], mine[c_to])
        a, b, c = at + 1, b_to + 1, c_to + 1


def _stretch(base: list[str], theirs: list[str], mine: list[str]) -> Iterator[Stretch]:
    """As many pieces on all sides are told one by one: neighbours that one person each changed are no quarrel."""
    if len(base) == len(theirs) == len(mine):
        for pieces in zip(base, theirs, mine, strict=True):
            yield _told(*pieces)
    else:
        yield _told("".join(base), "".join(theirs), "".join(mine))


def _told(base: str, theirs: str, mine: str) -> Stretch:
    side = Side.CONTESTED
    if base == theirs == mine:
        side = Side.NOBODY
    elif theirs == mine:
        side = Side.BOTH
    elif mine == base:
        side = Side.THEIRS
    elif theirs == base:
        side = Side.MINE
    return Stretch(side, base, theirs, mine)


def _stayed(base: list[str], other: list[str]) -> dict[int, int]:
    """The pieces of the base that stand in another text as they were, with their places there.

    What both begin and end with is found first: nearly all that somebody leaves alone. Where what remains has so many alike
    that comparing them would take minutes, none of it counts as left alone, and people decide.
    """
    least = min(len(base), len(other))
    start = next((at for at in range(least) if base[at] != other[at]), least)
    end = next((at for at in range(least - start) if base[-1 - at] != other[-1 - at]), least - start)
    stayed = {at: at for at in range(start)}
    was, now = base[start : len(base) - end], other[start : len(other) - end]
    here, there = Counter(was), Counter(now)
    if sum(here[piece] * there[piece] for piece in here.keys() & there.keys()) <= _MOST_PAIRS:
        blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
        stayed |= {start + one.a + step: start + one.b + step for one in blocks for step in range(one.size)}
    return stayed | {len(base) - at: len(other) - at for at in range(end, 0, -1)}
