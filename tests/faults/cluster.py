"""A PostgreSQL of its own for a test that stops it, starts it again, or cuts the wire to it."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from select import select

import pytest

from tests import postgres
from tests.postgres import NoPostgres, Server, find_binaries

# What was committed must outlive the server's processes: they are stopped without warning, the machine is not.
_OPTIONS = ("fsync=off", "synchronous_commit=on", "shared_buffers=32MB", "timezone=UTC")
_PATIENCE = 60  # seconds
_ENOUGH = 2 << 30  # bytes
_COMMIT = b"COMMIT\0"  # the statement itself


@dataclass
class Cluster:
    """A server that is stopped as an administrator would, or without warning, and is started again over the same data."""

    binaries: Path
    home: Path
    owner: pwd.struct_passwd | None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self):
        return f"postgresql://tm@/postgres?host={self.home}"

    @property
    def socket(self):
        return str(self.home / ".s.PGSQL.5432")

    def server(self):
        return Server(self.url)

    def start(self):
        options = [part for option in _OPTIONS for part in ("-c", option)]
        command = [self.binaries / "postgres", "-D", self.home / "data", "-h", "", "-k", self.home, *options]
        log = self.home / "log"
        with log.open("ab") as opened:
            self.process = subprocess.Popen(
                [*postgres._bound_to_us(), *command], stdout=opened, stderr=opened, **self._plain()
            )
        postgres._wait(self.process, self.url, log)

    def stop(self, *, immediate: bool = False):
        """As `pg_ctl stop -m fast` or `-m immediate` do it (PostgreSQL's manual, 18.5)."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT if immediate else signal.SIGINT)
            self.process.wait(_PATIENCE)
            self.process = None

    def restart(self, *, immediate: bool = False):
        self.stop(immediate=immediate)
        self.start()

    def make(self):
        made = subprocess.run(
            [self.binaries / "initdb", "-D", self.home / "data", "-U", "tm", "-A", "trust", "-E", "UTF8", "--locale=C"],
            capture_output=True,
            text=True,
            check=False,
            **self._plain(),
        )
        assert made.returncode == 0, made.stderr

    def _plain(self):
        owner = self.owner
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        return {"cwd": self.home, "env": {"PATH": os.defpath, "LC_ALL": "C"}, **identity}


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Without PostgreSQL tests fail instead of being left out."""
    try:
        binaries = find_binaries()
    except NoPostgres as reason:
        pytest.fail(str(reason), pytrace=False)
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="tm-fault-", dir=_folder()))
    cluster = None
    try:
        if owner and not postgres._is_common(binaries / "postgres"):
            binaries = postgres._copied(binaries, home)
        postgres._hand_over(home, owner)
        cluster = Cluster(binaries, home, owner)
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def _folder() -> Path:
    """In memory where there is enough of it: a hundred databases are made and dropped."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the name
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ENOUGH
    return memory if is_roomy else postgres._common_folder()


@dataclass
class Wire:
    """A port on loopback that leads to another place, until it is cut."""

    port: int

    def url(self, cluster_url: str):
        name = cluster_url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
        return f"postgresql://tm@127.0.0.1:{self.port}/{name}?sslmode=disable&gssencmode=disable"


@contextmanager
def wire(connect: Callable[[], socket.socket], cutter: "Cutter") -> Iterator[Wire]:
    """A way to another place that is cut once; who comes again gets through."""
    listener = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = []
    carriers: list[threading.Thread] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = connect()
                ends.extend((near, far))
                carriers.append(threading.Thread(target=_carry, args=(near, far, cutter), daemon=True))
                carriers[-1].start()

    accepting = threading.Thread(target=serve, daemon=True)
    accepting.start()
    try:
        yield Wire(listener.getsockname()[1])
    finally:
        _end(listener)
        accepting.join(_PATIENCE)
        listener.close()
        for end in ends:
            _end(end)
        for carrier in carriers:
            carrier.join(_PATIENCE)


def _end(end: socket.socket) -> None:
    """Wake whoever waits for it; only the thread that uses a socket closes it, for its number is soon another's."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@dataclass
class Cutter:
    """Cuts one connection: after so many bytes from the client, or around its so-manieth COMMIT; both None: never.

    `kept` says whether that COMMIT still reaches the server: then it is done, and only its answer is lost.
    """

    after: int | None = None
    at_commit: int | None = None
    kept: bool = True
    sent: int = 0
    commits: int = 0
    is_cut: bool = False
    _answer: object = None  # the wire whose next answer is lost

    def passes(self, chunk: bytes, pair: object, *, from_client: bool) -> tuple[bytes, bool]:
        """What of a chunk is carried on, and whether the wire is cut after that."""
        if not from_client:
            is_lost = self._answer is pair
            self.is_cut = self.is_cut or is_lost
            return (b"", True) if is_lost else (chunk, False)
        self.sent += len(chunk)
        if self.after is not None and not self.is_cut and self.sent >= self.after:
            self.is_cut = True
            return chunk[: len(chunk) - (self.sent - self.after)], True
        self.commits += _COMMIT in chunk
        if _COMMIT in chunk and self.commits == self.at_commit:
            if self.kept:
                self._answer = pair
                return chunk, False
            self.is_cut = True
            return b"", True
        return chunk, False


def _carry(near: socket.socket, far: socket.socket, cutter: Cutter) -> None:
    with near, far, suppress(OSError):
        while True:
            for source in select([near, far], [], [])[0]:
                chunk = source.recv(1 << 16)
                carried, cut = cutter.passes(chunk, near, from_client=source is near)
                (far if source is near else near).sendall(carried)
                if cut or not chunk:
                    return
