"""Tracing: spans of requests, jobs, verbs and statements for OpenTelemetry, where its standard variables ask for them.

Where they do not, nothing of OpenTelemetry is loaded, and a span costs a look at one name. A job's trace has the id of the job:
the request that asked for it links there, and all attempts at it stand together.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from inspect import isfunction, isgeneratorfunction
from typing import Any

from tm_service.domain.errors import ConfigurationError

_ASKED_BY = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_SPOKEN = "http/protobuf"
_JOB_ID = re.compile(r"(?!0{32})[0-9a-f]{32}")
_HALF = 16  # digits of a job's id that name its trace's first span, which is nobody's
_ASKED_OFTEN = frozenset({"site"})
_FAULT = 500


class _Tracing:
    """OpenTelemetry, once it is on."""

    tracer: Any = None
    provider: Any = None


class Span:
    """What may be said of a span; nobody hears it where tracing is off."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def named(self, name: str, *, route: str, status: int, request: str) -> None:
        """Say of a request's span what is known at its end."""
        if self._span is not None:
            self._span.update_name(name)
            self._span.set_attributes(
                {"http.route": route, "http.response.status_code": status, "tm_service.request": request}
            )
            if status >= _FAULT:
                self._span.set_status(_error(str(status)))


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether OpenTelemetry's variables ask for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    return any(environment.get(name) for name in _ASKED_BY)


def start_traces(part: str, environment: Mapping[str, str], exporter: Any = None) -> bool:
    """Trace from here on where the environment asks for it; whether it does. Spans go to `exporter`, else by OTLP over HTTP.

    Raises ConfigurationError where the libraries are missing or another protocol is asked for.
    """
    if not wanted(environment):
        return False
    spoken = next((environment[name] for name in _PROTOCOLS if environment.get(name)), _SPOKEN)
    if spoken != _SPOKEN or environment.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        raise ConfigurationError(f"Traces are sent by OTLP as {_SPOKEN} only; set the OTEL_ variables accordingly.")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise ConfigurationError("Traces need OpenTelemetry; install tm-service[operating].") from error
    named = {} if environment.get("OTEL_SERVICE_NAME") else {"service.name": f"tm-service-{part}"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer("tm_service")
    _trace_statements(provider)
    return True


def _trace_statements(provider: Any) -> None:
    """Statements stand in spans with placeholders, without values."""
    try:
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return
    # It says that it knows SQLAlchemy up to 2.0 only; what it uses is the same in 2.1, and a test holds it to that.
    SQLAlchemyInstrumentor().instrument(tracer_provider=provider, skip_dep_check=True)


def end_traces() -> None:
    """Send what was not sent yet; nothing is traced from here on."""
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.provider = _Tracing.tracer = None


def trace_id() -> str:
    """The trace that this thread or task is in, 32 hexadecimal digits; empty where there is none."""
    if _Tracing.tracer is None:
        return ""
    from opentelemetry.trace import get_current_span  # noqa: PLC0415 - an extra

    context = get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""


@contextmanager
def span(name: str, kind: str = "INTERNAL", parent: Any = None, **attributes: str | int) -> Iterator[Span]:
    """A span around a block. Of an error it says the kind, not the message, which may name what is nobody's to see."""
    if _Tracing.tracer is None:
        yield Span()
        return
    from opentelemetry.trace import SpanKind  # noqa: PLC0415 - an extra

    with _Tracing.tracer.start_as_current_span(
        name,
        context=parent,
        kind=SpanKind[kind],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield Span(made)
        except Exception as error:
            made.set_status(_error(type(error).__name__))
            raise


@contextmanager
def serving(traceparent: str, method: str) -> Iterator[Span]:
    """A request's span, in the trace that it came with (W3C Trace Context)."""
    parent = None
    if traceparent and _Tracing.tracer is not None:
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 - an extra
            TraceContextTextMapPropagator,
        )

        parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent})
    with span(method, "SERVER", parent, **{"http.request.method": method}) as made:
        yield made


@contextmanager
def attempting(job_id: str, kind: str, site: str, attempt: int) -> Iterator[Span]:
    """An attempt's span, in the trace that has the job's id."""
    parent = None
    if _Tracing.tracer is not None and _JOB_ID.fullmatch(job_id):
        from opentelemetry.trace import NonRecordingSpan, set_span_in_context  # noqa: PLC0415 - an extra

        parent = set_span_in_context(NonRecordingSpan(_context(job_id)))
    told: dict[str, str | int] = {"job": job_id, "site": site, "attempt": attempt}
    with span(f"job {kind}", "CONSUMER", parent, **{f"tm_service.{name}": one for name, one in told.items()}) as made:
        yield made


def leads_to(job_id: str) -> None:
    """Link from what happens here to the trace of a job that it asked for."""
    if _Tracing.tracer is not None and _JOB_ID.fullmatch(job_id):
        from opentelemetry.trace import get_current_span  # noqa: PLC0415 - an extra

        get_current_span().add_link(_context(job_id), {"tm_service.job": job_id})


def _context(job_id: str) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags  # noqa: PLC0415 - an extra

    first = int(job_id[:_HALF], 16) or 1
    return SpanContext(int(job_id, 16), first, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _error(said: str) -> Any:
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - an extra

    return Status(StatusCode.ERROR, said)


def trace_verbs(*rooms: type) -> None:
    """Put a span around every public verb of these classes; once."""
    for room in rooms:
        for name, verb in list(vars(room).items()):
            plain = isfunction(verb) and not hasattr(verb, "__wrapped__") and not isgeneratorfunction(verb)
            if plain and not name.startswith("_") and name not in _ASKED_OFTEN:
                setattr(room, name, _traced(f"{room.__name__}.{name}", verb))


def _traced(name: str, verb: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(verb)
    def within(*args: Any, **named: Any) -> Any:
        with span(name):
            return verb(*args, **named)

    return within
