"""Hits: what the memory found for some words, cut where the words stand."""

from collections.abc import Iterator

from tm_service.domain.answers import ConcordanceHit


def cut_at_hits(hit: ConcordanceHit) -> Iterator[tuple[bool, str]]:
    """The text of a hit in pieces, each with whether it was asked for."""
    end = 0
    for start, stop in hit.spans:
        yield False, hit.text[end:start]
        yield True, hit.text[start:stop]
        end = stop
    yield False, hit.text[end:]
