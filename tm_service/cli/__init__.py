"""The command line: one call on the service and its answer back, as text for people or as one line of JSON."""

# The order of these imports is the order in which the help lists the commands.
from tm_service.cli import sites, code, walk, packages, reports, memories, terms, records  # noqa: F401, I001 - imported to hang their commands on main
from tm_service.cli import jobs, hooks, audit, people, clients, backup, running, operating  # noqa: F401 - as above
from tm_service.cli.root import main

__all__ = ["main"]
