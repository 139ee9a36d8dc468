"""Packages: what is out, and what becomes of it: handed off, sent, issued again, cancelled; questions that came back."""

from datetime import datetime
from pathlib import Path

import click

from tm_service import shapes
from tm_service.cli.folders import check_out, write_file, write_packages
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, answering, table
from tm_service.cli.root import main, service
from tm_service.domain.deliveries import TROUBLE, Posting, carried
from tm_service.domain.packages import Package
from tm_service.handoff_verbs import FOLDER, MAIL

_OUT = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder for the package."
)
_DUE = click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="When it should be back (YYYY-MM-DD).")


@main.group()
def packages() -> None:
    """See what is out, and change what becomes of it."""


@packages.command("list")
@click.argument("name", metavar="SITE")
@click.option("--open", "open_only", is_flag=True, help="Only what is out.")
@answering
def list_packages(name: str, open_only: bool) -> Answer:
    """List a site's packages, newest first."""
    found = [shapes.package_status(entry) for entry in service().handoffs.packages(name, open_only=open_only)]
    rows = [(row["id"], row["version"], row["status"], row["units"], row["open"], row["due"] or "") for row in found]
    text = (
        table(("package", "version", "status", "units", "open", "due"), rows)
        if rows
        else f"Site {name} has no packages."
    )
    return {"site": name, "packages": found}, text, DONE


@packages.command("hand-off")
@click.argument("package_id", metavar="PACKAGE")
@answering
def hand_off(package_id: str) -> Answer:
    """Hand off a draft: from now on it is out."""
    return _said(service().handoffs.hand_off(package_id))


@packages.command()
@click.argument("package_id", metavar="PACKAGE")
@answering
def cancel(package_id: str) -> Answer:
    """Call a package back; its units are work again."""
    return _said(service().handoffs.cancel(package_id))


def _said(found: Package) -> Answer:
    return shapes.package_status(found), f"Package {found.id} is {found.status}.", DONE


@packages.command()
@click.argument("package_id", metavar="PACKAGE")
@_DUE
@click.option("--profile", default="", help="For another tool than before.")
@_OUT
@answering
def reissue(package_id: str, due: datetime | None, profile: str, out: Path) -> Answer:
    """Issue the open units of a package again, as its next version."""
    check_out(out)
    again, name, content = service().handoffs.issue_again(package_id, due=due.date() if due else None, profile=profile)
    write_packages(out, [(again, name, content)])
    document = shapes.package_status(again) | {"path": str(out / name)}
    return document, f"Package {again.id}, version {again.version}, is in {out / name}.", DONE


@packages.command()
@click.argument("package_id", metavar="PACKAGE")
@_OUT
@answering
def download(package_id: str, out: Path) -> Answer:
    """Write what was handed off once more, as it was."""
    check_out(out)
    name, content = service().handoffs.file(package_id)
    write_file(out / name, content)
    return {"package": package_id, "path": str(out / name)}, f"Package {package_id} is in {out / name}.", DONE


@packages.command()
@click.argument("package_id", metavar="PACKAGE")
@click.option("--to", "recipients", multiple=True, help="An e-mail address; default: those of the site's settings.")
@click.option("--folder", is_flag=True, help="Into the shared folder instead.")
@click.option(
    "--once-more", is_flag=True, help="Also where it is in doubt whether it arrived; ask the recipient first."
)
@answering
def send(package_id: str, *, recipients: tuple[str, ...], folder: bool, once_more: bool) -> Answer:
    """Send a package to its translators; never twice to the same one."""
    if folder and recipients:
        raise click.UsageError("--to names who gets an e-mail; leave it out with --folder.")
    house = service().handoffs
    posted = house.post(package_id, FOLDER if folder else MAIL, recipients, once_more=once_more)
    sent = {entry.id: entry for entry in house.send_due(posted[0].site)}
    return _postings([sent.get(entry.id, entry) for entry in posted])


@packages.command()
@click.argument("name", metavar="SITE")
@answering
def remind(name: str) -> Answer:
    """Remind the translators of packages that are due; of each day and week once, so ask as often as you like."""
    house = service().handoffs
    posted = {entry.id: entry for entry in house.remind(name)}
    found = [*(posted | {entry.id: entry for entry in house.send_due(name) if entry.reminder}).values()]
    rows = [(entry.package, entry.recipient, entry.reminder, entry.status, entry.error) for entry in found]
    text = (
        table(("package", "to", "reminder", "status", "said"), rows)
        if rows
        else f"Nobody is to be reminded for {name}."
    )
    document = {"deliveries": [shapes.posting(entry) | {"reminder": entry.reminder} for entry in found]}
    return document, text, NEEDS_PERSON if any(entry.status in TROUBLE for entry in found) else DONE


@packages.command("rotate-key")
@answering
def rotate_key() -> Answer:
    """Seal packages with a new key from now on; what older keys sealed still verifies."""
    key = service().handoffs.rotate_key()
    return {"key": key}, f"Packages are sealed with the key {key} from now on.", DONE


@packages.command()
@click.argument("name", metavar="SITE")
@answering
def outbox(name: str) -> Answer:
    """Try what waits to be sent once more, and list all deliveries."""
    house = service().handoffs
    house.send_due(name)
    return _postings(house.postings(name))


def _postings(found: list[Posting]) -> Answer:
    rows = [
        (entry.package, carried(entry), entry.recipient, entry.status, entry.attempts, entry.error or entry.reference)
        for entry in found
    ]
    text = table(("package", "what", "to", "status", "attempts", "said"), rows) if rows else "The outbox is empty."
    code = NEEDS_PERSON if any(entry.status in TROUBLE for entry in found) else DONE
    return {"deliveries": [shapes.posting(entry) for entry in found]}, text, code


@packages.command()
@click.argument("name", metavar="SITE")
@answering
def questions(name: str) -> Answer:
    """List what translators asked beside their texts."""
    found = service().handoffs.questions(name)
    document = [shapes.question(entry) for entry in found]
    rows = [(entry.unit, entry.author, entry.text) for entry in found]
    text = table(("unit", "from", "question"), rows) if rows else "Nobody asked anything."
    return {"site": name, "questions": document}, text, DONE
