"""Output: one JSON document on one line for machines, short tables for people, errors as one sentence."""

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tm_service.domain.errors import Conflict, ConnectorError, ExtractionError, GateClosed, ReturnRejected, ServiceError

DONE, NEEDS_PERSON, USAGE, OUTSIDE = 0, 1, 2, 3
_CODES: tuple[tuple[type[ServiceError], int], ...] = (
    (GateClosed, NEEDS_PERSON),
    (ReturnRejected, NEEDS_PERSON),
    (ExtractionError, NEEDS_PERSON),
    (ConnectorError, OUTSIDE),
    (Conflict, OUTSIDE),
    (ServiceError, USAGE),
)

Answer = tuple[Mapping[str, object], str, int]  # the document, the text for people, the exit code


def answering(command: Callable[..., Answer]) -> Callable[..., None]:
    """Every command takes --json, --home and --debug; it returns its answer and never shows a traceback unasked."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document on one line.")
    @click.option(
        "--home", type=click.Path(path_type=Path), help="Where the store lives (TM_SERVICE_HOME, default ./var)."
    )
    @click.option("--debug", is_flag=True, help="Show where an error came from.")
    @wraps(command)
    def run(as_json: bool, home: Path | None, debug: bool, **arguments: object) -> None:
        context = click.get_current_context()
        context.obj = home or (context.obj if isinstance(context.obj, Path) else None)
        try:
            document, text, code = command(**arguments)
        except ServiceError as error:
            if debug:
                traceback.print_exc()
            document, text, code = {"error": str(error)}, "", _code(error)
            click.echo(str(error), err=True)
        if as_json:
            click.echo(json.dumps(document, ensure_ascii=False, default=str))
        elif text:
            click.echo(text)
        context.exit(code)

    return run


def _code(error: ServiceError) -> int:
    return next(code for kind, code in _CODES if isinstance(error, kind))


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns set flush: the first to the left, numbers to the right."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    right = [all(isinstance(row[place], int | float) for row in rows) and bool(rows) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(width) if flush else cell.ljust(width)
            for cell, width, flush in zip(row, widths, right, strict=True)
        )
        for row in cells
    ]
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}" if isinstance(value, float) else str(value)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's standard error once a step has taken a second; silent elsewhere. Total 0: unknown."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    began, shown = time.monotonic(), _Bar(label)

    def tick(done: int, total: int) -> None:
        if time.monotonic() - began > 1:
            shown.update(done, total)

    try:
        yield tick
    finally:
        shown.stop()


class _Bar:
    """A rich progress bar, loaded and drawn only when it is needed."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._task: Any = None

    def update(self, done: int, total: int) -> None:
        if self._bar is None:
            from rich.console import Console  # noqa: PLC0415 - slow to load, rarely needed
            from rich.progress import Progress  # noqa: PLC0415 - as above

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._label, total=total or None)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total or None)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
