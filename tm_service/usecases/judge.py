"""Judge: what becomes of one unit that came back, decided from its text, its tool's word for it and what the checks find."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from unicodedata import normalize

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import Package, PackageUnit, ReturnedUnit, Stage
from tm_service.domain.pairs import Pair
from tm_service.domain.ports import Checker
from tm_service.domain.site import State
from tm_service.domain.terms import Term

Severities = Mapping[str, Severity | None]

_UNCONFIRMED = frozenset({Stage.SILENT, Stage.UNTOUCHED, Stage.DRAFT, Stage.REJECTED})
_UNFINISHED = frozenset({Stage.DRAFT, Stage.REJECTED})
_SURE = frozenset({MatchClass.CONTEXT, MatchClass.EXACT})
_FULL = 100.0  # percent


class Fate(StrEnum):
    """What becomes of a returned unit."""

    ACCEPTED = "accepted"
    PROPOSAL = "proposal"  # kept for a reviewer; the unit stays open
    OPEN = "open"  # nobody worked on it
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a unit, with which target and state, and everything found on the way."""

    unit: PackageUnit
    fate: Fate
    target: str
    state: State
    findings: tuple[Finding, ...]
    is_repaired: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site and a person decide: severities by check (None leaves a check out), terms, who may approve."""

    severities: Severities
    terms: tuple[Term, ...] = ()
    may_approve: bool = False


def judged(answer: ReturnedUnit, unit: PackageUnit, sent: Package, checker: Checker, rules: Rules) -> Verdict:
    """Decide on one unit whose codes are put back; it is good when nothing about it is an error."""
    if _is_open(answer, unit):
        left = tuple(replace(entry, unit=unit.id) for entry in settled([_left(answer, unit)], rules.severities))
        return Verdict(unit, Fate.OPEN, answer.target, State.PROPOSAL, left)
    pair = Pair(unit.source, answer.target, sent.locale, sent.source_locale, limit=unit.limit, terms=rules.terms)
    repair = checker.repair(pair) if answer.target.strip() else None
    if repair is not None:
        mended = _told(answer, unit, replace(pair, target=repair.target), checker, rules, repair.findings)
        if not _has_error(mended):
            return Verdict(
                unit, _fate(answer.stage), repair.target, _state(answer.stage, rules), mended, is_repaired=True
            )
    findings = _told(answer, unit, pair, checker, rules)
    if _has_error(findings):
        return Verdict(unit, Fate.QUARANTINED, answer.target, State.PROPOSAL, findings)
    return Verdict(unit, _fate(answer.stage), answer.target, _state(answer.stage, rules), findings)


def _told(
    answer: ReturnedUnit, unit: PackageUnit, pair: Pair, checker: Checker, rules: Rules, also: Iterable[Finding] = ()
) -> tuple[Finding, ...]:
    """Everything that reading, the checks and what was offered say of a pair, each once."""
    told = [*answer.findings, *also, *checker.check(pair), *_unchanged(answer, unit)]
    return tuple(dict.fromkeys(replace(entry, unit=unit.id) for entry in settled(told, rules.severities)))


def _has_error(findings: Iterable[Finding]) -> bool:
    return any(entry.severity is Severity.ERROR for entry in findings)


def settled(findings: Iterable[Finding], severities: Severities) -> list[Finding]:
    """Findings with the severities a site has set."""
    return [
        replace(entry, severity=severity)
        for entry in findings
        if (severity := severities.get(entry.check, entry.severity)) is not None
    ]


def _fate(stage: Stage) -> Fate:
    return Fate.PROPOSAL if stage in _UNFINISHED else Fate.ACCEPTED


def _state(stage: Stage, rules: Rules) -> State:
    if stage in _UNFINISHED:
        return State.PROPOSAL
    return State.APPROVED if stage is Stage.APPROVED and rules.may_approve else State.TRANSLATED


def _is_open(answer: ReturnedUnit, unit: PackageUnit) -> bool:
    """Nobody worked on it: blank, a copy of the source, or what we offered, and nobody confirmed it.

    A full match that a tool without states gives back as it was is an answer: there is nothing to do to it.
    """
    if answer.stage is Stage.SILENT and _is_full(unit) and _seen(answer.target) == _seen(unit.offered):
        return False
    if answer.stage not in _UNCONFIRMED:
        return False
    as_it_left = {_seen(text) for text in ("", unit.source, unit.offered, unit.previous_target)}
    return answer.untouched or _seen(answer.target) in as_it_left


def _is_full(unit: PackageUnit) -> bool:
    """Whether what it was offered is a translation of this very source."""
    return bool(unit.offered) and unit.match in _SURE and unit.percent >= _FULL


def _seen(text: str) -> str:
    """A text as it is compared: tools change blanks and normal forms by themselves."""
    return " ".join(normalize("NFC", text).split())


def _left(answer: ReturnedUnit, unit: PackageUnit) -> Finding:
    """Why a unit stays open, where a translator may wonder."""
    if not answer.target.strip():
        return found("completeness", Severity.NOTE, "The unit came back empty; it stays open.")
    if _seen(answer.target) == _seen(unit.source):
        return found("completeness", Severity.NOTE, "The unit came back as a copy of the source; it stays open.")
    return found("completeness", Severity.NOTE, "The unit came back as it was sent, unconfirmed; it stays open.")


def _unchanged(answer: ReturnedUnit, unit: PackageUnit) -> tuple[Finding, ...]:
    """A warning for a match that was confirmed as it was offered, though its source is not quite this one."""
    if _is_full(unit) or not unit.offered or unit.previous_source == unit.source:
        return ()
    if _seen(answer.target) != _seen(unit.offered):
        return ()
    said = "The offered match was confirmed unchanged, though its source differs; see that it fits."
    return (found("completeness", Severity.WARNING, said),)
