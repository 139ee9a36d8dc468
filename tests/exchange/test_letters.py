"""Covering letters: what a translator reads in the mail before anything is opened."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from locales import LANGUAGES
from tests.exchange.handoffs import CODES, handoff
from tests.exchange.receipts import taken_in
from tests.exchange.samples import package, unit
from tm_service.domain.deliveries import Letter
from tm_service.domain.findings import Severity, found
from tm_service.domain.functions import Deprecated
from tm_service.exchange.letters import function_letter, handoff_letter, receipt_letter, reminder_letter

ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))


def received(locale="fr", **more: Any) -> Letter:
    receipt, sent, _ = taken_in(locale)
    return receipt_letter(replace(receipt, **more), sent)


def test_a_package_comes_with_what_how_much_and_until_when():
    letter = handoff_letter(handoff("fr").package, "amina@seeds.example")
    own, english = letter.plain.split("\u2014" * 12)
    assert letter.subject == "À traduire d’ici au 1 avril 2026\u00a0: seeds D0142 en-fr"
    assert "Langue source\u00a0: anglais\u00a0; langue cible\u00a0: français." in own
    assert "Échéance\u00a0: 1 avril 2026" in own
    for line in (
        "“seeds”, to be translated from English into French.",
        "- Due: April 1, 2026",
        "- Texts: 14",
        "- Words: 55",
        "- Package: seeds-142-fr",
        "ask amina@seeds.example.",
    ):
        assert line in english


def test_who_has_no_contact_answers_the_letter():
    assert "or answer this letter." in handoff_letter(handoff("fr").package).plain


def test_a_package_without_a_date_says_so():
    letter = handoff_letter(replace(handoff("ru").package, due=None))
    assert letter.subject == "На перевод: seeds D0142 en-ru"
    assert "Срок: срок не назначен" in letter.plain


@pytest.mark.parametrize("locale", CODES)
def test_a_letter_is_in_the_translators_language_with_english_below(locale):
    for letter in (handoff_letter(handoff(locale).package), received(locale)):
        assert letter.language == locale
        parts = html.fromstring(f"<div>{letter.html}</div>").findall("div")
        assert [(part.get("lang"), part.get("dir")) for part in parts] == [
            (locale, LANGUAGES[locale].direction),
            ("en", "ltr"),
        ]
        assert len(letter.subject) <= 120
        assert "\n" not in letter.subject


@pytest.mark.parametrize("locale", CODES)
def test_both_bodies_say_the_same(locale):
    reminders = (reminder_letter(handoff(locale).package, "", day) for day in (BEFORE, LATE))
    for letter in (handoff_letter(handoff(locale).package), received(locale), *reminders):
        lines = [line.removeprefix("- ") for line in letter.plain.splitlines() if line and set(line) != {"\u2014"}]
        document = html.fromstring(f"<div>{letter.html}</div>")
        assert lines == [element.text for element in document.iter("p", "li")]


def test_a_receipt_tells_how_it_went_and_names_what_needs_attention():
    letter = received("fr")
    assert letter.subject == "Reçu, avec des textes à corriger\u00a0: seeds D0142 en-fr"
    for line in (
        "- Acceptés\u00a0: 2",
        "- hint\\.send\u00a0: La balise </b> manque\u00a0; remettez-la.",
        "- form.0: The number 90 became 30; write 90.",
        "A small package holds just the texts that need your attention",
    ):
        assert line in letter.plain


def test_without_a_package_of_corrections_the_same_files_are_asked_for():
    assert "send the same files back" in received("fr", corrections="").plain


def test_a_clean_receipt_asks_for_nothing():
    letter = received("es", findings=(), quarantined=(), corrections="", open=0)
    assert letter.subject == "Recibido: seeds D0142 en-es"
    assert "Gracias: se ha aceptado todo y el paquete está completo." in letter.plain
    assert "corr" not in letter.plain.split("\u2014" * 12)[1].lower()


BEFORE, LATE = date(2026, 3, 29), date(2026, 4, 9)  # of what is due on the first of April


def test_a_package_that_is_soon_due_is_named_with_how_much_of_it_is_open():
    sent = handoff("fr").package
    first, *others = sent.units
    letter = reminder_letter(replace(sent, units=(replace(first, done=True), *others)), "amina@seeds.example", BEFORE)
    own, english = letter.plain.split("\u2014" * 12)
    assert letter.subject == "Rappel, à rendre d’ici au 1 avril 2026\u00a0: seeds D0142 en-fr"
    assert "Ils sont attendus d’ici au 1 avril 2026." in own
    assert "- Encore à traduire\u00a0: 13" in own
    for line in (
        "texts of the website “seeds” are still with you for translation. They are due on April 1, 2026.",
        "- Due: April 1, 2026",
        "- Still open: 13",
        "- Package: seeds-142-fr",
        "send the translated files back by that day",
        "please write to amina@seeds.example.",
    ):
        assert line in english


def test_a_package_that_is_overdue_is_asked_for_since_its_day():
    letter = reminder_letter(handoff("es").package, "", LATE)
    assert letter.subject == "Recordatorio, el plazo venció el 1 de abril de 2026: seeds D0142 en-es"
    assert "Debían entregarse a más tardar el 1 de abril de 2026." in letter.plain
    assert "They were due on April 1, 2026." in letter.plain
    assert "please answer this letter." in letter.plain


def test_a_package_is_not_late_on_its_day():
    said = [reminder_letter(handoff("zh").package, "", day).subject for day in (date(2026, 4, 1), date(2026, 4, 2))]
    assert [subject.startswith("逾期") for subject in said] == [False, True]


@pytest.mark.parametrize("day", [BEFORE, LATE])
@pytest.mark.parametrize("locale", [*CODES, "en", "de"])
def test_a_reminder_is_in_every_language_of_the_house_and_in_english(locale, day):
    letter = reminder_letter(replace(handoff("fr").package, locale=locale), "amina@seeds.example", day)
    spoken = [part.get("lang") for part in html.fromstring(f"<div>{letter.html}</div>").findall("div")]
    assert spoken == ([locale, "en"] if locale in CODES else ["en"])
    assert not re.search("[{}]|\\.\\.", letter.plain + letter.subject + letter.html)
    assert letter.plain.count("amina@seeds.example") == len(spoken)


OLD = Deprecated("returns/v0", date(2026, 11, 1), date(2027, 3, 1), "returns")


def test_a_change_is_told_with_what_changes_when_and_what_to_use_instead():
    letter = function_letter("Seed labels", OLD, "fr-CA")
    own, english = letter.plain.split("\u2014" * 12)
    assert letter.subject == "Seed labels\u00a0: la fonction returns/v0 change le 1 mars 2027"
    assert letter.language == "fr"
    assert "- Date du changement\u00a0: 1 mars 2027" in own
    for line in (
        "- Function: returns/v0",
        "- Out of date since: November 1, 2026",
        "- Changes on: March 1, 2027",
        "- To be used in its place: returns",
    ):
        assert line in english


def test_a_change_without_another_function_names_none():
    letter = function_letter("Seed labels", replace(OLD, instead=""), "en")
    assert "in its place" not in letter.plain
    assert letter.plain.count("returns") == 1


@pytest.mark.parametrize("locale", [*CODES, "en", "de"])
def test_a_change_is_told_in_every_language_of_the_house_and_in_english(locale):
    letter = function_letter("Seed labels", OLD, locale)
    spoken = [part.get("lang") for part in html.fromstring(f"<div>{letter.html}</div>").findall("div")]
    assert spoken == ([locale, "en"] if locale in CODES and locale != "en" else ["en"])
    assert not re.search("[{}]", letter.plain + letter.subject + letter.html)


@given(st.text(min_size=1), st.text(min_size=1), st.text(), st.sampled_from(list(CODES)))
def test_no_name_of_a_client_breaks_out_of_its_letter(client, function, instead, locale):
    letter = function_letter(client, replace(OLD, name=function, instead=instead), locale)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", letter.subject)
    assert {element.tag for element in html.fromstring(f"<div>{letter.html}</div>").iter()} <= {
        "div",
        "p",
        "ul",
        "li",
        "hr",
    }
    letter.plain.encode()


def test_a_long_list_is_cut_and_says_so():
    wrong = tuple(
        replace(found("odd", Severity.ERROR, "The tag {tag} is missing; put it back.", tag="<b>"), unit=f"7.{n}")
        for n in range(25)
    )
    letter = received("zh", findings=wrong)
    assert letter.plain.count("缺少标签 <b>，请补上。") == 10
    assert "Not shown here: 15 more." in letter.plain


def test_names_and_codes_are_isolated_from_right_to_left():
    letter = received("ar")
    assert "\u2068seeds-142-ar\u2069" in letter.plain
    assert "\u2068</b>\u2069" in letter.plain
    assert "\u206800-READ-ME.html\u2069" in handoff_letter(handoff("ar").package).plain


odd = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"'\n\r{}")), max_size=60)


@given(odd, odd, odd, st.sampled_from(list(CODES)))
def test_nothing_breaks_out_of_a_letter(site, key, value, locale):
    sent = package(unit("7.1", "Moss", key=(key,)), site=site, locale=locale)
    finding = replace(found("odd", Severity.ERROR, "The tag {tag} is missing; put it back.", tag=value), unit="7.1")
    receipt = replace(taken_in(locale)[0], findings=(finding,), quarantined=("7.1",))
    for letter in (
        handoff_letter(sent, value),
        receipt_letter(receipt, sent),
        reminder_letter(sent, value, LATE),
    ):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", letter.subject)
        assert len(letter.subject) <= 120
        document = html.fromstring(f"<div>{letter.html}</div>")
        assert {element.tag for element in document.iter()} <= {"div", "p", "ul", "li", "hr"}
        assert not document.xpath("//@*[not(name() = 'lang' or name() = 'dir')]")
        letter.plain.encode()
        letter.html.encode()
