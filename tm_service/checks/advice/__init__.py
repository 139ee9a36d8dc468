"""Advice: what authors of English source texts should put right before anybody translates them, each rule one generator."""

from collections.abc import Callable, Collection, Iterator, Sequence

from tm_service.checks.advice.counting import counting
from tm_service.checks.advice.pieces import joined_in_code, pieces
from tm_service.checks.advice.spelling import spelling
from tm_service.checks.advice.wording import wording
from tm_service.domain.findings import Finding
from tm_service.domain.units import Unit, UnitId
from tm_service.domain.usage import Joined

Rule = Callable[[Unit], Iterator[Finding]]

NAMES = frozenset(
    f"source-{name}"
    for name in ("edges", "fragment", "joined", "plural", "placeholder", "ambiguous", "link", "length", "capitals")
) | {"source-exclamation", "source-quotes", "source-doubled", "source-terms"}

RULES: tuple[Rule, ...] = (pieces, counting, wording)


class HouseAdvice:
    """All advice of the house."""

    def of_unit(self, unit: Unit) -> Iterator[Finding]:
        """What is to be said of one source text."""
        return (finding for rule in RULES for finding in rule(unit))

    def across(self, units: Sequence[Unit], only: Collection[UnitId] | None = None) -> Iterator[Finding]:
        """What only shows of texts beside each other."""
        return spelling(units, only)

    def of_code(self, path: str, joined: Joined) -> Finding:
        """What is to be said of a sentence put together in code."""
        return joined_in_code(path, joined)
