"""Forms: each plural form is held against the source's form that it says, in any language's number of them."""

import pytest

from tm_service.checks import HouseChecks
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.plurals import Plural

JARS = {"one": "{n} jar", "other": "{n} jars of <b>honey</b>"}
SEEDS = {"one": "%d seed was sown", "other": "%d seeds were sown"}


def told(forms, locale, **target: str):
    pair = Pair(str(Plural("n", forms)), str(Plural("n", target)), locale)
    return [(entry.check, entry.severity, entry.message) for entry in HouseChecks().check(pair)]


@pytest.mark.parametrize(
    ("locale", "target"),
    [
        ("fr", {"one": "%d graine semée", "many": "%d de graines semées", "other": "%d graines semées"}),
        (
            "ar",
            {
                "zero": "لم تُزرع أي بذرة",
                "one": "زُرعت بذرة واحدة",
                "two": "زُرعت بذرتان",
                "few": "زُرعت %d بذور",
                "many": "زُرعت %d بذرة",
                "other": "زُرعت %d بذرة",
            },
        ),
        (
            "ru",
            {
                "one": "посеяно %d семя",
                "few": "посеяно %d семени",
                "many": "посеяно %d семян",
                "other": "посеяно %d семени",
            },
        ),
        ("zh", {"other": "已播种 %d 粒种子"}),
    ],
)
def test_good_forms_are_good_and_may_say_one_and_two_in_words(locale, target):
    assert told(SEEDS, locale, **target) == []


def test_a_count_that_is_lost_in_a_form_of_many_numbers_is_found():
    found = told(
        SEEDS, "ru", one="посеяно %d семя", few="посеяно %d семени", many="посеяно семян", other="посеяно %d семени"
    )
    assert found == [("placeholders", Severity.ERROR, "The placeholder %d is missing; put it back.")]


def test_a_form_is_held_against_its_own_source_form():
    good = {"one": "{n} pot", "many": "{n} de pots de <b>miel</b>", "other": "{n} pots de <b>miel</b>"}
    assert told(JARS, "fr", **good) == []
    assert [check for check, *_ in told(JARS, "fr", **good | {"many": "{n} de pots de miel"})] == ["markup"]


def test_another_placeholder_than_the_count_is_never_left_out():
    forms = {"one": "{n} jar for {name}", "other": "{n} jars for {name}"}
    found = told(forms, "fr", one="un pot", many="{n} de pots pour {name}", other="{n} pots pour {name}")
    assert [(check, "{name}" in said) for check, _, said in found] == [("placeholders", True)]


def test_the_same_fault_in_several_forms_is_told_once():
    found = told(JARS, "fr", one="{n} pot", many="{n} de pots de miel", other="{n} pots de miel")
    assert [check for check, *_ in found] == ["markup"]


def test_a_form_that_is_left_blank_or_out_is_found():
    assert [
        check for check, *_ in told(SEEDS, "fr", one="", many="%d de graines semées", other="%d graines semées")
    ] == ["icu"]
    assert [check for check, *_ in told(SEEDS, "ru", one="посеяно %d семя", other="посеяно %d семени")] == ["icu"]


def test_the_place_of_a_fault_is_that_in_the_message():
    source, target = Plural("n", {"one": "a jar", "other": "jars  here"}), Plural("n", {"other": "罐子在这里 здесь"})
    pair = Pair(str(source), str(target), "zh")
    places = [pair.target[slice(*entry.place)] for entry in HouseChecks().check(pair) if entry.place]
    assert "здесь" in " ".join(places)


def test_nothing_is_repaired_in_the_whole_of_a_message_of_forms():
    pair = Pair(str(Plural("n", JARS)), str(Plural("n", {"one": "{x} pot", "other": "{n} pots"})), "fr")
    assert HouseChecks().repair(pair) is None


def repaired(forms, *, is_icu=False, **target: str):
    said = Plural("n", target, is_icu=is_icu)
    return HouseChecks().repair(Pair(str(Plural("n", forms, is_icu=is_icu)), str(said), "fr")), said


@pytest.mark.parametrize("is_icu", [False, True])
def test_each_form_is_repaired_by_itself(is_icu):
    forms = {"one": "<b>{name}</b> has # jar", "other": "<b>{name}</b> has # jars"}
    good = {"one": "<b>{name}</b> a # pot", "many": "<b>{name}</b> a # de pots", "other": "<b>{name}</b> a # pots"}
    wrong = good | {"one": "< b>{name}</b> a # pot", "other": "<b>{name}</ b> a # pots"}
    found, said = repaired(forms, is_icu=is_icu, **wrong)
    assert found.target == str(Plural("n", good, is_icu=is_icu))
    assert {entry.repair for entry in found.findings} == {found.target}
    assert [str(said)[slice(*entry.place)] for entry in found.findings if entry.place] == (
        ["< b>", "</ b>"] if is_icu else []  # ICU's quotes around the braces are none of the translator's
    )
    assert repaired(forms, is_icu=is_icu, **good)[0] is None


def test_a_message_is_not_repaired_by_half():
    """As of a single text: where one form stays wrong, a person looks at all of it."""
    found, _ = repaired(SEEDS, one="% d graine semée", many="de graines semées", other="%d graines semées")
    assert found is None


@pytest.mark.parametrize(
    ("locale", "target"),
    [
        ("fr", {"one": "<b>#</b> graine", "many": "<b>#</b> de graines", "other": "<b>#</b> graines"}),
        ("zh", {"other": "<b>#</b> 粒种子"}),
    ],
)
def test_tags_are_counted_form_by_form_however_many_forms_a_language_has(locale, target):
    seeds = str(Plural("n", {"one": "<b>#</b> seed", "other": "<b>#</b> seeds"}, is_icu=True))
    whole = str(Plural("n", target, is_icu=True))
    assert HouseChecks().check(Pair(seeds, whole, locale)) == ()
    found = HouseChecks().check(Pair(seeds, whole.replace("</b>", "", 1), locale))
    assert [(entry.check, entry.severity) for entry in found] == [("markup", Severity.ERROR)]
