"""The table of the desk, beside the others."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, String, Table

from tm_service.database.columns import Moment
from tm_service.storage.columns import Wording
from tm_service.storage.tables import metadata

desk_target = Table(
    "desk_target",
    metadata,
    Column("package", Wording, primary_key=True),
    Column("unit", Wording, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3...; the newest counts
    Column("target", Wording, nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("gravity", String(20), nullable=False),  # of the gravest finding, or empty
    ForeignKeyConstraint(["package"], ["package.id"]),
)
