"""Hand-off: what goes out beside the units, and what stands between them for reading."""

import csv
import re
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from lxml import etree

from tests.fakes import BEGINNING
from tests.usecases.returns import answered, files, target_of, units
from tm_service.domain.packages import PackageStatus
from tm_service.domain.terms import Term, TermStatus
from tm_service.domain.text import words
from tm_service.usecases.package_draft import Order

A, B = "text/home.json", "text/gate.json"
OLD = {
    "title": "Our seed bank",
    "lead": "Gather the seeds",
    "water": "Water the beds daily",
    "dry": "Dry them in the shade",
    "jar": "Label every jar",
    "end": "Come again soon",
}
KNOWN = {
    "title": "Notre banque de semences",
    "lead": "Récoltez les graines",
    "water": "Arrosez les planches chaque jour",
    "dry": "Faites-les sécher à l’ombre",
    "jar": "Étiquetez chaque bocal",
    "end": "Revenez bientôt",
}
NOW = OLD | {"water": "Water the 12 beds daily", "jar": "Label every jar and every box"}


def packed(house, **about: object):
    ((package, name, content),) = house.service.handoffs.package(house.name, Order(("fr",), **about))
    return package, name, content


@pytest.fixture
def edited(house):
    """A page that is translated, of which two texts changed."""
    house.write({A: OLD, f"i18n/fr/{A}": KNOWN})
    house.deploy()
    house.write({A: NOW})
    return house


def test_translated_neighbours_go_along_locked_and_in_their_places(edited):
    package, _, content = packed(edited)
    assert [(unit.key[0], unit.locked) for unit in package.units] == [
        ("lead", True),
        ("water", False),
        ("dry", True),
        ("jar", False),
        ("end", True),
    ]
    assert [unit.key[0] for unit in package.work] == ["water", "jar"]
    assert len({unit.id for unit in package.units}) == 5
    assert [unit.id for unit in package.work] == ["garden-1-fr.1", "garden-1-fr.2"]
    shown = {unit.get("resname"): (unit.get("translate"), *target_of(unit)) for unit in units(content)}
    assert shown["lead"] == ("no", KNOWN["lead"], "final")
    assert shown["dry"] == ("no", KNOWN["dry"], "final")
    assert shown["water"][0] is None
    assert edited.service.handoffs.packages(edited.name)[0] == package, "they are remembered with it"


def test_locked_neighbours_are_no_work(edited):
    package, _, _ = packed(edited)
    assert package.open_units == package.work
    assert edited.service.handoffs.package(edited.name, Order(("fr",))) == []
    edited.deploy()
    assert edited.service.coverage(edited.name).locales["fr"].units.out == 2


def test_what_comes_back_for_a_locked_unit_changes_nothing(edited):
    package, name, content = packed(edited)
    rewritten = {name: part.replace(KNOWN["dry"].encode(), b"Brulez-les") for name, part in files(content).items()}
    (xliff,) = [part for name, part in rewritten.items() if name.endswith(".xlf")]
    assert b"Brulez-les" in xliff
    before = edited.translations()
    receipt = edited.service.take_in("home.xlf", xliff)
    assert (receipt.accepted, receipt.open, receipt.quarantined) == (0, 2, ())
    assert edited.translations() == before
    said = {"Water the 12 beds daily": "Arrosez les 12 planches chaque jour"}
    said["Label every jar and every box"] = "Étiquetez chaque bocal et chaque boîte"
    receipt = edited.service.take_in(name, answered(content, said))
    assert (receipt.accepted, receipt.open) == (2, 0)
    assert edited.service.handoffs.packages(edited.name)[0].status is PackageStatus.REINTEGRATED
    assert package.id == receipt.package


def test_work_beside_work_stands_there_once_and_unlocked(house):
    house.write({A: OLD, f"i18n/fr/{A}": {"title": KNOWN["title"], "end": KNOWN["end"]}})
    house.deploy()
    package, _, _ = packed(house)
    assert Counter(unit.key[0] for unit in package.units) == Counter(OLD.keys())
    assert {unit.key[0] for unit in package.units if unit.locked} == {"title", "end"}


def test_what_is_behind_is_no_neighbour_to_read(edited):
    """It is out in another package; its old translation says something else than its source."""
    packed(edited)
    edited.write({A: NOW | {"dry": "Dry all of them in the shade"}})
    package, _, _ = packed(edited)
    assert [(unit.key[0], unit.locked) for unit in package.units] == [("dry", False)]


def test_the_file_offers_what_the_unit_remembers(edited):
    package, _, content = packed(edited)
    offered = {unit.id: unit.offered for unit in package.units}
    assert {unit.get("id"): target_of(unit)[0] for unit in units(content)} == offered
    assert offered["garden-1-fr.1"] == KNOWN["water"]


