"""Faults: every refusal and every mishap becomes a page or an answer in words, never a traceback."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import (
    ConfigurationError,
    Conflict,
    ConnectorError,
    ExtractionError,
    GateClosed,
    NotAllowed,
    NotFound,
    ReturnRejected,
    ServiceError,
)
from tm_service.web.clearing_house import faults as clearing_house
from tm_service.web.headers import HEADERS, NOT_KEPT
from tm_service.web.render import page

_API = "/api/"
STATUS: Mapping[type[ServiceError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    GateClosed: HTTPStatus.CONFLICT,
    ReturnRejected: HTTPStatus.UNPROCESSABLE_ENTITY,
    ExtractionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConfigurationError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ConnectorError: HTTPStatus.BAD_GATEWAY,
}


def install(app: FastAPI) -> None:
    app.add_exception_handler(ServiceError, _refused)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(RequestValidationError, _unknown)
    app.add_exception_handler(Exception, _failed)


def fault(request: Request, status: int, *, sentence: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """What happened, as the asker reads it: a page, or under `/api` an answer; `sentence` is the service's own, in English."""
    if request.url.path.startswith(_API):
        return _answer(request, clearing_house.Details(HTTPStatus(status), sentence, headers=headers))
    return page(request, "fault.html", status=status, headers=headers, sentence=sentence)


def _answer(request: Request, said: clearing_house.Details) -> Response:
    """As the clearing-house API words a refusal, or as problem details (RFC 9457)."""
    if request.url.path.startswith(clearing_house.PLACES):
        return clearing_house.refusal(said.status, said.sentence, said.headers, **said.more)
    title = said.status.phrase
    problem = {"type": "about:blank", "title": title, "status": int(said.status)}
    content = json.dumps({**said.more, **problem, "detail": said.sentence or f"{title}."}, ensure_ascii=False)
    return Response(
        content.encode("utf-8", "replace"), said.status, said.headers, media_type="application/problem+json"
    )


def _refused(request: Request, error: Exception) -> Response:
    said = clearing_house.details(error) if isinstance(error, ServiceError) else None
    if said is not None and request.url.path.startswith(_API):
        return _answer(request, said)
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)
    return fault(request, status, sentence=str(error))


def _unknown(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return fault(request, error.status_code, headers=error.headers)
    asked = HTTPStatus.BAD_REQUEST if request.url.path.startswith("/api/") else HTTPStatus.NOT_FOUND
    return fault(request, asked)


def _failed(request: Request, _error: Exception) -> Response:
    # Answered outside every middleware of ours: the headers must come along.
    return fault(request, HTTPStatus.INTERNAL_SERVER_ERROR, headers=HEADERS | NOT_KEPT)
