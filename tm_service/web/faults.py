"""Faults: every refusal and every mishap becomes a page or an answer in words, never a traceback."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tm_service.domain.errors import (
    ConfigurationError,
    Conflict,
    ConnectorError,
    ExtractionError,
    GateClosed,
    NotAllowed,
    NotFound,
    Refused,
    ReturnRejected,
    ServiceError,
    Unusable,
)
from tm_service.domain.people import LockedOut, SignInRefused
from tm_service.web.clearing_house import faults as clearing_house
from tm_service.web.headers import NOT_KEPT, secure
from tm_service.web.render import chosen, page
from tm_service.web.requests_seen import REQUEST_ID
from tm_service.web.texts import speech

_API = "/api/"
_MOST_ERRORS = 10  # told of one request
STATUS: Mapping[type[ServiceError], HTTPStatus] = {
    SignInRefused: HTTPStatus.UNAUTHORIZED,
    LockedOut: HTTPStatus.TOO_MANY_REQUESTS,
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    GateClosed: HTTPStatus.CONFLICT,
    ReturnRejected: HTTPStatus.UNPROCESSABLE_ENTITY,
    ExtractionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConfigurationError: HTTPStatus.INTERNAL_SERVER_ERROR,
    Unusable: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConnectorError: HTTPStatus.BAD_GATEWAY,
}
N_ = str  # marks what is translated
# What happened, and what to do.
_SAID: Mapping[int, tuple[str, str]] = {
    400: (N_("This is not understood"), N_("Look at what was sent and send it again.")),
    401: (N_("Nobody is signed in"), N_("Sign in and try again.")),
    403: (N_("This is not allowed"), N_("You may not do this.")),
    404: (N_("There is no such page"), N_("What you asked for does not exist, or not any more.")),
    405: (N_("This is only for reading"), N_("These pages show and download; they change nothing.")),
    409: (N_("Something moved meanwhile"), N_("Look again and retry.")),
    412: (N_("Something moved meanwhile"), N_("Look again and retry.")),
    413: (N_("This is too large"), N_("Send less at once.")),
    422: (N_("This cannot be done as it is"), N_("Put right what is said below and try again.")),
    428: (N_("This could overwrite what others wrote"), N_("Say which version you have seen.")),
    429: (N_("This was asked too often"), N_("Wait a little and try again.")),
    502: (N_("An outside system failed"), N_("Try again in a few minutes.")),
}
# As programs are told it, where that is not what a page says.
_TOLD: Mapping[int, tuple[str, str]] = {
    404: (N_("This is not there"), N_("What you asked for does not exist, or not any more.")),
    405: (N_("This takes another method"), N_("The description of the interface names it.")),
}
_FAILED = N_("Something went wrong here"), N_("Try again; if it stays so, tell whoever runs this service.")
_NEED = {"WWW-Authenticate": "Bearer"}


def install(app: FastAPI) -> None:
    app.add_exception_handler(ServiceError, refused)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(RequestValidationError, _unknown)
    app.add_exception_handler(Exception, _failed)


def fault(request: Request, status: int, *, sentence: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """What happened, as the asker reads it: a page, or under `/api` an answer; `sentence` is the service's own, in English."""
    if request.url.path.startswith(_API):
        return _answer(request, clearing_house.Details(HTTPStatus(status), sentence, headers=headers))
    head, advice = _said(chosen(request), status)
    return page(
        request,
        "fault.html",
        status=status,
        headers=headers,
        sentence=sentence,
        number=status,
        head=head,
        advice=advice,
    )


def too_large(most: int) -> str:
    return f"A body has at most {most:,} bytes here; send less." if most else "This takes no body."


def _said(locale: str, status: int, said: Mapping[int, tuple[str, str]] = _SAID) -> tuple[str, str]:
    """What happened and what to do, in a language of the interface."""
    told = speech(locale).translations
    head, advice = said.get(status, _FAILED)
    return told.gettext(head), told.gettext(advice)


def problem(request: Request, status: HTTPStatus, sentence: str, *, kind: str, **more: object) -> Response:
    """An answer of the interface about what went wrong elsewhere than in answering; `kind` is an error's name."""
    return _answer(request, clearing_house.Details(status, sentence, more), _named(kind))


def _answer(request: Request, said: clearing_house.Details, kind: str = "") -> Response:
    """As the clearing-house API words a refusal, or as problem details (RFC 9457)."""
    if request.url.path.startswith(clearing_house.PLACES):
        return clearing_house.refusal(said.status, said.sentence, said.headers, **said.more)
    locale = chosen(request)
    title, advice = _said(locale, said.status, {**_SAID, **_TOLD})
    named = f"urn:tm-service:problem:{kind}" if kind else "about:blank"
    problem = {"type": named, "title": title, "status": int(said.status), "advice": advice}
    content = json.dumps({**said.more, **problem, "detail": said.sentence or f"{title}."}, ensure_ascii=False)
    headers = {"Content-Language": locale, "Vary": "Accept-Language, Cookie", **(said.headers or {})}
    return Response(content.encode("utf-8", "replace"), said.status, headers, media_type="application/problem+json")


def refused(request: Request, error: Exception) -> Response:
    """A refusal of the house, as the asker reads it."""
    status = status_of(type(error))
    headers = _headers(error)
    if not request.url.path.startswith(_API):
        if status is HTTPStatus.UNAUTHORIZED and request.method == "GET":
            wanted = quote(f"{request.url.path}?{request.url.query}".rstrip("?"))
            return RedirectResponse(f"/sign-in?next={wanted}", HTTPStatus.SEE_OTHER)
        return fault(request, status, sentence=str(error), headers=headers)
    said = clearing_house.details(error) if isinstance(error, ServiceError) else None
    return _answer(
        request, said or clearing_house.Details(status, str(error), headers=headers), _named(type(error).__name__)
    )


def status_of(kind: type) -> HTTPStatus:
    """Of an error of this kind."""
    return next((STATUS[one] for one in kind.__mro__ if one in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def _headers(error: Exception) -> Mapping[str, str] | None:
    if isinstance(error, LockedOut):
        seconds = math.ceil((error.until - datetime.now(UTC)).total_seconds())
        return {"Retry-After": str(max(1, seconds))}
    return _NEED if isinstance(error, SignInRefused) else None


def _named(kind: str) -> str:
    """An error's name as programs tell it from others: `gate-closed`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()


def _unknown(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        most = request.scope.get(MAX_BODY_SIZE_SCOPE_KEY, 0)
        sentence = too_large(most) if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else ""
        return fault(request, error.status_code, sentence=sentence, headers=error.headers)
    if isinstance(error, RequestValidationError) and request.url.path.startswith(_API):
        return _answer(request, _malformed(error))
    return fault(request, HTTPStatus.NOT_FOUND)


def _malformed(error: RequestValidationError) -> clearing_house.Details:
    """What is wrong with a request and where; nothing that was sent is said again, it may be a secret."""
    errors = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()[:_MOST_ERRORS]]
    sentence = "; ".join(f"{one['where']}: {one['what']}" for one in errors)
    return clearing_house.Details(HTTPStatus.BAD_REQUEST, f"{sentence}.", {"errors": errors})


def _failed(request: Request, _error: Exception) -> Response:
    # Answered outside every middleware of ours: the headers must come along.
    named = {REQUEST_ID: getattr(request.state, "request_id", "")}
    https = request.app.state.operation.https
    return fault(request, HTTPStatus.INTERNAL_SERVER_ERROR, headers=secure(https=https) | NOT_KEPT | named)
