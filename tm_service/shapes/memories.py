"""Memories: documents of what is looked up, brought in, counted and laid side by side, and of terms."""

from collections.abc import Iterable
from dataclasses import asdict

from tm_service.domain.answers import (
    Aligned,
    Comparison,
    ConcordanceHits,
    FragmentFound,
    Imported,
    MemoryStats,
    TermFound,
)
from tm_service.domain.matches import Match, Reading
from tm_service.domain.serving import Translation
from tm_service.domain.terms import Term
from tm_service.domain.units import key_text
from tm_service.shapes.pipeline import Document, concordance_hit, fragment, match, term_found


def looked_up(
    where: Reading, matches: Iterable[Match], parts: Iterable[FragmentFound], terms: Iterable[TermFound]
) -> Document:
    """What the memories offer for a text."""
    return {
        "site": where.site,
        "source": where.source,
        "target": where.target,
        "matches": [match(found) for found in matches],
        "fragments": [fragment(found) for found in parts],
        "terms": [term_found(found) for found in terms],
    }


def concordance(found: ConcordanceHits) -> Document:
    return {"total": found.total, "cut": found.cut, "hits": [concordance_hit(hit) for hit in found.hits]}


def comparison(found: Comparison) -> Document:
    return {
        "score": found.percent,
        "class": found.kind,
        "capped": bool(found.capped),
        "reasons": [str(difference) for difference in found.capped],
        "similarity": found.similarity,
        "penalties": dict(found.penalties),
        "differences": [asdict(difference) for difference in found.capped],
        "bounded": found.bounded,
    }


def memory_stats(found: MemoryStats) -> Document:
    index = {"engine": found.engine, "segments": found.segments, "bytes": found.index_bytes}
    return {"entries": found.entries, "bytes": found.bytes, "index": index, "memories": dict(found.memories)}


def imported(file: str, found: Imported) -> Document:
    return {"file": file, "read": found.read, "new": found.new, "problems": list(found.problems)}


def aligned(found: Aligned, *, kept: bool) -> Document:
    pairs = [{"source": pair.source, "target": pair.target, "confidence": each} for pair, each in found.pairs]
    return {"pairs": pairs, "alone": found.alone, "kept": kept}


def pair(found: Translation, *, retired: bool) -> Document:
    """One pair of a memory, by its number."""
    return {
        "number": found.number,
        "memory": found.site,
        "source_locale": found.source_locale,
        "source": found.source,
        "locale": found.locale,
        "target": found.target,
        "resource": found.resource,
        "key": key_text(found.key),
        "state": found.state,
        "origin": found.origin,
        "author": found.author,
        "reference": found.reference,
        "at": found.at.isoformat(),
        "retired": retired,
    }


def term(found: Term) -> Document:
    return {
        "number": found.number,
        "memory": found.memory,
        "source_locale": found.source_locale,
        "term": found.source,
        "locale": found.locale,
        "target": found.target,
        "status": found.status,
        "definition": found.definition,
        "part_of_speech": found.part_of_speech,
        "author": found.author,
        "reference": found.reference,
        "at": found.at.isoformat(),
    }
