"""Writing: the page on which a document is written in one language, and what it saves, by a form or by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import nh3
from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.articles import path_of
from tm_service.domain.catalogue import Move
from tm_service.domain.drafts import Clash
from tm_service.domain.errors import NotFound, ServiceError
from tm_service.domain.records import FieldKind, RecordRef, Schema
from tm_service.domain.units import Key, Locale, key_text, parse_key
from tm_service.editor_verbs import Sent, Working, Written, sign
from tm_service.usecases.filling import at as value_at
from tm_service.usecases.filling import definition, is_number
from tm_service.usecases.reconcile import Reconciled
from tm_service.web.access import METHODS
from tm_service.web.desks.editor.choosing import Choices
from tm_service.web.desks.editor.entry import AtDesk, Desk, address_of, here, number_of, writes
from tm_service.web.desks.editor.fields import (
    PREFIX,
    Form,
    Shown,
    is_rearranged,
    languages_of,
    read,
    shown_changes,
    told,
)
from tm_service.web.desks.forms import see
from tm_service.web.faults import status_of
from tm_service.web.headers import HEADERS
from tm_service.web.json_answers import answered
from tm_service.web.reading import words
from tm_service.web.record_rows import spoken
from tm_service.web.render import chosen, page

DETAILS = "details"  # in place of a language: the fields that are in none
# What is written may show pictures from where its writers put them, as it does to readers.
_PICTURES = {"Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("img-src", "img-src https:")}
_MOST_FIELDS = 2000
_SEARCH = "q:"  # begins the name of what is searched for, for a field
_LONGEST_SEARCH = 200  # characters
_ON_TO = {"preview": "/preview", "picture": "/picture"}  # where a save leads that is not looked at first
_FOUND = 12  # documents that a search for references shows

router = APIRouter(include_in_schema=False)
_PLACE = "/editor/{schema}/{identifier}"


@dataclass(frozen=True)
class Again:
    """What a form that comes back shows: what was typed, what could not be read, and the sentence that says why."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    status: HTTPStatus = HTTPStatus.OK
    link: str = ""  # of a share, which is told this once


@dataclass(frozen=True)
class ShownClash:
    """A value that two people changed: both wordings side by side where it is text."""

    clash: Clash
    title: str
    language: Locale
    sides: Reconciled | None
    sign: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A text that others changed and that was merged in: what was sent and what stands there now."""

    title: str
    language: Locale
    before: str
    now: str


@router.api_route(_PLACE, methods=[*METHODS], dependencies=[writes()])
def write(at: AtDesk, schema: str, identifier: str) -> Response:
    return shown(at, RecordRef(schema, identifier), Again())


def shown(at: Desk, ref: RecordRef, again: Again) -> Response:
    """The page as it is now. Raises NotFound, NotAllowed."""
    verbs, query = at.verbs, at.request.query_params
    (working, moves), room = at.open(ref), at.service.records()
    languages = verbs.languages(ref)
    wanted = query.get("in", "")
    language = "" if wanted == DETAILS else at.language(ref)
    outlook, locale = at.outlook(ref), chosen(at.request)
    form = Form(
        working.schema,
        working.document,
        language,
        languages[0],
        locale,
        working.findings,
        outlook,
        again.typed,
        again.wrong,
        Choices(room, locale, languages[0], query.get("look", ""), query.get("q", "")[:_LONGEST_SEARCH]),
    )
    known = working.envelope.draft.title if working.envelope.draft else working.envelope.title
    named, title = spoken(known, locale, languages[0])
    fields = form.fields()
    lock = working.envelope.lock
    tab = language or DETAILS
    return page(
        at.request,
        "editor/write.html",
        status=again.status,
        headers=_PICTURES,
        here=here(ref),
        working=working,
        title=title or ref.identifier,
        title_language=named or languages[0],
        languages_here=languages,
        language=language,
        tab=tab,
        source=languages[0],
        fields=fields,
        others=_elsewhere(languages, working, fields, locale),
        outlook=outlook,
        sent=_sent(at, ref, languages),
        moves=moves,
        may_write=Move.WRITE in moves,
        lock=lock,
        is_kept_out=lock is not None and lock.holder != at.by.name,
        me=at.by.name,
        beside=verbs.beside(ref, by=at.by) if working.draft else [],
        clashes=[_clash(at, working, one) for one in (working.draft.clashes if working.draft else ())],
        merged_changes=_merged(at, working),
        shares=_shares(at, ref, working, moves),
        again=again,
        said=query.get("said", ""),
        found=_search(at, query.get("find", "")[:_LONGEST_SEARCH]),
        find=query.get("find", ""),
        words=words,
        allowed=room.rich_text(),
        clean=lambda html: Markup(_nameless(room.cleaned(html), room.rich_text())),  # noqa: S704 - sanitised
        place=address_of(ref),
        address=lambda part="", **more: address_of(ref, tab, part, **more),
        address_in=lambda code: address_of(ref, code),
    )


def _nameless(html: str, allowed: Mapping[str, Sequence[str]]) -> str:
    """HTML that gives none of its elements a name, which could be one of the page's own."""
    attributes = {name: set(known) - {"id"} for name, known in allowed.items()}
    return nh3.clean(html, tags=set(allowed), attributes=attributes, link_rel=None)


