"""Fluent: the messages, attributes and terms of FTL files (Project Fluent syntax 1.0).

A text is Fluent itself: placeables, references and selectors stand in it as they are written.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from fluent.syntax import FluentParser, ast

from extractors.comments import about
from extractors.pages import Page
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice
from extractors.xml_writing import newline
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding
from tm_service.domain.units import About, Key, Locale

_DEEP = re.compile(r"(?:\{[^{}]*){60}")  # placeables within placeables; the parser calls itself for each
_QUOTED = re.compile(r" *|[.*\[]")  # what stands in a literal only because of where it stands
_LITERAL = re.compile(r'\{\s*"(?:[^"\\\n]|\\.)*"\s*\}')
_START = re.compile(r" +|[.*\[]")
_HALF = re.compile("[\ud800-\udfff]")  # of a character, which UTF-8 does not hold
_BLANKS = re.compile(r"\s+")
_INDENT = "    "


class Fluent(TextFormat):
    """A key is a message's id, with the attribute's name behind it; a term's begins with `-`.

    A term's attributes are for selectors, no reader sees them; they are carried along.
    """

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG002
        """Every pattern in file order, with the comment before its message. Raises ExtractionError at the first junk."""
        for entry in _parsed(page):
            if isinstance(entry, ast.Junk):
                raise _junk(page, entry)
            if isinstance(entry, (ast.Message, ast.Term)):
                yield from _entry(page, entry)


def _parsed(page: Page) -> list[ast.EntryType]:
    deep = _DEEP.search(page.text)
    if deep:
        raise _too_deep(page, deep.start())
    try:
        return FluentParser().parse(page.text).body
    except RecursionError:
        raise _too_deep(page, 0) from None


def _junk(page: Page, junk: ast.Junk) -> ExtractionError:
    said = junk.annotations[0] if junk.annotations else None
    what = ((said.message if said else "") or "unknown").removesuffix(".")
    return page.error(_span(said or junk)[0], f"this is no message ({what}); put it right or take it out")


def _too_deep(page: Page, place: int) -> ExtractionError:
    return page.error(place, "placeables stand too deep in one another; take them apart")


def _entry(page: Page, entry: ast.Message | ast.Term) -> Iterator[Slot]:
    said = about(entry.comment.content or "" if entry.comment else "")
    name = f"-{entry.id.name}" if isinstance(entry, ast.Term) else entry.id.name
    if entry.value:
        yield _slot(page, (name,), entry.value, said)
    beside = replace(said, ignored=True) if isinstance(entry, ast.Term) else said
    for attribute in entry.attributes:
        yield _slot(page, (name, attribute.id.name), attribute.value, beside)


def _slot(page: Page, key: Key, pattern: ast.Pattern, said: About) -> Slot:
    begin, end = _span(pattern)
    is_block = page.text[begin - 1] == "\n"
    blanks = _indent(page.text, pattern) or _INDENT * len(key)

    def write(text: str) -> tuple[Splice, ...]:
        written = _written(text, blanks, is_block=is_block)
        return (Splice(begin, end, written.replace("\n", newline(page))),)

    return Slot(key, _text(page.text, pattern), write, about=said)


def _span(node: ast.SyntaxNode) -> tuple[int, int]:
    return (node.span.start, node.span.end) if node.span else (0, 0)


def _indent(text: str, pattern: ast.Pattern) -> str:
    """The blanks that begin every line of a pattern but the one of its id."""
    begin, end = _span(pattern)
    lines = text[begin:end].split("\n")
    widths = [len(line) - len(line.lstrip(" ")) for line in lines[text[begin - 1] != "\n" :] if line.strip()]
    return " " * min(widths, default=0)


def _text(text: str, pattern: ast.Pattern) -> str:
    """What a pattern says: its lines without their common indent, placeables as they are written."""
    parts = []
    line_start = f"\n{_indent(text, pattern)}"
    for element in pattern.elements:
        expression = element.expression if isinstance(element, ast.Placeable) else None
        if isinstance(element, ast.TextElement):
            parts.append(element.value)
        elif isinstance(expression, ast.StringLiteral) and _QUOTED.fullmatch(expression.value):
            parts.append(expression.value)
        else:
            begin, end = _span(element)
            parts.append(text[begin:end].replace("\r\n", "\n").replace(line_start, "\n"))
    return "".join(parts)


def _written(text: str, blanks: str, *, is_block: bool) -> str:
    """A text as a pattern; whatever it holds, the file stays Fluent: a text that is none is written as characters."""
    text = _HALF.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    literal = text.replace("{", "\0").replace("}", '{"}"}').replace("\0", '{"{"}')
    made = ""
    for attempt in (text, _protected(text, is_block=is_block), _protected(literal, is_block=is_block)):
        first, *others = attempt.split("\n")
        lines = [blanks + first if is_block else first, *(blanks + line if line else "" for line in others)]
        made = "\n".join(lines)
        if _says(made, text, is_block=is_block):
            break
    return made


def _says(written: str, text: str, *, is_block: bool) -> bool:
    """Whether a pattern is Fluent and says this text; within placeables, blanks may differ."""
    file = ("key =\n" if is_block else "key = ") + written + "\n"
    if _DEEP.search(file):
        return False
    try:
        body = FluentParser().parse(file).body
    except RecursionError:
        return False
    message = body[0] if len(body) == 1 else None
    if not isinstance(message, ast.Message) or message.value is None or message.attributes:
        return False
    said = _text(file, message.value)
    return said == text or ("->" in text and _BLANKS.sub(" ", said) == _BLANKS.sub(" ", text))


def _protected(text: str, *, is_block: bool) -> str:
    """A text with literals for what would be lost or mean something else at the edges of its lines."""
    lines, depth = [], 0
    for number, line in enumerate(text.split("\n")):
        start = _START.match(line)
        if depth == 0 and start and (number or is_block or start[0][0] == " "):
            line = f'{{"{start[0]}"}}{line[start.end() :]}'  # noqa: PLW2901 - the line, as it is written
        outside = _LITERAL.sub("", line)
        depth = max(0, depth + outside.count("{") - outside.count("}"))
        lines.append(line)
    if not lines[0]:
        lines[0] = '{""}'
    end = len(lines[-1].rstrip(" "))
    if not lines[-1]:
        lines[-1] = '{""}'
    elif end < len(lines[-1]):
        lines[-1] = f'{lines[-1][:end]}{{"{lines[-1][end:]}"}}'
    return "\n".join(lines)
