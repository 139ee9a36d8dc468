"""The code commands: which key is used where, what is hard-coded, what authors should put right."""

import json
from pathlib import Path

import click

from tm_service import shapes
from tm_service.cli.folders import write_file
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, answering, finding_text, progress, table
from tm_service.cli.root import service
from tm_service.cli.sites import site
from tm_service.cli.texts import SHOWN, listed
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.units import UnitId, key_text
from tm_service.domain.usage import Usage


@site.command("usage")
@click.argument("name", metavar="SITE")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option(
    "--base", default="", help="Alarm on message files that were imported at this revision and are not any more."
)
@answering
def site_usage(name: str, ref: str, base: str) -> Answer:
    """Show which keys the code uses, leaves or lacks.

    Says where each stands, and which message files nothing imports.
    """
    with progress("reading the code"):
        found = service().usage(name, ref, base)
    document = {
        "site": name,
        "revision": found.revision.id,
        "files": found.files,
        "used": {_unit(unit): list(found.places(unit)) for unit in found.uses},
        "unused": [_unit(unit) for unit in found.unused],
        "mentioned": [_unit(unit) for unit in found.mentioned],
        "missing": [_place(usage) for usage in found.missing],
        "dynamic": [_place(usage) for usage in found.dynamic],
        "ambiguous": [{**_place(usage), "units": [_unit(unit) for unit in units]} for usage, units in found.ambiguous],
        "unreached": list(found.unreached),
        "findings": shapes.findings(found.findings),
    }
    counts = [(part, len(value)) for part, value in document.items() if isinstance(value, list | dict)]
    parts = [f"{found.files:,} files of code at {found.revision.id[:12]}:", table(("keys", "count"), counts)]
    parts += listed("Missing:", [f"{usage.key} ({usage.path}:{usage.line})" for usage in found.missing])
    parts += listed("Unused:", [_unit(unit) for unit in found.unused])
    parts += listed("Findings:", [finding_text(one) for one in found.findings])
    return document, "\n".join(parts), _code(found.findings)


@site.command("hard-coded")
@click.argument("name", metavar="SITE")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option("--least", default=50, type=click.IntRange(0, 100), help="Least score of what is shown, 0 to 100.")
@click.option(
    "--sarif", "into", type=click.Path(path_type=Path, dir_okay=False), help="Write SARIF 2.1.0 into this file."
)
@answering
def site_hard_coded(name: str, ref: str, least: int, into: Path | None) -> Answer:
    """Show texts of the code that no message file has."""
    with progress("reading the code"):
        report = service().hard_coded(name, ref, least)
    if into is not None:
        write_file(into, json.dumps(shapes.sarif(report), ensure_ascii=False, indent=1).encode() + b"\n")
    rows = [
        {"path": row.path, "line": row.literal.line, "column": row.literal.column, "text": row.literal.text,
         "score": row.literal.score, "reasons": list(row.literal.reasons), "fingerprint": row.fingerprint,
         "known": [_unit(unit) for unit in row.known]}
        for row in (*report.rows, *report.known)
    ]  # fmt: skip
    document = {"site": name, "revision": report.revision.id, "files": report.files, "rows": rows}
    shown = [(row["score"], f"{row['path']}:{row['line']}", row["text"]) for row in rows[:SHOWN]]
    parts = [table(("score", "place", "text"), shown) if shown else "No text is hard-coded."]
    parts += [f"... and {len(rows) - SHOWN} more; --json has all."] if len(rows) > SHOWN else []
    return document | {"findings": shapes.findings(report.findings)}, "\n".join(parts), NEEDS_PERSON if rows else DONE


@site.command("advice")
@click.argument("name", metavar="SITE")
@click.option("--base", default="", help="Only what is new or edited since this revision.")
@click.option("--head", default="", help="Branch, tag or commit; default: the site's branch.")
@answering
def site_advice(name: str, base: str, head: str) -> Answer:
    """Tell authors what to put right in source texts."""
    with progress("reading the texts"):
        found = service().advice(name, base, head)
    document = {
        "site": name,
        "base": found.base.id if found.base else None,
        "head": found.head.id,
        "texts": found.texts,
        "checks": dict(found.by_check()),
        "findings": shapes.findings(found.findings),
    }
    text = [f"{len(found.findings):,} findings in {found.texts:,} texts and {found.files:,} files of code."]
    text += listed("Findings:", [finding_text(one) for one in found.findings])
    return document, "\n".join(text), NEEDS_PERSON if found.findings else DONE


def _unit(unit: UnitId) -> str:
    return f"{unit[0]} {key_text(unit[1])}"


def _place(usage: Usage) -> dict[str, object]:
    return {"key": usage.key, "path": usage.path, "line": usage.line, "column": usage.column, "kind": usage.kind.value}


def _code(findings: tuple[Finding, ...]) -> int:
    return NEEDS_PERSON if any(finding.severity is Severity.ERROR for finding in findings) else DONE
