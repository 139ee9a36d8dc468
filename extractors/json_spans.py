"""JSON spans: where each string of a JSON document stands, so that it can be replaced without touching the rest."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
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
    """A key of an object: its name, where it begins and ends, where its value begins; `comma` before it, -1 for none."""

    name: str
    begin: int
    colon: int
    value: int
    comma: int = -1


class Members(dict[str, Any]):
    """An object's values by name, of equal names the last one; `written` are all of its members in file order."""

    written: list[Member]

    def __init__(self) -> None:
        super().__init__()
        self.written = []

    @cached_property
    def last(self) -> dict[str, Member]:
        """The members that count, by name; to be asked when the whole document is read."""
        return {member.name: member for member in self.written}


@dataclass(frozen=True, slots=True)
class Layout:
    """A document with spans for strings and None for other scalars; `opens` and `closes` are the root's brackets."""

    tree: Any
    opens: int
    closes: int

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of the root, where it is an object."""
        return tuple(self.tree.written) if isinstance(self.tree, Members) else ()

    def node(self, path: Key) -> Any:
        """What stands at a path of names and indices."""
        node = self.tree
        for name in path:
            node = node[int(name)] if isinstance(node, list) else node[name]
        return node


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
    here: Members | list[Any] = top
    outer: list[tuple[Members | list[Any], str]] = []
    name = ""
    for token in TOKEN.finditer(text):
        kind, begin = token.lastindex, token.start()
        if kind == _KEY and isinstance(here, Members):
            name = unquoted(token[1])
            here.written.append(_member(text, name, token))
            continue
        mark = text[begin]
        if mark in "]}":
            here, name = outer.pop()
            continue
        node: Any = (
            Span(begin, token.end()) if kind == _STRING else Members() if mark == "{" else [] if mark == "[" else None
        )
        put(here, name, node)
        if isinstance(node, (Members, list)):
            outer.append((here, name))
            here = node
    return Layout(top[0], len(text) - len(text.lstrip(_BLANKS)), len(text.rstrip(_BLANKS)) - 1)


def put(here: dict[str, Any] | list[Any], name: str, node: Any) -> None:
    """Add a node to what contains it; of equal names the last one counts, and stands where it is written."""
    if isinstance(here, list):
        here.append(node)
        return
    here.pop(name, None)
    here[name] = node


def _member(text: str, name: str, token: re.Match[str]) -> Member:
    value = token.end()
    while text[value] in _BLANKS:
        value += 1
    comma = token.start() - 1
    while text[comma] in _BLANKS:
        comma -= 1
    return Member(name, token.start(), token.start(2), value, comma if text[comma] == "," else -1)


def unquoted(inside: str) -> str:
    """Undo the escapes of what stands between two quotes."""
    return json.loads(f'"{inside}"') if "\\" in inside else inside
