"""Take in: the good units of a return are kept, each bad one is named, and nothing else is touched."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from tests.fakes import BEGINNING
from tests.laws.world import answered
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.packages import Outcome, PackageStatus
from tm_service.domain.serving import Answer, Origin, Rule
from tm_service.domain.site import State
from tm_service.domain.terms import Term, TermStatus
from tm_service.storage.tables import package as package_table

A = "text/home.json"
UNITS = {"lead": "Gather the seeds", "name": "Hello {name}", "hint": "Water <b>daily</b>", "label": "Documents"}


@pytest.fixture
def sent(house):
    house.write({A: UNITS})
    ((_, name, content),) = house.packages(locales=("fr",))
    return name, content


def xliff(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return next(archive.read(name) for name in archive.namelist() if name.endswith(".xlf"))


def answer(content, place, target, state="translated"):
    pattern = rb'(id="garden-1-fr\.%d".*?</source>\s*)<target[^>]*?(?:/>|>.*?</target>)' % place
    written = rb'\1<target state="%b">%b</target>' % (state.encode(), target.encode())
    return re.sub(pattern, written, content, flags=re.DOTALL)


def test_a_whole_return_is_accepted_and_served_with_the_next_deployment(house, sent):
    name, content = sent
    receipt = house.service.take_in(name, answered(content, lambda _place: 0))
    assert (receipt.outcome, receipt.accepted, receipt.open, receipt.quarantined) == (Outcome.ACCEPT, 4, 0, ())
    assert house.service.handoffs.packages(house.name)[0].status is PackageStatus.REINTEGRATED
    house.deploy()
    found = house.service.explain(house.name, "fr", A, "name")
    assert (found.entry.rule, found.entry.text) == (Rule.CURRENT, "«fr» Héllô {name}")
    assert found.translation.origin is Origin.PACKAGE
    assert found.entry.why == "translated from this source, package garden-1-fr of 2026-01-05"


def test_a_partial_return_is_used_and_the_rest_stays_work(house, sent):
    name, content = sent
    receipt = house.service.take_in(name, answered(content, lambda place: int(place != 1)))
    assert (receipt.accepted, receipt.open, receipt.quarantined) == (1, 3, ())
    assert house.service.handoffs.packages(house.name)[0].status is PackageStatus.PARTLY_RETURNED
    receipt = house.service.take_in(name, answered(content, lambda place: int(place == 1)))
    assert (receipt.accepted, receipt.open) == (3, 0)


def test_a_blank_and_a_damaged_unit_are_quarantined_each_with_its_reason(house, sent):
    name, content = sent
    receipt = house.service.take_in(name, answered(content, lambda place: {1: 2, 2: 3, 3: 3}.get(place, 0)))
    assert receipt.outcome is Outcome.QUARANTINE
    assert receipt.quarantined == ("garden-1-fr.1", "garden-1-fr.2", "garden-1-fr.3")
    assert (receipt.accepted, receipt.open) == (1, 3)
    said = {finding.unit: finding.message for finding in receipt.findings if finding.check != "whitespace"}
    assert "blank" in said["garden-1-fr.1"]
    assert "{name}" in said["garden-1-fr.2"]
    assert "<b>" in said["garden-1-fr.3"]
    assert [".".join(entry.key) for entry in house.translations()] == ["label"]


def test_the_terms_of_a_site_that_is_gone_still_hold(house, sent):
    """Its memory outlives it, and so do the packages that are out."""
    with house.store.begin() as tx:
        tx.append_terms([Term("garden", "en", "documents", "fr", "pièces", TermStatus.APPROVED, BEGINNING)])
    name, content = sent
    gone = replace(house.service, sites=dict)
    receipt = gone.take_in(name, answered(content, lambda _place: 0))
    assert receipt.accepted == 4
    assert [entry.unit for entry in receipt.findings if entry.check == "terms"] == ["garden-1-fr.4"]


def test_a_unit_that_is_not_of_the_package_is_named_and_the_rest_is_used(house, sent):
    name, content = sent
    returned = answered(content, lambda _place: 0).replace(b'id="garden-1-fr.4"', b'id="garden-1-fr.99"')
    returned = returned.replace(b"<source>Documents<", b"<source>Opening hours of the library<")
    receipt = house.service.take_in(name, returned)
    assert receipt.quarantined == ("garden-1-fr.99",)
    assert "not in garden-1-fr" in receipt.findings[0].message
    assert (receipt.accepted, receipt.open) == (3, 1)


def test_the_same_file_twice_changes_nothing_and_gives_the_same_receipt(house, sent):
    name, content = sent
    returned = answered(content, lambda place: 2 * (place == 1))
    first, dump = house.service.take_in(name, returned), house.dump()
    second = house.service.take_in("other name.xlf", returned)
    assert second.repeated
    assert (second.accepted, second.quarantined, second.findings) == (first.accepted, first.quarantined, first.findings)
    assert house.dump() == dump


def test_the_same_answers_in_another_wrapping_are_not_remembered_twice(house, sent):
    name, content = sent
    returned = answered(content, lambda _place: 0)
    house.service.take_in(name, returned)
    before = house.translations()
    assert not house.service.take_in(name, returned + b"\n").repeated
    assert house.translations() == before


def test_a_second_thought_of_the_translator_counts(house, sent):
    name, content = sent
    house.service.take_in(name, answered(content, lambda _place: 0, 0))
    house.service.take_in(name, answered(content, lambda _place: 0, 1))
    house.deploy()
    assert house.served(A, "lead").text.startswith("«fr 1»")
    assert len(house.translations()) == 8


def test_what_somebody_else_translated_meanwhile_stays_in_front(house, sent):
    name, content = sent
    house.write({f"i18n/fr/{A}": {"lead": "Récoltez les graines"}})
    house.deploy()
    house.service.take_in(name, answered(content, lambda _place: 0))
    states = {(entry.target, entry.state) for entry in house.translations() if entry.key == ("lead",)}
    assert {state for _, state in states} == {State.TRANSLATED, State.PROPOSAL}
    house.deploy()
    assert house.served(A, "lead").text == "Récoltez les graines"
    assert house.served(A, "name").rule is Rule.CURRENT


def test_a_return_of_an_older_english_does_not_count_as_current(house, sent):
    name, content = sent
    house.write({A: UNITS | {"lead": "Gather the seeds and the 12 nuts"}})
    house.service.take_in(name, answered(content, lambda _place: 0))
    house.deploy()
    assert house.served(A, "lead").rule is Rule.DATED
    assert house.served(A, "hint").rule is Rule.CURRENT


def test_a_label_may_come_back_the_same_with_a_word_of_warning(house, sent):
    name, content = sent
    receipt = house.service.take_in(name, answer(answered(content, lambda _place: 0), 4, "Documents"))
    assert (receipt.outcome, receipt.accepted) == (Outcome.WARN, 4)
    house.deploy()
    assert house.served(A, "label").answer is Answer.SAME
    assert house.service.coverage(house.name).locales["fr"].units.same == 1


def test_a_sentence_that_comes_back_in_english_is_quarantined(house, sent):
    name, content = sent
    receipt = house.service.take_in(name, answer(answered(content, lambda _place: 0), 1, "Gather the seeds"))
    assert receipt.quarantined == ("garden-1-fr.1",)


def test_a_previous_version_left_untouched_is_not_an_answer_unless_it_is_confirmed(house):
    house.write({A: {"lead": "Gather the seeds"}, f"i18n/fr/{A}": {"lead": "Récoltez les graines"}})
    house.deploy()
    house.write({A: {"lead": "Gather those seeds"}})
    ((_, name, content),) = house.packages(locales=("fr",))
    assert house.service.take_in(name, xliff(content)).open == 1
    confirmed = answer(xliff(content), 1, "Récoltez les graines")
    receipt = house.service.take_in(name, confirmed)
    assert (receipt.accepted, receipt.open) == (1, 0)


def test_a_rehearsal_keeps_nothing(house, sent):
    name, content = sent
    dump = house.dump()
    receipt = house.service.take_in(name, answered(content, lambda _place: 0), rehearse=True)
    assert receipt.accepted == 4
    assert house.dump() == dump


def test_a_package_that_was_never_handed_off_is_refused(house, sent):
    name, content = sent
    strange = answered(content, lambda _place: 0).replace(b"garden-1-fr", b"garden-7-fr")
    with pytest.raises(ReturnRejected, match="package garden-7-fr, which was never handed off here") as refused:
        house.service.take_in(name, strange)
    assert refused.value.values == {"package": "garden-7-fr", "locale": ""}


def test_a_cancelled_package_is_refused(house, sent):
    name, content = sent
    with house.store.begin() as tx:
        tx.connection.execute(package_table.update().values(status=PackageStatus.CANCELLED.value))
    with pytest.raises(ReturnRejected, match="Package garden-1-fr was cancelled") as refused:
        house.service.take_in(name, answered(content, lambda _place: 0))
    assert refused.value.template == "Package {package} was cancelled; ask for the current one."
    assert refused.value.values == {"package": "garden-1-fr", "locale": "fr"}


def test_what_comes_back_knows_what_stood_beside_it(house):
    house.write({A: {"one": "Gather every seed", "two": "Dry it in the shade", "three": "Keep it cool and dark"}})
    ((package, name, content),) = house.packages(locales=("fr",))
    first, middle, last = package.units
    assert (first.previous, first.following) == ("", middle.fingerprint)
    assert (middle.previous, middle.following) == (first.fingerprint, last.fingerprint)
    house.service.take_in(name, answered(content, lambda _place: 0))
    kept = {entry.key: (entry.previous, entry.following) for entry in house.translations("fr")}
    assert kept["two",] == (first.fingerprint, last.fingerprint)
