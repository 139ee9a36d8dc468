"""Words: how one text became another: the runs of words that stayed, came and went, tags counting as words."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from rapidfuzz.distance import Levenshtein

from tm_service.domain.drafts import Span, SpanKind

_MOST = 100_000_000  # pairs of words: 12 MB and a third of a second; texts with more are told whole, before and after
# Of scripts without spaces every character is a word of its own.
_WORD = re.compile(
    r"<[^<>]{0,2000}>|[\u2e80-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]|\w+(?:['’]\w+)*|\s+|.", re.DOTALL
)
_SENTENCE = re.compile(
    r".+?(?:[.!?。！？؟]+(?:\s|</[^<>]{0,200}>)*|</?(?:p|li|h\d|td|th|div|figcaption|br)\b[^<>]{0,2000}>|\Z)", re.DOTALL
)


def spans(before: str, now: str) -> tuple[Span, ...]:
    """Sentences first, then the words of those that changed, so that no word is told as moved afar."""
    told = [span for span in _changes(before, now) if span.text]
    return tuple(Span(kind, "".join(span.text for span in run)) for kind, run in groupby(told, attrgetter("kind")))


def _changes(before: str, now: str) -> Iterator[Span]:
    for stayed, old, new in _runs(_SENTENCE.findall(before), _SENTENCE.findall(now)):
        if stayed:
            yield Span(SpanKind.SAME, old)
        else:
            yield from _in_words(old, new)


def _in_words(before: str, now: str) -> Iterator[Span]:
    """What went stands before what came; a space that stayed between two changes does not part them."""
    gone, come = "", ""
    for stayed, old, new in _runs(_WORD.findall(before), _WORD.findall(now)):
        if stayed and not (old.isspace() and gone and come):
            yield from (Span(SpanKind.DELETED, gone), Span(SpanKind.INSERTED, come), Span(SpanKind.SAME, old))
            gone, come = "", ""
        else:
            gone, come = gone + old, come + new
    yield from (Span(SpanKind.DELETED, gone), Span(SpanKind.INSERTED, come))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """Runs of both texts, in order: whether they are the same, and what each text has there."""
    if len(old) * len(new) > _MOST:
        yield False, "".join(old), "".join(new)
        return
    for step in Levenshtein.opcodes(old, new):
        text = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        yield step.tag == "equal", *text
