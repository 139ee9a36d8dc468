"""HTTP calls: patient, believing whole answers only, telling nobody what opens the store."""

import json
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.http_calls import Credentials, HttpCalls, Passing, Patience, TooLarge
from tests.connectors.clearing_house import EMAIL, PASSWORD, REALM, House, serving
from tests.connectors.mail_servers import certificate
from tm_service.domain.errors import ConfigurationError, Conflict, ConnectorError, NotFound, Refused, TryLater

QUICK = Patience(attempts=3, first=0.001, longest=0.001, answer=0.2, whole=0.5, largest=20_000)


@contextmanager
def answering(*answers: tuple, context=None):
    """A server that gives these answers, one a request and then the last again: status, headers, content."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, content = answers[min(len(asked), len(answers) - 1)]
            asked.append((self.command, self.path, dict(self.headers), body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_PUT = do_POST = do_GET  # noqa: N815

        def log_message(self, *_args: object):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    scheme = "https" if context else "http"
    try:
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def calling(address, **options: object):
    slept = []
    calls = HttpCalls(address, **({"realm": REALM, "patience": QUICK, "sleep": slept.append} | options))
    try:
        yield calls, slept
    finally:
        calls.close()


def said(content, status=200, **headers: str):
    return status, {"Content-Type": "application/json"} | headers, json.dumps(content).encode()


def whole(read):
    return read


def test_a_whole_answer_is_given_with_the_realm_that_was_asked_for():
    with answering(said([1])) as (address, asked), calling(address) as (calls, slept):
        assert calls.get("listing", "/x", whole, {"q": '{"a":1}'}) == [1]
    assert asked[0][1] == "/x?q=%7B%22a%22%3A1%7D"
    assert asked[0][2]["realm"] == REALM
    assert slept == []


@pytest.mark.parametrize(
    "wrong",
    [
        said({}, 500),
        said({}, 429),
        (200, {}, b'[{"a": 1'),
        (404, {"Content-Type": "text/html; charset=utf-8"}, b"<h1>Soon</h1>"),
        (200, {"Content-Encoding": "gzip"}, b"no gzip at all"),
        said({"not": "a list"}),
    ],
    ids=["500", "429", "half", "page", "encoding", "shape"],
)
def test_what_may_pass_is_tried_again_and_then_an_error_that_names_store_and_step(wrong):
    def listed(read):
        if not isinstance(read, list):
            raise Passing("its list is none")
        return read

    with answering(wrong, wrong, said([1])) as (address, _), calling(address) as (calls, slept):
        assert calls.get("listing articles", "/x", listed) == [1]
        assert len(slept) == 2
    with answering(wrong) as (address, asked), calling(address) as (calls, _):
        with pytest.raises(ConnectorError, match=r"127.0.0.1:\d+ failed at listing articles: .* \(asked 3 times\)"):
            calls.get("listing articles", "/x", listed)
        assert len(asked) == 3


def test_waits_grow_and_differ_and_are_never_longer_than_allowed():
    patience = Patience(attempts=8, first=1, longest=10, answer=1)
    with (
        answering(said({}, 503)) as (address, _),
        calling(address, patience=patience) as (calls, slept),
        pytest.raises(ConnectorError),
    ):
        calls.get("listing", "/x", whole)
    assert len(slept) == 7
    assert all(
        least <= wait <= most
        for wait, least, most in zip(slept, (0.5, 1, 2, 4, 5, 5, 5), (1, 2, 4, 8, 10, 10, 10), strict=True)
    )
    assert len(set(slept)) > 1


def test_a_store_says_when_to_come_again():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    patience = Patience(attempts=4, first=0.001, longest=0.001, answer=1, whole=60)
    answers = [said({}, 503, **{"Retry-After": "7"}), said({}, 429, **{"Retry-After": later})]
    answers += [said({}, 503, **{"Retry-After": "soon"}), said([])]
    with answering(*answers) as (address, _), calling(address, patience=patience) as (calls, slept):
        calls.get("listing", "/x", whole)
    assert slept[0] == 7
    assert 30 < slept[1] <= 40
    assert slept[2] <= 0.001


def test_a_store_that_asks_for_hours_is_given_up_at_once():
    with (
        answering(said({}, 503, **{"Retry-After": "86400"})) as (address, asked),
        calling(address) as (calls, slept),
        pytest.raises(ConnectorError, match=r"\(asked once\)"),
    ):
        calls.get("listing", "/x", whole)
    assert slept == []
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, {"message": "The record is locked for workflow"}, TryLater),
        (423, {}, TryLater),
        (400, {"message": "title (en) is missing"}, Refused),
        (400, {"message": "The account is blocked"}, Refused),
        (403, {}, Refused),
        (422, {}, Refused),
        (404, {}, NotFound),
        (410, {}, NotFound),
        (409, {}, Conflict),
        (412, {}, Conflict),
    ],
)
def test_a_refusal_means_what_its_status_says(status, content, error):
    with answering(said(content, status)) as (address, asked), calling(address) as (calls, _):
        with pytest.raises(error) as raised:
            calls.once("PUT", "/x", body={})
        assert type(raised.value) is error
        assert content.get("message", "no reason given") in str(raised.value)
        assert len(asked) == 1


def test_a_list_that_is_not_there_is_no_empty_list():
    with answering(said({}, 404)) as (address, _), calling(address) as (calls, _), pytest.raises(ConnectorError):
        calls.get("listing", "/x", whole)


def test_an_answer_that_is_too_large_is_not_read():
    with answering(said("x" * 30_000)) as (address, asked), calling(address) as (calls, _):
        with pytest.raises(TooLarge, match="more than 20,000 bytes"):
            calls.get("listing", "/x", whole)
        assert len(asked) == 1


def test_another_host_is_told_nothing():
    with answering(said([1])) as (other, asked_there):
        moved = said({}, 302, Location=f"{other}/x")
        with (
            answering(moved) as (address, _),
            calling(address) as (calls, _),
            pytest.raises(ConnectorError, match="no other host is told"),
        ):
            calls.get("listing", "/x", whole)
    assert asked_there == []


def test_a_redirect_on_the_same_host_is_followed_a_few_times():
    with answering(said({}, 301, Location="/y"), said([1])) as (address, asked), calling(address) as (calls, _):
        assert calls.get("listing", "/x", whole) == [1]
        assert [path for _, path, _, _ in asked] == ["/x", "/y"]
    with answering(said({}, 302, Location="/x")) as (address, asked), calling(address) as (calls, _):
        with pytest.raises(ConnectorError, match="from one address to the next"):
            calls.get("listing", "/x", whole)
        assert len(asked) == 4
    with answering(said({}, 302, Location="/y"), said([])) as (address, asked), calling(address) as (calls, _):
        with pytest.raises(ConnectorError, match="sends us to"):
            calls.once("PUT", "/x", body={})
        assert len(asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://store.example",
        "ftp://store.example",
        "https://user:secret@store.example",
        "https://",
        "store.example",
        "https://store.example/?q=1",
        "https://store.example:port",
        "",
    ],
)
def test_an_address_that_is_not_safe_is_refused(address):
    with pytest.raises(ConfigurationError) as raised:
        HttpCalls(address, realm=REALM)
    assert "secret" not in str(raised.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    made = certificate(tmp_path)
    with answering(said([1]), context=made.server) as (address, asked):
        with calling(address) as (calls, _), pytest.raises(ConnectorError, match="certificate"):
            calls.get("listing", "/x", whole)
        assert asked == []
        with calling(address, context=made.trusting) as (calls, _):
            assert calls.get("listing", "/x", whole) == [1]
    assert isinstance(made.trusting, ssl.SSLContext)


def test_what_opens_the_store_is_in_no_error_and_no_representation():
    house = House()
    wrong = Credentials(EMAIL, "an0ther & word")
    with (
        serving(house) as address,
        calling(address, credentials=wrong) as (calls, _),
        pytest.raises(ConnectorError, match="refused the login") as raised,
    ):
        calls.get("listing", "/api/v2017/articles", whole)
    assert "an0ther" not in str(raised.value) + repr(wrong) + repr(calls)
    house.tokens.add("ignored")
    with serving(house) as address, calling(address, credentials=Credentials(EMAIL, PASSWORD)) as (calls, _):
        house.fault = lambda _number, _method, _path: "expired" if _path.startswith("/api/v2017") else ""
        with pytest.raises(ConnectorError) as raised:
            calls.get("listing", "/api/v2017/articles", whole)
    assert "401" in str(raised.value)
    assert "token … is unknown" in str(raised.value)


def test_a_store_that_is_not_there_is_an_error_after_some_patience():
    with calling("http://127.0.0.1:9") as (calls, slept), pytest.raises(ConnectorError, match="the connection failed"):
        calls.get("listing", "/x", whole)
    assert len(slept) == 2
