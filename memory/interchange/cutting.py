"""Cutting: the entries of a TMX file, each by itself, so that one that is broken breaks no other.

XML as a whole stops at its first error, and a parser that goes on glues what it finds. Here the bytes are cut at `<tu` and
`</tu>` outside of comments and CDATA, and each piece is parsed alone: what does not close is reported, the next `<tu` begins
anew, and memory holds one entry at a time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from memory.interchange.intake import ENDS, Limits, Problem

_COMMENT = re.compile(rb"\s*<!--")
_MARK = re.compile(rb"<tu(?=[\s/>])|</(?:tu|body|tmx)\s*>|<!--|<!\[CDATA\[|<\?")
_LONGEST_MARK = len(b"<![CDATA[")
_EMPTY = re.compile(rb"<tu(?:\s[^<>]*)?/>")


class Entry(NamedTuple):
    """One `tu` as it stands in the file, by its number and line, both from 1."""

    number: int
    line: int
    content: bytes


class _Buffer:
    """The bytes at hand. Marks are told up to `settled`: a `<` after it may still become one when more is read."""

    def __init__(self, blocks: Iterator[bytes], held: bytes, line: int) -> None:
        self.blocks, self.held, self.ended = blocks, held, False
        self._line, self._counted = line, 0
        self._signs: dict[bytes, tuple[int, int]] = {}  # where a sign was looked for last, and found
        self._without: dict[bytes, int] = {}  # up to where there is none
        self.settled = self._settled()

    def line_at(self, place: int) -> int:
        """The line a place is in; places are asked for in order."""
        self._line += self.held.count(b"\n", self._counted, place)
        self._counted = max(self._counted, place)
        return self._line

    def more(self, keep: int) -> None:
        """Read a block, and let go of what is before `keep`, by which all places move."""
        block = next(self.blocks, b"")
        self.ended = not block
        self.line_at(keep)
        self._counted -= keep
        self._signs.clear()
        self._without = {sign: place - keep for sign, place in self._without.items()}
        self.held = self.held[keep:] + block
        self.settled = self._settled()

    def find(self, sign: bytes, place: int) -> int:
        """Where a sign stands next, or -1. What was looked through for it is not looked through again."""
        since, found = self._signs.get(sign, (0, -1))
        if not since <= place <= found:
            start = max(place, self._without.get(sign, 0) - len(sign))
            found = self.held.find(sign, start)
            self._signs[sign] = place, found
            if found < 0:
                self._without[sign] = len(self.held)
        return found

    def _settled(self) -> int:
        last = self.held.rfind(b"<")
        if self.ended or last < 0 or self.held.find(b">", last) >= 0:
            return len(self.held)
        is_open = len(self.held) - last <= _LONGEST_MARK or self.held.startswith(b"</", last)
        return last if is_open else len(self.held)


@dataclass(slots=True)
class Cutter:
    """Cuts entries; afterwards `number` is how many there were, and `closed` whether the file came to its end."""

    limits: Limits
    number: int = 0
    closed: bool = False
    _begin: int = field(default=-1, init=False)  # where the open entry begins, -1 outside
    _line: int = field(default=0, init=False)  # and in which line
    _skipping: bool = field(default=False, init=False)  # whether this is the rest of an entry that was told of
    _told: bool = field(default=False, init=False)  # whether what stands between two entries was told of

    def cut(self, blocks: Iterator[bytes], held: bytes, line: int) -> Iterator[Entry | Problem]:
        """The entries of a file after its head, in order, and what belongs to none."""
        buffer, place = _Buffer(blocks, held, line), 0
        while not self.closed:
            mark = _MARK.search(buffer.held, place, buffer.settled)
            if mark is None:
                yield from self._between(buffer, place, buffer.settled)
                place = self._passed(buffer, max(place, buffer.settled))
                if 0 <= self._begin < place - self.limits.entry:
                    yield self._too_large()
                if buffer.ended:
                    break
                place = self._more(buffer, place)
            elif mark[0] in ENDS:
                end = self._end(buffer, mark)
                yield from self._between(buffer, place, mark.start())
                if end is None:
                    place = self._more(buffer, mark.start())
                else:
                    yield from self._skipped(buffer, mark, end)
                    place = end or mark.end()
            else:
                yield from self._between(buffer, place, mark.start())
                yield from self._marked(buffer, mark)
                place = mark.end()
        yield from self._last(buffer, place)

    def _passed(self, buffer: _Buffer, place: int) -> int:
        """The place to go on from; a `<` that has not become a tag within an entry's size is passed over."""
        return len(buffer.held) if len(buffer.held) - place > self.limits.entry else place

    def _more(self, buffer: _Buffer, place: int) -> int:
        keep = self._begin if self._begin >= 0 else place
        buffer.more(keep)
        self._begin = min(self._begin, 0)
        return place - keep

    def _marked(self, buffer: _Buffer, mark: re.Match[bytes]) -> Iterator[Entry | Problem]:
        """A tag of an entry or of the end."""
        if mark[0] == b"<tu":
            if self._begin >= 0:
                yield self._unclosed(buffer)
            self.number += 1
            self._begin, self._line = mark.start(), buffer.line_at(mark.start())
            self._skipping = self._told = False
        elif mark[0].startswith(b"</tu"):
            if self._begin >= 0:
                yield self._whole(buffer.held[self._begin : mark.end()])
            elif not self._skipping:
                yield from self._between(buffer, mark.start(), mark.end())
                return
            self._begin, self._skipping, self._told = -1, False, False
        else:
            if self._begin >= 0:
                yield self._unclosed(buffer)
                self._begin = -1
            self.closed = mark[0].startswith(b"</tmx")

    def _whole(self, content: bytes) -> Entry | Problem:
        if len(content) > self.limits.entry:
            return self._too_large()
        return Entry(self.number, self._line, content)

    def _end(self, buffer: _Buffer, mark: re.Match[bytes]) -> int | None:
        """Where a comment, CDATA section or instruction ends: 0 where it does not, None where more must be read.

        One within an entry that reaches over the entry's own end was never closed.
        """
        end = ENDS[mark[0]]
        close = buffer.find(end, mark.end())
        if close < 0 and not buffer.ended and len(buffer.held) - mark.start() <= self.limits.entry:
            return None
        if close < 0 or (self._begin >= 0 and 0 <= buffer.find(b"</tu>", mark.end()) < close):
            return 0
        return close + len(end)

    def _skipped(self, buffer: _Buffer, mark: re.Match[bytes], end: int) -> Iterator[Problem]:
        """A comment, CDATA section or instruction: nothing in it is a mark."""
        if not end and self._begin >= 0:
            yield self._damaged("holds a comment or CDATA section that does not end")
            self._begin, self._skipping = -1, True
        elif not end or mark[0] == b"<![CDATA[":
            yield from self._between(buffer, mark.start(), end or mark.end())

    def _between(self, buffer: _Buffer, place: int, end: int) -> Iterator[Problem]:
        """What stands outside of entries must be blank; it is told once for each place between two."""
        if self._begin < 0 and not self._skipping and not self._told and (rest := buffer.held[place:end].lstrip()):
            self._told = True
            line = buffer.line_at(end - len(rest))
            where = f"after entry {self.number}" if self.number else "before the first entry"
            yield Problem(0, line, f"What stands {where} (line {line}) belongs to no entry; it was left out.")

    def _unclosed(self, buffer: _Buffer) -> Problem:
        if _EMPTY.match(buffer.held, self._begin):
            return self._damaged("is empty")
        return self._damaged("is not closed before the next begins or the file ends")

    def _too_large(self) -> Problem:
        self._begin, self._skipping = -1, True
        return self._damaged(f"is larger than {self.limits.entry} bytes")

    def _damaged(self, what: str) -> Problem:
        return damaged(self.number, self._line, what)

    def _last(self, buffer: _Buffer, place: int) -> Iterator[Problem]:
        """What is wrong with the end: an open entry, no end, or something after it."""
        if self._begin >= 0:
            yield self._unclosed(buffer)
        if not self.closed:
            line = buffer.line_at(len(buffer.held))
            yield Problem(
                0,
                line,
                f"The file breaks off in line {line} after {self.number} entries; export it again for the rest.",
            )
            return
        line = buffer.line_at(place)
        while (comment := _COMMENT.match(buffer.held, place)) and (close := buffer.find(b"-->", comment.end())) >= 0:
            place = close + len(b"-->")
        rest = buffer.held[place:].strip()
        while not rest and (block := next(buffer.blocks, b"")):
            rest = block.strip()
        if rest:
            yield Problem(0, line, f"More follows after </tmx> (line {line}); it was left out: one file is one memory.")


def damaged(number: int, line: int, what: str) -> Problem:
    """The problem of one entry that is left out."""
    return Problem(number, line, f"Entry {number} (line {line}) {what}; it was left out.")
