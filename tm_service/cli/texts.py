"""Texts that several commands print."""

from collections.abc import Mapping, Sequence

from tm_service.cli.output import table
from tm_service.domain.deployments import Coverage
from tm_service.domain.packages import Receipt

SHOWN = 20  # lines a list shows to people; --json has all


def receipt_text(receipt: Receipt) -> str:
    again = " (taken in before; nothing changed)" if receipt.repeated else ""
    head = (
        f"{receipt.package}: {receipt.outcome}{again}. {receipt.accepted} accepted, "
        f"{len(receipt.quarantined)} quarantined, {receipt.open} open."
    )
    return "\n".join([head, *(f"  {found.severity} {found.unit}: {found.message}" for found in receipt.findings)])


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
