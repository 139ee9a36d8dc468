"""Highlight: where in a text the words of a query stand, and a piece of a long text around them."""

from collections.abc import Iterator, Sequence

from memory.concordance.query import Query, Term
from memory.concordance.words import Token, tokens

Span = tuple[int, int]

AROUND = 80  # characters shown before the first and after the last of what is highlighted
_MORE = "…"


def spans(text: str, query: Query, language: str) -> tuple[Span, ...]:
    """From where to where each term stands, in characters of the text as written, in order; what touches or overlaps is one."""
    there = tokens(text, language)
    found = sorted(span for term in query.wanted for span in _spans(there, term, language))
    joined: list[Span] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _spans(there: Sequence[Token], term: Term, language: str) -> Iterator[Span]:
    (_, first), *others = term.words
    for place, token in enumerate(there[: max(0, len(there) - term.size + 1)]):
        if first.accepts(token.word, language) and all(
            word.accepts(there[place + offset].word, language) for offset, word in others
        ):
            yield token.start, there[place + term.size - 1].end


def excerpt(text: str, marked: Sequence[Span], around: int = AROUND) -> tuple[str, tuple[Span, ...]]:
    """The text around its first span, cut at spaces where there are some, and the spans in it; short texts are given whole.

    Spans that are cut off are left out.
    """
    if not marked or len(text) <= 2 * around:
        return text, tuple(marked)
    first, last = marked[0]
    begin, end = max(0, first - around), min(len(text), last + around)
    if begin:
        begin = text.find(" ", begin, first) + 1 or begin
    if end < len(text) and (space := text.rfind(" ", last, end)) >= 0:
        end = space
    before, after = _MORE if begin else "", _MORE if end < len(text) else ""
    moved = len(before) - begin
    inside = tuple((start + moved, stop + moved) for start, stop in marked if stop <= end)
    return before + text[begin:end] + after, inside
