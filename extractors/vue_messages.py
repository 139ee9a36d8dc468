"""Messages of Vue's `<i18n>` blocks: an object for each language, or a block for each; in JSON, JSON5 or YAML."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.code_stretches import code, walk
from extractors.html_attributes import said
from extractors.html_tokens import Token
from extractors.js_messages import Absent, Table, added, slots, table, tree, written
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from extractors.yaml import Yaml
from extractors.yaml_spans import Mapping, Scalar, documents
from extractors.yaml_spans import Node as YamlNode
from tm_service.domain.units import Key, Locale

_YAML = ("yaml", "yml")
READ = ("json", "json5", *_YAML)  # languages of blocks
_NOT_LINE_END = re.compile(r"[^\r\n]")
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Section:
    """A block of a component with its start tag; what is in it stands from `begin` to `end`, a template's tokens `inside`."""

    tag: Token
    begin: int
    end: int
    inside: tuple[Token, ...] = ()


class _Blockless(Absent):
    """A message of a language that has no block yet, while others have one each."""


@dataclass(frozen=True, slots=True)
class _Unlisted(Absent):
    """A message that a block of YAML lacks in a language; `place` is where its lines go, `depth` how far they are indented."""

    place: int = 0
    depth: int = 0


def messages(page: Page, sections: Iterable[Section], locale: Locale) -> Iterator[Slot]:
    """The messages of all blocks in one language, the first where none is named."""
    named: dict[str, Table] = {}
    last = 0
    for section in sections:
        language = said(page.text, section.tag, "locale")
        if not page.text[section.begin : section.end].strip():
            continue
        if said(page.text, section.tag, "lang").lower() in _YAML:
            yield from _yaml(page, section, language, locale)
        elif (read := _table(page, section)) is None:
            continue
        elif language:
            named.setdefault(language, read)
            last = section.end
        else:
            yield from slots(read, locale, ("i18n",))
    # The blocks as if they stood in one object, into which no language is ever added.
    for each in slots(Table(last, last, named, quote='"'), locale, ("i18n",)):
        if isinstance(each, Absent) and each.path[0] not in named:
            yield _Blockless(each.key, "", each.write, None, each.about, each.table, each.path, each.lists, each.quote)
        else:
            yield each


def _table(page: Page, section: Section) -> Table | None:
    parsed = code(page, "js", section.begin, section.end, is_value=True)
    root = next((each for each in walk(parsed.root) if each.type == "object"), None)
    read = table(parsed, root) if root else None
    return replace(read, quote=read.quote or '"') if read else None


def _yaml(page: Page, section: Section, named: str, locale: Locale) -> Iterator[Slot]:
    """A block of YAML, read on a page where everything else is blank, so that places are those of the component."""
    before, inside, after = page.text[: section.begin], page.text[section.begin : section.end], page.text[section.end :]
    alone = Page(page.path, _NOT_LINE_END.sub(" ", before) + inside + _NOT_LINE_END.sub(" ", after), page.encoding)
    found = [each for each in Yaml().slots(alone, locale) if isinstance(each, Slot)]
    if named:
        if locale in ("", named):
            yield from (replace(each, key=("i18n", *each.key)) for each in found)
        return
    languages: dict[str, dict[Key, Slot]] = {}
    for each in found:
        languages.setdefault(each.key[0], {})[each.key[1:]] = each
    wanted = locale or next(iter(languages), "")
    there = languages.get(wanted, {})
    root = next((each for each in documents(alone) if isinstance(each, Mapping)), None)
    first: dict[Key, Slot] = {}
    for given in languages.values():
        first = {**given, **first}
    for path, source in first.items():
        key = ("i18n", *path)
        if path in there:
            yield replace(there[path], key=key, about=source.about)
        elif root and (gap := _gap(alone, root, (wanted, *path))):
            rest, place, depth = gap
            yield _Unlisted(key, "", lambda _: (), None, source.about, Table(0, 0, {}), rest, (), "", place, depth)


def _gap(page: Page, root: Mapping, path: Key) -> tuple[Key, int, int] | None:
    """Where lines for a message go: after the last of the mapping that has most of its path; None in braces or a list."""
    inner = root
    while value := next((each.value for each in inner.members if each.name.text == path[0]), None):
        if not isinstance(value, Mapping) or len(path) == 1:
            return None
        inner, path = value, path[1:]
    if inner.in_flow or not inner.members or any(name.isdecimal() for name in path):
        return None
    begin = inner.members[0].name.place
    depth = begin - page.text.rfind("\n", 0, begin) - 1
    end = page.text.find("\n", _end(inner))
    return path, len(page.text) if end < 0 else end, depth


def _end(mapping: Mapping) -> int:
    """Where the last thing in a mapping ends."""
    ends = [0]
    waiting: list[YamlNode] = [mapping]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            ends.append(max(node.begin, node.end))
        elif isinstance(node, Mapping):
            waiting += (part for member in node.members for part in (member.name, member.value))
        elif node is not None:
            waiting += node.items
    return max(ends)


def new_messages(page: Page, absent: Sequence[tuple[Absent, str]]) -> Iterator[Splice]:
    """What puts messages where a language had none."""
    blockless = [(each, text) for each, text in absent if isinstance(each, _Blockless)]
    unlisted = [(each, text) for each, text in absent if isinstance(each, _Unlisted)]
    yield from added(page.text, [(each, text) for each, text in absent if not isinstance(each, _Blockless | _Unlisted)])
    if blockless:
        yield _new_block(page.text, blockless)
    places: dict[int, list[tuple[_Unlisted, str]]] = {}
    for each, text in unlisted:
        places.setdefault(each.place, []).append((each, text))
    for place, given in places.items():
        members = tree([(each.path, (False,) * len(each.path), text) for each, text in given])
        lines = _lines(members, given[0][0].depth)
        newline = "\r\n" if "\r\n" in page.text else "\n"
        yield Splice(place, place, "".join(f"{newline}{line}" for line in lines))


def _lines(members: object, depth: int) -> Iterator[str]:
    for name, value in members.items() if isinstance(members, dict) else ():
        said_name = name if _PLAIN_NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)
        if isinstance(value, dict):
            yield f"{' ' * depth}{said_name}:"
            yield from _lines(value, depth + 2)
        else:
            yield f"{' ' * depth}{said_name}: {json.dumps(str(value), ensure_ascii=False)}"


def _new_block(text: str, given: Sequence[tuple[Absent, str]]) -> Splice:
    """A block for one more language after the last of those that have one."""
    first = given[0][0]
    at = text.index(">", first.table.end) + 1
    members = tree([(each.path[1:], each.lists[1:], words) for each, words in given])
    inside = written(members, '"', "\n  ")
    return Splice(at, at, f'\n\n<i18n locale="{first.path[0]}">\n{{\n  {inside}\n}}\n</i18n>')
