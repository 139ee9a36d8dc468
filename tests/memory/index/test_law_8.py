"""Law 8: fuzzy search is exact; above the threshold it finds what brute force finds, in every script and either engine."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.forms import form
from memory.index import run as runs
from memory.index.build import build
from memory.index.delta import Delta
from memory.index.similarity import SimilarityIndex
from memory.score import DEFAULT, Penalties, compare

LETTERS = {
    "en": [
        "seed",
        "seeds",
        "permit",
        "permits",
        "the",
        "of",
        "a",
        "shall",
        "notify",
        "bank",
        "5",
        "{n}",
        "<b>",
        "</b>",
        "Harbour",
        "2024-05-01",
    ],
    "fr": ["l'accès", "accès", "la", "banque", "de", "graines", "d'une", "récolte", "№", "12"],
    "ru": ["семена", "семя", "банк", "и", "не", "разрешение", "разрешения", "7"],
    "ar": ["البذور", "بذور", "إذن", "الإذن", "بنك", "في", "١٢", "لا"],
    "zh": ["种", "子", "库", "许可", "第", "3", "条", "的", "不"],
    "th": ["เมล็ด", "พันธุ์", "ธนาคาร", "ใบ"],
}


@st.composite
def memories(draw):
    """A language, stored texts that resemble each other, and texts to look up."""
    language = draw(st.sampled_from(sorted(LETTERS)))
    word = st.sampled_from(LETTERS[language]) | st.text(min_size=1, max_size=3)
    text = st.lists(word, max_size=14).map(" ".join if language not in {"zh", "th"} else "".join)
    stored = draw(st.lists(text, min_size=1, max_size=30))

    def edited(source):
        words = source.split(" ")
        place = draw(st.integers(0, len(words)))
        return " ".join([*words[:place], *draw(st.lists(word, max_size=2)), *words[place + draw(st.integers(0, 2)) :]])

    asked = [edited(draw(st.sampled_from(stored))) for _ in range(draw(st.integers(1, 4)))]
    return language, [*stored, *map(edited, stored[:8])], asked


@st.composite
def long_memories(draw):
    """Versions of a few long texts, from a word to half of all words apart, and more such versions to look up."""
    language = draw(st.sampled_from(sorted(LETTERS)))
    chance = random.Random(draw(st.integers(0, 1 << 32)))
    endings = ["", "", "s", "ed", "ings", "ая", "ые", "者", "x" * 70]
    glue = "" if language in {"zh", "th"} else " "

    def word():
        return chance.choice(LETTERS[language]) + chance.choice(endings)

    def version(words):
        words = list(words)
        for _ in range(chance.choice([1, 3, len(words) // 8, len(words) // 3])):
            place = chance.randrange(len(words) + 1)
            words[place : place + chance.randrange(3)] = [word() for _ in range(chance.randrange(3))]
        return words

    first = [[word() for _ in range(chance.choice([18, 24, 25, 40, 64, 65, 130]))] for _ in range(2)]
    stored = [glue.join(version(words)) for words in first for _ in range(6)]
    return language, stored, [glue.join(version(chance.choice(first))) for _ in range(2)]


def brute_force(stored, query, least, penalties=DEFAULT):
    """Percent of each distinct stored form, by the reference alone."""
    scores = {entry: compare(query, entry, penalties).percent for entry in stored}
    return sorted((percent for percent in scores.values() if percent >= least), reverse=True)


@pytest.mark.parametrize("sealed", [0, 1, 2])
@given(
    memory=memories() | long_memories(), least=st.sampled_from([30, 50, 75, 90, 100]), k=st.sampled_from([1, 5, 1000])
)
def test_search_finds_what_brute_force_finds(engine, sealed, memory, least, k):
    """In a delta, in one run, and in a run with a delta beside it."""
    language, stored, asked = memory
    forms = [form(text, language) for text in stored]
    index = SimilarityIndex(language)
    half = {0: 0, 1: len(forms), 2: len(forms) // 2}[sealed]
    index.extend(enumerate(forms[:half], 1))
    index.seal(least=1)
    index.extend(enumerate(forms[half:], half + 1))
    for text in asked:
        query = form(text, language)
        hits = index.search(query, least=least, k=k)
        assert hits.complete
        assert [hit.percent for hit in hits.found] == brute_force(forms, query, least)[:k]
        for hit in hits.found:
            assert compare(query, forms[hit.pairs[0] - 1]).percent == hit.percent


@given(
    memory=memories(),
    penalties=st.builds(
        Penalties,
        codes=st.sampled_from([0, 2, 30]),
        numbers=st.sampled_from([0, 2, 9]),
        case=st.sampled_from([0, 1, 20]),
        punctuation=st.sampled_from([0, 1, 40]),
    ),
    k=st.sampled_from([1, 3]),
    gone=st.sets(st.integers(1, 40)),
)
def test_the_best_are_those_after_penalties_among_the_pairs_that_are_left(engine, memory, penalties, k, gone):
    """Penalties may turn the order round; a text that stands in two runs and beside them is one answer with all its pairs."""
    language, stored, asked = memory
    stored = [*stored, *stored[:6]]
    forms = dict(enumerate((form(text, language) for text in stored), 1))
    index = SimilarityIndex(language, penalties=penalties)
    third = len(forms) // 3
    index.extend((number, forms[number]) for number in range(1, third + 1))
    index.seal(least=1)
    index.extend((number, forms[number]) for number in range(third + 1, 2 * third + 1))
    index.runs = (*index.runs, _sealed(index, language))
    index.extend((number, forms[number]) for number in range(2 * third + 1, len(forms) + 1))
    for number in gone:
        assert index.retire(number) == (number in forms)
    left = {number: entry for number, entry in forms.items() if number not in gone}
    for text in asked:
        query = form(text, language)
        hits = index.search(query, least=50, k=k).found
        assert [hit.percent for hit in hits] == brute_force(left.values(), query, 50, penalties)[:k]
        for hit in hits:
            same = {number for number, entry in left.items() if entry == left[hit.pairs[0]]}
            assert hit.pairs == tuple(sorted(same, reverse=True))


def _sealed(index, language):
    """What stands in the newest part as a run of its own, which is taken out of there."""
    run = runs.Run(build(index._deltas[-1].segments()), language)
    index._deltas = (*index._deltas[:-1], Delta(language))
    return run


@given(memory=memories() | long_memories(), least=st.sampled_from([30, 75]), k=st.sampled_from([1, 5]))
def test_both_engines_give_the_same_answers_in_the_same_order(memory, least, k):
    language, stored, asked = memory
    answers = []
    for name in ("native", "numpy"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(runs.ENGINE_VARIABLE, name)
            runs.kernel.cache_clear()
            index = SimilarityIndex(language).extend(enumerate((form(text, language) for text in stored), 1))
            index.seal(least=1)
            answers.append([index.search(form(text, language), least=least, k=k) for text in asked])
        runs.kernel.cache_clear()
    assert answers[0] == answers[1]
