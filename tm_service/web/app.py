"""The application: the pages and answers over one service, behind access checks, with faults in words."""

from collections.abc import Iterable

from fastapi import FastAPI

from tm_service.service import Service
from tm_service.web import access, articles, articles_api, faults, health, pages, records_api
from tm_service.web.clearing_house import articles as clearing_house_articles
from tm_service.web.clearing_house import documents, drafts, signing_in, workflows
from tm_service.web.kept import Kept

_PARTS = (
    health,
    pages,
    articles,
    articles_api,
    records_api,
    signing_in,
    clearing_house_articles,
    drafts,
    documents,
    workflows,
)


def make_app(service: Service, hosts: Iterable[str] = ()) -> FastAPI:
    """The web interface of a service; `hosts` are the names it answers to besides this machine's own."""
    app = FastAPI(title="tm-service", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service = service
    app.state.kept = Kept()
    app.state.patience = signing_in.Patience()
    for part in _PARTS:
        app.include_router(part.router)
    faults.install(app)
    access.install(app, hosts)
    return app
