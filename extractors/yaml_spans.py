"""YAML spans: where each node of a document stands; tags are never resolved, aliases never followed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from extractors.pages import Page
from tm_service.domain.errors import ExtractionError

DEEPEST = 100  # levels of mappings and lists
_DEEP_RUN = re.compile(rf"(?:[\[{{]\s*){{{2 * DEEPEST}}}")
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+(?:#[^\n]*\n\s*)*|\Z))*")
_BEHIND = re.compile(r"[ \t]*(?:,[ \t]*|[ \t])#([^\r\n]*)")
_HEADER = re.compile(r"[|>][^\s#]*[ \t]+#([^\r\n]*)")
_LEAD = re.compile(r"[ \t\-?]*\Z")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: from its first character, behind anchor and tag, to its end; of a block, to the line behind it.

    `style` is the mark it begins with, empty for a plain one; `in_flow` where it stands within brackets. `place` is where the
    node begins, and `floor` where the one before it ended.
    """

    begin: int
    end: int
    text: str
    style: str
    tag: str
    in_flow: bool
    place: int
    floor: int


@dataclass(frozen=True, slots=True)
class Member:
    """A name in a mapping, and what it names."""

    name: Scalar
    value: "Node"


@dataclass(frozen=True)
class Mapping:
    """Names and what they name; `in_flow` where it is written in brackets."""

    members: tuple[Member, ...]
    in_flow: bool

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(member.name.text for member in self.members)


@dataclass(frozen=True, slots=True)
class Sequence:
    """The items of a list."""

    items: tuple["Node", ...]


Node = Scalar | Mapping | Sequence | None  # None is an alias: what it means stands elsewhere


def documents(page: Page) -> list[Node]:
    """The root of each document. Raises ExtractionError at the first character that is not YAML."""
    run = _DEEP_RUN.search(page.text)
    if run:
        raise _too_deep(page, run.start())
    try:
        return list(_Reader(page).roots())
    except ReaderError as error:
        raise page.error(
            error.position, "a control character stands here that YAML does not allow; take it out"
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"this is no YAML: {error.problem or error.context}"
        raise page.error(min(mark.index, len(page.text)) if mark else 0, reason) from None
    except (YAMLError, ValueError, OverflowError, LookupError, AssertionError, AttributeError, TypeError) as error:
        raise page.error(0, f"this is no YAML: {error}") from None


def comments(page: Page, place: int, floor: int) -> str:
    """The comment lines right above the node that begins at a place, not beyond where the one before it ended."""
    start = _line_start(page.text, place)
    if not _LEAD.match(page.text[start:place]):
        return ""
    found: list[str] = []
    while start > max(floor, 0):
        above = _line_start(page.text, start - 1 - page.text.startswith("\r\n", start - 2))
        line = page.text[above:start].strip()
        if not line.startswith("#") or above < floor:
            break
        found.insert(0, line.lstrip("#").strip())
        start = above
    return "\n".join(found)


def comment_behind(page: Page, scalar: Scalar) -> str:
    """The comment on the line where a value ends, or where a block begins."""
    is_block = scalar.style in ("|", ">")
    found = _HEADER.match(page.text, scalar.begin) if is_block else _BEHIND.match(page.text, scalar.end)
    return found[1].strip() if found else ""


def _line_start(text: str, place: int) -> int:
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1


class _Reader:
    """Makes nodes of the parser's events."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.events: Iterator[Any] = YAML(typ="safe", pure=True).parse(page.text)
        self.depth = 0
        self.floor = 0

    def roots(self) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if event.explicit:
                    self.floor = event.end_mark.index
                yield self.node(next(self.events), in_flow=False)

    def node(self, event: Any, *, in_flow: bool) -> Node:
        if isinstance(event, ScalarEvent):
            return self.scalar(event, in_flow=in_flow)
        if isinstance(event, AliasEvent):
            self.floor = event.end_mark.index
            return None
        self.depth += 1
        if self.depth > DEEPEST:
            raise _too_deep(self.page, event.start_mark.index)
        is_flow = in_flow or bool(event.flow_style)
        node: Node = None
        if isinstance(event, MappingStartEvent):
            node = Mapping(tuple(self.members(in_flow=is_flow)), is_flow)
        elif isinstance(event, SequenceStartEvent):
            node = Sequence(tuple(self.items(in_flow=is_flow)))
        self.depth -= 1
        return node

    def members(self, *, in_flow: bool) -> Iterator[Member]:
        while not isinstance(event := next(self.events), MappingEndEvent):
            place, floor = event.start_mark.index, self.floor
            name = self.node(event, in_flow=in_flow)
            if not isinstance(name, Scalar):  # a name that is a node of its own or an alias
                name = Scalar(place, place, "?", "", "", in_flow, place, floor)
            yield Member(name, self.node(next(self.events), in_flow=in_flow))
        self.floor = event.end_mark.index

    def items(self, *, in_flow: bool) -> Iterator[Node]:
        while not isinstance(event := next(self.events), SequenceEndEvent):
            yield self.node(event, in_flow=in_flow)
        self.floor = event.end_mark.index

    def scalar(self, event: ScalarEvent, *, in_flow: bool) -> Scalar:
        place, end = event.start_mark.index, event.end_mark.index
        properties = _PROPERTIES.match(self.page.text, place, end)
        begin = properties.end() if properties and (event.anchor or event.tag) else place
        floor, self.floor = self.floor, end
        tag = str(event.tag or "")
        return Scalar(begin, end, event.value, event.style or "", tag, in_flow, place, floor)


def _too_deep(page: Page, place: int) -> ExtractionError:
    return page.error(place, f"mappings and lists are nested more than {DEEPEST} levels deep")
