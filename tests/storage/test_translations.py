"""The memory of translations: appended, never changed, found by unit, by source text and by number."""

from dataclasses import replace

import pytest

from tests.storage.samples import AWKWARD, HOME, NOON, after, deployment, translation
from tm_service.domain.serving import Answer, Origin
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint

TITLE = (HOME, ("title",))
WETLANDS = fingerprint("Wetlands")


def test_what_was_appended_comes_back_whole(tx):
    entry = translation(
        "Zones humides",
        key=("menu", "title.short"),
        state=State.REVIEWED,
        answer=Answer.SAME,
        origin=Origin.PACKAGE,
        author="Amina",
        reference="absch-1-fr@abc",
        previous=fingerprint("before"),
        following=fingerprint("after"),
        at=after(microseconds=7),
        source_locale="es",
        properties=(("client", "garden"), ("client", "shore"), ("x-note", "")),
    )
    assert tx.append([entry]) == 1
    (found,) = tx.own("absch", "fr", [(HOME, entry.key)])[HOME, entry.key]
    assert found == replace(entry, number=found.number)
    assert found.number == tx.sequence() > 0


def test_nothing_appended_is_nothing_new(tx):
    assert tx.append([]) == 0
    assert (tx.sequence(), tx.memory_size()) == (0, (0, 0))


def test_the_same_delivery_twice_counts_once(tx):
    entry = translation("Zones humides", reference="commit 1")
    assert tx.append([entry, entry]) == 1
    assert tx.append([entry]) == 0
    assert tx.append([replace(entry, at=after(days=1), author="someone else")]) == 0
    assert len(tx.own("absch", "fr", [TITLE])[TITLE]) == 1


def test_a_then_b_then_a_again_are_three_translations(store):
    for step, target in enumerate(["A", "B", "A"]):
        with store.begin() as tx:
            assert tx.append([translation(target, reference=f"commit {step}", at=after(days=step))]) == 1
    with store.read() as tx:
        assert [entry.target for entry in tx.own("absch", "fr", [TITLE])[TITLE]] == ["A", "B", "A"]


