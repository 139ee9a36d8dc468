"""Signing in to the clearing-house API: people by their sessions, programs by their tokens, as actors of the records room."""

from datetime import UTC
from typing import Annotated, cast

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from tm_service.actors import ROLES, actor_of
from tm_service.domain.permissions import Action
from tm_service.domain.records import Actor
from tm_service.service import Service
from tm_service.web.callers import Asker, NotSignedIn, asker_of
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import bad
from tm_service.web.json_answers import answered

REALMS = ("abs", "abs-dev", "bch", "bch-dev", "chm", "chm-dev", "ort", "ort-dev")

router = APIRouter(prefix="/api/v2013/authentication", include_in_schema=False)


def actor(service: Service, asker: Asker) -> Actor | None:
    """Who asks, as the records room knows them; None for somebody unknown.

    It counts what they may do in the whole house or on a site whose texts are in a record store. Programs write articles where
    they may, and no records: these are for people.
    """
    if asker.bearer:
        edits = asker.bearer.may(Action.ARTICLES_EDIT)
        return Actor(asker.name, roles=frozenset({ROLES[Action.ARTICLES_EDIT]} if edits else ()), is_program=True)
    if asker.opened is None:
        return None
    return actor_of(asker.opened.person, service.sites().values())


async def realm_of(request: Request) -> str:
    """The realm that is asked for by header or address. Raises Answered for an unknown one."""
    realm = request.headers.get("realm") or request.query_params.get("realm") or REALMS[0]
    if realm.casefold() not in REALMS:
        raise bad(f"There is no such realm; there are {', '.join(REALMS)}.")
    return realm.casefold()


Realm = Annotated[str, Depends(realm_of)]


def visitor(request: Request, _realm: Realm) -> Actor | None:
    """Who asks; None for somebody unknown. Raises Answered for a realm that is none."""
    return actor(cast("Service", request.app.state.service), asker_of(request))


Visitor = Annotated[Actor | None, Depends(visitor)]


async def signed_in(by: Visitor) -> Actor:
    """Who asks, somebody known. Raises NotSignedIn."""
    if by is None:
        raise NotSignedIn("Sign in first; this takes a token.")
    return by


SignedIn = Annotated[Actor, Depends(signed_in)]


@router.post("/token")
def token(request: Request, body: Body) -> Response:
    email, password, code = body.get("email"), body.get("password"), body.get("code", "")
    if not isinstance(email, str) or not isinstance(password, str) or not isinstance(code, str):
        raise bad("Send an e-mail address and a password, and the code of a second factor where one is in use.")
    opened = request.app.state.service.people().sign_in(email, password, code)
    end = opened.session.until.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return answered({"authenticationToken": opened.token, "expiration": end})


@router.get("/user")
def user(by: SignedIn) -> Response:
    """Who the token speaks for, as clients ask at their start."""
    return answered({"email": by.name, "government": by.government or None, "roles": sorted(by.roles)})


def is_administrator(by: Actor | None) -> bool:
    return by is not None and "administrator" in by.roles
