"""Pipeline: documents of changes, deployments, packages, returns, the memory's answers and jobs."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from tm_service.domain import reasons, sentences
from tm_service.domain.answers import ConcordanceHit, FragmentFound, TermFound
from tm_service.domain.audit import Line as JournalLine
from tm_service.domain.changes import Change, ChangeKind, ChangeSet
from tm_service.domain.deliveries import Posting, carried
from tm_service.domain.deployments import Coverage, Deployment, Tally
from tm_service.domain.findings import Finding
from tm_service.domain.jobs import Job
from tm_service.domain.matches import Match, MatchClass
from tm_service.domain.packages import Package, Question, Receipt
from tm_service.domain.sentences import Said
from tm_service.domain.serving import Translation, Waiver
from tm_service.domain.text import words
from tm_service.domain.units import Locale, key_text
from tm_service.usecases.history import Chapter, History
from tm_service.usecases.report import OUTCOMES, CoverageReport, Estimate, Explanation, Gate

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


def estimate(found: Estimate) -> Document:
    changes = detected(found.changes)
    locales = {
        locale: {kind: {"units": units, "words": count} for kind, (units, count) in classes.items()}
        for locale, classes in found.locales.items()
    }
    costs = {
        locale: {"weighted": f"{cost.weighted:f}"}
        | ({"cost": f"{cost.amount:f}", "currency": cost.currency} if cost.currency else {})
        for locale, cost in found.costs.items()
    }
    told = {key: changes[key] for key in ("base", "head", "added", "edited", "moved", "removed")}
    return told | {"locales": locales, "costs": costs}


def coverage(report: CoverageReport) -> Document:
    paths = {
        locale: {path: tally(found.units) for path, found in by_path.items()}
        for locale, by_path in report.paths.items()
    }
    return deployment(report.deployment) | {"locales": locales(report.locales), "paths": paths}


def gate(held: Gate) -> Document:
    made = held.plan
    counts = {
        locale: {
            outcome: sum(row["locale"] == locale and row["outcome"] == outcome for row in held.units)
            for outcome in OUTCOMES
        }
        for locale in made.site.locales
    }
    return {
        "site": made.site.name,
        "revision": made.revision.id,
        "gate": "closed" if held.closed else "open",
        "locales": counts,
        "units": [{**unit, "reason": _reason(str(unit["why"]))} for unit in held.units],
        "findings": findings(made.findings),
    }


def explanation(
    site: str, locale: Locale, resource: str, found: Explanation, past: History, makers: Mapping[int, JournalLine]
) -> Document:
    entry, made = found.entry, found.translation
    return {
        "site": site,
        "locale": locale,
        "resource": resource,
        "key": key_text(entry.key),
        "text": entry.text,
        "rule": entry.rule,
        "edit_class": entry.edit,
        "answer": entry.answer,
        "why": entry.why,
        "reason": _reason(entry.why),
        "deployment": found.deployment.number,
        "translation": _translation(made) if made else None,
        "history": [_chapter(one, makers.get(one.stretch.first)) for one in past.chapters],
        "earlier": past.following or None,
    }


def _chapter(found: Chapter, maker: JournalLine | None) -> Document:
    """Deployments in a row that served a text the same; members that speak of it are null where they did not have it."""
    entry, made = found.stretch.served, found.line.translation if found.line else None
    return {
        "first": found.stretch.first,
        "last": found.stretch.last,
        "at": found.deployment.at.isoformat(),
        "by": maker.caller.name if maker and maker.caller else None,
        "text": entry.text if entry else None,
        "source": found.line.source if found.line else None,
        "rule": entry.rule if entry else None,
        "edit_class": entry.edit if entry else None,
        "why": entry.why if entry else None,
        "reason": _reason(entry.why) if entry else [],
        "translation": _translation(made) if made else None,
    }


def _reason(why: str) -> list[Document]:
    """A reason sentence by sentence, each as a code with its values; none where it is known only in English."""
    return [_said(one) for one in reasons.read(why)]


def _said(one: Said) -> Document:
    return {"code": one.code, "values": dict(one.values)}


def _translation(made: Translation) -> Document:
    return {
        "target": made.target,
        "source": made.source,
        "author": made.author,
        "at": made.at.isoformat(),
        "origin": made.origin,
        "reference": made.reference,
        "state": made.state,
        "resource": made.resource,
        "key": key_text(made.key),
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


def question(entry: Question) -> Document:
    return {
        "package": entry.package,
        "unit": entry.unit,
        "text": entry.text,
        "author": entry.author,
        "at": entry.at.isoformat(),
    }


def waiver(entry: Waiver) -> Document:
    return {
        "site": entry.site,
        "locale": entry.locale,
        "resource": entry.resource,
        "key": key_text(entry.key),
        "by": entry.by,
        "at": entry.at.isoformat(),
        "until": entry.until.isoformat(),
        "reason": entry.reason,
    }


def posting(entry: Posting) -> Document:
    return {
        "package": entry.package,
        "carries": carried(entry),
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


_ALWAYS = frozenset({"check", "severity", "message"})
_WHERE = frozenset({"unit", "path", "place", "repair"})


def findings(found: Iterable[Finding]) -> list[Document]:
    return [
        {key: value for key, value in asdict(finding).items() if key in _ALWAYS or (value and key in _WHERE)}
        for finding in found
    ]


def job(found: Job) -> Document:
    said = sentences.read(found.error) if found.error else None
    moments = {name: getattr(found, name) for name in ("asked", "due", "lease", "ended")}
    return {
        "job": found.id,
        "kind": found.kind,
        "site": found.site,
        "arguments": found.arguments,
        "status": found.status,
        "attempt": found.attempt,
        "by": found.by,
        "worker": found.worker,
        "done": found.done,
        "total": found.total,
        "cancelling": found.cancelling,
        "error": found.error,
        "said": _said(said) if said else None,
        "result": found.result,
        "effects": [{"verb": effect.verb} | dict(effect.details) for effect in found.effects],
    } | {name: at.isoformat() if at else None for name, at in moments.items()}
