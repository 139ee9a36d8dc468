"""The table of kept answers, beside the others; it names nobody, and what was answered is sealed."""

from sqlalchemy import Column, Index, String, Table, Text

from tm_service.database.columns import Moment
from tm_service.storage.tables import metadata

kept_answer = Table(
    "kept_answer",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("lease", Moment),
    Column("attempt", String(32), nullable=False),
    Column("sealed", Text, nullable=False),
    Index("ix_kept_answer_at", "at"),
)
