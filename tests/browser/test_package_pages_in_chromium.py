"""The pages of a package opened from a disk: they fit their window, are accessible and ask for nothing."""

import zipfile
from io import BytesIO

import pytest

from tests.browser.pages import assert_good, assert_whole_on_paper
from tests.exchange.handoffs import ATTACHED, handoff, sent

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("00-READ-ME.html", "context/index.html")


@pytest.fixture(params=["ar", "fr", "zh"])
def folder(request, tmp_path):
    """A package unpacked as a translator would."""
    content = sent(handoff(request.param, attachments=ATTACHED))
    zipfile.ZipFile(BytesIO(content)).extractall(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_is_accessible(chromium, folder, name, width, scheme):
    assert_good(chromium, (folder / name).as_uri(), width, scheme)


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_nothing_is_cut_off(chromium, folder, name):
    assert_whole_on_paper(chromium, (folder / name).as_uri())


def test_the_readme_leads_to_the_context(chromium, folder):
    page = chromium.new_page()
    page.goto((folder / PAGES[0]).as_uri())
    page.get_by_role("link").first.click()
    page.wait_for_selector("article")
    address = page.url
    page.close()
    assert address.endswith("context/index.html")
