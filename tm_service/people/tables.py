"""Tables of the people room, the same for SQLite and PostgreSQL; every name begins with `people_`.

Of passwords an argon2 hash is kept, of tokens and recovery codes their SHA-256, of second factors the secret, sealed.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tm_service.database.columns import Moment
from tm_service.people.columns import NameSet

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

person = Table(
    "people_person",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", Text, nullable=False, unique=True),  # the e-mail address without case
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("government", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("password", Text, nullable=False),  # "": none yet
    Column("created", Moment, nullable=False),
    Column("invited_by", String(32), nullable=False),  # "": the house itself
    Column("expires", Moment),
    Column("erased", Boolean, nullable=False),
)

grant = Table(
    "people_grant",
    metadata,
    Column("person", String(32), nullable=False),
    Column("role", String(32), nullable=False),
    Column("site", Text, nullable=False),
    Column("locale", String(35), nullable=False),
    Column("given", Moment, nullable=False),
    Column("given_by", String(32), nullable=False),
    PrimaryKeyConstraint("person", "role", "site", "locale"),
    ForeignKeyConstraint(["person"], ["people_person.id"]),
)

invitation = Table(
    "people_invitation",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("until", Moment, nullable=False),
    ForeignKeyConstraint(["person"], ["people_person.id"]),
)

failure = Table(  # of addresses, whether anybody has them or not
    "people_failure",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Moment, nullable=False),
)

session = Table(
    "people_session",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(32), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("since", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    ForeignKeyConstraint(["person"], ["people_person.id"]),
)

factor = Table(
    "people_factor",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("step", BigInteger, nullable=False),  # the last time step that counted
    ForeignKeyConstraint(["person"], ["people_person.id"]),
)

recovery = Table(  # codes that are not used yet
    "people_recovery",
    metadata,
    Column("person", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    PrimaryKeyConstraint("person", "digest"),
    ForeignKeyConstraint(["person"], ["people_person.id"]),
)

identity = Table(  # by whom else a person is known, once they were let in by their address
    "people_identity",
    metadata,
    Column("issuer", Text, nullable=False),
    Column("subject", String(255), nullable=False),
    Column("person", String(32), nullable=False),
    Column("since", Moment, nullable=False),
    PrimaryKeyConstraint("issuer", "subject"),
    UniqueConstraint("person", "issuer"),
    ForeignKeyConstraint(["person"], ["people_person.id"]),
)

client = Table(
    "people_client",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("scopes", NameSet, nullable=False),
    Column("pinned", NameSet, nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested", Moment, nullable=False),
    Column("requested_by", String(32), nullable=False),
    Column("decided", Moment),
    Column("decided_by", String(32), nullable=False),
    Column("why", Text, nullable=False),
    ForeignKeyConstraint(["requested_by"], ["people_person.id"]),
)

token = Table(
    "people_token",
    metadata,
    Column("prefix", String(16), primary_key=True),
    Column("client", String(32), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("scopes", NameSet, nullable=False),
    Column("issued", Moment, nullable=False),
    Column("issued_by", String(32), nullable=False),
    Column("until", Moment, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("replaced_by", String(16), nullable=False),
    ForeignKeyConstraint(["client"], ["people_client.id"]),
)

usage = Table(
    "people_usage",
    metadata,
    Column("client", String(32), nullable=False),
    Column("function", String(128), nullable=False),
    Column("day", Date, nullable=False),
    Column("calls", BigInteger, nullable=False),
    PrimaryKeyConstraint("client", "function", "day"),
    ForeignKeyConstraint(["client"], ["people_client.id"]),
)

warning = Table(  # that a client was told what changes on a day
    "people_warning",
    metadata,
    Column("client", String(32), nullable=False),
    Column("function", String(128), nullable=False),
    Column("day", Date, nullable=False),
    Column("status", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("error", Text, nullable=False),
    PrimaryKeyConstraint("client", "function", "day"),
    ForeignKeyConstraint(["client"], ["people_client.id"]),
)

preference = Table(  # what a person chose for themselves
    "people_preference",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("digest", String(16), nullable=False),
    Column("told", Date),  # when they were last written to
    ForeignKeyConstraint(["person"], ["people_person.id"]),
)