def _sent(at: Desk, ref: RecordRef, languages: tuple[Locale, ...]) -> dict[Locale, Sent]:
    site = at.verbs.site_of(ref)
    if site is None:
        return {}
    out, path = at.sent(site.name), path_of(ref)
    return {code: out[path, code] for code in languages if (path, code) in out}


def _elsewhere(
    languages: tuple[Locale, ...], working: Working, fields: Sequence[Shown], locale: Locale
) -> list[tuple[str, str]]:
    """Problems of fields that this tab does not show, with the tab that does."""
    said = {message for one in _flat(fields) for message in one.problems}
    found = []
    for one in working.findings:
        if (sentence := told(one, locale)) not in said:
            tab = next((name for name in parse_key(one.path)[::-1] if name in languages), DETAILS)
            found.append((tab, sentence))
    return found


def _flat(fields: Sequence[Shown]) -> Iterator[Shown]:
    for one in fields:
        yield one
        yield from _flat(one.fields)


def _title_of(working: Working, path: Key) -> str:
    one = next((one for one in working.schema.fields if path and one.name == path[0]), None)
    return (one.title or one.name) if one else key_text(path)


def _clash(at: Desk, working: Working, one: Clash) -> ShownClash:
    sides = at.verbs.sides(one)
    return ShownClash(one, _title_of(working, one.path), one.language, sides, sign(one), one.mine_by == at.by.name)


def _merged(at: Desk, working: Working) -> list[Change]:
    """What a save of mine was merged with, where the address names one."""
    number = number_of(at.request.query_params.get("merged", ""))
    if working.draft is None or not number:
        return []
    try:
        sent = at.service.records().saved(working.ref, number, as_sent=True)
    except NotFound:
        return []
    waiting = {one.place for one in working.draft.clashes}
    changes = []
    for path in at.verbs.differing(working.document, sent):
        before, now = value_at(sent, path), value_at(working.document, path)
        if path not in waiting and isinstance(now, str):
            changes.append(Change(_title_of(working, path), path[-1], words(str(before or "")), words(now)))
    return changes


def _shares(at: Desk, ref: RecordRef, working: Working, moves: frozenset[Move]) -> list[Any]:
    if working.draft is None or not moves & {Move.WRITE, Move.REQUEST, Move.WITHDRAW}:
        return []
    now = at.service.clock()
    try:
        return [one for one in at.service.records().shares(ref, by=at.by) if not one.revoked and one.until > now]
    except ServiceError:
        return []


def _search(at: Desk, text: str) -> list[Any]:
    """Documents by title, to be referred to."""
    return list(at.verbs.find(text, most=_FOUND)) if text.strip() else []


async def _form(request: Request) -> dict[str, str]:
    """What a form brought, by name; what was chosen of several as lines, of anything else that stands there twice the last."""
    sent = await request.form(max_fields=_MOST_FIELDS, max_files=0, max_part_size=4_000_000)
    found: dict[str, str] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str):
            chosen = [one for one in (found.get(name, ""), value) if one] if name.startswith(PREFIX) else [value]
            found[name] = "\n".join(chosen)
    return found


