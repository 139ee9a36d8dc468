"""Plan: what a deployment of a revision would serve, by touching only what changed since the last one."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from tm_service.domain.changes import ChangeSet
from tm_service.domain.deployments import Coverage, Deployment, PageRef
from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.domain.findings import Finding
from tm_service.domain.ports import Transaction
from tm_service.domain.serving import Answer, Page, Rule, Served, Waiver
from tm_service.domain.site import Site
from tm_service.domain.units import Key, Locale, Resource, Revision, Snapshot, Unit, UnitId
from tm_service.usecases.detect import detect
from tm_service.usecases.learn import catch_up
from tm_service.usecases.pages import PageId, background, decide, page_coverage, read_pages
from tm_service.usecases.reading import SiteReader

_INCOMPLETE = frozenset({Rule.DATED, Rule.HELD, Rule.MISSING})  # a language with one of these is not complete


@dataclass(frozen=True)
class Plan:
    """The pages that would change, beside the pages they replace; everything else stays as `last` serves it."""

    site: Site
    revision: Revision
    last: Deployment | None
    changes: ChangeSet
    pages: Mapping[PageId, Page]
    replaced: Mapping[PageId, Page]
    gone: tuple[PageId, ...]
    refs: Mapping[PageId, PageRef]  # of the replaced and gone pages
    resources: Mapping[str, Resource]  # the sources of the changed pages
    sequence: int
    settings: str
    waived: Mapping[Locale, frozenset[UnitId]]
    findings: tuple[Finding, ...]
    waiting: Mapping[PageId, Page] = field(default_factory=dict)  # legal documents, not in all languages yet

    @property
    def coverage(self) -> dict[Locale, Coverage]:
        """Totals by locale: the last deployment's, corrected by what changes."""
        totals = dict(self.last.coverage) if self.last else {}
        for (locale, _), found in self.page_coverages.items():
            totals[locale] = totals.get(locale, Coverage()) + found
        for (locale, _), ref in self.refs.items():
            totals[locale] = totals.get(locale, Coverage()) - ref.coverage
        return {locale: totals.get(locale, Coverage()) for locale in self.site.locales}

    @cached_property
    def page_coverages(self) -> dict[PageId, Coverage]:
        return {page_id: page_coverage(page, self.resources[page.resource]) for page_id, page in self.pages.items()}

    def entries(self, *rules: Rule) -> list[tuple[Locale, Unit, Served]]:
        """Units of the changed pages served by one of these rules, with their source."""
        return [
            (page.locale, self.resources[page.resource].by_key[entry.key], entry)
            for page in self.pages.values()
            for entry in page.served
            if entry.rule in rules
        ]

    @cached_property
    def held(self) -> list[tuple[Locale, Unit, Served]]:
        """What keeps the gate closed."""
        return self.entries(Rule.HELD)

    @cached_property
    def reverts(self) -> list[tuple[Locale, Unit, Served]]:
        """Units that readers saw translated and would see in the source language (law 1); waived ones are named there."""
        found = []
        for locale, unit, entry in self.entries(Rule.MISSING, Rule.WAIVED):
            was = self.was(locale, unit)
            if was and was.translated and was.answer is Answer.TEXT and not self._is_waived(locale, unit, entry):
                found.append((locale, unit, entry))
        return found

    def was(self, locale: Locale, unit: Unit) -> Served | None:
        """What the last deployment served for a unit of the changed pages, or for a text that it was made of."""
        resource, key = self.changes.lineage.get(unit.id, unit.id)
        before = self._before.get((locale, resource), {})
        return before.get(key) or next((before[part.key] for part in unit.about.parts if part.key in before), None)

    @cached_property
    def _before(self) -> dict[PageId, dict[Key, Served]]:
        return {page_id: {entry.key: entry for entry in page.served} for page_id, page in self.replaced.items()}

    def _is_waived(self, locale: Locale, unit: Unit, entry: Served) -> bool:
        return entry.rule is Rule.WAIVED and unit.id in self.waived.get(locale, ())


