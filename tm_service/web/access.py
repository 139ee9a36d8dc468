"""Access: which hosts, methods and bodies are let in."""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from tm_service.web.callers import SCHEMES, Callers
from tm_service.web.faults import fault, too_large
from tm_service.web.headers import SecureHeaders
from tm_service.web.pace import Pace
from tm_service.web.requests_seen import RequestsSeen

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
METHODS = ("GET", "HEAD")
LARGEST = 5_000_000  # bytes of a body
LARGEST_FILE = 56_000_000  # of one that brings a file: what a return may weigh, and what is around it
LARGEST_FORM = 20_000
_API = "/api/"
FORMS = ("/sign-in", "/sign-out", "/invitation")  # pages that take one
# Places where people work: their forms may bring a long text.
DESKS = (
    "/desk",
    "/sites/",
    "/editor",
    "/memory",
    "/terms",
    "/people",
    "/clients",
    "/preferences",
)
_FILES = (
    "/api/v1/returns",
    "/api/v1/uploads",
    "/api/v1/memories/imports",
    "/api/v1/memories/analysis",
    "/api/v1/terms/imports",
    "/desk/returns",
    "/memory/import",
    "/terms/import",
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_DIGITS = 20


def install(app: FastAPI, hosts: Iterable[str]) -> None:
    """The last one added sees a request first: headers stand on refusals too."""
    app.add_middleware(Pace)
    app.add_middleware(Callers, service=app.state.service, uses=app.state.uses)
    app.add_middleware(InMeasure)
    app.add_middleware(SameOrigin)
    # A page elsewhere must not reach this service through a name of its own that resolves to 127.0.0.1.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_HOSTS, *hosts], www_redirect=False)
    app.add_middleware(SecureHeaders, https=app.state.operation.https)
    app.add_middleware(RequestsSeen, metrics=app.state.metrics)


class SameOrigin:
    """Answers 403 to what a page elsewhere makes a browser send that would change something here.

    Browsers say where a request comes from (Fetch Metadata; Origin, RFC 6454); who shows a token is no browser led astray.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_led_astray(scope):
            said = "A page of another site asked for this; go to the page of this service and ask there."
            await fault(Request(scope), HTTPStatus.FORBIDDEN, sentence=said)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _is_led_astray(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    scheme = headers.get("Authorization", "").partition(" ")[0].lower()
    if scope["method"] in _SAFE or scheme in SCHEMES:  # a browser sends others, such as Basic, by itself
        return False
    if site := headers.get("Sec-Fetch-Site", ""):
        return site not in ("same-origin", "none")
    origin = headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != headers.get("Host", "")


class InMeasure:
    """Answers 405 where a page is written to that only reads, and 413 to bodies larger than what takes them has use for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = _refusal(scope)
        if status:
            headers = {"Allow": ", ".join(METHODS)} if status is HTTPStatus.METHOD_NOT_ALLOWED else None
            sentence = too_large(_largest(scope)) if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE else ""
            await fault(Request(scope), status, sentence=sentence, headers=headers)(scope, receive, send)
        else:
            await RequestBodyLimitMiddleware(self.app, _largest(scope))(scope, receive, send)


def _refusal(scope: Scope) -> HTTPStatus | None:
    headers, most = Headers(scope=scope), _largest(scope)
    # It names nothing, and no database takes it.
    if scope["path"].startswith(_API) and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
        return HTTPStatus.BAD_REQUEST
    if not most:
        if scope["method"] not in METHODS:
            return HTTPStatus.METHOD_NOT_ALLOWED
        if "Transfer-Encoding" in headers:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    length = headers.get("Content-Length", "0")
    fits = length.isdecimal() and len(length) < _DIGITS and int(length) <= most
    return None if fits else HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def _largest(scope: Scope) -> int:
    """How many bytes the body of a request may have; pages that only read take none."""
    path: str = scope["path"]
    if scope["method"] in METHODS and not path.startswith(_API):
        return 0
    if path.startswith(_FILES):
        return LARGEST_FILE
    if path.startswith((_API, *DESKS)):
        return LARGEST
    return LARGEST_FORM if path in FORMS else 0
