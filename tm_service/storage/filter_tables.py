"""The tables of the filter that finds like texts in the database, beside the others."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
)

from tm_service.storage.columns import Wording
from tm_service.storage.tables import metadata

filter_filing = Table(
    "filter_filing",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("memory", Text, nullable=False),
    Column("source_locale", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("rules", String(32), nullable=False),
    Column("sampled", Integer, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("forms", BigInteger, nullable=False),
    Column("pairs", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Index("ix_filter_filing_shelf", "memory", "source_locale", "locale"),
)

filter_element = Table(
    "filter_element",
    metadata,
    Column("filing", Integer, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("often", Integer, nullable=False),
    PrimaryKeyConstraint("filing", "key"),
)

filter_form = Table(
    "filter_form",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("filing", Integer, nullable=False),
    Column("print", BigInteger, nullable=False),  # of the letters
    Column("bits", LargeBinary, nullable=False),
    Column("letters", Wording, nullable=False),
    Index("ix_filter_form_print", "filing", "print"),
)

filter_pair = Table(
    "filter_pair",
    metadata,
    Column("form", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),  # of the translation
    Column("numbers", Integer, nullable=False),
    Column("codes", Integer, nullable=False),
    PrimaryKeyConstraint("form", "number"),
)

# Columns in the order in which PostgreSQL leaves no gaps between them; a key would repeat the whole row.
filter_posting = Table(
    "filter_posting",
    metadata,
    Column("key", BigInteger, nullable=False),
    Column("signature", BigInteger, nullable=False),
    Column("filing", Integer, nullable=False),
    Column("form", Integer, nullable=False),
    Column("size", SmallInteger, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("length", SmallInteger, nullable=False),
    Index("ix_filter_posting_key", "key", "filing", "size"),
)
