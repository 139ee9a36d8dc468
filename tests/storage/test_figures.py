"""Figures: what those who watch the house count is what the store holds, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tm_service.domain.deployments import Coverage, Deployment, Tally
from tm_service.domain.figures import Figures, Packaged, Returned, Spent
from tm_service.domain.jobs import Job, JobKind, JobStatus, finished
from tm_service.domain.packages import Outcome, Package, PackageStatus, PackageUnit, Receipt

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def job(number, kind=JobKind.DEPLOY, **more: object):
    return Job(f"{number:032x}", kind, f"site-{number}", {}, f"key-{number}", "ana", NOW, NOW, **more)


def package(number, locale="fr", *sources: str, **more: object):
    units = tuple(
        PackageUnit(str(place), "a.json", (str(place),), source, "f" * 64) for place, source in enumerate(sources)
    )
    return Package("reef", number, locale, "en", locale, "r1", NOW, units, **more)


def figures(store, now=NOW):
    with store.read() as tx:
        return tx.figures(now)


def test_an_empty_store_has_no_figures(store):
    found = figures(store)
    assert replace(found, connections=(0, 0)) == Figures()
    assert found.connections[0] == 0


def test_jobs_are_counted_by_what_they_do_and_where_they_stand(store):
    with store.begin() as tx:
        tx.ask_job(job(1))
        tx.ask_job(replace(job(2), due=NOW - 5 * MINUTE))
        tx.ask_job(replace(job(3), due=NOW + MINUTE))
        tx.ask_job(job(4, JobKind.LEARN))
    with store.begin() as tx:
        taken = tx.take_job("w", NOW, MINUTE, [JobKind.LEARN])
        tx.save_job(finished(taken, {}, NOW + MINUTE), taken.attempt)
    found = figures(store)
    assert found.jobs == {("deploy", "waiting"): 3, ("learn", "done"): 1}
    assert found.oldest == 300
    assert found.spent == {("learn", "done"): Spent(1, 60.0)}
    assert figures(store, NOW - timedelta(days=1)).oldest == 0
    assert figures(store, NOW + timedelta(days=2)).spent == {}, "of the last day"


def test_attempts_that_ended_with_their_worker_are_counted(store):
    with store.begin() as tx:
        tx.ask_job(job(1))
        tx.take_job("w", NOW, MINUTE, [JobKind.DEPLOY])
    with store.begin() as tx:
        tx.take_job("w", NOW + 2 * MINUTE, MINUTE, [JobKind.DEPLOY])
    assert figures(store).lost == 1
    assert figures(store).jobs == {("deploy", JobStatus.RUNNING): 1}


def test_packages_are_overdue_the_day_after(store):
    with store.begin() as tx:
        for made in (
            package(1, due=date(2026, 11, 21)),
            package(2, due=date(2026, 11, 22)),
            package(3),
            package(4, due=date(2026, 11, 1), status=PackageStatus.CANCELLED),
            package(5, "ar", due=date(2025, 12, 31), status=PackageStatus.PARTLY_RETURNED),
        ):
            tx.save_package(made)
    found = figures(store)
    assert found.overdue == {("reef", "fr"): 1, ("reef", "ar"): 1}
    assert found.packages[("reef", "fr", "handed off")] == 3


def test_what_was_packaged_is_told_once(store):
    with store.begin() as tx:
        tx.save_package(package(1, "fr", "Seeds keep for years.", "Open"))
        locked = package(2, "zh", "Closed", "Two words")
        tx.save_package(replace(locked, units=(replace(locked.units[0], locked=True), locked.units[1])))
        tx.save_package(package(3, "ar"))
    with store.read() as tx:
        assert tx.packaged() == {
            "reef-1-fr": Packaged("reef", "fr", 2, 5),
            "reef-2-zh": Packaged("reef", "zh", 1, 2),
            "reef-3-ar": Packaged("reef", "ar", 0, 0),
        }
        assert set(tx.packaged({"reef-1-fr", "reef-2-zh"})) == {"reef-3-ar"}


def test_returns_and_deployments_are_counted_and_coverage_is_the_latest(store):
    early = Coverage(Tally(units=10, missing=10), Tally(units=20, missing=20))
    late = Coverage(Tally(units=10, current=7, stale=1, missing=2), Tally())
    with store.begin() as tx:
        for digest, outcome, accepted in (("a", Outcome.ACCEPT, 3), ("b", Outcome.ACCEPT, 4), ("c", Outcome.REJECT, 0)):
            tx.save_receipt("reef", Receipt(outcome, "reef-1-fr", digest * 64, accepted, (), 0, (), NOW), b"x")
    for number, covered in ((1, early), (2, late)):
        with store.begin() as tx:
            tx.save_deployment(Deployment("reef", number, "r", "", "main", NOW, {"fr": covered}, 0, ""), (), (), {})
    found = figures(store)
    assert found.returned == {("reef", "accept"): Returned(2, 7), ("reef", "reject"): Returned(1, 0)}
    assert found.deployments == {"reef": 2}
    assert found.coverage == {("reef", "fr"): late}


@pytest.mark.parametrize("held", [1, 2])
def test_connections_are_those_of_others(store, held):
    if held == 1:
        assert figures(store).connections[0] == 0
        return
    with store.read():
        assert figures(store).connections[0] == 1
