"""Where the memory's index is: mapped from files or kept in the database, every answer of the service is the same."""

from dataclasses import replace

import pytest

from tests.fakes import SITE, FakeSite
from tests.storage.samples import NOON
from tm_service.bootstrap import open_service
from tm_service.domain.errors import ConfigurationError
from tm_service.settings import read_settings

ENGLISH = {
    "gate": "The keeper opens the gate at 5 in the morning",
    "list": "Seed list",
    "permit": "A permit is valid for **30 days** from the date of issue",
    "ledger": "Every loan is entered in the ledger of the {name} library",
    "tools": "Return the tools to the shed before dusk",
}
FRENCH = {
    "gate": "Le gardien ouvre la grille à 5 heures du matin",
    "list": "Liste des semences",
    "permit": "Un permis est valable **30 jours** à compter de sa délivrance",
    "ledger": "Chaque prêt est inscrit au registre de la bibliothèque {name}",
    "tools": "Rapportez les outils à la remise avant la tombée de la nuit",
}
LATER = {
    "noon": "The keeper opens the gate at 6 in the evening",
    "lists": "Seed lists",
    "permits": "A permit is valid for **60 days** from the date of issue",
    "same": "Return the tools to the shed before dusk",
    "new": "Nobody has written a word like this about moss",
}
ASKED = (*ENGLISH.values(), *LATER.values(), "", "gate", "seed  LIST")


@pytest.fixture
def houses(url, tmp_path):
    """Two services over one database and one site; only where the index is tells them apart."""
    repository = FakeSite()
    repository.write({"text/home.json": ENGLISH, "i18n/fr/text/home.json": FRENCH})
    site = replace(SITE, locales=("fr",), content=(replace(SITE.content[0], dialect=""),))

    def opened(index):
        settings = read_settings(tmp_path / index, {"TM_SERVICE_DATABASE": url, "TM_SERVICE_MEMORY_INDEX": index})
        return replace(
            open_service(settings),
            sites=lambda: {site.name: site},
            connect=lambda _: repository,
            clock=lambda: NOON,
        )

    made = {index: opened(index) for index in ("mapped", "database")}
    yield made, repository
    for service in made.values():
        service.store.close()


def answers(service):
    """What a person is offered for each text, from either side."""
    there, back = (service.memories.reading("garden", "fr", reverse=way) for way in (False, True))
    texts = [(there, text) for text in ASKED] + [(back, text) for text in FRENCH.values()]
    return [service.memories.similar(where, text, least=50, limit=5) for where, text in texts]


def test_both_offer_the_same_and_go_on_offering_the_same_when_pairs_come_and_go(houses):
    made, repository = houses
    made["mapped"].learn("garden")
    before = answers(made["database"])
    assert before == answers(made["mapped"])
    assert sum(map(len, before)) > len(ASKED), "there is hardly anything to agree about"
    repository.write(
        {"text/more.json": LATER, "i18n/fr/text/more.json": {key: f"Texte : {text}" for key, text in LATER.items()}}
    )
    made["database"].learn("garden")
    grown = answers(made["mapped"])
    assert grown == answers(made["database"])
    assert grown != before
    made["mapped"].memories.retire("garden", [match.translation.number for match in grown[0]], by="Ana", reason="old")
    shrunk = answers(made["database"])
    assert shrunk == answers(made["mapped"])
    assert shrunk != grown


def test_a_package_is_the_same_and_so_is_what_a_release_will_cost(houses):
    made, repository = houses
    repository.tag("before")
    made["mapped"].learn("garden")
    repository.write({"text/more.json": LATER})
    repository.tag("after")
    costs = [service.estimate("garden", "before", "after") for service in made.values()]
    assert costs[0] == costs[1]
    units = []
    for service in made.values():
        ((package, _, content),) = service.package("garden")
        assert content
        units.append([replace(unit, id="") for unit in package.units])
        service.handoffs.cancel(package.id)
    assert units[0] == units[1]
    assert [unit.percent for unit in units[0]] != [0.0] * len(LATER)


def test_no_file_is_kept_where_the_index_is_in_the_database(houses, tmp_path):
    made, _ = houses
    made["database"].learn("garden")
    answers(made["database"])
    stats = made["database"].memories.stats()
    assert (stats.engine, stats.segments) == ("database", len(ENGLISH))
    assert not (tmp_path / "database/index").exists()


def test_an_index_that_there_is_not_is_refused(tmp_path):
    assert read_settings(tmp_path, {}).memory_index == "mapped"
    assert read_settings(tmp_path, {"TM_SERVICE_MEMORY_INDEX": "database"}).memory_index == "database"
    with pytest.raises(ConfigurationError, match="TM_SERVICE_MEMORY_INDEX is 'redis'; choose one of mapped, database"):
        read_settings(tmp_path, {"TM_SERVICE_MEMORY_INDEX": "redis"})
