"""Retired: never offered again, kept for readers until there is a better one, and work for a translator."""

from dataclasses import replace

import pytest

from tests.fakes import BEGINNING
from tests.laws.world import answered
from tm_service.domain.serving import Rule

A, B = "text/home.json", "text/list.json"
LEAD, HINT = "Gather the seeds of every plant", "Water the young plants in the evening"


def retire(house, target):
    """Take every translation with this target out of use."""
    numbers = [entry.number for entry in house.translations() if entry.target == target]
    with house.store.begin() as tx:
        return tx.retire(house.name, numbers, by="Amina", at=BEGINNING, reason="wrong term")


def work(house):
    made = house.packages(locales=("fr",))
    return [(unit.resource, ".".join(unit.key)) for package, _, _ in made for unit in package.work]


@pytest.fixture
def deployed(house):
    house.write({A: {"lead": LEAD, "hint": HINT}, f"i18n/fr/{A}": {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    return house


def test_readers_keep_a_retired_translation_and_a_translator_gets_the_unit(deployed):
    assert retire(deployed, "Récoltez") == 1
    number = deployed.deploy()
    shown = deployed.shown(number)
    assert (shown[A, ("lead",)], shown[A, ("hint",)]) == ("Récoltez", "Arrosez")
    assert deployed.served(A, "lead").rule is Rule.KEPT
    assert deployed.served(A, "hint").rule is Rule.CURRENT
    assert work(deployed) == [(A, "lead")]


def test_a_retirement_is_work_before_the_next_deployment_and_sent_once(deployed):
    retire(deployed, "Récoltez")
    assert work(deployed) == [(A, "lead")]
    assert work(deployed) == []


def test_what_a_translator_returns_takes_its_place(deployed):
    retire(deployed, "Récoltez")
    ((_, name, content),) = deployed.packages(locales=("fr",))
    deployed.service.take_in(name, answered(content, lambda _place: 0))
    deployed.deploy()
    assert deployed.served(A, "lead").rule is Rule.CURRENT
    assert deployed.served(A, "lead").text.startswith("«fr»")


def test_a_retired_translation_is_not_offered_to_other_units(deployed):
    retire(deployed, "Récoltez")
    deployed.write({B: {"start": LEAD, "end": HINT}})
    deployed.deploy()
    assert deployed.served(B, "start").rule is Rule.MISSING
    assert deployed.served(B, "end").rule is Rule.MEMORY


def test_what_other_units_were_served_from_it_stays_and_becomes_work(deployed):
    deployed.write({B: {"start": LEAD}})
    deployed.deploy()
    assert deployed.served(B, "start").rule is Rule.MEMORY
    retire(deployed, "Récoltez")
    deployed.deploy()
    assert (deployed.served(B, "start").rule, deployed.served(B, "start").text) == (Rule.KEPT, "Récoltez")
    assert work(deployed) == [(A, "lead"), (B, "start")]


def test_another_translation_of_the_same_text_is_better_than_a_retired_one(deployed):
    deployed.write({B: {"start": LEAD}, f"i18n/fr/{B}": {"start": "Cueillez"}})
    deployed.deploy()
    retire(deployed, "Récoltez")
    deployed.deploy()
    assert (deployed.served(A, "lead").rule, deployed.served(A, "lead").text) == (Rule.MEMORY, "Cueillez")
    assert work(deployed) == []


def test_the_last_translation_before_it_that_is_not_retired_is_served_again(deployed):
    deployed.write({f"i18n/fr/{A}": {"lead": "Cueillez", "hint": "Arrosez"}})
    deployed.deploy()
    retire(deployed, "Cueillez")
    deployed.deploy()
    assert (deployed.served(A, "lead").rule, deployed.served(A, "lead").text) == (Rule.CURRENT, "Récoltez")


def test_a_source_that_is_edited_after_the_retirement_keeps_its_readers_served(deployed):
    retire(deployed, "Récoltez")
    deployed.write({A: {"lead": f"{LEAD} and herb", "hint": HINT}})
    deployed.deploy()
    assert (deployed.served(A, "lead").rule, deployed.served(A, "lead").text) == (Rule.DATED, "Récoltez")
    assert work(deployed) == [(A, "lead")]


def test_what_was_never_served_and_is_retired_is_missing(house):
    house.write({A: {"lead": LEAD}, f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.service.learn(house.name)
    retire(house, "Récoltez")
    house.deploy()
    assert house.served(A, "lead").rule is Rule.MISSING
    assert work(house) == [(A, "lead")]


@pytest.mark.parametrize("history", [False, True])
def test_a_retired_value_that_stands_in_the_sites_files_is_not_learned_again(deployed, history):
    retire(deployed, "Récoltez")
    kept = deployed.translations()
    deployed.write({f"i18n/fr/{A}": {"lead": "Récoltez", "hint": "Arrosez-les"}})
    deployed.service.learn(deployed.name, history=history)
    assert [entry.target for entry in deployed.translations()[len(kept) :]] == ["Arrosez-les"]


def test_a_retired_return_is_not_taken_in_again_from_the_same_package(house):
    house.write({A: {"lead": LEAD}})
    ((_, name, content),) = house.packages(locales=("fr",))
    returned = answered(content, lambda _place: 0)
    house.service.take_in(name, returned)
    [entry] = house.translations()
    retire(house, entry.target)
    for again in (returned, returned + b"\n"):
        house.service.take_in(name, again)
        assert house.translations() == [entry]


def test_a_pair_retired_by_mistake_is_appended_again(deployed):
    [entry] = [entry for entry in deployed.translations() if entry.target == "Récoltez"]
    retire(deployed, "Récoltez")
    with deployed.store.begin() as tx:
        assert tx.append([entry]) == 0
        assert tx.append([replace(entry, reference=f"restores {entry.number}")]) == 1
    deployed.deploy()
    assert deployed.served(A, "lead").rule is Rule.CURRENT
    assert work(deployed) == []
