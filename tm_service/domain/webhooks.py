"""Webhooks: who is told when something here has changed, and how the telling goes.

An event is written down with the change itself, in its transaction, once for each subscription: a message. Workers send
messages, as often as it takes, each time under the same id. In which order they arrive is not promised.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tm_service.domain.errors import Conflict
from tm_service.domain.signatures import standard

Details = Mapping[str, object]  # what JSON can say

# Between two tries: a day and a bit in all (Standard Webhooks 1.0.0, "Deliverability and reliability").
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 5 * 60, 8 * 60, 10 * 60))
MOST_TRIES = len(PAUSES) + 1
_JITTER = 0.2  # of a pause, up or down
REST = timedelta(minutes=1)  # after a failure, for all that a subscription is still to be told
PATIENCE = timedelta(days=5)  # until a subscription to which nothing gets through is switched off
KEPT = timedelta(days=30)  # messages that were delivered or given up
ANSWER = 500  # characters of an answer that are kept
_GONE = 410  # RFC 9110, 15.5.11
_WELL = range(200, 300)
_PEOPLE = frozenset({"by", "person"})  # named in the journal alone


class Event(StrEnum):
    """What others may be told of."""

    DEPLOYED = "deployment.made"
    ROLLED_BACK = "deployment.rolled-back"
    PACKAGED = "package.made"
    TAKEN_IN = "return.taken-in"
    JOB_FAILED = "job.failed"
    GATE_CLOSED = "gate.closed"
    TEST = "webhook.test"


# What of the journal is an event.
EVENTS: Mapping[str, Event] = {
    "deploy": Event.DEPLOYED,
    "rollback": Event.ROLLED_BACK,
    "package": Event.PACKAGED,
    "take in": Event.TAKEN_IN,
    "job failed": Event.JOB_FAILED,
    "gate closed": Event.GATE_CLOSED,
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to be told: `url` of these `events` (none: all) of a `site` (none: all).

    `sealed` is its secret as it is kept; `former` the one before, which signs too until `former_until`. `failing` is since when
    nothing got through, `rests` until when nothing is tried. One that is off hears of nothing; `why` says who or what did that.
    """

    id: str
    site: str
    url: str
    events: tuple[Event, ...]
    sealed: str = field(repr=False)
    made: datetime
    former: str = field(default="", repr=False)
    former_until: datetime | None = None
    is_on: bool = True
    why: str = ""
    failing: datetime | None = None
    rests: datetime | None = None


