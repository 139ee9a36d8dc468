"""Register: its pages with 100,000 units in five languages, once counted, beside a file that stands ready."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Figure
from tests.register_world import LOCALES, NOW, grown, open_house, package, unit
from tests.web.house import Visitor
from tm_service.domain.matches import MatchClass
from tm_service.web.app import make_app
from tm_service.web.assets import STYLE, asset_path

_PAGES = ("", "/coverage", "/trend", "/freshness", "/work", "/alarms", "/savings", "/quality")
_FILES = ("/coverage/file?kind_of=xlsx", "/trend/file?table=trend&kind_of=png", "/summary?locale=fr")
_RUNS = 9
_OUT = 5_000  # units of a package; four of them a language
_ROOT = "/sites/garden/register"


def register(folder: Path) -> Iterator[Figure]:
    house = open_house(folder / "register")
    grown(house.store, sections=50, files=20, units=100, deployments=10, changed=0.05)
    kinds = list(MatchClass)
    with house.store.begin() as tx:
        for number in range(100, 120):
            units = [unit(n, f"Sow {n} rows of beans, bed {number}", match=kinds[n % 9]) for n in range(_OUT)]
            tx.save_package(package(number, LOCALES[number % 5], units, due=NOW.date()))
    visitor = Visitor(make_app(house))
    began = time.perf_counter()
    for page in _PAGES:
        visitor.get(_ROOT + page)
    counted = time.perf_counter() - began
    ready, _ = _milliseconds(visitor, asset_path(STYLE))
    for page in (*_PAGES, *_FILES):
        took, processor = _milliseconds(visitor, _ROOT + page)
        goal = "150 ms" if page in _PAGES else ""
        yield Figure(f"register{page}", took, "ms", goal, "the style sheet", ready, processor=processor)
    note = "100,000 units, 100,000 more in packages"
    yield Figure("register, all of it counted anew", counted, "s", "", "", None, note)


def _milliseconds(visitor: Visitor, address: str) -> tuple[float, float]:
    """The median of several answers by the clock, in milliseconds, and of the processor, in seconds."""
    took, worked = [], []
    for _ in range(_RUNS):
        began, before = time.perf_counter(), time.process_time()
        answer = visitor.get(address)
        took.append(1000 * (time.perf_counter() - began))
        worked.append(time.process_time() - before)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}.")
    return median(took), median(worked)
