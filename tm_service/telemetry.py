"""Telemetry: what happens, one line an event, with the ids by which lines are found again and without anybody's secrets."""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, merge_contextvars
from structlog.processors import TimeStamper, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

from tm_service.redaction import redacted, redactor
from tm_service.tracing import trace_id

JSON, TEXT = "json", "text"
_LONGEST = 20_000  # characters of one text in a line
# These speak of every call they make; their warnings are enough.
_TALKATIVE = (
    "alembic",
    "celery.app.trace",
    "celery.beat",
    "celery.worker.strategy",
    "git",
    "httpcore",
    "httpx",
    "multipart",
    "opentelemetry",
    "python_multipart",
    "sqlalchemy",
    "urllib3",
)
# What a terminal or a reader of lines could take for the end of one, for a command or for text that runs the other way.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_FIRST = ("time", "level", "event")
Line = MutableMapping[str, Any]


def start_logs(
    part: str, form: str, level: str, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> Callable[[], None]:
    """From here on everything that this process logs goes to standard error, one line an event; what is given ends that.

    `part` says which process of the house it is, `form` is `json` or `text`, `level` is `debug`, `info`, `warning` or `error`;
    `secrets` are never written down, nor is what looks like one. What other libraries log goes the same way.
    """
    own: list[Any] = [
        merge_contextvars,
        _placed(part),
        ExtraAdder(),
        add_log_level,
        add_logger_name,
        TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    finish: list[Any] = [
        ProcessorFormatter.remove_processors_meta,
        _uncoloured,
        format_exc_info,
        _without_secrets(secrets),
        _as_json if form == JSON else _as_text,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(ProcessorFormatter(processors=finish, foreign_pre_chain=own))
    handler.handleError = _unwritten  # type: ignore[method-assign]  # its own way is a traceback with the message in it
    root = logging.getLogger()
    before, level_before = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)

    def end() -> None:
        logging.captureWarnings(capture=False)
        root.handlers[:] = before
        root.setLevel(level_before)
        clear_contextvars()

    return end


def about(**ids: object) -> AbstractContextManager[None]:
    """What is logged in the block, in this thread or task, says what it is about: a request, a job, a task."""
    return bound_contextvars(**ids)


def begin(**ids: object) -> None:
    """From here on, in this task, it is about these ids and nothing else."""
    clear_contextvars()
    bind_contextvars(**ids)


def _placed(part: str) -> Callable[[Any, str, Line], Line]:
    def say(_logger: Any, _method: str, line: Line) -> Line:
        line.setdefault("part", part)
        if trace := trace_id():
            line.setdefault("trace", trace)
        return line

    return say


def _without_secrets(secrets: Iterable[str]) -> Callable[[Any, str, Line], Line]:
    redact = redactor(secrets)

    def hide(_logger: Any, _method: str, line: Line) -> Line:
        found = redacted(dict(line), redact)
        return found if isinstance(found, dict) else {}

    return hide


def _uncoloured(_logger: Any, _method: str, line: Line) -> Line:
    """Uvicorn says everything twice, once in colours."""
    line.pop("color_message", None)
    return line


def _as_json(_logger: Any, _method: str, line: Line) -> str:
    return _CONTROLS.sub(_escaped, json.dumps(_ordered(line), ensure_ascii=False, default=str))


def _as_text(_logger: Any, _method: str, line: Line) -> str:
    """The moment, how grave it is, what happened, what it is about; a traceback stands below, set in."""
    known = _ordered(line)
    moment, level, event = (str(known.pop(name, "")) for name in _FIRST)
    trace = str(known.pop("exception", ""))
    words = " ".join(f"{name}={value}" for name, value in known.items())
    first = _CONTROLS.sub(_escaped, f"{moment} {level:7} {event}  {words}".rstrip())
    return "\n".join([first, *(f"    | {_CONTROLS.sub(_escaped, one)}" for one in trace.splitlines())])


def _ordered(line: Line) -> dict[str, Any]:
    names = [*(name for name in _FIRST if name in line), *sorted(set(line) - set(_FIRST))]
    return {name: _cut(line[name]) for name in names}


def _cut(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}... ({len(value):,} characters)"
    return value


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _unwritten(record: logging.LogRecord) -> None:
    """A line that cannot be written is lost, and says no more than where it came from."""
    kind = sys.exc_info()[0]
    said = {"level": "error", "event": "a line could not be logged", "logger": record.name, "line": record.lineno}
    sys.stderr.write(json.dumps(said | {"why": kind.__name__ if kind else ""}) + "\n")
