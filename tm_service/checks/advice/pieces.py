"""Pieces: sentences cut into parts that other languages put in another order."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tm_service.checks.advice.words import known, plain
from tm_service.checks.reading import short
from tm_service.checks.seen import FILLED
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.units import Unit
from tm_service.domain.usage import Joined, JoinKind

_LAST = re.compile(r"([A-Za-z]+)$")
_SENTENCE = re.compile(r"[a-z]+(?:['’][a-z]+)?(?:[ ,;]+\S+){2,}[.!?]$")
_STARTS = re.compile(r"(?:and|or|but|of|to|in|for|with|from|by|on|at|is|are|was|were|has|have) \S")
_EXCEPT = re.compile(
    r"\b(?:sign|log|opt|check|plug|fill|hand|tune|zoom|live) in$|^[a-z]+\.[a-z]+|^e\.g\.|^i\.e\.|^https?:|^www\.",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:who|whom|which|what|where|that|whatever|worked|relevant)\b", re.IGNORECASE
)  # "... whom it should be sent to"
_LONG = 4  # blanks of a text that is no label
_JOINED: Mapping[JoinKind, str] = {
    JoinKind.MESSAGES: "Line {line} puts translations side by side ({code}); make them one message.",
    JoinKind.WORDS: "Line {line} joins a translation with words ({code}); make them one message with a placeholder.",
    JoinKind.VALUE: "Line {line} puts a value beside a translation ({code}); make it a placeholder of the message.",
    JoinKind.LITERAL: "Line {line} puts a sentence together from pieces ({code}); make it one message with placeholders.",
}


def pieces(unit: Unit) -> Iterator[Finding]:
    """Blanks at the edges, a sentence without its beginning, a sentence without its end."""
    text = unit.source
    inner = text.strip("\n\r\t")
    if inner != inner.lstrip():
        template = "The text begins with a blank, as if joined to another; make them one message, or take it away."
        yield found("source-edges", Severity.WARNING, template, place=(0, len(text) - len(text.lstrip())))
    if inner != inner.rstrip():
        template = "The text ends with a blank, as if joined to another; make them one message, or take it away."
        yield found("source-edges", Severity.WARNING, template, place=(len(text.rstrip()), len(text)))
    shown = plain(unit)
    if FILLED in shown or _EXCEPT.search(shown):
        return
    last = _LAST.search(shown)
    if last and _is_open(shown, last[1]):
        template = (
            "The text ends with “{word}”, so its sentence goes on elsewhere; make it one message with a placeholder."
        )
        start = unit.source.rfind(last[1])
        yield found("source-fragment", Severity.WARNING, template, place=(start, start + len(last[1])), word=last[1])
    elif _SENTENCE.match(shown) and _STARTS.match(shown):
        template = "The text is the end of a sentence that begins elsewhere (“{text}”); make it one message with a placeholder."
        yield found("source-fragment", Severity.WARNING, template, text=short(shown))


def _is_open(shown: str, last: str) -> bool:
    """Whether a text cannot end with its last word; "...; and" is an item of a list."""
    if re.search(r"[;,] (?:and|or)$", shown) or " " not in shown:
        return False
    is_long = shown.count(" ") >= _LONG and not _REFERS.search(shown)
    return last in known("fragment", "ends") or (is_long and last in known("fragment", "long_ends"))


def joined_in_code(path: str, joined: Joined) -> Finding:
    """A sentence that code puts together; its unit is the place in the file."""
    finding = found(
        "source-joined", Severity.WARNING, _JOINED[joined.kind], line=joined.line, code=short(joined.written)
    )
    return replace(finding, unit=f"{path}:{joined.line}:{joined.column}", path=path)
