"""Documents of the clearing-house API: listed, read, checked, published at once, and their revisions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.drafts import RevisionInfo, Stage
from tm_service.domain.errors import NotFound
from tm_service.domain.findings import Severity
from tm_service.domain.records import ARTICLE, RecordEntry, RecordRef
from tm_service.web.access import METHODS
from tm_service.web.clearing_house import odata
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import bad, told
from tm_service.web.clearing_house.seen import Seen, Sight, put, row, stamp, tag, title_of, working
from tm_service.web.clearing_house.signing_in import SignedIn, is_administrator
from tm_service.web.json_answers import answered

_MOST = 1_000  # documents of an answer
_USUAL = 100
_LONGEST_WHY, _LONGEST_BATCH = 1_000, 100  # characters
_DRAFTS = "mydraft"

router = APIRouter(include_in_schema=False)
_PLACE = "/api/v2013/documents"


@router.api_route(_PLACE, methods=[*METHODS])
def documents(request: Request, sight: Sight) -> Response:
    """Envelopes; with `body=true` the documents in them. Lists longer than a hundred leave titles out."""
    asked = request.query_params
    wanted, collection = odata.compiled(asked.get("$filter", "")), asked.get("collection", "")
    rows = _drafts(sight) if collection == _DRAFTS else _published(sight, collection, wanted)
    found = odata.ordered([one for one in rows if wanted.fits(one)], asked.get("$orderby", ""))
    skip, top = _number(asked, "$skip", 0), min(_number(asked, "$top", _USUAL), _MOST)
    page = found[skip : skip + top]
    if collection != _DRAFTS and (top <= _USUAL or asked.get("body") == "true"):
        page = _enclosed(sight, page, with_body=asked.get("body") == "true")
    return answered({"Count": len(found), "Items": page})


def _number(asked: Mapping[str, str], name: str, usual: int) -> int:
    written = asked.get(name) or str(usual)
    if not written.isdecimal() or len(written) > 9:  # noqa: PLR2004 - nine digits are a number of anything here
        raise bad(f"The parameter {name} is no number.")
    return int(written)


def _published(sight: Seen, collection: str, wanted: odata.Filter) -> list[dict[str, Any]]:
    entries = [entry for entry in _entries(sight, wanted) if entry.ref.kind != ARTICLE]
    if collection == "my" and not is_administrator(sight.by):
        mine = {one.ref for one in sight.room.read([entry.ref for entry in entries]) if sight.owns_content(one)}
        entries = [entry for entry in entries if entry.ref in mine]
    return [row(entry, sight.realm) for entry in entries]


def _entries(sight: Seen, wanted: odata.Filter) -> Sequence[RecordEntry]:
    """What could fit, oldest change first. An identifier is of one document, so it is asked for as every kind."""
    if wanted.identifiers is None:
        return sight.room.entries(wanted.since)
    refs = [RecordRef(kind, name) for kind in sight.room.schemas() for name in sorted(wanted.identifiers)]
    return sorted((record.entry for record in sight.room.read(refs)), key=lambda entry: entry.modified)


def _drafts(sight: Seen) -> list[dict[str, Any]]:
    by = sight.known()
    return [
        {"identifier": one.ref.identifier, "type": one.ref.kind, "revision": one.based_on, "updatedOn": stamp(one.at)}
        | {"title": dict(one.title), "realm": sight.realm.upper()}
        | working(one, locked_by=one.locked_by)
        for one in sight.room.drafts(by)
        if one.ref.kind != ARTICLE
    ]


def _enclosed(sight: Seen, page: list[dict[str, Any]], *, with_body: bool) -> list[dict[str, Any]]:
    refs = [RecordRef(one["type"], one["identifier"]) for one in page]
    read = {record.ref: sight.document(record) for record in sight.room.read(refs)}
    return [
        one | {"title": title_of(read[ref])} | ({"body": read[ref]} if with_body else {})
        for one, ref in zip(page, refs, strict=True)
        if ref in read
    ]


@router.put(f"{_PLACE}/{{identifier}}/validate")
def validate(sight: Sight, _by: SignedIn, identifier: str, body: Body, schema: str = "") -> Response:
    """Everything that is wrong with a document; nothing is kept."""
    kind = schema or _schema_of(body) or sight.room.find(identifier).kind
    found = sight.room.validate(kind, body)
    errors = [one for one in found if one.severity is Severity.ERROR]
    warnings = [one for one in found if one.severity is not Severity.ERROR]
    return answered({"errors": told(errors), "warnings": told(warnings)})


def _schema_of(document: Mapping[str, Any]) -> str:
    header = document.get("header")
    named = header.get("schema") if isinstance(header, Mapping) else None
    return named if isinstance(named, str) else ""


@router.api_route(f"{_PLACE}/{{identifier}}", methods=[*METHODS])
def document(request: Request, sight: Sight, identifier: str) -> Response:
    """A document, or with `?info` its envelope; `uid@3` is its third revision."""
    name, _, number = identifier.partition("@")
    ref = _record(sight, name)
    if "info" in request.query_params:
        return answered(sight.info(ref))
    if number:
        return _revision(sight, ref, number)
    record = sight.room.published(ref)
    known = sight.room.envelope(ref)
    whole = sight.owns(ref.kind, known.government, known.created_by)
    return answered(sight.shown(record, whole=whole), tag(record.entry))


@router.api_route(f"{_PLACE}/{{identifier}}/info", methods=[*METHODS])
def info(sight: Sight, identifier: str) -> Response:
    return answered(sight.info(_record(sight, identifier)))


def _record(sight: Seen, identifier: str) -> RecordRef:
    """Raises NotFound, for an article as well: it has a place of its own."""
    ref = sight.room.find(identifier)
    if ref.kind == ARTICLE:
        raise NotFound(f"There is no document {identifier}.")
    return ref


@router.put(f"{_PLACE}/{{identifier}}")
def save(request: Request, sight: Sight, by: SignedIn, identifier: str, body: Body, schema: str = "") -> Response:
    kind = schema or _schema_of(body) or sight.room.find(identifier).kind
    return _put(request, sight, by, RecordRef(kind, identifier), body, "")


@router.delete(f"{_PLACE}/{{identifier}}")
def remove(sight: Sight, by: SignedIn, identifier: str) -> Response:
    ref = _record(sight, identifier)
    sight.room.delete(ref, by=by, why="Deleted")
    return answered({"identifier": identifier})


@router.api_route(f"{_PLACE}/{{identifier}}/versions", methods=[*METHODS])
def versions(sight: Sight, identifier: str) -> Response:
    ref = _record(sight, identifier)
    whole = _owner(sight, ref)
    found = [_version(one, sight.realm, whole=whole) for one in sight.room.revisions(ref)]
    return answered({"Count": len(found), "Items": found})


def _owner(sight: Seen, ref: RecordRef) -> bool:
    """Whether the asker owns it; others see the history of what is published now only. Raises NotFound."""
    known = sight.room.envelope(ref)
    owner = sight.owns(ref.kind, known.government, known.created_by)
    if not owner and (known.latest is None or known.latest.stage is not Stage.PUBLISHED):
        raise NotFound(f"There is no published document {ref.identifier}.")
    return owner


def _version(one: RevisionInfo, realm: str, *, whole: bool) -> dict[str, Any]:
    shown = {"identifier": one.ref.identifier, "type": one.ref.kind, "revision": one.number, "realm": realm.upper()}
    shown |= {"updatedOn": stamp(one.at), "stage": one.stage.value}
    return shown | ({"updatedBy": one.by, "why": one.why} if whole else {})


@router.api_route(f"{_PLACE}/{{identifier}}/versions/{{number:int}}", methods=[*METHODS])
def version(sight: Sight, identifier: str, number: int) -> Response:
    return _revision(sight, _record(sight, identifier), str(number))


@router.api_route(f"{_PLACE}/{{identifier}}/versions/{{number:int}}/info", methods=[*METHODS])
def version_info(sight: Sight, identifier: str, number: int) -> Response:
    ref = _record(sight, identifier)
    whole = _owner(sight, ref)
    return answered(_version(sight.room.revision(ref, _small(str(number))).info, sight.realm, whole=whole))


def _revision(sight: Seen, ref: RecordRef, number: str) -> Response:
    whole = _owner(sight, ref)
    found = sight.room.revision(ref, _small(number))
    shown = found.document if whole else sight.room.public(ref.kind, found.document)
    return answered(shown, {"ETag": f'"{found.info.number}"'})


def _small(number: str) -> int:
    if not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - no document has that many revisions
        raise NotFound(f"There is no revision {number[:40]}.")
    return int(number)


@router.post("/api/v2023/documents/schemas/{schema}")
def publish_new(request: Request, sight: Sight, by: SignedIn, schema: str, body: Body) -> Response:
    sent = _sent(body)
    header = sent.get("header")
    named = header.get("identifier") if isinstance(header, Mapping) else None
    identifier = named if isinstance(named, str) and named else str(uuid4()).upper()
    return _one_shot(request, sight, by, RecordRef(schema, identifier), body)


@router.put("/api/v2023/documents/schemas/{schema}/{identifier}")
def publish(request: Request, sight: Sight, by: SignedIn, schema: str, identifier: str, body: Body) -> Response:
    return _one_shot(request, sight, by, RecordRef(schema, identifier), body)


def _sent(body: Mapping[str, Any]) -> Mapping[str, Any]:
    sent = body.get("document")
    if not isinstance(sent, Mapping):
        raise bad("Send an object with the document in it: `{document, additionalInfo, batchId}`.")
    return sent


def _one_shot(request: Request, sight: Seen, by: SignedIn, ref: RecordRef, body: Mapping[str, Any]) -> Response:
    why, batch = body.get("additionalInfo") or "", body.get("batchId") or ""
    if not isinstance(why, str) or len(why) > _LONGEST_WHY:
        raise bad(f"additionalInfo is a text of {_LONGEST_WHY:,} characters at most.")
    if not isinstance(batch, str) or len(batch) > _LONGEST_BATCH:
        raise bad(f"batchId is a text of {_LONGEST_BATCH} characters at most.")
    return _put(request, sight, by, ref, _sent(body), f"{why} ({batch})".strip() if batch else why)


def _put(
    request: Request, sight: Seen, by: SignedIn, ref: RecordRef, document: Mapping[str, Any], why: str
) -> Response:
    if ref.kind == ARTICLE:
        raise bad("An article is saved at /api/v2017/articles.")
    entry = put(request, sight.room, ref, document, by, why)
    return answered(sight.info(ref), tag(entry))
