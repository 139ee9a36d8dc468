"""Workers that hear of jobs by a broker: real processes over PostgreSQL and Redis, whatever becomes of the broker."""

import pytest

pytestmark = pytest.mark.slow


def test_hints_are_heard_and_the_walk_is_done_by_workers(office):
    with office.running("worker", "--threads", "2") as worker:
        office.await_done(office.ask("learn", history=True))
        (deployed,) = office.await_done(office.ask("deploy", ref="r1"))
        assert deployed["result"] == {"deployments": [{"site": "reef", "deployment": 1}]}
        packaged, sent = office.await_done(office.ask("package"), office.ask("send"))
        assert packaged["result"]["packages"]
        assert sent["result"] == {"deliveries": []}
        assert worker.poll() is None
    assert worker.returncode == 0
    assert office.command("jobs", "list", "--status", "failed").document["jobs"] == []


def test_a_broker_that_forgot_everything_loses_nothing(office, redis):
    """It is away while work is asked for, and comes back empty; what is due is found by the schedule."""
    redis.stop()
    asked = office.ask("deploy", ref="r1")
    redis.start()
    with office.running("worker"), office.running("schedule"):
        (job,) = office.await_done(asked)
        assert job["attempt"] == 1
        redis.stop()
        later = office.ask("package")
        redis.start()
        office.await_done(later)
    assert len(office.command("coverage", "reef").document["locales"]) == 2


def test_two_workers_share_the_work_and_do_each_job_once(office):
    with office.running("worker", "--threads", "2"), office.running("worker", "--threads", "2"):
        jobs = office.await_done(*[office.ask("learn") for _ in range(6)])
    assert {job["attempt"] for job in jobs} == {1}


def test_without_a_broker_there_is_no_schedule(office):
    object.__setattr__(office, "broker", "")
    answer = office.command("schedule")
    assert (answer.code, "set TM_SERVICE_BROKER" in answer.document["error"]) == (2, True)
