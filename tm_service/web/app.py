"""The application: the pages and answers over one service, behind access checks, with faults in words."""

from asyncio import Semaphore
from collections.abc import Collection, Iterable
from threading import Event

from fastapi import FastAPI

from tm_service.domain.functions import DEPRECATED, Deprecated
from tm_service.metrics import Metrics
from tm_service.operation import Operation
from tm_service.service import Service
from tm_service.web import (
    access,
    articles,
    articles_api,
    elsewhere,
    faults,
    health,
    hooks,
    metrics,
    pages,
    pictures,
    records_api,
    shared_draft,
    signing,
)
from tm_service.web.api import (
    analyses,
    clients,
    deployments,
    description,
    desk,
    jobs,
    journal,
    memories,
    own,
    packages,
    people,
    returns,
    sessions,
    sites,
    subscriptions,
    terms,
    uploads,
)
from tm_service.web.api.watch import Watch
from tm_service.web.callers import Uses
from tm_service.web.clearing_house import articles as clearing_house_articles
from tm_service.web.clearing_house import documents, drafts, signing_in, workflows
from tm_service.web.deprecations import Deprecations
from tm_service.web.desks import deployments as deployments_desk
from tm_service.web.desks import desk as translators_desk
from tm_service.web.desks import house
from tm_service.web.desks.deployments.differences import Comparisons
from tm_service.web.desks.editor import routes as editor_desk
from tm_service.web.desks.register import routes as register_desk
from tm_service.web.kept import Kept
from tm_service.web.site_views import SiteViews

_PARTS = (
    health,
    metrics,
    pages,
    signing,
    elsewhere,
    articles,
    articles_api,
    records_api,
    shared_draft,
    pictures,
    hooks,
    signing_in,
    clearing_house_articles,
    drafts,
    documents,
    workflows,
    sites,
    deployments,
    jobs,
    subscriptions,
    sessions,
    own,
    people,
    clients,
    journal,
    packages,
    desk,
    returns,
    uploads,
    memories,
    analyses,
    terms,
    description,
    house,
    deployments_desk,
    translators_desk,
    editor_desk,
    register_desk,
)

_READ_AT_ONCE = 2  # returns: each may take some hundred megabytes


def make_app(
    service: Service,
    hosts: Iterable[str] = (),
    operation: Operation | None = None,
    deprecated: Collection[Deprecated] = DEPRECATED,
) -> FastAPI:
    """The web interface of a service; `hosts` are the names it answers to besides this machine's own.

    `deprecated` are the functions of the interface that go out of date.

    `app.state.leaving` is set once it is told to end: what would go on for long should end then.
    """
    app = FastAPI(title="tm-service", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service = service
    app.state.operation = operation or Operation()
    app.state.metrics = Metrics(service.store, service.clock)
    app.state.deprecated = deprecated
    app.state.leaving = Event()
    app.state.kept = Kept()
    app.state.uses = Uses()
    app.state.views = SiteViews()
    app.state.comparisons = Comparisons()
    app.state.words = {}  # of packages by id: what a package holds stays as it is
    app.state.reading = Semaphore(_READ_AT_ONCE)
    app.state.watch = Watch(service, app.state.leaving)
    for part in _PARTS:
        app.router.routes.extend(part.router.routes)  # as they are: to include a router is to work out each route anew
    faults.install(app)
    app.add_middleware(Deprecations, functions=deprecated)
    access.install(app, hosts)
    return app
