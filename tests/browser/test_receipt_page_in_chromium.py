"""The receipt opened from a disk: it fits its window, is accessible and asks for nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.exchange.receipts import taken_in
from tm_service.exchange.receipt_page import receipt_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(params=["ar", "fr", "zh"])
def address(request, tmp_path):
    file = tmp_path / "receipt.html"
    file.write_bytes(receipt_page(*taken_in(request.param)))
    return file.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_receipt_fits_its_window_and_is_accessible(chromium, address, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page, options=WCAG)
    context.close()
    assert found.violations_count == 0, found.generate_report()
    assert (asked, said) == ([address], [])


def test_on_paper_nothing_is_cut_off(chromium, address):
    """A4 upright, less its margins, is 680 CSS pixels wide."""
    page = chromium.new_page(viewport={"width": 680, "height": 1000})
    page.emulate_media(media="print")
    page.goto(address)
    fits = page.evaluate("[...document.querySelectorAll('main *')].every(it => it.scrollWidth <= 680)")
    page.close()
    assert fits
