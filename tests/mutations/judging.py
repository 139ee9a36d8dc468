"""Judging: what take-in makes of a target: it is repaired where that is proven, then checked."""

from dataclasses import replace

from tests.mutations.kind import Answer
from tm_service.checks import HouseChecks
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.pairs import Pair

CHECKS = HouseChecks()


def judged(pair: Pair, returned: str) -> tuple[Answer, str, tuple[Finding, ...]]:
    """The answer to a returned target, the target that would be kept, and what is said of it.

    A repair that does not end where the correct target began is no repair of the damage: it is judged by the checks alone.
    """
    offered = replace(pair, target=returned)
    mended = CHECKS.repair(offered) if returned.strip() else None
    kept = mended.target if mended else returned
    said = CHECKS.check(replace(pair, target=kept))
    severities = {finding.severity for finding in said}
    if Severity.ERROR in severities:
        return Answer.QUARANTINED, kept, said
    if mended and kept == pair.target:
        return Answer.REPAIRED, kept, said
    if Severity.WARNING in severities:
        return Answer.WARNED, kept, said
    return Answer.NOTED if severities else Answer.ACCEPTED, kept, said
