import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from tests.web.house import LOCALES
from tests.web.readers import (
    AT,
    FRENCH,
    MADE,
    PERMIT,
    SEEDS,
    SITE,
    article_verbs,
    everything,
    permit,
    permit_in,
    reading,
    renamed,
    seeds,
    stocked,
)
from tm_service.storage.sql_store import SqlStore

ARTICLE = f"/articles/{SEEDS.identifier}"
API = f"/api/v1/articles/{SEEDS.identifier}"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return stocked(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def reader(service, library):
    return reading(service, article_verbs(library.store))


def prose(response):
    return html.fromstring(response.text).xpath("//div[@class='prose']")[0]


def test_a_reader_gets_the_article_in_their_language_and_direction(reader):
    for locale, direction, title in (("fr", "ltr", "Visiter la banque de semences"), ("ar", "rtl", "زيارة بنك البذور")):
        response = reader.get(f"{ARTICLE}/{locale}")
        assert response.status_code == 200
        root = html.fromstring(response.text)
        article = root.xpath("//article")[0]
        assert (root.get("lang"), root.get("dir"), article.get("lang"), article.get("dir")) == (locale, direction) * 2
        assert root.xpath("//h1")[0].text_content() == title
        assert response.headers["Content-Language"] == locale


def test_the_source_language_is_served_as_it_was_deployed(reader):
    response = reader.get(f"{ARTICLE}/en")
    content = prose(response)
    assert content.xpath("p")[0].text_content() == "The seed bank opens at eight. Visitors sign the register."
    assert not content.xpath("//*[@data-behind]")
    assert not html.fromstring(response.text).xpath("//p[@role='note']")


def test_a_paragraph_that_is_behind_says_so_to_people_and_to_programs(reader):
    content = prose(reader.get(f"{ARTICLE}/fr"))
    (behind,) = content.xpath("//*[@data-behind]")
    assert behind.tag == "figcaption"
    assert behind.get("data-behind") == "dated"
    assert behind.get("data-behind-since") == MADE.isoformat()
    (notice,) = behind.xpath("p[@role='note']")
    assert "3 nov. 2026" in notice.text_content()
    assert "L’original a changé" in notice.text_content()


def test_a_sentence_without_translation_is_marked_as_source_text(reader):
    (item,) = prose(reader.get(f"{ARTICLE}/ar")).xpath(".//li")
    (span,) = item.xpath("span")
    assert (span.get("lang"), span.get("dir"), span.text) == ("en", "ltr", "Bring no seeds of your own.")


def test_attributes_are_translated_and_stay_attributes(reader):
    (image,) = prose(reader.get(f"{ARTICLE}/fr")).xpath(".//img")
    assert image.get("alt") == FRENCH["s4"]
    assert image.get("lang") is None
    (image,) = prose(reader.get(f"{ARTICLE}/ru")).xpath(".//img")
    assert (image.get("alt"), image.get("lang")) == ("Rows of jars on a shelf", "en")


def test_an_article_without_any_translation_is_shown_in_its_own_language_and_says_so(reader):
    root = html.fromstring(reader.get(f"{ARTICLE}/ru").text)
    notes = [note.text_content() for note in root.xpath("//p[@class='notice']")]
    assert notes == ["Этот текст ещё не переведён и показан на языке оригинала."]
    (title,) = root.xpath("//h1/span")
    assert (title.get("lang"), title.text) == ("en", "Visiting the seed bank")


def test_embedded_media_are_links_that_ask_nobody_until_they_are_followed(reader):
    content = prose(reader.get(f"{ARTICLE}/fr"))
    assert content.xpath(".//a[@class='media']/@href") == ["https://example.org/film"]
    assert not content.xpath(".//oembed|.//iframe")


def test_a_wide_table_can_be_scrolled_by_keyboard(service, tmp_path):
    library = stocked(tmp_path)
    layout = ("<table><tbody><tr><td>", "</td><td>", "</td></tr></tbody></table><p>", '</p><img alt="', '"><p>', "</p>")
    library.deploy((seeds(layout), {"fr": everything(FRENCH, "T")}), number=2)
    response = reading(service, article_verbs(library.store)).get(f"{ARTICLE}/fr")
    (table,) = prose(response).xpath(".//table")
    assert (table.getparent().get("class"), table.getparent().get("tabindex")) == ("scroll", "0")
    assert len(prose(response).xpath("./p[not(@role)]")) == 2


def test_a_page_names_itself_and_its_other_languages(reader):
    root = html.fromstring(reader.get(f"{ARTICLE}/fr").text)
    assert root.xpath("//link[@rel='canonical']/@href") == [f"http://localhost{ARTICLE}/fr"]
    links = {link.get("hreflang"): link.get("href") for link in root.xpath("//link[@rel='alternate']")}
    assert links == {code: f"http://localhost{ARTICLE}/{code}" for code in ("en", "ar", "fr", "ru")} | {
        "x-default": f"http://localhost{ARTICLE}/en"
    }
    assert root.xpath("//nav[@class='speak']//a[@aria-current]/@hreflang") == ["fr"]
    states = [" ".join(item.text_content().split()) for item in root.xpath("//ul[@class='languages']/li")]
    assert states == [
        "Anglais complète",
        "Arabe traduction partielle",
        "Français traduction partielle",
        "Russe non traduit",
    ]


def test_a_reader_without_a_language_is_led_to_their_own_or_to_the_source(reader):
    for asked, led in (("ar", "ar"), ("zh", "en")):
        response = reader.get(ARTICLE, headers={"Accept-Language": asked})
        assert (response.status_code, response.headers["Location"]) == (303, f"{ARTICLE}/{led}")


def test_what_is_not_there_is_named_with_what_is(reader):
    response = reader.get(f"{ARTICLE}/zh?lang=en")
    assert response.status_code == 404
    assert "It is there in" not in response.text
    assert "is not there in zh; it is there in en, ar, fr, ru." in html.fromstring(response.text).text_content()
    assert reader.get("/articles/000000000000000000000000/fr").status_code == 404
    assert reader.get(f"{ARTICLE}/fr?site=nowhere").status_code == 404


def test_programs_are_refused_in_problem_details(reader):
    for path, detail in (
        (f"{API}?locale=zh", "it is there in en, ar, fr, ru"),
        ("/api/v1/articles/nothing?locale=fr", "Article nothing is not deployed"),
        ("/api/v1/articles?locale=xx", "Site library is not there in xx"),
        ("/api/v1/articles?site=nowhere", "There is no site nowhere with articles"),
        ("/api/v1/nothing", "This is not there"),
    ):
        response = reader.get(path)
        assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json"), path
        told = response.json()
        assert (told["status"], told["title"]) == (404, "This is not there")
        assert detail in told["detail"]
    assert reader.ask("POST", API).status_code == 405


def test_programs_get_the_article_with_its_states_and_other_languages(reader):
    told = reader.get(f"{API}?locale=fr").json()
    assert (told["id"], told["locale"], told["dir"]) == (SEEDS.identifier, "fr", "ltr")
    assert told["title"] == "Visiter la banque de semences"
    assert told["summary"].startswith("La banque de semences ouvre à huit heures.")
    assert len(told["summary"]) <= 101
    assert told["states"] == {"current": 4, "missing": 1, "dated": 1}
    assert told["deployment"] == {"site": "library", "number": 1, "at": AT.isoformat()}
    assert {one["locale"]: one["state"] for one in told["alternates"]} == {
        "en": "complete", "ar": "partly", "fr": "partly", "ru": "missing"
    }  # fmt: skip
    assert 'data-behind="dated"' in told["content"]
    assert len(told["notice"]) == 2
    assert told["courtesy"] is None
    assert "segments" not in told


def test_programs_get_the_reason_of_each_segment_where_they_ask(reader):
    told = reader.get(f"{API}?locale=fr&why=true").json()["segments"]
    reasons = {tuple(one["key"]): one for one in told}
    assert reasons["content", "s5"]["why"] == "the source changed since (rewrite)"
    assert reasons["content", "s5"]["since"] == MADE.isoformat()
    assert reasons["content", "s3"]["state"] == "missing"
    assert reasons["title",]["translation"] > 0


def test_without_a_language_programs_get_the_source(reader):
    assert reader.get(API).json()["locale"] == "en"


@pytest.mark.parametrize("path", [f"{ARTICLE}/fr", f"{API}?locale=fr", f"{API}?locale=fr&why=true"])
def test_what_a_client_has_is_not_sent_again(reader, path):
    first = reader.get(path)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    assert first.headers["Cache-Control"] == "public, no-cache"
    for header in (tag, f'"other", W/{tag}', "*"):
        again = reader.get(path, headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert reader.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert reader.get(path).content == first.content


def test_languages_pages_and_answers_have_tags_of_their_own(reader):
    paths = [f"{ARTICLE}/fr", f"{ARTICLE}/ar", f"{ARTICLE}/en", f"{API}?locale=fr", f"{API}?locale=fr&why=true"]
    assert len({reader.get(path).headers["ETag"] for path in paths}) == len(paths)


def test_a_deployment_changes_the_tag_and_the_page(service, tmp_path):
    library = stocked(tmp_path)
    reader = reading(service, article_verbs(library.store))
    before = reader.get(f"{ARTICLE}/fr")
    texts = {**FRENCH, "s3": "N’apportez pas de graines."}
    library.deploy((seeds(), {"fr": everything(texts, "Visiter la banque de semences")}), number=2)
    after = reader.get(f"{ARTICLE}/fr", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "N’apportez pas de graines." in after.text
    day = (AT + timedelta(days=1)).isoformat()
    assert html.fromstring(after.text).xpath("//footer//time/@datetime") == [day]


def test_a_head_request_is_answered_as_a_get(reader):
    head, get = reader.ask("HEAD", f"{ARTICLE}/fr"), reader.get(f"{ARTICLE}/fr")
    assert (head.status_code, head.headers["ETag"]) == (200, get.headers["ETag"])


def test_articles_are_listed_in_the_readers_language(reader):
    root = html.fromstring(reader.get("/articles?locale=fr").text)
    (link,) = root.xpath("//ul[@class='articles']/li/a")
    assert (link.get("href"), link.get("lang"), link.text) == (f"{ARTICLE}/fr", "fr", "Visiter la banque de semences")
    (link,) = html.fromstring(reader.get("/articles?locale=ru").text).xpath("//ul[@class='articles']/li/a")
    assert (link.get("lang"), link.text) == ("en", "Visiting the seed bank")
    assert html.fromstring(reader.get("/articles?locale=zh").text).xpath("//p[@class='empty']")


def test_long_lists_come_in_parts(service, tmp_path, monkeypatch):
    monkeypatch.setattr("tm_service.article_verbs.AT_ONCE", 2)
    library = stocked(tmp_path)
    more = [
        (
            replace(seeds(), ref=replace(SEEDS, identifier=f"77000000000000000000000{number}")),
            {"fr": everything(FRENCH, "T")},
        )
        for number in range(4)
    ]
    library.deploy(*more, number=2)
    reader = reading(service, article_verbs(library.store))
    seen, cursor = [], ""
    while cursor is not None:
        told = reader.get(f"/api/v1/articles?locale=fr&cursor={cursor}").json()
        assert len(told["articles"]) <= 2
        seen += [one["id"] for one in told["articles"]]
        cursor = told["cursor"]
    assert seen == sorted([one.ref.identifier for one, _ in more] + [SEEDS.identifier], reverse=True)
    root = html.fromstring(reader.get("/articles?locale=fr").text)
    (further,) = root.xpath("//a[@rel='next']/@href")
    assert len(html.fromstring(reader.get(f"/articles{further}").text).xpath("//ul[@class='articles']/li")) == 2


def test_before_the_first_deployment_nothing_is_there(service, tmp_path):
    store = SqlStore(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    store.migrate()
    reader = reading(service, article_verbs(store))
    assert reader.get(f"{API}?locale=fr").status_code == 404
    assert "has no deployment yet" in reader.get("/api/v1/articles?locale=fr").json()["detail"]


def test_of_several_sites_one_may_be_named(service, library):
    other = renamed(SITE, "archive")
    reader = reading(service, article_verbs(library.store, {"archive": other, "library": SITE}))
    assert reader.get(f"{ARTICLE}/fr").status_code == 200
    assert reader.get(f"{ARTICLE}/fr?site=archive").status_code == 404
    named = reader.get(f"{ARTICLE}/fr?site=library")
    assert f"{ARTICLE}/ar?site=library" in named.text
    assert reader.get("/api/v1/articles?locale=fr").json()["site"] == "library"


def test_a_courtesy_translation_is_never_an_authentic_text(reader):
    """The government wrote its Spanish; the French is ours, though the store's header names it by now."""
    page = f"/records/absPermit/{PERMIT.identifier}"
    for locale, said in (("en", None), ("es", None), ("fr", "Font foi les textes suivants : anglais et espagnol.")):
        root = html.fromstring(reader.get(f"{page}/{locale}").text)
        notes = [note.text_content() for note in root.xpath("//p[@class='notice']")]
        assert (notes == []) if said is None else (said in notes[0]), locale
    told = reader.get(f"/api/v1{page}?locale=fr").json()
    assert told["courtesy"] == {"authentic": ["en", "es"]}
    assert reader.get(f"/api/v1{page}?locale=es").json()["courtesy"] is None


def test_confidential_fields_leave_by_no_door(reader):
    page = f"/records/absPermit/{PERMIT.identifier}"
    for path in (f"{page}/fr", f"{page}/en", f"/api/v1{page}?locale=fr", f"/api/v1{page}?why=true"):
        response = reader.get(path)
        assert response.status_code == 200
        assert "telephone" not in response.text
        assert "Notes" not in response.text


def test_a_record_is_shown_field_by_field_in_one_language(reader):
    root = html.fromstring(reader.get(f"/records/absPermit/{PERMIT.identifier}/fr").text)
    told = {
        row.xpath("dt")[0].text: " ".join(row.xpath("dd")[0].text_content().split())
        for row in root.xpath("//dl[@class='fields']/div")
    }
    assert told["Title"] == "Permis pour des graines de lentille"
    assert told["Subject matter"] == "Douze variétés."
    assert told["Date of issuance"] == "11 févr. 2026"
    assert told["Keywords"] == "lentils légumes secs"
    assert told["Amended"] == "non"
    assert told["Name"] == "Ferme du Val"
    assert root.xpath("//dd//a/@href") == [f"/records/{PERMIT.identifier}@1", "https://example.org/permits"]
    document = reader.get(f"/api/v1/records/absPermit/{PERMIT.identifier}?locale=fr").json()["document"]
    assert document["title"] == {"fr": "Permis pour des graines de lentille"}
    assert document["providers"] == [{"name": {"en": "Hill Farm"}}, {"name": {"fr": "Ferme du Val"}}]
    assert document["keywords"][1]["customValue"] == {"en": "pulses", "fr": "légumes secs"}


def test_a_reference_leads_to_the_record_whatever_kind_it_is_of(reader):
    response = reader.get(f"/records/{PERMIT.identifier}@1", headers={"Accept-Language": "es"})
    assert (response.status_code, response.headers["Location"]) == (303, f"/records/absPermit/{PERMIT.identifier}/es")
    assert reader.get("/records/SEED-PERMIT-0002").status_code == 404
    assert reader.get("/records/..%2F..%2Farticles%2Fx").status_code == 404


def test_a_record_of_an_unknown_type_is_not_shown(service, tmp_path):
    """Nothing tells what of it is confidential."""
    library = stocked(tmp_path)
    strange = replace(permit(), ref=replace(PERMIT, kind="strange"))
    library.deploy((strange, {"fr": permit_in("Permis", "Rien.")}), number=2)
    reader = reading(service, article_verbs(library.store))
    assert reader.get(f"/records/strange/{PERMIT.identifier}/fr").status_code == 404
    assert reader.get(f"/api/v1/records/strange/{PERMIT.identifier}?locale=fr").status_code == 404


@pytest.mark.parametrize("locale", LOCALES)
def test_lists_and_faults_speak_six_languages(reader, locale):
    root = html.fromstring(reader.get(f"/articles?lang={locale}").text)
    assert (root.get("lang"), root.get("dir")) == (locale, "rtl" if locale == "ar" else "ltr")


def test_no_page_needs_a_script_and_pictures_come_over_https_only(reader):
    response = reader.get(f"{ARTICLE}/fr")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", response.text)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("; img-src 'self' data: https:")
    assert "script-src" not in policy
    assert "https:" not in reader.get("/articles").headers["Content-Security-Policy"]


def test_hostile_texts_are_cleaned_before_they_are_marked(service, tmp_path):
    """A translation cannot bring a script, break out of an attribute or forge a notice's place."""
    library = stocked(tmp_path)
    texts = {
        **FRENCH,
        "s1": "\ufdd04\ufdd2<script>alert(1)</script><b onclick=alert(1)>Huit</b>\ufdd1",
        "s4": '" onerror="alert(1)',
        "s2": "</p><iframe src=//x></iframe>",
        "s5": "<a href='javascript:alert(1)'>ici</a></figcaption>",
    }
    library.deploy((seeds(), {"fr": everything(texts, "<img src=x onerror=alert(1)>")}), number=2)
    reader = reading(service, article_verbs(library.store))
    for text in (reader.get(f"{ARTICLE}/fr").text, reader.get(f"{API}?locale=fr").json()["content"]):
        assert not re.search(r"<script|<iframe|javascript:|[\ufdd0-\ufdef]", text)
        root = html.fragment_fromstring(text, create_parent=True) if "<html" not in text else html.fromstring(text)
        assert not root.xpath("//@onerror|//@onclick")
    page = html.fromstring(reader.get(f"{ARTICLE}/fr").text)
    assert page.xpath("//h1")[0].text == "<img src=x onerror=alert(1)>"
    json.loads(reader.get(f"{API}?locale=fr&why=true").text)
