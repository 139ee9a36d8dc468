"""Messages in objects of JavaScript, JSON and JSON5: one object for each language, read and added to by where they stand."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from extractors.code_stretches import Code
from extractors.comments import about
from extractors.js_strings import js_value, js_written
from extractors.slots import Slot
from extractors.splices import Splice
from tm_service.domain.units import NOTHING_SAID, About, Key, Locale

DEEPEST = 100  # levels of objects and arrays
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_COMMENT_MARKS = re.compile(r"^\s*(?://+|/\*+|\*+(?!/))[ \t]?|\*+/\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Words:
    """A string from one quotation mark to the other, both left out."""

    begin: int
    end: int
    quote: str
    text: str
    about: About = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Table:
    """An object or array with its strings and tables by name; `ends` is where its last member ends, 0 where there is none.

    `gap` is what stands before a member, `quote` what its names are quoted with.
    """

    begin: int
    end: int
    members: Mapping[str, "Words | Table"]
    ends: int = 0
    gap: str = " "
    quote: str = ""
    is_list: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Absent(Slot):
    """A message that a language has not yet: it goes into `table` under the names of `path`.

    `lists` says for each name of the path whether what it stands in is an array. `quote` is for names in new objects.
    """

    table: Table = field(default_factory=lambda: Table(0, 0, {}))
    path: Key = ()
    lists: tuple[bool, ...] = ()
    quote: str = ""


def table(parsed: Code, node: Node, depth: int = 1) -> Table:
    """Read an object or array. Raises ExtractionError where they lie too deep."""
    if depth > DEEPEST:
        place = parsed.place(node.start_byte)
        raise parsed.page.error(place, f"objects and arrays are nested more than {DEEPEST} levels deep")
    begin, end = parsed.span(node)
    members: dict[str, Words | Table] = {}
    quote, ends, first, index = "", 0, -1, 0
    comments: list[Node] = []
    for each in node.named_children:
        if each.type == "comment":
            comments.append(each)
            continue
        name, value = (str(index), each) if node.type == "array" else _member(parsed, each)
        index += 1
        start, ends = parsed.span(each)
        first = start if first < 0 else first
        if each.type == "pair" and parsed.page.text[start] in "\"'":
            quote = parsed.page.text[start]
        member = _value(parsed, value, _said(parsed, comments), depth) if value else None
        comments = []
        if member:
            members.pop(name, None)
            members[name] = member
    gap = parsed.page.text[begin + 1 : first] if first > 0 else " "
    gap = gap[gap.rfind("\n") - (gap[gap.rfind("\n") - 1 : gap.rfind("\n")] == "\r") :] if "\n" in gap else " "
    return Table(begin, end, members, ends, gap if not gap.strip() else "\n", quote, node.type == "array", index)


def _member(parsed: Code, pair: Node) -> tuple[str, Node | None]:
    name, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if name is None:
        return "", None
    written = parsed.text(name)
    return js_value(written[1:-1]) if name.type == "string" else written, value


def _value(parsed: Code, node: Node, beside: About, depth: int) -> "Words | Table | None":
    if node.type in ("object", "array"):
        return table(parsed, node, depth + 1)
    if node.type != "string" and (node.type != "template_string" or node.named_child_count > _fragments(node)):
        return None
    begin, end = parsed.span(node)
    inside = parsed.page.text[begin + 1 : end - 1]
    return Words(begin + 1, end - 1, parsed.page.text[begin], js_value(inside), beside)


def _fragments(node: Node) -> int:
    return sum(each.type in ("string_fragment", "escape_sequence") for each in node.named_children)


def _said(parsed: Code, comments: Sequence[Node]) -> About:
    return (
        about("\n".join(_COMMENT_MARKS.sub("", parsed.text(each)) for each in comments)) if comments else NOTHING_SAID
    )


def words(root: Table, under: Key = ()) -> Iterator[tuple[Key, Words]]:
    """Every string of a table with its path, in file order."""
    for name, member in root.members.items():
        if isinstance(member, Words):
            yield (*under, name), member
        else:
            yield from words(member, (*under, name))


def slots(languages: Table, locale: Locale, under: Key) -> Iterator[Slot]:
    """The messages of one language, the first where none is named; those it lacks are blank until they are written."""
    tables = {name: each for name, each in languages.members.items() if isinstance(each, Table)}
    wanted = locale or next(iter(tables), "")
    found = dict(words(tables[wanted])) if wanted in tables else {}
    first: dict[Key, tuple[Table, Words]] = {}
    for each in tables.values():
        for path, said in words(each):
            first.setdefault(path, (each, said))
    for path, (source, said) in first.items():
        key = (*under, *path)
        if path in found:
            yield slot(key, found[path], said.about)
        else:
            lists = (False, *_lists(source, path))
            quote = languages.quote
            yield Absent(key, "", lambda _: (), None, said.about, languages, (wanted, *path), lists, quote)


def _lists(root: Table, path: Key) -> Iterator[bool]:
    here: Words | Table = root
    for name in path:
        if isinstance(here, Table):
            yield here.is_list
            here = here.members[name]


def slot(key: Key, there: Words, beside: About) -> Slot:
    """A string as a slot that keeps its quotation marks."""

    def write(text: str) -> tuple[Splice, ...]:
        return (Splice(there.begin, there.end, js_written(text, there.quote)),)

    return Slot(key, there.text, write, None, beside)


class _Listed(dict[str, object]):
    """New members that make an array."""


def added(page: str, absent: Iterable[tuple[Absent, str]]) -> Iterator[Splice]:
    """Members for messages that were not there, all those of a table at once and as its members are written."""
    places: dict[int, tuple[Table, str, list[tuple[Key, Sequence[bool], str]]]] = {}
    for each, text in absent:
        inner, path, lists = each.table, list(each.path), list(each.lists)
        while len(path) > 1 and isinstance(member := inner.members.get(path[0]), Table):
            inner, path, lists = member, path[1:], lists[1:]
        if path[0] in inner.members:
            continue
        here = places.setdefault(inner.begin, (inner, inner.quote or each.quote, []))
        here[2].append((tuple(path), (inner.is_list, *lists[1:]), text))
    for inner, quote, messages in places.values():
        yield _into(page, inner, tree(messages), quote)


def tree(messages: Iterable[tuple[Key, Sequence[bool], str]]) -> Mapping[str, object]:
    """Messages by their paths as objects in objects, with arrays where the flags of a path say so."""
    root: dict[str, object] | None = None
    for path, lists, text in messages:
        if root is None:
            root = _Listed() if lists[0] else {}
        here = root
        for name, is_list in zip(path[:-1], lists[1:], strict=True):
            below = here.setdefault(name, _Listed() if is_list else {})
            here = below if isinstance(below, dict) else {}
        here[path[-1]] = text
    return root or {}


def _into(page: str, inner: Table, members: Mapping[str, object], quote: str) -> Splice:
    outer = page[page.rfind("\n", 0, inner.begin) + 1 : inner.begin]
    outer = outer[: len(outer) - len(outer.lstrip(" \t"))]
    if not inner.ends:
        gap = f"\n{outer}  " if "\n" in page else " "
        closing = f"\n{outer}" if "\n" in gap else " "
        return Splice(inner.begin + 1, inner.end - 1, gap + written(members, quote, gap) + closing)
    step = inner.gap.rpartition("\n")[2].removeprefix(outer) or "  "
    return Splice(inner.ends, inner.ends, f",{inner.gap}{written(members, quote, inner.gap, step, inner.size)}")


def written(members: Mapping[str, object], quote: str, gap: str, step: str = "  ", size: int = 0) -> str:
    """Members of an object, or from number `size` on those of an array, with a gap between two."""
    mark = quote or "'"
    made = []
    if isinstance(members, _Listed):
        last = max((int(name) for name in members if name.isdecimal()), default=-1)
        members = {str(index): members.get(str(index), "") for index in range(size, last + 1)}
        names = [""] * len(members)
    else:
        names = [f"{_name(name, quote)}: " for name in members]
    for name, value in zip(names, members.values(), strict=True):
        if isinstance(value, dict):
            inner, brackets = gap + step if "\n" in gap else gap, "[]" if isinstance(value, _Listed) else "{}"
            made.append(f"{name}{brackets[0]}{inner}{written(value, quote, inner, step)}{gap}{brackets[1]}")
        else:
            made.append(f"{name}{mark}{js_written(str(value), mark)}{mark}")
    return f",{gap}".join(made)


def _name(name: str, quote: str) -> str:
    if not quote and _NAME.fullmatch(name):
        return name
    mark = quote or "'"
    return f"{mark}{js_written(name, mark)}{mark}"
