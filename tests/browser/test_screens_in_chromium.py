"""Screens: the README's pictures show the desks as they are, within a tolerance; what differs is kept to be looked at."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import served
from tests.browser.screens import EMAIL, NEAR, SCREENS, demo, difference, small, taken
from tests.people.samples import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory, chromium):
    house = demo(tmp_path_factory.mktemp("demo"))
    token = house.people().sign_in(EMAIL, PASSWORD).token
    with served(house) as address:
        yield {screen: small(taken(chromium, address, token, screen)) for screen in SCREENS}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_picture_shows_the_page_as_it_is(pictures, screen, tmp_path):
    kept = Path(os.environ.get("SCREENS", tmp_path)) / screen.file.name
    kept.write_bytes(pictures[screen])
    far = difference(pictures[screen], screen.file.read_bytes())
    assert far < NEAR, f"{screen.address} is {far:.1f} from its picture; look at {kept}, then `make screens`."


def test_pictures_of_other_pages_are_far_apart(pictures):
    found = list(pictures.items())
    mirrored = [content for screen, content in found if screen.name in ("register", "register-ar")]
    assert difference(*mirrored) > NEAR / 3
    assert difference(found[0][1], found[0][1]) == 0
