"""The shelf: one memory in one language pair, read from either side, streamed, without what is retired."""

from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.samples import AWKWARD, NOON, after, pair
from tm_service.domain.serving import Answer, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint
from tm_service.storage import shelf as module
from tm_service.storage.sql_store import SqlStore

HOURS = pair("Opening hours", "Horaires", key=("hours",), previous=fingerprint("Visit"), following=fingerprint("Fees"))


def put(store, *entries: Translation):
    with store.begin() as tx:
        return tx.append(entries)


def retire(store, *numbers: int, memory="garden"):
    with store.begin() as tx:
        return tx.retire(memory, numbers, by="Amina", at=NOON, reason="wrong term")


def texts(entries):
    return [(entry.source, entry.target) for entry in entries]


def test_a_pair_is_read_as_it_was_made(store):
    put(store, HOURS)
    [found] = store.shelf("garden", "en", "fr").added()
    assert found == replace(HOURS, number=found.number)


def test_a_pair_read_against_its_direction_is_turned_round(store):
    put(store, HOURS)
    [found] = store.shelf("garden", "fr", "en").added()
    assert (found.source, found.source_locale) == ("Horaires", "fr")
    assert (found.target, found.locale) == ("Opening hours", "en")
    assert found.fingerprint == fingerprint("Horaires")
    assert (found.previous, found.following) == ("", ""), "the neighbours that are known are of the other side"
    assert (found.resource, found.key, found.at, found.origin) == (HOURS.resource, HOURS.key, HOURS.at, HOURS.origin)


def test_both_directions_stand_on_one_shelf_in_the_order_of_their_numbers(store):
    put(store, HOURS, pair("Fermé", "Closed", "fr en"), pair("Fees", "Tarifs"), pair("Plan", "Map", "fr en"))
    shelf = store.shelf("garden", "en", "fr")
    wanted = [("Opening hours", "Horaires"), ("Closed", "Fermé"), ("Fees", "Tarifs"), ("Map", "Plan")]
    assert texts(shelf.added()) == wanted
    assert [source for _, source in shelf.texts()] == [source for source, _ in wanted]
    numbers = [entry.number for entry in shelf.added()]
    assert numbers == sorted(numbers) == [number for number, _ in shelf.texts()]
    assert texts(shelf.added(numbers[1])) == wanted[2:]
    assert list(shelf.texts(numbers[-1])) == []


@pytest.mark.parametrize(
    "other",
    [
        {"state": State.PROPOSAL},
        {"answer": Answer.SAME},
        {"answer": Answer.EMPTY},
        {"source": ""},
        {"site": "shore"},
        {"locale": "es"},
        {"source_locale": "es"},
    ],
    ids=str,
)
def test_what_is_not_accepted_not_text_or_of_another_shelf_is_nowhere_on_it(store, other):
    put(store, replace(HOURS, **other))
    for languages in (("en", "fr"), ("fr", "en")):
        shelf = store.shelf("garden", *languages)
        assert list(shelf.added()) == list(shelf.texts()) == []
        assert shelf.entries(range(10**3)) == {}
        assert shelf.exact([HOURS.fingerprint, fingerprint(HOURS.target)]) == {}


def test_a_shelf_lies_between_two_languages(store):
    with pytest.raises(ValueError, match="between two languages"):
        store.shelf("garden", "en", "en")


def test_pages_do_not_show(store, monkeypatch):
    monkeypatch.setattr(module, "_PAGE", 3)
    entries = [pair(f"Bed {n}", f"Planche {n}", "en fr") for n in range(7)]
    turned = [pair(f"Allée {n}", f"Path {n}", "fr en") for n in range(6)]
    put(store, *entries[:5], *turned, *entries[5:])
    expected = [f"Bed {n}" for n in range(5)] + [f"Path {n}" for n in range(6)] + ["Bed 5", "Bed 6"]
    assert [source for _, source in store.shelf("garden", "en", "fr").texts()] == expected
    assert [entry.source for entry in store.shelf("garden", "en", "fr").added()] == expected


def test_who_reads_slowly_holds_no_transaction_and_sees_what_was_there_when_they_began(store, monkeypatch):
    monkeypatch.setattr(module, "_PAGE", 2)
    put(store, *(pair(f"Bed {n}", f"Planche {n}") for n in range(5)))
    reading = store.shelf("garden", "en", "fr").texts()
    assert len(list(islice(reading, 3))) == 3
    assert store.engine.pool.checkedout() == 0
    put(store, pair("Chemin", "Path", "fr en"), pair("Pond", "Bassin"))
    assert len(list(reading)) == 2
    assert len(list(store.shelf("garden", "en", "fr").texts())) == 7


