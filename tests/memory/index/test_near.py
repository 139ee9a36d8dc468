"""Near: what is held against many costs as the reference says, wherever that matters."""

from hypothesis import given
from hypothesis import strategies as st

from memory.forms import form
from memory.index.near import Nearness
from memory.score import FULL, similarity
from tests.memory.index.test_law_8 import memories
from tests.memory.texts import pairs


@given(memory=memories(), wanted=st.integers(0, FULL))
def test_points_are_the_reference_s_where_they_reach_what_is_wanted(memory, wanted):
    language, stored, asked = memory
    for text in asked:
        query = form(text, language)
        nearness = Nearness(query)
        for other in (form(one, language) for one in stored):
            points, known = nearness.points(other.letters, other.words, wanted), similarity(query, other)
            assert points == known if known >= wanted else points < max(wanted, 1)


@given(pair=pairs(), wanted=st.sampled_from([0, 5000, 7500, 9000]))
def test_sentences_of_every_language_cost_what_the_reference_says(pair, wanted):
    language, text, other = pair
    a, b = form(text, language), form(other, language)
    points, known = Nearness(a).points(b.letters, b.words, wanted), similarity(a, b)
    assert points == known if known >= wanted else points < max(wanted, 1)
