"""Work: what translators are needed for: everything that is behind or missing, and not out already."""

from collections.abc import Collection, Iterable, Mapping

from tm_service.domain.edits import EditClass
from tm_service.domain.packages import Package
from tm_service.domain.ports import Transaction
from tm_service.domain.serving import Page, Rule, Served
from tm_service.domain.units import Locale, Unit, UnitId
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
    asked = tuple(locales)
    return work_on(reader, tx, made, asked, all_pages(reader, tx, made, asked))


def work_on(
    reader: SiteReader, tx: Transaction, made: Plan, locales: Collection[Locale], pages: Mapping[PageId, Page]
) -> dict[Locale, list[Work]]:
    """What these pages still need, by locale."""
    out = out_now(tx.packages(made.site.name, open_only=True, locales=locales))
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
