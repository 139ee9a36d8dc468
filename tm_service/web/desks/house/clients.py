"""Clients: programs that people register, approved by somebody else, their tokens and how much they use, on pages."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.clients import Client, ClientState, IssuedToken
from tm_service.domain.errors import NotAllowed, NotFound, Refused
from tm_service.domain.permissions import OF_PEOPLE, Action
from tm_service.domain.ports import PeopleRoom
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.forms import Several, Text, see, tried
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)
_REQUESTS = [needs(Action.CLIENTS_REQUEST)]
_LASTS, _OVERLAP = timedelta(days=90), timedelta(days=7)
_SHOWN = 60  # rows of usage
SCOPES = tuple(action for action in Action if action not in OF_PEOPLE)


def _room(request: Request) -> PeopleRoom:
    return service_of(request).people()


def _seen(request: Request, client: str) -> Client:
    """Raises NotFound, NotAllowed, NotSignedIn."""
    found, asker = _room(request).client(client), asker_of(request)
    if found.requested_by != asker.person.id:
        asker.require(Action.CLIENTS_APPROVE)
    return found


@router.api_route("/clients", methods=[*METHODS], dependencies=_REQUESTS)
def clients(request: Request) -> Response:
    """One's own; all for who approves, those that wait for an answer first."""
    asker = asker_of(request)
    own, sees_all = asker.person.id, asker.may(Action.CLIENTS_APPROVE)
    found = [one for one in _room(request).clients() if sees_all or one.requested_by == own]
    found.sort(key=lambda one: (one.state is not ClientState.REQUESTED, one.name.casefold()))
    return page(request, "house/clients.html", here="clients", clients=found)


@router.api_route("/clients/request", methods=[*METHODS], dependencies=_REQUESTS)
def show_request(request: Request) -> Response:
    asker_of(request).person  # noqa: B018 - raises NotSignedIn
    return _requesting(request)


def _requesting(request: Request, sentence: str = "", status: int = 200, **typed: object) -> Response:
    typed = {"name": "", "contact": "", "purpose": "", "scopes": [], **typed}
    return page(
        request,
        "house/client_request.html",
        here="clients",
        status=status,
        sentence=sentence,
        typed=typed,
        scopes=SCOPES,
    )


@router.post("/clients/request", dependencies=_REQUESTS)
def request_client(
    request: Request, scopes: Several, name: Text = "", contact: Text = "", purpose: Text = ""
) -> Response:
    def act() -> Response:
        wanted = [Action(scope) for scope in scopes if scope in set(SCOPES)]
        if not name.strip() or not contact.strip() or not wanted:
            raise Refused("A program needs a name, an address that is read, and at least one thing that it may do.")
        by = asker_of(request).person.id
        made = _room(request).request_client(name.strip(), contact.strip(), purpose.strip(), wanted, by=by, pinned=())
        return see(f"/clients/{made.id}", "requested")

    typed = {"name": name, "contact": contact, "purpose": purpose, "scopes": scopes}
    return tried(act, lambda sentence, status: _requesting(request, sentence, status, **typed))


@router.api_route("/clients/{client}", methods=[*METHODS], dependencies=_REQUESTS)
def client(request: Request, client: str, said: str = "") -> Response:
    return _shown(request, _seen(request, client), said=said)


def _shown(request: Request, found: Client, sentence: str = "", status: int = 200, said: str = "") -> Response:
    room, asker = _room(request), asker_of(request)
    now, mine = service_of(request).clock(), found.requested_by == asker.person.id
    usage = room.usage(client=found.id, since=(now - timedelta(days=30)).date())
    return page(
        request,
        "house/client.html",
        here="clients",
        status=status,
        client=found,
        tokens=[(token, token.is_good(now)) for token in room.tokens(found.id)],
        usage=sorted(usage, key=lambda one: (one.day, one.function), reverse=True)[:_SHOWN],
        mine=mine,
        decides=not mine and asker.may(Action.CLIENTS_APPROVE),
        sentence=sentence,
        said=said,
    )


def _issued(request: Request, found: Client, made: IssuedToken) -> Response:
    return page(request, "house/token.html", here="clients", client=found, token=made.token, secret=made.secret)


@router.post("/clients/{client}/{deed}", dependencies=_REQUESTS)
def change(
    request: Request, client: str, deed: str, why: Text = "", token: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """What the forms of a program's page ask for."""
    room, asker, found = _room(request), asker_of(request), _seen(request, client)
    by = asker.person.id

    def act() -> Response:
        match deed:
            case "approve" | "reject":
                asker.require(Action.CLIENTS_APPROVE)
                (room.approve_client if deed == "approve" else room.reject_client)(client, by=by, why=why)
            case "revoke":
                room.revoke_client(client, by=by, why=why)
            case "token":
                _registrant(found, by)
                return _issued(request, found, room.issue_token(client, found.scopes, by=by, lasts=_LASTS))
            case "rotate":
                _registrant(found, by)
                return _issued(request, found, room.rotate_token(_its(room, found, token), by=by, overlap=_OVERLAP))
            case "withdraw":
                room.revoke_token(_its(room, found, token))
            case _:
                raise Refused("There is no such change; go back to the page of the program.")
        return see(f"/clients/{client}", deed)

    return tried(act, lambda sentence, status: _shown(request, found, sentence, status))


def _registrant(found: Client, by: str) -> None:
    """Raises NotAllowed: whoever else held its tokens could do what they may not."""
    if found.requested_by != by:
        raise NotAllowed("Only who registered a program gets its tokens; revoke it, or ask them.")


def _its(room: PeopleRoom, found: Client, token: str) -> str:
    """Raises NotFound."""
    if token not in {one.prefix for one in room.tokens(found.id)}:
        raise NotFound(f"The program {found.name} has no such token.")
    return token
