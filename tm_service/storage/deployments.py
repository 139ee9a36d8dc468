"""Deployments: what was served when, kept by content, so that a rollback is a pointer and a page costs one row."""

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping, Select, and_, delete, not_, or_, select, update

from tm_service.database.rows import Rows, chunks
from tm_service.domain.deployments import Alarm, Coverage, Deployment, PageRef, PageSpan, Tally
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.sentences import NO_DEPLOYMENT, NUMBER_TAKEN
from tm_service.domain.units import Locale
from tm_service.storage.behind import among
from tm_service.storage.rows import dump, load_findings
from tm_service.storage.tables import TODAY, alarm, blob, deployment, lacking, page

PageId = tuple[Locale, str]  # locale and resource

_WRITTEN = frozenset({"coverage", "findings", "waiting"})  # columns that are JSON


class Deployments(Rows):
    def latest(self, site: str) -> Deployment | None:
        query = select(deployment).where(deployment.c.site == site).order_by(deployment.c.number.desc()).limit(1)
        return next(iter(self._deployments(query)), None)

    def deployment(self, site: str, number: int) -> Deployment:
        query = select(deployment).where(deployment.c.site == site, deployment.c.number == number)
        found = self._deployments(query)
        if not found:
            raise NotFound(NO_DEPLOYMENT.say(site=site, number=number, site_again=site))
        return found[0]

    def deployments(
        self, site: str, *, before: int = 0, most: int | None = None, only: Collection[int] | None = None
    ) -> Sequence[Deployment]:
        query = select(deployment).where(deployment.c.site == site).order_by(deployment.c.number.desc()).limit(most)
        if only is not None:
            parts = chunks(sorted(set(only), reverse=True), 400)
            return [one for part in parts for one in self._deployments(query.where(deployment.c.number.in_(part)))]
        return self._deployments(query.where(deployment.c.number < before) if before else query)

    def pages(
        self,
        site: str,
        number: int,
        only: Iterable[PageId] | None = None,
        *,
        incomplete: bool = False,
        locale: Locale = "",
    ) -> Sequence[PageRef]:
        query = select(page).where(page.c.site == site, page.c.first <= number, page.c.until > number)
        if incomplete:
            query = query.where(page.c.complete.is_(False))
        if locale:
            query = query.where(page.c.locale == locale)
        queries = [query]
        if only is not None:
            queries = [query.where(here) for here in among(page, only)]
        found = [_page_ref(row) for query in queries for row in self.connection.execute(query).mappings()]
        # Sorted here: databases order letters by collations of their own.
        return sorted(found, key=lambda ref: (ref.locale, ref.resource))

    def pages_between(self, site: str, before: int, now: int) -> Sequence[tuple[PageId, str, str]]:
        served = [and_(page.c.first <= number, page.c.until > number) for number in (before, now)]
        columns = (page.c.locale, page.c.resource, page.c.page, page.c.first, page.c.until)
        query = select(*columns).where(page.c.site == site, or_(*served), not_(and_(*served)))
        digests: dict[PageId, list[str]] = defaultdict(lambda: ["", ""])
        for row in self.connection.execute(query):
            digests[row.locale, row.resource][0 if row.first <= before < row.until else 1] = row.page
        return [(where, was, new) for where, (was, new) in sorted(digests.items()) if was != new]

    def page_spans(
        self, site: str, pages: Iterable[PageId], since: int, to: int
    ) -> Mapping[PageId, Sequence[PageSpan]]:
        columns = (page.c.locale, page.c.resource, page.c.first, page.c.until, page.c.page)
        query = select(*columns).where(page.c.site == site, page.c.first <= to, page.c.until > since)
        found: dict[PageId, list[PageSpan]] = defaultdict(list)
        for here in among(page, pages):
            for row in self.connection.execute(query.where(here).order_by(page.c.first.desc())):
                last = min(row.until - 1, to)
                found[row.locale, row.resource].append(PageSpan(max(row.first, since), last, row.page))
        return found

    def save_deployment(
        self,
        entry: Deployment,
        changed: Sequence[PageRef],
        gone: Sequence[PageId],
        lacks: Mapping[PageId, frozenset[str]],
    ) -> None:
        newest = self.latest(entry.site)
        if entry.number != (newest.number if newest else 0) + 1:
            raise Conflict(NUMBER_TAKEN.say(site=entry.site))
        self.connection.execute(deployment.insert(), _deployment_row(entry))
        replaced = {(ref.locale, ref.resource) for ref in changed} | set(gone)
        self._close(entry, replaced)
        if changed:
            self.connection.execute(page.insert(), [_page_row(entry, ref) for ref in changed])
        self._note_lacks(entry.site, replaced, lacks)
        if entry.alarms:
            self.connection.execute(alarm.insert(), [asdict(found) for found in entry.alarms])

    def _close(self, entry: Deployment, replaced: Iterable[PageId]) -> None:
        for here in among(page, replaced):
            open_pages = and_(page.c.site == entry.site, page.c.until == TODAY, here)
            self.connection.execute(update(page).where(open_pages).values(until=entry.number))

    def _note_lacks(self, site: str, replaced: AbstractSet[PageId], lacks: Mapping[PageId, frozenset[str]]) -> None:
        for here in among(lacking, replaced | lacks.keys()):
            self.connection.execute(delete(lacking).where(lacking.c.site == site, here))
        rows = [
            {"site": site, "locale": locale, "resource": resource, "fingerprint": fingerprint}
            for (locale, resource), fingerprints in lacks.items()
            for fingerprint in sorted(fingerprints)
        ]
        if rows:
            self.connection.execute(lacking.insert(), rows)

    def is_catalog(self, site: str, digest: str) -> bool:
        query = select(page.c.first).where(page.c.site == site, page.c.catalog == digest).limit(1)
        return self.connection.execute(query).first() is not None

    def set_commit(self, site: str, number: int, commit: str) -> None:
        here = and_(deployment.c.site == site, deployment.c.number == number)
        self.connection.execute(update(deployment).where(here).values(commit=commit))

    def put_blobs(self, contents: Iterable[bytes]) -> Sequence[str]:
        entries = [(sha256(content).hexdigest(), content) for content in contents]
        packed = dict(entries)
        for chunk in chunks(sorted(packed), 400):
            known = set(self.connection.execute(select(blob.c.digest).where(blob.c.digest.in_(chunk))).scalars())
            rows = [
                {"digest": digest, "content": zlib.compress(packed[digest], 3)}
                for digest in chunk
                if digest not in known
            ]
            if rows:
                self.connection.execute(self.insert(blob).on_conflict_do_nothing(), rows)
        return [digest for digest, _ in entries]

    def blobs(self, digests: Iterable[str]) -> Mapping[str, bytes]:
        wanted, found = sorted(set(digests)), dict[str, bytes]()
        for chunk in chunks(wanted, 400):
            query = select(blob.c.digest, blob.c.content).where(blob.c.digest.in_(chunk))
            found |= {digest: zlib.decompress(content) for digest, content in self.connection.execute(query)}
        if missing := [digest for digest in wanted if digest not in found]:
            raise NotFound(f"The store has lost content {missing[0]}; restore it from a backup.")
        return found

    def _deployments(self, query: Select[Any]) -> Sequence[Deployment]:
        rows = self.connection.execute(query).mappings().all()
        alarms: dict[int, list[Alarm]] = defaultdict(list)
        for chunk in chunks([row["number"] for row in rows], 400):
            here = and_(alarm.c.site == rows[0]["site"], alarm.c.deployment.in_(chunk))
            for found in self.connection.execute(select(alarm).where(here).order_by(alarm.c.number)):
                alarms[found.deployment].append(
                    Alarm(found.site, found.deployment, found.locale, found.lost, found.message)
                )
        return [_deployment(row, alarms[row["number"]]) for row in rows]


