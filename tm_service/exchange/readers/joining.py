"""Joining: one unit of ours put together again from the segments a tool cut it into."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import ReturnedUnit
from tm_service.exchange.readers.codes import of_row
from tm_service.exchange.readers.states import least

_UNSPACED = re.compile(r"(?:zh|ja|th|lo|km|my)(?![A-Za-z])", re.IGNORECASE)  # written without blanks between sentences


def joined(rows: Sequence[ReturnedUnit], source_language: str, target_language: str) -> ReturnedUnit:
    """The rows of one unit as that unit: texts in order, the least stage, everything else gathered.

    Where no row says what stood between two of them, it is a blank in languages that write one. Rows whose codes are a
    tool's numbers have these told apart by row.
    """
    if len(rows) == 1:
        return rows[0]
    stage = least(row.stage for row in rows)
    numbered = any(row.numbered for row in rows)
    sources, targets = [row.source for row in rows], [row.target for row in rows]
    if numbered:
        sources, targets = ([of_row(place, text) for place, text in enumerate(side, 1)] for side in (sources, targets))
    said = (finding for row in rows for finding in row.findings)
    return replace(
        rows[0],
        source=_text(sources, source_language),
        target=_text(targets, target_language),
        state=next(row.state for row in rows if row.stage is stage),
        findings=(*dict.fromkeys(said), *half_done([bool(row.target.strip()) for row in rows if row.source.strip()])),
        stage=stage,
        comments=tuple(dict.fromkeys(comment for row in rows for comment in row.comments)),
        numbered=numbered,
        untouched=all(row.untouched for row in rows),
    )


def half_done(filled: Sequence[bool]) -> Iterator[Finding]:
    """A unit of which some segments came back empty is not whole; one of which all did is merely open."""
    if any(filled) and not all(filled):
        said = (
            "The tool cut this unit into {count} segments, and {empty} of them came back empty; translate all of them."
        )
        yield found("completeness", Severity.ERROR, said, count=len(filled), empty=filled.count(False))


def _text(texts: Sequence[str], language: str) -> str:
    """Texts in order with a blank between any two that have none, and nothing beside an empty one."""
    blank = "" if _UNSPACED.match(language) else " "
    between = (blank if _has_none(one, other) else "" for one, other in pairwise(texts))
    return texts[0] + "".join(gap + text for gap, text in zip(between, texts[1:], strict=True))


def _has_none(one: str, other: str) -> bool:
    return bool(one and other) and not (one[-1].isspace() or other[0].isspace())
