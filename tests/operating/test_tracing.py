"""Tracing: requests, jobs, verbs and statements are spans of one trace each; off, nothing of it is loaded."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.cli.houses import TOML, House, build
from tests.processes import until
from tests.web.house import Visitor
from tm_service import tracing
from tm_service.cli import starting
from tm_service.domain.errors import ConfigurationError
from tm_service.people_verbs import PeopleVerbs
from tm_service.service import Service
from tm_service.web.app import make_app

ON = {"OTEL_TRACES_EXPORTER": "otlp"}
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
JOB = "1234567890abcdef1234567890abcdef"


@pytest.fixture
def spans():
    """Tracing into memory; what gives the finished spans, by name."""
    exporter = InMemorySpanExporter()
    assert tracing.start_traces("serve", ON, exporter)
    provider = tracing._Tracing.provider

    def finished():
        provider.force_flush()
        return {span.name: span for span in exporter.get_finished_spans()}

    yield finished
    tracing.end_traces()
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor  # noqa: PLC0415 - to undo it

    SQLAlchemyInstrumentor().uninstrument()


def trace_of(span):
    return f"{span.context.trace_id:032x}"


@pytest.mark.parametrize(
    ("environment", "on"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False),
        ({"OTEL_SERVICE_NAME": "reef"}, False),
    ],
)
def test_the_standard_variables_turn_it_on(environment, on):
    assert tracing.wanted(environment) is on


@pytest.mark.parametrize(
    "more",
    [{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, {"OTEL_TRACES_EXPORTER": "console"}, {"OTEL_TRACES_EXPORTER": "zipkin"}],
)
def test_what_it_does_not_speak_is_refused_at_the_start(more):
    with pytest.raises(ConfigurationError, match="OTLP as http/protobuf only"):
        tracing.start_traces("serve", ON | more)


def test_a_request_is_a_span_by_its_route_in_the_trace_it_came_with(spans, service):
    visitor = Visitor(make_app(service))
    response = visitor.get("/articles/nowhere", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    span = spans()["GET /articles/{identifier}"]
    assert (trace_of(span), f"{span.parent.span_id:016x}") == (TRACE, PARENT)
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "http.route": "/articles/{identifier}",
        "http.response.status_code": 404,
        "tm_service.request": response.headers["X-Request-ID"],
    }
    assert span.status.is_ok or span.status.status_code.name == "UNSET"


def test_a_failure_is_told_by_its_kind_not_by_its_words(spans):
    with pytest.raises(ValueError, match="kelp9forest"), tracing.span("a verb"):
        raise ValueError("kelp9forest")
    span = spans()["a verb"]
    assert (span.status.status_code.name, span.status.description, span.events) == ("ERROR", "ValueError", ())


def test_all_attempts_at_a_job_stand_in_the_trace_that_has_its_id(spans):
    with tracing.span("asked"):
        tracing.leads_to(JOB)
    with tracing.attempting(JOB, "deploy", "reef", 2):
        assert tracing.trace_id() == JOB
    found = spans()
    assert trace_of(found["job deploy"]) == JOB
    assert found["job deploy"].attributes == {"tm_service.job": JOB, "tm_service.site": "reef", "tm_service.attempt": 2}
    (link,) = found["asked"].links
    assert f"{link.context.trace_id:032x}" == JOB
    assert trace_of(found["asked"]) != JOB


@pytest.mark.parametrize("job", ["", "0" * 32, "job-1", JOB.upper()])
def test_an_id_that_is_no_trace_gets_a_trace_of_its_own(spans, job):
    tracing.leads_to(job)
    with tracing.attempting(job, "learn", "reef", 1):
        assert len(tracing.trace_id()) == 32
    assert trace_of(spans()["job learn"]) not in (job, "0" * 32)


class Verbs:
    def deploy(self, name):
        return f"{name} {self._quiet()}"

    def _quiet(self):
        return tracing.trace_id()

    def site(self, name):
        return name


def test_every_public_verb_is_a_span(spans):
    tracing.trace_verbs(Verbs)
    assert len(Verbs().deploy("reef").split()[1]) == 32
    assert Verbs().site("reef") == "reef"
    tracing.trace_verbs(Verbs)
    assert list(spans()) == ["Verbs.deploy"]


def test_off_a_span_is_nothing():
    with tracing.span("x") as span, tracing.serving("", "GET"), tracing.attempting(JOB, "learn", "", 1):
        span.named("y", route="/", status=500, request="r")
        tracing.leads_to(JOB)
        assert tracing.trace_id() == ""


def test_off_nothing_of_it_is_loaded(tmp_path):
    code = (
        "import sys; from tm_service.cli.root import main; import tm_service.cli, tm_service.web.server\n"
        "from tm_service.worker.runner import Worker\n"
        f"main(['--home', {str(tmp_path)!r}, 'worker', '--until-idle'], standalone_mode=False)\n"
        "print('opentelemetry.sdk' in sys.modules, 'opentelemetry.exporter' in sys.modules)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
    assert done.stdout.splitlines()[-1] == "False False"


@contextmanager
def receiver():
    """An OTLP receiver on loopback, and the spans it was sent."""
    sent = []

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
            for resource in asked.resource_spans:
                named = {one.key: one.value.string_value for one in resource.resource.attributes}
                sent.extend((named["service.name"], span) for part in resource.scope_spans for span in part.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object):
            """It says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiving)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.slow
def test_a_worker_sends_its_jobs_their_verbs_and_their_statements(tmp_path):
    house = House(tmp_path / "house")
    build(house.site)
    house.toml.write_text(TOML, "utf-8")
    house.ask("site", "add", house.toml)
    job = house.ask("jobs", "ask", "learn", "reef")["job"]
    with receiver() as (address, sent):
        answer = house.start(
            "worker", "--until-idle", OTEL_EXPORTER_OTLP_ENDPOINT=address, TM_SERVICE_LOG="json", NO_PROXY="127.0.0.1"
        )
        assert answer.code == 0, answer
        until(lambda: sent)
    mine = {span.name: span for _service, span in sent if span.trace_id.hex() == job}
    assert {service for service, _span in sent} == {"tm-service-worker"}
    assert {"job learn", "Service.learn"} <= set(mine)
    assert mine["Service.learn"].parent_span_id == mine["job learn"].span_id
    statements = [span for span in mine.values() if any(one.key.startswith("db.") for one in span.attributes)]
    assert statements, sorted(mine)
    assert "Welcome to the reef park" not in str(sent)
    lines = [json.loads(line) for line in answer.err.splitlines() if line.startswith("{")]
    assert {line["trace"] for line in lines if line.get("job") == job} == {job}


def test_no_kind_of_verbs_is_left_out(monkeypatch):
    traced = set()
    monkeypatch.setattr(tracing, "trace_verbs", lambda *rooms: traced.update(rooms))
    starting._trace_verbs()
    given = [one.fget for name, one in vars(Service).items() if isinstance(one, property) and not name.startswith("_")]
    assert len(given) > 5
    assert {Service, PeopleVerbs, *(one.__annotations__["return"] for one in given)} <= traced
