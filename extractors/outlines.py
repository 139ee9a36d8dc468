"""Outlines: keys for the texts of a document that has none, by sections and their order in them.

Headings are counted, not quoted, since their texts are translated: a document and its translation then have the same keys.
"""

from collections import Counter

from tm_service.domain.units import Key


class Outline:
    """Follows a document from its begin to its end. The third paragraph of section 2.1 is `("s2", "s1", "p3")`."""

    def __init__(self, *start: str) -> None:
        self._path = start
        self._levels: list[int] = []
        self._counts: Counter[Key] = Counter()

    def heading(self, level: int, name: str = "") -> Key:
        """The key of a heading that opens a section, which is known by its name where its author gave it one."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
            self._path = self._path[:-1]
        self._levels.append(level)
        self._path = (*self._path, name) if name else self.block("s")
        return (*self._path, "heading")

    def block(self, kind: str) -> Key:
        """The key of a text of this kind in the section that is open."""
        self._counts[*self._path, kind] += 1
        return (*self._path, f"{kind}{self._counts[*self._path, kind]}")
