"""Hooks: what git hosts sign with, who is told of what happens here, and how the telling goes."""

from datetime import timedelta

import click

from tm_service import shapes
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, table
from tm_service.cli.root import main, service
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.webhooks import Event, Message, MessageStatus, Subscription
from tm_service.webhook_verbs import WebhookVerbs

_SHOWN = 60  # characters of an answer in a list
_EVENTS = [event.value for event in Event if event is not Event.TEST]
_MOST = 1000


@main.group(cls=Commands)
def hooks() -> None:
    """Hear of pushes, and tell others of what happens here."""


@hooks.command("secret")
@click.argument("name", metavar="SITE|SUBSCRIPTION")
@click.option("--days", type=click.IntRange(0, 31), default=7, help="How long the old one counts too; default: 7 days.")
@answering
def secret(name: str, *, days: int) -> Answer:
    """Make a secret for a site's deliveries, or for a subscription. It is shown this once."""
    house, overlap = service(), timedelta(days=days)
    if name in house.sites():
        made, place = house.webhooks.renew_hook(name, overlap), f"/api/v1/hooks/{name}"
        return {"site": name, "path": place, "secret": made}, f"Of deliveries to {place}: {made}", DONE
    made = house.webhooks.renew(name, overlap)
    return {"subscription": name, "secret": made}, f"Signs what is told from now on: {made}", DONE


@hooks.command("add")
@click.argument("url")
@click.option("--site", default="", help="Only what happens to this site; default: to any.")
@click.option("--event", "events", multiple=True, type=click.Choice(_EVENTS), help="May be repeated; default: all.")
@answering
def add(url: str, *, site: str, events: tuple[str, ...]) -> Answer:
    """Tell an address of events. The secret that messages are signed with is shown this once."""
    made, secret = service().webhooks.subscribe(url, site=site, events=[Event(event) for event in events])
    document = shapes.subscription(made) | {"secret": secret}
    return document, f"Subscription {made.id}; it signs as Standard Webhooks do, with {secret}", DONE


@hooks.command("list")
@click.option("--site", default="", help="Only those that hear of this site.")
@answering
def list_subscriptions(site: str) -> Answer:
    """List who is told of what; 1 where a subscription is off."""
    found = service().webhooks.subscriptions(site)
    rows = [(one.id, one.site or "all", one.url, ", ".join(one.events) or "all", _state(one)) for one in found]
    text = table(("", "site", "address", "events", ""), rows) if rows else "Nobody is told of anything yet."
    code = DONE if all(one.is_on for one in found) else NEEDS_PERSON
    return {"subscriptions": [shapes.subscription(one) for one in found]}, text, code


@hooks.command("remove")
@click.argument("number", metavar="SUBSCRIPTION")
@answering
def remove(number: str) -> Answer:
    """End a subscription, with all that was still to be told."""
    made = service().webhooks.unsubscribe(number)
    return {"removed": made.id}, f"{made.url} is told of nothing any more.", DONE


@hooks.command("switch")
@click.argument("number", metavar="SUBSCRIPTION")
@click.argument("way", type=click.Choice(["on", "off"]))
@click.option("--why", default="", help="The reasons.")
@answering
def switch(number: str, way: str, *, why: str) -> Answer:
    """Stop to tell a subscription, or begin again. What waits when it stops is given up."""
    made = service().webhooks.switch(number, on=way == "on", why=why)
    return shapes.subscription(made), f"Subscription {made.id} is {_state(made)}.", DONE


@hooks.command("test")
@click.argument("number", metavar="SUBSCRIPTION")
@answering
def test(number: str) -> Answer:
    """Tell a subscription of a test, at once. Ends with 1 where it does not get through."""
    made = service().webhooks.test(number)
    got_through = made.status is MessageStatus.DELIVERED
    text = "It got through." if got_through else f"It did not get through: {made.code or ''} {made.answer}"
    return shapes.message(made), text, DONE if got_through else NEEDS_PERSON


@hooks.command("deliveries")
@click.option("--subscription", "number", default="", help="Only of this one.")
@click.option("--status", "statuses", multiple=True, type=click.Choice([one.value for one in MessageStatus]))
@click.option("--before", default="", metavar="MESSAGE", help="The page after this message.")
@click.option("--most", type=click.IntRange(1, _MOST), default=50, help="How many at most; default: 50.")
@answering
def deliveries(number: str, *, statuses: tuple[str, ...], before: str, most: int) -> Answer:
    """List what was told and what is still to be. The newest first; what is over is kept for 30 days."""
    chosen = [MessageStatus(one) for one in statuses]
    found = service().webhooks.messages(number, statuses=chosen, before=before, most=most)
    rows = [
        (one.id, one.event, one.status, one.tries, f"{one.tried:%Y-%m-%d %H:%M}" if one.tried else "", _answer(one))
        for one in found
    ]
    text = table(("message", "event", "", "tries", "at", "answer"), rows) if rows else "There is nothing to tell."
    return {"deliveries": [shapes.message(one) for one in found]}, text, DONE


@hooks.command("retry")
@click.argument("numbers", metavar="MESSAGE...", nargs=-1)
@click.option("--subscription", default="", help="All that failed of this one.")
@answering
def retry(numbers: tuple[str, ...], *, subscription: str) -> Answer:
    """Give messages that failed all their tries again."""
    house = service().webhooks
    made = house.retry([*numbers, *(_failed(house, subscription) if subscription else ())])
    if not made and not subscription:
        raise ConfigurationError("Name messages, or a --subscription; `tm-service hooks deliveries` lists them.")
    return {"deliveries": [shapes.message(one) for one in made]}, f"{len(made)} wait to be sent.", DONE


def _failed(house: WebhookVerbs, subscription: str) -> list[str]:
    return [one.id for one in house.messages(subscription, statuses=[MessageStatus.FAILED], most=_MOST)]


def _answer(one: Message) -> str:
    return f"{one.code or ''} {one.answer[:_SHOWN]}".strip()


def _state(one: Subscription) -> str:
    if not one.is_on:
        return f"off: {one.why}" if one.why else "off"
    return f"failing since {one.failing:%Y-%m-%d %H:%M}" if one.failing else "on"
