"""Seen: what of a document an asker may see: its owners all of it, everybody else what is published and not confidential."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import Depends
from starlette.requests import Request

from tm_service.domain.drafts import IN_WORKFLOW, DraftEntry, Envelope
from tm_service.domain.errors import Conflict, NotAllowed, NotFound
from tm_service.domain.ports import RecordRoom
from tm_service.domain.records import ARTICLE, Actor, Content, Record, RecordEntry, RecordRef
from tm_service.web.callers import NotSignedIn
from tm_service.web.clearing_house.faults import Answered
from tm_service.web.clearing_house.signing_in import Realm, Visitor, is_administrator

_EDITOR = "article-editor"
_TITLES = ("title", "name")


@dataclass(frozen=True)
class Seen:
    """The records room as one asker sees it; `by` is None for somebody unknown."""

    room: RecordRoom
    by: Actor | None
    realm: str

    def owns(self, kind: str, government: str, created_by: str = "") -> bool:
        """Whether a document is the asker's: their own, their government's, or they are an editor or administrator."""
        if self.by is None or is_administrator(self.by):
            return self.by is not None
        if kind == ARTICLE:
            return _EDITOR in self.by.roles
        theirs = self.by.government.strip().casefold()
        return bool(created_by and created_by == self.by.name) or bool(theirs and theirs == government.casefold())

    def owned(self, ref: RecordRef) -> Envelope:
        """The envelope of a document that is the asker's. Raises NotFound, NotAllowed."""
        found = self.room.envelope(ref)
        if not self.owns(ref.kind, found.government, found.created_by):
            raise NotAllowed(
                f"{ref.kind} {ref.identifier} is not yours: its drafts and its history are its owners' alone."
            )
        return found

    def shown(self, record: Record, *, whole: bool) -> Content:
        return record.document if whole else self.room.public(record.ref.kind, record.document)

    def document(self, record: Record) -> Content:
        """A published document, as far as the asker may see it; of a list, told by its content alone."""
        return self.shown(record, whole=self.owns_content(record))

    def owns_content(self, record: Record) -> bool:
        """Whether a published document is the asker's, told by the government it names."""
        return self.owns(record.ref.kind, government_of(record.document))

    def known(self) -> Actor:
        """Who asks. Raises Answered for somebody unknown."""
        if self.by is None:
            raise NotSignedIn("Sign in first; this takes a token.")
        return self.by

    def info(self, ref: RecordRef) -> dict[str, Any]:
        """The envelope as the API has it. Raises NotFound, also for what only its owners know of."""
        known = self.room.envelope(ref)
        owner = self.owns(ref.kind, known.government, known.created_by)
        record = next(self.room.read([ref]), None)
        if record is None and not (owner and known.draft):
            raise NotFound(f"There is no published document {ref.identifier}.")
        told = row(record.entry, self.realm) if record else _unpublished(ref, self.realm)
        told |= {"documentID": ref.identifier, "mediaType": "application/json", "charset": "utf-8"}
        told |= {
            "owner": f"country:{known.government}" if known.government else None,
            "createdOn": stamp(known.created),
        }
        if record:
            document = self.shown(record, whole=owner)
            told |= {
                "title": title_of(document),
                "size": len(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")),
            }
        if owner:
            told |= {"createdBy": known.created_by, "updatedBy": known.latest.by if known.latest else None}
            told |= working(known.draft, locked_by=known.lock.holder if known.lock else "")
        return told


def room_of(request: Request) -> RecordRoom:
    return cast("RecordRoom", request.app.state.service.records())


def seen(request: Request, by: Visitor, realm: Realm) -> Seen:
    return Seen(room_of(request), by, realm)


Sight = Annotated[Seen, Depends(seen)]


def row(entry: RecordEntry, realm: str) -> dict[str, Any]:
    """What a list says of a published document."""
    told = {"identifier": entry.ref.identifier, "type": entry.ref.kind, "revision": entry.revision}
    return told | {"realm": realm.upper(), "updatedOn": stamp(entry.modified)}


def _unpublished(ref: RecordRef, realm: str) -> dict[str, Any]:
    return {"identifier": ref.identifier, "type": ref.kind, "revision": 0, "realm": realm.upper(), "updatedOn": None}


def working(draft: DraftEntry | None, *, locked_by: str = "") -> dict[str, Any]:
    """What an envelope says of a draft; one in a workflow is locked as well."""
    if draft is None:
        return {}
    told = {
        "workingDocumentID": f"{draft.ref.identifier}@draft-{draft.number}",
        "workingDocumentUpdatedOn": stamp(draft.at),
        "workingDocumentUpdatedBy": draft.by,
        "workingDocumentTitle": dict(draft.title),
        "workingDocumentStage": draft.stage.value,
    }
    held = draft.stage in IN_WORKFLOW
    lock = {"lockedBy": {"workflow": True}} if held else {"lockedBy": locked_by} if locked_by else None
    return told | ({"workingDocumentLock": lock} if lock else {})


def stamp(at: datetime) -> str:
    """A moment as the API writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def title_of(document: Content) -> Mapping[str, Any]:
    found = next((document[name] for name in _TITLES if isinstance(document.get(name), Mapping)), {})
    return cast("Mapping[str, Any]", found)


def government_of(document: Content) -> str:
    """The government a document names."""
    said = document.get("government")
    named = said.get("identifier") if isinstance(said, Mapping) else said
    return named.strip() if isinstance(named, str) else ""


def tag(entry: RecordEntry) -> dict[str, str]:
    return {"ETag": f'"{entry.revision}"'}


def put(request: Request, room: RecordRoom, ref: RecordRef, document: Content, by: Actor, why: str = "") -> RecordEntry:
    """Publish, if what the client read is what there is still, where it says what that was (`If-Match`).

    What is posted, or sent with `If-None-Match: *`, is new. Raises Answered with 412 where it is not.
    """
    asked = request.headers.get("If-Match")
    is_new = request.method == "POST" or request.headers.get("If-None-Match") == "*"
    based_on = None
    if asked is not None or is_new:
        there = next(room.read([ref]), None)
        revision = there.entry.revision if there else 0
        wanted = {one.strip() for one in (asked or "").split(",")}
        matches = revision > 0 and ("*" in wanted or f'"{revision}"' in wanted)
        if not matches if asked is not None else revision > 0:
            raise _moved(ref, revision)
        based_on = revision
    try:
        return room.put(ref, document, based_on=based_on, by=by, why=why)
    except Conflict as error:
        if based_on is not None and type(error) is Conflict:
            raise _moved(ref, based_on) from error
        raise


def _moved(ref: RecordRef, revision: int) -> Answered:
    now = f"its revision is {revision}" if revision else "it is not published"
    return Answered(
        HTTPStatus.PRECONDITION_FAILED, f"{ref.kind} {ref.identifier} is not what you read: {now}; read it again."
    )
