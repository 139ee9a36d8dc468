"""Expressions: the texts that an expression of JavaScript, TypeScript or Python may give, as far as they stand in the code."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import product

from tree_sitter import Node

from extractors.source_code.source import Pattern, merged

_MOST = 16  # texts of one expression
_DEEPEST = 40
_MOST_TERMS = 400  # nodes of one sum
_UNKNOWN: Pattern = (None,)
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL
)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_SURROGATES = range(0xD800, 0xE000)
_CHOICES = frozenset(["||", "??", "&&", "or", "and"])
_WRAPPED = frozenset(
    ["parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "await_expression"]
)

Names = Mapping[str, Pattern]


def string_of(node: Node) -> str | None:
    """The text of a string, or of a template without holes; None for anything else."""
    if node.type == "string" and all(child.type != "interpolation" for child in node.named_children):
        return _said(node)
    if node.type == "template_string" and not any(
        child.type == "template_substitution" for child in node.named_children
    ):
        return _said(node)
    return None


def patterns(node: Node | None, names: Names, depth: int = 0) -> list[Pattern]:
    """All texts that an expression may give, at most 16; `names` are constants by name."""
    if node is None or depth > _DEEPEST:
        return [_UNKNOWN]
    read = _READERS.get(node.type)
    if read:
        return read(node, names, depth + 1)
    if node.type in _WRAPPED and node.named_child_count:
        return patterns(node.named_children[0], names, depth + 1)
    return [_UNKNOWN]


def _string(node: Node, names: Names, depth: int) -> list[Pattern]:
    text = string_of(node)
    return [(text,)] if text is not None else _template(node, names, depth)


def _template(node: Node, names: Names, depth: int) -> list[Pattern]:
    parts: list[list[Pattern]] = []
    for child in node.named_children:
        if child.type in ("template_substitution", "interpolation"):
            parts.append(patterns(child.named_children[0] if child.named_child_count else None, names, depth))
        elif child.type not in ("string_start", "string_end"):
            parts.append([(_unescaped(child.text or b""),)])
    return _together(parts)


def _together(parts: list[list[Pattern]]) -> list[Pattern]:
    count = 1
    for part in parts:
        count *= len(part)
    if count > _MOST:
        parts = [part if len(part) == 1 else [_UNKNOWN] for part in parts]
    return list(dict.fromkeys(merged(tuple(piece for part in chosen for piece in part)) for chosen in product(*parts)))


def _binary(node: Node, names: Names, depth: int) -> list[Pattern]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = node.child_by_field_name("operator")
    said = (sign.text or b"").decode() if sign else ""
    if said == "+":
        return _together([patterns(left, names, depth), patterns(right, names, depth)])
    if said in _CHOICES:
        return _either(patterns(left, names, depth) if said not in ("&&", "and") else [], patterns(right, names, depth))
    return [_UNKNOWN]


def _either(*choices: list[Pattern]) -> list[Pattern]:
    return list(dict.fromkeys(pattern for choice in choices for pattern in choice))[:_MOST]


def _ternary(node: Node, names: Names, depth: int) -> list[Pattern]:
    return _either(
        patterns(node.child_by_field_name("consequence"), names, depth),
        patterns(node.child_by_field_name("alternative"), names, depth),
    )


def _conditional(node: Node, names: Names, depth: int) -> list[Pattern]:
    """Python: `a if b else c`."""
    children = node.named_children
    return (
        _either(patterns(children[0], names, depth), patterns(children[-1], names, depth)) if children else [_UNKNOWN]
    )


def _joined_strings(node: Node, names: Names, depth: int) -> list[Pattern]:
    return _together([patterns(child, names, depth) for child in node.named_children])


def _name(node: Node, names: Names, _depth: int) -> list[Pattern]:
    return [names.get((node.text or b"").decode("utf-8", "replace"), _UNKNOWN)]


def _number(node: Node, _names: Names, _depth: int) -> list[Pattern]:
    return [((node.text or b"").decode("utf-8", "replace"),)]


_READERS: Mapping[str, Callable[[Node, Names, int], list[Pattern]]] = {
    "string": _string,
    "template_string": _template,
    "binary_expression": _binary,
    "binary_operator": _binary,
    "boolean_operator": _binary,
    "ternary_expression": _ternary,
    "conditional_expression": _conditional,
    "concatenated_string": _joined_strings,
    "identifier": _name,
    "number": _number,
    "integer": _number,
}


def _said(node: Node) -> str:
    content = node.text or b""
    if node.type == "string" and node.named_child_count and node.named_children[0].type == "string_start":  # Python
        start, end = node.named_children[0], node.named_children[-1]
        content = content[start.end_byte - node.start_byte : end.start_byte - node.start_byte]
        is_raw = b"r" in (start.text or b"").lower()
        return content.decode("utf-8", "replace") if is_raw else _unescaped(content)
    return _unescaped(content[1:-1])


def _unescaped(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    return _ESCAPE.sub(_sign, text) if "\\" in text else text


def _sign(found: re.Match[str]) -> str:
    number = found[1] or found[2] or found[3] or found[4]
    if number:
        code = int(number, 16)
        return chr(code) if code <= sys.maxunicode and code not in _SURROGATES else "\ufffd"
    return _SIGNS.get(found[5], found[5])


def pieces(node: Node) -> Iterator[Node]:
    """The terms of a sum, from left to right, at most 200."""
    waiting, seen = [node], 0
    while waiting and seen < _MOST_TERMS:
        one, seen = waiting.pop(), seen + 1
        sign = one.child_by_field_name("operator") if one.type in ("binary_expression", "binary_operator") else None
        if sign is not None and sign.text == b"+":
            sides = (one.child_by_field_name("right"), one.child_by_field_name("left"))
            waiting += [side for side in sides if side is not None]
        elif one.type == "parenthesized_expression" and one.named_child_count:
            waiting.append(one.named_children[0])
        else:
            yield one
