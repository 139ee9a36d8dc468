"""Load: people who save and read, listeners, and a large return, all at once over HTTP, with PostgreSQL and Redis on loopback.

The web server, the worker and the schedule are processes of their own; who asks is this process, on the same cores. Translators
save targets at the desk, checked as they are saved, in a package of one language, while that of the other returns. Catalogs are
measured beside the server of files that comes with Starlette.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles

import httpx

from tests.benchmarks import handoff
from tests.benchmarks.measure import Figure, Skipped, environment
from tests.postgres import NoPostgres, running_server
from tests.redis_server import running_redis

SAVERS, EVERY, READS, LISTENERS, SECONDS = 50, 2.0, 10, 200, 120
DRAFTS = 5  # times a unit is saved until the next one
_SPANISH = "reef-2-es"  # the package that is worked on; the first one returns
PASSWORD = "reeds in the morning wind"  # noqa: S105 - of a house that ends with the benchmark
_PATIENCE = 120  # seconds
_ASKERS = 8  # at once, for the rate of catalogs


@dataclass(frozen=True)
class House:
    """A house whose commands are processes over PostgreSQL and Redis."""

    root: Path
    said: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return environment() | self.said

    def command(self, *words: object) -> dict[str, object]:
        line = [Path(sys.executable).with_name("tm-service"), *map(str, words), "--json"]
        done = subprocess.run(line, capture_output=True, check=True, env=self.environment)
        found: dict[str, object] = json.loads(done.stdout)
        return found

    @contextmanager
    def running(self, *words: object, before: Sequence[str] = ()) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """A process that goes on, `before` being what starts it, and where it says what it says."""
        log = self.root / f"{words[0]}.log"
        with log.open("wb") as out:
            line = [*before, str(Path(sys.executable).with_name("tm-service")), *map(str, words)]
            process = subprocess.Popen(line, stdout=out, stderr=out, env=self.environment)
        try:
            yield process, log
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()


@dataclass
class Heard:
    """What came of the calls of one kind: seconds each, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def call(self, ask: Callable[[], Awaitable[httpx.Response]]) -> None:
        began = time.perf_counter()
        try:
            answer = await ask()
        except httpx.HTTPError as error:
            self.errors.append(repr(error))
            return
        self.seconds.append(time.perf_counter() - began)
        if not answer.is_success:
            self.errors.append(f"{answer.status_code} {answer.text[:200]}")

    @property
    def slowest(self) -> float:
        """Of twenty calls nineteen are faster, in milliseconds."""
        return quantiles(self.seconds, n=20)[-1] * 1000


def load(folder: Path) -> Iterator[Figure]:
    """Raises Skipped."""
    try:
        with running_server() as postgres, running_redis() as redis:
            said = {
                "TM_SERVICE_HOME": str(folder / "home"),
                "TM_SERVICE_DATABASE": postgres.create(),
                "TM_SERVICE_BROKER": redis.url,
            }
            folder.mkdir(parents=True, exist_ok=True)
            yield from _loaded(House(folder, said))
    except NoPostgres as reason:
        raise Skipped(str(reason)) from reason


def _loaded(house: House) -> Iterator[Figure]:
    handoff.texts(house.root, known={"fr": handoff.KNOWN, "es": handoff.KNOWN})
    house.command("site", "add", house.root / "sites.toml")
    house.command("learn", "reef")
    house.command("deploy", "reef")
    house.command("package", "reef", "--out", house.root)
    [package] = house.root.glob("*-en-fr-*.zip")
    returned = handoff.filled(package)
    roles = "--role", "administrator", "--role", "translator"
    token = str(house.command("people", "invite", "ines@reef.example", "--name", "Ines", *roles)["token"])
    with (
        house.running("worker", "--threads", "1", before=["nice", "-n", "5"]),  # as the unit for systemd has it
        house.running("schedule"),
        house.running("serve", "--port", "0", "--workers", "0", "--json") as (server, log),
    ):
        yield from asyncio.run(_asked(_address(server, log), server.pid, token, returned.read_bytes()))


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        for line in log.read_text("utf-8").splitlines():
            if line.startswith('{"served"'):
                return str(json.loads(line)["served"]).rstrip("/")
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start: {log.read_text('utf-8')}")


