"""The desk of editors in a browser: what one person writes with its tools, and its pages in Arabic and English."""

# ruff: noqa: F811 - fixtures are imported by their names

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error

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
from tests.browser.pages import assert_accessible, fits, keyed
from tests.records.test_pictures import drawn
from tests.web.desks.editor_house import HOURS, RULES, TEXTS
from tm_service.domain.records import Actor
from tm_service.editor_verbs import editor_verbs
from tm_service.web.assets import assets

pytestmark = MARKS

HEAVIEST = 100_000  # bytes of all scripts of a page, compressed


def test_the_toolbar_and_the_keyboard_write_what_the_server_takes(window, address, house):
    page = hours(window, address)
    keyed(page, "[Control+b]", "Bring", "[Control+b]", " a pencil & <paper>")
    page.locator("[data-tool='ul']").click()
    keyed(page, "[Enter]", "Leave your coat")
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
    page.locator("[data-tool='source']").click()
    page.locator("textarea[data-rich]").fill(f"<p>Before all.</p>{kept}")
    page.locator("[data-tool='h2']").click()
    assert "Before all." in page.locator(".rich .prose").inner_text(), "another tool leaves the HTML first"
    saved(page)
    assert "Before all." in house.records().draft(HOURS).document["content"]["en"]
    assert page.said == []


def test_a_table_is_made_and_changed_by_keyboard_and_toolbar_and_its_cells_are_told_behind(window, address, house):
    page = hours(window, address)
    page.locator("[data-tool='table']").click()

    def use(*names: str):
        for name in names:
            page.locator(f"[data-tool='{name}']").click()

    keyed(page, "Day", "[Tab]", "Opens")
    use("column-before")
    keyed(page, "[Shift+Tab]", "Room", "[Control+End]")
    use("no-column", "no-row")
    keyed(page, "[Shift+Tab]", "Nine & <ten>", "[Alt+F10]")
    assert page.evaluate("document.activeElement.dataset.tool") == "row-above"
    keyed(page, "[ArrowRight]", "[Enter]", "[Tab]", "[Tab]", "[Tab]", "Last", "[Control+Enter]", "Below.")
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
    page.locator("[data-bring]").dblclick()
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
    assert kept.count("/pictures/") == 1, "two clicks bring it once"
    assert [one for one in page.said if "422" not in one] == []


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
        '<figure class="media"><oembed url="https://example.org/film"></oembed></figure><pre>I\n  J</pre><p>The end.</p>'
    )
    program = Actor("program", "", frozenset({"article-editor"}))
    document = house.records().published(HOURS).document
    house.records().put(HOURS, document | {"content": {"en": odd}}, based_on=None, by=program)
    page = window("Ada")
    page.goto(f"{address}/editor/article/{HOURS.identifier}")
    write(page, "The end.", " Truly.")
    page.locator(".rich .prose pre").click()
    keyed(page, "[ArrowUp]", "[End]", "!", "[Enter]", "?")
    saved(page)
    kept = house.records().draft(HOURS).document["content"]["en"]
    assert kept == odd.replace("end.", "end. Truly.").replace("I\n", "I!\n?\n")
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
