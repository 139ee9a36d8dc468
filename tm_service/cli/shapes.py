"""Shapes: the documents that others rely on, as the design lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from tm_service.domain.answers import ConcordanceHit, FragmentFound, TermFound
from tm_service.domain.changes import Change, ChangeKind, ChangeSet
from tm_service.domain.deliveries import Posting
from tm_service.domain.deployments import Coverage, Deployment, Tally
from tm_service.domain.findings import Finding
from tm_service.domain.matches import Match, MatchClass
from tm_service.domain.packages import Package, Receipt
from tm_service.domain.text import words
from tm_service.domain.units import Locale, key_text

Document = dict[str, Any]
_MOVES = (ChangeKind.MOVED, ChangeKind.EDITED_AND_MOVED)


def tally(found: Tally) -> Document:
    return asdict(found) | {"covered": found.covered}


def locales(coverage: Mapping[Locale, Coverage]) -> Document:
    """Coverage by locale: units at the top, the same columns in words below `words`."""
    return {locale: tally(found.units) | {"words": tally(found.words)} for locale, found in coverage.items()}


def detected(changes: ChangeSet) -> Document:
    counts = {kind: len(changes.of(kind)) for kind in ChangeKind}
    return {
        "base": changes.base.id if changes.base else None,
        "head": changes.head.id,
        "added": counts[ChangeKind.ADDED],
        "edited": counts[ChangeKind.EDITED],
        "moved": counts[ChangeKind.MOVED],
        "edited_and_moved": counts[ChangeKind.EDITED_AND_MOVED],
        "removed": counts[ChangeKind.REMOVED],
        "unchanged": changes.unchanged,
        "units": [change(found) for found in changes.changes],
    }


def change(found: Change) -> Document:
    document: Document = {
        "resource": found.unit.resource,
        "key": key_text(found.unit.key),
        "kind": found.kind,
        "edit_class": found.edit,
        "before": found.before.source if found.before else None,
        "after": found.after.source if found.after else None,
    }
    if found.kind in _MOVES and found.before:
        document["from"] = {"resource": found.before.resource, "key": key_text(found.before.key)}
    return document


def deployment(entry: Deployment) -> Document:
    return {
        "deployment": entry.number,
        "revision": entry.revision,
        "ref": entry.ref,
        "at": entry.at.isoformat(),
        "restores": entry.restores or None,
        "commit": entry.commit or None,
        "locales": locales(entry.coverage),
        "alarms": [asdict(alarm) for alarm in entry.alarms],
    }


def package(entry: Package, path: str) -> Document:
    classes = {kind.value: [0, 0] for kind in MatchClass}
    for unit in entry.work:
        classes[unit.match][0] += 1
        classes[unit.match][1] += words(unit.source)
    return {
        "id": entry.id,
        "locale": entry.locale,
        "path": path,
        "units": len(entry.work),
        "words": sum(words(unit.source) for unit in entry.work),
        "due": entry.due.isoformat() if entry.due else None,
        "classes": {kind: {"units": units, "words": count} for kind, (units, count) in classes.items()},
    }


def package_status(entry: Package) -> Document:
    return {
        "id": entry.id,
        "locale": entry.locale,
        "version": entry.version,
        "status": entry.status,
        "profile": entry.profile,
        "units": len(entry.work),
        "open": len(entry.open_units),
        "due": entry.due.isoformat() if entry.due else None,
    }


def posting(entry: Posting) -> Document:
    return {
        "package": entry.package,
        "channel": entry.channel,
        "recipient": entry.recipient,
        "status": entry.status,
        "attempts": entry.attempts,
        "at": entry.at.isoformat(),
        "next_at": entry.next_at.isoformat() if entry.next_at else None,
        "reference": entry.reference,
        "error": entry.error,
    }


def receipt(entry: Receipt) -> Document:
    return {
        "outcome": entry.outcome,
        "package": entry.package,
        "accepted": entry.accepted,
        "quarantined": list(entry.quarantined),
        "open": entry.open,
        "repeated": entry.repeated,
        "repaired": list(entry.repaired),
        "proposals": list(entry.proposals),
        "answered": list(entry.answered),
        "questions": entry.questions,
        "recognised": dict(entry.recognised),
        "findings": findings(entry.findings),
    }


def match(found: Match) -> Document:
    """One offer of the memory, and why."""
    return {
        "percent": found.percent,
        "class": found.kind,
        "rule": found.rule,
        "target": found.offered,
        "source": found.translation.source,
        "why": found.why,
        "capped": [str(difference) for difference in found.capped],
        "penalties": dict(found.penalties),
        "number": found.translation.number,
        "memory": found.translation.site,
        "resource": found.translation.resource,
        "key": key_text(found.translation.key),
        "author": found.translation.author,
        "at": found.translation.at.isoformat(),
    }


def concordance_hit(found: ConcordanceHit) -> Document:
    return {
        "side": found.side,
        "text": found.text,
        "other": found.other,
        "spans": [list(span) for span in found.spans],
        "number": found.pair.number,
        "resource": found.pair.resource,
        "key": key_text(found.pair.key),
    }


def fragment(found: FragmentFound) -> Document:
    pairs = [{"source": pair.source, "target": pair.target, "number": pair.number} for pair in found.pairs]
    return {"span": [found.start, found.end], "texts": found.count, "pairs": pairs}


def term_found(found: TermFound) -> Document:
    terms = [{"term": term.source, "target": term.target, "status": term.status} for term in found.terms]
    return {"span": [found.start, found.end], "terms": terms}


def analysis_rows(document: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """The lines of an analysis that have something, and its total, for a table."""
    counts = {**document["total"]["classes"], "total": document["total"]["total"]}
    columns = ("segments", "words", "characters", "placeables", "tags")
    return [(name, *(line[column] for column in columns)) for name, line in counts.items() if line["segments"]]


_ALWAYS = frozenset({"check", "severity", "message"})
_WHERE = frozenset({"unit", "path", "place", "repair"})


def findings(found: Iterable[Finding]) -> list[Document]:
    return [
        {key: value for key, value in asdict(finding).items() if key in _ALWAYS or (value and key in _WHERE)}
        for finding in found
    ]
