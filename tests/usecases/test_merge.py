"""Merge: what comes back meets what moved meanwhile, in parts, in any order, again and again; nothing is lost."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import SITE, new_house
from tests.usecases.returns import FRENCH, answered, files, target_of, units, zipped
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.findings import Severity
from tm_service.domain.packages import Outcome, PackageStatus
from tm_service.domain.site import State
from tm_service.usecases.package_draft import Order

A = "text/home.json"
ENGLISH = {
    "lead": "Gather the seeds",
    "water": "Water the beds daily",
    "hello": "Hello {name}",
    "dry": "Dry them in the shade",
    "jar": "Label every jar",
}
SOURCES = {source: target for source, target in FRENCH.items() if source in ENGLISH.values()}
SPOILT = SOURCES | {"Hello {name}": "Bonjour"}


def made(house, order):
    return house.service.handoffs.package(house.name, order)


def by_shown(content, answers):
    """Answers by what a unit's source shows in the file, where codes are not text."""
    shown = {}
    for unit in units(content):
        words = "".join(unit.find(f"{{{unit.nsmap[None]}}}source").itertext())
        for source, target in answers.items():
            if source.replace("{name}", "") == words.replace("{name}", ""):
                shown[words] = target
    return shown


def returned(content, answers=SOURCES, **about: object):
    return answered(content, by_shown(content, answers), **about)


@pytest.fixture
def sent(house):
    house.write({A: ENGLISH})
    ((package, name, content),) = made(house, Order(("fr",)))
    return package, name, content


def only(house):
    (package,) = [found for found in house.service.handoffs.packages(house.name) if found.number == 1]
    return package


def test_what_others_wrote_meanwhile_is_shown_and_stays_in_front(house, sent):
    _, name, content = sent
    house.write({f"i18n/fr/{A}": {"lead": "Ramassez les graines"}})
    house.deploy()
    receipt = house.service.take_in(name, returned(content))
    assert receipt.answered == ("garden-1-fr.1",)
    assert (receipt.accepted, receipt.open) == (5, 0)
    (said,) = [entry for entry in receipt.findings if entry.check == "merge"]
    assert "Ramassez les graines" in said.message
    assert (said.unit, said.severity) == ("garden-1-fr.1", Severity.NOTE)
    kept = {(entry.target, entry.state) for entry in house.translations("fr") if entry.key == ("lead",)}
    assert kept == {("Ramassez les graines", State.TRANSLATED), ("Récoltez les graines", State.PROPOSAL)}
    house.deploy()
    assert house.served(A, "lead").text == "Ramassez les graines"


def test_a_proposal_of_others_does_not_put_an_answer_back(house, sent):
    package, name, content = sent
    house.service.take_in(name, returned(content, {"Gather the seeds": "Ramassez"}, state="needs-adaptation"))
    house.service.handoffs.cancel(package.id)
    ((_, name, content),) = made(house, Order(("fr",)))
    receipt = house.service.take_in(name, returned(content))
    assert receipt.answered == ()
    house.deploy()
    assert house.served(A, "lead").text == "Récoltez les graines"


def test_a_draft_is_a_proposal_and_its_unit_stays_open(house, sent):
    _, name, content = sent
    receipt = house.service.take_in(name, returned(content, state="needs-adaptation"))
    assert (receipt.accepted, receipt.open) == (0, 5)
    assert len(receipt.proposals) == 5
    assert only(house).status is PackageStatus.PARTLY_RETURNED
    assert {entry.state for entry in house.translations("fr")} == {State.PROPOSAL}
    assert house.service.take_in(name, returned(content)).accepted == 5
    assert only(house).status is PackageStatus.REINTEGRATED


def test_a_tool_without_states_that_leaves_our_words_has_answered(house, sent):
    _, name, content = sent
    receipt = house.service.take_in(name, returned(content, state=None))
    assert (receipt.accepted, receipt.open, receipt.proposals) == (5, 0, ())


def test_a_text_that_was_behind_is_answered_beside_the_word_we_wrote(house):
    house.write({A: {"lead": "Gather 2 seeds"}, f"i18n/fr/{A}": {"lead": "Récoltez 2 graines"}})
    house.deploy()
    house.write({A: {"lead": "Gather 3 seeds"}})
    ((package, name, content),) = made(house, Order(("fr",)))
    (unit,) = units(content)
    assert target_of(unit) == ("Récoltez 2 graines", "needs-review-translation")
    assert package.work[0].offered == "Récoltez 2 graines"
    assert house.service.take_in(name, content).open == 1
    receipt = house.service.take_in(name, answered(content, {"Gather 3 seeds": "Récoltez 3 graines"}, state=None))
    assert (receipt.accepted, receipt.open, receipt.proposals) == (1, 0, ())


