"""TOML spans: where each string of a TOML document stands, with its key path and the comments beside it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tm_service.domain.units import Key

DEEPEST = 100  # levels of arrays and inline tables
_BEHIND = re.compile(r"[ \t]*,?[ \t]*#([^\r\n]*)")
_STRING = re.compile(
    r'"""(?P<a>(?:[^"\\]|\\.|"(?!""))*"{0,2})"""'
    r"|'''(?P<b>(?:[^']|'(?!''))*'{0,2})'''"
    r'|"(?P<c>(?:[^"\\\n]|\\.)*)"'
    r"|'(?P<d>[^'\n]*)'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]*)?")


class TooDeepError(ValueError):
    """Arrays lie too deep in one another; its argument is the place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A string: from its first quote to behind its last, how many quotes there are, and the comments above and behind it."""

    key: Key
    begin: int
    end: int
    quotes: str
    comment: str


@dataclass(slots=True)
class Scanner:
    """Walks a document that the parser has already found to be TOML; iterate over `strings`. Raises TooDeepError."""

    text: str
    place: int = 0
    arrays: dict[Key, int] = field(default_factory=dict)  # how many tables an array of tables has so far

    def strings(self) -> Iterator[Place]:
        """Every string that is a value, in file order."""
        table: Key = ()
        comment = self._gap()
        while self.place < len(self.text):
            if self.text[self.place] == "[":
                table = self._header()
            else:
                yield from self._member(table, comment, 0)
            comment = self._gap()

    def _header(self) -> Key:
        is_array = self.text.startswith("[[", self.place)
        self.place += 1 + is_array
        names = self._names()
        self.place += 1 + is_array
        path: Key = ()
        for depth, name in enumerate(names, 1):
            path = (*path, name)
            if is_array and depth == len(names):
                self.arrays[path] = self.arrays.get(path, 0) + 1
            if path in self.arrays:
                path = (*path, str(self.arrays[path] - 1))
        return path

    def _member(self, table: Key, comment: str, depth: int) -> Iterator[Place]:
        """A key, its mark and its value."""
        key = (*table, *self._names())
        self.place += 1
        self._gap()
        yield from self._value(key, comment, depth)

    def _value(self, key: Key, comment: str, depth: int) -> Iterator[Place]:
        mark = self.text[self.place]
        if mark in "[{":
            if depth >= DEEPEST:
                raise TooDeepError(self.place)
            yield from self._container(key, comment, depth + 1)
            return
        string = _STRING.match(self.text, self.place)
        token = string or _SCALAR.match(self.text, self.place)
        begin, self.place = self.place, token.end() if token else len(self.text)
        behind = _BEHIND.match(self.text, self.place)
        if string:
            said = "\n".join(filter(None, (comment, behind[1].strip() if behind else "")))
            yield Place(key, begin, self.place, mark * (3 if string.lastgroup in ("a", "b") else 1), said)

    def _container(self, key: Key, comment: str, depth: int) -> Iterator[Place]:
        """An array or an inline table; what is said above it is said of all that is in it."""
        opening, count = self.text[self.place], 0
        self.place += 1
        while True:
            said = "\n".join(filter(None, (comment, self._gap())))
            if self.text[self.place] in "]}":
                self.place += 1
                return
            if opening == "{":
                yield from self._member(key, said, depth)
            else:
                yield from self._value((*key, str(count)), said, depth)
            count += 1

    def _names(self) -> Key:
        names: list[str] = []
        while True:
            self._gap()
            token = _BARE_KEY.match(self.text, self.place) or _STRING.match(self.text, self.place)
            end = token.end() if token else len(self.text)
            names.append(_named(self.text[self.place : end]))
            self.place = end
            self._gap()
            if self.text[self.place] != ".":
                return tuple(names)
            self.place += 1

    def _gap(self) -> str:
        """Skip blanks, commas, ends of lines and comments; gives the comment lines right before what follows."""
        comments: list[str] = []
        lines, is_new = 0, self.place == 0
        while self.place < len(self.text) and (mark := self.text[self.place]) in " \t\r\n,#":
            end = self.place + 1
            if mark == "\n":
                lines += 1
                is_new = True
                comments = comments if lines == 1 else []
            elif mark == "#":
                end = self.text.find("\n", self.place)
                end = len(self.text) if end < 0 else end
                if is_new:
                    comments.append(self.text[self.place : end].lstrip("#").strip())
                lines = 0
            self.place = end
        return "\n".join(comments)


def _named(written: str) -> str:
    """A name of a key without its quotes."""
    return next(iter(tomllib.loads(f"{written} = 0"))) if written[:1] in ('"', "'") else written
