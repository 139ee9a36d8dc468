"""Code in a page: stretches of JavaScript and its kin, parsed with places in characters instead of bytes."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress, count

from tree_sitter import Node

from extractors.grammars import Endless, parse
from extractors.pages import Page

_GRAMMARS = {"js": "javascript", "ts": "typescript", "tsx": "tsx"}  # JavaScript with JSX
_STARTS = bytes(byte & 0xC0 != 0x80 for byte in range(256))  # noqa: PLR2004 - UTF-8: not a continuation byte


@dataclass(frozen=True, slots=True)
class Code:
    """A parsed stretch of a page; `place` gives characters of the page for bytes of what was parsed."""

    page: Page
    root: Node
    begin: int
    _starts: tuple[int, ...]  # the bytes that characters begin with, empty where each is one byte

    def place(self, byte: int) -> int:
        return self.begin + (bisect_left(self._starts, byte) if self._starts else byte)

    def span(self, node: Node) -> tuple[int, int]:
        """The characters of a node."""
        return self.place(node.start_byte), self.place(node.end_byte)

    def text(self, node: Node) -> str:
        begin, end = self.span(node)
        return self.page.text[begin:end]


def code(page: Page, grammar: str, begin: int = 0, end: int = -1, *, is_value: bool = False) -> Code:
    """Parse a stretch of a page as `js`, `ts` or `tsx`, or as one value of it. Raises ExtractionError where it is none."""
    text = page.text[begin : len(page.text) if end < 0 else end]
    if is_value:
        text, begin = f"({text}\n)", begin - 1
    content = text.encode("utf-8", "surrogatepass")
    try:
        root = parse(_GRAMMARS[grammar], content)
    except Endless as error:
        raise page.error(begin + is_value, str(error)) from error
    starts = () if len(content) == len(text) else tuple(compress(count(), content.translate(_STARTS)))
    parsed = Code(page, root, begin, starts)
    if root.has_error:
        wrong = next(each for each in walk(root) if each.is_error or each.is_missing)
        what = "the code cannot be read from here on; mend its syntax"
        if wrong.is_missing:
            what = f"{'a value' if wrong.type == 'identifier' else wrong.type} is missing here"
        raise page.error(parsed.place(wrong.start_byte), what)
    return parsed


def walk(root: Node) -> Iterator[Node]:
    """A node and everything in it, in file order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)
