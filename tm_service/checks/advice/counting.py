"""Counting: numbers and other values in a text, for which languages need more forms or more knowledge than English."""

import re
from collections.abc import Iterator

from tm_service.checks.advice.words import is_icu
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.plurals import parse_plural
from tm_service.domain.text import CodeKind, parse
from tm_service.domain.units import Unit

_COUNT = re.compile(
    r"^(?:\$\{|\{\{|\{|%\()\s*(?:[\w$]+\.)*(?:\w+_)?(n|num|nb|count|counts|number|total|amount|quantity|qty|\w+(?:Count|Total|Number|Amount)|length)\s*(?:\}\}|\}|\)[sd])$|^%(?:\d\$)?d$"
)
_COUNTED = re.compile(r"^\s+(?:more |new |other |of these )?[A-Za-z]{3,}")
_EITHER = re.compile(r"[A-Za-z]\((?:s|es|ies)\)")
_MEASURED = re.compile(
    r"^\s+(?:of|out|to|and|or|from|in|on|at|is|are|was|per|percent|min|sec|px|MB|KB|GB|ms|kg|km|cm|mm)\b"
)
_NAMELESS = re.compile(r"^(?:\{\d+\}|(?:\{|\{\{\s*|\$\{)[a-mo-z](?:\}|\s*\}\})|%(?:\d\$)?[s@])$")


def counting(unit: Unit) -> Iterator[Finding]:
    """A count without plural forms, and a placeholder that does not say what it is."""
    if is_icu(unit) or parse_plural(unit.source) is not None:
        return
    text = parse(unit.source)
    yield from _plural(unit)
    names = [code for code in text.data(CodeKind.PLACEHOLDER) if _NAMELESS.match(code)]
    if names and not unit.about.note:
        template = "Nobody can tell what {placeholder} stands for; name it, or say it in a note for translators."
        start = unit.source.find(names[0])
        yield found(
            "source-placeholder", Severity.NOTE, template, place=(start, start + len(names[0])), placeholder=names[0]
        )


def _plural(unit: Unit) -> Iterator[Finding]:
    parts = parse(unit.source).parts
    if any(not isinstance(part, str) and part.kind is CodeKind.BAR for part in parts):
        return
    place = 0
    has_placeholder = False
    for number, part in enumerate(parts):
        written = part if isinstance(part, str) else part.data
        after = parts[number + 1] if number + 1 < len(parts) else ""
        if not isinstance(part, str) and part.kind is CodeKind.PLACEHOLDER:
            has_placeholder = True
            counts = _COUNT.match(written) and isinstance(after, str) and _COUNTED.match(after)
            if counts and isinstance(after, str) and not _MEASURED.match(after):
                template = "The text counts with {placeholder} and has one form for all numbers; give it plural forms."
                yield found(
                    "source-plural",
                    Severity.WARNING,
                    template,
                    place=(place, place + len(written)),
                    placeholder=written,
                )
                return
        place += len(written)
    either = _EITHER.search(unit.source)
    if either and has_placeholder:
        template = (
            "“{ending}” leaves the plural to the reader, which most languages cannot; give the text plural forms."
        )
        yield found(
            "source-plural", Severity.WARNING, template, place=(either.start() + 1, either.end()), ending=either[0][1:]
        )
