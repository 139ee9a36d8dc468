"""The site's remote is down, hangs, drips, refuses, moves, or takes a push whose answer is lost."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors import git_clones, git_commits
from tests.cli.houses import GIT, commit, git
from tests.faults.houses import SITE, Walked
from tests.faults.laws import hold
from tests.worker.test_worker_faults import work
from tm_service.domain.errors import ConnectorError, NotFound
from tm_service.domain.jobs import JobKind, JobStatus

pytestmark = pytest.mark.slow
SSH = Path(__file__).with_name("faulty_ssh.py")


@dataclass(frozen=True)
class Remote:
    """The site's repository at the other end of a line that a test breaks."""

    house: Walked
    path: Path

    def told(self, mode: str):
        (self.house.root / "ssh").write_text(mode, "utf-8")

    @property
    def service(self):
        return self.house.service()

    def commits(self, branch: str):
        """Our commits on a branch, newest first."""
        listing = git(self.path, "log", "--format=%H", "--grep=^Translations-Deployment: ", f"refs/heads/{branch}")
        return listing.split()

    def colleague(self):
        """A clone in which somebody has committed and not pushed yet."""
        place = self.house.root / "colleague"
        git(self.house.root, "clone", "--quiet", str(self.path), str(place))
        return place, commit(place, {"texts/pool.json": {"deep": "The pool is two metres deep"}}, "A pool")


@pytest.fixture
def remote(embedded, monkeypatch):
    path = embedded.root / "remote.git"
    git(embedded.root, "clone", "--quiet", "--bare", str(embedded.site), str(path))
    embedded.describe('"site"', f'"ssh://git@reef.example.org{path}"')
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_SSH_COMMAND", f"{sys.executable} {SSH}")
    monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")
    monkeypatch.setenv("FAULTY_SSH", str(embedded.root / "ssh"))
    made = Remote(embedded, path)
    made.told("")
    made.service.detect(SITE)
    yield made
    made.told("")
    hold(made.service, SITE, embedded.home / "keys", embedded.home / "clones")


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(git_clones, "LONGEST_ANSWER", 1.0)


def speaking(path):
    """Processes that still have to do with this repository."""
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if str(path) in line]


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_a_remote_that_never_ends_is_given_up_with_all_its_processes(remote, impatient, mode):
    remote.told(mode)
    with pytest.raises(ConnectorError, match="it did not end within 1 seconds"):
        remote.service.detect(SITE)
    assert speaking(remote.path) == []


def test_a_remote_that_is_down_is_named(remote):
    remote.told("down")
    with pytest.raises(ConnectorError, match=r"Git could not fetch from ssh://.*Connection refused"):
        remote.service.deploy(SITE, push=True)
    remote.told("")
    assert remote.service.deploy(SITE, push=True).deployment.number == 2


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(embedded, impatient):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        embedded.describe('"site"', f'"https://127.0.0.1:{mute.getsockname()[1]}/reef.git"')
        with pytest.raises(ConnectorError, match="it did not end within 1 seconds"):
            embedded.service().detect(SITE)


@pytest.mark.parametrize("branch", ["main", "translations"])
def test_a_push_that_hangs_moves_nothing(remote, monkeypatch, branch):
    remote.house.describe('branch     = "main"', f'branch     = "main"\npush_branch = "{branch}"')
    remote.told("hang push")
    monkeypatch.setattr(git_commits, "LONGEST_PUSH", 1.0)
    with pytest.raises(ConnectorError, match="Git could not push"):
        remote.service.deploy(SITE, push=True)
    assert [one.number for one in remote.service.deployments(SITE)] == [1]
    assert speaking(remote.path) == []
    remote.told("")
    monkeypatch.setattr(git_commits, "LONGEST_PUSH", 120.0)
    made = remote.service.deploy(SITE, push=True).deployment
    assert (made.number, remote.commits(branch)) == (2, [made.commit])


@pytest.mark.parametrize("branch", ["main", "translations"])
@pytest.mark.parametrize("mode", ["lost", "lost and down"])
def test_a_push_whose_answer_was_lost_is_known_again(remote, branch, mode):
    remote.house.describe('branch     = "main"', f'branch     = "main"\npush_branch = "{branch}"')
    remote.told(mode)
    if mode == "lost and down":
        with pytest.raises(ConnectorError, match="Git could not push"):
            remote.service.deploy(SITE, push=True)
        assert [one.number for one in remote.service.deployments(SITE)] == [1]
        assert len(remote.commits(branch)) == 1
        remote.told("")
    made = remote.service.deploy(SITE, push=True).deployment
    assert made.number == 2
    assert remote.commits(branch) == [made.commit]
    served = remote.service.catalogs(SITE, 2)
    shown = {path: git(remote.path, "show", f"{branch}:{path}") for path in served}
    assert {path: json.loads(text) for path, text in shown.items()} == {
        path: json.loads(content) for path, content in served.items()
    }
    assert remote.service.deploy(SITE, push=True).deployment.number == 3


