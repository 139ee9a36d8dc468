"""The walk: learn, detect, estimate, package, take in, deploy, check."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from locales.findings import SOURCE, said
from tm_service import shapes
from tm_service.cli.folders import check_folder, check_out, read_file, write_catalogs, write_file, write_packages
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, answering, finding_text, progress, table
from tm_service.cli.root import main, service
from tm_service.cli.texts import SHOWN, coverage_table, listed, receipt_text
from tm_service.domain.changes import Change, ChangeKind
from tm_service.domain.deliveries import TROUBLE, Posting
from tm_service.domain.errors import ConfigurationError, ReturnRejected
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import Outcome, Receipt
from tm_service.service import OUTCOMES, Deployed, Service
from tm_service.usecases.report import Cost


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
    return document, "\n".join([text, *listed("Findings:", [finding_text(found) for found in learned.findings])]), DONE


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
    parts += [table(("kind", "edit", "unit"), rows[:SHOWN])] if rows else []
    parts += [f"... and {len(rows) - SHOWN} more; --json has all."] if len(rows) > SHOWN else []
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
    document = shapes.estimate(found)
    kinds = [kind.value for kind in MatchClass if any(classes[kind.value][0] for classes in found.locales.values())]
    priced = any(cost.currency for cost in found.costs.values())
    rows = [
        (locale, *(classes[kind][1] for kind in kinds), *_cost(found.costs[locale], priced=priced))
        for locale, classes in found.locales.items()
    ]
    head_row = ("locale", *kinds, "weighted", *(["cost"] if priced else []))
    counts = ", ".join(f"{document[kind]:,} {kind}" for kind in ("added", "edited", "moved", "removed"))
    words = f"Words to look at, by match class:\n{table(head_row, rows)}" if kinds else "No words to look at."
    return document, f"Units: {counts}. {words}", DONE


def _cost(found: Cost, *, priced: bool) -> tuple[float | str, ...]:
    amount = f"{found.amount:,.2f} {found.currency}" if found.currency else ""
    return (float(found.weighted), *([amount] if priced else []))


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--locale", "locales", multiple=True, help="Only this locale; may be repeated.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="When it should be back (YYYY-MM-DD).")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder for the packages."
)
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option("--profile", default="", help="For which tool: generic, trados, memoq, phrase or omegat.")
@click.option("--only", default="", help="Only files of this pattern, such as 'texts/legal/**'.")
@click.option("--words", type=click.IntRange(min=1), help="Cut into packages of so many words at most.")
@click.option("--xliff2", is_flag=True, help="The same content as XLIFF 2 as well.")
@click.option("--draft", is_flag=True, help="Make packages, and hand them off later.")
@answering
def package(
    name: str,
    *,
    locales: tuple[str, ...],
    due: datetime | None,
    out: Path,
    ref: str,
    profile: str,
    only: str,
    words: int | None,
    xliff2: bool,
    draft: bool,
) -> Answer:
    """Hand off what needs translation, one package a locale."""
    check_out(out)
    house = service().handoffs
    asked = house.order(name, locales=locales, due=due.date() if due else None)
    asked = replace(
        asked,
        profile=profile or asked.profile,
        only=only,
        most_words=words or asked.most_words,
        xliff2=xliff2 or asked.xliff2,
        draft=draft,
    )
    with progress("packaging"):
        made = house.package(name, asked, ref)
    write_packages(out, made)
    documents = [shapes.package(entry, str(out / file_name)) for entry, file_name, _ in made]
    rows = [(found["id"], found["locale"], found["units"], found["words"], found["path"]) for found in documents]
    text = (
        table(("package", "locale", "units", "words", "file"), rows)
        if rows
        else "Nothing needs translation that is not out already."
    )
    return {"packages": documents}, text, DONE


@main.command("take-in")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the receipt as a page, and for a package of what must be corrected.",
)
@click.option("--mail", is_flag=True, help="Mail the receipt to whom the site's settings name for the language.")
@click.option("--to", "recipients", multiple=True, help="Mail the receipt to this address; may be repeated.")
@answering
def take_in(
    files: tuple[Path, ...], *, dry_run: bool, out: Path | None, mail: bool, recipients: tuple[str, ...]
) -> Answer:
    """Take returns in: check each unit, keep the good ones, answer."""
    asked = _Asked(dry_run, out, mail or bool(recipients), recipients)
    if out is not None:
        check_out(out)
    contents = [read_file(file) for file in files]  # before anything is taken in
    house = service()
    pairs = zip(files, contents, strict=True)
    answers = [answer for file, content in pairs for answer in _take_in(house, file, content, asked)]
    documents = [document for document, _, _ in answers]
    code = max(code for _, _, code in answers)
    texts = [text for _, text, _ in answers]
    if not dry_run and any(document["accepted"] for document in documents):
        texts.append("Next: `tm-service deploy SITE` lets readers see what was accepted.")
    text = "\n\n".join(texts)
    return documents[0] if len(documents) == 1 else {"returns": documents}, text, code


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is done with receipts beside printing them."""

    dry_run: bool
    out: Path | None
    mail: bool
    recipients: tuple[str, ...]


