"""Kept answers: a call with a key is done once, whoever asks again, whatever happens in between; on both databases."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import text

from tests.databases import migrated, migrated_file, postgres, store, tables, url  # noqa: F401 - fixtures
from tests.web.api.conftest import Asking
from tests.web.api.keyed import PLACE, keyed_app
from tm_service.web.api.description import functions
from tm_service.web.api.kept_answers import KeptRoute

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MOSS = {"plant": "moss"}


@dataclass
class Garden:
    """The application with its house, and what was planted in it."""

    world: object
    home: object
    url: str
    file: object
    now: datetime = NOW

    def app(self, between=lambda: None):
        return keyed_app(self.home, self.url, self.file, between, lambda: self.now)

    def asker(self, app=None, role="administrator"):
        token = self.world.person(role).headers["Authorization"]
        return Asking(app or self.app(), {"Authorization": token})

    @property
    def planted(self):
        return self.file.read_text().split("\n")[:-1] if self.file.exists() else []

    @property
    def keys(self):
        with self.world.kept.connected("read") as connection:
            return [dict(row) for row in connection.execute(text("SELECT * FROM kept_answer")).mappings()]


@pytest.fixture
def garden(world, tmp_path, url, store):  # noqa: F811 - fixtures' names
    world.kept = store
    return Garden(world, tmp_path / "home", url, tmp_path / "planted")


def keyed(asker, key, body=None, **headers: str):
    return asker.post(PLACE, body or MOSS, headers={"Idempotency-Key": key, **headers})


def test_who_asks_again_gets_the_same_answer_and_nothing_is_done_twice(garden):
    asker = garden.asker()
    first, second = keyed(asker, "spring-1"), keyed(asker, "spring-1")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    for name in ("Location", "Content-Type", "Set-Cookie", "Content-Length"):
        assert first.headers.get_list(name) == second.headers.get_list(name)
    assert (first.headers.get("Idempotency-Replayed"), second.headers.get("Idempotency-Replayed")) == (None, "true")
    assert len(second.headers.get_list("Set-Cookie")) == 2
    assert garden.planted == ["moss"]


def test_a_key_in_quotation_marks_is_the_same_key(garden):
    asker = garden.asker()
    keyed(asker, "spring-1")
    assert keyed(asker, '"spring-1"').headers["Idempotency-Replayed"] == "true"


def test_without_a_key_everything_is_done_each_time(garden):
    asker = garden.asker()
    assert [asker.post(PLACE, MOSS).status_code for _ in range(2)] == [201, 201]
    assert garden.planted == ["moss", "moss"]
    assert garden.keys == []


def test_a_key_serves_one_request_only(garden):
    asker = garden.asker()
    keyed(asker, "spring-1")
    for answer in (
        keyed(asker, "spring-1", {"plant": "fern"}),
        asker.post(f"{PLACE}?again=1", MOSS, headers={"Idempotency-Key": "spring-1"}),
        keyed(asker, "spring-1", **{"If-Match": '"seen"'}),
    ):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:tm-service:problem:key-used"
        assert answer.json()["detail"] == "This key was used for another request; use a new one."
    assert garden.planted == ["moss"]


def test_a_key_is_its_askers_own(garden):
    app = garden.app()
    askers = [garden.asker(app), *(Asking(app, garden.world.program("sites:edit").headers) for _ in range(2))]
    for _again in range(2):
        answers = [keyed(asker, "k") for asker in askers]
        assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert garden.planted == ["moss", "moss", "moss"]


def test_a_key_opens_nothing_that_is_not_allowed(garden):
    app = garden.app()
    keyed(garden.asker(app), "k")
    assert keyed(garden.asker(app, "translator"), "k").status_code == 403
    assert keyed(Asking(app, {}), "k").status_code == 401
    assert len(garden.keys) == 1


@pytest.mark.parametrize("plant", ["thistle", "nettle", "dock"])
def test_what_was_refused_or_failed_may_be_asked_again(garden, plant):
    asker = garden.asker()
    statuses = {keyed(asker, "k", {"plant": plant}).status_code for _ in range(2)}
    assert statuses == {{"thistle": 404, "nettle": 500, "dock": 422}[plant]}
    assert garden.keys == []
    assert keyed(asker, "k").status_code == 201


def test_what_was_not_understood_takes_no_key(garden):
    asker = garden.asker()
    assert keyed(asker, "k", {"plant": 7}).status_code == 400
    assert keyed(asker, "k" * 161).status_code == 400
    assert keyed(asker, "k").status_code == 201


def test_an_answer_too_large_to_be_kept_is_not_made_again(garden):
    asker, much = garden.asker(), {"plant": "moss", "size": 400_000}
    assert keyed(asker, "k", much).status_code == 201
    again = keyed(asker, "k", much)
    assert (again.status_code, again.json()["type"]) == (409, "urn:tm-service:problem:answer-not-kept")
    assert garden.planted == ["moss"]


def test_a_key_is_as_new_after_a_day(garden):
    asker = garden.asker(garden.app())
    keyed(asker, "old")
    garden.now += timedelta(days=1, seconds=1)
    assert keyed(asker, "old", {"plant": "fern"}).status_code == 201
    keyed(asker, "young")
    assert garden.planted == ["moss", "fern", "moss"]
    assert len(garden.keys) == 2


def test_a_database_alone_tells_neither_keys_nor_requests_nor_answers(garden):
    keyed(garden.asker(), "spring-1", {"plant": "a rare orchid"})
    (kept,) = garden.keys
    said = repr(kept)
    for secret in ("spring-1", "orchid", "office.example", "beds"):
        assert secret not in said


def test_the_parts_of_a_form_are_the_same_whatever_stands_between_them(garden):
    asker = garden.asker()
    answers = [
        asker.ask("POST", "/sheds", files={"file": ("a.txt", b"moss")}, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert answers[0].status_code == 200
    other = asker.ask("POST", "/sheds", files={"file": ("a.txt", b"fern")}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 422


def test_two_that_ask_at_once_under_one_key_plant_once(garden):
    """Real threads, each with an application and connections of its own."""
    starting, under_way, go_on = Barrier(4), Event(), Event()

    def between():
        under_way.set()
        go_on.wait(30)

    def ask(app):
        starting.wait(30)
        answer = keyed(garden.asker(app), "k")
        if answer.status_code == 409:
            go_on.set()
        return answer

    apps = [garden.app(between) for _ in range(4)]
    for app in apps:
        assert keyed(garden.asker(app), "k", {"plant": 7}).status_code == 400  # its functions are put together once
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, apps))
    assert under_way.is_set()
    assert garden.planted == ["moss"]
    assert sorted(answer.status_code for answer in answers) in (
        [201, 409, 409, 409],
        [201, 201, 409, 409],
        [201, 201, 201, 409],
    )
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["type"] == "urn:tm-service:problem:under-way"
            assert 1 <= int(answer.headers["Retry-After"]) <= 5
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers if answer.status_code == 201) == 1


@pytest.mark.slow
def test_a_request_whose_process_was_killed_is_done_again_only_when_its_lease_is_over(garden):
    token = garden.asker().headers["Authorization"].removeprefix("Bearer ")
    command = [sys.executable, "-m", "tests.web.api.keyed", garden.home, garden.url, garden.file, token, "k"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "planted\n"
    finally:
        process.kill()
        process.communicate()
    (kept,) = garden.keys
    garden.now = datetime.now(UTC)
    app = garden.app()
    refused = keyed(garden.asker(app), "k")
    assert (refused.status_code, refused.headers["Retry-After"]) == (409, "5")
    assert garden.planted == ["moss"]
    garden.now += timedelta(minutes=5)
    assert keyed(garden.asker(app), "k").status_code == 201
    assert keyed(garden.asker(app), "k").headers["Idempotency-Replayed"] == "true"
    assert garden.planted == ["moss", "moss"]
    assert garden.keys[0]["attempt"] != kept["attempt"]


def test_an_attempt_that_wakes_up_late_keeps_nothing(garden):
    """Its key is another's by then."""
    asleep, wake = Event(), Event()

    def between():
        asleep.set()
        wake.wait(30)

    slow, app = garden.app(between), garden.app()
    garden.asker()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(keyed, garden.asker(slow), "k")
        assert asleep.wait(30)
        garden.now += timedelta(minutes=6)
        assert keyed(garden.asker(app), "k").status_code == 201
        (before,) = garden.keys
        wake.set()
        assert late.result(30).status_code == 201
    assert garden.keys == [before]


# Bytes of an upload, which say by their offset what was done already.
SENT_ON = ("continue_upload", "reach_upload")


def test_every_function_that_changes_something_takes_a_key(shared_world):
    for route in functions(shared_world.app):
        if route.include_in_schema:
            changes = bool(route.methods - {"GET", "HEAD", "OPTIONS"}) and route.name not in SENT_ON
            assert isinstance(route, KeptRoute), route.path
            assert changes == (route.keeps or route.is_job), route.path
            assert not (route.keeps and route.is_job)
