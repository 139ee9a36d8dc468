"""Clients: programs that people registered, their tokens, and how much they use."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.clients import Client, ClientState, IssuedToken, Usage
from tm_service.domain.errors import NotAllowed, NotFound, Refused
from tm_service.domain.permissions import Action
from tm_service.domain.ports import PeopleRoom
from tm_service.shapes import documents, people_documents
from tm_service.web.api.description import functions
from tm_service.web.api.routes import (
    PREFIX,
    Body,
    Cursor,
    Most,
    Router,
    Seen,
    as_seen,
    documented,
    paged,
    service_of,
    tagged,
    told,
)
from tm_service.web.callers import asker_of, needs

router = Router("clients")
_REQUESTS, _APPROVES = needs(Action.CLIENTS_REQUEST), needs(Action.CLIENTS_APPROVE)
_ID = "0f8fad5bd9cb469fa16570867728950e"
_CLIENT = {
    "client": _ID,
    "name": "release",
    "contact": "releases@example.org",
    "purpose": "Deploys what the main branch has.",
    "state": "approved",
    "scopes": ["deployments:make"],
    "pinned": ["deploy"],
    "why": "",
}
_TOKEN = {
    "token": "a1b2c3d4e5f6",
    "client": _ID,
    "scopes": ["deployments:make"],
    "issued": "2026-11-22T09:30:00+00:00",
    "until": "2027-02-20T09:30:00+00:00",
    "revoked": False,
    "replaced_by": None,
}
_USAGE = {"client": _ID, "function": "deploy", "day": "2026-11-22", "calls": 3}
_Scopes = Annotated[list[Action], Field(min_length=1, max_length=100)]
_Functions = Annotated[list[Annotated[str, Field(max_length=128)]], Field(max_length=500)]
_Why = Annotated[str, Field(max_length=4000, description="The reasons, for who requested it.")]
_Day = Annotated[date | None, Query(description="A day (UTC), such as 2026-11-22.")]


def _room(request: Request) -> PeopleRoom:
    return service_of(request).people()


def _own(request: Request, client: str, action: Action = Action.CLIENTS_APPROVE) -> Client:
    """A client, for the person who requested it and for who may do this with every client. Raises NotFound, NotAllowed."""
    found, asker = _room(request).client(client), asker_of(request)
    if found.requested_by != asker.person.id:
        asker.require(action)
    return found


def _registered(request: Request, client: str) -> Client:
    """A client, for who requested it: whoever else held its tokens could do what they may not. Raises NotFound, NotAllowed."""
    found = _own(request, client)
    if found.requested_by != asker_of(request).person.id:
        raise NotAllowed("Only who registered a program gets its tokens; revoke it, or ask them.")
    return found


@router.get(
    "/clients",
    dependencies=[_REQUESTS],
    responses=documented(
        "Yours; all for who approves.", {"clients": [_CLIENT], "cursor": None}, people_documents.Clients
    ),
)
def list_clients(
    request: Request,
    state: Annotated[list[ClientState] | None, Query()] = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    asker = asker_of(request)
    sees_all = asker.may(Action.CLIENTS_APPROVE)
    mine = [one for one in _room(request).clients() if sees_all or one.requested_by == asker.person.id]
    page, following = paged(mine, lambda one: one.id, cursor, most, lambda one: not state or one.state in state)
    return told({"clients": [shapes.client(one) for one in page], "cursor": following or None})


class Requesting(Body):
    """A program: whom to ask about it, what it is for, what it has to do, and which functions it relies on as they are."""

    name: str = Field(max_length=200)
    contact: str = Field(max_length=200, description="An e-mail address that is read.")
    purpose: str = Field(max_length=4000)
    scopes: _Scopes
    pinned: _Functions = Field(default_factory=list)


@router.post(
    "/clients",
    status_code=201,
    dependencies=[_REQUESTS],
    responses=documented("The client, requested.", _CLIENT | {"state": "requested"}, documents.Client, status=201),
)
def request_client(request: Request, asked: Requesting) -> Response:
    """Register a program; somebody else has to approve it."""
    _known(request, asked.pinned)
    by = asker_of(request).person.id
    made = _room(request).request_client(
        asked.name, asked.contact, asked.purpose, asked.scopes, by=by, pinned=asked.pinned
    )
    return told(shapes.client(made), status=201, headers={"Location": f"{PREFIX}/clients/{made.id}"})


def _known(request: Request, names: Collection[str]) -> None:
    """Raises Refused for what is no function of the interface."""
    there = {route.name for route in functions(request.app)}
    if unknown := sorted(set(names) - there):
        raise Refused(f"There is no function {unknown[0]}; the description of the interface names them by operationId.")


@router.get("/clients/{client}", dependencies=[_REQUESTS], responses=documented("A client.", _CLIENT, documents.Client))
def show_client(request: Request, client: str) -> Response:
    return tagged(request, shapes.client(_own(request, client)))


class Deciding(Body):
    """Why."""

    why: _Why = ""


class Rejecting(Body):
    """Why not."""

    why: _Why


@router.post(
    "/clients/{client}/approval",
    dependencies=[_APPROVES],
    responses=documented("The client.", _CLIENT, documents.Client),
)
def approve_client(request: Request, client: str, asked: Deciding) -> Response:
    """Let a program use the house; who requested it does not approve it."""
    return _decided(_room(request).approve_client(client, by=asker_of(request).person.id, why=asked.why))


@router.post(
    "/clients/{client}/rejection",
    dependencies=[_APPROVES],
    responses=documented("The client.", _CLIENT, documents.Client),
)
def reject_client(request: Request, client: str, asked: Rejecting) -> Response:
    return _decided(_room(request).reject_client(client, by=asker_of(request).person.id, why=asked.why))


@router.post(
    "/clients/{client}/revocation",
    dependencies=[_REQUESTS],
    responses=documented("The client.", _CLIENT, documents.Client),
)
def revoke_client(request: Request, client: str, asked: Deciding) -> Response:
    """End a program and its tokens for good; who requested it may, too."""
    found = _own(request, client)
    return _decided(_room(request).revoke_client(found.id, by=asker_of(request).person.id, why=asked.why))


def _decided(made: Client) -> Response:
    return told(shapes.client(made))


class Pinning(Body):
    """The functions that a program relies on as they are: these and no others."""

    functions: _Functions


@router.put(
    "/clients/{client}/pinned", dependencies=[_REQUESTS], responses=documented("The client.", _CLIENT, documents.Client)
)
def pin_functions(request: Request, client: str, asked: Pinning, seen: Seen = "") -> Response:
    """Say which functions a program relies on; its contact is told before they change."""
    found = _own(request, client)
    _known(request, asked.functions)
    made = _room(request).pin(found.id, asked.functions, seen=as_seen(seen, shapes.client))
    return tagged(request, shapes.client(made))


@router.get(
    "/clients/{client}/tokens",
    dependencies=[_REQUESTS],
    responses=documented(
        "The newest first, without their secrets.", {"tokens": [_TOKEN], "cursor": None}, people_documents.Tokens
    ),
)
def list_tokens(request: Request, client: str, cursor: Cursor = "", most: Most = 50) -> Response:
    found = _room(request).tokens(_own(request, client).id)
    page, following = paged(found, lambda one: one.prefix, cursor, most)
    return told({"tokens": [shapes.token(one) for one in page], "cursor": following or None})


class Issuing(Body):
    """What the token may do, and for how many days."""

    scopes: _Scopes
    days: int = Field(90, ge=1, le=366)


@router.post(
    "/clients/{client}/tokens",
    status_code=201,
    dependencies=[_REQUESTS],
    responses=documented(
        "The token, told this once.",
        _TOKEN | {"secret": "tms_a1b2c3d4e5f6_…"},
        people_documents.IssuedToken,
        status=201,
    ),
)
def issue_token(request: Request, client: str, asked: Issuing) -> Response:
    """Issue a token to who registered the program, who alone sees its secret."""
    found, by = _registered(request, client), asker_of(request).person.id
    return _issued(_room(request).issue_token(found.id, asked.scopes, by=by, lasts=timedelta(days=asked.days)))


def _issued(made: IssuedToken) -> Response:
    return told(shapes.issued_token(made), status=201)


class Rotating(Body):
    """For how many days the old token works beside the new one."""

    days: int = Field(7, ge=0, le=31)


@router.post(
    "/clients/{client}/tokens/{token}/rotation",
    status_code=201,
    dependencies=[_REQUESTS],
    responses=documented(
        "Its successor, told this once.",
        _TOKEN | {"secret": "tms_a1b2c3d4e5f6_…"},
        people_documents.IssuedToken,
        status=201,
    ),
)
def rotate_token(request: Request, client: str, token: str, asked: Rotating) -> Response:
    """Issue the successor of a token, for the same scopes and as long."""
    found, by = _registered(request, client), asker_of(request).person.id
    prefix = _token(request, found, token)
    return _issued(_room(request).rotate_token(prefix, by=by, overlap=timedelta(days=asked.days)))


def _token(request: Request, client: Client, token: str) -> str:
    """The beginning of a token that is this client's. Raises NotFound."""
    if token not in {one.prefix for one in _room(request).tokens(client.id)}:
        raise NotFound(f"The client {client.name} has no such token.")
    return token


