"""The fake repository answers as a real one does over the same random history."""

import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.git_site import GitSite
from tests.fakes import FakeSite
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.ports import SiteConnector

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
paths = st.sampled_from(["a.json", "text/a.json", "text/deep/é b.json", "i18n/fr/a.json"])
trees = st.lists(
    st.dictionaries(paths, st.one_of(st.none(), st.binary(max_size=9)), max_size=3), min_size=1, max_size=4
)


class Git:
    """A real repository that is written in the same way."""

    def __init__(self, folder) -> None:
        self.folder, self.tree = folder, {}
        folder.mkdir()
        self.run("init", "--quiet", "--initial-branch=main")

    def run(self, *args: str, at=AT):
        moment = at.strftime("%Y-%m-%dT%H:%M:%S +0000")
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment, "GIT_CONFIG_NOSYSTEM": "1"}
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _ANA.items()}
        run = subprocess.run(
            ["git", *args], cwd=self.folder, check=True, capture_output=True, env=os.environ | dates | names
        )
        return run.stdout.decode().strip()

    def write(self, files, at):
        for path, content in files.items():
            place = self.folder / path
            if content is None:
                place.unlink(missing_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        self.run("add", "--all")
        self.run("commit", "--quiet", "--allow-empty", "-m", "change", at=at)
        return self.run("rev-parse", "HEAD")


_ANA = {"NAME": "Ana", "EMAIL": "ana@example.org"}


def told(commits, names):
    return [
        (
            names[commit.revision.id],
            commit.revision.at,
            commit.author.split(" <")[0],
            commit.message.strip(),
            commit.changes,
        )
        for commit in commits
    ]


def test_a_fake_site_is_a_site_connector():
    connector: SiteConnector = FakeSite()
    assert {name for name in vars(SiteConnector) if not name.startswith("_")} <= set(dir(connector))


@given(trees)
@settings(max_examples=5, deadline=None)
def test_a_fake_site_answers_as_git_does(tmp_path_factory, history):
    folder = tmp_path_factory.mktemp("git")
    git, fake = Git(folder / "site"), FakeSite()
    ids = []
    for place, files in enumerate(history):
        at = AT + timedelta(hours=place)
        ids.append((fake.write(files, at=at), git.write(files, at)))
    git.run("tag", "v1")
    fake.tag("v1")
    with GitSite(str(git.folder), branch="main", cache=folder / "cache") as real:
        fakes, reals = ({one[side]: place for place, one in enumerate(ids)} for side in (0, 1))
        for place, (one, other) in enumerate(ids):
            assert dict(fake.files(one)) == dict(real.files(other))
            assert fake.resolve(one).at == real.resolve(other).at
            assert fake.changes(ids[0][0], one) == real.changes(ids[0][1], other)
            assert fake.changes("", one) == real.changes("", other)
            known = [one], [other]
            head = ids[-1]
            assert told(fake.history(head[0], known[0]), fakes) == told(real.history(head[1], known[1]), reals)
            assert told(fake.history(one), fakes) == told(real.history(other), reals), place
        for path, blob in fake.files("main").items():
            assert fake.read(blob) == real.read(blob), path
            assert fake.size(blob) == real.size(blob)
        assert [(tag.name, tag.at) for tag in fake.tags("v*")] == [(tag.name, tag.at) for tag in real.tags("v*")]
        assert fake.tags("x*") == real.tags("x*") == ()
        for site in (fake, real):
            _commits_alike(site)


def _commits_alike(site):
    """Catalogs become one commit; the same catalogs none; what moved meanwhile is a conflict."""
    onto, at = site.resolve(""), AT + timedelta(days=1)
    made = site.commit(
        onto, {"i18n/ar/x.json": b"1"}, branch="catalogs", message="One\n\nTrailer: 1\n", at=at, push=False
    )
    assert site.read(site.files(made.id)["i18n/ar/x.json"]) == b"1"
    assert site.resolve("catalogs").id == made.id
    assert (
        site.commit(made, {"i18n/ar/x.json": b"1"}, branch="catalogs", message="Two", at=at, push=False).id == made.id
    )
    other = {"i18n/ar/x.json": b"2"}
    with pytest.raises(Conflict):
        site.commit(onto, other, branch="catalogs", message="Three", at=at, push=False)
    following = site.commit(onto, other, branch="catalogs", message="Four", at=at, push=False, after=made.id)
    assert [commit.message.strip() for commit in site.history(following.id, [onto.id])] == ["One\n\nTrailer: 1", "Four"]
    assert site.resolve("").id == onto.id
    with pytest.raises(NotFound):
        site.resolve("nowhere")
    with pytest.raises(NotFound):
        site.read("0" * 40)
