"""Register: what the Secretariat keeps in view: what is behind and since when, work that is out, alarms, what memory saves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import OPEN, PackageStatus
from tm_service.domain.serving import STALE, Rule
from tm_service.domain.units import Key, Locale

BEHIND = STALE | {Rule.HELD, Rule.WAIVED, Rule.MISSING}  # rules of what is not current


class Cause(StrEnum):
    """Why a unit is behind, by what became of its present source text; the first that applies."""

    HELD = "held"  # its document waits until all languages are there
    WAIVED = "waived"  # a person allowed it
    WAITING = "waiting"  # a translation came back and is not deployed yet
    QUARANTINED = "quarantined"  # one came back, and a person must look
    OUT = "out"  # translators have it
    DRAFT = "draft"  # it is in a package that nobody has yet
    CANCELLED = "cancelled"  # its package was called back
    RETURNED = "returned"  # its package is done and brought nothing for it
    NEVER_SENT = "never sent"


@dataclass(frozen=True, slots=True)
class Behind:
    """A unit whose served source has no current translation, since a deployment and without a break."""

    locale: Locale
    resource: str
    key: Key
    deployment: int
    since: datetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class BehindUnit:
    """A unit that the newest deployment serves behind, as it is kept: since deployment `since`, by `rule` and `cause`."""

    locale: Locale
    resource: str
    key: Key
    since: int
    rule: str
    fingerprint: str  # of its present source text
    cause: Cause


@dataclass(frozen=True, slots=True)
class PageVersion:
    """One page as it was served: from deployment `first` up to, not including, `until`; `page` names its decisions."""

    locale: Locale
    resource: str
    first: int
    until: int
    page: str


@dataclass(frozen=True, slots=True)
class SentUnit:
    """What became of a source text that went out in a package."""

    locale: Locale
    resource: str
    fingerprint: str
    status: PackageStatus
    done: bool
    attention: bool


def cause(rule: str, sent: SentUnit | None, *, is_held: bool) -> Cause:
    """Why a unit is behind; `sent` is the newest package unit of its present source text."""
    if is_held or rule == Rule.HELD:
        return Cause.HELD
    if rule == Rule.WAIVED:
        return Cause.WAIVED
    return _became_of(sent) if sent else Cause.NEVER_SENT


def _became_of(sent: SentUnit) -> Cause:
    if sent.done:
        return Cause.WAITING
    if sent.status not in OPEN:
        return Cause.CANCELLED if sent.status is PackageStatus.CANCELLED else Cause.RETURNED
    if sent.attention:
        return Cause.QUARANTINED
    return Cause.DRAFT if sent.status is PackageStatus.DRAFT else Cause.OUT


class AlarmKind(StrEnum):
    FALL = "fall"  # coverage of a language fell though no source had changed
    IMPORT = "import"  # a message file is imported no more
    OVERDUE = "overdue"  # a package is open after its day


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """An alarm of a deployment by its running number; `lost` units of a locale, or a sentence where there is no locale."""

    number: int
    deployment: int
    at: datetime
    locale: Locale
    lost: int
    message: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A person has seen an alarm and says what it is about; `alarm` is its id."""

    site: str
    alarm: str
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class PaidRates:
    """What a site pays for words in a language, "" for all that have no rates of their own.

    `percents` are of the full price of a word, by match class; without a `currency` there is no price.
    """

    site: str
    locale: Locale
    percents: Mapping[MatchClass, Decimal]
    currency: str = ""
    price: Decimal = Decimal(0)  # of a new word

    def weight(self, words: Mapping[MatchClass, int]) -> Decimal:
        """Words times what each is worth of a new one."""
        return sum((count * self.percents[kind] / 100 for kind, count in words.items()), Decimal(0))


@dataclass(frozen=True, slots=True)
class WeighedPackage:
    """A package without its texts: units somebody is paid for, and the words of their sources.

    `words` and `units` are by match class at the hand-off; `open` counts units that did not come back yet, of which
    `attention` came back and a person must look. `is_counted` says whether the causes of what is behind know of it as it is.
    """

    id: str
    locale: Locale
    created: datetime
    due: date | None
    status: PackageStatus
    units: Mapping[MatchClass, int] = field(default_factory=dict)
    words: Mapping[MatchClass, int] = field(default_factory=dict)
    open: int = 0
    open_words: int = 0
    attention: int = 0
    is_counted: bool = True

    @property
    def is_open(self) -> bool:
        """Whether it waits for translators; a draft waits for us."""
        return self.status in OPEN and self.open > 0

    def overdue(self, today: date) -> int:
        """Days since its day, 0 where there is none or it is not over."""
        late = (today - self.due).days if self.due and self.is_open else 0
        return max(0, late)


@dataclass(frozen=True, slots=True)
class CountedReturn:
    """A return by its figures: units accepted, quarantined and put right on the way; findings by check and severity."""

    package: str
    locale: Locale
    at: datetime
    due: date | None
    accepted: int
    quarantined: int
    repaired: int
    findings: Mapping[tuple[str, str], int]

    @property
    def late(self) -> int:
        """Days after the package's day, 0 where it came in time."""
        return max(0, (self.at.date() - self.due).days) if self.due else 0
