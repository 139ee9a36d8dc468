"""Matches: what the memory offers for a unit, of which class, and by which rule."""

from dataclasses import dataclass
from enum import StrEnum

from tm_service.domain.serving import Translation


class MatchClass(StrEnum):
    """How near a match is, as CAT tools name it."""

    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Match:
    """One translation from the memory, and why this one."""

    translation: Translation
    kind: MatchClass
    why: str
