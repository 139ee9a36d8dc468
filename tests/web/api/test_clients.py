"""Client applications over HTTP: registered by one, approved by another, seen by whom they concern."""

from datetime import UTC, date, datetime

import pytest

from tm_service.domain.clients import Use

LABELS = {
    "name": "Labels",
    "contact": "labels@herbarium.example",
    "purpose": "Prints labels of seeds.",
    "scopes": ["sites:read", "deployments:make"],
    "pinned": ["deploy"],
}


@pytest.fixture
def labels(developer):
    return developer.post("/clients", LABELS).json()


@pytest.fixture
def approved(secretariat, labels):
    return secretariat.post(f"/clients/{labels['client']}/approval", {"why": "It is useful."}).json()


def at(client, what=""):
    return f"/clients/{client['client']}{what}"


def token(asker, client, **asked: object):
    return asker.post(at(client, "/tokens"), {"scopes": ["sites:read"], "days": 30} | asked)


def test_one_person_registers_a_program_and_another_lets_it_in(world, developer, secretariat, labels):
    assert (labels["state"], labels["pinned"]) == ("requested", ["deploy"])
    assert token(developer, labels).status_code == 409
    assert developer.post(at(labels, "/approval")).status_code == 403
    approved = secretariat.post(at(labels, "/approval"), {"why": "It is useful."}).json()
    assert (approved["state"], approved["why"]) == ("approved", "It is useful.")
    made = token(developer, labels)
    assert (made.status_code, made.json()["scopes"]) == (201, ["sites:read"])
    program = world.bearing(made.json()["secret"])
    assert program.get("/sites").status_code == 200
    assert program.post("/sites/demo/deployments").status_code == 403
    listed = developer.get(at(labels, "/tokens")).json()["tokens"]
    assert [one["token"] for one in listed] == [made.json()["token"]]
    assert "secret" not in listed[0]


def test_nobody_approves_their_own(secretariat):
    made = secretariat.post("/clients", LABELS).json()
    answer = secretariat.post(at(made, "/approval"))
    assert (answer.status_code, "another person has to" in answer.json()["detail"]) == (403, True)


def test_a_program_is_seen_by_who_registered_it_and_by_who_approves(world, developer, secretariat, labels):
    other = world.person("translator")
    own = other.post("/clients", LABELS | {"name": "Shelves"}).json()
    for asker, names in ((developer, ["Labels"]), (other, ["Shelves"]), (secretariat, ["Labels", "Shelves"])):
        assert [one["name"] for one in asker.get("/clients").json()["clients"]] == names
    assert other.get(at(labels)).status_code == 403
    assert secretariat.get(at(own)).json()["name"] == "Shelves"
    assert secretariat.get("/clients?state=approved").json()["clients"] == []
    page = secretariat.get("/clients?most=1").json()
    following = secretariat.get(f"/clients?most=1&cursor={page['cursor']}").json()
    assert [one["name"] for one in following["clients"]] == ["Shelves"]


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("POST", "/tokens", {"scopes": ["sites:read"]}),
        ("GET", "/tokens", None),
        ("POST", "/tokens/{token}/rotation", {}),
        ("DELETE", "/tokens/{token}", None),
        ("PUT", "/pinned", {"functions": []}),
        ("POST", "/revocation", {}),
        ("GET", "/usage", None),
    ],
)
def test_a_stranger_does_nothing_with_somebodys_program(world, developer, approved, method, what, body):
    made = token(developer, approved).json()
    stranger = world.person("translator")
    path = at(approved, what.replace("{token}", made["token"]))
    assert stranger.ask(method, path, json=body, headers={"If-Match": "*"}).status_code == 403
    assert world.bearing(made["secret"]).get("/sites").status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"scopes": ["accounts:manage"]}, 422, "only people do that"),
        ({"scopes": ["records:publish"]}, 422, "only people do that"),
        ({"scopes": ["articles:edit", "articles:publish"]}, 422, "articles:publish; only people do that"),
        ({"scopes": []}, 400, ""),
        ({"scopes": ["gardens:water"]}, 400, ""),
        ({"pinned": ["water_the_garden"]}, 422, "There is no function water_the_garden"),
        ({"contact": "\x00"}, 422, "cannot be printed"),
    ],
)
def test_what_cannot_be_asked_for_is_said(developer, changed, status, said):
    answer = developer.post("/clients", LABELS | changed)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_a_name_that_is_taken_is_another_programs(developer, labels):
    assert developer.post("/clients", LABELS | {"name": "LABELS"}).status_code == 409


def test_a_rejection_takes_reasons(secretariat, labels):
    assert secretariat.post(at(labels, "/rejection"), {"why": " "}).status_code == 422
    rejected = secretariat.post(at(labels, "/rejection"), {"why": "We have one."}).json()
    assert (rejected["state"], rejected["why"]) == ("rejected", "We have one.")
    assert secretariat.post(at(labels, "/approval")).status_code == 409


def test_who_registered_a_program_may_end_it(world, developer, approved):
    secret = token(developer, approved).json()["secret"]
    assert developer.post(at(approved, "/revocation"), {"why": "Out of use."}).json()["state"] == "revoked"
    assert world.bearing(secret).get("/sites").status_code == 401


