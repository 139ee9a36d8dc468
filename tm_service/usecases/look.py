"""Look: what jobs found when they looked at a site, as short documents with long lists beside them that are read in parts."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tm_service.domain.findings import Finding
from tm_service.domain.ports import Transaction
from tm_service.domain.units import Locale, UnitId, key_text
from tm_service.domain.usage import Usage
from tm_service.usecases.advice import Advice
from tm_service.usecases.hard_coded import HardCoded, HardCodedReport
from tm_service.usecases.report import OUTCOMES, Gate
from tm_service.usecases.usage import SiteUsage

Row = Mapping[str, Any]  # what JSON can say
Rows = Mapping[tuple[str, Locale], Sequence[Row]]  # by the name of a list and a locale, "" where it has none

PART = 500  # rows that are kept together


@dataclass(frozen=True)
class Look:
    """What a look at a site found: a short document, and lists by name and locale."""

    document: Mapping[str, Any]
    lists: Rows


def keep(tx: Transaction, found: Look) -> dict[str, Any]:
    """The document with its lists: the rows in the store, in parts, and here how many there are and where."""
    kept = []
    for (name, locale), rows in found.lists.items():
        parts = [rows[start : start + PART] for start in range(0, len(rows), PART)]
        digests = tx.put_blobs(json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass") for part in parts)
        kept.append({"list": name, "locale": locale, "count": len(rows), "parts": list(digests)})
    return {**found.document, "lists": kept}


def rows_of(tx: Transaction, kept: Mapping[str, Any], start: int, most: int) -> list[Row]:
    """Some rows of a list, from the one numbered `start` from 0; only their parts are read."""
    first, last = start // PART, (start + most - 1) // PART
    digests = kept["parts"][first : last + 1]
    contents = tx.blobs(digests)
    rows = [row for digest in digests for row in json.loads(contents[digest].decode("utf-8", "surrogatepass"))]
    begin = start - first * PART
    return rows[begin : begin + most]


def look_at_gate(found: Gate) -> Look:
    """What would revert, be held, wait, be stale, be new in the source language, be missing or be waived, by locale."""
    made = found.plan
    lists: dict[tuple[str, Locale], list[Row]] = {
        (outcome, locale): [] for outcome in OUTCOMES for locale in made.site.locales
    }
    for row in found.units:
        lists[str(row["outcome"]), str(row["locale"])].append(row)
    document = {"revision": made.revision.id, "gate": "closed" if found.closed else "open"}
    return Look(document, {**_filled(lists), **_findings(made.findings)})


def look_at_advice(found: Advice) -> Look:
    """What authors should put right, one list for each rule."""
    document = {
        "base": found.base.id if found.base else "",
        "revision": found.head.id,
        "texts": found.texts,
        "files": found.files,
    }
    by_check: dict[tuple[str, Locale], list[Row]] = defaultdict(list)
    for finding in found.findings:
        by_check[finding.check, ""].append(_finding(finding))
    return Look(document, dict(sorted(by_check.items(), key=lambda one: (-len(one[1]), one[0]))))


def look_at_keys(found: SiteUsage, texts: HardCodedReport) -> Look:
    """Which keys are used, which are not, which are missing or only known in part, and what is hard-coded."""
    document = {"revision": found.revision.id, "files": found.files, "used": len(found.uses)}
    lists: dict[tuple[str, Locale], list[Row]] = {
        ("used", ""): [
            _unit(unit) | {"places": [_place(one) for one in uses]} for unit, uses in sorted(found.uses.items())
        ],
        ("unused", ""): [_unit(unit) for unit in found.unused],
        ("mentioned", ""): [_unit(unit) for unit in found.mentioned],
        ("missing", ""): [_usage(one) for one in found.missing],
        ("dynamic", ""): [_usage(one) for one in found.dynamic],
        ("ambiguous", ""): [_usage(one) | {"units": [_unit(unit) for unit in units]} for one, units in found.ambiguous],
        ("hard-coded", ""): [_text(one) for one in texts.rows],
        ("hard-coded-known", ""): [_text(one) for one in texts.known],
    }
    return Look(document, {**_filled(lists), **_findings(found.findings)})


def _filled(lists: Rows) -> Rows:
    return {name: rows for name, rows in lists.items() if rows}


def _findings(findings: Iterable[Finding]) -> Rows:
    return _filled({("findings", ""): [_finding(one) for one in findings]})


def _finding(found: Finding) -> Row:
    return {
        "check": found.check,
        "severity": found.severity.value,
        "message": found.message,
        "unit": found.unit,
        "path": found.path,
        "template": found.template,
        "values": list(map(list, found.values)),
        "repair": found.repair,
    }


def _unit(unit: UnitId) -> dict[str, Any]:
    resource, key = unit
    return {"resource": resource, "key": key_text(key)}


def _place(usage: Usage) -> str:
    return f"{usage.path}:{usage.line}"


def _usage(usage: Usage) -> dict[str, Any]:
    return {"key": usage.key, "places": [_place(usage)]}


def _text(one: HardCoded) -> Row:
    return {
        "text": one.literal.text,
        "places": [f"{one.path}:{one.literal.line}"],
        "score": one.literal.score,
        "units": [_unit(unit) for unit in one.known],
    }