class MessageStatus(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"  # until its time comes
    SENDING = "sending"  # an attempt began and its end is not known
    DELIVERED = "delivered"
    FAILED = "failed"  # given up; a person may ask for it again


@dataclass(frozen=True, slots=True)
class Message:
    """One event for one subscription: `body` is JSON in ASCII, the same at each try; `id` names it for good.

    `attempt` is a fence; `tries` counts attempts since it was last asked for. Of the last attempt, `tried` is when it ended,
    `code` the status of HTTP (0: no answer), `answer` how the answer began, or why there was none.
    """

    id: str
    subscription: str
    event: Event
    body: str
    made: datetime
    due: datetime
    status: MessageStatus = MessageStatus.WAITING
    attempt: int = 0
    tries: int = 0
    lease: datetime | None = None
    tried: datetime | None = None
    code: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an attempt: the status of HTTP, 0 where there was no answer; how it began; seconds it asks us to wait."""

    status: int
    said: str
    after: float = 0.0


def message(number: str, subscription: str, event: Event, site: str, details: Details, at: datetime) -> Message:
    """A message that waits; `number` is 32 hexadecimal digits, as no other message has."""
    data = {"site": site} | {name: value for name, value in details.items() if name not in _PEOPLE}
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    body = json.dumps({"type": event, "timestamp": moment, "data": data}, separators=(",", ":"))
    return Message(f"msg_{number}", subscription, event, body, at, at)


def headers(made: Message, secrets: Iterable[str], at: datetime) -> Mapping[str, str]:
    """What proves where a message comes from, signed under each of the secrets (Standard Webhooks 1.0.0, "Webhook headers")."""
    moment = str(int(at.timestamp()))
    signatures = [standard(secret, made.id, moment, made.body.encode("ascii")) for secret in secrets]
    return {"webhook-id": made.id, "webhook-timestamp": moment, "webhook-signature": " ".join(signatures)}


def pause(tries: int, chance: float) -> timedelta:
    """How long to wait after so many tries; `chance`, from 0 to 1, keeps many from coming back all at once."""
    return PAUSES[min(tries, len(PAUSES)) - 1] * (1 + _JITTER * (2 * chance - 1))


def taken(known: Message, now: datetime, until: datetime) -> Message:
    """A message as its sender has it, until the lease ends; failed where too many senders ended over it."""
    if known.tries >= MOST_TRIES:
        said = f"{known.tries} attempts ended without a word; look into the workers' logs, and ask for it again."
        return replace(known, status=MessageStatus.FAILED, lease=None, tried=now, code=0, answer=said)
    begun = replace(known, status=MessageStatus.SENDING, lease=until)
    return replace(begun, attempt=known.attempt + 1, tries=known.tries + 1)


def after(
    sent: Message, subscription: Subscription, answer: Answered, now: datetime, *, chance: float
) -> tuple[Message, Subscription]:
    """A message and its subscription as an attempt leaves them: delivered, tried again later, or given up."""
    tried = replace(sent, lease=None, tried=now, code=answer.status, answer=answer.said[:ANSWER])
    if answer.status in _WELL:
        return replace(tried, status=MessageStatus.DELIVERED), replace(subscription, failing=None, rests=None)
    failing = replace(subscription, failing=subscription.failing or now, rests=now + REST)
    if why := _enough(failing, answer, now):
        failing = switched(failing, is_on=False, why=why)
    if tried.tries >= MOST_TRIES or not failing.is_on:
        return replace(tried, status=MessageStatus.FAILED), failing
    wait = max(pause(tried.tries, chance), timedelta(seconds=min(answer.after, PAUSES[-1].total_seconds())))
    return replace(tried, status=MessageStatus.WAITING, due=now + wait), failing


def _enough(failing: Subscription, answer: Answered, now: datetime) -> str:
    """Why a subscription is switched off, empty where it is not."""
    if not failing.is_on:
        return ""
    if answer.status == _GONE:
        return "It answered 410: nobody is there any more."
    if failing.failing and now - failing.failing >= PATIENCE:
        return f"Nothing got through since {failing.failing:%Y-%m-%d %H:%M}; see that it answers, and switch it on."
    return ""


def switched(known: Subscription, *, is_on: bool, why: str = "") -> Subscription:
    """A subscription on or off; one that is switched on begins anew."""
    return replace(known, is_on=is_on, why=why, rests=None, failing=None if is_on else known.failing)


def renewed(known: Subscription, sealed: str, until: datetime) -> Subscription:
    """A subscription with a new secret; the one before signs too until then."""
    return replace(known, sealed=sealed, former=known.sealed, former_until=until)


def sealed_secrets(known: Subscription, now: datetime) -> Sequence[str]:
    """The secrets that sign now, the newest first, as they are kept."""
    signs_too = known.former and known.former_until is not None and now < known.former_until
    return (known.sealed, known.former) if signs_too else (known.sealed,)


def asked_again(known: Message, now: datetime) -> Message:
    """A message that was given up, with all its tries before it. Raises Conflict."""
    if known.status is not MessageStatus.FAILED:
        raise Conflict(f"Message {known.id} is {known.status}; only one that failed can be tried again.")
    return replace(known, status=MessageStatus.WAITING, due=now, tries=0)


def once(known: Message) -> Message:
    """A message that is tried a single time, whoever waits for its answer."""
    return replace(known, tries=MOST_TRIES - 1)
