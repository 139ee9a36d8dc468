"""The desk of editors as forms do it: lists, texts in six languages and their fields, previews and pictures."""

# ruff: noqa: F811 - fixtures are imported by their names

import json
import re

import pytest

from tests.records.test_pictures import drawn
from tests.web.desks.editor_desk import (  # noqa: F401 - fixtures
    LATER,
    NAMED,
    PLACE,
    ada,
    bo,
    fields,
    house,
    save,
    service,
    tree,
    words,
)
from tests.web.desks.editor_house import HOURS, RULES, TEXTS, TITLES, signed_in
from tests.web.house import Visitor
from tm_service.domain.records import Actor, RecordRef

pytestmark = pytest.mark.slow


def test_the_list_says_of_each_article_how_far_its_languages_are_and_who_writes_it(ada, bo):
    save(bo, **{NAMED: LATER})
    page = ada.get("/editor")
    rows = tree(page).xpath("//tbody/tr")
    assert [row.xpath("string(.//th/a)") for row in rows] == ["Rules of the reading room", "Opening hours"]
    states = [re.sub(r"\s+", " ", one.text_content()) for one in rows[1].xpath(".//a[contains(@class, 'dot')]")]
    assert states == [
        "English: complete", "Arabic: not translated", "Spanish: not translated", "French: complete",
        "Russian: not translated", "Chinese: not translated",
    ]  # fmt: skip
    assert "by bo@house.example" in rows[0].text_content()


def test_a_list_is_searched_by_title_in_any_language_and_by_whose_draft_it_is(ada, bo):
    save(bo, **{NAMED: LATER})

    def listed(query):
        return tree(ada.get(f"/editor?{query}")).xpath("//tbody/tr/th/a/span/text()")

    assert listed("q=ЗАЛА") == listed("q=阅览") == ["Rules of the reading room"]
    assert listed("q=hours") == ["Opening hours"]
    assert listed("q=fr") == [], "the names of languages are no part of a title"
    assert listed("show=others") == ["Rules of the reading room"]
    assert listed("show=mine") == listed("show=clashes") == []
    assert "Nothing fits" in ada.get("/editor?q=nothing+at+all").text


def test_a_list_goes_on_page_by_page(ada, service):
    for number in range(30):
        ada.post("/editor/new", title=f"Note {number:02}")
    first = ada.get("/editor")
    [further] = tree(first).xpath("//a[@rel='next']/@href")
    titles = [one for page in (first, ada.get(further)) for one in tree(page).xpath("//tbody/tr/th/a/span/text()")]
    assert len(titles) == len(set(titles)) == 32
    assert titles[:2] == ["Note 29", "Note 28"]


def test_a_sentence_of_a_legal_article_is_changed_and_every_language_that_falls_behind_is_named(ada):
    assert "The promise is kept." in words(ada.get(PLACE))
    answer = save(ada, **{NAMED: LATER})
    assert answer.headers["Location"] == f"{PLACE}?said=saved"
    page = ada.get(PLACE)
    [lag] = tree(page).xpath("//*[@data-field='f:content.en']//li[@data-find]")
    assert lag.get("data-find") == "The room closes at seven on Mondays."
    assert "".join(lag.xpath(".//ins//text()")).strip() == "seven on Mondays"
    assert "Arabic, Spanish, French, Russian and Chinese" in words(page, "//p[contains(@class, 'promise')]")
    french = tree(ada.get(f"{PLACE}?in=fr"))
    [lag] = french.xpath("//*[@data-field='f:content.fr']//li[@data-find]")
    assert lag.get("data-find") == "La salle ferme à six heures."
    assert french.xpath("string(//*[@data-field='f:content.fr']//textarea/@dir)") == "ltr"
    assert tree(ada.get(f"{PLACE}?in=ar")).xpath("string(//*[@data-field='f:content.ar']//textarea/@dir)") == "rtl"


def test_an_editor_who_brings_a_translation_up_to_date_sees_that_it_is(ada):
    save(ada, **{NAMED: LATER})
    save(ada, f"{PLACE}?in=fr", **{"f:content.fr": TEXTS["fr"].replace("à six heures", "à sept heures le lundi")})
    page = ada.get(f"{PLACE}?in=fr")
    assert not tree(page).xpath("//*[@data-field='f:content.fr']//li[@data-find]")
    lacking = words(page, "//p[contains(@class, 'promise')]")
    assert "Arabic, Spanish, Russian and Chinese" in lacking


