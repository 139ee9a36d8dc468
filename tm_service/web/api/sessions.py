"""Sessions: a person signs in and out, sees who they are, and looks after password and second factor."""

from http import HTTPStatus

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.people import Opened
from tm_service.shapes import documents
from tm_service.web.api.routes import Body, Router, documented, service_of, told
from tm_service.web.callers import asker_of, forget, remember, session_token

router = Router("sessions")
_PERSON = {
    "person": "0f8fad5bd9cb469fa16570867728950e",
    "email": "amina@example.org",
    "name": "Amina Said",
    "language": "en",
    "government": "",
    "state": "active",
    "roles": ["reviewer@demo/fr"],
    "expires": None,
    "second_factor": True,
}


class SigningIn(Body):
    """An address and its password; the code where a second factor is in use."""

    email: str = Field(max_length=320)
    password: str = Field(max_length=1024)
    code: str = Field("", max_length=64, description="Six digits, or a recovery code.")


@router.post(
    "/session", status_code=201, responses=documented("Who is signed in.", _PERSON, documents.Person, status=201)
)
def sign_in(request: Request, asked: SigningIn) -> Response:
    """Begin a session: the browser gets a cookie, which ends with it."""
    people = service_of(request).people()
    opened = people.sign_in(asked.email, asked.password, asked.code, previous=session_token(request))
    return _opened(request, opened, HTTPStatus.CREATED)


def _opened(request: Request, opened: Opened, status: HTTPStatus = HTTPStatus.OK, **more: object) -> Response:
    """Who is signed in, and the session's new token as a cookie."""
    response = told(shapes.person(opened.person) | more, status=status)
    remember(request, response, opened)
    return response


@router.get("/session", responses=documented("Who is signed in.", _PERSON, documents.Person | documents.Client))
def show_session(request: Request) -> Response:
    """The person of the session, or the program whose token was shown."""
    asker = asker_of(request)
    if asker.bearer:
        return told(shapes.client(asker.bearer.client))
    return told(shapes.person(asker.person))


@router.delete("/session", status_code=204)
def sign_out(request: Request) -> Response:
    """End the session; harmless where there is none."""
    people = service_of(request).people()
    for token in {_token(request), session_token(request)}:  # with a cookie and a header there are two
        people.sign_out(token)
    response = Response(status_code=204)
    forget(request, response)
    return response


class Accepting(Body):
    """The token of an invitation, and the password that is chosen."""

    token: str = Field(max_length=200)
    password: str = Field(max_length=1024)


@router.post("/session/invitation", responses=documented("Who may sign in from now on.", _PERSON, documents.Person))
def accept_invitation(request: Request, asked: Accepting) -> Response:
    """Set the password by an invitation; signs nobody in."""
    return told(shapes.person(service_of(request).people().accept(asked.token.strip(), asked.password)))


class Changing(Body):
    """The password as it is, and as it shall be."""

    old: str = Field(max_length=1024)
    new: str = Field(max_length=1024)


@router.put(
    "/session/password",
    responses=documented("Who is signed in, their other sessions ended.", _PERSON, documents.Person),
)
def change_password(request: Request, asked: Changing) -> Response:
    """Choose another password; whoever else is signed in under this name is signed out."""
    asker_of(request).person  # noqa: B018 - raises for nobody and for programs
    return _opened(request, service_of(request).people().change_password(_token(request), asked.old, asked.new))


def _token(request: Request) -> str:
    """Of the session by which the asker is known, cookie or not."""
    opened = asker_of(request).opened
    return opened.token if opened else ""


@router.post(
    "/session/second-factor",
    status_code=201,
    responses=documented(
        "What the phone reads.",
        {"secret": "JBSWY3DPEHPK3PXP", "uri": "otpauth://totp/tm-service:amina%40example.org?secret=JBSWY3DPEHPK3PXP"},
        documents.Enrolled,
        status=201,
    ),
)
def enrol_second_factor(request: Request) -> Response:
    """A secret for a phone, to be confirmed by a code of it."""
    made = service_of(request).people().enrol_totp(_token(request))
    return told({"secret": made.secret, "uri": made.uri}, status=201)


class Confirming(Body):
    """A code that the phone shows."""

    code: str = Field(max_length=64)


@router.put(
    "/session/second-factor",
    responses=documented(
        "Who is signed in; recovery codes, told this once.",
        _PERSON | {"recovery_codes": ["k7qd-3mzp"]},
        documents.Confirmed,
    ),
)
def confirm_second_factor(request: Request, asked: Confirming) -> Response:
    """Show by a code that the phone has the secret; from now on it is asked for."""
    made = service_of(request).people().confirm_totp(_token(request), asked.code)
    return _opened(request, made.opened, recovery_codes=list(made.codes))


class Removing(Body):
    """The password, again."""

    password: str = Field(max_length=1024)


@router.delete("/session/second-factor", responses=documented("Who is signed in.", _PERSON, documents.Person))
def remove_second_factor(request: Request, asked: Removing) -> Response:
    """Sign in by the password alone again, where one's roles allow it."""
    return _opened(request, service_of(request).people().remove_totp(_token(request), asked.password))