@dataclass(frozen=True)
class _Scope:
    """What has to be decided anew: pages by id, of sources as they are now; `settled` files changed, nothing else did."""

    sources: Mapping[str, str]  # path to blob id, of the whole revision
    snapshot: Snapshot  # of the files in question
    wanted: tuple[PageId, ...]
    settled: Mapping[Locale, frozenset[str]]
    read: frozenset[str]


def plan(reader: SiteReader, tx: Transaction, ref: str, now: datetime, waivers: Collection[Waiver]) -> Plan:
    """Learn what was delivered up to a revision, then decide every page that could change."""
    revision = reader.connector.resolve(ref)
    catch_up(reader, tx, revision, now)
    made = planned(reader, tx, revision, now, waivers)
    tx.trace(reader.site.name, made.changes.lineage)
    return made


def planned(
    reader: SiteReader,
    tx: Transaction,
    revision: Revision,
    now: datetime,
    waivers: Collection[Waiver],
    locales: Collection[Locale] = (),
) -> Plan:
    """What `plan` gives where all was learned before; nothing is written.

    Where locales are named, only pages of theirs are decided, whatever other languages lack.
    """
    site, last = reader.site, tx.latest(reader.site.name)
    base = base_of(reader, last)
    changed = _changed_sources(reader, base, revision) | set(last.waiting if last else ())
    changes, findings = _detect(reader, tx, last, base, revision, changed)
    anew = last is None or base is None or last.settings != _settings(site)
    scope, waived = _scope(reader, tx, last, revision, changed, locales, anew=anew), _waived(waivers, now)
    refs, replaced = _before(tx, site, last, scope.wanted, changes.lineage)
    known = _remembered(tx, site, last, scope.wanted, changes.lineage, replaced)
    decided = _decided(reader, tx, scope, known, waived, changes.lineage)
    waiting = _waiting(site, scope.snapshot.resources, decided)
    pages = {page_id: page for page_id, page in decided.items() if page_id not in waiting}
    written = {page.path for page_id, page in pages.items() if replaced.get(page_id) != page}
    same = {page_id for page_id, page in pages.items() if page.path not in written}
    differing = set(scope.wanted) - same - set(waiting)
    current = {page_id: ref for page_id, ref in refs.items() if page_id in differing}
    odd = (*findings, *scope.snapshot.findings, *_still(last, scope.sources, scope.read | changed))
    return Plan(
        site=site,
        revision=revision,
        last=last,
        changes=changes,
        pages={page_id: page for page_id, page in pages.items() if page_id not in same},
        replaced=replaced,
        gone=tuple(sorted(page_id for page_id in current if page_id not in pages)),
        refs=current,
        resources=scope.snapshot.resources,
        sequence=tx.sequence(),
        settings=_settings(site),
        waived=waived,
        findings=tuple(dict.fromkeys(odd)),
        waiting=waiting,
    )


def base_of(reader: SiteReader, last: Deployment | None) -> Revision | None:
    """The revision that was deployed last; None where there is none, or where the site has it no more.

    A history is rewritten, or our copy of a record store is made anew: then everything is looked at as if it had changed.
    """
    if last is None:
        return None
    try:
        return replace(reader.connector.resolve(last.revision), at=last.at)
    except NotFound:
        return None


def _waiting(site: Site, resources: Mapping[str, Resource], pages: Mapping[PageId, Page]) -> dict[PageId, Page]:
    """Pages of legal documents of which a language is not complete: readers keep the last complete version (law 11).

    Only where the source language is deployed too; what stands in a site's code closes the gate instead.
    """
    if not site.is_record_store:
        return {}
    legal = {path for path, resource in resources.items() if _is_legal(site, resource)}
    lacking = {
        page.resource
        for page in pages.values()
        if page.resource in legal and any(entry.rule in _INCOMPLETE for entry in page.served)
    }
    return {page_id: page for page_id, page in pages.items() if page.resource in lacking}


def _is_legal(site: Site, resource: Resource) -> bool:
    rule = site.rule(resource.path)
    return (rule is not None and rule.parity) or any(unit.about.legal for unit in resource.units)


