"""The pages that readers read, in a browser: they fit their window, are accessible and mirror for Arabic."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import served
from tests.records.samples import P1, permit
from tests.web.clearing_house_world import small_room, with_room
from tests.web.house import build_house
from tests.web.readers import PERMIT, SEEDS, article_verbs, stocked, with_articles
from tm_service.domain.records import Actor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ARTICLE = f"/articles/{SEEDS.identifier}"
RECORD = f"/records/absPermit/{PERMIT.identifier}"
PAGES = (f"{ARTICLE}/en", f"{ARTICLE}/ar", f"{ARTICLE}/ru", f"{RECORD}/fr", "/articles?lang=en", "/articles?lang=ar")
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
OUTSIDE = re.compile("^https:")
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360" fill="#789"/></svg>'


def picture(route):
    """Nothing outside is asked for."""
    route.fulfill(content_type="image/svg+xml", body=DRAWN)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    verbs = article_verbs(stocked(folder).store)
    with served(with_articles(build_house(folder), verbs)) as found:
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_window_breaks_no_rule_and_is_accessible(chromium, address, path, scheme, width):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, said = context.new_page(), []
    page.route(OUTSIDE, picture)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}{path}")
    fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page, options=WCAG)
    context.close()
    assert fits
    assert found.violations_count == 0, found.generate_report()
    assert said == []


def test_an_arabic_article_runs_from_right_to_left_and_its_english_sentence_does_not(chromium, address):
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.route(OUTSIDE, picture)
    page.goto(f"{address}{ARTICLE}/ar")
    ways = page.evaluate(
        "['article h1', '.prose li', '.prose li span', '[data-behind]']"
        ".map(it => getComputedStyle(document.querySelector(it)).direction)"
    )
    border = page.evaluate("getComputedStyle(document.querySelector('[data-behind]')).borderRightWidth")
    page.close()
    assert ways == ["rtl", "rtl", "ltr", "rtl"]
    assert border == "3px"


def test_on_paper_links_say_where_they_lead_and_the_languages_are_gone(chromium, address):
    page = chromium.new_page(viewport={"width": 680, "height": 1000})
    page.route(OUTSIDE, picture)
    page.emulate_media(media="print")
    page.goto(f"{address}{ARTICLE}/fr")
    shown = page.evaluate("getComputedStyle(document.querySelector('.media'), '::after').content")
    hidden = page.evaluate("getComputedStyle(document.querySelector('.speak')).display")
    page.close()
    assert "https://example.org/film" in shown
    assert hidden == "none"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_shared_draft_fits_its_window_and_is_accessible(chromium, tmp_path, language, width):
    room = small_room(tmp_path / "records.sqlite")
    writer = Actor("amina", "ke")
    terms = {"en": "<p>Sow <strong>thinly</strong>.</p><ul><li>In rows</li></ul>"}
    room.save_draft(P1, permit(terms=terms, expiry="2027-01-01"), based_on=None, by=writer)
    token = room.share(P1, by=writer).token
    with served(with_room(build_house(tmp_path), room)) as address:
        page, said = chromium.new_page(viewport={"width": width, "height": 800}), []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{address}/share/{token}?lang={language}")
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        found = Axe().run(page, options=WCAG)
        page.close()
    assert fits
    assert found.violations_count == 0, found.generate_report()
    assert said == []
