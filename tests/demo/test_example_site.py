import json
import tomllib
from hashlib import md5

import pytest
from git import Repo

from tm_service.demo.example_site import build_site, sites_toml
from tm_service.domain.edits import EditClass, edit_class
from tm_service.domain.errors import ConfigurationError, NotFound

LAST = "2026.4"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build_site(tmp_path_factory.mktemp("demo") / "site")


@pytest.fixture(scope="module")
def at(site):
    """What a file says at a release; None where it is not there."""
    with Repo(site.folder) as repository:

        def read(tag, path):
            try:
                return json.loads((repository.commit(tag).tree / path).data_stream.read())
            except KeyError:
                return None

        yield read


@pytest.fixture(scope="module")
def paths(site):
    with Repo(site.folder) as repository:
        yield lambda tag: {blob.path for blob in repository.commit(tag).tree.traverse() if blob.type == "blob"}


def catalog(locale, path):
    return f"i18n/{locale}/texts/{path}"


def test_the_site_is_a_repository_with_four_releases_on_main(site):
    with Repo(site.folder) as repository:
        assert repository.active_branch.name == "main"
        assert [tag.name for tag in repository.tags] == list(site.releases) == ["2026.1", "2026.2", "2026.3", LAST]
        assert repository.head.commit.hexsha == site.head == site.releases[LAST]
        assert not repository.is_dirty(untracked_files=True)


def test_every_commit_is_by_the_example_site_on_a_later_day(site):
    with Repo(site.folder) as repository:
        commits = list(repository.iter_commits("main"))
    assert {(commit.author.name, commit.author.email) for commit in commits} == {("Example Site", "site@example.org")}
    moments = [commit.committed_date for commit in commits]
    assert moments == sorted(set(moments), reverse=True)


def test_building_twice_gives_the_same_commit_ids(site, tmp_path):
    assert build_site(tmp_path / "again").releases == site.releases


def test_the_commit_ids_do_not_depend_on_the_users_git(site, tmp_path, monkeypatch):
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "reference-transaction", "post-index-change"):
        (hooks / name).write_text("#!/bin/sh\nexit 1\n")
        (hooks / name).chmod(0o755)
    (tmp_path / "gitconfig").write_text(
        f"[user]\nname = Somebody\n[commit]\ngpgsign = true\n[core]\nautocrlf = true\nhooksPath = {hooks}\n"
        "[init]\ndefaultBranch = trunk\ndefaultObjectFormat = sha256\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    built = build_site(tmp_path / "site")
    assert built.releases == site.releases
    assert not (tmp_path / "elsewhere").exists()
    assert b"\r" not in (built.folder / "texts/labels/common.json").read_bytes()


def test_a_site_built_release_by_release_is_the_site_built_at_once(site, tmp_path):
    for count, tag in enumerate(site.releases, 1):
        built = build_site(tmp_path / "site", until=tag)
        assert list(built.releases.items()) == list(site.releases.items())[:count]
    assert (tmp_path / "site/texts/pages/requests.json").exists()


def test_an_unknown_release_is_named_with_those_there_are(tmp_path):
    with pytest.raises(NotFound, match=r"no release 2027\.1; it has 2026\.1, "):
        build_site(tmp_path, until="2027.1")


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="holds other files"):
        build_site(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_repository_with_other_commits_is_left_alone(tmp_path):
    with Repo.init(tmp_path, initial_branch="main") as other:
        (tmp_path / "thesis.txt").write_text("mine")
        other.git.add("thesis.txt")
        other.git.execute(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "Mine"])
        before = other.head.commit.hexsha
        with pytest.raises(ConfigurationError, match="other commits"):
            build_site(tmp_path)
        assert other.head.commit.hexsha == before
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_the_first_release_has_one_catalog_in_a_wrong_folder(paths):
    there = paths("2026.1")
    assert "i18n/fr-FR/labels/search.json" in there
    assert catalog("fr", "labels/search.json") not in there
    assert {catalog(locale, "labels/search.json") for locale in ("ar", "es", "ru", "zh")} <= there


def test_the_first_release_misses_a_few_translations(at, paths):
    assert catalog("ru", "mail/notices.json") not in paths("2026.1")
    assert at("2026.1", catalog("ar", "mail/notices.json"))["reminder"] == {}
    assert "storage" not in at("2026.1", catalog("es", "forms/seed-offer.json"))
    assert at("2026.1", catalog("zh", "pages/help.json"))["intro"] == ""
    assert at("2026.1", catalog("ru", "labels/status.json"))["withdrawn"] == ""


