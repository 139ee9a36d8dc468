"""The desk of editors in a browser: two editors of one article, in English and Arabic, with scripts and without."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import served
from tests.browser.pages import assert_accessible, fits
from tests.records.test_pictures import drawn
from tests.web.desks.editor_house import HOURS, PASSWORD, RULES, TEXTS, TITLES, build
from tm_service.domain.records import Actor
from tm_service.editor_verbs import editor_verbs
from tm_service.web.assets import assets

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACE = f"/editor/article/{RULES.identifier}"
HEAVIEST = 100_000  # bytes of all scripts of a page, compressed
SAVED = {"en": "Saved at", "ar": "حُفظت في"}
CLASHED = {"en": "You and somebody else changed the same words.", "ar": "غيّرت أنت وشخص آخر الكلمات نفسها."}
WAITS = {"en": "The promise waits.", "ar": "الوعد قيد الانتظار."}
KEPT = {"en": "The promise is kept.", "ar": "الوعد محفوظ."}
ASK = {"en": "Ask for publication", "ar": "اطلب النشر"}
CLOSES = "The room closes at"
if "vendor/prosemirror.js" not in assets():
    pytestmark.append(pytest.mark.skip("npm brought no ProseMirror; run `make scripts`."))


@pytest.fixture
def house(tmp_path):
    return build(tmp_path)[0]


@pytest.fixture
def address(house):
    with pytest.MonkeyPatch.context() as patched, served(house) as found:
        patched.setattr("tm_service.web.pace.SIGN_IN", 1000)
        yield found


@pytest.fixture
def window(chromium, address):
    """Opens windows of signed-in people, and watches what they say."""
    opened = []

    def open_for(name, language="en", **options: object):
        size = options.pop("size", (1440, 900))
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(f"{address}/sign-in?lang={language}&next=/editor")
        page.fill("#email", f"{name.lower()}@house.example")
        page.fill("#password", PASSWORD)
        page.locator("main form button").click()
        page.wait_for_url("**/editor**")
        opened.append(context)
        return page

    yield open_for
    for context in opened:
        context.close()


def saved(page, language="en"):
    page.locator("#writing[data-idle]").wait_for()
    page.locator("#save-state", has_text=SAVED[language]).wait_for()
    return page.locator("#save-state").inner_text()


def write(page, paragraph, text):
    """Put the cursor behind a paragraph of the content and type."""
    page.locator(".rich .prose p", has_text=paragraph).first.click()
    page.keyboard.press("End")
    page.keyboard.type(text)


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


def test_the_toolbar_and_the_keyboard_write_what_the_server_takes(window, address, house):
    page = window("Ada")
    page.goto(f"{address}/editor/article/{HOURS.identifier}")
    page.locator(".rich .prose").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("Bring")
    page.keyboard.press("Control+b")
    page.keyboard.type(" a pencil & <paper>")
    page.locator("[data-tool='ul']").click()
    page.keyboard.press("Enter")
    page.keyboard.type("Leave your coat")
    saved(page)
    kept = house.records().draft(HOURS).document["content"]["en"]
    assert kept == (
        "<p>The library opens at nine.</p>"
        "<ul><li><strong>Bring</strong> a pencil &amp; &lt;paper&gt;</li><li>Leave your coat</li></ul>"
    )
    page.locator("[data-tool='link']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.tool") == "h2"
    page.locator("[data-tool='source']").click()
    page.locator("textarea[data-rich]").fill(f"{kept}<p>Typed as HTML.</p>")
    page.locator("[data-tool='source']").click()
    assert "Typed as HTML." in page.locator(".rich .prose").inner_text()
    assert page.said == []


def test_a_table_is_made_and_changed_by_keyboard_and_toolbar_and_its_cells_are_told_behind(window, address, house):
    page = window("Ada")
    page.goto(f"{address}/editor/article/{HOURS.identifier}")
    page.locator(".rich .prose p").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.locator("[data-tool='table']").click()

    def use(*names: str):
        for name in names:
            page.locator(f"[data-tool='{name}']").click()

    page.keyboard.type("Day")
    page.keyboard.press("Tab")
    page.keyboard.type("Opens")
    use("column-before")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Room")
    page.keyboard.press("Control+End")
    use("no-column", "no-row")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Nine & <ten>")
    page.keyboard.press("Alt+F10")
    assert page.evaluate("document.activeElement.dataset.tool") == "row-above"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Last")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Below.")
    saved(page)

    def kept():
        return house.records().draft(HOURS).document["content"]["en"]

    def table(*rows: tuple[str, ...], scope=' scope="col"'):
        head = "".join(f"<th{scope}>{one}</th>" for one in rows[0])
        body = "".join(f"<tr>{''.join(f'<td>{one}</td>' for one in row)}</tr>" for row in rows[1:])
        return f'<figure class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></figure>'

    before = "<p>The library opens at nine.</p>"
    made = table(("Day", "Room", "Opens"), ("", "Nine &amp; &lt;ten&gt;", ""), ("", "Last", ""))
    assert kept() == f"{before}{made}<p>Below.</p>"
    page.locator(".lags li", has_text="Nine & <ten>").wait_for()
    page.locator(".rich td .lag", has_text="Nine & <ten>").wait_for()
    page.locator(".rich td", has_text="Last").click()
    use("heading", "no-row")
    saved(page)
    page.locator(".rich td", has_text="Day").click()
    use("heading")
    saved(page)
    assert kept() == f"{before}{table(('Day', 'Room', 'Opens'), ('', 'Nine &amp; &lt;ten&gt;', ''))}<p>Below.</p>"
    use("no-table")
    saved(page)
    assert "<table" not in kept()
    assert page.said == []


def test_a_picture_is_put_where_the_cursor_stands_and_what_it_shows_is_said_anew(window, address, house):
    page = window("Ada", "ar", size=(360, 800))
    page.goto(f"{address}{PLACE}?in=ar")
    page.locator(".rich .prose h2").click()
    page.keyboard.press("End")
    page.locator("[data-tool='picture']").click()
    page.locator("[data-bring]").click()
    assert page.locator(".picture .error").inner_text() == "اختر صورة، واكتب ما تُظهره."
    page.locator(".picture input[type='file']").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"GIF89a"}
    )
    page.locator(".picture .alt").fill("القاعة القديمة")
    page.locator("[data-bring]").click()
    page.locator(".picture .error", has_text="no picture that can be kept").wait_for()
    assert fits(page)
    page.locator(".picture input[type='file']").set_input_files(
        {"name": "room.webp", "mimeType": "image/webp", "buffer": drawn("webp", (640, 400))}
    )
    page.locator(".picture .alt").press("Enter")
    page.wait_for_function("() => document.querySelector('.rich img[src*=pictures]')?.naturalWidth === 640")
    saved(page, "ar")
    page.locator(".rich img[src*=pictures]").click()
    page.locator("[data-tool='picture']").click()
    assert page.locator(".picture .alt").input_value() == "القاعة القديمة"
    page.locator(".picture .alt").fill("القاعة & الحديقة")
    page.locator(".picture .alt").press("Enter")
    saved(page, "ar")
    kept = house.records().draft(RULES).document["content"]["ar"]
    [shown] = re.findall(r'</h2>\s*<figure class="image"><img(?= [^>]*src="/pictures/)[^>]* alt="([^"]+)"', kept)
    assert shown == "القاعة &amp; الحديقة"
    assert [one for one in page.said if "422" not in one] == []


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
    bo.locator("[data-back]").click()
    saved(bo)
    kept = house.records().draft(RULES).document["content"]["en"]
    assert kept == TEXTS["en"].replace("at six.", "at six. Lamps go out.").replace("outside.", "outside. So do boots.")
    bo.reload()
    bo.locator(".rich .prose").wait_for()
    assert bo.locator(".unsaved").count() == 0, "the house has it now"


def test_a_reference_is_found_by_its_title_and_inserted(window, address, house):
    page = window("Ada")
    page.goto(address + PLACE)
    write(page, CLOSES, " See ")
    page.fill("#refer", "opening")
    page.locator("#references form button").click()
    page.locator("[data-insert]").click()
    saved(page)
    kept = house.records().draft(RULES).document["content"]["en"]
    assert f'See <a href="/articles/{HOURS.identifier}">Opening hours</a></p>' in kept


def test_the_server_and_the_editor_allow_the_same_elements_and_texts_of_all_kinds_come_back_as_they_were(
    window, address, house
):
    odd = (
        "<p>One&nbsp;<em><strong>two</strong></em> <strong><em>three</em></strong></p>\n\n"
        '<figure class="table"><table><tbody><tr><th scope="row">A</th><td colspan="2">B</td></tr></tbody></table>'
        "<figcaption>C</figcaption></figure>\n"
        '<ul><li>D<ul><li>E</li></ul></li></ul><dl><dt>F</dt><dd>G</dd></dl><p><img src="/x.png" alt="H" /></p>'
        '<figure class="media"><oembed url="https://example.org/film"></oembed></figure><p>The end.</p>'
    )
    program = Actor("program", "", frozenset({"article-editor"}))
    document = house.records().published(HOURS).document
    house.records().put(HOURS, document | {"content": {"en": odd}}, based_on=None, by=program)
    page = window("Ada")
    page.goto(f"{address}/editor/article/{HOURS.identifier}")
    write(page, "The end.", " Truly.")
    saved(page)
    assert house.records().draft(HOURS).document["content"]["en"] == odd.replace("end.", "end. Truly.")
    assert page.said == []


def test_a_preview_runs_nothing_that_was_written(window, address, house):
    hostile = (
        "<p>Before</p><script>parent.hurt = 1; document.title = 'hurt'</script><img src=x onerror=\"parent.hurt = 1\">"
        '<iframe srcdoc="<script>parent.parent.hurt = 1</script>"></iframe><svg onload="parent.hurt = 1"></svg>'
        '<a href="javascript:parent.hurt = 1" id="lure">go</a><p style="position: fixed">After</p>'
    )
    program = Actor("program", "", frozenset({"article-editor"}))
    document = house.records().published(HOURS).document
    house.records().save_draft(HOURS, document | {"content": {"en": hostile}}, based_on=0, by=program)
    page = window("Ada", size=(1440, 1000))
    page.goto(f"{address}/editor/article/{HOURS.identifier}/preview")
    frame = page.frame_locator("iframe").first
    frame.get_by_text("After").wait_for()
    assert frame.locator("script, iframe, svg").count() == 0
    assert page.evaluate("window.hurt === undefined")
    assert page.evaluate("document.title") == "Preview: Opening hours · Translation service"
    assert [one.evaluate("one => getComputedStyle(one).direction") for one in (frame.locator("body"),)] == ["ltr"]
    assert page.frame_locator("iframe").nth(1).locator("html").get_attribute("dir") == "rtl"
    inside = page.frames[1]
    with suppress(Error):
        inside.add_script_tag(content="parent.hurt = 1")
    assert page.evaluate("window.hurt === undefined"), "even what is put there later"


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


@pytest.mark.parametrize(("language", "size", "scheme"), [("ar", (1440, 900), "light"), ("en", (360, 800), "dark")])
def test_every_page_fits_its_window_and_breaks_no_rule(window, address, house, language, size, scheme):
    program = Actor("program", "", frozenset({"article-editor"}))
    document = house.records().published(RULES).document
    changed = document | {"content": TEXTS | {"en": TEXTS["en"].replace("six", "seven")}, "tags": ["rules"]}
    house.records().save_draft(RULES, changed, based_on=0, by=program)
    law = editor_verbs(house).begin(
        "measure", "A law of the lake", by=Actor("root@house.example", "ke", frozenset({"administrator"}))
    )
    page = window("Root", language, size=size, color_scheme=scheme)
    for path in (
        "/editor",
        "/editor?show=mine",
        "/editor/new",
        "/editor/records",
        "/editor/records/new",
        PLACE,
        f"{PLACE}?in=fr&find=opening",
        f"{PLACE}?in=ar",
        f"{PLACE}?in=details",
        f"{PLACE}/preview?in=ar",
        f"/editor/measure/{law.identifier}",
        f"/editor/measure/{law.identifier}?in=details",
    ):
        page.goto(address + path)
        if "in=details" not in path and path.startswith(PLACE) and "preview" not in path:
            page.locator(".rich .prose").wait_for()
        assert fits(page), path
        assert_accessible(page)
    assert page.said == []


def test_all_scripts_of_a_page_together_stay_light(window, address):
    page = window("Ada")
    heard = {}
    page.on("response", lambda answer: heard.setdefault(answer.url, answer))
    page.goto(address + PLACE)
    page.locator(".rich .prose").wait_for()
    page.wait_for_load_state("networkidle")
    scripts = [re.sub(r".*/static/[^/]+/", "", url) for url in heard if url.endswith(".js")]
    assert {"editor/writing.js", "editor/area.js", "editor/rich.js", "vendor/prosemirror.js"} <= set(scripts)
    assert sum(len(assets()[name].small or assets()[name].content) for name in scripts) < HEAVIEST


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