@pytest.mark.parametrize("branch", ["main", "translations"])
def test_a_worker_killed_after_its_push_pushes_nothing_twice(remote, tmp_path, branch):
    remote.house.describe('branch     = "main"', f'branch     = "main"\npush_branch = "{branch}"')
    counts = []
    for number in (2, 3):  # before its deployment is kept, and before it is noted that it is done
        house = remote.house.copied(tmp_path / f"killed-{number}")
        shutil.rmtree(house.home / "clones")
        there = Remote(house, house.root / "remote.git")
        house.describe(str(remote.path), str(there.path))
        job = house.service().jobs.ask(JobKind.DEPLOY, SITE, {"push": True}, by="Ana").id
        code, _ = work(house, "before", number)
        counts.append(
            len(there.commits(branch)) if code == -signal.SIGKILL and branch in git(there.path, "branch") else 0
        )
        (done,) = house.finished(job)
        assert done.status is JobStatus.DONE, done
        (made,) = (one for one in house.service().deployments(SITE) if one.number == 2)
        assert there.commits(branch) == [made.commit], number
        hold(house.service(), SITE, house.home)
    assert 1 in counts, "it was never killed between the push and its end"


@pytest.mark.parametrize("hook", ["pre-receive", "update"])
def test_a_remote_that_refuses_says_why_and_nothing_is_served(remote, hook):
    place = remote.path / "hooks" / hook
    place.parent.mkdir(exist_ok=True)
    place.write_text("#!/bin/sh\necho 'only the harbour office may push' >&2\nexit 1\n")
    place.chmod(0o755)
    with pytest.raises(ConnectorError, match=r"Git could not push 'main' .*hook declined"):
        remote.service.deploy(SITE, push=True)
    assert [one.number for one in remote.service.deployments(SITE)] == [1]
    place.unlink()
    made = remote.service.deploy(SITE, push=True).deployment
    assert (made.number, remote.commits("main")) == (2, [made.commit])


def test_what_somebody_pushed_meanwhile_stays_and_ours_comes_after_it(remote):
    _, theirs = remote.colleague()
    remote.told("race")
    made = remote.service.deploy(SITE, push=True).deployment
    assert (made.number, made.revision) == (2, theirs)
    assert git(remote.path, "log", "--format=%H", "-2", "main").split() == [made.commit, theirs]


def test_a_history_that_was_rewritten_is_followed(remote):
    place, _ = remote.colleague()
    git(place, "checkout", "--quiet", "--orphan", "other")
    git(place, "commit", "--quiet", "-m", "Everything anew")
    git(place, "push", "--quiet", "--force", "origin", "other:main")
    made = remote.service.deploy(SITE).deployment
    assert (made.number, made.revision) == (2, git(place, "rev-parse", "other"))


def test_another_repository_under_the_same_address_takes_nothing_from_readers(remote):
    """Its texts are the same, its history is another one, and of the old one nothing is left."""
    shutil.rmtree(remote.path)
    other = remote.house.root / "other"
    other.mkdir()
    git(other, "init", "--quiet", "--initial-branch=main", "--template=")
    files = {path: (remote.house.site / path).read_bytes() for path in ("texts/home.json", "texts/tickets.json")}
    commit(other, files, "Begun anew")
    git(remote.house.root, "clone", "--quiet", "--bare", str(other), str(remote.path))
    shutil.rmtree(remote.house.home / "clones")
    made = remote.service.deploy(SITE, push=True).deployment
    assert made.number == 2
    assert {locale: found.units.current for locale, found in made.coverage.items()}.keys() == {"ar", "fr"}


def test_a_branch_that_was_renamed_is_asked_for_by_name(remote):
    git(remote.path, "branch", "--move", "main", "trunk")
    with pytest.raises(NotFound, match=r"has no branch 'main'; its branches are: trunk\. Mend `branch`"):
        remote.service.deploy(SITE, push=True)
    remote.house.describe('branch     = "main"', 'branch     = "trunk"')
    assert remote.service.deploy(SITE, push=True).deployment.number == 2
