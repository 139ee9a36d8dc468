"""Take in: recognise what returns, check each unit, keep the good ones, answer exactly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tm_service.domain.errors import NotFound, ReturnRejected
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.packages import OPEN, Outcome, Package, PackageStatus, PackageUnit, Receipt, Return, ReturnedUnit
from tm_service.domain.pairs import Pair
from tm_service.domain.ports import Exporter, Transaction
from tm_service.domain.serving import Answer, Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint, may_be_same
from tm_service.domain.units import UnitId

Checks = Callable[[Pair], tuple[Finding, ...]]
_UNTOUCHED = frozenset({"new", "needs-translation", "needs-adaptation", "needs-l10n"})
_CONFIRMED = frozenset({"translated", "signed-off", "final"})


def take_in(
    tx: Transaction, name: str, content: bytes, *, exporter: Exporter, checks: Checks, now: datetime
) -> Receipt:
    """Validate a return and reintegrate its good units; the same bytes twice change nothing (law 6).

    Raises ReturnRejected with one sentence where the file is not ours or not safe; nothing of it was used.
    """
    returned = exporter.read(name, content)
    given = tx.receipt(returned.digest)
    if given is not None:
        return replace(given, repeated=True)
    sent = _sent(tx, returned)
    accepted, findings = validate(returned, sent, exporter=exporter, checks=checks)
    reintegrate(tx, sent, accepted, returned.digest, now)
    after = _progress(sent, {unit.id for unit, _ in accepted})
    tx.save_package(after)
    receipt = _receipt(returned, after, accepted, findings, now)
    tx.save_receipt(sent.site, receipt, content)
    tx.note(sent.site, "take in", {"package": sent.id, "accepted": receipt.accepted, "open": receipt.open}, now)
    return receipt


def _sent(tx: Transaction, returned: Return) -> Package:
    try:
        sent = tx.package(returned.package)
    except NotFound as error:
        raise ReturnRejected(
            f"The file says it is package {returned.package}, which was never handed off here; return it where it came from."
        ) from error
    if sent.status is PackageStatus.CANCELLED:
        raise ReturnRejected(f"Package {sent.id} was cancelled; ask for the current one.")
    return sent


def validate(
    returned: Return, sent: Package, *, exporter: Exporter, checks: Checks
) -> tuple[list[tuple[PackageUnit, ReturnedUnit]], list[Finding]]:
    """Tell the good units from the bad; a unit is good when nothing about it is an error."""
    known = {unit.id: unit for unit in sent.units}
    accepted, findings = [], list(returned.findings)
    for answer in _once(returned.units, findings):
        unit = known.get(answer.id)
        if unit is None:
            findings.append(Finding("identity", Severity.ERROR, f"Unit {answer.id} is not in {sent.id}.", answer.id))
            continue
        rebuilt = exporter.rebuild(answer, unit)
        if _is_open(rebuilt, unit):
            findings += _left_empty(rebuilt)
            continue
        pair = Pair(unit.source, rebuilt.target, sent.locale, sent.source_locale)
        found = [replace(finding, unit=unit.id) for finding in (*rebuilt.findings, *checks(pair))]
        found = _unique(found)
        findings += found
        if all(finding.severity is not Severity.ERROR for finding in found):
            accepted.append((unit, rebuilt))
    return accepted, findings


def _once(units: Sequence[ReturnedUnit], findings: list[Finding]) -> Iterable[ReturnedUnit]:
    seen: dict[str, ReturnedUnit] = {}
    for unit in units:
        if unit.id in seen and seen[unit.id].target != unit.target:
            message = f"Unit {unit.id} stands in the file twice with different targets; the last one counts."
            findings.append(Finding("identity", Severity.WARNING, message, unit.id))
        seen[unit.id] = unit
    return seen.values()


def _unique(findings: Sequence[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def _is_open(answer: ReturnedUnit, unit: PackageUnit) -> bool:
    """Nobody worked on it: the file's own word, an untouched previous version, or an empty target never confirmed."""
    if answer.state in _UNTOUCHED and (not answer.target.strip() or answer.target == unit.source):
        return True
    untouched = bool(unit.previous_target) and answer.target == unit.previous_target
    return untouched and answer.state not in _CONFIRMED


