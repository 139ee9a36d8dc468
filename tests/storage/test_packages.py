"""Packages as they were handed off, the marks of what came back, and receipts."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy.exc import IntegrityError

from tests.storage.samples import AWKWARD, NOON, package, unit
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import NotFound
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.matches import MatchClass
from tm_service.domain.packages import Outcome, PackageStatus, Receipt


def receipt(content=b"returned", **fields: object):
    entry = Receipt(
        Outcome.WARN,
        "absch-1-ar",
        sha256(content).hexdigest(),
        2,
        ("u1", "u\ud800"),
        1,
        (Finding("numbers", Severity.WARNING, "3 became ٣\ud83d\ude00.", "u1", "home.json"),),
        NOON,
    )
    return replace(entry, **fields)


def test_a_package_comes_back_whole_in_its_units_order(tx):
    units = (
        unit(9, key=("a.b", "\ud800"), base=2**40, previous_source="Old", previous_target="Vieux", done=True),
        unit(1, edit=EditClass.REWRITE, match=MatchClass.FUZZY_85, percent=87.65),
        unit(2, match=MatchClass.CROSS_FILE, percent=100.0),
        unit(5, source="NUL\0 \ud800"),
    )
    entry = package(units=0, due=date(2024, 12, 31), status=PackageStatus.PARTLY_RETURNED)
    entry = replace(entry, units=units)
    tx.save_package(entry)
    assert tx.package("absch-1-ar") == entry


def test_a_package_without_units_or_due_date_is_a_package(tx):
    tx.save_package(package(units=0))
    assert tx.package("absch-1-ar") == package(units=0)


def test_an_unknown_package_is_not_found(tx):
    with pytest.raises(NotFound, match="no package absch-9-fr"):
        tx.package("absch-9-fr")


def test_packages_are_numbered_by_site(tx):
    assert tx.next_package("absch") == 1
    tx.save_package(package(1))
    tx.save_package(package(7))
    assert (tx.next_package("absch"), tx.next_package("bch")) == (8, 1)


def test_two_packages_of_one_number_are_refused(store):
    with store.begin() as tx:
        tx.save_package(package(1, locale="ar"))
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.save_package(package(1, locale="fr"))


def test_packages_come_newest_first_all_or_those_still_open(tx):
    statuses = [
        PackageStatus.HANDED_OFF,
        PackageStatus.REINTEGRATED,
        PackageStatus.PARTLY_RETURNED,
        PackageStatus.CANCELLED,
    ]
    made = [package(number, units=number, status=status) for number, status in enumerate(statuses, 1)]
    for entry in [*made, package(1, site="bch")]:
        tx.save_package(entry)
    assert tx.packages("absch") == made[::-1]
    assert tx.packages("absch", open_only=True) == [made[2], made[0]]
    assert tx.packages("unknown") == []


def test_marks_of_what_is_done_status_and_due_date_are_updated_and_nothing_else_is(tx):
    tx.save_package(package(1))
    units = tuple(replace(entry, done=entry.id == "u1", source="changed") for entry in package(1).units)
    tx.save_package(package(1, revision="other", units=0, status=PackageStatus.PARTLY_RETURNED, due=date(2025, 1, 1)))
    tx.save_package(replace(package(1), units=units, status=PackageStatus.PARTLY_RETURNED, due=date(2025, 1, 1)))
    found = tx.package("absch-1-ar")
    assert [entry.done for entry in found.units] == [False, True, False]
    assert [replace(entry, done=False) for entry in found.units] == list(package(1).units)
    assert (found.status, found.due) == (PackageStatus.PARTLY_RETURNED, date(2025, 1, 1))
    assert (found.revision, found.open_units) == ("c0ffee", (found.units[0], found.units[2]))


@pytest.mark.slow
def test_a_package_of_twenty_thousand_units_is_saved_and_marked(tx):
    entry = package(1, units=20_000)
    tx.save_package(entry)
    done = replace(entry, units=tuple(replace(unit, done=True) for unit in entry.units))
    tx.save_package(done)
    assert tx.package(entry.id) == done


def test_the_file_handed_off_can_be_had_again(tx):
    tx.save_package(package(1))
    tx.keep_file("absch-1-ar", "absch-1-ar.zip", b"PK\0\xff")
    assert tx.file("absch-1-ar") == ("absch-1-ar.zip", b"PK\0\xff")
    with pytest.raises(NotFound, match="no file of package absch-2-ar"):
        tx.file("absch-2-ar")


def test_a_file_belongs_to_a_package(store):
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.keep_file("absch-1-ar", "x.zip", b"x")


def test_a_receipt_comes_back_whole_for_the_same_bytes(tx):
    assert tx.receipt(receipt().digest) is None
    tx.save_receipt("absch", receipt(), b"returned")
    tx.save_receipt("absch", receipt(b"other", findings=(), quarantined=()), b"other")
    assert tx.receipt(receipt().digest) == receipt()
    assert tx.blobs([receipt().digest]) == {receipt().digest: b"returned"}


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_any_text_in_a_package_and_its_receipt_comes_back_as_it_was(tx, text):
    entry = package(1, units=0, code=text, revision=text)
    entry = replace(entry, units=(unit(1, source=text, previous_source=text, previous_target=text, key=(text,)),))
    tx.save_package(entry)
    assert tx.package(entry.id) == entry
    answer = receipt(quarantined=(text,), findings=(Finding("links", Severity.ERROR, text, text, text),))
    tx.save_receipt("absch", answer, b"returned")
    assert tx.receipt(answer.digest) == answer
