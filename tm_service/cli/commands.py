"""The commands, in the order of the walk; each asks the service once and says what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path

import click

from tm_service.cli import shapes
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, answering, progress, table
from tm_service.domain.changes import ChangeKind
from tm_service.domain.deployments import Coverage
from tm_service.domain.errors import ConfigurationError, ReturnRejected
from tm_service.domain.packages import Outcome, Receipt
from tm_service.domain.units import key_text, parse_key
from tm_service.service import Service
from tm_service.settings import Settings, add_sites, known_sites, read_settings

_SHOWN = 20  # lines a list shows to people; --json has all


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(path_type=Path), help="Where the store lives (TM_SERVICE_HOME, default ./var).")
@click.version_option(package_name="tm-service")
@click.pass_context
def main(context: click.Context, home: Path | None) -> None:
    """Keep a six-language site translated: detect, package, take in, deploy."""
    context.obj = home


def settings() -> Settings:
    home = click.get_current_context().obj
    return read_settings(home if isinstance(home, Path) else None)


def service() -> Service:
    from tm_service.bootstrap import open_service  # noqa: PLC0415 - `--help` need not load a database

    return open_service(settings())


# the site


@main.group()
def site() -> None:
    """Describe sites and see what their content rules match."""


@site.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@answering
def site_add(file: Path) -> Answer:
    """Check a sites.toml and remember where it is."""
    added = add_sites(settings(), file)
    first = next(iter(added))
    text = f"Added {', '.join(added)}. Next: `tm-service site check {first}`."
    return {"sites": sorted(added), "file": str(file.resolve())}, text, DONE


@site.command("list")
@answering
def site_list() -> Answer:
    """Name the sites that were added."""
    sites = known_sites(settings())
    rows = [(found.name, found.repository, found.branch, " ".join(found.locales)) for found in sites.values()]
    document = {"sites": [{"name": name, "repository": where, "branch": branch} for name, where, branch, _ in rows]}
    text = (
        table(("site", "repository", "branch", "locales"), rows)
        if rows
        else "No site yet: `tm-service site add sites.toml`."
    )
    return document, text, DONE


@site.command("check")
@click.argument("name", metavar="SITE")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@answering
def site_check(name: str, ref: str) -> Answer:
    """Show what each content rule matches, and what matches nothing."""
    report = service().check_site(name, ref)
    rules = [asdict(found) | {"match": found.rule.match, "extractor": found.rule.extractor} for found in report.rules]
    for rule in rules:
        del rule["rule"]
    document = {
        "site": name,
        "revision": report.revision.id,
        "rules": rules,
        "unmatched": list(report.unmatched),
        "findings": shapes.findings(report.findings),
    }
    rows = [
        (
            found.rule.match,
            found.files,
            found.units,
            found.words,
            found.codes,
            found.unreadable,
            *found.catalogs.values(),
        )
        for found in report.rules
    ]
    locales = report.rules[0].catalogs if report.rules else {}
    parts = [table(("match", "files", "units", "words", "codes", "unreadable", *locales), rows)]
    parts += [f"{found.rule.match} matches nothing." for found in report.rules if not found.files]
    parts += _listed(f"{len(report.unmatched)} files of the same kind belong to no rule:", report.unmatched)
    parts += [finding.message for finding in report.findings]
    return document, "\n".join(parts), DONE


# the walk


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--history", is_flag=True, help="Every past revision, not only today's catalogs.")
@answering
def learn(name: str, history: bool) -> Answer:
    """Fill the memory from translations the site already has."""
    with progress("learning") as tick:
        learned = service().learn(name, history=history, progress=lambda _revision, count: tick(count, 0))
    document = {
        "site": name,
        "commits": learned.commits,
        "translations": learned.translations,
        "left": dict(learned.counts),
        "findings": shapes.findings(learned.findings),
    }
    text = f"Learned {learned.translations:,} translations from {learned.commits:,} commits."
    left = [f"{count:,} {reason}" for reason, count in sorted(learned.counts.items())]
    text += f" Left aside: {', '.join(left)}." if left else ""
    return document, "\n".join([text, *_listed("Findings:", [found.message for found in learned.findings])]), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option("--base", default="", help="Compare with this revision; default: the last deployment's.")
@answering
def detect(name: str, ref: str, base: str) -> Answer:
    """What changed since the last deployment: added, edited, moved, removed."""
    changes = service().detect(name, ref, base)
    document = shapes.detected(changes)
    counts = [(kind.value, len(changes.of(kind))) for kind in ChangeKind]
    rows = [(change.kind, change.edit or "", str(change.unit)) for change in changes.changes]
    parts = [table(("change", "units"), [*counts, ("unchanged", changes.unchanged)])]
    parts += [table(("kind", "edit", "unit"), rows[:_SHOWN])] if rows else []
    parts += [f"... and {len(rows) - _SHOWN} more; --json has all."] if len(rows) > _SHOWN else []
    return document, "\n\n".join(parts), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--base", required=True, help="The revision that is live.")
@click.option("--head", required=True, help="The revision that is to come.")
@answering
def estimate(name: str, base: str, head: str) -> Answer:
    """What a release will cost: units and words by match class and language. Nothing is kept."""
    found = service().estimate(name, base, head)
    locales = {
        locale: {kind: {"units": units, "words": count} for kind, (units, count) in classes.items()}
        for locale, classes in found.locales.items()
    }
    changes = shapes.detected(found.changes)
    document = {key: changes[key] for key in ("base", "head", "added", "edited", "moved", "removed")} | {
        "locales": locales
    }
    kinds = list(next(iter(found.locales.values()), {}))
    rows = [(locale, *(classes[kind][1] for kind in kinds)) for locale, classes in found.locales.items()]
    return document, table(("words", *kinds), rows), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--locale", "locales", multiple=True, help="Only this locale; may be repeated.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="When it should be back (YYYY-MM-DD).")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder for the packages."
)
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@answering
def package(name: str, locales: tuple[str, ...], due: datetime | None, out: Path, ref: str) -> Answer:
    """Hand off what needs translation, one package a locale."""
    if not out.is_dir():
        raise ConfigurationError(f"{out} is no folder; make it or name another with --out.")
    made = service().package(name, locales=locales, due=due.date() if due else None, ref=ref)
    documents = []
    for entry, file_name, content in made:
        path = out / file_name
        path.write_bytes(content)
        documents.append(shapes.package(entry, str(path)))
    rows = [(found["id"], found["locale"], found["units"], found["words"], found["path"]) for found in documents]
    text = table(("package", "locale", "units", "words", "file"), rows) if rows else "Nothing needs translation."
    return {"packages": documents}, text, DONE


@main.command("take-in")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@answering
def take_in(files: tuple[Path, ...], dry_run: bool) -> Answer:
    """Take returns in: validate, merge, receipt."""
    house = service()
    answers = [_take_in(house, file, dry_run=dry_run) for file in files]
    documents = [document for document, _, _ in answers]
    code = max(code for _, _, code in answers)
    text = "\n\n".join(text for _, text, _ in answers)
    return documents[0] if len(documents) == 1 else {"returns": documents}, text, code


def _take_in(house: Service, file: Path, *, dry_run: bool) -> Answer:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}.") from error
    try:
        receipt = house.take_in(file.name, content, rehearse=dry_run)
    except ReturnRejected as rejected:
        finding = {"unit": "", "check": "return", "severity": "error", "message": str(rejected)}
        document = {"outcome": Outcome.REJECT, "package": "", "accepted": 0, "quarantined": [], "open": 0}
        return document | {"file": str(file), "findings": [finding]}, f"{file}: {rejected}", NEEDS_PERSON
    needs_person = receipt.outcome in {Outcome.QUARANTINE, Outcome.REJECT}
    return shapes.receipt(receipt) | {"file": str(file)}, receipt_text(receipt), NEEDS_PERSON if needs_person else DONE


def receipt_text(receipt: Receipt) -> str:
    again = " (taken in before; nothing changed)" if receipt.repeated else ""
    head = (
        f"{receipt.package}: {receipt.outcome}{again}. {receipt.accepted} accepted, "
        f"{len(receipt.quarantined)} quarantined, {receipt.open} open."
    )
    return "\n".join([head, *(f"  {found.severity} {found.unit}: {found.message}" for found in receipt.findings)])


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option("--into", type=click.Path(path_type=Path), help="Write the catalogs into this checkout.")
@click.option("--push", is_flag=True, help="Commit the catalogs onto the revision and push.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@answering
def deploy(name: str, ref: str, into: Path | None, push: bool, dry_run: bool) -> Answer:
    """The six catalogs for a revision; moves what readers see, or refuses where they would lose something."""
    house = service()
    if into is not None and not into.is_dir():
        raise ConfigurationError(f"{into} is no folder; name the checkout to write into.")
    made = house.deploy(name, ref, push=push, rehearse=dry_run)
    written: Sequence[str] = sorted(made.changed)
    if into is not None and not dry_run:
        written = house.write_catalogs(into, made.deployment)
    document = shapes.deployment(made.deployment) | {
        "reverts": len(made.plan.reverts),
        "written": list(written),
        "removed": list(made.removed),
        "dry_run": dry_run,
        "findings": shapes.findings(made.plan.findings),
    }
    would = "would be" if dry_run else "is"
    head = f"Deployment {made.deployment.number} of {name} {would} served: {len(written)} catalogs written, 0 reverts."
    parts = [head, coverage_table(made.deployment.coverage)]
    parts += [f"ALARM {alarm.message}" for alarm in made.deployment.alarms]
    parts += [finding.message for finding in made.plan.findings]
    return document, "\n".join(parts), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--ref", required=True, help="The revision to hold the gate against.")
@answering
def check(name: str, ref: str) -> Answer:
    """The gate for the site's CI: what would revert, be stale, be held or be new in English, and why."""
    made = service().plan(name, ref)
    found = made.outcomes()
    closed = bool(made.held or made.reverts)
    counts = {
        locale: {
            outcome: sum(row["locale"] == locale and row["outcome"] == outcome for row in found)
            for outcome in ("revert", "held", "stale", "new", "waived")
        }
        for locale in made.site.locales
    }
    document = {
        "site": name,
        "revision": made.revision.id,
        "gate": "closed" if closed else "open",
        "locales": counts,
        "units": found,
        "findings": shapes.findings(made.findings),
    }
    rows = [(locale, *row.values()) for locale, row in counts.items()]
    parts = [f"The gate is {document['gate']}.", table(("locale", "revert", "held", "stale", "new", "waived"), rows)]
    listed = [f"{row['locale']} {row['outcome']} {row['resource']} {row['key']}: {row['why']}" for row in found]
    parts += _listed("Units:", listed)
    return document, "\n".join(parts), NEEDS_PERSON if closed else DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--deployment", "number", type=int, help="Default: the latest.")
