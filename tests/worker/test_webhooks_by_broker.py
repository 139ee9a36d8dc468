"""Webhooks where workers hear by a broker: over PostgreSQL and Redis, as real processes."""

import json
import time

import pytest

from tests.hook_receiver import receiving
from tests.office import PATIENCE

pytestmark = pytest.mark.slow


def await_told(receiver, number):
    deadline = time.monotonic() + PATIENCE
    while len(receiver.told) < number:
        assert time.monotonic() < deadline, "nothing was told in time"
        time.sleep(0.1)
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
