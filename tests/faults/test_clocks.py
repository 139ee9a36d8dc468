"""Clocks that jump, and clocks that differ: numbers and fences decide what happened, never the time of day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from tests.cli.houses import commit
from tests.databases import DATABASES
from tests.faults.houses import KINDS, SITE
from tests.faults.laws import hold
from tm_service import bootstrap
from tm_service.domain.deliveries import DeliveryStatus, Sent
from tm_service.domain.errors import TryLater
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.domain.people import SignInRefused
from tm_service.worker import tasks
from tm_service.worker.fenced import Progress
from tm_service.worker.runner import LEASE, Worker

pytestmark = pytest.mark.slow
DAY, HOUR, SKEW = timedelta(days=1), timedelta(hours=1), timedelta(minutes=5)
PASSWORD = "Harbour-lanterns-burn-late-7"  # noqa: S105 - of nobody


class Clock:
    """The time of day, and how far this machine is from it."""

    def __init__(self, off=timedelta(0)) -> None:
        self.off = off

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.off


@pytest.fixture(params=DATABASES)
def house(request):
    made = request.getfixturevalue("served" if request.param == "postgresql" else "embedded")
    return made() if request.param == "postgresql" else made


def told(house, clock):
    return replace(house.service(), clock=clock)


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_ahead_takes_work_away_and_the_fence_says_whose_it_is(house, caplog, kind):
    """Five minutes ahead, every lease looks as if it had run out; what was begun under it has no effect any more."""
    job_id = house.asked(kind)
    behind, ahead = told(house, Clock()), told(house, Clock(SKEW))
    with behind.store.begin() as tx:
        late = tx.take_job("behind", behind.clock(), LEASE, tuple(JobKind))
    assert Worker(ahead, "ahead").run_next().status is JobStatus.DONE
    before = house.outcome()
    Worker(behind, "behind")._run(late)
    assert f"Attempt 1 of job {job_id} is over" in caplog.text
    assert house.outcome() == before
    found = behind.jobs.find(job_id)
    assert (found.attempt, found.lost) == (2, 1)


def test_a_worker_behind_waits_for_the_lease_of_one_ahead(house):
    house.asked("deploy")
    behind, ahead = told(house, Clock()), told(house, Clock(SKEW))
    with ahead.store.begin() as tx:
        taken = tx.take_job("ahead", ahead.clock(), LEASE, tuple(JobKind))
    assert Worker(behind, "behind").run_next() is None
    tasks.done(Worker(ahead, "ahead")._fenced(taken, Progress()), taken, lambda _done, _total: None)
    house.outcome()


def test_workers_whose_clocks_differ_do_everything_once(house):
    jobs = [house.asked(kind) for kind in KINDS]
    services = [told(house, Clock(off)) for off in (timedelta(0), SKEW)]
    for _ in range(4):  # what one has lost to the other waits for nobody: it is done by then
        both = [Thread(target=Worker(one, "w").run, args=(0.01,), kwargs={"until_idle": True}) for one in services]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    found = house.finished(*jobs)
    assert {job.status for job in found} == {JobStatus.DONE}
    assert len(house.outcome()[1]) == 2


@pytest.mark.parametrize("jump", [DAY, -HOUR], ids=["forward", "back"])
@pytest.mark.parametrize("kind", ["package", "deploy"])
def test_a_clock_that_jumps_while_a_job_is_done_changes_nothing_of_it(house, monkeypatch, kind, jump):
    job_id, clock, real = house.asked(kind), Clock(), tasks.done

    def jumping(service, job, tell):
        clock.off = jump
        return real(service, job, tell)

    monkeypatch.setattr("tm_service.worker.runner.done", jumping)
    worker = Worker(told(house, clock), "jumping")
    assert worker.run_next().status is JobStatus.DONE
    assert worker.run_next() is None
    assert told(house, clock).jobs.find(job_id).attempt == 1
    house.outcome()


def test_what_is_asked_for_at_once_is_done_though_the_clock_went_back(house):
    job_id = house.asked("package")
    back = told(house, Clock(-HOUR))
    assert Worker(back, "back").run_next().status is JobStatus.DONE
    assert back.jobs.find(job_id).status is JobStatus.DONE


def test_a_lost_workers_job_is_taken_up_when_its_lease_is_over_whatever_happened_to_the_clock(house):
    """An hour back, its lease ends an hour later: it waits so long, and is not lost."""
    house.asked("deploy")
    clock = Clock()
    service = told(house, clock)
    with service.store.begin() as tx:
        tx.take_job("lost", clock(), LEASE, tuple(JobKind))
    clock.off = -HOUR
    assert Worker(service, "next").run_next() is None
    clock.off = 2 * LEASE
    assert Worker(service, "next").run_next().status is JobStatus.DONE
    house.outcome()


def test_the_journal_and_the_deployments_keep_their_order(house):
    """The later one is the one with the higher number, whatever o'clock it was."""
    clock = Clock()
    service = told(house, clock)
    for off in (timedelta(0), -HOUR, DAY, -DAY):
        clock.off = off
        service.deploy(SITE)
    commit(house.site, {"texts/shop.json": {"buy": "Buy a ticket", "map": "Buy two maps"}}, "Two maps")
    made = service.deploy(SITE).deployment
    assert service.deployments(SITE)[0].number == made.number == 6
    lines = service.audit.listed(SITE, most=100)
    assert [line.entry.verb for line in lines][-5:] == ["deploy"] * 5
    assert [line.entry.at for line in lines] != sorted(line.entry.at for line in lines)
    house.outcome()


