"""Webhooks: documents of who is told of what happens here, and of how the telling went."""

from tm_service.domain.webhooks import Message, Subscription
from tm_service.shapes.pipeline import Document


def subscription(one: Subscription) -> Document:
    return {
        "subscription": one.id,
        "site": one.site,
        "url": one.url,
        "events": list(one.events),
        "on": one.is_on,
        "why": one.why,
        "made": one.made.isoformat(),
        "failing": one.failing.isoformat() if one.failing else None,
    }


def message(one: Message) -> Document:
    moments = {name: getattr(one, name) for name in ("made", "due", "tried")}
    return {
        "message": one.id,
        "subscription": one.subscription,
        "event": one.event,
        "status": one.status,
        "tries": one.tries,
        "code": one.code,
        "answer": one.answer,
    } | {name: at.isoformat() if at else None for name, at in moments.items()}
