"""Frozen: a store as it is at one moment, whatever others write meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select

from tm_service.database.migrations import Purpose
from tm_service.domain.ports import Turn
from tm_service.storage.sql_store import SqlStore
from tm_service.storage.tables import store_identity


class FrozenStore(SqlStore):
    """Every reading is in the one transaction of `connection`; there is no writing."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.engine = connection, connection.engine

    @contextmanager
    def connected(self, purpose: Purpose, _turn: Turn = Turn.HOUSE) -> Iterator[Connection]:
        if purpose == "write":
            raise ValueError("A frozen store is only read.")
        yield self.connection


@contextmanager
def frozen(store: SqlStore) -> Iterator[FrozenStore]:
    """Raises ConnectorError."""
    with store.connected("read") as connection:
        connection.execute(
            select(store_identity.c.id)
        ).first()  # a transaction sees what there is at its first question
        yield FrozenStore(connection)
