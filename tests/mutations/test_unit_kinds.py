"""Units: every kind of damage to a translation gets its answer, on any unit and in any of its ways."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mutations.base import LOCALES, pairs
from tests.mutations.corpus import UNIT_KINDS, UNMET, applicable, meets, unit_rows
from tests.mutations.judging import judged
from tests.mutations.kind import Answer
from tm_service.domain.pairs import Pair

MET = [kind for kind in UNIT_KINDS if kind.name not in UNMET]
REPAIRED = [kind for kind in UNIT_KINDS if kind.expected is Answer.REPAIRED]
DAMAGING = [kind for kind in MET if kind.expected in (Answer.REPAIRED, Answer.QUARANTINED)]
seeds = st.integers(0, 2**16)


def name(kind):
    return kind.name


def test_the_corpus_is_large_enough():
    names = [kind.name for kind in UNIT_KINDS]
    assert len(names) == len(set(names)) >= 120
    assert set(UNMET) <= set(names)
    assert len(pairs()) >= 60
    assert {pair.locale for pair in pairs()} == set(LOCALES)
    for kind in UNIT_KINDS:
        assert applicable(kind), kind.name


@pytest.mark.parametrize("kind", MET, ids=name)
@given(data=st.data(), seed=seeds)
@settings(max_examples=12, deadline=None)
def test_each_kind_of_damage_gets_its_answer(kind, data, seed):
    pair = data.draw(st.sampled_from(applicable(kind)))
    returned = kind.damage(pair, Random(seed))
    answer, _, said = judged(pair, returned)
    assert meets(kind, answer), (answer, returned, said)


@pytest.mark.slow
def test_the_kinds_that_are_not_met_on_every_unit_are_those_named():
    assert {name for name, _, _, met in unit_rows(1) if not met} == set(UNMET)


def test_the_table_has_a_row_for_each_kind_with_its_answers():
    rows = list(unit_rows(2, UNIT_KINDS[:3]))
    assert [name for name, _, _, _ in rows] == [kind.name for kind in UNIT_KINDS[:3]]
    assert [answers.total() for _, _, answers, _ in rows] == [2 * len(applicable(kind)) for kind in UNIT_KINDS[:3]]
    assert all(met for _, _, _, met in rows)


@given(st.data(), seeds, seeds)
@settings(max_examples=150, deadline=None)
def test_damage_upon_damage_is_never_repaired_into_something_else(data, seed, other_seed):
    """Two slips in one unit: what was right comes back, or a person is asked."""
    first = data.draw(st.sampled_from(REPAIRED))
    pair = data.draw(st.sampled_from(applicable(first)))
    once = Pair(pair.source, first.damage(pair, Random(seed)), pair.locale)
    fitting = [kind for kind in DAMAGING if kind.applies(once)]
    second = data.draw(st.sampled_from(fitting))
    try:
        twice = second.damage(once, Random(other_seed))
    except (AssertionError, IndexError, StopIteration):
        return  # nothing is left that this kind could damage
    answer, kept, said = judged(pair, twice)
    if kept != twice and answer is not Answer.QUARANTINED:
        assert _letters(kept) == _letters(pair.target), (first.name, second.name, twice, kept, answer, said)


def _letters(text: str) -> str:
    return "".join(character for character in text if not character.isspace() and character.isprintable())
