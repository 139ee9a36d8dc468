"""Turns: which writers wait for each other on PostgreSQL, where on SQLite all do.

Who writes takes the turn of what they write and keeps it to the end of the transaction. What somebody types waits for others
who type and for a hand-in, and never for a return or a deployment. Turns are taken in the order they stand in, and the
journal's end after them.
"""

from enum import Enum

from sqlalchemy import Connection

from tm_service.domain.ports import Turn

JOURNAL = 7_406_831_956  # PostgreSQL's advisory lock that stands for the end of the journal


class _Lock(Enum):
    """PostgreSQL's advisory locks of the turns."""

    HOUSE = 7_406_831_955
    RECORDS = 7_406_831_957
    DESK = 7_406_831_958


def take(connection: Connection, *turns: Turn) -> None:
    """Wait until nobody else writes there; SQLite lets in one writer anyway."""
    if connection.dialect.name != "postgresql":
        return
    for turn in sorted(turns, key=list(Turn).index):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_Lock[turn.name].value})")
