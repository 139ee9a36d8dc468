"""Articles: the pages that readers read, one for each document and language, from what was deployed."""

from collections.abc import Callable
from typing import cast
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tm_service.article_verbs import ArticleVerbs
from tm_service.domain.records import ARTICLE, RecordRef
from tm_service.usecases.articles import Edition
from tm_service.web.access import METHODS
from tm_service.web.headers import READING
from tm_service.web.kept import answer, tag_of
from tm_service.web.reading import Reading, on_page
from tm_service.web.record_rows import Rows
from tm_service.web.render import chosen, page, text

_HTML = "text/html"

router = APIRouter(include_in_schema=False)


def verbs(request: Request) -> ArticleVerbs:
    return cast("ArticleVerbs", request.app.state.service.articles)


@router.api_route("/articles", methods=[*METHODS])
def articles(request: Request, locale: str = "", site: str = "", after: str = "") -> Response:
    found = verbs(request).listed(locale or chosen(request), site, after)
    further = urlencode({"locale": found.locale, "after": found.following} | ({"site": site} if site else {}))
    return page(request, "articles.html", list=found, suffix=_suffix(site), next_address=f"?{further}")


@router.api_route("/articles/{identifier}", methods=[*METHODS])
def article_in_some_language(request: Request, identifier: str, site: str = "") -> Response:
    return _redirect(request, verbs(request).edition(RecordRef(ARTICLE, identifier), site), site)


@router.api_route("/records/{schema}/{identifier}", methods=[*METHODS])
def record_in_some_language(request: Request, schema: str, identifier: str, site: str = "") -> Response:
    return _redirect(request, verbs(request).edition(RecordRef(schema, identifier), site), site)


@router.api_route("/records/{identifier}", methods=[*METHODS])
def record_of_some_kind(request: Request, identifier: str, site: str = "") -> Response:
    """Where references lead: they name a document, not its kind."""
    name = identifier.partition("@")[0]
    return _redirect(request, verbs(request).find(name, request.app.state.service.records().schemas(), site), site)


def _redirect(request: Request, found: Edition, site: str) -> Response:
    """To the reader's language where there is a page in it, else to the source language."""
    code = chosen(request)
    address = address_of(found, code if code in found.pages else found.source, site)
    headers = {"Vary": "Accept-Language, Cookie"}
    return RedirectResponse(address, status_code=303, headers=headers)


@router.api_route("/articles/{identifier}/{locale}", methods=[*METHODS])
def article(request: Request, identifier: str, locale: str, site: str = "") -> Response:
    house = verbs(request)
    found = house.edition(RecordRef(ARTICLE, identifier), site)

    def make() -> bytes:
        reading = Reading(house.read(found, locale), house.cleaned)
        content = Markup(on_page(reading.content))  # noqa: S704 - sanitised, then marked by us
        return _page(request, "article.html", reading, site, content=content)

    return _answer(request, found, locale, make, site)


@router.api_route("/records/{schema}/{identifier}/{locale}", methods=[*METHODS])
def record(request: Request, schema: str, identifier: str, locale: str, site: str = "") -> Response:
    house = verbs(request)
    found = house.edition(RecordRef(schema, identifier), site)

    def make() -> bytes:
        reading = Reading(house.read(found, locale), house.cleaned)
        described, document = house.document(reading.view)
        rows = Rows(locale, found.source, house.cleaned, reading).of(described, document)
        return _page(request, "record.html", reading, site, schema=described, found=rows, content="")

    return _answer(request, found, locale, make, site)


def _page(request: Request, template: str, reading: Reading, site: str, **content: object) -> bytes:
    found = reading.view.edition
    base = str(request.base_url).rstrip("/")
    addresses = {code: base + address_of(found, code, site) for code in found.pages}
    listed = f"/articles?{urlencode({'locale': reading.view.locale} | ({'site': site} if site else {}))}"
    made = text(reading.code, template, reading=reading, addresses=addresses, list_address=listed, **content)
    return made.encode("utf-8", "replace")


def _answer(request: Request, found: Edition, locale: str, make: Callable[[], bytes], site: str) -> Response:
    found.page(locale)  # a language that is not there is said before anything is made
    tag = tag_of("page", found.digest, locale, str(request.base_url), site)
    headers = {**READING, "Content-Language": locale}
    return answer(request, tag, make, media_type=_HTML, headers=headers)


def address_of(found: Edition, locale: str, site: str = "") -> str:
    """Where the page of a document stands in one language."""
    kind = "articles" if found.ref.kind == ARTICLE else f"records/{quote(found.ref.kind, safe='')}"
    return f"/{kind}/{quote(found.ref.identifier, safe='')}/{quote(locale, safe='')}{_suffix(site)}"


def _suffix(site: str) -> str:
    return f"?{urlencode({'site': site})}" if site else ""
