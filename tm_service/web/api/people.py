"""People: who has an account and what they may do; invited, changed, deactivated, forgotten."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from locales import LANGUAGES
from tm_service import shapes
from tm_service.domain.people import Invitation, Person, PersonState
from tm_service.domain.permissions import Action, Grant, read_grant
from tm_service.domain.ports import PeopleRoom
from tm_service.shapes import documents, people_documents
from tm_service.web.api.examples import PERSON, PERSONAL_DATA
from tm_service.web.api.routes import (
    PREFIX,
    Body,
    Cursor,
    Moment,
    Most,
    Router,
    Seen,
    as_seen,
    as_sent,
    documented,
    paged,
    service_of,
    tagged,
    told,
)
from tm_service.web.callers import asker_of, needs

router = Router("people")
_MANAGES = needs(Action.ACCOUNTS_MANAGE)
_INVITED = PERSON | {
    "state": "invited",
    "token": "8m2V…",
    "second_factor": False,
    "until": "2026-11-29T09:30:00+00:00",
    "address": "https://translate.example.org/invitation?lang=ar#8m2V…",
}
Role = Annotated[str, Field(max_length=300)]
_Roles = Annotated[
    list[Role], Field(max_length=500, description="Such as `reviewer@demo/fr`, `reviewer/fr`, `developer`.")
]


def _room(request: Request) -> PeopleRoom:
    return service_of(request).people()


@router.get(
    "/people",
    dependencies=[_MANAGES],
    responses=documented("Everybody, by name.", {"people": [PERSON], "cursor": None}, people_documents.People),
)
def list_people(
    request: Request,
    email: Annotated[str, Query(max_length=320, description="Only who has this address.")] = "",
    state: Annotated[list[PersonState] | None, Query()] = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    room = _room(request)
    one = room.find(email) if email else None
    there = room.people() if not email else [one] if one else []
    page, following = paged(
        there, lambda person: person.id, cursor, most, lambda person: not state or person.state in state
    )
    return told({"people": [shapes.person(person) for person in page], "cursor": following or None})


class Inviting(Body):
    """Who is invited, and what they will hold."""

    email: str = Field(max_length=320)
    name: str = Field(max_length=200)
    language: str = Field("en", max_length=35)
    roles: _Roles = Field(default_factory=list)
    government: str = Field("", max_length=200, description="Whose records they work on.")
    expires: Moment | None = None


@router.post(
    "/people",
    status_code=201,
    dependencies=[_MANAGES],
    responses=documented(
        "The account and the token that sets its password, told this once.",
        _INVITED,
        people_documents.Invited,
        status=201,
    ),
)
def invite(request: Request, asked: Inviting) -> Response:
    """Make an account. Pass the address on by a way of its own: who has it chooses the password."""
    made = _room(request).invite(
        asked.email,
        asked.name,
        asked.language,
        _grants(request, asked.roles),
        by=asker_of(request).person.id,
        government=asked.government,
        expires=asked.expires,
    )
    return _invited(request, made)


def _grants(request: Request, roles: Sequence[str]) -> frozenset[Grant]:
    """Raises Refused for roles that are none, and for sites and locales that are not there."""
    with as_sent():
        return service_of(request).known_grants(map(read_grant, roles))


def _invited(request: Request, made: Invitation) -> Response:
    language = f"?lang={made.person.language}" if made.person.language in LANGUAGES else ""
    address = f"{request.base_url}invitation{language}#{made.token}"  # behind the # it reaches no server and no log
    document = shapes.person(made.person) | {"token": made.token, "until": made.until.isoformat(), "address": address}
    return told(document, status=201, headers={"Location": f"{PREFIX}/people/{made.person.id}"})


@router.get("/people/{person}", dependencies=[_MANAGES], responses=documented("A person.", PERSON, documents.Person))
def show_person(request: Request, person: str) -> Response:
    return tagged(request, shapes.person(_room(request).person(person)))


@router.post(
    "/people/{person}/invitation",
    status_code=201,
    dependencies=[_MANAGES],
    responses=documented(
        "The account and another token, told this once.", _INVITED, people_documents.Invited, status=201
    ),
)
def invite_again(request: Request, person: str) -> Response:
    """Another token, for who lost theirs or forgot the password."""
    return _invited(request, _room(request).invite_again(person))


class Describing(Body):
    """What a person is called, and the language they read."""

    name: str = Field(max_length=200)
    language: str = Field(max_length=35)


@router.put("/people/{person}", dependencies=[_MANAGES], responses=documented("The person.", PERSON, documents.Person))
def describe_person(request: Request, person: str, asked: Describing, seen: Seen = "") -> Response:
    made = _room(request).describe(person, name=asked.name, language=asked.language, seen=as_seen(seen, shapes.person))
    return _changed(request, made)


def _changed(request: Request, found: Person) -> Response:
    """The person after a change; the tag is the one to change them by again."""
    return tagged(request, shapes.person(found))


class Granting(Body):
    """What a person holds from now on, and nothing else; a government that is left out stays as it is."""

    roles: _Roles
    government: str | None = Field(None, max_length=200)


@router.put(
    "/people/{person}/grants", dependencies=[_MANAGES], responses=documented("The person.", PERSON, documents.Person)
)
def grant(request: Request, person: str, asked: Granting, seen: Seen = "") -> Response:
    """Give a person these roles; where that changes anything their sessions end."""
    by, grants = asker_of(request).person.id, _grants(request, asked.roles)
    held = as_seen(seen, shapes.person)
    return _changed(request, _room(request).set_grants(person, grants, by=by, government=asked.government, seen=held))


class Expiring(Body):
    """From when on an account is of no use; null for never."""

    expires: Moment | None


@router.put(
    "/people/{person}/expiry", dependencies=[_MANAGES], responses=documented("The person.", PERSON, documents.Person)
)
def set_expiry(request: Request, person: str, asked: Expiring, seen: Seen = "") -> Response:
    return _changed(request, _room(request).set_expiry(person, asked.expires, seen=as_seen(seen, shapes.person)))


@router.post(
    "/people/{person}/deactivation",
    dependencies=[_MANAGES],
    responses=documented("The person.", PERSON, documents.Person),
)
def deactivate(request: Request, person: str) -> Response:
    """End an account, its sessions and its invitation; it can be made active again."""
    return _changed(request, _room(request).deactivate(person))


@router.post(
    "/people/{person}/reactivation",
    dependencies=[_MANAGES],
    responses=documented("The person.", PERSON, documents.Person),
)
def reactivate(request: Request, person: str) -> Response:
    return _changed(request, _room(request).reactivate(person))


@router.delete(
    "/people/{person}/second-factor",
    dependencies=[_MANAGES],
    responses=documented("The person.", PERSON, documents.Person),
)
def reset_second_factor(request: Request, person: str) -> Response:
    """Take a second factor that was lost out of use; ends the person's sessions."""
    return _changed(request, _room(request).reset_totp(person))


