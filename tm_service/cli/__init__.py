"""The command line: one call on the service and its answer back, as text for people or as one line of JSON."""

from tm_service.cli.root import main

__all__ = ["main"]