@pytest.mark.parametrize("locale", ["ar", "es", "fr", "ru", "zh"])
def test_hashes_name_the_english_at_delivery(at, locale):
    """A hash that no longer fits makes the site show English: here exactly the two texts corrected after delivery."""
    stale = set()
    for path in ("labels/common.json", "forms/contact.json"):
        english, translated = at("2026.1", f"texts/{path}"), at("2026.1", catalog(locale, path))
        meta = translated.pop("#meta")
        assert (meta["algorithm"], meta["branch"], set(meta["hashes"])) == ("md5", "2026.1", set(translated))
        assert meta["hashedOn"].startswith("2026-02-0")
        now = {key: md5(english[key].encode(), usedforsecurity=False).hexdigest() for key in translated}
        stale |= {key for key in translated if meta["hashes"][key] != now[key]}
    assert stale == {"loading", "sent"}


def test_codes_are_delivered_as_they_are(at):
    assert at("2026.1", catalog("ar", "labels/common.json"))["helpdesk"] == "helpdesk@seeds.example.org"


def test_the_second_release_renames_a_file_and_moves_three_keys(at, paths):
    assert at(LAST, "texts/pages/contact.json") == at("2026.1", "texts/forms/contact.json")
    assert "texts/forms/contact.json" not in paths("2026.2")
    before, after = at("2026.1", "texts/labels/common.json"), at("2026.2", "texts/labels/account.json")
    assert after == {key: before[key] for key in ("signIn", "signOut", "welcome")}
    assert not set(after) & set(at("2026.2", "texts/labels/common.json"))


@pytest.mark.parametrize(
    ("path", "key", "edit"),
    [
        ("pages/help.json", "password.question", EditClass.PUNCTUATION),
        ("pages/help.json", "delay.answer", EditClass.NUMBER),
        ("pages/help.json", "account.answer", EditClass.MARKUP),
        ("legal/terms.json", "reports", EditClass.MODALITY),
        ("pages/about.json", "bodies.secretariat", EditClass.SPELLING),
        ("pages/home.json", "news.published", EditClass.PLACEHOLDER),
        ("pages/home.json", "join.text", EditClass.LINK),
        ("pages/home.json", "hero.lead", EditClass.REWRITE),
    ],
)
def test_the_second_release_has_an_edit_of_each_kind(at, path, key, edit):
    before, after = at("2026.1", f"texts/{path}"), at("2026.2", f"texts/{path}")
    for name in key.split("."):
        before, after = before[name], after[name]
    assert edit_class(before, after) is edit


def test_the_second_release_drops_a_message_and_no_translator_delivers(at, paths):
    assert "all" in at("2026.1", "texts/pages/home.json")["news"]
    assert "all" not in at("2026.2", "texts/pages/home.json")["news"]
    translated = {path for path in paths("2026.2") if path.startswith("i18n/")}
    assert translated == {path for path in paths("2026.1") if path.startswith("i18n/")}
    assert all(at("2026.1", path) == at("2026.2", path) for path in translated)


def test_the_third_release_says_again_what_the_site_says_elsewhere(at):
    requests, search = at("2026.3", "texts/pages/requests.json"), at("2026.1", "texts/labels/search.json")
    assert requests["fields"]["country"] == search["filters"]["country"]
    assert requests["state"]["draft"] == at("2026.1", "texts/labels/status.json")["draft"]


def test_the_third_release_moves_a_message_and_edits_it(at):
    before = at("2026.2", "texts/forms/seed-offer.json")["declaration"]
    after = at("2026.3", "texts/legal/terms.json")["declaration"]
    assert "declaration" not in at("2026.3", "texts/forms/seed-offer.json")
    assert after.startswith(before.rstrip("."))
    assert after != before


def test_the_fourth_release_blanks_an_arabic_catalog(at):
    path = catalog("ar", "forms/seed-offer.json")
    assert at("2026.3", path)["title"] == "عرض بذور"
    assert at(LAST, path)["title"] == at(LAST, path)["plant"]["label"] == ""
    assert at("2026.3", path).keys() == at(LAST, path).keys()
    assert at(LAST, catalog("fr", "forms/seed-offer.json"))["title"] == "Offrir des semences"


def test_the_fourth_release_adds_a_handful_of_messages(at):
    assert set(at(LAST, "texts/pages/home.json")["notice"]) == {"title", "text"}
    assert at(LAST, "texts/labels/common.json")["print"] == "Print this page"


def test_the_sites_file_describes_the_built_site(site):
    described = tomllib.loads(sites_toml(site.folder))["site"]["demo"]
    assert described.pop("content") == [
        {
            "match": "texts/**/*.json",
            "extractor": "json",
            "dialect": "md5-meta",
            "target": "i18n/{locale}/{path}",
            "serve": "keep-dated",
        }
    ]
    assert described == {
        "connector": "git",
        "repository": str(site.folder.resolve()),
        "branch": "main",
        "source": "en",
        "locales": ["ar", "es", "fr", "ru", "zh"],
        "minimum_state": "translated",
        "codes": {"ar": "ar-SA", "es": "es-ES", "fr": "fr-FR", "ru": "ru-RU", "zh": "zh-CN"},
    }
