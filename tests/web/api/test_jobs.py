"""Jobs over HTTP: listed, followed as they happen, taken back, tried again."""

import asyncio
import json

import httpx
import pytest

from tm_service.domain.jobs import JobKind
from tm_service.web.api import watch


@pytest.fixture
def job(world):
    return world.service.jobs.ask(JobKind.DEPLOY, "demo", {"ref": "2026.4"}, by="amina")


def test_jobs_are_listed_by_site_and_status_the_newest_first(world, developer, job):
    later = world.service.jobs.ask(JobKind.LEARN, "demo", {}, by="amina")
    assert [one["job"] for one in developer.get("/jobs").json()["jobs"]] == [later.id, job.id]
    page = developer.get("/jobs?most=1").json()
    assert [one["job"] for one in developer.get(f"/jobs?most=1&cursor={page['cursor']}").json()["jobs"]] == [job.id]
    assert developer.get("/jobs?cursor=gone").status_code == 422, "a list that ends silently would be taken for whole"
    assert developer.get("/jobs?status=done").json()["jobs"] == []
    assert developer.get("/jobs?status=nonsense").status_code == 400
    assert len(developer.get("/jobs?site=demo&status=waiting&status=running").json()["jobs"]) == 2


def test_jobs_of_other_sites_are_not_shown(world, job):
    stranger = world.person("developer", "reef")
    assert stranger.get("/jobs").json()["jobs"] == []
    assert stranger.get(f"/jobs/{job.id}").status_code == 403
    assert stranger.get("/jobs?site=demo").status_code == 403


def test_a_job_is_taken_back_and_tried_again(world, developer, job):
    assert world.person("translator").post(f"/jobs/{job.id}/cancellation").status_code == 403
    assert developer.post(f"/jobs/{job.id}/cancellation").json()["status"] == "cancelled"
    assert developer.post(f"/jobs/{job.id}/cancellation").status_code == 409
    assert developer.post(f"/jobs/{job.id}/retry").json()["status"] == "waiting"
    assert developer.get("/jobs/nothing").status_code == 404


def test_a_job_that_is_as_it_was_is_not_sent_again(developer, job):
    first = developer.get(f"/jobs/{job.id}")
    again = developer.get(f"/jobs/{job.id}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


async def followed(app, headers, path, act):
    """The events of a job, while `act` is done beside it once the first has come."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        doing = asyncio.create_task(asyncio.to_thread(act))
        answer = await client.get(path, headers=headers)
        await doing
    return answer


def test_a_job_is_followed_until_it_is_over(world, developer, job, monkeypatch):
    monkeypatch.setattr(watch, "_EVERY", 0.02)
    path = f"/api/v1/jobs/{job.id}/events"
    answer = asyncio.run(followed(world.app, developer.headers, path, world.work))
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    lines = answer.text.splitlines()
    events = [line.partition(": ")[2] for line in lines if line.startswith("event")]
    told = [json.loads(line.partition(": ")[2]) for line in lines if line.startswith("data")]
    assert events[-1] == "done"
    assert set(events) <= {"waiting", "running", "done"}
    assert told[-1]["result"] == {"deployments": [{"site": "demo", "deployment": 6}]}
    assert not world.app.state.watch.listeners


def test_many_follow_a_job_by_one_look_at_the_store(world, developer, job, monkeypatch):
    lookers = []
    look_again = watch.Watch._look_again
    monkeypatch.setattr(watch, "_EVERY", 0.02)
    monkeypatch.setattr(watch.Watch, "_look_again", lambda self: lookers.append(self) or look_again(self))

    async def together():
        one = followed(world.app, developer.headers, f"/api/v1/jobs/{job.id}/events", world.work)
        others = [
            followed(world.app, developer.headers, f"/api/v1/jobs/{job.id}/events", lambda: None) for _ in range(20)
        ]
        return await asyncio.gather(one, *others)

    answers = asyncio.run(together())
    assert all("event: done" in answer.text for answer in answers)
    assert lookers == [world.app.state.watch]


def test_who_waits_for_a_job_that_is_gone_keeps_nobody_else_waiting(world, job):
    assert [one.id for one in world.app.state.watch._found(["gone", job.id])] == [job.id]


def test_followers_are_let_go_when_the_house_is_left(world, developer, job):
    world.app.state.leaving.set()
    answer = developer.get(f"/jobs/{job.id}/events")
    assert answer.text.count("event:") == 1


def test_who_may_not_see_a_job_does_not_follow_it(world, job):
    assert world.person("developer", "reef").get(f"/jobs/{job.id}/events").status_code == 403
    assert world.nobody().get(f"/jobs/{job.id}/events").status_code == 401
    assert world.person("developer").get("/jobs/nothing/events").status_code == 404


def test_a_job_of_no_site_is_seen_by_who_asked_and_by_who_sees_the_whole_house(world):
    """A return is of no site before it is read; what it is called is nobody else's business."""
    french = world.person("translator", "demo", "fr")
    job = world.service.jobs.ask_take_in("luc.zip", b"not read yet", by="translator.demo.fr@office.example")
    others = (
        world.person("translator", "demo", "es"),
        world.person("developer", "demo"),
        world.person("developer", "", "fr"),
    )
    for sees in (french, world.person("developer"), world.person("secretariat"), world.program("jobs:read")):
        assert [one["job"] for one in sees.get("/jobs").json()["jobs"]] == [job.id]
        assert sees.get(f"/jobs/{job.id}").json()["arguments"]["name"] == "luc.zip"
    for other in others:
        assert other.get("/jobs").json()["jobs"] == []
        assert other.get(f"/jobs/{job.id}").status_code == 403
        assert other.get(f"/jobs/{job.id}/events").status_code == 403
    for path in ("cancellation", "retry"):
        assert {one.post(f"/jobs/{job.id}/{path}").status_code for one in (french, *others)} == {403}
    assert world.nobody().get(f"/jobs/{job.id}").status_code == 401


def test_what_nobody_in_particular_asked_for_is_nobodys_own(world):
    """Who is not signed in is nobody, and so is the house itself."""
    job = world.service.jobs.ask(JobKind.TIDY, "", {}, by="")
    assert world.person("translator", "demo", "fr").get(f"/jobs/{job.id}").status_code == 403
    assert world.nobody().get(f"/jobs/{job.id}").status_code == 401
