"""The whole database as a thief would read it: every value of every table of every room, and a file's bytes."""

from pathlib import Path

from sqlalchemy import text

from tm_service.people.tables import metadata as people
from tm_service.records.tables import metadata as records
from tm_service.storage import sql_store  # noqa: F401 - it knows all tables of the store
from tm_service.storage.tables import metadata as store_tables

ROOMS = (store_tables, records, people)


def dumped(store):
    with store.connected("read") as connection:
        rows = [
            repr(tuple(row))
            for room in ROOMS
            for table in room.sorted_tables
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608
        ]
    return "\n".join(rows)


def bytes_of_file(store):
    """The file and its log; nothing for a server, whose files are not ours to read."""
    if store.engine.dialect.name != "sqlite":
        return b""
    file = Path(store.engine.url.database)
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
