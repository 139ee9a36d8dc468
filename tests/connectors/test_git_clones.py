"""Clones, pushes and what stays where when two people write."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tm_service.domain.errors import ConfigurationError, Conflict, ConnectorError, NotFound
from tm_service.domain.findings import Severity

pytestmark = pytest.mark.slow

AT = datetime(2024, 7, 30, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def remote(repository):
    """Give the bare repository that everyone pushes to."""
    return repository.bare("remote.git")


@pytest.fixture(params=["file-url", "path"])
def pushing(request, remote, open_site, repository):
    """Open the remote through a clone of ours, and through a bare repository of this machine whose origin it is."""
    if request.param == "file-url":
        return open_site(f"file://{remote.path}")
    remote.git("clone", "--quiet", "--bare", str(remote.path), str(remote.path.parent / "working.git"))
    return open_site(remote.path.parent / "working.git")


def _elsewhere(remote, branch, content="theirs"):
    """Someone else pushes to the remote."""
    blob = remote.git("hash-object", "-w", "--stdin", stdin=content.encode())
    tree = remote.git("mktree", stdin=f"100644 blob {blob}\tother.json\n".encode())
    commit = remote.git("commit-tree", tree, "-p", "main", "-m", content)
    remote.git("update-ref", f"refs/heads/{branch}", commit)
    return commit


def _commit(site, onto, content=b"ours", branch="catalogs", *, push=False):
    return site.commit(onto, {"fr/app.json": content}, branch=branch, message="Catalogs", at=AT, push=push)


def test_a_push_reaches_the_remote(pushing, remote):
    made = _commit(pushing, pushing.resolve(""), push=True)
    assert remote.id("refs/heads/catalogs") == made.id
    assert pushing.resolve("catalogs").id == made.id
    again = _commit(pushing, made, b"more", push=True)
    assert remote.id("refs/heads/catalogs") == again.id


def test_a_remote_that_moved_meanwhile_is_a_conflict_and_nothing_moves(pushing, remote):
    made = _commit(pushing, pushing.resolve(""), push=True)
    theirs = _elsewhere(remote, "catalogs")
    with pytest.raises(Conflict, match=r"branch 'catalogs' .* moved meanwhile; look again and retry"):
        _commit(pushing, made, b"more", push=True)
    assert remote.id("refs/heads/catalogs") == theirs
    assert pushing.resolve("catalogs").id == made.id


def test_a_remote_branch_that_appeared_meanwhile_is_a_conflict_and_no_branch_is_left(pushing, remote):
    onto = pushing.resolve("")
    theirs = _elsewhere(remote, "catalogs")
    with pytest.raises(Conflict):
        _commit(pushing, onto, push=True)
    assert remote.id("refs/heads/catalogs") == theirs
    with pytest.raises(NotFound):
        pushing.resolve("catalogs")


def test_a_push_the_remote_refuses_is_an_error_and_nothing_moves(pushing, remote):
    hook = remote.path / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(ConnectorError, match=r"could not push 'catalogs' from .*pre-receive hook declined"):
        _commit(pushing, pushing.resolve(""), push=True)
    with pytest.raises(NotFound):
        pushing.resolve("catalogs")


def test_what_was_committed_without_a_push_is_pushed_when_asked(pushing, remote):
    made = _commit(pushing, pushing.resolve(""))
    assert "catalogs" not in remote.git("branch")
    assert _commit(pushing, made, push=True) == made
    assert remote.id("refs/heads/catalogs") == made.id


def test_an_origin_that_is_not_there_is_named(open_site, repository):
    site = open_site(repository.bare("alone.git").path)
    site._git.run("test", "config", "--unset", "remote.origin.url")
    with pytest.raises(ConfigurationError, match="no remote named origin"):
        _commit(site, site.resolve(""), push=True)
    with pytest.raises(NotFound):
        site.resolve("catalogs")


def test_a_bundle_takes_no_push(open_site, repository):
    place = repository.path.parent / "site.bundle"
    repository.git("bundle", "create", "--quiet", str(place), "--all")
    site = open_site(place)
    with pytest.raises(ConfigurationError, match="is a bundle and takes no push"):
        _commit(site, site.resolve(""), push=True)


def test_the_push_branch_is_where_commits_go_unless_told_otherwise(open_site, remote):
    site = open_site(f"file://{remote.path}", push_branch="translations")
    made = site.commit(site.resolve(""), {"a": b"1"}, branch="", message="m", at=AT, push=True)
    assert remote.id("refs/heads/translations") == made.id


def test_a_branch_in_a_work_tree_is_not_moved(open_site, repository):
    site = open_site(repository.path)
    before = repository.head
    with pytest.raises(ConfigurationError, match=r"'main' is checked out .* configure another `push_branch`"):
        _commit(site, site.resolve(""), branch="main")
    assert (repository.head, repository.git("status", "--porcelain")) == (before, "")


def test_a_branch_in_a_second_work_tree_is_not_moved(open_site, repository):
    repository.git("worktree", "add", "--quiet", "-b", "second", str(repository.path.parent / "second"))
    with pytest.raises(ConfigurationError, match="'second' is checked out"):
        _commit(open_site(repository.path), open_site(repository.path).resolve(""), branch="second")
    linked = open_site(repository.path.parent / "second")
    assert linked.resolve("HEAD").id == repository.head


def test_a_commit_leaves_the_work_tree_alone(open_site, repository):
    site = open_site(repository.path)
    made = _commit(site, site.resolve(""))
    assert repository.git("status", "--porcelain") == ""
    assert repository.id("catalogs") == made.id


def test_a_clone_is_brought_up_to_date_when_asked(open_site, repository):
    repository.git("branch", "old")
    repository.git("tag", "gone")
    site = open_site(f"file://{repository.path}")
    before = site.resolve("")
    repository.commit("third", {"c": "1"})
    repository.git("branch", "-D", "old")
    repository.git("tag", "-d", "gone")
    repository.git("tag", "new")
    assert site.resolve("") == before
    site.refresh()
    assert site.resolve("").id == repository.head
    assert [tag.name for tag in site.tags()] == ["new"]
    with pytest.raises(NotFound):
        site.resolve("old")


def test_opening_a_clone_again_fetches_into_the_same_folder(open_site, repository, tmp_path):
    first = open_site(f"file://{repository.path}").resolve("")
    head = repository.commit("third", {"c": "1"})
    site = open_site(f"file://{repository.path}")
    assert site.resolve("").id == head != first.id
    assert len(list((tmp_path / "cache").glob("*.git"))) == 1


def test_a_path_is_read_where_it_stands(open_site, repository, tmp_path):
    site = open_site(repository.path)
    site.resolve("")
    head = repository.commit("third", {"c": "1"})
    site.refresh()
    assert site.resolve("").id == head
    assert not (tmp_path / "cache").exists()


def test_commits_that_were_not_pushed_stay_in_the_clone(open_site, remote):
    site = open_site(f"file://{remote.path}")
    made = _commit(site, site.resolve(""))
    on_main = _commit(site, site.resolve(""), branch="main")
    site.refresh()
    assert (site.resolve("catalogs").id, site.resolve("").id) == (made.id, on_main.id)


def test_a_pushed_branch_that_the_remote_dropped_is_gone_here_too(open_site, remote):
    site = open_site(f"file://{remote.path}")
    _commit(site, site.resolve(""), push=True)
    remote.git("branch", "-D", "catalogs")
    site.refresh()
    with pytest.raises(NotFound):
        site.resolve("catalogs")


def test_where_the_remote_went_another_way_it_is_followed_and_ours_is_kept(open_site, remote):
    site = open_site(f"file://{remote.path}")
    ours = _commit(site, site.resolve(""), branch="main")
    theirs = _elsewhere(remote, "main")
    site.refresh()
    assert site.resolve("").id == theirs
    assert site.resolve(f"refs/kept/main/{ours.id}").id == ours.id
    (finding,) = site.findings()
    assert "1 commits" in finding.message
    assert _commit(site, site.resolve(""), branch="main", push=True).id == remote.id("main")


def test_a_default_branch_that_was_renamed_is_named(open_site, repository):
    repository.git("branch", "-m", "main", "trunk")
    for address in (repository.path, f"file://{repository.path}"):
        site = open_site(address)
        with pytest.raises(NotFound, match="no branch 'main'; its branches are: trunk"):
            site.resolve("")
        assert site.resolve("HEAD").id == repository.head


def test_a_head_that_points_nowhere_hinders_nothing_else(open_site, remote):
    remote.git("symbolic-ref", "HEAD", "refs/heads/gone")
    site = open_site(f"file://{remote.path}")
    assert site.resolve("").id == remote.id("main")
    with pytest.raises(NotFound):
        site.resolve("HEAD")


def test_a_shallow_clone_says_what_mends_it(open_site, repository):
    place = repository.path.parent / "shallow"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.path}", str(place))
    for address in (place, f"file://{place}"):
        site = open_site(address)
        (finding,) = site.findings()
        assert (finding.check, finding.severity) == ("history", Severity.WARNING)
        assert f"{address} is a shallow clone" in finding.message
        assert "git fetch --unshallow" in finding.message
        assert len(list(site.history("HEAD"))) == 1


def test_a_push_from_a_shallow_repository_reaches_its_origin(open_site, repository):
    place = repository.path.parent / "shallow.git"
    repository.git("clone", "--quiet", "--bare", "--depth=1", f"file://{repository.path}", str(place))
    site = open_site(place)
    made = _commit(site, site.resolve(""), push=True)
    assert repository.id("catalogs") == made.id


@pytest.mark.parametrize("make", [None, "folder", "file"])
def test_what_is_no_repository_is_said_in_one_sentence(open_site, tmp_path, make):
    place = tmp_path / "thing"
    if make == "folder":
        place.mkdir()
    if make == "file":
        place.write_bytes(b"no bundle")
    with pytest.raises((ConfigurationError, ConnectorError), match="thing") as caught:
        open_site(place).resolve("")
    assert "\n" not in str(caught.value)


def test_a_remote_that_is_not_there_is_a_connector_error(open_site, tmp_path):
    with pytest.raises(ConnectorError, match=r"^Git could not fetch from file:///.*\.$"):
        open_site(f"file://{tmp_path}/nowhere.git").resolve("")


def test_a_folder_inside_a_repository_is_not_the_repository(open_site, repository):
    with pytest.raises(ConfigurationError, match="is not a git repository"):
        open_site(repository.path / "en").resolve("")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
def test_a_repository_of_another_user_is_read_and_written(open_site, repository):
    for folder, _, names in os.walk(repository.path):
        for place in [Path(folder), *(Path(folder, name) for name in names)]:
            os.chown(place, 65534, 65534)
    site = open_site(repository.path)
    revision = site.resolve("")
    assert site.read(site.files(revision.id)["en/app.json"]) == b'{"a": "two"}'
    assert _commit(site, revision).name == "catalogs"
    with pytest.raises(ConnectorError, match="belongs to another user; name it as a path"):
        open_site(f"file://{repository.path}").resolve("")


def _source_moves_on(remote):
    """The site's own branch gets a commit."""
    blob = remote.git("hash-object", "-w", "--stdin", stdin=b'{"a": "new"}')
    tree = remote.git("mktree", stdin=f"100644 blob {blob}\ten.json\n".encode())
    commit = remote.git("commit-tree", tree, "-p", "main", "-m", "source")
    remote.git("update-ref", "refs/heads/main", commit)
    return commit


