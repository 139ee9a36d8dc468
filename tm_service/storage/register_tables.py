"""Tables of the register, beside the others: alarms that were acknowledged, rates that are paid, and units that are behind."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from tm_service.database.columns import Moment
from tm_service.storage.columns import Wording
from tm_service.storage.tables import metadata

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("alarm", Text, primary_key=True),  # "deployment-" and its number, or "overdue-", a package and its day
    Column("by", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Wording, nullable=False),
)

paid_rate = Table(
    "paid_rate",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("locale", Wording, primary_key=True),  # "" for all that have no row of their own
    Column("percents", Text, nullable=False),  # JSON: decimals by match class
    Column("currency", String(3), nullable=False),  # ISO 4217; "" where there is no price
    Column("price", Text, nullable=False),  # a decimal
)

behind = Table(
    "behind",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("locale", Wording, primary_key=True),
    Column("resource", Wording, primary_key=True),
    Column("key", Wording, primary_key=True),
    Column("since", Integer, nullable=False),  # the deployment since which it is, without a break
    Column("rule", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of its present source text
    Column("cause", Text, nullable=False),
    Index("ix_behind_counted", "site", "locale", "since", "cause"),
    Index("ix_behind_longest", "site", "locale", "since", "resource", "key"),
)

behind_state = Table(
    "behind_state",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("deployment", Integer, nullable=False),  # as of which what is behind is kept
)
