"""Packages: work handed to translators, what they return, and the exact answer they get."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tm_service.domain.edits import EditClass
from tm_service.domain.findings import Finding
from tm_service.domain.matches import MatchClass
from tm_service.domain.units import Key, Locale


class PackageStatus(StrEnum):
    HANDED_OFF = "handed off"
    PARTLY_RETURNED = "partly returned"
    REINTEGRATED = "reintegrated"
    CANCELLED = "cancelled"


OPEN = frozenset({PackageStatus.HANDED_OFF, PackageStatus.PARTLY_RETURNED})


@dataclass(frozen=True, slots=True)
class PackageUnit:
    """One unit of work as it left the house, sealed to the source it was made from.

    `match` and `percent` are its class when it was handed off, as it is paid. `base` is the number of the translation it
    replaces (0: none); `previous_source` and `previous_target` are that translation's texts; `done` says that an accepted
    target came back.
    """

    id: str
    resource: str
    key: Key
    source: str
    fingerprint: str
    base: int = 0
    previous_source: str = ""
    previous_target: str = ""
    edit: EditClass | None = None
    previous: str = ""  # fingerprints of its neighbours when it was sent
    following: str = ""
    match: MatchClass = MatchClass.NEW
    percent: float = 0.0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """Units of one locale handed off together; `id` is `<site>-<number>-<locale>`."""

    site: str
    number: int
    locale: Locale
    source_locale: Locale
    code: str  # the target locale's code outside, such as ar-SA
    revision: str
    created: datetime
    units: tuple[PackageUnit, ...]
    due: date | None = None
    status: PackageStatus = PackageStatus.HANDED_OFF

    @property
    def id(self) -> str:
        return f"{self.site}-{self.number}-{self.locale}"

    @property
    def open_units(self) -> tuple[PackageUnit, ...]:
        return tuple(unit for unit in self.units if not unit.done)


class Stage(StrEnum):
    """How far a tool says a target is, whatever its own words for it."""

    SILENT = ""  # the tool says nothing
    UNTOUCHED = "untouched"
    DRAFT = "draft"
    TRANSLATED = "translated"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Comment:
    """What a translator wrote beside a unit; it becomes a question to the developers."""

    text: str
    author: str = ""
    at: str = ""  # as the tool wrote it


@dataclass(frozen=True, slots=True)
class ReturnedUnit:
    """One target as it stands in a returned file; `state` is the tool's word for it, empty where it has none.

    `resource` and `key` are what the file says of them, empty where it says nothing; `numbered` says that the ids of its
    codes are the tool's own numbers, to be read by their order in the returned source. `untouched` says that the target is
    a match that the tool, or we, put in and nobody confirmed.
    """

    id: str
    source: str
    target: str
    state: str = ""
    findings: tuple[Finding, ...] = ()
    stage: Stage = Stage.SILENT
    comments: tuple[Comment, ...] = ()
    resource: str = ""
    key: str = ""
    numbered: bool = False
    untouched: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """A file that came back, read: which package it says it is, and its units; `digest` names its bytes."""

    package: str
    digest: str
    units: tuple[ReturnedUnit, ...]
    findings: tuple[Finding, ...] = ()


class Outcome(StrEnum):
    ACCEPT = "accept"
    WARN = "warn"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The exact answer to a return: how many units were accepted, which not and why, and what is still open."""

    outcome: Outcome
    package: str
    digest: str
    accepted: int
    quarantined: tuple[str, ...]
    open: int
    findings: tuple[Finding, ...]
    at: datetime
    repeated: bool = field(default=False)
