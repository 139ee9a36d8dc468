"""Names in the journal: pseudonyms, and a name that is erased while the chain holds."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.storage.journal import AMINA, LI, lines, note, undone, verdict
from tests.storage.samples import NOON, after
from tm_service.domain.audit import acting
from tm_service.storage.tables import journal, pseudonym


def everything(store):
    with store.read() as tx:
        return "\n".join(str(row) for table in (journal, pseudonym) for row in tx.connection.execute(select(table)))


def test_a_name_is_nowhere_in_the_journal_itself(store):
    note(store, AMINA, by=AMINA.name)
    with store.read() as tx:
        written = str(tx.connection.execute(select(journal)).all())
    assert AMINA.name not in written
    assert AMINA.address not in written
    [line] = lines(store)
    assert line.details == {"by": AMINA.name}
    assert json.loads(line.entry.details) == {"by": line.entry.who}, "one person, one pseudonym"


def test_an_erased_name_is_gone_and_the_chain_holds(store):
    note(store, AMINA, LI, by=AMINA.name)
    head = note(store, replace(AMINA, address="198.51.100.1"), AMINA)
    before = lines(store)
    with acting(LI), store.begin() as tx:
        assert tx.erase_name(AMINA.name, after(days=1)) == 3
    assert verdict(store, head).broken is None
    left = everything(store)
    assert AMINA.name not in left
    assert "198.51.100.1" not in left
    *old, noted = lines(store)
    assert [line.entry for line in old] == [line.entry for line in before]
    aliases = {line.caller.name for line in old if line.entry.who == before[0].entry.who}
    assert aliases == {f"#{before[0].entry.who[:8]}"}, "one person still, whoever it was"
    assert old[0].details == {"by": f"#{before[0].entry.who[:8]}"}
    assert old[0].caller.request == AMINA.request
    assert old[1].caller == LI, "who shares the address keeps it"
    assert (noted.entry.verb, noted.caller) == ("erase", LI)
    assert before[0].entry.who in noted.details["pseudonyms"]
    assert lines(store, name=AMINA.name) == []
    with store.begin() as tx:
        assert tx.erase_name(AMINA.name, after(days=1)) == 0
        assert tx.erase_name("", after(days=1)) == 0
    assert len(lines(store)) == 5, "what did nothing is not noted"


def test_who_comes_back_after_an_erasure_is_somebody_else(store):
    note(store, AMINA)
    with acting(LI), store.begin() as tx:
        tx.erase_name(AMINA.name, NOON)
    note(store, AMINA)
    first, _erased, last = lines(store)
    assert first.entry.who != last.entry.who
    assert last.caller == AMINA
    assert verdict(store).broken is None


def test_who_erases_their_own_name_is_not_remembered_for_it(store):
    note(store, AMINA)
    with acting(AMINA), store.begin() as tx:
        tx.note("absch", "leave", {}, NOON)
        assert tx.erase_name(AMINA.name, NOON) == 2
        assert tx.erase_name(AMINA.name, NOON) == 0
    assert AMINA.name not in everything(store)
    assert AMINA.address not in everything(store)
    assert len({line.caller for line in lines(store)}) == 1
    assert [line.entry.verb for line in lines(store)] == ["deploy", "leave", "erase"]
    assert verdict(store).broken is None


def test_what_is_noted_after_an_erasure_and_with_it_is_somebody_elses(store):
    with acting(AMINA), store.begin() as tx:
        tx.note("absch", "deploy", {}, NOON)
        tx.audit_head()
        tx.erase_name(AMINA.name, NOON)
        tx.note("absch", "deploy", {}, NOON)
    first, _erased, last = lines(store)
    assert (first.caller.name, last.caller.name) == (f"#{first.entry.who[:8]}", AMINA.name)
    assert verdict(store).broken is None


def test_an_erasure_that_is_undone_was_none(store):
    note(store, AMINA)
    with pytest.raises(ValueError, match="no"), store.begin() as tx:
        undone(tx, tx.erase_name, AMINA.name, NOON)
    assert [line.caller for line in lines(store)] == [AMINA]