def test_what_nobody_changed_stays_as_it_is_byte_by_byte(ada, service):
    answer = save(ada, **{"f:title.en": "Rules of our reading room"})
    assert answer.status_code == 303
    draft = service.records().draft(RULES)
    assert draft.document["content"] == TEXTS
    assert draft.document["title"] == TITLES | {"en": "Rules of our reading room"}
    assert draft.document["customProperties"] == {"parity": True}


def test_saving_without_a_change_makes_no_other_text(ada, service):
    save(ada)
    assert service.records().draft(RULES).document == service.records().published(RULES).document


def test_whatever_is_typed_is_sanitised_on_the_server(ada, service):
    bad = TEXTS["en"] + '<script>alert(1)</script><p onclick="alert(2)"><a href="javascript:alert(3)">x</a></p>'
    answer = save(ada, **{NAMED: bad})
    assert "said=cleaned" in answer.headers["Location"]
    kept = service.records().draft(RULES).document["content"]["en"]
    assert kept == TEXTS["en"] + "<p><a>x</a></p>"


def test_the_source_beside_a_translation_names_no_element_of_the_page(ada):
    lure = """<p><img src="/x.png" alt='a id="b' title="'><form action=/lure><input></form>"></p>"""
    save(ada, **{NAMED: TEXTS["en"] + '<h3 id="writing">Forms</h3><h3 ID=save-state>x</h3>' + lure})
    page = ada.get(f"{PLACE}?in=fr")
    assert not tree(page).xpath("//form[@action='/lure']")
    assert tree(page).xpath("//img/@alt") == ['a id="b'], "what stands in an attribute stays there"
    assert tree(page).xpath("//*[@id='writing']")[0].tag == "form"
    assert len(tree(page).xpath("//*[@id='writing' or @id='save-state']")) == 2
    assert "img-src https: 'self' data:" in page.headers["Content-Security-Policy"]


def test_the_frame_of_a_preview_runs_nothing_and_stands_in_pages_of_this_house_alone(ada, service):
    document = service.records().published(RULES).document
    bad = TEXTS["ar"] + "<script>alert(1)</script><img src=x onerror=alert(2)>"
    program = Actor("program", "", frozenset({"article-editor"}))
    service.records().save_draft(RULES, document | {"content": TEXTS | {"ar": bad}}, based_on=0, by=program)
    frame = ada.get(f"{PLACE}/preview/frame?in=ar")
    policy = frame.headers["Content-Security-Policy"]
    assert "script" not in policy.replace("script-src", "")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox allow-same-origin" in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert not tree(frame).xpath("//script | //@onerror")
    assert tree(frame).get("dir") == "rtl"
    around = ada.get(f"{PLACE}/preview?in=ar")
    assert around.headers["Content-Security-Policy"].endswith(
        "frame-ancestors 'none'; base-uri 'none'; frame-src 'self'"
    )
    frames = tree(around).xpath("//iframe")
    assert [one.get("sandbox") for one in frames] == ["allow-same-origin"] * 2
    assert [one.get("src").rpartition("=")[2] for one in frames] == ["ar", "en"], "both directions"


def test_a_new_article_begins_with_a_title_and_nobody_sees_it(ada, house):
    refused = ada.post("/editor/new", title="  ")
    assert refused.status_code == 422
    assert "needs a title" in refused.text
    begun = ada.post("/editor/new", title="The map room")
    assert begun.status_code == 303
    page = ada.get(begun.headers["Location"])
    assert "Never published" in words(page)
    assert "Content" in words(page)
    place = begun.headers["Location"].partition("?")[0]
    given_up = ada.post(f"{place}/step", step="discard")
    assert given_up.headers["Location"] == "/editor?said=discarded"
    assert "The map room" not in ada.get("/editor").text


def test_a_reference_is_found_by_its_title(ada):
    page = ada.get(f"{PLACE}?find=horaires")
    [found] = tree(page).xpath("//ul[@class='found']/li")
    assert found.xpath("string(.//button/@data-insert)") == HOURS.identifier
    assert "No published document" in ada.get(f"{PLACE}?find=nowhere").text


