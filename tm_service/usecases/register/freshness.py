"""Freshness: since when each language is behind, unit by unit, and why."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate

from tm_service.domain.deployments import Deployment
from tm_service.domain.ports import Transaction
from tm_service.domain.register import Behind, BehindUnit, Cause
from tm_service.domain.site import Site
from tm_service.domain.units import Locale

WORST = 200  # units of a language that are named


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


def freshness(tx: Transaction, site: Site, most: int = WORST) -> FreshnessReport | None:
    """Since when each unit's served source has no current translation; None before the first deployment.

    All of it is kept: `count_behind` counted it with the deployment. Of each language at most so many units are named.
    """
    last = tx.latest(site.name)
    if last is None:
        return None
    moments = tx.moments(site.name)
    since: dict[Locale, Counter[int]] = {locale: Counter() for locale in site.locales}
    causes: dict[Locale, Counter[Cause]] = defaultdict(Counter)
    for locale, first, why, count in tx.behind_counts(site.name):
        since.setdefault(locale, Counter())[first] += count
        causes[locale][why] += count
    found = []
    for locale, counted in since.items():
        covered = last.coverage.get(locale)
        worst = (
            tuple(_named(unit, moments) for unit in tx.behind_longest(site.name, locale, most))
            if counted and most
            else ()
        )
        found.append(Freshness(locale, covered.units.units if covered else 0, counted, causes[locale], worst))
    return FreshnessReport(last, moments, tuple(found))


def _named(unit: BehindUnit, moments: Mapping[int, datetime]) -> Behind:
    return Behind(unit.locale, unit.resource, unit.key, unit.since, moments[unit.since], unit.cause)
