"""Parts of jobs in the store: each in a lane of its own, beside no other job of the site; the last one ends the job."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from tm_service.domain.job_parts import Parted, parted
from tm_service.domain.jobs import (
    Effect,
    Job,
    JobKind,
    JobStatus,
    LostLease,
    asked_again,
    cancelled,
    finished,
    over,
)
from tm_service.storage.job_tables import job as job_table
from tm_service.storage.sql_store import SqlStore, migrations

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)
ALL = tuple(JobKind)
LOCALES = ("ar", "fr", "zh")


def ask(store, kind=JobKind.PACKAGE, site="reef"):
    number = uuid4().hex
    with store.begin() as tx:
        return tx.ask_job(Job(number, kind, site, {}, number, "Ana", NOW, NOW))


def take(store, worker="one", now=NOW):
    with store.begin() as tx:
        return tx.take_job(worker, now, LEASE, ALL)


def save(store, job):
    with store.begin() as tx:
        tx.save_job(job, job.attempt)


def find(store, job):
    with store.read() as tx:
        return tx.job(job.id)


def part(store, lanes=LOCALES):
    """A job that was asked, taken up, and parted by locale."""
    ask(store)
    taken = take(store)
    return again(store, taken, lanes)


def again(store, taken, lanes=LOCALES):
    with store.begin() as tx:
        found = tx.job(taken.id)
        made = parted(found, Parted({lane: {"locales": [lane]} for lane in lanes}), NOW)
        tx.save_job(made, found.attempt)
        tx.save_parts(made.parts)
        return tx.job(taken.id)


def test_parts_are_done_at_once_and_nothing_else_of_the_site_beside_them(store):
    job = part(store)
    ask(store, JobKind.DEPLOY)
    ask(store, JobKind.LEARN)
    elsewhere = ask(store, JobKind.DEPLOY, "park")
    taken = [take(store, f"w{number}") for number in range(6)]
    assert {one.lane for one in taken if one and one.parent} == set(LOCALES)
    assert [one.id for one in taken if one and not one.parent] == [elsewhere.id]
    assert {one.parent for one in taken if one} == {job.id, ""}
    assert sum(one is None for one in taken) == 2


def test_of_each_lane_one_runs_whatever_workers_believe(store):
    job = part(store)
    first = take(store)
    other = next(one for one in find(store, job).parts if one.lane != first.lane)
    said = {"status": "running", "lane": first.lane}
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.connection.execute(update(job_table).where(job_table.c.id == other.id).values(said))
    deploy = ask(store, JobKind.DEPLOY)
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.connection.execute(update(job_table).where(job_table.c.id == deploy.id).values(status="running"))


def test_the_last_part_ends_the_job_and_the_site_is_free(store):
    job = part(store)
    waits = ask(store, JobKind.DEPLOY)
    for done, lane in enumerate(LOCALES):
        assert (find(store, job).status, find(store, job).done) == (JobStatus.RUNNING, done)
        taken = take(store)
        with store.begin() as tx:
            tx.hold_job(taken.id, taken.attempt, NOW + LEASE)
            tx.note("reef", "package", {"package": f"reef-{lane}"}, NOW)
        save(store, finished(taken, {"packages": [f"reef-{lane}"]}, NOW + LEASE * done))
    found = find(store, job)
    assert (found.status, found.done, found.total, found.ended) == (JobStatus.DONE, 3, 3, NOW + 2 * LEASE)
    assert found.result == {"packages": ["reef-ar", "reef-fr", "reef-zh"]}
    assert found.effects == tuple(Effect("package", {"package": f"reef-{lane}"}) for lane in LOCALES)
    assert take(store).id == waits.id


def test_who_parted_a_job_has_it_no_more(store):
    job = part(store)
    with pytest.raises(LostLease), store.begin() as tx:
        tx.hold_job(job.id, job.attempt, NOW + LEASE)
    assert find(store, job).lease is None
    assert [take(store, "late", NOW + 9 * LEASE).parent for _ in range(3)] == [job.id] * 3
    assert find(store, job).attempt == 1


def test_a_part_whose_worker_is_lost_is_taken_up_again(store):
    job = part(store, ("fr",))
    first = take(store)
    second = take(store, "two", NOW + 2 * LEASE)
    assert (second.id, second.attempt, second.lost) == (first.id, 2, 1)
    with pytest.raises(LostLease):
        save(store, finished(first, {}, NOW))
    save(store, finished(second, {}, NOW))
    assert find(store, job).status is JobStatus.DONE


def test_a_part_over_which_workers_end_ends_the_job(store):
    job = part(store, ("fr",))
    for lost in range(3):
        assert take(store, f"w{lost}", NOW + 2 * lost * LEASE) is not None
    assert take(store, "careful", NOW + 8 * LEASE) is None
    found = find(store, job)
    assert found.status is JobStatus.FAILED
    assert found.error.startswith("fr: 3 workers ended")
    with store.read() as tx:
        failed = [line.entry for line in tx.audit() if line.entry.verb == "job failed"]
    assert len(failed) == 1, "the job is told of, its part is not"


def test_taken_back_before_any_part_began_it_ends_at_once(store):
    job = part(store)
    with store.begin() as tx:
        back = cancelled(tx.job(job.id), NOW)
        tx.save_job(back, back.attempt)
        tx.save_parts(back.parts)
    assert find(store, job).status is JobStatus.CANCELLED
    assert take(store) is None


def test_asked_again_it_does_what_is_left(store):
    job = part(store)
    ended = [finished(take(store), {"packages": ["reef-ar"]}, NOW), over(take(store), JobStatus.FAILED, NOW, "Torn.")]
    ended.append(finished(take(store), {"packages": ["reef-zh"]}, NOW))
    for one in ended:
        save(store, one)
    assert find(store, job).error == "fr: Torn. Done: ar, zh."
    save(store, asked_again(find(store, job), NOW))
    again(store, take(store))
    left = take(store)
    assert (left.lane, left.attempt, take(store)) == ("fr", 2, None)
    save(store, finished(left, {"packages": ["reef-fr"]}, NOW))
    assert find(store, job).result == {"packages": ["reef-ar", "reef-fr", "reef-zh"]}


def test_asked_again_when_nothing_is_left_it_is_done(store):
    job = part(store, ("fr",))
    save(store, finished(take(store), {"packages": ["reef-fr"]}, NOW))
    with store.begin() as tx:
        tx.connection.execute(update(job_table).where(job_table.c.id == job.id).values(status="waiting"))
    assert again(store, take(store), ("fr",)).status is JobStatus.DONE


def test_lists_and_counts_are_of_jobs_and_not_of_their_parts(store):
    job = part(store)
    with store.read() as tx:
        assert [one.id for one in tx.jobs()] == [job.id]
        assert tx.figures(NOW).jobs == {("package", "running"): 1}


def test_parts_that_end_at_once_end_the_job_once(store):
    job = part(store)
    taken = [take(store, f"w{number}") for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: save(store, finished(one, {"packages": [one.lane]}, NOW)), taken))
    assert find(store, job).result == {"packages": list(LOCALES)}


def test_with_older_tables_what_was_in_parts_is_done_one_after_the_other(empty_url):
    """And whatever older code asks for meanwhile is a job without a lane, of which one of a site runs."""
    store = SqlStore(empty_url)
    store.migrate()
    job = part(store)
    take(store)
    with store.connected("write") as connection:
        command.downgrade(migrations().configuration(connection), "20261122_reminders")
        connection.commit()
    with store.connected("read") as connection:
        found = connection.execute(text("SELECT id, status, worker FROM job ORDER BY number")).all()
    assert {(row.status, row.worker) for row in found} == {("waiting", "")}
    assert found[0].id == job.id
    store.migrate()
    taken = [take(store) for _ in range(2)]
    assert [one and (one.id, one.lane) for one in taken] == [(job.id, ""), None]
    store.close()
