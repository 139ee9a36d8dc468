"""Sites over HTTP say what the command line says; who has a part of a site sees it and no other."""

import pytest

from tm_service import shapes

READS = {
    "/sites/demo/changes?ref=2026.4": lambda house: shapes.detected(house.detect("demo", "2026.4")),
    "/sites/demo/estimate?base=2026.1&head=2026.4": lambda house: shapes.estimate(
        house.estimate("demo", "2026.1", "2026.4")
    ),
    "/sites/demo/gate?ref=2026.4": lambda house: shapes.gate(house.check("demo", "2026.4")),
    "/sites/demo/coverage?deployment=4": lambda house: shapes.coverage(house.coverage("demo", 4)),
    "/sites/demo/questions": lambda house: {"questions": list(map(shapes.question, house.handoffs.questions("demo")))},
}


@pytest.mark.parametrize("path", READS)
def test_what_is_read_is_what_the_house_says(shared_world, path):
    answer = shared_world.person("secretariat").get(path)
    assert answer.status_code == 200
    assert answer.json() == READS[path](shared_world.service)


def test_readers_are_told_why_they_see_what_they_see(shared_world):
    house = shared_world.service
    change = house.detect("demo", "2026.4", "2026.1").changes[0]
    where = {"locale": "fr", "resource": change.unit.resource, "key": ".".join(change.unit.key)}
    answer = shared_world.person("translator", "demo", "fr").get("/sites/demo/explanation", params=where)
    found = house.explain("demo", *where.values())
    past = house.releases.history("demo", "fr", where["resource"], change.unit.key)
    makers = house.releases.makers("demo", range(1, 6))
    assert answer.json() == shapes.explanation("demo", "fr", where["resource"], found, past, makers)
    story = answer.json()["history"]
    assert [story[0]["last"], story[0]["text"], story[-1]["by"]] == [5, found.entry.text, "tm-service"]
    earlier = shared_world.person("developer").get(
        "/sites/demo/explanation", params=where | {"before": story[0]["first"]}
    )
    assert earlier.json()["history"] == story[1:]
    first = shared_world.person("developer").get(
        "/sites/demo/explanation", params=where | {"deployment": story[-1]["first"]}
    )
    assert (first.json()["text"], first.json()["deployment"]) == (story[-1]["text"], story[-1]["first"])
    lost = shared_world.person("developer").get("/sites/demo/explanation", params=where | {"locale": "xx"})
    assert (lost.status_code, lost.json()["type"]) == (404, "urn:tm-service:problem:not-found")


def test_who_has_a_part_of_a_site_sees_that_site(shared_world):
    assert shared_world.person("translator", "demo", "fr").get("/sites").json()["sites"][0]["deployment"] == 5
    assert shared_world.person("translator", "reef", "fr").get("/sites").json() == {"sites": []}
    assert shared_world.person("translator", "reef", "fr").get("/sites/demo").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sites/demo/changes?ref=-x", 422),
        ("/sites/demo/changes?ref=no-such-tag", 404),
        ("/sites/demo/coverage?deployment=99", 404),
        ("/sites/nothing", 404),
    ],
)
def test_what_is_not_there_or_cannot_be_is_told_in_one_sentence(shared_world, path, status):
    answer = shared_world.person("administrator").get(path)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("path", ["/sites/demo/coverage?deployment=0", "/sites/demo/estimate?base=2026.1"])
def test_what_makes_no_sense_names_where(shared_world, path):
    answer = shared_world.person("administrator").get(path)
    assert (answer.status_code, "query" in answer.json()["detail"]) == (400, True)


def test_a_problem_is_told_in_the_language_of_who_asks(shared_world):
    answer = shared_world.nobody().get("/sites", headers={"Accept-Language": "ar"})
    assert answer.headers["Content-Language"] == "ar"
    assert answer.json()["title"] != shared_world.nobody().get("/sites").json()["title"]


def test_the_memory_learns_when_it_is_asked_to(world):
    secretariat = world.person("secretariat")
    job = secretariat.post("/sites/demo/learning", {"history": True}, headers={"Prefer": "respond-async"}).json()
    world.work()
    assert secretariat.get(f"/jobs/{job['job']}").json()["result"]["translations"] >= 0
