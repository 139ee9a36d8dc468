"""Statements as SQL, kept for all engines of a test process; each test has its own, which would compile the same anew."""

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.util import LRUCache

MOST = 3_000  # statements, of all rooms on both databases


class Compiled(LRUCache[tuple[object, ...], object]):
    """As the cache of an engine, which asks by its dialect and the statement; here all dialects of a kind are one."""

    def get(self, key, default=None):
        return super().get(of_all(key), default)

    def __setitem__(self, key, statement) -> None:
        super().__setitem__(of_all(key), statement)


def of_all(key):
    dialect, *asked = key
    return (type(dialect), *asked)


def share_compiled():
    compiled = Compiled(MOST)

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.engine._compiled_cache = compiled