def test_problems_are_said_beside_the_fields_that_have_them(ada):
    save(ada, **{"f:title.en": ""})
    save(ada, f"{PLACE}?in=fr", **{"f:title.fr": ""})
    begun = ada.post("/editor/new", title="The map room")
    page = ada.get(begun.headers["Location"])
    [field] = tree(page).xpath("//*[@data-field='f:content.en']")
    assert field.xpath("string(.//p[@class='error'])") == "content is missing; fill it in."
    assert field.xpath(".//textarea/@aria-invalid") == ["true"]
    arabic = ada.get(f"{begun.headers['Location']}&lang=ar")
    assert "ناقص" in tree(arabic).xpath("string(//*[@data-field='f:content.en']//p[@class='error'])")
    ada.get("/editor?lang=en")
    refused = ada.post(f"{begun.headers['Location'].partition('?')[0]}/step", step="publish")
    assert refused.status_code == 422
    assert "content is missing" in refused.text


def test_details_are_read_and_a_value_that_is_none_comes_back_with_the_form(ada, service):
    place = f"{PLACE}?in=details"
    save(ada, place, **{"f:tags": "rules\nreading", "f:notes": "Ask the lawyers."})
    document = service.records().draft(RULES).document
    assert (document["tags"], document["notes"]) == (["rules", "reading"], "Ask the lawyers.")
    answer = save(ada, place, **{"f:customProperties": "{not json", "f:notes": "Kept."})
    assert answer.status_code == 422
    assert fields(answer)["f:customProperties"] == "{not json"
    assert fields(answer)["f:notes"] == "Kept."
    assert service.records().draft(RULES).document["customProperties"] == {"parity": True}
    save(ada, place, **{"f:customProperties": json.dumps({"parity": False})})
    assert "all languages at once" not in words(ada.get(PLACE))


def test_a_form_that_no_page_makes_changes_nothing_that_has_no_field(ada, service):
    made = {"f:title": "x", "f:content.en.x": "x", "f:tags.0": "x", "f:meta.a": "x", "add": "title.en", "out": "tags.x"}
    assert save(ada, **made).status_code == 303
    assert save(ada, add=f"title.{'9' * 5000}", out=".".join("x" * 5000)).status_code == 303
    assert service.records().draft(RULES).document == service.records().published(RULES).document
    deep = save(ada, f"{PLACE}?in=details", **{"f:customProperties": "[" * 100_000})
    assert (deep.status_code, "could not be read" in deep.text) == (422, True)


def test_documents_and_countries_are_chosen_by_their_names_in_ones_own_language(house, service):
    pia = signed_in(house[1], "Pia")
    begun = pia.post("/editor/records/new", kind="measure", title="A law of the lake")
    details = f"{begun.headers['Location'].partition('?')[0]}?in=details"
    ref = RecordRef("measure", details.partition("?")[0].rpartition("/")[2])
    pia.get("/editor?lang=fr")
    [field] = tree(pia.get(details)).xpath("//fieldset[@id='at-government']")
    assert "Kenya" in field.text_content()
    found = save(pia, details, **{"q:government": "côte"})
    assert found.headers["Location"].endswith("&look=f%3Agovernment&q=c%C3%B4te#at-government")
    page = pia.get(found.headers["Location"].partition("#")[0])
    radios = tree(page).xpath("//fieldset[@id='at-government']//input[@type='radio']/@value")
    assert radios[:2] == ["ke", "ci"]
    assert "Côte d’Ivoire" in tree(page).xpath("string(//fieldset[@id='at-government'])")
    name = "f:authorities"
    office = {
        "header": {"identifier": "LAKE-OFFICE-1", "schema": "organization", "languages": ["en", "fr"]},
        "name": {"en": "Lake office", "fr": "Bureau du lac"},
        "city": {"en": "Kisumu"},
        "country": {"identifier": "ke"},
        "phones": ["1"],
        "emails": ["lake@house.example"],
        "organizationType": {"identifier": "office"},
    }
    program = Actor("program", roles=frozenset({"administrator"}))
    service.records().put_all([(RecordRef("organization", "LAKE-OFFICE-1"), office)], by=program)
    found = save(pia, details, look=name, **{f"q:{name[2:]}": "lake off"})
    page = pia.get(found.headers["Location"].partition("#")[0])
    [box] = tree(page).xpath(f"//input[@type='checkbox'][@name='{name}']")
    assert (box.get("value"), "checked" in box.attrib) == ("LAKE-OFFICE-1", False)
    assert "Bureau du lac" in box.getparent().text_content()
    save(pia, details, **{name: box.get("value")})
    assert service.records().draft(ref).document[name[2:]] == [{"identifier": "LAKE-OFFICE-1"}]
    chosen = tree(pia.get(details)).xpath(f"//input[@name='{name}'][@checked]/..")
    assert [one.text_content().strip() for one in chosen] == ["Bureau du lac"]
    save(pia, details, **{name: ""})
    assert name[2:] not in service.records().draft(ref).document
    assert service.records().draft(ref).document["government"] == {"identifier": "ke"}


