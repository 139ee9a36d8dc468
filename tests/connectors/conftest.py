"""Real git repositories for the tests of connectors."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from connectors.git_site import GitSite
from connectors.record_site import RecordSite
from tests.connectors.record_fakes import Clock, MemoryStore, article, article_ref, record, record_ref, settle


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a work tree; each commit is an hour after the one before."""

    path: Path

    def git(self, *args: str, stdin=None, **env: str):
        done = subprocess.run(
            ["git", *args], cwd=self.path, input=stdin, capture_output=True, check=True, env={**os.environ, **env}
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files):
        for name, content in files.items():
            place = self.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, message="change", files=None, zone="+0530"):
        self.write(files or {})
        self.git("add", "--all")
        return self.commit_index(message, zone)

    def commit_index(self, message="change", zone="+0530"):
        hours = int(self.git("rev-list", "--all", "--count"))
        date = f"@{1_700_000_000 + hours * 3600} {zone}"
        env = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        self.git("commit", "--quiet", "--allow-empty", "-m", message, **env)
        return self.head

    @property
    def head(self):
        return self.git("rev-parse", "HEAD")

    def id(self, name):
        return self.git("rev-parse", name)

    def bare(self, name):
        place = self.path.parent / name
        self.git("clone", "--quiet", "--bare", str(self.path), str(place))
        return Repository(place)


def _own(home, patch):
    """No setting of this machine reaches the tests."""
    (home / ".gitconfig").write_text("[user]\nname = Ana\nemail = ana@example.org\n[init]\ndefaultBranch = main\n")
    patch.setenv("HOME", str(home))
    patch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(autouse=True)
def _own_git_settings(tmp_path_factory, monkeypatch):
    _own(tmp_path_factory.mktemp("home"), monkeypatch)


def _made(place):
    place.mkdir()
    repository = Repository(place)
    repository.git("init", "--quiet")
    return repository


@pytest.fixture
def new_repository(tmp_path):
    return lambda name="site": _made(tmp_path / name)


@pytest.fixture(scope="session")
def _two_commits(tmp_path_factory):
    """Made once and copied for each test."""
    folder = tmp_path_factory.mktemp("two-commits")
    with pytest.MonkeyPatch.context() as patch:
        _own(folder, patch)
        made = _made(folder / "site")
        made.commit("first", {"en/app.json": '{"a": "one"}', "fr/app.json": '{"a": "un"}'})
        made.commit("second", {"en/app.json": '{"a": "two"}'})
    return made.path


@pytest.fixture
def repository(_two_commits, tmp_path):
    """Two commits on main: English and French, then an edit."""
    return Repository(copytree(_two_commits, tmp_path / "site", symlinks=True))


@pytest.fixture
def open_site(tmp_path):
    """Open sites and close them when the test ends."""
    opened = []

    def opening(address, branch="main", **options: object):
        site = GitSite(str(address), branch=branch, cache=tmp_path / "cache", **options)
        opened.append(site)
        return site

    yield opening
    for site in opened:
        site.close()


@pytest.fixture
def open_records(tmp_path):
    opened = []
    clock = Clock()

    def opening(store, settler=settle, **options: object):
        site = RecordSite(store, tmp_path / "mirror", settler, **({"clock": clock, "patience": 5} | options))
        opened.append(site)
        return site

    yield opening
    for site in opened:
        site.close()


@pytest.fixture
def store():
    made = MemoryStore()
    for number in (1, 2, 3):
        made.save(article_ref(number), article(number))
        made.save(record_ref(number), record(number))
    return made


@pytest.fixture
def site(store, open_records):
    made = open_records(store)
    made.refresh()
    made.refresh()  # what was in doubt is sure now
    store.reads.clear()
    return made
