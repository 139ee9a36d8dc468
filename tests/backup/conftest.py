"""A house that has lived, its backup, and empty homes beside empty databases of both kinds."""

import pytest

from tests.backup.houses import Kept, kept, live
from tests.cli.houses import own_git  # noqa: F401 - a fixture
from tests.databases import DATABASES, postgres  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def lived(tmp_path_factory):
    """The house, and what only who was there knows."""
    return live(tmp_path_factory.mktemp("lived") / "house")


@pytest.fixture(scope="session")
def origin(lived) -> Kept:
    """Never changed by a test, but for a journal entry a backup."""
    return kept(lived[0].home)


@pytest.fixture(scope="session")
def archive(origin, tmp_path_factory):
    """Its backup, with keys."""
    file = tmp_path_factory.mktemp("archive") / "backup.zip"
    origin.backups.backup(file, keys=True)
    return file


@pytest.fixture
def empty(tmp_path, request):
    """Makes empty homes: `empty("sqlite")`, `empty("postgresql")`."""
    made: list[str] = []

    def make(database="sqlite"):
        home = tmp_path / f"home-{len(made)}"
        url = "" if database == "sqlite" else request.getfixturevalue("postgres").create()
        made.append(url)
        return kept(home, url)

    yield make
    for url in filter(None, made):
        request.getfixturevalue("postgres").drop(url)


@pytest.fixture(params=DATABASES)
def other(request, empty) -> Kept:
    """An empty home over an empty database."""
    return empty(request.param)
