"""What is done daily: all that is over is forgotten, clients are told of what changes, and a backup is written."""

import os
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cli.houses import TOML, House, build
from tests.connectors.mail_servers import Kept, real_server
from tests.people.samples import let_in
from tests.records.samples import A1, EDITOR, article
from tm_service import bootstrap
from tm_service.bootstrap import open_service
from tm_service.bootstrap_backup import open_backups, with_backups
from tm_service.domain import schedule
from tm_service.domain.functions import Deprecated
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.domain.kept_answers import Standing
from tm_service.domain.permissions import Action, Grant, Role
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker
from tm_service.worker.timekeeper import Timekeeper

OLD = Deprecated("returns/v0", date(2026, 11, 1), date(2027, 3, 1), "returns")
PRIVATE = {"TM_SERVICE_HOOKS_PRIVATE": "1"}


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(bootstrap, "_now", made)
    return made


@pytest.fixture
def opened(tmp_path, clock):
    """Opens the house with these settings; all of it has one clock."""

    def opened(**environment: str):
        settings = read_settings(tmp_path / "home", environment)
        return replace(with_backups(open_service(settings), settings), clock=clock)

    return opened


def done(service, kind):
    """What came of a job of this kind, asked for now."""
    asked = service.jobs.ask(kind, "", {}, by="Ana")
    Worker(service, "one", lease=timedelta(hours=1)).run_next()
    return service.jobs.find(asked.id)


# what is over


def test_all_that_is_over_is_forgotten_and_counted(opened, clock):
    service = opened(**PRIVATE)
    people, records = service.people(), service.records()
    ana = people.invite("ana@example.org", "Ana", "en", [Grant(Role.ADMINISTRATOR)]).person
    let_in(people, ana.id)
    service.handoffs.uploads.begin("ana@example.org", "fr.zip", 8)
    answers = service.answers
    answers.finish(answers.begin("plant", [b"moss"])[1], b"planted")
    made, _ = service.webhooks.subscribe("http://127.0.0.1:9/")
    service.webhooks.test(made.id)
    for minute in range(9):
        records.save_draft(A1, article(title={"en": f"minute {minute}"}), based_on=None, by=EDITOR)
        clock.now += timedelta(minutes=1)
    fresh = done(service, JobKind.TIDY)
    assert (fresh.status, set(fresh.result.values())) == (JobStatus.DONE, {0}), fresh.error
    clock.now += timedelta(days=40)
    answers.finish(answers.begin("water", [b"moss"])[1], b"watered")  # who answers has no time to forget others
    gone = done(service, JobKind.TIDY).result
    assert gone == {"autosaves": 7, "sessions": 1, "uploads": 1, "answers": 1, "messages": 1, "jobs": 0}
    assert done(service, JobKind.TIDY).result == dict.fromkeys(gone, 0)
    assert answers.begin("plant", [b"sage"])[0] is Standing.ITS_TURN
    assert [one.id for one in service.webhooks.subscriptions()] == [made.id]
    assert len(service.jobs.listed()) == 3, "what people asked for stays"


def test_what_the_house_asked_of_itself_is_forgotten_when_it_is_long_done(opened, clock):
    service = opened()
    hooked, ours = (service.jobs.ask(JobKind.WARN, "", {}, by=by, key="1") for by in ("hook@host", schedule.BY))
    Worker(service, "one", lease=timedelta(hours=1)).run(until_idle=True)
    waits = service.jobs.ask(JobKind.WARN, "", {}, by=schedule.BY, key="2", due=clock.now + timedelta(days=90))
    clock.now += timedelta(days=29)
    assert done(service, JobKind.TIDY).result["jobs"] == 0
    clock.now += timedelta(days=2)
    assert done(service, JobKind.TIDY).result["jobs"] == 1
    assert service.jobs.ask(JobKind.WARN, "", {}, by="hook@host", key="1") == service.jobs.find(hooked.id)
    assert {waits.id, hooked.id} < {job.id for job in service.jobs.listed()}
    assert ours.id not in {job.id for job in service.jobs.listed()}


