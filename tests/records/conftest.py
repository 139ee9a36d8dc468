"""Records rooms for these tests: an empty one each, on SQLite and on PostgreSQL, with a clock set by hand."""

import psycopg
import pytest
from psycopg import sql

from tests.postgres import NoPostgres, running_server
from tests.records.samples import Clock, make_room
from tm_service.records.migrate import migrate
from tm_service.records.tables import metadata
from tm_service.storage.sql_store import SqlStore

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server for this worker; without one, tests fail instead of being left out."""
    try:
        with running_server() as server:
            yield server
    except NoPostgres as reason:
        pytest.fail(str(reason), pytrace=False)


def migrated(url):
    store = SqlStore(url)
    migrate(store.connected)
    store.close()
    return url


@pytest.fixture(scope="session")
def migrated_database(postgres):
    return migrated(postgres.create())


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    place = tmp_path_factory.mktemp("migrated") / "records.sqlite"
    migrated(f"sqlite:///{place}")
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
        place = tmp_path / "records.sqlite"
        place.write_bytes(request.getfixturevalue("migrated_file").read_bytes())
        yield f"sqlite:///{place}"
        return
    url = request.getfixturevalue("migrated_database")
    yield url
    empty(url)


def empty(url):
    with psycopg.connect(url, options="-c lock_timeout=20s") as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))


@pytest.fixture
def store(url):
    store = SqlStore(url)
    yield store
    held = store.engine.pool.checkedout()
    store.close()
    assert held == 0, "a connection was not given back"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def room(store, clock):
    return make_room(store.connected, clock)
