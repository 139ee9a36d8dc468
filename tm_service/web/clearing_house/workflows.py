"""Workflows of the clearing-house API: publication is asked for, and granted or not; a document's workflow bears its name."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from tm_service.domain.drafts import Draft, Stage
from tm_service.domain.records import Actor, RecordRef
from tm_service.web.access import METHODS
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import bad
from tm_service.web.clearing_house.seen import Seen, Sight, stamp
from tm_service.web.clearing_house.signing_in import SignedIn
from tm_service.web.json_answers import answered

_PUBLISH = ("publishNationalRecord", "publishReferenceRecord")
_DELETE = "deleteRecord"
_APPROVE = ("approve", "approved", "publish")
_REJECT = ("reject", "rejected", "cancel")
_LONGEST = 1_000  # characters of a reason

router = APIRouter(prefix="/api/v2013/workflows", include_in_schema=False)


@router.post("")
def begin(sight: Sight, by: SignedIn, body: Body) -> Response:
    """Ask for publication or deletion; what takes nobody's approval is published at once."""
    kind, data = body.get("type"), body.get("data")
    name = data.get("identifier") if isinstance(data, Mapping) else None
    if kind not in (*_PUBLISH, _DELETE) or not isinstance(data, Mapping) or not isinstance(name, str):
        raise bad(f"Send a workflow of type {', '.join((*_PUBLISH, _DELETE))} with data.identifier.")
    ref, why = sight.room.find(name), _text(data.get("additionalInfo"))
    if kind == _DELETE:
        sight.room.delete(ref, by=by, why=why or "Deleted")
        return answered({"id": name, "type": kind, "state": "completed", "result": "approved"}, status=201)
    sight.owned(ref)
    if sight.room.schema(ref.kind).direct:
        sight.room.publish(ref, by=by, why=why)
        return answered({"id": name, "type": kind, "state": "completed", "result": "approved"}, status=201)
    return answered(_told(sight.room.request(ref, by=by, why=why)), status=201)


def _text(said: Any) -> str:
    found = said if isinstance(said, str) else ""
    if len(found) > _LONGEST:
        raise bad(f"A reason has {_LONGEST:,} characters at most.")
    return found


def _told(draft: Draft) -> dict[str, Any]:
    running = draft.stage in (Stage.REQUESTED, Stage.APPROVED)
    told: dict[str, Any] = {
        "id": draft.ref.identifier,
        "_id": draft.ref.identifier,
        "type": _PUBLISH[0],
        "version": "0.4",
        "state": "running" if running else "completed",
        "createdBy": draft.requested_by or draft.by,
        "updatedOn": stamp(draft.at),
        "data": {"identifier": draft.ref.identifier, "documentType": draft.ref.kind, "stage": draft.stage.value},
    }
    return told | {"activities": [{"name": "publishRecord", "type": "publishRecord"}] if running else []}


@router.api_route("/{identifier}", methods=[*METHODS])
def workflow(sight: Sight, _by: SignedIn, identifier: str) -> Response:
    ref = sight.room.find(identifier)
    sight.owned(ref)
    return answered(_told(sight.room.draft(ref)))


@router.put("/{identifier}/activities/{name}")
def complete(sight: Sight, by: SignedIn, identifier: str, name: str, body: Body) -> Response:
    """`{"action": "approve"}` approves and publishes, `{"action": "reject", "comment": "..."}` sends it back."""
    action, ref = body.get("action"), sight.room.find(identifier)
    why = _text(body.get("comment") or body.get("additionalInfo"))
    if action in _APPROVE:
        return answered(_published(sight, ref, by, why) | {"activity": name})
    if action in _REJECT:
        return answered(_told(sight.room.reject(ref, by=by, why=why)) | {"activity": name, "result": "rejected"})
    raise bad(f"The action is none of {', '.join((*_APPROVE, *_REJECT))}.")


def _published(sight: Seen, ref: RecordRef, by: Actor, why: str) -> dict[str, Any]:
    """One whose publication failed after it was approved is only published when it is approved again."""
    if sight.room.draft(ref).stage is not Stage.APPROVED:
        sight.room.approve(ref, by=by, why=why)
    entry = sight.room.publish(ref, by=by, why=why)
    return {"id": ref.identifier, "state": "completed", "result": "approved", "revision": entry.revision}


@router.delete("/{identifier}")
def withdraw(sight: Sight, by: SignedIn, identifier: str) -> Response:
    return answered(_told(sight.room.withdraw(sight.room.find(identifier), by=by)))
