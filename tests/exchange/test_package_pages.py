"""The two pages of a package: what they say, in both languages, and that they need nothing from elsewhere."""

import re
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest
from lxml import html

from locales import LANGUAGES
from tests.exchange.handoffs import ATTACHED, CODES, handoff
from tests.exchange.samples import package, unit
from tm_service.domain.handoffs import Detail, Handoff, Neighbour, Surroundings
from tm_service.exchange.bundle import named_parts
from tm_service.exchange.context_page import context_pages
from tm_service.exchange.page_texts import voices
from tm_service.exchange.profiles import profile
from tm_service.exchange.readme_page import readme_page

TEXTS = tomllib.loads(files("tm_service.exchange").joinpath("page_texts.toml").read_text("utf-8"))
FIELD = re.compile(r"\{[a-z]+\}")
PATHS = ("xliff12/a.xlf", "context/index.html", "reference/m.tmx")
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "zh": r"[\u4e00-\u9fff]"}


def readme(made, paths=PATHS):
    return html.document_fromstring(readme_page(made, paths).decode())


def context(made):
    return {
        path: html.document_fromstring(page.decode()) for path, page in context_pages(made, named_parts(made)).items()
    }


def index(made):
    return context(made)["context/index.html"]


def said(element):
    return " ".join(element.text_content().split())


def told(element):
    """What is said, with a space between one element and the next."""
    return " ".join(" ".join(element.itertext()).split())


def rows(article):
    return [(said(row.find("dt")), said(row.find("dd"))) for row in article.findall(".//dl/div")]


def test_every_text_is_said_in_every_language():
    assert set(TEXTS) == set(LANGUAGES)
    assert all(list(texts) == list(TEXTS["en"]) for texts in TEXTS.values())


@pytest.mark.parametrize("locale", TEXTS)
def test_a_text_has_the_fields_of_its_english(locale):
    for name, english in TEXTS["en"].items():
        assert set(FIELD.findall(TEXTS[locale][name])) == set(FIELD.findall(english)), name


@pytest.mark.parametrize("locale", SCRIPTS)
def test_a_text_is_in_its_own_script(locale):
    assert all(re.search(SCRIPTS[locale], text) for text in TEXTS[locale].values())


@pytest.mark.parametrize("locale", ["fr", "es"])
def test_a_text_is_not_left_in_english(locale):
    same = {name for name, text in TEXTS[locale].items() if text == TEXTS["en"][name]}
    assert same <= {"note", "pages"}  # words that the languages share


@pytest.mark.parametrize("locale", CODES)
@pytest.mark.parametrize("tool", ["generic", "omegat"])
def test_a_page_needs_nothing_from_elsewhere(locale, tool):
    made = handoff(locale, tool, attachments=ATTACHED)
    for page in (readme(made), *context(made).values()):
        assert not page.findall(".//script")
        assert not page.findall(".//img")
        assert not page.findall(".//link")
        assert "default-src 'none'" in page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
        for element in page.iter():
            if isinstance(element.tag, str):
                assert not [name for name in element.attrib if name == "src" or name.startswith("on")]
                assert not re.match(r"(?:[a-z]+:|//)", element.get("href", ""))
        assert not re.search(r"@import|url\(", page.find(".//style").text)


@pytest.mark.parametrize("locale", CODES)
def test_a_page_speaks_the_target_language_first_and_english_beside_it(locale):
    made = handoff(locale)
    for page in (readme(made), index(made)):
        assert (page.get("lang"), page.get("dir")) == (locale, LANGUAGES[locale].direction)
    sections = readme(made).findall(".//section")
    assert [(section.get("lang"), section.get("dir")) for section in sections] == [
        (locale, LANGUAGES[locale].direction),
        ("en", "ltr"),
    ]
    assert [said(section.find("h2")) for section in sections] == [TEXTS[locale]["title"], TEXTS["en"]["title"]]


def test_the_readme_says_what_why_when_and_whom_to_ask():
    text = told(readme(handoff()).findall(".//section")[1])
    for words in (
        "from English into French",
        "Due April 1, 2026",
        "Questions to amina@seeds.example",
        "Texts to translate 13",
        "Only to be read 1",
        "Made on March 4, 2026",
        "folder “xliff12”",
        "codes such as {name} or <a>",
    ):
        assert words in text


def test_a_package_without_a_date_or_a_contact_says_so():
    made = handoff(contact="")
    text = told(readme(replace(made, package=replace(made.package, due=None))))
    assert "no date set" in text
    assert "Questions to" not in text