@router.post(_PLACE, dependencies=[writes()])
async def save(at: AtDesk, schema: str, identifier: str) -> Response:
    """By a form: back to the page, which says what became of it; by itself, where it wants JSON: what became of it."""
    sent = await _form(at.request)
    ref = RecordRef(schema, identifier)
    act = _saved_by_itself if "application/json" in at.request.headers.get("Accept", "") else _saved
    return await run_in_threadpool(act, at, ref, sent)


def _saved(at: Desk, ref: RecordRef, sent: dict[str, str]) -> Response:
    try:
        written, wrong = _written(at, ref, sent)
    except ServiceError as error:
        status = status_of(type(error))
        if isinstance(error, NotFound) or status is HTTPStatus.UNAUTHORIZED:
            raise
        return shown(at, ref, Again(sent, {}, str(error), status))
    if wrong or written is None:
        return shown(at, ref, Again(sent, wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY))
    tab = at.request.query_params.get("in", "")
    said = _said(at, written)
    if sent.get("and") in _ON_TO and said == "saved" and not written.changed:
        return see(address_of(ref, tab, _ON_TO[sent["and"]]))
    if look := sent.get("look") or next(
        (f"{PREFIX}{name[2:]}" for name in sent if name[:2] == _SEARCH and sent[name].strip()), ""
    ):
        words = sent.get(f"{_SEARCH}{look.removeprefix(PREFIX)}", "")
        return see(f"{address_of(ref, tab, look=look, q=words)}#at-{'-'.join(parse_key(look.removeprefix(PREFIX)))}")
    more = {"merged": str(_mine(at, written))} if written.changed else {}
    return see(address_of(ref, tab, said=said, **more))


def _said(at: Desk, written: Written) -> str:
    """What is to be said of a save."""
    if any(one.mine_by == at.by.name for one in written.draft.clashes):
        return "clashed"
    if written.joined:
        return "joined"
    return "cleaned" if written.removed else "saved"


def _mine(at: Desk, written: Written) -> int:
    """The number of my last save: those that settle what came together follow it."""
    saves = at.service.records().saves(written.draft.ref, by=at.by, most=1)
    newest = saves[0].number if saves else written.draft.number
    return newest - len(written.joined)


def _written(at: Desk, ref: RecordRef, sent: dict[str, str]) -> tuple[Written | None, dict[str, str]]:
    """Raises as `EditorVerbs.save`."""
    number, revision = (number_of(sent.get(name, "")) for name in ("number", "revision"))
    base, schema = at.verbs.taken_up(ref, number, revision), at.service.records().schema(ref.kind)
    values, wrong = read(schema, base, sent)
    if wrong:
        return None, wrong
    for name, value in (("add", {}), ("out", None)):
        path = parse_key(sent.get(name, ""))
        if _is_item(schema, path):
            values[path] = value
    languages = languages_of(values, at.verbs.languages(ref))
    return at.verbs.save(ref, values, languages, number=number, revision=revision, by=at.by), {}


def _is_item(schema: Schema, path: Key) -> bool:
    one = definition(schema, path)
    return one is not None and one.kind is FieldKind.GROUPS and is_number(path[-1])


def _saved_by_itself(at: Desk, ref: RecordRef, sent: dict[str, str]) -> Response:
    try:
        written, wrong = _written(at, ref, sent)
    except ServiceError as error:
        return answered({"sentence": str(error)}, status=status_of(type(error)))
    if written is None:
        return answered({"wrong": sorted(wrong)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    mine = [one for one in written.draft.clashes if one.mine_by == at.by.name]
    schema = at.service.records().schema(ref.kind)
    return answered(
        {
            "number": written.draft.number,
            "mine": _mine(at, written) if written.changed else written.draft.number,
            "at": _clock(written.draft.at),
            "changed": shown_changes(schema, written.draft.document, written.changed),
            "rearranged": is_rearranged(schema, written.changed),
            "joined": len(written.joined),
            "clashes": len(mine),
            "removed": [one.message for one in written.removed],
        }
    )


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S} UTC"
