"""Who asks: sessions and tokens, and what a page elsewhere cannot make a browser do."""

from datetime import date, timedelta

import pytest

from tests.web.house import Visitor
from tm_service.bootstrap import open_service
from tm_service.domain.errors import ConnectorError
from tm_service.domain.permissions import Action
from tm_service.settings import read_settings
from tm_service.web import pace
from tm_service.web.callers import Uses


def session(world):
    return world.person("developer").headers["Authorization"].partition(" ")[2]


def test_a_house_where_nobody_has_an_account_may_be_looked_at_and_not_changed(visitor):
    assert visitor.get("/api/v1/sites").json()["sites"][0]["name"] == "demo"
    assert visitor.ask("POST", "/api/v1/sites/demo/deployments", json={}).status_code == 401


def test_a_house_with_people_tells_nobody_anything(world):
    answer = world.nobody().get("/sites")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "urn:tm-service:problem:not-signed-in"


def test_a_session_counts_by_its_cookie_and_by_its_token(world):
    token = session(world)
    asking = Visitor(world.app)
    assert asking.get("/api/v1/session", headers={"Cookie": f"session={token}"}).status_code == 200
    assert asking.get("/api/v1/session", headers={"Authorization": f"bearer {token}"}).status_code == 200
    assert asking.get("/api/v1/session", headers={"Cookie": f"__Host-session={token}"}).status_code == 401
    behind_https = Visitor(world.app, "https://localhost")
    assert behind_https.get("/api/v1/session", headers={"Cookie": f"__Host-session={token}"}).status_code == 200
    assert behind_https.get("/api/v1/session", headers={"Cookie": f"session={token}"}).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer nothing", "Bearer tms_nothing", "Bearer tms_", "Basic YTpi", "x"])
def test_a_token_that_is_no_good_is_refused_whatever_is_asked(world, header):
    answer = Visitor(world.app).get("/api/v1/openapi.json", headers={"Authorization": header})
    assert answer.status_code == 401
    assert "nothing" not in answer.text


def test_a_session_that_is_over_is_nobodys(world):
    answer = Visitor(world.app).get("/api/v1/openapi.json", headers={"Cookie": "session=over"})
    assert answer.status_code == 200


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_elsewhere_changes_nothing_in_a_persons_name(world, headers):
    asking = Visitor(world.app)
    known = {"Cookie": f"session={session(world)}"} | headers
    for method, path in (("POST", "/api/v1/sites/demo/deployments"), ("DELETE", "/api/v1/session")):
        answer = asking.ask(method, path, json={}, headers=known)
        assert (answer.status_code, "another site" in answer.text) == (403, True)
    assert world.service.jobs.listed() == []
    assert asking.get("/api/v1/session", headers=known).status_code == 200


