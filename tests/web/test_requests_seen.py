"""Requests seen: an id for each, on its answer and in the log; counted by route, whatever was asked for."""

import json
import re
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.house import Visitor
from tm_service.telemetry import start_logs
from tm_service.web.app import make_app
from tm_service.web.requests_seen import request_id

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def seen(service):
    """A house, and what it logs meanwhile."""
    stream = StringIO()
    end = start_logs("serve", "json", "debug", (), stream)
    yield Visitor(make_app(service)), lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    end()


def counted(visitor):
    """Requests by method, route and status."""
    page = visitor.get("/metrics", headers={"Host": "localhost"}).text
    found = re.findall(
        r'^tm_service_requests_total\{method="(.*?)",route="(.*?)",status="(.*?)"\} (\S+)$', page, re.MULTILINE
    )
    return {tuple(one[:3]): float(one[3]) for one in found}


def test_an_id_that_was_sent_is_answered_and_logged(seen):
    visitor, log = seen
    response = visitor.get("/articles/nowhere", headers={"X-Request-ID": "desk-17"})
    assert response.headers["X-Request-ID"] == "desk-17"
    (line,) = [line for line in log() if line["event"] == "request"]
    told = {"method": "GET", "route": "/articles/{identifier}", "status": 404, "request": "desk-17", "level": "info"}
    assert {name: line[name] for name in told} == told
    assert line["duration_ms"] > 0
    assert line["bytes"] == len(response.content)
    assert "nowhere" not in json.dumps(line)


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "é", 'a"b', "a;b", "<script>", "../etc"])
def test_an_id_that_is_not_well_formed_is_replaced(visitor, sent):
    answered = visitor.get("/", headers={"X-Request-ID": sent.encode("latin-1")}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", answered)


def test_without_an_id_the_traces_is_taken(visitor):
    answered = visitor.get("/", headers={"traceparent": TRACE}).headers["X-Request-ID"]
    assert answered == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    "told",
    [
        TRACE.upper(),
        TRACE + "-more",
        TRACE.replace("00-", "ff-", 1),
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01",
        TRACE[:-1],
        TRACE + "\n",
    ],
)
def test_a_trace_that_is_none_is_left(told):
    assert request_id("", told) not in told


def test_a_trace_of_a_later_version_may_say_more():
    assert request_id("", "01" + TRACE[2:] + "-more") == TRACE[3:35]


@given(st.text(), st.text())
def test_every_id_is_safe_to_log_and_to_answer(sent, trace):
    assert re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", request_id(sent, trace))


def test_every_request_has_an_id_of_its_own(visitor):
    assert len({visitor.get("/health/live").headers["X-Request-ID"] for _ in range(20)}) == 20


def test_paths_that_nobody_wrote_are_one_route(service):
    """Who asks for a thousand names makes one figure, not a thousand."""
    visitor = Visitor(make_app(service))
    for number in range(30):
        visitor.get(f"/wp-admin/{number}")
        visitor.get(f"/articles/{number}")
        visitor.ask(f"BREW{number}", "/")
    found = counted(visitor)
    assert found[("GET", "none", "404")] == 30
    assert found[("GET", "/articles/{identifier}", "404")] == 30
    assert sum(count for (method, *_), count in found.items() if method == "OTHER") == 30
    assert len(found) <= 4


def test_a_failure_of_ours_is_counted_named_and_logged(service, seen):
    visitor, log = seen
    visitor.app.state.service = replace(service, sites=lambda: 1 / 0)
    response = visitor.get("/", headers={"X-Request-ID": "broken"})
    assert (response.status_code, response.headers["X-Request-ID"]) == (500, "broken")
    (line,) = [line for line in log() if line["event"] == "request" and line["request"] == "broken"]
    assert (line["status"], line["level"]) == (500, "warning")
    assert counted(visitor)[("GET", "/", "500")] == 1


def test_a_refused_host_is_counted_too(service):
    visitor = Visitor(make_app(service))
    assert "X-Request-ID" in visitor.get("/", headers={"Host": "elsewhere.example"}).headers
    assert counted(visitor)[("GET", "none", "400")] == 1


def test_what_machines_ask_every_few_seconds_is_no_news(seen):
    visitor, log = seen
    for path in ("/health/live", "/health/ready", "/metrics"):
        visitor.get(path)
    assert {line["level"] for line in log() if line["event"] == "request"} == {"debug"}
