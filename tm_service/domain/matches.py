"""Matches: what the memory offers for a unit, of which class, by which rule, and what keeps it from being used unseen."""

from dataclasses import dataclass
from enum import StrEnum

from tm_service.domain.serving import Translation
from tm_service.domain.site import MemoryRef
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Key, Locale


class MatchClass(StrEnum):
    """How near a match is, as CAT tools name and pay it; nearest first."""

    CONTEXT = "context"
    EXACT = "exact"
    REPETITION = "repetition"
    CROSS_FILE = "cross-file repetition"
    FUZZY_95 = "95-99"
    FUZZY_85 = "85-94"
    FUZZY_75 = "75-84"
    FUZZY_50 = "50-74"
    NEW = "new"


class Danger(StrEnum):
    """What two texts may differ in so that a translation of one must not stand for the other unseen (law 9)."""

    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    NEGATION = "negation"
    MODAL = "modal"
    QUANTIFIER = "quantifier"
    PARTY = "party"
    ORDER = "order"
    CONDITION = "condition"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Difference:
    """One dangerous difference, as it stands in the two texts: `30` before, `90` after; either may be empty."""

    danger: Danger
    before: str
    after: str

    def __str__(self) -> str:
        if self.before and self.after:
            return f"{self.danger}: {self.before} → {self.after}"
        return f"{self.danger}: {f'without {self.before}' if self.before else f'with {self.after}'}"


@dataclass(frozen=True, slots=True)
class Match:
    """One translation from the memory, and why this one.

    `percent` is the score after penalties, `target` what is offered where it is not the stored target itself (a repaired one),
    `capped` the differences that keep it from automatic use.
    """

    translation: Translation
    kind: MatchClass
    why: str
    rule: str = "exact"
    percent: float = 100.0
    target: str = ""
    capped: tuple[Difference, ...] = ()
    penalties: tuple[tuple[str, int], ...] = ()

    @property
    def offered(self) -> str:
        """The target a translator is shown."""
        return self.target or self.translation.target


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that a translation is wanted for, and where it stands; `previous` and `following` are fingerprints."""

    source: str
    resource: str = ""
    key: Key = ()
    previous: str = ""
    following: str = ""

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.source)


@dataclass(frozen=True, slots=True)
class Reading:
    """Which memories are read, in which order and direction, for which site."""

    memories: tuple[MemoryRef, ...]
    source: Locale
    target: Locale
    site: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """The matches for one text, best first; `complete` is False where a cap on the work may have left some out."""

    matches: tuple[Match, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Best:
    """The memory's best answer for a text: percent after penalties, kind, rule, and the number of the entry.

    A text the memory has is CONTEXT or EXACT wherever it stands, even where penalties bring it below 100 %. For any
    other kind the percent alone decides the band.
    """

    percent: float = 0.0
    kind: MatchClass = MatchClass.NEW
    rule: str = ""
    number: int = 0
