"""Bad input: odd texts on the shelf and odd queries have an answer, and none takes long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.concordance import Concordance, build
from tests.memory.concordance.samples import Pile

ODD = [
    "",
    " ",
    "a",
    "1234567890 " * 20,
    "{name}{0}%s",
    "x" * 100_000,
    "word " * 20_000,
    "许" * 100_000,
    "\ud800 lone {\udfff} half",
    "\x00\x01\x1b control\x7f",
    "שלום hello مرحبا",
    "a" + "\u0301\u0316" * 50_000,
    "\u00ad\u200b" * 1_000,
    "🌱" * 1_000,
    "'" * 10_000 + "a" + "’" * 10_000,
    "<" * 5_000,
    "a*b?c",
]
QUERIES = [
    *ODD,
    '"',
    '"""""',
    '"unbalanced phrase',
    "-",
    "--",
    "-a",
    "* * *",
    "?" * 900,
    "a*" * 400,
    "*a" * 8,
    " ".join(f"a{number}*" for number in range(200)),
    "\u202eabc",
]


@pytest.fixture(scope="module")
def concordance(tmp_path_factory):
    shelf, path = Pile(), tmp_path_factory.mktemp("odd") / "words.bin"
    for text in ODD:
        shelf.put(text, text[::-1])
    build(shelf, path, source="en", target="zh")
    return Concordance(shelf, path)


@pytest.mark.parametrize("asked", QUERIES, ids=range(len(QUERIES)))
def test_every_query_has_hits_or_a_count_or_advice(concordance, asked):
    for how in ({}, {"exact_words": True}, {"substring": True}):
        found = concordance.search(asked, **how)
        assert bool(found.hits) == bool(found.total)
        assert not (found.advice and found.hits)
        assert all(hit.spans for hit in found.hits)


def test_a_query_of_ten_thousand_characters_is_told_its_length(concordance):
    found = concordance.search("lantern " * 1_250)
    assert found.advice == "The query has 10,000 characters and at most 1,000 are looked for: leave some out."
    assert (found.hits, found.total, found.cut) == ((), 0, False)


@pytest.mark.parametrize("asked", ["", "   ", "*", '"*"', "?", "-harbour", "🌱", "…"])
def test_a_query_without_a_word_is_told_what_to_say(concordance, asked):
    assert concordance.search(asked).advice == (
        "Say at least one word to look for: letters or digits, with or without * and ? for others."
    )


def test_long_texts_are_found_by_their_words(concordance):
    assert concordance.search("word", side="source").total == 1
    assert concordance.search("x*", side="source").total == 1
    assert concordance.search("许许许", side="source").total == 1
    assert concordance.search("half", side="source").hits[0].spans == ((11, 15),)


@settings(max_examples=80, deadline=None)
@given(asked=st.text(max_size=80), side=st.sampled_from(["source", "target", "both"]), substring=st.booleans())
def test_whatever_is_typed_is_answered(concordance, asked, side, substring):
    found = concordance.search(asked, side=side, substring=substring)
    assert bool(found.hits) == bool(found.total)
    assert all(0 <= start < end <= len(hit.text) for hit in found.hits for start, end in hit.spans)
