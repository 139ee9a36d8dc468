"""Tables: what each room keeps, read in one order from any database, so that equal content has equal hashes."""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, MetaData, String, Table, inspect, select, text

from tm_service.backup.lines import kinds, written
from tm_service.database.migrations import Migrations
from tm_service.domain.backups import Sums, TableSum
from tm_service.domain.errors import ConfigurationError

_AT_ONCE = 500  # rows that are held
_FEW = 8  # rows with large values that are held
_LEVEL = 3  # of deflating, as the rooms do it themselves


@dataclass(frozen=True)
class KeptRoom:
    """A room's tables, by their names or by how these begin: `left_out` are those that are made again from others.

    `deflated` names the columns that are kept packed, by table; an archive has their texts. `contents` is the table whose
    `content`, packed, is named by the SHA-256 of what is in it; an archive has it as files.
    """

    name: str
    migrations: Migrations
    tables: Collection[str] = ()
    prefix: str = ""
    left_out: Collection[str] = ()
    deflated: Mapping[str, str] = field(default_factory=dict)
    contents: str = ""

    def reflected(self, connection: Connection) -> list[Table]:
        """Its tables as they are in the database, each after those that it refers to."""
        metadata = MetaData()
        metadata.reflect(connection, only=[name for name in inspect(connection).get_table_names() if self.has(name)])
        return [table for table in metadata.sorted_tables if self.has(table.name)]

    def has(self, name: str) -> bool:
        """Whether a table of this name is in its backups."""
        if name in self.left_out or name == self.migrations.versions:
            return False
        return name in self.tables or (self.prefix != "" and name.startswith(self.prefix))

    def head(self, connection: Connection) -> str:
        """The version that its tables are of."""
        query = text(f"SELECT version_num FROM {self.migrations.versions}")  # noqa: S608 - a name of ours
        return str(connection.execute(query).scalar_one())

    def member(self, table: Table) -> str:
        return f"{self.name}/{table.name}"

    def columns(self, table: Table) -> dict[str, str]:
        """The kind of each column that a line has."""
        found = kinds(table)
        if table.name in self.deflated:
            found[self.deflated[table.name]] = "text"
        if table.name == self.contents:
            del found["content"]
        return found

    def lines(self, connection: Connection, table: Table) -> Iterator[bytes]:
        """All rows in the order of the key. Raises ConfigurationError."""
        columns = self.columns(table)
        packed = self.deflated.get(table.name)
        rows = _streamed(connection, table, list(columns), _FEW if packed else _AT_ONCE)
        if packed:
            rows = _unpacked(table.name, rows, list(columns).index(packed))
        return written(table.name, columns, rows)

    def content(self, connection: Connection, table: Table) -> Iterator[tuple[str, bytes]]:
        """What the files of content hold, by its hash. Raises ConfigurationError where a hash is not that of its content."""
        for digest, packed in _streamed(connection, table, ["digest", "content"]):
            content = _inflated(table.name, packed)
            if sha256(content).hexdigest() != digest:
                raise ConfigurationError(f"The table {table.name} has other content under {digest}; mend it by hand.")
            yield digest, content


def kept(connection: Connection, rooms: Sequence[KeptRoom]) -> list[tuple[KeptRoom, Table]]:
    """Every table that a backup has, as it is in the database."""
    return [(room, table) for room in rooms for table in room.reflected(connection)]


def sums(connection: Connection, tables: Sequence[tuple[KeptRoom, Table]]) -> Sums:
    """What every table holds, by room and table. Raises ConfigurationError."""
    found: dict[str, TableSum] = {}
    for room, table in tables:
        found[room.member(table)] = _summed(room.lines(connection, table))
        if table.name == room.contents:
            for _checked in room.content(connection, table):
                pass
    return found


def _summed(lines: Iterator[bytes]) -> TableSum:
    rows, hashed = 0, sha256()
    for line in lines:
        rows += 1
        hashed.update(line)
    return TableSum(rows, hashed.hexdigest())


def deflate(content: bytes) -> bytes:
    return zlib.compress(content, _LEVEL)


def _streamed(
    connection: Connection, table: Table, names: Sequence[str], at_once: int = _FEW
) -> Iterator[Sequence[Any]]:
    """In the order of the key, texts by their bytes: PostgreSQL's own order is that of some language."""
    by: list[ColumnElement[Any]] = list(table.primary_key.columns) or [table.c[name] for name in names]
    if connection.dialect.name == "postgresql":
        by = [column.collate("C") if isinstance(column.type, String) else column for column in by]
    query = select(*(table.c[name] for name in names)).order_by(*by)
    with connection.execute(query, execution_options={"yield_per": at_once}) as rows:
        yield from rows


def _unpacked(table: str, rows: Iterator[Sequence[Any]], place: int) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (*row[:place], _inflated(table, row[place]).decode(), *row[place + 1 :])


def _inflated(table: str, packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except (TypeError, zlib.error) as error:
        raise ConfigurationError(f"The table {table} has content that is damaged: {error}; mend it by hand.") from error
