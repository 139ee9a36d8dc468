"""Package: ask the memory, keep what it knows, hand off the remainder."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from tm_service.domain.edits import EditClass
from tm_service.domain.matches import Asked, Best
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.ports import Exporter, Library, Transaction
from tm_service.domain.serving import Page, Rule, Served, Translation
from tm_service.domain.site import Site
from tm_service.domain.units import Locale, Unit, UnitId
from tm_service.usecases.detect import neighbours
from tm_service.usecases.leverage import leverage
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


def all_pages(reader: SiteReader, tx: Transaction, made: Plan) -> dict[PageId, Page]:
    """Every page that is not complete, as this plan would serve it."""
    pages = dict(made.pages)
    if made.last:
        refs = tx.pages(made.site.name, made.last.number, incomplete=True)
        sources = reader.sources(made.revision.id)
        kept = [
            ref
            for ref in refs
            if (ref.locale, ref.resource) not in pages and ref.resource in sources and ref.locale in made.site.locales
        ]
        pages |= {page_id: page for page_id, page in read_pages(tx, kept).items() if page_id not in made.gone}
    return pages


def work_by_locale(
    reader: SiteReader, tx: Transaction, made: Plan, locales: Iterable[Locale]
) -> dict[Locale, list[Work]]:
    """The remainder by locale, in the order of files and of units within them."""
    pages = all_pages(reader, tx, made)
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


def package(
    reader: SiteReader,
    tx: Transaction,
    made: Plan,
    *,
    locales: Iterable[Locale],
    due: date | None,
    now: datetime,
    exporter: Exporter,
    library: Library,
) -> list[tuple[Package, str, bytes]]:
    """One package for each locale that needs one: the package, its file name and its bytes; remembered as handed off."""
    made_packages = []
    by_locale = work_by_locale(reader, tx, made, locales)
    sides = _sides(reader, made, {unit.resource for work in by_locale.values() for unit, _ in work})
    for locale, work in by_locale.items():
        if not work:
            continue
        draft = _draft(made.site, locale, tx.next_package(made.site.name), made.revision.id, now, due)
        bases = tx.numbered({entry.translation for _, entry in work})
        asked = [Asked(unit.source, unit.resource, unit.key, *sides[unit.id]) for unit, _ in work]
        units = (
            _unit(f"{draft.id}.{place}", unit, entry, bases, text, best)
            for place, ((unit, entry), text, best) in enumerate(
                zip(work, asked, leverage(library, made.site, locale, asked), strict=True), 1
            )
        )
        draft = replace(draft, units=tuple(units))
        name, content = exporter.write(draft)
        tx.save_package(draft)
        tx.keep_file(draft.id, name, content)
        tx.note(made.site.name, "package", {"package": draft.id, "units": len(draft.units)}, now)
        made_packages.append((draft, name, content))
    return made_packages


def _sides(reader: SiteReader, made: Plan, resources: Collection[str]) -> dict[UnitId, tuple[str, str]]:
    """What stands before and after each unit, so that the memory knows its context."""
    found = reader.snapshot(made.revision, resources).resources.values()
    return {(resource.path, key): beside for resource in found for key, beside in neighbours(resource.units).items()}


def _draft(site: Site, locale: Locale, number: int, revision: str, now: datetime, due: date | None) -> Package:
    return Package(
        site=site.name,
        number=number,
        locale=locale,
        source_locale=site.source,
        code=site.code(locale),
        revision=revision,
        created=now,
        units=(),
        due=due,
    )


def _unit(
    unit_id: str, unit: Unit, entry: Served, bases: Mapping[int, Translation], asked: Asked, best: Best
) -> PackageUnit:
    base = bases.get(entry.translation)
    return PackageUnit(
        id=unit_id,
        resource=unit.resource,
        key=unit.key,
        source=unit.source,
        fingerprint=unit.fingerprint,
        base=base.number if base else 0,
        previous_source=base.source if base else "",
        previous_target=base.target if base else "",
        edit=entry.edit,
        previous=asked.previous,
        following=asked.following,
        match=best.kind,
        percent=best.percent,
    )
