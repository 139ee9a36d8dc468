"""Analysis: each segment counts once, as what translators and agencies agree to pay."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.analysis import Category, Counts, Near, Options, Segment, analyse, measure, whole
from memory.neighbours import neighbours
from tests.memory.analysis.jobs import JOB, NOTICE, OPENING, REGISTER, Memory, analysed, answering, file, job_memory
from tm_service.domain.matches import Best, MatchClass

GLOVES, APRONS = "Gloves and aprons hang behind the door.", "Two lanterns stand on the pier."
EXACT = Best(100.0, MatchClass.EXACT, "exact", 7)


def categories(analysis):
    return [decision.category.value for decision in analysis.decisions]


def of(*files: list, memory=None, neighbours=None, options=None):
    job = [segment for made in files for segment in made]
    return analyse(job, memory or answering({}), neighbours, options=options)


def test_a_job_counts_as_the_rules_say():
    assert categories(analysed()) == [
        *("context", "exact", "85-94", "new", "new", "repetition", "locked"),
        *("cross-file repetition", "cross-file repetition", "cross-file repetition", "85-94", "75-84"),
        *("internal 95-99", "new", "internal 75-84"),
        *("exact", "new", "internal 85-94"),
    ]


def test_a_decision_says_its_percent_its_rule_and_what_it_rests_on():
    found = analysed().decisions
    assert (found[1].percent, found[1].rule, found[1].number) == (100.0, "exact", 2)
    assert (found[5].percent, found[5].rule, found[5].like) == (100.0, "the same text again in this file", 4)
    assert (found[7].rule, found[7].like) == ("the same text in guide/visitors.json", 4)
    assert (found[12].percent, found[12].rule, found[12].like) == (98.0, "like an earlier text of the job", 4)


def test_a_text_the_memory_has_is_no_repetition():
    """Trados: segments that are 100 % or context matches are not counted as repetitions, however often they come."""
    found = of(file("a", GLOVES, GLOVES), file("b", GLOVES), memory=answering({GLOVES: EXACT}))
    assert categories(found) == ["exact", "exact", "exact"]


def test_an_exact_match_with_a_penalty_counts_in_its_band_and_is_no_repetition():
    """Trados Studio: it is still regarded as a 100 % match."""
    found = of(file("a", GLOVES, GLOVES), memory=answering({GLOVES: replace(EXACT, percent=98.0)}))
    assert categories(found) == ["95-99", "95-99"]


def test_repetitions_may_go_before_exact_matches_but_never_before_context_matches():
    """memoQ: "Repetitions take precedence over 100 % matches"."""
    memory = Memory(known=(GLOVES,), contexts=[(GLOVES, file("a", APRONS, GLOVES)[1].previous)])
    job = [file("a", GLOVES, GLOVES, APRONS, GLOVES), file("b", GLOVES)]
    assert categories(of(*job, memory=memory)) == ["exact", "exact", "new", "context", "exact"]
    first = of(*job, memory=memory, options=Options(repetitions_first=True))
    assert categories(first) == ["exact", "repetition", "new", "context", "cross-file repetition"]


def test_without_cross_file_repetitions_each_file_is_counted_by_itself():
    job = [file("a", GLOVES, GLOVES), file("b", GLOVES, GLOVES)]
    assert categories(of(*job)) == ["new", "repetition", "cross-file repetition", "cross-file repetition"]
    assert categories(of(*job, options=Options(cross_file=False))) == ["new", "repetition", "new", "repetition"]


def test_a_locked_segment_is_not_looked_up_and_nothing_repeats_it():
    memory = Memory(known=())
    found = of(file("a", GLOVES, locked=[GLOVES]), file("b", GLOVES), memory=memory, neighbours=neighbours())
    assert categories(found) == ["locked", "new"]
    assert memory.asked == [[GLOVES]]


def test_texts_that_differ_in_a_number_are_alike_and_not_the_same():
    other = NOTICE.replace("14", "15")
    assert categories(of(file("a", NOTICE, other))) == ["new", "new"]
    assert categories(of(file("a", NOTICE, other), neighbours=neighbours())) == ["new", "internal 95-99"]


def test_texts_that_differ_in_canonical_form_or_line_ends_alone_are_the_same():
    found = of(file("a", "Café\nouvert", "Cafe\u0301\r\nouvert"))
    assert categories(found) == ["new", "repetition"]
    assert found.total[Category.NEW] == found.total[Category.REPETITION]


def test_an_earlier_text_counts_only_where_it_is_nearer_than_the_memory():
    near = "The harbour office issues a permit within nine days."
    far, like = "The harbour office issues permits.", "The harbour office issues a permit within two days."
    as_near = Memory(known=(near,)).best(Segment("a", ("1",), like)).percent

    def ask(known):
        return categories(of(file("a", near, like), memory=Memory(known=known), neighbours=neighbours()))[1]

    assert as_near > 85
    assert ask((far,)).startswith("internal")
    assert ask(("The harbour office issues a permit within ten days.",)) == "85-94"


def test_below_the_lowest_band_an_earlier_text_counts_for_nothing():
    def half(texts, above):
        return [Near(49.99, 0)] * len(texts)

    assert categories(of(file("a", GLOVES, APRONS), neighbours=half)) == ["new", "new"]


def test_the_memory_is_asked_once_for_a_text_and_again_only_for_the_places_of_what_it_has():
    memory = job_memory()
    found = of(file("a", GLOVES, OPENING, GLOVES), file("b", OPENING, GLOVES), memory=memory)
    assert memory.asked == [[GLOVES, OPENING], [OPENING]]
    assert categories(found)[1::2] == ["exact", "context"]


def test_neighbours_are_told_what_they_must_exceed():
    asked = []

    def near(texts, above):
        asked.append((list(texts), list(above)))
        return [Near()] * len(texts)

    memory = answering({GLOVES: EXACT, APRONS: Best(63.5)})
    of(file("a", GLOVES, APRONS, "Rope", "Rope"), memory=memory, neighbours=near)
    assert asked == [([GLOVES, APRONS, "Rope"], [100.0, 63.5, 49.99])]


def test_a_memory_that_answers_too_little_is_refused():
    with pytest.raises(ValueError, match="zip"):
        analyse(JOB, lambda _: [])


def test_a_job_without_segments_is_an_analysis_of_nothing():
    found = analyse([], job_memory(), neighbours())
    assert (found.decisions, dict(found.files), whole(found.total.values())) == ((), {}, Counts())
    assert set(found.total) == set(Category)


TEXTS = st.sampled_from(
    [GLOVES, APRONS, OPENING, REGISTER, "Rope", "Ropes", "", "12", "{count} boats", "<b>Salt</b>", "请预约。", "\ud800"]
)
JOBS = st.lists(st.tuples(st.sampled_from("abc"), TEXTS, st.booleans()), max_size=12).map(
    lambda rows: [Segment(name, (str(place),), text, "", "", locked) for place, (name, text, locked) in enumerate(rows)]
)
MEMORY = answering({OPENING: EXACT, REGISTER: replace(EXACT, percent=97.0), GLOVES: Best(81.0)})
OPTIONS = st.builds(Options, st.booleans(), st.booleans())


@given(JOBS, OPTIONS, st.booleans())
def test_every_segment_is_counted_exactly_once(job, options, internal):
    found = analyse(job, MEMORY, neighbours() if internal else None, options=options)
    assert [decision.segment for decision in found.decisions] == job
    assert whole(found.total.values()).segments == len(job)
    for category in Category:
        counted = [measure(d.segment.source) for d in found.decisions if d.category is category]
        assert found.total[category] == whole(counted)


@given(JOBS, OPTIONS)
def test_the_total_is_the_sum_of_the_files_and_each_file_of_its_segments(job, options):
    found = analyse(job, MEMORY, options=options)
    assert list(found.files) == list(dict.fromkeys(segment.file for segment in job))
    for category in Category:
        assert found.total[category] == whole(tally[category] for tally in found.files.values())
    for name, tally in found.files.items():
        assert whole(tally.values()) == whole(measure(s.source) for s in job if s.file == name)


@given(JOBS, st.permutations("abc"))
def test_the_order_of_the_files_decides_what_comes_first(job, order):
    """Of a text the memory lacks, the first counts by itself; the rest are repetitions, by their file's place in the order."""
    job = [segment for name in order for segment in job if segment.file == name]
    firsts = {}
    for decision in analyse(job, MEMORY, neighbours()).decisions:
        segment = decision.segment
        if segment.locked or segment.source in (OPENING, REGISTER):
            assert decision.category not in (Category.REPETITION, Category.CROSS_FILE)
            continue
        first = firsts.setdefault(segment.source, segment)
        repeated = Category.REPETITION if first.file == segment.file else Category.CROSS_FILE
        assert (decision.category is repeated) == (first is not segment)


