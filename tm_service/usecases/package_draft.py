"""Draft: what a locale needs, leveraged and cut into packages that have no number yet; read, and nothing is changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tm_service.domain.matches import Asked, Best
from tm_service.domain.packages import OPEN, Package, PackageStatus, PackageUnit
from tm_service.domain.ports import Exporter, MemoryRoom, Transaction
from tm_service.domain.serving import Page, Served, Translation
from tm_service.domain.site import Site, path_pattern
from tm_service.domain.splitting import Part, split
from tm_service.domain.units import Locale, Resource, Unit, UnitId
from tm_service.usecases.detect import neighbours
from tm_service.usecases.handoff import Pages, Supplies, ready
from tm_service.usecases.leverage import leverage, reading, terms_of
from tm_service.usecases.package_work import all_pages, work_on
from tm_service.usecases.pages import PageId
from tm_service.usecases.plan import Plan
from tm_service.usecases.reading import SiteReader

Written = tuple[Package, str, bytes]  # a package, its file's name and bytes
Shown = Callable[[UnitId], Sequence[str]]  # the places of the site where a unit is shown

_PLACES = 3  # of the site, that a note names


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: locales, a due date, the tool it is for, and how it is cut.

    `only` is a path pattern for resources, so that a topic goes out by itself with a due date of its own; `most_words` cuts
    into several packages, 0 into one a locale. A `draft` is made and not yet handed off.
    """

    locales: tuple[Locale, ...]
    due: date | None = None
    profile: str = "generic"
    only: str = ""
    most_words: int = 0
    contact: str = ""
    xliff2: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What the work of a locale was decided on: the newest deployment and translation, and the packages that are open."""

    deployment: int
    sequence: int
    out: tuple[tuple[str, PackageStatus], ...]


def basis_of(tx: Transaction, site: Site, locale: Locale) -> Basis:
    last = tx.latest(site.name)
    out = ((name, status) for name, where, status in tx.package_places(site.name) if where == locale)
    return Basis(
        last.number if last else 0, tx.sequence(), tuple((name, status) for name, status in out if status in OPEN)
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """The packages of a locale before they have numbers: the units of each, and all that goes out with them."""

    locale: Locale
    parts: Sequence[Sequence[PackageUnit]]
    shown: Pages
    bases: Mapping[int, Translation]
    titles: Mapping[str, str]
    supplies: Supplies
    basis: Basis

    def holds(self, tx: Transaction, site: Site) -> bool:
        """Whether all of it is still needed: nothing of the locale went out, came back or was deployed meanwhile (law 7)."""
        now = basis_of(tx, site, self.locale)
        if replace(now, sequence=self.basis.sequence) != self.basis:
            return False
        return now.sequence == self.basis.sequence or not self._is_answered(tx, site)

    def _is_answered(self, tx: Transaction, site: Site) -> bool:
        """Whether any unit got a translation meanwhile, its own or one of the same text."""
        units = [unit for part in self.parts for unit in part]
        own = tx.own(site.name, self.locale, {(unit.resource, unit.key) for unit in units})
        exact = tx.exact(site.name, self.locale, {unit.fingerprint for unit in units}, source=site.source)
        return any(
            entry.number > self.basis.sequence
            for found in (own, exact)
            for entries in found.values()
            for entry in entries
        )


def drafted(
    reader: SiteReader,
    tx: Transaction,
    made: Plan,
    order: Order,
    *,
    exporter: Exporter,
    room: MemoryRoom,
    appears: Shown,
) -> list[Draft]:
    """What each locale needs that needs anything."""
    profile, pages = exporter.profile(order.profile), all_pages(reader, tx, made, order.locales)
    by_locale = work_on(reader, tx, made, order.locales, pages)
    wanted = {locale: [work for work in found if _is_asked(work[0], order)] for locale, found in by_locale.items()}
    asked_for = {unit.resource for work in wanted.values() for unit, _ in work}
    resources = reader.snapshot(made.revision, asked_for).resources
    sides = {
        (resource.path, key): beside
        for resource in resources.values()
        for key, beside in neighbours(resource.units).items()
    }
    drafts = []
    for locale, work in wanted.items():
        if not work:
            continue
        where = reading(made.site, locale)
        asked = [Asked(unit.source, unit.resource, unit.key, *sides[unit.id]) for unit, _ in work]
        bases = tx.numbered({entry.translation for _, entry in work})
        units = [
            _unit(str(place), unit, entry, bases, text, found, appears(unit.id))
            for place, ((unit, entry), text, found) in enumerate(
                zip(work, asked, leverage(room, made.site, locale, asked), strict=True), 1
            )
        ]
        parts = split(units, most=order.most_words) if order.most_words else [Part(tuple(units))]
        drafts.append(
            Draft(
                locale,
                [part.units for part in parts],
                _shown(locale, pages, resources),
                bases,
                {path: resource.title for path, resource in resources.items() if resource.title},
                Supplies(room, where, profile, terms_of(tx, where), order.contact, order.xliff2),
                basis_of(tx, made.site, locale),
            )
        )
    return drafts


def written(draft: Draft, made: Plan, order: Order, first: int, *, now: datetime, exporter: Exporter) -> list[Written]:
    """A draft as the packages that go out, numbered from `first` on."""
    packages = []
    for number, units in enumerate(draft.parts, first):
        package = _numbered(made, draft.locale, number, units, order, now)
        earlier = [draft.bases[unit.base] for unit in package.units if unit.base in draft.bases]
        handoff = ready(package, draft.shown, earlier, draft.supplies, draft.titles)
        packages.append((handoff.package, *exporter.write(handoff)))
    return packages


def _is_asked(unit: Unit, order: Order) -> bool:
    return not order.only or path_pattern(order.only).fullmatch(unit.resource) is not None


def _shown(locale: Locale, pages: Mapping[PageId, Page], resources: Mapping[str, Resource]) -> Pages:
    """By resource the units in the order of their page, and what readers of a locale see of them."""
    return {
        path: (
            resource.units,
            {entry.key: entry for entry in pages[locale, path].served} if (locale, path) in pages else {},
        )
        for path, resource in resources.items()
    }


def _numbered(
    made: Plan, locale: Locale, number: int, units: Sequence[PackageUnit], order: Order, now: datetime
) -> Package:
    site = made.site
    package = Package(
        site=site.name,
        number=number,
        locale=locale,
        source_locale=site.source,
        code=site.code(locale),
        revision=made.revision.id,
        created=now,
        units=(),
        due=order.due,
        status=PackageStatus.DRAFT if order.draft else PackageStatus.HANDED_OFF,
        profile=order.profile,
    )
    numbered = tuple(replace(unit, id=f"{package.id}.{place}") for place, unit in enumerate(units, 1))
    return replace(package, units=numbered)


def _unit(
    unit_id: str,
    unit: Unit,
    entry: Served,
    bases: Mapping[int, Translation],
    asked: Asked,
    best: Best,
    places: Sequence[str],
) -> PackageUnit:
    base = bases.get(entry.translation)
    return PackageUnit(
        id=unit_id,
        resource=unit.resource,
        key=unit.key,
        source=unit.source,
        fingerprint=unit.fingerprint,
        base=base.number if base else 0,
        previous_source=base.source if base else unit.about.previous,
        previous_target=base.target if base else "",
        edit=entry.edit,
        previous=asked.previous,
        following=asked.following,
        match=best.kind,
        percent=best.percent,
        note="\n".join(filter(None, (unit.about.note, *(f"Appears at {place}" for place in places[:_PLACES])))),
        limit=unit.about.limit,
    )
