"""Seen: what a reader sees of a value, each character with its place in the value."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from tomllib import loads
from typing import Any

from tm_service.domain.text import CodeKind, parse

FILLED = "\ufffc"  # stands for what the site fills in, U+FFFC OBJECT REPLACEMENT CHARACTER
_CACHE = 1 << 8
_SHOWN = 60
_TAG_NAME = re.compile(r"</?\s*([A-Za-z][^\s/>]*)")
_BLANKS = "\u00a0\u202f"  # not printable to Python, and yet what they look like
_WITHIN_WORDS = frozenset(
    {"a", "abbr", "b", "bdi", "em", "font", "i", "ins", "mark", "s", "small", "span", "strong", "u"}
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The characters a reader sees; `starts` and `ends` say from where to where each stands in the value."""

    plain: str
    starts: Sequence[int]
    ends: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from one to before another stand in the value; at least one character."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=_CACHE)
def seen(value: str) -> Seen:
    """A value without its tags: entities are their characters, what is filled in is U+FFFC, a block's edge is a space."""
    parts = parse(value).parts
    if len(parts) == 1 and isinstance(parts[0], str):
        return Seen(value, range(len(value)), range(1, len(value) + 1))
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for part in parts:
        written = part if isinstance(part, str) else part.data
        after = done + len(written)
        if isinstance(part, str):
            plain.append(part)
            starts.extend(range(done, after))
            ends.extend(range(done + 1, after + 1))
        else:
            shown = _shown(part.kind, written)
            plain.append(shown)
            starts.extend([done] * len(shown))
            ends.extend([after] * len(shown))
        done = after
    return Seen("".join(plain), tuple(starts), tuple(ends))


def _shown(kind: CodeKind, written: str) -> str:
    if kind is CodeKind.ENTITY:
        return html.unescape(written)
    if kind in (CodeKind.PLACEHOLDER, CodeKind.LINK):
        return FILLED
    if kind is CodeKind.BAR:
        return " | "
    return "" if tag_name(written) in _WITHIN_WORDS or written.startswith("<!--") else " "


@lru_cache(maxsize=_CACHE)
def tag_name(tag: str) -> str:
    """The name of a tag in small letters: `</A>` is `a`; empty for a comment."""
    match = _TAG_NAME.match(tag)
    return match[1].lower() if match else ""


def quoted(text: str, longest: int = _SHOWN) -> str:
    """A text as a sentence may show it: cut, and what cannot be printed named by its number."""
    shown = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(c if c.isprintable() or c in _BLANKS else f"U+{ord(c):04X}" for c in shown)


def table(name: str) -> Mapping[str, Any]:
    """A data file of the checks, read."""
    return loads(files("tm_service.checks").joinpath(f"{name}.toml").read_text("utf-8"))
