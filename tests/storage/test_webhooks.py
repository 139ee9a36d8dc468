"""Webhooks in the store: an event is there exactly if its change is, and one sender at a time has a message."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tm_service.domain.errors import NotFound
from tm_service.domain.jobs import Job, JobKind, JobStatus
from tm_service.domain.webhooks import (
    EVENTS,
    MOST_TRIES,
    Answered,
    Event,
    MessageStatus,
    Subscription,
    after,
    message,
    switched,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)


def subscription(number="a1", site="", events=(), **about: object):
    return Subscription(number, site, f"https://{number}.example.org/\ud83d", tuple(events), "sealed", NOW, **about)


def keep(store, *subscriptions: Subscription):
    with store.begin() as tx:
        for one in subscriptions:
            tx.save_subscription(one)


def note(store, verb="deploy", site="garden", at=NOW, **details: object):
    with store.begin() as tx:
        tx.note(site, verb, details or {"deployment": 1, "by": "Ana"}, at)


def messages(store, *asked: object, **about: object):
    with store.read() as tx:
        return tx.messages(*asked, **about)


def take(store, now=NOW, only=""):
    with store.begin() as tx:
        return tx.take_message(now, now + LEASE, only)


def add(store, number, of="a1", at=NOW):
    with store.begin() as tx:
        tx.add_message(message(f"{number:032x}", of, Event.TEST, "garden", {}, at))


def test_an_event_becomes_a_message_for_each_who_wants_to_hear_of_it(store):
    keep(
        store,
        subscription("all"),
        subscription("garden", "garden"),
        subscription("other", "reef"),
        subscription("deployed", events=[Event.DEPLOYED, Event.GATE_CLOSED]),
        subscription("packaged", events=[Event.PACKAGED]),
        switched(subscription("off"), is_on=False),
    )
    note(store)
    found = messages(store)
    assert sorted(one.subscription for one in found) == ["all", "deployed", "garden"]
    assert len({one.id for one in found}) == 3
    assert {one.event for one in found} == {Event.DEPLOYED}
    assert json.loads(found[0].body)["data"] == {"site": "garden", "deployment": 1}


@pytest.mark.parametrize("verb", EVENTS)
def test_each_verb_that_is_an_event_is_told_of(store, verb):
    keep(store, subscription())
    note(store, verb)
    note(store, "a verb that is none")
    assert [one.event for one in messages(store)] == [EVENTS[verb]]


class Lost(Exception):
    pass


@pytest.mark.parametrize("ending", ["raises", "rehearses"])
def test_what_was_not_kept_is_told_to_nobody(store, ending):
    keep(store, subscription())

    def change():
        with store.begin() as tx:
            tx.note("garden", "deploy", {}, NOW)
            assert len(tx.messages()) == 1
            if ending == "raises":
                raise Lost
            tx.rehearse()

    if ending == "raises":
        with pytest.raises(Lost):
            change()
    else:
        change()
    assert messages(store) == []
    with store.read() as tx:
        assert [line.entry.verb for line in tx.audit()] == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(st.tuples(st.sampled_from([*EVENTS, "cancel", "send"]), st.booleans()), max_size=6))
def test_there_are_as_many_messages_as_events_in_the_journal(store, script):
    """Whatever is kept and whatever is lost: one for each, and none besides."""
    keep(store, subscription())
    for verb, ends_well in script:
        with store.begin() as tx:
            tx.note("garden", verb, {}, NOW)
            if not ends_well:
                tx.rehearse()
    with store.read() as tx:
        noted = [EVENTS[line.entry.verb] for line in tx.audit(limit=10_000) if line.entry.verb in EVENTS]
        assert [one.event for one in reversed(tx.messages(most=10_000))] == noted


def test_a_job_that_fails_is_told_of_in_the_same_transaction(store):
    keep(store, subscription())
    asked = Job("j1", JobKind.DEPLOY, "garden", {}, "k", "Ana", NOW, NOW)
    with store.begin() as tx:
        tx.ask_job(asked)
    with store.begin() as tx:
        job = tx.take_job("one", NOW, LEASE, tuple(JobKind))
        failed = replace(job, status=JobStatus.FAILED, ended=NOW, lease=None, error="The gate is closed.")
        tx.save_job(failed, job.attempt)
    (told,) = messages(store)
    assert json.loads(told.body) == {
        "type": "job.failed",
        "timestamp": "2026-11-22T12:00:00Z",
        "data": {"site": "garden", "job": "j1", "kind": "deploy"},
    }


def test_a_job_over_which_too_many_workers_ended_is_told_of(store):
    keep(store, subscription())
    with store.begin() as tx:
        tx.ask_job(Job("j1", JobKind.DEPLOY, "garden", {}, "k", "Ana", NOW, NOW))
    at = NOW
    for _ in range(4):
        with store.begin() as tx:
            tx.take_job("one", at, LEASE, tuple(JobKind))
        at += 2 * LEASE
    assert [one.event for one in messages(store)] == [Event.JOB_FAILED]


def test_a_subscription_comes_back_as_it_was(store):
    made = subscription("b2", "garden", [Event.PACKAGED], former="older", former_until=NOW, failing=NOW, rests=NOW)
    keep(store, made, subscription("b3", "reef"))
    keep(store, changed := replace(made, why="gone ☃\0", is_on=False))
    with store.read() as tx:
        assert tx.subscription("b2") == changed
        assert [one.id for one in tx.subscriptions()] == ["b2", "b3"]
        assert [one.id for one in tx.subscriptions("reef")] == ["b3"]
        with pytest.raises(NotFound, match="hooks list"):
            tx.subscription("c4")


def test_a_message_is_taken_once_and_again_when_its_sender_is_lost(store):
    keep(store, subscription())
    note(store)
    first, to = take(store)
    assert (first.status, first.attempt, first.tries, to.id) == (MessageStatus.SENDING, 1, 1, "a1")
    assert take(store) is None
    again, _ = take(store, NOW + LEASE + timedelta(seconds=1))
    assert (again.id, again.body, again.attempt) == (first.id, first.body, 2)
    with store.begin() as tx:
        late = replace(first, status=MessageStatus.DELIVERED)
        assert not tx.save_message(late, first.attempt)
        assert tx.message(first.id).status is MessageStatus.SENDING
        assert tx.save_message(replace(again, status=MessageStatus.DELIVERED), again.attempt)
    with store.read() as tx:
        assert not tx.is_message_due(NOW + timedelta(days=9))


def test_many_senders_take_each_message_once(store):
    keep(store, subscription())
    for number in range(12):
        add(store, number)

    def work(_number):
        found = []
        while taken := take(store):
            found.append(taken[0].id)
        return found

    with ThreadPoolExecutor(4) as pool:
        taken = [one for some in pool.map(work, range(4)) for one in some]
    assert sorted(taken) == sorted(f"msg_{number:032x}" for number in range(12))


def test_what_waits_longest_is_taken_first_and_what_was_lost_before_it(store):
    keep(store, subscription())
    for number, minutes in ((1, 0), (2, -5), (3, -10)):
        add(store, number, at=NOW + timedelta(minutes=minutes))
    (lost, _), late = take(store), NOW + 2 * LEASE
    assert lost.id.endswith("3")
    assert [take(store, late)[0].id[-1] for _ in range(3)] == ["3", "2", "1"]


def test_nothing_is_sent_to_who_rests_or_is_off(store):
    for rests, is_on in ((NOW + timedelta(seconds=1), True), (None, False)):
        keep(store, replace(subscription(), rests=rests, is_on=is_on))
        add(store, 7 + is_on)
        with store.read() as tx:
            assert not tx.is_message_due(NOW)
        assert take(store) is None
        assert take(store, only=f"msg_{7 + is_on:032x}")[0].attempt == 1
    keep(store, replace(subscription(), rests=NOW))
    with store.read() as tx:
        assert tx.is_message_due(NOW + 2 * LEASE)


def test_nothing_is_due_before_its_time(store):
    keep(store, subscription())
    add(store, 1, at=NOW + timedelta(seconds=1))
    with store.read() as tx:
        assert not tx.is_message_due(NOW)
    assert take(store) is None


def test_a_message_over_which_senders_end_is_given_up_and_the_next_one_goes(store):
    keep(store, subscription())
    add(store, 1)
    at = NOW
    for _ in range(MOST_TRIES):
        assert take(store, at)[0].id[-1] == "1"
        at += 2 * LEASE
    add(store, 2, at=at)
    assert take(store, at)[0].id[-1] == "2"
    with store.read() as tx:
        assert tx.message(f"msg_{1:032x}").status is MessageStatus.FAILED


def test_what_is_removed_is_gone_with_its_messages(store):
    keep(store, subscription("a1"), subscription("b2"))
    note(store)
    taken, _ = take(store)
    with store.begin() as tx:
        tx.remove_subscription(taken.subscription)
    assert [one.subscription for one in messages(store)] == [{"a1": "b2", "b2": "a1"}[taken.subscription]]
    with store.begin() as tx:
        assert not tx.save_message(taken, taken.attempt)


def test_messages_are_listed_by_pages_statuses_and_subscriptions(store):
    keep(store, subscription("a1"), subscription("b2"))
    for number in range(5):
        add(store, number, "a1" if number % 2 else "b2")
    take(store)
    assert [one.id[-1] for one in messages(store, most=2)] == ["4", "3"]
    assert [one.id[-1] for one in messages(store, before=f"msg_{3:032x}")] == ["2", "1", "0"]
    with pytest.raises(NotFound, match="There is no message gone"):
        messages(store, before="gone")
    assert [one.id[-1] for one in messages(store, "a1")] == ["3", "1"]
    assert [one.id[-1] for one in messages(store, statuses=[MessageStatus.SENDING])] == ["0"]
    with store.read() as tx, pytest.raises(NotFound, match="hooks deliveries"):
        tx.message("msg_none")


def test_what_waits_for_who_is_switched_off_is_given_up(store):
    keep(store, subscription("a1"), subscription("b2"))
    for number, of in enumerate(("a1", "a1", "b2")):
        add(store, number, of)
    taken, _ = take(store)
    with store.begin() as tx:
        assert tx.give_up_messages("a1", NOW, "off") == 1
    statuses = [one.status for one in reversed(messages(store))]
    assert statuses == [MessageStatus.SENDING, MessageStatus.FAILED, MessageStatus.WAITING]
    assert taken.id[-1] == "0"


def test_what_is_over_is_forgotten_in_time_and_nothing_else(store):
    keep(store, subscription())
    for number in range(3):
        add(store, number)
    for answer in (Answered(200, ""), Answered(500, "")):
        sent, to = take(store)
        made, _ = after(sent, to, answer, NOW, chance=0.5)
        with store.begin() as tx:
            tx.save_message(made, sent.attempt)
    with store.begin() as tx:
        assert tx.forget_messages(NOW) == 0
        assert tx.forget_messages(NOW + timedelta(seconds=1)) == 1
    assert sorted(one.status for one in messages(store)) == ["waiting", "waiting"]
