"""Headers: every answer carries what makes browsers careful, whatever was asked, and however it went."""

from dataclasses import replace

import pytest
from fastapi.routing import iter_route_contexts

from tests.web.house import Visitor
from tm_service.operation import Operation
from tm_service.web.app import make_app
from tm_service.web.headers import HEADERS, secure

CAREFUL = set(HEADERS) | {"X-Request-ID", "Cache-Control"}


def routes(app):
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        yield from ((method, route.path) for method in sorted(route.methods))


def is_careful(response):
    assert set(response.headers) >= {name.lower() for name in CAREFUL}, set(CAREFUL) - set(response.headers)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "server" not in response.headers
    assert "Strict-Transport-Security" not in response.headers


def test_every_route_answers_with_them(service):
    app = make_app(service)
    visitor, seen = Visitor(app), set()
    for method, path in routes(app):
        if "stream" in path or path.endswith("/events"):
            continue
        response = visitor.ask(method, path.replace("{", "").replace("}", ""))
        is_careful(response)
        seen.add(path)
    assert len(seen) > 20


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/nowhere", {}),
        ("GET", "/api/v1/nowhere", {}),
        ("POST", "/", {}),
        ("BREW", "/api/v1/sites", {}),
        ("POST", "/api/v1/jobs", {"Content-Length": "999999999"}),
        ("GET", "/", {"Host": "elsewhere.example"}),
        ("GET", "/static/000000000000/style.css", {}),
        ("GET", "/metrics", {"X-Forwarded-For": "192.0.2.1"}),
    ],
)
def test_so_do_refusals(visitor, method, path, headers):
    is_careful(visitor.ask(method, path, headers=headers))


def test_so_do_static_files(visitor):
    from tm_service.web.assets import asset_path  # noqa: PLC0415 - its address carries a digest

    is_careful(visitor.get(asset_path("style.css")))


def test_so_do_failures_of_ours(service):
    app = make_app(service)
    app.state.service = replace(service, sites=lambda: 1 / 0)
    app.get("/broken")(lambda: 1 / 0)
    response = Visitor(app).get("/broken")
    assert response.status_code == 500
    is_careful(response)


def test_where_people_come_by_https_only_browsers_are_told(service):
    app = make_app(service, operation=Operation(https=True))
    app.get("/broken")(lambda: 1 / 0)
    for path in ("/", "/nowhere", "/broken", "/health/live"):
        told = Visitor(app).get(path).headers["Strict-Transport-Security"]
        assert told == "max-age=63072000; includeSubDomains"
    assert secure(https=True).items() > secure(https=False).items()
