"""Report: coverage, reasons and costs, counted in units and in words."""

from decimal import Decimal

import pytest

from tests.laws.world import answered
from tm_service.domain.errors import NotFound
from tm_service.domain.matches import MatchClass
from tm_service.domain.serving import Rule
from tm_service.usecases.report import Cost

A, B = "text/home.json", "text/forms/sow.json"
SOURCES = {
    A: {"own": "Gather the seeds", "dated": "Wait 30 days", "kept": "Water daily", "label": "Documents", "n": "12"},
    B: {"memory": "Gather the seeds", "new": "Rest under a tree", "deep": {"er": {"x.y": "Open the gate"}}},
}
FRENCH = {"own": "Récoltez", "dated": "Attendez 30 jours", "kept": "Arrosez", "label": "Documents"}


@pytest.fixture
def covered(house):
    house.write(SOURCES | {f"i18n/fr/{A}": FRENCH})
    house.deploy()
    house.write({A: SOURCES[A] | {"dated": "Wait 60 days", "kept": "Water daily!"}})
    house.deploy()
    return house


def test_every_unit_is_counted_in_one_column_and_its_words_with_it(covered):
    report = covered.service.coverage(covered.name)
    units, words = report.locales["fr"].units, report.locales["fr"].words
    assert (units.units, units.current, units.from_memory, units.stale, units.held, units.missing) == (7, 2, 1, 2, 0, 2)
    assert (words.units, words.current, words.from_memory, words.stale, words.missing) == (19, 4, 3, 5, 7)
    assert (units.covered, units.same) == (5, 1)
    arabic = report.locales["ar"].units
    assert (arabic.units, arabic.missing, arabic.covered) == (7, 7, 0)


def test_paths_add_up_to_their_locale(covered):
    report = covered.service.coverage(covered.name)
    for locale, total in report.locales.items():
        parts = report.paths[locale]
        assert set(parts) == {A, B}
        assert parts[A] + parts[B] == total


def test_a_past_deployment_has_its_own_coverage(covered):
    assert covered.service.coverage(covered.name, 1).locales["fr"].units.current == 4
    with pytest.raises(NotFound):
        covered.service.coverage(covered.name, 9)


def test_what_translators_have_is_counted_as_of_now(covered):
    _, (_, name, content) = covered.packages()
    units = covered.service.coverage(covered.name).locales["fr"].units
    assert units.out == 4
    covered.service.take_in(name, answered(content, lambda place: int(place != 1)))
    covered.deploy()
    units = covered.service.coverage(covered.name).locales["fr"].units
    assert (units.out, units.current) == (3, 3)


def test_coverage_before_any_deployment_says_what_to_do(house):
    with pytest.raises(NotFound, match="has no deployment yet; run `tm-service deploy garden`"):
        house.service.coverage(house.name)


@pytest.mark.parametrize("key", ["deep.er.x\\.y", "deep.er.x.y"])
def test_a_unit_is_found_by_its_dotted_key(covered, key):
    found = covered.service.explain(covered.name, "fr", B, key)
    assert (found.entry.key, found.entry.rule, found.translation) == (("deep", "er", "x.y"), Rule.MISSING, None)


@pytest.mark.parametrize(
    ("key", "resource", "why", "target"),
    [
        ("own", A, "translated from this source, site ", "Récoltez"),
        ("dated", A, "the source changed since (number); site ", "Attendez 30 jours"),
        ("kept", A, "the source changed since (punctuation); site ", "Arrosez"),
        ("memory", B, f"the same text in most places: {A}, site ", "Récoltez"),
    ],
)
def test_an_explanation_says_who_when_from_what_and_by_which_rule(covered, key, resource, why, target):
    found = covered.service.explain(covered.name, "fr", resource, key)
    assert found.entry.why.startswith(why)
    assert "of 2026-01-05" in found.entry.why
    assert found.translation.target == target == found.entry.text
    assert found.deployment.number == 2


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("de", A, "own"), "has no locale de"),
        (("fr", "text/none.json", "own"), "serves no resource text/none.json"),
        (("fr", A, "none"), "has no unit none in deployment 2"),
        (("fr", A, "n"), "has no unit n"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(covered, asked, sentence):
    with pytest.raises(NotFound, match=sentence):
        covered.service.explain(covered.name, *asked)


def test_an_estimate_tells_words_by_match_class(house):
    base = house.write(SOURCES | {f"i18n/fr/{A}": FRENCH})
    house.service.learn(house.name)
    known = house.translations()
    head = house.write(
        {
            A: SOURCES[A] | {"dated": "Wait 60 days", "again": "Water daily", "back": "Rest under a tree"},
            B: {"moved": "Rest under a tree", "twice": "Cut the grass now", "thrice": "Cut the grass now"},
            f"i18n/fr/{B}": {"moved": "Reposez-vous"},
        }
    )
    found = house.service.estimate(house.name, base, head)
    assert {kind: counts for kind, counts in found.locales["fr"].items() if counts != (0, 0)} == {
        "context": (1, 4),
        "exact": (2, 6),
        "repetition": (1, 4),
        "95-99": (1, 3),
        "new": (1, 4),
    }
    assert list(found.locales["fr"]) == [kind.value for kind in MatchClass]
    assert found.costs["fr"] == Cost(Decimal("5.3")), "what is served at once costs nothing"
    percents = ["0"] * (len(MatchClass) - 1)
    house.service.register.set_rates(house.name, "fr", [*percents, "50"], "EUR", "0.2", by="tests")
    assert house.service.estimate(house.name, base, head).costs["fr"] == Cost(Decimal(2), Decimal("0.4"), "EUR")
    assert house.translations() == known


def test_a_site_is_held_against_its_files_before_anything_runs(house):
    house.write(SOURCES | {f"i18n/fr/{A}": FRENCH, "text/torn.json": "{", "notes.json": {"a": "b"}, "README": "x"})
    found = house.service.check_site(house.name)
    (rule,) = found.rules
    assert (rule.files, rule.units, rule.words, rule.codes, rule.unreadable) == (3, 7, 19, 1, 1)
    assert rule.catalogs == {"ar": 0, "fr": 1}
    assert found.unmatched == ("notes.json",)
    assert [finding.path for finding in found.findings] == ["text/torn.json"]
