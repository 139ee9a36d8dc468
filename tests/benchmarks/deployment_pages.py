"""Deployment pages: how long the server takes for each with 100,000 units in the store, beside a file that only lies there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time

from tests.benchmarks.measure import Figure, seconds_of
from tests.fakes import BEGINNING, SITE, new_house
from tests.people.samples import PASSWORD
from tests.web.house import Visitor
from tm_service.domain.deployments import Coverage, Deployment, PageRef, Tally
from tm_service.domain.permissions import Grant, Role
from tm_service.domain.serving import Origin, Page, Rule, Served, Translation
from tm_service.domain.text import fingerprint
from tm_service.usecases.pages import dump_page
from tm_service.web.app import make_app
from tm_service.web.assets import STYLE, asset_path

RESOURCES, UNITS, LOCALES = 500, 40, ("ar", "es", "fr", "ru", "zh")  # 100,000 units
_RUNS = 7
_WORDS = "Seeds of wild wheat are kept cold and dry in drawer {} of the herbarium, and lent for one season."
_GOAL = "150 ms"


def deployment_pages(folder: Path) -> Iterator[Figure]:
    """Each page as a developer asks for it: the first time, and again; the first time counts what differs."""
    house = new_house(folder / "deployment-pages", replace(SITE, locales=LOCALES))
    fill(house.store)
    people = house.service.people()
    developer = people.invite("dev@house.example", "Dev", "en", [Grant(Role.DEVELOPER), Grant(Role.SECRETARIAT)])
    people.accept(developer.token, PASSWORD)
    headers = {"Authorization": f"Bearer {people.sign_in('dev@house.example', PASSWORD).token}"}
    visitor = Visitor(make_app(house.service))
    lies_there = median(seconds_of(lambda: visitor.get(asset_path(STYLE))) for _ in range(_RUNS)) * 1000

    def ask(path: str) -> tuple[float, float]:
        """Milliseconds by the clock, seconds of the processor."""
        found, worked = [], process_time()
        seconds = seconds_of(lambda: found.append(visitor.get(path, headers=headers)))
        if found[0].status_code != 200:
            raise RuntimeError(f"{path}: {found[0].status_code}")
        return seconds * 1000, process_time() - worked

    ask("/sites/garden/ci")  # templates are compiled once, before any clock
    for name, path in PAGES.items():
        first, worked = ask(path)
        again = [ask(path) for _ in range(_RUNS)]
        note = f"{first:.0f} ms the first time, of which {worked * 1000:.0f} ms of the processor"
        wall, processor = (median(figures) for figures in zip(*again, strict=True))
        yield Figure(f"page: {name}", wall, "ms", _GOAL, "style sheet", lies_there, note, processor)
    house.store.close()


PAGES = {
    "overview": "/sites/garden",
    "deployments": "/sites/garden/deployments",
    "one deployment": "/sites/garden/deployments/3",
    "differences, 2 % of the pages": "/sites/garden/differences?before=1&now=2",
    "differences, every text": "/sites/garden/differences?before=2&now=3",
    "differences, every text, the last part": f"/sites/garden/differences?before=2&now=3&start={RESOURCES * UNITS * 5 - 50}",
    "reader's view, resources": "/sites/garden/reading?locale=fr",
    "reader's view, one resource": "/sites/garden/reading?locale=fr&resource=text/0250.json",
    "reader's view, a search that finds": "/sites/garden/reading?locale=fr&q=drawer+7",
    "reader's view, a search that finds nothing": "/sites/garden/reading?locale=fr&q=mangrove",
    "history of a text": "/sites/garden/history?locale=fr&resource=text/0250.json&key=k7",
    "roll back": "/sites/garden/deployments/1/restoration",
    "runs": "/sites/garden/runs",
    "gate": "/sites/garden/gate",
}


def fill(store) -> None:
    """Three deployments: of everything, of 2 % of it once more, and of every text in other words."""
    with store.begin() as tx:
        texts = [_WORDS.format(number) for number in range(UNITS)]
        for resource in range(RESOURCES):
            path = f"text/{resource:04}.json"
            tx.learn_sources("garden", [((path, (f"k{number}",)), text) for number, text in enumerate(texts)])
        tx.append(
            Translation(
                "garden",
                locale,
                f"text/{resource:04}.json",
                (f"k{number}",),
                fingerprint(text),
                text,
                text,
                BEGINNING,
                Origin.SITE,
            )
            for locale in LOCALES
            for resource in range(RESOURCES)
            for number, text in enumerate(texts)
        )
        tx.note("garden", "learn", {}, BEGINNING)
    everywhere = [(locale, f"text/{resource:04}.json") for locale in LOCALES for resource in range(RESOURCES)]
    for number, places in ((1, everywhere), (2, everywhere[::50]), (3, everywhere)):
        with store.begin() as tx:
            refs = [_ref(tx, *place, number) for place in places]
            total = dict.fromkeys(LOCALES, _COVERAGE_OF_ALL)
            at = BEGINNING + timedelta(days=number)
            tx.save_deployment(
                Deployment("garden", number, f"{number:040}", "main", "main", at, total, 0, ""), refs, [], {}
            )
            tx.note("garden", "deploy", {"deployment": number, "revision": f"{number:040}"}, at)


_COVERAGE = Coverage(Tally(units=UNITS, current=UNITS), Tally(units=UNITS * 17, current=UNITS * 17))
_COVERAGE_OF_ALL = sum([_COVERAGE] * RESOURCES, Coverage())


def _ref(tx, locale: str, path: str, number: int) -> PageRef:
    first = 1 + UNITS * int(path[5:9]) + RESOURCES * UNITS * LOCALES.index(locale)
    served = tuple(
        Served(
            (f"k{unit}",),
            f"{locale} {number} " + _WORDS.format(unit),
            Rule.CURRENT,
            fingerprint(_WORDS.format(unit)),
            "translated from this source, site of 2026-01-05 by Ines",
            first + unit,
        )
        for unit in range(UNITS)
    )
    digest, catalog = tx.put_blobs([dump_page(Page(locale, path, f"i18n/{locale}/{path}", "", served, {})), b"{}"])
    return PageRef(locale, path, f"i18n/{locale}/{path}", digest, catalog, _COVERAGE)
