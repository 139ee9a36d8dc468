"""Senders of webhooks killed at every step: what was to be told is told, once or again under its id, and never lost."""

import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.houses import TOML, House, build
from tests.hook_receiver import receiving
from tests.worker.deaths import NEVER, along, between, work
from tm_service.bootstrap import open_service
from tm_service.domain.webhooks import MessageStatus
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker

pytestmark = pytest.mark.slow
PRIVATE = {"TM_SERVICE_HOOKS_PRIVATE": "1"}


def opened(house):
    return open_service(read_settings(house.home, PRIVATE))


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    made = House(tmp_path / "house")
    build(made.site)
    made.toml.write_text(TOML, "utf-8")
    made.ask("site", "add", made.toml)
    return made


def test_killed_at_every_step_each_event_is_told_and_none_under_two_ids(house, tmp_path):
    with receiving() as receiver:
        service = opened(house)
        service.webhooks.subscribe(receiver.url, site="reef")
        service.deploy("reef", "r1")
        service.store.close()
        counted = house.copied(tmp_path / "counted")
        code, commits = work(house.copied(tmp_path / "whole"), "before", NEVER, **PRIVATE)
        assert (code, commits > 1) == (0, True)
        code, statements = work(counted, "statement", NEVER, **PRIVATE)
        assert code == 0
        twice = 0
        for place, (when, number) in enumerate([*between(commits), *along(statements)]):
            receiver.told.clear()
            killed = house.copied(tmp_path / f"killed-{place}")
            assert work(killed, when, number, **PRIVATE)[0] == -signal.SIGKILL
            told_before = len(receiver.told)
            later = replace(opened(killed), clock=lambda: datetime.now(UTC) + timedelta(hours=2))
            Worker(later, "the next").run(until_idle=True)
            (kept,) = later.webhooks.messages()
            assert (kept.status, {*receiver.ids}) == (MessageStatus.DELIVERED, {kept.id}), (when, number)
            assert len(receiver.told) <= told_before + 1
            twice += len(receiver.told) == 2
            later.store.close()
        assert twice  # killed after it had gone out and before anybody noted it


def test_a_deployment_that_is_killed_before_its_commit_is_told_to_nobody(house, tmp_path):
    """The event is there exactly if its change is."""
    with receiving() as receiver:
        service = opened(house)
        service.webhooks.subscribe(receiver.url, site="reef")
        service.store.close()
        house.ask("jobs", "ask", "deploy", "reef", "--arguments", '{"ref": "r1"}')
        code, commits = work(house.copied(tmp_path / "counted"), "before", NEVER, **PRIVATE)
        assert code == 0
        for when, number in between(commits):
            killed = house.copied(tmp_path / f"{when}-{number}")
            assert work(killed, when, number, **PRIVATE)[0] == -signal.SIGKILL
            service = opened(killed)
            deployed = len(service.deployments("reef"))
            told = [one.event for one in service.webhooks.messages()]
            assert told == ["deployment.made"] * deployed, (when, number)
            service.store.close()
