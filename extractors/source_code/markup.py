"""Markup: reads pages and components: HTML, AngularJS and Angular templates, Vue, Svelte, templates of a server."""

import html as entities
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from extractors.grammars import ending, parse
from extractors.source_code.expressions import patterns
from extractors.source_code.frameworks import frameworks
from extractors.source_code.hard_coded import is_code_element, score
from extractors.source_code.literals import kind_of
from extractors.source_code.script import text
from extractors.source_code.source import Gathered
from extractors.source_code.views import Expression, View, spans
from tm_service.domain.usage import Import, ImportKind, Joined, Position, UsageKind

_LEAST = 20
_VUE = re.compile(r"^(?::|v-bind:|v-text$|v-html$|v-if$|v-else-if$|v-show$|v-model|v-t$|v-t\.)")
_ANGULAR = re.compile(r"^(?:\[|\[?\(|\*ng|bind-|\*transloco)")
_ANGULARJS = re.compile(
    r"^(?:data-|x-)?ng-(?!(?:class-|style|app|controller|include|src|href)\b)|^uib-(?!tooltip$|popover$)|^ng-bind"
)
_HANDLER = re.compile(
    r"^(?:@|v-on:|\(|on-|(?:data-)?ng-(?:click|change|submit|init|keyup|keydown|keypress|blur|focus)$)"
)
_LOOP = re.compile(rb"^.*?\s(?:in|of)\s", re.DOTALL)
_LANG = re.compile(r"^(?:ts|tsx|typescript)$")
_KEY_LIKE = re.compile(r"[\w\-$]+(?:[.:][\w\-$ ]+)*")
_NO_KEY = frozenset(["yes", "no", "true", "false", ""])
_LISTED = re.compile(r"^\[[\w\-]+\]")
_BLANK = re.compile(r"\s+")
_MARKED = re.compile(r"^(?:i18n|translate)-(.+)$")
_VERBATIM = frozenset(["v-pre", "ng-non-bindable"])

ReadScript = Callable[[bytes, str, int, Callable[[int], tuple[Position, str]] | None], dict[int, int]]


@dataclass(frozen=True, slots=True)
class _Within:
    """What an element inherits: its name, whether its text is translated as a whole or is code."""

    name: str = ""
    is_translated: bool = False
    is_code: bool = False


@dataclass
class _Page:
    gathered: Gathered
    view: View
    base: int
    read_script: ReadScript
    expressions: list[Expression] = field(default_factory=list)
    owners: list[tuple[int, Position, str]] = field(default_factory=list)
    runs: list[list[Node]] = field(default_factory=list)

    def own(self, one: Expression, position: Position, name: str) -> None:
        """Remember an expression and what it is the content of."""
        if one.end > one.start:
            self.expressions.append(one)
            self.owners.append((one.start, position, name))

    def where(self, place: int) -> tuple[Position, str]:
        """What the expression at a byte of the file is the content of."""
        found = bisect_right(self.owners, (place - self.base, Position.TEXT, "\uffff")) - 1
        return self.owners[found][1:] if found >= 0 else (Position.OTHER, "")


def read_markup(gathered: Gathered, content: bytes, read_script: ReadScript, base: int = 0) -> None:
    """Gather what a page says; `base` is where it begins in its file."""
    page = _Page(gathered, View(content, is_svelte=ending(gathered.source.path) == "svelte"), base, read_script)
    scripts: list[tuple[Node, dict[str, str]]] = []
    waiting = [(child, _Within()) for child in reversed(parse("html", page.view.html).named_children)]
    while waiting:
        node, within = waiting.pop()
        if node.type == "script_element":
            scripts.append((node, dict(_values(page, node))))
        elif node.type == "element":
            waiting += _element(page, node, within)
        elif node.type in ("text", "entity"):
            _run(page, [node], within)
        elif node.type not in ("style_element", "comment", "doctype"):
            waiting += [(child, within) for child in reversed(node.named_children)]
    for node, values in scripts:
        _script(page, node, values)
    page.owners.sort()
    calls = (
        read_script(page.view.script(page.expressions), _language(scripts), base, page.where)
        if page.expressions
        else {}
    )
    places = sorted(calls)
    for run in page.runs if places else ():
        _fragments(page, run, places)


def _language(scripts: list[tuple[Node, dict[str, str]]]) -> str:
    return "typescript" if any(_LANG.match(values.get("lang", "")) for _, values in scripts) else "javascript"


def _script(page: _Page, node: Node, values: dict[str, str]) -> None:
    kind = values.get("type", "")
    if values.get("src"):
        place = page.gathered.source.position(page.base + node.start_byte)
        page.gathered.imports.append(Import(values["src"], *place, ImportKind.STATIC))
    raw = next((child for child in node.named_children if child.type == "raw_text"), None)
    if raw is None:
        return
    content, start = page.view.content[raw.start_byte : raw.end_byte], page.base + raw.start_byte
    if "template" in kind or kind in ("text/html", "text/x-handlebars"):
        read_markup(page.gathered, content, page.read_script, start)
    elif not kind or "javascript" in kind or kind in ("module", "text/babel", "text/typescript", "text/jsx"):
        lang = values.get("lang", "")
        page.read_script(
            content, "tsx" if lang == "tsx" else "typescript" if _LANG.match(lang) else "javascript", start, None
        )


