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
_SIGN_INS = frozenset({"/sign-in", "/invitation", "/api/v2013/authentication/token"})
_ELSEWHERE = "/sign-in/"  # signing in by a provider, who is asked meanwhile


class Pace:
    """Answers 429 to who asks too often; each process counts for itself. A token that is no good counts like any question.

    Says how much is left as `RateLimit` and `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers-10).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.get("state", {})
        if scope["type"] != "http" or "asker" not in state or not _is_paced(scope):
            await self.app(scope, receive, send)
            return
        app, request = state.get("refusal", self.app), Request(scope)
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

        await app(scope, receive, told)


def _is_paced(scope: Scope) -> bool:
    return "refusal" in scope["state"] or scope["path"].startswith(_API) or _is_sign_in(scope)


def _is_sign_in(scope: Scope) -> bool:
    path = scope["path"]
    posts = scope["method"] == "POST" and (path in _SIGN_INS or path.startswith(_SESSION))
    return posts or path.startswith(_ELSEWHERE)


def _measure(request: Request) -> tuple[str, int]:
    """Under which name requests are counted, and how many there may be."""
    asker, address = asker_of(request), address_of(request)
    if _is_sign_in(request.scope):
        return f"session {address}", SIGN_IN
    return (asker.name, KNOWN) if asker.name else (address, UNKNOWN)
