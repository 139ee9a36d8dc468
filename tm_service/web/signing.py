"""Signing: the pages on which people sign in and out, and choose a password by an invitation."""

import json
import math
import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tm_service.domain.errors import Refused
from tm_service.domain.people import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    CodeNeeded,
    LockedOut,
    Opened,
    SignInRefused,
)
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, forget, remember, session_token
from tm_service.web.render import page
from tm_service.web.sealed import sealed, unsealed

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
Asked = Annotated[str, Query(alias="next")]
_Wanted = Annotated[str, Form(alias="next")]
# One slash at the beginning and no other beside it, for two name another host; and nothing that browsers leave out or turn.
_INSIDE = re.compile(r"/(?!/)(?:(?!//)[^\\\s])*")
_OURS = ("/sign-in", "/sign-out", "/invitation", "/api/", "/static/")  # nobody is led there
_LONGEST = 2000  # characters of an address
CAME_BY = "provider"  # a cookie that names who vouched for whoever was signed in last
_CODE, _GOOD_FOR = "second factor", timedelta(minutes=5)  # for which a password that was right waits for its code
_MINUTE = 60  # seconds
_NEEDS = {"WWW-Authenticate": "Bearer"}


def inside(wanted: str) -> str:
    """Where somebody wanted to go, if that is a page of this house, else the first page."""
    place = wanted.partition("#")[0]
    is_page = len(place) <= _LONGEST and place.isprintable() and _INSIDE.fullmatch(place.partition("?")[0])
    return place if is_page and "\\" not in place and not place.startswith(_OURS) else "/"


@router.api_route("/sign-in", methods=[*METHODS])
def show_sign_in(request: Request, wanted: Asked = "", done: str = "") -> Response:
    if asker_of(request).opened:
        return RedirectResponse(inside(wanted), HTTPStatus.SEE_OTHER)
    return sign_in_page(request, wanted, done=done, came_by=request.cookies.get(CAME_BY, ""))


def sign_in_page(
    request: Request,
    wanted: str,
    *problems: str,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    **content: object,
) -> Response:
    """The form, with what went wrong; `content` is what it says besides: `email`, `wait`, `sentence`, `done`, `came_by`."""
    usual: dict[str, object] = {"email": "", "wait": 0, "sentence": "", "done": "", "came_by": ""}
    return page(
        request,
        "sign_in.html",
        status=status,
        headers=headers,
        problems=problems,
        next=inside(wanted),
        providers=service_of(request).signing().providers(),
        **usual | content,
    )


def _code_page(request: Request, wanted: str, seal: str, *problems: str, status: HTTPStatus) -> Response:
    headers = _NEEDS if status is HTTPStatus.UNAUTHORIZED else None
    asked = {"problems": problems, "next": inside(wanted), "sealed": seal}
    return page(request, "second_factor.html", status=status, headers=headers, **asked)


@router.post("/sign-in")
def sign_in(
    request: Request, email: Text = "", password: Text = "", code: Text = "", seal: Text = "", wanted: _Wanted = ""
) -> Response:
    """First an address and its password; then, where a second factor is in use, its code.

    In between the password waits in the page, sealed: the people room takes both at once, so that neither is tried alone.
    """
    if seal:
        return _with_code(request, seal, code, wanted)
    missing = [name for name, said in (("email", email), ("password", password)) if not said.strip()]
    if missing:
        return sign_in_page(request, wanted, *missing, status=HTTPStatus.UNPROCESSABLE_ENTITY, email=email)
    try:
        opened = _opened(request, email, password)
    except CodeNeeded:
        kept = sealed(service_of(request), _CODE, json.dumps([email, password]))
        return _code_page(request, wanted, kept, status=HTTPStatus.OK)
    except LockedOut as error:
        return _locked(request, wanted, email, error)
    except SignInRefused:
        unknown = HTTPStatus.UNAUTHORIZED
        return sign_in_page(request, wanted, "wrong", status=unknown, headers=_NEEDS, email=email)
    return signed_in(request, opened, wanted)


def _with_code(request: Request, seal: str, code: str, wanted: str) -> Response:
    known = unsealed(service_of(request), _CODE, seal, _GOOD_FOR)
    if known is None:
        return sign_in_page(request, wanted, "late", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not code.strip():
        return _code_page(request, wanted, seal, "code", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    email, password = json.loads(known)
    try:
        opened = _opened(request, email, password, code)
    except LockedOut as error:
        return _locked(request, wanted, email, error)
    except SignInRefused:
        return _code_page(request, wanted, seal, "code-wrong", status=HTTPStatus.UNAUTHORIZED)
    return signed_in(request, opened, wanted)


def _opened(request: Request, email: str, password: str, code: str = "") -> Opened:
    return service_of(request).people().sign_in(email, password, code, previous=session_token(request))


def _locked(request: Request, wanted: str, email: str, error: LockedOut) -> Response:
    wait = max(1, math.ceil((error.until - service_of(request).clock()).total_seconds()))
    minutes = math.ceil(wait / _MINUTE) if wait > _MINUTE else 0
    return sign_in_page(
        request,
        wanted,
        "locked",
        status=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(wait)},
        email=email,
        wait=minutes or wait,
        in_minutes=bool(minutes),
    )


def signed_in(request: Request, opened: Opened, wanted: str) -> Response:
    """On to where they wanted to go, with the session's token."""
    response = RedirectResponse(inside(wanted), HTTPStatus.SEE_OTHER)
    remember(request, response, opened)
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Harmless where nobody is signed in."""
    service_of(request).people().sign_out(session_token(request))
    response = RedirectResponse("/sign-in?done=sign-out", HTTPStatus.SEE_OTHER)
    forget(request, response)
    return response


@router.api_route("/invitation", methods=[*METHODS])
def show_invitation(request: Request) -> Response:
    return _invitation_page(request)


def _invitation_page(request: Request, *problems: str, token: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    content: dict[str, Any] = {
        "problems": problems,
        "token": token,
        "least": SHORTEST_PASSWORD,
        "most": LONGEST_PASSWORD,
    }
    return page(request, "invitation.html", status=status, **content)


@router.post("/invitation")
def accept_invitation(request: Request, token: Text = "", password: Text = "", again: Text = "") -> Response:
    """Set the password; it signs nobody in."""
    problems = [*(["token"] if not token.strip() else []), *_flaws(password, again)]
    if problems:
        return _invitation_page(request, *problems, token=token)
    try:
        service_of(request).people().accept(token.strip(), password)
    except SignInRefused:
        return _invitation_page(request, "invitation", token=token)
    except Refused:
        return _invitation_page(request, "known", token=token)
    return RedirectResponse("/sign-in?done=invitation", HTTPStatus.SEE_OTHER)


def _flaws(password: str, again: str) -> list[str]:
    """What is wrong with a new password, as far as it can be told without knowing whose it is."""
    if len(password) < SHORTEST_PASSWORD or not password.strip():
        return ["short"]
    if len(password) > LONGEST_PASSWORD:
        return ["long"]
    return ["differ"] if password != again else []
