"""The site commands: describe sites and see what their content rules match."""

from dataclasses import asdict
from pathlib import Path

import click

from tm_service import shapes
from tm_service.cli.output import DONE, Answer, Commands, answering, finding_text, progress, table
from tm_service.cli.root import main, service, settings
from tm_service.cli.texts import listed
from tm_service.settings import known_sites


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
            ", ".join(f"{name} {count}" for name, count in sorted(found.formats.items())),
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
    parts = [table(("match", "formats", "files", "units", "words", "codes", "unreadable", *locales), rows)]
    parts += [f"{found.rule.match} matches nothing." for found in report.rules if not found.files]
    parts += listed(f"{len(report.unmatched)} files of the same kind belong to no rule:", report.unmatched)
    parts += listed("Findings:", [finding_text(found) for found in report.findings])
    parts.append(f"Next: `tm-service learn {name} --history`, then `tm-service deploy {name}`.")
    return document, "\n".join(parts), DONE