def _values(page: _Page, node: Node) -> Iterator[tuple[str, str]]:
    for name, value in _attributes(node):
        yield name, page.view.content[slice(*value)].decode("utf-8", "replace") if value else ""


def _attributes(node: Node) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Names of an element's attributes, and from where to where their values stand without quotes."""
    tag = next((child for child in node.named_children if child.type in ("start_tag", "self_closing_tag")), None)
    for attribute in tag.named_children if tag else ():
        if attribute.type != "attribute" or not attribute.named_child_count:
            continue
        name, value = attribute.named_children[0], attribute.named_children[-1]
        if value is name or value.type == "attribute_name":
            yield text(name), None
        elif value.type == "quoted_attribute_value":
            yield text(name), (value.start_byte + 1, value.end_byte - 1)
        else:
            yield text(name), (value.start_byte, value.end_byte)


def _element(page: _Page, node: Node, within: _Within) -> list[tuple[Node, _Within]]:
    """Gather an element's attributes; gives its children with what they inherit, the first one last."""
    tag = node.named_children[0]
    name = text(next((child for child in tag.named_children if child.type == "tag_name"), None))
    attributes = list(_attributes(node))
    names = {attribute for attribute, _ in attributes}
    inner = _Within(name, within.is_translated, within.is_code or is_code_element(name))
    if names & _VERBATIM:
        return []
    if "translate" in names and dict(_values(page, node))["translate"] == "no":
        inner = replace(inner, is_code=True)
    table = frameworks()
    if name == "i18n" and node.parent is not None and node.parent.type == "document":
        return []  # a block of messages, which an extractor reads
    for attribute, span in attributes:
        is_silent = inner.is_code or f"i18n-{attribute}" in names
        if _attribute(page, node, name, attribute, span, is_silent=is_silent):
            inner = replace(inner, is_translated=True)
    if name in table.components:
        inner = replace(inner, is_translated=True)
    run: list[Node] = []
    out: list[tuple[Node, _Within]] = []
    for child in node.named_children[1:]:
        if child.type in ("text", "entity") and (not run or _adjacent(page, run[-1], child)):
            run.append(child)
            continue
        _run(page, run, inner)
        run = [child] if child.type in ("text", "entity") else []
        if child.type not in ("text", "entity", "end_tag"):
            out.append((child, inner))
    _run(page, run, inner)
    return out[::-1]


def _adjacent(page: _Page, first: Node, second: Node) -> bool:
    return not page.view.content[first.end_byte : second.start_byte].strip()


def _run(page: _Page, run: list[Node], within: _Within) -> None:
    """Gather what stands between two tags."""
    if not run:
        return
    start, end = run[0].start_byte, run[-1].end_byte
    for one in spans(page.view.between(start, end)):
        page.own(one, Position.TEXT, within.name)
    if within.is_code:
        return
    if page.view.between(start, end):
        page.runs.append(run)
    if within.is_translated:
        return
    sure, reasons = score(_filled(page, start, end), Position.TEXT, within.name)
    if sure >= _LEAST:
        page.gathered.show(page.base + start, _shown(page, start, end), Position.TEXT, within.name, sure, reasons)


def _shown(page: _Page, start: int, end: int) -> str:
    return _BLANK.sub(" ", entities.unescape(page.view.content[start:end].decode("utf-8", "replace"))).strip()


def _filled(page: _Page, start: int, end: int) -> str:
    """A text with its expressions left out."""
    out, done = [], start
    for opening, closing, _ in page.view.between(start, end):
        out += [page.view.content[done:opening].decode("utf-8", "replace"), " {} "]
        done = closing
    return entities.unescape("".join([*out, page.view.content[done:end].decode("utf-8", "replace")]))


def _attribute(
    page: _Page, node: Node, element: str, name: str, span: tuple[int, int] | None, *, is_silent: bool
) -> bool:
    """Gather one attribute; True where it says that the element's own text is translated by it."""
    said = page.view.content[slice(*span)].decode("utf-8", "replace").strip() if span else ""
    if span and name.lstrip(":") in frameworks().components.get(element, ()):
        _component_key(page, element, name, said, span)
        return True
    reads = "marked" if _MARKED.match(name) else frameworks().attributes.get(name, "")
    if reads in ("key", "list") and "{{" in said:
        reads = ""
    if reads:
        return _names_key(page, node, name, said, span, reads)
    if span:
        _value(page, name, span, said, is_silent=is_silent)
    return False


def _component_key(page: _Page, element: str, name: str, said: str, span: tuple[int, int]) -> None:
    """The key of an element that translates: `<i18n-t keypath="garden.title">`."""
    if name.startswith(":"):
        page.own(Expression(*span), Position.ATTRIBUTE, "class")
        _expression(page, span, UsageKind.COMPONENT, element)
    else:
        page.gathered.use(page.base + span[0], (said,), UsageKind.COMPONENT, element)


