"""Audit: every entry seals all before it; what was changed, removed or put elsewhere is found where it happened."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tm_service.domain.audit import (
    GENESIS,
    Broken,
    Caller,
    Entry,
    Fault,
    Head,
    Pseudonym,
    acting,
    alias,
    caller,
    canonical,
    seal,
    sealed,
    verify,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
texts = st.text(st.characters(), max_size=8)  # lone surrogates as well


def chain(*entries: Entry, start=GENESIS):
    made, previous = [], start.hash
    for entry in entries:
        made.append(sealed(entry, previous))
        previous = made[-1].hash
    return made


def entry(number, **said: object):
    return Entry(**{"number": number, "site": "seeds", "verb": "deploy", "details": "{}", "at": NOON} | said)


def journal(*numbers: int):
    return chain(*(entry(number, verb=f"step {number}") for number in numbers))


def head(one):
    return Head(one.number, one.hash)


def test_the_bytes_that_are_sealed_are_these():
    """Who verifies a journal with a program of their own needs no more than this."""
    one = entry(
        7, details='{"by":"Zoë"}', at=NOON.astimezone(timezone(timedelta(hours=2))), reason="a\nb\ud800", who="w"
    )
    written = (
        '{"address":"","at":"2026-11-22T12:00:00.000000Z","details":"{\\"by\\":\\"Zoë\\"}","door":"","number":7,'
        '"reason":"a\\nb\ud800","request":"","site":"seeds","verb":"deploy","who":"w"}'
    ).encode("utf-8", "surrogatepass")
    assert canonical(one) == written
    assert seal(one, GENESIS.hash) == hashlib.sha256(b"0" * 64 + written).hexdigest()


@given(texts, texts, st.datetimes(timezones=st.just(UTC)))
def test_what_is_sealed_says_everything_the_entry_says(site, reason, at):
    said = json.loads(canonical(entry(1, site=site, reason=reason, at=at)).decode("utf-8", "surrogatepass"))
    assert (said["site"], said["reason"]) == (site, reason)
    assert datetime.fromisoformat(said["at"]) == at


def test_an_honest_journal_follows_from_its_beginning_and_from_any_head():
    whole = journal(1, 2, 5, 6)
    assert verify(whole) is None
    assert verify(iter(whole)) is None
    assert verify([]) is None
    for place in range(len(whole)):
        assert verify(whole[place + 1 :], head(whole[place])) is None


OTHER = {
    "number": 3, "site": "reef", "verb": "rollback", "details": '{"a":1}', "at": NOON + timedelta(microseconds=1),
    "who": "x", "door": "web", "address": "x", "request": "x", "reason": "x", "hash": "f" * 64, "previous": "f" * 64,
}  # fmt: skip


@pytest.mark.parametrize("field", [one.name for one in fields(Entry)])
def test_any_field_that_is_changed_is_found_in_its_entry(field):
    first, second, last = journal(1, 2, 9)
    broken = verify([first, replace(second, **{field: OTHER[field]}), last])
    assert broken == Broken(3 if field == "number" else 2, Fault.CHANGED, 1)


def test_an_entry_that_is_removed_is_missed_by_the_next_one():
    whole = journal(1, 2, 3, 4)
    assert verify(whole[1:]) == Broken(2, Fault.MISSING, 0)
    assert verify([whole[0], *whole[2:]]) == Broken(3, Fault.MISSING, 1)


def test_an_entry_that_was_rewritten_and_sealed_again_is_found_by_the_next_one():
    whole = journal(1, 2, 3)
    whole[1] = sealed(replace(whole[1], verb="rollback"), whole[0].hash)
    assert verify(whole) == Broken(3, Fault.MISSING, 2)


def test_entries_that_changed_places_are_found_with_and_without_their_numbers():
    one, two, three, four = journal(1, 2, 3, 4)
    assert verify([one, replace(three, number=2), replace(two, number=3), four]) == Broken(2, Fault.OUT_OF_ORDER, 1)
    assert verify([one, three, two, four]) == Broken(3, Fault.MISSING, 1)
    assert verify([one, two, two]) == Broken(2, Fault.OUT_OF_ORDER, 2)


def test_an_entry_without_a_seal_is_found():
    one, two, three = journal(1, 2, 3)
    assert verify([one, replace(two, hash="", previous=""), three]) == Broken(2, Fault.UNSEALED, 1)


def test_a_published_head_finds_what_the_chain_itself_cannot_tell():
    whole = journal(1, 2, 4, 5)
    known = [head(whole[1]), head(whole[3])]
    assert verify(whole, published=known) is None
    assert verify(whole[:3]) is None, "nobody can know"
    assert verify(whole[:3], published=known) == Broken(5, Fault.CUT_OFF, 4)
    anew = chain(*(replace(one, reason="better so") for one in whole))
    assert verify(anew) is None, "nobody can know"
    assert verify(anew, published=known) == Broken(2, Fault.REWRITTEN, 1)
    assert verify(journal(1, 3, 5), published=known) == Broken(2, Fault.REWRITTEN, 1)
    assert verify([], published=known) == Broken(2, Fault.CUT_OFF, 0)
    two_stories = [head(whole[1]), Head(2, "e" * 64)]
    assert verify(whole, published=two_stories) == Broken(2, Fault.REWRITTEN, 1)
    assert verify(whole[2:], start=head(whole[1]), published=known) is None


@given(
    st.lists(st.tuples(texts, texts), min_size=1, max_size=6),
    st.data(),
)
def test_whatever_is_done_to_a_journal_that_was_published_is_found(said, data):
    whole = chain(*(entry(number, site=site, reason=why) for number, (site, why) in enumerate(said, 1)))
    changed = data.draw(st.permutations(whole).map(list))
    place = data.draw(st.integers(0, len(changed) - 1))
    act = data.draw(st.sampled_from(["keep", "drop", "twice", "edit", "seal"]))
    if act == "drop":
        del changed[place]
    elif act == "twice":
        changed.insert(place, changed[place])
    elif act in ("edit", "seal"):
        field = data.draw(st.sampled_from([one.name for one in fields(Entry) if one.name not in ("number", "at")]))
        changed[place] = replace(changed[place], **{field: data.draw(texts)})
    if act == "seal":
        changed = chain(*changed)
    assume(changed != whole)
    assert verify(changed, published=[head(whole[-1])])


def test_what_is_broken_is_said_in_a_sentence():
    assert str(Broken(7, Fault.CHANGED, 6)) == "Entry 7 is not as it was written."
    assert str(Broken(7, Fault.CUT_OFF, 5)) == "The journal ends at entry 5; entry 7 was published and is gone."
    for fault in Fault:
        assert "7" in str(Broken(7, fault, 6))
    assert str(Head(7, "ab")) == "7:ab"


@given(texts, texts, texts, texts)
def test_a_pseudonym_is_bound_to_its_name_and_does_not_give_it_away(name, other, salt, holder):
    made = Pseudonym("person", name, salt, holder)
    assert made.id == Pseudonym("person", name, salt, holder).id
    assert made.id != Pseudonym("address", name, salt, holder).id
    assert (made.id == Pseudonym("person", other, salt, holder).id) == (name == other)
    assert made.id != Pseudonym("person", name, salt + "0", holder).id
    assert alias(made.id) == f"#{made.id[:8]}"


def test_without_a_name_there_is_no_alias():
    assert alias("") == ""


def test_who_acts_is_known_in_the_block_and_in_no_other_thread():
    amina, li = Caller("amina"), Caller("li")
    assert caller() is None
    with acting(amina):
        with acting(li):
            assert caller() == li
        assert caller() == amina
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(caller).result() is None
            assert pool.submit(copy_context().run, caller).result() == amina
    with pytest.raises(ValueError, match="out"), acting(amina):
        raise ValueError("out")
    assert caller() is None
