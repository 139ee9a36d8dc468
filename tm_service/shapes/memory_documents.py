"""Memory documents: what each answer about memories and terms has, as the description of the interface tells programs."""

from typing import Any

from pydantic import Field

from tm_service.domain.matches import Danger, MatchClass
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.domain.terms import TermStatus
from tm_service.shapes.documents import Document


class Match(Document):
    """One offer of the memory, and why; `capped` keeps it from being used unseen."""

    percent: float
    match_class: MatchClass = Field(alias="class")
    rule: str
    target: str
    source: str
    why: str
    capped: list[str]
    penalties: dict[str, int]
    number: int
    memory: str
    resource: str
    key: str
    author: str
    at: str


class FragmentPair(Document):
    source: str
    target: str
    number: int


class Fragment(Document):
    """A part of a text, from one character to before another, that so many stored texts have."""

    span: list[int]
    texts: int
    pairs: list[FragmentPair]


class TermTarget(Document):
    term: str
    target: str
    status: TermStatus


class TermFound(Document):
    """Where a term stands in a text, and what is said of it."""

    span: list[int]
    terms: list[TermTarget]


class LookedUp(Document):
    """What the memories offer for a text."""

    site: str
    source: str
    target: str
    matches: list[Match]
    fragments: list[Fragment]
    terms: list[TermFound]


class Hit(Document):
    """One side of a pair with what was looked for; `spans` are what to highlight."""

    side: str
    text: str
    other: str
    spans: list[list[int]]
    number: int
    resource: str
    key: str


class Concordance(Document):
    """Hits, and how many there are; at least so many where it is `cut`."""

    total: int
    cut: bool
    hits: list[Hit]
    advice: str


class Difference(Document):
    danger: Danger
    before: str
    after: str


class Comparison(Document):
    """What a translation of one text is worth for another."""

    score: float
    match_class: MatchClass = Field(alias="class")
    capped: bool
    reasons: list[str]
    similarity: float
    penalties: dict[str, int]
    differences: list[Difference]
    bounded: bool


class Pair(Document):
    """A pair of a memory."""

    number: int
    memory: str
    source_locale: str
    source: str
    locale: str
    target: str
    resource: str
    key: str
    state: State
    origin: Origin
    author: str
    reference: str
    at: str
    retired: bool


class Term(Document):
    """A term and one of its targets."""

    number: int
    memory: str
    source_locale: str
    term: str
    locale: str
    target: str
    status: TermStatus
    definition: str
    part_of_speech: str
    author: str
    reference: str
    at: str


class Terms(Document):
    terms: list[Term]
    cursor: str | None


class Imported(Document):
    """What a file gave: entries read, those that were new, and each damaged one in a sentence."""

    file: str
    read: int
    new: int
    problems: list[str]
    dry_run: bool


class Memory(Document):
    """A memory that a site reads; `penalty` is taken off its matches, in percent."""

    site: str
    memory: str
    penalty: int
    source: str
    locales: list[str]


class Memories(Document):
    memories: list[Memory]


class IndexStats(Document):
    engine: str
    segments: int
    bytes: int


class MemoryStats(Document):
    """How much all memories hold, in entries and bytes of text; pairs by memory and direction."""

    entries: int
    bytes: int
    index: IndexStats
    memories: dict[str, int]


class AlignedPair(Document):
    source: str
    target: str
    confidence: float


class Aligned(Document):
    """Pairs of two documents, and how many sentences found no partner."""

    pairs: list[AlignedPair]
    alone: int
    kept: bool


class AllLookedUp(Document):
    texts: list[LookedUp]


class Retired(Document):
    retired: int


class Restored(Document):
    restored: int


class Sizes(Document):
    segments: int
    words: int
    characters: int
    placeables: int
    tags: int


class Counted(Document):
    """How much there is of each match class, and of all together."""

    classes: dict[str, Sizes]
    total: Sizes


class CountedFile(Counted):
    file: str


class AnalysedJob(Document):
    project: str
    number: str
    source: str
    target: str
    at: str
    customer: str
    memories: list[str]


class Analysis(Document):
    """A job counted by match class; `charge` is what it weighs by the rates."""

    job: AnalysedJob
    options: dict[str, Any]
    files: list[CountedFile]
    total: Counted
    charge: dict[str, Any] | None
