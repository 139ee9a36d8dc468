"""Entry: who may come to the desk of editors, and what each of its pages starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, cast
from urllib.parse import quote, urlencode

from fastapi import Depends
from starlette.requests import Request

from tm_service.domain.catalogue import Move
from tm_service.domain.permissions import Action
from tm_service.domain.records import ARTICLE, Actor, RecordRef
from tm_service.domain.units import Locale
from tm_service.editor_verbs import EditorVerbs, Sent, Working, editor_verbs
from tm_service.service import Service
from tm_service.usecases.filling import is_number
from tm_service.usecases.outlook import Outlook
from tm_service.web.callers import Asker, Needs, NotSignedIn, asker_of
from tm_service.web.clearing_house.signing_in import actor
from tm_service.web.site_views import views_of

ARTICLES, RECORDS = "/editor", "/editor/records"


class Writes(Needs):
    """Lets in who may write articles or, where the address names another schema, records; on a site of ours is enough."""

    async def __call__(self, request: Request) -> Asker:
        """Raises NotSignedIn, NotAllowed."""
        asker, action = asker_of(request), action_of(request.path_params.get("schema", ""), self.action)
        service = cast("Service", request.app.state.service)
        stores = [site.name for site in service.sites().values() if site.is_record_store]
        if not any(asker.may(action, name) for name in stores):
            asker.require(action)
        return asker


def action_of(schema: str, usual: Action = Action.ARTICLES_EDIT) -> Action:
    """What writing documents of a schema takes; `usual` where none is named."""
    if not schema:
        return usual
    return Action.ARTICLES_EDIT if schema == ARTICLE else Action.RECORDS_EDIT


def writes(action: Action = Action.ARTICLES_EDIT) -> Any:
    """A dependency; see Writes."""
    return Depends(Writes(action))


@dataclass(frozen=True)
class Desk:
    """The house as one editor has it before them."""

    request: Request
    service: Service
    by: Actor
    out: dict[str, Mapping[tuple[str, Locale], Sent]] = field(default_factory=dict)

    @cached_property
    def verbs(self) -> EditorVerbs:
        return editor_verbs(self.service)

    def language(self, ref: RecordRef) -> Locale:
        """The language that the address names or, where a document is not written in it, its source."""
        wanted, known = self.request.query_params.get("in", ""), self.verbs.languages(ref)
        return wanted if wanted in known else known[0]

    def open(self, ref: RecordRef) -> tuple[Working, frozenset[Move]]:
        """A document and what may be done with it. Raises NotFound, NotAllowed but for those who may see its drafts."""
        room = self.service.records()
        moves = room.moves(ref, by=self.by)
        if not moves:
            room.shares(ref, by=self.by)  # which refuses, in words, whoever may not write it
        return self.verbs.open(ref), moves

    def sent(self, site: str) -> Mapping[tuple[str, Locale], Sent]:
        """What translators have of a site, by path and language."""
        if site not in self.out:
            self.out[site] = views_of(self.request).of(self.service, site, "sent", lambda: self.verbs.sent(site))
        return self.out[site]

    def outlook(self, ref: RecordRef) -> Outlook | None:
        """What readers would get of a document as it stands; worked out again when it, or its site, has changed."""
        site = self.verbs.site_of(ref)
        if site is None:
            return None
        working = self.verbs.open(ref)
        marks = working.number, working.revision
        return views_of(self.request).of(
            self.service,
            site.name,
            f"outlook {ref.kind} {ref.identifier}",
            lambda: self.verbs.outlook(ref, working.document),
            *marks,
        )


def desk(request: Request) -> Desk:
    """Raises NotSignedIn: documents are written by somebody."""
    service = cast("Service", request.app.state.service)
    by = actor(service, asker_of(request))
    if by is None:
        raise NotSignedIn("Sign in first; documents are written by somebody.")
    return Desk(request, service, by)


AtDesk = Annotated[Desk, Depends(desk)]


def here(ref: RecordRef) -> str:
    """The entry of the menu that a document is found under."""
    return "editor" if ref.kind == ARTICLE else "records"


def number_of(said: str) -> int:
    """A number that a form or an address names; 0 for what is none."""
    return int(said) if is_number(said) else 0


def address_of(ref: RecordRef, language: Locale = "", part: str = "", **more: str) -> str:
    """Of the page of a document at this desk, or of a part of it."""
    place = f"/editor/{quote(ref.kind, safe='')}/{quote(ref.identifier, safe='')}{part}"
    query = urlencode(({"in": language} if language else {}) | more)
    return f"{place}?{query}" if query else place
