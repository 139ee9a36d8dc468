"""The score: the table of worked rows, and what holds of any two texts."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from memory.classes import AUTOMATIC, CAPPED, TABLE, fuzzy_class
from memory.forms import form
from memory.score import (
    DEFAULT,
    FLOOR,
    FULL,
    LIKE,
    LONGEST,
    SHORT,
    Penalties,
    Score,
    change,
    compare,
    differences,
    levenshtein,
    score,
    shared,
    similarity,
    word_distance,
)
from tests.memory.texts import edits, hostile, languages, pairs, texts
from tm_service.domain.matches import MatchClass

SIX = ("en", "ar", "es", "fr", "ru", "zh")
HEAD, *ROWS = [
    line.split("\t") for line in (Path(__file__).parent / "scores.tsv").read_text(encoding="utf-8").splitlines()
]
SOUND = st.lists(st.sampled_from(["a", "ab", "abc", "seed", "seeds", "sed", "bank", "banks", "中", "库"]), max_size=7)
ANY_PAIR = st.one_of(pairs(), st.tuples(languages, hostile(20), hostile(20)))


def seen(cell):
    """A cell of the table as a text: what nobody sees is written as \\uXXXX there."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), cell)


@pytest.mark.parametrize(
    ("language", "source", "candidate", "percent", "kind", "why"), ROWS, ids=[f"{row[0]}: {row[5]}" for row in ROWS]
)
def test_the_table(language, source, candidate, percent, kind, why):
    found = score(seen(source), seen(candidate), language)
    assert f"{found.percent:.2f}" == percent, why
    if source == candidate:
        assert TABLE[MatchClass(kind)].least >= AUTOMATIC
    else:
        assert fuzzy_class(found.percent) == kind


