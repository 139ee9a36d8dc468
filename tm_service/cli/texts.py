"""Texts that several commands print."""

from collections.abc import Mapping, Sequence

from tm_service.cli.output import table
from tm_service.domain.deployments import Coverage
from tm_service.domain.findings import Finding
from tm_service.domain.packages import Receipt

SHOWN = 20  # lines a list shows to people; --json has all


def receipt_text(receipt: Receipt) -> str:
    """The answer in one line with what it counts, then everything found, each where it stands."""
    again = " (taken in before; nothing changed)" if receipt.repeated else ""
    more = {
        "repaired": len(receipt.repaired),
        "as proposals": len(receipt.proposals),
        "translated by others meanwhile": len(receipt.answered),
        "questions passed on": receipt.questions,
    }
    counts = [f"{receipt.accepted} accepted", f"{len(receipt.quarantined)} quarantined", f"{receipt.open} open"]
    counts += [f"{count} {name}" for name, count in more.items() if count]
    head = f"{receipt.package}: {receipt.outcome}{again}. {', '.join(counts)}."
    return "\n".join([head, *(f"  {_found(entry)}" for entry in receipt.findings)])


def _found(entry: Finding) -> str:
    place = entry.unit or ("" if entry.path in entry.message else entry.path)
    return f"{entry.severity} {place}: {entry.message}" if place else f"{entry.severity}: {entry.message}"


def coverage_table(found: Mapping[str, Coverage]) -> str:
    rows = [
        (
            locale,
            entry.units.units,
            entry.units.current,
            entry.units.from_memory,
            entry.units.stale,
            entry.units.out,
            entry.units.missing,
            100 * entry.units.covered / (entry.units.units or 1),
            entry.words.missing,
        )
        for locale, entry in found.items()
    ]
    head = ("locale", "units", "current", "from memory", "stale", "out", "missing", "covered %", "words missing")
    return table(head, rows)


def listed(head: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - SHOWN} more; --json has all."] if len(lines) > SHOWN else []
    return [head, *(f"  {line}" for line in lines[:SHOWN]), *more]
