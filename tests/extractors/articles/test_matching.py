"""Matching: every segment is in at most one bead, and no bead takes a better one's partner."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.articles.matching import Bead, Item, matched

TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                "Reeds grow tall.",
                "Reeds grow tall",
                "Reeds grow.",
                "Grow tall reeds.",
                "Reeds grow tall, and water falls.",
            ),
            *(
                "Water falls.",
                "Water falls down here.",
                "Tall.",
                "—",
                "",
                "Reeds grow <b>tall</b>.",
                "芦苇生长。",
                "芦苇 生长",
            ),
        ]
    ),
    max_size=8,
)


def beads(old: list[str], new: list[str]) -> list[Bead]:
    return matched([Item(text) for text in old], [Item(text) for text in new])


@given(TEXTS, TEXTS)
def test_every_segment_is_in_one_bead_at_most(old, new):
    found = beads(old, new)
    for side in ([number for bead in found for number in bead.old], [number for bead in found for number in bead.new]):
        assert len(set(side)) == len(side)
    assert all(bead.old and bead.new and min(len(bead.old), len(bead.new)) == 1 for bead in found)


@given(TEXTS)
def test_the_same_segments_are_matched_one_by_one(texts):
    assert beads(texts, texts) == [Bead((number,), (number,)) for number in range(len(texts))]


@given(TEXTS, TEXTS)
def test_no_text_that_is_still_there_is_left_out(old, new):
    found = beads(old, new)
    pairs = [(old[bead.old[0]], new[bead.new[0]]) for bead in found if len(bead.old) == len(bead.new) == 1]
    for text in set(old) & set(new):
        assert pairs.count((text, text)) == min(old.count(text), new.count(text))


def test_the_nearest_of_the_same_texts_is_taken():
    assert beads(["Ask us.", "a", "b"], ["b", "Ask us.", "a", "Ask us."])[:2] == [Bead((2,), (0,)), Bead((0,), (1,))]


def test_all_together_decide_and_not_the_first():
    old = ["The heron waits at the lake.", "The heron waits at the old lake in the north."]
    new = ["The heron waits at the old lake in the far north."]
    assert beads(old, new) == [Bead((1,), (0,))]


def test_a_value_is_no_sentence_and_a_fixed_one_is_not_edited():
    old = [Item("Reeds grow tall.", "@title"), Item("/a/picture.png", "@address", fixed=True)]
    new = [Item("Reeds grow tall."), Item("/b/picture.png", "@address", fixed=True)]
    assert matched(old, new) == []
