"""Who may see which page: each is walked by every role, by programs and by nobody, or stands among those for everybody."""

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from lxml import html

from tests.web.house import Visitor, with_sites
from tm_service.bootstrap import open_service
from tm_service.domain.permissions import PERMISSIONS, Action, Grant, Role
from tm_service.settings import read_settings
from tm_service.web.api.description import needed
from tm_service.web.app import make_app

# What readers read, how one becomes known, what machines ask, and the files that every page has.
FOR_EVERYBODY = {
    "/health/live",
    "/health/ready",
    "/metrics",
    "/static/{digest}/{name}",
    "/articles",
    "/articles/{identifier}",
    "/articles/{identifier}/{locale}",
    "/records/{identifier}",
    "/records/{schema}/{identifier}",
    "/records/{schema}/{identifier}/{locale}",
    "/share/{token}",
    "/sign-in",
    "/sign-in/{provider}",
    "/sign-in/{provider}/return",
    "/sign-out",
    "/sign-out/{provider}",
    "/invitation",
}
ADDRESSES = {"site": "demo", "number:int": "1", "package_id": "demo-3-fr"}


def pages(app):
    """Each page with what it takes, None for everybody's; the interfaces for programs have tests of their own."""
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    return {
        route.path: needed(route)
        for route in routes
        if isinstance(route, APIRoute) and not route.path.startswith("/api/")
    }


def restricted(app):
    """Addresses of pages that are not for everybody."""
    found = {path: action for path, action in pages(app).items() if action}
    assert len(found) >= 5
    for name, value in ADDRESSES.items():
        found = {path.replace(f"{{{name}}}", value): action for path, action in found.items()}
    assert not any("{" in path for path in found)
    return found


def ask(asker, path, method="GET"):
    return Visitor(asker.app).ask(method, path, headers=asker.headers)


def test_every_page_names_what_it_takes_or_is_for_everybody(shared_world):
    assert {path for path, action in pages(shared_world.app).items() if not action} == FOR_EVERYBODY


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_page_lets_in_the_roles_of_the_table_and_no_other(shared_world, role, method):
    asker = shared_world.person(role)
    for path, action in restricted(shared_world.app).items():
        status = ask(asker, path, method).status_code
        assert status == (200 if role in PERMISSIONS[action] else 403) or (path, status) == ("/", 303), (role, path)


def test_who_has_a_role_on_another_site_is_kept_out_and_nobody_is_asked_to_sign_in(shared_world):
    for path in restricted(shared_world.app):
        answer = ask(shared_world.nobody(), path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={path}"), path
        assert ask(shared_world.nobody(), path, "HEAD").status_code == 401, path
        for role in Role if path != "/" else ():
            assert ask(shared_world.person(role, "reef"), path).status_code == 403, (role, path)


def test_a_program_sees_what_its_token_says(shared_world):
    reads, deploys = shared_world.program(Action.SITES_READ), shared_world.program(Action.DEPLOY)
    for path in restricted(shared_world.app):
        assert ask(reads, path).status_code in (200, 303), path
        assert ask(deploys, path).status_code == 403, path


def test_a_package_is_for_who_works_on_its_site_in_its_language(shared_world):
    french, arabic = (shared_world.person("translator", "demo", locale) for locale in ("fr", "ar"))
    assert ask(french, "/packages/demo-3-fr/file").status_code == 200
    assert ask(arabic, "/packages/demo-3-fr/file").status_code == 403
    assert ask(arabic, "/packages/demo-1-ar/file").status_code == 200
    assert ask(french, "/packages/demo-99-fr/file").status_code == 404
    assert ask(french, "/sites/demo").status_code == 200, "a part of it is enough to look"


def test_the_list_of_sites_shows_what_the_asker_may_see(shared_world):
    app = make_app(with_sites(shared_world.service, "demo", "legal", "library"))

    def listed(role, site=""):
        headers = shared_world.person(role, site).headers
        answer = Visitor(app).ask("GET", "/", headers=headers)
        return answer.headers.get("Location") or html.fromstring(answer.text).xpath("//h2/a/@href")

    assert listed("developer") == ["/sites/demo", "/sites/legal", "/sites/library"]
    assert listed("developer", "legal") == "/sites/legal", "the only one is the first page"
    assert listed("developer", "reef") == []


def test_while_nobody_has_an_account_whoever_reaches_the_house_may_look(tmp_path):
    service = open_service(read_settings(tmp_path / "home", environment={}))
    visitor = Visitor(make_app(service))
    assert visitor.get("/").status_code == 200
    service.people().invite("first@office.example", "First", "en", [Grant(Role.ADMINISTRATOR)])
    assert visitor.get("/").headers["Location"] == "/sign-in?next=/"
