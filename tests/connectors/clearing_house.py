"""A clearing-house for tests: the part of its API that we speak, over a real socket, with everything that can go wrong."""

import json
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, unquote, urlsplit

EMAIL, PASSWORD, REALM = "curator@garden.example", "pa55 & word", "abs-dev"
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
FAULTS = ("500", "429", "html", "not-json", "cut-json", "half", "wrong-length", "cut", "cut-after", "slow", "expired")
LOCKED = "The record is locked for workflow"
_DOCUMENT = re.compile(r"/api/v2013/documents/([A-Za-z0-9\-_]{1,128})(/versions/draft)?(/info|/locks)?(?:/([\w-]+))?")
_SCHEMA = re.compile(r"/api/v2023/documents/schemas/(\w+)(?:/([A-Za-z0-9\-_]{11,128}))?")
_ARTICLE = re.compile(r"/api/v2017/articles/([0-9a-f]{24})")
_EQUAL = re.compile(r"(\w+) eq '((?:[^']|'')*)'")
_SINCE = re.compile(r"updatedOn ge datetime'([^']+)'")


@dataclass
class Held:
    """A document and what the house knows of it."""

    kind: str
    document: dict
    modified: datetime
    revision: int
    by: str


@dataclass
class House:
    """What is published, drafted and locked, and which requests go wrong, by their number from 1."""

    documents: dict[str, Held] = field(default_factory=dict)
    drafts: dict[str, dict] = field(default_factory=dict)
    locks: dict[str, str] = field(default_factory=dict)
    in_workflow: set[str] = field(default_factory=set)
    now: datetime = START
    step: timedelta = timedelta(milliseconds=1)
    fault: Callable[[int, str, str], str] = lambda _number, _method, _path: ""
    requests: list[tuple[str, str]] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    numbers: count = field(default_factory=lambda: count(1))
    encloses: bool = True  # gives bodies with envelopes
    tags: bool = True  # gives entity tags and heeds them
    own_tags: bool = True  # the address that publishes knows the tags of the one that reads
    most: int = 5000  # lines an answer has at most, whatever is asked for
    slowness: float = 1.0  # seconds
    lock: threading.RLock = field(default_factory=threading.RLock)
    idle: threading.Condition = field(default_factory=threading.Condition)
    busy: int = 0

    def publish(self, kind, name, document, by="Ines"):
        """As an editor's save: where the English of a field is another, its other languages are cleared."""
        held = self.documents.get(name)
        if held is not None:
            document = _cleared(held.document, document)
        self.now += self.step
        revision = held.revision + 1 if held else 1
        self.documents[name] = Held(kind, deepcopy(document), self.now, revision, by)
        return self.documents[name]

    def rest(self):
        """Wait for requests that nobody waits for any more."""
        with self.idle:
            assert self.idle.wait_for(lambda: self.busy == 0, 30)

    @contextmanager
    def working(self):
        with self.idle:
            self.busy += 1
        try:
            yield
        finally:
            with self.idle:
                self.busy -= 1
                self.idle.notify_all()

    def copy(self):
        """A house with the same in it, of which nothing was asked yet."""
        kept = ("documents", "drafts", "locks", "in_workflow", "now", "step", "encloses", "tags", "most", "slowness")
        return House(**{name: deepcopy(getattr(self, name)) for name in kept})

    def answer(self, method, url, headers, body):
        """Status, headers and content of an answer."""
        parts = urlsplit(url)
        path, asked = (
            unquote(parts.path),
            {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
        )
        with self.lock:
            if path == "/api/v2013/authentication/token" and method == "POST":
                return self._sign_in(json.loads(body))
            token = headers.get("Authorization", "").removeprefix("Bearer ")
            if token not in self.tokens:
                return _said(401, {"statusCode": 401, "code": "unauthorized", "message": f"token {token} is unknown"})
            if headers.get("realm") != REALM:
                return _said(400, {"statusCode": 400, "code": "badRealm"})
            return self._routed(method, path, asked, headers, body)

    def _sign_in(self, read):
        if (read.get("email"), read.get("password")) != (EMAIL, PASSWORD):
            return _said(403, {"statusCode": 403, "message": f"{read.get('password')} is wrong"})
        token = b64encode(f"ticket {next(self.numbers)}".encode()).decode()
        self.tokens.add(token)
        return _said(200, {"authenticationToken": token, "expiration": "2027-01-01T00:00:00.000Z"})

    def _routed(self, method, path, asked, headers, body):
        if path == "/api/v2017/articles" and method == "GET":
            return self._articles(asked)
        if path == "/api/v2013/documents" and method == "GET":
            return self._documents(asked)
        if found := _ARTICLE.fullmatch(path):
            return self._article(method, found[1], headers, body)
        if found := _SCHEMA.fullmatch(path):
            return self._one_shot(found[1], found[2], headers, body)
        if found := _DOCUMENT.fullmatch(path):
            name, draft, part, lock = found.groups()
            return self._draft(method, name, part, lock, body) if draft else self._document(method, name, asked, part)
        return _said(404, {"statusCode": 404, "code": "notFound"})

    def _articles(self, asked):
        query = json.loads(asked.get("q", "{}"))
        assert json.loads(asked.get("s", "{}")) in ({}, {"meta.modifiedOn": 1, "_id": 1})
        held = sorted(self._held(articles=True), key=lambda pair: (pair[1].modified, pair[0]))
        if "_id" in query:
            wanted = {one["$oid"] for one in query["_id"]["$in"]}
            held = [(name, one) for name, one in held if name in wanted]
        if "meta.modifiedOn" in query:
            since = datetime.fromisoformat(query["meta.modifiedOn"]["$gte"]["$date"])
            held = [(name, one) for name, one in held if one.modified >= since]
        tags = set(query.get("adminTags", {}).get("$all", ()))
        held = [(name, one) for name, one in held if tags <= set(one.document.get("adminTags", ()))]
        wanted = json.loads(asked.get("f", "{}"))
        page = [self._article_document(name, one) for name, one in self._page(held, asked, "sk", "l")]
        if wanted:
            page = [{key: value for key, value in one.items() if key in wanted or key == "_id"} for one in page]
        return _said(200, page)

    def _documents(self, asked):
        assert asked.get("collection") == "my"
        condition = asked.get("$filter", "")
        held = sorted(self._held(articles=False), key=lambda pair: (pair[1].modified, pair[0]))
        for name in ("type", "identifier"):
            wanted = {value.replace("''", "'") for key, value in _EQUAL.findall(condition) if key == name}
            if wanted:
                held = [(one, it) for one, it in held if (it.kind if name == "type" else one) in wanted]
        if since := _SINCE.search(condition):
            moment = datetime.fromisoformat(since[1])
            held = [(name, one) for name, one in held if one.modified >= moment]
        items = []
        for name, one in self._page(held, asked, "$skip", "$top"):
            body = {"body": one.document} if asked.get("body") == "true" and self.encloses else {}
            items.append(_envelope(name, one) | body)
        return _said(200, {"Count": len(held), "Items": items})

    def _held(self, *, articles):
        return [(name, one) for name, one in self.documents.items() if (one.kind == "article") == articles]

    def _page(self, held, asked, skip, most):
        start, size = int(asked.get(skip, 0)), min(int(asked.get(most, 100)), self.most)
        return held[start : start + size]

    def _article(self, method, name, headers, body):
        held = self.documents.get(name)
        if held is None and method != "PUT":
            return _said(404, {"statusCode": 404, "code": "notFound"})
        if method == "GET":
            return _said(200, self._article_document(name, held), self._tag(held))
        if method == "DELETE":
            del self.documents[name]
            return _said(200, {})
        document = json.loads(body)
        if "tagsInfo" in document or "customTagsInfo" in document:
            return _said(400, {"statusCode": 400, "code": "badRequest", "message": "tagsInfo is read-only"})
        if self._is_stale(held, headers):
            return _said(412, {"statusCode": 412, "code": "preconditionFailed"})
        self.writes.append(name)
        document.pop("meta", None)
        self.publish("article", name, document)
        return _said(200, {"id": name})

    def _article_document(self, name, held):
        moment = held.modified.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        joined = {"tagsInfo": [{"title": {"en": "Gardens"}}], "customTagsInfo": []}
        return deepcopy(held.document) | {"_id": name, "meta": {"modifiedOn": moment, "modifiedBy": held.by}} | joined

    def _document(self, method, name, asked, part):
        held = self.documents.get(name)
        if held is None or held.kind == "article":
            return _said(404, {"statusCode": 404, "code": "notFound"})
        if method == "DELETE":
            del self.documents[name]
            return _said(200, {})
        if "info" in asked or part == "/info":
            return _said(200, _envelope(name, held))
        return _said(200, held.document, self._tag(held))

    def _draft(self, method, name, part, lock, body):
        if part == "/locks":
            if method == "PUT":
                self.locks[name] = lock
            if method == "DELETE":
                self.locks.pop(name, None)
            return _said(200, [{"lockID": self.locks[name]}] if name in self.locks else [])
        if method == "PUT":
            self.drafts[name] = json.loads(body)
        if name not in self.drafts:
            return _said(404, {"statusCode": 404, "code": "notFound"})
        return _said(200, {"identifier": name} if part == "/info" else self.drafts[name])

    def _one_shot(self, kind, name, headers, body):
        read = json.loads(body)
        name = name or read["document"]["header"]["identifier"]
        held = self.documents.get(name)
        if name in self.in_workflow:
            return _said(400, {"statusCode": 400, "code": "badRequest", "message": LOCKED})
        if not read["document"].get("title", {}).get("en"):
            return _said(400, {"statusCode": 400, "code": "invalid", "message": "title (en) is missing"})
        if self._is_stale(held, headers):
            return _said(412, {"statusCode": 412, "code": "preconditionFailed"})
        self.writes.append(name)
        return _said(200, _envelope(name, self.publish(kind, name, read["document"])))

    def _tag(self, held):
        return {"ETag": f'"{held.revision}"' if self.own_tags else f'"body-{held.revision}"'} if self.tags else {}

    def _is_stale(self, held, headers):
        return self.tags and "If-Match" in headers and held and headers["If-Match"] != f'"{held.revision}"'


def _envelope(name, held):
    moment = held.modified.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said = {"identifier": name, "type": held.kind, "revision": held.revision, "realm": REALM}
    return said | {"updatedOn": moment, "updatedBy": {"firstName": held.by}}


def _cleared(held, document):
    after = deepcopy(document)
    for name, now in document.items():
        before = held.get(name)
        if isinstance(before, dict) and isinstance(now, dict) and before.get("en") != now.get("en"):
            after[name] = {language: text for language, text in now.items() if before.get(language) != text}
    return after


def _said(status, content, headers=None):
    return status, {"Content-Type": "application/json"} | (headers or {}), json.dumps(content).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 20

    def do_GET(self):
        with self.server.house.working():
            self._serve()

    do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *_args: object):
        """Nothing: the tests look at what was asked."""

    def _serve(self):
        house = self.server.house
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with house.lock:
            house.requests.append((self.command, self.path))
            fault = house.fault(len(house.requests), self.command, self.path)
        if fault == "slow":
            time.sleep(house.slowness)
        if fault == "expired":
            with house.lock:
                house.tokens.clear()
        if fault == "cut":
            return self._hang_up()
        if fault in ("500", "429", "403"):
            status, headers, content = _said(int(fault), {"statusCode": int(fault)}, {"Retry-After": "0"})
        else:
            status, headers, content = house.answer(self.command, self.path, self.headers, body)
        if fault == "cut-after":
            return self._hang_up()
        if fault == "html":
            status, headers, content = 404, {"Content-Type": "text/html"}, b"<h1>Back in a moment</h1>"
        if fault == "not-json":
            content = b"<Items/>"
        if fault == "cut-json":
            content = content[: len(content) // 2]
        length = len(content) // 2 if fault == "wrong-length" else len(content)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if fault == "half" else content[:length])
        if fault in ("half", "wrong-length"):
            return self._hang_up()
        return None

    def _hang_up(self):
        self.close_connection = True
        with suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args: object):
        """A client that hangs up is what some tests are about."""


@contextmanager
def serving(house: House) -> Iterator[str]:
    """The address of a house, while it is open."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.house = house
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
