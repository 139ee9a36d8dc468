"""Hard-coded: texts of the code that no message file has, ranked, and the same as SARIF that a site's CI can baseline."""

import json
import re

import pytest

from extractors import extractor
from extractors.source_code import SourceCode
from memory import match
from tests.fakes import SITE, FakeSite
from tm_service.usecases.hard_coded import hard_coded, sarif
from tm_service.usecases.reading import SiteReader

PAGE = """<template>
  <h1>{{ $t('title') }}</h1>
  <p>Bring your own gloves and a bucket.</p>
  <input placeholder="Name of the plant" class="form control">
  <button>Our garden</button>
</template>
<script>
export default { methods: { water() { alert('The beds are dry.'); console.log('Water is running out'); this.stop(); },
  stop() { throw new Error('There is no such bed'); } } };
</script>
"""


def reader_of(page=PAGE, **more: object):
    repository = FakeSite()
    repository.write({"text/garden.json": {"title": "Our garden"}, "app/gärten 1.vue": page, **more})
    return repository, SiteReader(SITE, repository, extractor, match)


def report_of(page=PAGE, **asked: object):
    return hard_coded(reader_of(page)[1], SourceCode(), **asked)


def test_what_no_message_file_has_is_ranked_with_its_place_and_reasons():
    report = report_of()
    assert [(row.literal.text, row.path, row.literal.line, row.literal.column) for row in report.rows] == [
        ("Name of the plant", "app/gärten 1.vue", 4, 23),
        ("The beds are dry.", "app/gärten 1.vue", 8, 45),
        ("Bring your own gloves and a bucket.", "app/gärten 1.vue", 3, 6),
    ]
    scores = [row.literal.score for row in report.rows]
    assert scores == sorted(scores, reverse=True)
    assert report.rows[1].literal.reasons == (
        "is given to alert",
        "reads as a sentence",
        "has words of English grammar",
    )


def test_what_a_message_file_says_already_is_told_with_the_key_to_use():
    (row,) = report_of().known
    assert (row.literal.text, row.known) == ("Our garden", (("text/garden.json", ("title",)),))


def test_errors_that_are_thrown_are_kept_below_what_is_reported_and_logs_not_at_all():
    every = report_of(least=0)
    assert set(report_of().rows) < set(every.rows)
    assert [row.literal.text for row in every.rows if row.literal.score < 50] == ["There is no such bed"]


def test_a_fingerprint_stays_while_the_text_moves_and_goes_with_the_text():
    before = {row.literal.text: row.fingerprint for row in report_of().rows}
    moved = {row.literal.text: row.fingerprint for row in report_of(PAGE.replace("  <h1>", "\n\n\n  <h1>")).rows}
    edited = {row.literal.text: row.fingerprint for row in report_of(PAGE.replace("gloves", "boots")).rows}
    assert moved == before
    assert set(before.values()) - set(edited.values()) == {before["Bring your own gloves and a bucket."]}


def test_the_same_text_twice_has_two_fingerprints():
    report = report_of("<template><p>Mind the step</p><p>Mind the step</p></template>")
    assert len({row.fingerprint for row in report.rows}) == 2


def test_sarif_has_all_that_the_standard_requires():
    """SARIF 2.1.0, sections 3.13, 3.14, 3.18, 3.27, 3.28, 3.30; checked by hand, for the schema is not ours to carry."""
    document = json.loads(json.dumps(sarif(report_of(), "1.2")))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    assert set(document) <= {"$schema", "version", "runs", "inlineExternalProperties", "properties"}
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("tm-service", "1.2")
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(rules) == len(set(rules)) > 1
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
    assert len(run["results"]) == 4
    for result in run["results"]:
        assert result["message"]["text"].strip()
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert 0 <= result["rank"] <= 100
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "app/g%C3%A4rten%201.vue"
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
        (name,) = result["partialFingerprints"]
        assert re.fullmatch(r"[\w]+/v\d+", name)
        assert re.fullmatch(r"[0-9a-f]{32}", result["partialFingerprints"][name])


def test_sarif_of_nothing_is_a_run_without_results():
    (run,) = sarif(report_of("<template><p>{{ $t('title') }}</p></template>"))["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


@pytest.mark.parametrize("least", [0, 50, 80, 101])
def test_nothing_is_reported_below_the_score_asked_for(least):
    assert all(row.literal.score >= least for row in report_of(least=least).rows)
