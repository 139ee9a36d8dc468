"""Deployments over HTTP: waited for or looked up later, once for each key, refused as the house refuses."""

import io
import zipfile
from threading import Thread

import pytest

from tm_service.domain.jobs import JobStatus
from tm_service.worker.runner import Worker

LATER = {"Prefer": "respond-async"}


def test_a_deployment_is_asked_for_done_and_looked_up(world, developer):
    asked = developer.post("/sites/demo/deployments", {"ref": "2026.4"}, headers=LATER)
    assert (asked.status_code, asked.headers["Preference-Applied"]) == (202, "respond-async")
    assert asked.json()["status"] == "waiting"
    where = asked.headers["Location"].removeprefix("/api/v1")
    world.work()
    done = developer.get(where).json()
    assert (done["status"], done["result"]) == ("done", {"deployments": [{"site": "demo", "deployment": 6}]})
    assert done["by"] == "developer..@office.example"
    made = developer.get("/sites/demo/deployments/6").json()
    assert (made["deployment"], made["ref"]) == (6, "2026.4")
    line = world.service.audit.listed("demo")[-1]
    assert (line.entry.verb, line.caller.name, line.caller.door) == ("deploy", done["by"], "worker")


def test_who_waits_gets_the_deployment_itself(world, developer):
    worker = Worker(world.service, "beside")
    beside = Thread(target=worker.run, kwargs={"nap": 0.05})
    beside.start()
    try:
        answer = developer.post("/sites/demo/deployments", {"ref": "2026.4"}, headers={"Prefer": "wait=20"})
    finally:
        worker.stop.set()
        beside.join()
    assert (answer.status_code, answer.json()["status"]) == (200, "done")
    assert answer.headers["Preference-Applied"] == "wait=20"


def test_who_does_not_wait_long_enough_is_told_where_to_look(developer):
    answer = developer.post("/sites/demo/deployments", {}, headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "2")


def test_the_same_key_is_the_same_deployment(world, developer):
    headers = LATER | {"Idempotency-Key": "release-77"}
    first, again = (developer.post("/sites/demo/deployments", {"ref": "2026.4"}, headers=headers) for _ in range(2))
    assert first.json()["job"] == again.json()["job"]
    other = developer.post("/sites/demo/deployments", {"ref": "2026.3"}, headers=headers)
    assert other.status_code == 409
    world.work()
    assert developer.post("/sites/demo/deployments", {"ref": "2026.4"}, headers=headers).status_code == 200
    assert len(developer.get("/sites/demo/deployments").json()["deployments"]) == 6


def test_two_people_may_use_the_same_key(world, developer):
    headers = LATER | {"Idempotency-Key": "1"}
    others = world.person("administrator").post("/sites/demo/deployments", {}, headers=headers).json()
    assert developer.post("/sites/demo/deployments", {}, headers=headers).json()["job"] != others["job"]


def test_a_deployment_that_fails_is_a_problem_with_its_job(world, developer):
    headers = LATER | {"Idempotency-Key": "x"}
    job = developer.post("/sites/demo/deployments", {"ref": "no-such-tag"}, headers=headers).json()["job"]
    world.work()
    assert world.service.jobs.find(job).status is JobStatus.FAILED
    answer = developer.post("/sites/demo/deployments", {"ref": "no-such-tag"}, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["type"]) == (404, "urn:tm-service:problem:not-found")
    assert "no-such-tag" in told["detail"]
    assert told["job"]["job"] == job


def test_who_may_deploy_one_site_takes_no_other_with_it(world):
    one = world.person("developer", "demo")
    answer = one.post("/sites/demo/deployments", {"with": ["reef"]}, headers=LATER)
    assert (answer.status_code, "on reef" in answer.json()["detail"]) == (403, True)
    assert world.service.jobs.listed() == []


@pytest.mark.parametrize("body", [{"reff": "x"}, {"ref": 3}, {"push": "perhaps"}, {"with": "demo"}, [], None, "x"])
def test_what_makes_no_sense_is_refused_before_anything_is_asked(world, developer, body):
    answer = developer.ask("POST", "/sites/demo/deployments", json=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert world.service.jobs.listed() == []


def test_an_earlier_deployment_is_restored_and_its_catalogs_are_downloaded(world, developer):
    restored = developer.post("/sites/demo/deployments/3/restoration").json()
    assert restored["restores"] == 3
    content = developer.get(f"/sites/demo/deployments/{restored['deployment']}/catalogs").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == world.service.catalogs("demo", 3)


def test_deployments_are_paged(developer):
    seen, cursor = [], ""
    while cursor is not None:
        page = developer.get(f"/sites/demo/deployments?most=2&cursor={cursor}").json()
        assert len(page["deployments"]) <= 2
        seen += [one["deployment"] for one in page["deployments"]]
        cursor = page["cursor"]
    assert seen == [5, 4, 3, 2, 1]
    assert developer.get("/sites/demo/deployments?cursor=gone").status_code == 422


def test_a_waiver_is_signed_by_the_person_who_asks(world):
    secretariat = world.person("secretariat")
    unit = world.service.detect("demo", "2026.4", "2026.1").changes[0].unit
    key = ".".join(unit.key)
    body = {"locale": "fr", "resource": unit.resource, "key": key, "reason": "Over.", "until": "2030-01-01T00:00:00Z"}
    answer = secretariat.post("/sites/demo/waivers", body)
    assert (answer.status_code, answer.json()["by"]) == (200, "secretariat..@office.example")
    nowhere = secretariat.post("/sites/demo/waivers", body | {"until": "2030-01-01T00:00:00"})
    assert nowhere.status_code == 400
