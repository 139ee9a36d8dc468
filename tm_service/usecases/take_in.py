"""Take in: recognise what returns, judge each unit, keep the good ones, answer exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.handoffs import Detail, Handoff
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import Outcome, Package, PackageStatus, PackageUnit, Question, Receipt, Return
from tm_service.domain.ports import Exporter, Transaction
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint, may_be_same
from tm_service.domain.units import UnitId
from tm_service.usecases.examine import (
    KEPT,
    Examined,
    Intake,
    known_returns,
    read_return,
    refuse_others,
    rules_of,
    validate,
)
from tm_service.usecases.judge import Fate, Verdict


def take_in(tx: Transaction, name: str, content: bytes, intake: Intake, examined: Examined | None = None) -> Receipt:
    """Validate a return and reintegrate its good units; the same bytes twice change nothing (law 6).

    An upload may return several packages: the receipts of the others stand `beside` the first. What was `examined` before is
    used as far as it still holds. Raises ReturnRejected with one sentence where the file is not ours or not safe, NotAllowed
    where it is of others than the intake is for; nothing was used then.
    """
    given = [replace(receipt, repeated=True) for receipt in tx.receipts(sha256(content).hexdigest())]
    if given:
        refuse_others([tx.package(receipt.package) for receipt in given], intake.places)
    else:
        before = examined or Examined()
        returns = before.returns or read_return(tx, name, content, intake)
        known, refused = known_returns(tx, returns, intake)
        given = [_answered(tx, returned, sent, content, refused, intake, before) for returned, sent in known]
    return replace(given[0], beside=tuple(given[1:]))


def _answered(
    tx: Transaction,
    returned: Return,
    sent: Package,
    content: bytes,
    refused: Sequence[Finding],
    intake: Intake,
    before: Examined,
) -> Receipt:
    rules = rules_of(tx, intake.sites.get(sent.site), sent)
    verdicts, strangers = before.of(returned, sent, rules) or validate(returned, sent, intake, rules)
    answered = reintegrate(tx, sent, verdicts, returned.digest, intake.now)
    verdicts = [_beside(verdict, answered) for verdict in verdicts]
    after = _progress(sent, verdicts)
    tx.save_package(after)
    questions = _questions(returned, sent, intake.now)
    corrections = _corrections(tx, sent, verdicts, intake.exporter)
    targets = {verdict.unit.id: verdict.target for verdict in verdicts}
    findings = (
        *returned.findings,
        *refused,
        *strangers,
        *(entry for verdict in verdicts for entry in verdict.findings),
    )
    receipt = Receipt(
        outcome=_outcome(findings),
        package=sent.id,
        digest=returned.digest,
        accepted=sum(verdict.fate is Fate.ACCEPTED for verdict in verdicts),
        quarantined=tuple(
            dict.fromkeys(entry.unit for entry in findings if entry.severity is Severity.ERROR and entry.unit)
        ),
        open=len(after.open_units),
        findings=findings,
        at=intake.now,
        repaired=tuple(verdict.unit.id for verdict in verdicts if verdict.is_repaired and verdict.fate in KEPT),
        proposals=tuple(verdict.unit.id for verdict in verdicts if verdict.fate is Fate.PROPOSAL),
        answered=tuple(answered),
        questions=tx.ask(questions),
        recognised=returned.recognised,
        corrections=corrections,
    )
    (page,) = tx.put_blobs([intake.exporter.receipt_page(receipt, after, targets)])
    receipt = replace(receipt, page=page)
    tx.save_receipt(sent.site, receipt, content)
    details = {"package": sent.id, "accepted": receipt.accepted, "open": receipt.open, "receipt": receipt.digest}
    tx.note(sent.site, "take in", details, intake.now)
    return receipt


def _beside(verdict: Verdict, answered: Mapping[str, str]) -> Verdict:
    """A verdict that names what somebody else made of its unit meanwhile."""
    other = answered.get(verdict.unit.id)
    if other is None:
        return verdict
    said = found(
        "merge",
        Severity.NOTE,
        "Somebody translated this text meanwhile, as “{text}”; yours is kept as a proposal beside it.",
        text=other,
    )
    return replace(verdict, findings=(*verdict.findings, replace(said, unit=verdict.unit.id)))


def _outcome(findings: Sequence[Finding]) -> Outcome:
    if any(entry.severity is Severity.ERROR for entry in findings):
        return Outcome.QUARANTINE
    warned = any(entry.severity is Severity.WARNING for entry in findings)
    return Outcome.WARN if warned else Outcome.ACCEPT


def reintegrate(
    tx: Transaction, sent: Package, verdicts: Sequence[Verdict], digest: str, now: datetime
) -> Mapping[str, str]:
    """Append the good targets, each bound to the source it was sent with; by unit id what others answered meanwhile.

    What moved meanwhile becomes a proposal beside theirs. A target that was retired is not taken in again from its package.
    """
    kept = [verdict for verdict in verdicts if verdict.fate in KEPT]
    units = [(verdict.unit.resource, verdict.unit.key) for verdict in kept]
    said = tx.own(sent.site, sent.locale, units, retired=True)
    own = tx.own(sent.site, sent.locale, units)
    moved = {verdict.unit.id: theirs.target for verdict in kept if (theirs := _theirs(sent, verdict.unit, own))}
    tx.append(
        _translation(sent, verdict, digest, now, is_moved=verdict.unit.id in moved)
        for verdict in kept
        if not _is_known(sent, verdict, said)
    )
    return moved


def _translation(sent: Package, verdict: Verdict, digest: str, now: datetime, *, is_moved: bool) -> Translation:
    unit, target = verdict.unit, verdict.target
    same = fingerprint(target) == unit.fingerprint and may_be_same(unit.source)
    return Translation(
        site=sent.site,
        locale=sent.locale,
        resource=unit.resource,
        key=unit.key,
        fingerprint=unit.fingerprint,
        source=unit.source,
        target=target,
        at=now,
        origin=Origin.PACKAGE,
        state=State.PROPOSAL if is_moved else verdict.state,
        answer=Answer.SAME if same else Answer.TEXT,
        author=sent.id,
        reference=f"{sent.id}@{digest[:12]}",
        previous=unit.previous,
        following=unit.following,
        source_locale=sent.source_locale,
    )


def _is_known(sent: Package, verdict: Verdict, own: Mapping[UnitId, Sequence[Translation]]) -> bool:
    """Whether the package's last word on a unit was the same: a file sent again, in other wrapping."""
    unit = verdict.unit
    ours = [
        entry
        for entry in own.get((unit.resource, unit.key), ())
        if entry.fingerprint == unit.fingerprint and entry.reference.startswith(f"{sent.id}@")
    ]
    if not ours or ours[-1].target != verdict.target:
        return False
    return ours[-1].state is not State.PROPOSAL or verdict.fate is Fate.PROPOSAL


