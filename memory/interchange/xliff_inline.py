"""XLIFF inline: the content of a `source` or `target`, 1.2 or 2.x, as text with native codes in it.

A code's native text is its content (1.2 `bpt`, `ept`, `ph`, `it`), its `originalData` (2.x), or what the tags of an SDLXLIFF's
header say. A code of which nothing is said becomes `<g1>`, `</g1>` or `<x1/>` by its id, as in TMX.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from memory.interchange.intake import inside

Definitions = Mapping[str, tuple[str, str]]  # native text by id: of an opening or only code, and of a closing one

_NOTHING = frozenset({"", "{}"})  # memoQ writes {} where it keeps the code to itself
_CHARACTER = re.compile(r"x-char-([0-9A-Fa-f]{1,6})")  # in packages of ours: a character that XML cannot hold
_LARGEST = 0x10FFFF


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one unit: what is known of them by id, and the numbers of those of which nothing is."""

    known: Definitions
    numbers: dict[str, str] = field(default_factory=dict)

    def text(self, element: etree._Element) -> str:
        """The text of a `source`, `target` or `mrk`."""
        return "".join(self._read(element)) if len(element) else element.text or ""

    def _read(self, element: etree._Element) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            name, code = local(child), child.get("id", "")
            if name in ("g", "pc"):
                start, end = child.get("dataRefStart", code), child.get("dataRefEnd", code)
                yield self._open(start, code)
                yield from self._read(child)
                yield self._close(end, code)
            elif name in _CODES:
                yield self._code(child, name, code)
            elif child.get("mtype") != "x-sdl-deleted":
                yield from self._read(child)
            yield child.tail or ""

    def _code(self, child: etree._Element, name: str, code: str) -> str:
        if name == "cp":
            return _character(child.get("hex", ""))
        written = _CHARACTER.fullmatch(child.get("ctype", ""))
        if written:
            return _character(written[1])
        given = inside(child)
        if given not in _NOTHING:
            return given
        data, pair = child.get("dataRef", code), child.get("startRef") or child.get("rid") or code
        if name in ("bpt", "bx", "sc") or (name == "it" and child.get("pos") == "open"):
            return self._open(data, pair)
        if name in ("ept", "ex", "ec") or name == "it":
            return self._close(data, pair)
        return self._known(data, 0) or f"<x{self._number(code)}/>"

    def _known(self, code: str, half: int) -> str:
        return self.known[code][half] if code in self.known else ""

    def _open(self, code: str, pair: str) -> str:
        return self._known(code, 0) or f"<g{self._number(pair)}>"

    def _close(self, code: str, pair: str) -> str:
        return self._known(code, 1) or f"</g{self._number(pair)}>"

    def _number(self, code: str) -> str:
        """The number of a stand-in: the id where it is one, else the next; the same in source and target."""
        return code if _NUMBER.fullmatch(code) else self.numbers.setdefault(code, f"{len(self.numbers) + 1}")


_CODES = frozenset({"x", "bx", "ex", "bpt", "ept", "ph", "it", "sc", "ec", "cp"})
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def _character(number: str) -> str:
    try:
        return chr(min(int(number, 16), _LARGEST))
    except ValueError:
        return ""


def sdl_definitions(header: etree._Element) -> Definitions:
    """What the `tag-defs` of an SDLXLIFF's header say of its codes."""
    known = {}
    for tag in header.iterfind(".//{*}tag-defs/{*}tag"):
        halves = {local(child): inside(child) for child in tag}
        opening = halves.get("bpt") or halves.get("ph") or halves.get("st") or ""
        known[tag.get("id", "")] = opening, halves.get("ept", "")
    return known


def original_data(unit: etree._Element) -> Definitions:
    """What the `originalData` of a unit of XLIFF 2.x says of its codes."""
    codes = Codes({})
    texts = {data.get("id", ""): codes.text(data) for data in unit.iterfind("{*}originalData/{*}data")}
    return {code: (text, text) for code, text in texts.items()}
