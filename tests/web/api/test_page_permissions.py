"""Who may see which page: each is walked by every role, by programs and by nobody, or stands among those for everybody."""

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from lxml import html

from tests.web.house import Visitor, with_sites
from tm_service.bootstrap import open_service
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import PERMISSIONS, Action, Grant, Role
from tm_service.domain.records import ARTICLE, Actor, RecordRef
from tm_service.domain.terms import Term, TermStatus
from tm_service.settings import read_settings
from tm_service.web.api.description import needed
from tm_service.web.app import make_app

# What readers read, how one becomes known, what machines ask, and the files that every page has.
FOR_EVERYBODY = {
    "/health/live",
    "/health/ready",
    "/metrics",
    "/static/{digest}/{name:path}",
    "/articles",
    "/articles/{identifier}",
    "/articles/{identifier}/{locale}",
    "/records/{identifier}",
    "/records/{schema}/{identifier}",
    "/records/{schema}/{identifier}/{locale}",
    "/pictures/{name}",
    "/share/{token}",
    "/sign-in",
    "/sign-in/{provider}",
    "/sign-in/{provider}/return",
    "/sign-out",
    "/sign-out/{provider}",
    "/invitation",
    "/style",
}
# For whoever is signed in, about themselves.
FOR_ONESELF = {
    "/notifications",
    "/preferences",
    "/preferences/data",
    "/preferences/second-factor",
    "/preferences/second-factor/enrolment",
    "/preferences/second-factor/confirmation",
    "/preferences/{deed}",
}
# For who registered a program and who approves it, whatever their role: tests/web/desks/test_house_rooms.py.
OF_A_PROGRAM = {"/clients/{client}", "/clients/{client}/{deed}"}
ADDRESSES = {"site": "demo", "number:int": "1", "package_id": "demo-3-fr"}
ADDRESSES |= {"unit_id": "demo-3-fr.1"}
OWN = {
    "/",
    "/desk",
    "/desk/help",
    "/desk/returns",
    "/desk/receipts",
    "/clients",
    "/clients/request",
    "/memory",
    "/search",
    "/terms",
}  # for who may do it somewhere; each sees their own there
ARTICLE_HERE = RecordRef(ARTICLE, "66f0a1b2c3d4e5f6a7b8c9d0")
MANAGER = Actor("tests", roles=frozenset({"administrator"}))
ADDRESSES |= {"schema": ARTICLE, "identifier": ARTICLE_HERE.identifier}
LISTS = {
    "/deployments",
    "/register",
}  # of sites: everybody with a role somewhere may open them, and sees their own; one alone leads on


def pages(app, method="GET"):
    """Each page with what it takes, None for everybody's; the interfaces for programs have tests of their own."""
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    return {
        route.path: needed(route)
        for route in routes
        if isinstance(route, APIRoute) and method in route.methods and not route.path.startswith("/api/")
    }


def restricted(world, method="GET"):
    """Addresses of pages that are not for everybody."""
    known = pages(world.app, method)
    found = {path: action for path, action in known.items() if action and path not in OF_A_PROGRAM}
    assert len(found) >= 5
    world.service.records().put_all([(ARTICLE_HERE, {"title": {"en": "A"}, "content": {"en": "B"}})], by=MANAGER)
    job = world.service.jobs.ask(JobKind.SYNC, "demo", {}, by="tests", key="one for all").id
    said = Term("demo", "en", "seed", "fr", "graine", TermStatus.APPROVED, world.service.clock())
    ADDRESSES["number:int"] = str(world.service.memories.say_term(said).number)
    somebody = world.service.people().people()[0].id
    for name, value in {**ADDRESSES, "job": job, "person": somebody, "deed": "describe"}.items():
        found = {path.replace(f"{{{name}}}", value): action for path, action in found.items()}
    assert not any("{" in path for path in found)
    return found


def ask(asker, path, method="GET"):
    return Visitor(asker.app).ask(method, path, headers=asker.headers)


def test_every_page_names_what_it_takes_or_is_for_everybody(shared_world):
    open_to_all = {path for path, action in pages(shared_world.app).items() if not action}
    open_to_all |= {path for path, action in pages(shared_world.app, "POST").items() if not action}
    assert open_to_all == FOR_EVERYBODY | FOR_ONESELF


@pytest.mark.parametrize("path", sorted(FOR_ONESELF))
def test_what_is_for_oneself_takes_somebody_and_is_for_no_program(shared_world, path):
    method = "GET" if path in pages(shared_world.app) else "POST"
    asked = path.replace("{deed}", "describe")
    assert ask(shared_world.nobody(), asked, method).status_code in (303, 401)
    assert ask(shared_world.program(Action.SITES_READ), asked, method).status_code == 403


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_page_lets_in_the_roles_of_the_table_and_no_other(shared_world, role, method):
    asker = shared_world.person(role)
    for path, action in restricted(shared_world).items():
        status = ask(asker, path, method).status_code
        expected = (303 if path in LISTS else 200) if role in PERMISSIONS[action] else 403
        assert status == expected, (role, path)


@pytest.mark.parametrize("role", list(Role))
def test_every_form_is_refused_to_the_roles_that_may_not_send_it(shared_world, role):
    asker, nobody = shared_world.person(role), shared_world.nobody()
    for path, action in restricted(shared_world, "POST").items():
        assert ask(nobody, path, "POST").status_code == 401, path
        if role not in PERMISSIONS[action]:
            assert ask(asker, path, "POST").status_code == 403, (role, path)


def test_who_has_a_role_on_another_site_is_kept_out_and_nobody_is_asked_to_sign_in(shared_world):
    for path in restricted(shared_world):
        answer = ask(shared_world.nobody(), path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={path}"), path
        assert ask(shared_world.nobody(), path, "HEAD").status_code == 401, path
        for role in Role if path not in LISTS | OWN else ():
            assert ask(shared_world.person(role, "reef"), path).status_code == 403, (role, path)


def test_a_program_sees_what_its_token_says(shared_world):
    reads, deploys = shared_world.program(Action.SITES_READ), shared_world.program(Action.DEPLOY)
    for path, action in restricted(shared_world).items():
        assert ask(reads, path).status_code in ((200, 303) if action is Action.SITES_READ else (403,)), path
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

    def listed(path, role, site=""):
        headers = shared_world.person(role, site).headers
        answer = Visitor(app).ask("GET", path, headers=headers)
        return answer.headers.get("Location") or html.fromstring(answer.text).xpath("//*[@class='card']//a/@href")

    assert listed("/", "developer") == ["/sites/demo", "/sites/legal", "/sites/library"]
    assert listed("/", "developer", "legal") == ["/sites/legal"]
    assert listed("/", "developer", "reef") == []
    assert listed("/deployments", "developer", "legal") == "/sites/legal/deployments", "the only one is the first page"


def test_while_nobody_has_an_account_whoever_reaches_the_house_may_look(tmp_path):
    service = open_service(read_settings(tmp_path / "home", environment={}))
    visitor = Visitor(make_app(service))
    assert visitor.get("/").status_code == 200
    service.people().invite("first@office.example", "First", "en", [Grant(Role.ADMINISTRATOR)])
    assert visitor.get("/").headers["Location"] == "/sign-in?next=/"
