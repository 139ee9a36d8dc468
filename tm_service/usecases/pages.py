"""Pages: one resource in one locale as it is served, decided, written down and read back."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain
from types import MappingProxyType

from tm_service.domain.deployments import Coverage, PageRef, coverage
from tm_service.domain.edits import EditClass
from tm_service.domain.parts import derived
from tm_service.domain.ports import Transaction
from tm_service.domain.serving import Answer, Origin, Page, Rule, Served, Translation
from tm_service.domain.site import Site, State
from tm_service.domain.text import fingerprint
from tm_service.domain.units import Key, Locale, Resource, Unit, UnitId
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.serve import Knowledge, serve, serve_codes

PageId = tuple[Locale, str]


def dump_page(page: Page) -> bytes:
    """A page as bytes that are the same for the same decisions."""
    content = {
        "locale": page.locale,
        "resource": page.resource,
        "path": page.path,
        "blob": page.blob,
        "served": [_row(entry) for entry in page.served],
        "codes": [[list(key), text] for key, text in page.codes.items()],
    }
    return _written(content)


def dump_line(entry: Served) -> bytes:
    """One unit as it stands in the bytes of `dump_page`, and nowhere else in them: text never has a bare quotation mark."""
    return _written(_row(entry))


def _row(entry: Served) -> list[object]:
    return [
        list(entry.key),
        entry.text,
        entry.rule,
        entry.source,
        entry.why,
        entry.translation,
        entry.edit,
        entry.answer,
    ]


def _written(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def load_page(content: bytes) -> Page:
    """Read what `dump_page` wrote."""
    found = json.loads(content.decode("utf-8", "surrogatepass"))
    served = tuple(
        Served(
            tuple(key), text, Rule(rule), source, why, translation, EditClass(edit) if edit else None, Answer(answer)
        )
        for key, text, rule, source, why, translation, edit, answer in found["served"]
    )
    codes = {tuple(key): text for key, text in found["codes"]}
    return Page(found["locale"], found["resource"], found["path"], found["blob"], served, codes)


def rules_of(content: bytes) -> dict[Key, tuple[str, str]]:
    """By key the serving rule and the source's fingerprint, of what `dump_page` wrote; far quicker than `load_page`."""
    found = json.loads(content.decode("utf-8", "surrogatepass"))
    return {tuple(key): (rule, source) for key, _, rule, source, *_ in found["served"]}


def page_coverage(page: Page, resource: Resource) -> Coverage:
    return coverage(page.served, {key: unit.source for key, unit in resource.by_key.items()})


def lacks(page: Page) -> frozenset[str]:
    """Source fingerprints that a newer translation could help."""
    return frozenset(entry.source for entry in page.served if entry.rule is not Rule.CURRENT)


def read_pages(tx: Transaction, refs: Iterable[PageRef]) -> dict[PageId, Page]:
    refs = list(refs)
    contents = tx.blobs(ref.page for ref in refs)
    return {(ref.locale, ref.resource): load_page(contents[ref.page]) for ref in refs}


@dataclass(frozen=True)
class Background:
    """What one locale's decisions rest on, fetched at once for many resources.

    `kept` are decisions that stand: same source text, and nothing was learned that could change them.
    """

    own: Mapping[UnitId, Sequence[Translation]]
    exact: Mapping[str, Sequence[Translation]]
    lineage: Mapping[UnitId, Sequence[UnitId]]
    last: Mapping[UnitId, Translation]
    waived: Collection[UnitId]
    kept: Mapping[UnitId, Served]


def decide(reader: SiteReader, locale: Locale, resource: Resource, blob: str, known: Background) -> Page:
    """Every unit of a resource as readers of one locale get it."""
    site = reader.site
    rule = site.rule(resource.path)
    if rule is None:
        raise ValueError(f"No content rule matches {resource.path}.")
    served = tuple(
        known.kept.get(unit.id) or serve(unit, _knowledge(unit, locale, known), rule, site.serves, reader.match)
        for unit in resource.units
    )
    codes = serve_codes(resource.values, {unit.key: known.own.get(unit.id, ()) for unit in resource.values})
    return Page(locale, resource.path, site.target_path(resource.path, locale), blob, served, codes)


def _knowledge(unit: Unit, locale: Locale, known: Background) -> Knowledge:
    family = (unit.id, *known.lineage.get(unit.id, ()))
    own = sorted(
        chain.from_iterable(known.own.get(member, ()) for member in family), key=lambda entry: (entry.at, entry.number)
    )
    members = set(family)
    elsewhere = [
        entry
        for entry in known.exact.get(unit.fingerprint, ())
        if (entry.resource, entry.key) not in members and entry.origin is not Origin.ALIGNMENT
    ]
    last = next((known.last[member] for member in family if member in known.last), None)
    made = _made_of(unit, locale, known) if unit.about.parts else None
    if made is not None:
        wholes = {(part.key, fingerprint(part.source)) for part in unit.about.parts}
        own = [made, *(entry for entry in own if (entry.key, entry.fingerprint) not in wholes)]
        last = made if last is None or last.number == made.number else last
    return Knowledge(own, elsewhere, last, unit.id in known.waived)


