"""Reconciling: whatever only one of two people changed stands, and nothing either wrote is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.usecases.reconcile import Side, reconcile

BASE = "<p>Sow in March.</p>\n<p>Water weekly.</p>\n<p>Harvest in July.</p>"

blocks = st.lists(
    st.sampled_from(["<p>fen</p>", "<p>bog</p>\n", "<h2>Reeds</h2>", "mud ", "<li>sedge</li>", "peat\n"]), max_size=6
)
texts = blocks.map("".join)


@given(texts, texts, texts)
def test_the_stretches_are_the_three_texts(base, theirs, mine):
    found = reconcile(base, theirs, mine).stretches
    assert "".join(one.base for one in found) == base
    assert "".join(one.theirs for one in found) == theirs
    assert "".join(one.mine for one in found) == mine


@given(texts, texts)
def test_what_one_person_changed_stands_whoever_came_first(base, changed):
    for merged in (reconcile(base, changed, base), reconcile(base, base, changed), reconcile(base, changed, changed)):
        assert merged.text() == changed
        assert not merged.contested


@given(texts, texts, texts)
def test_choosing_all_of_one_side_leaves_nothing_of_the_others_quarrel(base, theirs, mine):
    merged = reconcile(base, theirs, mine)
    chosen = merged.text([one.mine for one in merged.contested])
    swapped = reconcile(base, mine, theirs)
    assert chosen == swapped.text()


def test_neighbouring_paragraphs_that_two_people_changed_are_no_quarrel():
    theirs, mine = BASE.replace("March", "April"), BASE.replace("weekly", "daily")
    merged = reconcile(BASE, theirs, mine)
    assert [one.side for one in merged.stretches] == [Side.THEIRS, Side.MINE, Side.NOBODY]
    assert merged.text() == theirs.replace("weekly", "daily")


def test_a_paragraph_that_both_changed_is_for_a_person_to_decide():
    theirs, mine = BASE.replace("weekly", "daily"), BASE.replace("weekly", "seldom")
    merged = reconcile(BASE, theirs, mine)
    [quarrel] = merged.contested
    assert (quarrel.theirs, quarrel.mine) == ("<p>Water daily.</p>\n", "<p>Water seldom.</p>\n")
    assert merged.text() == theirs
    assert merged.text([quarrel.mine]) == mine


@pytest.mark.parametrize("text", ["", "a title without tags", "two\nlines"])
def test_a_text_that_nobody_changed_is_itself(text):
    assert reconcile(text, text, text).text() == text


def test_texts_of_very_many_pieces_that_are_alike_are_for_people_to_decide_instead_of_for_the_processor():
    """Without a bound, this one would be compared for hours."""
    base = "\n" * 20_000
    theirs, mine = f"Peat\n{base}", f"{base[:9_000]}Fen\n{base}"
    merged = reconcile(base, theirs, mine)
    assert merged.text([one.mine for one in merged.contested]).count("Fen") == 1
    long = "".join(f"<p>{number}</p>" for number in range(3000))
    changed = long.replace("<p>7</p>", "<p>seven</p>").replace("<p>2990</p>", "")
    assert reconcile(long, changed, f"{long}<p>End</p>").text() == f"{changed}<p>End</p>"
