"""Subscriptions over HTTP: who is told of what, by whom that is decided, and what became of each message."""

import json
from dataclasses import replace

import pytest

from tests.hook_receiver import receiving, status
from tm_service.bootstrap import open_service
from tm_service.domain.signatures import is_standard
from tm_service.settings import read_settings
from tm_service.web.app import make_app

ASKED = {"url": "https://hooks.example.org/reeds", "site": "demo", "events": ["package.made", "deployment.made"]}
ANY = {"If-Match": "*"}


@pytest.fixture
def world(world, tmp_path):
    """A house that may tell others on this machine, too; a developer of its one site is there."""
    private = open_service(read_settings(tmp_path / "home", {"TM_SERVICE_HOOKS_PRIVATE": "1"}))
    world.service = replace(world.service, outside=private.outside)
    world.app = make_app(world.service)
    return world


@pytest.fixture
def developer(world):
    return world.person("developer", "demo")


def subscribed(asker, **asked: object):
    made = asker.post("/subscriptions", ASKED | asked)
    assert made.status_code == 201, made.text
    return made.json()


def at(made, what=""):
    return f"/subscriptions/{made['subscription']}{what}"


def deployed(world):
    """A change that is told of, and everything that waits for it sent."""
    world.service.deploy("demo", "2026.4")
    world.work()


def test_what_happens_is_told_to_who_asked_under_the_secret_that_was_told_once(world, developer):
    with receiving() as receiver:
        made = subscribed(developer, url=receiver.url, events=["deployment.made"])
        deployed(world)
    (got,) = receiver.told
    proof = [got.headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp")]
    assert is_standard([made["secret"]], *proof, got.body, world.service.clock())
    assert json.loads(got.body)["type"] == "deployment.made"
    shown = developer.get(at(made)).json()
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert developer.get("/subscriptions").json() == {"subscriptions": [shown], "cursor": None}
    (message,) = developer.get(at(made, "/messages")).json()["messages"]
    assert (message["message"], message["status"], message["code"]) == (proof[1], "delivered", 204)


def test_the_order_of_events_is_the_houses_and_its_place_is_said(developer):
    made = developer.post("/subscriptions", ASKED)
    assert made.json()["events"] == ["deployment.made", "package.made"]
    assert made.headers["Location"] == f"/api/v1/subscriptions/{made.json()['subscription']}"


def test_the_same_key_subscribes_once_and_tells_the_secret_again(developer):
    key = {"Idempotency-Key": "reeds"}
    first, again = (developer.post("/subscriptions", ASKED, headers=key).json() for _ in range(2))
    assert first == again
    assert len(developer.get("/subscriptions").json()["subscriptions"]) == 1


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"url": "nowhere"}, 422, "not understood"),
        ({"url": "https://ana:reeds@hooks.example.org/"}, 422, "carries credentials"),
        ({"url": "http://169.254.169.254/latest"}, 422, "inside a network"),
        ({"url": "https://hooks.example.org/\x00"}, 422, "not understood"),
        ({"url": "https://" + "a" * 2000}, 400, ""),
        ({"events": ["garden.watered"]}, 400, ""),
        ({"secret": "mine"}, 400, ""),
    ],
)
def test_what_cannot_be_told_is_refused(developer, changed, code, said):
    answer = developer.post("/subscriptions", ASKED | changed)
    assert (answer.status_code, said in answer.json()["detail"]) == (code, True), answer.text
    assert developer.get("/subscriptions").json()["subscriptions"] == []


def test_a_site_that_is_not_there_is_the_askers_to_put_right(world):
    answer = world.person("developer").post("/subscriptions", ASKED | {"site": "moor"})
    assert (answer.status_code, "There is no site moor" in answer.json()["detail"]) == (422, True)


def test_who_edits_one_site_neither_sees_nor_changes_what_is_of_another_or_of_all(world, developer):
    house = world.person("developer")
    whole, own = subscribed(house, site=""), subscribed(house)
    for asked in ({"site": ""}, {"site": "moor"}):
        assert developer.post("/subscriptions", ASKED | asked).status_code == 403
    stranger = world.person("developer", "moor")
    for asker, made in ((developer, whole), (stranger, own), (stranger, whole)):
        for method, what, body in (
            ("GET", "", None),
            ("DELETE", "", None),
            ("PUT", "/state", {"on": False}),
            ("POST", "/secret", {}),
            ("POST", "/test", {}),
            ("GET", "/messages", None),
            ("POST", "/retry", {"messages": ["msg_1"]}),
        ):
            assert asker.ask(method, at(made, what), json=body, headers=ANY).status_code == 403, (method, what)
    seen = [developer.get("/subscriptions"), developer.get("/subscriptions?site=demo")]
    assert [[one["subscription"] for one in page.json()["subscriptions"]] for page in seen] == [
        [own["subscription"]]
    ] * 2
    assert stranger.get("/subscriptions").json()["subscriptions"] == []
    assert [one["on"] for one in house.get("/subscriptions").json()["subscriptions"]] == [True, True]
    assert house.get(at(whole, "/messages")).json()["messages"] == []


def test_a_program_with_the_scope_subscribes(world):
    program = world.program("webhooks:edit")
    assert subscribed(program)["site"] == "demo"
    assert world.program("deployments:make").post("/subscriptions", ASKED).status_code == 403


def test_lists_come_in_pages(world, developer):
    made = [subscribed(developer, url=f"https://hooks.example.org/{number}")["subscription"] for number in range(3)]
    page = developer.get("/subscriptions?most=2").json()
    rest = developer.get(f"/subscriptions?most=2&cursor={page['cursor']}").json()
    assert [one["subscription"] for one in (*page["subscriptions"], *rest["subscriptions"])] == made
    assert rest["cursor"] is None


