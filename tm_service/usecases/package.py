"""Package: ask the memory, keep what it knows, hand off the remainder."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tm_service.domain.edits import EditClass
from tm_service.domain.matches import Asked, Best
from tm_service.domain.packages import Package, PackageStatus, PackageUnit
from tm_service.domain.ports import Exporter, MemoryRoom, Transaction
from tm_service.domain.serving import Page, Rule, Served, Translation
from tm_service.domain.site import path_pattern
from tm_service.domain.splitting import Part, split
from tm_service.domain.units import Locale, Resource, Unit, UnitId
from tm_service.usecases.detect import neighbours
from tm_service.usecases.handoff import Pages, Supplies, ready
from tm_service.usecases.leverage import leverage, reading, terms_of
from tm_service.usecases.pages import PageId, read_pages
from tm_service.usecases.plan import Plan
from tm_service.usecases.reading import SiteReader

Work = tuple[Unit, Served]
_WORK = frozenset({Rule.KEPT, Rule.DATED, Rule.HELD, Rule.WAIVED, Rule.MISSING})


def needed(
    page: Page,
    units: Mapping[tuple[str, ...], Unit],
    out: Collection[tuple[UnitId, str]],
    retired: Collection[int] = (),
) -> list[Work]:
    """What a page still needs: everything that is behind or missing and not out with this very source (law 7).

    Served from memory is known, not needed; a mere change of spaces is no work for a person, unless the translation that
    readers keep was retired.
    """
    return [
        (units[entry.key], entry)
        for entry in page.served
        if entry.rule in _WORK
        and not (entry.rule is Rule.KEPT and entry.edit is EditClass.SPACE and entry.translation not in retired)
        and ((page.resource, entry.key), entry.source) not in out
    ]


def out_now(packages: Iterable[Package]) -> dict[Locale, set[tuple[UnitId, str]]]:
    """Units that translators have, with the fingerprint they were sent with."""
    out: dict[Locale, set[tuple[UnitId, str]]] = {}
    for package in packages:
        units = {((unit.resource, unit.key), unit.fingerprint) for unit in package.open_units}
        out.setdefault(package.locale, set()).update(units)
    return out


def _moved_out(
    pages: Iterable[Page], out: Mapping[Locale, Collection[tuple[UnitId, str]]], units: Mapping[UnitId, Unit]
) -> dict[Locale, set[tuple[UnitId, str]]]:
    """Units whose text is out under the key or in the file they had when it was sent; the memory brings it home."""
    moved: dict[Locale, set[tuple[UnitId, str]]] = {}
    texts = {
        locale: {text for unit_id, text in sent if unit_id not in units or units[unit_id].fingerprint != text}
        for locale, sent in out.items()
    }
    for page in pages:
        waiting = texts.get(page.locale, set())
        found = {((page.resource, entry.key), entry.source) for entry in page.served if entry.source in waiting}
        moved.setdefault(page.locale, set()).update(found)
    return moved


def all_pages(reader: SiteReader, tx: Transaction, made: Plan, locales: Collection[Locale] = ()) -> dict[PageId, Page]:
    """Every page that is not complete, as this plan would serve it, or what waits would once it need not.

    Of these locales, or of all where none is named.
    """
    asked = locales or made.site.locales
    pages = {page_id: page for page_id, page in {**made.pages, **made.waiting}.items() if page_id[0] in asked}
    if made.last:
        refs = tx.pages(made.site.name, made.last.number, incomplete=True)
        sources = reader.sources(made.revision.id)
        kept = [
            ref
            for ref in refs
            if (ref.locale, ref.resource) not in pages and ref.resource in sources and ref.locale in asked
        ]
        pages |= {page_id: page for page_id, page in read_pages(tx, kept).items() if page_id not in made.gone}
    return pages


def work_by_locale(
    reader: SiteReader, tx: Transaction, made: Plan, locales: Iterable[Locale]
) -> dict[Locale, list[Work]]:
    """The remainder by locale, in the order of files and of units within them."""
    return _work(reader, tx, made, locales, all_pages(reader, tx, made))


def _work(
    reader: SiteReader, tx: Transaction, made: Plan, locales: Iterable[Locale], pages: Mapping[PageId, Page]
) -> dict[Locale, list[Work]]:
    out = out_now(tx.packages(made.site.name, open_only=True))
    sent = {resource for units in out.values() for (resource, _), _ in units}
    snapshot = reader.snapshot(made.revision, {resource for _, resource in pages} | sent)
    kept = {entry.translation for page in pages.values() for entry in page.served if entry.rule is Rule.KEPT}
    retired = tx.retired_among(kept)
    moved, sources = _moved_out(pages.values(), out, snapshot.units), reader.sources(made.revision.id)
    work: dict[Locale, list[Work]] = {locale: [] for locale in locales}
    for (locale, resource), page in sorted(pages.items()):
        found = snapshot.resources.get(resource)
        if locale in work and found is not None and page.blob == sources.get(resource):
            work[locale] += needed(page, found.by_key, out.get(locale, set()) | moved[locale], retired)
    return work


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


def package(
    reader: SiteReader,
    tx: Transaction,
    made: Plan,
    order: Order,
    *,
    now: datetime,
    exporter: Exporter,
    room: MemoryRoom,
    appears: Callable[[UnitId], Sequence[str]] = lambda _unit: (),
) -> list[tuple[Package, str, bytes]]:
    """Packages for each locale that needs one: the package, its file name and its bytes; remembered as handed off.

    `appears` names the places of the site where a unit is shown.
    """
    made_packages, profile = [], exporter.profile(order.profile)
    pages = all_pages(reader, tx, made, order.locales)
    by_locale = _work(reader, tx, made, order.locales, pages)
    wanted = {locale: [work for work in found if _is_asked(work[0], order)] for locale, found in by_locale.items()}
    resources = reader.snapshot(
        made.revision, {unit.resource for work in wanted.values() for unit, _ in work}
    ).resources
    sides = {
        (resource.path, key): beside
        for resource in resources.values()
        for key, beside in neighbours(resource.units).items()
    }
    for locale, work in wanted.items():
        where = reading(made.site, locale)
        supplies = Supplies(room, where, profile, terms_of(tx, where), order.contact, order.xliff2)
        shown = _shown(locale, pages, resources)
        asked = [Asked(unit.source, unit.resource, unit.key, *sides[unit.id]) for unit, _ in work]
        best = leverage(room, made.site, locale, asked)
        bases = tx.numbered({entry.translation for _, entry in work})
        units = [
            _unit(str(place), unit, entry, bases, text, found, appears(unit.id))
            for place, ((unit, entry), text, found) in enumerate(zip(work, asked, best, strict=True), 1)
        ]
        for part in split(units, most=order.most_words) if order.most_words else [Part(tuple(units))] if units else []:
            draft = _draft(made, locale, tx.next_package(made.site.name), part.units, order, now)
            earlier = [bases[unit.base] for unit in draft.units if unit.base in bases]
            handoff = ready(
                draft,
                shown,
                earlier,
                supplies,
                {path: resource.title for path, resource in resources.items() if resource.title},
            )
            name, content = exporter.write(handoff)
            tx.save_package(handoff.package)
            tx.keep_file(draft.id, name, content)
            tx.note(made.site.name, "package", {"package": draft.id, "units": len(draft.units)}, now)
            made_packages.append((handoff.package, name, content))
    return made_packages


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


def _draft(
    made: Plan, locale: Locale, number: int, units: Sequence[PackageUnit], order: Order, now: datetime
) -> Package:
    site = made.site
    draft = Package(
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
    numbered = tuple(replace(unit, id=f"{draft.id}.{place}") for place, unit in enumerate(units, 1))
    return replace(draft, units=numbered)


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
