"""Bundles: everything of a repository of ours in one file, with commits that no branch leads to any more, and back."""

import pytest

from connectors.git_bundles import bundle, unbundle
from connectors.git_site import GitSite
from connectors.mirror import Mirror
from tests.connectors.conftest import Repository
from tm_service.domain.errors import ConfigurationError, ConnectorError


@pytest.fixture
def clone(repository, tmp_path):
    """A bare clone as the house keeps one, of a remote with two commits."""
    repository.commit("one", {"a.json": "{}"})
    repository.commit("two", {"a.json": '{"seed": "graine"}'})
    with GitSite(f"file://{repository.path}", branch="main", cache=tmp_path / "clones") as site:
        site.refresh()
    (place,) = (tmp_path / "clones").glob("*.git")
    return Repository(place)


def everything(repository):
    return repository.git("for-each-ref"), repository.git("rev-list", "--all")


def test_a_repository_comes_back_with_all_its_refs(clone, tmp_path):
    head = bundle(clone.path, tmp_path / "b", ())
    back = Repository(tmp_path / "back.git")
    unbundle(tmp_path / "b", back.path, head)
    assert everything(back) == everything(clone)
    assert back.git("symbolic-ref", "HEAD") == clone.git("symbolic-ref", "HEAD") == head
    assert back.git("fsck", "--full") == ""


def test_a_commit_that_no_branch_leads_to_is_in_it_when_it_is_named(clone, repository, tmp_path):
    lost = repository.head
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    with GitSite(f"file://{repository.path}", branch="main", cache=clone.path.parent) as site:
        site.refresh()
    assert lost not in clone.git("rev-list", "--all")
    head = bundle(clone.path, tmp_path / "b", {lost, "0" * 40, "no commit", ""})
    unbundle(tmp_path / "b", tmp_path / "back.git", head)
    assert Repository(tmp_path / "back.git").git("cat-file", "-t", lost) == "commit"
    with GitSite(f"file://{repository.path}", branch="main", cache=clone.path.parent) as site:
        site.refresh()
    assert lost in clone.git("rev-list", "--all"), "from now on nothing tidies it away"


def test_an_empty_repository_makes_no_bundle(tmp_path):
    mirror = Mirror(tmp_path / "mirror", "main")
    mirror.prepare()
    mirror.close()
    assert bundle(mirror.repository, tmp_path / "b", ()) is None
    assert not (tmp_path / "b").exists()


def test_a_mirror_comes_back_as_mirrors_are(clone, tmp_path):
    head = bundle(clone.path, tmp_path / "b", ())
    back = Repository(tmp_path / "mirrored" / "mirror.git")
    unbundle(tmp_path / "b", back.path, head)
    assert back.git("config", "core.fsync") == "committed,reference"
    assert back.git("symbolic-ref", "HEAD") == head


@pytest.mark.parametrize("head", ["main", "refs/tags/x", "--upload-pack=x", "refs/heads/../../x", "refs/heads/\n", ""])
def test_a_head_that_is_no_branch_is_refused_before_anything_is_made(clone, tmp_path, head):
    bundle(clone.path, tmp_path / "b", ())
    with pytest.raises(ConfigurationError):
        unbundle(tmp_path / "b", tmp_path / "mirrored" / "mirror.git", head)
    assert not (tmp_path / "mirrored").exists()


def test_what_is_no_bundle_and_what_is_no_repository_is_said(tmp_path):
    (tmp_path / "b").write_bytes(b"no bundle")
    with pytest.raises(ConnectorError, match="could not unpack a bundle into"):
        unbundle(tmp_path / "b", tmp_path / "back.git", "refs/heads/main")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigurationError, match="folder is not a git repository"):
        bundle(tmp_path / "folder", tmp_path / "c", ())
