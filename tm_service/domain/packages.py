"""Packages: work handed to translators, what they return, and the exact answer they get."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tm_service.domain.edits import EditClass
from tm_service.domain.findings import Finding
from tm_service.domain.matches import Asked, MatchClass
from tm_service.domain.units import Key, Locale


class PackageStatus(StrEnum):
    """The life of a package; a unit is out as long as its package is open and it is not done."""

    DRAFT = "draft"  # made, and nobody has it yet
    HANDED_OFF = "handed off"
    PARTLY_RETURNED = "partly returned"
    RETURNED = "returned"  # every unit came back, and some need attention
    REINTEGRATED = "reintegrated"
    CANCELLED = "cancelled"


OPEN = frozenset({PackageStatus.DRAFT, PackageStatus.HANDED_OFF, PackageStatus.PARTLY_RETURNED, PackageStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class PackageUnit:
    """One unit of work as it left the house, sealed to the source it was made from.

    `match` and `percent` are its class when it was handed off, as it is paid. `base` is the number of the translation it
    replaces (0: none); `previous_source` and `previous_target` are that translation's texts; `offered` is the target it left
    with; `done` says that an accepted target came back, `attention` that one came back and a person must look. A
    `locked` one is translated already and goes along for reading. `note` is the developers' comment, `limit` how many
    characters its target may have, 0 for any number.
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
    offered: str = ""
    attention: bool = False
    locked: bool = False
    note: str = ""
    limit: int = 0

    @property
    def asked(self) -> Asked:
        """The unit as the memories are asked for it."""
        return Asked(self.source, self.resource, self.key, self.previous, self.following)


@dataclass(frozen=True, slots=True)
class Package:
    """Units of one locale handed off together; `id` is `<site>-<number>-<locale>`.

    `profile` names the tool it was written for; `version` counts how often it was issued.
    """

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
    profile: str = "generic"
    version: int = 1

    @property
    def id(self) -> str:
        return f"{self.site}-{self.number}-{self.locale}"

    @property
    def open_units(self) -> tuple[PackageUnit, ...]:
        return tuple(unit for unit in self.work if not unit.done)

    @property
    def work(self) -> tuple[PackageUnit, ...]:
        """The units somebody is paid for; locked neighbours are not among them."""
        return tuple(unit for unit in self.units if not unit.locked)


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
    a match that the tool, or we, put in and nobody confirmed. `is_whole` says that its codes are back in it already.
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
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """A file that came back, read: which package it is of, and its units; `digest` names its bytes.

    `recognised` counts its units by how they were told: by the manifest, their ids, their texts, their order.
    """

    package: str
    digest: str
    units: tuple[ReturnedUnit, ...]
    findings: tuple[Finding, ...] = ()
    recognised: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a translator asked or remarked beside a unit; `said` is the tool's own word for when."""

    site: str
    package: str
    unit: str
    text: str
    author: str
    said: str
    at: datetime
    number: int = 0


class Outcome(StrEnum):
    ACCEPT = "accept"
    WARN = "warn"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The exact answer to a return: how many units were accepted, which not and why, and what is still open.

    Of those accepted, `repaired` were put right on the way; `proposals` are kept for a reviewer and stay open, `answered` were
    translated by others meanwhile and are kept as proposals beside theirs. `questions` counts comments passed on, `recognised`
    units by how they were told. `corrections` is the digest of the package of quarantined units to be corrected, or empty,
    `page` that of the receipt as a page. `beside` are the receipts of other packages that the same upload returned.
    """

    outcome: Outcome
    package: str
    digest: str
    accepted: int
    quarantined: tuple[str, ...]
    open: int
    findings: tuple[Finding, ...]
    at: datetime
    repeated: bool = field(default=False)
    repaired: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    questions: int = 0
    recognised: tuple[tuple[str, int], ...] = ()
    corrections: str = ""
    page: str = ""
    beside: tuple["Receipt", ...] = ()