def _scope(
    reader: SiteReader,
    tx: Transaction,
    last: Deployment | None,
    revision: Revision,
    changed: set[str],
    locales: Collection[Locale],
    *,
    anew: bool,
) -> _Scope:
    """The pages of changed sources and those that something learned or waived opens again; all of them for new settings."""
    site, sources = reader.site, reader.sources(revision.id)
    _refuse_shared_targets(site, sources)
    reopened = _everything(tx, site, last, sources) if anew else _reopened(tx, site, last)
    together = {path for paths in reopened.values() for path in paths if _is_shared(site, path)}
    dirty = {
        locale: changed | paths | together if locale in site.locales else paths
        for locale, paths in reopened.items()
        if not locales or locale in locales
    }
    read = frozenset(path for paths in dirty.values() for path in paths if path in sources)
    snapshot = reader.snapshot(revision, read)
    broken = {finding.path for finding in snapshot.findings} - set(snapshot.resources)
    wanted = tuple((locale, path) for locale, paths in dirty.items() for path in sorted(paths) if path not in broken)
    settled = {locale: frozenset(changed - reopened[locale]) for locale in site.locales}
    return _Scope(sources, snapshot, wanted, settled, read)


def _is_shared(site: Site, path: str) -> bool:
    """Whether all languages of a source stand in one file, which is written for all of them or for none."""
    rule = site.rule(path)
    return rule is not None and rule.is_shared


def _decided(
    reader: SiteReader,
    tx: Transaction,
    scope: _Scope,
    before: Mapping[PageId, Page],
    waived: Mapping[Locale, frozenset[UnitId]],
    moves: Mapping[UnitId, UnitId],
) -> dict[PageId, Page]:
    """The pages in question as readers would get them, locale by locale."""
    pages, found = {}, scope.snapshot.resources
    for locale in reader.site.locales:
        resources = [found[path] for where, path in scope.wanted if where == locale and path in found]
        if not resources:
            continue
        allowed = waived.get(locale, frozenset())
        known = background(tx, reader.site, locale, resources, before, allowed, scope.settled[locale], moves)
        for resource in resources:
            pages[locale, resource.path] = decide(reader, locale, resource, scope.sources[resource.path], known)
    return pages


def _still(last: Deployment | None, sources: Collection[str], read: Collection[str]) -> list[Finding]:
    """What was odd about files that did not change since."""
    known = last.findings if last else ()
    return [finding for finding in known if finding.path in sources and finding.path not in read]


def _refuse_shared_targets(site: Site, sources: Iterable[str]) -> None:
    """Two sources written to one catalog would overwrite each other. Raises ConfigurationError naming both."""
    for sentence in shared_targets(site, sources):
        raise ConfigurationError(sentence)


def shared_targets(site: Site, sources: Iterable[str]) -> Iterator[str]:
    """A sentence for each source whose catalogs another source would overwrite."""
    written: dict[str, str] = {}
    for path in sources:
        target = path if _is_shared(site, path) else site.target_path(path, site.locales[0])
        if target in written:
            yield f"{written[target]} and {path} would both be written to {target}; tell them apart in the rule's `target`."
        written[target] = path


def _settings(site: Site) -> str:
    """A digest of everything in the site's settings that decides what is served and where it is written."""
    deciding = site.source, site.locales, site.minimum_state, site.content
    return sha256(repr(deciding).encode()).hexdigest()[:16]


def _changed_sources(reader: SiteReader, base: Revision | None, revision: Revision) -> set[str]:
    changes = reader.connector.changes(base.id if base else "", revision.id)
    return {change.path for change in changes if reader.site.rule(change.path)}


def _detect(
    reader: SiteReader,
    tx: Transaction,
    last: Deployment | None,
    base: Revision | None,
    revision: Revision,
    changed: Collection[str],
) -> tuple[ChangeSet, tuple[Finding, ...]]:
    after = reader.snapshot(revision, changed)
    if last is None or base is None:
        return detect(None, after), after.findings
    before = reader.snapshot(base, changed)
    broken = {finding.path for finding in after.findings} - set(after.resources)
    torn = {finding.path for finding in before.findings} - set(before.resources)
    served = _as_served(reader, tx, last, torn | set(last.waiting))
    kept = {path: resource for path, resource in {**before.resources, **served}.items() if path not in broken}
    return detect(type(before)(before.revision, kept), after), after.findings


