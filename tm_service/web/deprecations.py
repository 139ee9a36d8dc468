"""Deprecations: every answer of a function that goes out of date says since when, until when, and where it is written."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tm_service.domain.functions import Deprecated
from tm_service.web.api.routes import PREFIX

_WRITTEN = f'<{PREFIX}/openapi.json>; rel="deprecation sunset"; type="application/json"'


class Deprecations:
    """Sets `Deprecation` (RFC 9745), `Sunset` and `Link` (RFC 8594, RFC 8288); stands next to the functions.

    A function is named as the interface's description names it.
    """

    def __init__(self, app: ASGIApp, functions: Collection[Deprecated]) -> None:
        self.app = app
        self._said = {one.name: headers_of(one) for one in functions}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._said:
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._said.get(getattr(scope.get("route"), "name", ""), {}).items():
                    headers.append(name, value)
            await send(message)

        await self.app(scope, receive, told)


def headers_of(function: Deprecated) -> Mapping[str, str]:
    """What an answer of the function says; both moments are the beginnings of days (UTC)."""
    since, until = _beginning(function.since), _beginning(function.until)
    return {
        "Deprecation": f"@{since.timestamp():.0f}",
        "Sunset": format_datetime(until, usegmt=True),
        "Link": _WRITTEN,
    }


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
