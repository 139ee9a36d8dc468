"""JSON of vue-i18n: which bars divide plural forms, and which forms a language is given, in which order."""

import json

import pytest

from extractors.json_messages import JsonMessages
from tests.extractors.json_messages import ARABIC, document, merged, plural, read, units


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("{n} seed | {n} seeds", {"one": "{n} seed", "other": "{n} seeds"}),
        ("none|{count} seed|{count} seeds", {"exactly_0": "none", "one": "{count} seed", "other": "{count} seeds"}),
        ("seed | seeds", {"one": "seed", "other": "seeds"}),
        ("mouse | mice", {"one": "mouse", "other": "mice"}),
        ("no one | a person | a crowd", {"exactly_0": "no one", "one": "a person", "other": "a crowd"}),
        ("{n} {'|'} a | {n} {'|'} b", {"one": "{n} | a", "other": "{n} | b"}),
    ],
)
def test_vue_forms_between_bars_are_a_plural(text, forms):
    assert units("vue-i18n", json.dumps({"a": text})) == {("a",): plural(**forms)}


@pytest.mark.parametrize(
    "text",
    [
        "Home | Seed bank",
        "Open the list of all permits of the harbour now | Close the list of all permits of the harbour",
        "seed | ",
        "Yes | No",
    ],
)
def test_a_vue_text_whose_bar_divides_no_forms_is_one_text_and_developers_are_told(text):
    resource = JsonMessages("vue-i18n").extract(document(json.dumps({"a": text})))
    assert [(unit.key, unit.source) for unit in resource.values] == [(("a",), text)]
    assert [found.check for found in resource.findings] == ["plural-bar"]
    assert merged("vue-i18n", json.dumps({"a": text}), {("a",): "x | y"}) == '{"a": "x | y"}'


def test_a_bar_that_vue_readers_see_is_a_bar_to_the_translator_and_escaped_for_vue():
    content = """{"a": "Seeds {'|'} permits", "b": "Mail {'@'} us"}"""
    assert units("vue-i18n", content) == {("a",): "Seeds | permits", ("b",): "Mail {'@'} us"}
    texts = {("a",): "Graines | permis", ("b",): "A|B { '|' }"}
    assert merged("vue-i18n", content, texts) == """{"a": "Graines {'|'} permis", "b": "A{'|'}B {'|'}"}"""


def test_vue_links_and_lists_stay_as_they_are():
    content = '{"a": {"title": "Seeds", "list": ["See @:a.title", {"b": "@.lower:a.title!"}]}}'
    assert units("vue-i18n", content) == {
        ("a", "title"): "Seeds",
        ("a", "list", "0"): "See @:a.title",
        ("a", "list", "1", "b"): "@.lower:a.title!",
    }


@pytest.mark.parametrize(
    ("locale", "forms", "written"),
    [
        ("ar", {name: name for name in ARABIC}, "zero | one | two | few | many | other"),
        ("ar", {"exactly_0": "=0", **{name: name for name in ARABIC}}, "=0 | zero | one | two | few | many | other"),
        ("ar-SA", {"one": "one", "few": "few", "other": "other"}, "other | one | other | few | other | other"),
        ("ru", {"one": "one", "few": "few", "many": "many", "other": "other"}, "one | few | many | other"),
        (
            "ru",
            {"exactly_0": "=0", "one": "one", "few": "few", "many": "many", "other": "o"},
            "=0 | one | few | many | o",
        ),
        ("fr", {"one": "one", "other": "other"}, "one | other"),
        ("fr", {"exactly_0": "=0", "one": "one", "other": "other"}, "=0 | one | other"),
        ("fr", {"one": "one", "many": "many", "other": "other"}, "one | one | many | other"),
        ("es", {"one": "one", "many": "many", "other": "other"}, "other | one | many | other"),
        ("zh", {"other": "other"}, "other"),
        ("zh", {"one": "never", "other": "other"}, "other"),
        ("zh", {"exactly_0": "=0", "other": "other"}, "=0 | other | other"),
        ("", {"one": "one", "two": "two", "other": "other"}, "one | two | other"),
    ],
)
def test_vue_gets_the_forms_of_the_language_in_its_order(locale, forms, written):
    content = '{"a": "{count} seed | {count} seeds"}'
    assert json.loads(merged("vue-i18n", content, {("a",): plural(**forms)}, locale)) == {"a": written}


@pytest.mark.parametrize(
    ("locale", "text", "forms"),
    [
        ("ru", "{n} а | {n} б | {n} в", {"one": "{n} а", "few": "{n} б", "many": "{n} в", "other": "{n} в"}),
        ("ru", "{n} а | {n} б", {"one": "{n} а", "other": "{n} б"}),
        ("es", "{n} a | {n} b | {n} c", {"exactly_0": "{n} a", "one": "{n} b", "other": "{n} c"}),
        ("es", "{n} c | {n} b | {n} m | {n} c", {"one": "{n} b", "many": "{n} m", "other": "{n} c"}),
        ("zh", "没有 | {n} 粒 | {n} 粒", {"exactly_0": "没有", "other": "{n} 粒"}),
        (
            "en",
            "{n} a | {n} b | c | {n} d",
            {"exactly_0": "{n} a", "exactly_1": "{n} b", "exactly_2": "c", "other": "{n} d"},
        ),
    ],
)
def test_vue_forms_are_told_by_how_many_a_language_has(locale, text, forms):
    assert read("vue-i18n", json.dumps({"a": text}), locale) == {("a",): plural(**forms)}


def test_a_vue_target_without_forms_is_the_only_form():
    content = '{"a": "{count} seed|{count} seeds"}'
    assert merged("vue-i18n", content, {("a",): "{count} 粒种子"}, "zh") == '{"a": "{count} 粒种子"}'
    assert merged("vue-i18n", content, {("a",): "{count} graine | {count} graines"}, "fr") == (
        '{"a": "{count} graine | {count} graines"}'
    )
