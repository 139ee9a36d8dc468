"""Articles of the clearing-house API: found by a filter, read, published whole, taken away."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.domain.records import ARTICLE, Record, RecordEntry, RecordRef
from tm_service.web.access import METHODS
from tm_service.web.clearing_house.bodies import Body
from tm_service.web.clearing_house.faults import bad
from tm_service.web.clearing_house.mongo import compiled, moment, ordered, projection, read_json
from tm_service.web.clearing_house.seen import Seen, Sight, put, stamp, tag
from tm_service.web.clearing_house.signing_in import SignedIn
from tm_service.web.json_answers import answered

_KEPT_BY_US = ("meta", "tagsInfo", "customTagsInfo")
_KNOWN_WITHOUT_READING = frozenset({"_id", "meta.modifiedOn", "meta"})
_MOST = 1_000  # articles of an answer
_USUAL = 100
_FEW = 100  # of which it is told who wrote them

router = APIRouter(prefix="/api/v2017/articles", include_in_schema=False)


@dataclass(frozen=True)
class Asked:
    """What is asked of the list: `q` filter, `f` fields, `s` order, `sk` skip, `l` limit, `c=1` count, `fo=1` the first."""

    query: Annotated[str, Query(alias="q")] = ""
    fields: Annotated[str, Query(alias="f")] = ""
    order: Annotated[str, Query(alias="s")] = ""
    skip: Annotated[str, Query(alias="sk")] = ""
    limit: Annotated[str, Query(alias="l")] = ""
    count: Annotated[str, Query(alias="c")] = ""
    first: Annotated[str, Query(alias="fo")] = ""


@router.api_route("", methods=[*METHODS])
def articles(sight: Sight, asked: Annotated[Asked, Depends()]) -> Response:
    query, fields, order = read_json("q", asked.query), read_json("f", asked.fields), read_json("s", asked.order)
    fits, cut = compiled(query), projection(fields)
    skip, limit = _number("sk", asked.skip, 0), min(_number("l", asked.limit, _USUAL), _MOST)
    found = [one for one in _candidates(sight, query, fields, order) if fits(one)]
    if asked.count not in ("", "0"):
        return answered({"count": len(found)})
    first = asked.first == "1"
    page = ordered(found, order)[skip : skip + (1 if first else limit)]
    told = [cut(one) for one in _signed(sight, page, fields)]
    if first and not told:
        raise NotFound("No article fits the filter.")
    return answered(told[0] if first else told)


def _candidates(
    sight: Seen, asked: Mapping[str, Any], fields: Mapping[str, Any], order: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The articles that could fit: read only where more of them is asked for than their list knows."""
    named = _named(asked)
    if named is not None:
        records = sorted(_read(sight, [RecordRef(ARTICLE, name) for name in named]), key=lambda one: one.entry.modified)
        return [_told(sight, record) for record in records]
    entries = [entry for entry in sight.room.entries(_since(asked)) if entry.ref.kind == ARTICLE]
    if fields and {*asked, *fields, *order} <= _KNOWN_WITHOUT_READING:
        return [{"_id": entry.ref.identifier, "meta": _meta(entry)} for entry in entries]
    at = {record.ref: record for record in _read(sight, [entry.ref for entry in entries])}
    return [_told(sight, at[entry.ref]) for entry in entries if entry.ref in at]


def _read(sight: Seen, refs: list[RecordRef]) -> list[Record]:
    return list(sight.room.read(refs))


def _since(asked: Mapping[str, Any]) -> Any:
    """The moment that a filter begins at; the room's list begins there as well."""
    wanted = asked.get("meta.modifiedOn")
    begin = wanted.get("$gte") if isinstance(wanted, Mapping) else None
    return moment(begin.get("$date")) if isinstance(begin, Mapping) else None


def _named(asked: Mapping[str, Any]) -> set[str] | None:
    """The identifiers a filter names; None where it names none."""
    wanted = asked.get("_id")
    if isinstance(wanted, str):
        return {wanted}
    if isinstance(wanted, Mapping) and set(wanted) == {"$oid"}:
        return {str(wanted["$oid"])}
    if isinstance(wanted, Mapping) and set(wanted) == {"$in"} and isinstance(wanted["$in"], list):
        return {str(one["$oid"] if isinstance(one, Mapping) and "$oid" in one else one) for one in wanted["$in"]}
    return None


def _told(sight: Seen, record: Record) -> dict[str, Any]:
    document = {name: value for name, value in sight.document(record).items() if name not in _KEPT_BY_US}
    return {**document, "_id": record.ref.identifier, "meta": _meta(record.entry)}


def _meta(entry: RecordEntry) -> dict[str, Any]:
    return {"modifiedOn": stamp(entry.modified)}


def _signed(sight: Seen, page: list[dict[str, Any]], fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Short lists say who wrote what, to those who may know."""
    if len(page) > _FEW or (fields and "meta" not in fields) or not sight.owns(ARTICLE, ""):
        return page
    return [{**one, "meta": {**one["meta"], **_authors(sight, RecordRef(ARTICLE, one["_id"]))}} for one in page]


def _authors(sight: Seen, ref: RecordRef) -> dict[str, Any]:
    known = sight.room.envelope(ref)
    told = {"createdOn": stamp(known.created), "createdBy": known.created_by}
    return told | ({"modifiedBy": known.latest.by} if known.latest else {})


def _number(name: str, written: str, usual: int) -> int:
    if not written:
        return usual
    if not written.isdecimal() or len(written) > 9:  # noqa: PLR2004 - nine digits are a number of anything here
        raise bad(f"The parameter {name} is no number.")
    return int(written)


@router.post("")
def create(request: Request, sight: Sight, by: SignedIn, body: Body) -> Response:
    given = body.get("_id")
    name = given if isinstance(given, str) and given else token_hex(12)
    return _put(request, sight, by, RecordRef(ARTICLE, name), body)


@router.api_route("/{identifier}", methods=[*METHODS])
def article(sight: Sight, identifier: str) -> Response:
    record = sight.room.published(RecordRef(ARTICLE, identifier))
    [told] = _signed(sight, [_told(sight, record)], {})
    return answered(told, tag(record.entry))


@router.put("/{identifier}")
def save(request: Request, sight: Sight, by: SignedIn, identifier: str, body: Body) -> Response:
    return _put(request, sight, by, RecordRef(ARTICLE, identifier), body)


def _put(request: Request, sight: Seen, by: SignedIn, ref: RecordRef, body: Mapping[str, Any]) -> Response:
    document = {name: value for name, value in body.items() if name not in _KEPT_BY_US} | {"_id": ref.identifier}
    entry = put(request, sight.room, ref, document, by)
    return answered({"id": ref.identifier}, tag(entry))


@router.delete("/{identifier}")
def remove(sight: Sight, by: SignedIn, identifier: str) -> Response:
    sight.room.delete(RecordRef(ARTICLE, identifier), by=by, why="Deleted")
    return answered({"id": identifier})
