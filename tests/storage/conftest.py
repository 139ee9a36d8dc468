"""Stores for the tests of storage: an empty migrated one of their own each, on SQLite and on PostgreSQL."""

import psycopg
import pytest
from psycopg import sql

from tests.postgres import NoPostgres, running_server
from tm_service.storage.sql_store import SqlStore
from tm_service.storage.tables import metadata

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server for this worker; without one, tests fail instead of being left out."""
    try:
        with running_server() as server:
            yield server
    except NoPostgres as reason:
        pytest.fail(str(reason), pytrace=False)


@pytest.fixture(scope="session")
def migrated(postgres):
    """A PostgreSQL database with our tables; each test leaves it empty, which is fifty times quicker than another copy."""
    url = postgres.create()
    store = SqlStore(url)
    store.migrate()
    store.close()
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A SQLite file with our tables, to be copied."""
    place = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    store = SqlStore(f"sqlite:///{place}")
    store.migrate()
    store.close()
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
def url(request, tmp_path):
    """A database with our tables and nothing in them."""
    if request.param == "sqlite":
        place = tmp_path / "store.sqlite"
        place.write_bytes(request.getfixturevalue("migrated_file").read_bytes())
        yield f"sqlite:///{place}"
        return
    url = request.getfixturevalue("migrated")
    yield url
    empty(url)


def empty(url):
    with psycopg.connect(url, options="-c lock_timeout=20s") as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))


@pytest.fixture
def store(url):
    """A store over it, which must have given back every connection in the end."""
    store = SqlStore(url)
    yield store
    held = store.engine.pool.checkedout()
    store.close()
    assert held == 0, "a connection was not given back"


@pytest.fixture
def tx(store):
    """A transaction for tests that need one only."""
    with store.begin() as tx:
        yield tx
