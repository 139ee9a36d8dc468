"""The receipt as a page: what became of each text, in both languages, and that no text can break it."""

import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from locales import LANGUAGES
from tests.exchange.receipts import BACK, taken_in
from tests.exchange.samples import package, unit
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Outcome, Receipt
from tm_service.exchange.matching import How
from tm_service.exchange.receipt_page import pieces, receipt_page
from tm_service.exchange.receipt_texts import outcome

TEXTS = tomllib.loads(files("tm_service.exchange").joinpath("receipt_texts.toml").read_text("utf-8"))
FIELD = re.compile(r"\{[a-z]+\}")
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "zh": r"[\u4e00-\u9fff]"}


def page(receipt, sent, targets):
    return html.document_fromstring(receipt_page(receipt, sent, targets).decode())


def said(element):
    return " ".join("".join(element.itertext()).split())


def rows(article):
    return {said(row.find("dt")): said(row.find("dd")) for row in article.findall(".//dl/div")}


def articles(document, section):
    return document.xpath(f"//section[contains(@class, '{section}')]//article")


def plain(**more: Any) -> Receipt:
    """A receipt of one accepted unit with nothing to say, changed as asked."""
    made = Receipt(
        outcome=Outcome.ACCEPT,
        package="seeds-7-fr",
        digest="5e" * 32,
        accepted=1,
        quarantined=(),
        open=0,
        findings=(),
        at=taken_in()[0].at,
    )
    return replace(made, **more)


def test_every_text_is_said_in_every_language():
    assert set(TEXTS) == set(LANGUAGES)
    assert all(list(texts) == list(TEXTS["en"]) for texts in TEXTS.values())


@pytest.mark.parametrize("locale", TEXTS)
def test_a_text_has_the_fields_of_its_english_and_is_in_its_own_language(locale):
    for name, english in TEXTS["en"].items():
        text = TEXTS[locale][name]
        assert set(FIELD.findall(text)) == set(FIELD.findall(english)), name
        assert locale not in SCRIPTS or name == "fact" or re.search(SCRIPTS[locale], text), name
    same = {name for name, text in TEXTS[locale].items() if text == TEXTS["en"][name]}
    assert locale == "en" or same <= {"fact", "page", "suggestion"}


def test_every_way_of_recognition_has_a_name():
    assert all(f"how_{how}" in texts for how in How for texts in TEXTS.values())


@pytest.mark.parametrize("locale", BACK)
def test_a_page_speaks_the_translators_language_first_and_needs_nothing_from_elsewhere(locale):
    document = page(*taken_in(locale))
    assert (document.get("lang"), document.get("dir")) == (locale, LANGUAGES[locale].direction)
    voices = document.xpath("//section[@class='voice']")
    assert [(voice.get("lang"), voice.get("dir")) for voice in voices] == [
        (locale, LANGUAGES[locale].direction),
        ("en", "ltr"),
    ]
    assert [said(voice.find("h2")) for voice in voices] == [TEXTS[locale]["title"], TEXTS["en"]["title"]]
    assert not document.xpath("//script | //img | //link | //@src | //@href")
    assert "default-src 'none'" in document.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert not re.search(r"@import|url\(", document.find(".//style").text)


def test_the_outcome_and_its_numbers_come_first():
    (voice,) = page(*taken_in("fr")).xpath("//section[@class='voice'][@lang='en']")
    assert said(voice.find("p")) == TEXTS["en"]["attention"]
    facts = {said(fact.find("dt")): said(fact.find("dd")) for fact in voice.findall(".//dl/div")}
    assert facts == {
        "Accepted": "2",
        "Need your attention": "3",
        "Still open": "12",
        "Repaired on the way": "1",
        "Kept as proposals": "1",
        "Translated by others meanwhile": "1",
        "Questions passed on": "2",
        "Received on": "March 20, 2026",
        "How the texts were recognised": "by their text: 1 · by number and package: 6",
    }


def test_a_text_that_needs_attention_shows_its_place_and_the_reason_in_both_languages():
    found_ = [rows(article) for article in articles(page(*taken_in("fr")), "attention")]
    tag, number, language = found_
    assert tag["Page"] == "app/text/labels.json"
    assert tag["Texte source · Source"].startswith('Read the <a href="/rules" class="x">rules</a>')
    assert tag["Raison · Reason"] == "La balise </b> manque ; remettez-la.The tag </b> is missing; put it back."
    assert number["Tel que revenu · As it came back"].startswith("Envoyez le formulaire dans les 30 jours, {nom}")
    assert "{name}" in number["Tel qu’il est maintenant · As it is now"]
    assert language["Raison · Reason"].startswith("La traduction semble être en anglais")


