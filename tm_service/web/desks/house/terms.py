"""Terms: what things are to be called, listed, said, changed and withdrawn, brought in and handed out, on pages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import NotAllowed, NotFound, Refused
from tm_service.domain.permissions import Action
from tm_service.domain.terms import Term, TermStatus
from tm_service.web.access import METHODS
from tm_service.web.api.memory_places import owned, sent_off, verbs_of
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import MOST, as_sent, service_of
from tm_service.web.api.terms import KINDS, TermFile
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.forms import Text, see, tried
from tm_service.web.desks.house.bringing import Read, brought_in, previewed
from tm_service.web.desks.house.letters import fit, folded
from tm_service.web.desks.house.places import Name, Place, Query_, place_of
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)
_READS, _EDITS = [needs(Action.TERMS_READ)], [somewhere(Action.TERMS_EDIT)]
_AT_ONCE = 50  # rows of a page


@router.api_route("/terms", methods=[*METHODS], dependencies=_READS)
def terms(
    request: Request,
    q: Query_ = "",
    site: Name = "",
    locale: Name = "",
    status: TermStatus | None = None,
    first: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    said: str = "",
) -> Response:
    place = place_of(request, Action.TERMS_READ, site, locale)
    return _listed(request, place, q=q.strip(), wanted=status, first=first, said=said)


def _listed(
    request: Request,
    place: Place,
    sentence: str = "",
    status: int = 200,
    *,
    q: str = "",
    wanted: TermStatus | None = None,
    first: int = 0,
    said: str = "",
) -> Response:
    known = [] if place.site is None else verbs_of(request).terms(place.site.name, locales=[place.locale])
    found = list(filter(_fitting(q, wanted), known))
    found.sort(key=lambda term: (term.source.casefold(), term.number))
    return page(
        request,
        "house/terms.html",
        here="terms",
        status=status,
        place=place,
        terms=found[first : first + _AT_ONCE],
        total=len(found),
        following=first + _AT_ONCE if first + _AT_ONCE < len(found) else 0,
        q=q,
        wanted=wanted or "",
        statuses=list(TermStatus),
        edits=_edits(request, place),
        sentence=sentence,
        said=said,
    )


def _fitting(q: str, wanted: TermStatus | None) -> Callable[[Term], bool]:
    """Whether a term has these letters and is in this state."""
    letters = folded(q)
    return lambda term: wanted in (None, term.status) and fit(letters, term.source, term.target) is not None


@router.api_route("/terms/file", methods=[*METHODS], dependencies=_READS)
def hand_out(
    request: Request,
    q: Query_ = "",
    site: Name = "",
    locale: Name = "",
    status: TermStatus | None = None,
    kind: Annotated[TermFile, Query(alias="format")] = TermFile.TBX,
) -> Response:
    """The terms that the same filter lists, all pages of it: TBX for other tools, CSV for people."""
    place = place_of(request, Action.TERMS_READ, site, locale)
    if place.site is None:
        raise NotAllowed("There is no site whose terms you may read.")
    verbs, site_name, only = verbs_of(request), place.site.name, _fitting(q.strip(), status)
    name = owned(request, Action.TERMS_READ, site_name, "", [place.locale])
    file = f"{name}-terms-{place.locale}.{kind}"
    wanted = [place.locale]
    return sent_off(file, KINDS[kind], lambda out: verbs.write_terms(site_name, file, out, locales=wanted, only=only))


def _edits(request: Request, place: Place) -> bool:
    return place.site is not None and asker_of(request).may(Action.TERMS_EDIT, place.site.name, place.locale)


@router.api_route("/terms/new", methods=[*METHODS], dependencies=_EDITS)
def new(request: Request, site: Name = "", locale: Name = "") -> Response:
    place = place_of(request, Action.TERMS_EDIT, site, locale)
    if place.site is None:
        raise NotAllowed("There is no site whose terms you may change.")
    return _form(request, place, None)


def _form(
    request: Request, place: Place, term: Term | None, sentence: str = "", status: int = 200, **typed: str
) -> Response:
    known = {
        "source": term.source if term else "",
        "target": term.target if term else "",
        "definition": term.definition if term else "",
        "reference": term.reference if term else "",
        "state": str(term.status) if term else "approved",
    }
    return page(
        request,
        "house/term.html",
        here="terms",
        status=status,
        place=place,
        term=term,
        typed=known | typed,
        statuses=list(TermStatus),
        sentence=sentence,
    )


@router.api_route("/terms/{number:int}", methods=[*METHODS], dependencies=_READS)
def term(request: Request, number: int, site: Name = "", locale: Name = "") -> Response:
    place = place_of(request, Action.TERMS_READ, site, locale)
    known = _known(request, place, number, Action.TERMS_READ)
    return _form(request, replace(place, locale=known.locale), known)


def _known(request: Request, place: Place, number: int, action: Action) -> Term:
    """A term, whatever its language, for who may do this to it. Raises NotFound, NotAllowed."""
    if place.site is None:
        raise NotAllowed("There is no site whose terms you may read.")
    if number > MOST:
        raise NotFound("There is no such term; list the terms again.")
    found = verbs_of(request).term(place.site.name, number)
    asker_of(request).require(action, place.site.name, found.locale)
    return found


@router.post("/terms/new", dependencies=_EDITS)
def say(
    request: Request,
    site: Text = "",
    locale: Text = "",
    source: Text = "",
    target: Text = "",
    state: Text = "approved",
    definition: Text = "",
    reference: Text = "",
    *,
    number: Annotated[int, Form(ge=0, le=MOST)] = 0,
) -> Response:
    """Say a term, or something else of one that is there."""
    place = place_of(request, Action.TERMS_EDIT, site, locale)
    known = _known(request, place, number, Action.TERMS_EDIT) if number else None
    place = replace(place, locale=known.locale) if known else place

    def act() -> Response:
        if place.site is None or not source.strip() or not target.strip() or state not in set(TermStatus):
            raise Refused("A term needs its word and what it is to be called.")
        memory = owned(request, Action.TERMS_EDIT, place.site.name, "", [place.locale])
        with as_sent():
            where = verbs_of(request).reading(place.site.name, place.locale)
        made = known or Term(
            memory,
            where.source,
            source.strip(),
            place.locale,
            target.strip(),
            TermStatus.APPROVED,
            service_of(request).clock(),
        )
        verbs_of(request).say_term(
            replace(
                made,
                status=TermStatus(state),
                definition=definition.strip(),
                reference=reference.strip(),
                author=asker_of(request).name,
                at=service_of(request).clock(),
            )
        )
        return see(f"/terms?site={place.site.name}&locale={place.locale}&said=kept")

    typed = {"source": source, "target": target, "definition": definition, "reference": reference, "state": state}
    return tried(act, lambda sentence, status: _form(request, place, known, sentence, status, **typed))


@router.post("/terms/withdrawal", dependencies=_EDITS)
def withdraw(
    request: Request, number: Annotated[int, Form(ge=1, le=MOST)], site: Text = "", locale: Text = ""
) -> Response:
    place = place_of(request, Action.TERMS_EDIT, site, locale)
    known = _known(request, place, number, Action.TERMS_EDIT)
    place = replace(place, locale=known.locale)

    def act() -> Response:
        name = place.site.name if place.site else ""
        owned(request, Action.TERMS_EDIT, name, "", [place.locale])
        verbs_of(request).withdraw_term(known, by=asker_of(request).name)
        return see(f"/terms?site={name}&locale={place.locale}&said=withdrawn")

    return tried(act, lambda sentence, status: _form(request, place, known, sentence, status))


@router.post("/terms/import", dependencies=_EDITS)
def preview(request: Request, file: UploadFile | None = None, site: Text = "", locale: Text = "") -> Response:
    """What a list of terms, TBX or a table, would bring; nothing is written."""
    place = place_of(request, Action.TERMS_READ, site, locale)
    return tried(
        lambda: previewed(request, file, place, "/terms", _reader(request, place)),
        lambda sentence, status: _listed(request, place, sentence, status),
    )


@router.post("/terms/import/confirmation", dependencies=_EDITS)
def bring_in(
    request: Request, upload: Annotated[str, Form(max_length=64)] = "", site: Text = "", locale: Text = ""
) -> Response:
    place = place_of(request, Action.TERMS_READ, site, locale)
    return tried(
        lambda: brought_in(request, upload, "/terms", _reader(request, place)),
        lambda sentence, status: _listed(request, place, sentence, status),
    )


def _reader(request: Request, place: Place) -> Read:
    """Raises NotFound, NotAllowed but for who may change the terms of a site in a language."""
    name = place.site.name if place.site else ""
    owned(request, Action.TERMS_EDIT, name, "", [place.locale])
    return lambda file, *, rehearse: verbs_of(request).bring_in_terms(
        name, file, locales=[place.locale], rehearse=rehearse
    )
