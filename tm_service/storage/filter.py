"""The complete filter over SQL: who shares enough elements with a text is asked of a table, in PostgreSQL or SQLite."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql.sqltypes import NullType

from tm_service.database.migrations import Connect
from tm_service.database.rows import chunks
from tm_service.domain.filters import FiledForm, Filing, FilingState, Order, Probe
from tm_service.domain.units import Locale
from tm_service.storage.columns import escape, unescape
from tm_service.storage.entries import copy
from tm_service.storage.filter_tables import filter_element, filter_filing, filter_form, filter_pair, filter_posting
from tm_service.storage.tables import retirement

Rows = Sequence[tuple[Any, ...]]

_AT_ONCE = 400  # values a statement asks for
_PAIRS = 1000  # of one text
_SLICES = 256  # in which the postings of a dropped filing are removed
_TIDIED = 20_000  # forms removed in one transaction
_ALL_BITS = (1 << 64) - 1

# Both must have `share` ten-thousandths of the larger count; as many must be left of the one filed from the key's place on; and
# each bit that only one side has stands for an element that only this side has. OFFSET 0 keeps PostgreSQL's planner to one
# descent of the index for each key.
_POSTGRES = """
SELECT DISTINCT found.form, found.size, found.length
FROM unnest(%(keys)s::bigint[], %(most)s::smallint[]) AS asked (key, most)
CROSS JOIN LATERAL (
    SELECT form, size, length FROM filter_posting
    WHERE key = asked.key AND filing = %(filing)s AND size BETWEEN %(fewest)s AND asked.most
    AND size - place >= %(fewest)s
    AND bit_count((signature & ~%(signature)s::bigint)::bit(64))
        <= size - greatest(%(fewest)s, (size * %(share)s::integer + 9999) / 10000)
    AND bit_count((~signature & %(signature)s::bigint)::bit(64))
        <= %(count)s::integer - greatest(%(fewest)s, (size * %(share)s::integer + 9999) / 10000)
    OFFSET 0
) AS found
"""
_SQLITE = """
SELECT DISTINCT form, size, length
FROM json_each(?1) AS asked CROSS JOIN filter_posting
WHERE filter_posting.key = json_extract(asked.value, '$[0]') AND filing = ?2
AND size BETWEEN ?3 AND json_extract(asked.value, '$[1]')
AND size - place >= ?3
AND bits_of(signature & ~?5) <= size - max(?3, (size * ?4 + 9999) / 10000)
AND bits_of(~signature & ?5) <= ?6 - max(?3, (size * ?4 + 9999) / 10000)
"""


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked again and again, put together once; `wanted` are the numbers asked for."""

    forms: Select[Any]
    pairs: Select[Any]
    known: Select[Any]


@cache
def _questions(dialect: str) -> _Questions:
    form, pair = filter_form.c, filter_pair.c
    same, either = pair.numbers == bindparam("numbers"), pair.codes == bindparam("codes")
    nearest = case((same & either, 0), (same | either, 1), else_=2), pair.number.desc()
    place = func.row_number().over(partition_by=pair.form, order_by=nearest).label("place")
    in_use = ~exists().where(retirement.c.translation == pair.number)
    ranked = select(filter_pair, place).where(_among(dialect, pair.form), in_use).subquery().c
    some = select(ranked.form, ranked.number, ranked.numbers, ranked.codes).where(ranked.place <= _PAIRS)
    known = select(form.print, form.letters, form.number)
    return _Questions(
        select(form.number, type_coerce(form.letters, NullType()), form.bits).where(_among(dialect, form.number)),
        some.order_by(ranked.form, ranked.place),
        known.where(form.filing == bindparam("filing"), _among(dialect, form.print)),
    )


