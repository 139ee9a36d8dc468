"""Python code: gettext calls, and texts that it shows by itself."""

from collections.abc import Callable, Mapping, Sequence

from tree_sitter import Node

from extractors.grammars import matches, parse
from extractors.source_code.expressions import patterns, string_of
from extractors.source_code.frameworks import Function, frameworks
from extractors.source_code.hard_coded import is_log, may_read, score
from extractors.source_code.source import Gathered
from tm_service.domain.usage import Position, UsageKind

_QUERY = """
(call function: (_) @function arguments: (argument_list) @arguments) @call
(string) @string
(assignment left: (identifier) @name right: (string) @value)
"""
_CALL, _STRING, _ASSIGNED = range(3)
_LEAST = 20
_THROUGH = frozenset(
    ["parenthesized_expression", "binary_operator", "conditional_expression", "concatenated_string", "list", "tuple"]
)

Place = tuple[Position, str]


def read_python(gathered: Gathered, code: bytes) -> None:
    """Gather what a file of Python says."""
    found: list[list[dict[str, Node]]] = [[], [], []]
    for number, several in matches("python", _QUERY, parse("python", code)):
        found[number].append({name: nodes[0] for name, nodes in several.items()})
    names = {
        _text(nodes["name"]): (said,) for nodes in found[_ASSIGNED] if (said := string_of(nodes["value"])) is not None
    }
    keys: set[int] = set()
    for nodes in found[_CALL]:
        known = frameworks().function(_called(nodes["function"]))
        if known is not None and not known.property and (known.is_text or known.counts(code)):
            _use(gathered, nodes, known, names, keys)
    places: dict[int, Place | None] = {}
    for nodes in found[_STRING]:
        if nodes["string"].start_byte not in keys:
            _literal(gathered, nodes["string"], places)


def _use(
    gathered: Gathered, nodes: dict[str, Node], known: Function, names: dict[str, tuple[str]], keys: set[int]
) -> None:
    given = [child for child in nodes["arguments"].named_children if child.type not in ("comment", "keyword_argument")]
    if len(given) <= known.key:
        return
    key = given[known.key]
    kind = UsageKind.TEXT if known.is_text else UsageKind.CALL
    context = _string(given, known.context)
    for pattern in patterns(key, names):
        if None in pattern and known.is_text:
            continue
        gathered.use(key.start_byte, pattern, kind, _called(nodes["function"]), context=context)
    for place in (known.key, known.plural, known.context):
        if place is not None and place < len(given):
            waiting = [given[place]]
            while waiting:
                node = waiting.pop()
                keys.add(node.start_byte)
                waiting += node.named_children


def _string(given: Sequence[Node], place: int | None) -> str:
    return (string_of(given[place]) or "") if place is not None and place < len(given) else ""


def _literal(gathered: Gathered, node: Node, places: dict[int, Place | None]) -> None:
    said = " ".join((string_of(node) or _inner(node)).split())
    if not any(character.isalpha() for character in said):
        return
    if "." not in said and " " not in said and said.isascii() and len(said) < 80:  # noqa: PLR2004 - a key's length
        gathered.mentions.add(said)
    if not may_read(node.text or b""):
        return
    place = _position(node, places)
    if place is None:
        return
    sure, reasons = score(said, *place)
    if sure >= _LEAST:
        gathered.show(node.start_byte, said, *place, sure, reasons)


def _inner(node: Node) -> str:
    """A text with what is filled in as it is written."""
    inner = node.named_children
    if len(inner) < 2:  # noqa: PLR2004 - its start and its end
        return ""
    code = node.text or b""
    return code[inner[0].end_byte - node.start_byte : inner[-1].start_byte - node.start_byte].decode("utf-8", "replace")


def _position(node: Node, places: dict[int, Place | None]) -> Place | None:
    """Where a string stands; `places` remembers what the nodes above it are the content of."""
    way: list[int] = []
    child, found = node, None
    while child.id not in places:
        way.append(child.id)
        parent = child.parent
        if parent is None:
            break
        if parent.type not in _THROUGH:
            found = _stands(child, parent)
            break
        child = parent
    else:
        found = places[child.id]
    places.update(dict.fromkeys(way, found))
    return found


def _stands(child: Node, parent: Node) -> Place | None:
    if parent.type == "pair":
        key = parent.child_by_field_name("key")
        return None if key == child or key is None else (Position.PROPERTY, _text(key).strip("\"'"))
    stands = _PLACES.get(parent.type)
    return stands(parent) if stands else None


def _argument(call: Node | None) -> Place | None:
    if call is None or call.type != "call":
        return None
    name, raised = _called(call.child_by_field_name("function")), call.parent
    if raised is not None and raised.type == "raise_statement":
        return Position.THROWN, name
    if is_log(name):
        return Position.LOGGED, name
    return Position.ARGUMENT, name


_PLACES: Mapping[str, Callable[[Node], Place | None]] = {
    "keyword_argument": lambda node: (Position.PROPERTY, _text(node.child_by_field_name("name"))),
    "argument_list": lambda node: _argument(node.parent),
    "assignment": lambda node: (Position.ASSIGNED, _text(node.child_by_field_name("left")).rpartition(".")[2]),
    "return_statement": lambda _: (Position.OTHER, "return"),
    "comparison_operator": lambda _: (Position.OTHER, "compare"),
}


def _called(function: Node | None) -> str:
    said = _text(function)
    return said if function is not None and function.type in ("identifier", "attribute") and len(said) < 120 else ""  # noqa: PLR2004


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""
