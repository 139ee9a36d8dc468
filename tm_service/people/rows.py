"""Rows: one transaction of the people room, and the one moment that all of it happens at."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from tm_service.database.rows import Rows


class PeopleRows(Rows):
    """A connection inside a transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self.now = now

    def put(self, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        """Write a row in place of the one with this key."""
        statement = self.insert(table).values(**key, **values)
        self.connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
