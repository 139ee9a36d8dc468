"""JSON catalogs that merging makes load in the real runtimes and give the right text, plural form and direction."""

import json
import unicodedata
from collections.abc import Callable, Mapping

import pytest

from extractors.json_messages import JsonMessages
from locales import LANGUAGES
from tests.extractors.contract import served
from tests.runtime.messages import BASKET, COUNTS, LOCALES, NEXT, PACKETS, TITLE, WELCOME, shown
from tests.runtime.runtimes import ask
from tm_service.domain.plurals import Plural
from tm_service.domain.units import Document, Key

pytestmark = pytest.mark.slow  # npm installs the runtimes
Texts = dict[Key, str]


def plural(forms: Mapping[str, str], number: str, argument: str = "count") -> str:
    """A message as the house has it, whose number the format writes like this."""
    return str(Plural(argument, {name: form.replace("#", number) for name, form in forms.items()}))


def catalogs(dialect: str, source: str, texts: Callable[[str], Texts], ending: str = "json") -> dict[str, str]:
    """The English file and those that come of it, by locale."""
    extractor, document = JsonMessages(dialect), Document(f"locales/en.{ending}", source.encode())
    resource = extractor.extract(document, "en")
    assert {unit.key for unit in resource.values} >= texts("en").keys()
    made = {"en": source}
    for locale in LOCALES[1:]:
        content = extractor.merge(resource, served(texts(locale)), locale=locale)
        read = extractor.read(Document("made." + ending, content), locale).values
        assert {key: read[key] for key in texts(locale)} == texts(locale)
        made[locale] = content.decode()
    return made


def counted(key: str, argument: str = "count") -> list[list]:
    return [[key, {argument: count}] for count in COUNTS]


def expected(locale: str, *, place: str, linked: bool = True) -> list[str]:
    """What a page shows: packets and basket by number, the welcome, the next page."""
    texts = [*shown(PACKETS[locale], locale), *shown(BASKET[locale], locale), WELCOME[locale].replace("@", place)]
    return [*texts, NEXT[locale].replace("@", TITLE[locale])] if linked else texts


VUE = """{
  "home": {
    "title": "Seed bank",
    "packets": "{count} packet of seeds | {count} packets of seeds",
    "basket": "The basket is empty | {count} packet in the basket | {count} packets in the basket",
    "welcome": "Welcome to the seed bank of {place}",
    "next": ["Next page: @:home.title"]
  }
}
"""


def vue_texts(locale: str) -> Texts:
    one = len(PACKETS[locale]) == 1
    return {
        ("home", "title"): TITLE[locale],
        ("home", "packets"): PACKETS[locale]["other"].replace("#", "{count}")
        if one
        else plural(PACKETS[locale], "{count}"),
        ("home", "basket"): plural(BASKET[locale], "{count}"),
        ("home", "welcome"): WELCOME[locale].replace("@", "{place}"),
        ("home", "next", "0"): NEXT[locale].replace("@", "@:home.title"),
    }


def test_vue_i18n_shows_each_number_in_its_form():
    calls = [*counted("home.packets"), *counted("home.basket")]
    calls += [["home.welcome", {"place": "Lima"}], ["home.next[0]", {}]]
    answers = ask("vue_i18n.mjs", {"catalogs": catalogs("vue-i18n", VUE, vue_texts), "calls": calls})
    assert answers == {locale: expected(locale, place="Lima") for locale in LOCALES}


def test_vue_i18n_needs_no_rule_of_the_site_for_languages_that_its_own_fits():
    """But for 0 in French, which is singular, and for millions."""
    made = catalogs("vue-i18n", VUE, vue_texts)
    calls = [[key, {"count": count}] for key in ("home.packets", "home.basket") for count in COUNTS[:-1]]
    question = {"catalogs": {locale: made[locale] for locale in ("en", "zh")}, "calls": calls, "ownRule": True}
    assert ask("vue_i18n.mjs", question) == {
        locale: [*shown(PACKETS[locale], locale)[:-1], *shown(BASKET[locale], locale)[:-1]] for locale in ("en", "zh")
    }


