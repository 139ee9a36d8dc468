"""Savings: words of packages by match class, what they weigh by the rates, and what the memory saved."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import PackageStatus
from tm_service.domain.register import PaidRates, WeighedPackage
from tm_service.domain.units import Locale

_RatesOf = Callable[[Locale], PaidRates]
_Group = TypeVar("_Group")


@dataclass(frozen=True, slots=True)
class Leverage:
    """Words by match class, and what they weigh: words times rate. `saved` is what would have weighed without a memory.

    `cost` and `spared` are what that is at the price of a word, by currency; of languages without a price they say nothing.
    """

    words: Mapping[MatchClass, int] = field(default_factory=dict)
    weighted: Decimal = Decimal(0)
    cost: Mapping[str, Decimal] = field(default_factory=dict)
    spared: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.words.values())

    @property
    def saved(self) -> Decimal:
        return self.total - self.weighted

    @property
    def share(self) -> float | None:
        """The part that was saved, 0 to 1; None of nothing."""
        return float(self.saved / self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class SavingsReport:
    """Leverage of all packages that were handed off, by language, and by month and language; months as (2026, 11)."""

    total: Leverage
    locales: Mapping[Locale, Leverage]
    months: Mapping[tuple[int, int], Mapping[Locale, Leverage]]


def savings(packages: Sequence[WeighedPackage], rates: _RatesOf) -> SavingsReport:
    """Drafts were not paid and do not count; what a package was cancelled with does, for it was handed off."""
    counted = [one for one in packages if one.status is not PackageStatus.DRAFT]
    months = _grouped(counted, lambda one: (one.created.year, one.created.month))
    return SavingsReport(
        _leverage(counted, rates),
        {locale: _leverage(some, rates) for locale, some in _grouped(counted, _locale).items()},
        {
            month: {locale: _leverage(mine, rates) for locale, mine in _grouped(some, _locale).items()}
            for month, some in sorted(months.items(), reverse=True)
        },
    )


def _locale(one: WeighedPackage) -> Locale:
    return one.locale


def _grouped(
    packages: Iterable[WeighedPackage], by: Callable[[WeighedPackage], _Group]
) -> dict[_Group, list[WeighedPackage]]:
    found: dict[_Group, list[WeighedPackage]] = defaultdict(list)
    for one in packages:
        found[by(one)].append(one)
    return found


def _leverage(packages: Iterable[WeighedPackage], rates: _RatesOf) -> Leverage:
    words: Counter[MatchClass] = Counter()
    weighted = Decimal(0)
    cost: dict[str, Decimal] = defaultdict(Decimal)
    spared: dict[str, Decimal] = defaultdict(Decimal)
    for one in packages:
        words.update(one.words)
        paid = rates(one.locale)
        weight = paid.weight(one.words)
        weighted += weight
        if paid.currency:
            cost[paid.currency] += weight * paid.price
            spared[paid.currency] += (sum(one.words.values()) - weight) * paid.price
    return Leverage({kind: words[kind] for kind in MatchClass}, weighted, cost, spared)
