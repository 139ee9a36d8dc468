"""The tables of webhooks, beside the others."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, String, Table, Text

from tm_service.database.columns import BigId, Moment
from tm_service.storage.columns import Wording
from tm_service.storage.tables import metadata

webhook = Table(
    "webhook",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("site", Text, nullable=False),  # empty: all
    Column("url", Wording, nullable=False),
    Column("events", Text, nullable=False),  # JSON; none: all
    Column("sealed", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Column("former", Text, nullable=False),
    Column("former_until", Moment),
    Column("is_on", Boolean, nullable=False),
    Column("why", Wording, nullable=False),
    Column("failing", Moment),
    Column("rests", Moment),
)

webhook_message = Table(
    "webhook_message",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("subscription", String(32), nullable=False),
    Column("event", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON in ASCII
    Column("made", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease", Moment),
    Column("tried", Moment),
    Column("code", Integer, nullable=False),
    Column("answer", Wording, nullable=False),
    ForeignKeyConstraint(["subscription"], ["webhook.id"]),
    Index("ix_webhook_message_status_due", "status", "due"),
    Index("ix_webhook_message_subscription_number", "subscription", "number"),
)
