"""Align: two documents that are translations of one another, laid side by side bead by bead, with a confidence for each.

Three readings. The first finds the way: for short documents in all of the grid, for long ones paragraph by paragraph or along
rare anchors. The second weighs all walks near it. The third is the second again with what the surest beads have taught: the
documents' own ratio of lengths and pairs of words (Moore 2002), which is what lifts languages without cognates.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from memory.alignment.anchors import Lexicon, Link, Side, gathered, links, read
from memory.alignment.confidence import confidences
from memory.alignment.corridor import along, chained, touches, whole
from memory.alignment.evidence import Sheet
from memory.alignment.grid import Corridor, Kind, Step, Walks
from memory.alignment.lengths import Lengths, lengths
from memory.alignment.lexicon import learned
from memory.alignment.sentences import paragraphs, segment
from tm_service.domain.errors import ReturnRejected

_LARGEST = 200_000  # sentences of a document
_WHOLE = 250_000  # cells up to which all of a grid is walked
_MOST = 8_000_000  # cells of a corridor, beyond which it is not laid wider
_ROOM = 32  # columns to both sides of the way that are weighed
_FINDING: tuple[Kind, ...] = ((1, 1), (1, 2), (2, 1))  # kinds that are enough to find the way
_PER_PARAGRAPH = 1.5  # sentences, on average at least
_SURE = 0.8  # share of a bead that is learned from
_ENOUGH = 20  # such beads, at least
_LONG = 20  # English letters of a sentence whose length is learned from
_KNOWN = 20  # sentences that the measured ratio of lengths counts as, beside the documents' own

# A plain text or HTML, its paragraphs, or its paragraphs cut into sentences.
Document = str | Sequence[str] | Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A bead: sentences of both sides that say the same; where one has none, the other's have no translation.

    `source_from` and `target_from` are the numbers of the first sentences in their documents from 0, counted through all
    paragraphs; of an empty side, of the sentence that follows. `confidence` is how often such beads are right, from 0 to 1.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    source_from: int
    target_from: int
    confidence: float

    @property
    def kind(self) -> str:
        """Numbers of sentences, as "1-1"."""
        return f"{len(self.source)}-{len(self.target)}"


def align(
    source: Document,
    target: Document,
    *,
    source_language: str,
    target_language: str,
    lexicon: Lexicon | None = None,
) -> tuple[Alignment, ...]:
    """Beads in order, which have every sentence of both documents once.

    `lexicon` gives words of the source language with their translations, as `learn` makes one from a memory. Sentences that
    changed places are not found: beads never cross, and what crosses has low confidence. Raises ReturnRejected for documents
    of more than 200,000 sentences.
    """
    ours, theirs = (_cut(side, language) for side, language in ((source, source_language), (target, target_language)))
    sentences, others = (tuple(text for paragraph in side for text in paragraph) for side in (ours, theirs))
    largest = max(len(sentences), len(others))
    if largest > _LARGEST:
        raise ReturnRejected(
            f"A document has {largest:,} sentences, {_LARGEST:,} can be aligned at once; align its parts one by one."
        )
    steps = walked((_read(ours, source_language), _read(theirs, target_language)), lexicon)
    return tuple(
        Alignment(
            sentences[step.row : step.row + step.rows],
            others[step.column : step.column + step.columns],
            step.row,
            step.column,
            confidence,
        )
        for step, confidence in zip(steps, confidences(steps), strict=True)
    )


def _cut(document: Document, language: str) -> list[Sequence[str]]:
    """Paragraphs of sentences, empty ones left out."""
    parts = paragraphs(document) if isinstance(document, str) else document
    cut = ([found.text for found in segment(part, language)] if isinstance(part, str) else part for part in parts)
    return [sentences for sentences in cut if sentences]


def _read(document: Sequence[Sequence[str]], language: str) -> Side:
    begins = [number == 0 for paragraph in document for number in range(len(paragraph))]
    return read([text for paragraph in document for text in paragraph], begins, language)


def walked(sides: tuple[Side, Side], lexicon: Lexicon | None = None) -> list[Step]:
    """The best walk through two documents, each step with its share of the likelihood of all walks."""
    source, target = sides
    if not len(source) or not len(target):
        return [Step(row, 0, 1, 0, share=1.0) for row in range(len(source))] + [
            Step(0, column, 0, 1, share=1.0) for column in range(len(target))
        ]
    found = links(source, target, lexicon)
    measure = lengths((source.language, target.language), source.letters, target.letters)
    near = along(_way(sides, measure, found), _ROOM)
    steps = _weighed(sides, measure, found, near)
    sure = [step for step in steps if step.rows == step.columns == 1 and step.share > _SURE]
    if len(sure) < _ENOUGH:
        return steps
    known = {(link.source, link.target) for link in found}
    pairs = [(source.words[step.row], target.words[step.column]) for step in sure]
    found += [link for link in learned(pairs) if (link.source, link.target) not in known]
    return _weighed(sides, _measured(sides, measure, sure), found, near)


def _weighed(sides: tuple[Side, Side], measure: Lengths, found: Sequence[Link], corridor: Corridor) -> list[Step]:
    walks = Walks(Sheet(sides, measure, found, corridor))
    return walks.weighed(walks.best())


def _way(sides: tuple[Side, Side], measure: Lengths, found: Sequence[Link]) -> list[Step]:
    """About where the best walk goes."""
    source, target = sides
    if len(source) * len(target) <= _WHOLE:
        return Walks(Sheet(sides, measure, found, whole(len(source), len(target)))).best()
    bounds = _bounds(source), _bounds(target)
    corridor = chained(source, target, found)
    if all(len(side) >= _PER_PARAGRAPH * (len(some) - 1) for side, some in zip(sides, bounds, strict=True)):
        by_paragraphs = along(_by_paragraphs(sides, bounds, measure, found), _ROOM)
        corridor = min(corridor, by_paragraphs, key=lambda one: one.cells)
    return _settled(sides, measure, found, corridor)


def _settled(sides: tuple[Side, Side], measure: Lengths, found: Sequence[Link], corridor: Corridor) -> list[Step]:
    """The best walk through a corridor, which is laid anew with twice the room as long as the walk goes along a wall."""
    room = _ROOM
    while True:
        steps = Walks(Sheet(sides, measure, found, corridor, _FINDING)).best()
        if corridor.cells > _MOST or not touches(steps, corridor, len(sides[1])):
            return steps
        room *= 2
        corridor = along(steps, room)


def _bounds(side: Side) -> list[int]:
    """Where paragraphs begin, and where the last ends."""
    return [*np.flatnonzero(side.begins).tolist(), len(side)]


def _by_paragraphs(
    sides: tuple[Side, Side], bounds: tuple[list[int], list[int]], measure: Lengths, found: Sequence[Link]
) -> Iterable[Step]:
    """The walk through paragraphs, as steps of sentences."""
    source, target = (gathered(side, some) for side, some in zip(sides, bounds, strict=True))
    coarse = lengths((source.language, target.language), source.letters, target.letters, measure.ratio)
    ours, theirs = bounds
    corridor = chained(source, target, found)
    for step in _settled((source, target), coarse, found, corridor):
        row, column = ours[step.row], theirs[step.column]
        yield Step(row, column, ours[step.row + step.rows] - row, theirs[step.column + step.columns] - column)


def _measured(sides: tuple[Side, Side], measure: Lengths, sure: Sequence[Step]) -> Lengths:
    """The measure with the ratio that the documents' own sentences have."""
    source, target = sides
    ours = source.letters[[step.row for step in sure]]
    theirs = target.letters[[step.column for step in sure]]
    long = (ours / measure.source) * (theirs / measure.target) > _LONG**2
    ratios = np.log(theirs[long] / ours[long])
    ratio = math.exp((ratios.sum() + _KNOWN * math.log(measure.ratio)) / (len(ratios) + _KNOWN))
    return lengths((source.language, target.language), source.letters, target.letters, ratio)
