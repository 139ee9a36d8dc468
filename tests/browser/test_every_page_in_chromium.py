"""Every page: reached from the first one by its links, and in English and Arabic, wide and narrow, whole and accessible."""

import re
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import served
from tests.browser.crawl import crawl
from tests.browser.pages import assert_accessible, fits
from tests.browser.pseudo import spoken
from tests.people.samples import PASSWORD, person
from tests.web.browser import HOST
from tm_service.cli.tour import tour
from tm_service.domain.permissions import Grant, Role
from tm_service.settings import read_settings
from tm_service.web.app import make_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMAIL = "all@house.example"
FAULTS, MEASURED = ((Path(__file__).parent / name).read_text("utf-8") for name in ("faults.js", "measured.js"))
SCRIPTS = 100 * 1024  # bytes over the line at most; the editor of articles alone comes near it
REQUESTS = 25
SHIFT = 0.05  # of the window; a long table that comes in pieces may move its columns by 0.02
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 800}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo with its seven people, each by the session that the tour's password opens; and somebody with every role."""
    house, document, _text = tour(
        read_settings(tmp_path_factory.mktemp("demo"), environment={}), say=lambda _line: None
    )
    password = document["people"]["password"]
    sessions = {email: house.people().sign_in(email, password).token for email in document["people"]["emails"]}
    person(house.people(), "All", *(Grant(role) for role in Role))
    return house, sessions


@pytest.fixture(scope="module")
def house(demo):
    return demo[0]


@pytest.fixture(scope="module")
def token(house):
    return house.people().sign_in(EMAIL, PASSWORD).token


@pytest.fixture(scope="module")
def app(house):
    return make_app(house, hosts=[HOST])


@pytest.fixture(scope="module")
def pages(app, token):
    """One address for each pattern, found by following links from the first page."""
    found = crawl(app, token)
    assert found.refused == {}
    return found.pages


@pytest.fixture(scope="module")
def reached(app, demo):
    """The pages that each of the seven people reaches."""
    found = {session: crawl(app, session) for session in demo[1].values()}
    assert {
        one: status for each in found.values() for one, status in each.refused.items() if status != HTTPStatus.FORBIDDEN
    } == {}
    return {session: each.pages for session, each in found.items()}


@pytest.fixture(scope="module")
def address(house):
    with served(house) as made:
        yield made


@contextmanager
def opened(chromium, address, token, language, window, scheme="light"):
    context = chromium.new_context(viewport=window, color_scheme=scheme, locale=language)
    context.add_cookies(
        [{"name": "session", "value": token, "url": address}, {"name": "lang", "value": language, "url": address}]
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


def _is_error(message):
    """Pictures of an article lie on its site, which is not here."""
    return message.type == "error" and not urlsplit(message.location["url"]).path.startswith("/media/")


def test_all_desks_and_rooms_are_reached_by_links(pages):
    assert {"/desk", "/sites/{site}", "/editor", "/memory", "/terms", "/clients", "/people", "/audit", "/settings"} <= (
        pages.keys()
    )
    assert len(pages) >= 30


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1440, "light"), ("ar", 360, "dark")])
def test_every_page_fits_its_window_says_no_error_is_light_stays_in_place_and_is_accessible(
    pages, address, chromium, token, language, width, scheme
):
    wrong = []
    with opened(chromium, address, token, language, {"width": width, "height": 900}, scheme) as context:
        for route, place in pages.items():
            page, said = context.new_page(), []
            page.on("console", lambda one, said=said: said.append(one.text) if _is_error(one) else None)
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.goto(f"{address}{place}")
            if said or not fits(page):
                wrong.append((route, said or "wider than the window"))
            took = page.evaluate(MEASURED)
            if took["scripts"] > SCRIPTS or took["requests"] > REQUESTS or took["shift"] > SHIFT:
                wrong.append((route, took))
            try:
                assert_accessible(page)
            except AssertionError as error:
                wrong.append((route, re.sub(r"\s+", " ", str(error))[:600]))
            page.close()
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_text_of_ours_is_translated_and_has_room_for_a_longer_one(reached, address, chromium, language):
    """In a language two fifths longer than English, from left to right and mirrored, as each of the demo's people.

    A page that somebody else has shown is looked at for its texts alone: its room is that of the other one.
    """
    wrong, looked = set(), set()
    with spoken():
        for session, pages in reached.items():
            with opened(chromium, address, session, language, WIDE) as context:
                page = context.new_page()
                for route, place in pages.items():
                    if language == "ar" and route in looked:
                        continue
                    page.set_viewport_size(WIDE)
                    page.goto(f"{address}{place}")
                    wrong |= {(route, one) for one in page.evaluate(FAULTS, {"brackets": True})}
                    if route not in looked:
                        page.set_viewport_size(NARROW)
                        wrong |= {(f"{route}, narrow", one) for one in page.evaluate(FAULTS, {"brackets": False})}
                    looked.add(route)
    assert not wrong, "\n".join(map(str, sorted(wrong)))


def test_a_fault_is_found(chromium):
    """What the test above looks for, in a page that has it all."""
    page = chromium.new_page(viewport=NARROW)
    page.set_content(
        """<title>Seeds</title><body><p>Untranslated</p><p>⟦Ôñé <b>⟧</b></p><p lang="en">Theirs</p>
        <p style="inline-size:4em;overflow:hidden;white-space:nowrap">⟦Çûţ ~~~~~~~~~~~~~~~~⟧</p>
        <p style="block-size:1em;margin:0">⟦Ûñðéŕ⟧</p><p style="margin:-1em 0 0">⟦Ûþöñ⟧</p>
        <button style="inline-size:4em;white-space:nowrap">⟦Ŵîðé ~~~~~~~~~~~~~~~~~~⟧</button>
        <p aria-label="Spoken">⟦Šéé⟧</p><div style="inline-size:600px">⟦Ƃéýöñð⟧</div><i>⟦</i>"""
    )
    found = {one.split(":")[0] for one in page.evaluate(FAULTS, {"brackets": True})}
    page.close()
    assert found == {
        "not translated",
        "cut in pieces",
        "aria-label not translated",
        "title not translated",
        "cut off",
        "beyond its box",
        "one upon the other",
        "wider than the window",
    }
