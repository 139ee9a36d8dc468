"""The pages of a package opened from a disk: they fit their window, are accessible and ask for nothing."""

import zipfile
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.exchange.handoffs import ATTACHED, handoff, sent

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("00-READ-ME.html", "context/index.html")
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(params=["ar", "fr", "zh"])
def folder(request, tmp_path):
    """A package unpacked as a translator would."""
    content = sent(handoff(request.param, attachments=ATTACHED))
    zipfile.ZipFile(BytesIO(content)).extractall(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_fits_its_window_and_is_accessible(chromium, folder, name, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    address = (folder / name).as_uri()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page, options=WCAG)
    context.close()
    assert found.violations_count == 0, found.generate_report()
    assert (asked, said) == ([address], [])


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_nothing_is_cut_off(chromium, folder, name):
    """A4 upright, less its margins, is 680 CSS pixels wide."""
    page = chromium.new_page(viewport={"width": 680, "height": 1000})
    page.emulate_media(media="print")
    page.goto((folder / name).as_uri())
    fits = page.evaluate("[...document.querySelectorAll('main *')].every(it => it.scrollWidth <= 680)")
    page.close()
    assert fits


def test_the_readme_leads_to_the_context(chromium, folder):
    page = chromium.new_page()
    page.goto((folder / PAGES[0]).as_uri())
    page.get_by_role("link").first.click()
    page.wait_for_selector("article")
    address = page.url
    page.close()
    assert address.endswith("context/index.html")
