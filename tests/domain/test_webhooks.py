"""Webhooks: messages and their tries, subscriptions and their patience, as pure decisions."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.errors import Conflict
from tm_service.domain.signatures import is_standard, written
from tm_service.domain.webhooks import (
    EVENTS,
    MOST_TRIES,
    PATIENCE,
    PAUSES,
    REST,
    Answered,
    Event,
    MessageStatus,
    Subscription,
    after,
    asked_again,
    headers,
    message,
    once,
    pause,
    renewed,
    sealed_secrets,
    switched,
    taken,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)
GARDEN = Subscription("5ab1e0", "garden", "https://hooks.example.org/", (Event.DEPLOYED,), "sealed", NOW)
WELL, BUSY = Answered(204, ""), Answered(503, "busy")


def waiting():
    return message("0" * 32, GARDEN.id, Event.DEPLOYED, "garden", {"deployment": 7, "by": "Ana", "person": "Ben"}, NOW)


def sent(made=None, now=NOW):
    return taken(made or waiting(), now, now + LEASE)


def test_a_message_says_what_where_and_when_and_names_nobody():
    said = json.loads(waiting().body)
    assert said == {
        "type": "deployment.made", "timestamp": "2026-11-22T12:00:00Z", "data": {"site": "garden", "deployment": 7}
    }  # fmt: skip
    assert waiting().body.isascii()


def test_half_a_character_is_told_too():
    made = message("0" * 32, GARDEN.id, Event.JOB_FAILED, "garden", {"ref": "\ud83d é"}, NOW)
    assert json.loads(made.body.encode("ascii"))["data"]["ref"] == "\ud83d é"


@given(
    body=st.dictionaries(st.text(max_size=5), st.text(max_size=20)),
    secrets=st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=2),
)
def test_each_secret_proves_where_a_message_comes_from(body, secrets):
    made = message("f" * 32, GARDEN.id, Event.TEST, "garden", body, NOW)
    texts = [written(secret) for secret in secrets]
    said = headers(made, texts, NOW)
    for text in texts:
        proof = said["webhook-signature"], said["webhook-id"], said["webhook-timestamp"]
        assert is_standard([text], *proof, made.body.encode(), NOW)
        assert not is_standard([written(b"nobody's secret, of bytes")], *proof, made.body.encode(), NOW)


def test_an_answer_from_200_to_299_is_delivered_and_nothing_else_is():
    for status in (200, 201, 204, 299):
        made, left = after(sent(), replace(GARDEN, failing=NOW, rests=NOW), Answered(status, ""), NOW, chance=0.5)
        assert (made.status, made.code, left) == (MessageStatus.DELIVERED, status, GARDEN)
    for status in (0, 100, 199, 300, 302, 404, 500, 600):
        made, left = after(sent(), GARDEN, Answered(status, "no"), NOW, chance=0.5)
        assert (made.status, made.answer, left.failing, left.rests) == (MessageStatus.WAITING, "no", NOW, NOW + REST)


def test_what_fails_is_tried_for_a_day_or_so_and_then_given_up():
    made, now = waiting(), NOW
    for number in range(1, MOST_TRIES + 1):
        made, _ = after(sent(made, now), GARDEN, BUSY, now, chance=0.5)
        assert made.tries == made.attempt == number
        now = made.due
    assert made.status is MessageStatus.FAILED
    assert timedelta(hours=20) < sum(PAUSES, timedelta()) < timedelta(hours=36)
    again = asked_again(made, now)
    assert (again.status, again.tries, again.attempt, again.id, again.body) == (
        MessageStatus.WAITING, 0, MOST_TRIES, made.id, made.body
    )  # fmt: skip
    with pytest.raises(Conflict, match="only one that failed"):
        asked_again(again, now)


@given(tries=st.integers(1, 100), chance=st.floats(0, 1))
def test_pauses_grow_and_chance_moves_them_by_a_fifth(tries, chance):
    usual = PAUSES[min(tries, len(PAUSES)) - 1]
    assert usual * 0.79 <= pause(tries, chance) <= usual * 1.21
    assert pause(tries + 1, 0.5) >= pause(tries, 0.5)


def test_who_asks_for_more_time_gets_it_in_measure():
    made, _ = after(sent(), GARDEN, Answered(429, "", after=600), NOW, chance=0.5)
    assert made.due == NOW + timedelta(minutes=10)
    made, _ = after(sent(), GARDEN, Answered(429, "", after=999_999), NOW, chance=0.5)
    assert made.due == NOW + PAUSES[-1]


def test_a_message_over_which_senders_end_is_not_sent_for_ever():
    made = waiting()
    for _ in range(MOST_TRIES):
        made = sent(made)
    assert made.status is MessageStatus.SENDING
    ended = sent(made)
    assert (ended.status, ended.attempt) == (MessageStatus.FAILED, made.attempt)
    assert "ended without a word" in ended.answer


def test_a_subscription_to_which_nothing_gets_through_for_days_is_switched_off_and_says_so():
    failing = replace(GARDEN, failing=NOW - PATIENCE + timedelta(seconds=1))
    assert after(sent(), failing, BUSY, NOW, chance=0.5)[1].is_on
    made, left = after(sent(), failing, BUSY, NOW + timedelta(seconds=1), chance=0.5)
    assert (made.status, left.is_on) == (MessageStatus.FAILED, False)
    assert "Nothing got through since 2026-11-17 12:00" in left.why
    assert switched(left, is_on=True) == GARDEN


def test_one_answer_that_gets_through_ends_the_counting():
    failing = replace(GARDEN, failing=NOW - PATIENCE)
    assert after(sent(), failing, WELL, NOW, chance=0.5)[1].failing is None


def test_nobody_there_is_the_end_at_once():
    made, left = after(sent(), GARDEN, Answered(410, "gone"), NOW, chance=0.5)
    assert (made.status, left.is_on, "410" in left.why) == (MessageStatus.FAILED, False, True)


def test_what_a_person_switched_off_keeps_its_reason():
    off = switched(GARDEN, is_on=False, why="They are moving.")
    assert after(sent(once(waiting())), off, Answered(410, ""), NOW, chance=0.5)[1].why == "They are moving."


def test_a_test_is_tried_once():
    assert after(sent(once(waiting())), GARDEN, BUSY, NOW, chance=0.5)[0].status is MessageStatus.FAILED


def test_both_secrets_sign_until_the_old_one_ends():
    made = renewed(GARDEN, "newer", NOW + timedelta(days=7))
    assert sealed_secrets(made, NOW) == ("newer", "sealed")
    assert sealed_secrets(made, NOW + timedelta(days=7)) == ("newer",)
    assert sealed_secrets(GARDEN, NOW) == ("sealed",)


def test_a_long_answer_is_kept_in_part():
    assert len(after(sent(), GARDEN, Answered(500, "x" * 9000), NOW, chance=0.5)[0].answer) == 500


def test_each_event_but_the_test_comes_from_the_journal():
    assert {*EVENTS.values()} == {*Event} - {Event.TEST}
