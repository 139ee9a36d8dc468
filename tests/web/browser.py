"""A browser without a network: it keeps cookies and fills in forms; and a house for people to sign in to."""

import asyncio
from dataclasses import replace

import httpx
from lxml import html

from tests.people.samples import make_room
from tm_service.people.base import House
from tm_service.storage.sql_store import SqlTransaction
from tm_service.web.app import make_app

HOST = "house.example"


class Browser:
    """Somebody's browser at one house; it follows no redirect by itself."""

    def __init__(self, app, scheme="http") -> None:
        self.app, self.address, self.cookies = app, f"{scheme}://{HOST}", httpx.Cookies()

    def get(self, path, **options: object):
        return asyncio.run(self._ask("GET", path, options))

    def post(self, path, **fields: str):
        headers = {"Sec-Fetch-Site": "same-origin"}
        return asyncio.run(self._ask("POST", path, {"data": fields, "headers": headers}))

    def send(self, page, **fields: str):
        """Fill in the form of a page and send it, with what the page hid in it."""
        form = html.fromstring(page.text).xpath("//form[contains(@class, 'form')]")[0]
        hidden = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
        return self.post(form.get("action"), **hidden | fields)

    def ask(self, method, path, **options: object):
        return asyncio.run(self._ask(method, path, options))

    async def _ask(self, method, path, options):
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.address, cookies=self.cookies) as client:
            answer = await client.request(method, path, **options)
            self.cookies = client.cookies
            return answer

    @property
    def session(self):
        return next((one.value for one in self.cookies.jar if one.name.endswith("session")), "")


def with_people(service, clock, hasher=None):
    """The same house with accounts whose clock is set by hand and whose hashes are cheap; and its application."""
    room = make_room(service.store.connected, clock, house=House(SqlTransaction))
    if hasher:
        room._passwords._hasher = hasher
    house = replace(service, people=lambda: room, clock=clock)
    return house, make_app(house, hosts=[HOST])
