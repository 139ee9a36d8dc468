"""Jobs in the store: asked for once, taken up by one, and no effect of an attempt that is over."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest

from tests.processes import PATIENCE
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.jobs import Cancelled, Effect, Job, JobKind, JobStatus, LostLease, cancelled, finished
from tm_service.storage import engines
from tm_service.storage.sql_store import SqlStore

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)
ALL = tuple(JobKind)


def new(site="reef", kind=JobKind.DEPLOY, **more: object):
    number = uuid4().hex
    said = {"arguments": {"ref": "main"}, "key": number, "by": "Ana", "asked": NOW, "due": NOW}
    return Job(number, kind, site, **(said | more))


def ask(store, job):
    with store.begin() as tx:
        return tx.ask_job(job)


def take(store, worker="one", now=NOW, kinds=ALL):
    with store.begin() as tx:
        return tx.take_job(worker, now, LEASE, kinds)


def finish(store, job):
    with store.begin() as tx:
        tx.save_job(finished(job, {}, NOW), job.attempt)


def find(store, job):
    with store.read() as tx:
        return tx.job(job.id)


def test_a_job_comes_back_as_it_was_asked(store):
    asked = ask(store, new(arguments={"ref": "r2", "with": ["é", "\ud800"], "push": True}))
    assert find(store, asked) == asked


def test_what_is_unknown_is_not_found(store):
    with pytest.raises(NotFound, match="no job"):
        find(store, new())


def test_the_same_key_gives_the_same_job(store):
    first = ask(store, new(key="release-7"))
    assert ask(store, new(key="release-7")).id == first.id
    with pytest.raises(Conflict, match="release-7 was used for another job"):
        ask(store, new(key="release-7", site="park"))


def test_a_job_that_did_not_commit_was_never_asked(store):
    job = new()
    with suppress(ZeroDivisionError), store.begin() as tx:
        tx.ask_job(job)
        raise ZeroDivisionError
    assert take(store) is None


def test_jobs_are_taken_up_in_their_order_and_not_before_their_time(store):
    later = ask(store, new(site="a", due=NOW + timedelta(hours=1)))
    first, second = ask(store, new(site="b")), ask(store, new(site="c"))
    taken = [take(store), take(store)]
    assert [job.id for job in taken] == [first.id, second.id]
    assert take(store) is None
    for job in taken:
        finish(store, job)
    assert take(store, now=NOW + timedelta(hours=1)).id == later.id


def test_only_asked_kinds_are_taken_up(store):
    ask(store, new(kind=JobKind.SEND))
    assert take(store, kinds=(JobKind.DEPLOY,)) is None
    assert take(store, kinds=(JobKind.DEPLOY, JobKind.SEND)).kind is JobKind.SEND


def test_of_one_site_one_job_runs_at_a_time_and_of_none_any_number(store):
    first, _second = ask(store, new()), ask(store, new())
    loose = [ask(store, new(site="", kind=JobKind.TAKE_IN, arguments={})) for _ in range(2)]
    taken = [take(store) for _ in range(4)]
    assert [job.id for job in taken if job] == [first.id, *(job.id for job in loose)]
    finish(store, taken[0])
    assert take(store) is not None


def test_what_a_lost_worker_left_is_taken_up_again_by_another_attempt(store):
    ask(store, new())
    first = take(store, "one")
    assert take(store, "two", NOW + LEASE) is None
    again = take(store, "two", NOW + LEASE + timedelta(seconds=1))
    assert (again.id, again.attempt, again.lost, again.worker) == (first.id, 2, 1, "two")


def test_an_attempt_that_is_over_changes_nothing(store):
    ask(store, new())
    first = take(store, "one")
    take(store, "two", NOW + 2 * LEASE)
    with pytest.raises(LostLease), store.begin() as tx:
        tx.hold_job(first.id, first.attempt, NOW + LEASE)
    with pytest.raises(LostLease), store.begin() as tx:
        tx.save_job(finished(first, {}, NOW), first.attempt)
    with store.begin() as tx:
        tx.tell_job(first.id, first.attempt, 5, 10)
    found = find(store, first)
    assert (found.status, found.attempt, found.done, found.effects) == (JobStatus.RUNNING, 2, 0, ())


def test_an_effect_is_kept_with_the_change_or_not_at_all(store):
    ask(store, new())
    job = take(store)
    with suppress(ZeroDivisionError), store.begin() as tx:
        tx.hold_job(job.id, 1, NOW + LEASE)
        tx.note("reef", "deploy", {"deployment": 1}, NOW)
        raise ZeroDivisionError
    assert find(store, job).effects == ()
    with store.begin() as tx:
        tx.hold_job(job.id, 1, NOW + LEASE)
        tx.note("reef", "deploy", {"deployment": 1}, NOW)
    with store.begin() as tx:
        tx.note("reef", "deploy", {"deployment": 2}, NOW)  # nobody's
    assert find(store, job).effects == (Effect("deploy", {"deployment": 1}),)
    again = take(store, now=NOW + 3 * LEASE)
    assert again.effects == (Effect("deploy", {"deployment": 1}),)


def test_a_job_that_is_taken_back_changes_nothing_more(store):
    ask(store, new())
    job = take(store)
    with store.begin() as tx:
        tx.save_job(cancelled(job, NOW), job.attempt)
    with pytest.raises(Cancelled), store.begin() as tx:
        tx.hold_job(job.id, job.attempt, NOW + LEASE)
    assert find(store, job).lease == NOW + LEASE


def test_a_beat_prolongs_the_lease(store):
    ask(store, new())
    job = take(store)
    with store.begin() as tx:
        tx.hold_job(job.id, 1, NOW + 5 * LEASE)
        tx.tell_job(job.id, 1, 3, 9)
    assert take(store, now=NOW + 4 * LEASE) is None
    assert (find(store, job).done, find(store, job).total) == (3, 9)


def test_jobs_are_listed_newest_first_in_pages(store):
    asked = [ask(store, new(site=site)) for site in ("reef", "park", "reef", "reef")]
    take(store)
    with store.read() as tx:
        ids = [job.id for job in tx.jobs()]
        assert ids == [job.id for job in reversed(asked)]
        assert [job.id for job in tx.jobs(most=2)] == ids[:2]
        assert [job.id for job in tx.jobs(before=ids[1], most=2)] == ids[2:]
        with pytest.raises(NotFound, match="There is no job gone"):
            tx.jobs(before="gone")
        assert [job.id for job in tx.jobs("park")] == [asked[1].id]
        assert len(tx.jobs(kinds=[asked[0].kind])) == len(asked)
        assert tx.jobs(kinds=[JobKind.TIDY]) == []
        assert [job.id for job in tx.jobs(statuses=[JobStatus.RUNNING])] == [asked[0].id]


def test_what_one_asked_for_and_was_done_long_ago_is_forgotten_with_what_it_changed(store):
    ours, theirs, later = (ask(store, new(site, by=by)) for site, by in (("a", "house"), ("b", "Ana"), ("c", "house")))
    for _ in range(2):
        job = take(store)
        with store.begin() as tx:
            tx.hold_job(job.id, 1, NOW + LEASE)
            tx.note(job.site, "deploy", {"deployment": 1}, NOW)
        finish(store, job)
    with store.begin() as tx:
        assert (tx.forget_jobs("house", NOW), tx.forget_jobs("house", NOW + LEASE)) == (0, 1)
    with pytest.raises(NotFound):
        find(store, ours)
    assert (len(find(store, theirs).effects), find(store, later).status) == (1, JobStatus.WAITING)


def test_a_job_over_which_workers_end_is_a_persons(store):
    job = ask(store, new())
    for hour in range(5):
        take(store, now=NOW + timedelta(hours=hour))
    assert find(store, job).status is JobStatus.FAILED
    assert take(store, now=NOW + timedelta(days=1)) is None


def test_many_workers_at_once_take_up_every_job_once(url, monkeypatch):
    """Real threads, each with a store of its own: sites one at a time, the rest side by side."""
    monkeypatch.setattr(engines, "BUSY", 1000 * PATIENCE)  # a file lets in whoever looks next, not who waits longest
    store = SqlStore(url)
    sites = ["reef", "park", "", ""] * 6
    for site in sites:
        ask(store, new(site, JobKind.SEND, arguments={}))
    starting, taken = Barrier(4), Counter()
    overlaps = []

    def work(name):
        mine = SqlStore(url)
        starting.wait(PATIENCE)
        idle = 0
        while idle < 50:
            try:
                job = take(mine, name)
                if job is None:
                    idle += 1
                    continue
                taken[job.id] += 1
                if job.site:
                    with mine.read() as tx:
                        overlaps.extend(tx.jobs(job.site, statuses=[JobStatus.RUNNING])[1:])
                finish(mine, job)
            except Conflict:
                continue
        mine.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, "abcd"))
    with store.read() as tx:
        assert {job.status for job in tx.jobs(most=100)} == {JobStatus.DONE}
    assert set(taken.values()) == {1}
    assert len(taken) == len(sites)
    assert overlaps == []
    store.close()