def _take_in(house: Service, file: Path, content: bytes, asked: _Asked) -> list[Answer]:
    """One answer for each package that a file returns."""
    try:
        receipt = house.take_in(file.name, content, rehearse=asked.dry_run)
    except ReturnRejected as rejected:
        translated = _translated(rejected)
        finding = {"unit": "", "check": "return", "severity": "error", "message": str(rejected), **translated}
        document = {"outcome": Outcome.REJECT, "package": "", "accepted": 0, "quarantined": [], "open": 0}
        document |= {"repeated": False, "dry_run": asked.dry_run, "file": str(file), "findings": [finding]}
        lines = [f"{file}: rejected. {rejected}", *(f"  {own}" for own in translated.values())]
        return [(document, "\n".join(lines), NEEDS_PERSON)]
    return [_receipt(house, file, one, asked) for one in (receipt, *receipt.beside)]


def _translated(rejected: ReturnRejected) -> dict[str, str]:
    """A refusal in the language of its package as `translated`, where that is known and has the sentence."""
    english, own = (
        said(rejected.template, rejected.values, locale) for locale in (SOURCE, rejected.values.get("locale", SOURCE))
    )
    return {} if own == english else {"translated": own}


def _receipt(house: Service, file: Path, receipt: Receipt, asked: _Asked) -> Answer:
    needs_person = receipt.outcome in {Outcome.QUARANTINE, Outcome.REJECT}
    document = shapes.receipt(receipt) | {"dry_run": asked.dry_run, "file": str(file)}
    if asked.dry_run:
        return (
            document,
            f"Nothing was kept (--dry-run).\n{receipt_text(receipt)}",
            NEEDS_PERSON if needs_person else DONE,
        )
    lines = [receipt_text(receipt)]
    if asked.out is not None:
        files = house.handoffs.receipt_files(receipt)
        document["written"] = [str(asked.out / made.path) for made in files]
        for made in files:
            write_file(
                asked.out / made.path, made.content, "the return is taken in; take it in again to have its receipt"
            )
        lines += [f"  written: {path}" for path in document["written"]]
    if asked.mail:
        mailed, why = _mailed(house, receipt, asked.recipients)
        document["deliveries"] = [shapes.posting(entry) for entry in mailed]
        lines += [f"  mailed to {entry.recipient}: {entry.error or entry.status}" for entry in mailed]
        lines += [f"  not mailed: {why}"] if why else []
        needs_person = needs_person or bool(why) or any(entry.status in TROUBLE for entry in mailed)
    return document, "\n".join(lines), NEEDS_PERSON if needs_person else DONE


