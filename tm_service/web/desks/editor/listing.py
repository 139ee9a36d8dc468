"""Listing: the articles and records that somebody may write, with the state of their languages; and new ones begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.articles import path_of
from tm_service.domain.catalogue import DocumentEntry, Shown, Wanted
from tm_service.domain.permissions import Action
from tm_service.domain.records import ARTICLE
from tm_service.domain.units import Locale
from tm_service.editor_verbs import Sent
from tm_service.web.access import METHODS
from tm_service.web.callers import asker_of
from tm_service.web.clearing_house.signing_in import is_administrator
from tm_service.web.desks.editor.entry import ARTICLES, RECORDS, AtDesk, Desk, action_of, address_of, writes
from tm_service.web.desks.forms import see, tried
from tm_service.web.record_rows import spoken
from tm_service.web.render import chosen, page

_AT_ONCE = 25

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Row:
    """A document as one line: its title and the language that is in, and by language how far it is and what is out."""

    entry: DocumentEntry
    address: str
    title: str
    spoken: Locale
    states: Mapping[Locale, str]
    sent: Mapping[Locale, Sent]
    waits: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list asks for."""

    text: str
    shown: Shown
    kind: str
    after: str

    def address(self, place: str, **other: str) -> str:
        said = {"q": self.text, "show": "" if self.shown is Shown.ALL else self.shown.value, "kind": self.kind} | other
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{place}?{query}" if query else place


@router.api_route(ARTICLES, methods=[*METHODS], dependencies=[writes()])
def articles(
    at: AtDesk,
    text: Annotated[str, Query(alias="q", max_length=200)] = "",
    show: str = "",
    after: Annotated[str, Query(max_length=128)] = "",
) -> Response:
    return _listed(at, Asked(text, _shown(show), "", after), ARTICLES, frozenset({ARTICLE}))


@router.api_route(RECORDS, methods=[*METHODS], dependencies=[writes(Action.RECORDS_EDIT)])
def records(
    at: AtDesk,
    text: Annotated[str, Query(alias="q", max_length=200)] = "",
    show: str = "",
    kind: str = "",
    after: Annotated[str, Query(max_length=128)] = "",
) -> Response:
    there = at.service.records().schemas().keys() - {ARTICLE}
    kinds = frozenset({kind} & there) or frozenset(there)
    return _listed(at, Asked(text, _shown(show), kind if kind in there else "", after), RECORDS, kinds)


def _shown(said: str) -> Shown:
    return Shown(said) if said in set(Shown) else Shown.ALL


def _listed(at: Desk, asked: Asked, place: str, kinds: frozenset[str]) -> Response:
    by, schemas = at.by, at.service.records().schemas()
    wanted = Wanted(
        kinds=kinds,
        by=by.name,
        government=by.government.strip().lower(),
        whole=is_administrator(by),
        text=asked.text,
        shown=asked.shown,
        after=asked.after,
        most=_AT_ONCE,
    )
    found = at.verbs.catalogue(wanted)
    rows = _rows(at, found.entries)
    languages = list(dict.fromkeys(code for row in rows for code in row.states))
    return page(
        at.request,
        "editor/list.html",
        here="editor" if place == ARTICLES else "records",
        place=place,
        asked=asked,
        rows=rows,
        languages_shown=languages,
        filters=[(one.value, asked.address(place, show=one.value)) for one in Shown],
        kinds=sorted((schema.title, name) for name, schema in schemas.items() if name != ARTICLE),
        schemas=schemas,
        following=asked.address(place, after=found.following) if found.following else "",
        may_articles=_may(at, ARTICLE),
        may_records=_may(at, "record"),
        me=by.name,
        said=at.request.query_params.get("said", ""),
    )


def _may(at: Desk, schema: str) -> bool:
    asker, action = asker_of(at.request), action_of(schema)
    return any(asker.may(action, site.name) for site in at.verbs.sites().values() if site.is_record_store)


def _rows(at: Desk, entries: tuple[DocumentEntry, ...]) -> list[Row]:
    verbs, made = at.verbs, []
    served = verbs.served([entry.ref for entry in entries])
    locale = chosen(at.request)
    for entry in entries:
        site, known = verbs.site_of(entry.ref), served.get(entry.ref)
        source = site.source if site else "en"
        language, title = spoken(entry.title, locale, source)
        states: dict[Locale, str] = dict.fromkeys(verbs.languages(entry.ref), "none")
        states |= {code: found.value for code, found in known.languages.items()} if known else {}
        sent: dict[Locale, Sent] = {}
        waits = known is not None and known.waits
        if site is not None:
            out, path = at.sent(site.name), path_of(entry.ref)
            sent = {code: out[path, code] for code in site.locales if (path, code) in out}
        if waits and (found := at.outlook(entry.ref)) is not None:
            states |= {code: "waiting" for code, one in found.languages.items() if one.is_waited_for}
        address = address_of(entry.ref)
        made.append(Row(entry, address, title or entry.ref.identifier, language or source, states, sent, waits))
    return made


@router.api_route("/editor/new", methods=[*METHODS], dependencies=[writes()])
def show_new(at: AtDesk) -> Response:
    return _new(at.request, "editor", (ARTICLE,), at)


@router.api_route("/editor/records/new", methods=[*METHODS], dependencies=[writes(Action.RECORDS_EDIT)])
def show_new_record(at: AtDesk) -> Response:
    return _new(at.request, "records", _kinds(at), at)


def _kinds(at: Desk) -> tuple[str, ...]:
    return tuple(name for name in at.service.records().schemas() if name != ARTICLE)


def _new(
    request: Request, here: str, kinds: tuple[str, ...], at: Desk, kind: str = "", title: str = "", sentence: str = ""
) -> Response:
    schemas = at.service.records().schemas()
    return page(
        request,
        "editor/new.html",
        status=422 if sentence else 200,
        here=here,
        kinds=[(schemas[name].title, name) for name in kinds],
        kind=kind,
        title=title,
        sentence=sentence,
    )


@router.post("/editor/new", dependencies=[writes()])
def begin(at: AtDesk, title: Annotated[str, Form(max_length=2000)] = "") -> Response:
    def act() -> Response:
        return see(address_of(at.verbs.begin(ARTICLE, title, by=at.by)), "begun")

    return tried(act, lambda said, _: _new(at.request, "editor", (ARTICLE,), at, ARTICLE, title, said))


@router.post("/editor/records/new", dependencies=[writes(Action.RECORDS_EDIT)])
def begin_record(
    at: AtDesk, kind: Annotated[str, Form(max_length=200)] = "", title: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    def act() -> Response:
        return see(address_of(at.verbs.begin(kind, title, by=at.by)), "begun")

    return tried(act, lambda said, _: _new(at.request, "records", _kinds(at), at, kind, title, said))
