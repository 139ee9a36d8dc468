"""What people ask afterwards: how well, why, what if; and their decisions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import click

from tm_service import shapes
from tm_service.cli.folders import check_folder, write_catalogs
from tm_service.cli.output import DONE, Answer, answering, progress, table
from tm_service.cli.root import main, service
from tm_service.cli.texts import coverage_table, listed
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.units import parse_key
from tm_service.usecases.history import Chapter


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--deployment", "number", type=click.IntRange(min=1), help="Default: the latest.")
@click.option("--by-view", is_flag=True, help="By the pages that readers open, as the site's code tells them.")
@answering
def coverage(name: str, number: int | None, *, by_view: bool) -> Answer:
    """Count by language what is current, stale, out and missing."""
    report = service().coverage(name, number)
    document = shapes.coverage(report)
    entry = report.deployment
    head = f"Deployment {entry.number} of {name}, {entry.at:%Y-%m-%d %H:%M} UTC, {entry.ref}"
    parts = [head, coverage_table(report.locales)]
    parts += [f"ALARM {alarm.message}" for alarm in report.deployment.alarms]
    if by_view:
        views = service().coverage_by_view(name, number)
        document["views"] = {view: shapes.locales(found) for view, found in views.items()}
        rows = [
            (
                view,
                *(
                    f"{entry.units.covered}/{entry.units.units}" if entry else ""
                    for entry in map(found.get, report.locales)
                ),
            )
            for view, found in views.items()
        ]
        parts.append(table(("view", *report.locales), rows) if rows else "The code names no unit.")
    return document, "\n".join(parts), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.argument("locale")
@click.argument("resource")
@click.argument("key")
@click.option("--deployment", "number", type=click.IntRange(min=1), help="Default: the latest.")
@click.option("--before", type=click.IntRange(min=2), help="The history before this deployment; default: all of it.")
@answering
def explain(name: str, locale: str, resource: str, key: str, number: int | None, before: int | None) -> Answer:
    """Tell why readers see what they see, and what they saw before.

    Who translated it, when, from which source text, by which rule; and at which deployment it changed.
    """
    house = service()
    found = house.explain(name, locale, resource, key, number or 0)
    entry, made = found.entry, found.translation
    past = house.releases.history(name, locale, resource, entry.key, before=before or 0)
    makers = house.releases.makers(name, [one.stretch.first for one in past.chapters])
    document = shapes.explanation(name, locale, resource, found, past, makers)
    lines = [
        f"Readers of {locale} see:  {entry.text}",
        f"Because it is {entry.rule}:  {entry.why}",
        f"Served by deployment:  {found.deployment.number}, {found.deployment.at:%Y-%m-%d %H:%M} UTC",
    ]
    if made:
        lines.append(
            f"Translated by:  {made.author or 'somebody unknown'}, {made.at:%Y-%m-%d}, {made.origin} {made.reference}"
        )
        lines.append(f"From the source text:  {made.source or '(known by its hash only)'}")
    lines += ["", "What readers saw, newest first:", *map(_chapter, past.chapters)]
    if past.following:
        lines.append(f"What was before:  --before {past.following}")
    return document, "\n".join(lines), DONE


def _chapter(found: Chapter) -> str:
    """One line: the deployments, since when, and the text with its rule."""
    one, since = found.stretch, f"{found.deployment.at:%Y-%m-%d}"
    numbers = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
    shown = f"{one.served.text}  ({one.served.rule})" if one.served else "(the site had no such text)"
    return f"  {numbers}, since {since}:  {shown}"


@main.command()
@click.argument("name", metavar="SITE")
@click.argument("number", metavar="DEPLOYMENT", type=click.IntRange(min=1))
@click.option("--into", type=click.Path(path_type=Path), help="Write the catalogs into this checkout.")
@answering
def rollback(name: str, number: int, into: Path | None) -> Answer:
    """Serve an earlier deployment again."""
    check_folder(into)
    house = service()
    restored = house.rollback(name, number)
    written = write_catalogs(house, into, restored) if into is not None else ()
    parts = [f"Deployment {restored.number} of {name} serves deployment {number} again."]
    if restored.number == number:
        parts = [f"Deployment {number} of {name} is what readers see already."]
    parts += [f"ALARM {alarm.message}" for alarm in restored.alarms]
    return shapes.deployment(restored) | {"written": list(written)}, "\n".join(parts), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.argument("locale")
@click.argument("resource")
@click.argument("key")
@click.option("--by", required=True, help="Who signs.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day it holds (YYYY-MM-DD).")
@click.option("--reason", required=True, help="Why readers may see the source text.")
@answering
def waive(name: str, locale: str, resource: str, key: str, by: str, until: datetime, reason: str) -> Answer:
    """Allow the source text for one unit until a day, signed."""
    end = datetime.combine(until.date(), time.max, UTC)
    made = service().waive(name, locale, resource, parse_key(key), by=by, reason=reason, until=end)
    document: dict[str, object] = {
        "site": name,
        "locale": locale,
        "resource": resource,
        "key": key,
        "by": made.by,
        "until": made.until.isoformat(),
    }
    return document, f"Waived {resource} {key} in {locale} until {until:%Y-%m-%d}, signed by {made.by}.", DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--tags", default="*", help="Which tags are releases.")
@click.option("--deployments", type=click.Path(path_type=Path), help="CSV with tag, deployed_at.")
@click.option(
    "--seen", type=click.Path(path_type=Path), help="CSV with tag, lang, days, in_english: what readers really saw."
)
@click.option("--csv", "rows_to", type=click.Path(path_type=Path), help="Write a row for each release and locale.")
@answering
def replay(name: str, tags: str, deployments: Path | None, seen: Path | None, rows_to: Path | None) -> Answer:
    """Walk past releases as if this service had been there.

    What readers saw against what they would have seen.
    """
    if rows_to is not None and not rows_to.parent.is_dir():
        raise ConfigurationError(f"{rows_to.parent} is no folder; name another file with --csv.")
    with progress("replaying") as tick:
        found = service().replay(
            name, tags=tags, deployments=deployments, seen=seen, progress=lambda _name, done, total: tick(done, total)
        )
    if rows_to is not None:
        _write_rows(rows_to, found.rows)
    locales = {
        locale: {
            "string_days": round(total.string_days, 3),
            "unit_days": round(total.unit_days, 3),
            "english_seen": round(total.english_seen, 3),
            "english_served": round(total.english_served, 3),
            "same_days": round(total.same_days, 3),
            "reverts": total.reverts,
            "from_memory": total.from_memory,
            "moved": total.moved,
            "edit_classes": dict(total.edits),
        }
        for locale, total in found.locales.items()
    }
    document = {
        "site": name,
        "deployments": found.releases,
        "seconds": round(found.seconds, 1),
        "locales": locales,
        "stopped": dict(found.stopped),
    }
    rows = [
        (
            locale,
            int(total.string_days),
            100 * total.english_seen / (total.string_days or 1),
            100 * total.english_served / (total.string_days or 1),
            total.reverts,
            total.from_memory,
            total.moved,
            sum(total.edits.values()),
        )
        for locale, total in found.locales.items()
    ]
    head = (
        "locale",
        "string-days",
        "seen in English %",
        "served in English %",
        "reverts",
        "from memory",
        "moved",
        "by edit",
    )
    text = f"{found.releases} releases in {found.seconds:.1f} s\n{table(head, rows)}"
    return (
        document,
        "\n".join([text, *listed("Stopped by a gate:", [f"{k}: {v}" for k, v in found.stopped.items()])]),
        DONE,
    )


def _write_rows(file: Path, rows: Sequence[Mapping[str, object]]) -> None:
    import csv  # noqa: PLC0415 - used once

    try:
        with file.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.DictWriter(opened, list(rows[0]) if rows else ["tag"])
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror or error}.") from error