def test_every_unit_back_with_one_that_needs_attention_is_returned(house, sent):
    _, name, content = sent
    receipt = house.service.take_in(name, returned(content, SPOILT))
    assert (receipt.outcome, receipt.quarantined, receipt.open) == (Outcome.QUARANTINE, ("garden-1-fr.3",), 1)
    assert only(house).status is PackageStatus.RETURNED
    assert [unit.id for unit in only(house).units if unit.attention] == ["garden-1-fr.3"]


def test_corrections_hold_what_failed_and_come_back_as_the_same_package(house, sent):
    _, name, content = sent
    first = house.service.take_in(name, returned(content, SPOILT))
    _, made = house.service.handoffs.receipt_files(first)
    corrections_name, corrections = made.path, made.content
    assert corrections_name.startswith("garden-1-fr-corrections-")
    (unit,) = units(corrections)
    assert unit.get("id") == "garden-1-fr.3"
    assert target_of(unit) == ("Bonjour", "needs-review-translation")
    reasons = [entry.message for entry in first.findings if entry.severity is Severity.ERROR]
    notes = "\n".join("".join(note.itertext()) for note in unit.iter(f"{{{unit.nsmap[None]}}}note"))
    assert reasons
    assert all(reason in notes for reason in reasons)

    again = house.service.take_in(corrections_name, corrections)
    assert (again.quarantined, again.accepted, again.open) == (first.quarantined, 0, 1), "nobody worked on it"
    corrected = house.service.take_in(corrections_name, returned(corrections, state=None))
    assert (corrected.package, corrected.accepted, corrected.open) == ("garden-1-fr", 1, 0)
    assert only(house).status is PackageStatus.REINTEGRATED
    assert len(house.service.handoffs.receipt_files(corrected)) == 1, "the page alone"


def test_one_upload_returns_several_packages_each_with_its_receipt(house):
    house.write({A: ENGLISH, "text/gate.json": {"close": "Close the gate"}})
    order = Order(("fr",))
    ((_, _, gate),) = made(house, replace(order, only="text/gate.json"))
    ((_, _, home),) = made(house, order)
    upload = zipped({"gate.zip": returned(gate, FRENCH), "home.zip": returned(home)})
    receipt = house.service.take_in("all.zip", upload)
    both = (receipt, *receipt.beside)
    assert {entry.package: entry.accepted for entry in both} == {"garden-1-fr": 1, "garden-2-fr": 5}
    assert len({entry.digest for entry in both}) == 2
    dump = house.dump()
    again = house.service.take_in("all again.zip", upload)
    assert {entry.package: entry.accepted for entry in (again, *again.beside)} == {"garden-1-fr": 1, "garden-2-fr": 5}
    assert all(entry.repeated for entry in (again, *again.beside))
    assert house.dump() == dump


def test_a_cancelled_package_beside_a_good_one_is_named_and_the_good_one_is_used(house):
    house.write({A: ENGLISH, "text/gate.json": {"close": "Close the gate"}})
    ((gone, _, gate),) = made(house, Order(("fr",), only="text/gate.json"))
    ((_, _, home),) = made(house, Order(("fr",)))
    house.service.handoffs.cancel(gone.id)
    upload = zipped({"a/gate.zip": returned(gate, FRENCH), "b/home.zip": returned(home)})
    receipt = house.service.take_in("all.zip", upload)
    assert (receipt.package, receipt.accepted, receipt.beside) == ("garden-2-fr", 5, ())
    assert receipt.outcome is Outcome.QUARANTINE
    assert [entry.unit for entry in receipt.findings if "garden-1-fr was cancelled" in entry.message] == [""]
    assert house.service.take_in("all.zip", upload).repeated


def test_files_without_names_are_recognised_once_and_known_the_second_time(house, sent):
    """The second time the package is not out any more; its receipt still is."""
    _, _, content = sent
    (part,) = files(returned(content)).values()
    nameless = part.replace(b"garden-1-fr", b"x").replace(b"garden", b"y")
    receipt = house.service.take_in("a.xlf", nameless)
    assert (receipt.package, receipt.accepted, receipt.open) == ("garden-1-fr", 5, 0)
    assert house.service.take_in("a.xlf", nameless).repeated


def test_a_draft_cannot_be_returned_before_it_is_handed_off(house):
    house.write({A: ENGLISH})
    ((package, name, content),) = made(house, Order(("fr",), draft=True))
    with pytest.raises(ReturnRejected, match="garden-1-fr is a draft that was not handed off yet"):
        house.service.take_in(name, returned(content))
    house.service.handoffs.hand_off(package.id)
    assert house.service.take_in(name, returned(content)).accepted == 5


def test_comments_become_questions_once(house, sent):
    _, name, content = sent
    some = {"Gather the seeds": "Récoltez les graines"}
    first = house.service.take_in(name, returned(content, some, note="Which seeds are meant?"))
    again = house.service.take_in(
        name, returned(content, some, note="Which seeds are meant?", only=lambda unit: unit.endswith(".1"))
    )
    assert (first.questions, again.questions, again.repeated) == (1, 0, False)
    (question,) = house.service.handoffs.questions(house.name)
    assert (question.package, question.unit, question.text, question.author) == (
        "garden-1-fr",
        "garden-1-fr.1",
        "Which seeds are meant?",
        "Inès",
    )


