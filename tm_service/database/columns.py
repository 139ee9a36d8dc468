"""Columns: moments and numbers that come back as they were, from SQLite and from PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, TypeDecorator

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts by itself only for INTEGER


def in_utc(value: datetime) -> datetime:
    """Raises ValueError for a moment without a zone."""
    if value.tzinfo is None:
        raise ValueError(f"The moment {value} has no zone.")
    return value.astimezone(UTC)


class Moment(TypeDecorator[datetime]):
    """A moment with its zone; kept in UTC, for SQLite has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
