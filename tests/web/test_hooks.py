"""Hooks: deliveries as git hosts send them, at the door of a house over a real store."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.domain.test_pushes import AFTER, ZEROS, github, gitlab, of_gitea, of_github, of_gitlab, of_signing_gitlab
from tests.fakes import SITE, new_house
from tests.web.house import Visitor
from tm_service.domain.jobs import JobKind
from tm_service.domain.site import Hooks
from tm_service.hook_secrets import HookSecrets
from tm_service.storage.jobs import Jobs
from tm_service.web import hooks as door
from tm_service.web.app import make_app
from tm_service.webhook_verbs import Outside

PATH = "/api/v1/hooks/garden"
REPOSITORY = "https://git.example.org/parks/seafloor"


class Unused:
    """What has nothing to do with deliveries that come in."""


@pytest.fixture
def house(tmp_path):
    made = new_house(tmp_path, replace(SITE, repository=REPOSITORY))
    made.write({"text/home.json": {"lead": "Gather the seeds of every plant"}})
    outside = Outside(HookSecrets(tmp_path / "hooks"), Unused(), Unused())
    hinted = []
    clock = made.repository.clock
    made.service = replace(made.service, outside=lambda: outside, hint=hinted.append, clock=lambda: clock.now)
    made.hinted = hinted
    yield made
    made.store.close()


@pytest.fixture
def secret(house):
    return house.service.webhooks.renew_hook("garden", timedelta(days=7))


@pytest.fixture
def visitor(house):
    return Visitor(make_app(house.service))


def deliver(visitor, delivered, path=PATH):
    return visitor.ask("POST", path, content=delivered.body, headers=dict(delivered.headers))


def jobs(house):
    return list(reversed(house.service.jobs.listed()))


def notes(house):
    with house.store.read() as tx:
        return [line for line in tx.audit() if line.entry.verb == "hook"]


HOSTS = [
    lambda secret, **about: of_github(github(), secret=secret, **about),
    lambda secret, **about: of_gitea(github(), secret=secret, **about),
    lambda secret, **about: of_gitlab(gitlab(), token=secret, **about),
]


@pytest.mark.parametrize("made", HOSTS)
def test_a_push_asks_for_a_job_once_however_often_it_is_delivered(house, visitor, secret, made):
    first = deliver(visitor, made(secret, number="d-1"))
    assert first.status_code == 202, first.text
    (job,) = jobs(house)
    assert (job.kind, job.site, job.arguments, first.json()["jobs"]) == (JobKind.SYNC, "garden", {}, [job.id])
    assert [one.id for one in house.hinted] == [job.id]
    again = deliver(visitor, made(secret, number="d-1"))
    assert (again.status_code, again.json()["jobs"]) == (200, [job.id])
    assert "delivered before" in again.json()["detail"]
    assert [one.id for one in jobs(house)] == [job.id]
    assert len(notes(house)) == 1


def test_what_was_signed_and_caught_is_the_same_under_another_number(house, visitor, secret):
    caught = of_github(github(), secret=secret, number="d-1")
    assert deliver(visitor, caught).status_code == 202
    replayed = replace(caught, headers={**caught.headers, "x-github-delivery": "d-2"})
    assert deliver(visitor, replayed).status_code == 200
    assert len(jobs(house)) == 1


def test_a_signing_gitlab_is_heard(house, visitor, secret):
    at = house.repository.clock.now
    assert deliver(visitor, of_signing_gitlab(gitlab(), secret=secret, at=at)).status_code == 202
    assert deliver(visitor, of_signing_gitlab(gitlab(), secret=secret, at=at)).status_code == 200
    assert deliver(visitor, of_signing_gitlab(gitlab(), secret=secret, at=at, number="d-2")).status_code == 202
    late = of_signing_gitlab(gitlab(), secret=secret, at=at - timedelta(minutes=6), number="d-3")
    assert deliver(visitor, late).status_code == 401
    assert len(jobs(house)) == 2


def test_the_settings_say_what_a_push_and_a_tag_bring(house, visitor, secret):
    kinds = (JobKind.PACKAGE, JobKind.DEPLOY)
    house.site = replace(house.site, hooks=Hooks(push=kinds, tag=(JobKind.DEPLOY,), tags="v*", push_catalogs=True))
    assert deliver(visitor, of_github(github(), secret=secret)).status_code == 202
    assert deliver(visitor, of_github(github("refs/tags/v3"), secret=secret)).status_code == 202
    assert [(job.kind, job.arguments) for job in jobs(house)] == [
        (JobKind.PACKAGE, {}), (JobKind.DEPLOY, {"push": True}), (JobKind.DEPLOY, {"ref": "v3", "push": True})
    ]  # fmt: skip


def test_the_journal_says_which_host_brought_it_and_by_which_delivery(house, visitor, secret):
    deliver(visitor, of_github(github(), secret=secret, number="d-1"))
    (line,) = notes(house)
    assert (line.caller.name, line.caller.kind, line.caller.door) == ("hook@github", "client", "web")
    assert line.details == {"delivery": "d-1", "jobs": [jobs(house)[0].id]}
    assert jobs(house)[0].by == "hook@github"


@pytest.mark.parametrize(
    ("content", "event", "said"),
    [
        ({"zen": "Sow thinly."}, "ping", "is set up"),
        (github(), "issues", "neither a push nor a tag"),
        (github("refs/heads/other"), "push", "is built from main"),
        (github("refs/tags/v1"), "push", "nothing to do"),
        (github(after=ZEROS, deleted=True), "push", "was deleted"),
        (github(repository={"clone_url": "https://git.example.org/parks/reef"}), "push", "not of the repository"),
        (["?"], "push", "names neither"),
    ],
)
def test_what_brings_nothing_is_answered_with_a_sentence(house, visitor, secret, content, event, said):
    answer = deliver(visitor, of_github(content, event=event, secret=secret))
    assert (answer.status_code, answer.json()["jobs"]) == (202, [])
    assert said in answer.json()["detail"]
    assert jobs(house) == notes(house) == []


def test_our_own_push_brings_nothing(house, visitor, secret):
    house.deploy()
    with house.store.begin() as tx:
        tx.set_commit("garden", 1, AFTER)
    answer = deliver(visitor, of_github(github(), secret=secret))
    assert (answer.status_code, "pushed itself" in answer.json()["detail"]) == (202, True)


WRONG = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBob3VzZSBhdCBhbGw="


@pytest.mark.parametrize(
    "delivered",
    [
        of_github(github(), secret=WRONG),
        of_gitea(github(), secret=WRONG),
        of_gitlab(gitlab(), token=WRONG),
        of_gitlab(gitlab(), token=""),
        of_signing_gitlab(gitlab(), secret=WRONG),
        of_github({"zen": "?"}, event="ping", secret=WRONG),
        replace(of_github(github()), headers={}),
    ],
)
def test_who_does_not_know_the_secret_is_nobody_and_learns_nothing(house, visitor, secret, delivered):
    answers = [deliver(visitor, delivered, path) for path in (PATH, "/api/v1/hooks/none")]
    assert [answer.status_code for answer in answers] == [401, 401]
    told = [{name: said for name, said in answer.json().items() if name != "instance"} for answer in answers]
    assert told[0] == told[1]
    assert answers[0].headers["Content-Type"] == "application/problem+json"
    assert "WWW-Authenticate" in answers[0].headers
    assert jobs(house) == []


def test_a_site_without_a_secret_hears_nobody(house, visitor):
    assert deliver(visitor, of_gitlab(gitlab(), token="")).status_code == 401
    assert deliver(visitor, of_github(github(), secret="")).status_code == 401


def test_a_secret_that_cannot_be_read_lets_nobody_in_and_is_told_to_the_log_alone(house, visitor, secret, caplog):
    house.site = replace(house.site, hooks=Hooks(secret="/nowhere/garden.secret"))  # noqa: S106 - a path
    answer = deliver(visitor, of_github(github(), secret=secret))
    assert (answer.status_code, "nowhere" in answer.text) == (401, False)
    assert "/nowhere/garden.secret" in caplog.text


def test_both_secrets_are_good_during_a_rotation(house, visitor, secret):
    newer = house.service.webhooks.renew_hook("garden", timedelta(days=7))
    for number, one in enumerate((secret, newer)):
        assert deliver(visitor, of_github(github(number=number), secret=one)).status_code == 202
    house.repository.clock.now += timedelta(days=8)
    assert deliver(visitor, of_github(github(number=3), secret=secret)).status_code == 401
    assert deliver(visitor, of_github(github(number=4), secret=newer)).status_code == 202


async def pieces(size, count):
    for _ in range(count):
        yield b"x" * size


async def stream(app, content, headers):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.post(PATH, content=content, headers=headers)


def test_a_body_that_is_too_large_is_not_read_whatever_it_says_of_itself(house, visitor, secret):
    app = visitor.app
    told = asyncio.run(stream(app, b"x" * 5_000_001, {}))
    assert told.status_code == 413
    untold = asyncio.run(stream(app, pieces(1_000_000, 9), {"Transfer-Encoding": "chunked"}))
    assert untold.status_code == 413
    assert untold.headers["Content-Type"] == "application/problem+json"


def test_a_body_that_does_not_come_is_not_waited_for(house, visitor, secret, monkeypatch):
    monkeypatch.setattr(door, "_PATIENCE", 0.05)

    async def slow():
        yield b"{"
        await asyncio.sleep(20)

    assert asyncio.run(stream(visitor.app, slow(), {})).status_code == 408


def test_a_delivery_of_thousands_of_commits_is_heard(house, visitor, secret):
    commits = [{"id": f"{number:040x}", "message": "Plant a row of trees"} for number in range(2048)]
    assert deliver(visitor, of_github(github(commits=commits), secret=secret)).status_code == 202


def test_only_deliveries_come_in_here(visitor, secret):
    assert visitor.get(PATH).status_code in (404, 405)


def test_many_jobs_of_one_delivery_are_asked_for_together_or_not_at_all(house, visitor, secret, monkeypatch):
    house.site = replace(house.site, hooks=Hooks(push=(JobKind.LEARN, JobKind.PACKAGE)))
    ask = Jobs.ask_job

    def fail(self, asked):
        if asked.kind is JobKind.PACKAGE:
            raise RuntimeError
        return ask(self, asked)

    monkeypatch.setattr(Jobs, "ask_job", fail)
    assert deliver(visitor, of_github(github(), secret=secret)).status_code == 500
    assert jobs(house) == house.hinted == []
    monkeypatch.undo()
    answer = deliver(visitor, of_github(github(), secret=secret))
    assert (answer.status_code, len(json.loads(answer.text)["jobs"])) == (202, 2)
