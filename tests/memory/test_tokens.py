"""Tokens: words of many texts as arrays, each with its place in the text as given."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.tokens import tokens

PIECES = st.sampled_from(
    [
        *(
            "seed",
            "Seed",
            "l'herbier",
            "don't",
            "1,000",
            "é",
            "e\u0301",
            "x\u00ady",
            "种子",
            "กัน",
            "بَنـك",
            "ё",
            "\u0301",
            "\ud800",
        ),
        *(
            "<b>",
            "</b>",
            "{name}",
            "%s",
            "&amp;",
            "https://x.example/a",
            "a@b.example",
            " ",
            "-",
            ", ",
            ".",
            "\n",
            "'",
            "😀",
            "𠮷",
        ),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=10).map("".join))
LANGUAGES = st.sampled_from(["en", "fr", "ru", "ar", "zh", "th", "xx"])


def shown(text, language="en"):
    found = tokens([text], language)
    return [text[start:end] for start, end in zip(found.start, found.end, strict=True)]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("The seed-bank's list", "en", ["The", "seed", "bank's", "list"]),
        ("L’herbier d’Alger", "fr", ["L", "herbier", "d", "Alger"]),
        ("1,000 jars at 10:30", "en", ["1,000", "jars", "at", "10:30"]),
        ("<b>Open</b> {name}'s box", "en", ["Open", "{name}", "s", "box"]),
        ("See https://x.example/a?b=1, then", "en", ["See", "https://x.example/a?b=1", "then"]),
        ("Ask desk@seeds.example now", "en", ["Ask", "desk@seeds.example", "now"]),
        ("seed\u00adling cafe\u0301", "en", ["seed\u00adling", "cafe\u0301"]),
        ("第5条 PDF文件", "zh", ["第", "5", "条", "PDF", "文", "件"]),
        ("กันPDF", "th", ["กั", "น", "PDF"]),
        ("البنـك وَالحديقة", "ar", ["البنـك", "وَالحديقة"]),
        ("", "en", []),
    ],
)
def test_a_text_is_cut_into_words_and_whole_codes(text, language, words):
    assert shown(text, language) == words


@pytest.mark.parametrize(
    ("a", "b", "language"),
    [
        ("Seed", "seed", "en"),
        ("cafe\u0301", "CAFÉ", "fr"),
        ("seed\u00adling", "seedling", "en"),
        ("ещё", "еще", "ru"),
        ("بَنـك", "بنك", "ar"),
        ("don’t", "don't", "en"),
        ("٣٠", "30", "ar"),
    ],
)
def test_words_that_are_compared_as_one_have_one_name(a, b, language):
    found = tokens([a, b], language)
    assert len(found) == 2
    assert found.name[0] == found.name[1]
    assert found.word(0) == found.word(1)


def test_placeholders_are_one_only_as_written():
    found = tokens(["{Name}", "{name}", "{name}"])
    assert found.name[0] != found.name[1] == found.name[2]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("seed bank", [False, True]),
        ("seed-bank", [False, True]),
        ("<i>seed</i> bank", [False, True]),
        ("seed\n bank", [False, True]),
        ("seed, bank", [False, False]),
        ("seed. Bank", [False, False]),
        ("seed (bank)", [False, False]),
    ],
)
def test_words_are_bound_by_blanks_hyphens_and_tags_only(text, bound):
    assert tokens([text]).bound.tolist() == bound


@given(st.lists(TEXTS, max_size=4), LANGUAGES)
def test_texts_cut_together_are_cut_as_each_alone(texts, language):
    together = tokens(texts, language)
    spans = list(zip(together.owner.tolist(), together.start.tolist(), together.end.tolist(), strict=True))
    alone = [
        (owner, start, end)
        for owner, text in enumerate(texts)
        for start, end in zip(
            *(getattr(tokens([text], language), name).tolist() for name in ("start", "end")), strict=True
        )
    ]
    assert spans == alone


@given(TEXTS, LANGUAGES)
def test_tokens_stand_in_reading_order_within_the_text_and_never_overlap(text, language):
    found = tokens([text], language)
    spans = list(zip(found.start.tolist(), found.end.tolist(), strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(st.lists(st.sampled_from(["seed", "bank", "list", "种", "{a}"]), min_size=1, max_size=12))
def test_names_are_equal_exactly_where_words_are(words):
    found = tokens(words)
    assert len(found) == len(words)
    assert len({*found.name.tolist()}) == len({*words})
