"""Translations: the append-only store of every pair, looked up by unit, by source text and by number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, cast, func, select, union

from tm_service.database.rows import Rows, chunks
from tm_service.domain.serving import Translation
from tm_service.domain.units import Locale, UnitId
from tm_service.storage.entries import ACCEPTED, FIELDS, IN_USE, insert, read, written
from tm_service.storage.rows import dump_key
from tm_service.storage.tables import lacking, retirement, translation

_AT_ONCE = 5000  # rows written by one statement
_FEW = 300  # keys that a statement still names one by one


class Translations(Rows):
    def append(self, translations: Iterable[Translation]) -> int:
        rows = map(written, translations)
        new = 0
        while chunk := list(islice(rows, _AT_ONCE)):
            new += insert(self.connection, chunk)
        return new

    def retire(self, memory: str, numbers: Iterable[int], *, by: str, at: datetime, reason: str) -> int:
        sequence, new = self.sequence(), 0
        for chunk in chunks(sorted(set(numbers)), 400):
            known = translation.c.site == memory, translation.c.number.in_(chunk), IN_USE
            found = self.connection.execute(select(translation.c.number).where(*known).order_by(translation.c.number))
            said = {"by": by, "at": at, "reason": reason, "sequence": sequence}
            rows = [{"translation": number, **said} for number in found.scalars()]
            if rows:
                self.connection.execute(retirement.insert(), rows)
            new += len(rows)
        return new

    def retired_among(self, numbers: Collection[int]) -> frozenset[int]:
        found: set[int] = set()
        for chunk in chunks(sorted(set(numbers)), 400):
            query = select(retirement.c.translation).where(retirement.c.translation.in_(chunk))
            found.update(self.connection.execute(query).scalars())
        return frozenset(found)

    def sequence(self) -> int:
        return int(self.connection.execute(select(func.coalesce(func.max(translation.c.number), 0))).scalar_one())

    def own(
        self, site: str, locale: Locale, units: Collection[UnitId], *, retired: bool = False
    ) -> Mapping[UnitId, Sequence[Translation]]:
        wanted = set(units)
        found: dict[UnitId, list[Translation]] = defaultdict(list)
        keys = {dump_key(key) for _, key in wanted}
        narrowed: list[ColumnElement[bool]] = [translation.c.key.in_(keys)] if len(keys) <= _FEW else []
        if not retired:
            narrowed.append(IN_USE)
        for resources in chunks(sorted({resource for resource, _ in wanted}), 400):
            query = select(*FIELDS).where(
                translation.c.site == site,
                translation.c.locale == locale,
                translation.c.resource.in_(resources),
                *narrowed,
            )
            for entry in map(read, self.connection.execute(query.order_by(translation.c.at, translation.c.number))):
                unit = entry.resource, entry.key
                if unit in wanted:
                    found[unit].append(entry)
        return found

    def exact(
        self, site: str, locale: Locale, fingerprints: Collection[str], *, source: Locale | None = None
    ) -> Mapping[str, Sequence[Translation]]:
        found: dict[str, list[Translation]] = defaultdict(list)
        # Joined to nothing, so that the index that keeps a shelf in order is not taken to find a text.
        narrowed = [] if source is None else [translation.c.source_locale.concat("") == source]
        for chunk in chunks(sorted(set(fingerprints)), 400):
            query = select(*FIELDS).where(
                translation.c.site == site,
                translation.c.locale == locale,
                translation.c.fingerprint.in_(chunk),
                translation.c.state.in_(ACCEPTED),
                IN_USE,
                *narrowed,
            )
            for entry in map(read, self.connection.execute(query.order_by(translation.c.at, translation.c.number))):
                found[entry.fingerprint].append(entry)
        return found

    def numbered(self, numbers: Collection[int]) -> Mapping[int, Translation]:
        found: dict[int, Translation] = {}
        for chunk in chunks(sorted(set(numbers)), 400):
            query = select(*FIELDS).where(translation.c.number.in_(chunk))
            found |= {entry.number: entry for entry in map(read, self.connection.execute(query))}
        return found

    def touched(self, site: str, since: int) -> Mapping[Locale, frozenset[str]]:
        place = translation.c.locale, translation.c.resource
        newer = select(*place).where(translation.c.number > since, translation.c.site == site)
        retired = select(*place).where(_retired(since), translation.c.site == site)
        return _by_locale(self.connection.execute(union(newer, retired)).all())

    def helped(self, site: str, since: int) -> Mapping[Locale, frozenset[str]]:
        # What is new is few, and found by number first; left to itself PostgreSQL may begin at the other end.
        text = translation.c.locale, translation.c.fingerprint
        accepted = translation.c.site == site, translation.c.state.in_(ACCEPTED)
        newer = select(*text).where(translation.c.number > since, *accepted)
        retired = select(*text).where(_retired(since), *accepted)
        changed = union(newer, retired).cte("changed").prefix_with("MATERIALIZED", dialect="postgresql")
        same = (changed.c.locale == lacking.c.locale) & (changed.c.fingerprint == lacking.c.fingerprint)
        query = select(lacking.c.locale, lacking.c.resource).join(changed, same).where(lacking.c.site == site)
        return _by_locale(self.connection.execute(query.distinct()).all())

    def memory_size(self) -> tuple[int, int]:
        size = func.sum(self._bytes(translation.c.source) + self._bytes(translation.c.target))
        entries, size_now = self.connection.execute(select(func.count(), size).select_from(translation)).one()
        return int(entries), int(size_now or 0)

    def _bytes(self, column: ColumnElement[str]) -> ColumnElement[int]:
        # PostgreSQL would read backslashes in a cast to bytes; SQLite before 3.43 has no octet_length.
        if self.connection.dialect.name == "sqlite":
            return func.length(cast(column, LargeBinary))
        return func.octet_length(column)


def _retired(since: int) -> ColumnElement[bool]:
    """Retired when the newest translation was `since` or a later one: what came before it in the same moment counts twice."""
    return translation.c.number.in_(select(retirement.c.translation).where(retirement.c.sequence >= since))


def _by_locale(rows: Sequence[Any]) -> dict[Locale, frozenset[str]]:
    found: dict[Locale, set[str]] = defaultdict(set)
    for locale, resource in rows:
        found[locale].add(resource)
    return {locale: frozenset(resources) for locale, resources in found.items()}
