"""Databases for tests of rooms that keep tables: an empty one each, on SQLite and on PostgreSQL.

A room's conftest imports these fixtures and says by `tables` which tables they are made of.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import MetaData

from tests.postgres import NoPostgres, running_server
from tm_service.storage.sql_store import SqlStore
from tm_service.storage.tables import metadata

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class RoomTables:
    """The tables of a room; triggers guard the `appended` ones against being emptied."""

    migrate: Callable[[SqlStore], None]
    metadata: MetaData
    appended: Collection[str] = ()

    def make(self, url):
        store = SqlStore(url)
        self.migrate(store)
        store.close()
        return url

    def empty(self, url):
        with psycopg.connect(url, options="-c lock_timeout=20s") as connection:
            for table in reversed(self.metadata.sorted_tables):
                name = sql.Identifier(table.name)
                guarded = table.name in self.appended
                if guarded:
                    connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
                connection.execute(sql.SQL("DELETE FROM {}").format(name))
                if guarded:
                    connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server for this worker; without one, tests fail instead of being left out."""
    try:
        with running_server() as server:
            yield server
    except NoPostgres as reason:
        pytest.fail(str(reason), pytrace=False)


@pytest.fixture(scope="session")
def tables():
    """The house's own, unless a room says others."""
    return RoomTables(lambda made: made.migrate(), metadata, appended=("journal", "pseudonym"))


@pytest.fixture(scope="session")
def migrated(postgres, tables):
    """A PostgreSQL database with the tables; each test leaves it empty, which is fifty times quicker than another copy."""
    return tables.make(postgres.create())


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory, tables):
    """A SQLite file with the tables, to be copied."""
    place = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    tables.make(f"sqlite:///{place}")
    return place


@pytest.fixture(params=DATABASES)
def empty_url(request, tmp_path):
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(params=DATABASES)
def url(request, tmp_path, tables):
    """A database with the tables and nothing in them."""
    if request.param == "sqlite":
        place = tmp_path / "store.sqlite"
        place.write_bytes(request.getfixturevalue("migrated_file").read_bytes())
        yield f"sqlite:///{place}"
        return
    url = request.getfixturevalue("migrated")
    yield url
    tables.empty(url)


@pytest.fixture
def store(url):
    """A store over it, which must have given back every connection in the end."""
    store = SqlStore(url)
    yield store
    held = store.engine.pool.checkedout()
    store.close()
    assert held == 0, "a connection was not given back"
