"""False alarms: how often each check speaks on what a real site's translators delivered.

`make figures ONLY=false-alarms` draws the table of the README: per cent of the pairs with an error, with a warning.
"""

import json
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
# What is counted together, and what the errors turned out to be.
_TOGETHER = {
    "numbers": "figures dropped or changed, sources changed since",
    "markup, html, links": "tags cut off, addresses changed",
    "characters, length, punctuation, whitespace": "blanks at the ends, mostly repaired",
    "meaning, script, completeness": "",
}
HEAD = ("check", "errors", "warnings", "what the errors are")


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
        spoken.update(
            found | {(_ANY, severity) for _, severity in found} | {(_group(name), is_) for name, is_ in found}
        )
    return total, spoken


def _group(check: str) -> str:
    return next((names for names in _TOGETHER if check in names.split(", ")), check)


def table() -> list[list[str]]:
    """The README's table, checks that are alike together, then those that stand alone and speak. Raises Skipped."""
    total, spoken = counted(delivered())
    alone = {_group(check.__name__) for check in (completeness, *CHECKS)} - set(_TOGETHER)
    made = []
    for name in (*_TOGETHER, *sorted(alone), _ANY):
        shares = [spoken[name, severity] / total for severity in (Severity.ERROR, Severity.WARNING)]
        if any(shares) or name in _TOGETHER:
            made.append([name, *(f"{share:.2%}" for share in shares), _TOGETHER.get(name, "")])
    return made
