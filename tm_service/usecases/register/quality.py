"""Quality: what was found in returns, by language, by check and by return."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tm_service.domain.findings import Severity
from tm_service.domain.register import CountedReturn
from tm_service.domain.units import Locale


@dataclass(frozen=True, slots=True)
class Judged:
    """Returns together: how many, how many came late, their units, and their findings by check and severity."""

    returns: int
    late: int
    accepted: int
    quarantined: int
    repaired: int
    findings: Mapping[tuple[str, str], int]

    @property
    def share(self) -> float | None:
        """The part of the units that was quarantined, 0 to 1; None of nothing."""
        units = self.accepted + self.quarantined
        return self.quarantined / units if units else None

    def severity(self, severity: Severity) -> int:
        return sum(count for (_, said), count in self.findings.items() if said == severity)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Returns of a site: all together, by language in the site's order, and each, the newest first."""

    total: Judged
    locales: Mapping[Locale, Judged]
    returns: tuple[CountedReturn, ...]

    @property
    def checks(self) -> list[tuple[str, Mapping[str, int]]]:
        """Findings by check, by severity within it; those with the most first."""
        sums: dict[str, Counter[str]] = {}
        for (check, severity), count in self.total.findings.items():
            sums.setdefault(check, Counter())[severity] += count
        return sorted(sums.items(), key=lambda one: (-sum(one[1].values()), one[0]))


def quality(returns: Sequence[CountedReturn], locales: Sequence[Locale]) -> QualityReport:
    by_locale = {locale: judged(one for one in returns if one.locale == locale) for locale in locales}
    return QualityReport(judged(returns), by_locale, tuple(returns))


def judged(returns: Iterable[CountedReturn]) -> Judged:
    some = list(returns)
    findings: Counter[tuple[str, str]] = Counter()
    for one in some:
        findings.update(one.findings)
    return Judged(
        returns=len(some),
        late=sum(1 for one in some if one.late),
        accepted=sum(one.accepted for one in some),
        quarantined=sum(one.quarantined for one in some),
        repaired=sum(one.repaired for one in some),
        findings=findings,
    )
