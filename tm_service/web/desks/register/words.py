"""Words: what the register calls things in each language, and its tables before anybody has chosen how to show them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import cast

from tm_service.web.render import environment


@cache
def words(code: str) -> Mapping[str, str]:
    """By name, in one language of the interface; a name that is not there is a mistake of ours. Raises KeyError."""
    module = environment(code).get_template("register/words.html").module
    said = cast("Mapping[str, object]", module.words)  # type: ignore[attr-defined] # what the template sets
    return {name: str(text) for name, text in said.items()}


class Kind(StrEnum):
    """What stands in a column, and so how it is written."""

    TEXT = "text"
    PLAIN = "plain"  # a code or a path, from left to right whatever the page speaks
    NUMBER = "number"
    SHARE = "share"  # 0 to 1
    HEAT = "heat"  # a share that colours its cell
    DAY = "day"
    MOMENT = "moment"


Value = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """A value that leads somewhere on pages; files have the value alone."""

    value: Value
    address: str


Cell = Value | Link


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `name` for files, `title` for people; the first column says what each row is."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


def plain(cell: Cell) -> Value:
    """What a cell says, as files and pages can be written."""
    value = cell.value if isinstance(cell, Link) else cell
    return printable(value) if isinstance(value, str) else value


# What XML 1.0 (2.2) has no way to write, and what UTF-8 has no bytes for; keys and names of files may hold any of it.
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """With a mark in place of each character that cannot be written."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