def _resident(process: int) -> float:
    """MiB of a process in memory."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _client(address: str, cookies: httpx.Cookies | None = None, place: str = "127.0.0.1") -> httpx.AsyncClient:
    """Without the authorities of https, which take 20 ms to read for each client, and nobody is answered meanwhile.

    `place` is where it asks from: one address may not sign in as often as fifty people at once.
    """
    asks = httpx.AsyncHTTPTransport(verify=False, local_address=place)
    return httpx.AsyncClient(base_url=address, cookies=cookies, timeout=_PATIENCE, transport=asks)


async def _resident_after(process: int, seconds: float) -> float:
    """Once all that is needed is loaded and every page was counted."""
    await asyncio.sleep(seconds)
    return _resident(process)


@asynccontextmanager
async def _somebody(address: str, email: str) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(address) as client:
        answer = await client.post("/api/v1/session", json={"email": email, "password": PASSWORD})
        answer.raise_for_status()
        yield client


async def _joined(address: str, administrator: httpx.AsyncClient, number: int) -> httpx.AsyncClient:
    email = f"p{number}@reef.example"
    body = {"email": email, "name": f"P {number}", "language": "en", "roles": ["translator"]}
    made = await administrator.post("/api/v1/people", json=body)
    client = _client(address, place=f"127.0.0.{number + 2}")
    token = made.raise_for_status().json()["token"]
    (await client.post("/api/v1/session/invitation", json={"token": token, "password": PASSWORD})).raise_for_status()
    body = {"email": email, "password": PASSWORD}
    signed = await client.post("/api/v2013/authentication/token", json=body)
    client.headers["Authorization"] = f"Bearer {signed.raise_for_status().json()['authenticationToken']}"
    return client


async def _asked(address: str, server: int, token: str, returned: bytes) -> list[Figure]:
    async with _client(address) as first:
        body = {"token": token, "password": PASSWORD}
        (await first.post("/api/v1/session/invitation", json=body)).raise_for_status()
    async with _somebody(address, "ines@reef.example") as ines:
        people = [await _joined(address, ines, number) for number in range(SAVERS)]
        figures = [await _catalogs(people[:_ASKERS])]
        headers = {"Content-Type": "application/zip", "Prefer": "respond-async"}
        before = _resident(server)
        asked = await ines.post("/api/v1/returns?name=returned.zip", content=returned, headers=headers)
        job = asked.raise_for_status().json()["job"]
        saves, reads, told, began = Heard(), Heard(), list[int](), time.monotonic()
        end = began + SECONDS
        listening = [asyncio.create_task(_listen(ines, job, told)) for _ in range(LISTENERS)]
        work = [_save(translator, _SPANISH, number, saves, end) for number, translator in enumerate(people)]
        _, early, *_ = await asyncio.gather(_read(ines, reads, end), _resident_after(server, SECONDS / 4), *work)
        after = _resident(server)
        await asyncio.wait(listening, timeout=_PATIENCE)
        done = (await ines.get(f"/api/v1/jobs/{job}")).json()
        for client in people:
            await client.aclose()
    errors = saves.errors + reads.errors
    if errors or done["status"] != "done" or len(told) < LISTENERS:
        raise RuntimeError(f"{len(errors)} errors, the return is {done['status']}, {len(told)} listeners: {errors[:3]}")
    note = f"{SAVERS} people save every {EVERY:.0f} s, {READS} pages a second, {LISTENERS} listeners, a return of 10,000 units"
    span = f"{time.monotonic() - began:.0f} s"
    return [
        *figures,
        Figure("a save, p95", saves.slowest, "ms", "150 ms", note=f"{note}; {len(saves.seconds):,} in {span}"),
        Figure("a page, p95", reads.slowest, "ms", "150 ms", note=f"{len(reads.seconds):,} in {span}; no errors"),
        Figure(
            "memory of the web server after it",
            after,
            "MiB",
            "flat",
            "after a quarter",
            early,
            f"{before:.0f} before it",
        ),
    ]


async def _save(client: httpx.AsyncClient, package: str, number: int, heard: Heard, end: float) -> None:
    """A translator at work on units of their own, saving each several times while it grows."""
    units = f"/api/v1/packages/{package}/units"
    await asyncio.sleep(EVERY * number / SAVERS)
    found = (await client.get(f"{units}?first={number * 100 + 1}")).raise_for_status().json()["units"]
    turn = 0
    while time.monotonic() < end:
        began = time.monotonic()
        unit, version = found[turn // DRAFTS]["unit"], turn % DRAFTS
        body = {"target": f"Traducción {number}, versión {version}.", "version": version}
        await heard.call(lambda place=f"{units}/{unit}/target", said=body: client.put(place, json=said))
        turn += 1
        await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began)))


async def _read(client: httpx.AsyncClient, heard: Heard, end: float) -> None:
    """Pages, so many a second, whether or not the ones before have come."""
    pages, asked = (
        ("/sites/reef", "/sites/reef/deployments/1", "/desk", "/api/v1/sites/reef/coverage"),
        list[asyncio.Task[None]](),
    )
    while time.monotonic() < end:
        page = pages[len(asked) % len(pages)]
        asked.append(asyncio.create_task(heard.call(lambda place=page: client.get(place))))
        await asyncio.sleep(1 / READS)
    await asyncio.gather(*asked)


async def _listen(client: httpx.AsyncClient, job: str, told: list[int]) -> None:
    events = 0
    async with (
        _client(str(client.base_url), client.cookies) as own,
        own.stream("GET", f"/api/v1/jobs/{job}/events") as answer,
    ):
        async for line in answer.aiter_lines():
            events += line.startswith("data:")
    told.append(events)


async def _catalogs(people: Sequence[httpx.AsyncClient]) -> Figure:
    """How many a second, and beside it files of the same bytes; each asker is a person, who may ask so often a minute."""
    place = "/api/v1/sites/reef/deployments/1/catalogs"
    content = (await people[0].get(place)).raise_for_status().content
    ours = await _rate([partial(one.get, place) for one in people])
    with _files(content) as beside:
        async with AsyncExitStack() as stack:
            others = [await stack.enter_async_context(_client(beside)) for _ in people]
            theirs = await _rate([partial(one.get, "") for one in others])
    note = f"{len(content):,} bytes, {_ASKERS} at once; who asks is on the same cores"
    return Figure("catalogs of a deployment", ours, "a second", "as files", "a server of static files", theirs, note)


async def _rate(askers: Sequence[Callable[[], Awaitable[httpx.Response]]]) -> float:
    count, end = 0, time.monotonic() + 5

    async def asks(ask: Callable[[], Awaitable[httpx.Response]]) -> None:
        nonlocal count
        while time.monotonic() < end:
            (await ask()).raise_for_status()
            count += 1

    await asyncio.gather(*map(asks, askers))
    return count / 5


@contextmanager
def _files(content: bytes) -> Iterator[str]:
    """The address of a file that Starlette's own server of static files answers with, behind the same uvicorn."""
    code = (
        "import sys, uvicorn\nfrom starlette.applications import Starlette\nfrom starlette.staticfiles import StaticFiles\n"
        "app = Starlette()\napp.mount('/', StaticFiles(directory=sys.argv[1]))\n"
        "uvicorn.run(app, port=int(sys.argv[2]), log_level='error', access_log=False)"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"static-{port}"  # noqa: S108 - of this machine's one run
    folder.mkdir()
    (folder / "catalogs.zip").write_bytes(content)
    process = subprocess.Popen([sys.executable, "-c", code, str(folder), str(port)])
    try:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/catalogs.zip"
    finally:
        process.kill()
        process.wait()
        (folder / "catalogs.zip").unlink()
        folder.rmdir()
