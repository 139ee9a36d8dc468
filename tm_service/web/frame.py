"""Frame: what stands around every page: the places that whoever asks may go to, and where they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from tm_service.domain.permissions import Action

if TYPE_CHECKING:
    from tm_service.web.callers import Asker  # it answers refusals with pages, which have a frame


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the house: its name, which templates say in words; its address; what it takes to go there."""

    name: str
    address: str
    action: Action


DESKS = (
    Place("desk", "/desk", Action.TRANSLATE),
    Place("deployments", "/deployments", Action.SITES_READ),
    Place("register", "/register", Action.SITES_READ),
    Place("editor", "/editor", Action.ARTICLES_EDIT),
)
ROOMS = (
    Place("records", "/editor/records", Action.RECORDS_EDIT),
    Place("memory", "/memory", Action.MEMORY_READ),
    Place("terms", "/terms", Action.TERMS_READ),
    Place("clients", "/clients", Action.CLIENTS_REQUEST),
    Place("people", "/people", Action.ACCOUNTS_MANAGE),
    Place("audit", "/audit", Action.AUDIT_READ),
    Place("settings", "/settings", Action.SETTINGS_EDIT),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around a page: the desks and the other rooms that one may go to, and who is signed in, "" for nobody."""

    desks: tuple[Place, ...] = ()
    rooms: tuple[Place, ...] = ()
    name: str = ""


NOWHERE = Frame()  # what anybody may keep names nobody who is signed in


def frame_of(request: Request) -> Frame:
    """For whoever asks; nobody knows who asks where a request is refused before that is told."""
    asker: Asker | None = getattr(request.state, "asker", None)
    if asker is None:
        return NOWHERE
    reached = {place: asker.may_somewhere(place.action) for place in (*DESKS, *ROOMS)}
    name = asker.opened.person.name if asker.opened else ""
    return Frame(tuple(filter(reached.get, DESKS)), tuple(filter(reached.get, ROOMS)), name)
