"""A filled house, served: 100,000 units in the store and a package at the desk; says in one line of JSON where it is."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.deployment_pages import LOCALES, fill
from tests.browser.crawl import crawl
from tests.fakes import SITE, House, new_house
from tests.people.samples import PASSWORD
from tests.web.browser import HOST
from tm_service.domain.packages import Package, PackageUnit
from tm_service.domain.permissions import Grant, Role
from tm_service.domain.text import fingerprint
from tm_service.web.app import make_app
from tm_service.web.server import run

UNITS = 1_000  # of the package


def main(folder: Path) -> None:
    house = new_house(folder, replace(SITE, locales=LOCALES))
    fill(house.store)
    _package(house)
    people = house.service.people()
    made = people.invite("all@house.example", "All", "en", [Grant(role) for role in Role])
    people.accept(made.token, PASSWORD)
    session = people.sign_in("all@house.example", PASSWORD).token
    pages = crawl(make_app(house.service, hosts=[HOST]), session).pages

    def told(address: str) -> None:
        sys.stdout.write(json.dumps({"address": address, "session": session, "pages": pages}) + "\n")
        sys.stdout.flush()

    run(house.service, port=0, ready=told)


def _package(house: House) -> None:
    units = tuple(
        PackageUnit(f"garden-1-fr.{number}", "text/home.json", (f"p{number}",), text, fingerprint(text))
        for number, text in ((number, f"Bed number {number} of the garden") for number in range(1, UNITS + 1))
    )
    with house.store.begin() as tx:
        tx.save_package(Package("garden", 1, "fr", "en", "fr", "0" * 40, datetime.now(UTC), units))
        tx.learn_sources("garden", [((unit.resource, unit.key), unit.source) for unit in units])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