@pytest.mark.parametrize(
    "what", ["/{zero}", "/{zero}/messages", "?site={zero}", "?cursor={zero}", "/{own}/messages?cursor={zero}"]
)
def test_a_name_that_no_database_takes_is_not_understood(developer, what):
    path = what.format(zero="%00", own=subscribed(developer)["subscription"])
    assert developer.get(f"/subscriptions{path}").status_code == 400


def test_switched_off_it_hears_nothing_and_nobody_overwrites_what_another_said(world, developer):
    with receiving() as receiver:
        made = subscribed(developer, url=receiver.url)
        tag = developer.get(at(made)).headers["ETag"]
        off = {"on": False, "why": "They are moving."}
        assert developer.ask("PUT", at(made, "/state"), json=off).status_code == 428
        told = developer.ask("PUT", at(made, "/state"), json=off, headers={"If-Match": tag})
        assert (told.status_code, told.json()["on"], told.json()["why"]) == (200, False, "They are moving.")
        assert told.headers["ETag"] == developer.get(at(made)).headers["ETag"] != tag
        late = developer.ask("PUT", at(made, "/state"), json={"on": True}, headers={"If-Match": tag})
        assert late.status_code == 412
        deployed(world)
        assert receiver.told == []
        again = {"If-Match": told.headers["ETag"]}
        assert developer.ask("PUT", at(made, "/state"), json={"on": True}, headers=again).json()["why"] == ""
        assert developer.get(at(made), headers={"If-None-Match": tag}).status_code == 304


def test_a_new_secret_signs_beside_the_old_one(world, developer):
    with receiving() as receiver:
        made = subscribed(developer, url=receiver.url)
        answer = developer.post(at(made, "/secret"), {"days": 1})
        assert (answer.status_code, answer.json()["subscription"]) == (201, made["subscription"])
        assert developer.post(at(made, "/secret"), {"days": 32}).status_code == 400
        assert developer.post(at(made, "/test")).json()["status"] == "delivered"
    (got,) = receiver.told
    proof = [got.headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp")]
    for secret in (made["secret"], answer.json()["secret"]):
        assert is_standard([secret], *proof, got.body, world.service.clock())


def test_a_test_says_how_it_was_answered(developer):
    with receiving(status(500, b"The gate is shut")) as receiver:
        made = subscribed(developer, url=receiver.url)
        failed = developer.post(at(made, "/test")).json()
        receiver.answer = status(200, b"Heard")
        heard = developer.post(at(made, "/test")).json()
    assert (failed["event"], failed["status"], failed["code"]) == ("webhook.test", "failed", 500)
    assert (heard["status"], heard["answer"]) == ("delivered", "Heard")


def test_what_failed_is_found_by_its_status_and_sent_again(world, developer):
    with receiving(status(500)) as receiver:
        made, other = subscribed(developer, url=receiver.url), subscribed(developer)
        failed = [developer.post(at(made, "/test")).json()["message"] for _ in range(3)]
        receiver.answer = status(204)
        well = developer.post(at(made, "/test")).json()["message"]
        page = developer.get(at(made, "/messages?status=failed&most=2")).json()
        rest = developer.get(at(made, f"/messages?status=failed&most=2&cursor={page['cursor']}")).json()
        found = [one["message"] for one in (*page["messages"], *rest["messages"])]
        assert (found, rest["cursor"]) == (failed[::-1], None)
        assert developer.get(at(made, "/messages?cursor=gone")).status_code == 422
        assert developer.post(at(other, "/retry"), {"messages": failed}).status_code == 404
        assert developer.post(at(made, "/retry"), {"messages": [*failed, well]}).status_code == 409
        assert developer.post(at(made, "/retry"), {"messages": [*failed, "msg_1"]}).status_code == 404
        assert developer.post(at(made, "/retry"), {"messages": []}).status_code == 400
        assert len(developer.get(at(made, "/messages?status=failed")).json()["messages"]) == 3
        again = developer.post(at(made, "/retry"), {"messages": [*failed, failed[0]]}).json()["messages"]
        assert [(one["message"], one["status"]) for one in again] == [(one, "waiting") for one in failed]
        world.work()
        told = developer.get(at(made, "/messages")).json()["messages"]
    assert {one["status"] for one in told} == {"delivered"}
    assert sorted(receiver.ids[4:]) == sorted(failed)


def test_who_is_removed_is_gone_with_all_that_was_to_be_told(developer):
    made = subscribed(developer)
    assert developer.ask("DELETE", at(made)).status_code == 428
    tag = developer.get(at(made)).headers["ETag"]
    developer.ask("PUT", at(made, "/state"), json={"on": False}, headers=ANY)
    assert developer.ask("DELETE", at(made), headers={"If-Match": tag}).status_code == 412
    gone = developer.ask("DELETE", at(made), headers=ANY)
    assert (gone.status_code, gone.json()["url"]) == (200, made["url"])
    assert developer.get(at(made)).status_code == 404
    assert developer.get(at(made, "/messages")).status_code == 404


def test_the_journal_says_who_did_it_and_names_no_address(world, developer):
    made = subscribed(developer)
    developer.ask("DELETE", at(made), headers=ANY)
    entries = world.person("administrator").get("/audit?by=developer.demo.@office.example").json()["entries"]
    assert [one["verb"] for one in entries] == ["subscribe", "unsubscribe"]
    assert "hooks.example.org" not in json.dumps(entries)
