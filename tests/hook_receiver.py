"""A receiver of webhooks for tests: a real server on loopback that keeps what it was told and answers as it is bidden."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Told:
    """One request as it came: the names of headers in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answer` is what is done with the connection of a request: see `status`, `redirect`, `reset`, `drip` and `flood`."""

    answer: Callable[["_Handler", "Receiver"], None]
    told: list[Told] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    url: str = ""

    @property
    def ids(self):
        return [one.headers["webhook-id"] for one in self.told]


def status(number, said=b"", **headers: str):
    def answer(handler, _receiver):
        handler.send_response(number)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    return answer


def redirect(place):
    return status(307, Location=place)


def reset(handler, _receiver):
    """End the connection as a machine does that has forgotten it."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def drip(handler, receiver):
    """The beginning of an answer, a byte at a time, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while not receiver.over.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def drip_after(handler, receiver):
    """A whole status, and then a body that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nWell")
    while not receiver.over.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def flood(handler, receiver):
    """An answer without an end, as quick as it goes."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while not receiver.over.is_set():
        handler.wfile.write(b"flood " * 20_000)


def garbage(handler, _receiver):
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


def silence(_handler, receiver):
    receiver.over.wait(20)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver.told.append(Told(self.path, headers, body))
        self.close_connection = True
        with suppress(ConnectionError, ValueError):  # the other side has gone, which is what is tested
            receiver.answer(self, receiver)

    def finish(self):
        with suppress(ConnectionError, ValueError):
            super().finish()

    def log_message(self, *_said: object):
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def handle_error(self, *_said: object):
        """A connection that was reset is no error here."""


@contextmanager
def receiving(answer=None, context=None) -> Iterator[Receiver]:
    """A receiver for as long as the block lasts, behind TLS where a context is given."""
    receiver = Receiver(answer or status(204))
    server = _Server(("127.0.0.1", 0), _Handler)
    server.receiver = receiver
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}/told"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
