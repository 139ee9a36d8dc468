"""Every page: reached from the first one by its links, and in English and Arabic, wide and narrow, whole and accessible."""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from lxml import html

from tests.browser.conftest import served
from tests.browser.pages import assert_accessible, fits
from tests.people.samples import PASSWORD, person
from tests.web.browser import HOST, Browser
from tm_service.cli.tour import tour
from tm_service.domain.permissions import Grant, Role
from tm_service.settings import read_settings
from tm_service.web.app import make_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMAIL = "all@house.example"
# Pages that no link of a page leads to: forms that a post shows again, what machines ask, and what a letter leads to.
_MOST = 400  # addresses that are looked at
_HTML = "text/html"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The demo, with somebody who has every role."""
    made, _document, _text = tour(
        read_settings(tmp_path_factory.mktemp("demo"), environment={}), say=lambda _line: None
    )
    person(made.people(), "All", *(Grant(role) for role in Role))
    return made


@pytest.fixture(scope="module")
def token(house):
    return house.people().sign_in(EMAIL, PASSWORD).token


def routes(app):
    """Pages by the pattern of their address."""
    found = [context.original_route for context in iter_route_contexts(app.routes)]
    return [
        one for one in found if isinstance(one, APIRoute) and "GET" in one.methods and not one.path.startswith("/api/")
    ]


def route_of(app, path):
    return next((one.path for one in routes(app) if one.path_regex.fullmatch(path)), "")


def links(answer, address):
    """Where a page leads within the house, as addresses without a fragment."""
    root = html.fromstring(answer.text, base_url=address)
    root.make_links_absolute(address)
    for link in root.xpath("//a[not(@download)]/@href"):  # what a frame shows runs no script, and so no axe
        parts = urlsplit(link)
        if parts.netloc == HOST and "lang=" not in parts.query:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.fixture(scope="module")
def pages(house, token):
    """One address for each pattern, found by following links from the first page."""
    app = make_app(house, hosts=[HOST])
    browser, found, asked, waiting = Browser(app), {}, set(), deque(["/", "/sign-in", "/style"])
    browser.cookies.set("session", token, HOST)
    while waiting and len(asked) < _MOST:
        address = waiting.popleft()
        route = route_of(app, urlsplit(address).path)
        if address in asked or route in found or not route:
            continue
        asked.add(address)
        answer = browser.get(address)
        if answer.is_redirect:
            waiting.append(answer.headers["Location"])
            continue
        assert answer.status_code == 200, (address, answer.status_code)
        if not answer.headers.get("Content-Type", "").startswith(_HTML):
            continue
        found[route] = address
        waiting.extend(links(answer, f"http://{HOST}{address}"))
    return found


@pytest.fixture(scope="module")
def address(house):
    with served(house) as made:
        yield made


def test_all_desks_and_rooms_are_reached_by_links(pages):
    assert {"/desk", "/sites/{site}", "/editor", "/memory", "/terms", "/clients", "/people", "/audit", "/settings"} <= (
        pages.keys()
    )
    assert len(pages) >= 30


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1440, "light"), ("ar", 360, "dark")])
def test_every_page_fits_its_window_says_no_error_and_is_accessible(
    pages, address, chromium, token, language, width, scheme
):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language)
    context.add_cookies(
        [{"name": "session", "value": token, "url": address}, {"name": "lang", "value": language, "url": address}]
    )
    context.set_default_timeout(20_000)
    wrong = []
    for route, place in pages.items():
        page, said = context.new_page(), []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.goto(f"{address}{place}")
        if said or not fits(page):
            wrong.append((route, said or "wider than the window"))
        try:
            assert_accessible(page)
        except AssertionError as error:
            wrong.append((route, re.sub(r"\s+", " ", str(error))[:600]))
        page.close()
    context.close()
    assert wrong == []
