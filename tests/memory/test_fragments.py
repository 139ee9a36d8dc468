"""Fragments: the longest parts a text shares with what is stored, found as looking everywhere would find them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.fragments import LEAST, MOST, fragments
from memory.tokens import tokens
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.text import fingerprint

AT = datetime(2026, 1, 5, tzinfo=UTC)


def pair(source, target="…", *, number=1, days=0):
    return Translation(
        "garden", "fr", "text/a.json", (str(number),), fingerprint(source), source, target, AT + timedelta(days=days),
        Origin.SITE, number=number,
    )  # fmt: skip


def found(source, stored, language="en", least=LEAST):
    pairs = [pair(text, number=number) for number, text in enumerate(stored, 1)]
    return [source[each.start : each.end] for each in fragments(source, pairs, language, least)]


@pytest.mark.parametrize(
    ("language", "source", "stored", "parts"),
    [
        (
            "en",
            "Every visitor returns the borrowed seed trays before noon on Fridays.",
            ["Please return the borrowed seed trays before noon, or ask the desk."],
            ["borrowed seed trays before noon"],
        ),
        (
            "fr",
            "Le jardinier rapporte les plateaux de semis empruntés avant l’ouverture du marché.",
            ["Merci de ranger les plateaux de semis empruntés avant l'ouverture des serres."],
            ["plateaux de semis empruntés avant l’ouverture"],
        ),
        (
            "es",
            "La directora del herbario municipal revisa cada mes las etiquetas dañadas por la humedad.",
            [
                "Se cambian las etiquetas dañadas por la humedad y el polvo.",
                "El herbario municipal revisa cada mes su catálogo.",
            ],
            ["herbario municipal revisa cada mes", "etiquetas dañadas por la humedad"],
        ),
        (
            "ru",
            "Посетители возвращают взятые лотки с рассадой до полудня пятницы.",
            ["Верните взятые лотки с рассадой до полудня."],
            ["взятые лотки с рассадой до полудня"],
        ),
        (
            "ar",
            "يعيد الزوار صواني البذور المستعارة قبل ظهر يوم الجمعة.",
            ["أعيدوا صواني البذور المستعارة قبل ظهر الخميس."],
            ["صواني البذور المستعارة قبل ظهر"],
        ),
        (
            "zh",
            "读者应在周五中午前归还借用的育苗托盘。",
            ["请在闭馆前归还借用的育苗托盘或续借。"],
            ["前归还借用的育苗托盘"],
        ),
    ],
)
def test_the_longest_shared_part_is_found_in_every_language(language, source, stored, parts):
    assert found(source, stored, language) == parts


def test_the_longest_part_comes_first_and_parts_do_not_overlap():
    source = "one two three four five six seven eight nine ten"
    assert found(source, ["one two three four five", "four five six seven eight nine ten"]) == [
        "four five six seven eight nine ten"
    ]
    assert found(source, ["one two three four five", "five six seven eight nine ten"], least=3) == [
        "five six seven eight nine ten",
        "one two three four",
    ]


def test_case_punctuation_and_tags_do_not_count():
    assert found("Keep <b>seed trays</b>, labels and KEYS dry", ["Seed trays: labels – and keys dry"]) == [
        "seed trays</b>, labels and KEYS dry"
    ]


def test_numbers_and_placeholders_do_count():
    assert found("Return 30 seed trays before noon", ["Return 90 seed trays before noon"]) == ["seed trays before noon"]
    assert found("Dear {name} return seed trays today", ["Dear {user} return seed trays today"]) == [
        "return seed trays today"
    ]
    assert found("Dear {name} return trays", ["Dear {name} return trays today"]) == ["Dear {name} return trays"]


def test_function_words_alone_are_no_part_and_none_stands_at_an_end():
    assert found("It is in the and of the which was", ["it is in the and of the which was"]) == []
    assert found("and for the seed bank of the old port", ["x for the seed bank of the old y"]) == [
        "seed bank of the old"
    ]


def test_a_text_shares_all_of_itself_with_itself():
    text = "Seed banks keep every harvest dry"
    assert found(text, [text]) == [text]


def test_a_part_names_the_pairs_it_stands_in_the_newest_first_and_each_wording_once():
    pairs = [
        pair("Old seed banks keep dry harvests", "vieux", number=1),
        pair("Most seed banks keep dry harvests", "la plupart", number=2, days=9),
        pair("Most seed banks keep dry harvests", "la plupart", number=3, days=8),
        pair("No word of it", "rien", number=4, days=10),
    ]
    (fragment,) = fragments("Our seed banks keep dry harvests", pairs, "en")
    assert (fragment.words, fragment.count) == (5, 3)
    assert [place.pair.target for place in fragment.places] == ["la plupart", "vieux"]
    assert [place.pair.source[place.start : place.end] for place in fragment.places] == [
        "seed banks keep dry harvests"
    ] * 2


def test_no_more_pairs_are_named_than_asked_for():
    pairs = [pair(f"Seed banks keep dry harvests {number}", number=number) for number in range(1, 20)]
    (fragment,) = fragments("Seed banks keep dry harvests", pairs, "en")
    assert (len(fragment.places), fragment.count) == (MOST, 19)
    (fragment,) = fragments("Seed banks keep dry harvests", pairs, "en", most=1)
    assert [place.pair.number for place in fragment.places] == [19]


def test_what_is_given_in_another_order_gives_the_same():
    pairs = [pair(text, number=number) for number, text in enumerate(["a b c d e f", "c d e f g h", "a b c d"], 1)]
    assert fragments("a b c d e f g h", pairs, "zz") == fragments("a b c d e f g h", reversed(pairs), "zz")


@pytest.mark.parametrize(
    ("source", "stored"), [("", []), ("", ["a b c d"]), ("a b c d", []), ("a b c d", [""]), ("!!", ["??"])]
)
def test_nothing_is_shared_with_nothing(source, stored):
    assert found(source, stored) == []


def words(text, language):
    cut = tokens([text], language)
    return [cut.word(place) for place in range(len(cut))], cut


VOCABULARY = st.sampled_from(["seed", "bank", "list", "the", "of", "{a}", "7"])
SENTENCES = st.lists(VOCABULARY, max_size=14).map(" ".join)


@given(SENTENCES, st.lists(SENTENCES, max_size=4), st.integers(1, 5))
def test_parts_are_those_that_looking_everywhere_would_find(source, stored, least):
    idle = {"the", "of"}
    ours, cut = words(source, "en")
    theirs = [words(text, "en")[0] for text in stored]

    def shared(first, stop):
        wanted = ours[first:stop]
        return any(text[at : at + len(wanted)] == wanted for text in theirs for at in range(len(text)))

    expected, free = [], [True] * len(ours)
    while True:
        spans = [
            (first - stop, first, stop)
            for first in range(len(ours))
            for stop in range(first + least, len(ours) + 1)
            if all(free[first:stop]) and not {ours[first], ours[stop - 1]} & idle and shared(first, stop)
        ]
        if not spans:
            break
        _, first, stop = min(spans)
        expected.append((int(cut.start[first]), int(cut.end[stop - 1])))
        free[first:stop] = [False] * (stop - first)
    pairs = [pair(text, number=number) for number, text in enumerate(stored, 1)]
    answer = fragments(source, pairs, "en", least=least)
    assert [(each.start, each.end) for each in answer] == expected
    for each in answer:
        wanted = words(source[each.start : each.end], "en")[0]
        assert all(words(place.pair.source[place.start : place.end], "en")[0] == wanted for place in each.places)
        assert each.count == sum(
            any(text[at : at + len(wanted)] == wanted for at in range(len(text))) for text in theirs
        )


@given(st.text(), st.lists(st.text(), max_size=3), st.sampled_from(["en", "ar", "zh", "th", "xx"]))
def test_no_text_is_too_odd(source, stored, language):
    pairs = [pair(text, number=number) for number, text in enumerate([*stored, source], 1)]
    for each in fragments(source, pairs, language, least=LEAST):
        assert 0 <= each.start < each.end <= len(source)