@answering
def coverage(name: str, number: int | None) -> Answer:
    """By language: current, from memory, stale, out, missing; in units and words."""
    report = service().coverage(name, number)
    paths = {
        locale: {path: shapes.tally(found.units) for path, found in by_path.items()}
        for locale, by_path in report.paths.items()
    }
    document = shapes.deployment(report.deployment) | {"locales": shapes.locales(report.locales), "paths": paths}
    head = f"Deployment {report.deployment.number} of {name}, {report.deployment.at:%Y-%m-%d %H:%M}, {report.deployment.ref}"
    alarms = [f"ALARM {alarm.message}" for alarm in report.deployment.alarms]
    return document, "\n".join([head, coverage_table(report.locales), *alarms]), DONE


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


@main.command()
@click.argument("name", metavar="SITE")
@click.argument("locale")
@click.argument("resource")
@click.argument("key")
@answering
def explain(name: str, locale: str, resource: str, key: str) -> Answer:
    """Why readers see what they see: who, when, from which source text, by which rule."""
    found = service().explain(name, locale, resource, key)
    entry, made = found.entry, found.translation
    document: dict[str, object] = {
        "site": name,
        "locale": locale,
        "resource": resource,
        "key": key_text(entry.key),
        "text": entry.text,
        "rule": entry.rule,
        "edit_class": entry.edit,
        "answer": entry.answer,
        "why": entry.why,
        "deployment": found.deployment.number,
        "translation": None,
    }
    if made:
        document["translation"] = {
            "target": made.target,
            "source": made.source,
            "author": made.author,
            "at": made.at.isoformat(),
            "origin": made.origin,
            "reference": made.reference,
            "state": made.state,
            "resource": made.resource,
            "key": key_text(made.key),
        }
    lines = [f"{entry.text}", f"  {entry.rule}: {entry.why}", f"  in deployment {found.deployment.number}"]
    if made:
        lines.append(f"  by {made.author or 'unknown'} on {made.at:%Y-%m-%d}, {made.origin} {made.reference}")
        lines.append(f"  from the source text: {made.source or '(known by its hash only)'}")
    return document, "\n".join(lines), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.argument("number", metavar="DEPLOYMENT", type=int)