@pytest.mark.parametrize(("percent", "why"), [row[3:6:2] for row in ROWS if row[1] != row[2]])
def test_the_reckoning_beside_a_row_adds_up(percent, why):
    """The reason tells letters and words that differ; from these alone the percent follows, rounded down at each step."""
    shares = re.findall(r"(letters|words)(?: alone,)? ([\d.]+) of (\d+): ([\d.]+)", why)
    points = []
    for _, apart, whole, share in shares:
        hundredths = round(100 * float(apart))
        points.append(FULL * (100 * int(whole) - hundredths) // (100 * int(whole)))
        assert f"{points[-1] / 100:.2f}" == share
    total = sum(points) // len(points) if points else 0 if "under 60 %" in why else FULL
    assert "; half:" not in why or f"; half: {total / 100:.2f}" in why
    taken = sum(100 * int(taken) for taken in re.findall(r" - (\d+) (?:codes|numbers|case|punctuation)", why))
    assert f"{max(0, total - taken) / 100:.2f}" == percent


def test_the_table_has_every_class_in_every_language():
    assert HEAD == ["language", "source", "candidate", "score", "class", "why"]
    assert len(ROWS) >= 220
    assert {(row[0], row[4]) for row in ROWS} >= {(language, kind) for language in SIX for kind in MatchClass}
    assert len({tuple(row[:3]) for row in ROWS}) == len(ROWS)


# what holds of any two texts


@given(ANY_PAIR)
def test_the_score_is_the_same_both_ways(pair):
    language, a, b = pair
    assert score(a, b, language) == score(b, a, language)


@given(ANY_PAIR)
def test_points_are_full_for_equal_letters_only(pair):
    language, a, b = pair
    one, other = form(a, language), form(b, language)
    points = similarity(one, other)
    assert 0 <= points <= FULL
    assert (points == FULL) == (one.letters == other.letters)


@given(pairs())
def test_texts_that_share_too_few_words_are_no_match(pair):
    language, a, b = pair
    one, other = form(a, language), form(b, language)
    count = max(len(one.words), len(other.words))
    assume(count > SHORT)
    if shared(one.words, other.words) * 100 < FLOOR * count:
        assert similarity(one, other) == 0
    else:
        assert similarity(one, other) > 0


@given(pairs())
def test_points_are_between_those_of_letters_and_of_words(pair):
    language, a, b = pair
    one, other = form(a, language), form(b, language)
    points = similarity(one, other)
    assume(points and max(len(one.words), len(other.words)) > SHORT)
    longest, count = max(len(one.letters), len(other.letters)), max(len(one.words), len(other.words))
    letters = FULL - FULL * Levenshtein.distance(one.letters, other.letters) / longest
    words = FULL - 100 * naive(one.words, other.words) / count
    assert -2 < points - (letters + words) / 2 <= 0


@given(ANY_PAIR)
def test_penalties_take_from_the_similarity_and_no_more_than_they_may(pair):
    language, a, b = pair
    found = score(a, b, language)
    taken = sum(percent for _, percent in found.penalties)
    assert found.percent == max(0.0, round(found.similarity - taken, 2))
    assert taken <= DEFAULT.codes + DEFAULT.numbers + max(DEFAULT.case, DEFAULT.punctuation)
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == (a == b)


@given(texts("en"), st.data())
def test_what_is_not_compared_costs_nothing(text, data):
    other = data.draw(edits(text))
    free = Penalties(codes=0, numbers=0, case=0, punctuation=0)
    assume(text != other)
    assert score(text, other, penalties=free).percent == score(text, other).similarity


@pytest.mark.parametrize(
    ("language", "source", "candidate", "names"),
    [
        ("en", "Seed list for {name}", "Seed list for {user}", ["codes"]),
        ("en", "See www.a.example now", "See www.b.example now", ["codes"]),
        ("en", "See <b>seed</b> list", "See <i>seed</i> list", ["codes"]),
        ("en", "Article 5 of the rules", "Article 6 of the rules", ["numbers"]),
        ("en", "Open on 2026-11-21", "Open on 2026-11-22", ["numbers"]),
        ("en", "Article 5 of {name}", "Article 6 of {user}", ["codes", "numbers"]),
        ("en", "The Seed List", "The seed list", ["case"]),
        ("ru", "Список Семян", "Список семян", ["case"]),
        ("en", "The seed list.", "The seed list", ["punctuation"]),
        ("en", "The seed list.", "the seed list", ["punctuation"]),
        ("en", "The keeper's list", "The keeper’s list", ["punctuation"]),
        ("ar", "قائمة البذور", "قائمـة البذور", ["punctuation"]),
        ("en", "Article 5 of the Rules", "Article 6 of the rules", ["numbers", "case"]),
        ("en", "The seed list is long", "The plant list is long", []),
        ("en", "The garden is open", "No sample leaves the cold room", []),
    ],
)
def test_penalties_are_named(language, source, candidate, names):
    found = score(source, candidate, language)
    assert [name for name, _ in found.penalties] == names
    assert all(percent == getattr(DEFAULT, name) for name, percent in found.penalties)


def test_penalties_are_what_the_caller_says():
    dear = Penalties(codes=10, numbers=20, case=30, punctuation=40)
    assert score("Page {a}, part 1", "Page {b}, part 2", penalties=dear).percent == 70.0
    one, other = form("The Seed List"), form("The seed list")
    assert differences(one, other, dear) == [("case", 30)]
    assert compare(one, other, dear).percent == compare(one, other).percent - 29


def test_a_score_below_nothing_is_nothing():
    found = score("Save", "send", penalties=Penalties(codes=90, numbers=90, case=90, punctuation=90))
    assert 0 <= found.percent <= found.similarity


# distances, against others


@given(ANY_PAIR)
def test_levenshtein_is_what_rapidfuzz_finds(pair):
    _, a, b = pair
    assert levenshtein(a, b) == Levenshtein.distance(a, b)
    assert levenshtein(a.split(), b.split()) == Levenshtein.distance(a.split(), b.split())


@given(st.text("ab中\ud800", max_size=8), st.text("ab中\ud800", max_size=8))
def test_levenshtein_is_its_definition(a, b):
    @cache
    def distance(i, j):
        if not i or not j:
            return i + j
        return min(distance(i - 1, j) + 1, distance(i, j - 1) + 1, distance(i - 1, j - 1) + (a[i - 1] != b[j - 1]))

    assert levenshtein(a, b) == distance(len(a), len(b))


def naive(a, b):
    """The distance of words as it is defined."""

    @cache
    def distance(i, j):
        if not i or not j:
            return 100 * (i + j)
        x, y = a[i - 1], b[j - 1]
        percent = -(-100 * Levenshtein.distance(x, y) // max(len(x), len(y)))
        return min(
            distance(i - 1, j) + 100,
            distance(i, j - 1) + 100,
            distance(i - 1, j - 1) + (percent if percent <= LIKE else 100),
        )

    return distance(len(a), len(b))


@given(SOUND, SOUND)
def test_word_distance_is_its_definition(a, b):
    assert word_distance(a, b) == naive(a, b)


@given(pairs())
def test_word_distance_is_its_definition_in_every_script(pair):
    language, a, b = pair
    one, other = form(a, language).words[:30], form(b, language).words[:30]
    assert word_distance(one, other) == naive(one, other)


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_a_word_becomes_another_at_the_cost_of_its_letters_or_as_a_new_one(a, b):
    cost = change(a, b)
    assert cost == change(b, a)
    assert (cost == 0) == (a == b)
    assert cost <= LIKE or cost == 100
    assert cost >= 100 * Levenshtein.normalized_distance(a, b) - 1e-9


# texts nobody expects


@pytest.mark.parametrize(
    ("source", "candidate", "expected"),
    [
        ("", "", Score(100.0, 100.0)),
        ("", " \u200b", Score(99.0, 100.0, (("punctuation", 1),))),
        ("", "x", Score(0.0, 0.0)),
        ("x", "y", Score(0.0, 0.0)),
        ("x", "X", Score(0.0, 0.0)),
        ("👍", "👎", Score(0.0, 0.0)),
        ("{a}{b}{c}", "{a}{b}{d}", Score(98.0, 100.0, (("codes", 2),))),
        ("<b></b>", "<i></i>", Score(98.0, 100.0, (("codes", 2),))),
        ("12345", "54321", Score(98.0, 100.0, (("numbers", 2),))),
        ("1 2 3 4", "1 2 3 5", Score(98.0, 100.0, (("numbers", 2),))),
        ("\ud800\udc00\ud800", "\ud800\udc00\ud800", Score(100.0, 100.0)),
        ("list \ud800", "list \udfff", Score(82.33, 83.33, (("punctuation", 1),))),
        ("list\0one", "list one", Score(99.0, 100.0, (("punctuation", 1),))),
        ("\uf8f0", "5", Score(0.0, 0.0, ())),
        ("\uf8f0", "\uf8f6", Score(99.0, 100.0, (("punctuation", 1),))),
        ("seed بذور 种子", "seed بذور 种子.", Score(95.15, 96.15, (("punctuation", 1),))),
    ],
)
def test_texts_nobody_expects_have_a_score(source, candidate, expected):
    assert score(source, candidate) == expected


LONG = "The keeper signs the list. " * 4000


def test_texts_beyond_the_longest_are_told_same_from_different_and_it_is_said():
    assert score(LONG, LONG) == Score(100.0, 100.0)
    assert score(LONG, LONG + "\u200b") == Score(99.0, 100.0, (("punctuation", 1),), bounded=True)
    assert score(LONG, LONG + "x") == Score(0.0, 0.0, bounded=True)
    assert score(LONG, "The keeper signs the list.") == Score(0.0, 0.0, bounded=True)
    assert score("种" * 100_000, "子" * 100_000, "zh") == Score(0.0, 0.0, bounded=True)


@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        pytest.param("en", "x" * LONGEST, "y" * LONGEST, id="one word"),
        pytest.param("en", "y" + "x" * (LONGEST - 2) + "y", "z" + "x" * (LONGEST - 2) + "z", id="like words"),
        pytest.param("zh", "种子库管理员" * 1500, "库管理员名单" * 1500, id="without spaces"),
        pytest.param("en", "Keepers sign lists. " * 200, "Keeper signs list. " * 200, id="many like words"),
    ],
)
def test_texts_up_to_the_longest_are_compared(language, text, other):
    found = score(text, other, language)
    assert not found.bounded
    assert 0 <= found.percent < 100