@given(JOBS, st.integers(1, 5))
def test_the_analysis_is_the_same_however_the_look_up_cuts_its_work(job, size):
    def in_parts(segments):
        return [best for start in range(0, len(segments), size) for best in MEMORY(segments[start : start + size])]

    assert analyse(job, in_parts, neighbours()) == analyse(job, MEMORY, neighbours())


@given(JOBS, OPTIONS)
def test_internal_fuzzy_matches_move_segments_out_of_worse_classes_only(job, options):
    without, found = (analyse(job, MEMORY, near, options=options).decisions for near in (None, neighbours()))
    moved = [(was, now) for was, now in zip(without, found, strict=True) if was.category is not now.category]
    for was, now in moved:
        assert now.category.startswith("internal")
        assert now.percent > was.percent
        assert was.category is Category.NEW or was.category.startswith(("5", "7", "8", "9"))


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", Counts(1)),
        ("Every seed has a drawer.", Counts(1, words=5, characters=20, characters_with_spaces=24)),
        ("  Two  words\n", Counts(1, words=2, characters=8, characters_with_spaces=13)),
        ("Ring {bell} <b>twice</b><br>", Counts(1, 2, 9, 11, placeables=1, tags=3)),
        ("&copy; @:garden.name", Counts(1, 0, 0, 1, placeables=2)),
        ("On 12 May 2026 and 2026-05-12", Counts(1, 6, 24, 29, placeables=3)),
        ("See https://garden.example/map.", Counts(1, 5, 30, 31, placeables=1)),
        ("种子库 3 月开放", Counts(1, 7, 7, 9, asian=6, placeables=1)),
        ("種をまくホテル", Counts(1, 2, 7, 7, asian=7)),
        ("يفتح بنك البذور أيام العمل.", Counts(1, 5, 23, 27)),
        ("Гербарий открыт с 9 до 17 часов", Counts(1, 7, 25, 31, placeables=2)),
        ("%s", Counts(1, placeables=1)),
        ("12", Counts(1, 1, 2, 2, placeables=1)),
    ],
)
def test_text_is_measured_as_analysis_reports_do(text, counts):
    assert measure(text) == counts


@given(st.text())
def test_any_text_has_a_measure(text):
    found = measure(text)
    assert found.segments == 1
    assert found.asian <= found.characters <= found.characters_with_spaces


def test_odd_segments_are_counted_like_any_other():
    odd = ["", "a", "a" * 100_000, "{a}{b}", "0123456789", "אבג abc", "\ud800", "\x00\x1f", "word " * 20_000]
    found = of(file("odd", *odd), neighbours=neighbours())
    # What is empty and what a reader cannot see differ in nothing that is compared.
    assert Counter(categories(found)) == {"new": len(odd) - 1, "internal 95-99": 1}
    assert whole(found.total.values()).words == sum(measure(text).words for text in odd) == 20_005
