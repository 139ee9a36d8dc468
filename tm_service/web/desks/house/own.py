"""Own: one's name and language, password, second factor and sessions, and all that is kept of oneself, on pages."""

import json
from dataclasses import replace
from typing import Annotated

import segno
from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import Refused
from tm_service.domain.people import Opened, Person
from tm_service.domain.ports import PeopleRoom
from tm_service.domain.waiting import Digest, Waiting
from tm_service.web.access import METHODS
from tm_service.web.api.routes import service_of
from tm_service.web.callers import asker_of, forget, remember
from tm_service.web.desks.forms import Text, see, tried
from tm_service.web.desks.register.counts import Counts
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)


def _room(request: Request) -> PeopleRoom:
    return service_of(request).people()


def _opened(request: Request) -> Opened:
    """Raises NotSignedIn, NotAllowed for a program."""
    asker = asker_of(request)
    asker.person  # noqa: B018 - raises for nobody and for programs
    if asker.opened is None:
        raise Refused("Sign in first.")
    return asker.opened


@router.api_route("/preferences", methods=[*METHODS])
def preferences(request: Request, said: str = "") -> Response:
    return _shown(request, said=said)


def _shown(request: Request, sentence: str = "", status: int = 200, said: str = "") -> Response:
    opened = _opened(request)
    return page(
        request,
        "house/preferences.html",
        here="preferences",
        status=status,
        person=opened.person,
        sessions=_room(request).sessions(opened.person.id),
        current=opened.session.id,
        digest=_room(request).digest(opened.person.id),
        digests=list(Digest),
        sentence=sentence,
        said=said,
    )


@router.post("/preferences/{deed}")
def change(
    request: Request,
    deed: str,
    name: Text = "",
    language: Text = "",
    old: Text = "",
    new: Text = "",
    again: Text = "",
    *,
    session: Text = "",
    digest: Text = "",
) -> Response:
    """What the forms of one's own page ask for."""
    room, opened = _room(request), _opened(request)
    mine = opened.person.id

    def act() -> Response:
        match deed:
            case "describe":
                room.describe(mine, name=name.strip(), language=language)
            case "password":
                if new != again:
                    raise Refused("The two new passwords are not the same; type them again.")
                return _again(request, room.change_password(opened.token, old, new), "password")
            case "digest" if digest in set(Digest):
                room.set_digest(mine, Digest(digest))
            case "sign-out":
                room.end_session(mine, session)
            case "sign-out-everywhere":
                room.end_sessions(mine)
                response = see("/sign-in", "")
                forget(request, response)
                return response
            case "second-factor-off":
                return _again(request, room.remove_totp(opened.token, old), deed)
            case _:
                raise Refused("There is no such change; go back to your page.")
        return see("/preferences", deed)

    return tried(act, lambda sentence, status: _shown(request, sentence, status))


def _again(request: Request, opened: Opened, said: str) -> Response:
    """On with the session's new token."""
    response = see("/preferences", said)
    remember(request, response, opened)
    return response


@router.api_route("/preferences/second-factor", methods=[*METHODS])
def show_second_factor(request: Request) -> Response:
    """What it is; a secret is made only by the button."""
    return page(request, "house/second_factor.html", here="preferences", person=_opened(request).person, uri="")


@router.post("/preferences/second-factor/enrolment")
def enrol(request: Request) -> Response:
    """A secret for a phone, as a picture and in letters."""
    opened = _opened(request)

    def act() -> Response:
        made = _room(request).enrol_totp(opened.token)
        return _enrolling(request, made.uri, made.secret)

    return tried(act, lambda sentence, status: _shown(request, sentence, status))


def _enrolling(request: Request, uri: str, secret: str, sentence: str = "", status: int = 200) -> Response:
    try:
        code = segno.make(uri, error="m")
    except ValueError as error:  # nothing that was ever shown here
        raise Refused("No second factor waits to be confirmed; enrol one.") from error
    picture = code.svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=False)
    return page(
        request,
        "house/second_factor.html",
        here="preferences",
        status=status,
        person=_opened(request).person,
        picture=Markup(picture),  # noqa: S704 - segno's own
        secret=secret,
        uri=uri,
        sentence=sentence,
    )


@router.post("/preferences/second-factor/confirmation")
def confirm(
    request: Request, code: Text = "", uri: Annotated[str, Form(max_length=1000)] = "", secret: Text = ""
) -> Response:
    """A code of the phone shows that it has the secret; the recovery codes are told this once."""
    opened = _opened(request)

    def act() -> Response:
        made = _room(request).confirm_totp(opened.token, code.strip())
        response = page(request, "house/recovery_codes.html", here="preferences", codes=made.codes)
        remember(request, response, made.opened)
        return response

    return tried(act, lambda sentence, status: _enrolling(request, uri, secret, sentence, status))


@router.api_route("/notifications", methods=[*METHODS])
def notifications(request: Request) -> Response:
    """What waits for whoever asks; the first page says the same, with the sites below it."""
    waiting = waiting_of(request, _opened(request).person)
    return page(request, "house/notifications.html", here="notifications", waiting=waiting, cards=[])


def waiting_of(request: Request, person: Person) -> list[Waiting]:
    """What waits for a person; alarms are counted once for each state of a site."""
    verbs = replace(service_of(request).waiting, alarms=lambda site: Counts(request, site).alarms)
    return verbs.of(person)


@router.api_route("/preferences/data", methods=[*METHODS])
def data(request: Request) -> Response:
    """All that is kept of whoever asks, as a file."""
    found = _room(request).personal_data(_opened(request).person.id)
    content = json.dumps(found, ensure_ascii=False, indent=1).encode()
    headers = {"Content-Disposition": 'attachment; filename="personal-data.json"'}
    return Response(content, media_type="application/json", headers=headers)
