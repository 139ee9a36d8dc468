"""The record commands: documents in and out, their history, and articles through the whole walk beside a site's catalogs."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.houses import House, git
from tm_service.bootstrap import open_service
from tm_service.cli.article_tour import TOML
from tm_service.demo.articles import article_phrases, articles, edited
from tm_service.demo.records import records
from tm_service.demo.translator import filled
from tm_service.domain.records import Content
from tm_service.settings import read_settings
from tm_service.usecases.pages import read_pages

RULES = "6784f21cc1f5b20012a9e005"  # the legal article
LOCALES = ("ar", "es", "fr", "ru", "zh")


@pytest.fixture
def house(new_house) -> House:
    """A git site and a record store."""
    new_house.toml.write_text(new_house.toml.read_text("utf-8") + TOML, "utf-8")
    return new_house


def written(house: House, documents: list[Content], name: str = "documents.json") -> Path:
    file = house.root / name
    file.write_text(json.dumps(documents), "utf-8")
    return file


@pytest.fixture
def published(house) -> House:
    house.ask("records", "import", written(house, [document for _, document in articles()]), "--why", "first")
    house.ask("deploy", "articles")
    return house


def the_article(house: House, locale: str) -> str:
    """The content of the legal article as the store has it."""
    return house.ask("records", "show", RULES)["content"][locale]


def test_documents_are_published_all_or_none(house):
    good, bad = (document for _, document in list(records())[:2])
    bad = bad | {"header": bad["header"] | {"languages": []}}
    answer = house.ask("records", "import", written(house, [good, bad]), code=1)
    assert (answer["read"], answer["published"]) == (2, 0)
    assert {finding["identifier"] for finding in answer["findings"]} == {bad["header"]["identifier"]}
    assert house.ask("records", "list")["documents"] == []


def test_the_same_documents_again_make_no_revision(published):
    again = written(published, [document for _, document in articles()])
    assert published.ask("records", "import", again)["published"] == 0


def test_what_is_no_document_is_named_by_its_place(house):
    answer = house.run("records", "import", written(house, [{"name": "nobody"}]))
    assert answer.code == 2
    assert "document 1, is neither an article with `_id` and `content` nor a record" in answer.err


def test_a_rehearsed_import_keeps_nothing(house):
    file = written(house, [document for _, document in articles()])
    assert house.ask("records", "import", file, "--dry-run")["published"] == 0
    assert house.ask("records", "list")["documents"] == []


def test_record_types_are_listed_and_one_is_a_json_schema(house):
    names = {one["name"] for one in house.ask("records", "schemas")["schemas"]}
    assert {"article", "absPermit", "measure", "authority"} <= names
    assert house.ask("records", "schemas", "measure")["$schema"].endswith("2020-12/schema")
    assert house.run("records", "schemas", "nothing").code == 2


def test_nothing_confidential_is_shown(house):
    house.ask("records", "import", written(house, [document for _, document in records()]))
    for ref, _ in records():
        assert "INTERNAL-NOTE" not in house.run("records", "show", ref.identifier).out


def test_the_history_says_who_when_why_and_what(published):
    document = dict(next(document for ref, document in articles() if ref.identifier == RULES))
    published.ask("records", "import", written(published, [edited(document)]), "--why", "the meeting")
    revisions = published.ask("records", "history", RULES)["revisions"]
    assert [(one["number"], one["why"]) for one in revisions] == [(2, "the meeting"), (1, "first")]
    (change,) = published.ask("records", "history", RULES, "--between", 1, 2)["changes"]
    assert (change["field"], change["language"]) == ("content", "en")
    words = published.run("records", "history", RULES, "--between", 1, 2).out
    assert "{+" in words
    assert len(words) < len(change["before"]) / 4
    published.ask("records", "restore", RULES, 1)
    assert the_article(published, "en") == document["content"]["en"]


def test_references_go_both_ways(house):
    house.ask("records", "import", written(house, [document for _, document in records()]))
    permits = [ref for ref, _ in records() if ref.kind == "absPermit"]
    named = house.ask("records", "references", permits[0].identifier)["refers_to"]
    assert named
    there = [one["identifier"].partition("@")[0] for one in named if one["standing"] != "broken"]
    backs = house.ask("records", "references", there[0])["referred_by"]
    assert permits[0].identifier in {one["identifier"] for one in backs}


def test_autosaves_may_be_tidied(house):
    assert house.ask("records", "tidy", "--days", 1)["forgotten"] == 0


def test_an_unpublished_article_is_gone_from_the_next_deployment(published):
    published.ask("records", "unpublish", RULES, "--why", "withdrawn")
    published.ask("deploy", "articles")
    assert published.run("explain", "articles", "fr", f"articles/{RULES}.json", "title").code == 2


def test_an_edited_legal_article_waits_comes_back_and_is_served_in_all_languages_at_once(published):
    before = {locale: the_article(published, locale) for locale in LOCALES}
    changed = [edited(document) for _, document in articles()]
    published.ask("records", "import", written(published, changed))
    waits = published.ask("deploy", "articles", "--push")
    assert waits["waiting"] == [f"articles/{RULES}.json"]
    assert waits["reverts"] == 0
    out = published.root / "out"
    out.mkdir()
    made = published.ask("package", "articles", "--out", out, "--only", "articles/*.json")["packages"]
    assert {package["locale"] for package in made} == set(LOCALES)
    for package in made:
        file = Path(package["path"])
        file.write_bytes(filled(file.read_bytes(), article_phrases(), package["locale"]))
        assert published.ask("take-in", file)["quarantined"] == []
    done = published.ask("deploy", "articles", "--push")
    assert done["waiting"] == []
    assert done["commit"]
    now = {locale: the_article(published, locale) for locale in LOCALES}
    assert all(now[locale] != before[locale] for locale in LOCALES)


def served(house: House, number: int) -> dict[tuple[str, str], list[object]]:
    """What readers have at a deployment and by which rule, by locale and document."""
    with open_service(read_settings(house.home, {})).store.read() as tx:
        pages = read_pages(tx, tx.pages("articles", number))
    return {place: [(one.key, one.text, one.rule, one.source) for one in page.served] for place, page in pages.items()}


def test_a_lost_mirror_is_made_anew_and_readers_lose_nothing(published):
    published.ask("records", "import", written(published, [edited(document) for _, document in articles()]))
    before = published.ask("deploy", "articles")
    assert before["locales"]["fr"]["stale"]
    shutil.rmtree(published.home / "mirrors")
    assert "revert" not in {one["outcome"] for one in published.ask("check", "articles", "--ref", "main")["units"]}
    after = published.ask("deploy", "articles")
    assert after["revision"] != before["revision"]
    assert (after["locales"], after["waiting"]) == (before["locales"], before["waiting"])
    assert served(published, after["deployment"]) == served(published, before["deployment"]) != {}


def test_only_a_checkout_can_be_written_into(published):
    answer = published.run("deploy", "articles", "--into", published.checkout)
    assert answer.code == 2
    assert "its documents are written back by --push, not --into" in answer.err
    published.ask("learn", "reef", "--history")
    beside = published.ask("deploy", "reef", "--with", "articles", "--into", published.checkout)
    assert "i18n/fr/texts/home.json" in beside["written"]
    assert not (published.checkout / "articles").exists()


def test_nothing_is_pushed_before_every_site_may_be_deployed(published):
    published.ask("learn", "reef", "--history")
    published.describe('target    = "{path}"', 'target    = "{path}"\nserve     = "hold"')
    origin = published.root / "origin.git"
    git(published.root, "clone", "--quiet", "--bare", "site", "origin.git")
    git(published.site, "remote", "add", "origin", str(origin))
    git(published.site, "checkout", "--quiet", "--detach")
    branch = git(origin, "rev-parse", "main")
    published.ask("records", "import", written(published, [edited(document) for _, document in articles()]))
    answer = published.run("deploy", "reef", "--with", "articles", "--push")
    assert "The gate is closed" in answer.err
    assert git(origin, "rev-parse", "main") == branch
    published.ask("deploy", "reef", "--push")
    assert git(origin, "rev-parse", "main") != branch


def test_a_site_is_named_once(published):
    assert "name each once" in published.run("deploy", "reef", "--with", "reef").err


def test_catalogs_and_articles_are_deployed_together_or_not_at_all(published):
    published.ask("learn", "reef", "--history")
    answer = published.ask("deploy", "reef", "--with", "articles")
    assert [one["site"] for one in answer["with"]] == ["articles"]
    assert answer["with"][0]["deployment"] == 2
    published.describe('repository = "local"', 'repository = "http://127.0.0.1:9"')
    before = published.dump()
    published.describe('branch     = "main"', 'branch     = "nowhere"')
    assert published.run("deploy", "articles", "--with", "reef").code != 0
    assert [line for line in published.dump() if "deployment" in line] == [
        line for line in before if "deployment" in line
    ]
