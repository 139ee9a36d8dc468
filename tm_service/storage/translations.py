"""Translations: the append-only store of every pair, looked up by unit, by source text and by number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Row, cast, func, select

from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.units import Locale, UnitId
from tm_service.storage.rows import Rows, chunks, dump, dump_key, load_key
from tm_service.storage.tables import lacking, translation

_NAMES = [field.name for field in fields(Translation)]
_FIELDS = [translation.c[name] for name in _NAMES]
_KEY = _NAMES.index("key")
_MEMBERS: dict[int, dict[str, Any]] = {
    _NAMES.index(name): {member.value: member for member in members}
    for name, members in (("origin", Origin), ("state", State), ("answer", Answer))
}
_FEW = 300  # keys that a statement still names one by one
_ACCEPTED = tuple(state.value for state in State if state is not State.PROPOSAL)


class Translations(Rows):
    def append(self, translations: Iterable[Translation]) -> int:
        rows = [_row(entry) for entry in translations]
        if not rows:
            return 0
        before = self.sequence()
        for chunk in chunks(rows, 5000):
            self.connection.execute(self.insert(translation).on_conflict_do_nothing(), chunk)
        counted = select(func.count()).where(translation.c.number > before)
        return int(self.connection.execute(counted).scalar_one())

    def sequence(self) -> int:
        return int(self.connection.execute(select(func.coalesce(func.max(translation.c.number), 0))).scalar_one())

    def own(self, site: str, locale: Locale, units: Collection[UnitId]) -> Mapping[UnitId, Sequence[Translation]]:
        wanted = set(units)
        found: dict[UnitId, list[Translation]] = defaultdict(list)
        keys = {dump_key(key) for _, key in wanted}
        few = [translation.c.key.in_(keys)] if len(keys) <= _FEW else []
        for resources in chunks(sorted({resource for resource, _ in wanted}), 400):
            query = select(*_FIELDS).where(
                translation.c.site == site, translation.c.locale == locale, translation.c.resource.in_(resources), *few
            )
            for row in self.connection.execute(query.order_by(translation.c.at, translation.c.number)):
                unit = row.resource, load_key(row.key)
                if unit in wanted:
                    found[unit].append(_translation(row))
        return found

    def exact(self, site: str, locale: Locale, fingerprints: Collection[str]) -> Mapping[str, Sequence[Translation]]:
        found: dict[str, list[Translation]] = defaultdict(list)
        for chunk in chunks(sorted(set(fingerprints)), 400):
            query = select(*_FIELDS).where(
                translation.c.site == site,
                translation.c.locale == locale,
                translation.c.fingerprint.in_(chunk),
                translation.c.state.in_(_ACCEPTED),
            )
            for row in self.connection.execute(query.order_by(translation.c.at, translation.c.number)):
                found[row.fingerprint].append(_translation(row))
        return found

    def numbered(self, numbers: Collection[int]) -> Mapping[int, Translation]:
        found: dict[int, Translation] = {}
        for chunk in chunks(sorted(set(numbers)), 400):
            query = select(*_FIELDS).where(translation.c.number.in_(chunk))
            found |= {row.number: _translation(row) for row in self.connection.execute(query)}
        return found

    def touched(self, site: str, since: int) -> Mapping[Locale, frozenset[str]]:
        query = (
            select(translation.c.locale, translation.c.resource)
            .where(translation.c.number > since, translation.c.site == site)
            .distinct()
        )
        return _by_locale(self.connection.execute(query).all())

    def helped(self, site: str, since: int) -> Mapping[Locale, frozenset[str]]:
        # What is new is few, and found by number first; left to itself PostgreSQL may begin at the other end.
        newer = (
            select(translation.c.locale, translation.c.fingerprint)
            .where(translation.c.number > since, translation.c.site == site, translation.c.state.in_(_ACCEPTED))
            .distinct()
            .cte("newer")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        same = (newer.c.locale == lacking.c.locale) & (newer.c.fingerprint == lacking.c.fingerprint)
        query = select(lacking.c.locale, lacking.c.resource).join(newer, same).where(lacking.c.site == site).distinct()
        return _by_locale(self.connection.execute(query).all())

    def memory_size(self) -> tuple[int, int]:
        size = func.sum(self._bytes(translation.c.source) + self._bytes(translation.c.target))
        entries, size_now = self.connection.execute(select(func.count(), size).select_from(translation)).one()
        return int(entries), int(size_now or 0)

    def _bytes(self, column: ColumnElement[str]) -> ColumnElement[int]:
        # PostgreSQL would read backslashes in a cast to bytes; SQLite before 3.43 has no octet_length.
        if self.connection.dialect.name == "sqlite":
            return func.length(cast(column, LargeBinary))
        return func.octet_length(column)


def _by_locale(rows: Sequence[Any]) -> dict[Locale, frozenset[str]]:
    found: dict[Locale, set[str]] = defaultdict(set)
    for locale, resource in rows:
        found[locale].add(resource)
    return {locale: frozenset(resources) for locale, resources in found.items()}


def _row(entry: Translation) -> dict[str, object]:
    row: dict[str, object] = {
        "site": entry.site,
        "locale": entry.locale,
        "resource": entry.resource,
        "key": dump_key(entry.key),
        "fingerprint": entry.fingerprint,
        "target": entry.target,
        "state": entry.state.value,
        "answer": entry.answer.value,
        "reference": entry.reference,
    }
    identity = sha256(dump(list(row.values())).encode("utf-8", "surrogatepass")).hexdigest()
    return row | {
        "identity": identity,
        "source": entry.source,
        "at": entry.at,
        "origin": entry.origin.value,
        "author": entry.author,
        "previous": entry.previous,
        "following": entry.following,
    }


def _translation(row: Row[Any]) -> Translation:
    """A row of `_FIELDS`; members are looked up, for calling an enumeration costs more than reading the row."""
    values = list(row)
    values[_KEY] = load_key(values[_KEY])
    for place, members in _MEMBERS.items():
        values[place] = members[values[place]]
    return Translation(*values)
