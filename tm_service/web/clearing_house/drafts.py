"""Drafts of the clearing-house API: read and saved by their owners, with their locks."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.drafts import IN_WORKFLOW, Draft, Lock
from tm_service.domain.errors import NotFound
from tm_service.domain.records import RecordRef
from tm_service.web.access import METHODS
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import Answered
from tm_service.web.clearing_house.seen import Seen, Sight, stamp
from tm_service.web.clearing_house.signing_in import SignedIn
from tm_service.web.json_answers import answered

_LOCKED_FOR = 300  # seconds

router = APIRouter(prefix="/api/v2013/documents/{identifier}/versions/draft", include_in_schema=False)


@router.api_route("", methods=[*METHODS])
def draft(sight: Sight, _by: SignedIn, identifier: str) -> Response:
    found = _draft(sight, identifier)
    return answered(found.document, _tag(found))


def _draft(sight: Seen, identifier: str) -> Draft:
    """Raises NotFound, NotAllowed."""
    ref = sight.room.find(identifier)
    sight.owned(ref)
    return sight.room.draft(ref)


def _tag(found: Draft) -> dict[str, str]:
    return {"ETag": f'"draft-{found.number}"'}


@router.put("")
def save(request: Request, sight: Sight, by: SignedIn, identifier: str, body: Body, schema: str = "") -> Response:
    """A save is merged with what others saved meanwhile; `If-Match` names the save that was read.

    The answer tells what it was merged into and what found no place in it.
    """
    ref = RecordRef(schema, identifier) if schema else sight.room.find(identifier)
    kept = sight.room.save_draft(ref, body, based_on=_based_on(request), by=by)
    told = _info(sight, kept.draft, None) | {"merged": kept.is_merged}
    if kept.is_merged or kept.clashes:
        told["body"] = kept.draft.document
        told["clashes"] = [
            {
                "number": one.number,
                "field": ".".join(one.path),
                "language": one.language,
                "theirs": one.theirs,
                "mine": one.mine,
            }
            for one in kept.clashes
        ]
    return answered(told, _tag(kept.draft))


def _based_on(request: Request) -> int | None:
    """The number of the save that a writer read; None where they do not say."""
    said = request.headers.get("If-Match", "").strip()
    if not said or said == "*":
        return None
    number = said.strip('"').removeprefix("draft-")
    if not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - no draft is saved that often
        raise Answered(HTTPStatus.PRECONDITION_FAILED, "If-Match names no save of this draft; read it again.")
    return int(number)


@router.delete("")
def discard(sight: Sight, by: SignedIn, identifier: str) -> Response:
    sight.room.discard(sight.room.find(identifier), by=by)
    return answered({"identifier": identifier})


@router.api_route("/info", methods=[*METHODS])
def info(sight: Sight, _by: SignedIn, identifier: str) -> Response:
    found = _draft(sight, identifier)
    return answered(_info(sight, found, sight.room.locked(found.ref)))


def _info(sight: Seen, found: Draft, lock: Lock | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "identifier": found.ref.identifier,
        "type": found.ref.kind,
        "revision": found.based_on,
        "realm": sight.realm.upper(),
        "workingDocumentID": f"{found.ref.identifier}@draft-{found.number}",
        "workingDocumentCreatedOn": stamp(found.created),
        "workingDocumentCreatedBy": found.created_by,
        "workingDocumentUpdatedOn": stamp(found.at),
        "workingDocumentUpdatedBy": found.by,
        "workingDocumentStage": found.stage.value,
    }
    if found.stage in IN_WORKFLOW:
        told["workingDocumentLock"] = {"lockedBy": {"workflow": True}}
    elif lock:
        told["workingDocumentLock"] = _lock(lock)
    return told


def _lock(lock: Lock) -> dict[str, Any]:
    return {"lockID": lock.id, "lockedBy": lock.holder, "lockedOn": stamp(lock.since), "expiration": stamp(lock.until)}


@router.api_route("/locks", methods=[*METHODS])
@router.api_route("/locks/{lock_id}", methods=[*METHODS])
def locks(sight: Sight, _by: SignedIn, identifier: str, lock_id: str = "") -> Response:
    ref = sight.room.find(identifier)
    sight.owned(ref)
    lock = sight.room.locked(ref)
    if not lock_id:
        return answered([_lock(lock)] if lock else [])
    if lock is None or lock.id != lock_id:
        raise NotFound(f"There is no lock {lock_id[:80]}.")
    return answered(_lock(lock))


@router.put("/locks")
@router.put("/locks/{lock_id}")
def take(sight: Sight, by: SignedIn, identifier: str, lock_id: str = "") -> Response:
    """Take the lock or hold on to it, for five minutes; the answer names it, whatever name the client gave it."""
    del lock_id
    return answered(_lock(sight.room.lock(sight.room.find(identifier), by=by, seconds=_LOCKED_FOR)))


@router.delete("/locks")
@router.delete("/locks/{lock_id}")
def let_go(sight: Sight, by: SignedIn, identifier: str, lock_id: str = "") -> Response:
    del lock_id
    sight.room.unlock(sight.room.find(identifier), by=by)
    return answered({"identifier": identifier})
