"""Highlight: what is marked in a text is what was asked, whatever signs it is written with."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memory.concordance import excerpt
from memory.concordance.highlight import spans
from memory.concordance.query import understood
from memory.concordance.words import tokens, words
from tests.memory.concordance.samples import WORDS, patient, queries, texts


@st.composite
def asked_texts(draw):
    language = draw(st.sampled_from(sorted(WORDS)))
    text = draw(st.lists(texts(language), min_size=1, max_size=3).map(" ".join))
    return language, text, draw(queries(language)), draw(st.booleans())


@settings(max_examples=150, deadline=None)
@given(asked_texts())
@example(("ar", "الى كِتَابٌ 🌱 كتــاب", "كتاب", False))
@example(("en", "🧑‍🌾 se\u00aded e\u0301 seeds", "seed", False))
def test_what_is_marked_reads_as_what_was_asked_and_nothing_else_does(drawn):
    language, text, asked, substring = drawn
    query = understood(asked, language, substring=substring)
    if not query.wanted:
        return
    marked = spans(text, query, language)
    assert all(0 <= start < end <= len(text) for start, end in marked)
    assert all(end < start for (_, end), (start, _) in pairwise(marked))
    for start, end in marked:
        assert any(_stands(term, words(text[start:end], language), language) for term in query.wanted)
    outside = [
        token for token in tokens(text, language) if not any(a < token.end and token.start < b for a, b in marked)
    ]
    single = [word for term in query.wanted if term.size == 1 for _, word in term.words]
    assert not any(word.accepts(token.word, language) for token in outside for word in single)
    if patient(query, text, language) is not None:
        assert marked


def _stands(term, there, language):
    return any(
        all(word.accepts(there[place + offset], language) for offset, word in term.words)
        for place in range(len(there) - term.size + 1)
    )


@pytest.mark.parametrize(
    ("text", "language", "asked", "expected"),
    [
        ("Seeds, seed; SEED.", "en", "seed", ["Seeds", "seed", "SEED"]),
        ("The seed bank of seeds", "en", '"seed bank"', ["seed bank"]),
        ("The seed bank of seeds", "en", "bank seed", ["seed", "bank", "seeds"]),
        ("a seed and a bank", "en", '"seed * a"', ["seed and a"]),
        ("The harbour permits entry", "en", "per*", ["permits"]),
        ("🧑‍🌾🌱 co\u00adoperate 🌱", "en", "cooperate", ["co\u00adoperate"]),
        ("un cafe\u0301, un café", "fr", "café", ["cafe\u0301", "café"]),
        ("L’accès à l'eau", "fr", "eau accès", ["accès", "eau"]),
        ("L’accès à l'eau", "fr", '"l\'accès"', ["L’accès"]),
        ("ﬁche et ＦＩＣＨＥ", "fr", "fiche", ["ﬁche", "ＦＩＣＨＥ"]),
        ("Ёлки и елка", "ru", "ёлка", ["Ёлки", "елка"]),
        ("هذا كِتَابٌ وذلك كتــاب", "ar", "كتاب", ["كِتَابٌ", "كتــاب"]),
        ("申请许可证、许可证费", "zh", "许可证", ["许可证", "许可证"]),
        ("申请<b>许可</b>证", "zh", "许可证", ["许可</b>证"]),
        ("许许许", "zh", "许", ["许许许"]),
        ("ขอใบอนุญาตท่าเรือ", "th", "อนุญาต", ["อนุญาต"]),
        ("By 2026-11-21, ٢٠٢٦ too", "en", "2026", ["2026", "٢٠٢٦"]),
        ("Pay 1 000 or 1,000", "en", "1.000", ["1 000", "1,000"]),
        ("Hello { name }!", "en", "{name}", ["{ name }"]),
        ("No such word", "en", "harbour", []),
        ("Too short", "en", '"too short for these words"', []),
    ],
)
def test_what_is_marked(text, language, asked, expected):
    assert [text[start:end] for start, end in spans(text, understood(asked, language), language)] == expected


def test_what_is_unwanted_is_not_marked():
    assert spans("seed bank", understood("seed -bank", "en"), "en") == ((0, 4),)


LONG = "The keeper of the northern lantern writes every evening which boats came in, which went out and how the wind stood."


def test_a_long_text_is_shown_around_its_first_mark():
    start = LONG.index("evening")
    shown, marked = excerpt(LONG, [(start, start + 7)], around=20)
    assert shown == "…writes every evening which boats came…"
    assert [shown[begin:end] for begin, end in marked] == ["evening"]


def test_a_short_text_is_shown_whole():
    assert excerpt("A seed bank", [(2, 6)]) == ("A seed bank", ((2, 6),))
    assert excerpt(LONG * 9, []) == (LONG * 9, ())


def test_marks_that_are_cut_off_are_left_out():
    shown, marked = excerpt(LONG, [(0, 3), (len(LONG) - 6, len(LONG) - 1)], around=12)
    assert (shown, marked) == ("The keeper of…", ((0, 3),))


@given(
    st.text("ab 许🌱", max_size=60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(1, 9)), max_size=4),
    st.integers(1, 30),
)
def test_an_excerpt_has_the_same_letters_under_its_marks(text, drawn, around):
    marked = sorted((start, min(start + size, len(text))) for start, size in drawn if start < len(text))
    shown, moved = excerpt(text, marked, around)
    assert [shown[start:end] for start, end in moved] == [text[start:end] for start, end in marked[: len(moved)]]
    assert shown.strip("…") in text
    assert bool(moved) == bool(marked)
