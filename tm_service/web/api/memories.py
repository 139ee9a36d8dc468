"""Memories: what was translated before, looked up, searched, brought in, handed out and taken out of use."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.matches import Reading
from tm_service.domain.permissions import Action
from tm_service.domain.site import MemoryRef, Site
from tm_service.shapes import memory_documents as documents
from tm_service.web.api.memory_places import (
    FILE_BODY,
    DryRun,
    Locale,
    Locales,
    Memory,
    SiteName,
    owned,
    received,
    sent_off,
    verbs_of,
)
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import MOST, Body, Number, Router, as_sent, documented, service_of, tagged, told
from tm_service.web.callers import asker_of, needs

router = Router("memories")
_READS = needs(Action.MEMORY_READ)
_MATCH = {
    "percent": 92.0,
    "class": "85-94",
    "rule": "fuzzy",
    "target": "Le jardin ouvre à neuf heures.",
    "source": "The garden opens at nine.",
    "why": "One word differs.",
    "capped": ["number: nine → ten"],
    "penalties": {},
    "number": 17,
    "memory": "demo",
    "resource": "app/home.json",
    "key": "opening",
    "author": "Amina Said",
    "at": "2026-11-05T09:30:00+00:00",
}
_LOOKED_UP = {"site": "demo", "source": "en", "target": "fr", "matches": [_MATCH], "fragments": [], "terms": []}
_HIT = {
    "side": "source",
    "text": "The garden opens at nine.",
    "other": "Le jardin ouvre à neuf heures.",
    "spans": [[4, 10]],
    "number": 17,
    "resource": "app/home.json",
    "key": "opening",
}
_PAIR = {
    "number": 17,
    "memory": "demo",
    "source_locale": "en",
    "source": "The garden opens at nine.",
    "locale": "fr",
    "target": "Le jardin ouvre à neuf heures.",
    "resource": "app/home.json",
    "key": "opening",
    "state": "translated",
    "origin": "package",
    "author": "Amina Said",
    "reference": "demo-7-fr",
    "at": "2026-11-05T09:30:00+00:00",
    "retired": False,
}
_IMPORTED = {"file": "garden.tmx", "read": 1200, "new": 1180, "problems": [], "dry_run": False}
_Least = Annotated[float, Query(ge=1, le=100, description="Percent from which a match counts.")]
_Limit = Annotated[int, Query(ge=1, le=1000, description="So many at most.")]
_Reverse = Annotated[bool, Query(description="The text is in the locale; look for the site's source language.")]
_Text = Annotated[str, Query(min_length=1, max_length=5000)]


class Side(StrEnum):
    """Where words are looked for."""

    SOURCE = "source"
    TARGET = "target"
    BOTH = "both"


class MemoryFile(StrEnum):
    """As what a memory is handed out."""

    TMX = "tmx"
    CSV = "csv"


_KINDS = {MemoryFile.TMX: "application/x-tmx+xml", MemoryFile.CSV: "text/csv; charset=utf-8"}


def reading(request: Request, site: str, locale: str, *, reverse: bool = False) -> Reading:
    """What a site reads for a locale, for who may see it. Raises NotFound, NotAllowed."""
    asker_of(request).require(Action.MEMORY_READ, site, locale)
    return verbs_of(request).reading(site, locale, reverse=reverse)


@router.get(
    "/memories",
    dependencies=[_READS],
    responses=documented(
        "The memories of the sites you may see.",
        {"memories": [{"site": "demo", "memory": "demo", "penalty": 0, "source": "en", "locales": ["ar", "fr"]}]},
        documents.Memories,
    ),
)
def list_memories(request: Request) -> Response:
    """Which site reads which memories, in order."""
    found = [
        {
            "site": site.name,
            "memory": ref.name,
            "penalty": ref.penalty,
            "source": site.source,
            "locales": list(site.locales),
        }
        for site, ref in _seen(request)
    ]
    return tagged(request, {"memories": found})


def _seen(request: Request) -> list[tuple[Site, MemoryRef]]:
    """Who asks sees these sites, and each memory that they read."""
    sites, asker = service_of(request).sites().values(), asker_of(request)
    return [(site, ref) for site in sites if asker.may(Action.MEMORY_READ, site.name) for ref in site.memories]


@router.get(
    "/memories/stats",
    dependencies=[_READS],
    responses=documented(
        "How much all memories hold: entries, bytes of text, and what their indexes weigh.",
        {
            "entries": 1200,
            "bytes": 96000,
            "index": {"engine": "kernel", "segments": 1180, "bytes": 52000},
            "memories": {"demo en-fr": 240},
        },
        documents.MemoryStats,
    ),
)
def show_memory_stats(request: Request) -> Response:
    """Counts of the whole house, and of the memories of the sites you may see."""
    found, read = verbs_of(request).stats(), {ref.name for _, ref in _seen(request)}
    mine = {name: count for name, count in found.memories.items() if name.partition(" ")[0] in read}
    return told(shapes.memory_stats(found) | {"memories": mine})


@router.get(
    "/memories/matches",
    dependencies=[_READS],
    responses=documented("Matches, the best first, and why.", _LOOKED_UP, documents.LookedUp),
)
def look_up(
    request: Request,
    site: SiteName,
    locale: Locale,
    text: _Text,
    *,
    reverse: _Reverse = False,
    least: _Least = 75,
    limit: _Limit = 10,
) -> Response:
    """What the memories offer for a text: matches, the parts it shares with others where there is none, and its terms."""
    where = reading(request, site, locale, reverse=reverse)
    return told(_looked_up(request, where, text, least, limit))


def _looked_up(request: Request, where: Reading, text: str, least: float, limit: int) -> dict[str, object]:
    verbs = verbs_of(request)
    matches = verbs.similar(where, text, least=least, limit=limit)
    parts = () if matches else verbs.fragments(where, text)
    return shapes.looked_up(where, matches, parts, verbs.terms_in(where, text))


class LookingUp(Body):
    """Texts that are looked up together."""

    site: str = Field(max_length=200)
    locale: str = Field(max_length=40)
    texts: list[Annotated[str, Field(min_length=1, max_length=20_000)]] = Field(min_length=1, max_length=100)
    least: float = Field(75, ge=1, le=100)
    limit: int = Field(5, ge=1, le=50)


@router.post(
    "/memories/matches",
    dependencies=[_READS],
    responses=documented(
        "For each text, in order, what the memories offer.", {"texts": [_LOOKED_UP]}, documents.AllLookedUp
    ),
)
def look_up_all(request: Request, asked: LookingUp) -> Response:
    """Up to a hundred texts in one call; long ones, too."""
    where = reading(request, asked.site, asked.locale)
    return told({"texts": [_looked_up(request, where, text, asked.least, asked.limit) for text in asked.texts]})


@router.get(
    "/memories/concordance",
    dependencies=[_READS],
    responses=documented(
        "How words were translated, the best hits first; `cut` where there may be more.",
        {"total": 1, "cut": False, "hits": [_HIT], "advice": ""},
        documents.Concordance,
    ),
)
def search_concordance(
    request: Request,
    site: SiteName,
    locale: Locale,
    query: _Text,
    *,
    side: Side = Side.BOTH,
    reverse: _Reverse = False,
    limit: _Limit = 20,
) -> Response:
    """Words in their sentences. "Quotes" hold a phrase together, * stands for any letters, a minus excludes a word."""
    where = reading(request, site, locale, reverse=reverse)
    found = verbs_of(request).concordance(where, query, side=side, limit=limit)
    return told(shapes.concordance(found) | {"advice": found.advice})


@router.get(
    "/memories/comparison",
    dependencies=[_READS],
    responses=documented(
        "What a translation of the one text is worth for the other, and what speaks against it.",
        {
            "score": 99.0,
            "class": "95-99",
            "capped": True,
            "reasons": ["number: nine → ten"],
            "similarity": 99.0,
            "penalties": {},
            "differences": [{"danger": "number", "before": "nine", "after": "ten"}],
            "bounded": False,
        },
        documents.Comparison,
    ),
)
def compare_texts(request: Request, before: _Text, after: _Text, language: Locale = "en") -> Response:
    """What the memory would say of two texts, whether it has them or not."""
    return told(shapes.comparison(verbs_of(request).compare(before, after, language)))


@router.post(
    "/memories/imports",
    dependencies=[somewhere(Action.MEMORY_IMPORT)],
    openapi_extra=FILE_BODY,
    responses=documented(
        "What was read, what of it was new, and each damaged entry in a sentence.", _IMPORTED, documents.Imported
    ),
)
def import_pairs(
    request: Request,
    site: SiteName,
    file: Annotated[Path, Depends(received)],
    memory: Memory = "",
    locales: Locales = None,
    *,
    dry_run: DryRun = False,
) -> Response:
    """Bring in pairs from TMX, CSV or XLIFF. What is there already is not written twice, so the same may be sent again."""
    owned(request, Action.MEMORY_IMPORT, site, memory, locales or ())
    with as_sent():
        found = verbs_of(request).bring_in(site, file, memory=memory, locales=locales or (), rehearse=dry_run)
    return told(shapes.imported(file.name, found) | {"dry_run": dry_run})


@router.get(
    "/memories/export",
    dependencies=[somewhere(Action.MEMORY_EXPORT)],
    response_class=Response,
    responses={
        200: {
            "description": "All pairs in use.",
            "content": {"application/x-tmx+xml": {}, "text/csv": {}},
        }
    },
)
def export_pairs(
    request: Request,
    site: SiteName,
    memory: Memory = "",
    locales: Locales = None,
    kind: Annotated[MemoryFile, Query(alias="format")] = MemoryFile.TMX,
) -> Response:
    """Hand out a memory: TMX for other tools, CSV for people."""
    name = owned(request, Action.MEMORY_EXPORT, site, memory, locales or ())
    verbs, wanted = verbs_of(request), locales or ()
    file = f"{name}.{kind}"
    return sent_off(file, _KINDS[kind], lambda out: verbs.write(site, file, out, memory=memory, locales=wanted))


class Choosing(Body):
    """Pairs by their numbers, and why."""

    site: str = Field(max_length=200)
    memory: str = Field("", max_length=200)
    numbers: list[Annotated[int, Field(ge=1, le=MOST)]] = Field(min_length=1, max_length=1000)
    reason: str = Field(min_length=1, max_length=4000)


def _chosen(request: Request, asked: Choosing) -> None:
    """Let on who may do this in the locale of each of the pairs. Raises NotFound, NotAllowed."""
    asker_of(request).require(Action.MEMORY_READ, asked.site)
    found = verbs_of(request).pairs(asked.site, asked.numbers, memory=asked.memory)
    locales = sorted({pair.locale for pair in found})
    owned(request, Action.MEMORY_RETIRE, asked.site, asked.memory, locales)


@router.post(
    "/memories/retirements",
    dependencies=[somewhere(Action.MEMORY_RETIRE)],
    responses=documented("How many were in use before.", {"retired": 2}, documents.Retired),
)
def retire_pairs(request: Request, asked: Choosing) -> Response:
    """Take pairs out of use. They are kept, and what readers see stays until there is a better one."""
    _chosen(request, asked)
    verbs, by = verbs_of(request), asker_of(request).name
    return told({"retired": verbs.retire(asked.site, asked.numbers, memory=asked.memory, by=by, reason=asked.reason)})


@router.post(
    "/memories/restorations",
    dependencies=[somewhere(Action.MEMORY_RETIRE)],
    responses=documented("How many are in use again, under new numbers.", {"restored": 2}, documents.Restored),
)
def restore_pairs(request: Request, asked: Choosing) -> Response:
    """Take pairs into use again that were retired by mistake."""
    _chosen(request, asked)
    verbs, by = verbs_of(request), asker_of(request).name
    return told({"restored": verbs.restore(asked.site, asked.numbers, memory=asked.memory, by=by, reason=asked.reason)})


@router.get("/memories/pairs/{number}", dependencies=[_READS], responses=documented("A pair.", _PAIR, documents.Pair))
def show_pair(request: Request, number: Number, site: SiteName, memory: Memory = "") -> Response:
    """One pair with where it comes from, in use or retired."""
    asker = asker_of(request)
    asker.require(Action.MEMORY_READ, site)
    ((pair, retired),) = verbs_of(request).pairs(site, [number], memory=memory).items()
    asker.require(Action.MEMORY_READ, site, pair.locale)
    return tagged(request, shapes.pair(pair, retired=retired))
