"""gettext style: how a PO file breaks its lines, so that what is written into it is broken the same way."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.gettext_entries import Entry, escaped
from extractors.pages import Page

_USUAL = 79  # columns: GNU gettext's page width
_WIDTHS = (72, 76, 78, _USUAL, 80, 100, 120)  # what tools are set to
_ATOM = re.compile(r"\\(?:[0-7]{3}|.)|.", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_OPENING = "（《「『【〈([{"
_CLOSING = "，。、；：！？）》」』】〉,.;:!?)]}/"
_QUOTES = ("“", "”", "‘", "’", "«", "»", "'", '\\"')


@dataclass(frozen=True, slots=True)
class Style:
    """How texts are broken into lines.

    `width` is the longest line in columns, 0 for any. `splits` where a line ends at each end of line in the text, `hangs`
    where the first piece of a broken text stands beside its keyword.
    """

    newline: str
    width: int
    splits: bool
    hangs: bool

    def quoted(self, text: str, keyword: str, indent: str, *, wrapped: bool = True) -> str:
        """A text in quotes, to stand after a keyword; further lines begin with the indent."""
        written = escaped(text)
        lines = re.findall(r"(?:[^\\]|\\[^n])*\\n|(?:[^\\]|\\[^n])+", written) if self.splits else [written]
        width = self.width if wrapped else 0
        if len(lines) <= 1 and (not width or _columns(f'{keyword}"{written}"') <= width):
            return f'"{written}"'
        if width:
            first = width - _columns(keyword) - 2 if self.hangs else 0
            lines = list(_broken(lines, width - len(indent) - 2, first))
        if not self.hangs:
            lines = ["", *lines]
        return f"{self.newline}{indent}".join(f'"{line}"' for line in lines)


def style_of(page: Page, found: Iterable[Entry]) -> Style:
    """Read the style off the strings of a file, its header apart."""
    end = _LINE_END.search(page.text)
    soft, single, hangs, empty, joined = [0], [0], 0, 0, False
    for entry in found:
        if entry.is_header:
            continue
        for part in entry.parts.values():
            lines = _LINE_END.split(page.text[part.first : part.end])
            if len(lines) == 1:
                single.append(_columns(f"{part.word} {lines[0]}") if " " in lines[0] else 0)
                joined |= "\n" in part.text[:-1]
                continue
            empty += lines[0].strip() == '""'
            hangs += lines[0].strip() != '""'
            lines[0] = "" if lines[0].strip() == '""' else f"{part.word} {lines[0]}"
            soft += [_columns(line.rstrip()) for line in lines[:-1] if not line.rstrip().endswith('\\n"')]
            joined |= any("\\n" in re.sub(r'\\n"\s*$', "", line).replace("\\\\", "") for line in lines)
    return Style(end[0] if end else "\n", _width(max(soft), max(single)), splits=not joined, hangs=hangs > empty)


def _width(soft: int, single: int) -> int:
    """The width of a file whose longest broken line and longest unbroken text have so many columns."""
    if soft:
        return next((width for width in _WIDTHS if width >= soft), soft)
    return _USUAL if single <= _WIDTHS[-1] else 0


def _broken(lines: Iterable[str], room: int, first: int) -> Iterator[str]:
    """Cut after spaces and between wide characters, each piece as long as there is room, of which the first may have less."""
    here = first or room
    for line in lines:
        piece, columns = "", 0
        for chunk in _chunks(line):
            wide = _columns(chunk)
            if piece and columns + wide > here:
                yield piece
                piece, columns, here = "", 0, room
            piece, columns = piece + chunk, columns + wide
        yield piece
        here = room


def _chunks(line: str) -> Iterator[str]:
    """The pieces of a line that are never cut; escapes stay whole (after UAX 14, rules LB7, LB13, LB19, LB21)."""
    atoms = _ATOM.findall(line)
    chunk = ""
    for atom, following in zip(atoms, [*atoms[1:], ""], strict=True):
        chunk += atom
        if following and _may_break(chunk, following):
            yield chunk
            chunk = ""
    if chunk:
        yield chunk


def _may_break(chunk: str, following: str) -> bool:
    if following in _CLOSING or following in (" ", "\\n"):
        return False
    if chunk.endswith(" "):
        return True
    if chunk.endswith("-"):
        return chunk[-2:-1].isalpha() and following.isalpha()
    is_wide = _is_wide(chunk[-1]) or _is_wide(following)
    return is_wide and chunk[-1] not in _OPENING and not chunk.endswith(_QUOTES) and following not in _QUOTES


def _is_wide(atom: str) -> bool:
    return len(atom) == 1 and unicodedata.east_asian_width(atom) in "WF"


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF") for one in text)
