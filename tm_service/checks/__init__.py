"""Checks: what may be wrong with a target, each rule one generator of findings."""

from collections.abc import Iterator, Sequence
from itertools import chain

from tm_service.checks.characters import characters
from tm_service.checks.completeness import completeness
from tm_service.checks.consistency import consistency
from tm_service.checks.forms import by_form, in_forms, plural_of, repaired_forms
from tm_service.checks.html import html
from tm_service.checks.icu import icu
from tm_service.checks.length import length
from tm_service.checks.links import links
from tm_service.checks.markup import markup
from tm_service.checks.meaning import meaning
from tm_service.checks.numbers import numbers
from tm_service.checks.placeholders import placeholders
from tm_service.checks.plurals import plurals
from tm_service.checks.punctuation import punctuation
from tm_service.checks.repair import repaired
from tm_service.checks.repair.edits import NAME as REPAIR
from tm_service.checks.script import script
from tm_service.checks.terms import terms
from tm_service.checks.whitespace import whitespace
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.pairs import Pair, Repaired
from tm_service.domain.ports import Check

CHECKS: tuple[Check, ...] = (
    placeholders,
    plurals,
    icu,
    markup,
    html,
    links,
    numbers,
    characters,
    whitespace,
    punctuation,
    length,
    script,
    terms,
    meaning,
)
NAMES = frozenset({completeness.__name__, consistency.__name__, REPAIR, *(find.__name__ for find in CHECKS)})


class HouseChecks:
    """All checks of the house, and its repairs."""

    def check(self, pair: Pair) -> tuple[Finding, ...]:
        """Everything the checks find of a pair; of a target that is none, only that; of a plural message, form by form."""
        plural = plural_of(pair)
        return tuple(in_forms(pair, *plural, _checked)) if plural else _checked(pair)

    def repair(self, pair: Pair) -> Repaired | None:
        whole = None if plural_of(pair) else repaired(pair)
        return whole or repaired_forms(pair, _checked, repaired)

    def across(self, pairs: Sequence[tuple[str, Pair]]) -> Iterator[Finding]:
        return consistency(pairs)


def _checked(pair: Pair) -> tuple[Finding, ...]:
    first = tuple(completeness(pair))
    if any(finding.severity is Severity.ERROR for finding in first):
        return first
    found = (by_form(pair, find) if find is markup else find(pair) for find in CHECKS)
    return (*first, *chain.from_iterable(found))
