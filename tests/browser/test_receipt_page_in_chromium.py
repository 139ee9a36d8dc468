"""The receipt opened from a disk: it fits its window, is accessible and asks for nothing."""

import pytest

from tests.browser.pages import assert_good, assert_whole_on_paper
from tests.exchange.receipts import taken_in
from tm_service.exchange.receipt_page import receipt_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(params=["ar", "fr", "zh"])
def address(request, tmp_path):
    file = tmp_path / "receipt.html"
    file.write_bytes(receipt_page(*taken_in(request.param)))
    return file.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_receipt_fits_its_window_and_is_accessible(chromium, address, width, scheme):
    assert_good(chromium, address, width, scheme)


def test_on_paper_nothing_is_cut_off(chromium, address):
    assert_whole_on_paper(chromium, address)
