"""The commands, in the order of the walk; each asks the service once and says what came of it."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path

import click

from tm_service.cli import shapes
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, finding_text, progress, show, table
from tm_service.domain.changes import Change, ChangeKind
from tm_service.domain.deployments import Coverage, Deployment
from tm_service.domain.errors import ConfigurationError, ConnectorError, ReturnRejected, ServiceError
from tm_service.domain.packages import Outcome, Receipt
from tm_service.domain.units import key_text, parse_key
from tm_service.service import OUTCOMES, Service
from tm_service.settings import Settings, known_sites, read_settings

_SHOWN = 20  # lines a list shows to people; --json has all


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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


@main.group(cls=Commands)
def site() -> None:
    """Describe sites and see what their content rules match."""


@site.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@answering
def site_add(file: Path) -> Answer:
    """Check a sites.toml and remember where it is."""
    from tm_service.bootstrap import add_site_file  # noqa: PLC0415 - `--help` need not load a database

    added = add_site_file(settings(), file)
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
    with progress("reading"):
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
    parts += _listed("Findings:", [finding_text(found) for found in report.findings])
    parts.append(f"Next: `tm-service learn {name} --history`, then `tm-service deploy {name}`.")
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
    return document, "\n".join([text, *_listed("Findings:", [finding_text(found) for found in learned.findings])]), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option("--base", default="", help="Compare with this revision; default: the last deployment's.")
@answering
def detect(name: str, ref: str, base: str) -> Answer:
    """Tell what changed since the last deployment."""
    with progress("comparing"):
        changes = service().detect(name, ref, base)
    document = shapes.detected(changes)
    counts = [(kind.value, len(changes.of(kind))) for kind in ChangeKind]
    rows = [(change.kind, change.edit or "", _where(change)) for change in changes.changes]
    base_text = f"since {changes.base.id[:12]}" if changes.base else "against nothing, as nothing was deployed yet"
    parts = [f"{changes.head.name or ref or 'The branch'} at {changes.head.id[:12]}, {base_text}:"]
    parts += [table(("change", "units"), [*counts, ("unchanged", changes.unchanged)])]
    parts += [table(("kind", "edit", "unit"), rows[:_SHOWN])] if rows else []
    parts += [f"... and {len(rows) - _SHOWN} more; --json has all."] if len(rows) > _SHOWN else []
    return document, "\n\n".join(parts), DONE


def _where(change: Change) -> str:
    moved = change.kind in {ChangeKind.MOVED, ChangeKind.EDITED_AND_MOVED}
    return f"{change.unit} (was {change.before})" if moved and change.before else str(change.unit)


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--base", required=True, help="The revision that is live.")
@click.option("--head", required=True, help="The revision that is to come.")
@answering
def estimate(name: str, base: str, head: str) -> Answer:
    """Estimate what a release will cost, by match class and language."""
    with progress("estimating"):
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
    counts = ", ".join(f"{document[kind]:,} {kind}" for kind in ("added", "edited", "moved", "removed"))
    return document, f"Units: {counts}. Words to look at, by match class:\n{table(('locale', *kinds), rows)}", DONE


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
    if not os.access(out, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{out} cannot be written into; name another folder with --out.")
    with progress("packaging"):
        made = service().package(name, locales=locales, due=due.date() if due else None, ref=ref)
    for _, file_name, content in made:
        _write(out / file_name, content)
    documents = [shapes.package(entry, str(out / file_name)) for entry, file_name, _ in made]
    rows = [(found["id"], found["locale"], found["units"], found["words"], found["path"]) for found in documents]
    text = (
        table(("package", "locale", "units", "words", "file"), rows)
        if rows
        else "Nothing needs translation that is not out already."
    )
    return {"packages": documents}, text, DONE


def _write(file: Path, content: bytes) -> None:
    """All of the file or nothing of it."""
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ConnectorError(
            f"{file} cannot be written: {error.strerror or error}; fetch it from the page (`tm-service serve`)."
        ) from error


@main.command("take-in")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@answering
def take_in(files: tuple[Path, ...], dry_run: bool) -> Answer:
    """Take returns in: check each unit, keep the good ones, answer."""
    contents = [_read(file) for file in files]  # before anything is taken in
    house = service()
    answers = [_take_in(house, file, content, dry_run=dry_run) for file, content in zip(files, contents, strict=True)]
    documents = [document for document, _, _ in answers]
    code = max(code for _, _, code in answers)
    texts = [text for _, text, _ in answers]
    if not dry_run and any(document["accepted"] for document in documents):
        texts.append("Next: `tm-service deploy SITE` lets readers see what was accepted.")
    text = "\n\n".join(texts)
    return documents[0] if len(documents) == 1 else {"returns": documents}, text, code


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}.") from error


def _take_in(house: Service, file: Path, content: bytes, *, dry_run: bool) -> Answer:
    try:
        receipt = house.take_in(file.name, content, rehearse=dry_run)
    except ReturnRejected as rejected:
        finding = {"unit": "", "check": "return", "severity": "error", "message": str(rejected)}
        document = {"outcome": Outcome.REJECT, "package": "", "accepted": 0, "quarantined": [], "open": 0}
        document |= {"repeated": False, "dry_run": dry_run, "file": str(file), "findings": [finding]}
        return document, f"{file}: rejected. {rejected}", NEEDS_PERSON
    needs_person = receipt.outcome in {Outcome.QUARANTINE, Outcome.REJECT}
    document = shapes.receipt(receipt) | {"dry_run": dry_run, "file": str(file)}
    text = f"Nothing was kept (--dry-run).\n{receipt_text(receipt)}" if dry_run else receipt_text(receipt)
    return document, text, NEEDS_PERSON if needs_person else DONE


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
    """Move what readers see to a revision, in all languages at once.

    Refuses, with exit code 1, where readers would lose something.
    """
    _check_folder(into)
    house = service()
    with progress("deploying"):
        made = house.deploy(name, ref, push=push, rehearse=dry_run)
    written: Sequence[str] = sorted(made.changed)
    if into is not None and not dry_run:
        written = _write_catalogs(house, into, made.deployment)
    document = shapes.deployment(made.deployment) | {
        "reverts": len(made.plan.reverts),
        "written": list(written),
        "removed": list(made.removed),
        "dry_run": dry_run,
        "findings": shapes.findings(made.plan.findings),
    }
    would = "would be" if dry_run else "is"
    what = f"written into {into}" if into is not None and not dry_run else "changed"
    head = f"Deployment {made.deployment.number} of {name} {would} served: {len(written)} catalogs {what}, 0 reverts."
    parts = [head, coverage_table(made.deployment.coverage)]
    parts += [f"Commit {made.deployment.commit[:12]} carries them."] if made.deployment.commit else []
    parts += [f"ALARM {alarm.message}" for alarm in made.deployment.alarms]
    parts += _listed("Findings:", [finding_text(found) for found in made.plan.findings])
    return document, "\n".join(parts), DONE


def _check_folder(into: Path | None) -> None:
    if into is not None and not into.is_dir():
        raise ConfigurationError(f"{into} is no folder; name the checkout to write into.")


def _write_catalogs(house: Service, into: Path, deployment: Deployment) -> Sequence[str]:
    """Where the checkout refuses, say that the deployment stands all the same."""
    try:
        return house.write_catalogs(into, deployment)
    except ServiceError as error:
        raise type(error)(f"Deployment {deployment.number} is served, but {into} was not written: {error}") from error


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--ref", required=True, help="The revision to hold the gate against.")
@answering
def check(name: str, ref: str) -> Answer:
    """Hold a revision against the gate, for the site's CI.

    Lists what would revert, be stale, be held or be new in the source language, and why; 1 where the gate is closed.
    """
    with progress("checking"):
        held = service().check(name, ref)
    made, found = held.plan, held.units
    counts = {
        locale: {
            outcome: sum(row["locale"] == locale and row["outcome"] == outcome for row in found) for outcome in OUTCOMES
        }
        for locale in made.site.locales
    }
    document = {
        "site": name,
        "revision": made.revision.id,
        "gate": "closed" if held.closed else "open",
        "locales": counts,
        "units": list(found),
        "findings": shapes.findings(made.findings),
    }
    rows = [(locale, *row.values()) for locale, row in counts.items()]
    parts = [f"The gate is {document['gate']}.", table(("locale", *OUTCOMES), rows)]
    listed = [f"{row['locale']} {row['outcome']} {row['resource']} {row['key']}: {row['why']}" for row in found]
    parts += _listed("Units:", listed)
    parts += _listed("Findings:", [finding_text(found) for found in made.findings])
    if held.closed:
        parts.append(f"Next: `tm-service package {name} --ref {ref}`, or `tm-service waive` each unit named above.")
    return document, "\n".join(parts), NEEDS_PERSON if held.closed else DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--deployment", "number", type=click.IntRange(min=1), help="Default: the latest.")
@answering
def coverage(name: str, number: int | None) -> Answer:
    """Count by language what is current, stale, out and missing."""
    report = service().coverage(name, number)
    paths = {
        locale: {path: shapes.tally(found.units) for path, found in by_path.items()}
        for locale, by_path in report.paths.items()
    }
    document = shapes.deployment(report.deployment) | {"locales": shapes.locales(report.locales), "paths": paths}
    entry = report.deployment
    head = f"Deployment {entry.number} of {name}, {entry.at:%Y-%m-%d %H:%M} UTC, {entry.ref}"
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
    """Tell why readers see what they see.

    Who translated it, when, from which source text, by which rule.
    """
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
    return document, "\n".join(lines), DONE


@main.command()
@click.argument("name", metavar="SITE")
@click.argument("number", metavar="DEPLOYMENT", type=click.IntRange(min=1))
@click.option("--into", type=click.Path(path_type=Path), help="Write the catalogs into this checkout.")
@answering
def rollback(name: str, number: int, into: Path | None) -> Answer:
    """Serve an earlier deployment again."""
    _check_folder(into)
    house = service()
    restored = house.rollback(name, number)
    written = _write_catalogs(house, into, restored) if into is not None else ()
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


@main.group(cls=Commands)
def memory() -> None:
    """Look into the translation memory."""


@memory.command("stats")
@answering
def memory_stats() -> Answer:
    """Tell how much the memory holds."""
    entries, size = service().memory_stats()
    document = {"entries": entries, "index": {"engine": "exact", "segments": entries, "bytes": size}}
    return document, f"{entries:,} entries, exact look-up.", DONE


# running it


@main.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8000, type=int, help="Port to listen on.")
@answering
def serve(host: str, port: int) -> None:
    """Open the web page."""
    start_page(service(), host, port, lambda address: show({"served": address}, ""))


def start_page(house: Service, host: str, port: int, ready: Callable[[str], None]) -> None:
    from tm_service.web.server import run  # noqa: PLC0415 - the web is only loaded where it is served

    def tell(address: str) -> None:
        ready(address)
        click.echo(f"The page is at {address}; Ctrl-C ends it.", err=True)

    run(house, host=host, port=port, ready=tell)


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
def demo(serves: bool, host: str, port: int) -> Answer | None:
    """Set up an example site, walk the whole loop, open its page."""
    from tm_service.cli.tour import tour  # noqa: PLC0415 - only the demo needs it

    house, document, text = tour(settings(), say=lambda line: click.echo(line, err=True))
    if not serves:
        return document, text, DONE
    start_page(house, host, port, lambda address: show(document | {"served": address}, text))
    return None


def _listed(head: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - _SHOWN} more; --json has all."] if len(lines) > _SHOWN else []
    return [head, *(f"  {line}" for line in lines[:_SHOWN]), *more]
