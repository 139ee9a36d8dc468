"""The hooks commands, and the whole way through real doors: a signed push comes in, a deployment is told of."""

import json
import os
import signal
import subprocess
import urllib.request
from contextlib import contextmanager

import pytest

from tests.cli.houses import SCRIPT, git
from tests.domain.test_pushes import github, of_github
from tests.hook_receiver import receiving, status
from tests.processes import PATIENCE, until
from tm_service.domain.signatures import is_same, standard


@pytest.fixture(autouse=True)
def _inside(monkeypatch):
    """Receivers of tests are on this machine."""
    monkeypatch.setenv("TM_SERVICE_HOOKS_PRIVATE", "1")


def test_a_subscription_is_added_listed_tested_and_removed(house):
    with receiving(status(200, b"Heard")) as receiver:
        made = house.ask("hooks", "add", receiver.url, "--site", "reef", "--event", "deployment.made")
        assert made["secret"].startswith("whsec_")
        assert (made["site"], made["events"], made["on"]) == ("reef", ["deployment.made"], True)
        (listed,) = house.ask("hooks", "list")["subscriptions"]
        assert listed == {name: said for name, said in made.items() if name != "secret"}
        tested = house.ask("hooks", "test", made["subscription"])
        assert (tested["status"], tested["code"], tested["answer"]) == ("delivered", 200, "Heard")
    failed = house.ask("hooks", "test", made["subscription"], code=1)
    assert (failed["status"], failed["code"]) == ("failed", 0)
    shown = [one["message"] for one in house.ask("hooks", "deliveries")["deliveries"]]
    assert shown == [failed["message"], tested["message"]]
    assert len(house.ask("hooks", "deliveries", "--status", "failed")["deliveries"]) == 1
    assert house.ask("hooks", "retry", failed["message"])["deliveries"][0]["status"] == "waiting"
    assert house.ask("hooks", "remove", made["subscription"]) == {"removed": made["subscription"]}
    assert house.ask("hooks", "list") == {"subscriptions": []}
    assert house.ask("hooks", "deliveries") == {"deliveries": []}


def test_what_is_shown_to_people_has_no_secret_in_it(house):
    made = house.ask("hooks", "add", "http://127.0.0.1:9/")
    for words in (("hooks", "list"), ("hooks", "deliveries"), ("audit", "list")):
        assert made["secret"] not in house.run(*words).out
    assert "all" in house.run("hooks", "list").out
    house.run("hooks", "test", made["subscription"])
    assert "The connection failed" in house.run("hooks", "deliveries").out


def test_one_that_is_off_needs_a_person(house):
    made = house.ask("hooks", "add", "http://127.0.0.1:9/")["subscription"]
    assert house.ask("hooks", "switch", made, "off", "--why", "They are moving.")["why"] == "They are moving."
    assert "off: They are moving." in house.run("hooks", "list").out
    assert house.run("hooks", "list").code == 1
    assert house.ask("hooks", "switch", made, "on")["on"] is True
    assert house.run("hooks", "list").code == 0


def test_all_that_failed_of_a_subscription_is_tried_again(house):
    made = house.ask("hooks", "add", "http://127.0.0.1:9/")["subscription"]
    for _ in range(3):
        house.ask("hooks", "test", made, code=1)
    assert len(house.ask("hooks", "retry", "--subscription", made)["deliveries"]) == 3
    assert house.ask("hooks", "retry", "--subscription", made)["deliveries"] == []
    assert house.run("hooks", "retry").code == 2


def test_secrets_of_sites_and_subscriptions_are_shown_once(house):
    first, second = (house.ask("hooks", "secret", "reef") for _ in range(2))
    assert (first["path"], first["secret"] != second["secret"]) == ("/api/v1/hooks/reef", True)
    lines = (house.home / "keys" / "hooks" / "reef").read_text().splitlines()
    assert [line.split("\t")[0] for line in lines] == [second["secret"], first["secret"]]
    made = house.ask("hooks", "add", "http://127.0.0.1:9/")
    renewed = house.ask("hooks", "secret", made["subscription"], "--days", "0")
    assert renewed["secret"] not in (made["secret"], "")
    assert not any(made["secret"] in line or renewed["secret"] in line for line in house.dump())
    assert house.run("hooks", "secret", "nobody").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nowhere"), "not understood"),
        (("add", "http://169.254.169.254/"), "inside a network"),
        (("add", "https://ana:pw@hooks.example.org/"), "carries credentials"),
        (("add", "https://hooks.example.org/", "--site", "none"), "no site none"),
        (("remove", "none"), "no subscription none"),
        (("test", "none"), "no subscription none"),
        (("retry", "none"), "no message none"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(house, words, said):
    answer = house.run("hooks", *words)
    assert (answer.code, said in answer.err) == (2, True)


def test_without_the_setting_nothing_goes_inside(house, monkeypatch):
    made = house.ask("hooks", "add", "http://127.0.0.1:9/")["subscription"]
    monkeypatch.delenv("TM_SERVICE_HOOKS_PRIVATE")
    assert house.run("hooks", "add", "http://127.0.0.1:9/").code == 2
    with receiving() as receiver:
        house.ask("hooks", "test", made, code=1)
    assert receiver.told == []


@contextmanager
def served(house):
    """The web page and a worker as a process of their own; gives the page's address."""
    environment = {**os.environ, "TM_SERVICE_HOME": str(house.home)}
    words = [str(SCRIPT), "serve", "--port", "0", "--workers", "1", "--json"]
    with (house.root / "serve.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=house.root, stdout=subprocess.PIPE, stderr=log, env=environment)
    try:
        yield json.loads(process.stdout.readline())["served"].rstrip("/")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def push(address, delivered):
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{address}/api/v1/hooks/reef", delivered.body, dict(delivered.headers), method="POST"
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
        return answer.status, json.load(answer)


@pytest.mark.slow
def test_a_push_is_deployed_and_told_of_through_real_doors(house):
    house.describe('branch     = "main"\n', 'branch     = "main"\nhooks      = { push = ["deploy"] }\n')
    secret = house.ask("hooks", "secret", "reef")["secret"]
    with receiving() as receiver:
        made = house.ask("hooks", "add", receiver.url, "--site", "reef")
        with served(house) as address:
            content = github(after=git(house.site, "rev-parse", "HEAD"))
            code, answer = push(address, of_github(content, secret=secret))
            assert (code, len(answer["jobs"])) == (202, 1)
            assert push(address, of_github(content, secret=secret))[0] == 200
            (told,) = until(lambda: receiver.told)
            kept = until(lambda: house.ask("hooks", "deliveries", "--status", "delivered")["deliveries"])
    assert json.loads(told.body)["data"]["deployment"] == 2
    moment, number = told.headers["webhook-timestamp"], told.headers["webhook-id"]
    assert is_same(standard(made["secret"], number, moment, told.body), told.headers["webhook-signature"])
    assert [one["message"] for one in kept] == [number]
    jobs = [job for job in house.ask("jobs", "list")["jobs"] if job["by"] == "hook@github"]
    assert [(job["kind"], job["status"]) for job in jobs] == [("deploy", "done")]
