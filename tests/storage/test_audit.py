"""The journal: who, from where, what and why; nobody changes it unseen, and a name can be erased from it."""

import os
import pwd

from tests.storage.journal import AMINA, HARVEST, LI, lines, note, verdict
from tests.storage.samples import AWKWARD, NOON
from tm_service.domain.audit import Caller, CallerKind, Door
from tm_service.storage import audit


def test_the_journal_says_what_was_done_when_and_forgets_nothing(store):
    with store.begin() as tx:
        for value in AWKWARD:
            tx.note(value, value, {"revision": value, "number": 3, value: None}, NOON)
    for line, value in zip(lines(store), AWKWARD, strict=True):
        assert (line.entry.site, line.entry.verb, line.entry.at) == (value, value, NOON)
        assert line.details == {"revision": value, "number": 3, value: None}
    assert verdict(store).broken is None


def test_the_journal_says_who_from_where_and_why(store):
    awkward = [Caller(f"x{value}", CallerKind.CLIENT, Door.WORKER, value, value, value) for value in AWKWARD]
    note(store, AMINA, HARVEST, *awkward)
    assert [line.caller for line in lines(store)] == [AMINA, HARVEST, *awkward]
    assert verdict(store).broken is None


def test_the_newest_entries_of_some_verbs_are_read_without_the_others(store):
    with store.begin() as tx:
        for number, verb in enumerate(["deploy", "waive", "rollback", "package", "deploy"]):
            tx.note("absch", verb, {"number": number}, NOON)
        tx.note("bch", "deploy", {"number": 9}, NOON)
    with store.read() as tx:
        found = tx.noted("absch", ("deploy", "rollback"), 2)
        assert [(line.entry.verb, line.details["number"]) for line in found] == [("deploy", 4), ("rollback", 2)]
        assert [line.details["number"] for line in tx.noted("absch", ("deploy", "rollback"), 9)] == [4, 2, 0]
        assert [line.details["number"] for line in tx.noted("absch", ("deploy", "rollback"), 1, skip=1)] == [2]
        assert tx.noted("absch", (), 9) == []


def test_who_says_nothing_acts_for_the_house_as_a_user_of_the_system(store):
    with store.begin() as tx:
        tx.note("absch", "deploy", {}, NOON)
        [line] = tx.audit()
    assert (line.caller.name, line.caller.kind, line.caller.door) == ("tm-service", CallerKind.SYSTEM, Door.CLI)
    assert line.caller.address.startswith(pwd.getpwuid(os.getuid()).pw_name + "@")


def test_a_user_of_the_system_without_a_name_is_told_by_number(monkeypatch):
    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert audit.operator.__wrapped__().address.startswith(f"{os.getuid()}@")


def test_a_name_longer_than_any_index_takes_is_cut(store):
    long = Caller("é" * 9000, address="a" * 9000)
    note(store, long)
    note(store, long)
    [first, second] = lines(store, name=long.name)
    assert first.caller == second.caller == Caller("é" * 200, address="a" * 200)
    assert first.entry.who == second.entry.who
    with store.begin() as tx:
        assert tx.erase_name(long.name, NOON) == 2


def test_pages_of_the_journal_are_read_by_site_by_name_and_from_a_number_on(store):
    for step in range(6):
        note(store, AMINA if step % 2 else LI, site="bch" if step > 2 else "absch", step=step)

    def steps(*args: object, **wanted: object):
        return [line.details["step"] for line in lines(store, *args, **wanted)]

    numbers = [line.entry.number for line in lines(store)]
    assert steps() == [0, 1, 2, 3, 4, 5]
    assert steps(limit=2) == [0, 1]
    assert steps(since=numbers[1], limit=2) == [2, 3]
    assert steps("bch") == [3, 4, 5]
    assert steps("bch", numbers[3]) == [4, 5]
    assert steps(name=AMINA.name) == [1, 3, 5]
    assert steps("absch", name=AMINA.name) == [1]
    assert steps(name="nobody") == steps(name=AMINA.address) == []
