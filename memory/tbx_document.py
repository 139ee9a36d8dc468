"""A TBX file taken apart: whether it may be read at all, and its entries, each by itself, so that one breaks no other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from lxml import etree

from memory.interchange.intake import ENDS, Limits, Problem, brief, parser, reason, tokens
from tm_service.domain.errors import ReturnRejected

_ROOTS = frozenset([b"tbx", b"martif"])
_DOCTYPE = re.compile(
    rb"""<!DOCTYPE\s+(?:tbx|martif)\s+(?:SYSTEM|PUBLIC\s+(?:"[\w\-/:.,+() ]{1,100}"|'[\w\-/:.,+() ]{1,100}'))"""
    rb"""\s+(?:"[\w\-/:.]{1,200}\.dtd"|'[\w\-/:.]{1,200}\.dtd')\s*>""",
    re.ASCII,
)
_ENTRIES = frozenset([b"conceptEntry", b"termEntry"])
_MARK = re.compile(
    rb"<(?P<begin>conceptEntry|termEntry)(?=[\s/>])|</(?:conceptEntry|termEntry)\s*>|<!--|<!\[CDATA\[|<\?"
)
_BEYOND = 200  # bytes after the last tag before the entries that still belong to the head


class Damaged(Exception):
    """What is wrong with an entry, to stand after "Entry 7 (line 80)"."""


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    line: int
    content: bytes


class Document:
    """A TBX file: its root, and its entries cut apart at their tags outside of comments and CDATA."""

    def __init__(self, name: str, read: bytes) -> None:
        if not read.strip():
            raise ReturnRejected(f"{name} is empty; export the term base again.")
        head = [*takewhile(lambda token: token[1] not in _ENTRIES, tokens(read))]
        declared = [token.start() for token in head if token[0] == b"<!"]
        if len(declared) > 1 or (declared and _DOCTYPE.match(read, declared[0]) is None):
            raise ReturnRejected(f"{name} declares more than a DOCTYPE, which is not read; export it without.")
        root = next((token for token in head if token[1]), None)
        if root is None or root[1] not in _ROOTS:
            what = f"<{brief(root[1].decode('utf-8', 'replace'), 60)}>, not TBX" if root else "not XML"
            raise ReturnRejected(f"{name} is {what}; export the term base as TBX.")
        self._read = read
        self._tag, self._end = read[root.start() : read.find(b">", root.end()) + 1], b"</" + root[1] + b">"
        self._start = root.end()
        self.head = read[: head[-1].end() + _BEYOND]
        if b"/>" in self._tag or not self._is_sound():
            raise ReturnRejected(f"{name} is not well-formed XML in its first tag; export the term base again.")

    def _is_sound(self) -> bool:
        try:
            etree.fromstring(self._tag + self._end, parser())
        except etree.XMLSyntaxError:
            return False
        return True

    def entries(self, limits: Limits) -> Iterator[Entry | Problem]:
        """The entries in order; what begins anew before it was closed, is too large or never ends is a problem."""
        number, begin, line, place, counted = 0, -1, 1, self._start, 0
        while mark := _MARK.search(self._read, place):
            place = mark.end()
            if end := ENDS.get(mark[0]):
                close = self._read.find(end, place)
                if close < 0:
                    break
                place = close + len(end)
            elif mark["begin"]:
                if begin >= 0:
                    yield _unclosed(number, line)
                number, begin = number + 1, mark.start()
                line, counted = line + self._read.count(b"\n", counted, begin), begin
            elif begin >= 0:
                entry = self._read[begin:place]
                if len(entry) > limits.entry:
                    yield Problem(
                        number,
                        line,
                        f"Entry {number} (line {line}) is larger than {limits.entry} bytes; it was left out.",
                    )
                else:
                    yield Entry(number, line, entry)
                begin = -1
        if begin >= 0:
            yield _unclosed(number, line)
        if self._end[:-1] not in self._read[place:]:
            yield Problem(0, line, f"The file breaks off after {number} entries; export it again for the rest.")

    def parsed(self, entry: Entry) -> etree._Element:
        """The element of an entry. Raises Damaged."""
        try:
            return etree.fromstring(self._tag + entry.content + self._end, parser())[0]
        except etree.XMLSyntaxError as error:
            raise Damaged(f"is not well-formed XML ({reason(error)})") from None


def _unclosed(number: int, line: int) -> Problem:
    what = "is not closed before the next begins or the file ends"
    return Problem(number, line, f"Entry {number} (line {line}) {what}; it was left out.")
