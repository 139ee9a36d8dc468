"""Register: figures of packages, returns, alarms and served pages, and the alarms that people acknowledged."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, select

from tm_service.database.rows import Rows, chunks
from tm_service.domain.errors import Conflict
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import PackageStatus
from tm_service.domain.register import (
    Acknowledgement,
    CountedReturn,
    PageVersion,
    RaisedAlarm,
    SentUnit,
    WeighedPackage,
)
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.domain.text import words
from tm_service.domain.units import Locale
from tm_service.storage.register_tables import acknowledgement
from tm_service.storage.tables import alarm, deployment, lacking, package, package_unit, page, receipt, translation

_AT_ONCE = 400


class Register(Rows):
    def page_versions(self, site: str, pages: Iterable[tuple[Locale, str]]) -> Sequence[PageVersion]:
        query = select(page.c.locale, page.c.resource, page.c.first, page.c.until, page.c.page).where(
            page.c.site == site
        )
        rows = (row for here in _among(pages) for row in self.connection.execute(query.where(here)))
        return sorted((PageVersion(*row) for row in rows), key=lambda one: (one.locale, one.resource, one.first))

    def sent_units(self, site: str) -> Sequence[SentUnit]:
        wanted = (
            (lacking.c.site == package.c.site)
            & (lacking.c.locale == package.c.locale)
            & (lacking.c.resource == package_unit.c.resource)
            & (lacking.c.fingerprint == package_unit.c.fingerprint)
        )
        query = (
            select(
                package.c.locale,
                package_unit.c.resource,
                package_unit.c.fingerprint,
                package.c.status,
                package_unit.c.done,
                package_unit.c.attention,
            )
            .join(package_unit, package_unit.c.package == package.c.id)
            .join(lacking, wanted)
            .where(package.c.site == site, package_unit.c.locked.is_(False))
            .order_by(package.c.number)
        )
        return [
            SentUnit(locale, resource, fingerprint, PackageStatus(status), done, attention)
            for locale, resource, fingerprint, status, done, attention in self.connection.execute(query)
        ]

    def weighed_packages(self, site: str) -> Sequence[WeighedPackage]:
        rows = self.connection.execute(
            select(package).where(package.c.site == site).order_by(package.c.number.desc())
        ).mappings()
        heads = {row["id"]: row for row in rows}
        weights = {name: _Weight() for name in heads}
        counted = cache(words)  # each language has the same sources
        for some in chunks(list(heads), _AT_ONCE):
            query = select(
                package_unit.c.package,
                package_unit.c.match,
                package_unit.c.done,
                package_unit.c.attention,
                package_unit.c.source,
            ).where(package_unit.c.package.in_(some), package_unit.c.locked.is_(False))
            for name, match, done, attention, source in self.connection.execute(query):
                weights[name].add(match, counted(source), done=done, attention=attention)
        return [weights[name].of(row) for name, row in heads.items()]

    def returned_words(
        self, site: str, source: Locale, since: datetime
    ) -> Mapping[Locale, Sequence[tuple[datetime, int]]]:
        """Read from the last deployment before that moment on: numbers rise with time, and have an index."""
        known = select(func.max(deployment.c.sequence)).where(deployment.c.site == site, deployment.c.at <= since)
        query = (
            select(
                translation.c.locale,
                translation.c.resource,
                translation.c.key,
                translation.c.fingerprint,
                translation.c.source,
                translation.c.at,
            )
            .where(translation.c.site == site, translation.c.source_locale == source, translation.c.at > since)
            .where(translation.c.number > (self.connection.scalar(known) or 0))
            .where(translation.c.origin == Origin.PACKAGE.value, translation.c.state != State.PROPOSAL.value)
            .order_by(translation.c.number)
        )
        found: dict[Locale, list[tuple[datetime, int]]] = defaultdict(list)
        seen: set[tuple[str, ...]] = set()
        for locale, resource, key, fingerprint, text, at in self.connection.execute(query):
            unit = locale, resource, key, fingerprint
            if unit not in seen:  # a correction is not the same work again
                seen.add(unit)
                found[locale].append((at, words(text)))
        return found

    def counted_returns(self, site: str) -> Sequence[CountedReturn]:
        query = (
            select(receipt, package.c.locale, package.c.due)
            .join(package, package.c.id == receipt.c.package)
            .where(receipt.c.site == site)
            .order_by(receipt.c.at.desc(), receipt.c.digest)
        )
        return [_counted(row) for row in self.connection.execute(query).mappings()]

    def raised_alarms(self, site: str) -> Sequence[RaisedAlarm]:
        query = (
            select(alarm.c.number, alarm.c.deployment, deployment.c.at, alarm.c.locale, alarm.c.lost, alarm.c.message)
            .join(deployment, and_(deployment.c.site == alarm.c.site, deployment.c.number == alarm.c.deployment))
            .where(alarm.c.site == site)
            .order_by(alarm.c.number.desc())
        )
        return [RaisedAlarm(*row) for row in self.connection.execute(query)]

    def acknowledge(self, entry: Acknowledgement) -> None:
        row = {name: getattr(entry, name) for name in acknowledgement.c.keys()}  # noqa: SIM118 - a column collection is no dict
        kept = self.insert(acknowledgement).values(row).on_conflict_do_nothing().returning(acknowledgement.c.alarm)
        if self.connection.execute(kept).first() is None:
            raise Conflict("Somebody acknowledged this alarm meanwhile; look at it again.")

    def acknowledgements(self, site: str) -> Mapping[str, Acknowledgement]:
        rows = self.connection.execute(select(acknowledgement).where(acknowledgement.c.site == site)).mappings()
        return {row["alarm"]: Acknowledgement(**row) for row in rows}


class _Weight:
    """Figures of one package while they are counted."""

    def __init__(self) -> None:
        self.units: Counter[MatchClass] = Counter()
        self.words: Counter[MatchClass] = Counter()
        self.open = self.open_words = self.attention = 0

    def add(self, match: str, weight: int, *, done: bool, attention: bool) -> None:
        kind = _CLASSES[match]
        self.units[kind] += 1
        self.words[kind] += weight
        if not done:
            self.open += 1
            self.open_words += weight
            self.attention += attention

    def of(self, row: RowMapping) -> WeighedPackage:
        return WeighedPackage(
            id=row["id"],
            locale=row["locale"],
            created=row["created"],
            due=date.fromisoformat(row["due"]) if row["due"] else None,
            status=PackageStatus(row["status"]),
            units=self.units,
            words=self.words,
            open=self.open,
            open_words=self.open_words,
            attention=self.attention,
        )


_CLASSES = {kind.value: kind for kind in MatchClass}


def _counted(row: RowMapping) -> CountedReturn:
    findings = Counter((found["check"], found["severity"]) for found in json.loads(row["findings"]))
    details: dict[str, Any] = json.loads(row["details"])
    return CountedReturn(
        package=row["package"],
        locale=row["locale"],
        at=row["at"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        accepted=row["accepted"],
        quarantined=len(json.loads(row["quarantined"])),
        repaired=len(details.get("repaired", ())),
        findings=findings,
    )


def _among(pages: Iterable[tuple[Locale, str]]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together name these pages; by locale, for SQLite uses no index for pairs."""
    for locale, ids in groupby(sorted(set(pages)), key=itemgetter(0)):
        for some in chunks([resource for _, resource in ids], _AT_ONCE):
            yield and_(page.c.locale == locale, page.c.resource.in_(some))