def test_items_of_lists_are_added_and_taken_out(house, service):
    pia = signed_in(house[1], "Pia")
    begun = pia.post("/editor/records/new", kind="measure", title="A law of the lake")
    place = begun.headers["Location"].partition("?")[0]
    details = f"{place}?in=details"
    ref = RecordRef("measure", place.rpartition("/")[2])
    save(pia, details, add="absMeasures.relevantElements.0")
    save(pia, details, add="absMeasures.relevantElements.1")
    save(pia, details, **{"f:absMeasures.relevantElements.1.identifier": "consent"})
    assert service.records().draft(ref).document["absMeasures"]["relevantElements"] == [{}, {"identifier": "consent"}]
    save(pia, details, out="absMeasures.relevantElements.0")
    assert service.records().draft(ref).document["absMeasures"]["relevantElements"] == [{"identifier": "consent"}]
    save(pia, f"{place}?in=fr", **{"f:title.fr": "Une loi du lac"})
    header = service.records().draft(ref).document["header"]
    assert header["languages"] == ["en", "fr"]


def test_a_picture_is_brought_by_a_form_said_in_each_language_and_served(house, ada, service):
    place = f"{PLACE}/picture?in=en"
    file = {"file": ("me.jpg", drawn("jpg"), "image/jpeg")}
    headers = {"Sec-Fetch-Site": "same-origin"}
    refused = ada.ask("POST", place, data={"alt": " "}, files=file, headers=headers)
    assert (refused.status_code, "Say what the picture shows" in refused.text) == (422, True)
    wrong = ada.ask("POST", place, data={"alt": "A map"}, files={"file": ("x.png", b"<svg/>")}, headers=headers)
    assert (wrong.status_code, tree(wrong).xpath("string(//input[@id='alt']/@value)")) == (422, "A map")
    sent = ada.ask("POST", place, data={"alt": 'The "old" room'}, files=file, headers=headers)
    assert sent.headers["Location"] == f"{PLACE}?in=en&said=pictured"
    written = service.records().draft(RULES).document["content"]["en"]
    [address] = re.findall(r'src="(/pictures/[0-9a-f]{64}\.jpg)" alt="The &#34;old&#34; room" width="40"', written)
    [lag] = tree(ada.get(PLACE)).xpath("//*[@data-field='f:content.en']//li[@data-find]")
    assert "old" in lag.get("data-find"), "what it shows is to be translated"
    nobody = Visitor(house[1], "http://house.example")
    shown = nobody.get(address)
    assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert (b"ada@" in shown.content, "immutable" in shown.headers["Cache-Control"]) == (False, True)
    assert address in ada.get(f"{PLACE}/preview/frame?in=en").text
    for other in (address.replace(".jpg", ".png"), "/pictures/x.jpg", f"/pictures/{'0' * 64}.jpg"):
        assert nobody.get(other).status_code == 404
    save(ada, **{NAMED: written.replace('alt="The &#34;old&#34; room"', 'alt=""')})
    refused = ada.post(f"{PLACE}/step", step="publish")
    assert (refused.status_code, "no alternative text" in refused.text) == (422, True)
    save(ada, **{NAMED: written})
    ada.post(f"{PLACE}/step", step="publish")
    changed = TEXTS["fr"] + f'<figure class="image"><img src="{address}" alt="L’ancienne salle"></figure>'
    save(ada, f"{PLACE}?in=fr", **{"f:content.fr": changed})
    assert not tree(ada.get(f"{PLACE}?in=fr")).xpath("//*[@data-field='f:content.fr']//li[@data-find]")
    translator = signed_in(house[1], "Tom")
    kept_out = translator.ask("POST", place, data={"alt": "A map"}, files=file, headers=headers)
    assert kept_out.status_code == 403
