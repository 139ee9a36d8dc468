"""The table of acknowledgements, beside the others."""

from sqlalchemy import Column, Table, Text

from tm_service.database.columns import Moment
from tm_service.storage.columns import Wording
from tm_service.storage.tables import metadata

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("alarm", Text, primary_key=True),  # "deployment 12" and a number, or "overdue", a package and its day
    Column("by", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Wording, nullable=False),
)
