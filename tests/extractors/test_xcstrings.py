"""Xcstrings: the languages of one file, its variations and states, and Xcode's own formatting."""

import json

import pytest

from tests.extractors.android_documents import SIX
from tests.extractors.extracting import Format
from tm_service.domain.plurals import Plural
from tm_service.domain.serving import Rule
from tm_service.domain.units import About

CATALOG = Format("xcstrings", "Localizable.xcstrings")


def unit(value: str, state: str = "translated") -> dict:
    return {"stringUnit": {"state": state, "value": value}}


def catalog(strings: dict) -> str:
    """As Xcode writes it."""
    content = {"sourceLanguage": "en", "strings": strings, "version": "1.0"}
    return json.dumps(content, ensure_ascii=False, indent=2, separators=(",", " : ")).replace("{}", "{\n\n    }")


def entry(written: bytes, name: str) -> dict:
    return json.loads(written)["strings"][name]


def test_a_source_is_that_of_the_source_language_or_the_name():
    content = catalog({"title": {"localizations": {"en": unit("Seed vault")}}, "Open the door": {}})
    assert CATALOG.texts(content) == {("title",): "Seed vault", ("Open the door",): "Open the door"}


def test_a_text_is_that_of_the_language_asked_for():
    places = {"en": unit("Seed vault"), "zh-Hans": unit("种子库")}
    content = catalog({"title": {"localizations": places}, "Open": {}})
    assert CATALOG.read(content, "zh_hans") == {("title",): "种子库", ("Open",): ""}
    assert CATALOG.read(content, "fr") == {("title",): "", ("Open",): ""}
    assert CATALOG.texts(content, "zh-Hans") == {("title",): "Seed vault", ("Open",): "Open"}


def test_a_language_is_added_in_its_place_as_xcode_writes_it():
    before = {"a": {"localizations": {"ar": unit("باب"), "ru": unit("Дверь")}}, "b": {}, "c": {"shouldTranslate": True}}
    after = {
        "a": {"localizations": {"ar": unit("باب"), "fr": unit('Porte / "seuil"'), "ru": unit("Дверь")}},
        "b": {"localizations": {"fr": unit("Fenêtre")}},
        "c": {"localizations": {"fr": unit("Tiroir")}, "shouldTranslate": True},
    }
    texts = {("a",): 'Porte / "seuil"', ("b",): "Fenêtre", ("c",): "Tiroir"}
    assert CATALOG.merged(catalog(before), texts, "fr").decode() == catalog(after)


@pytest.mark.parametrize(
    ("locale", "names"), [("ar", SIX), ("zh-Hans", ("zero", "other")), ("fr", ("zero", "one", "many", "other"))]
)
def test_a_plural_has_the_forms_of_the_language(locale, names):
    english = {"variations": {"plural": {"one": unit("%lld seed"), "other": unit("%lld seeds")}}}
    content = catalog({"n": {"localizations": {"en": english}}})
    assert CATALOG.texts(content) == {("n",): "{count, plural, one {%lld seed} other {%lld seeds}}"}
    given = {name: f"%lld {name}" for name in SIX}
    made = entry(CATALOG.merged(content, {("n",): str(Plural("count", given))}, locale), "n")["localizations"]
    assert made[locale] == {"variations": {"plural": {name: unit(given[name]) for name in sorted(names)}}}
    assert made["en"] == english


def test_devices_and_substitutions_are_parts_with_keys_of_their_own():
    counted = {"argNum": 1, "formatSpecifier": "lld", "variations": {"plural": {"other": unit("%arg seeds")}}}
    content = catalog(
        {
            "tap": {"localizations": {"en": {"variations": {"device": {"mac": unit("Click"), "other": unit("Tap")}}}}},
            "mix": {"localizations": {"en": {**unit("%#@seeds@ here"), "substitutions": {"seeds": counted}}}},
        }
    )
    assert CATALOG.texts(content) == {
        ("tap", "device", "mac"): "Click",
        ("tap", "device", "other"): "Tap",
        ("mix",): "%#@seeds@ here",
        ("mix", "substitutions", "seeds"): "{count, plural, other {%arg seeds}}",
    }
    texts = {
        ("tap", "device", "mac"): "点击",
        ("tap", "device", "other"): "轻点",
        ("mix",): "这里有 %#@seeds@",
        ("mix", "substitutions", "seeds"): "{count, plural, other {%arg 粒种子}}",
    }
    written = CATALOG.merged(content, texts, "zh-Hans")
    assert CATALOG.read(written, "zh-Hans") == texts
    made = entry(written, "mix")["localizations"]["zh-Hans"]["substitutions"]["seeds"]
    assert (made["argNum"], made["formatSpecifier"]) == (1, "lld")


def test_states_say_what_nobody_has_translated():
    content = catalog({"Open": {"localizations": {"fr": unit("Ouvre", "needs_review")}}})
    assert entry(CATALOG.merged(content, {("Open",): "Ouvrir"}, "fr"), "Open")["localizations"]["fr"] == unit("Ouvrir")
    open_ = entry(CATALOG.merged(content, {("Open",): "Open"}, "ru", Rule.MISSING), "Open")["localizations"]["ru"]
    assert open_ == unit("Open", "new")


def test_comments_are_notes_and_what_is_not_to_be_translated_is_carried_along():
    content = catalog({"Open": {"comment": "tm:maxlength=8 Button"}, "Herbarium": {"shouldTranslate": False}})
    assert CATALOG.about(content) == {("Open",): About("Button", 8), ("Herbarium",): About(ignored=True)}


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("{", 1, "this is not JSON"),
        ('{\n"strings" : {,}}', 2, "this is not JSON"),
        ("[]", 1, "the file holds no object"),
        ('"x"', 1, "the file holds no object"),
        ('{"a":' + "[" * 200 + "]" * 200 + "}", 1, "values stand more than 100 levels deep"),
        ("[" * 200_000, 1, "values stand more than 100 levels deep"),
    ],
)
def test_what_is_no_catalog_is_refused_with_its_place(content, line, reason):
    found = CATALOG.refusal(content)
    assert found[0] == line
    assert found[2].startswith(reason)


@pytest.mark.parametrize(
    "strings",
    ['"x"', "[]", '{"a" : "x"}', '{"a" : {"localizations" : []}}', '{"a" : {"localizations" : {"en" : "x"}}}', "{}"],
)
def test_odd_shapes_are_read_as_far_as_they_go(strings):
    content = f'{{"strings" : {strings}, "n" : {"9" * 5000}}}'
    written = CATALOG.merged(content, dict.fromkeys(CATALOG.texts(content), "Texte"), "fr")
    assert set(CATALOG.read(written, "fr").values()) <= {"Texte"}
