"""Packages: what was handed off, what came back, and the receipts that were given."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date

from sqlalchemy import RowMapping, and_, func, literal, or_, select, true

from tm_service.database.rows import chunks
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import NotFound
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import OPEN, Outcome, Package, PackageStatus, PackageUnit, Receipt
from tm_service.domain.permissions import Place
from tm_service.domain.text import words
from tm_service.domain.units import Locale
from tm_service.storage.behind import BehindUnits
from tm_service.storage.deployments import Deployments
from tm_service.storage.register import figures_of
from tm_service.storage.rows import dump, dump_key, load_findings, load_key
from tm_service.storage.tables import (
    deployment,
    lacking,
    package,
    package_file,
    package_unit,
    receipt,
    site_state,
    unclaimed,
)

_DETAILS = ("repaired", "proposals", "answered", "questions", "recognised", "corrections", "page")


class Packages(Deployments, BehindUnits):
    def next_package(self, site: str, count: int = 1) -> int:
        made = select(func.coalesce(func.max(package.c.number), 0)).where(package.c.site == site)
        given = select(func.coalesce(func.max(site_state.c.numbered), 0)).where(site_state.c.site == site)
        last = max(int(self.connection.execute(query).scalar_one()) for query in (made, given))
        statement = self.insert(site_state).values(site=site, learned="", numbered=last + count)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=["site"], set_={"numbered": last + count})
        )
        return last + 1

    def save_package(self, entry: Package) -> None:
        row = {
            "id": entry.id,
            "site": entry.site,
            "number": entry.number,
            "locale": entry.locale,
            "source_locale": entry.source_locale,
            "code": entry.code,
            "revision": entry.revision,
            "created": entry.created,
            "due": entry.due.isoformat() if entry.due else "",
            "status": entry.status.value,
            "profile": entry.profile,
            "version": entry.version,
        }
        statement = self.insert(package).values(row)
        changed = {name: row[name] for name in ("status", "due", "profile", "version")}
        self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))
        rows = [_unit_row(entry.id, position, unit) for position, unit in enumerate(entry.units)]
        for chunk in chunks(rows, 2000):
            units = self.insert(package_unit)
            changed = {"done": units.excluded.done, "attention": units.excluded.attention}
            self.connection.execute(units.on_conflict_do_update(index_elements=["package", "id"], set_=changed), chunk)
        self.count_package(entry)

    def package(self, package_id: str) -> Package:
        return replace(self.package_head(package_id), units=tuple(self._units([package_id])[package_id]))

    def package_head(self, package_id: str) -> Package:
        row = self.connection.execute(select(package).where(package.c.id == package_id)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"There is no package {package_id}.")
        return package_of(row)

    def packages(
        self, site: str, *, open_only: bool = False, locales: Collection[Locale] | None = None
    ) -> Sequence[Package]:
        query = select(package).where(package.c.site == site).order_by(package.c.number.desc())
        if locales is not None:
            query = query.where(package.c.locale.in_(locales))
        if open_only:
            query = query.where(package.c.status.in_([status.value for status in OPEN]))
        rows = self.connection.execute(query).mappings().all()
        units = self._units([row["id"] for row in rows])
        return [package_of(row, units[row["id"]]) for row in rows]

    def package_places(self, site: str) -> Sequence[tuple[str, Locale, PackageStatus]]:
        query = select(package.c.id, package.c.locale, package.c.status).where(package.c.site == site)
        rows = self.connection.execute(query.order_by(package.c.number.desc()))
        return [(row.id, row.locale, PackageStatus(row.status)) for row in rows]

    def _units(self, package_ids: Sequence[str]) -> Mapping[str, Sequence[PackageUnit]]:
        found: dict[str, list[PackageUnit]] = defaultdict(list)
        for chunk in chunks(package_ids, 400):
            query = select(package_unit).where(package_unit.c.package.in_(chunk)).order_by(package_unit.c.position)
            for row in self.connection.execute(query).mappings():
                found[row["package"]].append(unit_of(row))
        return found

    def out(self, site: str) -> Sequence[tuple[Locale, str, str]]:
        waiting = (
            (lacking.c.site == package.c.site)
            & (lacking.c.locale == package.c.locale)
            & (lacking.c.resource == package_unit.c.resource)
            & (lacking.c.fingerprint == package_unit.c.fingerprint)
        )
        query = (
            select(package.c.locale, package_unit.c.resource, package_unit.c.source)
            .join(package_unit, package_unit.c.package == package.c.id)
            .join(lacking, waiting)
            .where(package.c.site == site, package.c.status.in_([status.value for status in OPEN]))
            .where(package_unit.c.done.is_(False), package_unit.c.locked.is_(False))
        )
        return [(locale, resource, source) for locale, resource, source in self.connection.execute(query)]

    def keep_file(self, package_id: str, name: str, content: bytes) -> None:
        (digest,) = self.put_blobs([content])
        statement = self.insert(package_file).values(package=package_id, name=name, digest=digest)
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=["package"], set_={"name": name, "digest": digest})
        )

    def revisions(self) -> Collection[str]:
        named = (
            deployment.c.revision,
            deployment.c.commit,
            package.c.revision,
            site_state.c.learned,
            unclaimed.c.revision,
        )
        return {
            name for column in named for name in self.connection.execute(select(column).distinct()).scalars() if name
        }

    def files(self) -> Sequence[tuple[str, str]]:
        query = select(package_file.c.package, package_file.c.name).order_by(package_file.c.package)
        return [(row.package, row.name) for row in self.connection.execute(query)]

    def file(self, package_id: str) -> tuple[str, bytes]:
        query = select(package_file.c.name, package_file.c.digest).where(package_file.c.package == package_id)
        row = self.connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"There is no file of package {package_id}.")
        return row.name, self.blobs([row.digest])[row.digest]

    def receipt(self, digest: str) -> Receipt | None:
        row = self.connection.execute(select(receipt).where(receipt.c.digest == digest)).mappings().one_or_none()
        return _receipt(row) if row else None

    def receipts(self, content: str) -> Sequence[Receipt]:
        query = (
            select(receipt).where(receipt.c.content == content).order_by(receipt.c.digest != content, receipt.c.package)
        )
        return [_receipt(row) for row in self.connection.execute(query).mappings()]

    def receipts_of(self, site: str) -> Sequence[tuple[Locale, Receipt]]:
        light = [column for column in receipt.c if column is not receipt.c.findings]
        query = select(*light, literal("[]").label("findings"), package.c.locale).join(
            package, package.c.id == receipt.c.package
        )
        query = query.where(receipt.c.site == site).order_by(receipt.c.at.desc(), receipt.c.digest)
        return [(row["locale"], _receipt(row)) for row in self.connection.execute(query).mappings()]

    def newest_receipts(self, places: Collection[Place], most: int) -> Sequence[Receipt]:
        if not places:
            return []
        light = [column for column in receipt.c if column is not receipt.c.findings]
        mine = or_(
            *(
                and_(receipt.c.site == site if site else true(), package.c.locale == locale if locale else true())
                for site, locale in places
            )
        )
        query = select(*light, literal("[]").label("findings")).join(package, package.c.id == receipt.c.package)
        query = query.where(mine).order_by(receipt.c.at.desc(), receipt.c.digest).limit(most)
        return [_receipt(row) for row in self.connection.execute(query).mappings()]

    def save_receipt(self, site: str, entry: Receipt, content: bytes) -> None:
        (kept,) = self.put_blobs([content])
        row = {
            "digest": entry.digest,
            "site": site,
            "package": entry.package,
            "content": kept,
            "outcome": entry.outcome.value,
            "accepted": entry.accepted,
            "quarantined": dump(entry.quarantined),
            "open": entry.open,
            "findings": dump([asdict(finding) for finding in entry.findings]),
            "at": entry.at,
            "details": dump({name: getattr(entry, name) for name in _DETAILS}),
            "counted": figures_of(entry),
        }
        self.connection.execute(receipt.insert(), row)


def package_of(row: RowMapping, units: Sequence[PackageUnit] = ()) -> Package:
    """A package as its row says it, with these units."""
    return Package(
        site=row["site"],
        number=row["number"],
        locale=row["locale"],
        source_locale=row["source_locale"],
        code=row["code"],
        revision=row["revision"],
        created=row["created"],
        units=tuple(units),
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        status=PackageStatus(row["status"]),
        profile=row["profile"],
        version=row["version"],
    )


def _unit_row(package_id: str, position: int, unit: PackageUnit) -> dict[str, object]:
    return {
        "package": package_id,
        "id": unit.id,
        "position": position,
        "resource": unit.resource,
        "key": dump_key(unit.key),
        "source": unit.source,
        "fingerprint": unit.fingerprint,
        "base": unit.base,
        "previous_source": unit.previous_source,
        "previous_target": unit.previous_target,
        "edit": unit.edit.value if unit.edit else "",
        "previous": unit.previous,
        "following": unit.following,
        "match": unit.match.value,
        "percent": unit.percent,
        "done": unit.done,
        "offered": unit.offered,
        "attention": unit.attention,
        "locked": unit.locked,
        "note": unit.note,
        "limit": unit.limit,
        "words": words(unit.source),
    }


def unit_of(row: RowMapping) -> PackageUnit:
    return PackageUnit(
        id=row["id"],
        resource=row["resource"],
        key=load_key(row["key"]),
        source=row["source"],
        fingerprint=row["fingerprint"],
        base=row["base"],
        previous_source=row["previous_source"],
        previous_target=row["previous_target"],
        edit=EditClass(row["edit"]) if row["edit"] else None,
        previous=row["previous"],
        following=row["following"],
        match=MatchClass(row["match"]),
        percent=row["percent"],
        done=row["done"],
        offered=row["offered"],
        attention=row["attention"],
        locked=row["locked"],
        note=row["note"],
        limit=row["limit"],
    )


def _receipt(row: RowMapping) -> Receipt:
    details = json.loads(row["details"])
    return Receipt(
        outcome=Outcome(row["outcome"]),
        package=row["package"],
        digest=row["digest"],
        accepted=row["accepted"],
        quarantined=tuple(json.loads(row["quarantined"])),
        open=row["open"],
        findings=load_findings(row["findings"]),
        at=row["at"],
        repaired=tuple(details.get("repaired", ())),
        proposals=tuple(details.get("proposals", ())),
        answered=tuple(details.get("answered", ())),
        questions=details.get("questions", 0),
        recognised=tuple((how, count) for how, count in details.get("recognised", ())),
        corrections=details.get("corrections", ""),
        page=details.get("page", ""),
    )
