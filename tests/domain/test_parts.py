"""Parts: translations of older sentences cut and joined as their sources were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.parts import derived, joined, pieces, place, stretch
from tm_service.domain.text import parse
from tm_service.domain.units import Part

WRITTEN = st.text(st.sampled_from("ab cd. ,;<b></b>{x}&amp;中文。，ع é\n"), max_size=30)
OLD = "The reeds are cut in autumn, and the barn is full."
HALVES = (OLD[:29], OLD[29:])


def parts(*bounds: int, source: str = OLD, name: str = "s1") -> list[Part]:
    ends = [*bounds[1:], len(source)]
    return [Part(("content", name), source, begin, end) for begin, end in zip(bounds, ends, strict=True)]


@given(WRITTEN, WRITTEN, st.lists(st.integers(0, 30), max_size=3))
def test_the_stretches_of_a_sentence_that_was_cut_are_its_translation(source, target, bounds):
    begins = [0, *sorted(min(bound, len(source)) for bound in bounds)]
    assert "".join(stretch(part, target) for part in parts(*begins, source=source)) == (target if source else "")


@given(WRITTEN, WRITTEN)
def test_a_later_place_of_the_source_is_no_earlier_one_of_the_target(source, target):
    places = [place(source, at, target) for at in range(len(source) + 1)]
    assert places == sorted(places)


@given(st.lists(WRITTEN.filter(bool), min_size=1, max_size=4), WRITTEN)
def test_a_text_is_cut_into_as_many_pieces_as_there_are_sources(sources, target):
    found = pieces(target, sources)
    assert len(found) == len(sources)
    assert "".join(found) == target


@given(WRITTEN, WRITTEN, st.integers(0, 30))
def test_no_code_is_torn(source, target, at):
    where = place(source, min(at, len(source)), target)
    done = 0
    for part in parse(target).parts:
        data = part if isinstance(part, str) else part.data
        assert isinstance(part, str) or not done < where < done + len(data)
        done += len(data)


@pytest.mark.parametrize(
    ("target", "first", "second"),
    [
        (
            "Les roseaux sont coupés en automne, et la grange est pleine.",
            "Les roseaux sont coupés en automne, ",
            "et la grange est pleine.",
        ),
        ("秋天割芦苇，谷仓就满了。", "秋天割芦苇，", "谷仓就满了。"),
        ("يُقطع القصب في الخريف، فيمتلئ المخزن.", "يُقطع القصب في الخريف، ", "فيمتلئ المخزن."),
        ("Камыш режут осенью и складывают в амбар.", "Камыш режут осенью и ", "складывают в амбар."),
        ("<b>Roseaux, automne</b> et grange", "<b>Roseaux, automne</b> ", "et grange"),
    ],
)
def test_a_translation_is_cut_at_the_mark_or_the_word_that_is_nearest(target, first, second):
    assert [stretch(part, target) for part in parts(0, len(HALVES[0]))] == [first, second]


def test_a_piece_has_the_piece_of_its_source():
    part = parts(0, 29)[1]
    target = "Les roseaux sont coupés en automne, et la grange est pleine."
    assert derived([part], {part.key: target}, "fr") == ("and the barn is full.", "et la grange est pleine.")


def test_joined_sentences_have_both_translations_with_a_space_where_the_language_has_one():
    one, other = parts(0, source="Reeds grow.", name="s1") + parts(0, source="Water falls.", name="s2")
    french = {one.key: "Les roseaux poussent.", other.key: "L’eau tombe."}
    assert derived([one, other], french, "fr") == ("Reeds grow. Water falls.", "Les roseaux poussent. L’eau tombe.")
    chinese = {one.key: "芦苇生长。", other.key: "水落。"}
    assert derived([one, other], chinese, "zh") == ("Reeds grow. Water falls.", "芦苇生长。水落。")


def test_a_part_that_nobody_translated_stays_as_readers_saw_it():
    one, other = parts(0, source="Reeds grow.", name="s1") + parts(0, source="Water falls.", name="s2")
    assert derived([one, other], {one.key: "Les roseaux poussent."}, "fr") == (
        "Reeds grow. Water falls.",
        "Les roseaux poussent. Water falls.",
    )
    assert derived([one, other], {}, "fr") is None
    assert derived([], {}, "fr") is None


def test_blanks_are_not_doubled():
    assert joined(["a ", "b", "", "c"], "en") == "a b c"
    assert joined(["中", "文 ", "a"], "en") == "中文 a"
