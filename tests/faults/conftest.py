"""Houses for fault tests, made once on each database and copied for each test."""

import socket
from itertools import count

import pytest

from tests.faults.cluster import running_cluster
from tests.faults.houses import walked

_numbers = count(1)


@pytest.fixture(scope="session")
def _on_sqlite(tmp_path_factory):
    return walked(tmp_path_factory.mktemp("walked") / "house")


@pytest.fixture(scope="session")
def cluster():
    with running_cluster() as made:
        yield made


@pytest.fixture(scope="session")
def _on_postgres(tmp_path_factory, cluster):
    made = walked(tmp_path_factory.mktemp("walked-pg") / "house", cluster.server().create())
    cluster.restart()  # commands in this process leave their connections open, and nobody copies a database in use
    return made


@pytest.fixture
def embedded(_on_sqlite, tmp_path):
    """A house over SQLite."""
    return _on_sqlite.copied(tmp_path / "house")


@pytest.fixture
def served(_on_postgres, cluster, tmp_path):
    """Gives houses over a PostgreSQL that may be stopped, each another one."""
    server = cluster.server()

    def another():
        copy = _on_postgres.copied(tmp_path / f"house-{next(_numbers)}")
        return copy.over(server.create(_on_postgres.database))

    yield another
    server.drop_all()


@pytest.fixture
def to_server(cluster):
    """A connection to the server's own socket."""

    def connect():
        far = socket.socket(socket.AF_UNIX)
        far.connect(cluster.socket)
        return far

    return connect
