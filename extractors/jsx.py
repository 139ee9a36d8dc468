"""JSX: the texts and attributes of elements in JavaScript and TypeScript; expressions are codes."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from tree_sitter import Node

from extractors.code_stretches import Code, code, walk
from extractors.html_blocks import Block, Blocks, Rules, Value
from extractors.html_format import Markup
from extractors.html_keys import Scope
from extractors.html_texts import LITERAL, REFERENCE
from extractors.html_tokens import Attribute, Kind, Role, Syntax, Token, collapsed
from extractors.js_strings import js_value
from extractors.pages import Page

DEEPEST = 200  # elements in one another
_ELEMENTS = frozenset(["jsx_element", "jsx_self_closing_element"])
_NAMED = frozenset(
    [
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "variable_declarator",
        "method_definition",
        "abstract_class_declaration",
        "function_expression",
        "class",
    ]
)
_COMMENT = re.compile(r"/(?=[*/])")
_LINE_END = re.compile(r"\r\n?|\n")
_COMMENT_MARKS = re.compile(r"^[/*\s]+|[*/\s]+$|^\s*\*+", re.MULTILINE)


def jsx_space(written: str) -> str:
    """White space as JSX compiles it: lines are joined by one blank, blank ones and the blanks at a line's ends are not there.

    A string in braces is text, too: `{" "}` is how a blank is kept at the end of a line.
    """
    literal = LITERAL.fullmatch(written)
    if literal:
        value = js_value(literal[2])
        return collapsed(REFERENCE.sub(lambda found: f"&amp;{found[0][1:]}", value).replace("<", "&lt;"))
    lines = _LINE_END.split(written.replace("\t", " "))
    last = len(lines) - 1
    trimmed = [
        (line if at == 0 else line.lstrip(" ")) if at == last else (line if at == 0 else line.lstrip(" ")).rstrip(" ")
        for at, line in enumerate(lines)
    ]
    return collapsed(" ".join(line for line in trimmed if line))


class Jsx(Markup):
    """Components of React and its kin; a text's key begins with the component that it stands in."""

    syntaxes: ClassVar = {
        "": (
            Syntax(
                _COMMENT,  # tree-sitter takes it for one even in a string
                cased=True,
                closes_itself=True,
                escapes={"{": "&#123;", "}": "&#125;", ">": "&gt;"},
                breaks={"/": "&#47;"},
                space=jsx_space,
            ),
            Rules(ends_left_out=False),
        )
    }

    def found(self, page: Page) -> Iterable[Block | Value]:
        """The texts of every element that is in no other one, function by function."""
        parsed = code(page, "tsx")
        blocks = Blocks(page, self.rules, self.syntax)
        scopes: dict[str, Scope] = {}
        waiting = list(_outermost(parsed.root))[::-1]
        while waiting:
            element = waiting.pop()
            reader = _Reader(parsed)
            name = _component(parsed, element)
            root = (name,) if name else ()
            scope = scopes.setdefault(name, Scope(root))
            blocks.walk(reader.tokens(element), root, "" if name else "text", scope)
            waiting += reversed(reader.aside)
        return blocks.found


def _outermost(root: Node) -> Iterator[Node]:
    """The elements in a node that are in no other element in it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in _ELEMENTS:
            yield node
        else:
            waiting += reversed(node.named_children)


def _component(parsed: Code, node: Node) -> str:
    """The outermost function or class around an element; empty where there is none."""
    name, above = "", node.parent
    while above:
        if (
            above.type in _NAMED
            and (called := above.child_by_field_name("name"))
            and called.type.endswith("identifier")
        ):
            name = parsed.text(called)
        above = above.parent
    return name


class _Reader:
    """Reads an element into tokens; `aside` are elements in attributes, which are trees of their own."""

    def __init__(self, parsed: Code) -> None:
        self.parsed, self.page = parsed, parsed.page
        self.aside: list[Node] = []

    def tokens(self, element: Node, depth: int = 1) -> list[Token]:
        if depth > DEEPEST:
            place = self.parsed.place(element.start_byte)
            raise self.page.error(place, f"elements are nested more than {DEEPEST} levels deep")
        if element.type == "jsx_self_closing_element":
            return [self._opening(element, alone=True)]
        made: list[Token] = []
        children = [
            child for child in element.named_children if child.type not in ("jsx_text", "html_character_reference")
        ]
        for child in children:
            begin = self.parsed.place(child.start_byte)
            if made and begin > made[-1].end:
                made.append(Token(Kind.TEXT, made[-1].end, begin))
            if child.type == "jsx_opening_element":
                made.append(self._opening(child, alone=False))
            elif child.type == "jsx_closing_element":
                made.append(self._closing(child, made[0]))
            elif child.type in _ELEMENTS:
                made += self.tokens(child, depth + 1)
            else:
                made.append(self._expression(child, depth + 1))
        return made

    def _name(self, node: Node) -> str:
        called = node.child_by_field_name("name")
        return self.parsed.text(called) if called else ""

    def _closing(self, node: Node, opening: Token) -> Token:
        begin, end = self.parsed.span(node)
        name = self._name(node)
        if name != opening.name:
            raise self.page.error(begin, f"</{name}> stands where <{opening.name}> ends; write </{opening.name}>")
        return Token(Kind.CLOSE, begin, end, name)

    def _opening(self, node: Node, *, alone: bool) -> Token:
        attributes = tuple(self._attribute(each) for each in node.named_children if each.type.startswith("jsx_"))
        return Token(Kind.OPEN, *self.parsed.span(node), self._name(node), attributes, alone=alone)

    def _attribute(self, node: Node) -> Attribute:
        begin, end = self.parsed.span(node)
        parts = node.named_children
        if node.type != "jsx_attribute" or len(parts) < 2:  # noqa: PLR2004 - a name and a value
            self.aside += _outermost(node)
            return Attribute(self.parsed.text(parts[0]) if parts else "", begin, end)
        name, value = self.parsed.text(parts[0]), parts[1]
        first, last = self.parsed.span(value)
        if value.type == "string":
            return Attribute(name, begin, end, (first + 1, last - 1), self.page.text[first])
        if LITERAL.fullmatch(self.page.text, first, last):
            return Attribute(name, begin, end, (first, last), "{")
        self.aside += _outermost(value)
        return Attribute(name, begin, end)

    def _expression(self, node: Node, depth: int) -> Token:
        begin, end = self.parsed.span(node)
        if LITERAL.fullmatch(self.page.text, begin, end):
            return Token(Kind.TEXT, begin, end)
        inside = node.named_children
        if not inside or all(each.type == "comment" for each in inside):
            note = "\n".join(_COMMENT_MARKS.sub("", self.parsed.text(each)) for each in inside)
            return Token(Kind.COMMENT, begin, end, note=note)
        nested = tuple(tuple(self.tokens(each, depth)) for each in _outermost(node))
        identifier = next((each for each in walk(node) if each.type == "identifier"), None)
        name = self.parsed.text(identifier) if identifier else "value"
        return Token(Kind.CODE, begin, end, name, role=Role.VALUE, nested=nested)
