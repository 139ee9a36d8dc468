"""Deployments: what readers see moves to a revision, in all languages at once; and back."""

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import Action
from tm_service.domain.units import parse_key
from tm_service.shapes import documents
from tm_service.web.api.asked import answer
from tm_service.web.api.examples import DEPLOYMENT, JOB
from tm_service.web.api.routes import (
    Body,
    Cursor,
    Key,
    Moment,
    Most,
    Number,
    Router,
    as_sent,
    documented,
    paged,
    service_of,
    tagged,
    told,
)
from tm_service.web.callers import asker_of, needs
from tm_service.web.downloads import zipped
from tm_service.web.kept import answer as answer_kept
from tm_service.web.kept import tag_of

router = Router("deployments")
_WAIVER = {
    "site": "demo",
    "locale": "fr",
    "resource": "app/home.json",
    "key": "opening",
    "by": "amina@example.org",
    "at": "2026-11-05T09:30:00+00:00",
    "until": "2026-12-31T00:00:00+00:00",
    "reason": "The text is gone from the next release.",
}
_READS = needs(Action.SITES_READ)


class Deploying(Body):
    """Which revision goes out, with which other sites, and whether the catalogs are pushed."""

    ref: str = Field("", max_length=500, description="Branch, tag or commit; the site's branch where it is left out.")
    others: list[str] = Field(default_factory=list, max_length=20, alias="with", description="Sites that move with it.")
    push: bool = Field(default=False, description="Commit the catalogs onto the revision and push.")


@router.post(
    "/sites/{site}/deployments",
    dependencies=[needs(Action.DEPLOY)],
    responses=documented(
        "The job, done; its result names the deployments.",
        JOB | {"result": {"deployments": [{"site": "demo", "deployment": 5}]}},
        documents.Job,
    ),
)
async def deploy(request: Request, site: str, asked: Deploying, key: Key = "") -> Response:
    """Deploy a revision. Refused where readers would lose something, with what and why."""
    house, asker = service_of(request), asker_of(request)
    for other in asked.others:
        asker.require(Action.DEPLOY, other)
    arguments = asked.model_dump(by_alias=True)
    return await answer(request, lambda: house.jobs.ask(JobKind.DEPLOY, site, arguments, by=asker.by, key=key))


@router.get(
    "/sites/{site}/deployments",
    dependencies=[_READS],
    responses=documented("The newest first.", {"deployments": [DEPLOYMENT], "cursor": None}, documents.Deployments),
)
def list_deployments(request: Request, site: str, cursor: Cursor = "", most: Most = 50) -> Response:
    """What went out, when, and what readers saw of it."""
    found = service_of(request).deployments(site)
    page, following = paged(found, lambda one: str(one.number), cursor, most)
    return told({"deployments": [shapes.deployment(one) for one in page], "cursor": following or None})


@router.get(
    "/sites/{site}/deployments/{number}",
    dependencies=[_READS],
    responses=documented("One.", DEPLOYMENT, documents.Deployment),
)
def show_deployment(request: Request, site: str, number: Number) -> Response:
    """What readers see of it, in each locale."""
    return tagged(request, shapes.deployment(service_of(request).deployment(site, number)))


@router.get(
    "/sites/{site}/deployments/{number}/catalogs",
    dependencies=[_READS],
    response_class=Response,
    responses={200: {"description": "All catalogs of the deployment.", "content": {"application/zip": {}}}},
)
def download_catalogs(request: Request, site: str, number: Number) -> Response:
    """All catalogs of a deployment, as one zip."""
    house = service_of(request)
    made = house.deployment(site, number)
    tag = tag_of("catalogs", site, str(number), made.revision, made.at.isoformat())
    return answer_kept(
        request,
        tag,
        lambda: zipped(house.catalogs(site, number)),
        media_type="application/zip",
        headers={"Cache-Control": "private, no-cache"},
    )


@router.post(
    "/sites/{site}/deployments/{number}/restoration",
    dependencies=[needs(Action.ROLL_BACK)],
    responses=documented("What readers see from now on.", DEPLOYMENT, documents.Deployment),
)
def roll_back(request: Request, site: str, number: Number) -> Response:
    """Serve an earlier deployment again; asked for twice it is served once."""
    return told(shapes.deployment(service_of(request).rollback(site, number)))


class Waiving(Body):
    """A text that may be taken from readers, by whom, why and until when."""

    locale: str = Field(max_length=40)
    resource: str = Field(max_length=1000)
    key: str = Field(max_length=2000)
    reason: str = Field(min_length=1, max_length=4000)
    until: Moment


@router.post(
    "/sites/{site}/waivers",
    dependencies=[needs(Action.WAIVE)],
    responses=documented("The waiver.", _WAIVER, documents.Waiver),
)
def sign_waiver(request: Request, site: str, asked: Waiving) -> Response:
    """Sign that readers may lose a text."""
    by = asker_of(request).person.email
    with as_sent():
        made = service_of(request).waive(
            site,
            asked.locale,
            asked.resource,
            parse_key(asked.key),
            by=by,
            reason=asked.reason,
            until=asked.until,
        )
    return told(shapes.waiver(made))
