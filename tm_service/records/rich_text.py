"""Rich text: which elements, attributes, addresses and classes it may have, and what of a value may stay."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tm_service.records.values import is_link, is_media

_LINKS, _MEDIA = frozenset({"href"}), frozenset({"src", "url"})
_ATTACHMENTS = frozenset({"data-trix-attachment", "data-trix-attributes"})
_SIZE = re.compile(r"[0-9.]{1,9}[wx]")
ADDRESSES = _LINKS | _MEDIA
_TEXTS = frozenset({"alt", "title"})  # words for readers: anything may stand in them
_STYLE = re.compile(r"\s*([a-z-]+)\s*:\s*([^;]*?)\s*")


@dataclass(frozen=True)
class Allowed:
    """The allow-list of rich text: elements with their attributes, and what the values of these look like."""

    elements: Mapping[str, frozenset[str]]
    with_content: frozenset[str]
    values: Mapping[str, re.Pattern[str]]
    words: Mapping[str, re.Pattern[str]]
    styles: Mapping[str, re.Pattern[str]]
    members: frozenset[str]

    def kept(self, element: str, attribute: str, value: str) -> str | None:
        """What stays of an attribute's value: all of it, some of its words, or None for nothing."""
        if attribute not in self.elements.get(element, frozenset()):
            return None
        if attribute in ADDRESSES:
            is_allowed = is_link(value) if attribute in _LINKS else is_media(value)
            return value if is_allowed else None
        if attribute == "style":
            return _kept_words(value, ";", self._is_style)
        if attribute in self.words:
            return _kept_words(value, " ", lambda word: self.words[attribute].fullmatch(word) is not None)
        return value if self._is_whole(attribute, value) else None

    def _is_whole(self, attribute: str, value: str) -> bool:
        if attribute in _ATTACHMENTS:
            return self._is_attachment(value)
        if attribute == "srcset":
            return all(map(_is_candidate, value.split(",")))
        return attribute in _TEXTS or self.values[attribute].fullmatch(value) is not None

    def _is_attachment(self, value: str) -> bool:
        """Whether it is what Trix writes of a file: an object of plain members, its addresses allowed ones."""
        try:
            held = json.loads(value)
        except (ValueError, RecursionError):
            return False
        if not isinstance(held, dict) or not held.keys() <= self.members:
            return False
        plain = all(one is None or isinstance(one, str | int | float) for one in held.values())
        return plain and all(is_media(str(held.get(name, "/"))) for name in ("url", "href"))

    def _is_style(self, declaration: str) -> bool:
        match = _STYLE.fullmatch(declaration)
        return match is not None and match[1] in self.styles and self.styles[match[1]].fullmatch(match[2]) is not None


def _is_candidate(candidate: str) -> bool:
    """Whether one of several pictures comes from where pictures may, with its size behind it or none."""
    address, *size = candidate.split()[:3] or [""]
    return is_media(address) and len(size) < 2 and all(map(_SIZE.fullmatch, size))  # noqa: PLR2004 - one size


def _kept_words(value: str, between: str, is_allowed: Callable[[str], bool]) -> str | None:
    words = value.split(between) if between != " " else value.split()
    left = [word for word in words if not word.strip() or is_allowed(word)]
    if len(left) == len(words):
        return value
    kept = between.join(left).strip()
    return kept or None


@cache
def allowed() -> Allowed:
    """The allow-list, read once from the table beside this module."""
    table = tomllib.loads(files("tm_service.records").joinpath("rich_text.toml").read_text("utf-8"))
    everywhere = frozenset(table["everywhere"]["attributes"])

    def patterns(part: str) -> Mapping[str, re.Pattern[str]]:
        return {name: re.compile(pattern) for name, pattern in table[part].items()}

    return Allowed(
        elements={name: frozenset(attributes) | everywhere for name, attributes in table["elements"].items()},
        with_content=frozenset(table["with_content"]["elements"]),
        values=patterns("values"),
        words=patterns("words"),
        styles=patterns("styles"),
        members=frozenset(table["attachment"]["members"]),
    )
