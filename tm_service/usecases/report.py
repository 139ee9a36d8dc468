"""Report: coverage, reasons, gates and costs, for people and machines."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tm_service.domain.changes import ChangeKind, ChangeSet
from tm_service.domain.deployments import Coverage, Deployment, Tally
from tm_service.domain.errors import NotFound
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.matches import Asked, MatchClass
from tm_service.domain.ports import Library, Transaction
from tm_service.domain.register import PaidRates
from tm_service.domain.serving import Rule, Served, Translation
from tm_service.domain.site import ContentRule, Site
from tm_service.domain.text import words
from tm_service.domain.units import Locale, Resource, Revision, key_text, parse_key
from tm_service.usecases.detect import detect, neighbours
from tm_service.usecases.leverage import leverage
from tm_service.usecases.package_work import all_pages
from tm_service.usecases.pages import background, decide, load_page
from tm_service.usecases.plan import Plan, shared_targets
from tm_service.usecases.reading import SiteReader


@dataclass(frozen=True)
class CoverageReport:
    """Coverage of a deployment by locale, and by resource within it; what translators have is counted as of now."""

    deployment: Deployment
    locales: Mapping[Locale, Coverage]
    paths: Mapping[Locale, Mapping[str, Coverage]]


def report_coverage(tx: Transaction, site: Site, number: int | None = None) -> CoverageReport:
    """Raises NotFound where nothing was deployed yet."""
    deployment = tx.deployment(site.name, number) if number else tx.latest(site.name)
    if deployment is None:
        raise NotFound(f"Site {site.name} has no deployment yet; run `tm-service deploy {site.name}`.")
    out = _out_by_page(tx, site.name)
    paths: dict[Locale, dict[str, Coverage]] = {locale: {} for locale in deployment.coverage}
    for ref in tx.pages(site.name, deployment.number):
        waiting = out.get((ref.locale, ref.resource))
        paths.setdefault(ref.locale, {})[ref.resource] = ref.coverage + waiting if waiting else ref.coverage
    totals = dict(deployment.coverage)
    for (locale, _), waiting in out.items():
        totals[locale] = totals.get(locale, Coverage()) + waiting
    return CoverageReport(deployment, totals, paths)


def _out_by_page(tx: Transaction, site: str) -> dict[tuple[Locale, str], Coverage]:
    """What translators have, in units and words, by page."""
    out: dict[tuple[Locale, str], list[int]] = defaultdict(list)
    for locale, resource, source in tx.out(site):
        out[locale, resource].append(words(source))
    return {page: Coverage(Tally(out=len(counts)), Tally(out=sum(counts))) for page, counts in out.items()}


@dataclass(frozen=True)
class Explanation:
    """Why readers of a locale see what they see for one unit (law 12)."""

    deployment: Deployment
    entry: Served
    translation: Translation | None
    resource: str


def explain(tx: Transaction, site: Site, locale: Locale, resource: str, key: str, number: int = 0) -> Explanation:
    """The stored reason of a deployment, 0 for the latest. Raises NotFound naming what is there."""
    deployment = tx.deployment(site.name, number) if number else tx.latest(site.name)
    if deployment is None:
        raise NotFound(f"Site {site.name} has no deployment yet; run `tm-service deploy {site.name}`.")
    if locale not in site.locales:
        raise NotFound(f"Site {site.name} has no locale {locale}; it has {', '.join(site.locales)}.")
    refs = tx.pages(site.name, deployment.number, [(locale, resource)])
    if not refs:
        raise NotFound(
            f"Deployment {deployment.number} serves no resource {resource}; `detect` and `coverage` name them."
        )
    page = load_page(tx.blobs([refs[0].page])[refs[0].page])
    wanted = parse_key(key)
    entry = next((entry for entry in page.served if entry.key == wanted or key_text(entry.key) == key), None)
    entry = entry or next((entry for entry in page.served if ".".join(entry.key) == key), None)
    if entry is None:
        raise NotFound(f"{resource} has no unit {key} in deployment {deployment.number}.")
    return Explanation(deployment, entry, tx.numbered([entry.translation]).get(entry.translation), resource)


@dataclass(frozen=True)
class RuleReport:
    """What one content rule matches: files, units, words, values that are codes, and translated files beside them."""

    rule: ContentRule
    files: int
    units: int
    words: int
    codes: int
    unreadable: int
    catalogs: Mapping[Locale, int]
    formats: Mapping[str, int]  # files by extractor and dialect


@dataclass(frozen=True)
class SiteReport:
    """A site's settings held against its files."""

    revision: Revision
    rules: tuple[RuleReport, ...]
    findings: tuple[Finding, ...]
    unmatched: tuple[str, ...]  # files of the same kind that no rule matches and that are no translation


def check_site(reader: SiteReader, ref: str = "") -> SiteReport:
    """Explain what each content rule matches before anything runs."""
    site, revision = reader.site, reader.connector.resolve(ref)
    snapshot, files = reader.snapshot(revision), reader.connector.files(revision.id)
    sources = reader.sources(revision.id)
    by_rule: dict[int, list[str]] = defaultdict(list)
    for path in sources:
        rule = site.rule(path)
        by_rule[site.content.index(rule) if rule else -1].append(path)
    reports = tuple(
        _rule_report(site, rule, by_rule[place], snapshot.resources, set(files))
        for place, rule in enumerate(site.content)
    )
    targets = {site.target_path(path, locale) for path in sources for locale in site.locales}
    kinds = {rule.match.rpartition(".")[2] for rule in site.content}
    unmatched = tuple(
        sorted(
            path for path in files if path.rpartition(".")[2] in kinds and path not in sources and path not in targets
        )
    )
    shared = [Finding("target", Severity.ERROR, sentence) for sentence in shared_targets(site, sources)]
    return SiteReport(revision, reports, (*snapshot.findings, *shared), unmatched)


