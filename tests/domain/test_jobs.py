"""Jobs: what may be asked, when an attempt is followed by another, and when a person is needed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.errors import (
    ConfigurationError,
    Conflict,
    ConnectorError,
    GateClosed,
    InDoubt,
    NotFound,
    Refused,
    TryLater,
)
from tm_service.domain.jobs import (
    MOST_LOST,
    MOST_TRIES,
    Cancelled,
    Job,
    JobKind,
    JobStatus,
    after,
    asked_again,
    cancelled,
    finished,
    may_pass,
    pause,
    refuse_arguments,
    taken,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)


def job(**more: object):
    return Job("a" * 32, JobKind.DEPLOY, "reef", {}, "a" * 32, "Ana", NOW, NOW, **more)


def running(**more: object):
    return taken(job(**more), "worker", NOW, LEASE)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (Conflict("a"), True),
        (ConnectorError("a"), True),
        (TryLater("a"), True),
        (Refused("a"), False),
        (InDoubt("a"), False),
        (Cancelled("a"), False),
        (GateClosed("a"), False),
        (ConfigurationError("a"), False),
        (NotFound("a"), False),
        (ZeroDivisionError(), False),
    ],
)
def test_what_may_pass_is_tried_again_and_the_rest_is_a_persons(error, passes):
    assert may_pass(error) is passes
    made = after(running(), error, NOW, said="said")
    assert (made.status is JobStatus.WAITING) is passes
    assert (made.error, made.worker, made.lease) == ("said", "", None)


def test_pauses_grow_to_an_hour():
    pauses = [pause(tries) for tries in range(1, 40)]
    assert pauses[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


def test_tries_come_to_an_end():
    made = job()
    for tries in range(1, MOST_TRIES + 1):
        made = after(taken(made, "worker", NOW, LEASE), ConnectorError("down"), NOW, said="down")
        assert made.tries == tries
    assert made.status is JobStatus.FAILED
    assert made.ended == NOW


def test_a_job_over_which_workers_end_is_given_up():
    made = running()
    for _ in range(MOST_LOST - 1):
        made = taken(made, "another", NOW, LEASE)
        assert made.status is JobStatus.RUNNING
    made = taken(made, "another", NOW, LEASE)
    assert made.status is JobStatus.FAILED
    assert "3 workers ended" in made.error


def test_cancelling_ends_what_waits_and_asks_what_runs():
    assert cancelled(job(), NOW).status is JobStatus.CANCELLED
    asked = cancelled(running(), NOW)
    assert (asked.status, asked.cancelling) == (JobStatus.RUNNING, True)
    assert after(asked, Cancelled("taken back"), NOW, said="taken back").status is JobStatus.CANCELLED
    with pytest.raises(Conflict, match="is done already"):
        cancelled(finished(running(), {}, NOW), NOW)


def test_what_failed_may_be_asked_again_with_all_its_tries():
    failed = after(running(tries=3, lost=1), GateClosed("closed"), NOW, said="closed")
    again = asked_again(failed, NOW)
    assert (again.status, again.tries, again.lost, again.error, again.ended) == (JobStatus.WAITING, 0, 0, "", None)
    assert again.attempt == failed.attempt
    for wrong in (job(), running(), finished(running(), {}, NOW)):
        with pytest.raises(Conflict, match="only what failed or was cancelled"):
            asked_again(wrong, NOW)


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        (JobKind.DEPLOY, {"force": True}, "knows no 'force'; it is told ref, with, push"),
        (JobKind.SYNC, {"ref": "x"}, "knows no 'ref'; it is told nothing"),
        (JobKind.DEPLOY, {"push": "yes"}, "'push' of a job that is to deploy is a true or false"),
        (JobKind.PACKAGE, {"words": True}, "'words' of a job that is to package is a whole number"),
        (JobKind.PACKAGE, {"locales": ["fr", 1]}, "is a list of texts"),
    ],
)
def test_arguments_that_mean_nothing_are_refused(kind, arguments, said):
    with pytest.raises(ConfigurationError, match=said):
        refuse_arguments(kind, arguments)


def test_arguments_that_are_known_pass():
    refuse_arguments(JobKind.PACKAGE, {"locales": ["fr"], "words": 100, "draft": True, "due": "2026-12-01"})


@given(st.lists(st.sampled_from(["take", "fail", "pass", "lose", "finish", "cancel", "again"]), max_size=40))
def test_whatever_happens_no_attempt_has_the_number_of_another_and_what_is_over_has_no_worker(acts):
    made, attempts = job(), [0]
    for act in acts:
        was = made
        if act == "take" and made.status is JobStatus.WAITING:
            made = taken(made, "worker", NOW, LEASE)
        elif act == "lose" and made.status is JobStatus.RUNNING:
            made = taken(made, "another", NOW, LEASE)
        elif act in ("fail", "pass") and made.status is JobStatus.RUNNING:
            error = GateClosed("a") if act == "fail" else ConnectorError("a")
            made = after(made, error, NOW, said="a")
        elif act == "finish" and made.status is JobStatus.RUNNING:
            made = finished(made, {"a": 1}, NOW)
        elif act == "cancel" and not made.is_over:
            made = cancelled(made, NOW)
        elif act == "again" and made.status in (JobStatus.FAILED, JobStatus.CANCELLED):
            made = asked_again(made, NOW)
        if made.status is JobStatus.RUNNING and act in ("take", "lose") and made is not was:
            attempts.append(made.attempt)
        assert bool(made.worker) is bool(made.lease) is (made.status is JobStatus.RUNNING)
        assert made.is_over is (made.ended is not None)
        assert made.tries <= MOST_TRIES
    assert attempts == sorted(set(attempts))
    assert made.attempt == attempts[-1]
