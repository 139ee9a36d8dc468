"""Access: which hosts, methods and bodies are let in."""

from collections.abc import Iterable
from http import HTTPStatus

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from tm_service.web.faults import fault
from tm_service.web.headers import SecureHeaders

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
METHODS = ("GET", "HEAD")
LARGEST = 5_000_000  # bytes of a body
_API = "/api/"
_DIGITS = 20


def install(app: FastAPI, hosts: Iterable[str]) -> None:
    """The last one added sees a request first: headers stand on refusals too."""
    app.add_middleware(OnlyReading)
    # A page elsewhere must not reach this service through a name of its own that resolves to 127.0.0.1.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_HOSTS, *hosts], www_redirect=False)
    app.add_middleware(SecureHeaders)


class OnlyReading:
    """Answers 405 to every method that writes and 413 to every body: pages only read. The API takes bodies, in measure."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = _refusal(scope) if scope["type"] == "http" else None
        if status:
            headers = {"Allow": ", ".join(METHODS)} if status is HTTPStatus.METHOD_NOT_ALLOWED else None
            await fault(Request(scope), status, headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _refusal(scope: Scope) -> HTTPStatus | None:
    headers = Headers(scope=scope)
    if scope["path"].startswith(_API):
        length = headers.get("Content-Length", "0")
        small = length.isdecimal() and len(length) < _DIGITS and int(length) <= LARGEST
        return None if small else HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if scope["method"] not in METHODS:
        return HTTPStatus.METHOD_NOT_ALLOWED
    if headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in headers:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None