@pytest.mark.parametrize(
    "difference",
    [
        {"site": "bch"},
        {"locale": "es"},
        {"resource": "other.json"},
        {"key": ("title", "")},
        {"fingerprint": "md5:0"},
        {"target": "Marais"},
        {"state": State.APPROVED},
        {"answer": Answer.SAME},
        {"reference": "commit 2"},
        {"source_locale": "es"},
        {"properties": (("client", "garden"),)},
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_what_differs_in_anything_that_is_said_is_another_translation(tx, difference):
    entry = translation("Zones humides")
    assert tx.append([entry, replace(entry, **difference)]) == 2


def test_own_is_in_order_of_time_then_of_number(tx):
    entries = [
        translation("third", at=after(hours=2)),
        translation("first", at=after(hours=0)),
        translation("second", at=after(hours=0)),
    ]
    for entry in entries:
        tx.append([entry])
    assert [entry.target for entry in tx.own("absch", "fr", [TITLE])[TITLE]] == ["first", "second", "third"]


def test_exact_is_in_order_of_time_then_of_number_wherever_the_text_stands(tx):
    tx.append([translation("late", at=after(hours=2), resource="a.json")])
    tx.append([translation("early", at=NOON, resource="z.json")])
    tx.append([translation("early, too", at=NOON, resource="b.json")])
    assert [entry.target for entry in tx.exact("absch", "fr", [WETLANDS])[WETLANDS]] == ["early", "early, too", "late"]


def test_proposals_are_the_units_own_but_no_memory(tx):
    tx.append([translation("offered", state=State.PROPOSAL)])
    assert [entry.target for entry in tx.own("absch", "fr", [TITLE])[TITLE]] == ["offered"]
    assert WETLANDS not in tx.exact("absch", "fr", [WETLANDS])


@pytest.mark.parametrize("state", [State.TRANSLATED, State.REVIEWED, State.APPROVED])
def test_every_accepted_state_is_memory(tx, state):
    tx.append([translation("given", state=state)])
    assert len(tx.exact("absch", "fr", [WETLANDS])[WETLANDS]) == 1


def test_other_sites_locales_resources_and_keys_are_left_out(tx):
    tx.append(
        [
            translation("mine"),
            translation("other site", site="bch"),
            translation("other locale", locale="es"),
            translation("other file", resource="other.json"),
            translation("other key", key=("body",)),
        ]
    )
    assert [entry.target for entry in tx.own("absch", "fr", [TITLE])[TITLE]] == ["mine"]
    assert dict(tx.own("absch", "fr", [(HOME, ("nothing",))])) == {}
    assert {entry.target for entry in tx.exact("absch", "fr", [WETLANDS])[WETLANDS]} == {
        "mine",
        "other file",
        "other key",
    }
    assert dict(tx.own("absch", "fr", [])) == dict(tx.exact("absch", "fr", [])) == {}


def test_many_units_and_texts_are_looked_up_at_once(tx):
    units = {(f"file{n}.json", ("k",)): f"Source {n}" for n in range(1500)}
    tx.append([translation("t", source, resource=resource, key=key) for (resource, key), source in units.items()])
    assert tx.own("absch", "fr", units).keys() == units.keys()
    prints = {fingerprint(source) for source in units.values()}
    assert tx.exact("absch", "fr", prints).keys() == prints
    newest = tx.sequence()
    assert len(tx.numbered(range(newest - 1499, newest + 1))) == 1500


def test_translations_are_found_by_number_and_unknown_numbers_left_out(tx):
    tx.append([translation("A")])
    number = tx.sequence()
    assert [entry.target for entry in tx.numbered({number, number + 1, 0}).values()] == ["A"]
    assert tx.numbered([]) == {}


def test_one_spelling_in_two_languages_is_two_texts_where_the_language_is_named(tx):
    tx.append([translation("Rouge", "Red"), translation("Réseau", "Red", source_locale="es")])
    red = fingerprint("Red")
    for source, targets in (("en", ["Rouge"]), ("es", ["Réseau"]), ("ru", []), (None, ["Rouge", "Réseau"])):
        found = tx.exact("absch", "fr", [red], source=source)
        assert [entry.target for entry in found.get(red, ())] == targets


def retire(tx, *targets: str, memory="absch"):
    numbers = [entry.number for entry in tx.numbered(range(1, tx.sequence() + 1)).values() if entry.target in targets]
    return tx.retire(memory, numbers, by="Amina", at=NOON, reason="wrong term")


def test_a_retired_translation_is_no_memory_nor_its_units_own_and_still_explained_by_its_number(tx):
    tx.append([translation("Marais"), translation("Zones humides", reference="commit 2")])
    assert retire(tx, "Marais") == 1
    assert [entry.target for entry in tx.exact("absch", "fr", [WETLANDS])[WETLANDS]] == ["Zones humides"]
    assert [entry.target for entry in tx.own("absch", "fr", [TITLE])[TITLE]] == ["Zones humides"]
    assert [entry.target for entry in tx.own("absch", "fr", [TITLE], retired=True)[TITLE]] == [
        "Marais",
        "Zones humides",
    ]
    numbers = range(1, tx.sequence() + 1)
    found = tx.numbered(numbers)
    assert {found[number].target for number in tx.retired_among(numbers)} == {"Marais"}
    assert len(found) == 2


def test_retiring_twice_unknown_numbers_and_those_of_other_memories_changes_nothing(tx):
    tx.append([translation("Marais"), translation("Marais", site="bch")])
    assert retire(tx, "Marais") == 1
    assert retire(tx, "Marais") == 0
    assert tx.retire("absch", [10**9], by="", at=NOON, reason="") == 0
    assert tx.retire("absch", [], by="", at=NOON, reason="") == 0
    assert len(tx.exact("bch", "fr", [WETLANDS])[WETLANDS]) == 1


def test_many_are_retired_at_once(tx):
    tx.append([translation("Marais", key=(str(n),)) for n in range(1000)])
    assert retire(tx, "Marais") == 1000
    assert len(tx.retired_among(range(tx.sequence() + 1))) == 1000


def test_a_retirement_touches_its_resource_and_helps_who_was_served_from_it(tx):
    tx.append([translation("Marais", resource="old.json")])
    since = tx.sequence()
    lacks = {("fr", "menu.json"): frozenset({WETLANDS}), ("fr", "list.json"): frozenset({"other"})}
    tx.save_deployment(deployment(1), [], [], lacks)
    assert tx.touched("absch", since) == tx.helped("absch", since) == {}
    retire(tx, "Marais")
    assert tx.touched("absch", since) == {"fr": {"old.json"}}
    assert tx.helped("absch", since) == {"fr": {"menu.json"}}
    assert tx.touched("bch", since) == tx.helped("bch", since) == {}
    tx.append([translation("Marais", resource="other.json", site="bch")])
    assert tx.touched("absch", tx.sequence()) == tx.helped("absch", tx.sequence()) == {}


def test_rows_are_appended_in_their_order_and_the_first_of_equals_counts(tx):
    entries = [translation("A", author="Amina"), translation("B"), translation("A", author="Zoé"), translation("C")]
    assert tx.append(iter(entries)) == 3
    stored = sorted(tx.numbered(range(1, tx.sequence() + 1)).values(), key=lambda entry: entry.number)
    assert [(entry.target, entry.author) for entry in stored] == [("A", "Amina"), ("B", ""), ("C", "")]


def test_touched_names_resources_with_newer_translations_by_locale(tx):
    tx.append([translation("old", resource="old.json")])
    since = tx.sequence()
    tx.append(
        [
            translation("new", resource="new.json"),
            translation("nuevo", resource="new.json", locale="es"),
            translation("not ours", resource="not.json", site="bch"),
        ]
    )
    assert tx.touched("absch", since) == {"fr": {"new.json"}, "es": {"new.json"}}
    assert tx.touched("absch", tx.sequence()) == {}


def test_the_size_of_the_memory_is_in_entries_and_bytes(tx):
    assert tx.memory_size() == (0, 0)
    tx.append([translation("é\\x", "ab"), translation("日本", "cd", locale="zh")])
    assert tx.memory_size() == (2, 4 + 2 + 6 + 2)


def test_a_moment_without_a_zone_is_refused(tx):
    with pytest.raises(Exception, match="has no zone"):
        tx.append([translation("A", at=NOON.replace(tzinfo=None))])


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_any_text_anywhere_comes_back_as_it_was(store, text):
    entry = translation(text, text, resource=f"dir/{text}.json", key=(text, "x", text), author=text, reference=text)
    with store.begin() as tx:
        assert tx.append([entry]) == 1
        assert tx.append([entry]) == 0
    unit = entry.resource, entry.key
    with store.read() as tx:
        (found,) = tx.own("absch", "fr", [unit])[unit]
        assert replace(found, number=0) == entry
        assert len(tx.exact("absch", "fr", [entry.fingerprint])[entry.fingerprint]) == 1
        assert tx.touched("absch", 0) == {"fr": {entry.resource}}


def test_texts_that_are_awkward_in_different_ways_stay_different(tx):
    assert tx.append([translation(text) for text in AWKWARD]) == len(AWKWARD)
    found = tx.own("absch", "fr", [TITLE])[TITLE]
    assert [entry.target for entry in found] == list(AWKWARD)


def test_keys_are_paths_not_their_writing(tx):
    keys = [("a.b",), ("a", "b"), ("a\\", "b"), ('["a"]',), ("a", "")]
    tx.append([translation("t", key=key) for key in keys])
    assert tx.own("absch", "fr", [(HOME, key) for key in keys]).keys() == {(HOME, key) for key in keys}
    assert len(tx.own("absch", "fr", [(HOME, ("a", "b"))])[HOME, ("a", "b")]) == 1


@pytest.mark.slow
def test_twenty_thousand_rows_are_appended_at_once_and_only_once(store):
    rows = [translation(f"t{n}", f"s{n}", key=(str(n),)) for n in range(20_000)]
    with store.begin() as tx:
        assert tx.append(iter(rows)) == 20_000
    with store.begin() as tx:
        assert tx.append([*rows, translation("one more")]) == 1
        assert tx.memory_size()[0] == 20_001
