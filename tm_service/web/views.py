"""Views: what the pages show, worked out from what the service answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tm_service.domain.deployments import Alarm, Coverage, Deployment, Tally
from tm_service.domain.packages import OPEN, Package
from tm_service.domain.text import words
from tm_service.domain.units import Locale

_SHORT = 10  # digits of a revision that people read


@dataclass(frozen=True, slots=True)
class Counts:
    """Units or words by how they are served; the first four kinds add up to `total`, `out` is part of them."""

    total: int
    current: int
    from_memory: int
    stale: int
    missing: int
    out: int

    @property
    def share(self) -> float | None:
        """The part that is translated, 0 to 1; None of nothing."""
        return 1 - self.missing / self.total if self.total else None

    @property
    def segments(self) -> Iterator[tuple[str, float, float]]:
        """Kind, start and width in percent, for a stacked bar."""
        start = 0.0
        for kind in ("current", "from_memory", "stale", "missing"):
            width = 100 * getattr(self, kind) / self.total if self.total else 0
            if width:
                yield kind.replace("_", "-"), round(start, 3), round(width, 3)
            start += width


@dataclass(frozen=True, slots=True)
class Row:
    """Coverage of one language, in units and in words."""

    locale: Locale
    units: Counts
    words: Counts


@dataclass(frozen=True, slots=True)
class Table:
    """Coverage of a deployment by language, and over all of them."""

    rows: tuple[Row, ...]
    units: Counts
    words: Counts


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """A deployment as one line of a list; `shares` are by locale, None where it had none.

    `waiting` are the addresses of documents that readers keep in an earlier version until all languages are there.
    """

    number: int
    at: datetime
    ref: str
    revision: str
    restores: int
    commit: str
    alarms: tuple[Alarm, ...]
    shares: Mapping[Locale, float | None]
    waiting: Mapping[str, str] = field(default_factory=dict)  # by path


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package as one line of a list; `words` are those of its open units."""

    id: str
    locale: Locale
    units: int
    open: int
    words: int
    due: date | None
    overdue: bool
    status: str


@dataclass(frozen=True, slots=True)
class SiteCard:
    """A site in one glance; `newest` is None before its first deployment."""

    name: str
    source: Locale
    locales: tuple[Locale, ...]
    newest: DeploymentRow | None


def counts(tally: Tally) -> Counts:
    # A deployment holds nothing back: what a gate held is missing until it opens.
    missing = tally.units - tally.covered
    return Counts(tally.units, tally.current, tally.from_memory, tally.stale, missing, tally.out)


def table(covered: Mapping[Locale, Coverage], order: Sequence[Locale]) -> Table:
    """In the site's order of languages; those it has no more come last."""
    locales = [*(code for code in order if code in covered), *(code for code in covered if code not in order)]
    rows = tuple(Row(code, counts(covered[code].units), counts(covered[code].words)) for code in locales)
    total = sum(covered.values(), Coverage())
    return Table(rows, counts(total.units), counts(total.words))


def deployment_row(deployment: Deployment) -> DeploymentRow:
    return DeploymentRow(
        number=deployment.number,
        at=deployment.at,
        ref=deployment.ref,
        revision=deployment.revision[:_SHORT],
        restores=deployment.restores,
        commit=deployment.commit[:_SHORT],
        alarms=deployment.alarms,
        shares={code: counts(coverage.units).share for code, coverage in deployment.coverage.items()},
        waiting={path: f"/{path.removesuffix('.json')}" for path in deployment.waiting},
    )


def package_row(package: Package, today: date) -> PackageRow:
    waiting = package.open_units if package.status in OPEN else ()
    return PackageRow(
        id=package.id,
        locale=package.locale,
        units=len(package.units),
        open=len(waiting),
        words=sum(words(unit.source) for unit in waiting),
        due=package.due,
        overdue=bool(waiting and package.due and package.due < today),
        status=package.status.value,
    )


def package_rows(packages: Iterable[Package], today: date) -> list[PackageRow]:
    return [package_row(package, today) for package in packages]