def _deployment(row: RowMapping, alarms: Iterable[Alarm]) -> Deployment:
    fields: dict[str, Any] = dict(row)
    fields["coverage"] = {locale: _coverage(entry) for locale, entry in json.loads(row["coverage"]).items()}
    fields["findings"] = load_findings(row["findings"])
    fields["waiting"] = tuple(json.loads(row["waiting"]))
    return Deployment(**fields, alarms=tuple(alarms))


def _deployment_row(entry: Deployment) -> dict[str, object]:
    row = {name: getattr(entry, name) for name in deployment.c.keys() if name not in _WRITTEN}  # noqa: SIM118 - a column collection is no dict
    return row | {
        "coverage": dump({locale: asdict(found) for locale, found in entry.coverage.items()}),
        "findings": dump([asdict(finding) for finding in entry.findings]),
        "waiting": dump(entry.waiting),
    }


def _page_row(entry: Deployment, ref: PageRef) -> dict[str, object]:
    return {
        "site": entry.site,
        "locale": ref.locale,
        "resource": ref.resource,
        "first": entry.number,
        "until": TODAY,
        "path": ref.path,
        "page": ref.page,
        "catalog": ref.catalog,
        "coverage": dump(asdict(ref.coverage)),
        "complete": ref.complete,
    }


def _page_ref(row: RowMapping) -> PageRef:
    return PageRef(
        locale=row["locale"],
        resource=row["resource"],
        path=row["path"],
        page=row["page"],
        catalog=row["catalog"],
        coverage=_coverage(json.loads(row["coverage"])),
        complete=row["complete"],
    )


def _coverage(entry: Mapping[str, Mapping[str, int]]) -> Coverage:
    return Coverage(Tally(**entry["units"]), Tally(**entry["words"]))
