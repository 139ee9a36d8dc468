"""Traces: where a room's tables name a person, told to that person or put under a pseudonym."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import Column, Connection, LargeBinary, RowMapping, Table, select, update

from tm_service.database.rows import chunks
from tm_service.domain.records import Json

_AT_ONCE = 400  # values in one statement
_CHINESE = 3  # signs of a name that is hardly a word


@dataclass(frozen=True)
class Names:
    """What a person is called: the address, and the name, "" where somebody else has the same.

    Both are found as words, whatever their case. A name of one word is found where a column that says who did something has
    nothing else, or an address behind it: another Ana is Ana Silva. In a text that people wrote it stays: it may be a word of
    the language, such as Rose or Will. A Chinese name of three signs counts as more.
    """

    email: str
    name: str = ""

    @cached_property
    def in_columns(self) -> re.Pattern[str]:
        return _either(_address(self.email), _words(self.name) if self._is_whole else _alone(self.name))

    @cached_property
    def in_texts(self) -> re.Pattern[str]:
        return _either(_address(self.email), _words(self.name) if self._is_whole else "")

    @property
    def _is_whole(self) -> bool:
        """Whether the name is hardly a word, and hardly a part of another name."""
        return len(self.name.split()) > 1 or (len(self.name) >= _CHINESE and all(map(_is_sign, self.name)))


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(filter(None, patterns)), re.IGNORECASE)


def _address(email: str) -> str:
    """Where it is no part of another one."""
    return rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)"


def _words(name: str) -> str:
    spaced = r"\s+".join(map(re.escape, name.split()))
    begins, ends = ("" if _is_sign(edge) else bound for edge, bound in ((name[0], r"(?<!\w)"), (name[-1], r"(?!\w)")))
    return f"{begins}{spaced}{ends}"


def _alone(name: str) -> str:
    """Where there is nothing else, or an address behind it."""
    return rf'^\s*"?{re.escape(name.strip())}"?(?=\s*(?:<|$))' if name else ""


def _is_sign(letter: str) -> bool:
    """Whether it is written without spaces around its words."""
    return unicodedata.name(letter, "").startswith("CJK")


class Traces(Protocol):
    """What a room keeps of people beside the register of people itself, within a transaction of who asks."""

    def told(self, connection: Connection, names: Names) -> Mapping[str, Json]:
        """Everything that names them, by table, as JSON has it."""

    def forget(self, connection: Connection, names: Names, pseudonym: str) -> None:
        """Put the pseudonym in place of their names; harmless when done before."""


@dataclass(frozen=True)
class Trace:
    """A table that names people: `people` are columns that say who did something, `texts` what people wrote.

    `written` are texts that hold JSON. `secret` columns are told to nobody.
    """

    table: Table
    people: Sequence[str] = ()
    texts: Sequence[str] = ()
    written: Sequence[str] = ()
    secret: Sequence[str] = ()

    def told(self, connection: Connection, names: Names) -> Iterator[Json]:
        kept = [one for one in self.table.columns if not isinstance(one.type, LargeBinary)]
        query, seen = select(*(one for one in kept if one.name not in self.secret)), set()
        for column in self._columns:
            values = [value for value, _after in self._found(connection, column, names, "")]
            for some in chunks(values, _AT_ONCE):
                for row in connection.execute(query.where(column.in_(some))).mappings():
                    key = tuple(row[one.name] for one in self.table.primary_key)
                    if key not in seen:
                        seen.add(key)
                        yield _row(row)

    def forget(self, connection: Connection, names: Names, pseudonym: str) -> None:
        for column in self._columns:
            for value, after in list(self._found(connection, column, names, pseudonym)):
                connection.execute(update(self.table).where(column == value).values({column.name: after}))

    @property
    def _columns(self) -> list[Column[Any]]:
        return [self.table.columns[name] for name in (*self.people, *self.texts, *self.written)]

    def _found(
        self, connection: Connection, column: Column[Any], names: Names, pseudonym: str
    ) -> Iterator[tuple[Json, Json]]:
        """The values of a column that name them, each with what it is under the pseudonym."""
        pattern = names.in_columns if column.name in self.people else names.in_texts
        change = _in_json if column.name in self.written else _renamed
        for value in connection.execute(select(column).distinct()).scalars():
            after = change(value, pattern, pseudonym)
            if after != value:
                yield value, after


def forget_all(traces: Sequence[Trace], connection: Connection, names: Names, pseudonym: str) -> None:
    for trace in traces:
        trace.forget(connection, names, pseudonym)


def told_of(traces: Sequence[Trace], connection: Connection, names: Names) -> dict[str, Json]:
    """Rows by table; tables that have none are left out."""
    found = {trace.table.name: list(trace.told(connection, names)) for trace in traces}
    return {table: rows for table, rows in found.items() if rows}


def _in_json(written: str, pattern: re.Pattern[str], pseudonym: str) -> str:
    said = json.loads(written)
    after = _renamed(said, pattern, pseudonym)
    return written if after == said else json.dumps(after, ensure_ascii=False, separators=(",", ":"))


def _renamed(value: Json, pattern: re.Pattern[str], pseudonym: str) -> Json:
    if isinstance(value, str):
        return pattern.sub(pseudonym, value)
    if isinstance(value, list):
        return [_renamed(one, pattern, pseudonym) for one in value]
    if isinstance(value, dict):
        return {name: _renamed(one, pattern, pseudonym) for name, one in value.items()}
    return value


def _row(row: RowMapping) -> dict[str, Json]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
