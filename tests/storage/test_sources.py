"""What is remembered of sources: every wording, moves, deliveries that nothing claims yet, how far was learned."""

import pytest

from tests.storage.samples import AWKWARD, HOME, after
from tm_service.domain.units import Commit, FileChange, Revision


def delivered(path, hours, blob="b1", author="Li"):
    change = FileChange(path, None, blob)
    return Commit(Revision(f"rev{hours}", after(hours=hours)), author, "a message", (change,)), change


def test_every_wording_of_a_unit_is_kept_oldest_first_and_one_that_returns_is_newest_again(store):
    for text in ("A", "B", "A"):
        with store.begin() as tx:
            tx.learn_sources("absch", [((HOME, ("title",)), text)])
    with store.read() as tx:
        assert tx.sources("absch", HOME) == {("title",): ["A", "B", "A"]}


def test_sources_of_other_sites_and_resources_are_left_out(tx):
    tx.learn_sources("absch", [((HOME, ("a",)), "A"), (("other.json", ("b",)), "B")])
    tx.learn_sources("bch", [((HOME, ("c",)), "C")])
    tx.learn_sources("absch", [])
    assert tx.sources("absch", HOME) == {("a",): ["A"]}
    assert tx.sources("absch", "unknown.json") == {}
    assert tx.source_paths("absch") == {HOME, "other.json"}
    assert tx.source_paths("unknown") == frozenset()


@pytest.mark.parametrize("text", AWKWARD, ids=ascii)
def test_any_source_comes_back_as_it_was(tx, text):
    tx.learn_sources("absch", [((f"{text}.json", (text,)), text)])
    assert tx.source_paths("absch") == {f"{text}.json"}
    assert tx.sources("absch", f"{text}.json") == {(text,): [text]}


@pytest.mark.slow
def test_twenty_thousand_sources_are_learned_at_once(tx):
    tx.learn_sources("absch", (((HOME, (str(n),)), f"text {n}") for n in range(20_000)))
    assert len(tx.sources("absch", HOME)) == 20_000


def test_unclaimed_deliveries_wait_for_a_source_of_their_name_oldest_first(tx):
    for path, hours in (("fr/late/home.json", 3), ("es/home.json", 1), ("ar/menu.json", 2), ("ru/other.json", 0)):
        tx.leave_unclaimed("absch", path.rpartition("/")[2], *delivered(path, hours))
    found = tx.claim("absch", {"home.json", "menu.json"})
    assert [commit.changes[0].path for commit in found] == ["es/home.json", "ar/menu.json", "fr/late/home.json"]
    assert found[0].revision == Revision("rev1", after(hours=1))
    assert (found[0].author, found[0].changes) == ("Li", (FileChange("es/home.json", None, "b1"),))
    assert tx.claim("bch", {"home.json"}) == []
    assert tx.claim("absch", set()) == []


def test_deliveries_claimed_by_very_many_names_are_still_oldest_first(tx):
    for n in range(900):
        tx.leave_unclaimed("absch", f"{n:03}.json", *delivered(f"fr/{n:03}.json", 900 - n))
    found = tx.claim("absch", [f"{n:03}.json" for n in range(900)])
    moments = [commit.revision.at for commit in found]
    assert len(found) == 900
    assert moments == sorted(moments)


def test_a_file_delivered_again_waits_once_as_it_was_delivered_last(tx):
    tx.leave_unclaimed("absch", "home.json", *delivered("fr/home.json", 1, blob="old"))
    tx.leave_unclaimed("absch", "home.json", *delivered("fr/home.json", 2, blob="new", author="Zoé"))
    (commit,) = tx.claim("absch", {"home.json"})
    assert (commit.changes[0].after, commit.author, commit.revision.id) == ("new", "Zoé", "rev2")


def test_a_delivery_that_found_its_source_waits_no_longer(tx):
    tx.leave_unclaimed("absch", "home.json", *delivered("fr/home.json", 1))
    tx.claimed("bch", "fr/home.json")
    tx.claimed("absch", "fr/unknown.json")
    assert len(tx.claim("absch", {"home.json"})) == 1
    tx.claimed("absch", "fr/home.json")
    assert tx.claim("absch", {"home.json"}) == []


def test_how_far_a_site_was_learned_is_remembered_by_site(tx):
    assert tx.learned("absch") == ""
    tx.set_learned("absch", "rev1")
    tx.set_learned("absch", "rev2")
    tx.set_learned("bch", "other")
    assert (tx.learned("absch"), tx.learned("bch")) == ("rev2", "other")


def test_a_moved_unit_knows_which_it_was_and_the_latest_move_wins(tx):
    new, old, older = ("new.json", ("n.1",)), ("old.json", ("o",)), ("older.json", ("\ud800",))
    tx.trace("absch", {new: older, ("new.json", ("n", "1")): old})
    tx.trace("absch", {new: old, old: older})
    tx.trace("bch", {new: ("other site.json", ("x",))})
    tx.trace("absch", {})
    assert tx.lineage("absch", [new, old, older]) == {new: old, old: older}
    assert tx.lineage("absch", []) == {}
