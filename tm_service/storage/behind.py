"""Behind: the units that readers do not see translated from their present source, kept with each deployment and package."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, bindparam, case, delete, func, select, update

from tm_service.database.rows import Rows, chunks
from tm_service.domain.packages import Package, PackageStatus
from tm_service.domain.register import BehindUnit, Cause, SentUnit, cause
from tm_service.domain.units import Locale
from tm_service.storage.register_tables import behind, behind_state
from tm_service.storage.rows import dump_key, load_key
from tm_service.storage.tables import deployment, package, package_unit

Pages = Iterable[tuple[Locale, str]]
_AT_ONCE = 400  # resources that a statement names
_WRITTEN = 5000  # rows that a statement writes
_COLUMNS = tuple(behind.c[name] for name in ("locale", "resource", "key", "since", "rule", "fingerprint", "cause"))


class BehindUnits(Rows):
    def counted_to(self, site: str) -> int:
        query = select(behind_state.c.deployment).where(behind_state.c.site == site)
        return self.connection.execute(query).scalar_one_or_none() or 0

    def behind_units(self, site: str, pages: Pages | None = None) -> Sequence[BehindUnit]:
        query = select(*_COLUMNS).where(behind.c.site == site)
        queries = [query] if pages is None else [query.where(here) for here in among(behind, pages)]
        return [_unit(row) for query in queries for row in self.connection.execute(query)]

    def keep_behind(self, site: str, number: int, pages: Pages | None, units: Iterable[BehindUnit]) -> None:
        for here in [behind.c.site == site] if pages is None else among(behind, pages):
            self.connection.execute(delete(behind).where(behind.c.site == site, here))
        for chunk in chunks([_row(site, unit) for unit in units], _WRITTEN):
            self.connection.execute(behind.insert(), chunk)
        kept = self.insert(behind_state).values(site=site, deployment=number)
        self.connection.execute(kept.on_conflict_do_update(index_elements=["site"], set_={"deployment": number}))

    def sent_units(self, site: str, pages: Pages | None = None) -> Mapping[tuple[Locale, str, str], SentUnit]:
        columns = (package.c.locale, package_unit.c.resource, package_unit.c.fingerprint)
        query = (
            select(*columns, package.c.status, package_unit.c.done, package_unit.c.attention)
            .join(package_unit, package_unit.c.package == package.c.id)
            .where(package.c.site == site, package_unit.c.locked.is_(False))
            .order_by(package.c.number)
        )
        queries = [query]
        if pages is not None:
            queries = [
                query.where(package.c.locale == locale, package_unit.c.resource.in_(some))
                for locale, some in _by_locale(pages)
            ]
        return {
            (locale, resource, print_): SentUnit(locale, resource, print_, PackageStatus(status), done, attention)
            for query in queries
            for locale, resource, print_, status, done, attention in self.connection.execute(query)
        }

    def find_causes(self, site: str, pages: Pages) -> None:
        pages = list(pages)
        known = self.behind_units(site, pages)
        sent, waiting = (self.sent_units(site, pages), self._waiting(site)) if known else ({}, frozenset[str]())
        changed = [
            {"at_locale": one.locale, "at_resource": one.resource, "at_key": dump_key(one.key), "now": now.value}
            for one in known
            if (now := _cause(one, sent, waiting)) is not one.cause
        ]
        unit = and_(
            behind.c.site == site,
            *(behind.c[name] == bindparam(f"at_{name}") for name in ("locale", "resource", "key")),
        )
        for chunk in chunks(changed, _WRITTEN):
            self.connection.execute(update(behind).where(unit).values(cause=bindparam("now")), chunk)

    def count_package(self, entry: Package) -> None:
        """Find the causes of what a package has anew, and note as what the package they know."""
        self.find_causes(entry.site, {(entry.locale, unit.resource) for unit in entry.units if not unit.locked})
        self._stamp(package.c.id == entry.id)

    def know_packages(self, site: str) -> None:
        self._stamp(package.c.site == site)

    def _stamp(self, which: ColumnElement[bool]) -> None:
        """Older code changes packages and does not know of causes: by its stamp a package is known to be as it was."""
        open_, attention = func.count(package_unit.c.id), func.sum(case((package_unit.c.attention, 1), else_=0))
        here = and_(
            package_unit.c.package == package.c.id, package_unit.c.locked.is_(False), package_unit.c.done.is_(False)
        )
        query = select(package.c.id, package.c.status, open_, attention).outerjoin(package_unit, here).where(which)
        rows = self.connection.execute(query.group_by(package.c.id, package.c.status)).all()
        stamps = [{"at": name, "now": stamp(status, some, seen or 0)} for name, status, some, seen in rows]
        if stamps:
            marked = update(package).where(package.c.id == bindparam("at")).values(counted=bindparam("now"))
            self.connection.execute(marked, stamps)

    def _waiting(self, site: str) -> frozenset[str]:
        """Documents that wait for all languages."""
        query = select(deployment.c.waiting).where(deployment.c.site == site).order_by(deployment.c.number.desc())
        return frozenset(load_key(self.connection.execute(query.limit(1)).scalar_one_or_none() or "[]"))

    def behind_counts(self, site: str) -> Sequence[tuple[Locale, int, Cause, int]]:
        by = (behind.c.locale, behind.c.since, behind.c.cause)
        query = select(*by, func.count()).where(behind.c.site == site).group_by(*by)
        return [(locale, since, Cause(why), count) for locale, since, why, count in self.connection.execute(query)]

    def behind_longest(self, site: str, locale: Locale, most: int) -> Sequence[BehindUnit]:
        query = select(*_COLUMNS).where(behind.c.site == site, behind.c.locale == locale)
        query = query.order_by(behind.c.since, behind.c.resource, behind.c.key).limit(most)
        return [_unit(row) for row in self.connection.execute(query)]


def stamp(status: str, open_: int, attention: int) -> str:
    """What of a package changes: its status, its open units, and how many of them a person must look at."""
    return f"{status} {open_} {attention}"


def among(table: Table, pages: Pages) -> Iterator[ColumnElement[bool]]:
    """Conditions that together name these pages."""
    for locale, some in _by_locale(pages):
        yield and_(table.c.locale == locale, table.c.resource.in_(some))


def _by_locale(pages: Pages) -> Iterator[tuple[Locale, Sequence[str]]]:
    """By locale, for SQLite uses no index for pairs."""
    for locale, ids in groupby(sorted(set(pages)), key=itemgetter(0)):
        for some in chunks([resource for _, resource in ids], _AT_ONCE):
            yield locale, some


def _unit(row: Row[Any]) -> BehindUnit:
    return BehindUnit(
        row.locale, row.resource, load_key(row.key), row.since, row.rule, row.fingerprint, Cause(row.cause)
    )


def _row(site: str, unit: BehindUnit) -> dict[str, object]:
    return {
        "site": site,
        "locale": unit.locale,
        "resource": unit.resource,
        "key": dump_key(unit.key),
        "since": unit.since,
        "rule": unit.rule,
        "fingerprint": unit.fingerprint,
        "cause": unit.cause.value,
    }


def _cause(unit: BehindUnit, sent: Mapping[tuple[Locale, str, str], SentUnit], waiting: Collection[str]) -> Cause:
    found = sent.get((unit.locale, unit.resource, unit.fingerprint))
    return cause(unit.rule, found, is_held=unit.resource in waiting)
