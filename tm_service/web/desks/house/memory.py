"""Memory: how words and texts were translated, looked up on a page; brought in, handed out and taken out of use there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Form, Query, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.answers import ConcordanceHit
from tm_service.domain.errors import Refused
from tm_service.domain.permissions import Action
from tm_service.domain.site import Site
from tm_service.web.access import METHODS
from tm_service.web.api.files import named
from tm_service.web.api.memory_places import owned, verbs_of
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import MOST, as_sent, service_of
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.forms import Text, see, tried
from tm_service.web.render import chosen, page

router = APIRouter(include_in_schema=False)
_AT_ONCE = 30  # hits of a page
_LEAST = 60  # percent from which texts are alike
Query_ = Annotated[str, Query(max_length=5000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class Place:
    """Where is looked: a site that the asker sees, and one of its locales; None where they see none."""

    sites: tuple[Site, ...]
    site: Site | None
    locale: str


def place_of(request: Request, action: Action, site: str, locale: str) -> Place:
    """The site and locale asked for, else the first of each, the reader's own language before others.

    Raises NotFound, NotAllowed.
    """
    service, asker = service_of(request), asker_of(request)
    sites = tuple(one for one in service.sites().values() if asker.may(action, one.name))
    if site:
        found = service.site(site)
        asker.require(action, site)
    elif sites:
        found = sites[0]
    else:
        return Place(sites, None, "")
    mine = [one for one in found.locales if asker.may(action, found.name, one)] or list(found.locales)
    wanted = locale or (chosen(request) if chosen(request) in mine else mine[0])
    asker.require(action, found.name, wanted)
    return Place(sites, found, wanted)


def marked(hit: ConcordanceHit) -> Iterator[tuple[bool, str]]:
    """The text of a hit in pieces, each with whether it was asked for."""
    end = 0
    for start, stop in hit.spans:
        yield False, hit.text[end:start]
        yield True, hit.text[start:stop]
        end = stop
    yield False, hit.text[end:]


@router.api_route("/memory", methods=[*METHODS], dependencies=[needs(Action.MEMORY_READ)])
def memory(
    request: Request, q: Query_ = "", site: Name = "", locale: Name = "", how: Name = "words", said: str = ""
) -> Response:
    """Words in their sentences, or texts like one."""
    place = place_of(request, Action.MEMORY_READ, site, locale)
    return _shown(request, place, q=q.strip(), how=how, said=said)


def _shown(
    request: Request, place: Place, sentence: str = "", status: int = 200, *, q: str = "", how: str = "", said: str = ""
) -> Response:
    verbs, asker, name = verbs_of(request), asker_of(request), place.site.name if place.site else ""
    hits, matches, found = [], [], None
    if place.site and q:
        where = verbs.reading(name, place.locale)
        if how == "texts":
            matches = list(verbs.similar(where, q, least=_LEAST, limit=_AT_ONCE))
        else:
            found = verbs.concordance(where, q, side="both", limit=_AT_ONCE)
            hits = [(hit, list(marked(hit))) for hit in found.hits]
    return page(
        request,
        "house/memory.html",
        here="memory",
        status=status,
        place=place,
        hits=hits,
        matches=matches,
        found=found,
        sentence=sentence,
        imports=asker.may(Action.MEMORY_IMPORT, name),
        exports=asker.may(Action.MEMORY_EXPORT, name, place.locale),
        retires=asker.may(Action.MEMORY_RETIRE, name, place.locale),
        q=q,
        how=how,
        said=said,
    )


@router.post("/memory/import", dependencies=[somewhere(Action.MEMORY_IMPORT)])
def bring_in(
    request: Request, file: UploadFile, site: Annotated[str, Form(max_length=200)] = "", locale: Text = ""
) -> Response:
    """Pairs from TMX, CSV or XLIFF; what is there already is not written twice."""
    place = place_of(request, Action.MEMORY_READ, site, locale)

    def act() -> Response:
        if place.site is None or not file.size:
            raise Refused("There is no file in this; choose one and send it again.")
        owned(request, Action.MEMORY_IMPORT, place.site.name, "", ())
        with saved(file) as there, as_sent():
            made = verbs_of(request).bring_in(place.site.name, there)
        return page(request, "house/imported.html", here="memory", back="/memory", file=file.filename or "", made=made)

    return tried(act, lambda sentence, status: _shown(request, place, sentence, status))


@contextmanager
def saved(file: UploadFile) -> Iterator[Path]:
    """A file that came by a form, on disk under its own name while it is read."""
    with TemporaryDirectory(prefix="tm-service-") as folder:
        place = Path(folder) / named(file.filename or "")
        with place.open("wb") as out:
            shutil.copyfileobj(file.file, out)
        yield place


@router.post("/memory/retirement", dependencies=[somewhere(Action.MEMORY_RETIRE)])
def retire(
    request: Request,
    number: Annotated[int, Form(ge=1, le=MOST)],
    site: Text = "",
    locale: Text = "",
    reason: Text = "",
    q: Text = "",
) -> Response:
    """Take a pair out of use, with the reason."""
    place = place_of(request, Action.MEMORY_READ, site, locale)

    def act() -> Response:
        if not reason.strip() or place.site is None:
            raise Refused("Say why this pair is to be used no more.")
        verbs, name = verbs_of(request), place.site.name
        locales = sorted({pair.locale for pair in verbs.pairs(name, [number])})
        owned(request, Action.MEMORY_RETIRE, name, "", locales)
        verbs.retire(name, [number], by=asker_of(request).name, reason=reason.strip())
        return see("/memory", "retired")

    return tried(act, lambda sentence, status: _shown(request, place, sentence, status, q=q))
