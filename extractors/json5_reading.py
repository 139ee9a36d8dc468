"""JSON5 reading: JSON with comments, single quotes, keys without quotes and trailing commas (JSON5 1.0.0, JSONC is part of it).

Comments are kept by the path of what they speak of: those directly before a member or on the same line after it.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from extractors.json_reading import DEEPEST, object_of
from extractors.json_spans import Layout, Member, Members, Span, put
from extractors.pages import Page
from tm_service.domain.units import Key

_TOKEN = re.compile(
    r"""(?P<blank>[\s\ufeff]+)
      | (?P<comment>//[^\n\r\u2028\u2029]*|/\*.*?\*/)
      | (?P<string>"[^"\\\n\r]*(?:\\(?:\r\n|.)[^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\(?:\r\n|.)[^'\\\n\r]*)*')
      | (?P<mark>[\[\]{}:,])
      | (?P<word>[^\s\[\]{}:,"'/]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_SCALAR = re.compile(r"true|false|null|[+-]?(?:Infinity|NaN|0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
NAME = re.compile(r"(?!\d)(?:[$\w\u200c\u200d]|\\u[0-9a-fA-F]{4})+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_LINE_ENDS = ("\n", "\r\n", "\r", "\u2028", "\u2029")
_WRONG_ESCAPE = re.compile(r"[ux1-9]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_LINE_IS_DONE = re.compile(r"[ \t]*(?:[\r\n\]},]|//|/\*|$)")
_DECORATION = re.compile(r"^[ \t]*(?://+|/\*+|\*+/?)?[ \t]?|[ \t]*\*+/$", re.MULTILINE)
_EMPTY_LINE = 2  # line ends that leave a line free between a comment and what follows


@dataclass(frozen=True, slots=True)
class Json5:
    """A document read: its values as `json` would give them, where they stand, and the comments by path."""

    root: Any
    layout: Layout
    comments: dict[Key, str]


@dataclass(slots=True)
class _Container:
    """An object or an array that is being read; `name` is that of the member whose value comes next."""

    node: Members | list[Any]
    begin: int
    path: Key
    name: str = ""
    pairs: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def here(self) -> Key:
        return (*self.path, self.name if isinstance(self.node, Members) else str(len(self.pairs)))

    def value(self) -> Any:
        return object_of(self.pairs) if isinstance(self.node, Members) else [value for _, value in self.pairs]


def read_json5(page: Page) -> Json5:
    """Parse a document. Raises ExtractionError at the first character that is wrong."""
    return _Parser(page).parse()


def unquoted5(token: str) -> str:
    """Undo the escapes of a string, quotes included. Raises ValueError with the place of an escape that JSON5 does not have."""
    inside = token[1:-1]
    if "\\" not in inside:
        return inside
    read = _ESCAPE.sub(_unescaped, inside)
    if _SURROGATE.search(read):  # two halves that were escaped one by one are one character
        read = read.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return read


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if digits:
        return chr(int(digits, 16))
    character = found[3]
    if _WRONG_ESCAPE.match(character):
        raise ValueError(found.start())
    return "" if character in _LINE_ENDS else _SHORT.get(character, character)


def _said(comment: str) -> str:
    return _DECORATION.sub("", comment).strip()


class _Parser:
    """Reads token by token; `_state` says what may come next: value, key, colon, after (a value), end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._state = "value"
        self._open: list[_Container] = []
        self._root: Any = None
        self._layout = Layout(None, 0, 0)
        self._comma = -1  # the one before what comes next
        self._comments: dict[Key, list[str]] = {}
        self._waiting: list[str] = []  # comments that speak of what comes next
        self._last: Key | None = None  # what was read before on this line

    def parse(self) -> Json5:
        text, place = self._page.text, 0
        take = {
            "blank": self._blank,
            "comment": self._comment,
            "string": self._string,
            "word": self._word,
            "mark": self._mark,
        }
        while place < len(text):
            token = _TOKEN.match(text, place)
            if token is None:
                self._fail(place, self._unreadable(text, place))
            take[str(token.lastgroup)](token)
            place = token.end()
        if self._state != "end":
            if self._open:
                self._fail(len(text), "the file ends before its last bracket is closed")
            self._fail(0, "the file is empty")
        comments = {path: "\n".join(said) for path, said in self._comments.items()}
        return Json5(self._root, self._layout, comments)

    def _unreadable(self, text: str, place: int) -> str:
        if text.startswith("/*", place):
            return "the comment that begins here has no end"
        if text[place] in "\"'":
            return "the string that begins here has no closing quote on its line"
        return "this is neither a value nor a comment"

    def _fail(self, place: int, reason: str) -> NoReturn:
        raise self._page.error(place, reason)

    def _blank(self, token: re.Match[str]) -> None:
        ends = len(_NEWLINE.findall(token[0]))
        if ends:
            self._last = None
        if ends >= _EMPTY_LINE:
            self._waiting.clear()

    def _comment(self, token: re.Match[str]) -> None:
        said = _said(token[0])
        container = self._open[-1] if self._open else None
        if self._state == "colon" or (self._state == "value" and container and isinstance(container.node, Members)):
            self._comments.setdefault(self._open[-1].here, []).append(said)
            return
        alone = self._state == "after" or _LINE_IS_DONE.match(self._page.text, token.end())
        if self._last is not None and alone:
            self._comments.setdefault(self._last, []).append(said)
        else:
            self._waiting.append(said)
        if _NEWLINE.search(token[0]):
            self._last = None

    def _string(self, token: re.Match[str]) -> None:
        try:
            text = unquoted5(token[0])
        except ValueError as error:
            self._fail(token.start() + 1 + int(str(error)), "the backslash here begins no escape that JSON5 knows")
        if self._state == "key":
            self._key(token, text)
        else:
            self._value(token, Span(*token.span()), text)

    def _word(self, token: re.Match[str]) -> None:
        if self._state == "key":
            if not NAME.fullmatch(token[0]):
                self._fail(token.start(), "a key such as this needs quotes")
            self._key(token, unquoted5(f"'{token[0]}'"))
            return
        if self._state == "value" and not _SCALAR.fullmatch(token[0]):
            self._fail(token.start(), "a value is missing here; a text needs quotes")
        self._value(token, None, None)

    def _mark(self, token: re.Match[str]) -> None:
        mark, place = token[0], token.start()
        if mark in "{[":
            self._opened(mark, place)
        elif mark in "}]":
            self._closed(mark, place)
        elif mark == ":" and self._state == "colon":
            self._state = "value"
        elif mark == "," and self._state == "after":
            self._comma = place
            self._state = "key" if isinstance(self._open[-1].node, Members) else "value"
        else:
            self._fail(place, self._missing())

    def _missing(self) -> str:
        return {
            "value": "a value is missing here",
            "key": "a key is missing here",
            "colon": "a colon is missing after the key",
            "after": "a comma or a closing bracket is missing here",
            "end": "something follows after the end of the document",
        }[self._state]

    def _key(self, token: re.Match[str], name: str) -> None:
        container = self._open[-1]
        container.name = name
        if isinstance(container.node, Members):
            container.node.written.append(Member(name, *token.span(), -1, self._comma))
        self._speak(container.here)
        self._state = "colon"

    def _speak(self, path: Key) -> None:
        """What comes next has this path: comments that waited are about it; of equal keys the last one counts."""
        self._comments.pop(path, None)
        if self._waiting:
            self._comments[path] = self._waiting
            self._waiting = []
        self._last = path

    def _begun(self, place: int) -> Key:
        """A value begins: where that is wrong, the file is refused. Its path."""
        if self._state != "value":
            self._fail(place, self._missing())
        if not self._open:
            return ()
        container = self._open[-1]
        if isinstance(container.node, Members):
            container.node.written[-1] = container.node.written[-1]._replace(value=place)
        else:
            self._speak(container.here)
        return container.here

    def _value(self, token: re.Match[str], node: Any, value: Any) -> None:
        path = self._begun(token.start())
        if not self._open:
            self._fail(token.start(), "message files hold an object or an array, and this is a single value")
        self._put(path, node, value)

    def _put(self, path: Key, node: Any, value: Any) -> None:
        container = self._open[-1]
        put(container.node, container.name, node)
        container.pairs.append((container.name, value))
        self._last = path
        self._state = "after"

    def _opened(self, mark: str, place: int) -> None:
        path = self._begun(place)
        if len(self._open) >= DEEPEST:
            self._fail(place, f"objects and arrays are nested more than {DEEPEST} levels deep")
        self._open.append(_Container(Members() if mark == "{" else [], place, path))
        self._last = path
        self._comma = -1
        self._state = "key" if mark == "{" else "value"

    def _closed(self, mark: str, place: int) -> None:
        container = self._open[-1] if self._open else None
        is_object = container is not None and isinstance(container.node, Members)
        if container is None or is_object != (mark == "}"):
            self._fail(place, self._missing())
        if self._state not in ("after", "key" if is_object else "value"):
            self._fail(place, self._missing())
        self._open.pop()
        self._waiting.clear()
        if self._open:
            self._put(container.path, container.node, container.value())
        else:
            self._root, self._layout = container.value(), Layout(container.node, container.begin, place)
            self._last = None
            self._state = "end"