def test_reference_and_analysis_are_there_and_can_be_read(edited):
    with edited.store.begin() as tx:
        tx.append_terms([Term("garden", "en", "bed", "fr", "planche", TermStatus.APPROVED, BEGINNING)])
    _, _, content = packed(edited)
    inside = files(content)
    memory = etree.fromstring(inside["reference/memory_en-fr.tmx"])
    texts = {"".join(seg.itertext()) for seg in memory.iter("seg")}
    assert {OLD["water"], KNOWN["water"]} <= texts
    assert b"planche" in inside["reference/terms_en-fr.tbx"]
    assert "planche" in inside["reference/terms_en-fr.csv"].decode("utf-8-sig")
    etree.fromstring(inside["reference/terms_en-fr.tbx"])
    etree.fromstring(inside["analysis/analysis_fr.xml"])
    assert b"<html" in inside["analysis/analysis_fr.html"].lower()


def test_an_empty_memory_and_no_terms_give_small_valid_files(house):
    house.write({A: OLD})
    _, _, content = packed(house)
    inside = files(content)
    assert not list(etree.fromstring(inside["reference/memory_en-fr.tmx"]).iter("tu"))
    etree.fromstring(inside["reference/terms_en-fr.tbx"])
    assert len(list(csv.reader(StringIO(inside["reference/terms_en-fr.csv"].decode("utf-8-sig"))))) <= 1


def test_the_analysis_adds_up_to_the_work_and_its_classes_are_the_units_own(edited):
    edited.write({A: NOW | {"more": "Close the gate", "again": "Close the gate", "most": "Open the greenhouse slowly"}})
    package, _, content = packed(edited)
    assert any(unit.locked for unit in package.units)
    counted = analysed(files(content)["analysis/analysis_fr.csv"].decode("utf-8-sig"))
    own = Counter(unit.match.value for unit in package.work)
    assert {name: segments for name, (segments, _) in counted.items() if segments} == own
    assert sum(count for _, count in counted.values()) == sum(words(unit.source) for unit in package.work)


def analysed(table):
    """Segments and words by match class, of all files together."""
    rows = [{name.lower(): value for name, value in row.items()} for row in csv.DictReader(StringIO(table))]
    found = {row["class"]: (int(row["segments"]), int(row["words"])) for row in rows}
    assert found.pop("total") == tuple(map(sum, zip(*found.values(), strict=True)))
    return found


def test_a_reissue_offers_the_same_with_its_neighbours_and_reference(edited):
    package, name, first = packed(edited, profile="trados")
    edited.service.take_in(name, answered(first, {"Water the 12 beds daily": "Arrosez les 12 planches chaque jour"}))
    again, _, second = edited.service.handoffs.issue_again(package.id)
    assert (again.version, again.profile) == (2, "trados")
    before = {unit.get("resname"): (unit.get("id"), *target_of(unit)) for unit in units(first)}
    after = {unit.get("resname"): (unit.get("id"), *target_of(unit)) for unit in units(second)}
    assert set(after) == {"dry", "jar", "end"}, "one is open, and what stands beside it"
    assert after == {key: before[key] for key in after}
    assert "reference/memory_en-fr.tmx" in files(second)
    stored = edited.service.handoffs.packages(edited.name)[0]
    assert [replace(unit, done=False) for unit in stored.units] == list(package.units)


def test_a_package_by_words_and_by_topic_is_cut_where_it_was_asked(house):
    house.write({A: OLD, B: {"close": "Close the gate"}})
    only, _, _ = packed(house, only="text/gate.json")
    assert [unit.resource for unit in only.work] == [B]
    made = house.service.handoffs.package(house.name, Order(("fr",), most_words=6))
    assert len(made) > 1
    assert Counter(unit.key for package, _, _ in made for unit in package.work) == Counter((key,) for key in OLD)


def test_version_two_of_xliff_goes_along_where_it_is_asked_for(house):
    house.write({A: {"lead": "Gather the seeds"}})
    _, _, content = packed(house, xliff2=True)
    (path,) = [path for path in files(content) if re.match(r"xliff2\d/", path)]
    assert etree.QName(etree.fromstring(files(content)[path])).namespace == "urn:oasis:names:tc:xliff:document:2.0"


def test_each_of_several_packages_adds_up_by_itself(house):
    """What repeats a text of another package is no repetition to the one who has only this."""
    said = "Gather the seeds and dry them all"
    house.write({A: {"lead": said}, B: {"lead": said, "close": "Close the gate before night falls", "again": said}})
    made = house.service.handoffs.package(house.name, Order(("fr",), most_words=15))
    assert len(made) > 1
    for package, _, content in made:
        counted = analysed(files(content)["analysis/analysis_fr.csv"].decode("utf-8-sig"))
        own = Counter(unit.match.value for unit in package.work)
        assert {name: segments for name, (segments, _) in counted.items() if segments} == own
