"""Source: the bytes of a code file with its places, and what is gathered of it while it is read."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from tm_service.domain.usage import CodeFile, Import, Joined, Literal, Mount, Position, Route, Usage, UsageKind

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LONGEST = 1_000  # characters of a text that are kept

Pattern = tuple[str | None, ...]  # a text in pieces; None is what only the running site knows


@dataclass(frozen=True)
class Source:
    """A file's path and its characters as UTF-8; places are counted in bytes here and in characters outside."""

    path: str
    content: bytes

    def position(self, place: int) -> tuple[int, int]:
        """Line and column of a byte, both from 1, the column in characters."""
        line = bisect_right(self._lines, place)
        before = self.content[self._lines[line - 1] : place]
        return line, len(before.decode("utf-8", "replace")) + 1

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.content))]


@dataclass
class Gathered:
    """What is known of a file so far."""

    source: Source
    usages: list[Usage] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    mounts: set[Mount] = field(default_factory=set)
    routes: list[Route] = field(default_factory=list)
    literals: list[Literal] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    component: str = ""

    def use(
        self, place: int, pattern: Pattern, kind: UsageKind, said: str, **more: str | bool | tuple[str, ...]
    ) -> None:
        """Remember that a key is named at a byte; a key of which nothing is known is remembered as a star."""
        static, (line, column) = None not in pattern, self.source.position(place)
        key = "".join("*" if piece is None else piece for piece in pattern)[:_LONGEST]
        if not key.strip():
            return
        if not static:
            more |= {"is_dynamic": True, "prefix": pattern[0] or "", "suffix": (pattern[-1] or "")}
        self.usages.append(Usage(key, self.source.path, line, column, kind, said, **more))  # type: ignore[arg-type]

    def show(self, place: int, text: str, position: Position, name: str, score: int, reasons: tuple[str, ...]) -> None:
        """Remember a text that stands at a byte."""
        self.literals.append(Literal(text[:_LONGEST], *self.source.position(place), position, name, score, reasons))

    def file(self) -> CodeFile:
        """All of it, in the order of the file."""
        return CodeFile(
            self.source.path,
            tuple(sorted(dict.fromkeys(self.usages), key=lambda usage: (usage.line, usage.column))),
            tuple(sorted(dict.fromkeys(self.imports), key=lambda one: (one.line, one.column))),
            tuple(sorted(self.mounts, key=lambda mount: (mount.name, mount.under))),
            tuple(self.routes),
            tuple(sorted(dict.fromkeys(self.literals), key=lambda literal: (literal.line, literal.column))),
            tuple(sorted(dict.fromkeys(self.joined), key=lambda joined: (joined.line, joined.column))),
            frozenset(self.mentions),
            self.component,
            tuple(self.aliases),
        )


def merged(pieces: Pattern) -> Pattern:
    """A pattern with neighbouring pieces joined."""
    out: list[str | None] = []
    for piece in pieces:
        if out and piece is None and out[-1] is None:
            continue
        if out and piece is not None and (last := out[-1]) is not None:
            out[-1] = last + piece
        else:
            out.append(piece)
    return tuple(out) or ("",)
