"""Neighbours: what the reference score finds by comparing every text with every earlier one, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.analysis import Near
from memory.neighbours import neighbours
from memory.score import Penalties, score
from tm_service.domain.text import fingerprint

WORDS = {
    "en": [
        "seed",
        "seeds",
        "vault",
        "harbour",
        "harbours",
        "the",
        "permit",
        "30",
        "{n}",
        "<b>",
        "not",
        "opens",
        "Opens",
    ],
    "ar": ["بنك", "البنك", "البذور", "بذور", "الميناء", "تصريح", "30", "{n}", "لا", "يفتح"],
    "ru": ["банк", "банка", "семена", "порт", "порта", "выдаёт", "выдает", "30", "{n}", "не"],
    "zh": ["种", "子", "库", "港", "口", "发", "放", "许", "可", "30", "不"],
}


def texts_in(language):
    glue = "" if language == "zh" else " "
    made = st.lists(st.sampled_from(WORDS[language]), max_size=7).map(glue.join)
    return st.lists(made, max_size=14, unique_by=fingerprint)


def by_force(texts, above, language, penalties):
    for place, (text, least) in enumerate(zip(texts, above, strict=True)):
        best = Near(least)
        for earlier in range(place):
            percent = score(text, texts[earlier], language, penalties).percent
            if percent > best.percent:
                best = Near(percent, earlier)
        yield best if best.place >= 0 else Near()


PENALTIES = st.sampled_from([Penalties(), Penalties(codes=0, numbers=0, case=0, punctuation=0), Penalties(codes=9)])


@pytest.mark.parametrize("language", WORDS)
@given(st.data())
def test_nothing_is_lost_against_comparing_all(language, data):
    texts = data.draw(texts_in(language))
    above = data.draw(
        st.lists(st.sampled_from([0.0, 49.99, 60.0, 84.5, 99.0, 100.0]), min_size=len(texts), max_size=len(texts))
    )
    penalties = data.draw(PENALTIES)
    expected = list(by_force(texts, above, language, penalties))
    assert neighbours(language, penalties)(texts, above) == expected


def test_the_nearest_earlier_text_is_told_and_never_a_later_one():
    texts = ["The gate opens at nine.", "The gate opens at ten.", "The gates open at nine.", "The gate opens at nine!"]
    assert [near.place for near in neighbours()(texts, [49.99] * 4)] == [-1, 0, 0, 0]


def test_what_does_not_exceed_the_percent_asked_for_is_not_told():
    texts = ["The gate opens at nine.", "The gate opens at ten."]
    percent = score(*reversed(texts)).percent
    assert neighbours()(texts, [0.0, percent]) == [Near(), Near()]
    assert neighbours()(texts, [0.0, percent - 0.01]) == [Near(), Near(percent, 0)]


def test_texts_too_long_to_compare_are_only_told_same_from_different():
    long = "reed " * 3000
    assert [near.percent for near in neighbours()([long, long + "!", long + " "], [0.0] * 3)] == [0.0, 0.0, 99.0]
