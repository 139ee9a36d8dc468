"""Subscriptions: who is told of what happens here, and how the telling goes."""

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tm_service import shapes
from tm_service.domain.permissions import Action
from tm_service.domain.webhooks import Event, MessageStatus, Subscription
from tm_service.shapes import webhook_documents as documents
from tm_service.web.api.places import somewhere
from tm_service.web.api.routes import (
    PREFIX,
    TEXT,
    Body,
    Cursor,
    Most,
    Router,
    Seen,
    as_seen,
    as_sent,
    documented,
    paged,
    service_of,
    tagged,
    told,
)
from tm_service.web.callers import asker_of
from tm_service.webhook_verbs import WebhookVerbs

router = Router("subscriptions")
_EDITS = somewhere(Action.WEBHOOKS_EDIT)
_ID = "a1b2c3d4e5f6"
_SUBSCRIPTION = {
    "subscription": _ID,
    "site": "demo",
    "url": "https://hooks.example.org/site",
    "events": ["deployment.made"],
    "on": True,
    "why": "",
    "made": "2026-11-22T09:30:00+00:00",
    "failing": None,
}
_SECRET = {"secret": "whsec_…"}
_MESSAGE = {
    "message": "msg_0f8fad5bd9cb469fa16570867728950e",
    "subscription": _ID,
    "event": "deployment.made",
    "status": "delivered",
    "tries": 1,
    "code": 204,
    "answer": "",
    "made": "2026-11-22T09:30:00+00:00",
    "due": "2026-11-22T09:30:00+00:00",
    "tried": "2026-11-22T09:30:01+00:00",
}
Id = Annotated[str, Path(max_length=40, pattern=TEXT)]
_MESSAGES = {"messages": [_MESSAGE], "cursor": None}


def _verbs(request: Request) -> WebhookVerbs:
    return service_of(request).webhooks


def _own(request: Request, subscription: str) -> Subscription:
    """A subscription, for who edits those of its site, or of the house where it is told of all. Raises NotFound, NotAllowed."""
    found = _verbs(request).find(subscription)
    asker_of(request).require(Action.WEBHOOKS_EDIT, found.site)
    return found