def _made_of(unit: Unit, locale: Locale, known: Background) -> Translation | None:
    """What readers had of the texts that a unit was made of, cut and joined as these were."""
    bases: dict[Key, Translation] = {}
    for part in unit.about.parts:
        where, wanted = (unit.resource, part.key), fingerprint(part.source)
        held = known.own.get(where, ())
        text = [entry for entry in held if entry.answer is Answer.TEXT]
        exact = [entry for entry in text if entry.fingerprint == wanted]
        near = [*text, *([known.last[where]] if where in known.last else [])]
        if exact or near:
            bases[part.key] = exact[-1] if exact else max(near, key=lambda entry: _alike(entry.source, part.source))
    found = derived(unit.about.parts, {key: entry.target for key, entry in bases.items()}, locale)
    if found is None:
        return None
    source, target = found
    first = next(bases[part.key] for part in unit.about.parts if part.key in bases)
    print_ = fingerprint(source)
    return replace(first, key=unit.key, source=source, fingerprint=print_, target=target, origin=Origin.ALIGNMENT)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def background(
    tx: Transaction,
    site: Site,
    locale: Locale,
    resources: Iterable[Resource],
    before: Mapping[PageId, Page],
    waived: Collection[UnitId],
    settled: Collection[str] = (),
    moves: Mapping[UnitId, UnitId] = MappingProxyType({}),
) -> Background:
    """Fetch what is known of these resources: their own translations, those of their forebears, the exact memory.

    Nothing new was learned of the `settled` ones: units whose source text stayed keep what was decided `before`. `moves` are
    those that are not remembered yet.
    """
    resources = list(resources)
    kept = _kept(locale, (resource for resource in resources if resource.path in settled), before)
    values = [unit for resource in resources for unit in resource.values if unit.id not in kept]
    lineage = _families(tx, site.name, [unit.id for unit in values if unit.translatable], moves)
    ids = {unit.id for unit in values} | set(chain.from_iterable(lineage.values()))
    ids |= {(unit.resource, part.key) for unit in values for part in unit.about.parts}
    last = {
        (page.resource, entry.key): entry.translation
        for (where, _), page in before.items()
        if where == locale
        for entry in page.served
        if entry.translated and entry.translation and (page.resource, entry.key) in ids
    }
    numbered = tx.numbered(last.values())
    own = tx.own(site.name, locale, ids)
    return Background(
        own=own,
        exact=tx.exact(site.name, locale, _prints_without_own(values, own, site.serves), source=site.source),
        lineage=lineage,
        last={unit_id: numbered[number] for unit_id, number in last.items() if number in numbered},
        waived=waived,
        kept=kept,
    )


def _kept(locale: Locale, resources: Iterable[Resource], before: Mapping[PageId, Page]) -> dict[UnitId, Served]:
    kept = {}
    for resource in resources:
        page = before.get((locale, resource.path))
        was = {entry.key: entry for entry in page.served} if page else {}
        for unit in resource.units:
            if unit.key in was and was[unit.key].source == unit.fingerprint:
                kept[unit.id] = was[unit.key]
    return kept


def _prints_without_own(
    values: Iterable[Unit], own: Mapping[UnitId, Sequence[Translation]], states: frozenset[State]
) -> set[str]:
    """Only units without a text of their own from this source, far enough to be served, ask the memory."""
    return {
        unit.fingerprint
        for unit in values
        if unit.translatable
        and not any(
            entry.fingerprint == unit.fingerprint and entry.state in states and entry.answer is not Answer.SAME
            for entry in own.get(unit.id, ())
        )
    }


def _families(
    tx: Transaction, site: str, units: Collection[UnitId], moves: Mapping[UnitId, UnitId]
) -> dict[UnitId, tuple[UnitId, ...]]:
    """Who each unit was before, nearest first, through any number of moves."""
    families: dict[UnitId, tuple[UnitId, ...]] = {}
    ends = {unit: unit for unit in units}
    while ends:
        parents = {**tx.lineage(site, set(ends.values())), **moves}
        following = {}
        for unit, end in ends.items():
            parent = parents.get(end)
            if parent is not None and parent != unit and parent not in families.get(unit, ()):
                families[unit] = (*families.get(unit, ()), parent)
                following[unit] = parent
        ends = following
    return families
