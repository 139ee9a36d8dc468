"""PHP arrays: reads the texts of message files that return, assign or fill an array, and writes others in their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from extractors.comments import about
from extractors.gettext_forms import usual_forms
from extractors.grammars import Endless, parse
from extractors.pages import Page
from extractors.php_strings import quoted, unquoted
from extractors.slots import Slot, TextFormat, printable
from extractors.splices import Splice
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.domain.units import Key, Locale

DEEPEST = 100  # levels of arrays
_ARGUMENT = "count"  # what Laravel calls the number
_STRINGS = ("string", "encapsed_string", "heredoc", "nowdoc")
_PIECES = (
    "string_content",
    "escape_sequence",
    "heredoc_start",
    "heredoc_end",
    "heredoc_body",
)  # of a string without variables
_CONDITION = re.compile(r"\s*(?:\{[^}]*\}|[\[\]][^\[\]]*,[^\[\]]*[\[\]])")
_BAR = re.compile(r"\s*\|\s*")
_MARKS = re.compile(r"\A(?:/\*+|//+|#+)|\*+/\Z|^[ \t]*\*+(?!/)", re.MULTILINE)


@dataclass(slots=True)
class _Element:
    """A member of an array, or a statement, with the comments above and behind it."""

    node: Node
    above: list[str] = field(default_factory=list)
    behind: str = ""

    @property
    def comment(self) -> str:
        return "\n".join(filter(None, (*self.above, self.behind)))


class PhpArrays(TextFormat):
    """PHP files with `return [...]`, `$lang = [...]` or `$lang['a']['b'] = ...`; a key is the path of names and indices.

    In the dialect `laravel` a text divided by bars into the plural forms of its language is one message of several forms.
    What is put together by `.` or holds a variable is no text, and is told.
    """

    dialects = ("", "laravel")

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """One slot per string in an array. Raises ExtractionError where the parser finds fault."""
        yield from _Walker(page, self.dialect, locale).slots()


class _Walker:
    """Finds the messages of a file."""

    def __init__(self, page: Page, dialect: str, locale: Locale) -> None:
        self.page, self.dialect, self.locale = page, dialect, locale
        content = page.text.encode("utf-8", "replace")
        self.places = _places(page.text)
        try:
            self.root = parse("php", content)
        except Endless as error:
            raise page.error(0, str(error)) from error

    def slots(self) -> Iterator[Slot | Finding]:
        if self.root.has_error:
            raise self.refusal()
        for element in _elements(self.root, ("return_statement", "expression_statement")):
            node = element.node.named_children[0] if element.node.named_children else element.node
            if node.type == "assignment_expression":
                key = self.subscripts(node.child_by_field_name("left"))
                right = node.child_by_field_name("right")
                if key is not None and right is not None and (key or right.type == "array_creation_expression"):
                    yield from self.value(right, key, element.comment)
            elif element.node.type == "return_statement" and node.type == "array_creation_expression":
                yield from self.value(node, (), "")

    def subscripts(self, node: Node | None) -> Key | None:
        """The names in `$lang['a']['b']`; None for what is no variable."""
        names: list[str] = []
        while node is not None and node.type == "subscript_expression":
            inside = node.named_children
            names.insert(0, self.name(inside[1]) if len(inside) > 1 else "")
            node = inside[0]
        return tuple(names) if node is not None and node.type == "variable_name" else None

    def value(self, node: Node, key: Key, comment: str) -> Iterator[Slot | Finding]:
        while node.type == "parenthesized_expression" and node.named_children:
            node = node.named_children[0]
        if node.type == "array_creation_expression":
            if len(key) >= DEEPEST:
                raise self.page.error(
                    self.places[node.start_byte], f"arrays are nested more than {DEEPEST} levels deep"
                )
            yield from self.members(node, key)
        elif node.type in _STRINGS and not _has_variable(node):
            yield self.slot(node, key, comment)
        elif node.type in _STRINGS or (node.type == "binary_expression" and _is_joined(node)):
            yield self.unfit(node, key)

    def members(self, array: Node, key: Key) -> Iterator[Slot | Finding]:
        following = 0
        for element in _elements(array, ("array_element_initializer",)):
            parts = [child for child in element.node.named_children if child.type != "comment"]
            if not parts or parts[0].type in ("variadic_unpacking", "by_ref"):
                continue
            name = self.name(parts[0]) if len(parts) > 1 else str(following)
            if re.fullmatch(r"0|[1-9]\d{0,17}", name):
                following = max(following, int(name) + 1)
            yield from self.value(parts[-1], (*key, name), element.comment)

    def name(self, node: Node) -> str:
        raw = self.raw(node)
        return unquoted(raw) if node.type in _STRINGS and not _has_variable(node) else raw

    def raw(self, node: Node) -> str:
        return self.page.text[self.places[node.start_byte] : self.places[node.end_byte]]

    def slot(self, node: Node, key: Key, comment: str) -> Slot:
        raw, begin, end = self.raw(node), self.places[node.start_byte], self.places[node.end_byte]
        text = unquoted(raw)
        plural = _forms(text, self.locale) if self.dialect == "laravel" else None

        def write(new: str) -> Iterator[Splice]:
            yield Splice(begin, end, quoted(raw, _joined(text, new, self.locale) if plural else new))

        return Slot(key, str(plural) if plural else text, write, about=about(comment))

    def unfit(self, node: Node, key: Key) -> Finding:
        line, _ = self.page.position(self.places[node.start_byte])
        template = (
            'The text "{key}" in line {line} is put together from pieces; write it as one string with placeholders.'
        )
        return replace(
            found("concatenated", Severity.WARNING, template, key=printable(key), line=line), path=self.page.path
        )

    def refusal(self) -> ExtractionError:
        """The first place where the parser could not go on."""
        node = self.root
        while True:
            inside = next((child for child in node.children if child.has_error or child.is_missing), None)
            if node.is_error or inside is None:
                break
            node = inside
        reason = f'"{node.type}" is missing here' if node.is_missing else "this is no PHP from here on"
        return self.page.error(self.places[node.start_byte], f"{reason}; run php -l on the file")


def _places(text: str) -> list[int] | range:
    """The character at each byte of a text in UTF-8."""
    if text.isascii():
        return range(len(text) + 1)
    places = [place for place, character in enumerate(text) for _ in character.encode("utf-8", "replace")]
    return [*places, len(text)]


def _elements(parent: Node, kinds: tuple[str, ...]) -> list[_Element]:
    """The children of these kinds, each with the comments right above it and behind it on its line."""
    elements: list[_Element] = []
    above: list[str] = []
    last, is_behind = -2, False
    for node in parent.children:
        if node.type == "comment":
            said = "\n".join(line.strip() for line in _MARKS.sub("", (node.text or b"").decode()).strip().splitlines())
            if is_behind and node.start_point.row == last:
                elements[-1].behind = said
            else:
                above = [*above, said] if node.start_point.row <= last + 1 else [said]
            last = node.end_point.row
        elif node.type in kinds:
            elements.append(_Element(node, above if node.start_point.row <= last + 1 else []))
            above, last, is_behind = [], node.end_point.row, True
        elif node.is_named:
            above, last, is_behind = [], node.end_point.row, False
    return elements


def _has_variable(node: Node) -> bool:
    body = next((child for child in node.children if child.type == "heredoc_body"), node)
    return node.type in ("encapsed_string", "heredoc") and any(
        child.is_named and child.type not in _PIECES for child in body.children
    )


def _is_joined(node: Node) -> bool:
    """Whether strings are joined here by dots."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here.type in _STRINGS:
            return True
        if here.type in ("binary_expression", "parenthesized_expression"):
            waiting += here.named_children
    return False


def _forms(text: str, locale: Locale) -> Plural | None:
    """The forms of a text that is divided by bars as Laravel does, without numbers of their own; None for any other."""
    parts = _BAR.split(text.strip())
    if len(parts) == 1 or any(_CONDITION.match(part) or not part for part in parts):
        return None
    for language in (locale, "en"):
        forms = usual_forms(language)
        if len(forms.selectors) == len(parts):
            return forms.gathered(_ARGUMENT, parts)
    return None


def _joined(before: str, text: str, locale: Locale) -> str:
    """The forms a language has, divided as those before were; a bar has no escape and is left out of a form."""
    plural = parse_plural(text)
    if plural is None:
        return text
    bar = _BAR.search(before)
    clean = {name: form.replace("|", "") for name, form in plural.forms.items()}
    forms = usual_forms(locale).spread(replace(plural, forms=clean))
    return (bar[0] if bar else "|").join(forms)
