"""Deployments: what was served when, kept by content, so that a rollback is a pointer and a page costs one row."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping, and_, delete, or_, select, tuple_, update

from tm_service.domain.deployments import Alarm, Coverage, Deployment, PageRef, Tally
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.units import Locale
from tm_service.storage.rows import Rows, chunks
from tm_service.storage.tables import alarm, blob, deployment, lacking, page


class Deployments(Rows):
    def latest(self, site: str) -> Deployment | None:
        query = select(deployment).where(deployment.c.site == site).order_by(deployment.c.number.desc()).limit(1)
        row = self.connection.execute(query).mappings().one_or_none()
        return self._deployment(row) if row else None

    def deployment(self, site: str, number: int) -> Deployment:
        query = select(deployment).where(deployment.c.site == site, deployment.c.number == number)
        row = self.connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(f"Site {site} has no deployment {number}; `tm-service coverage {site}` names the latest.")
        return self._deployment(row)

    def deployments(self, site: str) -> Sequence[Deployment]:
        query = select(deployment).where(deployment.c.site == site).order_by(deployment.c.number.desc())
        return [self._deployment(row) for row in self.connection.execute(query).mappings()]

    def pages(
        self, site: str, number: int, only: Iterable[tuple[Locale, str]] | None = None, *, incomplete: bool = False
    ) -> Sequence[PageRef]:
        served = and_(page.c.site == site, page.c.first <= number, or_(page.c.until.is_(None), page.c.until > number))
        query = select(page).where(served).order_by(page.c.locale, page.c.resource)
        if incomplete:
            query = query.where(page.c.complete.is_(False))
        if only is None:
            return [_page_ref(row) for row in self.connection.execute(query).mappings()]
        wanted = sorted(set(only))
        found = []
        for chunk in chunks(wanted, 300):
            narrowed = query.where(tuple_(page.c.locale, page.c.resource).in_(chunk))
            found += [_page_ref(row) for row in self.connection.execute(narrowed).mappings()]
        return found

    def save_deployment(
        self,
        entry: Deployment,
        changed: Sequence[PageRef],
        gone: Sequence[tuple[Locale, str]],
        lacks: Mapping[tuple[Locale, str], frozenset[str]],
    ) -> None:
        newest = self.latest(entry.site)
        if entry.number != (newest.number if newest else 0) + 1:
            raise Conflict(f"Site {entry.site} was deployed meanwhile; look at the newest deployment and try again.")
        self.connection.execute(deployment.insert(), _deployment_row(entry))
        replaced = sorted({(ref.locale, ref.resource) for ref in changed} | set(gone))
        self._close(entry, replaced)
        if changed:
            self.connection.execute(page.insert(), [_page_row(entry, ref) for ref in changed])
        rows = [
            {"site": entry.site, "locale": locale, "resource": resource, "fingerprint": fingerprint}
            for (locale, resource), fingerprints in lacks.items()
            for fingerprint in sorted(fingerprints)
        ]
        if rows:
            self.connection.execute(lacking.insert(), rows)
        if entry.alarms:
            self.connection.execute(alarm.insert(), [asdict(found) for found in entry.alarms])

    def _close(self, entry: Deployment, replaced: Sequence[tuple[Locale, str]]) -> None:
        for chunk in chunks(replaced, 300):
            here = tuple_(page.c.locale, page.c.resource).in_(chunk)
            open_pages = and_(page.c.site == entry.site, page.c.until.is_(None), here)
            self.connection.execute(update(page).where(open_pages).values(until=entry.number))
            there = tuple_(lacking.c.locale, lacking.c.resource).in_(chunk)
            self.connection.execute(delete(lacking).where(lacking.c.site == entry.site, there))

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

    def _deployment(self, row: RowMapping) -> Deployment:
        query = select(alarm).where(alarm.c.site == row["site"], alarm.c.deployment == row["number"])
        alarms = tuple(
            Alarm(found.site, found.deployment, found.locale, found.lost, found.message)
            for found in self.connection.execute(query.order_by(alarm.c.number))
        )
        fields: dict[str, Any] = dict(row)
        fields["coverage"] = {locale: _coverage(entry) for locale, entry in json.loads(row["coverage"]).items()}
        return Deployment(**fields, alarms=alarms)


def _deployment_row(entry: Deployment) -> dict[str, object]:
    row = {name: getattr(entry, name) for name in deployment.c.keys() if name != "coverage"}  # noqa: SIM118 - a column collection is no dict
    return row | {"coverage": json.dumps({locale: asdict(found) for locale, found in entry.coverage.items()})}


def _page_row(entry: Deployment, ref: PageRef) -> dict[str, object]:
    return {
        "site": entry.site,
        "locale": ref.locale,
        "resource": ref.resource,
        "first": entry.number,
        "until": None,
        "path": ref.path,
        "page": ref.page,
        "catalog": ref.catalog,
        "coverage": json.dumps(asdict(ref.coverage)),
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
