"""Hand-off: everything that goes out with a package beside its units: matches, terms, surroundings, analysis."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import count
from types import MappingProxyType

from tm_service.domain.handoffs import Detail, Handoff, Neighbour, Profile, Surroundings, TermHint, offered
from tm_service.domain.matches import Match, MatchClass, Reading
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.ports import MemoryRoom
from tm_service.domain.serving import Rule, Served, Translation
from tm_service.domain.terms import Term, TermStatus
from tm_service.domain.units import Document, Key, Unit

_WORTH_SHOWING = 75.0  # percent
_SHOWN = 3  # matches of one unit, and texts on each side of it
_REPEATED = frozenset({MatchClass.REPETITION, MatchClass.CROSS_FILE})
_TRANSLATED = frozenset({Rule.CURRENT, Rule.MEMORY})

Pages = Mapping[str, tuple[Sequence[Unit], Mapping[Key, Served]]]  # by resource: its units in order, and what is served


@dataclass(frozen=True, slots=True)
class Supplies:
    """What a package is made ready from: the memories and their terms, for which tool, and whom translators may ask."""

    room: MemoryRoom
    reading: Reading
    profile: Profile
    terms: Sequence[Term] = ()
    contact: str = ""
    xliff2: bool = False


@dataclass(frozen=True, slots=True)
class _Reference:
    """What the memories know of a package: the best match by unit, and every pair worth showing."""

    best: Mapping[str, Match] = field(default_factory=dict)
    pairs: Sequence[Translation] = ()


def ready(
    draft: Package,
    pages: Pages,
    earlier: Sequence[Translation],
    supplies: Supplies,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> Handoff:
    """A package with all that goes out with it; its units say which target they are offered, and stand between neighbours.

    `earlier` are the translations that its units had until now.
    """
    draft = replace(draft, units=tuple(_classed(draft.units, supplies)))
    reference = _reference(draft, supplies)
    details = {unit.id: _detail(unit, reference.best.get(unit.id), supplies) for unit in draft.units}
    work = tuple(replace(unit, offered=offered(unit, details[unit.id]).target) for unit in draft.units)
    made = replace(draft, units=tuple(_with_neighbours(draft.id, work, pages)))
    details |= {unit.id: Detail(matched=unit.offered, locked=True) for unit in made.units if unit.locked}
    return Handoff(
        package=made,
        profile=supplies.profile,
        contact=supplies.contact,
        details=details,
        surroundings=_surroundings(made, pages),
        attachments=(*_references(made, [*reference.pairs, *earlier], supplies), *_analysis(made, supplies)),
        xliff2=supplies.xliff2,
        titles=titles,
    )


def _classed(units: Sequence[PackageUnit], supplies: Supplies) -> Iterator[PackageUnit]:
    """Units of which a repetition repeats what stands in its own package; where that went into another, it is counted anew."""
    first: dict[str, str] = {}
    for unit in units:
        if unit.match not in _REPEATED:
            first.setdefault(unit.fingerprint, unit.resource)
            yield unit
        elif unit.fingerprint in first:
            is_here = first[unit.fingerprint] == unit.resource
            yield replace(unit, match=MatchClass.REPETITION if is_here else MatchClass.CROSS_FILE)
        else:
            first[unit.fingerprint] = unit.resource
            (best,) = supplies.room.best(supplies.reading, [unit.asked])
            yield replace(unit, match=best.kind, percent=best.percent)


def again(package: Package, earlier: Sequence[Translation], supplies: Supplies) -> Handoff:
    """What of a package is open once more, each unit as it was offered; its analysis stays the one it was handed off with."""
    left = _left(package.units)
    details = {
        unit.id: Detail(matched=unit.offered, locked=True)
        if unit.locked
        else replace(_detail(unit, None, supplies), matched=unit.offered)
        for unit in left
    }
    made = replace(package, units=left)
    pairs = [*_reference(replace(package, units=package.open_units), supplies).pairs, *earlier]
    return Handoff(
        package=made,
        profile=supplies.profile,
        contact=supplies.contact,
        details=details,
        attachments=tuple(_references(made, pairs, supplies)),
        xliff2=supplies.xliff2,
    )


def _left(units: Sequence[PackageUnit]) -> tuple[PackageUnit, ...]:
    """The open units, and the locked ones that stand beside one of them on their page."""
    is_open = [not unit.locked and not unit.done for unit in units]
    beside = [
        unit.locked
        and any(
            0 <= other < len(units) and is_open[other] and units[other].resource == unit.resource
            for other in (place - 1, place + 1)
        )
        for place, unit in enumerate(units)
    ]
    return tuple(unit for unit, one, other in zip(units, is_open, beside, strict=True) if one or other)


def _with_neighbours(package_id: str, work: Sequence[PackageUnit], pages: Pages) -> Iterator[PackageUnit]:
    """Units of work in their order, each between the translated texts that stand right beside it on its page."""
    taken = {(unit.resource, unit.key) for unit in work}
    numbers, places = count(len(work) + 1), _places(pages)
    for unit in work:
        place = places.get(unit.resource, {}).get(unit.key)
        for step in (-1, 0, 1):
            if step == 0:
                yield unit
                continue
            other = None if place is None else _translated(pages[unit.resource], place + step)
            if other is not None and (unit.resource, other[0].key) not in taken:
                taken.add((unit.resource, other[0].key))
                yield _locked(f"{package_id}.{next(numbers)}", *other)


def _translated(page: tuple[Sequence[Unit], Mapping[Key, Served]], place: int) -> tuple[Unit, Served] | None:
    """The unit at a place of a page with its translation; None where it has none that is of today's source."""
    units, served = page
    if not 0 <= place < len(units):
        return None
    entry = served.get(units[place].key)
    is_translated = entry is not None and entry.rule in _TRANSLATED and entry.text.strip()
    return (units[place], entry) if entry is not None and is_translated else None


