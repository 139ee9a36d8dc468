"""Articles API: what readers see, for programs: `/api/v1/articles` and `/api/v1/records`."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service.article_verbs import ArticleVerbs
from tm_service.domain.records import ARTICLE, RecordRef
from tm_service.shapes import article_documents as documents
from tm_service.usecases.articles import ArticleView, Edition
from tm_service.web.api.routes import Cursor, Router, documented
from tm_service.web.articles import address_of, verbs
from tm_service.web.json_answers import MEDIA_TYPE, answered, dumped
from tm_service.web.kept import answer, tag_of
from tm_service.web.reading import CONTENT, Reading, reasons, summary
from tm_service.web.record_rows import localised
from tm_service.web.render import chosen

router = Router("articles")
_ARTICLES = {
    "site": "almanac",
    "locale": "fr",
    "articles": [
        {
            "id": "6784f21cc1f5b20012a9e005",
            "title": "Visiter le jardin",
            "titleLanguage": "fr",
            "state": "complete",
        }
    ],
    "cursor": None,
}
_SHOWN = {
    "id": "6784f21cc1f5b20012a9e005",
    "locale": "fr",
    "dir": "ltr",
    "title": "Visiter le jardin",
    "states": {"current": 12},
    "notice": [],
    "courtesy": None,
    "deployment": {"site": "almanac", "number": 3, "at": "2026-11-05T09:30:00+00:00"},
    "alternates": [{"locale": "en", "state": "complete", "url": "/articles/6784f21cc1f5b20012a9e005/en"}],
}
_TEXTS = {"content": "<p>Le jardin ouvre à neuf heures.</p>", "summary": "Le jardin ouvre à neuf heures."}
_RECORD = {"schema": "absPermit", "document": {"title": {"fr": "Permis pour des graines"}}}
_Locale = Annotated[str, Query(max_length=40, description="The language; of the asker, or the source, where left out.")]
_Site = Annotated[str, Query(max_length=200, description="The first that has articles where left out.")]
_Why = Annotated[bool, Query(description="Say of each segment which rule gave it.")]


@router.head("/articles", include_in_schema=False)
@router.get("/articles", responses=documented("The newest first.", _ARTICLES, documents.Articles))
def list_articles(request: Request, locale: _Locale = "", site: _Site = "", cursor: Cursor = "") -> Response:
    """Fifty articles of a site at a time, newest first; `cursor` is what the answer before gave."""
    found = verbs(request).listed(locale or chosen(request), site, cursor)
    told = [
        {
            "id": entry.identifier,
            "title": entry.title,
            "titleLanguage": entry.spoken,
            "state": entry.completeness.value,
        }
        for entry in found.entries
    ]
    content = {"site": found.site, "locale": found.locale, "articles": told, "cursor": found.following or None}
    return answered(content)


@router.head("/articles/{identifier}", include_in_schema=False)
@router.get("/articles/{identifier}", responses=documented("The article.", _SHOWN | _TEXTS, documents.Article))
def show_article(
    request: Request, identifier: str, locale: _Locale = "", site: _Site = "", *, why: _Why = False
) -> Response:
    """An article as readers get it: translated as far as it is, and what they are told about the rest."""
    house = verbs(request)
    found = house.edition(RecordRef(ARTICLE, identifier), site)
    language = locale or found.source

    def make() -> bytes:
        reading = Reading(house.read(found, language), house.cleaned)
        texts: dict[str, object] = {
            "title": reading.view.title,
            "content": reading.content,
            "summary": summary(reading.view.fields.get(CONTENT)),
        }
        return dumped(_told(reading, texts, site, why=why))

    return _answer(request, found, language, make, site, str(why))


@router.head("/records/{schema}/{identifier}", include_in_schema=False)
@router.get("/records/{schema}/{identifier}", responses=documented("The record.", _SHOWN | _RECORD, documents.Record))
def show_record(
    request: Request, schema: str, identifier: str, locale: _Locale = "", site: _Site = "", *, why: _Why = False
) -> Response:
    """A record as readers get it, field by field; what is confidential is left out."""
    house = verbs(request)
    found = house.edition(RecordRef(schema, identifier), site)
    language = locale or found.source

    def make() -> bytes:
        reading = Reading(house.read(found, language), house.cleaned)
        texts = {"schema": schema, "title": reading.view.title, "document": _document(house, reading.view)}
        return dumped(_told(reading, texts, site, why=why))

    return _answer(request, found, language, make, site, str(why))


def _document(house: ArticleVerbs, view: ArticleView) -> object:
    described, document = house.document(view)
    return localised(described.fields, document, view.locale, view.edition.source)


def _told(reading: Reading, texts: dict[str, object], site: str, *, why: bool) -> dict[str, object]:
    view = reading.view
    found = view.edition
    told: dict[str, object] = {"id": found.ref.identifier, "locale": view.locale, "dir": reading.direction}
    told |= texts
    told["states"] = dict(reading.states)
    told["notice"] = [str(line.unescape()) for line in reading.notices]
    told["courtesy"] = {"authentic": list(view.authentic)} if view.courtesy else None
    told["deployment"] = {"site": found.site, "number": found.number, "at": found.at.isoformat()}
    told["alternates"] = [
        {"locale": code, "state": state.value, "url": address_of(found, code, site)}
        for code, state in found.alternates.items()
    ]
    if why:
        told["segments"] = list(reasons(view))
    return told


def _answer(request: Request, found: Edition, locale: str, make: Callable[[], bytes], *asked: str) -> Response:
    found.page(locale)  # a language that is not there is said before anything is made
    tag = tag_of("answer", found.digest, locale, *asked)
    return answer(request, tag, make, media_type=MEDIA_TYPE, headers={"Content-Language": locale})
