"""Lines: a table's rows as JSON Lines, the same from SQLite and from PostgreSQL, and back without loss.

Values are those of the database, not of our columns: a text stands as it is kept, escaped where it has what databases refuse.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from math import isfinite
from types import NoneType
from typing import Any, NoReturn

from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, String, Table

from tm_service.domain.errors import ConfigurationError

LONGEST = 256 << 20  # bytes of a line; the largest that the house writes is a document of 16 MB
Turn = Callable[[Any], Any]
_KINDS: tuple[tuple[type, str], ...] = (
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "number"),
    (String, "text"),
    (LargeBinary, "bytes"),
    (DateTime, "moment"),
    (Date, "day"),
)


def kinds(table: Table) -> dict[str, str]:
    """The kind of each column by its name, in the order of their names."""
    return {column.name: _kind(column) for column in sorted(table.columns, key=lambda column: column.name)}


def _kind(column: Column[Any]) -> str:
    for one, kind in _KINDS:
        if isinstance(column.type, one):
            return kind
    raise TypeError(f"{column.table.name}.{column.name} is of {column.type!r}, of which the backup knows nothing.")


def written(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows, their values in the order of `columns`, as one line each. Raises ConfigurationError.

    A value that is not of its column's kind stops everything: only a hand could have put it there, and SQLite takes anything.
    """
    names, turned, known = tuple(columns), _turned(columns, _WRITERS), set[tuple[type, ...]]()
    for row in rows:
        try:
            values = list(row)
            _admit(values, columns, _KEPT, known)
            for place, write in turned:
                if values[place] is not None:
                    values[place] = write(values[place])
            line = f"{_ENCODE(dict(zip(names, values, strict=True)))}\n".encode()
        except (TypeError, ValueError, OverflowError) as error:
            raise ConfigurationError(
                f"The table {table} has a row that cannot be kept ({_shown(row)}): {error}; mend it by hand."
            ) from error
        if len(line) > LONGEST:
            raise ConfigurationError(f"The table {table} has a row of more than {LONGEST >> 20} MB ({_shown(row)}).")
        yield line


def read(place: str, columns: Mapping[str, str], lines: Iterable[bytes], first: int = 1) -> Iterator[dict[str, Any]]:
    """Values by column, as a database takes them; `first` is the number of the first line.

    Raises ConfigurationError naming the line.
    """
    names, turned, known = tuple(columns), _turned(columns, _READERS), set[tuple[type, ...]]()
    for number, line in enumerate(lines, first):
        try:
            said = _DECODE(line.decode())
            if type(said) is not dict or tuple(said) != names:
                _refuse("a line with other columns than the table")
            values = list(said.values())
            _admit(values, columns, _SAID, known)
            for column, turn in turned:
                if values[column] is not None:
                    values[column] = turn(values[column])
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            reason = str(error).rstrip(".") or type(error).__name__
            raise ConfigurationError(f"{place}, line {number}: {reason}; the archive cannot be used.") from error
        yield dict(zip(names, values, strict=True))


def _admit(
    values: Sequence[Any],
    columns: Mapping[str, str],
    allowed: Mapping[str, Collection[type]],
    known: set[tuple[type, ...]],
) -> None:
    """Raises TypeError where a value is not of its column's kind; rows of the same types are looked at once."""
    types = tuple(map(type, values))
    if types in known:
        return
    for (name, kind), found in zip(columns.items(), types, strict=True):
        if found not in allowed[kind] and found is not NoneType:
            raise TypeError(f"{name} is {found.__name__} where {kind} belongs")
    known.add(types)


def _turned(columns: Mapping[str, str], turns: Mapping[str, Turn]) -> list[tuple[int, Turn]]:
    """The places of columns whose values JSON has no word for."""
    return [(place, turns[kind]) for place, kind in enumerate(columns.values()) if kind in turns]


def _shown(row: Sequence[Any]) -> str:
    said = ", ".join(repr(value)[:40] for value in row[:4])
    return "".join(character if character.isprintable() else "?" for character in said)


def _refuse(said: str) -> NoReturn:
    raise ValueError(f"{said} has no place there")


def _number(value: float) -> float | str:
    """JSON has no word for what is no number, so it stands as a text."""
    return value if isfinite(value) else str(value)


def _float(value: float | str) -> float:
    if isinstance(value, str) and value not in ("nan", "inf", "-inf"):
        _refuse(value[:40])
    return float(value)


def _moment(value: datetime) -> str:
    in_utc = value.astimezone(UTC) if value.tzinfo else value  # SQLite has no zones; what is kept there is UTC
    return f"{in_utc.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _datetime(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None or _moment(found) != value:
        raise ValueError("a moment is written as 2026-11-22T12:00:00.000000Z")
    return found


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_DECODE = json.JSONDecoder(parse_constant=_refuse).decode
_KEPT: Mapping[str, Collection[type]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (float,),
    "text": (str,),
    "bytes": (bytes, memoryview),
    "moment": (datetime,),
    "day": (date,),
}
_SAID: Mapping[str, Collection[type]] = {
    **dict.fromkeys(_KEPT, (str,)),
    "boolean": (bool,),
    "integer": (int,),
    "number": (float, int, str),
}
_WRITERS: Mapping[str, Turn] = {
    "number": _number,
    "bytes": lambda value: b64encode(value).decode("ascii"),
    "moment": _moment,
    "day": date.isoformat,
}
_READERS: Mapping[str, Turn] = {
    "number": _float,
    "bytes": lambda value: b64decode(value, validate=True),
    "moment": _datetime,
    "day": date.fromisoformat,
}
KINDS = frozenset(_KEPT)
