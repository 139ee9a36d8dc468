"""Webhook documents: what each answer about subscriptions has, as the interface's description tells it."""

from pydantic import Field

from tm_service.domain.webhooks import Event, MessageStatus
from tm_service.shapes.documents import Document


class Subscription(Document):
    """Who is told of these `events` (none: all) of a `site` (empty: all); `failing` is since when nothing got through."""

    subscription: str
    site: str
    url: str
    events: list[Event]
    on: bool
    why: str = Field(description="Why it is off.")
    made: str
    failing: str | None


class Subscribed(Subscription):
    """With the secret that messages are signed with, told this once."""

    secret: str


class Subscriptions(Document):
    subscriptions: list[Subscription]
    cursor: str | None


class Secret(Document):
    """Signs from now on; told this once."""

    subscription: str
    secret: str


class Message(Document):
    """An event for a subscription; `code` is the status of HTTP of the last attempt, 0 where there was no answer."""

    message: str
    subscription: str
    event: Event
    status: MessageStatus
    tries: int
    code: int
    answer: str
    made: str
    due: str
    tried: str | None


class Messages(Document):
    messages: list[Message]
    cursor: str | None = None
