"""Deploy: move what readers see, all of it at once; roll back by pointing back."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import cast

from tm_service.domain import reasons, sentences
from tm_service.domain.deployments import Alarm, Coverage, Deployment, PageRef
from tm_service.domain.errors import GateClosed, NotFound
from tm_service.domain.findings import Finding
from tm_service.domain.ports import Compiler, Extractor, Transaction
from tm_service.domain.serving import Page, Rule, Served, Stamp, Waiver
from tm_service.domain.site import ContentRule, Site
from tm_service.domain.units import Document, Key, Locale, Resource, Revision, Unit
from tm_service.usecases.learn import TRAILER
from tm_service.usecases.pages import PageId, dump_page, lacks, read_pages
from tm_service.usecases.plan import Plan, plan
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.register.behind import count_behind

ExtractorOf = Callable[[ContentRule], Extractor]

_NAMED = 5  # units a sentence names before it only counts


@dataclass(frozen=True)
class Deployed:
    """A deployment as it was made, with the catalogs that changed by path."""

    deployment: Deployment
    plan: Plan
    changed: Mapping[str, bytes]
    removed: tuple[str, ...]


def deploy(
    reader: SiteReader,
    tx: Transaction,
    ref: str,
    *,
    now: datetime,
    waivers: Collection[Waiver],
    lost: Sequence[Finding] = (),
    push: bool = False,
) -> Deployed:
    """Decide, refuse where readers would lose something, write six catalogs, move served (laws 1, 2, 10).

    `lost` are message files that the site does not import any more: alarms of this deployment. With `push` it will be carried
    into the site's repository.

    Raises GateClosed naming what is held or would revert; Conflict where the site or the store moved meanwhile.
    """
    made = plan(reader, tx, ref, now, waivers)
    refuse_losses(made)
    number = (made.last.number if made.last else 0) + 1
    deployment = Deployment(
        site=made.site.name,
        number=number,
        revision=made.revision.id,
        ref=ref or made.site.branch,
        branch=made.site.branch,
        at=_moment(reader, made, tx, now) if push and not made.site.is_record_store else now,
        coverage=made.coverage,
        sequence=made.sequence,
        settings=made.settings,
        alarms=(*alarms(made, number), *(Alarm(made.site.name, number, "", 0, found.message) for found in lost)),
        findings=made.findings,
        waiting=tuple(sorted({path for _, path in made.waiting})),
    )
    catalogs = render(reader, made, deployment.stamp)
    _save(tx, made, deployment, catalogs)
    changed = {made.pages[page_id].path: content for page_id, content in catalogs.items()}
    tx.note(made.site.name, "deploy", {"deployment": number, "revision": made.revision.id}, now)
    removed = tuple(sorted(made.refs[page_id].path for page_id in made.gone))
    return Deployed(deployment, made, changed, removed)


def _moment(reader: SiteReader, made: Plan, tx: Transaction, now: datetime) -> datetime:
    """When a deployment is made that is pushed: `now`, to the second, as commits tell the time.

    Where the answer to a push was lost, or the process ended after it, the branch stands at a deployment that the store does
    not know. Made again as of the same moment it has the same bytes, and so it is known for what it is and not pushed twice.
    """
    site, usual = made.site, now.replace(microsecond=0)
    try:
        tip = reader.connector.resolve(site.push_branch or site.branch)
    except NotFound:
        return usual
    known = tx.deployments(site.name)
    seen = {revision for one in known for revision in (one.revision, one.commit) if revision}
    newest = deque(reader.connector.history(tip.id, seen), 1)
    signed = f"{TRAILER} {site.name}/{known[0].number + 1 if known else 1}"
    if not newest or signed not in newest[0].message.splitlines():
        return usual
    went_on = any(True for _ in reader.connector.history(made.revision.id, [tip.id]))
    return usual if went_on else newest[0].revision.at


def refuse_losses(made: Plan) -> None:
    """Raise GateClosed where something is held or would turn to the source language."""
    losses = [*made.held, *made.reverts]
    if losses:
        named = [f"{locale} {unit} ({entry.why})" for locale, unit, entry in losses[:_NAMED]]
        more = f" and {len(losses) - _NAMED} more" if len(losses) > _NAMED else ""
        units = "1 unit" if len(losses) == 1 else f"{len(losses)} units"
        raise GateClosed(sentences.GATE_CLOSED.say(count=units, losses=f"{'; '.join(named)}{more}"))


def render(reader: SiteReader, made: Plan, stamp: Stamp) -> dict[PageId, bytes]:
    """The catalogs of the changed pages, a pure function of what they serve; languages that share a file have all of it."""
    catalogs: dict[PageId, bytes] = {}
    for _, group in groupby(sorted(made.pages.values(), key=_file), key=_file):
        pages = list(group)
        resource = made.resources[pages[0].resource]
        for page in pages:
            content = render_page(reader, resource, page, stamp)
            resource = replace(resource, document=Document(resource.path, content))
        catalogs |= {(page.locale, page.resource): resource.document.content for page in pages}
    return catalogs


def _file(page: Page) -> str:
    return page.path


def render_page(reader: SiteReader, resource: Resource, page: Page, stamp: Stamp) -> bytes:
    rule = reader.site.rule(resource.path)
    if rule is None:
        raise ValueError(f"No content rule matches {resource.path}.")
    code = reader.site.code(page.locale)
    return reader.extractor(rule).merge(resource, _spoken(resource, page), stamp, code)


def _spoken(resource: Resource, page: Page) -> dict[Key, Served]:
    """Everything the catalog says: the units as served, and codes that differ by locale."""
    spoken = {entry.key: entry for entry in page.served}
    for key, text in page.codes.items():
        unit: Unit = resource.by_key[key]
        spoken[key] = Served(key, text, Rule.CURRENT, unit.fingerprint, reasons.CODE.say())
    return spoken


def _save(tx: Transaction, made: Plan, deployment: Deployment, catalogs: Mapping[PageId, bytes]) -> None:
    ids = list(made.pages)
    page_digests = tx.put_blobs(dump_page(made.pages[page_id]) for page_id in ids)
    catalog_digests = tx.put_blobs(catalogs[page_id] for page_id in ids)
    refs = [
        PageRef(
            locale=page_id[0],
            resource=page_id[1],
            path=made.pages[page_id].path,
            page=page,
            catalog=catalog,
            coverage=made.page_coverages[page_id],
            complete=made.pages[page_id].complete,
        )
        for page_id, page, catalog in zip(ids, page_digests, catalog_digests, strict=True)
    ]
    tx.save_deployment(deployment, refs, made.gone, {page_id: lacks(page) for page_id, page in made.pages.items()})
    count_behind(tx, deployment)


def push_catalogs(reader: SiteReader, tx: Transaction, deployed: Deployed) -> Deployed:
    """Carry all catalogs of a deployment into the site's repository, within its transaction.

    Raises Conflict, ConnectorError.
    """
    site, made, deployment = deployed.plan.site, deployed.plan, deployed.deployment
    files = catalogs_of(tx, deployment, site, reader.extractor)
    branch = site.push_branch or site.branch
    after = _ours(reader, tx, branch, made.revision)
    commit = reader.connector.commit(
        made.revision, files, branch=branch, message=_message(deployment), at=deployment.at, push=True, after=after
    )
    tx.set_commit(site.name, deployment.number, commit.id)
    return replace(deployed, deployment=replace(deployment, commit=commit.id))


def _message(deployment: Deployment) -> str:
    number = deployment.number
    return f"Translations: deployment {number}\n\n{TRAILER} {deployment.site}/{number}\n"


def write_back(
    reader: SiteReader, entry: Deployment, files: Mapping[str, bytes]
) -> tuple[Deployment, tuple[Finding, ...]]:
    """Write the documents of a deployment back to their record store, outside any transaction: a store may take its time.

    What it does not take now differs from `files` still, and is written by the next deployment; findings say what and why.
    """
    known, onto = set(reader.connector.findings()), reader.connector.resolve(entry.revision)
    commit = reader.connector.commit(
        onto, files, branch=reader.site.branch, message=_message(entry), at=entry.at, push=True
    )
    said = tuple(found for found in reader.connector.findings() if found not in known)
    return replace(entry, commit=commit.id), said


def _ours(reader: SiteReader, tx: Transaction, branch: str, onto: Revision) -> str:
    """The commit a branch stands at, where all it has beyond `onto` is of our making; empty otherwise.

    Ours is what the store remembers, and what says so itself: a process that dies between the push and its end
    remembers nothing.
    """
    try:
        tip = reader.connector.resolve(branch)
    except NotFound:
        return ""
    known = {entry.commit for entry in tx.deployments(reader.site.name)}
    signed = f"{TRAILER} {reader.site.name}/"
    beyond = reader.connector.history(tip.id, [onto.id])
    return tip.id if tip.id in known or all(signed in commit.message for commit in beyond) else ""


def catalogs_of(tx: Transaction, deployment: Deployment, site: Site, extractor: ExtractorOf) -> dict[str, bytes]:
    """All catalogs of a deployment by path, exactly as they were deployed (law 2), and what runtimes load of them."""
    refs = tx.pages(deployment.site, deployment.number)
    contents = tx.blobs(ref.catalog for ref in refs)
    files = {ref.path: contents[ref.catalog] for ref in refs}
    for ref in refs:
        rule = site.rule(ref.resource)
        if rule is not None and rule.compiled:
            compiler = cast("Compiler", extractor(rule))  # the site's settings were vetted for it
            files[rule.compiled_path(ref.resource, ref.locale)] = compiler.compile(contents[ref.catalog])
    return files


def last_catalog(tx: Transaction, site: Site, path: str) -> bytes | None:
    """The catalog that readers have of a source whose languages share one file; None where it was never deployed."""
    last = tx.latest(site.name)
    refs = tx.pages(site.name, last.number, [(site.locales[0], path)]) if last else ()
    return next(iter(tx.blobs(ref.catalog for ref in refs).values()), None)


def alarms(made: Plan, number: int) -> tuple[Alarm, ...]:
    """Locales that lose more translated units than the site allows though their source text did not change."""
    allowed = {locale: made.site.alarm_at * found.units.units for locale, found in _last_coverage(made).items()}
    lost = _lost_by_locale(made.replaced, made.pages)
    return tuple(
        _alarm(made.site.name, number, locale, lost[locale])
        for locale in made.site.locales
        if lost[locale] > allowed.get(locale, 0)
    )


def _last_coverage(made: Plan) -> Mapping[Locale, Coverage]:
    return made.last.coverage if made.last else {}


def _lost_by_locale(before: Mapping[PageId, Page], after: Mapping[PageId, Page]) -> Counter[Locale]:
    lost: Counter[Locale] = Counter()
    for (locale, resource), page in before.items():
        lost[locale] += _lost(page, after.get((locale, resource)))
    return lost


def _lost(before: Page, after: Page | None) -> int:
    if after is None:
        return 0
    now = {entry.key: entry for entry in after.served}
    return sum(
        entry.translated
        and entry.key in now
        and not now[entry.key].translated
        and now[entry.key].source == entry.source
        for entry in before.served
    )


def _alarm(site: str, number: int, locale: Locale, lost: int) -> Alarm:
    units = "unit" if lost == 1 else "units"
    message = f"Coverage of {locale} fell by {lost} {units} in deployment {number} though their source had not changed."
    return Alarm(site, number, locale, lost, message)


def roll_back(tx: Transaction, site: str, number: int, now: datetime) -> Deployment:
    """Serve deployment `number` again, as a new deployment that points at the same content. Raises NotFound."""
    wanted, newest = tx.deployment(site, number), tx.latest(site)
    if newest is None or newest.number == number:
        return wanted
    then = {(ref.locale, ref.resource): ref for ref in tx.pages(site, number)}
    today = {(ref.locale, ref.resource): ref for ref in tx.pages(site, newest.number)}
    changed = [ref for page_id, ref in then.items() if today.get(page_id) != ref]
    gone = sorted(set(today) - set(then))
    restored = replace(wanted, number=newest.number + 1, at=now, restores=number, commit="")
    pages = read_pages(tx, changed)
    lost = _lost_by_locale(read_pages(tx, (today[page_id] for page_id in pages if page_id in today)), pages)
    fallen = (_alarm(site, restored.number, locale, lost[locale]) for locale in sorted(lost) if lost[locale])
    restored = replace(restored, alarms=tuple(fallen))
    tx.save_deployment(restored, changed, gone, {page_id: lacks(page) for page_id, page in pages.items()})
    count_behind(tx, restored)
    tx.note(site, "rollback", {"deployment": restored.number, "restores": number}, now)
    return restored
