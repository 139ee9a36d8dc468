"""ICU messages: read as ICU reads them, whatever stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.checks.icu import icu
from tm_service.checks.messages import NUMBER, is_message, message
from tm_service.checks.reading import shown, words
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair


def test_arguments_choices_and_texts_have_their_places():
    value = (
        "Hello {who}, {n, plural, offset:1 =0 {no seeds} other {# of {kind, select, moss {moss} other {all}}}} "
        "on {d, date, short}."
    )
    read = message(value)
    assert [(a.name, a.kind, a.style, value[a.start : a.end]) for a in read.arguments] == [
        ("who", "", "", "{who}"),
        ("d", "date", "short", "{d, date, short}"),
    ]
    inner, outer = read.choices
    assert (inner.name, inner.kind, [arm.selector for arm in inner.arms]) == ("kind", "select", ["moss", "other"])
    assert (outer.name, outer.kind, outer.offset) == ("n", "plural", "1")
    assert value[outer.arms[0].start : outer.arms[0].end] == "no seeds"
    assert [NUMBER in arm.shows for arm in outer.arms] == [False, True]
    assert "".join(value[start:end] for start, end in read.texts) == "Hello , no seeds of mossall on ."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("It''s {n}", "It''s "),
        ("It's {n}", "It's "),
        ("'{'n} is quoted'", "n} is quoted'"),
        ("'{n}' is quoted", " is quoted"),
        ("{n, plural, other {it '#' is}}", "it  is"),
        ("'# is not' quoted outside", "'# is not' quoted outside"),
        ("'{it''s}' one", " one"),
    ],
)
def test_apostrophes_quote_only_before_what_has_a_meaning(value, text):
    read = message(value)
    if value.startswith("'{'n}"):
        assert read.problem == "a } closes nothing"
    else:
        assert "".join(value[start:end] for start, end in read.texts) == text


def test_only_what_readers_see_is_words():
    value = "{n, plural, one {a seed} other {{n} seeds <b>of</b> http://bogs.example/one}} left"
    assert [word for word, _, _ in words(value)] == ["a", "seed", "seeds", "of", "left"]
    assert len(shown(value)) == len(value)


plain = st.sampled_from(["peat ", "it''s ", "l’eau ", "# ", "<b>x</b> ", "种子", "\ud800", "'{q}' "])
names = st.sampled_from(["n", "who", "kind"])


def plural(inner):
    return st.builds(lambda a, b: f"{{count, plural, =0 {{{a}}} other {{#{b}}}}}", inner, inner)


def select(inner):
    return st.builds(lambda a, b: f"{{kind, select, moss {{{a}}} other {{{b}}}}}", inner, inner)


leaves = st.lists(st.one_of(plain, names.map("{{{}}}".format)), min_size=1, max_size=4).map("".join)
texts = st.recursive(
    leaves, lambda inner: st.one_of(plural(inner), select(inner), st.builds("{} {}".format, inner, inner))
)


@given(texts)
def test_a_message_is_read_to_its_end_and_right_as_its_own_target(value):
    assert message(value).problem == ""
    assert list(icu(Pair(value, value, "x"))) == []


@given(texts.filter(is_message), st.data())
def test_a_brace_more_or_less_is_an_error(value, data):
    """Unless an argument becomes plain text, which is an argument less, and so an error too."""
    places = [at for at, sign in enumerate(value) if sign in "{}" and "'" not in value[max(at - 2, 0) : at + 3]]
    at = data.draw(st.sampled_from(places))
    damaged = data.draw(st.sampled_from([value[:at] + value[at + 1 :], value[:at] + value[at] + value[at:]]))
    findings = list(icu(Pair(value, damaged, "x")))
    assert any(finding.severity is Severity.ERROR for finding in findings)


@given(st.text(alphabet="{}'#, n|=plural select other\ud800", max_size=60))
def test_any_text_is_read(value):
    read = message(value)
    spans = [*read.texts, *read.quoted, *((a.start, a.end) for a in read.arguments)]
    assert all(0 <= start <= end <= len(value) for start, end in spans)
