"""Listing: the commands of the root as its help shows them, in the order of the walk, and the modules that hang them on it.

The help of a command is said there too, and a test holds both to one wording: to list commands loads none of them.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from tm_service.cli.output import Commands

LISTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "site": ("code", "Describe sites and see what their content rules match."),
        "learn": ("walk", "Fill the memory from translations the site already has."),
        "detect": ("walk", "Tell what changed since the last deployment."),
        "estimate": ("walk", "Estimate what a release will cost, by match class and language."),
        "package": ("walk", "Hand off what needs translation, one package a locale."),
        "take-in": ("walk", "Take returns in: check each unit, keep the good ones, answer."),
        "deploy": ("walk", "Move what readers see to a revision, in all languages at once."),
        "check": ("walk", "Hold a revision against the gate, for the site's CI."),
        "packages": ("packages", "See what is out, and change what becomes of it."),
        "coverage": ("reports", "Count by language what is current, stale, out and missing."),
        "explain": ("reports", "Tell why readers see what they see, and what they saw before."),
        "rollback": ("reports", "Serve an earlier deployment again."),
        "waive": ("reports", "Allow the source text for one unit until a day, signed."),
        "replay": ("reports", "Walk past releases as if this service had been there."),
        "memory": ("memories", "Look into the translation memory."),
        "terms": ("terms", "Keep the terms of a memory."),
        "records": ("records", "Keep articles and records in the record store of this house."),
        "jobs": ("jobs", "Ask for work that a worker does, and see what became of it."),
        "worker": ("jobs", "Do what was asked for, until it is told to end."),
        "schedule": ("jobs", "Tell workers what is due; one such process for all of them."),
        "hooks": ("hooks", "Hear of pushes, and tell others of what happens here."),
        "audit": ("audit", "See who changed what, and prove it."),
        "people": ("people", "See and change who has an account."),
        "clients": ("clients", "See and change which programs may come in."),
        "backup": ("backup", "Write all that cannot be made again into one file."),
        "restore": ("backup", "Bring a backup back into an empty house: all of it or nothing."),
        "serve": ("running", "Open the web page, and do what is asked for by jobs."),
        "migrate": ("running", "Bring the database to the newest version."),
        "demo": ("running", "Set up an example site, walk the whole loop, open its page."),
        "settings": ("operating", "Say what is set, and from where; secrets are not shown."),
        "operating": ("operating", "Run the house on machines of your own."),
    }
)


class Later(Commands):
    """Commands that are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """List them as they follow each other in the walk."""
        return [*LISTED]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load it; of a name that is none all are loaded, so that click can say which was meant."""
        wanted = [LISTED[cmd_name]] if cmd_name in LISTED else LISTED.values()
        for module, _ in wanted:
            import_module(f"tm_service.cli.{module}")
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """Write them without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in LISTED.items()])
