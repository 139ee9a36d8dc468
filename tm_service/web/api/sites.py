"""Sites: what there is, what changed, what a release would cost and whether it may go out; what readers see, and why."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import Action
from tm_service.domain.site import Site
from tm_service.shapes import documents
from tm_service.web.api.asked import answer
from tm_service.web.api.examples import DEPLOYMENT, JOB, UNITS
from tm_service.web.api.routes import MOST, Body, Key, Router, documented, service_of, tagged, told
from tm_service.web.callers import asker_of, needs
from tm_service.web.site_views import coverage_of

router = Router("sites")

Ref = Annotated[
    str, Query(max_length=500, description="Branch, tag or commit; the site's branch where it is left out.")
]
_SITE = {"name": "demo", "source": "en", "locales": ["ar", "fr"], "connector": "git", "deployment": 4}
_BASE, _HEAD = "9f2c41d07be8a7719a40f2d1f29e5d0b6a1c33e4", "1be5d2f6a8c07f3390bd4a5e6c7d8f9012345678"
_CHANGES = {
    "base": _BASE,
    "head": _HEAD,
    "added": 0,
    "edited": 1,
    "moved": 0,
    "edited_and_moved": 0,
    "removed": 0,
    "unchanged": 39,
    "units": [
        {
            "resource": "app/home.json",
            "key": "opening",
            "kind": "edited",
            "edit_class": "number",
            "before": "The garden opens at 9.",
            "after": "The garden opens at 10.",
        }
    ],
}
_ESTIMATE = {
    "base": _BASE,
    "head": _HEAD,
    "added": 0,
    "edited": 1,
    "moved": 0,
    "removed": 0,
    "locales": {"fr": {"95-99": {"units": 1, "words": 5}}},
    "costs": {"fr": {"weighted": "1.50", "cost": "0.27", "currency": "EUR"}},
}
_GATE = {
    "site": "demo",
    "revision": _HEAD,
    "gate": "open",
    "locales": {"fr": {"stale": 1}},
    "units": [
        {
            "locale": "fr",
            "resource": "app/home.json",
            "key": "opening",
            "outcome": "stale",
            "edit_class": "number",
            "why": "the source changed since (number); site 3f9a1c22b07d of 2026-01-05 by Ines",
            "reason": [
                {"code": "changed", "values": {"edit": "number"}},
                {
                    "code": "made",
                    "values": {"origin": "site", "reference": "3f9a1c22b07d", "day": "2026-01-05", "author": "Ines"},
                },
            ],
        }
    ],
    "findings": [],
}
_COVERAGE = DEPLOYMENT | {"paths": {"fr": {"app/home.json": UNITS}}}
_EXPLANATION = {
    "site": "demo",
    "locale": "fr",
    "resource": "app/home.json",
    "key": "opening",
    "text": "Le jardin ouvre à 9 heures.",
    "rule": "current",
    "edit_class": None,
    "answer": "text",
    "why": "translated from this source, package demo-7-fr of 2026-11-05 by Amina Said",
    "reason": [{"code": "current", "values": {}}],
    "deployment": 4,
    "translation": {
        "target": "Le jardin ouvre à 9 heures.",
        "source": "The garden opens at 9.",
        "author": "Amina Said",
        "at": "2026-11-05T09:30:00+00:00",
        "origin": "package",
        "reference": "demo-7-fr",
        "state": "translated",
        "resource": "app/home.json",
        "key": "opening",
    },
    "history": [
        {
            "first": 3,
            "last": 4,
            "at": "2026-11-05T09:40:00+00:00",
            "by": "release robot",
            "text": "Le jardin ouvre à 9 heures.",
            "source": "The garden opens at 9.",
            "rule": "current",
            "edit_class": None,
            "why": "translated from this source, package demo-7-fr of 2026-11-05 by Amina Said",
            "reason": [{"code": "current", "values": {}}],
            "translation": None,
        }
    ],
    "earlier": 3,
}
_QUESTION = {
    "package": "demo-7-fr",
    "unit": "demo-7-fr.4",
    "text": "Is it the gate of the garden, or the garden itself?",
    "author": "Amina Said",
    "at": "2026-11-05T09:30:00+00:00",
}
_READS, _DETECTS = needs(Action.SITES_READ), needs(Action.DETECT)


@router.get(
    "/sites", dependencies=[_READS], responses=documented("The sites you may see.", {"sites": [_SITE]}, documents.Sites)
)
def list_sites(request: Request) -> Response:
    """Their languages, where they come from, and their newest deployment."""
    house, asker = service_of(request), asker_of(request)
    mine = [one for one in house.sites().values() if asker.may(Action.SITES_READ, one.name)]
    return tagged(request, {"sites": [_site(request, one) for one in mine]})


@router.get("/sites/{site}", dependencies=[_READS], responses=documented("A site.", _SITE, documents.Site))
def show_site(request: Request, site: str) -> Response:
    """Its languages, where it comes from, and its newest deployment."""
    return tagged(request, _site(request, service_of(request).site(site)))


def _site(request: Request, found: Site) -> dict[str, object]:
    newest = service_of(request).latest(found.name)
    return {
        "name": found.name,
        "source": found.source,
        "locales": list(found.locales),
        "connector": "records" if found.is_record_store else "git",
        "deployment": newest.number if newest else None,
    }


@router.get(
    "/sites/{site}/changes",
    dependencies=[_DETECTS],
    responses=documented("What changed since the last deployment.", _CHANGES, documents.Changes),
)
def detect(request: Request, site: str, ref: Ref = "", base: Ref = "") -> Response:
    """The texts that were added, edited, moved or removed, each with what it was and is."""
    return tagged(request, shapes.detected(service_of(request).detect(site, ref, base)))


@router.get(
    "/sites/{site}/estimate",
    dependencies=[_DETECTS],
    responses=documented(
        "What a release costs, in units and words by match class.",
        _ESTIMATE,
        documents.Estimate,
    ),
)
def estimate(request: Request, site: str, base: Ref, head: Ref) -> Response:
    """Both revisions are read, and what they cost is counted; nothing is kept."""
    return tagged(request, shapes.estimate(service_of(request).estimate(site, base, head)))


@router.get(
    "/sites/{site}/gate",
    dependencies=[_DETECTS],
    responses=documented("What readers would lose, and whether it may go out.", _GATE, documents.Gate),
)
def check_gate(request: Request, site: str, ref: Ref = "") -> Response:
    """What a deployment of a revision would serve; nothing is kept. For the CI of the site."""
    return tagged(request, shapes.gate(service_of(request).check(site, ref)))


@router.get(
    "/sites/{site}/coverage",
    dependencies=[_READS],
    responses=documented(
        "By language and path what is current, from memory, stale and missing.", _COVERAGE, documents.CoverageReport
    ),
)
def show_coverage(
    request: Request, site: str, deployment: Annotated[int | None, Query(ge=1, le=MOST)] = None
) -> Response:
    """The newest deployment, or the one that is named."""
    return tagged(request, shapes.coverage(coverage_of(request, site, deployment)))


@router.get(
    "/sites/{site}/explanation",
    dependencies=[_READS],
    responses=documented("Why readers see what they see.", _EXPLANATION, documents.Explanation),
)
def explain(
    request: Request,
    site: str,
    locale: Annotated[str, Query(max_length=40)],
    resource: Annotated[str, Query(max_length=1000)],
    key: Annotated[str, Query(max_length=2000)],
    deployment: Annotated[int, Query(ge=0, le=MOST, description="0 for the newest.")] = 0,
    before: Annotated[int, Query(ge=0, le=MOST, description="The history before this deployment; 0 for all.")] = 0,
) -> Response:
    """Who translated a text, when, from which source, by which rule it is served; and what each deployment served."""
    house = service_of(request)
    found = house.explain(site, locale, resource, key, deployment)
    past = house.releases.history(site, locale, resource, found.entry.key, before=before)
    makers = house.releases.makers(site, [one.stretch.first for one in past.chapters])
    return tagged(request, shapes.explanation(site, locale, resource, found, past, makers))


class Learning(Body):
    """Where the memory learns from: the site as it is at `ref`, with all of its history where that is wanted."""

    ref: str = ""
    history: bool = False


@router.post(
    "/sites/{site}/learning",
    dependencies=[needs(Action.MEMORY_IMPORT)],
    responses=documented(
        "The job, done.", JOB | {"kind": "learn", "arguments": {}, "result": {"translations": 120}}, documents.Job
    ),
)
async def learn(request: Request, site: str, asked: Learning, key: Key = "") -> Response:
    """Fill the memory from the translations that the site has."""
    house, by = service_of(request), asker_of(request).by
    return await answer(request, lambda: house.jobs.ask(JobKind.LEARN, site, asked.model_dump(), by=by, key=key))


@router.get(
    "/sites/{site}/questions",
    dependencies=[_READS],
    responses=documented("What translators asked in their returns.", {"questions": [_QUESTION]}, documents.Questions),
)
def list_questions(request: Request, site: str) -> Response:
    """Oldest first."""
    found = service_of(request).handoffs.questions(site)
    return told({"questions": [shapes.question(one) for one in found]})
