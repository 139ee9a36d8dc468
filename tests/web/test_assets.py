"""Assets: files for browsers are kept for good, small where that helps, and those of others are there."""

import gzip

import pytest

from tm_service.web.assets import STYLE, asset_path, assets, has_asset


@pytest.mark.parametrize("coding", ["", "identity", "gzip, br"])
def test_a_file_comes_small_to_who_takes_it_so(visitor, coding):
    response = visitor.get(asset_path(STYLE), headers={"Accept-Encoding": coding})
    assert response.content == assets()[STYLE].content
    assert (response.headers.get("Content-Encoding", ""), response.headers["Vary"]) == (
        "gzip" if "gzip" in coding else "",
        "Accept-Encoding",
    )


def test_what_is_small_is_the_same():
    assert all(gzip.decompress(asset.small) == asset.content for asset in assets().values() if asset.small)


def test_the_style_sheet_is_all_sheets_in_order():
    style = assets()[STYLE].content.decode()
    assert style.index(":root") < style.index("body {") < style.index("@media print")


def test_scripts_of_others_are_there_where_npm_is():
    assert has_asset("frame.js")
    assert has_asset("vendor/htmx.js"), "run make scripts"
