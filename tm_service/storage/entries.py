"""Entries: a translation as a row of its table and back, quick enough for millions.

Rows are read and written as the drivers know them, past the types of the columns, which would be most of what a pair costs.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.sqltypes import NullType

from tm_service.database.columns import in_utc
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint
from tm_service.storage.columns import escape, unescape
from tm_service.storage.rows import dump_key, dump_pairs, dump_texts, load_key, load_pairs
from tm_service.storage.tables import retirement, translation

_OLD = "en"  # the source language of rows whose identity was made before they named one
_WRITTEN = (
    "identity", "target_print", "site", "source_locale", "locale", "resource", "key", "fingerprint", "source", "target",
    "at", "origin", "state", "answer", "author", "reference", "previous", "following", "properties",
)  # fmt: skip
FIELDS: list[ColumnElement[Any]] = [
    type_coerce(translation.c[field.name], NullType()).label(field.name) for field in fields(Translation)
]
ACCEPTED = tuple(state.value for state in State if state is not State.PROPOSAL)
IN_USE = ~exists().where(retirement.c.translation == translation.c.number)

_UNZONED = len("2026-11-21 09:30:00.000000")  # moments are written in UTC without saying so

Values = tuple[str | int, ...]


def written(entry: Translation) -> Values:
    """A row of `_WRITTEN`. Raises ValueError for a moment without a zone."""
    key, properties = dump_key(entry.key), dump_pairs(entry.properties)
    state, answer = entry.state.value, entry.answer.value
    said = [
        entry.site, entry.locale, entry.resource, key, entry.fingerprint, entry.target, state, answer, entry.reference
    ]  # fmt: skip
    if entry.properties or entry.source_locale != _OLD:
        said += (entry.source_locale, properties)
    return (
        sha256(dump_texts(said).encode("utf-8", "surrogatepass")).hexdigest(),
        print_mark(fingerprint(entry.target)),
        entry.site,
        entry.source_locale,
        entry.locale,
        escape(entry.resource),
        escape(key),
        entry.fingerprint,
        escape(entry.source),
        escape(entry.target),
        in_utc(entry.at).isoformat(" ", "microseconds")[:_UNZONED],
        entry.origin.value,
        state,
        answer,
        escape(entry.author),
        escape(entry.reference),
        entry.previous,
        entry.following,
        escape(properties),
    )


def print_mark(print_: str) -> int:
    """The first 64 bits of a fingerprint, signed, as databases look them up; who looks compares the whole."""
    return int.from_bytes(bytes.fromhex(print_[:16]), signed=True)


_ORIGINS = {origin.value: origin for origin in Origin}
_STATES = {state.value: state for state in State}
_ANSWERS = {answer.value: answer for answer in Answer}


def read(row: Any) -> Translation:
    """A row of `FIELDS`; members are looked up, for calling an enumeration costs more than reading the row."""
    (
        site, locale, resource, key, print_, source, target, at, origin, state, answer, author, reference, previous,
        following, number, source_locale, properties,
    ) = row  # fmt: skip
    return Translation(
        site,
        locale,
        unescape(resource),
        load_key(unescape(key)),
        print_,
        unescape(source),
        unescape(target),
        _moment(at),
        _ORIGINS[origin],
        _STATES[state],
        _ANSWERS[answer],
        unescape(author),
        unescape(reference),
        previous,
        following,
        number,
        source_locale,
        load_pairs(unescape(properties)),
    )


def _moment(at: str | datetime) -> datetime:
    """SQLite keeps moments as text in UTC without saying so; PostgreSQL gives them in the zone of the session."""
    return datetime.fromisoformat(f"{at}+00:00") if isinstance(at, str) else at.astimezone(UTC)


def insert(connection: Connection, rows: list[Values]) -> int:
    """Write what is not there yet; returns how many rows were new."""
    names = ", ".join(f'"{name}"' for name in _WRITTEN)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(_WRITTEN))
        statement = f"INSERT INTO translation ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608 - of our own names
        return connection.exec_driver_sql(statement, rows).rowcount
    new: dict[object, Values] = {}
    for row in rows:
        new.setdefault(row[0], row)
    known = "SELECT identity FROM translation WHERE identity = ANY(%s)"
    for identity in connection.exec_driver_sql(known, (list(new),)).scalars():
        del new[identity]
    if new:
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
        copy(connection, f"COPY translation ({names}) FROM STDIN", new.values())
    return len(new)


def copy(connection: Connection, statement: str, rows: Iterable[Values]) -> None:
    """Write rows in PostgreSQL's quickest way; what it refuses is said as of any other statement."""
    driver: Any = connection.connection.driver_connection
    with _refused_as_usual(connection), driver.cursor() as cursor, cursor.copy(statement) as rows_in:
        for row in rows:
            rows_in.write_row(row)


@contextmanager
def _refused_as_usual(connection: Connection) -> Iterator[None]:
    """What a driver refuses past SQLAlchemy, as SQLAlchemy would say it."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(None, None, error, driver.Error, dialect=connection.dialect) from error