def _theirs(sent: Package, unit: PackageUnit, own: Mapping[UnitId, Sequence[Translation]]) -> Translation | None:
    """What somebody else made of this very source after the package left: both are kept, theirs stays in front."""
    return next(
        (
            entry
            for entry in reversed(own.get((unit.resource, unit.key), ()))
            if entry.fingerprint == unit.fingerprint
            and entry.state is not State.PROPOSAL
            and entry.number > unit.base
            and entry.at > sent.created
            and not entry.reference.startswith(f"{sent.id}@")
        ),
        None,
    )


def _progress(sent: Package, verdicts: Sequence[Verdict]) -> Package:
    """The package with what came back marked, and how far it has come."""
    fates = {verdict.unit.id: verdict.fate for verdict in verdicts}
    units = tuple(_marked(unit, fates.get(unit.id)) for unit in sent.units)
    work = [unit for unit in units if not unit.locked]
    left = [unit for unit in work if not unit.done]
    if not left:
        status = PackageStatus.REINTEGRATED
    elif all(unit.attention for unit in left):
        status = PackageStatus.RETURNED
    elif len(left) < len(work) or any(unit.attention for unit in left) or Fate.PROPOSAL in fates.values():
        status = PackageStatus.PARTLY_RETURNED
    else:
        status = sent.status
    return replace(sent, units=units, status=status)


def _marked(unit: PackageUnit, fate: Fate | None) -> PackageUnit:
    if fate is None or unit.done:
        return unit
    done = fate is Fate.ACCEPTED
    return replace(unit, done=done, attention=not done and (unit.attention or fate is Fate.QUARANTINED))


def _questions(returned: Return, sent: Package, now: datetime) -> list[Question]:
    """What translators wrote beside units of the package, for the developers."""
    known = {unit.id for unit in sent.units}
    return [
        Question(sent.site, sent.id, answer.id, comment.text, comment.author, comment.at, now)
        for answer in returned.units
        if answer.id in known
        for comment in answer.comments
        if comment.text.strip()
    ]


def _corrections(tx: Transaction, sent: Package, verdicts: Sequence[Verdict], exporter: Exporter) -> str:
    """Keep a package of the quarantined units alone, each with what came back and what is wrong with it; its digest."""
    wrong = [verdict for verdict in verdicts if verdict.fate is Fate.QUARANTINED]
    if not wrong:
        return ""
    units = tuple(
        replace(verdict.unit, previous_target=verdict.target, match=MatchClass.NEW, percent=0.0) for verdict in wrong
    )
    details = {verdict.unit.id: Detail(note=_reasons(verdict)) for verdict in wrong}
    _, content = exporter.write(
        Handoff(replace(sent, units=units), exporter.profile(sent.profile), details=details, suffix="corrections")
    )
    (digest,) = tx.put_blobs([content])
    return digest


def _reasons(verdict: Verdict) -> str:
    return "\n".join(entry.message for entry in verdict.findings if entry.severity is Severity.ERROR)
