"""Webhooks: what is noted in the journal and is an event becomes messages, in the same transaction; and who sends them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, and_, delete, exists, or_, select, update

from tm_service.domain.errors import NotFound
from tm_service.domain.webhooks import EVENTS, Event, Message, MessageStatus, Subscription, message, taken
from tm_service.storage.jobs import Jobs
from tm_service.storage.rows import dump
from tm_service.storage.webhook_tables import webhook, webhook_message

_KNOWN = tuple(one.name for one in fields(Subscription))
_SAID = tuple(one.name for one in fields(Message))
_OVER = (MessageStatus.DELIVERED, MessageStatus.FAILED)
_SUBSCRIPTION = tuple(webhook.c[name] for name in _KNOWN)
_MESSAGE = tuple(webhook_message.c[name] for name in _SAID)


class Webhooks(Jobs):
    def note(self, site: str, verb: str, details: Mapping[str, object], at: datetime) -> None:
        super().note(site, verb, details, at)
        event = EVENTS.get(verb)
        if event is None:
            return
        for one in self.subscriptions(site, on=True):
            if not one.events or event in one.events:
                self.add_message(message(uuid4().hex, one.id, event, site, details, at))

    # subscriptions

    def save_subscription(self, made: Subscription) -> None:
        row = {name: getattr(made, name) for name in _KNOWN} | {"events": dump(made.events)}
        kept = update(webhook).where(webhook.c.id == made.id).values(row)
        if self.connection.execute(kept).rowcount == 0:
            self.connection.execute(webhook.insert(), row)

    def subscription(self, subscription_id: str) -> Subscription:
        row = self.connection.execute(select(*_SUBSCRIPTION).where(webhook.c.id == subscription_id)).first()
        if row is None:
            raise NotFound(f"There is no subscription {subscription_id}; `tm-service hooks list` names them.")
        return _subscription(row)

    def subscriptions(self, site: str = "", *, on: bool = False) -> Sequence[Subscription]:
        query = select(*_SUBSCRIPTION).order_by(webhook.c.number)
        if site or on:
            query = query.where(webhook.c.site.in_(("", site)))
        if on:
            query = query.where(webhook.c.is_on)
        return [_subscription(row) for row in self.connection.execute(query)]

    def remove_subscription(self, subscription_id: str) -> None:
        self.connection.execute(delete(webhook_message).where(webhook_message.c.subscription == subscription_id))
        self.connection.execute(delete(webhook).where(webhook.c.id == subscription_id))

    # messages

    def add_message(self, made: Message) -> None:
        self.connection.execute(webhook_message.insert(), _row(made))

    def is_message_due(self, now: datetime) -> bool:
        query = select(exists(select(webhook_message.c.number).join(webhook).where(_is_due(now), _hears(now))))
        return bool(self.connection.execute(query).scalar())

    def take_message(self, now: datetime, until: datetime, only: str = "") -> tuple[Message, Subscription] | None:
        wanted = webhook_message.c.id == only if only else _hears(now)
        query = select(*_MESSAGE).join(webhook).where(_is_due(now), wanted)
        query = query.order_by(webhook_message.c.status, webhook_message.c.due, webhook_message.c.number).limit(1)
        while row := self.connection.execute(query.with_for_update(skip_locked=True, of=webhook_message)).first():
            found = taken(_message(row), now, until)
            self._keep(found)
            if found.status is MessageStatus.SENDING:
                return found, self.subscription(found.subscription)
        return None

    def save_message(self, made: Message, attempt: int) -> bool:
        return self._keep(made, webhook_message.c.attempt == attempt)

    def message(self, message_id: str) -> Message:
        row = self.connection.execute(select(*_MESSAGE).where(webhook_message.c.id == message_id)).first()
        if row is None:
            raise _no_message(message_id)
        return _message(row)

    def messages(
        self, subscription: str = "", *, statuses: Collection[MessageStatus] = (), before: str = "", most: int = 50
    ) -> Sequence[Message]:
        query = select(*_MESSAGE).order_by(webhook_message.c.number.desc()).limit(most)
        if subscription:
            query = query.where(webhook_message.c.subscription == subscription)
        if statuses:
            query = query.where(webhook_message.c.status.in_(statuses))
        if before:
            number = self.connection.scalar(select(webhook_message.c.number).where(webhook_message.c.id == before))
            if number is None:
                raise _no_message(before)
            query = query.where(webhook_message.c.number < number)
        return [_message(row) for row in self.connection.execute(query)]

    def give_up_messages(self, subscription: str, now: datetime, why: str) -> int:
        waits = and_(webhook_message.c.subscription == subscription, webhook_message.c.status == MessageStatus.WAITING)
        over = {"status": MessageStatus.FAILED.value, "tried": now, "code": 0, "answer": why}
        return self.connection.execute(update(webhook_message).where(waits).values(over)).rowcount

    def forget_messages(self, before: datetime) -> int:
        gone = and_(webhook_message.c.status.in_(_OVER), webhook_message.c.due < before)
        return self.connection.execute(delete(webhook_message).where(gone)).rowcount

    def _keep(self, made: Message, *conditions: ColumnElement[bool]) -> bool:
        kept = update(webhook_message).where(webhook_message.c.id == made.id, *conditions).values(_row(made))
        return self.connection.execute(kept).rowcount == 1


def _no_message(message_id: str) -> NotFound:
    return NotFound(f"There is no message {message_id}; `tm-service hooks deliveries` names them.")


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a message waits and its time has come, or its sender is lost."""
    waits = and_(webhook_message.c.status == MessageStatus.WAITING, webhook_message.c.due <= now)
    return or_(waits, and_(webhook_message.c.status == MessageStatus.SENDING, webhook_message.c.lease < now))


def _hears(now: datetime) -> ColumnElement[bool]:
    """Whether something may be sent to a subscription now."""
    return and_(webhook.c.is_on, or_(webhook.c.rests.is_(None), webhook.c.rests <= now))


def _row(made: Message) -> dict[str, Any]:
    return {name: getattr(made, name) for name in _SAID} | {"status": made.status.value, "event": made.event.value}


def _subscription(row: Row[Any]) -> Subscription:
    known = dict(zip(_KNOWN, row, strict=True))
    return Subscription(**known | {"events": tuple(map(Event, json.loads(known["events"])))})


def _message(row: Row[Any]) -> Message:
    known = dict(zip(_SAID, row, strict=True))
    return Message(**known | {"status": MessageStatus(known["status"]), "event": Event(known["event"])})