def _names_key(page: _Page, node: Node, name: str, said: str, span: tuple[int, int] | None, reads: str) -> bool:
    """Gather an attribute of a framework that names a key; True where the element's text is translated by it."""
    if reads == "key":
        return _key(page, node, name, said, span)
    if reads == "marked":
        return _marked(page, name, said, span)
    if span and reads == "expression":
        _expression(page, span, UsageKind.ATTRIBUTE, name)
    elif span:
        for part in filter(None, said.split(";")):
            page.gathered.use(page.base + span[0], (_LISTED.sub("", part).strip(),), UsageKind.ATTRIBUTE, name)
    return bool(said)


def _key(page: _Page, node: Node, name: str, said: str, span: tuple[int, int] | None) -> bool:
    """angular-translate: the value is the key, or, where it is empty, the element's text."""
    if said.casefold() not in _NO_KEY and span and _KEY_LIKE.fullmatch(said):
        page.gathered.use(page.base + span[0], (said,), UsageKind.ATTRIBUTE, name)
        return True
    if span is not None and said:
        return False
    inner = [child for child in node.named_children if child.type == "text"]
    key = _shown(page, inner[0].start_byte, inner[-1].end_byte) if inner else ""
    if key and "{{" not in key:
        page.gathered.use(page.base + inner[0].start_byte, (key,), UsageKind.ATTRIBUTE, name)
    return bool(key)


def _marked(page: _Page, name: str, said: str, span: tuple[int, int] | None) -> bool:
    """Angular: `i18n="meaning|description@@id"` marks the text, `i18n-title` an attribute."""
    key = said.rpartition("@@")[2] if "@@" in said else ""
    other = _MARKED.match(name)
    if other and name.startswith("translate-"):
        if other[1].startswith(("attr-", "attr.")) and said and "{{" not in said and span:
            page.gathered.use(page.base + span[0], (said,), UsageKind.ATTRIBUTE, name)
        return False
    if key and span:
        page.gathered.use(page.base + span[0], (key,), UsageKind.ATTRIBUTE, name)
    return other is None


def _value(page: _Page, name: str, span: tuple[int, int], said: str, *, is_silent: bool) -> None:
    """Gather an attribute that holds an expression, or a text of its own."""
    held = page.view.between(*span)
    if held:
        for one in spans(held):
            page.own(one, Position.ATTRIBUTE, name)
    elif name in ("v-for", "ng-repeat", "data-ng-repeat", "*ngFor"):
        loop = _LOOP.match(page.view.content[slice(*span)])
        page.own(Expression(span[0] + (loop.end() if loop else 0), span[1]), Position.ATTRIBUTE, "class")
        return
    elif _HANDLER.match(name):
        page.own(Expression(*span, is_block=True), Position.ATTRIBUTE, "class")
        return
    elif _VUE.match(name) or _ANGULAR.match(name) or _ANGULARJS.match(name):
        page.own(Expression(*span), Position.ATTRIBUTE, name)
        return
    if not is_silent:
        sure, reasons = score(_filled(page, *span), Position.ATTRIBUTE, name)
        if sure >= _LEAST and said:
            page.gathered.show(page.base + span[0], _shown(page, *span), Position.ATTRIBUTE, name, sure, reasons)


def _expression(page: _Page, span: tuple[int, int], kind: UsageKind, said: str) -> None:
    """A key as an expression: `v-t="'garden.title'"`, `v-t="{path: 'garden.title'}"`."""
    tree = parse("javascript", b"(" + page.view.content[slice(*span)] + b")")
    outer = (
        tree.named_children[0].named_children[0]
        if tree.named_children and tree.named_children[0].named_children
        else None
    )
    if outer is None or not outer.named_children:
        return
    node = outer.named_children[0]
    if node.type == "object":
        pairs = {
            text(pair.child_by_field_name("key")): pair.child_by_field_name("value") for pair in node.named_children
        }
        value = pairs.get("path")
        if value is None:
            return
        node = value
    for pattern in patterns(node, {}):
        page.gathered.use(page.base + span[0] + node.start_byte - 1, pattern, kind, said)


def _fragments(page: _Page, run: list[Node], calls: Sequence[int]) -> None:
    """Translations side by side, or beside words and values, within one piece of text."""
    start, end = run[0].start_byte, run[-1].end_byte
    held = page.view.between(start, end)
    terms: list[str | None] = []
    done = start
    for opening, closing, one in held:
        terms.append(_BLANK.sub(" ", entities.unescape(page.view.content[done:opening].decode("utf-8", "replace"))))
        translates = bisect_left(calls, one.end) > bisect_left(calls, one.start)
        terms.append("" if translates else None)
        done = closing
    terms.append(_BLANK.sub(" ", entities.unescape(page.view.content[done:end].decode("utf-8", "replace"))))
    kind = kind_of([term for place, term in enumerate(terms) if place % 2 or term])
    if kind is not None:
        written = _BLANK.sub(" ", page.view.content[start:end].decode("utf-8", "replace"))[:160]
        page.gathered.joined.append(Joined(written, *page.gathered.source.position(page.base + start), kind))
