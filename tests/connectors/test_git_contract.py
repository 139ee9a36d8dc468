"""The contract of SiteConnector, kept however a repository is opened."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from connectors.git_site import GitSite
from tm_service.domain.errors import ConfigurationError, Conflict, ConnectorError, NotFound
from tm_service.domain.ports import SiteConnector
from tm_service.domain.units import FileChange

AT = datetime(2024, 7, 30, 11, 22, 12, tzinfo=timezone(timedelta(hours=-4)))


def _path(repository):
    return repository.path


def _bare(repository):
    return repository.bare("bare.git").path


def _file_url(repository):
    return f"file://{repository.path}"


def _bundle(repository):
    place = repository.path.parent / "site.bundle"
    repository.git("bundle", "create", "--quiet", str(place), "--all")
    return place


@pytest.fixture(params=[_path, _bare, _file_url, _bundle], ids=["path", "bare", "file-url", "bundle"])
def opened(request, open_site):
    """Open a repository in each of the four ways."""
    return lambda repository, branch="main", **options: open_site(request.param(repository), branch, **options)


def _commit(site, onto, files, branch="catalogs", **options: object):
    options = {"message": "Catalogs", "at": AT, "push": False} | options
    return site.commit(onto, files, branch=branch, **options)


def test_a_git_site_is_a_site_connector():
    connector: type[SiteConnector] = GitSite
    wanted = {name for name in vars(SiteConnector) if not name.startswith("_")}
    assert wanted <= set(dir(connector))


def test_the_sites_branch_is_what_an_empty_ref_means(opened, repository):
    revision = opened(repository).resolve("")
    assert (revision.id, revision.name) == (repository.head, "main")
    assert revision.at.utcoffset() == timedelta(hours=5, minutes=30)


def test_a_revision_has_many_names(opened, repository):
    repository.git("branch", "release/2024")
    repository.git("tag", "v1", "HEAD~1")
    repository.git("tag", "-a", "-m", "annotated", "v2", "HEAD")
    site = opened(repository)
    head, first = repository.head, repository.id("HEAD~1")
    named = ["release/2024", "v2", "HEAD", "main", head, head[:8], "refs/tags/v2", "HEAD~0"]
    assert {site.resolve(name).id for name in named} == {head}
    assert {site.resolve(name).id for name in ["v1", "main~1", "HEAD^", first[:10]]} == {first}


def test_a_branch_goes_before_a_tag_of_the_same_name(opened, repository):
    repository.git("branch", "both", "HEAD")
    repository.git("tag", "both", "HEAD~1")
    assert opened(repository).resolve("both").id == repository.head


def test_a_ref_that_is_not_there_is_not_found(opened, repository):
    with pytest.raises(NotFound, match="no branch, tag or commit 'nowhere'"):
        opened(repository).resolve("nowhere")


def test_a_missing_branch_is_named_with_the_branches_there_are(opened, repository):
    repository.git("branch", "develop")
    with pytest.raises(NotFound, match="no branch 'master'; its branches are: develop, main"):
        opened(repository, "master").resolve("")


def test_a_ref_that_git_could_misread_is_refused(opened, repository):
    site = opened(repository)
    for ref in ["--output=x", "a..b", "a\nb", "a@{1}", "main:en", "a b", "a\0", "x*"]:
        with pytest.raises(ConfigurationError, match="is not allowed; name a branch"):
            site.resolve(ref)


def test_files_are_the_regular_files_of_a_revision(opened, new_repository):
    repository = new_repository()
    repository.write({"en/a b.json": "1", "ar/عربي.json": "2", "run.sh": "3", 'q"uo\tte': "4"})
    (repository.path / "run.sh").chmod(0o755)
    (repository.path / "link").symlink_to("run.sh")
    repository.git("add", "--all")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    repository.commit_index()
    files = opened(repository).files(repository.head)
    assert sorted(files) == sorted(["en/a b.json", "ar/عربي.json", "run.sh", 'q"uo\tte'])
    assert files["run.sh"] == repository.id("HEAD:run.sh")


def test_paths_that_are_not_utf_8_are_left_out(opened, new_repository):
    repository = new_repository()
    (repository.path / os.fsdecode(b"caf\xe9.json")).write_bytes(b"1")
    repository.commit("with", {"good.json": "1"})
    site = opened(repository)
    assert list(site.files(repository.head)) == ["good.json"]
    assert [change.path for change in site.changes("", repository.head)] == ["good.json"]
    assert [change.path for commit in site.history(repository.head) for change in commit.changes] == ["good.json"]


def test_blobs_are_read_byte_for_byte(opened, repository):
    contents = {"empty": b"", "crlf": b"a\r\nb\r\n", "binary": bytes(range(256)) * 700, "no-end": b"x"}
    repository.commit("bytes", contents)
    site = opened(repository)
    files = site.files(repository.head)
    assert {path: site.read(files[path]) for path in contents} == contents
    assert {path: site.size(files[path]) for path in contents} == {path: len(c) for path, c in contents.items()}


def test_a_blob_that_is_not_there_is_not_found_and_the_next_one_is(opened, repository):
    site = opened(repository)
    for blob in ["0" * 40, "HEAD", "--batch", "", "a" * 64, "HEAD\n" + "0" * 40]:
        for question in (site.read, site.size):
            with pytest.raises(NotFound):
                question(blob)
    assert site.read(site.files(repository.head)["en/app.json"]) == b'{"a": "two"}'


def test_a_commit_is_not_a_file_and_a_file_is_no_revision(opened, repository):
    site = opened(repository)
    with pytest.raises(NotFound, match="is a commit, not a file"):
        site.read(repository.head)
    with pytest.raises(NotFound, match="is a blob, not a commit"):
        site.files(repository.id("HEAD:en/app.json"))


def test_threads_may_read_at_the_same_time(opened, repository):
    contents = {f"f{number}": str(number).encode() * number * 50 for number in range(60)}
    repository.commit("many", contents)
    site = opened(repository)
    files = site.files(repository.head)
    with ThreadPoolExecutor(4) as pool:
        read = dict(zip(contents, pool.map(lambda path: site.read(files[path]), contents), strict=True))
    assert read == contents


def test_a_site_answers_after_it_was_closed(opened, repository):
    site = opened(repository)
    blob = site.files(repository.head)["en/app.json"]
    site.read(blob)
    site.close()
    assert site.read(blob) == b'{"a": "two"}'


def test_changes_are_where_the_files_of_two_revisions_differ(opened, repository):
    base = repository.head
    repository.git("mv", "fr/app.json", "fr/moved.json")
    repository.git("rm", "--quiet", "en/app.json")
    (repository.path / "en").mkdir(exist_ok=True)
    (repository.path / "en/app.json").symlink_to("../fr/moved.json")
    repository.commit("moved", {"ar/app.json": "{}", "zz": "new"})
    site = opened(repository)
    old, new = site.files(base), site.files(repository.head)
    changes = site.changes(base, repository.head)
    assert [change.path for change in changes] == ["ar/app.json", "en/app.json", "fr/app.json", "fr/moved.json", "zz"]
    assert all(change == FileChange(change.path, old.get(change.path), new.get(change.path)) for change in changes)
    assert changes[1].after is None  # a link is no file


def test_changes_from_nothing_are_all_files(opened, repository):
    site = opened(repository)
    files = site.files(repository.head)
    assert {change.path: change.after for change in site.changes("", repository.head)} == files
    assert all(change.before is None for change in site.changes("", repository.head))


def test_a_change_of_mode_or_of_a_submodule_changes_no_file(opened, repository):
    base = repository.head
    (repository.path / "en/app.json").chmod(0o755)
    repository.git("add", "--all")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    repository.commit_index()
    assert opened(repository).changes(base, repository.head) == ()


def test_history_is_told_oldest_first_against_first_parents(opened, repository):
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("side work", {"side.json": "1"})
    repository.git("checkout", "--quiet", "main")
    repository.commit("main work: résumé", {"main.json": "1"})
    repository.git("merge", "--quiet", "--no-ff", "-m", "merge side", "side")
    repository.commit("nothing")
    site = opened(repository)
    commits = list(site.history(repository.head))
    assert [commit.message for commit in commits] == [
        "first",
        "second",
        "main work: résumé",
        "merge side",
        "nothing",
    ]
    paths = [[change.path for change in commit.changes] for commit in commits]
    assert paths == [["en/app.json", "fr/app.json"], ["en/app.json"], ["main.json"], ["side.json"], []]
    assert {commit.author for commit in commits} == {"Ana"}
    assert commits[0].revision.at.utcoffset() == timedelta(hours=5, minutes=30)
    assert commits[-1].revision.id == repository.head


def test_history_leaves_out_what_was_seen_even_when_some_of_it_is_gone(opened, repository):
    seen = repository.head
    repository.commit("third", {"c": "1"})
    site = opened(repository)
    assert [commit.message for commit in site.history(repository.head, [seen, "f" * 40])] == ["third"]
    assert list(site.history(repository.head, [repository.head])) == []


def test_no_subject_confuses_history(opened, new_repository):
    repository = new_repository()
    subjects = [f":100644 100644 {'0' * 40} {'1' * 40} A", "", "a" * 40, "Ünïcode"]
    for number, subject in enumerate(subjects):
        repository.write({"a": str(number)})
        repository.git("add", "--all")
        repository.git("commit", "--allow-empty-message", "-q", "-m", subject)
    commits = list(opened(repository).history(repository.head))
    assert [(commit.message, len(commit.changes)) for commit in commits] == [(subject, 1) for subject in subjects]


def test_history_may_be_left_half_read(opened, repository):
    site = opened(repository)
    history = site.history("HEAD")
    assert next(history).message == "first"
    history.close()
    assert site.resolve("").id == repository.head


def test_tags_come_by_time_then_by_name_with_numbers_as_numbers(opened, repository):
    for name in ["v10", "v9", "v9.2", "other"]:
        repository.git("tag", name)
    repository.git("tag", "-a", "-m", "late", "v1", "HEAD~1")
    repository.git("tag", "-a", "-m", "nested", "v2", "v1")
    repository.git("tag", "v-tree", "HEAD^{tree}")
    tags = opened(repository).tags("v*")
    assert [tag.name for tag in tags] == ["v1", "v2", "v9", "v9.2", "v10"]
    assert [tag.id for tag in tags[:3]] == [repository.id("HEAD~1")] * 2 + [repository.head]
    assert tags[0].at.utcoffset() == timedelta(hours=5, minutes=30)


def test_an_empty_repository_says_so(open_site, new_repository):
    repository = new_repository()
    for address in (repository.path, f"file://{repository.path}"):
        site = open_site(address)
        for ref in ("", "HEAD", "v1"):
            with pytest.raises(NotFound, match="is empty: it has no commits yet"):
                site.resolve(ref)
        assert site.tags() == ()


def test_a_detached_head_is_read(opened, repository):
    repository.git("checkout", "--quiet", "--detach")
    detached = repository.commit("away from any branch", {"d": "1"})
    site = opened(repository)
    assert site.resolve("HEAD").id == detached
    assert site.resolve("").id == repository.id("main")


def test_a_commit_is_made_without_a_work_tree(opened, repository):
    site = opened(repository)
    onto = site.resolve("")
    files = {"fr/app.json": b"deux", "i18n/ar/new file.json": "جديد".encode()}
    made = _commit(site, onto, files, message="Catalogs: deux\n\nBody")
    old, new = site.files(onto.id), site.files(made.id)
    assert {path: site.read(new[path]) for path in files} == files
    assert set(new) == set(old) | set(files)
    assert new["en/app.json"] == old["en/app.json"]
    assert (made.at, made.at.utcoffset(), made.name) == (AT, AT.utcoffset(), "catalogs")
    assert site.resolve("catalogs").id == made.id
    (commit,) = site.history(made.id, [onto.id])
    assert (commit.author, commit.message) == ("tm-service", "Catalogs: deux\n\nBody")


def test_the_same_commit_twice_is_the_same_revision(opened, repository):
    site = opened(repository)
    onto = site.resolve("")
    made = _commit(site, onto, {"fr/app.json": b"deux"}, branch="a")
    assert _commit(site, onto, {"fr/app.json": b"deux"}, branch="b").id == made.id


def test_files_that_are_there_already_make_no_commit(opened, repository):
    site = opened(repository)
    onto = site.resolve("")
    assert _commit(site, onto, {"en/app.json": b'{"a": "two"}'}) == onto
    with pytest.raises(NotFound):
        site.resolve("catalogs")


def test_a_branch_that_moved_is_a_conflict(opened, repository):
    site = opened(repository)
    onto = site.resolve("")
    made = _commit(site, onto, {"fr/app.json": b"deux"})
    with pytest.raises(Conflict, match=r"branch 'catalogs' .* moved meanwhile"):
        _commit(site, onto, {"fr/app.json": b"trois"})
    assert site.resolve("catalogs").id == made.id
    assert _commit(site, made, {"fr/app.json": b"trois"}).id != made.id


def test_an_executable_file_stays_executable(opened, repository):
    (repository.path / "en/app.json").chmod(0o755)
    repository.commit("mode")
    site = opened(repository)
    made = _commit(site, site.resolve(""), {"en/app.json": b"new", "other.json": b"new"})
    assert site._tree(made.id).executable == {"en/app.json"}


def test_what_is_no_plain_file_is_not_written_through(opened, repository):
    (repository.path / "link").symlink_to("en")
    repository.git("add", "--all")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    repository.commit_index()
    site = opened(repository)
    onto = site.resolve("")
    for path in ("link", "link/app.json", "module", "module/a.json"):
        with pytest.raises(ConnectorError, match="is a link or a submodule"):
            _commit(site, onto, {path: b"x"})
    for files in ({"en/app.json/x": b"x"}, {"en": b"x"}, {"n": b"x", "n/m": b"x"}):
        with pytest.raises(ConnectorError, match="a file in one place, a folder here"):
            _commit(site, onto, files)


ESCAPES = ["/etc/x", "../x", "a/../x", "a//b", "./a", "", "a/", ".git/config", "a/.GIT/hooks/x", ".git./x", "GIT~1/x"]
ODD_ESCAPES = [".g\u200cit/x", ".git::$INDEX_ALLOCATION/x", "a\\b", "a\nb", "\udce9"]


def test_a_path_that_leaves_the_repository_is_refused(opened, repository):
    site = opened(repository)
    onto = site.resolve("")
    for path in ESCAPES + ODD_ESCAPES:
        with pytest.raises(ConfigurationError, match=r"^The path '.*mend the `target`"):
            _commit(site, onto, {"fr/app.json": b"x", path: b"x"})
    with pytest.raises(NotFound):
        site.resolve("catalogs")


def test_a_branch_git_would_not_allow_is_refused(opened, repository):
    site = opened(repository)
    onto = site.resolve("")
    for branch in ["-f", "a..b", "a b", "x.lock", "a/", "a@{0}", "/a", "a~1"]:
        with pytest.raises(ConfigurationError):
            _commit(site, onto, {"fr/app.json": b"x"}, branch=branch)


def test_a_commit_needs_a_time_with_a_zone(opened, repository):
    site = opened(repository)
    with pytest.raises(ValueError, match="time has a zone"):
        _commit(site, site.resolve(""), {"a": b"x"}, at=datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None))


def test_a_whole_clone_lacks_nothing(opened, repository):
    assert opened(repository).findings() == ()
