"""JSON nodes: a JSON document with the place of every value and member, for formats that add members of their own."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from extractors.json_spans import TOKEN, unquoted
from extractors.json_style import Style
from extractors.pages import Page
from extractors.splices import Splice
from tm_service.domain.errors import ExtractionError

DEEPEST = 100
_BLANKS = re.compile(r"[ \t]*")


@dataclass(slots=True)
class Node:
    """A value: `begin` to `end` is how it is written; `members` are those of an object, of equal names the last."""

    begin: int
    end: int
    is_object: bool = False
    members: dict[str, "Member"] = field(default_factory=dict)

    def at(self, *names: str) -> "Node | None":
        """The value below, by the names of members; None where there is none."""
        node: Node | None = self
        for name in names:
            member = node.members.get(name) if node else None
            node = member.value if member else None
        return node

    def object_at(self, *names: str) -> "Node | None":
        """The object below; None where there is none."""
        node = self.at(*names)
        return node if node and node.is_object else None

    def objects(self) -> Iterator[tuple[str, "Node"]]:
        """Members that are objects, by name."""
        return ((name, member.value) for name, member in self.members.items() if member.value.is_object)

    def loaded(self, page: Page) -> Any:
        """What is written here."""
        return json.loads(page.text[self.begin : self.end])

    def string(self, page: Page, *names: str) -> str:
        """The string below, by the names of members; empty where there is none."""
        node = self.at(*names)
        raw = page.text[node.begin : node.end] if node else ""
        return unquoted(raw[1:-1]) if raw.startswith('"') else ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: where its name begins, and its value."""

    begin: int
    value: Node


def read_json(page: Page) -> Node:
    """The root object of a file. Raises ExtractionError where it is not JSON, or too deep."""
    try:
        json.loads(page.text, parse_int=len, parse_float=len, parse_constant=len)
    except json.JSONDecodeError as error:
        raise page.error(error.pos, f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}; put it right") from None
    except RecursionError:
        raise _too_deep(page, 0) from None
    return _scanned(page)


def _scanned(page: Page) -> Node:
    root: Node | None = None
    outer: list[Node] = []
    names: list[tuple[str, int]] = []  # of the members that are open
    for token in TOKEN.finditer(page.text):
        if token[2] is not None:
            names.append((unquoted(token[1]), token.start()))
            continue
        mark = page.text[token.start()]
        if mark in "]}":
            node = outer.pop()
            node.end = token.end()
        else:
            node = Node(token.start(), token.end(), mark == "{")
            root = root or node
            if mark in "[{":
                outer.append(node)
                if len(outer) > DEEPEST:
                    raise _too_deep(page, token.start())
                continue
        if outer and outer[-1].is_object:
            name, begin = names.pop()
            outer[-1].members.pop(name, None)
            outer[-1].members[name] = Member(begin, node)
    if root is None or not root.is_object:
        raise page.error(0, "the file holds no object; it should begin with {")
    return root


def _too_deep(page: Page, place: int) -> ExtractionError:
    return page.error(place, f"values stand more than {DEEPEST} levels deep; flatten the file")


def written(value: Any, style: Style, indent: str, model: str = "") -> str:
    """A value in the style of a document, on lines of this indent; `model` shows whether slashes are escaped.

    An object without members has an empty line in it, as Xcode writes it.
    """
    if isinstance(value, str):
        return style.string(value, model)
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=style.escapes)
    inner = indent + style.inner.removeprefix(style.outer)
    members = [style.string(name) + style.colon + written(below, style, inner, model) for name, below in value.items()]
    if not style.newline:
        return f"{{{style.comma.join(members)}}}"
    lines = f",{style.newline}{inner}".join(members)
    body = f"{inner}{lines}{style.newline}" if members else style.newline
    return f"{{{style.newline}{body}{indent}}}"


def put_value(page: Page, node: Node, value: Any, style: Style, model: str = "") -> Splice:
    """The splice that writes another value in the place of one."""
    return Splice(node.begin, node.end, written(value, style, line_indent(page, node.begin), model))


def put_member(page: Page, container: Node, name: str, value: Any, style: Style, model: str = "") -> Splice:
    """The splice that adds a member to an object, before the first one whose name comes later."""
    if not container.members:
        return put_value(page, container, {name: value}, style, model)
    members = list(container.members.items())
    indent = line_indent(page, members[0][1].begin)
    made = style.string(name) + style.colon + written(value, style, indent, model)
    gap = f",{style.newline}{indent}" if style.newline else style.comma
    following = next((member for other, member in members if other > name), None)
    if following:
        return Splice(following.begin, following.begin, made + gap)
    end = members[-1][1].value.end
    return Splice(end, end, gap + made)


def line_indent(page: Page, place: int) -> str:
    """The blanks that begin the line of a place."""
    begin = page.text.rfind("\n", 0, place) + 1
    found = _BLANKS.match(page.text, begin)
    return found[0] if found else ""
