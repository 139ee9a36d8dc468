"""Columns: texts that come back as they were, from SQLite and from PostgreSQL."""

import re

from sqlalchemy import Dialect, Text, TypeDecorator

_ESCAPE = "\x1a"  # SUBSTITUTE: stands for a character that cannot be written, and in no text of people
_UNWRITABLE = re.compile(f"[\\0{_ESCAPE}\ud800-\udfff]")
_ESCAPED = re.compile(f"{_ESCAPE}([0-9a-f]{{4}})")


def escape(value: str) -> str:
    """A text as databases take it; most texts need nothing, which is found out without a look at each character."""
    if "\0" not in value and _ESCAPE not in value and (value.isascii() or _is_whole(value)):
        return value
    return _UNWRITABLE.sub(lambda match: f"{_ESCAPE}{ord(match[0]):04x}", value)


def _is_whole(value: str) -> bool:
    """Whether a text has no lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def unescape(value: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if _ESCAPE in value else value


class Wording(TypeDecorator[str]):
    """Text of any Python string: NUL and lone surrogates, which databases refuse, are written as SUBSTITUTE and four digits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else unescape(value)