def test_what_a_browser_sends_by_itself_shows_no_program(world):
    known = {"Cookie": f"session={session(world)}", "Authorization": "Basic YW5hOnJlZWRz"}
    answer = Visitor(world.app).ask("POST", "/sign-out", headers=known | {"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, "another site" in answer.text) == (403, True)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
def test_a_page_of_the_house_and_a_program_do(world, headers):
    known = {"Cookie": f"session={session(world)}", "Prefer": "respond-async"} | headers
    answer = Visitor(world.app).ask("POST", "/api/v1/sites/demo/deployments", json={}, headers=known)
    assert answer.status_code == 202


def test_what_a_program_does_is_noted_in_its_name_with_its_address_and_reason(world):
    program = world.program(Action.ROLL_BACK)
    headers = {"X-Reason": "The spring release was early.", "X-Request-ID": "release-77"}
    assert program.post("/sites/demo/deployments/2/restoration", headers=headers).status_code == 200
    *_, line = (line for line in world.service.audit.listed("demo") if line.entry.verb == "rollback")
    said = (line.caller.name, line.caller.kind, line.caller.door, line.entry.request, line.entry.reason)
    assert said == ("program 0", "client", "web", "release-77", "The spring release was early.")


def test_calls_of_programs_are_counted_by_function_and_day(world):
    program = world.program(Action.SITES_READ)
    for _ in range(3):
        assert program.get("/sites").status_code == 200
    assert program.get("/jobs").status_code == 403
    world.app.state.uses.flush(world.service)
    counted = {(use.function, use.calls, use.day) for use in world.service.people().usage()}
    today = world.service.clock().date()
    assert counted == {("list_sites", 3, today), ("list_jobs", 1, today)}


def test_calls_that_a_database_does_not_take_are_counted_later(world):
    program = world.program(Action.SITES_READ)
    made, uses = world.service.people().clients()[0].id, Uses()
    uses.add(world.service, made, "list_sites")

    class Away:
        def people(self):
            raise ConnectorError("The database is away.")

        clock = staticmethod(world.service.clock)

    uses.flush(Away())
    uses.add(world.service, made, "list_sites")
    uses.flush(world.service)
    assert sum(use.calls for use in world.service.people().usage(since=date(2026, 1, 1))) == 2
    assert program


def test_calls_are_written_down_every_few_seconds(world, monkeypatch):
    world.program(Action.SITES_READ)
    made, uses = world.service.people().clients()[0].id, Uses()
    uses.add(world.service, made, "list_sites")
    assert world.service.people().usage() == []
    monkeypatch.setattr("tm_service.web.callers._FLUSH", timedelta(0))
    uses.add(world.service, made, "list_sites")
    assert [use.calls for use in world.service.people().usage()] == [2]


def test_who_asks_too_often_is_told_how_long_to_wait(world, monkeypatch):
    monkeypatch.setattr(pace, "KNOWN", 3)
    developer, secretariat = world.person("developer"), world.person("secretariat")
    left = [developer.get("/sites") for _ in range(4)]
    assert [answer.status_code for answer in left] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit"].partition("r=")[2][0] for answer in left] == ["2", "1", "0", "0"]
    assert left[0].headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert 1 <= int(left[3].headers["Retry-After"]) <= 60
    assert secretariat.get("/sites").status_code == 200


def test_signing_in_is_tried_in_measure_from_one_address(world):
    tries = [world.nobody().post("/session", {"email": f"{one}@x.example", "password": "x"}) for one in range(21)]
    assert [answer.status_code for answer in tries] == [401] * 20 + [429]


THERE = "/api/v2013/authentication/token"


def test_every_way_to_sign_in_is_tried_in_the_same_measure(world):
    """Twenty tries of an address, whichever door they come to."""
    asking, said = Visitor(world.app), {"email": "amina@x.example", "password": "x"}
    tries = [asking.ask("POST", THERE, json=said | {"email": f"{one}@x.example"}) for one in range(20)]
    assert {answer.status_code for answer in tries} == {401}
    late = [asking.ask("POST", THERE, json=said), asking.ask("POST", "/sign-in", data=said)]
    late += [asking.ask("POST", "/api/v1/session", json=said), asking.get("/sign-in/garden")]
    assert [answer.status_code for answer in late] == [429] * 4
    assert asking.get("/sign-in").status_code == 200


def test_asking_a_provider_is_tried_in_measure(world):
    asking = Visitor(world.app)
    answers = [asking.get(f"/sign-in/garden{'/return' * (one % 2)}").status_code for one in range(22)]
    assert answers == [404, 401] * 10 + [429] * 2


@pytest.mark.parametrize("path", ["/api/v1/sites", "/api/v2013/authentication/user", "/sites/demo"])
def test_a_token_that_is_no_good_counts_like_any_question(world, monkeypatch, path):
    monkeypatch.setattr(pace, "UNKNOWN", 3)
    asking = Visitor(world.app)
    answers = [asking.get(path, headers={"Authorization": f"Bearer tms_{one}"}) for one in range(5)]
    known = 303 if path == "/sites/demo" else 401
    assert [answer.status_code for answer in answers] == [known] * 3 + [429] * 2
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert world.person("developer").get("/sites").status_code == 200


def test_who_is_sent_away_in_another_process_decides_nothing_more(world, tmp_path):
    """For five seconds they may still see what they saw, and save the text they are at; all else is looked up anew."""
    asking, email = world.person("developer", "demo"), "developer.demo.@office.example"
    assert asking.get("/session").status_code == 200
    elsewhere = open_service(read_settings(tmp_path / "home", environment={}))
    elsewhere.people().deactivate(elsewhere.people().find(email).id)
    assert asking.post("/sites/demo/deployments").status_code == 401
    known = {"headers": {"Cookie": f"session={asking.headers['Authorization'].partition(' ')[2]}"}}
    draft, form = "/api/v2013/documents/1/versions/draft", "/editor/records/new"
    assert Visitor(world.app).ask("DELETE", draft, headers=asking.headers).status_code == 401
    assert Visitor(world.app).ask("POST", form, **known).status_code == 401
    assert elsewhere.jobs.listed() == []
    elsewhere.store.close()


def test_who_signs_in_is_noted_as_the_person_they_turn_out_to_be(world):
    people = world.service.people()
    made = people.invite("amina@office.example", "Amina", "en", [])
    world.nobody().post("/session/invitation", {"token": made.token, "password": "a lantern in the herbarium"})
    body = {"email": "amina@office.example", "password": "a lantern in the herbarium"}
    assert world.nobody().post("/session", body).status_code == 201
    by = [(line.entry.verb, line.caller.name, line.caller.kind) for line in world.service.audit.listed()[-2:]]
    assert [name for _, name, _ in by] == ["amina@office.example"] * 2
    assert {kind for _, _, kind in by} == {"person"}
