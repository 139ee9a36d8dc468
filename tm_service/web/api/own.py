"""Own: what a person sees of what is kept of them, and where they are signed in."""

from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.shapes import people_documents
from tm_service.web.api.examples import PERSONAL_DATA
from tm_service.web.api.routes import Router, documented, service_of, tagged, told
from tm_service.web.callers import asker_of, forget

router = Router("sessions")
_SESSION = {
    "session": "7c9e6679f7d14a15a0c2d93f4f1c8e7d",
    "since": "2026-11-22T08:00:00+00:00",
    "seen": "2026-11-22T09:20:00+00:00",
    "until": "2026-11-22T20:00:00+00:00",
    "current": True,
}


@router.get(
    "/session/data",
    responses=documented("All that is kept of you.", PERSONAL_DATA, people_documents.PersonalData),
)
def export_own_data(request: Request) -> Response:
    """Everything that is kept of you; of secrets only that there is one."""
    return told(service_of(request).people().personal_data(asker_of(request).person.id))


@router.get(
    "/session/sessions", responses=documented("The newest first.", {"sessions": [_SESSION]}, people_documents.Sessions)
)
def list_sessions(request: Request) -> Response:
    """Where you are signed in."""
    person, current = asker_of(request).person, _current(request)
    found = service_of(request).people().sessions(person.id)
    return tagged(request, {"sessions": [shapes.session(one) | {"current": one.id == current} for one in found]})


def _current(request: Request) -> str:
    """The session by which the asker is known."""
    opened = asker_of(request).opened
    return opened.session.id if opened else ""


@router.delete("/session/sessions/{session}", status_code=204)
def end_session(request: Request, session: str) -> Response:
    """End one of your sessions; harmless where it has ended."""
    service_of(request).people().end_session(asker_of(request).person.id, session)
    return _left(request, session == _current(request))


@router.delete("/session/sessions", status_code=204)
def end_sessions(request: Request) -> Response:
    """Sign out wherever you are signed in, here too."""
    service_of(request).people().end_sessions(asker_of(request).person.id)
    return _left(request, here=True)


def _left(request: Request, here: bool) -> Response:  # noqa: FBT001
    response = Response(status_code=204)
    if here:
        forget(request, response)
    return response