I18NEXT = """{
  "home": {
    "title": "Seed bank",
    "packets_one": "{{count}} packet of seeds",
    "packets_other": "{{count}} packets of seeds",
    "basket_zero": "The basket is empty",
    "basket_one": "{{count}} packet in the basket",
    "basket_other": "{{count}} packets in the basket"
  },
  "welcome": "Welcome to the seed bank of {{place}}",
  "next": "Next page: $t(home.title)",
  "place_ordinal_one": "{{count}}st place",
  "place_ordinal_two": "{{count}}nd place",
  "place_ordinal_few": "{{count}}rd place",
  "place_ordinal_other": "{{count}}th place"
}
"""
ORDINALS = {
    "en": {"one": "#st place", "two": "#nd place", "few": "#rd place", "other": "#th place"},
    "ar": {"other": "المرتبة #"},
    "es": {"other": "#.º puesto"},
    "fr": {"one": "#re place", "other": "#e place"},
    "ru": {"other": "#-е место"},
    "zh": {"other": "第 # 名"},
}


def i18next_texts(locale: str) -> Texts:
    basket = {name: form for name, form in BASKET[locale].items() if (name, locale) != ("=0", "ar")}
    return {
        ("home", "title"): TITLE[locale],
        ("home", "packets"): plural(PACKETS[locale], "{{count}}"),
        ("home", "basket"): plural(_all_forms(basket, locale), "{{count}}"),
        ("welcome",): WELCOME[locale].replace("@", "{{place}}"),
        ("next",): NEXT[locale].replace("@", "$t(home.title)"),
        ("place_ordinal",): plural(ORDINALS[locale], "{{count}}").replace(" plural,", " selectordinal,", 1),
    }


def _all_forms(forms: Mapping[str, str], locale: str) -> Mapping[str, str]:
    """Forms for each category of a language; round millions read like any larger number."""
    return {"many": forms["other"], **forms} if locale in ("es", "fr") else forms


def i18next_calls() -> list[list]:
    calls = [*counted("home.packets"), *counted("home.basket"), ["welcome", {"place": "Lima"}], ["next", {}]]
    return calls + [["place", {"count": count, "ordinal": True}] for count in (1, 2, 3, 4)]


def i18next_expected(locale: str) -> list[str]:
    names = {"en": ["one", "two", "few", "other"], "fr": ["one", "other", "other", "other"]}.get(locale, ["other"] * 4)
    ordinals = [ORDINALS[locale][name].replace("#", str(count)) for count, name in enumerate(names, 1)]
    return [*expected(locale, place="Lima"), *ordinals, LANGUAGES[locale].direction]


@pytest.mark.parametrize("ending", ["json", "json5"])
def test_i18next_shows_each_number_in_its_form_and_knows_the_direction(ending):
    source = I18NEXT if ending == "json" else I18NEXT.replace('"', "'").replace("'home'", "// texts\n  home")
    question = {"catalogs": catalogs("i18next", source, i18next_texts, ending), "calls": i18next_calls()}
    assert ask("i18next.mjs", question) == {locale: i18next_expected(locale) for locale in LOCALES}


def test_i18next_of_before_version_4_shows_each_number_in_its_form():
    source = '{"packets": "{{count}} packet of seeds", "packets_plural": "{{count}} packets of seeds"}'

    def texts(locale: str) -> Texts:
        forms = {**PACKETS[locale]}
        if locale in ("es", "fr"):
            del forms["many"]  # this version has two forms there
        if locale == "ru":
            forms["other"] = forms["many"]  # and none for fractions
        return {("packets",): plural(forms, "{{count}}")}

    answers = ask(
        "i18next_v3.mjs", {"catalogs": catalogs("i18next-v3", source, texts), "calls": counted("packets")[:-1]}
    )
    assert answers == {locale: shown(PACKETS[locale], locale)[:-1] for locale in LOCALES}


def untranslated(locale: str) -> Texts:
    """A catalog in which the forms still stand in English, as they are served where nobody has translated them."""
    return {("title",): TITLE[locale]}


