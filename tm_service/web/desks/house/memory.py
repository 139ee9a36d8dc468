"""Memory: how words and texts were translated, looked up on a page; brought in, handed out and taken out of use there."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from tm_service.domain.errors import Refused
from tm_service.domain.permissions import Action
from tm_service.web.access import METHODS
from tm_service.web.api.memory_places import owned, verbs_of
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import MOST
from tm_service.web.callers import asker_of, needs
from tm_service.web.desks.forms import Text, see, tried
from tm_service.web.desks.hits import cut_at_hits
from tm_service.web.desks.house.bringing import Read, brought_in, previewed
from tm_service.web.desks.house.places import Name, Place, Query_, place_of
from tm_service.web.render import page

router = APIRouter(include_in_schema=False)
_AT_ONCE = 30  # hits of a page
_LEAST = 60  # percent from which texts are alike
_FARTHEST = 990  # hits that are paged through
_IMPORTS = [somewhere(Action.MEMORY_IMPORT)]


@router.api_route("/memory", methods=[*METHODS], dependencies=[needs(Action.MEMORY_READ)])
def memory(
    request: Request,
    q: Query_ = "",
    site: Name = "",
    locale: Name = "",
    how: Name = "words",
    said: str = "",
    *,
    first: Annotated[int, Query(ge=0, le=_FARTHEST)] = 0,
) -> Response:
    """Words in their sentences, or texts like one."""
    place = place_of(request, Action.MEMORY_READ, site, locale)
    return _shown(request, place, q=q.strip(), how=how, said=said, first=first)


def _shown(
    request: Request,
    place: Place,
    sentence: str = "",
    status: int = 200,
    *,
    q: str = "",
    how: str = "",
    said: str = "",
    first: int = 0,
) -> Response:
    verbs, asker, name = verbs_of(request), asker_of(request), place.site.name if place.site else ""
    hits, matches, found, following = [], [], None, 0
    if place.site and q:
        where = verbs.reading(name, place.locale)
        if how == "texts":
            matches = list(verbs.similar(where, q, least=_LEAST, limit=_AT_ONCE))
        else:
            found = verbs.concordance(where, q, side="both", limit=first + _AT_ONCE + 1)
            hits = [(hit, list(cut_at_hits(hit))) for hit in found.hits[first : first + _AT_ONCE]]
            following = first + _AT_ONCE if len(found.hits) > first + _AT_ONCE else 0
    return page(
        request,
        "house/memory.html",
        here="memory",
        status=status,
        place=place,
        hits=hits,
        matches=matches,
        found=found,
        following=following,
        sentence=sentence,
        imports=asker.may(Action.MEMORY_IMPORT, name),
        exports=asker.may(Action.MEMORY_EXPORT, name, place.locale),
        retires=asker.may(Action.MEMORY_RETIRE, name, place.locale),
        q=q,
        how=how,
        said=said,
    )


@router.post("/memory/import", dependencies=_IMPORTS)
def preview(
    request: Request,
    file: UploadFile | None = None,
    site: Annotated[str, Form(max_length=200)] = "",
    locale: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """What a file of pairs, TMX, CSV or XLIFF, would bring; nothing is written."""
    place = place_of(request, Action.MEMORY_READ, site, locale)
    return tried(
        lambda: previewed(request, file, place, "/memory", _reader(request, place)),
        lambda sentence, status: _shown(request, place, sentence, status),
    )


@router.post("/memory/import/confirmation", dependencies=_IMPORTS)
def bring_in(
    request: Request,
    upload: Annotated[str, Form(max_length=64)] = "",
    site: Annotated[str, Form(max_length=200)] = "",
    locale: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Pairs that are there already are not written twice."""
    place = place_of(request, Action.MEMORY_READ, site, locale)
    return tried(
        lambda: brought_in(request, upload, "/memory", _reader(request, place)),
        lambda sentence, status: _shown(request, place, sentence, status),
    )


def _reader(request: Request, place: Place) -> Read:
    """Raises NotFound, NotAllowed but for who may import into the memory of a site."""
    name = place.site.name if place.site else ""
    owned(request, Action.MEMORY_IMPORT, name, "", ())
    return lambda file, *, rehearse: verbs_of(request).bring_in(name, file, rehearse=rehearse)


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
        asked = {"q": q, "site": name, "locale": place.locale, "said": "retired"}
        return see(f"/memory?{urlencode(asked)}")

    return tried(act, lambda sentence, status: _shown(request, place, sentence, status, q=q))
