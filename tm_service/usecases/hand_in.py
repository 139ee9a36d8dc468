"""Hand in: what is confirmed at the desk goes the way of a returned file, under the same laws, and gets a receipt."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from tm_service.domain.desk import DeskTarget, TargetState
from tm_service.domain.errors import Unusable
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Package, Receipt, Return, ReturnedUnit, Stage
from tm_service.domain.ports import Transaction
from tm_service.usecases.desk import workable
from tm_service.usecases.examine import Examined, Intake, rules_of, validate
from tm_service.usecases.take_in import take_in

NAME = "desk"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is handed in together: wordings, the same as a return, and the bytes that its digest names."""

    targets: tuple[DeskTarget, ...]
    returned: Return
    content: bytes


def bundle(tx: Transaction, package: Package) -> Bundle:
    """Everything of a package that is confirmed and not handed in yet. Raises Unusable where that is nothing."""
    units = {unit.id: unit for unit in package.units}
    confirmed = tuple(tx.newest_desk_targets(package.id, TargetState.CONFIRMED))
    if not confirmed:
        raise Unusable(f"Nothing of {package.id} is confirmed that was not handed in before; confirm a unit first.")
    said = [
        {"id": one.unit, "version": one.version, "source": units[one.unit].source, "target": one.target}
        for one in confirmed
    ]
    content = json.dumps({"package": package.id, "units": said}, indent=1).encode()
    answers = tuple(
        ReturnedUnit(one.unit, units[one.unit].source, one.target, stage=Stage.TRANSLATED, is_whole=True)
        for one in confirmed
    )
    findings = tuple(_moved(tx, package, confirmed))
    return Bundle(
        confirmed,
        Return(package.id, sha256(content).hexdigest(), answers, findings, ((NAME, len(answers)),)),
        content,
    )


def _moved(tx: Transaction, package: Package, targets: Sequence[DeskTarget]) -> list[Finding]:
    """A warning for each unit whose source became another since it left."""
    units = {unit.id: unit for unit in package.units}
    mine = [units[one.unit] for one in targets]
    now = tx.newest_sources(package.site, [(unit.resource, unit.key) for unit in mine])
    said = "The source text changed after the package left; the target is kept for the text that it was made from."
    return [
        replace(found("source", Severity.WARNING, said), unit=unit.id)
        for unit in mine
        if now.get((unit.resource, unit.key), unit.source) != unit.source
    ]


def examined(tx: Transaction, package_id: str, intake: Intake) -> tuple[Bundle, Examined]:
    """How good it is, so that nobody waits to write meanwhile. Raises NotFound, Conflict, Unusable."""
    workable(tx, package_id)
    package = tx.package(package_id)
    made, rules = bundle(tx, package), rules_of(tx, intake.sites.get(package.site), package)
    judged = validate(made.returned, package, intake, rules)
    return made, Examined((made.returned,), ((made.returned, package, rules, judged),))


def hand_in(tx: Transaction, package_id: str, intake: Intake, before: tuple[Bundle, Examined]) -> Receipt:
    """Take in what is confirmed now; what was `examined` before is used as far as it still holds. Who saves waits.

    Raises NotFound, Conflict, Unusable.
    """
    tx.hold_desk()
    workable(tx, package_id)
    made, known = bundle(tx, tx.package(package_id)), before[1]
    if made != before[0]:
        known = Examined((made.returned,))
    receipt = take_in(tx, NAME, made.content, intake, known)
    for one in made.targets:
        tx.add_desk_target(replace(one, version=one.version + 1, state=TargetState.HANDED_IN, at=intake.now))
    return receipt
