"""Register: its pages with 100,000 units in five languages, first looks and later ones, beside a file that stands ready."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Figure
from tests.register_world import LOCALES, NOW, Releases, grown, open_house, package, page_of, source, unit
from tests.web.house import Visitor
from tm_service.domain.matches import MatchClass
from tm_service.web.app import make_app
from tm_service.web.assets import STYLE, asset_path
from tm_service.web.site_views import SiteViews

_PAGES = ("", "/coverage", "/trend", "/freshness", "/work", "/alarms", "/savings", "/quality", "/rates")
_FILES = ("/coverage/file?kind_of=xlsx", "/trend/file?table=trend&kind_of=png", "/summary?locale=fr")
_RUNS = 9
_OUT = 5_000  # units of a package; four of them a language
_A_FILE = 20  # units of a package in one file
_ROOT = "/sites/garden/register"


def register(folder: Path) -> Iterator[Figure]:
    house = open_house(folder / "register")
    releases = grown(house.store, sections=50, files=20, units=100, deployments=10, changed=0.05)
    resources = sorted({resource for _, resource in releases.pages})
    kinds = list(MatchClass)
    with house.store.begin() as tx:
        for number in range(100, 120):
            texts = (
                (resources[(number - 100) // 5 * _OUT // _A_FILE + n // _A_FILE], str(80 + n % _A_FILE))
                for n in range(_OUT)
            )
            units = [
                replace(unit(n, source(file, (key,)), match=kinds[n % 9]), resource=file, key=(key,))
                for n, (file, key) in enumerate(texts)
            ]
            tx.save_package(package(number, LOCALES[number % 5], units, due=NOW.date()))
        tx.note("garden", "package", {}, NOW)
    app = make_app(house)
    visitor = Visitor(app)
    ready, _ = _milliseconds(visitor, asset_path(STYLE))
    for page in (*_PAGES, *_FILES):
        took, processor = _milliseconds(visitor, _ROOT + page)
        goal = "150 ms" if page in _PAGES else ""
        yield Figure(f"register{page}", took, "ms", goal, "the style sheet", ready, processor=processor)
    for page in _PAGES:
        took, processor = _milliseconds(visitor, _ROOT + page, lambda: setattr(app.state, "views", SiteViews()))
        note = "nothing counted before: after a start, or a change of the site"
        yield Figure(f"register{page}, first look", took, "ms", "150 ms", "the style sheet", ready, note, processor)
    yield _counting(releases, resources)


def _counting(releases: Releases, resources: list[str]) -> Figure:
    """What a deployment pays for the counting: that of one page in twenty, less the same without it."""
    took = []
    for counted, letter in ((True, "d"), (False, "k")):
        letters = {str(key): letter for key in range(100)}
        changed = {(locale, one): page_of(locale, one, letters) for locale in LOCALES for one in resources[::20]}
        began = time.process_time()
        releases.deploy(changed, counted=counted)
        took.append(time.process_time() - began)
    note = "250 pages with 25,000 units behind change"
    return Figure("register, counted with a deployment", took[0] - took[1], "s", "", "", None, note)


def _milliseconds(visitor: Visitor, address: str, before: Callable[[], object] = lambda: None) -> tuple[float, float]:
    """The median of several answers by the clock, in milliseconds, and of the processor, in seconds."""
    took, worked = [], []
    for _ in range(_RUNS):
        before()
        began, processor = time.perf_counter(), time.process_time()
        answer = visitor.get(address)
        took.append(1000 * (time.perf_counter() - began))
        worked.append(time.process_time() - processor)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}.")
    return median(took), median(worked)
