"""The desk: what its pages and calls take of the processor with packages of 10,000 units, of which one is worked on."""

import asyncio
import gc
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from tests.benchmarks.measure import Figure
from tests.fakes import new_house
from tests.people.samples import person, signed_in
from tests.web.browser import with_people
from tm_service.desk_verbs import Wording
from tm_service.domain.desk import TargetState
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.permissions import Grant, Role
from tm_service.domain.text import fingerprint

UNITS, PACKAGES, TIMES = 10_000, 10, 12
PAGE, CALL = "150 ms", "100 ms"


def desk(folder: Path) -> Iterator[Figure]:
    """The 95th percentile in milliseconds of the processor, without a line, of what was asked for once before."""
    (folder / "desk").mkdir()
    house = new_house(folder / "desk")
    for number in range(1, PACKAGES + 1):
        _package(house, number)
    made, app = with_people(house.service, lambda: datetime.now(UTC))
    person(made.people(), "Amina", Grant(Role.REVIEWER))
    token = signed_in(made.people(), "Amina").token
    first = "garden-1-fr"
    gc.freeze()  # what was built here is no work of the server's
    for number in range(1, 1001):
        unit = f"{first}.{number}"
        made.desk.save(first, unit, Wording(f"Planche {number}", 0, TargetState.CONFIRMED), by="amina@house.example")

    def ask(method: str, path: str, body: object = None) -> Callable[[], object]:
        return lambda: asyncio.run(_asked(app, method, path, token, body))

    page, units = f"/desk/packages/{first}", f"/api/v1/packages/{first}/units"
    unit = f"{first}.5000"
    note = f"{PACKAGES} packages of {UNITS:,} units, 1,000 of them written"
    yield Figure("desk: queue, p95", _p95(ask("GET", "/desk")), "ms", PAGE, note=note)
    yield Figure("desk: page of a package, p95", _p95(ask("GET", f"{page}?first=5000")), "ms", PAGE, note=note)
    yield Figure(
        "desk: page found by a text, p95", _p95(ask("GET", f"{page}?text=number%20777")), "ms", PAGE, note=note
    )
    yield Figure("desk: page of a unit, p95", _p95(ask("GET", f"{page}/units/{unit}")), "ms", PAGE, note=note)
    yield Figure("desk: 50 units for the editor, p95", _p95(ask("GET", f"{units}?first=5000")), "ms", PAGE, note=note)
    body = {"target": "Planche du jardin"}
    yield Figure("desk: check, p95", _p95(ask("POST", f"{units}/{unit}/check", body)), "ms", CALL, note=note)
    targets = iter(range(TIMES + 2))

    def save() -> None:
        number = next(targets)
        ask("PUT", f"{units}/{unit}/target", {"target": f"Planche {number}", "version": number})()

    yield Figure("desk: save, p95", _p95(save), "ms", CALL, note=note)
    started = time.perf_counter()
    made.desk.hand_in(first)
    yield Figure("desk: hand in 1,000 units", time.perf_counter() - started, "s", note=note)
    house.store.close()


def _package(house, number: int) -> None:
    texts = [f"Bed number {place} of garden {number}" for place in range(1, UNITS + 1)]
    units = tuple(
        PackageUnit(f"garden-{number}-fr.{place}", "text/home.json", (f"k{place}",), text, fingerprint(text))
        for place, text in enumerate(texts, 1)
    )
    with house.store.begin() as tx:
        tx.save_package(Package("garden", number, "fr", "en", "fr", "0" * 40, datetime.now(UTC), units))
        tx.learn_sources(
            "garden", [(("text/home.json", unit.key), unit.source) for unit in units[: UNITS * (number == 1)]]
        )


async def _asked(app, method: str, path: str, token: str, body: object) -> None:
    """Straight to the application: what a client takes for itself is not counted."""
    place, _, query = path.partition("?")
    content = b"" if body is None else json.dumps(body).encode()
    headers = [(b"host", b"house.example"), (b"authorization", f"Bearer {token}".encode())]
    headers += (
        [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())] if content else []
    )
    scope = {
        "type": "http",
        "method": method,
        "path": place,
        "raw_path": place.encode(),
        "query_string": query.encode(),
    }
    scope |= {"headers": headers, "scheme": "http", "server": ("house.example", 80), "client": ("127.0.0.1", 1)}
    scope |= {"http_version": "1.1", "asgi": {"version": "3.0"}, "root_path": ""}
    sent = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert sent[0]["status"] == 200, sent


def _p95(act: Callable[[], object]) -> float:
    act()
    spent = []
    for _ in range(TIMES):
        started = time.process_time()
        act()
        spent.append((time.process_time() - started) * 1000)
    return quantiles(spent, n=20)[-1]
