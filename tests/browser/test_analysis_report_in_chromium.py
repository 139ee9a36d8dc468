"""The analysis report opened from a disk: it fits its window, is accessible and asks for nothing."""

import pytest

from memory.reports.html_page import html_page
from tests.browser.pages import assert_good
from tests.memory.analysis.jobs import HEADING, RATES, analysed
from tests.memory.analysis.labels import ARABIC

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LABELS = {"en": None, "ar": ARABIC}


@pytest.fixture(params=LABELS)
def address(request, tmp_path):
    place = tmp_path / "analysis.html"
    labels = LABELS[request.param]
    place.write_bytes(html_page(analysed(), HEADING, RATES.of("ar"), language=request.param, labels=labels))
    return place.as_uri()


def test_the_report_fits_its_window_and_is_accessible(chromium, address, width, scheme):
    assert_good(chromium, address, width, scheme)


def test_on_paper_no_column_is_cut_off(chromium, address):
    """A4 across, less its margins, is 1032 CSS pixels wide."""
    page = chromium.new_page(viewport={"width": 1032, "height": 703})
    page.emulate_media(media="print")
    page.goto(address)
    widths = page.evaluate("[...document.querySelectorAll('table')].map(table => table.offsetWidth)")
    page.close()
    assert len(widths) == 2
    assert max(widths) <= 1032


def test_the_first_column_stays_in_view_where_a_table_scrolls(chromium, address):
    page = chromium.new_page(viewport={"width": 360, "height": 800})
    page.goto(address)
    region = page.get_by_role("region").first
    region.evaluate("it => it.scrollTo(document.dir === 'rtl' ? -500 : 500, 0)")
    box, head = region.bounding_box(), region.locator("tbody th").first.bounding_box()
    moved = region.evaluate("it => Math.abs(it.scrollLeft)")
    page.close()
    assert moved > 100
    assert box["x"] - 1 <= head["x"] <= head["x"] + head["width"] <= box["x"] + box["width"] + 1
