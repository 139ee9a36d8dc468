"""Register: figures of packages, returns, alarms and served pages, and the alarms that people acknowledged."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, RowMapping, and_, delete, func, select

from tm_service.database.rows import Rows, chunks
from tm_service.domain.deployments import Coverage, Tally
from tm_service.domain.errors import Conflict
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import PackageStatus, Receipt
from tm_service.domain.register import (
    Acknowledgement,
    CountedReturn,
    PageVersion,
    PaidRates,
    RaisedAlarm,
    WeighedPackage,
)
from tm_service.domain.serving import Origin
from tm_service.domain.site import State
from tm_service.domain.text import words
from tm_service.domain.units import Locale
from tm_service.storage.behind import among, stamp
from tm_service.storage.register_tables import acknowledgement, paid_rate
from tm_service.storage.rows import dump
from tm_service.storage.tables import alarm, deployment, package, package_unit, page, receipt, translation

_AT_ONCE = 400
_FIGURES = frozenset({"digest", "package", "accepted", "at", "counted"})  # of a receipt


class Register(Rows):
    def page_versions(self, site: str, pages: Iterable[tuple[Locale, str]]) -> Sequence[PageVersion]:
        query = select(page.c.locale, page.c.resource, page.c.first, page.c.until, page.c.page).where(
            page.c.site == site
        )
        rows = (row for here in among(page, pages) for row in self.connection.execute(query.where(here)))
        return sorted((PageVersion(*row) for row in rows), key=lambda one: (one.locale, one.resource, one.first))

    def page_coverages(self, site: str, number: int) -> Mapping[Locale, Mapping[str, Coverage]]:
        query = select(page.c.locale, page.c.resource, page.c.coverage).where(
            page.c.site == site, page.c.first <= number, page.c.until > number
        )
        rows = self.connection.execute(query).all()
        found: dict[Locale, dict[str, Coverage]] = defaultdict(dict)
        for row, said in zip(
            rows, json.loads(f"[{','.join(row.coverage for row in rows)}]"), strict=True
        ):  # read at once
            found[row.locale][row.resource] = Coverage(Tally(**said["units"]), Tally(**said["words"]))
        return found

    def moments(self, site: str) -> Mapping[int, datetime]:
        query = select(deployment.c.number, deployment.c.at).where(deployment.c.site == site)
        return {row.number: row.at for row in self.connection.execute(query)}

    def weighed_packages(self, site: str) -> Sequence[WeighedPackage]:
        """Summed by the database, over an index that has all of it."""
        rows = self.connection.execute(
            select(package).where(package.c.site == site).order_by(package.c.number.desc())
        ).mappings()
        heads = {row["id"]: row for row in rows}
        weights = {name: _Weight() for name in heads}
        unit = package_unit.c
        by = (unit.package, unit.match, unit.done, unit.attention)
        mine = and_(unit.package.in_(select(package.c.id).where(package.c.site == site)), unit.locked.is_(False))
        sums = select(*by, func.count(), func.count(unit.words), func.sum(unit.words)).where(mine).group_by(*by)
        older = set[str]()
        for name, match, done, attention, units, weighed, weight in self.connection.execute(sums):
            weights[name].add(match, units, weight or 0, done=done, attention=attention)
            if weighed < units:
                older.add(name)
        self._weigh_older(older, weights)
        return [weights[name].of(row) for name, row in heads.items()]

    def _weigh_older(self, packages: Iterable[str], weights: Mapping[str, "_Weight"]) -> None:
        """Add the words of units that older code wrote, which did not count them."""
        unit = package_unit.c
        counted = cache(words)  # each language has the same sources
        for some in chunks(sorted(packages), _AT_ONCE):
            query = select(unit.package, unit.match, unit.done, unit.source).where(
                unit.package.in_(some), unit.locked.is_(False), unit.words.is_(None)
            )
            for name, match, done, source in self.connection.execute(query):
                weights[name].add(match, 0, counted(source), done=done, attention=False)

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
        receipts = [column for column in receipt.c if column.name in _FIGURES]
        query = (
            select(*receipts, package.c.locale, package.c.due)
            .join(package, package.c.id == receipt.c.package)
            .where(receipt.c.site == site)
            .order_by(receipt.c.at.desc(), receipt.c.digest)
        )
        rows = self.connection.execute(query).mappings().all()
        older = self._figures([row["digest"] for row in rows if row["counted"] is None])
        return [_counted(row, json.loads(row["counted"] or older[row["digest"]])) for row in rows]

    def _figures(self, digests: Sequence[str]) -> Mapping[str, str]:
        """Figures of receipts that older code wrote, of all that they say."""
        found: dict[str, str] = {}
        for some in chunks(digests, _AT_ONCE):
            query = select(receipt.c.digest, receipt.c.findings, receipt.c.quarantined, receipt.c.details)
            for row in self.connection.execute(query.where(receipt.c.digest.in_(some))):
                said = [(one["check"], one["severity"]) for one in json.loads(row.findings)]
                repaired = json.loads(row.details).get("repaired", ())
                found[row.digest] = _figures(said, len(json.loads(row.quarantined)), len(repaired))
        return found

    def raised_alarms(self, site: str) -> Sequence[RaisedAlarm]:
        query = (
            select(alarm.c.number, alarm.c.deployment, deployment.c.at, alarm.c.locale, alarm.c.lost, alarm.c.message)
            .join(deployment, and_(deployment.c.site == alarm.c.site, deployment.c.number == alarm.c.deployment))
            .where(alarm.c.site == site)
            .order_by(alarm.c.number.desc())
        )
        return [RaisedAlarm(*row) for row in self.connection.execute(query)]

    def paid_rates(self, site: str) -> Mapping[Locale, PaidRates]:
        rows = self.connection.execute(select(paid_rate).where(paid_rate.c.site == site))
        return {row.locale: _rates(row) for row in rows}

    def set_paid_rates(self, entry: PaidRates) -> None:
        percents = dump({kind.value: str(percent) for kind, percent in entry.percents.items()})
        said = {"percents": percents, "currency": entry.currency, "price": str(entry.price)}
        kept = self.insert(paid_rate).values(site=entry.site, locale=entry.locale, **said)
        self.connection.execute(kept.on_conflict_do_update(index_elements=["site", "locale"], set_=said))

    def forget_paid_rates(self, site: str, locale: Locale) -> None:
        here = and_(paid_rate.c.site == site, paid_rate.c.locale == locale)
        self.connection.execute(delete(paid_rate).where(here))

    def acknowledge(self, entry: Acknowledgement) -> None:
        row = {name: getattr(entry, name) for name in acknowledgement.c.keys()}  # noqa: SIM118 - a column collection is no dict
        kept = self.insert(acknowledgement).values(row).on_conflict_do_nothing().returning(acknowledgement.c.alarm)
        if self.connection.execute(kept).first() is None:
            raise Conflict("Somebody acknowledged this alarm meanwhile; look at it again.")

    def acknowledgements(self, site: str) -> Mapping[str, Acknowledgement]:
        rows = self.connection.execute(select(acknowledgement).where(acknowledgement.c.site == site)).mappings()
        return {row["alarm"]: Acknowledgement(**row) for row in rows}


def _rates(row: Row[Any]) -> PaidRates:
    percents = {MatchClass(kind): Decimal(percent) for kind, percent in json.loads(row.percents).items()}
    return PaidRates(row.site, row.locale, percents, row.currency, Decimal(row.price))


class _Weight:
    """Figures of one package while they are counted."""

    def __init__(self) -> None:
        self.units: Counter[MatchClass] = Counter()
        self.words: Counter[MatchClass] = Counter()
        self.open = self.open_words = self.attention = 0

    def add(self, match: str, units: int, weight: int, *, done: bool, attention: bool) -> None:
        kind = _CLASSES[match]
        self.units[kind] += units
        self.words[kind] += weight
        if not done:
            self.open += units
            self.open_words += weight
            self.attention += units if attention else 0

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
            is_counted=row["counted"] == stamp(row["status"], self.open, self.attention),
        )


_CLASSES = {kind.value: kind for kind in MatchClass}


def figures_of(entry: Receipt) -> str:
    """What the register counts of a receipt, as it is kept beside it."""
    said = [(found.check, found.severity.value) for found in entry.findings]
    return _figures(said, len(entry.quarantined), len(entry.repaired))


def _figures(said: Iterable[tuple[str, str]], quarantined: int, repaired: int) -> str:
    findings = [[check, severity, count] for (check, severity), count in sorted(Counter(said).items())]
    return dump({"quarantined": quarantined, "repaired": repaired, "findings": findings})


def _counted(row: RowMapping, figures: Mapping[str, Any]) -> CountedReturn:
    return CountedReturn(
        package=row["package"],
        locale=row["locale"],
        at=row["at"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        accepted=row["accepted"],
        quarantined=figures["quarantined"],
        repaired=figures["repaired"],
        findings={(check, severity): count for check, severity, count in figures["findings"]},
    )
