"""Views: a page with what is no HTML blanked out, and its expressions as a script of their own, every byte in its place."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_INTERPOLATION = re.compile(  # none reaches over the beginning of the next, so that what is not closed costs nothing
    rb"\{\{((?:(?!\{\{).)*?)\}\}|<%[-=_]?((?:(?!<%).)*?)[-_]?%>|\{%((?:(?!\{%).)*?)%\}"
    rb"|<\?(?:php|=)?((?:(?!<\?).)*?)\?>|\{#((?:(?!\{#).)*?)#\}",
    re.DOTALL,
)
_RAW = re.compile(rb"<(script|style)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_FILTER_ARGUMENT = re.compile(rb"(\|\s*[\w$]+\s*):(?!:)")
_SENTENCE_SIGN = rb"[^\n\r]"
_LONGEST = 4_000  # bytes of one interpolation in braces


@dataclass(frozen=True, slots=True)
class Expression:
    """Where code stands in a page, without the signs around it; a block is statements, not a value."""

    start: int
    end: int
    is_block: bool = False


@dataclass(frozen=True)
class View:
    """A page, and where code stands between its tags."""

    content: bytes
    is_svelte: bool = False

    @cached_property
    def interpolations(self) -> Sequence[tuple[int, int, Expression]]:
        """From where to where with their braces, and the code inside."""
        raw = [found.span() for found in _RAW.finditer(self.content)]
        found = _braces(self.content, raw) if self.is_svelte else _interpolations(self.content)
        starts = [start for start, _ in raw]

        def is_raw(place: int) -> bool:
            last = bisect_right(starts, place) - 1
            return last >= 0 and place < raw[last][1]

        return [one for one in found if not is_raw(one[0])]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _, _ in self.interpolations]

    @cached_property
    def html(self) -> bytes:
        """The page with everything between braces made to letters, which no parser of HTML stumbles over."""
        if not self.interpolations:
            return self.content
        out, done = bytearray(), 0
        for start, end, _ in self.interpolations:
            out += self.content[done:start] + re.sub(_SENTENCE_SIGN, b"x", self.content[start:end])
            done = end
        return bytes(out + self.content[done:])

    def script(self, expressions: Sequence[Expression]) -> bytes:
        """These expressions, each a statement, where they stand in the page; all else is blank."""
        out = bytearray(re.sub(_SENTENCE_SIGN, b" ", self.content))
        for one in expressions:
            code = _FILTER_ARGUMENT.sub(rb"\1,", self.content[one.start : one.end])
            code = code.replace(b"&quot;", b'"     ').replace(b"&amp;", b"&    ").replace(b"&lt;", b"<   ")
            code = b"  " + code[2:] if code.startswith(b"::") else code
            out[one.start : one.end] = code
            before, after = (b"{", b"}") if one.is_block else (b"(", b")")
            out[one.start - 1 : one.start] = before
            out[one.end : one.end + 1] = after
            for place, sign in ((one.start - 2, b";"), (one.end + 1, b";")):
                if 0 <= place < len(out) and out[place] == 0x20:  # noqa: PLR2004 - a blank
                    out[place : place + 1] = sign
        return bytes(out[: len(self.content) + 1])

    def between(self, start: int, end: int) -> Sequence[tuple[int, int, Expression]]:
        """Interpolations within a part of the page."""
        first, after = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return self.interpolations[first:after]


def _interpolations(content: bytes) -> list[tuple[int, int, Expression]]:
    out = []
    for found in _INTERPOLATION.finditer(content):
        group = found.lastindex or 0
        if group:
            start, end = found.span(group)
            out.append((found.start(), found.end(), _expression(content, start, end, is_statement=group in (3, 4))))
        else:
            out.append((found.start(), found.end(), Expression(found.start(), found.start())))
    return out


def _expression(content: bytes, start: int, end: int, *, is_statement: bool) -> Expression:
    """Without blanks, and without the word that begins a statement of a template: `{% trans "x" %}`, `{#if x}`."""
    inner = content[start:end]
    if is_statement or inner[:1] in (b"#", b":", b"@", b"/"):
        word = re.match(rb"\s*[#:@/]?\w+", inner)
        start += word.end() if word else 0
    return Expression(start, max(start, end))


def _braces(content: bytes, raw: Sequence[tuple[int, int]]) -> list[tuple[int, int, Expression]]:
    """Svelte: code between single braces, which may hold braces."""
    out, place, skip = [], 0, iter([*raw, (len(content), len(content))])
    closed = next(skip)
    while (start := content.find(b"{", place)) >= 0:
        while closed[1] <= start < len(content):
            closed = next(skip)
        if closed[0] <= start < closed[1]:
            place = closed[1]
            continue
        end = _closing(content, start)
        if end < 0:
            place = start + _LONGEST
            continue
        out.append((start, end + 1, _expression(content, start + 1, end, is_statement=False)))
        place = end + 1
    return out


def _closing(content: bytes, start: int) -> int:
    depth = 0
    for place in range(start, min(len(content), start + _LONGEST)):
        if content[place] == 0x7B:  # noqa: PLR2004 - {
            depth += 1
        elif content[place] == 0x7D:  # noqa: PLR2004 - }
            depth -= 1
            if depth == 0:
                return place
    return -1


def spans(expressions: Sequence[tuple[int, int, Expression]]) -> Iterator[Expression]:
    """The code of interpolations that have any."""
    return (one for _, _, one in expressions if one.end > one.start)
