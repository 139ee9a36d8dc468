"""Starting: what a process of the house does before it works for long: its settings checked, its log and its traces begun."""

import logging
import os
import sys

import click

from tm_service.cli.output import DONE
from tm_service.cli.root import settings
from tm_service.setting_names import unknown
from tm_service.settings import Settings

_log = logging.getLogger("tm_service")


def started(part: str) -> Settings:
    """The settings, all of them checked; from here on this process logs, and traces where it is asked to.

    `part` is what it does: serve, worker or schedule. Raises ConfigurationError.
    """
    from tm_service.telemetry import JSON, TEXT, start_logs  # noqa: PLC0415 - only what goes on logs
    from tm_service.tracing import end_traces, start_traces  # noqa: PLC0415 - as above

    known = settings()
    form = known.operation.log or (TEXT if sys.stderr.isatty() else JSON)
    context = click.get_current_context()
    context.call_on_close(start_logs(part, form, known.operation.log_level, known.secrets))
    if start_traces(part, os.environ):
        context.call_on_close(end_traces)
        _trace_verbs()
    for name in unknown(os.environ):
        _log.warning("%s is no setting of this version.", name)
    return known


def _trace_verbs() -> None:
    from tm_service import service  # noqa: PLC0415 - only where there are traces
    from tm_service.tracing import trace_verbs  # noqa: PLC0415 - as above

    # The switchboard, and every kind of verbs that it gives.
    trace_verbs(service.Service, *(room for name, room in vars(service).items() if name.endswith("Verbs")))


def leave() -> None:
    """End this process now, though threads of it still work: what they do has no effect any more."""
    from tm_service.tracing import end_traces  # noqa: PLC0415 - only what goes on traces

    end_traces()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(DONE)
