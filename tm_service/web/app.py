"""The application: the pages over one service, behind access checks, with faults in words."""

from collections.abc import Iterable

from fastapi import FastAPI

from tm_service.service import Service
from tm_service.web import access, faults, pages


def make_app(service: Service, hosts: Iterable[str] = ()) -> FastAPI:
    """The web interface of a service; `hosts` are the names it answers to besides this machine's own."""
    app = FastAPI(title="tm-service", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service = service
    app.include_router(pages.router)
    faults.install(app)
    access.install(app, hosts)
    return app
