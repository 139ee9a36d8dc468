"""Matches: what the memory offers for a unit, of which class, by which rule, and what keeps it from being used unseen."""

from dataclasses import dataclass
from enum import StrEnum

from tm_service.domain.serving import Translation


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