def _as_served(reader: SiteReader, tx: Transaction, last: Deployment, torn: Collection[str]) -> dict[str, Resource]:
    """Files that could not be deployed as they were, because they were torn or waited for a language, as they are served."""
    refs = tx.pages(last.site, last.number, {(locale, path) for locale in reader.site.locales for path in torn})
    blobs = {page.resource: page.blob for page in read_pages(tx, refs).values()}
    return {path: reader.resource(path, blob) for path, blob in blobs.items() if reader.site.rule(path)}


def _waived(waivers: Iterable[Waiver], now: datetime) -> dict[Locale, frozenset[UnitId]]:
    waived: dict[Locale, set[UnitId]] = {}
    for waiver in waivers:
        if waiver.holds(now):
            waived.setdefault(waiver.locale, set()).add((waiver.resource, waiver.key))
    return {locale: frozenset(units) for locale, units in waived.items()}


def _reopened(tx: Transaction, site: Site, last: Deployment | None) -> dict[Locale, set[str]]:
    """Resources with newer translations of their own or of the same text, and all that a waiver ever named.

    A waiver that ended or was tampered with opens the question again, so it does not matter whether it holds.
    """
    since = last.sequence if last else 0
    touched, helped = tx.touched(site.name, since), tx.helped(site.name, since)
    named = {waiver.resource for waiver in tx.waivers(site.name)}
    return {locale: {*named, *touched.get(locale, ()), *helped.get(locale, ())} for locale in site.locales}


def _everything(
    tx: Transaction, site: Site, last: Deployment | None, sources: Collection[str]
) -> dict[Locale, set[str]]:
    """Every page there is and every page that is served; what the settings no longer name is to go."""
    dirty = {locale: set(sources) for locale in site.locales}
    for ref in tx.pages(site.name, last.number) if last else ():
        dirty.setdefault(ref.locale, set()).add(ref.resource)
    return dirty


def _before(
    tx: Transaction,
    site: Site,
    last: Deployment | None,
    wanted: Collection[PageId],
    lineage: Mapping[UnitId, UnitId],
) -> tuple[dict[PageId, PageRef], dict[PageId, Page]]:
    """What these pages, and the pages their units came from, served last."""
    if last is None:
        return {}, {}
    origins = {(locale, resource) for resource, _ in lineage.values() for locale in site.locales}
    refs = {(ref.locale, ref.resource): ref for ref in tx.pages(site.name, last.number, {*wanted, *origins})}
    return refs, read_pages(tx, refs.values())


def _remembered(
    tx: Transaction,
    site: Site,
    last: Deployment | None,
    wanted: Collection[PageId],
    lineage: Mapping[UnitId, UnitId],
    before: Mapping[PageId, Page],
) -> Mapping[PageId, Page]:
    """The pages served last, and where that is a rollback also what readers had of them until it came.

    A rollback points back; what it took away for a while is not forgotten by the deployment after it.
    """
    if last is None or not last.restores:
        return before
    undone = tx.deployment(site.name, last.number - 1)
    _, there = _before(tx, site, undone, wanted, lineage)
    earlier = _remembered(tx, site, undone, wanted, lineage, there)
    return {**earlier, **{page_id: _with_lost(page, earlier.get(page_id)) for page_id, page in before.items()}}


def _with_lost(page: Page, earlier: Page | None) -> Page:
    """A page, and of an earlier one the units that were translated there and are not here."""
    here = {entry.key for entry in page.served if entry.translated}
    lost = (
        {entry.key: entry for entry in earlier.served if entry.translated and entry.key not in here} if earlier else {}
    )
    kept = (entry for entry in page.served if entry.key not in lost)
    return replace(page, served=(*kept, *lost.values()))
