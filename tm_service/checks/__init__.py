"""Checks: what may be wrong with a target, each rule one generator of findings."""

from tm_service.checks.completeness import completeness
from tm_service.checks.markup import markup
from tm_service.checks.placeholders import placeholders
from tm_service.domain.findings import Finding
from tm_service.domain.pairs import Pair
from tm_service.domain.ports import Check

CHECKS: tuple[Check, ...] = (
    completeness,
    placeholders,
    markup,
)


def check(pair: Pair) -> tuple[Finding, ...]:
    """Everything the checks find of a pair; of a blank target only that it is blank."""
    if not pair.target.strip():
        return tuple(completeness(pair))
    return tuple(finding for find in CHECKS for finding in find(pair))