def _among(dialect: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """One parameter where the database takes a row of numbers as one: the statement is then the same for any count."""
    if dialect == "sqlite":
        return column.in_(bindparam("wanted", expanding=True))
    return column == any_(cast(bindparam("wanted", type_=Text), ARRAY(BigInteger)))


def _wanted(connection: Connection, numbers: Sequence[int]) -> str | Sequence[int]:
    """A row of numbers is written in a third of the time that the driver takes for it."""
    return numbers if connection.dialect.name == "sqlite" else f"{{{','.join(map(str, numbers))}}}"


class SqlFilter:
    """The `FilterTable` port; may be kept as long as the store, and asked from several threads."""

    def __init__(self, connect: Connect, memory: str, source: Locale, target: Locale) -> None:
        self._connect = connect
        columns = filter_filing.c
        self._here = (columns.memory == memory) & (columns.source_locale == source) & (columns.locale == target)
        ready = self._filings(columns.rules == bindparam("rules"), columns.state == FilingState.READY.value)
        self._ready = ready.order_by(columns.number.desc()).limit(1)
        self._named = {"memory": memory, "source_locale": source, "locale": target}

    @contextmanager
    def reading(self, rules: str) -> Iterator["SqlFilterReading"]:
        with self._connect("read") as connection:
            row = connection.execute(self._ready, {"rules": rules}).one_or_none()
            yield SqlFilterReading(connection, _filing(row) if row else None)

    def filings(self) -> Sequence[Filing]:
        with self._connect("read") as connection:
            return [*map(_filing, connection.execute(self._filings().order_by(filter_filing.c.number)))]

    def _filings(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        columns = filter_filing.c
        return select(
            columns.number, columns.rules, columns.sampled, columns.added, columns.forms, columns.pairs, columns.state
        ).where(self._here, *conditions)

    def begin(self, rules: str, order: Order, sampled: int) -> Filing:
        new = {"rules": rules, "sampled": sampled, "added": 0, "forms": 0, "pairs": 0, "state": FilingState.BUILDING}
        with self._connect("write") as connection:
            made = filter_filing.insert().values(self._named | new).returning(filter_filing.c.number)
            number = connection.execute(made).scalar_one()
            _insert(connection, filter_element, [(number, key, often) for key, often in order.items()])
            connection.commit()
        return Filing(number, rules, sampled, 0, 0, 0, FilingState.BUILDING)

    def file(self, filing: Filing, forms: Sequence[FiledForm], added: int) -> Filing | None:
        with self._connect("write") as connection:
            place = filter_filing.c.number == filing.number
            row = connection.execute(self._filings(place)).one_or_none()
            if row is None or _filing(row) != filing:
                return None
            new = _put(connection, filing.number, forms)
            pairs = sum(len(entry.pairs) for entry in forms)
            after = replace(filing, added=added, forms=filing.forms + new, pairs=filing.pairs + pairs)
            values = {"added": after.added, "forms": after.forms, "pairs": after.pairs}
            connection.execute(update(filter_filing).where(place).values(values))
            connection.commit()
        return after

    def answer(self, filing: Filing) -> None:
        columns = filter_filing.c
        with self._connect("write") as connection:
            older = update(filter_filing).where(self._here, columns.number < filing.number)
            connection.execute(older.values(state=FilingState.DROPPED.value))
            ready = update(filter_filing).where(columns.number == filing.number, columns.state == FilingState.BUILDING)
            connection.execute(ready.values(state=FilingState.READY.value))
            connection.commit()

    def tidy(self) -> None:
        for filing in self.filings():
            if filing.state is FilingState.DROPPED:
                self._remove(filing.number)

    def _remove(self, number: int) -> None:
        """Its row goes last: what is interrupted goes on another time."""
        step, posting, form = (1 << 64) // _SLICES, filter_posting.c, filter_form.c
        for low in range(-(1 << 63), 1 << 63, step):
            self._delete(
                delete(filter_posting).where(posting.key.between(low, low + step - 1), posting.filing == number)
            )
        some = select(form.number).where(form.filing == number).order_by(form.print).limit(_TIDIED)
        while True:
            with self._connect("write") as connection:
                gone = connection.execute(some).scalars().all()
                for chunk in chunks(gone, _AT_ONCE):
                    connection.execute(delete(filter_pair).where(filter_pair.c.form.in_(chunk)))
                    connection.execute(delete(filter_form).where(form.number.in_(chunk)))
                connection.commit()
            if not gone:
                break
        self._delete(
            delete(filter_element).where(filter_element.c.filing == number),
            delete(filter_filing).where(filter_filing.c.number == number),
        )

    def _delete(self, *statements: Any) -> None:
        with self._connect("write") as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()


class SqlFilterReading:
    """The `FilterReading` port over one transaction."""

    def __init__(self, connection: Connection, filing: Filing | None) -> None:
        self.connection, self.filing = connection, filing
        self._questions = _questions(connection.dialect.name)
        self._is_sqlite = connection.dialect.name == "sqlite"
        if self._is_sqlite:
            driver: Any = connection.connection.driver_connection
            driver.create_function("bits_of", 1, _bits_of, deterministic=True)

    @property
    def _number(self) -> int:
        if self.filing is None:
            raise ValueError("Nothing is filed here.")
        return self.filing.number

    def order(self, filing: Filing) -> Order:
        named = select(filter_element.c.key, filter_element.c.often).where(filter_element.c.filing == filing.number)
        return {row.key: row.often for row in self.connection.execute(named)}

    def candidates(self, probe: Probe) -> Sequence[tuple[int, int, int]]:
        if self._is_sqlite:
            asked = json.dumps(list(zip(probe.keys, probe.most, strict=True)))
            values = (asked, self._number, probe.fewest, probe.share, probe.signature, probe.count)
            found = self.connection.exec_driver_sql(_SQLITE, values)
        else:
            found = self.connection.exec_driver_sql(
                _POSTGRES,
                {
                    "keys": list(probe.keys), "most": list(probe.most), "filing": self._number, "fewest": probe.fewest,
                    "share": probe.share, "signature": probe.signature, "count": probe.count,
                },
            )  # fmt: skip
        return [(form, size, length) for form, size, length in found.all()]

    def forms(self, numbers: Sequence[int]) -> Mapping[int, tuple[str, bytes]]:
        found: dict[int, tuple[str, bytes]] = {}
        for chunk in chunks(numbers, _AT_ONCE):
            rows = self.connection.execute(self._questions.forms, {"wanted": _wanted(self.connection, chunk)}).all()
            found |= {number: (unescape(letters), bits) for number, letters, bits in rows}
        return found

    def pairs(self, forms: Sequence[int], numbers: int, codes: int) -> Mapping[int, Sequence[tuple[int, int, int]]]:
        found: dict[int, list[tuple[int, int, int]]] = {}
        for chunk in chunks(forms, _AT_ONCE):
            asked = {"wanted": _wanted(self.connection, chunk), "numbers": numbers, "codes": codes}
            for form, *pair in self.connection.execute(self._questions.pairs, asked):
                found.setdefault(form, []).append((pair[0], pair[1], pair[2]))
        return found


def _bits_of(value: int) -> int:
    return (value & _ALL_BITS).bit_count()


def _filing(row: Row[Any]) -> Filing:
    return Filing(row.number, row.rules, row.sampled, row.added, row.forms, row.pairs, FilingState(row.state))


def _put(connection: Connection, filing: int, forms: Sequence[FiledForm]) -> int:
    """Write forms, of known ones only the new pairs; how many are new. Postings lie in the order they are asked in."""
    known = _known(connection, filing, [entry.print for entry in forms])
    last = connection.execute(select(func.max(filter_form.c.number))).scalar() or 0
    rows: list[tuple[int, int, int, bytes, str]] = []
    pairs: list[tuple[int, int, int, int]] = []
    postings: list[tuple[int, int, int, int, int, int, int]] = []
    for entry in forms:
        number = known.get((entry.print, entry.letters))
        if number is None:
            last += 1
            number = known[entry.print, entry.letters] = last
            rows.append((number, filing, entry.print, entry.bits, escape(entry.letters)))
            postings += [
                (at.key, at.signature, filing, number, at.size, at.place, len(entry.letters) if at.size else 0)
                for at in entry.postings
            ]
        pairs += [(number, *pair) for pair in entry.pairs]
    postings.sort(key=lambda row: (row[0], row[4]))
    _insert(connection, filter_form, rows)
    _insert(connection, filter_pair, pairs)
    _insert(connection, filter_posting, postings)
    return len(rows)


def _known(connection: Connection, filing: int, prints: Sequence[int]) -> dict[tuple[int, str], int]:
    query = _questions(connection.dialect.name).known
    found: dict[tuple[int, str], int] = {}
    for chunk in chunks(prints, _AT_ONCE):
        rows = connection.execute(query, {"filing": filing, "wanted": _wanted(connection, chunk)})
        found |= {(print_, letters): number for print_, letters, number in rows}
    return found


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    """Many rows past the types of the columns, which would be most of what they cost."""
    if not rows:
        return
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", [*map(tuple, rows)])  # noqa: S608 - of our own names
    else:
        copy(connection, f"COPY {table.name} ({names}) FROM STDIN", rows)
