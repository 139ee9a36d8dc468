"""Webhooks sent by workers, between jobs: to a real receiver, again and again where need be, and never lost."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.webhooks import WebhookPost
from tests.fakes import SITE, House
from tests.hook_receiver import drip, receiving, reset, status
from tm_service.database.sealing import Box
from tm_service.domain.errors import ConfigurationError, Conflict, GateClosed, NotFound
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.domain.signatures import is_standard
from tm_service.domain.webhooks import KEPT, MOST_TRIES, Event, MessageStatus
from tm_service.hook_secrets import HookSecrets
from tm_service.webhook_verbs import Outside
from tm_service.worker.runner import Worker

HOME = "text/home.json"


@pytest.fixture
def told(house, tmp_path) -> House:
    """A house that may tell others, on this machine too; its clock stands still."""
    seals = Box(b"a key of thirty-two bytes, secre", "webhook's secret", "subscription", "renew it")
    outside = Outside(HookSecrets(tmp_path / "hooks"), seals, WebhookPost(private=True, whole=1.0))
    house.service = replace(house.service, outside=lambda: outside, clock=lambda: house.repository.clock.now)
    return house


@pytest.fixture
def hooks(told):
    """The verbs, which ask the house's store and clock."""
    return told.service.webhooks


@pytest.fixture
def work(told):
    """Do all that is due."""
    worker = Worker(told.service, "one", lease=timedelta(hours=1))
    return lambda: worker.run(until_idle=True)


def later(house, **by: int):
    house.repository.clock.now += timedelta(**by)


def verbs(house):
    with house.store.read() as tx:
        return [line.entry.verb for line in tx.audit(limit=1000)]


