"""The site's code on the command line: keys used, texts no message file has, advice to authors, an import that is lost."""

import json

import pytest

from tests.cli.houses import commit

VIEW = """<template>
  <main>
    <h1>{{ $t('title') }}</h1>
    <p>{{ $t('closing') }}</p>
    <p>Please bring your own snorkel and mask.</p>
    <p>{{ $t('visit.' + kind) }}</p>
  </main>
</template>
<script>
import texts from '../texts/home.json';
export default { name: 'HomeView', i18n: { messages: { en: texts } } };
</script>
"""
ROUTES = "import Home from './home.vue';\nexport default [{ path: '/reef', component: Home }];\n"


@pytest.fixture
def coded(house):
    commit(house.site, {"app/home.vue": VIEW.encode(), "app/routes.js": ROUTES.encode()}, "The first view", "r3")
    return house


def test_usage_says_where_keys_stand_and_which_are_left_or_missing(coded):
    found = coded.ask("site", "usage", "reef")
    assert found["used"]["texts/home.json title"] == ["/reef (HomeView, app/home.vue:3)"]
    assert [(one["key"], one["line"]) for one in found["missing"]] == [("closing", 4)]
    assert [one["line"] for one in found["dynamic"]] == [6]
    assert "texts/home.json open" in found["unused"]
    text = coded.run("site", "usage", "reef").out
    assert "closing (app/home.vue:4)" in text


def test_an_import_that_leads_nowhere_any_more_is_an_alarm(coded):
    commit(coded.site, {"app/home.vue": VIEW.replace("home.json", "hmoe.json").encode()}, "A slip", "r4")
    found = coded.ask("site", "usage", "reef", "--base", "r3", code=1)
    said = [entry["message"] for entry in found["findings"] if entry["severity"] == "error"]
    assert any(one.startswith("texts/home.json was imported at r3 and no import leads to it any more") for one in said)
    assert any("hmoe.json" in one for one in said), "and the import that leads nowhere"


def test_where_the_code_is_described_a_deployment_alarms_and_packages_say_where(coded):
    coded.describe("[[site.reef.content]]", '[site.reef.source_code]\nmatch = ["app/**"]\n\n[[site.reef.content]]')
    coded.ask("deploy", "reef", "--ref", "r3")
    commit(coded.site, {"app/home.vue": VIEW.replace("home.json", "hmoe.json").encode()}, "A slip", "r4")
    checked = coded.ask("check", "reef", "--ref", "r4")
    assert "reach" in {entry["check"] for entry in checked["findings"]}
    assert "ALARM texts/home.json was imported" in coded.run("deploy", "reef", "--ref", "r4").out


def test_coverage_is_told_by_the_pages_that_readers_open(coded):
    coded.ask("deploy", "reef", "--ref", "r3")
    views = coded.ask("coverage", "reef", "--by-view")["views"]
    assert {locale: found["units"] for locale, found in views["/reef"].items()} == {"ar": 1, "fr": 1}
    assert {locale: found["current"] for locale, found in views["/reef"].items()} == {"ar": 1, "fr": 1}
    assert "/reef  1/1  1/1" in " ".join(coded.run("coverage", "reef", "--by-view").out.split("\n")).replace(
        "   ", "  "
    )


def test_hard_coded_text_is_ranked_and_written_as_sarif(coded, tmp_path):
    found = coded.ask("site", "hard-coded", "reef", "--sarif", tmp_path / "out.sarif", code=1)
    assert [(row["path"], row["line"], row["text"]) for row in found["rows"]] == [
        ("app/home.vue", 5, "Please bring your own snorkel and mask.")
    ]
    report = json.loads((tmp_path / "out.sarif").read_text("utf-8"))
    (result,) = report["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert report["version"] == "2.1.0"
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("app/home.vue", 5)


def test_advice_speaks_of_new_texts_only(coded):
    good = coded.ask("site", "advice", "reef", "--base", "r2", "--head", "r3")
    assert good["findings"] == []
    commit(
        coded.site, {"texts/shop.json": {"buy": "Buy a ticket", "map": "Buy a map", "more": "Click here"}}, "More", "r4"
    )
    found = coded.ask("site", "advice", "reef", "--base", "r3", "--head", "r4", code=1)
    assert {(entry["check"], entry["path"]) for entry in found["findings"]} == {("source-link", "texts/shop.json")}


@pytest.mark.parametrize("words", [["usage"], ["hard-coded"], ["advice"]])
def test_a_site_that_is_not_there_is_said(new_house, words):
    answer = new_house.run("site", *words, "park")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("There is no site park")
