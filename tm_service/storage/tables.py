"""The tables, described once for SQLite and PostgreSQL."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from tm_service.database.columns import BigId, Moment
from tm_service.storage.columns import Wording

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

translation = Table(
    "translation",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("identity", String(64), nullable=False, unique=True),  # the same delivery is never written twice
    Column("site", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("resource", Wording, nullable=False),
    Column("key", Wording, nullable=False),  # JSON array of names
    Column("fingerprint", String(64), nullable=False),
    Column("source", Wording, nullable=False),
    Column("target", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("author", Wording, nullable=False),
    Column("reference", Wording, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("following", String(64), nullable=False),
    Column("source_locale", Text, nullable=False, server_default="en"),
    Column("properties", Wording, nullable=False, server_default="[]"),  # JSON array of names and values
    Column("target_print", BigInteger),  # begins the target's fingerprint; NULL where older code wrote the row
    Index("ix_translation_unit", "site", "locale", "resource"),
    Index("ix_translation_exact", "site", "locale", "fingerprint"),
    Index("ix_translation_shelf", "site", "source_locale", "locale", "number"),
    Index("ix_translation_target_print", "target_print"),
)

retirement = Table(
    "retirement",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("translation", BigId, nullable=False, unique=True),
    Column("by", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Wording, nullable=False),
    Column("sequence", BigInteger, nullable=False, index=True),  # the newest translation when it was retired
    ForeignKeyConstraint(["translation"], ["translation.number"]),
)

term = Table(
    "term",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("identity", String(64), nullable=False),  # memory, languages and both texts; its newest row counts
    Column("memory", Text, nullable=False),
    Column("source_locale", Text, nullable=False),
    Column("source", Wording, nullable=False),
    Column("locale", Text, nullable=False),
    Column("target", Wording, nullable=False),
    Column("status", Text, nullable=False),
    Column("definition", Wording, nullable=False),
    Column("part_of_speech", Wording, nullable=False),
    Column("author", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reference", Wording, nullable=False),
    Column("retired", Boolean, nullable=False),
    Index("ix_term_identity", "identity", "number"),
    Index("ix_term_memory", "memory", "source_locale", "locale"),
)

store_identity = Table("store_identity", metadata, Column("id", String(32), primary_key=True))  # one row

source = Table(
    "source",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Wording, nullable=False),
    Column("resource", Wording, nullable=False),
    Column("key", Wording, nullable=False),
    Column("text", Wording, nullable=False),
    Index("ix_source_resource", "site", "resource"),
)

lineage = Table(
    "lineage",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Wording, nullable=False),
    Column("resource", Wording, nullable=False),
    Column("key", Wording, nullable=False),
    Column("from_resource", Wording, nullable=False),
    Column("from_key", Wording, nullable=False),
    Index("ix_lineage_resource", "site", "resource"),
)

unclaimed = Table(
    "unclaimed",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("path", Wording, primary_key=True),
    Column("name", Wording, nullable=False),  # of the file it could translate
    Column("blob", Wording, nullable=False),
    Column("revision", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("author", Wording, nullable=False),
    Index("ix_unclaimed_name", "site", "name"),
)

site_state = Table(
    "site_state",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("learned", Wording, nullable=False),
    Column("numbered", Integer, nullable=False, server_default="0"),  # the last number that a package may have got
)

blob = Table(
    "blob",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # zlib
)

deployment = Table(
    "deployment",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", Wording, nullable=False),
    Column("ref", Wording, nullable=False),
    Column("branch", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("coverage", Wording, nullable=False),  # JSON by locale
    Column("sequence", BigInteger, nullable=False),
    Column("settings", Wording, nullable=False),
    Column("commit", Wording, nullable=False),
    Column("findings", Wording, nullable=False),  # JSON array
    Column("restores", Integer, nullable=False),
    Column("waiting", Wording, nullable=False, server_default="[]"),  # JSON array of paths
)

TODAY = 2**31 - 1  # a page is served until the deployment of this number: it is served today

page = Table(
    "page",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("locale", Wording, primary_key=True),
    Column("resource", Wording, primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),  # served from this deployment
    Column("until", Integer, nullable=False),  # up to, not including, this one
    Column("path", Wording, nullable=False),
    Column("page", String(64), nullable=False),
    Column("catalog", String(64), nullable=False),
    Column("coverage", Wording, nullable=False),
    Column("complete", Boolean, nullable=False),
    ForeignKeyConstraint(["site", "first"], ["deployment.site", "deployment.number"]),
    ForeignKeyConstraint(["page"], ["blob.digest"]),
    ForeignKeyConstraint(["catalog"], ["blob.digest"]),
    Index("ix_page_until", "site", "until"),
    Index("ix_page_catalog", "site", "catalog"),
)

lacking = Table(
    "lacking",
    metadata,
    Column("site", Wording, primary_key=True),
    Column("locale", Wording, primary_key=True),
    Column("resource", Wording, primary_key=True),
    Column("fingerprint", String(64), primary_key=True),  # of a unit that a newer translation could help
)

package = Table(
    "package",
    metadata,
    Column("id", Wording, primary_key=True),
    Column("site", Wording, nullable=False),
    Column("number", Integer, nullable=False),
    Column("locale", Wording, nullable=False),
    Column("source_locale", Wording, nullable=False),
    Column("code", Wording, nullable=False),
    Column("revision", Wording, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Wording, nullable=False),  # ISO date or empty
    Column("status", Wording, nullable=False),
    Column("profile", Text, nullable=False, server_default="generic"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("counted", Text),  # as which the causes of what is behind know it; NULL where older code wrote the row
    UniqueConstraint("site", "number"),
)

package_unit = Table(
    "package_unit",
    metadata,
    Column("package", Wording, primary_key=True),
    Column("id", Wording, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("resource", Wording, nullable=False),
    Column("key", Wording, nullable=False),
    Column("source", Wording, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("previous_source", Wording, nullable=False),
    Column("previous_target", Wording, nullable=False),
    Column("edit", Wording, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("following", String(64), nullable=False),
    Column("done", Boolean, nullable=False),
    Column("match", Text, nullable=False, server_default="new"),
    Column("percent", Float, nullable=False, server_default="0"),
    Column("offered", Wording, nullable=False, server_default=""),
    Column("attention", Boolean, nullable=False, server_default=false()),
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("note", Wording, nullable=False, server_default=""),
    Column("limit", Integer, nullable=False, server_default="0"),  # characters; 0 for any number
    Column("words", Integer),  # of the source; NULL where older code wrote the row
    ForeignKeyConstraint(["package"], ["package.id"]),
    Index("ix_package_unit_weight", "package", "locked", "match", "done", "attention", "words"),
    Index("ix_package_unit_resource", "resource", "package"),
)

package_file = Table(
    "package_file",
    metadata,
    Column("package", Wording, primary_key=True),
    Column("name", Wording, nullable=False),
    Column("digest", String(64), nullable=False),
    ForeignKeyConstraint(["package"], ["package.id"]),
    ForeignKeyConstraint(["digest"], ["blob.digest"]),
)

receipt = Table(
    "receipt",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the returned bytes
    Column("site", Wording, nullable=False),
    Column("package", Wording, nullable=False),
    Column("content", String(64), nullable=False),
    Column("outcome", Wording, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Wording, nullable=False),  # JSON array
    Column("open", Integer, nullable=False),
    Column("findings", Wording, nullable=False),  # JSON array
    Column("at", Moment, nullable=False),
    Column("details", Wording, nullable=False, server_default="{}"),  # JSON
    Column("counted", Text),  # its figures as JSON; NULL where older code wrote the row
    ForeignKeyConstraint(["content"], ["blob.digest"]),
    Index("ix_receipt_site", "site", "at"),
)

question = Table(
    "question",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("identity", String(64), nullable=False, unique=True),  # package, unit and text
    Column("site", Wording, nullable=False, index=True),
    Column("package", Wording, nullable=False),
    Column("unit", Wording, nullable=False),
    Column("text", Wording, nullable=False),
    Column("author", Wording, nullable=False),
    Column("said", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["package"], ["package.id"]),
    Index("ix_question_package", "package", "unit"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("site", Wording, nullable=False),
    Column("package", Wording, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("recipient", Wording, nullable=False),
    Column("status", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("reference", Wording, nullable=False),
    Column("error", Wording, nullable=False),
    Column("receipt", String(64), nullable=False, server_default=""),
    Column("reminder", String(32), nullable=False, server_default=""),
    ForeignKeyConstraint(["package"], ["package.id"]),
    Index("ix_delivery_next", "status", "next_at"),
)

waiver = Table(
    "waiver",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Wording, nullable=False, index=True),
    Column("locale", Wording, nullable=False),
    Column("resource", Wording, nullable=False),
    Column("key", Wording, nullable=False),
    Column("by", Wording, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("reason", Wording, nullable=False),
    Column("signature", Wording, nullable=False),
)

alarm = Table(
    "alarm",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Wording, nullable=False),
    Column("deployment", Integer, nullable=False),
    Column("locale", Wording, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("message", Wording, nullable=False),
    Index("ix_alarm_deployment", "site", "deployment"),
)

journal = Table(
    "journal",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Wording, nullable=False),
    Column("verb", Wording, nullable=False),
    Column("details", Wording, nullable=False),  # JSON
    Column("at", Moment, nullable=False),
    Column("who", String(64), nullable=False, server_default=""),  # a pseudonym
    Column("door", Text, nullable=False, server_default=""),
    Column("address", String(64), nullable=False, server_default=""),  # a pseudonym
    Column("request", Wording, nullable=False, server_default=""),
    Column("reason", Wording, nullable=False, server_default=""),
    Column("previous", String(64)),  # NULL, like the hash, where older code wrote the row and nothing was noted since
    Column("hash", String(64)),
    Index("ix_journal_previous", "previous", unique=True),  # the chain never forks
    Index("ix_journal_site", "site", "number"),
)

pseudonym = Table(
    "pseudonym",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("holder", String(64), nullable=False),  # whose address it is
    Column("name", Wording, nullable=False, index=True),  # empty, like the salt, once it is erased
    Column("salt", String(32), nullable=False),
)