# what clients are told


@pytest.fixture
def relied(opened):
    """A program of two people's that relies on a function which goes out of date."""
    room = opened().people()
    ana, ben = (
        room.invite(f"{name}@example.org", name, "en", [Grant(Role.ADMINISTRATOR)]).person.id for name in ("ana", "ben")
    )
    for person in (ana, ben):
        let_in(room, person)
    client = room.request_client("Labels", "ops@example.org", "Prints labels.", {Action.SITES_READ}, by=ben)
    room.approve_client(client.id, by=ana)
    room.pin(client.id, ["returns/v0"])
    return client


def test_a_house_with_nothing_to_tell_tells_nothing_and_needs_no_mail(opened, relied):
    found = done(opened(), JobKind.WARN)
    assert (found.status, found.result) == (JobStatus.DONE, {"warnings": []})


def test_each_change_is_told_once_however_many_days_go_by(opened, relied, clock, monkeypatch):
    monkeypatch.setattr(bootstrap, "DEPRECATED", (OLD,))
    kept = Kept()
    with real_server(kept) as port:
        service = opened(TM_SERVICE_MAIL=f"smtp://127.0.0.1:{port}", TM_SERVICE_MAIL_FROM="desk@example.org")
        first = done(service, JobKind.WARN)
        clock.now += timedelta(days=1)
        assert done(service, JobKind.WARN).result == {"warnings": []}
    said = {"client": relied.id, "function": "returns/v0", "day": "2027-03-01", "status": "sent"}
    assert first.result == {"warnings": [said]}
    assert kept.recipients == ["ops@example.org"]


def test_what_cannot_be_told_for_want_of_mail_is_a_persons(opened, relied, monkeypatch):
    monkeypatch.setattr(bootstrap, "DEPRECATED", (OLD,))
    found = done(opened(), JobKind.WARN)
    assert (found.status, "set TM_SERVICE_MAIL" in found.error) == (JobStatus.FAILED, True)