def test_the_readme_names_what_is_there_and_nothing_else():
    def names(made, paths):
        return [
            said(term)
            for term in readme(made, paths).findall(".//section")[1].findall(".//dl[@class='pairs files']/dt")
        ]

    assert names(handoff(), PATHS) == ["xliff12/", "context/", "reference/", "manifest.json, manifest.sig"]
    assert names(handoff(tool="omegat"), ("source/a.xlf", "omegat.project", "tm/a.tmx")) == [
        "source/",
        "omegat.project",
        "tm/",
        "target/",
        "manifest.json, manifest.sig",
    ]


def test_the_readme_of_a_project_says_how_to_open_it():
    text = told(readme(handoff(tool="omegat"), ("source/a.xlf", "omegat.project")))
    assert "open its folder in OmegaT as a project" in text
    assert "xliff12" not in text


def test_each_unit_stands_among_its_neighbours_with_what_changed_marked():
    (article,) = index(handoff()).xpath(".//article[@id='u-7.4']")
    assert said(article.find("h3")) == "form.0 Modifiés ou semblables · Changed or similar"
    assert [said(mark) for mark in article.iter("del")] == ["30"]
    assert [said(mark) for mark in article.iter("ins")] == ["90"]
    found = dict(rows(article))
    assert found["Texte, avec ce qui a changé · Text, with what changed"].startswith("Send the form within 3090 days")
    assert found["Traduction précédente · Previous translation"].startswith("Envoyez le formulaire dans les 30 jours")
    assert found["Après · After it"] == "See @:menu.banks for <i>{name}</i>."
    assert "Avant · Before it" not in found


def test_a_match_from_the_memory_is_shown_with_where_it_differs():
    article = index(handoff()).get_element_by_id("u-9.10")
    assert [said(mark) for mark in (*article.iter("del"), *article.iter("ins"))] == ["herbarium", "library"]
    assert dict(rows(article))["Tiré de la mémoire · From the memory"] == "Horaires de l’herbier"


def test_neighbours_that_were_given_go_before_those_of_the_package():
    around = Surroundings((Neighbour("Gate", "Porte"),), (Neighbour("Wall"), Neighbour("Roof")))
    (article,) = index(handoff(surroundings={"7.4": around})).xpath(".//article[@id='u-7.4']")
    beside = [(label.split(" · ")[1], text) for label, text in rows(article) if "it" in label.split()]
    assert beside == [("Before it", "GatePorte"), ("After it", "Wall"), ("After it", "Roof")]


def test_a_locked_unit_shows_its_translation_and_a_limit_its_number():
    page = index(handoff())
    assert ("Traduction · Translation", "Contact") in rows(page.get_element_by_id("u-9.8"))
    found = dict(rows(page.get_element_by_id("u-9.9")))
    assert found["Longueur maximale · Longest"] == "60 caractères · 60 characters"
    assert found["Note · Note"] == "Stands under the map."


def test_source_and_target_are_marked_with_their_languages():
    page = index(handoff("ar"))
    texts = page.xpath(".//article//bdi[@class='text']")
    assert {(text.get("lang"), text.get("dir")) for text in texts} == {("en", "ltr"), ("ar", "rtl")}


def test_a_large_package_has_a_page_for_each_file_and_an_index_that_leads_to_them():
    units = [unit(f"7.{n}", "seed " * 900, resource=f"app/p{n}.json") for n in range(5)]
    pages = context(Handoff(package(*units), profile("generic")))
    links = [link.get("href") for link in pages["context/index.html"].findall(".//a")]
    assert [f"context/{link}" for link in links] == sorted(set(pages) - {"context/index.html"})
    shown = [article.get("id") for path, page in sorted(pages.items()) for article in page.findall(".//article")]
    assert shown == [f"u-7.{n}" for n in range(5)]


HOSTILE = '</bdi></dd><script>alert(1)</script><img src=x onerror="alert(1)">\x0b\ud800'


def test_nothing_in_a_text_becomes_markup():
    bad = unit(
        "9.1", HOSTILE, resource=HOSTILE, key=(HOSTILE,), previous_source=f"{HOSTILE} was", previous_target=HOSTILE
    )
    made = Handoff(
        package(bad, site=HOSTILE, revision=HOSTILE),
        profile("generic"),
        contact=HOSTILE,
        details={"9.1": Detail(note=HOSTILE, matched=f"{HOSTILE} known", limit=3)},
        surroundings={"9.1": Surroundings((Neighbour(HOSTILE, HOSTILE),))},
    )
    for page in (readme(made), *context(made).values()):
        assert not page.findall(".//script")
        assert not page.findall(".//img")
        assert "<script>" in said(page)


def test_who_reads_a_language_that_has_no_texts_is_told_in_english():
    assert [voice.code for voice in voices("de")] == ["en"]


def test_english_alone_speaks_where_it_is_the_language():
    assert [voice.code for voice in voices("en")] == ["en"]
