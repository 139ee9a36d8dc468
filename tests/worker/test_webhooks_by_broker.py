"""Webhooks where workers hear by a broker: over PostgreSQL and Redis, as real processes."""

import json

import pytest

from tests.hook_receiver import receiving
from tests.processes import until

pytestmark = pytest.mark.slow


def await_told(receiver, number):
    until(lambda: len(receiver.told) >= number, lambda: "nothing was told in time")
    return [json.loads(one.body)["type"] for one in receiver.told]


def test_events_of_jobs_are_told_after_them_and_those_of_commands_are_found_by_the_schedule(office, monkeypatch):
    monkeypatch.setenv("TM_SERVICE_HOOKS_PRIVATE", "1")
    with receiving() as receiver:
        assert office.command("hooks", "add", receiver.url).code == 0
        with office.running("worker"):
            office.await_done(office.ask("deploy", ref="r1"))
            assert await_told(receiver, 1) == ["deployment.made"]
            with office.running("schedule"):
                assert office.command("deploy", "reef", "--ref", "r2").code == 0
                assert office.command("rollback", "reef", "1").code == 0
                assert sorted(await_told(receiver, 3)[1:]) == ["deployment.made", "deployment.rolled-back"]
    assert len({*receiver.ids}) == 3