def test_a_token_is_replaced_and_both_work_for_a_while(world, developer, approved):
    old = token(developer, approved).json()
    new = developer.post(at(approved, f"/tokens/{old['token']}/rotation"), {"days": 3})
    assert new.status_code == 201
    for secret in (old["secret"], new.json()["secret"]):
        assert world.bearing(secret).get("/sites").status_code == 200
    replaced = [one for one in developer.get(at(approved, "/tokens")).json()["tokens"] if one["replaced_by"]]
    assert [one["replaced_by"] for one in replaced] == [new.json()["token"]]
    assert developer.post(at(approved, f"/tokens/{old['token']}/rotation")).status_code == 409


def test_who_lets_a_program_in_gets_no_token_of_it(world, developer, secretariat, approved):
    """A secretariat may not deploy, and does not by a program that they approved."""
    made = token(developer, approved).json()
    places = {"/tokens": {"scopes": ["deployments:make"]}, f"/tokens/{made['token']}/rotation": {}}
    for asker in (secretariat, world.person("administrator")):
        for place, asked in places.items():
            answer = asker.post(at(approved, place), asked)
            assert (answer.status_code, "Only who registered" in answer.json()["detail"]) == (403, True)
    assert [one["token"] for one in developer.get(at(approved, "/tokens")).json()["tokens"]] == [made["token"]]
    assert secretariat.ask("DELETE", at(approved, f"/tokens/{made['token']}")).json()["revoked"] is True


def test_a_revoked_token_opens_nothing_and_a_token_is_reached_by_its_own_client_alone(world, developer, secretariat):
    ours, theirs = (developer.post("/clients", LABELS | {"name": name}).json() for name in ("Ours", "Theirs"))
    for client in (ours, theirs):
        secretariat.post(at(client, "/approval"))
    made = token(developer, ours).json()
    assert developer.ask("DELETE", at(theirs, f"/tokens/{made['token']}")).status_code == 404
    assert world.bearing(made["secret"]).get("/sites").status_code == 200
    assert developer.ask("DELETE", at(ours, f"/tokens/{made['token']}")).json()["revoked"] is True
    assert world.bearing(made["secret"]).get("/sites").status_code == 401


@pytest.mark.parametrize("days", [0, 367, -1, 10**30])
def test_a_token_lasts_a_year_at_most(developer, approved, days):
    assert token(developer, approved, days=days).status_code == 400


def test_a_token_may_no_more_than_its_program(developer, approved):
    assert token(developer, approved, scopes=["memory:export"]).status_code == 422


def test_pinned_functions_are_changed_by_who_has_seen_them(developer, approved):
    def pin(seen, *functions: str):
        headers = {"If-Match": seen} if seen else {}
        return developer.ask("PUT", at(approved, "/pinned"), json={"functions": functions}, headers=headers)

    seen = developer.get(at(approved)).headers["ETag"]
    assert pin("", "detect").status_code == 428
    assert pin(seen, "water_the_garden").status_code == 422
    changed = pin(seen, "detect", "deploy", "detect")
    assert changed.json()["pinned"] == ["deploy", "detect"]
    assert pin(seen, "detect").status_code == 412
    assert pin(changed.headers["ETag"]).json()["pinned"] == []


@pytest.fixture
def used(world, approved):
    """Calls of two days."""
    at_noon = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (20, 20, 21))
    functions = ("deploy", "detect", "deploy")
    uses = zip(functions, at_noon, (3, 1, 2), strict=True)
    world.service.people().count([Use(approved["client"], function, when, times) for function, when, times in uses])
    return approved


def test_usage_is_told_by_function_and_day(developer, used):
    def told(query=""):
        found = developer.get(at(used, f"/usage{query}")).json()["usage"]
        return [(date.fromisoformat(one["day"]).day, one["function"], one["calls"]) for one in found]

    assert sorted(told()) == [(20, "deploy", 3), (20, "detect", 1), (21, "deploy", 2)]
    assert sorted(told("?function=deploy")) == [(20, "deploy", 3), (21, "deploy", 2)]
    assert told("?since=2026-11-21") == [(21, "deploy", 2)]
    assert sorted(told("?until=2026-11-20")) == [(20, "deploy", 3), (20, "detect", 1)]
    first = developer.get(at(used, "/usage?most=2")).json()
    rest = developer.get(at(used, f"/usage?most=2&cursor={first['cursor']}")).json()
    assert (len(first["usage"]), len(rest["usage"]), rest["cursor"]) == (2, 1, None)


def test_the_usage_of_all_is_for_who_may_read_it_people_and_programs(world, secretariat, used):
    assert len(secretariat.get("/usage").json()["usage"]) == 3
    assert len(world.program("usage:read").get("/usage").json()["usage"]) == 3
    assert world.person("translator").get("/usage").status_code == 403


def test_calls_of_a_program_are_counted_by_the_functions_name(world, developer, approved):
    program = world.bearing(token(developer, approved).json()["secret"])
    for _again in range(3):
        program.get("/sites")
    program.get("/sites/demo")
    world.app.state.uses.flush(world.service)
    found = developer.get(at(approved, "/usage")).json()["usage"]
    assert {one["function"]: one["calls"] for one in found} == {"list_sites": 3, "show_site": 1}


def test_a_program_registers_no_program(world):
    assert world.program("sites:read").post("/clients", LABELS).status_code == 403
