"""Screens: every journey's pages look as their pictures do, within a tolerance; what differs is kept to be looked at."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import served
from tests.browser.screens import EMAIL, NEAR, SCREENS, demo, difference, difference_shown, pictures
from tests.people.samples import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_every_page_looks_as_its_picture(tmp_path_factory, chromium):
    """What differs lies in the folder that `SCREENS` names: the new picture, and the old one, what differs and the new one."""
    house = demo(tmp_path_factory.mktemp("demo"))
    kept = Path(os.environ.get("SCREENS") or tmp_path_factory.mktemp("screens"))
    token, taken, far = house.people().sign_in(EMAIL, PASSWORD).token, {}, {}
    with served(house) as address:
        for screen, content in pictures(chromium, address, token):
            taken[screen.name] = content
            known = screen.file.read_bytes()
            if (found := difference(known, content)) >= NEAR:
                far[screen.name] = round(found, 1)
                (kept / screen.file.name).write_bytes(content)
                difference_shown(known, content).save(kept / f"{screen.name}-differs.png")
    assert far == {}, f"These are no more as their pictures; look into {kept}, then `make screens`."
    assert taken.keys() == {screen.name for screen in SCREENS}
    names = list(taken)
    alike = [
        (one, other)
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        if one.endswith("-ar") == other.endswith("-ar") and difference(taken[one], taken[other]) < NEAR / 3
    ]
    assert alike == []