def test_a_package_due_yesterday_is_taken_in_all_the_same(house):
    late = told(house, Clock(DAY))
    yesterday = datetime.now(UTC).date()
    (made, name, content), *_ = late.package(SITE, locales=("ar",), due=yesterday)
    assert made.due == yesterday
    assert late.handoffs.file(made.id) == (name, content)
    assert told(house, Clock(-HOUR)).take_in(house.returned.name, house.returned.read_bytes()).accepted
    house.outcome()


@pytest.mark.parametrize(("jump", "is_good"), [(DAY, False), (-HOUR, True)], ids=["forward", "back"])
def test_sessions_end_by_the_clock_and_nobody_is_signed_in_by_its_jumping(house, monkeypatch, jump, is_good):
    clock = Clock()
    monkeypatch.setattr(bootstrap, "_now", clock)
    room = house.service().people()
    invited = room.invite("ines@example.org", "Ines", "fr")
    clock.off = 8 * DAY
    with pytest.raises(SignInRefused):
        room.accept(invited.token, PASSWORD)
    clock.off = -HOUR
    room.accept(invited.token, PASSWORD)
    clock.off = timedelta(0)
    token = room.sign_in("ines@example.org", PASSWORD).token
    clock.off = jump
    if is_good:
        assert room.resume(token).person.email == "ines@example.org"
    else:
        with pytest.raises(SignInRefused):
            room.resume(token)
    clock.off = timedelta(0)
    hold(house.service())


class Channel:
    """Sends, while something else happens."""

    repeatable = False

    def __init__(self, meanwhile) -> None:
        self.meanwhile, self.sent = meanwhile, []

    def send(self, delivery):
        self.sent.append(delivery.id)
        self.meanwhile()
        return Sent("<1@example.org>")


def test_a_letter_on_its_way_is_not_sent_again_by_a_clock_that_is_ahead(house):
    """Half an hour after it began an attempt counts as broken off, and a letter is then in doubt: never sent once more."""
    clock = Clock()
    service = told(house, clock)
    other = replace(told(house, Clock(DAY)), channels=lambda _site: {"mail": Channel(lambda: None)})
    channel = Channel(lambda: other.handoffs.send_due(SITE))
    mailing = replace(service, channels=lambda _site: {"mail": channel})
    (package,) = service.handoffs.packages(SITE)
    (posting,) = mailing.handoffs.post(package.id, "mail", ["ines@example.org"])
    mailing.handoffs.send_due(SITE)
    assert channel.sent == [posting.id]
    assert [entry.status for entry in service.handoffs.postings(SITE)] == [DeliveryStatus.SENT]
    assert other.handoffs.send_due(SITE) == []
    house.outcome()


def test_a_letter_put_off_goes_when_its_time_comes_again(house):
    clock = Clock(DAY)

    def down():
        raise TryLater("The mail server is down.")

    (package,) = house.service().handoffs.packages(SITE)
    first = replace(told(house, clock), channels=lambda _site: {"mail": Channel(down)})
    first.handoffs.post(package.id, "mail", ["ines@example.org"])
    first.handoffs.send_due(SITE)
    clock.off = timedelta(0)
    channel = Channel(lambda: None)
    up = replace(told(house, clock), channels=lambda _site: {"mail": channel})
    assert up.handoffs.send_due(SITE) == []
    clock.off = DAY + HOUR
    up.handoffs.send_due(SITE)
    assert len(channel.sent) == 1
    house.outcome()
