"""JSON style: how a document is written, so that what is added looks as if it had always stood there."""

import json
import re
from dataclasses import dataclass
from itertools import pairwise

from extractors.json_spans import Layout
from extractors.splices import Splice

_BLANKS = " \t\r\n"
# An odd run of backslashes before the `u` or the `/`; code points below 80 are no sign of a style.
_NON_ASCII_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[0-7])")
_SLASH_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\/")
_PAIR = re.compile(r"\\(.)")
# Valid in JSON, yet controls, ends of lines in older JavaScript, or impossible in UTF-8.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Style:
    """`newline` is empty for one line; `outer` and `inner` are the indents of the root and of its members."""

    escapes: bool
    newline: str
    outer: str
    inner: str
    colon: str
    comma: str

    def string(self, value: str, token: str = "") -> str:
        """Write a JSON string; slashes are escaped where the token it replaces did so."""
        written = self._safe(json.dumps(value, ensure_ascii=self.escapes))
        return written.replace("/", "\\/") if _SLASH_ESCAPE.search(token) else written

    def quoted(self, value: str, token: str = "") -> str:
        """Write a string in the quotes of the token it replaces."""
        written = self.string(value, token)
        if not token.startswith("'"):
            return written
        inside = _PAIR.sub(lambda found: '"' if found[1] == '"' else found[0], written[1:-1])
        return "'" + inside.replace("'", "\\'") + "'"

    def block(self, value: object) -> str:
        """Write the value of one of the root's members in the indentation of the document."""
        if not self.newline:
            return self._safe(json.dumps(value, ensure_ascii=self.escapes, separators=(self.comma, self.colon)))
        unit = self.inner.removeprefix(self.outer)
        written = json.dumps(value, ensure_ascii=self.escapes, indent=unit, separators=(",", self.colon))
        return self._safe(written.replace("\n", self.newline + self.inner))

    def _safe(self, written: str) -> str:
        return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def escapes_non_ascii(text: str) -> bool:
    """Whether a document writes what is not ASCII as escapes; raw is the habit where nothing tells."""
    return text.isascii() and _NON_ASCII_ESCAPE.search(text) is not None


def style_of(text: str, layout: Layout) -> Style:
    """Read the style off the root's first members."""
    members = layout.members
    gap = text[layout.opens + 1 : members[0].begin if members else layout.closes]
    newline = next((end for end in ("\r\n", "\n", "\r") if end in gap), "")
    outer = _indent(text[: layout.closes], newline)
    inner = _indent(gap, newline) if members else f"{outer}  "
    colon = text[members[0].colon : members[0].value] if members else ": "
    if "\n" in colon or "\r" in colon:
        colon = ": "
    comma = f",{_trailing_blanks(text[: members[1].begin])}" if members[1:] else f",{_trailing_blanks(colon)}"
    return Style(escapes_non_ascii(text), newline, outer, inner, colon, comma)


def last_member(text: str, layout: Layout, style: Style, name: str, value: object) -> list[Splice]:
    """Make `name` the root object's last member; one that stands there already is replaced."""
    members = layout.members
    splices = [
        Splice(member.begin, following.begin, "") for member, following in pairwise(members) if member.name == name
    ]
    end = len(text[: layout.closes].rstrip(_BLANKS))
    if members and members[-1].name == name:
        return [*splices, Splice(members[-1].value, end, style.block(value))]
    written = style.string(name) + style.colon + style.block(value)
    if members:
        start = f",{style.newline}{style.inner}" if style.newline else style.comma
        return [*splices, Splice(end, end, start + written)]
    if style.newline:
        written = f"{style.newline}{style.inner}{written}{style.newline}{style.outer}"
    return [Splice(layout.opens + 1, layout.closes, written)]


def _indent(before: str, newline: str) -> str:
    """Take the blanks at the start of the last line, where it holds nothing else."""
    line = before.rpartition(newline[-1])[2] if newline else ""
    return "" if line.strip(_BLANKS) else line


def _trailing_blanks(text: str) -> str:
    return text[len(text.rstrip(_BLANKS)) :]
