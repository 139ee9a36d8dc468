"""Output: one JSON document on one line for machines, short tables for people, errors as one sentence."""

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import Lock, Timer
from typing import Any, TextIO

import click

from tm_service.domain.errors import (
    Conflict,
    ConnectorError,
    ExtractionError,
    GateClosed,
    ReturnRejected,
    ServiceError,
    machine_refused,
)
from tm_service.domain.findings import Finding

DONE, NEEDS_PERSON, USAGE, OUTSIDE = 0, 1, 2, 3
_CODES: tuple[tuple[type[ServiceError], int], ...] = (
    (GateClosed, NEEDS_PERSON),
    (ReturnRejected, NEEDS_PERSON),
    (ExtractionError, NEEDS_PERSON),
    (ConnectorError, OUTSIDE),
    (Conflict, OUTSIDE),
    (ServiceError, USAGE),
)

_PATIENCE = 1.0  # seconds without a word
_AS_JSON = "tm_service.as_json"

Answer = tuple[Mapping[str, object], str, int]  # the document, the text for people, the exit code


class Commands(click.Group):
    """Commands in the order they were written; usage errors are documents too, where documents were asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """List them as they follow each other in the walk."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember what was asked for, before a mistake further on hides it."""
        ctx.meta[_AS_JSON] = ctx.meta.get(_AS_JSON, False) or "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click says on standard error what was wrong with the way it was called."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if ctx.parent is None and ctx.meta[_AS_JSON]:
                _print_line({"error": error.format_message()})
            raise


def answering(command: Callable[..., Answer | None]) -> Callable[..., None]:
    """Every command takes --json, --home and --debug; it returns its answer and never shows a traceback unasked.

    None: it has shown its answer itself, because it goes on.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document on one line.")
    @click.option(
        "--home", type=click.Path(path_type=Path), help="Where the store lives (TM_SERVICE_HOME, default ./var)."
    )
    @click.option("--debug", is_flag=True, help="Show where an error came from.")
    @wraps(command)
    def run(as_json: bool, home: Path | None, debug: bool, **arguments: object) -> None:
        context = click.get_current_context()
        context.obj = home or (context.obj if isinstance(context.obj, Path) else None)
        context.meta[_AS_JSON] = as_json
        try:
            answer = command(**arguments)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - the door is where a traceback ends; --debug shows it
            if debug:
                traceback.print_exc()
            sentence, code = _said(error)
            click.echo(printable(sentence, sys.stderr), err=True)
            answer = {"error": sentence}, "", code
        code = DONE
        if answer is not None:
            document, text, code = answer
            show(document, text)
        context.exit(code)

    return run


def show(document: Mapping[str, object], text: str) -> None:
    """Print the document where one was asked for, the text for people otherwise."""
    if click.get_current_context().meta.get(_AS_JSON):
        _print_line(document)
    elif text:
        click.echo(printable(text, sys.stdout))


def _print_line(document: Mapping[str, object]) -> None:
    line = json.dumps(document, ensure_ascii=False, default=str)
    if printable(line, sys.stdout) != line:  # half a character, or a terminal that has no Arabic: escapes say the same
        line = json.dumps(document, default=str)
    click.echo(line)


def printable(text: str, stream: TextIO) -> str:
    """The text as the stream can take it, the rest escaped."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _said(error: Exception) -> tuple[str, int]:
    """One sentence and the exit code."""
    if isinstance(error, ServiceError):
        return str(error), next(code for kind, code in _CODES if isinstance(error, kind))
    if isinstance(error, OSError):
        return machine_refused(error), OUTSIDE
    reason = next(iter(str(error).splitlines()), "").rstrip(".")
    kind = type(error).__name__
    return (
        f"Something failed that should not ({kind}: {reason}); run it again with --debug and report what it shows.",
        OUTSIDE,
    )


def finding_text(finding: Finding) -> str:
    """A finding as one line that names its file."""
    return finding.message if finding.path in finding.message else f"{finding.path}: {finding.message}"


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
    bar = _Bar(label)
    alarm = Timer(_PATIENCE, bar.start)
    alarm.daemon = True
    alarm.start()
    try:
        yield bar.update
    finally:
        alarm.cancel()
        bar.stop()


class _Bar:
    """A rich progress bar, loaded and drawn only when it is needed; started by a timer, moved by the work."""

    def __init__(self, label: str) -> None:
        self._label, self._lock = label, Lock()
        self._bar: Any = None
        self._task: Any = None
        self._done, self._total, self._over = 0, 0, False

    def start(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - slow to load, rarely needed
        from rich.progress import Progress  # noqa: PLC0415 - as above

        with self._lock:
            if not self._over:
                self._bar = Progress(console=Console(stderr=True), transient=True)
                self._task = self._bar.add_task(self._label, completed=self._done, total=self._total or None)
                self._bar.start()

    def update(self, done: int, total: int) -> None:
        with self._lock:
            self._done, self._total = done, total
            if self._bar is not None:
                self._bar.update(self._task, completed=done, total=total or None)

    def stop(self) -> None:
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()
