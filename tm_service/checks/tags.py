"""Tags: the tags of a value with their attributes, each with its place."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tm_service.checks.seen import tag_name
from tm_service.domain.text import CodeKind, parse

KINDS = (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE)
OF_LANGUAGE = frozenset({"lang", "xml:lang", "hreflang", "dir"})  # attributes that are rightly those of the target
_CACHE = 1 << 8
_NAME = re.compile(r"</?\s*[A-Za-z][^\s/>]*+")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+("[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s"'>]++))?""")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name in small letters, what it says, and where that stands in the value."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as written and where it stands; `kind` is ALONE for one that has no partner."""

    written: str
    kind: CodeKind
    start: int
    end: int
    attributes: tuple[Attribute, ...]

    @property
    def name(self) -> str:
        return tag_name(self.written)

    @property
    def closes(self) -> bool:
        return self.written.startswith("</")

    @property
    def said(self) -> Mapping[str, str]:
        """What the attributes say, the first of a name as browsers take it."""
        return {attribute.name: attribute.value for attribute in reversed(self.attributes)}


@lru_cache(maxsize=_CACHE)
def tags(value: str) -> tuple[Tag, ...]:
    """The tags of a value in order; a comment is a tag without a name."""
    if "<" not in value:
        return ()
    found, done = [], 0
    for part in parse(value).parts:
        written = part if isinstance(part, str) else part.data
        if not isinstance(part, str) and part.kind in KINDS:
            found.append(Tag(written, part.kind, done, done + len(written), _attributes(written, done)))
        done += len(written)
    return tuple(found)


def _attributes(written: str, start: int) -> tuple[Attribute, ...]:
    name = _NAME.match(written)
    if name is None:
        return ()
    return tuple(
        Attribute(
            match[1].lower(),
            html.unescape(_unquoted(match[2] or "")),
            start + (match.start(2) if match[2] else match.start()),
            start + match.end(),
        )
        for match in _ATTRIBUTE.finditer(written, name.end())
    )


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in ('"', "'") else value
