"""Elsewhere: people sign in by a provider that vouches for them, come back, and sign out there, too."""

import json
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tm_service.domain.errors import ServiceError
from tm_service.domain.openid import read_pending
from tm_service.domain.people import SignInRefused
from tm_service.web.api.routes import service_of
from tm_service.web.callers import session_token
from tm_service.web.faults import refused
from tm_service.web.sealed import sealed, unsealed
from tm_service.web.signing import CAME_BY, Asked, inside, sign_in_page, signed_in

router = APIRouter(include_in_schema=False)
_PURPOSE, _GOOD_FOR = "openid", timedelta(minutes=10)


def _cookie(request: Request) -> str:
    return "__Host-openid" if request.url.scheme == "https" else "openid"


@router.get("/sign-in/{provider}")
def begin(request: Request, provider: str, wanted: Asked = "") -> Response:
    """To the provider; what has to be known again when its answer comes goes with the browser, sealed."""
    house = service_of(request)
    begun = house.signing().begin(provider)
    response = RedirectResponse(begun.address, HTTPStatus.SEE_OTHER)
    response.set_cookie(
        _cookie(request),
        sealed(house, _PURPOSE, json.dumps([begun.pending.written(), inside(wanted)])),
        max_age=int(_GOOD_FOR.total_seconds()),
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",  # the answer comes by a link of another site
        path="/",
    )
    return response


@router.get("/sign-in/{provider}/return")
def finish(request: Request, provider: str) -> Response:
    """Back from the provider; the seal is taken away, whatever comes of it."""
    response = _finished(request, provider)
    secure = request.url.scheme == "https"
    response.delete_cookie(_cookie(request), httponly=True, secure=secure, samesite="lax", path="/")
    return response


def _finished(request: Request, provider: str) -> Response:
    house, wanted = service_of(request), ""
    known = unsealed(house, _PURPOSE, request.cookies.get(_cookie(request), ""), _GOOD_FOR)
    try:
        written, wanted = json.loads(known) if known else ("", "")
        answer = dict(request.query_params)
        opened = house.signing().finish(provider, read_pending(written), answer, previous=session_token(request))
    except SignInRefused as error:
        status, headers = HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"}
        return sign_in_page(request, wanted, "elsewhere", status=status, headers=headers, sentence=str(error))
    except ServiceError as error:
        return refused(request, error)
    response = signed_in(request, opened, wanted)
    secure = request.url.scheme == "https"
    response.set_cookie(CAME_BY, provider, httponly=True, secure=secure, samesite="lax", path="/")
    return response


@router.get("/sign-out/{provider}")
def leave(request: Request, provider: str) -> Response:
    """To where one signs out at the provider, whose session would sign the next one in who sits here."""
    place = service_of(request).signing().leave(provider)
    response = RedirectResponse(place or "/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(CAME_BY, path="/")
    return response
