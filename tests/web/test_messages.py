import re
from importlib.resources import files

import pytest
from babel.messages.extract import extract_from_dir

from locales import LANGUAGES
from tm_service.setting_names import VARIABLES
from tm_service.web.desks.house.deeds import DEEDS, DOORS
from tm_service.web.refusals import SENTENCES
from tm_service.web.texts import DOMAINS, read_catalog, speech

TRANSLATED = ("ar", "es", "fr", "ru", "zh")
EXACT = {"ar": {0, 1, 2}}  # forms that stand for one number alone may say it in a word
PLACEHOLDER = re.compile(r"%\(\w+\)s")


DESKS = DOMAINS[1:]


@pytest.fixture(scope="module")
def used():
    """Every message of templates and refusals by the folders that say it: a text, or a pair of singular and plural."""
    place = files("tm_service.web")
    methods = [("templates/**.html", "jinja2.ext:babel_extract"), ("faults.py", "python")]
    found = {}
    for name, _, message, _, _ in extract_from_dir(str(place), method_map=methods):
        found.setdefault(message, set()).add(name.split("/")[1] if name.count("/") > 1 else "")
    assert len(found) > 50
    for message in (*(one.says for one in VARIABLES), *DEEDS.values(), *DOORS.values(), *SENTENCES):
        found.setdefault(message, set()).add("house")
    return found


@pytest.fixture(params=[(code, domain) for code in TRANSLATED for domain in DOMAINS], ids="-".join)
def catalog(request):
    return read_catalog(*request.param)


def test_every_message_has_a_translation_and_none_is_left_over(used, catalog):
    said = {message.id for message in catalog if message.id}
    shared = {message.id for message in read_catalog(catalog.locale.language) if message.id}
    if catalog.domain == DOMAINS[0]:
        assert said <= used.keys()
        assert {message for message, places in used.items() if places - set(DESKS)} <= said
    else:
        assert said == {message for message, places in used.items() if catalog.domain in places} - shared


def test_no_message_is_said_in_two_domains_so_that_it_is_translated_once(used):
    shared = {message.id for message in read_catalog("fr")}
    assert not [message for message, places in used.items() if len(places) > 1 and message not in shared]


def test_no_translation_is_empty_or_fuzzy(catalog):
    for message in catalog:
        forms = message.string if message.pluralizable else (message.string,)
        assert len(forms) == (catalog.num_plurals if message.pluralizable else 1), message.id
        assert all(form.strip() for form in forms) or not message.id, message.id
        assert not message.fuzzy, message.id


def test_placeholders_agree(catalog):
    for message in catalog:
        ids, forms = (message.id, message.string) if message.pluralizable else ((message.id,), (message.string,))
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for place, form in enumerate(forms if message.id else ()):
            said = sorted(PLACEHOLDER.findall(form))
            spoken = {"%(num)s"} if message.pluralizable and place in EXACT.get(catalog.locale.language, ()) else set()
            assert wanted - spoken <= set(said) <= wanted, message.id
            assert len(said) == len(set(said)), message.id
            assert "%" not in PLACEHOLDER.sub("", form), message.id


def test_no_translation_can_break_an_attribute_or_a_tag(catalog):
    for message in catalog:
        forms = message.string if message.pluralizable else (message.string,)
        assert not message.id or not re.search(r"[<>\"&]", "".join(forms)), message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_each_plural_form_of_the_language_has_its_own_text(code):
    """Numbers of one CLDR form are spoken alike, numbers of two forms apart."""
    spoken = {}
    for form, numbers in LANGUAGES[code].plurals.items():
        whole = [int(number) for number in numbers.split(", ") if number.isdecimal()]
        said = {speech(code).translations.ngettext("%(num)s word", "%(num)s words", number) for number in whole}
        if whole:
            assert len(said) == 1, (code, form)
            spoken[form] = read_catalog(code).plural_forms, whole[0]
    assert len(spoken) == read_catalog(code).num_plurals


def test_english_is_the_source():
    assert speech("en").translations.ngettext("%(num)s word", "%(num)s words", 1) == "%(num)s word"