@click.option("--into", type=click.Path(path_type=Path), help="Write the catalogs into this checkout.")
@answering
def rollback(name: str, number: int, into: Path | None) -> Answer:
    """Serve an earlier deployment again."""
    house = service()
    restored = house.rollback(name, number)
    written = house.write_catalogs(into, restored) if into is not None else ()
    parts = [f"Deployment {restored.number} of {name} serves deployment {number} again."]
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
    """Allow the source text for one unit until a day; signed, dated, and over by itself."""
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
    """Walk past releases: what readers saw against what they would have seen."""
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
        "\n".join([text, *_listed("Stopped by a gate:", [f"{k}: {v}" for k, v in found.stopped.items()])]),
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


@main.group()
def memory() -> None:
    """Look into the translation memory."""


@memory.command("stats")
@answering
def memory_stats() -> Answer:
    """How much the memory holds."""
    entries, size = service().memory_stats()
    document = {"entries": entries, "index": {"engine": "exact", "segments": entries, "bytes": size}}
    return document, f"{entries:,} entries, exact look-up.", DONE


# running it


@main.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8000, type=int, help="Port to listen on.")
@answering
def serve(host: str, port: int) -> Answer:
    """Open the web page."""
    start_page(service(), host, port)
    return {"served": f"http://{host}:{port}"}, "", DONE


def start_page(house: Service, host: str, port: int) -> None:
    from tm_service.web.server import run  # noqa: PLC0415 - the web is only loaded where it is served

    click.echo(f"The page is at http://{host}:{port}; Ctrl-C ends it.", err=True)
    run(house, host=host, port=port)


@main.command()
@answering
def migrate() -> Answer:
    """Bring the database to the newest version."""
    service()
    return {"migrated": True}, "The database is at the newest version.", DONE


@main.command()
@click.option("--serve/--no-serve", "serves", default=True, help="Leave the web page up at the end.")
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8000, type=int, help="Port to listen on.")
@answering
def demo(serves: bool, host: str, port: int) -> Answer:
    """Set up an example site and walk the whole loop: four releases, a translator in between."""
    from tm_service.cli.tour import tour  # noqa: PLC0415 - only the demo needs it

    house, document, text = tour(settings(), say=lambda line: click.echo(line, err=True))
    if serves:
        click.echo(text)
        start_page(house, host, port)
        text = ""
    return document, text, DONE


def _listed(head: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - _SHOWN} more; --json has all."] if len(lines) > _SHOWN else []
    return [head, *(f"  {line}" for line in lines[:_SHOWN]), *more]
