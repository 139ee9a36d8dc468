"""The desk of editors in a browser: two people write one article, with scripts and without, and nothing typed is lost."""

# ruff: noqa: F811 - fixtures are imported by their names

import pytest

from tests.browser.desks.editor_windows import (  # noqa: F401 - fixtures
    CLOSES,
    MARKS,
    PLACE,
    address,
    hours,
    house,
    saved,
    window,
    write,
)
from tests.browser.pages import assert_accessible, fits
from tests.web.desks.editor_house import RULES, TEXTS, TITLES
from tm_service.domain.records import Actor
from tm_service.editor_verbs import editor_verbs

pytestmark = MARKS

CLASHED = {"en": "You and somebody else changed the same words.", "ar": "غيّرت أنت وشخص آخر الكلمات نفسها."}
WAITS = {"en": "The promise waits.", "ar": "الوعد قيد الانتظار."}
KEPT = {"en": "The promise is kept.", "ar": "الوعد محفوظ."}
ASK = {"en": "Ask for publication", "ar": "اطلب النشر"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_editors_change_a_legal_article_see_what_falls_behind_and_ask_for_publication(
    window, address, house, language
):
    ada, bo = window("Ada", language), window("Bo", language)
    for page in (ada, bo):
        page.goto(address + PLACE)
        page.locator(".rich .prose").wait_for()
    write(ada, CLOSES, " Lamps go out.")
    saved(ada, language)
    ada.locator(".lags li", has_text="Lamps go out.").wait_for()
    assert WAITS[language] in ada.locator("#outlook").inner_text()
    assert ada.locator(".rich .lag").inner_text() == "Lamps go out."
    write(bo, CLOSES, " Bells ring.")
    assert CLASHED[language] in saved(bo, language)
    bo.locator("#save-state a").click()
    bo.locator(".clash .choice").first.wait_for()
    assert_accessible(bo)
    choices = bo.locator(".clash .choice").all_inner_texts()
    assert "Lamps go out." in choices[0]
    assert "Bells ring." in choices[1]
    bo.locator(".clash input[value='mine']").check()
    bo.locator(".clash button").click()
    bo.locator(".said").wait_for()
    assert "Bells ring." in bo.locator(".rich .prose").inner_text()
    assert "Lamps" not in bo.locator(".rich .prose").inner_text()
    bo.locator("form[action*='share'] button").click()
    link = bo.locator("#link").input_value()
    reader = window("Tom", language)
    reader.goto(f"{link}?lang=en")
    assert "Bells ring." in reader.locator("main").inner_text()
    bo.goto(address + PLACE)
    bo.get_by_role("button", name=ASK[language], exact=True).click()
    bo.locator(".said").wait_for()
    assert bo.locator(".rich").count() == 0, "nobody writes while it waits"
    assert house.records().draft(RULES).stage == "requested"
    assert [one for one in (*ada.said, *bo.said) if "409" not in one and "net::" not in one] == []


def test_what_two_people_write_in_different_paragraphs_stands_in_both_windows(window, address, house):
    ada, bo = window("Ada"), window("Bo")
    for page in (ada, bo):
        page.goto(address + PLACE)
        page.locator(".rich .prose").wait_for()
    write(ada, CLOSES, " Lamps go out.")
    saved(ada)
    write(bo, "Plants stay outside", " So do boots.")
    assert "Others changed other paragraphs" in saved(bo)
    assert "Lamps go out." in bo.locator(".rich .prose").inner_text()
    kept = house.records().draft(RULES).document["content"]["en"]
    expected = TEXTS["en"].replace("at six.", "at six. Lamps go out.").replace("outside.", "outside. So do boots.")
    assert kept == expected, "byte by byte, the blanks between the paragraphs as well"
    here = bo.evaluate("getSelection().anchorNode.textContent.slice(0, getSelection().anchorOffset)")
    assert here.endswith("So do boots."), "the cursor stays where one writes"
    bo.locator("#save-state a").click()
    bo.locator(".changes ins").wait_for()
    assert bo.locator(".changes ins").inner_text().strip() == "Lamps go out."


def test_what_was_typed_before_a_tab_was_closed_is_offered_again_and_merged_with_what_others_wrote_since(
    window, address, house
):
    ada, bo = window("Ada"), window("Bo")
    bo.goto(address + PLACE)
    bo.locator(".rich .prose").wait_for()
    bo.context.set_offline(True)
    write(bo, "Plants stay outside", " So do boots.")
    bo.locator("#save-state.bad").wait_for()
    context = bo.context
    bo.close(run_before_unload=False)
    ada.goto(address + PLACE)
    write(ada, CLOSES, " Lamps go out.")
    saved(ada)
    assert ada.locator(".unsaved").count() == 0
    context.set_offline(False)
    bo = context.new_page()
    bo.goto(f"{address}{PLACE}?in=fr")
    bo.locator(".unsaved .elsewhere a").click()
    offer = bo.locator(".unsaved li")
    assert "So do boots." in offer.locator("ins").inner_text()
    assert offer.locator(".others").is_visible()
    assert_accessible(bo)
    bo.locator("[name='f:title.en']").fill("House rules")
    saved(bo)
    bo.reload()
    assert "So do boots." in offer.locator("ins").inner_text(), "it is offered until somebody says what becomes of it"
    bo.locator("[data-back]").click()
    saved(bo)
    kept = house.records().draft(RULES).document["content"]["en"]
    assert kept == TEXTS["en"].replace("at six.", "at six. Lamps go out.").replace("outside.", "outside. So do boots.")
    bo.reload()
    bo.locator(".rich .prose").wait_for()
    assert bo.locator(".unsaved").count() == 0, "the house has it now"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_with_scripts_off_two_people_write_merge_preview_and_publish_in_all_languages_at_once(
    window, address, house, language
):
    ada, bo = (window(name, language, java_script_enabled=False, size=(360, 800)) for name in ("Ada", "Bo"))
    for page in (ada, bo):
        page.fill("#q", TITLES[language][:6])
        page.locator("form.toolbar button").click()
        page.locator(f"a[href='{PLACE}']").click()
        assert fits(page)

    def put(page, code, text):
        page.fill(f"textarea[name='f:content.{code}']", text)
        page.locator(".save-line button:not([name])").click()
        page.locator("h1").wait_for()

    put(ada, "en", TEXTS["en"].replace("at six", "at eight"))
    assert "said=saved" in ada.url
    put(bo, "en", TEXTS["en"].replace("at six", "at ten").replace("Plants stay", "Plants and hats stay"))
    assert "said=clashed" in bo.url
    bo.locator(".clash input[value='mine']").check()
    bo.locator(".clash form button").click()
    both = TEXTS["en"].replace("at six", "at ten").replace("Plants stay", "Plants and hats stay")
    assert house.records().draft(RULES).document["content"]["en"] == both
    bo.locator(".save-line button[value='preview']").click()
    bo.frame_locator("iframe").first.get_by_text("The room closes at ten.").wait_for()
    bo.goto(address + PLACE)
    assert WAITS[language] in bo.locator("#outlook").inner_text()
    for code in ("ar", "es", "fr", "ru", "zh"):
        bo.goto(f"{address}{PLACE}?in={code}")
        put(bo, code, TEXTS[code].replace("<h2>", "<h2>+ ").replace("</p>", " +</p>"))
    bo.goto(address + PLACE)
    assert KEPT[language] in bo.locator("#outlook").inner_text()
    bo.locator("button[value='publish']").click()
    bo.locator(".said").wait_for()
    house.deploy("library")
    for code, text in (("en", "Plants and hats stay outside."), ("ar", "تبقى النباتات في الخارج. +")):
        bo.goto(f"{address}/articles/{RULES.identifier}/{code}")
        assert text in bo.locator("main").inner_text()


def test_what_is_typed_survives_a_lost_connection_and_a_lock_and_is_saved_later(window, address, house):
    ada, bo = window("Ada"), window("Bo")
    ada.goto(address + PLACE)
    write(ada, CLOSES, " Lamps go out.")
    saved(ada)
    bo.goto(address + PLACE)
    house.records().lock(RULES, by=Actor("ada@house.example", "", frozenset({"article-editor"})))
    write(bo, "Plants stay outside", " So do boots.")
    bo.locator("#save-state.bad", has_text="kept closed").wait_for()
    assert "So do boots." in bo.locator(".rich .prose").inner_text()
    house.records().unlock(RULES, by=Actor("ada@house.example", "", frozenset({"article-editor"})))
    bo.keyboard.press("Control+s")
    saved(bo)
    bo.context.set_offline(True)
    bo.keyboard.type(" And hats.")
    bo.locator("#save-state.bad", has_text="connection").wait_for()
    bo.context.set_offline(False)
    bo.keyboard.press("Control+s")
    saved(bo)
    kept = house.records().draft(RULES).document["content"]["en"]
    assert "So do boots. And hats." in kept
    assert "Lamps go out." in kept


def test_who_is_signed_out_or_refused_is_told_so_and_what_they_typed_is_saved_later(window, address, house):
    page = window("Ada")
    page.goto(address + PLACE)
    known = page.context.cookies()
    page.context.clear_cookies()
    write(page, CLOSES, " Lamps go out.")
    page.locator("#save-state.bad", has_text="sign in again in another window").wait_for()
    page.context.add_cookies(known)
    page.keyboard.press("Control+s")
    saved(page)
    page.route(f"**{PLACE}**", lambda route: route.fulfill(status=422, json={"sentence": "It is too long."}))
    page.keyboard.type(" All.")
    page.locator("#save-state.bad", has_text="It is too long.").wait_for()
    page.unroute(f"**{PLACE}**")
    page.keyboard.press("Control+s")
    saved(page)
    assert "Lamps go out. All." in house.records().draft(RULES).document["content"]["en"]


def test_a_form_with_items_that_somebody_took_out_is_shown_anew(window, address, house):
    pia = Actor("pia@house.example", government="ke")
    ref = editor_verbs(house).begin("measure", "A law of the lake", by=pia)
    draft = house.records().draft(ref)
    elements = {"absMeasures": {"relevantElements": [{"parent": "shore"}, {"parent": "water"}]}}
    house.records().save_draft(ref, {**draft.document, **elements}, based_on=draft.number, by=pia)
    first, second = window("Pia"), window("Pia")
    for page in (first, second):
        page.goto(f"{address}/editor/measure/{ref.identifier}?in=details")
    first.locator("button[name='out'][value='absMeasures.relevantElements.0']").click()
    first.locator(".said").wait_for()
    second.locator("details:has([name='f:notes']) > summary").click()
    second.locator("[name='f:notes']").fill("Mine.")
    second.wait_for_url("**merged=**")
    parents = second.locator("[name^='f:absMeasures.relevantElements'][name$='.parent']")
    assert [one.input_value() for one in parents.all()] == ["water"]
    assert second.locator("[name='f:notes']").input_value() == "Mine."
    assert [one for one in (*first.said, *second.said) if "403" not in one] == []  # where signing in led to