def _locked(unit_id: str, unit: Unit, entry: Served) -> PackageUnit:
    return PackageUnit(
        id=unit_id,
        resource=unit.resource,
        key=unit.key,
        source=unit.source,
        fingerprint=unit.fingerprint,
        base=entry.translation,
        match=MatchClass.CONTEXT,
        percent=100.0,
        offered=entry.text,
        locked=True,
    )


def _reference(draft: Package, supplies: Supplies) -> _Reference:
    worth = [unit for unit in draft.units if unit.percent >= _WORTH_SHOWING]
    asked = [unit.asked for unit in worth]
    offers = supplies.room.offers(supplies.reading, asked, least=_WORTH_SHOWING, k=_SHOWN) if asked else ()
    best = {unit.id: offer.matches[0] for unit, offer in zip(worth, offers, strict=True) if offer.matches}
    pairs = {match.translation.number: match.translation for offer in offers for match in offer.matches}
    return _Reference(best, tuple(pairs.values()))


def _detail(unit: PackageUnit, match: Match | None, supplies: Supplies) -> Detail:
    said = Detail(note=unit.note, limit=unit.limit, terms=tuple(_hints(unit, supplies)))
    if match is None:
        return said
    source = match.translation.source
    return replace(said, matched=match.offered, matched_source="" if source == unit.source else source)


def _hints(unit: PackageUnit, supplies: Supplies) -> Iterable[TermHint]:
    if not supplies.terms:
        return
    said: set[tuple[str, str]] = set()
    for hit in supplies.room.terms_in(unit.source, supplies.terms):
        for term in hit.terms:
            if term.status is TermStatus.APPROVED and (term.source, term.target) not in said:
                said.add((term.source, term.target))
                yield TermHint(term.source, term.target)


def _surroundings(draft: Package, pages: Pages) -> dict[str, Surroundings]:
    """For each unit the texts that readers see before and after it on its page."""
    found: dict[str, Surroundings] = {}
    places = _places(pages)
    for unit in draft.work:
        place = places.get(unit.resource, {}).get(unit.key)
        if place is None:
            continue
        units, served = pages[unit.resource]
        sides = units[max(0, place - _SHOWN) : place], units[place + 1 : place + 1 + _SHOWN]
        before, after = (
            tuple(Neighbour(other.source, _shown(served.get(other.key), other)) for other in side) for side in sides
        )
        found[unit.id] = Surroundings(before, after)
    return found


def _places(pages: Pages) -> dict[str, dict[Key, int]]:
    """Where each unit stands on its page."""
    return {path: {unit.key: place for place, unit in enumerate(units)} for path, (units, _) in pages.items()}


def _shown(served: Served | None, unit: Unit) -> str:
    """What readers see for a unit, where that is not its source."""
    return served.text if served is not None and served.text != unit.source else ""


def _references(made: Package, pairs: Sequence[Translation], supplies: Supplies) -> Iterator[Document]:
    """The memory and the terms of a package, for reading."""
    languages = f"{made.source_locale}-{made.locale}"
    memory = BytesIO()
    once = {pair.number: pair for pair in pairs}
    supplies.room.write_pairs("memory.tmx", memory, once.values(), made.source_locale)
    yield Document(f"reference/memory_{languages}.tmx", memory.getvalue())
    for ending in ("tbx", "csv"):
        terms = BytesIO()
        supplies.room.write_terms(f"terms.{ending}", terms, supplies.terms, made.source_locale)
        yield Document(f"reference/terms_{languages}.{ending}", terms.getvalue())


def _analysis(made: Package, supplies: Supplies) -> Iterator[Document]:
    job = [(unit.resource, unit.asked) for unit in made.work]
    for ending, content in supplies.room.analyse(supplies.reading, job, made.id, None).reports.items():
        yield Document(f"analysis/analysis_{made.locale}{ending}", content)
