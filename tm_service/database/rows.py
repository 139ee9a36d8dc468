"""Rows: a connection inside a transaction, inserts that both databases know, and statements of a size they take."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

Item = TypeVar("Item")


class Rows:
    """What is done over one connection, and kept or undone as a whole."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def insert(self, table: Table) -> Any:
        """The dialect's own insert, which knows ON CONFLICT."""
        if self.connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - not loaded for the embedded store

        return postgresql.insert(table)


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut a sequence; databases limit how many parameters one statement takes."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