@router.delete(
    "/clients/{client}/tokens/{token}",
    dependencies=[_REQUESTS],
    responses=documented("It.", _TOKEN, people_documents.Token),
)
def revoke_token(request: Request, client: str, token: str) -> Response:
    """End a token at once and for good."""
    found = _own(request, client)
    return told(shapes.token(_room(request).revoke_token(_token(request, found, token))))


@router.get(
    "/clients/{client}/usage",
    dependencies=[_REQUESTS],
    responses=documented("By function and day.", {"usage": [_USAGE], "cursor": None}, people_documents.Usage),
)
def show_client_usage(
    request: Request,
    client: str,
    function: Annotated[str, Query(max_length=128)] = "",
    since: _Day = None,
    until: _Day = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    """How often a program called which function, by day."""
    found = _own(request, client, Action.USAGE_READ)
    return _used(_room(request).usage(client=found.id, since=since, until=until), function, cursor, most)


@router.get(
    "/usage",
    dependencies=[needs(Action.USAGE_READ)],
    responses=documented("By client, function and day.", {"usage": [_USAGE], "cursor": None}, people_documents.Usage),
)
def show_usage(
    request: Request,
    function: Annotated[str, Query(max_length=128)] = "",
    since: _Day = None,
    until: _Day = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    """How often each program called which function, by day."""
    return _used(_room(request).usage(since=since, until=until), function, cursor, most)


def _used(usage: Collection[Usage], function: str, cursor: str, most: int) -> Response:
    page, following = paged(
        list(usage),
        lambda one: f"{one.day}/{one.client}/{one.function}",
        cursor,
        most,
        lambda one: function in ("", one.function),
    )
    return told({"usage": [shapes.usage(one) for one in page], "cursor": following or None})