def test_the_place_in_question_is_marked_and_nothing_else():
    document = page(*taken_in("fr"))
    marks = [said(mark) for article in articles(document, "attention") for mark in article.iter("mark")]
    assert marks == ["30"]


def test_what_was_repaired_is_shown_as_it_was_and_as_it_is():
    (article,) = articles(page(*taken_in("fr")), "repaired")
    before, after = article.xpath(".//mark")
    assert (said(before), said(after)) == ("{ count }", "{count}")
    assert rows(article)["Tel qu’il est maintenant · As it is now"] == "{count} échantillon | {count} échantillons"


def test_a_repaired_text_whose_first_wording_is_gone_is_shown_as_it_is():
    receipt, sent, targets = taken_in("fr")
    mended = next(one.repair for one in receipt.findings if one.check == "repair" and one.unit == "7.3")
    (article,) = articles(page(receipt, sent, {**targets, "7.3": mended}), "repaired")
    assert "Tel que revenu · As it came back" not in rows(article)
    assert not list(article.iter("mark"))


def test_what_others_did_what_are_drafts_and_what_is_open_have_sections_of_their_own():
    document = page(*taken_in("fr"))
    assert [said(article.find("h3")).split()[0] for article in articles(document, "answered")] == ["map"]
    assert [said(article.find("h3")).split()[0] for article in articles(document, "proposals")] == ["library"]
    assert "translated this text meanwhile: \u2068Harbour\u2069" in said(articles(document, "answered")[0])
    opened = document.xpath("//section[contains(@class, 'open')]//li")
    assert len(opened) == 7
    assert "app/text/pages/wetlands.json · garden" in said(opened[3])
    assert said(opened[1]).endswith(
        "L’unité est revenue vide ; elle reste à traduire.The unit came back empty; it stays open."
    )


def test_a_warning_about_a_draft_stands_with_the_draft():
    receipt, sent, targets = taken_in("fr")
    warning = replace(found("length", Severity.WARNING, "The target is blank; translate the text."), unit="9.10")
    document = page(replace(receipt, findings=(*receipt.findings, warning)), sent, targets)
    (draft,) = articles(document, "proposals")
    assert rows(draft)["Raison · Reason"].startswith("La traduction est vide")
    assert not articles(document, "look")


def test_what_is_said_of_a_file_stands_by_itself():
    (remark,) = page(*taken_in("zh")).xpath("//section[h2/@id='files']//li")
    assert said(remark).startswith("back/older/D0139_labels.xlf 不属于")


def test_each_place_bears_the_number_of_its_reason_where_there_are_several():
    (article,) = articles(page(*taken_in("zh")), "look")
    assert [said(mark) for mark in article.iter("mark")] == ["Please do not"]
    assert [number.text for number in article.iter("sup")] == ["2"]
    assert len(article.findall(".//ol/li")) == 2


def test_codes_of_a_target_are_isolated():
    codes = page(*taken_in("ar")).xpath("//article//bdi[@lang='ar']//bdi[@class='code']")
    assert "<b>" in {code.text for code in codes}
    assert {code.get("dir") for code in codes} == {"ltr"}


def test_a_sentence_that_has_no_translation_is_said_once_in_english():
    receipt = plain(
        findings=(Finding("odd", Severity.ERROR, "The moss is odd.", "7.1"),),
        quarantined=("7.1",),
    )
    (article,) = articles(page(receipt, package(unit("7.1", "Moss")), {"7.1": "Mousse"}), "attention")
    assert [(one.get("lang"), one.text) for one in article.xpath(".//span[@class='said']")] == [
        ("en", "The moss is odd.")
    ]


