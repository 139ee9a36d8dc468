"""Keys of markup: the nearest id, landmark or heading above a text, then its element and which of these it is.

What stands under another id, landmark or heading keeps its key when something is added here; headings count by their level and
order, not by their words, so that a translated page has the keys of its source.
"""

import re
from dataclasses import dataclass, field

from tm_service.domain.units import Key

_LANDMARKS = frozenset(
    [
        "header",
        "nav",
        "main",
        "aside",
        "footer",
        "section",
        "article",
        "form",
        "dialog",
        "template",
        "fieldset",
        "search",
    ]
)
_HEADING = re.compile("h([1-6])")
_ID = re.compile(r"[^\s{}<>%\[\]()]+")


def heading_level(name: str) -> int:
    """1 to 6 for a heading, 0 for other elements."""
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else 0


@dataclass(slots=True)
class Scope:
    """A part of a page that counts its elements by itself; `sections` are the headings that it is in at the moment."""

    path: Key
    counts: dict[str, int] = field(default_factory=dict)
    sections: list[tuple[int, "Scope"]] = field(default_factory=list)

    @property
    def here(self) -> "Scope":
        return self.sections[-1][1] if self.sections else self

    def name(self, tag: str) -> str:
        """The next element of a name: `p`, then `p:2`."""
        number = self.counts[tag] = self.counts.get(tag, 0) + 1
        return tag if number == 1 else f"{tag}:{number}"

    def begin_section(self, tag: str) -> Key:
        """A heading: what follows is under it, until one of its level or above."""
        level = heading_level(tag)
        while self.sections and self.sections[-1][0] >= level:
            self.sections.pop()
        under = self.here
        path = (*under.path, under.name(tag))
        self.sections.append((level, Scope(path)))
        return path

    def inner(self, tag: str, written_id: str) -> "Scope | None":
        """The scope that an element begins; None for most."""
        if written_id and _ID.fullmatch(written_id):
            return Scope((f"#{written_id}",))
        return Scope((*self.here.path, self.here.name(tag))) if tag in _LANDMARKS else None
