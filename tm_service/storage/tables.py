"""The tables, described once for SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts by itself only for INTEGER


class Moment(TypeDecorator[datetime]):
    """A moment with its zone; kept in UTC, for SQLite has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


translation = Table(
    "translation",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("identity", String(64), nullable=False, unique=True),  # the same delivery is never written twice
    Column("site", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("key", Text, nullable=False),  # JSON array of names
    Column("fingerprint", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("following", String(64), nullable=False),
    Index("ix_translation_unit", "site", "locale", "resource"),
    Index("ix_translation_exact", "site", "locale", "fingerprint"),
)

source = Table(
    "source",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_source_resource", "site", "resource"),
)

lineage = Table(
    "lineage",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("from_resource", Text, nullable=False),
    Column("from_key", Text, nullable=False),
    Index("ix_lineage_resource", "site", "resource"),
)

unclaimed = Table(
    "unclaimed",
    metadata,
    Column("site", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("name", Text, nullable=False),  # of the file it could translate
    Column("blob", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Index("ix_unclaimed_name", "site", "name"),
)

site_state = Table(
    "site_state",
    metadata,
    Column("site", Text, primary_key=True),
    Column("learned", Text, nullable=False),
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
    Column("site", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("branch", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("coverage", Text, nullable=False),  # JSON by locale
    Column("sequence", BigInteger, nullable=False),
    Column("settings", Text, nullable=False),
    Column("commit", Text, nullable=False),
    Column("restores", Integer, nullable=False),
)

page = Table(
    "page",
    metadata,
    Column("site", Text, primary_key=True),
    Column("locale", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),  # served from this deployment
    Column("until", Integer),  # up to, not including, this one; empty: today
    Column("path", Text, nullable=False),
    Column("page", String(64), nullable=False),
    Column("catalog", String(64), nullable=False),
    Column("coverage", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    ForeignKeyConstraint(["site", "first"], ["deployment.site", "deployment.number"]),
    Index("ix_page_until", "site", "until"),
)

lacking = Table(
    "lacking",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of a unit that a newer translation could help
    Index("ix_lacking_page", "site", "locale", "resource"),
    Index("ix_lacking_fingerprint", "site", "locale", "fingerprint"),
)

package = Table(
    "package",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("locale", Text, nullable=False),
    Column("source_locale", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Text, nullable=False),  # ISO date or empty
    Column("status", Text, nullable=False),
    UniqueConstraint("site", "number"),
)

package_unit = Table(
    "package_unit",
    metadata,
    Column("package", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("resource", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("previous_source", Text, nullable=False),
    Column("previous_target", Text, nullable=False),
    Column("edit", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    ForeignKeyConstraint(["package"], ["package.id"]),
)

package_file = Table(
    "package_file",
    metadata,
    Column("package", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    ForeignKeyConstraint(["package"], ["package.id"]),
    ForeignKeyConstraint(["digest"], ["blob.digest"]),
)

receipt = Table(
    "receipt",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the returned bytes
    Column("site", Text, nullable=False),
    Column("package", Text, nullable=False),
    Column("content", String(64), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Text, nullable=False),  # JSON array
    Column("open", Integer, nullable=False),
    Column("findings", Text, nullable=False),  # JSON array
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["content"], ["blob.digest"]),
    Index("ix_receipt_package", "package"),
)

waiver = Table(
    "waiver",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False, index=True),
    Column("locale", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

alarm = Table(
    "alarm",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False),
    Column("deployment", Integer, nullable=False),
    Column("locale", Text, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Index("ix_alarm_deployment", "site", "deployment"),
)

journal = Table(
    "journal",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False, index=True),
    Column("verb", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON
    Column("at", Moment, nullable=False),
)
