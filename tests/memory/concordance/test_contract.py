"""The concordance finds what a patient reader finds, in the same order, however the work is divided."""

from contextlib import nullcontext
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.concordance import Concordance, Rank, build
from memory.concordance import news as news_module
from memory.concordance import search as search_module
from memory.concordance.query import Query, understood
from memory.concordance.words import words
from tests.memory.concordance.samples import WORDS, Pile, patient, queries, texts

# Small corpora take the ways of large ones: lists searched in, lists read one by one, places gone through by blocks.
WAYS = {
    "as it is": {},
    "searched in": {"_SKEW": 0, "_LISTS": 64},
    "two searched in, others read": {"_SKEW": 0, "_LISTS": 2, "_WHOLE": 0},
    "by blocks": {"_SPARSE": 0, "_BLOCK": 1, "_SKEW": 1_000},
}
PAIRS = st.sampled_from([("en", "zh"), ("en", "fr"), ("fr", "ru"), ("es", "ar"), ("zh", "en"), ("ru", "th")])


@st.composite
def shelves(draw):
    """Languages, pairs that are built, pairs that come later, places of those that are retired, and a query."""
    source, target = draw(PAIRS)
    entries = st.tuples(texts(source), texts(target))
    built, later = draw(st.lists(entries, max_size=8)), draw(st.lists(entries, max_size=5))
    retired = draw(st.lists(st.integers(1, max(1, len(built) + len(later))), unique=True, max_size=3))
    side = draw(st.sampled_from(["source", "target", "both"]))
    asked = draw(queries(target if side == "target" else source))
    return source, target, built, later, retired, side, asked


def brute(shelf, languages, sides, asked, **how: bool):
    """Rank, length, number (newest first) and side of every hit, in order."""
    found = []
    for side in sides:
        query = understood(asked, languages[side], **how)
        for entry in shelf.added():
            text = entry.source if side == "source" else entry.target
            rank = patient(query, text, languages[side]) if query.wanted else None
            if rank is not None:
                found.append((rank, len(words(text, languages[side])), -entry.number, side))
    return sorted(found)


def told(found):
    return [(hit.rank, hit.pair.number, hit.side) for hit in found.hits]


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=25, deadline=None)
@given(drawn=shelves(), exact=st.booleans(), fresh=st.sampled_from([2, 256]))
def test_hits_and_their_order_are_those_of_reading_every_text(way, drawn, exact, fresh, tmp_path_factory):
    source, target, built, later, retired, side, asked = drawn
    shelf, path = Pile(), tmp_path_factory.mktemp("shelf") / "words.bin"
    for entry in built:
        shelf.put(*entry)
    build(shelf, path, source=source, target=target)
    languages, sides = {"source": source, "target": target}, ("source", "target") if side == "both" else (side,)
    with (
        patch.multiple(search_module, **WAYS[way]) if WAYS[way] else nullcontext(),
        patch.object(news_module, "_FRESH", fresh),
    ):
        concordance = Concordance(shelf, path)
        for entry in later:
            shelf.put(*entry)
            concordance.search(asked, side=side)
        for number in retired:
            shelf.retire(number)
        found = concordance.search(asked, side=side, limit=100, exact_words=exact)
    expected = brute(shelf, languages, sides, asked, exact_words=exact)
    assert told(found) == [(rank, -number, each) for rank, _, number, each in expected]
    assert (found.total, found.cut) == (len(expected), False)


@settings(max_examples=40, deadline=None)
@given(language=st.sampled_from(sorted(WORDS)), data=st.data())
def test_a_run_of_letters_is_found_wherever_it_begins_and_ends(language, data, tmp_path_factory):
    shelf, path = Pile(), tmp_path_factory.mktemp("shelf") / "words.bin"
    for text in data.draw(st.lists(texts(language), max_size=8)):
        shelf.put(text)
    build(shelf, path, source=language, target="fr")
    whole = " ".join(data.draw(st.lists(st.sampled_from(WORDS[language]), min_size=1, max_size=3)))
    asked = whole[data.draw(st.integers(0, 2)) : len(whole) - data.draw(st.integers(0, 2))]
    found = Concordance(shelf, path).search(asked, side="source", limit=100, substring=True)
    expected = brute(shelf, {"source": language}, ["source"], asked, substring=True)
    assert told(found) == [(rank, -number, side) for rank, _, number, side in expected]