def _mailed(house: Service, receipt: Receipt, recipients: Sequence[str]) -> tuple[list[Posting], str]:
    """What became of the letters; else why there are none: the return is taken in whether or not its receipt can be sent."""
    try:
        posted = house.handoffs.post_receipt(receipt, recipients)
    except ConfigurationError as error:
        return [], str(error)
    sent = {entry.id: entry for entry in house.handoffs.send_due(posted[0].site)}
    return [sent.get(entry.id, entry) for entry in posted], ""


@main.command()
@click.argument("name", metavar="SITE")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option("--into", type=click.Path(path_type=Path), help="Write the catalogs into this checkout.")
@click.option("--push", is_flag=True, help="Commit the catalogs onto the revision and push; write documents back.")
@click.option("--with", "others", multiple=True, metavar="SITE", help="Deploy this site too: all or none; repeatable.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@answering
def deploy(name: str, ref: str, into: Path | None, push: bool, others: tuple[str, ...], dry_run: bool) -> Answer:
    """Move what readers see to a revision, in all languages at once.

    Refuses, with exit code 1, where readers would lose something.
    """
    check_folder(into)
    house = service()
    if into is not None and all(house.site(one).is_record_store for one in (name, *others)):
        raise ConfigurationError(f"{name} is a record store; its documents are written back by --push, not --into.")
    with progress("deploying"):
        made, *beside = house.deploy_together([name, *others], ref, push=push, rehearse=dry_run)
    document, text = _deployed(house, made, into=into, dry_run=dry_run)
    if beside:
        answers = [_deployed(house, one, into=into, dry_run=dry_run) for one in beside]
        document["with"] = [
            {"site": one.deployment.site} | said for one, (said, _) in zip(beside, answers, strict=True)
        ]
        text = "\n".join([text, *(said for _, said in answers)])
    return document, text, DONE


def _deployed(house: Service, made: Deployed, *, into: Path | None, dry_run: bool) -> tuple[dict[str, object], str]:
    """One site's deployment as a document and for people; its catalogs are written into a checkout where one is named."""
    name = made.deployment.site
    written = sorted(made.changed)
    into = None if house.site(name).is_record_store else into
    if into is not None and not dry_run:
        written = write_catalogs(house, into, made.deployment)
    document = shapes.deployment(made.deployment) | {
        "reverts": len(made.plan.reverts),
        "written": list(written),
        "removed": list(made.removed),
        "dry_run": dry_run,
        "waiting": list(made.deployment.waiting),
        "findings": shapes.findings(made.plan.findings),
    }
    would = "would be" if dry_run else "is"
    what = f"written into {into}" if into is not None and not dry_run else "changed"
    counts = f"{len(written)} catalogs {what}, {len(made.plan.reverts)} reverts"
    head = f"Deployment {made.deployment.number} of {name} {would} served: {counts}."
    parts = [head, coverage_table(made.deployment.coverage)]
    parts += [f"Commit {made.deployment.commit[:12]} carries them."] if made.deployment.commit else []
    parts += [f"ALARM {alarm.message}" for alarm in made.deployment.alarms]
    parts += listed("Waiting for all languages; readers keep the last complete version:", made.deployment.waiting)
    parts += listed("Findings:", [finding_text(found) for found in made.plan.findings])
    return document, "\n".join(parts)


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
    document = shapes.gate(held)
    rows = [(locale, *row.values()) for locale, row in document["locales"].items()]
    parts = [f"The gate is {document['gate']}.", table(("locale", *OUTCOMES), rows)]
    lines = [f"{row['locale']} {row['outcome']} {row['resource']} {row['key']}: {row['why']}" for row in found]
    parts += listed("Units:", lines)
    parts += listed("Findings:", [finding_text(found) for found in made.findings])
    if held.closed:
        parts.append(f"Next: `tm-service package {name} --ref {ref}`, or `tm-service waive` each unit named above.")
    return document, "\n".join(parts), NEEDS_PERSON if held.closed else DONE
