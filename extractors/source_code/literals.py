"""Literals: texts that a script shows by itself, strings that could be keys, and sentences put together from pieces."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from tree_sitter import Node

from extractors.source_code.expressions import pieces, string_of
from extractors.source_code.hard_coded import is_log, is_shown, may_read, score
from extractors.source_code.script import STRING, TEMPLATE, TEXT, Script, called, text
from tm_service.domain.usage import Joined, JoinKind, Position

_KEY = re.compile(rb"""["'`]([A-Za-z_$][\w\-$]{0,80}(?:[.:/][\w\-$]{1,80}){0,12})["'`]""")
_LEAST = 20  # score below which a text is not even kept
_THROUGH = frozenset(
    ["parenthesized_expression", "ternary_expression", "conditional_expression", "template_substitution", "as_expression",
     "array", "spread_element", "await_expression", "satisfies_expression", "list", "tuple", "non_null_expression"]
)  # fmt: skip
_SUM_TYPES = frozenset(["binary_expression", "binary_operator", "boolean_operator"])
_EXPRESSIONS = frozenset(["expression_statement", "statement_block", "sequence_expression"])  # of a template
_THROWS = re.compile(r"(?:(?:^|\.)[A-Z]\w*|\b(?:create|make|new|build|throw\w*|assert\w*))(?:Error|Exception)$")
_SUMS = frozenset(["+", "||", "??", "&&", "or", "%"])
_WORDS = re.compile(r"[^\W\d_]{2,}")
_TAGS = re.compile(r"<[^<>]*>|&\w+;")
_DEEPEST = 12

Place = tuple[Position, str]

_COMPARED: Place = (Position.OTHER, "compare")
_SHOWN = 160  # characters of an expression that a finding quotes


def literals(read: Script) -> None:
    """Gather texts and mentions of a script, and of elements in it."""
    for nodes in (*read.found[STRING], *read.found[TEMPLATE]):
        node = nodes.get("string") or nodes["template"]
        raw = node.text or b""
        key = _KEY.fullmatch(raw)
        if key is not None:
            read.gathered.mentions.add(key[1].decode("utf-8", "replace"))
        if node.start_byte in read.keys or not may_read(raw):
            continue
        place = position(read, node)
        if place is not None:
            _show(read, node, _content(node), *place)
    for nodes in read.found[TEXT]:
        node = nodes["text"]
        said = " ".join(text(node).split())
        if said and not _translated(node):
            _show(read, node, said, Position.TEXT, _element(node))


def _show(read: Script, node: Node, said: str, place: Position, name: str) -> None:
    sure, reasons = score(said, place, name)
    if sure >= _LEAST:
        skip = 0 if node.type != "jsx_text" else len(text(node)) - len(text(node).lstrip())
        read.gathered.show(read.place(node) + skip, said, place, name, sure, reasons)


def _content(node: Node) -> str:
    said = string_of(node)
    if said is None:
        said = text(node)[1:-1]
    return " ".join(said.split())


def position(read: Script, node: Node) -> Place | None:
    """Where a string stands, and the name it belongs to; None where it is no value at all."""
    way: list[int] = []
    child, found = node, None
    while child.id not in read.places:
        way.append(child.id)
        parent = child.parent
        if parent is None:
            break
        if not _passes(parent, child):
            found = _stands(read, child, parent)
            break
        child = parent
    else:
        found = read.places[child.id]
    read.places.update(dict.fromkeys(way, found))
    return found


def _passes(parent: Node, child: Node) -> bool:
    """Whether the value of an expression is, or is made of, that of its part."""
    if parent.type in _SUM_TYPES:
        return text(parent.child_by_field_name("operator")) in _SUMS
    return parent.type in _THROUGH and parent.child_by_field_name("condition") != child


def _stands(read: Script, child: Node, parent: Node) -> Place | None:
    if parent.type in _EXPRESSIONS:
        return read.where(read.place(child) + 1) if read.where else None
    if parent.type in _SUM_TYPES:
        return None if read.where and text(parent.child_by_field_name("operator")) == "|" else _COMPARED
    if parent.type in _THROUGH:
        return _COMPARED
    stands = _PLACES.get(parent.type)
    return stands(child, parent) if stands else None


def _of_pair(child: Node, parent: Node) -> Place | None:
    key = parent.child_by_field_name("key")
    return None if key == child else (Position.PROPERTY, text(key).strip("\"'[]"))


def _of_assignment(_child: Node, parent: Node) -> Place:
    fields = (parent.child_by_field_name(name) for name in ("left", "name", "property"))
    return Position.ASSIGNED, _last(next((field for field in fields if field is not None), None))


def _of_attribute(_child: Node, parent: Node) -> Place:
    return Position.ATTRIBUTE, text(parent.named_children[0])


def _of_expression(child: Node, parent: Node) -> Place | None:
    outer = parent.parent
    if outer is not None and outer.type == "jsx_attribute":
        return _of_attribute(child, outer)
    return None if _translated(parent) else (Position.TEXT, _element(parent))


def _argument(call: Node | None) -> Place:
    if call is None:
        return Position.OTHER, ""
    if call.type == "new_expression":
        name = text(call.child_by_field_name("constructor"))
        return (Position.THROWN if name.endswith(("Error", "Exception")) else Position.ARGUMENT), name
    function = call.child_by_field_name("function")
    name = (called(function) or text(function)[-80:]) if function is not None else ""
    if is_log(name):
        return Position.LOGGED, name
    if _THROWS.search(name):
        return Position.THROWN, name
    return Position.ARGUMENT, name


_PLACES: Mapping[str, Callable[[Node, Node], Place | None]] = {
    "pair": _of_pair,
    "arguments": lambda _, parent: _argument(parent.parent),
    "assignment_expression": _of_assignment,
    "augmented_assignment_expression": _of_assignment,
    "variable_declarator": _of_assignment,
    "public_field_definition": _of_assignment,
    "field_definition": _of_assignment,
    "assignment_pattern": _of_assignment,
    "throw_statement": lambda *_: (Position.THROWN, ""),
    "jsx_attribute": _of_attribute,
    "jsx_expression": _of_expression,
    "return_statement": lambda *_: (Position.OTHER, "return"),
    "arrow_function": lambda *_: (Position.OTHER, "return"),
}


def _last(node: Node | None) -> str:
    """The name that is assigned to; of `x["title"]` it is title."""
    if node is None or node.end_byte - node.start_byte > 200:  # noqa: PLR2004 - bytes of a name
        return ""
    return text(node).rpartition(".")[2].rpartition("[")[2].strip("\"'] ")


def _element(node: Node) -> str:
    parent = node.parent
    if parent is None or parent.type != "jsx_element":
        return ""
    opening = parent.child_by_field_name("open_tag")
    return text(opening.child_by_field_name("name")) if opening is not None else ""


def _translated(node: Node) -> bool:
    """Whether text stands in an element that is translated as a whole, or that shows code."""
    parent: Node | None = node
    steps = 0
    while parent is not None and steps < _DEEPEST:
        name = _element(parent)
        if name in ("Trans", "FormattedMessage", "Plural", "Select", "script", "style", "code", "pre"):
            return True
        parent, steps = parent.parent, steps + 1
    return False


def joined(read: Script) -> None:
    """Gather sentences that are put together: translations with each other, with words and with values."""
    done: set[tuple[int, int]] = set()
    for start, end in read.calls.items():
        node = read.root.descendant_for_byte_range(start, end)
        outer = _outermost(read, node) if node is not None else None
        if outer is not None and (outer.start_byte, outer.end_byte) not in done:
            done.add((outer.start_byte, outer.end_byte))
            _join(read, outer)
    for nodes in read.found[STRING]:
        node = nodes["string"]
        raw = node.text or b""
        if not (raw[1:2] == b" " or raw[-2:-1] == b" ") or node.parent is None:
            continue
        outer = _outermost(read, node)
        if outer is not None and (outer.start_byte, outer.end_byte) not in done:
            done.add((outer.start_byte, outer.end_byte))
            _join_words(read, outer)


def _outermost(read: Script, node: Node) -> Node | None:
    """The sum or the template that an expression is a part of; None where it stands alone."""
    found: Node | None = None
    way: list[int] = []
    parent = node.parent
    while parent is not None:
        if parent.id in read.sums:
            found = read.sums[parent.id] or found
            break
        way.append(parent.id)
        if parent.type == "template_string" or text(parent.child_by_field_name("operator")) == "+":
            found = parent
        elif parent.type not in ("parenthesized_expression", "template_substitution"):
            break
        parent = parent.parent
    read.sums.update(dict.fromkeys(way, found))
    return found


def _terms(read: Script, node: Node) -> list[str | None]:
    """The terms of a sum or a template: words as they are, "" for a translation, None for a value."""
    out: list[str | None] = []
    if node.type == "template_string":
        code, done = node.text or b"", 1
        for child in node.named_children:
            if child.type == "template_substitution" and child.named_child_count:
                start = child.start_byte - node.start_byte
                out += [code[done:start].decode("utf-8", "replace")] if start > done else []
                out += _terms(read, child.named_children[0])
                done = child.end_byte - node.start_byte
        return out + ([code[done:-1].decode("utf-8", "replace")] if len(code) > done + 1 else [])
    for one in pieces(node):
        if read.calls.get(one.start_byte) == one.end_byte:
            out.append("")
        elif one.type == "template_string" and string_of(one) is None and one != node:
            out += _terms(read, one)
        else:
            said = string_of(one)
            out.append(said or " " if said is not None else None)
    return out


def kind_of(terms: list[str | None]) -> JoinKind | None:
    """What is joined: two translations, a translation and words, or a translation and a value, with at most blanks between."""
    texts = [term for term in terms if term]
    if "" not in terms:
        return None
    if any(_WORDS.search(_TAGS.sub("", said)) for said in texts):
        return JoinKind.WORDS
    near = [term for term in terms if term is None or term == "" or term.strip()]
    if any(first == "" and second == "" for first, second in pairwise(near)):
        return JoinKind.MESSAGES
    threes = zip(terms, terms[1:], terms[2:], strict=False)
    if any({before, after} == {"", None} and between and not between.strip() for before, between, after in threes):
        return JoinKind.VALUE
    return None


def _join(read: Script, outer: Node) -> None:
    kind = kind_of(_terms(read, outer))
    if kind is not None:
        _remember(read, outer, kind)


def _join_words(read: Script, outer: Node) -> None:
    terms = _terms(read, outer)
    words = "".join("{}" if term is None else term for term in terms)
    place = position(read, outer)
    if None in terms and place is not None and is_shown(words, *place):
        _remember(read, outer, JoinKind.LITERAL)


def _remember(read: Script, outer: Node, kind: JoinKind) -> None:
    written = " ".join(text(outer).split())
    shown = written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"
    read.gathered.joined.append(Joined(shown, *read.gathered.source.position(read.place(outer)), kind))