def _left_empty(answer: ReturnedUnit) -> list[Finding]:
    if answer.target.strip():
        return []
    return [Finding("completeness", Severity.NOTE, f"Unit {answer.id} came back empty; it stays open.", answer.id)]


def reintegrate(
    tx: Transaction,
    sent: Package,
    accepted: Sequence[tuple[PackageUnit, ReturnedUnit]],
    digest: str,
    now: datetime,
) -> None:
    """Append the good targets, each bound to the source it was sent with; what moved meanwhile becomes a proposal.

    A target that was retired is not taken in again from the same package.
    """
    units = [(unit.resource, unit.key) for unit, _ in accepted]
    said = tx.own(sent.site, sent.locale, units, retired=True)
    own = tx.own(sent.site, sent.locale, units)
    tx.append(
        _translation(sent, unit, answer, digest, now, own)
        for unit, answer in accepted
        if not _is_known(sent, unit, answer, said)
    )


def _translation(
    sent: Package,
    unit: PackageUnit,
    answer: ReturnedUnit,
    digest: str,
    now: datetime,
    own: Mapping[UnitId, Sequence[Translation]],
) -> Translation:
    same = fingerprint(answer.target) == unit.fingerprint and may_be_same(unit.source)
    return Translation(
        site=sent.site,
        locale=sent.locale,
        resource=unit.resource,
        key=unit.key,
        fingerprint=unit.fingerprint,
        source=unit.source,
        target=answer.target,
        at=now,
        origin=Origin.PACKAGE,
        state=State.PROPOSAL if _moved_meanwhile(sent, unit, own) else State.TRANSLATED,
        answer=Answer.SAME if same else Answer.TEXT,
        author=sent.id,
        reference=f"{sent.id}@{digest[:12]}",
        previous=unit.previous,
        following=unit.following,
        source_locale=sent.source_locale,
    )


def _is_known(
    sent: Package, unit: PackageUnit, answer: ReturnedUnit, own: Mapping[UnitId, Sequence[Translation]]
) -> bool:
    """Whether the package's last word on a unit was the same: a file sent again, in other wrapping."""
    ours = [
        entry
        for entry in own.get((unit.resource, unit.key), ())
        if entry.fingerprint == unit.fingerprint and entry.reference.startswith(f"{sent.id}@")
    ]
    return bool(ours) and ours[-1].target == answer.target


def _moved_meanwhile(sent: Package, unit: PackageUnit, own: Mapping[UnitId, Sequence[Translation]]) -> bool:
    """Somebody else translated this very source after the package left: both are kept, theirs stays in front."""
    return any(
        entry.fingerprint == unit.fingerprint
        and entry.number > unit.base
        and entry.at > sent.created
        and not entry.reference.startswith(f"{sent.id}@")
        for entry in own.get((unit.resource, unit.key), ())
    )


def _progress(sent: Package, done: set[str]) -> Package:
    units = tuple(replace(unit, done=unit.done or unit.id in done) for unit in sent.units)
    left = sum(not unit.done for unit in units)
    status = PackageStatus.PARTLY_RETURNED if left else PackageStatus.REINTEGRATED
    if sent.status in OPEN and left == len(units):
        status = sent.status
    return replace(sent, units=units, status=status)


def _receipt(
    returned: Return,
    after: Package,
    accepted: Sequence[tuple[PackageUnit, ReturnedUnit]],
    findings: Sequence[Finding],
    now: datetime,
) -> Receipt:
    bad = tuple(dict.fromkeys(f.unit for f in findings if f.severity is Severity.ERROR and f.unit))
    warned = any(finding.severity is Severity.WARNING for finding in findings)
    outcome = Outcome.QUARANTINE if bad else Outcome.WARN if warned else Outcome.ACCEPT
    return Receipt(
        outcome=outcome,
        package=after.id,
        digest=returned.digest,
        accepted=len(accepted),
        quarantined=bad,
        open=len(after.open_units),
        findings=tuple(findings),
        at=now,
    )
