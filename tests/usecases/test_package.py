"""Package: the remainder and nothing else, once, with what a translator needs to know."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from tests.fakes import SITE
from tests.laws.world import answered
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import NotFound
from tm_service.domain.packages import PackageStatus
from tm_service.domain.serving import Rule

A = "text/home.json"
LEAD, HINT = "Gather the seeds of every plant", "Water the young plants in the evening"


def french(house, **asked: object):
    """The keys a package of today would hold."""
    made = house.packages(locales=("fr",), **asked)
    return [".".join(unit.key) for package, _, _ in made for unit in package.work]


def test_what_is_missing_is_needed_and_what_is_current_is_not(house):
    house.write({A: {"lead": LEAD, "hint": HINT}, f"i18n/fr/{A}": {"lead": "Récoltez"}})
    assert french(house) == ["hint"]


def test_what_the_memory_knows_is_not_needed(house):
    house.write({A: {"lead": LEAD}, "text/x.json": {"other": LEAD}, f"i18n/fr/{A}": {"lead": "Récoltez"}})
    assert french(house) == []


def test_a_mere_change_of_spaces_is_no_work(house):
    house.write({A: {"lead": LEAD, "hint": HINT}, f"i18n/fr/{A}": {"lead": "Récoltez", "hint": "Arrosez"}})
    house.deploy()
    house.write({A: {"lead": LEAD.replace(" ", "  ", 1), "hint": f"{HINT}!"}})
    assert french(house) == ["hint"]


def test_what_holds_the_gate_is_work(house):
    house.site = replace(SITE, content=(replace(SITE.content[0], parity=True),))
    house.write({A: {"lead": LEAD}, f"i18n/fr/{A}": {"lead": "Récoltez"}})
    house.deploy()
    house.write({A: {"lead": f"{LEAD} 2"}})
    assert french(house) == ["lead"]


def test_codes_and_torn_files_are_no_work(house):
    house.write({A: {"lead": LEAD, "link": "#/home", "n": "12"}, "text/torn.json": "{"})
    assert french(house) == ["lead"]


def test_work_that_is_out_is_not_sent_twice_unless_its_source_changed(house):
    house.write({A: {"lead": LEAD, "hint": HINT}})
    assert french(house) == ["lead", "hint"]
    assert french(house) == []
    house.write({A: {"lead": f"{LEAD}, please", "hint": HINT}})
    assert french(house) == ["lead"]
    house.write({A: {"lead": LEAD, "hint": HINT}})
    assert french(house) == []


def test_what_moved_while_it_is_out_is_not_sent_again_and_comes_home(house):
    house.write({A: {"lead": LEAD}})
    house.deploy()
    ((_, name, content),) = house.packages(locales=("fr",))
    house.write({A: None, "text/moved.json": {"intro": LEAD}})
    assert french(house) == []
    house.service.take_in(name, answered(content, lambda _place: 0))
    house.deploy()
    assert house.served("text/moved.json", "intro").translated
    assert french(house) == []


def test_what_came_back_bad_is_still_out_and_comes_back_better(house):
    house.write({A: {"lead": LEAD}})
    ((_, name, content),) = house.packages(locales=("fr",))
    house.service.take_in(name, answered(content, lambda _place: 2))
    assert french(house) == []
    house.service.take_in(name, answered(content, lambda _place: 0))
    assert house.service.handoffs.packages(house.name)[0].status is PackageStatus.REINTEGRATED
    assert french(house) == []


def test_each_locale_has_a_package_of_its_own(house):
    house.write({A: {"lead": LEAD}, f"i18n/ar/{A}": {"lead": "اجمع البذور"}})
    assert [package.id for package, _, _ in house.packages()] == ["garden-1-fr"]
    assert [package.locale for package, _, _ in house.packages()] == []
    with pytest.raises(NotFound, match="Site garden has no locale de; it has ar, fr"):
        house.packages(locales=("de",))


def test_a_package_says_what_changed_and_what_stood_there(house):
    house.site = replace(SITE, codes={"fr": "fr-CH"})
    house.write({A: {"lead": "Report in 30 days"}, f"i18n/fr/{A}": {"lead": "Rapport dans 30 jours"}})
    house.deploy()
    house.write({A: {"lead": "Report in 60 days"}})
    ((package, name, content),) = house.packages(locales=("fr",), due=date(2026, 2, 1))
    (unit,) = package.work
    assert (unit.previous_source, unit.previous_target) == ("Report in 30 days", "Rapport dans 30 jours")
    assert (unit.edit, unit.base, unit.id) == (EditClass.NUMBER, 1, "garden-1-fr.1")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xliff = next(archive.read(entry) for entry in archive.namelist() if entry.endswith(".xlf")).decode()
    assert 'target-language="fr-CH"' in xliff
    assert "Changed (number): was: in 30 days; now: in 60 days" in xliff
    assert f"Where: {A}, lead" in xliff
    assert ", due 2026-02-01" in xliff
    assert house.service.handoffs.file("garden-1-fr") == (name, content)


def test_packaging_moves_nothing_that_readers_see(house):
    house.write({A: {"lead": LEAD}})
    house.deploy()
    catalogs = house.service.catalogs(house.name, 1)
    house.packages()
    assert len(house.service.deployments(house.name)) == 1
    assert house.service.catalogs(house.name, 1) == catalogs
    assert house.served(A, "lead").rule is Rule.MISSING
