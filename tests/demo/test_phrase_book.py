import json
import re
from collections import Counter

import pytest

from tm_service.demo.history import releases, steps
from tm_service.demo.phrases import LOCALES, phrase_book
from tm_service.domain.text import CodeKind, is_language, parse
from tm_service.domain.units import Unit

SCRIPTS = {"ar": r"[\u0621-\u064a]", "ru": r"[а-яё]", "zh": r"[\u4e00-\u9fff]", "es": r"[a-z]", "fr": r"[a-z]"}

# The same word in both languages, as a translator would leave it.
SAME_AS_ENGLISH = {"es": {"No"}, "fr": {"Habitat", "Mangrove", "Message", "Version {number}"}}

BOOK = phrase_book()


def strings(value):
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from strings(entry)
    else:
        yield value


def wordings(step):
    return {
        text
        for path, content in step.files.items()
        if path.startswith("texts/")
        for text in strings(json.loads(content))
    }


def test_the_phrase_book_has_every_english_wording_of_every_release_in_five_languages():
    language = {text for step in steps() for text in wordings(step) if is_language(text)}
    assert {text for text in language if set(BOOK.get(text, ())) != set(LOCALES)} == set()


def test_the_phrase_book_has_nothing_the_site_never_said():
    assert set(BOOK) - {text for step in steps() for text in wordings(step)} == set()


def same_codes(english, target):
    source, translated = parse(english).codes, parse(target).codes
    if any(code.kind is CodeKind.BAR for code in source):
        return {code.data for code in translated} | {" | "} == {code.data for code in source}
    return Counter((c.kind, c.data) for c in translated) == Counter((c.kind, c.data) for c in source)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_codes_of_its_english(locale):
    """Plural forms differ from language to language, so there only which codes occur is compared."""
    assert [english for english, targets in BOOK.items() if not same_codes(english, targets[locale])] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_is_in_the_script_of_its_language(locale):
    script = re.compile(SCRIPTS[locale], re.IGNORECASE)
    assert [targets[locale] for targets in BOOK.values() if not script.search(parse(targets[locale]).plain)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_is_not_its_english_but_for_words_both_languages_share(locale):
    same = {english for english, targets in BOOK.items() if targets[locale] == english}
    assert same == SAME_AS_ENGLISH.get(locale, set())


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_keeps_the_numbers_and_no_stray_blanks(locale):
    def numbers(text):
        return re.findall(r"\d+", parse(text).plain)

    for english, targets in BOOK.items():
        target = targets[locale]
        assert " | " in english or numbers(target) == numbers(english), english
        assert target == target.strip(), english
        assert "  " not in target, english


@pytest.mark.parametrize("english", [english for english in BOOK if " | " in english])
def test_plural_messages_have_the_forms_of_their_language(english):
    """Arabic has six, Russian three, Spanish and French as many as English, Chinese one or as many as English."""
    of_english = english.count(" | ") + 1
    forms = {locale: target.count(" | ") + 1 for locale, target in BOOK[english].items()}
    assert (forms["ar"], forms["ru"], forms["es"], forms["fr"]) == (6, 3, of_english, of_english)
    assert forms["zh"] in (1, of_english)


def test_the_last_release_has_about_a_hundred_and_fifty_messages():
    *_, last = steps()
    texts = [
        text
        for path, content in last.files.items()
        if path.startswith("texts/")
        for text in strings(json.loads(content))
    ]
    assert 140 <= len(texts) <= 170


def test_some_values_are_codes_that_nobody_translates():
    *_, last = steps()
    codes = {text for text in wordings(last) if not Unit("", (), text).translatable}
    assert codes == {"helpdesk@seeds.example.org", "https://seeds.example.org/about", "seed_offer_v1"}


def test_releases_come_in_order():
    assert releases() == ("2026.1", "2026.2", "2026.3", "2026.4")
    assert releases("2026.2") == ("2026.1", "2026.2")
