"""Columns of the people room: sets of names, in SQLite and in PostgreSQL alike."""

import json
from collections.abc import Collection

from sqlalchemy import Dialect, Text, TypeDecorator


class NameSet(TypeDecorator[Collection[str]]):
    """A set of names as a JSON list in order, so that the same set is always written the same way."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        return json.dumps(sorted(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:  # noqa: ARG002 - SQLAlchemy's signature
        return frozenset(json.loads(value or "[]"))