def test_severities_of_the_site_decide(tmp_path):
    house = new_house(tmp_path, replace(SITE, severities={"placeholders": Severity.WARNING}))
    house.write({A: ENGLISH})
    ((_, name, content),) = made(house, Order(("fr",)))
    receipt = house.service.take_in(name, returned(content, SPOILT))
    assert (receipt.outcome, receipt.accepted, receipt.quarantined) == (Outcome.WARN, 5, ())
    house.store.close()


def test_one_source_in_two_wordings_is_said_across_the_delivery_and_may_be_an_error(tmp_path):
    texts = {"one": "Gather the seeds", "two": "Gather the seeds"}
    for severity, accepted in ((Severity.NOTE, 2), (Severity.ERROR, 1)):
        house = new_house(tmp_path, replace(SITE, severities={"consistency": severity}))
        house.write({A: texts})
        ((_, name, content),) = made(house, Order(("fr",)))
        first = answered(content, {"Gather the seeds": "Récoltez les graines"}, only=lambda unit: unit.endswith(".1"))
        second = answered(content, {"Gather the seeds": "Cueillez les graines"}, only=lambda unit: unit.endswith(".2"))
        receipt = house.service.take_in(name, zipped({"a.zip": first, "b.zip": second}))
        assert any(entry.check == "consistency" for entry in receipt.findings)
        assert (receipt.accepted, len(receipt.quarantined)) == (accepted, 2 - accepted)
        assert len(house.translations("fr")) == receipt.accepted
        house.store.close()


def test_both_versions_of_a_reissued_package_are_taken_in(house, sent):
    _, name, first = sent
    one = {"Gather the seeds": "Récoltez les graines"}
    house.service.take_in(name, returned(first, one))
    again, second_name, second = house.service.handoffs.issue_again("garden-1-fr", profile="memoq")
    assert (again.version, again.profile) == (2, "memoq")
    assert second_name == "garden-D0001-en-fr-v2.zip"
    assert sorted(unit.get("id") for unit in units(second)) == [f"garden-1-fr.{place}" for place in range(2, 6)]
    receipt = house.service.take_in(second_name, returned(second, {"Label every jar": "Étiquetez chaque bocal"}))
    assert (receipt.package, receipt.accepted, receipt.open) == ("garden-1-fr", 1, 3)
    receipt = house.service.take_in(name, returned(first))
    assert (receipt.package, receipt.open) == ("garden-1-fr", 0)
    assert len(house.translations("fr")) == 5, "what was said before is not kept twice"


@given(st.permutations(range(5)), st.lists(st.integers(0, 4), max_size=3), st.integers(1, 4))
@settings(max_examples=12)
def test_parts_may_return_in_any_order_and_any_number_of_times(tmp_path_factory, order, repeats, size):
    house = new_house(tmp_path_factory.mktemp("parts"))
    house.write({A: ENGLISH})
    ((_, name, content),) = made(house, Order(("fr",)))
    chosen = [order[start : start + size] for start in range(0, 5, size)]
    parts = [
        returned(content, only=lambda unit, part=part: int(unit.rpartition(".")[2]) - 1 in part) for part in chosen
    ]
    done = 0
    for part, places in zip(parts, chosen, strict=True):
        receipt = house.service.take_in(name, part)
        done += len(places)
        assert (receipt.accepted, receipt.open) == (len(places), 5 - done)
        status = PackageStatus.REINTEGRATED if done == 5 else PackageStatus.PARTLY_RETURNED
        assert only(house).status is status
    dump = house.dump()
    for place in repeats:
        assert house.service.take_in(name, parts[place % len(parts)]).repeated
    assert house.dump() == dump
    assert sorted(entry.target for entry in house.translations("fr")) == sorted(
        target.replace('<ph id="1"/>', "{name}") for target in SOURCES.values()
    )
    house.store.close()


def test_of_two_copies_in_one_upload_the_one_that_somebody_changed_counts(house):
    """A translator corrects a match in one file and sends the whole folder back, where it stands a second time."""
    house.write({A: {"lead": "Gather 2 seeds"}, f"i18n/fr/{A}": {"lead": "Récoltez 2 graines"}})
    house.deploy()
    house.write({A: {"lead": "Gather 3 seeds"}})
    ((_, name, content),) = made(house, Order(("fr",), xliff2=True))
    assert any(path.startswith("xliff2") for path in files(content))
    changed = answered(content, {"Gather 3 seeds": "Récoltez 3 graines"}, state=None)
    receipt = house.service.take_in(name, zipped(files(content) | files(changed)))
    assert (receipt.accepted, receipt.open, receipt.quarantined) == (1, 0, ())
    assert house.translations("fr")[-1].target == "Récoltez 3 graines"
