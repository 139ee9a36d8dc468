"""The server: binds first, so that a taken port is said in words, then serves until it is told to stop."""

import errno
import signal
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from math import inf
from threading import Event
from time import monotonic
from types import FrameType

import uvicorn
from anyio import to_thread
from fastapi import FastAPI

from tm_service.domain.errors import ConfigurationError
from tm_service.operation import GRACE, Operation
from tm_service.service import Service
from tm_service.web.app import make_app

_BACKLOG = 128
_THREADS = 100  # who waits to write keeps one, and readers need others
_LAST_PORT = 65535


def run(
    service: Service,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    hosts: Iterable[str] = (),
    ready: Callable[[str], None] = lambda _address: None,
    operation: Operation | None = None,
    told: Event | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM, and finish the answers under way; told again, it ends at once.

    Port 0 takes a free one; `ready` is told the address once it answers. `told` is set where it was to end before it began.

    Raises ConfigurationError where the host or port cannot be had.
    """
    with _listen(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        app, how = make_app(service, [shown, *hosts], operation), operation or Operation()
        server = _Server(_config(app, how.grace), app.state.leaving, how.drain, told or Event())
        ready(f"http://{shown}:{listener.getsockname()[1]}/")
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
        app.state.uses.flush(service)


class _Server(uvicorn.Server):
    """Told to end, it says for a while that it is not ready, so that nobody is sent here any more; then it takes no more."""

    def __init__(self, config: uvicorn.Config, leaving: Event, drain: float, told: Event) -> None:
        super().__init__(config)
        self._leaving, self._drain, self._told, self._until = leaving, drain, told, inf

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._leaving.is_set():
            self.force_exit = True
        if sig == signal.SIGTERM and self._drain and not self._leaving.is_set():
            self._captured_signals.append(sig)
            self._until = monotonic() + self._drain
        else:
            super().handle_exit(sig, frame)
        self._leaving.set()

    async def on_tick(self, counter: int) -> bool:
        if self._told.is_set():
            self._leaving.set()
            return True
        return await super().on_tick(counter) or monotonic() >= self._until


def _config(app: FastAPI, grace: int = GRACE) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=grace,
    )


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        raise ConfigurationError(f"There is no port {port}; choose one up to {_LAST_PORT} with --port.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(
            f"{host}, port {port}, is no address; choose others with --host and --port."
        ) from error
    # The protocol is named because asyncio sends answers without waiting only over sockets that say they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)  # only listening proves that nobody else does
    except OSError as error:
        listener.close()
        raise _unavailable(host, port, error) from error
    return listener


def _unavailable(host: str, port: int, error: OSError) -> ConfigurationError:
    if error.errno == errno.EADDRINUSE:
        return ConfigurationError(f"Port {port} is taken; choose another with --port.")
    if error.errno == errno.EACCES:
        return ConfigurationError(f"Port {port} needs rights this user has not; choose another with --port.")
    if error.errno == errno.EADDRNOTAVAIL:
        return ConfigurationError(f"{host} is no address of this machine; choose another with --host.")
    return ConfigurationError(
        f"{host}, port {port}, cannot be listened on ({error}); choose others with --host and --port."
    )
