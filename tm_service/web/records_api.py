"""Records API: a draft published in one call, what refers to what, and links by which a draft is read."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.drafts import Reference, Share, Stage
from tm_service.domain.errors import NotAllowed
from tm_service.domain.findings import Severity
from tm_service.domain.records import RecordRef
from tm_service.shapes import article_documents as documents
from tm_service.web.api.routes import Number, Router, documented
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import bad, told
from tm_service.web.clearing_house.seen import Seen, Sight, stamp
from tm_service.web.clearing_house.signing_in import SignedIn
from tm_service.web.json_answers import answered

_WEEK = 604_800  # seconds

router = Router("records")
_PLACE = "/records/{schema}/{identifier}"
_PUBLISHED = {
    "identifier": "permit-000001",
    "schema": "absPermit",
    "who": {"name": "amina@example.org", "government": "ke", "roles": ["publishing-authority"]},
    "validation": {"errors": [], "warnings": []},
    "publication": {"stage": "published", "revision": 2, "at": "2026-11-22T09:30:00.000Z"},
}
_WRONG = _PUBLISHED | {
    "validation": {
        "errors": [
            {
                "code": "mandatory",
                "severity": "error",
                "property": "title",
                "message": "The field title is missing; fill it in.",
            }
        ],
        "warnings": [],
    },
    "publication": {"stage": "draft"},
}
_REFERENCE = {
    "source": {"schema": "absPermit", "identifier": "permit-000001", "revision": 2},
    "field": "authority",
    "identifier": "authority-000001",
    "pinned": None,
    "schema": "authority",
    "newest": 4,
    "standing": "current",
    "title": {"en": "The seed bank"},
}
_SHARE = {
    "number": 1,
    "by": "amina@example.org",
    "at": "2026-11-22T09:30:00.000Z",
    "until": "2026-11-29T09:30:00.000Z",
    "uses": 0,
    "used": 0,
    "revoked": False,
}
_KNOWN: dict[str, Any] = {"security": [{"client": []}, {"session": []}]}


def _takes(**properties: object) -> dict[str, Any]:
    """A body, and that somebody has to be signed in, for the description."""
    schema = {"type": "object", "properties": properties}
    content = {"application/json": {"schema": schema}}
    return _KNOWN | {"requestBody": {"required": True, "content": content}}


_WHOLE = {"type": "integer", "minimum": 0}


@router.post(
    f"{_PLACE}/publish",
    openapi_extra=_takes(document={"type": "object"}, why={"type": "string"}),
    responses=documented("It is published, or its publication is asked for.", _PUBLISHED, documents.Published)
    | documented("The draft is kept, and is not published.", _WRONG, documents.Published, status=422),
)
def publish_record(sight: Sight, by: SignedIn, schema: str, identifier: str, body: Body) -> Response:
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


@router.get(
    f"{_PLACE}/references",
    responses=documented(
        "What it names, and what names it.", {"refersTo": [_REFERENCE], "referredBy": []}, documents.References
    ),
)
def list_references(sight: Sight, schema: str, identifier: str) -> Response:
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


@router.post(
    f"{_PLACE}/shares",
    status_code=201,
    openapi_extra=_takes(seconds=_WHOLE, uses=_WHOLE),
    responses=documented(
        "The link, told this once.",
        _SHARE | {"url": "http://localhost/share/6e1f"},
        documents.Shared,
        status=201,
    ),
)
def share_draft(request: Request, sight: Sight, by: SignedIn, schema: str, identifier: str, body: Body) -> Response:
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


@router.get(
    f"{_PLACE}/shares",
    openapi_extra=_KNOWN,
    responses=documented("All that were made, without their addresses.", {"shares": [_SHARE]}, documents.Shares),
)
def list_shares(sight: Sight, by: SignedIn, schema: str, identifier: str) -> Response:
    """The links by which a draft may be read."""
    found = sight.room.shares(RecordRef(schema, identifier), by=by)
    return answered({"shares": [_share(one) for one in found]})


@router.delete(
    f"{_PLACE}/shares/{{number}}",
    openapi_extra=_KNOWN,
    responses=documented("It leads nowhere any more.", {"number": 1, "revoked": True}, documents.Revoked),
)
def revoke_share(sight: Sight, by: SignedIn, schema: str, identifier: str, number: Number) -> Response:
    """Take a link back."""
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
