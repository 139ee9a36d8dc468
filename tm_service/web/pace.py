"""Pace: how often somebody may ask, told in every answer of the interface for programs, and how often try to sign in."""

import math
from http import HTTPStatus
from time import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tm_service.web.callers import address_of, asker_of
from tm_service.web.faults import fault

_MINUTE = 60  # seconds
KNOWN, UNKNOWN = 1_200, 600  # requests a minute, of somebody who is known and of an address that is not
SIGN_IN = 20  # of one address, on top of the patience with each account
_API, _SESSION = "/api/v1/", "/api/v1/session"
_FORMS = frozenset({"/sign-in", "/invitation"})


class Pace:
    """Answers 429 to who asks too often; each process counts for itself.

    Says how much is left as `RateLimit` and `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers-10).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.get("state", {})
        if scope["type"] != "http" or not _is_paced(scope) or "asker" not in state:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        name, most = _measure(request)
        allowed = RateLimitItemPerMinute(most)
        hit = self._limiter.hit(allowed, name)
        left = self._limiter.get_window_stats(allowed, name)
        seconds = max(1, math.ceil(left.reset_time - time()))
        said = {
            "RateLimit-Policy": f'"default";q={most};w={_MINUTE}',
            "RateLimit": f'"default";r={left.remaining};t={seconds}',
        }
        if not hit:
            sentence = f"You ask more than {most:,} times a minute; wait {seconds} seconds."
            refusal = fault(
                request,
                HTTPStatus.TOO_MANY_REQUESTS,
                sentence=sentence,
                headers=said | {"Retry-After": str(seconds)},
            )
            await refusal(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for key, value in said.items():
                    headers[key] = value
            await send(message)

        await self.app(scope, receive, told)


def _is_paced(scope: Scope) -> bool:
    path = scope["path"]
    return path.startswith(_API) or (scope["method"] == "POST" and path in _FORMS)


def _measure(request: Request) -> tuple[str, int]:
    """Under which name requests are counted, and how many there may be."""
    asker, address = asker_of(request), address_of(request)
    if request.method == "POST" and (request.url.path in _FORMS or request.url.path.startswith(_SESSION)):
        return f"session {address}", SIGN_IN
    return (asker.name, KNOWN) if asker.name else (address, UNKNOWN)