@router.delete(
    "/people/{person}/identities",
    dependencies=[_MANAGES],
    responses=documented("The person.", PERSON, documents.Person),
)
def forget_identities(request: Request, person: str) -> Response:
    """Forget by which accounts elsewhere a person signs in; the address counts again the next time."""
    return _changed(request, _room(request).forget_identities(person))


@router.delete("/people/{person}/sessions", status_code=204, dependencies=[_MANAGES])
def end_sessions_of(request: Request, person: str) -> Response:
    """Sign a person out wherever they are signed in."""
    _room(request).end_sessions(person)
    return Response(status_code=204)


@router.get(
    "/people/{person}/data",
    dependencies=[_MANAGES],
    responses=documented("All that is kept of a person.", PERSONAL_DATA, people_documents.PersonalData),
)
def export_data(request: Request, person: str) -> Response:
    """Everything that is kept of a person, to be given to that person."""
    return told(_room(request).personal_data(person))


@router.post(
    "/people/{person}/erasure",
    dependencies=[_MANAGES],
    responses=documented(
        "What stands in history from now on.", {"pseudonym": "person-1f3b77ac"}, people_documents.Erased
    ),
)
def erase(request: Request, person: str) -> Response:
    """Forget a person for good; asked for twice it is done once."""
    return told({"pseudonym": _room(request).erase(person)})