@settings(max_examples=40, deadline=None)
@given(most=st.integers(1, 12), data=st.data())
def test_where_the_work_is_cut_short_the_first_rows_are_complete_and_it_is_said(most, data, tmp_path_factory):
    shelf, path = Pile(), tmp_path_factory.mktemp("shelf") / "words.bin"
    for text in data.draw(st.lists(texts("en"), min_size=4, max_size=12)):
        shelf.put(text)
    build(shelf, path, source="en", target="fr")
    asked = data.draw(queries("en"))
    with patch.object(search_module, "MOST", most):
        found = Concordance(shelf, path).search(asked, side="source", limit=100)
    expected = brute(shelf, {"source": "en"}, ["source"], asked)
    assert found.total == len(found.hits)
    if not found.cut:
        assert told(found) == [(rank, -number, side) for rank, _, number, side in expected]
        return
    got = {hit.pair.number for hit in found.hits}
    by_row = sorted((length, number) for _, length, number, _ in expected)
    assert {-number for _, number in by_row[: len(got)]} == got


def test_less_is_found_of_what_stands_for_nearly_everything(tmp_path):
    """The property above would hold of an index that never cuts, too."""
    shelf = Pile()
    for number in range(30):
        shelf.put(f"seed bank number {number} of the harbour")
    build(shelf, tmp_path / "words.bin", source="en", target="fr")
    with patch.object(search_module, "MOST", 20):
        found = Concordance(shelf, tmp_path / "words.bin").search("*a*", side="source")
    assert found.cut
    assert 0 < found.total < 30


def test_the_limit_is_kept_and_the_total_is_of_all(tmp_path):
    shelf = Pile()
    for number in range(1_200):
        shelf.put(f"Lantern {number}", f"Lanterne {number}")
    build(shelf, tmp_path / "words.bin", source="en", target="fr")
    concordance = Concordance(shelf, tmp_path / "words.bin")
    for limit, given_ in ((0, 0), (-5, 0), (1, 1), (7, 7), (5_000, 1_000)):
        found = concordance.search("lantern", side="source", limit=limit)
        assert (len(found.hits), found.total) == (given_, 1_200)


def test_hits_are_ordered_by_form_then_nearness_then_length_then_age(tmp_path):
    shelf = Pile()
    expected = [
        ("seed bank", Rank.PHRASE),
        ("A seed bank", Rank.PHRASE),
        ("bank seed", Rank.WORDS),
        ("seeds bank", Rank.INFLECTED_PHRASE),
        ("The new seed banks", Rank.INFLECTED_PHRASE),
        ("banks of seed", Rank.INFLECTED),
    ]
    for text, _ in reversed(expected):
        shelf.put(text)
    newer = shelf.put("A seed bank")
    build(shelf, tmp_path / "words.bin", source="en", target="fr")
    hits = Concordance(shelf, tmp_path / "words.bin").search("seed bank", side="source").hits
    assert [(hit.text, hit.rank) for hit in hits] == [*expected[:1], expected[1], *expected[1:]]
    assert [hit.pair.number for hit in hits][1:3] == [newer, 5]


def test_a_shelf_read_the_other_way_has_the_same_hits_with_sides_exchanged(tmp_path):
    shelf = Pile()
    shelf.put("The ferry leaves at noon", "Le ferry part à midi")
    shelf.put("Ferry tickets", "Billets")
    build(shelf, tmp_path / "one.bin", source="en", target="fr")
    build(shelf.turned(), tmp_path / "other.bin", source="fr", target="en")
    one = Concordance(shelf, tmp_path / "one.bin").search("ferry").hits
    other = Concordance(shelf.turned(), tmp_path / "other.bin").search("ferry").hits
    turned = {"source": "target", "target": "source"}
    assert {(hit.text, hit.other, hit.side) for hit in one} == {
        (hit.text, hit.other, turned[hit.side]) for hit in other
    }
    assert len(one) == 3


def test_a_query_without_a_word_has_advice_instead_of_hits():
    assert understood("?!", "en") == Query(advice=understood("", "en").advice)