def test_a_branch_for_catalogs_goes_on_from_our_last_commit_and_the_new_revision(remote, open_site):
    site = open_site(f"file://{remote.path}")
    first = _commit(site, site.resolve(""), push=True)
    source = _source_moves_on(remote)
    site.refresh()
    second = site.commit(
        site.resolve(""), {"fr/app.json": b"ours"}, branch="catalogs", message="Two", at=AT, push=True, after=first.id
    )
    assert remote.git("rev-parse", f"{second.id}^1", f"{second.id}^2").split() == [first.id, source]
    assert remote.id("refs/heads/catalogs") == second.id
    assert remote.git("ls-tree", "-r", "--name-only", second.id).split() == ["en.json", "fr/app.json"]


def test_the_same_catalogs_again_make_no_commit_on_their_branch(remote, open_site):
    site = open_site(f"file://{remote.path}")
    onto = site.resolve("")
    first = _commit(site, onto, push=True)
    again = site.commit(
        onto, {"fr/app.json": b"ours"}, branch="catalogs", message="Again", at=AT, push=True, after=first.id
    )
    assert again.id == first.id
    assert remote.id("refs/heads/catalogs") == first.id


def test_a_commit_of_somebody_else_on_the_catalog_branch_is_a_conflict(remote, open_site):
    site = open_site(f"file://{remote.path}")
    first = _commit(site, site.resolve(""), push=True)
    theirs = _elsewhere(remote, "catalogs")
    _source_moves_on(remote)
    site.refresh()
    with pytest.raises(Conflict):
        site.commit(
            site.resolve(""),
            {"fr/app.json": b"more"},
            branch="catalogs",
            message="Two",
            at=AT,
            push=True,
            after=first.id,
        )
    assert remote.id("refs/heads/catalogs") == theirs