def test_exact_finds_texts_from_either_side_oldest_first(store):
    put(
        store,
        pair("Closed", "Fermé", reference="second", at=after(days=2)),
        pair("Fermé", "Closed", "fr en", at=after(days=1)),
        pair("Closed", "Clos", at=NOON),
        pair("Open", "Ouvert"),
    )
    closed, open_ = fingerprint("Closed"), fingerprint("Open")
    found = store.shelf("garden", "en", "fr").exact([closed, open_, fingerprint("unknown"), "md5:0123456789abcdef"])
    assert texts(found[closed]) == [("Closed", "Clos"), ("Closed", "Fermé"), ("Closed", "Fermé")]
    assert found.keys() == {closed, open_}
    [turned] = store.shelf("garden", "fr", "en").exact([fingerprint("Clos")])[fingerprint("Clos")]
    assert (turned.source, turned.target) == ("Clos", "Closed")
    assert store.shelf("garden", "fr", "en").exact([]) == {}


def test_canonical_forms_and_line_ends_of_a_text_are_one_from_either_side(store):
    put(store, pair("Closed\r\ntoday", "Fermé\naujourd’hui"))
    written = fingerprint("Ferme\u0301\r\naujourd’hui")
    assert store.shelf("garden", "fr", "en").exact([written]).keys() == {written}


def test_a_pair_that_older_code_wrote_without_a_mark_is_found_from_either_side(store):
    put(store, HOURS)
    with store.connected("write") as connection:
        connection.exec_driver_sql("UPDATE translation SET target_print = NULL")
        connection.commit()
    assert store.shelf("garden", "fr", "en").exact([fingerprint("Horaires")]).keys() == {fingerprint("Horaires")}
    assert store.shelf("garden", "fr", "en").exact([fingerprint("Autre")]) == {}


def test_entries_come_by_number_and_only_those_of_the_shelf(store):
    put(store, HOURS, pair("Fermé", "Closed", "fr en"), pair("Hours", "Horas", "en es"), replace(HOURS, site="shore"))
    shelf = store.shelf("garden", "en", "fr")
    first, second = (entry.number for entry in shelf.added())
    found = shelf.entries([0, *range(1000, 1900), first, second, second + 1, second + 2])
    assert texts(found.values()) == [("Opening hours", "Horaires"), ("Closed", "Fermé")]
    assert list(found) == [first, second]


def test_the_position_goes_on_with_what_is_added_and_what_is_retired(store):
    shelf = store.shelf("garden", "en", "fr")
    assert shelf.position() == (0, 0)
    put(store, HOURS, pair("Fermé", "Closed", "fr en"), pair("Fees", "Tarifs"))
    first, second, third = (entry.number for entry in shelf.added())
    assert shelf.position() == (third, 0)
    put(store, pair("Fees", "Tasas", "en es"), replace(HOURS, site="shore"))
    assert shelf.position() == (third, 0), "of other shelves nothing is counted"
    assert retire(store, second, first) == 2
    assert shelf.position() == (third, 2)
    assert retire(store, third) == 1
    assert shelf.position() == store.shelf("garden", "en", "fr").position() == (third, 3)
    assert store.shelf("garden", "fr", "en").position() == (third, 3)
    assert store.shelf("shore", "en", "fr").position()[1] == 0


def test_what_is_retired_is_told_in_order_and_stands_on_the_shelf_no_more(store):
    put(store, HOURS, pair("Fermé", "Closed", "fr en"), pair("Fees", "Tarifs"))
    shelf = store.shelf("garden", "en", "fr")
    first, second, third = (entry.number for entry in shelf.added())
    retire(store, third)
    retire(store, first, second)
    assert list(shelf.retired()) == [third, first, second]
    assert list(shelf.retired(1)) == [first, second]
    assert list(shelf.retired(3)) == []
    assert list(shelf.added()) == list(shelf.texts()) == []
    assert shelf.entries([first, second, third]) == {}
    assert shelf.exact([HOURS.fingerprint, fingerprint("Closed")]) == {}
    assert list(store.shelf("garden", "en", "es").retired()) == []


def test_a_shelf_is_named_by_its_store_its_memory_and_its_direction(store):
    shelves = [("garden", "en", "fr"), ("garden", "fr", "en"), ("shore", "en", "fr"), ("garden", "en", "es")]
    names = [store.shelf(*shelf).identity for shelf in shelves]
    assert len(set(names)) == len(names)
    assert names == [store.shelf(*shelf).identity for shelf in shelves], "asked again, the same"


def test_a_store_keeps_its_name_and_a_copy_gets_another(store, url):
    name = store.shelf("garden", "en", "fr").identity
    again = SqlStore(url)
    assert again.shelf("garden", "en", "fr").identity == name
    again.renew_identity()
    again.close()
    assert store.shelf("garden", "en", "fr").identity != name
    assert store.identity() == store.identity()


