"""The desk of editors as forms do it: lists, texts in six languages, saves that are merged, steps to readers."""

import json
import re
from datetime import timedelta

import pytest
from lxml import html

from tests.records.test_pictures import drawn
from tests.web.desks.editor_house import HOURS, RULES, TEXTS, TITLES, build, signed_in
from tests.web.house import Visitor
from tm_service.domain.records import Actor, RecordRef

pytestmark = pytest.mark.slow

PLACE = f"/editor/article/{RULES.identifier}"
NAMED = "f:content.en"
LATER = TEXTS["en"].replace("closes at six", "closes at seven on Mondays")


@pytest.fixture
def house(tmp_path):
    return build(tmp_path)


@pytest.fixture
def service(house):
    return house[0]


@pytest.fixture
def ada(house):
    return signed_in(house[1], "Ada")


@pytest.fixture
def bo(house):
    return signed_in(house[1], "Bo")


def tree(answer):
    return html.fromstring(answer.text)


def fields(answer):
    """What the form of a page would send as it is."""
    [form] = tree(answer).xpath("//form[@id='writing']")
    boxes = ("checkbox", "radio")
    inputs = [one for one in form.xpath(".//input[@name]") if one.get("type") not in boxes or "checked" in one.attrib]
    sent = {one.get("name"): one.get("value") for one in inputs if one.get("type") not in boxes}
    for one in inputs:
        sent[one.get("name")] = "\n".join(filter(None, dict.fromkeys([sent.get(one.get("name")), one.get("value")])))
    sent |= {one.get("name"): (one.text or "").removeprefix("\n") for one in form.xpath(".//textarea")}
    return sent


def save(browser, place=PLACE, **changes: str):
    """Change fields of the page as it is now, and send the form as browsers do, with two characters a line's end."""
    sent = fields(browser.get(place)) | changes
    return browser.post(place, **{name: value.replace("\n", "\r\n") for name, value in sent.items()})


def words(answer, where="//main"):
    [place] = tree(answer).xpath(where)
    return re.sub(r"\s+", " ", " ".join(place.itertext())).strip()


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
    save(ada, **{NAMED: TEXTS["en"] + '<h3 id="writing">Forms</h3><h3 ID=save-state>x</h3>'})
    page = ada.get(f"{PLACE}?in=fr")
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


def test_two_people_who_write_in_different_paragraphs_lose_nothing(ada, bo, service):
    sent = fields(bo.get(PLACE))
    save(ada, **{NAMED: LATER})
    theirs = sent[NAMED].replace("Plants stay outside", "Plants and lamps stay outside")
    answer = bo.post(PLACE, **sent | {NAMED: theirs})
    assert "said=joined" in answer.headers["Location"]
    both = LATER.replace("Plants stay", "Plants and lamps stay")
    assert service.records().draft(RULES).document["content"]["en"] == both
    page = bo.get(answer.headers["Location"])
    assert "What was merged into yours" in words(page)
    assert "seven on Mondays" in "".join(tree(page).xpath("//ul[@class='changes']//ins//text()"))


def test_two_people_who_write_the_same_words_see_both_and_choose(ada, bo, service):
    sent = fields(bo.get(PLACE))
    save(ada, **{NAMED: LATER})
    answer = bo.post(PLACE, **sent | {NAMED: sent[NAMED].replace("closes at six", "never closes")})
    assert "said=clashed" in answer.headers["Location"]
    page = bo.get(answer.headers["Location"])
    [form] = tree(page).xpath("//section[@class='clash']//form")
    choices = [re.sub(r"\s+", " ", one.text_content()).strip() for one in form.xpath(".//label")]
    assert choices[0].startswith("Theirs Readers sign the register. The room closes at ")
    assert choices[1].startswith("Mine Readers sign the register. The room ")
    number = form.xpath("string(.//input[@name='number']/@value)")
    assert service.records().draft(RULES).document["content"]["en"] == LATER, "theirs stands until somebody chooses"
    refused = bo.post(f"{PLACE}/step", step="publish")
    assert "said=undecided" in refused.headers["Location"]
    assert bo.post(form.get("action"), number=number, **{"0": "mine"}).status_code == 303
    draft = service.records().draft(RULES)
    assert draft.document["content"]["en"] == TEXTS["en"].replace("closes at six", "never closes")
    assert not draft.clashes
    again = bo.post(form.get("action"), number=number, **{"0": "mine"})
    assert again.status_code == 409
    assert "settled already" in again.text


def test_a_form_that_saves_itself_is_told_what_others_wrote(ada, bo):
    sent = fields(bo.get(PLACE))
    save(ada, f"{PLACE}?in=fr", **{"f:title.fr": "Le règlement"})
    save(ada, **{NAMED: LATER})
    mine = sent[NAMED].replace("Plants stay", "Lamps stay")
    headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
    told = bo.ask("POST", PLACE, data=sent | {NAMED: mine}, headers=headers).json()
    assert told["changed"][NAMED] == LATER.replace("Plants stay", "Lamps stay")
    assert told["changed"]["f:title.fr"] == "Le règlement"
    assert (told["joined"], told["clashes"], told["removed"]) == (1, 0, [])
    again = bo.ask(
        "POST", PLACE, data=sent | {"number": str(told["number"]), NAMED: told["changed"][NAMED]}, headers=headers
    )
    assert again.json()["changed"] == {}


def test_a_window_that_was_open_while_old_saves_were_tidied_away_still_saves(ada, service):
    for word in ("eight", "nine", "ten"):
        save(ada, **{NAMED: TEXTS["en"].replace("six", word)})
        if word == "nine":
            sent = fields(ada.get(PLACE))
    assert service.records().tidy(service.clock() + timedelta(days=1)) == 1, "the one that the window shows"
    answer = ada.post(PLACE, **sent | {"f:title.en": "House rules"})
    assert answer.status_code == 303
    document = service.records().draft(RULES).document
    assert (document["title"]["en"], "at ten" in document["content"]["en"]) == ("House rules", True)


