"""Records API: a draft published in one call, what refers to what, and links by which a draft is read without an account."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.drafts import Reference, Share, Stage
from tm_service.domain.errors import NotAllowed
from tm_service.domain.findings import Severity
from tm_service.domain.records import RecordRef
from tm_service.web.api.kept_answers import KeptRoute
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import bad, told
from tm_service.web.clearing_house.seen import Seen, Sight, room_of, stamp
from tm_service.web.clearing_house.signing_in import SignedIn
from tm_service.web.json_answers import answered
from tm_service.web.record_rows import Rows
from tm_service.web.render import chosen, page
from tm_service.web.texts import SOURCE

_NOT_TOLD = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
_WEEK = 604_800  # seconds

router = APIRouter(include_in_schema=False, route_class=KeptRoute)
_PLACE = "/api/v1/records/{schema}/{identifier}"


@router.post(f"{_PLACE}/publish")
def publish(sight: Sight, by: SignedIn, schema: str, identifier: str, body: Body) -> Response:
    """Save a document as a draft, check it, and publish it, or ask for its publication where that takes another's approval.

    `{document?, why?}`; without a document the draft that is there is taken. The answer says who did it in which roles, what
    the check found, and what has become of it.
    """
    ref, why, room = RecordRef(schema, identifier), body.get("why") or "", sight.room
    if not isinstance(why, str):
        raise bad("why is a text.")
    document = body.get("document")
    if document is not None and not isinstance(document, Mapping):
        raise bad("document is an object.")
    if document is not None:
        room.save_draft(ref, document, based_on=None, by=by)
    else:
        sight.owned(ref)
    draft = room.draft(ref)
    findings = room.validate(schema, draft.document)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    publication: dict[str, Any] = {"stage": draft.stage.value}
    if not errors:
        publication = _publication(sight, ref, by, why)
    content = {
        "identifier": identifier,
        "schema": schema,
        "who": {"name": by.name, "government": by.government or None, "roles": sorted(by.roles)},
        "validation": {
            "errors": told(errors),
            "warnings": told([one for one in findings if one.severity is not Severity.ERROR]),
        },
        "publication": publication,
    }
    return answered(content, status=422 if errors else 200)


def _publication(sight: Seen, ref: RecordRef, by: SignedIn, why: str) -> dict[str, Any]:
    try:
        entry = sight.room.publish(ref, by=by, why=why)
    except NotAllowed as refusal:
        asked = sight.room.request(ref, by=by, why=why)
        return {"stage": asked.stage.value, "at": stamp(asked.at), "waitsFor": str(refusal)}
    return {"stage": Stage.PUBLISHED.value, "revision": entry.revision, "at": stamp(entry.modified)}


@router.get(f"{_PLACE}/references")
def references(sight: Sight, schema: str, identifier: str) -> Response:
    """What a published record names, and the published records that name it."""
    ref = RecordRef(schema, identifier)
    sight.room.published(ref)
    known = sight.room.envelope(ref)
    whole = sight.owns(schema, known.government, known.created_by)
    content = {
        "refersTo": [_reference(one) for one in sight.room.refers_to(ref, confidential=whole)],
        "referredBy": [_reference(one) for one in sight.room.referred_by(identifier)],
    }
    return answered(content)


def _reference(one: Reference) -> dict[str, Any]:
    return {
        "source": {"schema": one.source.kind, "identifier": one.source.identifier, "revision": one.revision},
        "field": ".".join(one.path),
        "identifier": one.identifier,
        "pinned": one.pinned or None,
        "schema": one.target.kind if one.target else None,
        "newest": one.newest or None,
        "standing": one.standing.value,
        "title": dict(one.title),
    }


@router.post(f"{_PLACE}/shares")
def share(request: Request, sight: Sight, by: SignedIn, schema: str, identifier: str, body: Body) -> Response:
    """A link to read the draft for `seconds` (a week), `uses` times (0: any number); its token is told this once."""
    seconds, uses = _whole(body, "seconds", _WEEK), _whole(body, "uses", 0)
    made = sight.room.share(RecordRef(schema, identifier), by=by, seconds=seconds, uses=uses)
    address = f"{str(request.base_url).rstrip('/')}/share/{made.token}"
    return answered(_share(made.share) | {"url": address}, status=201)


def _whole(body: Mapping[str, Any], name: str, usual: int) -> int:
    said = body.get(name, usual)
    if not isinstance(said, int) or isinstance(said, bool) or said < 0:
        raise bad(f"{name} is a whole number.")
    return said


@router.get(f"{_PLACE}/shares")
def shares(sight: Sight, by: SignedIn, schema: str, identifier: str) -> Response:
    found = sight.room.shares(RecordRef(schema, identifier), by=by)
    return answered({"shares": [_share(one) for one in found]})


@router.delete(f"{_PLACE}/shares/{{number:int}}")
def revoke(sight: Sight, by: SignedIn, schema: str, identifier: str, number: int) -> Response:
    sight.room.revoke(RecordRef(schema, identifier), number, by=by)
    return answered({"number": number, "revoked": True})


def _share(one: Share) -> dict[str, Any]:
    return {
        "number": one.number,
        "by": one.by,
        "at": stamp(one.at),
        "until": stamp(one.until),
        "uses": one.uses,
        "used": one.used,
        "revoked": one.revoked,
    }


@router.get("/share/{token}")
def shared(request: Request, token: str) -> Response:
    """A draft as it is now, for reading only; the link is told to nobody who is linked to."""
    room = room_of(request)
    draft = room.shared(token)
    schema, locale = room.schema(draft.ref.kind), chosen(request)
    rows = Rows(locale, SOURCE, room.cleaned).of(schema, draft.document)
    return page(request, "share.html", headers=_NOT_TOLD, schema=schema, found=rows, at=draft.at)
