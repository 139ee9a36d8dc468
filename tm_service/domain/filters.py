"""Filters: what a database keeps of a shelf's texts, so that like ones are found where no index is mapped, and its port."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class FilingState(StrEnum):
    """A filing answers from the moment it holds all there was, until another takes its place."""

    BUILDING = "building"
    READY = "ready"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Filing:
    """The texts of one shelf, filed by one set of rules and one order of their elements.

    `sampled` is from how many texts the order was made, `added` the newest pair that is filed; `forms` and `pairs` are counted.
    """

    number: int
    rules: str
    sampled: int
    added: int
    forms: int
    pairs: int
    state: FilingState


@dataclass(frozen=True, slots=True)
class FiledElement:
    """A key that a text is filed under, and by what it is passed over there.

    `size` is how many elements the text has, `place` where the key stands among them, `signature` their bits, 64 and signed.
    """

    key: int
    size: int
    place: int
    signature: int


@dataclass(frozen=True, slots=True)
class FiledForm:
    """A text to be filed: its letters with a number for them, its wide bits, its postings, and its pairs.

    A pair is its number with the digests of the numbers and of the codes in it, 32 bits each, signed.
    """

    letters: str
    print: int
    bits: bytes
    postings: tuple[FiledElement, ...]
    pairs: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a text of `count` elements asks: who is filed under one of its keys and may share enough elements with it.

    `most` is for each key the most elements that another may have. Enough is `share` ten-thousandths of the larger count,
    `fewest` that of its own.
    """

    keys: tuple[int, ...]
    most: tuple[int, ...]
    fewest: int
    count: int
    share: int
    signature: int


Order = Mapping[int, int]  # how often each of the commoner elements stands; rarer ones are not named


class FilterReading(Protocol):
    """A shelf's filter as it is at one moment, whatever is written meanwhile."""

    @property
    def filing(self) -> Filing | None:
        """The newest that is ready and was made by the rules asked for."""

    def order(self, filing: Filing) -> Order:
        """How often the commoner elements stand, as counted when a filing was begun."""

    def candidates(self, probe: Probe) -> Sequence[tuple[int, int, int]]:
        """Number, size and letters, counted, of every text that may share enough elements; each once, in no order."""

    def forms(self, numbers: Sequence[int]) -> Mapping[int, tuple[str, bytes]]:
        """Letters and wide bits of filed texts."""

    def pairs(self, forms: Sequence[int], numbers: int, codes: int) -> Mapping[int, Sequence[tuple[int, int, int]]]:
        """The pairs of filed texts that are not retired, a thousand each at most: same digests first, then the newest."""


class FilterTable(Protocol):
    """The complete filter of one shelf as tables in a database: numbers only; what they mean is the memory room's.

    What is filed and how far the filing has come are written together, so that a crash loses nothing and files nothing twice.
    """

    def reading(self, rules: str) -> AbstractContextManager[FilterReading]:
        """What these rules have filed."""

    def filings(self) -> Sequence[Filing]:
        """All of this shelf, oldest first."""

    def begin(self, rules: str, order: Order, sampled: int) -> Filing:
        """A filing with nothing in it, whose order never changes."""

    def file(self, filing: Filing, forms: Sequence[FiledForm], added: int) -> Filing | None:
        """File more and say how far that goes; None, and nothing written, where another process went on from the same place."""

    def answer(self, filing: Filing) -> None:
        """Let it answer from now on; all older ones of this shelf are dropped."""

    def tidy(self) -> None:
        """Remove the rows of what was dropped, in many short transactions."""
