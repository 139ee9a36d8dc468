"""JSON files: a file read, and what it says of its messages; where they stand is looked up only when one is written."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import zip_longest
from typing import Any

from babel import Locale as Language
from babel import UnknownLocaleError

from extractors.comments import about
from extractors.json5_reading import NAME, read_json5, unquoted5
from extractors.json_reading import parsed
from extractors.json_spans import Layout, Member, Members, Span, scan, walk
from extractors.json_style import Style, style_of
from extractors.pages import Page
from extractors.slots import Slot
from extractors.splices import Splice
from tm_service.domain.units import Key, Locale

_BLANKS = " \t\r\n"
_SAYS = ("//", "_comment", "$comment")  # names of members that are notes in a format that has none


@dataclass(frozen=True)
class JsonFile:
    """`root` are objects, lists and strings, None for other values; `comments` are by the path of what they speak of.

    Where texts are to be put into it, `target` is the locale they are in, and `known` the keys it was found to have.
    """

    page: Page
    root: Any
    comments: Mapping[Key, str] = field(default_factory=dict)
    scanned: Layout | None = None
    target: Locale = ""
    known: Collection[Key] | None = None

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        return scan(self.page.text) if self.scanned is None else self.scanned

    @cached_property
    def style(self) -> Style:
        """How the file is written."""
        return style_of(self.page.text, self.layout)

    def at(self, path: Key) -> Any:
        """The value at a path of names and indices."""
        node = self.root
        for name in path:
            node = node[int(name)] if isinstance(node, list) else node[name]
        return node

    def strings(self) -> Iterator[tuple[Key, str, str]]:
        """Every string with its path and what is said of it; `//` and `_comment` members speak of what follows them."""
        said = ""
        for path, node in walk(self.root):
            if not isinstance(node, str):
                continue
            if any(name.startswith(_SAYS) for name in path):
                said = f"{said}\n{node}".strip()
            else:
                yield path, node, "\n".join(filter(None, (said, self.comments.get(path, ""))))
                said = ""

    def slot(self, key: Key, path: Key, text: str, said: str = "") -> Slot:
        """A message that is one string of the file."""
        return Slot(key, text, partial(self.text_at, path), about=about(said))

    def text_at(self, path: Key, text: str) -> Iterator[Splice]:
        """Put a text where a string stands."""
        yield self._text(self.layout.node(path), text)

    def entries(self, path: Key, old: Iterable[str], new: Mapping[str, str]) -> Iterator[Splice]:
        """Put other strings into the object at a path in place of those of these names, all of which it has.

        Where the names are the same, each string stays where it is. Otherwise the new ones stand where the old ones stood, in
        their order; what is more follows the last, and of what is less the last are taken out.
        """
        node = self.layout.node(path)
        places = sorted((node.last[name] for name in old), key=lambda member: member.begin)
        if {member.name for member in places} == new.keys():
            for member in places:
                yield self._text(node[member.name], new[member.name])
            return
        added = ""
        for member, entry in zip_longest(places, new.items()):
            if entry is None:
                yield from self._without(member, node[member.name])
            elif member is None:
                added += self._like(places[-1], node, *entry)
            else:
                yield Splice(member.begin, member.colon, self._name(member, entry[0]))
                yield self._text(node[member.name], entry[1])
        if added:
            end = node[places[-1].name].end
            yield Splice(end, end, added)

    def _text(self, span: Span, text: str) -> Splice:
        written = self.page.text[slice(*span)]
        stands = unquoted5(written)
        return Splice(*span, written if stands == text else self.style.quoted(text, written))

    def _name(self, member: Member, name: str) -> str:
        token = self.page.text[member.begin : member.colon]
        if token[0] not in "\"'" and NAME.fullmatch(name):
            return name
        return self.style.quoted(name, token)

    def _like(self, member: Member, node: Members, name: str, text: str) -> str:
        """A further entry, written like this one."""
        page = self.page.text
        colon = page[member.colon : member.value]
        if colon.strip(_BLANKS) != ":" or "\n" in colon:
            colon = ": "
        token = page[slice(*node[member.name])]
        return f",{self._gap(member, node)}{self._name(member, name)}{colon}{self.style.quoted(text, token)}"

    def _gap(self, member: Member, node: Members) -> str:
        """The blanks before a member; those before another one where it is the first and stands beside its bracket."""
        gap = self._blanks(member.begin)
        if gap.strip(" \t") or member is not node.written[0]:
            return gap
        return self._blanks(node.written[1].begin) if node.written[1:] else self.style.comma[1:]

    def _blanks(self, end: int) -> str:
        text, begin = self.page.text, end
        while text[begin - 1] in _BLANKS:
            begin -= 1
        return text[begin:end]

    def _without(self, member: Member, span: Span) -> Iterator[Splice]:
        """Take an entry out, and the comma before it; a comment between them stays, and so does the line it ends with."""
        gap = member.begin - len(self._blanks(member.begin))
        if gap == member.comma + 1:
            yield Splice(member.comma, span.end, "")
            return
        yield Splice(member.comma, member.comma + 1, "")
        yield Splice(member.begin, span.end, "")


def json_file(
    page: Page, *, lenient: bool = False, target: Locale = "", known: Collection[Key] | None = None
) -> JsonFile:
    """Read a page as JSON, or where that is `lenient` as JSON5. Raises ExtractionError."""
    if lenient:
        read = read_json5(page)
        return JsonFile(page, read.root, read.comments, read.layout, target, known)
    return JsonFile(page, parsed(page.path, page.text), target=target, known=known)


@cache
def language(locale: Locale) -> Language:
    """The rules of a language by the code a site uses for it; those of English where it has none."""
    try:
        return Language.parse(re.split("[-_]", locale, maxsplit=1)[0].lower())
    except (UnknownLocaleError, ValueError):
        return Language.parse("en")
