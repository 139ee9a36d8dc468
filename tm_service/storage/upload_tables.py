"""The tables of uploads, beside the others."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, LargeBinary, String, Table

from tm_service.database.columns import Moment
from tm_service.storage.columns import Wording
from tm_service.storage.tables import metadata

upload = Table(
    "upload",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("by", Wording, nullable=False),
    Column("name", Wording, nullable=False),
    Column("metadata", Wording, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("until", Moment, nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_upload_until", "until"),
)

upload_piece = Table(
    "upload_piece",
    metadata,
    Column("upload", String(32), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(["upload"], ["upload.id"]),
)