def test_a_unit_of_another_package_is_shown_by_its_number():
    stray = replace(
        found("identity", Severity.ERROR, "Unit {unit} is not in {package}.", unit="8.1", package="p"), unit="8.1"
    )
    receipt = plain(findings=(stray,), quarantined=("8.1",), accepted=0)
    (article,) = articles(page(receipt, package(unit("7.1", "Moss")), {}), "attention")
    assert said(article.find("h3")).startswith("8.1")
    assert rows(article)["Tel que revenu · As it came back"] == "(vide) · (blank)"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, "complete"),
        ({"open": 3}, "accepted"),
        ({"findings": (found("odd", Severity.WARNING, "Odd."),)}, "looked"),
        ({"findings": (found("odd", Severity.ERROR, "Odd."),)}, "attention"),
        ({"findings": (found("odd", Severity.ERROR, "Odd."),), "accepted": 0}, "trouble"),
        ({"accepted": 0, "open": 4}, "nothing"),
        ({"accepted": 0, "open": 4, "proposals": ("7.1",)}, "kept"),
    ],
)
def test_the_outcome_is_one_sentence(more, name):
    receipt = plain(**more)
    assert outcome(receipt) == name
    document = page(receipt, package(unit("7.1", "Moss", done=True)), {})
    assert said(document.xpath("//p[@class='outcome']")[1]) == TEXTS["en"][name]


def test_a_return_taken_in_again_says_so():
    document = page(plain(repeated=True), package(unit("7.1", "Moss", done=True)), {})
    assert TEXTS["en"]["repeated"] in [said(text) for text in document.iter("p")]


def test_a_page_of_very_many_texts_says_how_many_it_leaves_out():
    units = [unit(f"7.{n}", f"Seed {n}", key=(f"k{n}",)) for n in range(1_000)]
    document = page(plain(quarantined=tuple(one.id for one in units), open=1_000), package(*units), {})
    assert len(articles(document, "attention")) == 300
    assert "Not shown here: 700 more." in said(document)


def test_a_place_where_something_is_missing_is_marked_between_the_letters():
    text = "abc"
    cut = pieces(text, [(1, 1, 1)])
    assert [(piece.text, piece.is_marked) for piece in cut] == [("a", False), ("", True), ("bc", False)]


def test_what_cannot_be_seen_is_named_where_it_is_marked():
    cut = pieces("a\u200bb", [(1, 2, 1)])
    assert [piece.names for piece in cut] == ["", "U+200B", ""]


def test_a_code_is_marked_whole():
    cut = pieces('x <a href="/b">y</a>', [(5, 14, 1)])
    assert [piece.text for piece in cut if piece.is_marked] == ['<a href="/b">']


texts = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>{}&/\"'abn|=")), max_size=40)


@given(texts, st.lists(st.tuples(st.integers(-2, 45), st.integers(-2, 45)), max_size=4))
def test_the_pieces_of_a_text_are_the_text(text, places):
    spans = [(min(place), max(place), number) for number, place in enumerate(places, 1)]
    cut = pieces(text, spans)
    assert len("".join(piece.text for piece in cut)) == len(text)
    told = {number for piece in cut for number in piece.ends}
    inside = {number for start, end, number in spans if text and 0 <= start <= end <= len(text)}
    assert told == inside


HOSTILE = st.one_of(
    texts,
    st.sampled_from(
        [
            '</bdi></dd></dl></article></section><script>alert(1)</script><img src=x onerror="alert(1)">\x0b\ud800',
            "</style><style>*{display:none}</style>",
            "\u202eevil\u2069\u2069 -->",
            "{{ 7 * 7 }}{% raw %}",
        ]
    ),
)


@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(list(BACK)))
def test_no_text_can_break_the_page(source, target, other, locale):
    """The elements of the page are those of the same page with harmless texts."""

    def made(one, two, three):
        odd = replace(
            found("odd", Severity.ERROR, "The tag {tag} is missing; put it back.", tag=three, place=(0, len(two))),
            unit="7.1",
        )
        file = replace(
            found(
                "files", Severity.ERROR, "{path} is of no package that is out; send it to where it came from.", path="x"
            ),
            path=three,
        )
        sent = package(unit("7.1", one, key=(three,), resource=three), locale=locale)
        receipt = plain(findings=(replace(odd, repair=""), file), quarantined=("7.1",), accepted=0, open=1)
        return page(receipt, sent, {"7.1": two})

    def shape(document):
        inner = {"bdi", "mark", "sup"}
        return [
            element.tag
            for element in document.iter()
            if element.tag not in inner and not (element.tag == "span" and element.get("class") in ("code", "said"))
        ]

    document = made(source, target, other)
    harmless = made("Moss" if source else "", "Mousse" if target else "", "moss" if other else "")
    assert shape(document) == shape(harmless)
    assert not document.xpath("//script | //img | //@onerror | //comment()")