def test_a_name_is_given_once_whoever_needs_it_first(store):
    with store.connected("write") as connection:
        connection.exec_driver_sql("DELETE FROM store_identity")
        connection.commit()
    names = []
    askers = [Thread(target=lambda: names.append(store.identity())) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(names) == 4
    assert len(set(names)) == 1


def test_two_databases_have_two_names(empty_url, store):
    other = SqlStore(empty_url)
    other.migrate()
    assert other.identity() != store.identity()
    other.close()


@pytest.mark.parametrize("text", [text for text in AWKWARD if text], ids=ascii)
def test_any_text_is_read_and_found_from_either_side(store, text):
    entry = pair(text, f"{text}!", key=(text,), author=text, properties=((text, text), ("note", "")))
    put(store, entry)
    [found] = store.shelf("garden", "en", "fr").added()
    assert replace(found, number=0) == entry
    assert [source for _, source in store.shelf("garden", "fr", "en").texts()] == [f"{text}!"]
    for languages, source in ((("en", "fr"), text), (("fr", "en"), f"{text}!")):
        [[found]] = store.shelf("garden", *languages).exact([fingerprint(source)]).values()
        assert found.source == source


@pytest.mark.slow
def test_a_reader_who_asks_as_the_port_says_misses_nothing_of_a_busy_writer(store):
    """Position first, then what was added, then what was retired."""
    shelf = store.shelf("garden", "en", "fr")
    seen: dict[int, str] = {}
    done = []

    def write():
        for step in range(150):
            languages = "en fr" if step % 3 else "fr en"
            put(store, pair(f"Bed {step}", f"Planche {step}", languages))
            if step % 4 == 0:
                with store.read() as tx:
                    newest = tx.sequence()
                retire(store, newest - step % 7)
        done.append(True)

    writer = Thread(target=write)
    writer.start()
    newest, retired = 0, 0
    while True:
        is_last = bool(done)
        newest_now, retired_now = shelf.position()
        seen |= dict(shelf.texts(newest))
        for number in shelf.retired(retired):
            seen.pop(number, None)
        newest, retired = newest_now, retired_now
        if is_last:
            break
    writer.join()
    assert seen == dict(shelf.texts())


@contextmanager
def _same(connection):
    yield connection


WORDS = st.sampled_from(["Closed", "Fermé", "Ferme\u0301", "Open", "Plan"])
PAIRS = st.builds(
    pair,
    WORDS,
    WORDS,
    st.sampled_from(["en fr", "fr en", "en es", "es fr"]),
    st.sampled_from(["garden", "shore"]),
    state=st.sampled_from([State.PROPOSAL, State.TRANSLATED, State.APPROVED]),
    at=st.integers(0, 3).map(lambda days: after(days=days)),
)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(PAIRS, max_size=12), st.lists(st.integers(0, 11), max_size=5), st.sampled_from(["en fr", "fr en", "fr es"])
)
def test_every_way_of_reading_says_the_same(store, entries, gone, languages):
    with store.begin() as tx:
        tx.rehearse()
        before = tx.sequence()
        tx.append(entries)
        stored = [entry for _, entry in sorted(tx.numbered(range(before + 1, tx.sequence() + 1)).items())]
        retired = {stored[place].number for place in gone if place < len(stored) and stored[place].site == "garden"}
        tx.retire("garden", retired, by="", at=NOON, reason="")
        source, target = languages.split()
        shelf = module.SqlShelf(lambda _purpose: _same(tx.connection), lambda: "here", "garden", source, target)
        on_it = [
            entry.number
            for entry in stored
            if entry.site == "garden"
            and {entry.source_locale, entry.locale} == {source, target}
            and entry.state is not State.PROPOSAL
            and entry.number not in retired
        ]
        added = list(shelf.added(before))
        assert [entry.number for entry in added] == on_it
        assert all((entry.source_locale, entry.locale) == (source, target) for entry in added)
        assert [(entry.number, entry.source) for entry in added] == list(shelf.texts(before))
        assert {entry.number: entry for entry in added} == shelf.entries([entry.number for entry in stored])
        prints = {fingerprint(entry.source) for entry in added}
        found = [entry for same in shelf.exact(prints).values() for entry in same]
        assert sorted(found, key=lambda entry: entry.number) == added


def test_a_writer_elsewhere_does_not_hinder_reading(store):
    put(store, HOURS)
    with store.begin() as tx:
        tx.append([pair("Fees", "Tarifs")])
        assert len(list(store.shelf("garden", "en", "fr").added())) == 1
