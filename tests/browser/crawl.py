"""Crawl: one address of every kind of page, found by following links from the first one, as whoever is signed in."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from lxml import html

from tests.web.browser import HOST, Browser

_MOST = 400  # addresses that are looked at
_HTML = "text/html"
_FIRST = ("/", "/sign-in", "/style")


@dataclass(frozen=True)
class Found:
    """What a person reaches: pages by the pattern of their address, and addresses that a link promised and were refused."""

    pages: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


def crawl(app: FastAPI, session: str) -> Found:
    """In a thread of its own: where Chromium is driven, this one has a loop that goes on."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(_crawl, app, session).result()


def _crawl(app: FastAPI, session: str) -> Found:
    browser, found, asked, waiting = Browser(app), Found(), set(), deque(_FIRST)
    browser.cookies.set("session", session, HOST)
    while waiting and len(asked) < _MOST:
        address = waiting.popleft()
        route = _route(app, urlsplit(address).path)
        if address in asked or route in found.pages or not route:
            continue
        asked.add(address)
        answer = browser.get(address)
        if answer.is_redirect:
            waiting.append(answer.headers["Location"])
        elif answer.status_code != 200:
            found.refused[address] = answer.status_code
        elif answer.headers.get("Content-Type", "").startswith(_HTML):
            found.pages[route] = address
            waiting.extend(_links(answer.text, address))
    return found


def _route(app: FastAPI, path: str) -> str:
    """The pattern of a page's address, "" for what is none of our pages."""
    found = (context.original_route for context in iter_route_contexts(app.routes))
    pages = (one for one in found if isinstance(one, APIRoute) and "GET" in one.methods)
    return next((one.path for one in pages if one.path_regex.fullmatch(path) and not path.startswith("/api/")), "")


def _links(text: str, address: str) -> Iterator[str]:
    """Where a page leads within the house, as addresses without a fragment."""
    root = html.fromstring(text)
    root.make_links_absolute(f"http://{HOST}{address}")
    for link in root.xpath("//a[not(@download)]/@href"):  # what a frame shows runs no script, and so no axe
        parts = urlsplit(link)
        if parts.netloc == HOST and "lang=" not in parts.query:
            yield parts.path + (f"?{parts.query}" if parts.query else "")
