"""Columns of the records room: any JSON value, in SQLite and in PostgreSQL alike."""

import json
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator


class JsonText(TypeDecorator[Any]):
    """A JSON value in ASCII, so that NUL and lone surrogates, which databases refuse, come back as they were.

    A text is always written the same way and can be compared. None is the JSON value, never the database's NULL.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        return json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else _read(value)


def _read(written: str) -> Any:
    """Without a backslash in it, a text is what stands between its quotation marks."""
    if written[:1] == '"' and "\\" not in written:
        return written[1:-1]
    return json.loads(written)