# classes


def test_every_class_has_one_line_nearest_first():
    assert list(TABLE) == list(MatchClass)
    assert [line.least for line in TABLE.values()] == sorted((line.least for line in TABLE.values()), reverse=True)
    assert all(line.meaning and line.source for line in TABLE.values())


def test_what_is_nearer_is_paid_less():
    rates = [line.rate for line in TABLE.values()]
    assert rates == sorted(rates)
    assert (rates[0], rates[-1]) == (0.0, 1.0)


def test_bands_have_neither_gap_nor_overlap():
    found = [fuzzy_class(points / 100) for points in range(FULL)]
    assert [kind for kind, after in pairwise([*found, None]) if kind is not after] == [
        MatchClass.NEW,
        MatchClass.FUZZY_50,
        MatchClass.FUZZY_75,
        MatchClass.FUZZY_85,
        MatchClass.FUZZY_95,
    ]
    for kind, line in list(TABLE.items())[4:]:
        assert fuzzy_class(line.least) is kind
        assert fuzzy_class(line.least + 0.01) is kind
        assert line.least == 0 or fuzzy_class(line.least - 0.01) is not kind


def test_a_capped_match_is_never_used_unseen():
    assert CAPPED < AUTOMATIC
    assert fuzzy_class(CAPPED) is MatchClass.FUZZY_95