def test_forms_that_stand_in_english_are_shown_in_english_for_every_number():
    i18next = '{"title": "Seed bank", "packets_one": "{{count}} packet", "packets_other": "{{count}} packets"}'
    vue = '{"title": "Seed bank", "packets": "{count} packet | {count} packets"}'
    calls = [["title", {}], *counted("packets")]
    shows = {
        locale: [TITLE[locale], *(f"{count} packet" if count == 1 else f"{count} packets" for count in COUNTS)]
        for locale in LOCALES
    }
    shows["fr"][1] = "0 packet"  # singular in French
    assert ask("vue_i18n.mjs", {"catalogs": catalogs("vue-i18n", vue, untranslated), "calls": calls}) == shows
    shows["zh"][2] = "1 packets"  # i18next asks Chinese for the one form that it has
    question = {"catalogs": catalogs("i18next", i18next, untranslated), "calls": calls, "fallback": i18next}
    assert {locale: texts[:-1] for locale, texts in ask("i18next.mjs", question).items()} == shows


def icu(forms: Mapping[str, str], argument: str = "count") -> str:
    return plural(forms, "{count}", argument).replace("'{count}'", "{count}")


def icu_texts(locale: str) -> Texts:
    return {
        ("packets",): icu(PACKETS[locale]),
        ("basket",): icu(BASKET[locale]),
        ("welcome",): WELCOME[locale].replace("@", "{place}"),
    }


def icu_calls() -> list[list]:
    return [*counted("packets"), *counted("basket"), ["welcome", {"place": "Lima"}]]


def icu_source(write: Callable[[str], object], **more: object) -> str:
    return json.dumps({**more, **{key[0]: write(text) for key, text in icu_texts("en").items()}}, indent=2)


@pytest.mark.parametrize(
    ("dialect", "source"),
    [
        ("formatjs", icu_source(lambda text: {"defaultMessage": text, "description": "On the home page."})),
        ("formatjs", icu_source(str)),
        ("arb", icu_source(str, **{"@@locale": "en", "@packets": {"description": "On the home page."}})),
    ],
    ids=["formatjs", "formatjs-flat", "arb"],
)
def test_formatjs_shows_each_number_in_its_form(dialect, source):
    answers = ask("formatjs.mjs", {"catalogs": catalogs(dialect, source, icu_texts), "calls": icu_calls()})
    assert answers == {locale: expected(locale, place="Lima", linked=False) for locale in LOCALES}


def angular_texts(locale: str) -> Texts:
    return {**icu_texts(locale), ("welcome",): WELCOME[locale].replace("@", "{$PLACE}")}


def angular_catalogs() -> dict[str, str]:
    texts = {key[0]: text for key, text in angular_texts("en").items()}
    return catalogs("angular", json.dumps({"locale": "en", "translations": texts}, indent=2), angular_texts)


def test_angular_loads_the_file_of_each_language_and_puts_values_in():
    calls = [["welcome", ["PLACE", "Lima"]], ["packets"]]
    answers = ask("angular.mjs", {"catalogs": angular_catalogs(), "calls": calls})
    assert answers == {locale: [WELCOME[locale].replace("@", "Lima"), icu(PACKETS[locale])] for locale in LOCALES}


def test_the_plurals_that_angular_hands_on_show_each_number_in_its_form():
    """Angular's own templates read these texts as ICU when a page is drawn."""
    answers = ask("formatjs.mjs", {"catalogs": angular_catalogs(), "calls": icu_calls()[:-1]})
    assert answers == {locale: expected(locale, place="", linked=False)[:-1] for locale in LOCALES}


def test_texts_run_in_the_direction_of_their_language():
    answers = ask("i18next.mjs", {"catalogs": catalogs("i18next", I18NEXT, i18next_texts), "calls": i18next_calls()})
    for locale, texts in answers.items():
        strong = [_first_strong(text) for text in texts[:-1] if text[0].isalpha()]
        assert set(strong) == {LANGUAGES[locale].direction}


def _first_strong(text: str) -> str:
    """The direction of a line by its first letter (UAX 9, P2)."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next({"L": "ltr"}.get(kind, "rtl") for kind in kinds if kind in ("L", "R", "AL"))
