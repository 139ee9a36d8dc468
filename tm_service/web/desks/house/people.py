"""People: who has an account, invited, given roles, kept out and let in again, on pages."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from locales import LANGUAGES
from tm_service.domain.errors import Conflict, Refused
from tm_service.domain.people import Invitation, Person, PersonState
from tm_service.domain.permissions import Action, Grant, Role, read_grant
from tm_service.domain.ports import PeopleRoom
from tm_service.web.access import METHODS
from tm_service.web.api.routes import as_sent, service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.forms import Text, see, tried
from tm_service.web.desks.house.letters import fit, folded
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)
_MANAGES = [needs(Action.ACCOUNTS_MANAGE)]
_AT_ONCE = 50  # rows of a page


def _room(request: Request) -> PeopleRoom:
    return service_of(request).people()


@router.api_route("/people", methods=[*METHODS], dependencies=_MANAGES)
def people(
    request: Request,
    q: Annotated[str, Query(max_length=320)] = "",
    state: PersonState | None = None,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Everybody by name, those whose name or address has these letters in it."""
    letters = folded(q.strip())
    found = [
        person
        for person in _room(request).people()
        if fit(letters, person.name, person.email) is not None and state in (None, person.state)
    ]
    shown = found[first : first + _AT_ONCE]
    following = first + _AT_ONCE if first + _AT_ONCE < len(found) else 0
    return page(
        request,
        "house/people.html",
        here="people",
        people=shown,
        q=q,
        state=state or "",
        total=len(found),
        following=following,
        states=list(PersonState),
    )


@router.api_route("/people/invitation", methods=[*METHODS], dependencies=_MANAGES)
def show_invitation(request: Request) -> Response:
    return _inviting(request)


def _inviting(request: Request, sentence: str = "", status: int = 200, **typed: str) -> Response:
    typed = {"email": "", "name": "", "language": "en", "role": "", **typed}
    return page(request, "house/invite.html", here="people", status=status, sentence=sentence, typed=typed)


@router.post("/people/invitation", dependencies=_MANAGES)
def invite(request: Request, email: Text = "", name: Text = "", language: Text = "en", role: Text = "") -> Response:
    def act() -> Response:
        if not email.strip() or not name.strip():
            raise Refused("An invitation needs an e-mail address and a name.")
        grants = _grants(request, role.split())
        made = _room(request).invite(email.strip(), name.strip(), language, grants, by=asker_of(request).person.id)
        return _invited(request, made)

    typed = {"email": email, "name": name, "language": language, "role": role}
    return tried(act, lambda sentence, status: _inviting(request, sentence, status, **typed))


def _grants(request: Request, said: list[str]) -> frozenset[Grant]:
    """Raises Refused for roles that are none, and for sites and locales that are not there."""
    with as_sent():
        return service_of(request).known_grants(map(read_grant, said))


def _invited(request: Request, made: Invitation) -> Response:
    """The address that sets the password, shown this once: whoever has it chooses."""
    language = f"?lang={made.person.language}" if made.person.language in LANGUAGES else ""
    address = f"{request.base_url}invitation{language}#{made.token}"
    return page(request, "house/invited.html", here="people", person=made.person, until=made.until, address=address)


@router.api_route("/people/{person}", methods=[*METHODS], dependencies=_MANAGES)
def person(request: Request, person: str, said: str = "") -> Response:
    return _shown(request, _room(request).person(person), said=said)


def _shown(request: Request, person: Person, sentence: str = "", status: int = 200, said: str = "") -> Response:
    service = service_of(request)
    sites = service.sites()
    return page(
        request,
        "house/person.html",
        here="people",
        status=status,
        person=person,
        grants=sorted(person.grants),
        sessions=_room(request).sessions(person.id),
        sites=list(sites),
        locales=sorted({locale for site in sites.values() for locale in site.locales}),
        roles=list(Role),
        sentence=sentence,
        said=said,
    )


@router.post("/people/{person}/{deed}", dependencies=_MANAGES)
def change(
    request: Request,
    person: str,
    deed: str,
    role: Text = "",
    site: Text = "",
    locale: Text = "",
    name: Text = "",
    language: Text = "",
) -> Response:
    """What the forms of a person's page ask for."""
    room, by = _room(request), asker_of(request).person.id
    found = room.person(person)

    def act() -> Response:
        match deed:
            case "invitation":
                return _invited(request, room.invite_again(person))
            case "grant":
                wanted = f"{role}{site and f'@{site}'}{locale and f'/{locale}'}"
                room.set_grants(person, found.grants | _grants(request, [wanted]), by=by, seen=_held(found))
            case "withdraw":
                rest = frozenset(one for one in found.grants if str(one) != role)
                room.set_grants(person, rest, by=by, seen=_held(found))
            case "describe":
                room.describe(person, name=name.strip(), language=language)
            case "deactivate":
                room.deactivate(person)
            case "reactivate":
                room.reactivate(person)
            case "second-factor":
                room.reset_totp(person)
            case "sign-out":
                room.end_sessions(person)
            case _:
                raise Refused("There is no such change; go back to the page of the person.")
        return see(f"/people/{person}", deed)

    return tried(act, lambda sentence, status: _shown(request, found, sentence, status))


def _held(found: Person) -> Callable[[Person], None]:
    """What refuses to change roles that are not those that were found."""

    def look(known: Person) -> None:
        if known.grants != found.grants:
            raise Conflict("Somebody else has changed these roles; look again.")

    return look
