"""Answers: what the memory room tells people who look into it: comparisons, concordance, imports, analyses, figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from tm_service.domain.matches import Difference, MatchClass
from tm_service.domain.serving import Translation
from tm_service.domain.terms import Term


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two source texts held against each other: what a translation of the one is worth for the other, and why not more.

    `similarity` is before penalties; `capped` are the differences that keep it from being used unseen.
    """

    percent: float
    similarity: float
    kind: MatchClass
    penalties: tuple[tuple[str, int], ...] = ()
    capped: tuple[Difference, ...] = ()
    bounded: bool = False  # the texts were too long to be compared letter by letter


@dataclass(frozen=True, slots=True)
class ConcordanceHit:
    """One side of one pair that has what was asked; `spans` are what to highlight in `text`, in characters."""

    pair: Translation
    side: str
    text: str
    other: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ConcordanceHits:
    """Hits, best first, and how many there are: "at least" so many where the work was `cut`.

    `advice` is one sentence where there was nothing to look for.
    """

    hits: tuple[ConcordanceHit, ...] = ()
    total: int = 0
    cut: bool = False
    advice: str = ""


@dataclass(frozen=True, slots=True)
class TermFound:
    """A term where it stands in a text, in characters, with what is said of it."""

    start: int
    end: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class FragmentFound:
    """A part of a text, in characters, that `count` stored texts have too; some of their pairs, the newest first."""

    start: int
    end: int
    count: int
    pairs: tuple[Translation, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported file gave: entries read, those that were new, and each damaged one in a sentence.

    `changed` are those of the new ones that say something else of what was there; pairs never do, they stand beside it.
    """

    read: int
    new: int
    problems: tuple[str, ...] = ()
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Aligned:
    """Documents laid side by side: pairs with their confidence, and how many sentences found no partner."""

    pairs: tuple[tuple[Translation, float], ...]
    alone: int


@dataclass(frozen=True)
class Analysed:
    """An analysis as a document, and as the reports that other tools read, by their file ending."""

    document: Mapping[str, object]
    reports: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class MemoryStats:
    """How much the memory holds, and what its indexes hold and weigh; bytes of text, and of the indexes' files."""

    entries: int
    bytes: int
    engine: str
    segments: int
    index_bytes: int
    memories: Mapping[str, int]  # pairs by "memory source-target"
