"""Freshness: since when each language is behind, unit by unit, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import nsmallest
from itertools import accumulate
from operator import itemgetter

from tm_service.domain.deployments import Deployment
from tm_service.domain.packages import OPEN, PackageStatus
from tm_service.domain.ports import Transaction
from tm_service.domain.register import Behind, Cause, PageVersion, SentUnit
from tm_service.domain.serving import Rule
from tm_service.domain.site import Site
from tm_service.domain.units import Key, Locale, UnitId
from tm_service.usecases.pages import PageId, rules_of

WORST = 200  # units of a language that are named
_AT_ONCE = 500  # pages that are held while they are read
_CURRENT = frozenset({Rule.CURRENT.value, Rule.MEMORY.value})
_Entries = Mapping[Key, tuple[str, str]]  # rule and fingerprint of the source
_FARTHEST = 20  # moves that are followed between two deployments


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far one language is behind at a deployment: units by the deployment since which they are, and by cause.

    `units` are all that are served, behind or not; `worst` those behind the longest, as many as are named.
    """

    locale: Locale
    units: int
    since: Mapping[int, int] = field(default_factory=dict)
    causes: Mapping[Cause, int] = field(default_factory=dict)
    worst: tuple[Behind, ...] = ()

    @property
    def behind(self) -> int:
        return sum(self.since.values())


@dataclass(frozen=True, slots=True)
class FreshnessReport:
    """Every language of a site at its newest deployment; `moments` are those of its deployments by number."""

    deployment: Deployment
    moments: Mapping[int, datetime]
    locales: tuple[Freshness, ...]

    def median(self, found: Freshness) -> datetime | None:
        """Since when half of what is behind is behind, or longer; None where nothing is. The lower one of two middles."""
        ordered = sorted(found.since.items(), key=lambda one: self.moments[one[0]])
        middle = (found.behind + 1) // 2
        sums = accumulate(count for _, count in ordered)
        return next(
            (self.moments[number] for (number, _), sum_ in zip(ordered, sums, strict=True) if sum_ >= middle), None
        )

    def oldest(self, found: Freshness) -> datetime | None:
        return min((self.moments[number] for number in found.since), default=None)

    def older(self, found: Freshness, than: datetime) -> int:
        """Units that are behind since a moment or longer."""
        return sum(count for number, count in found.since.items() if self.moments[number] <= than)


_Unit = tuple[Locale, UnitId]


@dataclass(frozen=True, slots=True)
class _Run:
    """A unit that is behind in every deployment from `first` on, in which it stood as `at`; `moves` were followed there."""

    unit: _Unit
    at: UnitId
    first: int
    moves: int = 0


def freshness(tx: Transaction, site: Site) -> FreshnessReport | None:
    """Since when each unit's served source has no current translation; None before the first deployment.

    A run goes back as far as the unit was behind in every deployment, through moves; what its source said meanwhile does not
    matter. A translation of the same text from elsewhere is current.
    """
    last = tx.latest(site.name)
    if last is None:
        return None
    pages = [(ref.locale, ref.resource) for ref in tx.pages(site.name, last.number, incomplete=True)]
    versions = _Versions(tx, site.name)
    versions.add(pages)
    runs: list[_Run] = []
    behind: dict[_Unit, tuple[str, str]] = {}
    for version, entries in versions.read(versions.at(page, last.number) for page in pages):
        for key, (rule, source) in entries.items():
            if rule not in _CURRENT:
                unit = version.locale, (version.resource, key)
                behind[unit] = rule, source
                runs.append(_Run(unit, unit[1], version.first))
    began = _began(tx, site.name, versions, runs)
    moments = {one.number: one.at for one in tx.deployments(site.name)}
    sent = {(one.locale, one.resource, one.fingerprint): one for one in tx.sent_units(site.name)}
    found: dict[Locale, list[_Row]] = {locale: [] for locale in site.locales}
    for unit, (rule, source) in behind.items():
        locale, (resource, key) = unit
        why = cause(rule, sent.get((locale, resource, source)), is_held=resource in last.waiting)
        found.setdefault(locale, []).append((began[unit], resource, key, why))
    return FreshnessReport(last, moments, tuple(_of(locale, last, moments, some) for locale, some in found.items()))


_Row = tuple[int, str, Key, Cause]  # since which deployment, where, and why


def _of(locale: Locale, last: Deployment, moments: Mapping[int, datetime], found: Sequence[_Row]) -> Freshness:
    """Deployments are numbered as they were made."""
    covered = last.coverage.get(locale)
    worst = tuple(
        Behind(locale, resource, key, first, moments[first], why)
        for first, resource, key, why in nsmallest(WORST, found, key=itemgetter(0, 1, 2))
    )
    since, causes = Counter(map(itemgetter(0), found)), Counter(map(itemgetter(3), found))
    return Freshness(locale, covered.units.units if covered else 0, since, causes, worst)


class _Versions:
    """The versions of pages, fetched as they are asked for and read some at a time."""

    def __init__(self, tx: Transaction, site: str) -> None:
        self._tx, self._site = tx, site
        self._known: dict[PageId, list[PageVersion]] = {}

    def add(self, pages: Iterable[PageId]) -> None:
        fresh = {page for page in pages if page not in self._known}
        self._known |= {page: [] for page in fresh}
        for one in self._tx.page_versions(self._site, fresh):
            self._known[one.locale, one.resource].append(one)

    def at(self, page: PageId, number: int) -> PageVersion | None:
        """As a deployment served it; None where it did not."""
        return next((one for one in self._known[page] if one.first <= number < one.until), None)

    def read(self, wanted: Iterable[PageVersion | None]) -> Iterator[tuple[PageVersion, _Entries]]:
        there = [one for one in wanted if one is not None]
        for start in range(0, len(there), _AT_ONCE):
            some = there[start : start + _AT_ONCE]
            contents = self._tx.blobs(one.page for one in some)
            yield from ((one, rules_of(contents[one.page])) for one in some)


def _began(tx: Transaction, site: str, versions: _Versions, runs: Iterable[_Run]) -> dict[_Unit, int]:
    """By unit the deployment with which its run began; all runs are followed back together, page by page."""
    began: dict[_Unit, int] = {}
    going = list(runs)
    while going:
        pages: dict[tuple[PageId, int], list[_Run]] = defaultdict(list)
        for run in going:
            pages[(run.unit[0], run.at[0]), run.first - 1].append(run)
        going, absent = [], []
        before = {(page, number): versions.at(page, number) for page, number in pages}
        served = dict(versions.read({version for version in before.values() if version}))
        for place, some in pages.items():
            version = before[place]
            entries: _Entries = served[version] if version else {}
            for run in some:
                entry = entries.get(run.at[1])
                if entry is None or version is None:
                    absent.append(run)
                elif entry[0] in _CURRENT:
                    began[run.unit] = run.first
                else:
                    going.append(_Run(run.unit, run.at, version.first))
        moved = _moved(tx, site, absent)
        began |= {run.unit: run.first for run in absent if run.unit not in moved}
        versions.add((locale, at[0]) for (locale, _), at in ((run.unit, run.at) for run in moved.values()))
        going += moved.values()
    return began


def _moved(tx: Transaction, site: str, absent: Sequence[_Run]) -> dict[_Unit, _Run]:
    """Runs of units that stood elsewhere before, there; by unit."""
    going_on = [run for run in absent if run.first > 1 and run.moves < _FARTHEST]
    parents = tx.lineage(site, {run.at for run in going_on})
    return {run.unit: replace(run, at=parents[run.at], moves=run.moves + 1) for run in going_on if run.at in parents}


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
