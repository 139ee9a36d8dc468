"""Faults: every refusal and every mishap becomes a page in words, never a traceback."""

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
from tm_service.web.headers import HEADERS, NOT_KEPT
from tm_service.web.render import page

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


def fault_page(
    request: Request, status: int, *, sentence: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """A page that says what happened; `sentence` is the service's own, in English."""
    return page(request, "fault.html", status=status, headers=headers, sentence=sentence)


def _refused(request: Request, error: Exception) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)
    return fault_page(request, status, sentence=str(error))


def _unknown(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return fault_page(request, error.status_code, headers=error.headers)
    return fault_page(request, HTTPStatus.NOT_FOUND)


def _failed(request: Request, _error: Exception) -> Response:
    # Answered outside every middleware of ours: the headers must come along.
    return fault_page(request, HTTPStatus.INTERNAL_SERVER_ERROR, headers=HEADERS | NOT_KEPT)
