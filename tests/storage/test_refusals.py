"""What cannot be opened is said in one sentence, and no sentence holds a password."""

import os
import sys
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tm_service.domain.errors import ConfigurationError, ConnectorError, ServiceError
from tm_service.storage.sql_store import SqlStore

SECRET = "s3cr3t"  # noqa: S105 - no password of anything


def refusal(url):
    """What a person is told who starts the house with this database."""
    with pytest.raises(ServiceError) as caught:
        _start(url)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


def _start(url):
    store = SqlStore(url)
    try:
        store.migrate()
    finally:
        store.close()


@contextmanager
def nobody():
    """This process without root's rights, where it has them."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


@pytest.fixture
def locked_folder():
    """A folder that may be entered and read, not written."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is no database URL"),
        ("store.sqlite", "is no database URL"),
        ("postgresql://user:s3cr3t@host:port/db", "is no database URL"),
        ("postgresql://user:s3cr3t@/db?host=127.0.0.1&host=/nowhere&port=1&port=2", "is no database URL"),
        ("mysql://user:s3cr3t@host/db", "names mysql; use sqlite or postgresql"),
        ("s3cr3t", "is no database URL"),
        ("sqlite://", "in memory forgets"),
        ("sqlite:///:memory:", "in memory forgets"),
    ],
)
def test_an_address_that_is_wrong_is_a_mistake_in_the_settings(url, sentence):
    error = refusal(url)
    assert isinstance(error, ConfigurationError)
    assert sentence in str(error)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    error = refusal(f"sqlite:///{tmp_path / 'file' / 'store.sqlite'}")
    assert isinstance(error, ConfigurationError)
    assert str(tmp_path / "file") in str(error)


def test_a_store_in_a_folder_that_cannot_be_written_is_named(locked_folder):
    with nobody():
        error = refusal(f"sqlite:///{locked_folder / 'store.sqlite'}")
        assert "unable to open database file" in str(error)
        assert isinstance(refusal(f"sqlite:///{locked_folder / 'new' / 'store.sqlite'}"), ConfigurationError)


def test_a_store_that_may_be_read_but_not_written_is_refused(locked_folder, migrated_file):
    place = locked_folder / "store.sqlite"
    locked_folder.chmod(0o755)
    place.write_bytes(migrated_file.read_bytes())
    place.chmod(0o444)
    locked_folder.chmod(0o555)
    with nobody():
        store = SqlStore(f"sqlite:///{place}")
        with pytest.raises(ConnectorError, match="cannot be used"), store.begin() as tx:
            tx.set_learned("absch", "x")
        store.close()


@pytest.mark.parametrize("content", [b"not a database, not at all" * 400, None], ids=["other file", "folder"])
def test_what_is_no_database_is_refused(tmp_path, content):
    place = tmp_path / "store.sqlite"
    place.mkdir() if content is None else place.write_bytes(content)
    error = refusal(f"sqlite:///{place}")
    assert isinstance(error, ConnectorError)
    assert str(place) in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:s3cr3t@127.0.0.1:1/db",
        "postgresql+psycopg://user:s3cr3t@127.0.0.1:1/db",
        "postgresql://user@127.0.0.1:1/db?password=s3cr3t",
        "postgresql://user:s3cr3t@127.0.0.1:1/db?passwd=s3cr3t",
        "postgresql://user:a/s3cr3t@127.0.0.1:1/db",
        "postgresql:///db?host=/nowhere&password=s3cr3t",
        "postgresql://user:s3cr3t@/db?host=127.0.0.1,/nowhere&port=1,2",
    ],
)
def test_a_server_that_is_not_there_is_named_without_its_password(url):
    error = refusal(url)
    assert isinstance(error, ConnectorError)
    assert "/db cannot be used" in str(error)


def test_a_database_that_is_not_there_is_named(postgres):
    url = make_url(postgres.url).set(database="missing", password=SECRET).render_as_string(hide_password=False)
    error = refusal(url)
    assert isinstance(error, ConnectorError)
    assert 'database "missing" does not exist' in str(error)


def test_postgresql_without_its_driver_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "install tm-service[scale]" in str(refusal("postgresql://user@host/db"))