def _rule_report(
    site: Site, rule: ContentRule, paths: Sequence[str], resources: Mapping[str, Resource], files: set[str]
) -> RuleReport:
    read = [resources[path] for path in paths if path in resources]
    return RuleReport(
        rule=rule,
        files=len(paths),
        units=sum(len(resource.units) for resource in read),
        words=sum(words(unit.source) for resource in read for unit in resource.units),
        codes=sum(len(resource.values) - len(resource.units) for resource in read),
        unreadable=len(paths) - len(read),
        formats=dict(Counter(resource.format or f"{rule.extractor} {rule.dialect}".strip() for resource in read)),
        catalogs={locale: sum(rule.target_path(path, locale) in files for path in paths) for locale in site.locales},
    )


_OUTCOMES = {
    Rule.HELD: "held",
    Rule.DATED: "stale",
    Rule.KEPT: "stale",
    Rule.MISSING: "missing",
    Rule.WAIVED: "waived",
}
OUTCOMES = ("revert", "held", "waiting", "stale", "new", "missing", "waived")


@dataclass(frozen=True)
class Gate:
    """What readers of a revision would get that is not current, unit by unit, and whether it may be deployed."""

    plan: Plan
    units: tuple[Mapping[str, object], ...]

    @property
    def closed(self) -> bool:
        return bool(self.plan.held or self.plan.reverts)


def gate(reader: SiteReader, tx: Transaction, made: Plan) -> Gate:
    """Every unit of the revision that would revert, be held, be stale, be new in English or is so already."""
    reverts = {(locale, unit.id) for locale, unit, _ in made.reverts}
    new = {(locale, unit.id) for locale, unit, _ in made.entries(Rule.MISSING) if made.was(locale, unit) is None}
    rows = []
    for (locale, resource), page in sorted(all_pages(reader, tx, made).items()):
        for entry in page.served:
            if entry.rule in _OUTCOMES:
                unit = locale, (resource, entry.key)
                outcome = "revert" if unit in reverts else "new" if unit in new else _OUTCOMES[entry.rule]
                outcome = "waiting" if (locale, resource) in made.waiting else outcome
                rows.append(_outcome(locale, resource, entry, outcome))
    return Gate(made, tuple(rows))


def _outcome(locale: Locale, resource: str, entry: Served, outcome: str) -> dict[str, object]:
    return {
        "locale": locale,
        "resource": resource,
        "key": key_text(entry.key),
        "outcome": outcome,
        "edit_class": entry.edit,
        "why": entry.why,
    }


@dataclass(frozen=True, slots=True)
class Cost:
    """Words by what each is worth of a new one, and the `amount` at the price of a word; without a `currency` there is none."""

    weighted: Decimal
    amount: Decimal = Decimal(0)
    currency: str = ""


@dataclass(frozen=True)
class Estimate:
    """What the changes from one revision to another cost, in units and words, by locale and match class; `costs` by locale."""

    changes: ChangeSet
    locales: Mapping[Locale, Mapping[str, tuple[int, int]]]
    costs: Mapping[Locale, Cost] = field(default_factory=dict)


def estimate(reader: SiteReader, tx: Transaction, library: Library, base: str, head: str) -> Estimate:
    """Words by class for every unit that is added, edited or moved between two revisions."""
    before = reader.snapshot(reader.connector.resolve(base))
    after = reader.snapshot(reader.connector.resolve(head))
    changes = detect(before, after)
    tx.trace(reader.site.name, changes.lineage)
    kinds = (ChangeKind.ADDED, ChangeKind.EDITED, ChangeKind.MOVED, ChangeKind.EDITED_AND_MOVED)
    changed = {change.unit.id: change.kind for change in changes.of(*kinds)}
    touched = [resource for path, resource in after.resources.items() if any(path == unit[0] for unit in changed)]
    locales = {}
    sides = {resource.path: neighbours(resource.units) for resource in touched}
    for locale in reader.site.locales:
        known = background(tx, reader.site, locale, touched, {}, ())
        served = [
            (resource.by_key[entry.key], entry)
            for resource in touched
            for entry in decide(reader, locale, resource, "", known).served
            if resource.by_key[entry.key].id in changed
        ]
        asked = [Asked(unit.source, unit.resource, unit.key, *sides[unit.resource][unit.key]) for unit, _ in served]
        tallies = {kind.value: (0, 0) for kind in MatchClass}
        for (unit, entry), best in zip(served, leverage(library, reader.site, locale, asked), strict=True):
            name = _SERVED_AS.get(entry.rule, best.kind).value
            tallies[name] = tallies[name][0] + 1, tallies[name][1] + words(unit.source)
        locales[locale] = tallies
    return Estimate(changes, locales)


def priced(found: Estimate, rates: Mapping[Locale, PaidRates]) -> Estimate:
    """With what translators are paid, who do not get what is served at once."""
    costs = {}
    for locale, classes in found.locales.items():
        paid = rates[locale]
        weighted = paid.weight({kind: classes[kind.value][1] for kind in MatchClass if kind not in _SERVED_AS.values()})
        costs[locale] = Cost(weighted, weighted * paid.price, paid.currency)
    return replace(found, costs=costs)


# What readers would be served at once counts as what it is served by.
_SERVED_AS = {Rule.CURRENT: MatchClass.CONTEXT, Rule.MEMORY: MatchClass.EXACT}
