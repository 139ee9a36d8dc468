"""Restoring: the rows of an archive into empty tables of the version they were written at, which are then migrated."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, inspect, literal, select, text
from sqlalchemy.exc import DataError, IntegrityError

from tm_service.backup import lines
from tm_service.backup.archive import Archive, content_name
from tm_service.backup.manifest import Manifest, table_member
from tm_service.backup.tables import KeptRoom, deflate, kept, sums
from tm_service.domain.errors import ConfigurationError

_AT_ONCE = 1000  # rows that are held
_FEW = 8  # contents that are held
_WEIGHT = 8 << 20  # bytes of lines that are held, but for one
_LARGEST = 1 << 30  # bytes of one content

Row = dict[str, Any]


def restore_tables(connection: Connection, rooms: Sequence[KeptRoom], archive: Archive, manifest: Manifest) -> None:
    """Everything within the transaction of the connection, which the caller commits. Raises ConfigurationError."""
    known = [room for room in rooms if room.name in manifest.heads]
    if newer := set(manifest.heads) - {room.name for room in known}:
        raise _too_new(archive, f"the tables of {min(newer)}")
    made = [(room, table) for room in known for table in _made(connection, room, archive, manifest.heads[room.name])]
    _held_against(archive, manifest, made)
    for room, table in made:
        _fill(connection, room, table, archive, manifest)
        _count_on(connection, table)
    if sums(connection, made) != manifest.sums:
        raise archive.fault("this database does not give back what was put into it")
    for room in rooms:
        _migrate(connection, room, room.migrations.newest)


def is_empty(connection: Connection, rooms: Sequence[KeptRoom]) -> bool:
    return not _filled(connection, rooms)


def refuse_unless_empty(connection: Connection, rooms: Sequence[KeptRoom]) -> None:
    """Raises ConfigurationError."""
    if filled := _filled(connection, rooms):
        raise ConfigurationError(
            f"The database is not empty: {filled} has rows; restore into an empty one, or empty this one first."
        )


def _filled(connection: Connection, rooms: Sequence[KeptRoom]) -> str | None:
    """The first table that has a row."""
    for _room, table in kept(connection, rooms):
        if connection.execute(select(literal(1)).select_from(table).limit(1)).first():
            return table.name
    return None


def _made(connection: Connection, room: KeptRoom, archive: Archive, head: str) -> list[Table]:
    """A room's tables, made anew at a version."""
    from alembic import command  # noqa: PLC0415 - slow to load, rarely needed
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    if inspect(connection).has_table(room.migrations.versions):
        command.downgrade(room.migrations.configuration(connection), "base")  # its tables are empty
    try:
        _migrate(connection, room, head)
    except CommandError as error:
        raise _too_new(archive, f"the tables of {room.name} at {head}") from error
    return room.reflected(connection)


def _migrate(connection: Connection, room: KeptRoom, head: str) -> None:
    from alembic import command  # noqa: PLC0415 - slow to load, rarely needed

    command.upgrade(room.migrations.configuration(connection), head)


def _too_new(archive: Archive, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{archive.place} has {what}, which this program does not know; install a newer tm-service."
    )


def _held_against(archive: Archive, manifest: Manifest, made: Sequence[tuple[KeptRoom, Table]]) -> None:
    """Raises ConfigurationError where the archive has other tables or columns than its version has."""
    there = {room.member(table): room.columns(table) for room, table in made}
    told = {name: table.columns for name, table in manifest.tables.items()}
    if odd := there.keys() ^ told.keys():
        raise archive.fault(f"{table_member(min(odd))} is missing or of no table of its version")
    for name, columns in told.items():
        if columns != there[name]:
            other, _kind = min({*columns.items()} ^ {*there[name].items()})
            raise archive.fault(f"{table_member(name)} has other columns than the table: {other}")


def _fill(connection: Connection, room: KeptRoom, table: Table, archive: Archive, manifest: Manifest) -> None:
    """Raises ConfigurationError for what the database refuses."""
    name = room.member(table)
    member, columns, number = table_member(name), manifest.tables[name].columns, 1
    statement = table.insert()
    at_once = _FEW if table.name == room.contents else _AT_ONCE
    for some in _batches(archive.lines(member, lines.LONGEST), at_once):
        batch = list(_packed(lines.read(member, columns, some, number), room, table, archive))
        try:
            connection.execute(statement, batch)
        except (DataError, IntegrityError, ValueError, OverflowError) as error:
            said = " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")
            where = f"{member}, lines {number:,} to {number + len(batch) - 1:,}"
            raise archive.fault(f"the database refuses {where} ({said[:200]})") from error
        number += len(batch)


def _packed(rows: Iterator[Row], room: KeptRoom, table: Table, archive: Archive) -> Iterator[Row]:
    """Rows as the database has them: texts deflated where it keeps them so, contents from their files."""
    column = room.deflated.get(table.name)
    for row in rows:
        if column:
            row[column] = deflate(str(row[column]).encode())
        if table.name == room.contents:
            row["content"] = deflate(archive.read(content_name(row["digest"]), _LARGEST))
        yield row


def _batches(found: Iterator[bytes], at_once: int) -> Iterator[list[bytes]]:
    batch, weight = list[bytes](), 0
    for line in found:
        batch.append(line)
        weight += len(line)
        if len(batch) == at_once or weight > _WEIGHT:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _count_on(connection: Connection, table: Table) -> None:
    """Numbers go on after the last one; SQLite sees to that by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer):
            quoted = connection.dialect.identifier_preparer.quote(table.name)
            last = connection.execute(select(func.max(column))).scalar()
            said = {"table": quoted, "column": column.name, "last": last or 1, "used": last is not None}
            # Of a column that does not count by itself, the sequence is NULL, and so nothing is set.
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :used)"), said)
