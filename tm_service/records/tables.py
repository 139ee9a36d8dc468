"""Tables of the records room, the same for SQLite and PostgreSQL; every name begins with `record_`."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

from tm_service.database.columns import BigId, Moment
from tm_service.records.columns import JsonText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ticker = Table(  # one row: the last moment given to a change
    "record_ticker",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", Moment, nullable=False),
)

content = Table(
    "record_content",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("packed", LargeBinary, nullable=False),  # JSON, deflated
)

document = Table(
    "record_document",
    metadata,
    Column("identifier", String(128), primary_key=True),
    Column("kind", String(128), nullable=False),
    Column("government", JsonText, nullable=False),
    Column("created", Moment, nullable=False),
    Column("created_by", JsonText, nullable=False),
    Column("revision", Integer, nullable=False),  # the newest; 0 before the first
    Column("stage", String(16), nullable=False),  # of the newest revision; empty before the first
    Column("digest", String(64), nullable=False),  # of the newest revision; empty before the first
    Column("modified", Moment, nullable=False),
    Column("title", JsonText, nullable=False),  # by language
    Column("saves", Integer, nullable=False),  # how many saves its drafts ever had
    Index("ix_record_document_modified", "modified"),
)

revision = Table(
    "record_revision",
    metadata,
    Column("identifier", String(128), nullable=False),
    Column("number", Integer, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", JsonText, nullable=False),
    Column("why", JsonText, nullable=False),
    PrimaryKeyConstraint("identifier", "number"),
    ForeignKeyConstraint(["identifier"], ["record_document.identifier"]),
    ForeignKeyConstraint(["digest"], ["record_content.digest"]),
)

reference = Table(  # of what readers have now; those of older revisions are read from their content
    "record_reference",
    metadata,
    Column("source", String(128), nullable=False),
    Column("position", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("path", JsonText, nullable=False),
    Column("target", JsonText, nullable=False),
    Column("pinned", Integer, nullable=False),  # 0: to no revision
    Column("confidential", Boolean, nullable=False),
    PrimaryKeyConstraint("source", "position"),
    ForeignKeyConstraint(["source"], ["record_document.identifier"]),
    Index("ix_record_reference_target", "target"),
)

draft = Table(
    "record_draft",
    metadata,
    Column("identifier", String(128), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("began_on", Integer, nullable=False),  # the revision it began from
    Column("based_on", Integer, nullable=False),  # the revision it was brought up to
    Column("stage", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", JsonText, nullable=False),
    Column("created", Moment, nullable=False),
    Column("created_by", JsonText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", JsonText, nullable=False),
    Column("requested_by", JsonText, nullable=False),
    Column("why", JsonText, nullable=False),
    ForeignKeyConstraint(["identifier"], ["record_document.identifier"]),
    ForeignKeyConstraint(["digest"], ["record_content.digest"]),
)

save = Table(
    "record_save",
    metadata,
    Column("identifier", String(128), nullable=False),
    Column("number", Integer, nullable=False),
    Column("based_on", Integer, nullable=False),
    Column("digest", String(64), nullable=False),  # the draft after it
    Column("sent", String(64), nullable=False),  # what was sent, before others' changes were merged in
    Column("at", Moment, nullable=False),
    Column("by", JsonText, nullable=False),
    PrimaryKeyConstraint("identifier", "number"),
    ForeignKeyConstraint(["identifier"], ["record_document.identifier"]),
    ForeignKeyConstraint(["digest"], ["record_content.digest"]),
    ForeignKeyConstraint(["sent"], ["record_content.digest"]),
)

clash = Table(
    "record_clash",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("identifier", String(128), nullable=False, index=True),
    Column("path", JsonText, nullable=False),
    Column("language", JsonText, nullable=False),
    Column("base", JsonText, nullable=False),
    Column("mine", JsonText, nullable=False),
    Column("mine_by", JsonText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("decided_by", JsonText),
    Column("decided_at", Moment),  # NULL while it is open
    ForeignKeyConstraint(["identifier"], ["record_document.identifier"]),
)

lock = Table(
    "record_lock",
    metadata,
    Column("identifier", String(128), primary_key=True),
    Column("id", String(32), nullable=False),
    Column("holder", JsonText, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    ForeignKeyConstraint(["identifier"], ["record_document.identifier"]),
)

share = Table(
    "record_share",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("identifier", String(128), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the token, which is kept nowhere
    Column("by", JsonText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("uses", Integer, nullable=False),  # 0: any number
    Column("used", Integer, nullable=False),
    Column("revoked", Boolean, nullable=False),
    ForeignKeyConstraint(["identifier"], ["record_document.identifier"]),
)

step = Table(
    "record_step",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("identifier", String(128), nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", JsonText, nullable=False),
    Column("why", JsonText, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("draft", Integer, nullable=False),
    ForeignKeyConstraint(["identifier"], ["record_document.identifier"]),
)

picture = Table(
    "record_picture",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the content
    Column("kind", String(8), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", JsonText, nullable=False),  # who brought it first
    Index("ix_record_picture_at", "at"),
)
