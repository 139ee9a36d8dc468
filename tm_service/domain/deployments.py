"""Deployments: what readers see since when, and how well it is covered."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from tm_service.domain.findings import Finding
from tm_service.domain.serving import Answer, Rule, Served, Stamp
from tm_service.domain.text import words
from tm_service.domain.units import Key, Locale


@dataclass(frozen=True, slots=True)
class Tally:
    """Units or words of one locale by how they are served; `out` are those of stale and missing that translators have."""

    units: int = 0
    current: int = 0
    from_memory: int = 0
    stale: int = 0
    held: int = 0
    missing: int = 0
    out: int = 0
    same: int = 0  # part of current: the same as the source on purpose

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    @property
    def covered(self) -> int:
        return self.current + self.from_memory + self.stale


_COLUMN = {
    Rule.CURRENT: "current",
    Rule.MEMORY: "from_memory",
    Rule.KEPT: "stale",
    Rule.DATED: "stale",
    Rule.HELD: "held",
    Rule.WAIVED: "missing",
    Rule.MISSING: "missing",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Units and words of one locale."""

    units: Tally = Tally()
    words: Tally = Tally()

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.units + other.units, self.words + other.words)

    def __sub__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.units - other.units, self.words - other.words)


def coverage(served: Iterable[Served], sources: Mapping[Key, str]) -> Coverage:
    """Count what one page serves, in units and in words of the source."""
    units: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    for entry in served:
        weight = words(sources.get(entry.key, entry.text))
        for column in _columns(entry):
            units[column] += 1
            weights[column] += weight
    return Coverage(Tally(**units), Tally(**weights))


def _columns(entry: Served) -> Iterator[str]:
    yield "units"
    yield _COLUMN[entry.rule]
    if entry.answer is Answer.SAME and entry.rule is Rule.CURRENT:
        yield "same"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Coverage of a locale fell though the source had not changed; without a locale, a message file is imported no more."""

    site: str
    deployment: int
    locale: Locale
    lost: int
    message: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """One numbered release of six complete catalogs, at a revision of the site."""

    site: str
    number: int
    revision: str
    ref: str
    branch: str
    at: datetime
    coverage: Mapping[Locale, Coverage]
    sequence: int  # the last translation number it knew
    settings: str  # digest of the site's serving settings
    alarms: tuple[Alarm, ...] = ()
    findings: tuple[Finding, ...] = ()  # what is odd about its sources; stays until the file changes
    commit: str = ""  # the commit that carries the catalogs, where they were written into git
    restores: int = 0  # the deployment it points back to, for a rollback
    waiting: tuple[str, ...] = ()  # documents of parity groups that readers keep in an earlier version

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.branch, self.at, self.number)


@dataclass(frozen=True, slots=True)
class PageRef:
    """Where a deployment keeps one page: digests of its decisions and of its catalog bytes."""

    locale: Locale
    resource: str
    path: str
    page: str
    catalog: str
    coverage: Coverage = field(default=Coverage())
    complete: bool = True


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Deployments in a row, both numbers included, that serve one page as these decisions, told by their digest."""

    first: int
    last: int
    page: str
