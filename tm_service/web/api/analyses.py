"""Analyses: jobs counted by match class, and documents laid side by side."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.answers import Analysed
from tm_service.domain.errors import Refused
from tm_service.domain.permissions import Action
from tm_service.shapes import memory_documents as documents
from tm_service.web.api.memories import reading
from tm_service.web.api.memory_places import FILE_BODY, Locale, SiteName, owned, received, verbs_of
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import Body, Router, as_sent, documented, told
from tm_service.web.api.sites import Ref
from tm_service.web.callers import asker_of, needs

router = Router("memories")
_SIZES = {"segments": 1, "words": 5, "characters": 25, "placeables": 1, "tags": 0}
_COUNTED = {"classes": {"new": _SIZES}, "total": _SIZES}
_ANALYSIS = {
    "job": {
        "project": "demo",
        "number": "demo",
        "source": "en",
        "target": "fr",
        "at": "2026-11-05T09:30:00+00:00",
        "customer": "",
        "memories": ["demo"],
    },
    "options": {},
    "files": [{"file": "app/home.json"} | _COUNTED],
    "total": _COUNTED,
    "charge": None,
}
_TEXTS = frozenset({".txt", ".md"})


class Report(StrEnum):
    """As what an analysis is told: a document, or what other tools and people read."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    HTML = "html"


_KINDS = {Report.XML: "application/xml", Report.CSV: "text/csv; charset=utf-8", Report.HTML: "text/html; charset=utf-8"}
_Format = Annotated[Report, Query(alias="format")]
_ANSWERS = documented(
    "Segments, words and characters by file and match class, and what they weigh.", _ANALYSIS, documents.Analysis
)
_ANSWERS[200]["content"] |= {"application/xml": {}, "text/csv": {}, "text/html": {}}


@router.get("/memories/analysis", dependencies=[somewhere(Action.DETECT)], responses=_ANSWERS)
def analyse_site(
    request: Request, site: SiteName, locale: Locale, ref: Ref = "", kind: _Format = Report.JSON
) -> Response:
    """Count what a site still needs in a locale, at a revision; nothing is kept."""
    asker_of(request).require(Action.DETECT, site, locale)
    with as_sent():
        return _told(verbs_of(request).analyse(site, locale, ref=ref), kind)


@router.post(
    "/memories/analysis", dependencies=[needs(Action.MEMORY_READ)], openapi_extra=FILE_BODY, responses=_ANSWERS
)
def analyse_file(
    request: Request,
    site: SiteName,
    locale: Locale,
    file: Annotated[Path, Depends(received)],
    kind: _Format = Report.JSON,
) -> Response:
    """Count the source texts of a file: of pairs (TMX, CSV, XLIFF), or plain text line by line; nothing is kept."""
    reading(request, site, locale)
    with as_sent():
        return _told(verbs_of(request).analyse_files(site, locale, {file.name: _texts(request, site, file)}), kind)


def _texts(request: Request, site: str, file: Path) -> list[str]:
    """Raises Refused, ReturnRejected."""
    if file.suffix.lower() not in _TEXTS:
        return list(verbs_of(request).texts(site, file))
    try:
        said = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{file.name} is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8.") from error
    return [line for line in said.splitlines() if line.strip()]


def _told(found: Analysed, kind: Report) -> Response:
    if kind is Report.JSON:
        return told(found.document)
    return Response(found.reports[f".{kind}"], media_type=_KINDS[kind])


class Aligning(Body):
    """Two documents, one a translation of the other, and how sure a pair has to be; what is kept becomes proposals."""

    site: str = Field(max_length=200)
    locale: str = Field(max_length=40, description="Language of the target.")
    source: str = Field(min_length=1)
    target: str = Field(min_length=1)
    sure: float = Field(0.97, ge=0, le=1, description="Least confidence of a pair.")
    keep: bool = Field(default=False, description="Keep the pairs as proposals for translators.")
    reference: str = Field("", max_length=500, description="What the documents are called.")


@router.post(
    "/memories/alignment",
    dependencies=[needs(Action.MEMORY_READ)],
    responses=documented(
        "The pairs with their confidence, and how many sentences found no partner.",
        {
            "pairs": [
                {
                    "source": "The garden opens at nine.",
                    "target": "Le jardin ouvre à neuf heures.",
                    "confidence": 0.99,
                }
            ],
            "alone": 0,
            "kept": False,
        },
        documents.Aligned,
    ),
)
def align_documents(request: Request, asked: Aligning) -> Response:
    """Lay two documents side by side, sentence by sentence."""
    reading(request, asked.site, asked.locale)
    if asked.keep:
        owned(request, Action.MEMORY_IMPORT, asked.site, "", [asked.locale])
    found = verbs_of(request).align(
        asked.site,
        asked.locale,
        asked.source,
        asked.target,
        reference=asked.reference,
        sure=asked.sure,
        keep=asked.keep,
    )
    return told(shapes.aligned(found, kept=asked.keep))
