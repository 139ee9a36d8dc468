"""JSON spans: where each string of a JSON document stands, so that it can be replaced without touching the rest."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from tm_service.domain.units import Key

TOKEN = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"([ \t\r\n]*:)?|[\[\]{}]|[^\s\[\]{},"]+')
_STRING, _KEY = 1, 2  # groups of TOKEN that took part last
_BLANKS = " \t\r\n"


class Span(NamedTuple):
    """A half-open range of characters, quotes included."""

    begin: int
    end: int


class Member(NamedTuple):
    """A key of the root object: its name, where it begins, where its colon and its value begin."""

    name: str
    begin: int
    colon: int
    value: int


class Splice(NamedTuple):
    """Characters `begin` to `end` become `text`."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A document with spans for strings and None for other scalars; `opens` and `closes` are the root's brackets."""

    tree: Any
    members: tuple[Member, ...]
    opens: int
    closes: int


def walk(root: Any) -> Iterator[tuple[Key, Any]]:
    """Every node with its path, in file order; containers come before what they contain."""
    waiting: list[tuple[Key, Any]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        if isinstance(node, dict):
            waiting.extend([((*path, name), node[name]) for name in reversed(node)])
        elif isinstance(node, list):
            waiting.extend([((*path, str(index)), node[index]) for index in range(len(node) - 1, -1, -1)])


def scan(text: str) -> Layout:
    """Find the strings of a text that the parser has already found to be JSON; of equal keys the last one counts."""
    top: list[Any] = []
    here: dict[str, Any] | list[Any] = top
    outer: list[tuple[dict[str, Any] | list[Any], str]] = []
    members: list[Member] = []
    name = ""
    for token in TOKEN.finditer(text):
        kind, begin = token.lastindex, token.start()
        if kind == _KEY:
            name = unquoted(token[1])
            if len(outer) == 1:
                members.append(_member(text, name, token))
            continue
        mark = text[begin]
        if mark in "]}":
            here, name = outer.pop()
            continue
        node: Any = Span(begin, token.end()) if kind == _STRING else {} if mark == "{" else [] if mark == "[" else None
        _put(here, name, node)
        if isinstance(node, (dict, list)):
            outer.append((here, name))
            here = node
    return Layout(top[0], tuple(members), len(text) - len(text.lstrip(_BLANKS)), len(text.rstrip(_BLANKS)) - 1)


def _put(here: dict[str, Any] | list[Any], name: str, node: Any) -> None:
    if isinstance(here, list):
        here.append(node)
        return
    if name in here:
        del here[name]
    here[name] = node


def _member(text: str, name: str, token: re.Match[str]) -> Member:
    value = token.end()
    while text[value] in _BLANKS:
        value += 1
    return Member(name, token.start(), token.start(2), value)


def unquoted(inside: str) -> str:
    """Undo the escapes of what stands between two quotes."""
    return json.loads(f'"{inside}"') if "\\" in inside else inside


def splice(text: str, splices: Iterable[Splice]) -> str:
    """Make all splices at once; they do not overlap."""
    parts: list[str] = []
    done = 0
    for begin, end, new in sorted(splices):
        parts += (text[done:begin], new)
        done = end
    return "".join((*parts, text[done:]))
