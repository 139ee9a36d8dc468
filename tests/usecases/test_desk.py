"""The desk: what translators write is kept, checked as a return is, and handed in under the laws of returns."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import BEGINNING, new_house
from tests.usecases.returns import answered
from tm_service.desk_verbs import Wording
from tm_service.domain.desk import DeskFilter, Overtaken, TargetState, forms, in_forms, marked
from tm_service.domain.errors import Conflict, NotFound, Unusable
from tm_service.domain.packages import Outcome, PackageStatus
from tm_service.domain.plurals import parse_plural
from tm_service.domain.terms import Term, TermStatus
from tm_service.storage.sql_store import SqlTransaction

A = "text/home.json"
UNITS = {
    "lead": "Gather the seeds",
    "name": "Hello {name}",
    "water": "Water the beds daily",
    "seeds": "{count, plural, one {# seed} other {# seeds}}",
}
SAID = {
    "garden-1-fr.1": "Récoltez les graines",
    "garden-1-fr.2": "Bonjour {name}",
    "garden-1-fr.3": "Arrosez les planches chaque jour",
    "garden-1-fr.4": "{count, plural, one {# graine} many {# de graines} other {# graines}}",
}
ONE, TWO, THREE, FOUR = SAID
PACKAGE, CONFIRMED = "garden-1-fr", TargetState.CONFIRMED


@pytest.fixture
def desk(house):
    house.write({A: UNITS})
    house.packages(locales=("fr",))
    return house.service.desk


def write(desk, unit, target, version=0, state=CONFIRMED, by="ines@house.example"):
    return desk.save(PACKAGE, unit, Wording(target, version, state), by=by)[0]


def row(desk, unit):
    return desk.unit(PACKAGE, unit).row


def ids(desk, only, text=""):
    return [found.unit.id[-1] for found in desk.page(PACKAGE, only=only, text=text).rows]


def test_what_is_written_is_there_again_with_everything_written_before(desk):
    write(desk, ONE, "Récoltez", state=TargetState.DRAFT)
    write(desk, ONE, SAID[ONE], version=1)
    found = desk.unit(PACKAGE, ONE)
    assert (found.row.target, found.row.version, found.row.state) == (SAID[ONE], 2, CONFIRMED)
    assert [one.target for one in found.history] == [SAID[ONE], "Récoltez"]
    assert (found.place, found.units, found.previous, found.following) == (1, 4, "", TWO)
    assert [one.unit.source for one in found.after] == [UNITS["name"], UNITS["water"]]


def test_who_was_overtaken_is_told_and_nothing_is_overwritten(desk):
    write(desk, ONE, "Récoltez")
    with pytest.raises(Overtaken, match="version 1; look at both texts") as refused:
        write(desk, ONE, "Cueillez", by="leo@house.example")
    assert refused.value.theirs.target == "Récoltez"
    assert row(desk, ONE).target == "Récoltez"
    assert write(desk, ONE, "Cueillez", version=1).version == 2


def test_the_same_save_again_is_harmless_so_that_a_lost_answer_may_be_asked_for_once_more(desk):
    first = write(desk, ONE, "Récoltez")
    assert write(desk, ONE, "Récoltez") == first
    assert write(desk, ONE, "Récoltez", state=TargetState.DRAFT) == first
    assert len(desk.unit(PACKAGE, ONE).history) == 1


def test_another_state_of_the_same_text_overtakes_nobody(desk):
    """A reviewer confirmed what its translator goes on to write."""
    write(desk, ONE, "Récoltez", state=TargetState.DRAFT)
    write(desk, ONE, "Récoltez", version=1, by="leo@house.example")
    assert write(desk, ONE, SAID[ONE], version=1).version == 3


def test_going_back_is_a_new_version(desk):
    write(desk, ONE, "Récoltez")
    write(desk, ONE, "Cueillez", version=1)
    desk.undo(PACKAGE, ONE, 1, version=2, by="ines@house.example")
    newest = desk.unit(PACKAGE, ONE).history[0]
    assert (newest.version, newest.target) == (3, "Récoltez")
    desk.undo(PACKAGE, ONE, 0, version=3, by="ines@house.example")
    assert row(desk, ONE).target == ""
    with pytest.raises(NotFound, match="no version 9"):
        desk.undo(PACKAGE, ONE, 9, version=4, by="ines@house.example")


def test_an_empty_target_and_an_endless_one_are_refused(desk):
    with pytest.raises(Unusable, match="cannot be confirmed"):
        write(desk, ONE, " \n")
    with pytest.raises(Unusable, match="at most 100,000 characters; this has 100,001"):
        write(desk, ONE, "a" * 100_001)
    assert write(desk, ONE, "", state=TargetState.DRAFT).target == ""
    with pytest.raises(Unusable, match="this has 100,001"):
        desk.check(PACKAGE, ONE, "a" * 100_001)


def test_what_is_no_work_cannot_be_written(desk, house):
    with pytest.raises(NotFound, match=r"no unit garden-1-fr\.9"):
        write(desk, "garden-1-fr.9", "Rien")
    with pytest.raises(NotFound, match="no package"):
        desk.unit("garden-9-fr", ONE)
    house.service.handoffs.cancel(PACKAGE)
    with pytest.raises(Conflict, match="is cancelled"):
        write(desk, ONE, "Récoltez")


def test_units_are_found_by_what_became_of_them(desk):
    write(desk, ONE, SAID[ONE])
    write(desk, TWO, "Bonjour", state=TargetState.DRAFT)
    desk.ask(PACKAGE, THREE, "Which beds?", by="ines@house.example")
    desk.ask(PACKAGE, THREE, "Which beds?", by="ines@house.example")
    found = {only: ids(desk, only) for only in DeskFilter}
    assert found == {
        DeskFilter.ALL: ["1", "2", "3", "4"],
        DeskFilter.OPEN: ["2", "3", "4"],
        DeskFilter.CONFIRMED: ["1"],
        DeskFilter.QUESTIONS: ["3"],
        DeskFilter.FINDINGS: ["2"],
        DeskFilter.CHANGED: [],
    }
    assert ids(desk, DeskFilter.ALL, "RÉCOLTEZ") == ["1"]
    assert ids(desk, DeskFilter.OPEN, "hello") == ["2"]
    assert [one.text for one in desk.unit(PACKAGE, THREE).questions] == ["Which beds?"]
    with pytest.raises(Unusable, match="1 to 5,000"):
        desk.ask(PACKAGE, THREE, "?" * 5001, by="ines@house.example")
    page = desk.page(PACKAGE, start=1, most=2)
    assert ([one.unit.id[-1] for one in page.rows], page.found) == (["2", "3"], 4)


def test_a_unit_that_was_translated_before_shows_what_changed(house):
    house.write({A: UNITS, f"i18n/fr/{A}": {"lead": "Récoltez les graines"}})
    house.deploy()
    house.write({A: UNITS | {"lead": "Gather all the seeds"}})
    house.packages(locales=("fr",))
    changed = house.service.desk.page(PACKAGE, only=DeskFilter.CHANGED)
    assert [one.unit.previous_source for one in changed.rows] == ["Gather the seeds"]
    found = house.service.desk.unit(PACKAGE, changed.rows[0].unit.id)
    assert found.matches[0].translation.source == "Gather the seeds"


def test_the_desk_says_what_a_return_would(desk):
    told = desk.check(PACKAGE, TWO, "Bonjour")
    assert (told.gravity, told.findings[0].check) == ("error", "placeholders")
    assert desk.check(PACKAGE, TWO, SAID[TWO]) == desk.check(PACKAGE, TWO, " ")


def test_a_repair_is_the_whole_target_put_right(desk):
    told = desk.check(PACKAGE, TWO, "Bonjour { name }")
    repair = next(one for one in told.findings if one.repair)
    assert repair.repair == told.repaired == "Bonjour {name}"
    assert desk.check(PACKAGE, TWO, told.repaired).findings == ()


def test_what_stands_beside_a_repair_keeps_its_place_in_what_was_written(desk):
    """The other findings speak of the repaired text; what the repair left alone stands where it stood."""
    written = "Bonjour { name }  !"
    told = {one.check: one for one in desk.check(PACKAGE, TWO, written).findings}
    assert written[slice(*told["repair"].place)] == "{ name }"
    assert written[slice(*told["whitespace"].place)] == "  "


def test_units_are_named_as_they_are_now_whatever_became_of_them(desk):
    """Who goes through the open ones confirms them on the way."""
    before = desk.page(PACKAGE, only=DeskFilter.OPEN, most=2)
    write(desk, ONE, SAID[ONE])
    assert ids(desk, DeskFilter.OPEN) == ["2", "3", "4"]
    rows = desk.named(PACKAGE, before.ids[:2]).rows
    assert [(one.unit.id, one.state) for one in rows] == [(ONE, CONFIRMED), (TWO, "")]


def test_terms_and_the_queue_are_told(desk, house):
    with house.store.begin() as tx:
        tx.append_terms([Term("garden", "en", "seeds", "fr", "graines", TermStatus.APPROVED, BEGINNING)])
    (term,) = desk.unit(PACKAGE, ONE).terms
    assert UNITS["lead"][term.start : term.end] == "seeds"
    assert [entry.check for entry in desk.check(PACKAGE, ONE, "Récoltez les semences").findings] == ["terms"]
    write(desk, ONE, SAID[ONE])
    (line,) = desk.queue(["garden"])
    assert (line.units, line.done, line.drafts, line.confirmed, line.open) == (4, 0, 0, 1, 4)
    assert desk.progress(PACKAGE) == line
    assert desk.queue(["elsewhere"]) == []


def test_what_is_handed_in_is_taken_in_once(desk, house):
    for unit, said in SAID.items():
        write(desk, unit, said)
    receipt = desk.hand_in(PACKAGE)
    assert (receipt.outcome, receipt.accepted, receipt.open) == (Outcome.ACCEPT, 4, 0)
    assert house.service.handoffs.packages("garden")[0].status is PackageStatus.REINTEGRATED
    before = house.translations()
    with pytest.raises(Unusable, match="Nothing of garden-1-fr is confirmed"):
        desk.hand_in(PACKAGE)
    assert house.translations() == before
    assert row(desk, ONE).state is TargetState.HANDED_IN
    assert house.service.handoffs.receipt(receipt.digest)[1].accepted == 4
    house.deploy()
    assert house.served(A, "name").text == "Bonjour {name}"


def test_half_an_answer_is_half_a_gain_and_what_is_wrong_comes_back(desk):
    write(desk, ONE, SAID[ONE])
    write(desk, TWO, "Bonjour")
    receipt = desk.hand_in(PACKAGE)
    assert (receipt.outcome, receipt.accepted, receipt.quarantined, receipt.open) == (Outcome.QUARANTINE, 1, (TWO,), 3)
    assert ids(desk, DeskFilter.OPEN) == ["2", "3", "4"]
    write(desk, TWO, SAID[TWO], version=row(desk, TWO).version)
    assert desk.hand_in(PACKAGE).accepted == 1


def test_a_text_that_was_taken_in_can_be_corrected(desk, house):
    write(desk, ONE, "Récoltez les grains")
    desk.hand_in(PACKAGE)
    write(desk, ONE, SAID[ONE], version=2)
    desk.hand_in(PACKAGE)
    assert [one.target for one in house.translations()] == ["Récoltez les grains", SAID[ONE]]


def test_a_source_that_moved_is_said(desk, house):
    write(desk, ONE, SAID[ONE])
    house.write({A: UNITS | {"lead": "Gather all the seeds"}})
    house.service.learn("garden")
    assert desk.unit(PACKAGE, ONE).source_now == "Gather all the seeds"
    receipt = desk.hand_in(PACKAGE)
    assert (receipt.outcome, receipt.accepted) == (Outcome.WARN, 1)
    assert [(entry.unit, entry.check) for entry in receipt.findings] == [(ONE, "source")]


def test_what_others_translated_meanwhile_stays_and_ours_is_a_proposal(desk, house):
    """The rule of merging, which is that of files."""
    write(desk, ONE, SAID[ONE])
    house.write({f"i18n/fr/{A}": {"lead": "Cueillez les graines"}})
    house.deploy()
    assert desk.hand_in(PACKAGE).answered == (ONE,)
    assert [one.target for one in house.translations()] == ["Cueillez les graines", SAID[ONE]]


def test_what_a_file_brought_is_shown_for_what_nobody_wrote(desk, house):
    name, content = house.service.handoffs.file(PACKAGE)
    house.service.take_in(name, answered(content, {"Gather the seeds": "Récoltez les graines"}))
    assert row(desk, ONE).target == SAID[ONE]
    assert ids(desk, DeskFilter.ALL, "les GRAINES") == ["1"]


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """Two houses with the same package, renewed for each try."""

    def made():
        pair = []
        for name in ("desk", "file"):
            house = new_house(tmp_path_factory.mktemp(name))
            house.write({A: {name: text for name, text in UNITS.items() if name != "seeds"}})
            house.packages(locales=("fr",))
            pair.append(house)
        return pair

    return made


WORDS = st.sampled_from(
    ["Récoltez les graines", "Bonjour {name}", "Bonjour", "Arrosez  les planches ", "Hello {name}", "{name}", "٣"]
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.tuples(WORDS, WORDS, WORDS))
def test_handing_in_equals_returning_the_same_texts_in_a_file(houses, texts):
    ours, theirs = houses()
    for unit, text in zip(SAID, texts, strict=False):
        write(ours.service.desk, unit, text)
    from_desk = ours.service.desk.hand_in(PACKAGE)
    name, content = theirs.service.handoffs.file(PACKAGE)
    written = dict(zip(list(UNITS.values())[:3], texts, strict=True))
    coded = {
        source: text.replace("{name}", '<ph id="1"/>' if "{name}" in source else "{name}")
        for source, text in written.items()
    }
    from_file = theirs.service.take_in(name, answered(content, coded))
    same = ("outcome", "accepted", "quarantined", "open", "findings", "repaired", "proposals", "answered")
    assert {field: getattr(from_desk, field) for field in same} == {field: getattr(from_file, field) for field in same}

    def kept(house):
        return [replace(one, at=BEGINNING, reference="") for one in house.translations()]

    assert kept(ours) == kept(theirs)
    for house in (ours, theirs):
        house.store.close()


def test_a_message_of_several_forms_is_written_form_by_form():
    source = UNITS["seeds"]
    found = forms(source, SAID[FOUR], "fr")
    assert [(one.name, one.source, one.target) for one in found] == [
        ("one", "# seed", "# graine"),
        ("many", "# seeds", "# de graines"),
        ("other", "# seeds", "# graines"),
    ]
    assert in_forms(source, {one.name: one.target for one in found}) == SAID[FOUR]
    assert in_forms(source, {"one": " ", "other": ""}) == ""
    assert forms("Seeds", "Graines", "fr") == ()
    assert [one.name for one in forms(source, "", "ar")] == ["zero", "one", "two", "few", "many", "other"]


@given(
    texts=st.dictionaries(st.sampled_from(["one", "many", "other"]), st.text(min_size=1).filter(str.strip), min_size=1)
)
def test_the_forms_of_a_message_come_back_as_they_were_written(texts):
    source = "{count, plural, one {%d seed} other {%d seeds}}"
    whole = in_forms(source, texts)
    assert parse_plural(whole).forms == {"other": "", **texts}


@pytest.mark.parametrize("text", ["# graine de {", "# graine }", "# }} graine {{"])
def test_a_brace_that_is_still_open_loses_no_form(text):
    """A placeholder is typed one key after another, and saved on the way."""
    said = {"one": text, "many": "# de graines", "other": "# graines"}
    whole = in_forms(UNITS["seeds"], said)
    assert {one.name: one.target for one in forms(UNITS["seeds"], whole, "fr")} == said


def test_forms_that_there_are_not_are_refused():
    with pytest.raises(Unusable, match="'several' is no plural form"):
        in_forms(UNITS["seeds"], {"several": "# graines"})


def test_a_text_that_is_no_message_stands_in_the_form_of_all_numbers():
    assert [one.target for one in forms(UNITS["seeds"], "Des graines", "fr")] == ["", "", "Des graines"]


def test_a_place_is_told_as_the_translator_sees_it():
    found = marked("Gather", "Récoltez  les graines", (8, 10))
    assert (found.form, found.start, found.end) == ("", 8, 10)
    assert (found.before, found.text, found.after) == ("Récoltez", "  ", "les graines")
    whole = "{count, plural, one {# graine} other {# les  graines}}"
    found = marked(UNITS["seeds"], whole, (whole.index("  "), whole.index("  ") + 2))
    assert (found.form, found.start, found.end, found.before) == ("other", 5, 7, "# les")
    start = whole.index("other")
    assert marked(UNITS["seeds"], whole, (start, start + 7)).text == "# les  graines"
    assert marked(UNITS["seeds"], whole, (0, 3)) is None


def test_a_save_into_a_package_that_is_cancelled_at_this_moment_is_refused(desk, house):
    class Store:
        read = staticmethod(house.service.store.read)

        @contextmanager
        def begin(self, turn):
            with house.service.store.begin(turn) as tx:
                yield tx
            house.service.handoffs.cancel(PACKAGE)

    with pytest.raises(Conflict, match="is cancelled"):
        write(replace(desk, store=Store()), ONE, SAID[ONE])


def test_who_saves_while_a_package_is_handed_in_is_waited_for(desk, monkeypatch):
    """What was saved a moment before is handed in with the others; nothing is rolled back."""
    write(desk, ONE, "Récoltez")
    hold = SqlTransaction.hold_desk

    def hold_after_a_save(self):
        newest = self.newest_desk_targets(PACKAGE, CONFIRMED)[0]
        self.add_desk_target(replace(newest, version=2, target=SAID[ONE]))
        hold(self)

    monkeypatch.setattr(SqlTransaction, "hold_desk", hold_after_a_save)
    assert desk.hand_in(PACKAGE).accepted == 1
    assert row(desk, ONE).target == SAID[ONE]