# backups


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept" / "backups"


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_a_backup_a_day_is_written_for_its_owner_alone_and_the_newest_stay(opened, clock, folder, tmp_path):
    service = opened(TM_SERVICE_BACKUPS=str(folder), TM_SERVICE_BACKUPS_KEPT="2")
    written = []
    for day in range(3):
        found = done(service, JobKind.BACKUP)
        assert found.status is JobStatus.DONE, found.error
        assert (found.result["removed"], found.result["keys"]) == (int(day == 2), False)
        assert [effect.verb for effect in found.effects] == ["backup"]
        written.append(found.result["file"])
        clock.now += timedelta(days=1)
    assert names(folder) == written[1:]
    (_, newest) = (folder / name for name in written[1:])
    assert newest.name.startswith("tm-service-2026-11-24T093000Z-")
    assert (stat.S_IMODE(newest.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)
    restored = open_backups(read_settings(tmp_path / "other", {})).restore(newest)
    assert (restored.digest, restored.size) == (found.result["digest"], found.result["size"])


def test_what_others_put_into_the_folder_stays(opened, clock, folder):
    folder.mkdir(parents=True)
    others = ["2026-01-01T021500Z.backup", "notes.txt", "tm-service-2026-01-01T021500Z.backup", f"x{'0' * 32}.backup"]
    for name in others:
        (folder / name).write_text("mine")
    service = opened(TM_SERVICE_BACKUPS=str(folder), TM_SERVICE_BACKUPS_KEPT="1")
    for _ in range(2):
        found = done(service, JobKind.BACKUP)
        clock.now += timedelta(days=1)
    assert names(folder) == sorted([*others, found.result["file"]])


def test_what_a_killed_backup_left_is_gone_a_day_later_and_one_under_way_stays(opened, clock, folder):
    folder.mkdir(parents=True)
    for name, hours in ((".backup-killed", 25), (".backup-writing", 1)):
        (folder / name).mkdir()
        (folder / name / "archive").write_bytes(b"keys")
        moment = (clock.now - timedelta(hours=hours)).timestamp()
        os.utime(folder / name, (moment, moment))
    found = done(opened(TM_SERVICE_BACKUPS=str(folder), TM_SERVICE_BACKUPS_KEYS="1"), JobKind.BACKUP)
    assert names(folder) == [".backup-writing", found.result["file"]]


def test_a_clock_that_was_ahead_does_not_cost_the_backup_that_was_just_made(opened, clock, folder):
    service = opened(TM_SERVICE_BACKUPS=str(folder), TM_SERVICE_BACKUPS_KEPT="1")
    clock.now += timedelta(days=900)
    done(service, JobKind.BACKUP)
    clock.now -= timedelta(days=900)
    found = done(service, JobKind.BACKUP)
    assert names(folder) == [found.result["file"]]


def test_an_attempt_after_the_one_that_wrote_it_writes_no_other(opened, clock, folder):
    """Its worker ended between the file and the note that it is done."""
    service = opened(TM_SERVICE_BACKUPS=str(folder))
    asked = service.jobs.ask(JobKind.BACKUP, "", {}, by="Ana")
    file, made, _ = service.backups().backup(asked.asked, asked.id, service.store)
    before = file.stat()
    clock.now += timedelta(hours=3)
    found = Worker(service, "one").run_next()
    assert (found.status, found.result["file"], found.result["digest"]) == (JobStatus.DONE, file.name, made.digest)
    assert (file.stat().st_mtime_ns, names(folder)) == (before.st_mtime_ns, [file.name])


def test_the_keys_are_taken_along_where_that_is_set(opened, folder):
    service = opened(TM_SERVICE_BACKUPS=str(folder), TM_SERVICE_BACKUPS_KEYS="1")
    service.secret()
    assert done(service, JobKind.BACKUP).result["keys"]


def test_a_folder_that_cannot_be_written_is_said_and_tried_again(opened, folder):
    folder.parent.mkdir()
    folder.write_text("no folder")
    found = done(opened(TM_SERVICE_BACKUPS=str(folder)), JobKind.BACKUP)
    assert (found.status, str(folder) in found.error) == (JobStatus.WAITING, True)


def test_without_a_folder_nobody_asks_for_backups_and_one_that_is_asked_for_fails(opened, folder):
    service = opened()
    Timekeeper(service).look()
    assert JobKind.BACKUP not in {job.kind for job in service.jobs.listed()}
    found = Worker(service, "one", [JobKind.BACKUP])
    service.jobs.ask(JobKind.BACKUP, "", {}, by="Ana")
    failed = found.run_next()
    assert (failed.status, "set TM_SERVICE_BACKUPS" in failed.error) == (JobStatus.FAILED, True)
    Timekeeper(opened(TM_SERVICE_BACKUPS=str(folder))).look()
    assert [job.by for job in service.jobs.listed() if job.kind is JobKind.BACKUP] == ["system:schedule", "Ana"]


@pytest.mark.slow
def test_a_worker_of_its_own_writes_the_backup_that_its_environment_names(tmp_path, folder):
    house = House(tmp_path / "house")
    build(house.site)
    house.toml.write_text(TOML, "utf-8")
    house.ask("site", "add", house.toml)
    service = open_service(read_settings(house.home, {}))
    asked = service.jobs.ask(JobKind.BACKUP, "", {}, by="Ana")
    answer = house.start("worker", "--until-idle", "--json", TM_SERVICE_BACKUPS=str(folder))
    assert answer.code == 0, answer
    found = service.jobs.find(asked.id)
    assert (found.status, names(folder)) == (JobStatus.DONE, [found.result["file"]])
    assert house.ask("restore", "--check", folder / found.result["file"])["digest"] == found.result["digest"]
