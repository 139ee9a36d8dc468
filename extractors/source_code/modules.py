"""Modules: what a script imports, under which keys it puts message files, and which addresses show what."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from extractors.grammars import matches
from extractors.source_code.expressions import patterns, string_of
from extractors.source_code.script import (
    ALONE,
    CALL,
    EXPORT,
    IMPORT,
    OPEN,
    PAIR,
    SHORT,
    SPREAD,
    STRING,
    TEMPLATE,
    Script,
    arguments,
    called,
    property_of,
    text,
)
from extractors.source_code.source import Pattern, merged
from tm_service.domain.usage import Import, ImportKind, Mount, Route, UsageKind

DATA = re.compile(r"\.(?:json5?|jsonc|ya?ml|po|pot|properties|toml|arb|ftl|resx|xlf|xliff|ini|csv)$", re.IGNORECASE)
_NAMED_FILE = re.compile(r"^[\w./{}*$@~:\-\[\]]{1,200}$")
_HOLE = re.compile(r"\{\{[^{}]*\}\}|\{[^{}]*\}|\[\w+\]|(?<=/):\w+")
_MODULES = ("require", "require.resolve", "require.ensure", "System.import", "define")
_IMPORTING = frozenset(["import", "import.meta.glob", "import.meta.globEager", "require.context", *_MODULES])
_OURS = re.compile(r"^[./@~#]|i18n|gettext|transl|intl|lingui|polyglot|locale|babel$", re.IGNORECASE)
_COMPONENT_OF = frozenset(["defineComponent", "Vue.component", "Vue.extend", "component", "Component", "Options"])
_SHOWN = ("component", "components", "templateUrl", "loadComponent", "loadChildren", "element", "template", "Component")
_MEMBERS = "(member_expression object: (identifier) @object) @member"
_NAMES = ("identifier", "shorthand_property_identifier")
_DEEPEST = 12


def imports(read: Script) -> None:
    """Gather what is imported, and the names of message files."""
    for nodes in read.found[IMPORT]:
        source = nodes["import"].child_by_field_name("source")
        if source is not None:
            _import(read, source, ImportKind.STATIC, tuple(_bound(nodes["import"])))
    for nodes in read.found[EXPORT]:
        _import(read, nodes["source"], ImportKind.STATIC, ())
    for nodes in read.found[CALL]:
        given = arguments(nodes["arguments"])
        name = "import" if nodes["function"].type == "import" else called(nodes["function"])
        if given and name in _IMPORTING:
            _called_import(read, name, nodes["call"], given)


def _called_import(read: Script, name: str, call: Node, given: list[Node]) -> None:
    if name == "import":
        _import(read, given[0], ImportKind.DYNAMIC, _declared(call))
    elif name.startswith("import.meta"):
        for one in given[0].named_children if given[0].type == "array" else [given[0]]:
            _import(read, one, ImportKind.GLOB, ())
    elif name == "require.context":
        _context(read, given)
    else:
        for one, names in _modules(name, call, given):
            _import(read, one, ImportKind.REQUIRE, names)


def _modules(name: str, call: Node, given: list[Node]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """What a `require` or an AMD `define` asks for, with the names it is given."""
    listed = next((node for node in given if node.type == "array"), None)
    if listed is None:
        if name != "define":
            yield given[0], _declared(call)
        return
    function = next((node for node in given if node.type in ("function_expression", "arrow_function")), None)
    parameters = function.child_by_field_name("parameters") if function else None
    names = [text(node) for node in parameters.named_children] if parameters else []
    for place, node in enumerate(listed.named_children):
        yield node, tuple(names[place : place + 1])


def _import(read: Script, node: Node, kind: ImportKind, names: tuple[str, ...]) -> None:
    for pattern in patterns(node, read.known.names):
        target = "".join("*" if piece is None else piece for piece in pattern).rpartition("!")[2].partition("?")[0]
        if kind is ImportKind.GLOB and string_of(node) is not None:
            target = (string_of(node) or "").partition("?")[0]
        if not target.strip("*./"):
            continue
        is_pattern = None in pattern or kind is ImportKind.GLOB
        place = read.gathered.source.position(read.place(node))
        read.gathered.imports.append(Import(target, *place, kind, names, is_pattern))
        if DATA.search(target):
            read.known.data.update(names)
        if not _OURS.search(target) or target.startswith("@babel/"):
            read.known.foreign.update(names)
    read.keys.add(node.start_byte)


def _context(read: Script, given: list[Node]) -> None:
    folder = string_of(given[0])
    if folder is not None:
        deep = len(given) < 2 or text(given[1]) != "false"  # noqa: PLR2004 - require.context(folder, deep, pattern)
        rule = next((text(node) for node in given if node.type == "regex"), "")
        pattern = rule[1 : rule.rfind("/")] if rule else ""
        target = f"{folder.rstrip('/')}/{'**/' if deep else ''}*"
        place = read.gathered.source.position(read.place(given[0]))
        read.gathered.imports.append(Import(target, *place, ImportKind.GLOB, (), is_pattern=True, pattern=pattern))


def _bound(node: Node) -> Iterator[str]:
    """The names that an import statement gives."""
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for child in clause.named_children if clause else ():
        if child.type == "identifier":
            yield text(child)
        for inner in child.named_children if child.type in ("named_imports", "namespace_import") else ():
            alias = inner.child_by_field_name("alias") or inner.child_by_field_name("name") or inner
            yield text(alias)


def _declared(call: Node) -> tuple[str, ...]:
    """The name that the value of a call is given."""
    node: Node | None = call.parent
    while node is not None and node.type in ("await_expression", "parenthesized_expression", "member_expression"):
        node = node.parent
    if node is not None and node.type == "variable_declarator":
        name = node.child_by_field_name("name")
        return (text(name),) if name is not None and name.type == "identifier" else ()
    return ()


def named_files(read: Script) -> None:
    """Gather paths of message files that are written in the code and fetched while the site runs."""
    for nodes in (*read.found[STRING], *read.found[TEMPLATE]):
        node = nodes.get("string") or nodes["template"]
        raw = node.text or b""
        if node.start_byte in read.keys or b"." not in raw[-12:] or not DATA.search(text(node)[1:-1]):
            continue
        for pattern in patterns(node, read.known.names):
            holed = merged(tuple(part for piece in pattern for part in _holes(piece)))
            target = "".join("*" if piece is None else piece for piece in holed)
            if _NAMED_FILE.match(target) and "/" in target:
                place = read.gathered.source.position(read.place(node))
                read.gathered.imports.append(Import(target, *place, ImportKind.NAMED, (), "*" in target))


def _holes(piece: str | None) -> Pattern:
    """`/texts/{{lng}}/{{ns}}.json` with its holes."""
    if piece is None:
        return (None,)
    texts = _HOLE.split(piece)
    return tuple(part for one in texts for part in (one, None))[:-1]


def mounts(read: Script) -> None:
    """Gather under which keys message files are put, and what is read of them by property."""
    if not read.known.data:
        return
    for nodes in read.found[CALL]:
        for first, second in pairwise(arguments(nodes["arguments"])):
            _mount(read, second, string_of(first))
    for nodes in read.found[PAIR]:
        _mount(read, nodes["value"], text(nodes["key"]).strip("\"'"))
    for nodes in read.found[SHORT]:
        _mount(read, nodes["short"], text(nodes["short"]))
    for nodes in read.found[SPREAD]:
        _mount(read, nodes["spread"], "")


def _mount(read: Script, node: Node, under: str | None) -> None:
    if under is not None and node.type in _NAMES and text(node) in read.known.data:
        read.gathered.mounts.add(Mount(text(node), under))


def properties(read: Script, language: str, data: set[str]) -> None:
    """Gather what is read of message files by property: `texts.home.title`."""
    for _, nodes in matches(language, _MEMBERS, read.root) if data else ():
        name = text(nodes["object"][0])
        if name not in data:
            continue
        node, path = nodes["member"][0], [text(nodes["member"][0].child_by_field_name("property"))]
        while node.parent is not None and node.parent.type == "member_expression" and len(path) < _DEEPEST:
            node = node.parent
            path.append(text(node.child_by_field_name("property")))
        if node.parent is not None and node.parent.type == "call_expression":
            path.pop()
        path = path[1:] if path[:1] == ["default"] else path
        if path:
            key = ".".join(path)
            read.gathered.use(read.place(node), (key,), UsageKind.PROPERTY, name, binding=name)


def routes(read: Script) -> None:
    """Gather addresses: route tables of Vue and Angular, `when` of AngularJS, `Route` elements of React."""
    for nodes in read.found[PAIR]:
        key = text(nodes["key"]).strip("\"'")
        if key in ("path", "url") and nodes["pair"].parent is not None:
            _route(read, nodes["pair"].parent, string_of(nodes["value"]))
        elif key == "name":
            _component(read, nodes["pair"], string_of(nodes["value"]))
        elif key == "alias" and nodes["value"].type == "object":
            _aliases(read, nodes["value"])
    for nodes in read.found[CALL]:
        given = arguments(nodes["arguments"])
        if len(given) > 1 and given[-1].type == "object" and called(nodes["function"]).endswith(".when"):
            _route(read, given[-1], string_of(given[0]))
    for nodes in (*read.found[OPEN], *read.found[ALONE]):
        if text(nodes["name"]) == "Route":
            attributes = [child for child in nodes["element"].named_children if child.type == "jsx_attribute"]
            values = {
                text(node.named_children[0]): node.named_children[-1] for node in attributes if node.named_children
            }
            path = string_of(values["path"]) if "path" in values else None
            shown = [value for name, value in values.items() if name in _SHOWN]
            _shows(read, nodes["element"], path, shown)


def _route(read: Script, table: Node, path: str | None) -> None:
    if table.type == "object":
        shown = [value for name in _SHOWN if (value := property_of(table, name)) is not None]
        _shows(read, table, path, shown, _outer(table))


def _shows(read: Script, node: Node, path: str | None, shown: list[Node], outer: str = "") -> None:
    if path is None or not shown:
        return
    full = path if path.startswith("/") or not outer else f"{outer.rstrip('/')}/{path}"
    targets = tuple(dict.fromkeys(target for value in shown for target in _targets(value)))
    if targets:
        line, _ = read.gathered.source.position(read.place(node))
        read.gathered.routes.append(Route(full, targets, line))


def _outer(table: Node) -> str:
    """The path of the routes that a route is a child of."""
    path, node, steps = "", table.parent, 0
    while node is not None and steps < _DEEPEST:
        if node.type == "pair" and text(node.child_by_field_name("key")) == "children" and node.parent is not None:
            value = property_of(node.parent, "path")
            said = (string_of(value) or "") if value is not None else ""
            path = f"{said.rstrip('/')}/{path}" if said else path
        elif node.type not in ("array", "object", "pair"):
            break
        node, steps = node.parent, steps + 1
    return path


def _targets(value: Node) -> Iterator[str]:
    """Names and import paths in what a route shows."""
    waiting, seen = [value], 0
    while waiting and seen < 200:  # noqa: PLR2004 - nodes of one route
        node = waiting.pop(0)
        seen += 1
        if node.type == "identifier":
            yield text(node)
        elif node.type in ("string", "template_string"):
            said = string_of(node)
            if said and ("/" in said or "." in said):
                yield said
        elif node.type == "pair":
            waiting += [inner for inner in (node.child_by_field_name("value"),) if inner is not None]
        else:
            waiting += node.named_children


def _component(read: Script, pair: Node, name: str | None) -> None:
    """A component's name: the property of what the file exports."""
    table = pair.parent
    owner = table.parent if table is not None else None
    if not name or owner is None or read.gathered.component:
        return
    call = owner.parent if owner.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if owner.type == "export_statement" or (function is not None and called(function) in _COMPONENT_OF):
        read.gathered.component = name


def _aliases(read: Script, table: Node) -> None:
    """`alias` of a bundler's settings: prefixes, and the last path that is written in what they stand for."""
    for pair in table.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if pair.type != "pair" or key is None or value is None:
            continue
        paths = [said for said in _targets(value) if "/" in said or said == "."] or _strings(value)
        if paths:
            prefix = string_of(key) if key.type == "string" else text(key)
            read.gathered.aliases.append((prefix or "", paths[-1]))


def _strings(value: Node) -> list[str]:
    waiting, found = [value], []
    while waiting:
        node = waiting.pop(0)
        said = string_of(node)
        if said is not None:
            found.append(said)
        waiting += node.named_children
    return found
