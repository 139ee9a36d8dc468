"""Garden: a site in memory whose deployments tell a story, with people who look at it, and a worker for what they ask."""

from dataclasses import dataclass

from tests.fakes import House, new_house
from tests.web.desks.staff import Staff, staff_of
from tm_service.domain.audit import Caller, acting
from tm_service.worker.runner import Worker

HOME, SHOP = "text/home.json", "text/shop.json"
HOSTILE = "<script>alert('seeds')</script>"


@dataclass
class Garden:
    """The house, its people, and what was deployed: 3 deployments, then a source whose translations no longer fit."""

    house: House
    staff: Staff

    @property
    def service(self):
        return self.staff.service

    def browser(self, role, locale=""):
        return self.staff.browser(role, "", locale)

    def work(self):
        Worker(self.service, "test").run(until_idle=True)


def plant(folder):
    """1: home in three languages. 2: the opening hour is edited, a shop opens. 3: its French comes, Ada deploys."""
    house = new_house(folder)
    house.write(
        {
            HOME: {"title": "Seed bank", "opening": "The garden opens at 9.", "lead": "Welcome, {name}.", "old": "Map"},
            f"i18n/fr/{HOME}": {
                "title": "Banque de semences",
                "opening": "Le jardin ouvre à 9 heures.",
                "lead": "Bienvenue, {name}.",
                "old": "Plan",
            },
            f"i18n/ar/{HOME}": {"title": "بنك البذور", "lead": "مرحبًا يا {name}."},
        },
        author="Ines",
    )
    house.deploy()
    home = {"title": "Seed bank", "opening": "The garden opens at 10.", "lead": "Welcome, {name}."}
    house.write({HOME: home, SHOP: {"title": "Garden shop", "seeds": "Seeds of the year", "odd": HOSTILE}})
    house.deploy()
    house.write({f"i18n/fr/{SHOP}": {"title": "Boutique du jardin", "seeds": "Semences de l’année"}}, author="Ines")
    with acting(Caller("ada@house.example", reason="The shop is open.")):
        house.deploy()
    house.write({HOME: home | {"lead": "Welcome."}})
    return Garden(house, staff_of(house.service, house.repository.clock))