def test_while_somebody_keeps_others_out_nothing_typed_is_lost_and_the_lock_runs_out(ada, bo, service):
    save(ada, **{NAMED: LATER})
    assert ada.post(f"{PLACE}/step", step="lock").headers["Location"].endswith("said=locked")
    page = bo.get(PLACE)
    assert "ada@house.example keeps others out until" in words(page)
    answer = bo.post(PLACE, **fields(page) | {NAMED: "<p>Written meanwhile.</p>"})
    assert answer.status_code == 409
    assert "has article" in answer.text
    assert fields(answer)[NAMED] == "<p>Written meanwhile.</p>"
    assert bo.post(f"{PLACE}/step", step="lock").status_code == 409
    assert ada.post(f"{PLACE}/step", step="unlock").status_code == 303
    assert bo.post(f"{PLACE}/step", step="lock").status_code == 303
    assert service.records().locked(RULES).holder == "bo@house.example"


def test_a_draft_is_shared_by_a_link_that_is_told_once_and_can_be_ended(ada, house):
    save(ada, **{NAMED: LATER})
    page = ada.post(f"{PLACE}/share", days="1")
    [link] = tree(page).xpath("//input[@id='link']/@value")
    nobody = Visitor(house[1], "http://house.example")
    path = link.removeprefix("http://house.example")
    assert "seven on Mondays" in nobody.get(path).text
    listed = ada.get(PLACE)
    assert link not in listed.text
    assert "read 1 time" in words(listed)
    number = tree(listed).xpath("string(//ul[@class='shares']//input[@name='number']/@value)")
    assert ada.post(f"{PLACE}/revoke", number=number).headers["Location"].endswith("said=revoked")
    assert nobody.get(path).status_code == 404


def test_publication_is_asked_for_answered_and_deployed_and_the_promise_is_told_all_the_while(ada, bo, service):
    save(ada, **{NAMED: LATER})
    assert ada.post(f"{PLACE}/step", step="request", why="The hours changed.").headers["Location"].endswith("requested")
    held = ada.get(PLACE)
    assert not tree(held).xpath("//button[.='Save']")
    assert all(one.get("readonly") is not None for one in tree(held).xpath("//form[@id='writing']//textarea"))
    empty = bo.post(f"{PLACE}/step", step="reject")
    assert empty.status_code == 409
    assert "needs its reasons" in empty.text
    bo.post(f"{PLACE}/step", step="reject", why="Say it of Tuesdays, too.")
    assert "It was sent back: Say it of Tuesdays, too." in words(ada.get(PLACE))
    ada.post(f"{PLACE}/step", step="request")
    assert bo.post(f"{PLACE}/step", step="approve").headers["Location"].endswith("said=published")
    assert service.records().published(RULES).document["content"]["en"] == LATER
    service.deploy("library")
    page = ada.get(PLACE)
    assert "Readers keep deployment 2 of" in words(page)
    rows = tree(ada.get("/editor")).xpath("//tbody/tr[1]")
    assert "waits for all languages" in rows[0].text_content()
    assert "Arabic: waited for" in re.sub(r"\s+", " ", rows[0].text_content())


def test_what_is_behind_leads_to_the_package_that_translators_have(ada, service):
    save(ada, **{NAMED: LATER})
    ada.post(f"{PLACE}/step", step="publish")
    assert "goes into the next package" in words(ada.get(PLACE))
    [(french, _, _)] = service.package("library", locales=("fr",))
    links = tree(ada.get(PLACE)).xpath("//a[@class='package-out']")
    assert [one.get("href") for one in links] == [f"/packages/{french.id}/file"]
    assert "out" in tree(ada.get("/editor")).xpath("string(//tbody/tr[1]//a[contains(@class, 'is-out')])")


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


def test_a_list_that_others_changed_comes_back_whole_to_a_form_that_saves_itself(ada, bo):
    place = f"{PLACE}?in=details"
    save(ada, place, **{"f:tags": "rules\nreading"})
    sent = fields(bo.get(place))
    save(ada, place, **{"f:tags": "rules\nreading\nmaps"})
    headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
    told = bo.ask("POST", place, data=sent | {"f:notes": "Mine."}, headers=headers).json()
    assert told["changed"] == {"f:tags": "rules\nreading\nmaps"}


def test_who_may_not_write_articles_is_kept_out_and_who_may_write_records_finds_these(house, ada):
    translator, authority = signed_in(house[1], "Tom"), signed_in(house[1], "Pia")
    for path in ("/editor", "/editor/records", PLACE, f"{PLACE}/preview", f"{PLACE}/preview/frame"):
        assert translator.get(path).status_code == 403, path
    assert translator.post(PLACE, number="0", revision="1").status_code == 403
    assert authority.get("/editor").status_code == 403
    assert authority.get(PLACE).status_code == 403
    begun = authority.post("/editor/records/new", kind="measure", title="A law of the lake")
    place = begun.headers["Location"].partition("?")[0]
    assert begun.status_code == 303
    assert "A law of the lake" in authority.get("/editor/records").text
    assert "A law of the lake" not in ada.get("/editor/records").text
    assert ada.get(place).status_code == 403
    assert ada.get(f"{place}/preview").status_code == 403
    assert ada.get(f"{place}/preview/frame").status_code == 403
    assert ada.post(place, number="1", revision="0").status_code == 403
    assert ada.post(f"{place}/decide", number="1").status_code == 403
    assert ada.post(f"{place}/share").status_code == 403
    assert authority.get(f"{place}?in=details").status_code == 200


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