def test_a_deployment_is_told_of_signed_so_that_anybody_can_prove_it(told, hooks, work):
    with receiving() as receiver:
        made, secret = hooks.subscribe(receiver.url, site="garden", events=[Event.DEPLOYED])
        told.deploy()
        work()
    (got,) = receiver.told
    said = json.loads(got.body)
    assert (said["type"], said["data"]["site"], said["data"]["deployment"]) == ("deployment.made", "garden", 1)
    proof = [got.headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp")]
    assert is_standard([secret], *proof, got.body, told.repository.clock.now)
    (kept,) = hooks.messages(made.id)
    assert (kept.id, kept.status, kept.code) == (proof[1], MessageStatus.DELIVERED, 204)
    assert secret not in told.dump()
    assert secret.removeprefix("whsec_") not in told.dump()


def test_the_whole_walk_is_told_of_and_a_failed_job_too(told, hooks, work):
    with receiving() as receiver:
        hooks.subscribe(receiver.url)
        for kind, arguments in (
            (JobKind.DEPLOY, {}),
            (JobKind.PACKAGE, {"locales": ["fr"]}),
            (JobKind.DEPLOY, {"ref": "no"}),
        ):
            told.service.jobs.ask(kind, "garden", arguments, by="Ana")
        work()
        told.service.rollback("garden", 1)
        told.deploy()
        told.service.rollback("garden", 1)
        work()
    types = [json.loads(one.body)["type"] for one in receiver.told]
    assert sorted(types) == [
        "deployment.made", "deployment.made", "deployment.rolled-back", "job.failed", "package.made"
    ]  # fmt: skip
    assert len({*receiver.ids}) == len(receiver.ids)


def test_a_closed_gate_is_told_of_and_a_rehearsal_is_not(told, hooks, work):
    told.site = replace(SITE, content=(replace(SITE.content[0], parity=True),))
    told.write({f"i18n/fr/{HOME}": {"lead": "Récoltez", "hint": "Arrosez"}})
    told.deploy()
    told.write({HOME: {"lead": "Gather the seeds of every tree", "hint": "Water the young plants"}})
    with receiving() as receiver:
        hooks.subscribe(receiver.url)
        with pytest.raises(GateClosed):
            told.service.deploy("garden", rehearse=True)
        assert hooks.messages() == []
        asked = told.service.jobs.ask(JobKind.DEPLOY, "garden", {}, by="Ana")
        work()
    assert sorted(json.loads(one.body)["type"] for one in receiver.told) == ["gate.closed", "job.failed"]
    job = told.service.jobs.find(asked.id)
    assert (job.status, [one.verb for one in job.effects]) == (JobStatus.FAILED, ["gate closed"])


@pytest.mark.parametrize("answer", [status(503, b"busy"), status(302, Location="http://127.0.0.1:9/"), reset, drip])
def test_what_does_not_get_through_is_sent_again_under_the_same_id(told, hooks, work, answer):
    with receiving(answer) as receiver:
        hooks.subscribe(receiver.url)
        told.deploy()
        work()
        assert hooks.messages()[0].status is MessageStatus.WAITING
        assert hooks.subscriptions()[0].failing is not None
        receiver.answer = status(200, b"Now I can.")
        later(told, hours=1)
        work()
    assert len(receiver.ids) == 2
    assert len({*receiver.ids}) == 1
    assert len({one.body for one in receiver.told}) == 1
    (kept,) = hooks.messages()
    assert (kept.status, kept.tries, kept.code, kept.answer) == (MessageStatus.DELIVERED, 2, 200, "Now I can")
    assert hooks.subscriptions()[0].failing is None


def test_a_day_of_failures_ends_in_a_dead_letter_that_a_person_may_send_again(told, hooks, work):
    with receiving(status(500, b"broken")) as receiver:
        hooks.subscribe(receiver.url)
        told.deploy()
        for _ in range(MOST_TRIES + 3):
            work()
            later(told, hours=13)
        (dead,) = hooks.messages()
        assert (dead.status, dead.tries, len(receiver.told)) == (MessageStatus.FAILED, MOST_TRIES, MOST_TRIES)
        assert hooks.subscriptions()[0].is_on
        receiver.answer = status(204)
        assert [one.status for one in hooks.retry([dead.id])] == [MessageStatus.WAITING]
        work()
        with pytest.raises(Conflict, match="is delivered"):
            hooks.retry([dead.id])
    assert {*receiver.ids} == {dead.id}
    assert hooks.messages()[0].status is MessageStatus.DELIVERED


def test_a_subscription_that_fails_for_days_is_switched_off_and_says_so(told, hooks, work, caplog):
    with receiving(status(500)) as receiver:
        made, _ = hooks.subscribe(receiver.url)
        told.deploy()
        work()
        later(told, days=6)
        told.service.rollback("garden", 1)
        told.deploy()
        with caplog.at_level(logging.WARNING, "tm_service.webhooks"):
            work()
        (off,) = hooks.subscriptions()
        assert (off.is_on, "Nothing got through since" in off.why) == (False, True)
        assert f"Subscription {made.id} is off" in caplog.text
        assert {one.status for one in hooks.messages()} == {MessageStatus.FAILED}
        before = len(receiver.told)
        told.deploy()
        work()
        assert len(receiver.told) == before
        receiver.answer = status(204)
        assert hooks.switch(made.id, on=True).why == ""
        hooks.retry([one.id for one in hooks.messages()])
        work()
        assert {one.status for one in hooks.messages()} == {MessageStatus.DELIVERED}
    assert [verb for verb in verbs(told) if verb.startswith("subscription")] == ["subscription off", "subscription on"]


def test_who_is_gone_is_told_no_more(told, hooks, work):
    with receiving(status(410)) as receiver:
        hooks.subscribe(receiver.url)
        told.deploy()
        work()
    assert not hooks.subscriptions()[0].is_on


def test_a_receiver_that_fails_rests_and_keeps_nobody_else_waiting(told, hooks, work):
    """Of a hundred messages for a dead machine one is tried a minute."""
    with receiving(reset) as dead, receiving() as well:
        for receiver in (dead, well):
            hooks.subscribe(receiver.url)
        with told.store.begin() as tx:
            for number in range(8):
                tx.note("garden", "deploy", {"deployment": number}, told.repository.clock.now)
        work()
        assert len(well.told) == 8
        assert len(dead.told) == 1


def test_the_lease_of_a_sender_that_is_lost_runs_out_and_the_message_goes_under_the_same_id(told, hooks, work):
    with receiving() as receiver:
        hooks.subscribe(receiver.url)
        told.deploy()
        with told.store.begin() as tx:
            taken, to = tx.take_message(told.service.clock(), told.service.clock() + timedelta(minutes=1))
        work()
        assert receiver.told == []
        later(told, minutes=2)
        work()
        assert receiver.ids == [taken.id]
        assert hooks._sent(taken, to).status is MessageStatus.SENDING
    assert receiver.ids == [taken.id, taken.id]
    assert [(one.status, one.attempt) for one in hooks.messages()] == [(MessageStatus.DELIVERED, 2)]


def test_who_is_removed_while_it_is_told_is_no_trouble(told, hooks):
    with receiving() as receiver:
        made, _ = hooks.subscribe(receiver.url)
        told.deploy()
        with told.store.begin() as tx:
            taken, to = tx.take_message(told.service.clock(), told.service.clock() + timedelta(minutes=1))
        assert hooks.unsubscribe(made.id).id == made.id
        assert hooks._sent(taken, to) == taken
    assert hooks.messages() == []
    with pytest.raises(NotFound):
        hooks.unsubscribe(made.id)


def test_a_test_is_told_at_once_to_who_is_off_too(told, hooks):
    with receiving(status(200, b"Heard.")) as receiver:
        made, _ = hooks.subscribe(receiver.url)
        hooks.switch(made.id, on=False, why="They are moving.")
        found = hooks.test(made.id)
        assert (found.status, found.code, found.answer) == (MessageStatus.DELIVERED, 200, "Heard")
        receiver.answer = status(500)
        assert hooks.test(made.id).status is MessageStatus.FAILED
    assert [json.loads(one.body)["type"] for one in receiver.told] == ["webhook.test"] * 2
    assert hooks.subscriptions()[0].why == "They are moving."


def test_old_and_new_secrets_sign_while_they_overlap(told, hooks):
    with receiving() as receiver:
        made, old = hooks.subscribe(receiver.url)
        new = hooks.renew(made.id, timedelta(days=7))
        hooks.test(made.id)
        later(told, days=8)
        hooks.test(made.id)
    good = []
    for got in receiver.told:
        proof = [got.headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp")]
        at = told.repository.clock.now.fromtimestamp(int(proof[2]), told.repository.clock.now.tzinfo)
        good.append([is_standard([secret], *proof, got.body, at) for secret in (old, new)])
    assert good == [[True, True], [False, True]]


def test_a_secret_that_another_house_sealed_is_said_and_nothing_is_sent(told, hooks, work):
    with receiving() as receiver:
        hooks.subscribe(receiver.url)
        strange = Box(b"another key of thirty-two bytes!", "webhook's secret", "subscription", "renew it")
        outside = replace(told.service.outside(), seals=strange)
        told.deploy()
        other = replace(told.service, outside=lambda: outside)
        assert other.webhooks.send_next().answer.startswith("A webhook's secret was sealed with another key")
    assert receiver.told == []


class Broken:
    def send(self, *_asked: object):
        raise RuntimeError


def test_a_fault_of_our_own_in_one_message_keeps_no_job_waiting(told, hooks, caplog):
    hooks.subscribe("http://127.0.0.1:9/")
    asked = told.service.jobs.ask(JobKind.DEPLOY, "garden", {}, by="Ana")
    broken = replace(told.service.outside(), post=Broken())
    worker = Worker(replace(told.service, outside=lambda: broken), "one", lease=timedelta(hours=1))
    worker.run(until_idle=True)
    assert told.service.jobs.find(asked.id).status is JobStatus.DONE
    (kept,) = hooks.messages()
    assert (kept.status, kept.answer) == (
        MessageStatus.WAITING,
        "The program failed (RuntimeError); its log says where.",
    )
    assert "Traceback" in caplog.text


def test_messages_are_forgotten_after_a_month(told, hooks, work):
    with receiving() as receiver:
        made, _ = hooks.subscribe(receiver.url)
        old = hooks.test(made.id)
        later(told, days=KEPT.days + 1)
        new = hooks.test(made.id)
    assert [one.id for one in hooks.messages()] == [new.id, old.id], "who sends has no time for it"
    assert hooks.forget() == 1
    assert [one.id for one in hooks.messages()] == [new.id]


def test_where_nothing_is_sent_nobody_subscribes(told, hooks):
    with pytest.raises(ConfigurationError, match="not understood"):
        hooks.subscribe("nowhere")
    with pytest.raises(NotFound, match="no site reef"):
        hooks.subscribe("https://hooks.example.org/", site="reef")
    assert hooks.subscriptions() == []


def test_every_change_is_in_the_journal_and_no_address_or_secret_with_it(told, hooks):
    made, _ = hooks.subscribe("http://127.0.0.1:9/a-secret-path", site="garden")
    hooks.renew(made.id, timedelta(0))
    hooks.renew_hook("garden", timedelta(0))
    dead = hooks.test(made.id)
    hooks.retry([dead.id])
    hooks.switch(made.id, on=False)
    hooks.unsubscribe(made.id)
    assert verbs(told) == [
        *("subscribe", "subscription secret", "hook secret", "test subscription"),
        *("retry message", "subscription off", "unsubscribe"),
    ]
    with told.store.read() as tx:
        entries = " ".join(line.entry.details for line in tx.audit())
    assert "a-secret-path" not in entries
    assert "whsec_" not in entries


def test_a_house_without_a_way_out_says_so(house):
    with pytest.raises(ConfigurationError, match="has no webhooks"):
        house.service.webhooks.subscribe("https://hooks.example.org/")
    assert house.service.webhooks.send_next() is None
