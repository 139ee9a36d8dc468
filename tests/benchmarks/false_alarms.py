"""False alarms: how often each check speaks on what a real site's translators delivered.

`python -m tests.benchmarks.false_alarms` prints the table of the README: per cent of the pairs with an error, with a warning.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.benchmarks.measure import Skipped
from tests.benchmarks.real_site import DATA
from tm_service.checks import CHECKS, HouseChecks
from tm_service.checks.completeness import completeness
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair

PAIRS = DATA / "aligned_pairs.jsonl"
_ANY = "any of them"
_NAMES = (completeness.__name__, *(find.__name__ for find in CHECKS), _ANY)


def delivered() -> Iterator[Pair]:
    """The real site's pairs. Raises Skipped."""
    if not PAIRS.is_file():
        raise Skipped(f"The real site's pairs are not at {PAIRS}.")
    with PAIRS.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Pair(row["source"], row["target"], row["lang"])


def counted(pairs: Iterable[Pair]) -> tuple[int, Counter[tuple[str, Severity]]]:
    """How many pairs there are, and in how many a check finds something so severe, each once by check and severity."""
    checks, total = HouseChecks(), 0
    spoken: Counter[tuple[str, Severity]] = Counter()
    for total, pair in enumerate(pairs, 1):  # noqa: B007 - the last number is how many there are
        found = {(finding.check, finding.severity) for finding in checks.check(pair)}
        spoken.update(found | {(_ANY, severity) for _, severity in found})
    return total, spoken


def main() -> None:
    """Print the table."""
    try:
        total, spoken = counted(delivered())
    except Skipped as reason:
        sys.stdout.write(f"Skipped: {reason}\n")
        return
    out = [f"| check, on {total:,} pairs | errors | warnings |", "|---|---:|---:|"]
    for name in _NAMES:
        shares = (spoken[name, severity] / total for severity in (Severity.ERROR, Severity.WARNING))
        out.append(f"| {name} | {' | '.join(f'{share:.2%}' for share in shares)} |")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
