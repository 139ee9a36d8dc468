"""The desk's rows: wordings are only ever added, and units are found by their newest ones, on every database."""

from dataclasses import replace

import pytest

from tests.storage.samples import AWKWARD, HOME, NOON, package, unit
from tm_service.domain.desk import DeskFilter, DeskTarget, TargetState
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.packages import OPEN, Question

PACKAGE = "absch-1-ar"
ODD = "".join(AWKWARD)
DRAFT, CONFIRMED = TargetState.DRAFT, TargetState.CONFIRMED


@pytest.fixture
def desk(tx):
    """Four units, of which the last one is locked and the third was translated before from another text."""
    units = (unit(0), unit(1), unit(2, previous_source="Text two"), unit(3, locked=True))
    tx.save_package(replace(package(), units=units))
    tx.save_package(package(2))
    return tx


def written(name, version, text, state=DRAFT, gravity=""):
    return DeskTarget(PACKAGE, name, version, text, state, "ines@house.example", NOON, gravity)


def test_the_newest_wording_counts_and_all_are_kept(desk):
    for entry in (written("u0", 1, "A"), written("u0", 2, ODD, CONFIRMED, "warning"), written("u1", 1, "B")):
        desk.add_desk_target(entry)
    assert [row.target for row in desk.desk_rows(PACKAGE, ["u1", "u0", "nothing"])] == [ODD, "B"]
    assert [one.version for one in desk.desk_targets(PACKAGE, "u0")] == [2, 1]
    assert [one.target for one in desk.newest_desk_targets(PACKAGE, CONFIRMED)] == [ODD]
    assert [one.unit for one in desk.newest_desk_targets(PACKAGE, DRAFT)] == ["u1"]


def test_a_version_is_written_once(desk):
    desk.add_desk_target(written("u0", 1, "A"))
    with pytest.raises(Conflict, match="at the same moment"):
        desk.add_desk_target(written("u0", 1, "B"))
    assert desk.desk_targets(PACKAGE, "u0")[0].target == "A"


def test_units_are_found_by_what_became_of_them(desk):
    desk.add_desk_target(written("u0", 1, "A", CONFIRMED, "error"))
    desk.ask([Question("absch", PACKAGE, "u1", "Which?", "Inès", "", NOON)])
    found = {only: list(desk.desk_units(PACKAGE, only)) for only in DeskFilter}
    assert found == {
        DeskFilter.ALL: ["u0", "u1", "u2"],
        DeskFilter.OPEN: ["u1", "u2"],
        DeskFilter.CONFIRMED: ["u0"],
        DeskFilter.QUESTIONS: ["u1"],
        DeskFilter.FINDINGS: ["u0"],
        DeskFilter.CHANGED: ["u2"],
    }
    assert desk.desk_units(PACKAGE, ids={"u2", "u9"}) == ["u2"]
    assert [text for _, _, text in desk.desk_texts(PACKAGE)] == ["A", "", ""]
    assert [one.text for one in desk.unit_questions(PACKAGE, "u1")] == ["Which?"]


def test_packages_tell_how_far_they_are(desk):
    desk.add_desk_target(written("u0", 1, "A", CONFIRMED))
    desk.add_desk_target(written("u1", 1, "B"))
    first, second = desk.desk_packages(["absch"], OPEN)
    assert (first.units, first.done, first.drafts, first.confirmed, first.questions) == (3, 0, 1, 1, 0)
    assert (second.units, second.confirmed) == (3, 0)
    assert desk.desk_package(PACKAGE) == first
    assert desk.desk_words([PACKAGE]) == {PACKAGE: 6}
    assert desk.desk_packages(["elsewhere"], OPEN) == []
    with pytest.raises(NotFound):
        desk.desk_package("absch-9-ar")


def test_neighbours_stand_around_a_unit_locked_ones_as_well(desk):
    assert [row.unit.id for row in desk.desk_around(PACKAGE, "u2", 1)] == ["u1", "u2", "u3"]
    assert desk.desk_around(PACKAGE, "u9", 1) == []


def test_the_newest_source_of_a_unit_is_told(desk):
    here = (HOME, ("list", "0"))
    for text in ("Old", "New"):
        desk.learn_sources("absch", [(here, text)])
    assert desk.newest_sources("absch", [here, (HOME, ("nothing",))]) == {here: "New"}
    assert desk.newest_sources("absch", []) == {}