@router.get(
    "/subscriptions",
    dependencies=[_EDITS],
    responses=documented(
        "The oldest first.", {"subscriptions": [_SUBSCRIPTION], "cursor": None}, documents.Subscriptions
    ),
)
def list_subscriptions(
    request: Request,
    site: Annotated[str, Query(max_length=200, pattern=TEXT)] = "",
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    """Those that hear of a site, or all; as far as you may edit them."""
    asker = asker_of(request)
    found = [one for one in _verbs(request).subscriptions(site) if asker.may(Action.WEBHOOKS_EDIT, one.site)]
    page, following = paged(found, lambda one: one.id, cursor, most)
    return told({"subscriptions": [shapes.subscription(one) for one in page], "cursor": following or None})


class Subscribing(Body):
    """Who is to be told: an address; of which events, all where none is named; of which site, of all where none is."""

    url: str = Field(max_length=2000)
    site: str = Field("", max_length=200)
    events: list[Event] = Field(default_factory=list, max_length=100)


@router.post(
    "/subscriptions",
    status_code=201,
    dependencies=[_EDITS],
    responses=documented(
        "The subscription, with its secret.", _SUBSCRIPTION | _SECRET, documents.Subscribed, status=201
    ),
)
def subscribe(request: Request, asked: Subscribing) -> Response:
    """Messages are signed as Standard Webhooks are, with a secret that is told this once."""
    asker_of(request).require(Action.WEBHOOKS_EDIT, asked.site)
    with as_sent():
        made, secret = _verbs(request).subscribe(asked.url, site=asked.site, events=asked.events)
    headers = {"Location": f"{PREFIX}/subscriptions/{made.id}"}
    return told(shapes.subscription(made) | {"secret": secret}, status=201, headers=headers)


@router.get(
    "/subscriptions/{subscription}",
    dependencies=[_EDITS],
    responses=documented("A subscription.", _SUBSCRIPTION, documents.Subscription),
)
def show_subscription(request: Request, subscription: Id) -> Response:
    return tagged(request, shapes.subscription(_own(request, subscription)))


class Switching(Body):
    """On or off, and why."""

    on: bool
    why: str = Field("", max_length=1000)


@router.put(
    "/subscriptions/{subscription}/state",
    dependencies=[_EDITS],
    responses=documented("The subscription.", _SUBSCRIPTION, documents.Subscription),
)
def switch_subscription(request: Request, subscription: Id, asked: Switching, seen: Seen = "") -> Response:
    """Stop to tell it, or begin again. What waits when it stops is given up."""
    found, as_it_was = _own(request, subscription), as_seen(seen, shapes.subscription)
    made = _verbs(request).switch(found.id, on=asked.on, why=asked.why, seen=as_it_was)
    return tagged(request, shapes.subscription(made))


class Renewing(Body):
    """For how many days the old secret signs beside the new one."""

    days: int = Field(7, ge=0, le=31)


@router.post(
    "/subscriptions/{subscription}/secret",
    status_code=201,
    dependencies=[_EDITS],
    responses=documented("The new secret.", {"subscription": _ID} | _SECRET, documents.Secret, status=201),
)
def renew_subscription_secret(request: Request, subscription: Id, asked: Renewing) -> Response:
    """It is told this once."""
    found = _own(request, subscription)
    secret = _verbs(request).renew(found.id, timedelta(days=asked.days))
    return told({"subscription": found.id, "secret": secret}, status=201)


@router.delete(
    "/subscriptions/{subscription}",
    dependencies=[_EDITS],
    responses=documented("As it was.", _SUBSCRIPTION, documents.Subscription),
)
def unsubscribe(request: Request, subscription: Id, seen: Seen = "") -> Response:
    """End it, with all that was still to be told."""
    found = _own(request, subscription)
    return told(shapes.subscription(_verbs(request).unsubscribe(found.id, seen=as_seen(seen, shapes.subscription))))


@router.post(
    "/subscriptions/{subscription}/test",
    dependencies=[_EDITS],
    responses=documented("The message, as it was answered.", _MESSAGE | {"event": "webhook.test"}, documents.Message),
)
def test_subscription(request: Request, subscription: Id) -> Response:
    """Tell it of a test, at once and once, whether it is on or off; within a quarter of a minute."""
    return told(shapes.message(_verbs(request).test(_own(request, subscription).id)))


@router.get(
    "/subscriptions/{subscription}/messages",
    dependencies=[_EDITS],
    responses=documented("The newest first.", _MESSAGES, documents.Messages),
)
def list_messages(
    request: Request,
    subscription: Id,
    status: Annotated[list[MessageStatus] | None, Query()] = None,
    cursor: Cursor = "",
    most: Most = 50,
) -> Response:
    """What it was told and is still to be told; of some statuses, or of all. What is over is kept for 30 days."""
    own = _own(request, subscription).id
    with as_sent():
        found = _verbs(request).messages(own, statuses=status or (), before=cursor, most=most)
    following = found[-1].id if len(found) == most else None
    return told({"messages": [shapes.message(one) for one in found], "cursor": following})


class Retrying(Body):
    """Which messages: all of them are given their tries again, or none."""

    messages: list[Annotated[str, Field(max_length=40, pattern=TEXT)]] = Field(min_length=1, max_length=200)


@router.post(
    "/subscriptions/{subscription}/retry",
    dependencies=[_EDITS],
    responses=documented(
        "They wait to be sent.", {"messages": [_MESSAGE | {"status": "waiting", "tries": 0}]}, documents.Messages
    ),
)
def retry_messages(request: Request, subscription: Id, asked: Retrying) -> Response:
    """Give messages that failed all their tries again."""
    own = _own(request, subscription).id
    made = _verbs(request).retry(dict.fromkeys(asked.messages), subscription=own)
    return told({"messages": [shapes.message(one) for one in made]})
