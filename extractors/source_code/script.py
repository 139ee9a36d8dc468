"""Script: reads JavaScript and TypeScript, a file of it or the part of a page, for keys, imports and texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from extractors.grammars import matches, parse
from extractors.source_code.expressions import patterns, string_of
from extractors.source_code.frameworks import Function, frameworks
from extractors.source_code.source import Gathered, Pattern
from tm_service.domain.usage import Position, UsageKind

_CALLS = """
(call_expression function: (_) @function arguments: (_) @arguments) @call
(string) @string
(template_string) @template
(import_statement) @import
(export_statement source: (_) @source) @export
(variable_declarator name: (_) @name value: (_) @value)
(pair key: (_) @key value: (_) @value) @pair
(binary_expression left: (_) @left operator: "|" right: (identifier) @right)
(shorthand_property_identifier) @short
(spread_element (identifier) @spread)
(assignment_expression left: (_) @left right: (_) @right)
"""
_ELEMENTS = """
(jsx_text) @text
(jsx_opening_element name: (_) @name) @element
(jsx_self_closing_element name: (_) @name) @element
"""
_QUERIES = {"javascript": _CALLS + _ELEMENTS, "tsx": _CALLS + _ELEMENTS, "typescript": _CALLS}
_NO_KEY = frozenset(["number", "arrow_function", "function_expression", "regex", "object", "true", "false"])
_LONGEST_NAME = 120  # bytes of what is called

Found = Sequence[dict[str, Node]]


@dataclass
class Known:
    """What the names of a file stand for; its scripts and its template share them."""

    names: dict[str, Pattern] = field(default_factory=dict)  # constants
    translators: dict[str, tuple[str, ...]] = field(default_factory=dict)  # names of t(), and what goes before its keys
    data: set[str] = field(default_factory=set)  # names of imported message files
    foreign: set[str] = field(default_factory=set)  # names imported of packages that translate nothing


@dataclass
class Script:
    """A piece of code that is read: where it begins in its file, its tree, and what is known of its file.

    `where` says what an expression of a template is the content of; none in a script.
    """

    gathered: Gathered
    root: Node
    found: Sequence[Found]
    base: int = 0
    where: Callable[[int], tuple[Position, str]] | None = None
    known: Known = field(default_factory=Known)
    keys: set[int] = field(default_factory=set)  # where strings begin that are keys
    calls: dict[int, int] = field(default_factory=dict)  # where translating calls begin, and end
    places: dict[int, tuple[Position, str] | None] = field(default_factory=dict)  # what nodes are the content of
    sums: dict[int, Node | None] = field(default_factory=dict)  # the outermost sums of nodes

    def place(self, node: Node) -> int:
        return self.base + node.start_byte


CALL, STRING, TEMPLATE, IMPORT, EXPORT, DECLARED, PAIR, BAR, SHORT, SPREAD, ASSIGNED, TEXT, OPEN, ALONE = range(14)


def script(
    gathered: Gathered,
    code: bytes,
    language: str,
    base: int = 0,
    where: Callable[[int], tuple[Position, str]] | None = None,
    known: Known | None = None,
) -> Script:
    """Parse some code; `base` is where it begins in its file."""
    root = parse(language, code)
    found: list[list[dict[str, Node]]] = [[] for _ in range(14)]
    for number, nodes in matches(language, _QUERIES[language], root):
        found[number].append({name: several[0] for name, several in nodes.items()})
    return Script(gathered, root, found, base, where, known or Known())


def text(node: Node | None) -> str:
    """What stands in the code."""
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def called(function: Node) -> str:
    """What is called, as a dotted name: `this.$t`; of `useI18n().t` it is `useI18n.t`, of a long chain the last name."""
    if function.type == "identifier":
        return text(function)
    if function.type != "member_expression":
        return ""
    if function.end_byte - function.start_byte > _LONGEST_NAME:
        return f"?.{text(function.child_by_field_name('property'))}"
    said = text(function).replace("?.", ".").replace("!", "")
    if "(" in said:
        head, _, tail = said.rpartition(")")
        head = head.partition("(")[0]
        return f"{head.rpartition('.')[2]}{tail}" if tail.startswith(".") else f"?.{tail}"
    return "".join(said.split())


def arguments(node: Node) -> list[Node]:
    """The arguments of a call; a tagged template is its only one."""
    if node.type == "template_string":
        return [node]
    return [child for child in node.named_children if child.type != "comment"]


def declare(read: Script) -> None:
    """Learn what names stand for: constants, and translating functions that were given a name."""
    table = frameworks()
    for nodes in read.found[DECLARED]:
        name, value = nodes["name"], nodes["value"]
        if name.type == "identifier" and value.type in ("string", "template_string"):
            said = string_of(value)
            if said is not None:
                read.known.names[text(name)] = (None,) if text(name) in read.known.names else (said,)
            continue
        call = _call(value)
        if call is None:
            continue
        function = called(call.child_by_field_name("function") or call)
        scope = table.scopes.get(function.partition(".")[0])
        if scope is None:
            continue
        given = arguments(call.child_by_field_name("arguments") or call)
        before = _before(given, scope.namespace, scope.prefix, read)
        for key, alias in _named(name, function):
            if key in ("t", "tc", "te", "rt", "tm", "$t", "formatMessage"):
                read.known.translators[alias] = (*read.known.translators.get(alias, ()), *before)


def _call(value: Node) -> Node | None:
    """The call that gives a value: of `await f()`, `f().t` and `f()`."""
    while value.type in ("await_expression", "member_expression", "as_expression", "non_null_expression"):
        inner = value.child_by_field_name("object") or (value.named_children[0] if value.named_child_count else None)
        if inner is None:
            return None
        value = inner
    return value if value.type == "call_expression" else None


def _named(name: Node, function: str) -> list[tuple[str, str]]:
    """The names that a declaration gives: what it takes, and what that is called from here on."""
    if name.type == "identifier":
        return [("t" if function.partition(".")[2] in ("", "t") else function.partition(".")[2], text(name))]
    out: list[tuple[str, str]] = []
    for child in name.named_children:
        if child.type == "shorthand_property_identifier_pattern" or (name.type == "array_pattern" and not out):
            out.append(("t" if name.type == "array_pattern" else text(child), text(child)))
        elif child.type == "pair_pattern":
            out.append((text(child.child_by_field_name("key")), text(child.child_by_field_name("value"))))
    return out


def _before(given: Sequence[Node], namespace: int | None, prefix: str, read: Script) -> tuple[str, ...]:
    """What a translating function puts before its keys: namespaces, and a prefix among its options."""
    names: list[str] = []
    if namespace is not None and len(given) > namespace:
        first = given[namespace]
        several = first.named_children if first.type == "array" else [first]
        names = [said for node in several if (said := string_of(node)) is not None]
        if first.type == "object":
            names = [said for said in (_property(first, "namespace", read),) if said]
    option = next((said for node in given if node.type == "object" and (said := _property(node, prefix, read))), "")
    if option:
        return (*(f"{name}.{option}" for name in names), option)
    return tuple(names)


def _property(node: Node, name: str, read: Script) -> str:
    value = property_of(node, name) if name else None
    said = patterns(value, read.known.names)[0] if value else (None,)
    return (said[0] or "") if len(said) == 1 else ""


def property_of(node: Node, name: str) -> Node | None:
    """The value of a property of an object."""
    for pair in node.named_children:
        if pair.type == "pair" and text(pair.child_by_field_name("key")).strip("\"'") == name:
            return pair.child_by_field_name("value")
    return None


def use_keys(read: Script) -> None:
    """Gather the keys that calls, filters and elements name."""
    for nodes in read.found[CALL]:
        if nodes["function"].type in ("identifier", "member_expression"):
            _called_key(read, nodes, called(nodes["function"]))
    table = frameworks()
    for nodes in read.found[BAR] if read.where else ():
        if text(nodes["right"]) in table.filters:
            _keys(read, nodes["left"], UsageKind.FILTER, text(nodes["right"]))
            read.calls[nodes["left"].start_byte] = nodes["right"].end_byte
    for nodes in (*read.found[OPEN], *read.found[ALONE]):
        for attribute in table.components.get(text(nodes["name"]), ()):
            value = _attribute(nodes["element"], attribute)
            if value is not None:
                _keys(read, value, UsageKind.COMPONENT, text(nodes["name"]))


def _called_key(read: Script, nodes: dict[str, Node], name: str) -> None:
    """Gather the key of a call, where what is called translates."""
    if name == "$localize":
        _localized(read, nodes["arguments"])
        return
    own, known = read.known.translators.get(name), frameworks().function(name)
    if known is None and (own is not None or name.partition(".")[0] in read.known.translators):
        known = Function(name)
    if known is None or name in read.known.foreign:
        return
    is_known = own is not None or read.where is not None or known.counts(read.gathered.source.content)
    if is_known and _taken(read, name, known, arguments(nodes["arguments"]), own or ()):
        read.calls[nodes["call"].start_byte] = nodes["call"].end_byte


def _taken(read: Script, name: str, known: Function, given: Sequence[Node], before: tuple[str, ...]) -> bool:
    """Gather the key of a call; False where it has none."""
    if len(given) <= known.key:
        return False
    key: Node | None = given[known.key]
    if known.property:
        key = property_of(given[0], known.property) if given[0].type == "object" else None
    if key is None or key.type in _NO_KEY:
        return False
    if known.is_text and (any(None in said for said in patterns(key, read.known.names)) or key.type == "identifier"):
        return False  # _ and __ of something else
    context = ""
    if known.context is not None and len(given) > known.context:
        context = string_of(given[known.context]) or ""
    whole = known.is_branch or any(node.type == "object" and property_of(node, "returnObjects") for node in given[1:])
    options = next((node for node in given[1:] if node.type == "object"), None)
    space = _property(options, "ns", read) if options else ""
    kind = UsageKind.TEXT if known.is_text else UsageKind.CALL
    several = list(key.named_children) if key.type == "array" else [key]
    for one in several:
        _keys(read, one, kind, name, before=(space,) if space else before, context=context, is_branch=whole)
    if known.plural is not None and len(given) > known.plural:
        read.keys.add(given[known.plural].start_byte)
    return True


def _keys(read: Script, node: Node, kind: UsageKind, said: str, **more: str | bool | tuple[str, ...]) -> None:
    for pattern in patterns(node, read.known.names):
        read.gathered.use(read.place(node), pattern, kind, said, **more)
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if inner.type in ("string", "template_string"):
            read.keys.add(inner.start_byte)
        waiting += inner.named_children


def _localized(read: Script, node: Node) -> None:
    """Angular: $localize`:meaning|description@@id:text`."""
    for pattern in patterns(node, read.known.names):
        head, colon, tail = (pattern[0] or "")[1:].partition(":")
        if (pattern[0] or "").startswith(":") and colon:
            key = head.rpartition("@@")[2] if "@@" in head else ""
            said: Pattern = (key,) if key else (tail, *pattern[1:])
            read.gathered.use(read.place(node), said, UsageKind.CALL if key else UsageKind.TEXT, "$localize")
        else:
            read.gathered.use(read.place(node), pattern, UsageKind.TEXT, "$localize")
    read.keys.add(node.start_byte)


def _attribute(element: Node, name: str) -> Node | None:
    for child in element.named_children:
        if child.type == "jsx_attribute" and child.named_child_count > 1 and text(child.named_children[0]) == name:
            value = child.named_children[1]
            if value.type == "jsx_expression":
                return value.named_children[0] if value.named_child_count else None
            return value
    return None
