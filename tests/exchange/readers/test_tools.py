"""The law of the readers: whatever a tool made of a file of ours, its texts are those of the file."""

import re
from itertools import count

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.exchange.plain import Plain, write_xliff
from tests.exchange.readers import tools
from tests.exchange.samples import package, unit
from tm_service.exchange.readers.mqxliff import read_mqxliff
from tm_service.exchange.readers.mxliff import read_mxliff
from tm_service.exchange.readers.plain import plain_units
from tm_service.exchange.readers.sdlxliff import read_sdlxliff
from tm_service.exchange.readers.trees import xliff_root
from tm_service.exchange.readers.xliff12 import read_xliff

TOKEN = re.compile("\ue000([-+.])([^\ue001]*)\ue001")
PHRASE_CODE = re.compile(r"\{\w{1,4}[>}]|<\w{1,4}\}")

words = st.one_of(
    st.sampled_from(["herbarium", "المعشبة ", "标本馆", "Гербарий. ", "L’été ", "{", "}", "<", "&lt;", "  ", "100 % "]),
    st.text(st.characters(codec=None), max_size=4),
    st.text(st.sampled_from("\x00\x08\x1f\x85\r\n\t\ud800\ue000\ue001\ufffe]]>&<>\"'"), max_size=3),
)
singles = st.sampled_from(
    ["{name}", "%s", "&nbsp;", "<br>", " | ", "@:menu.banks", "<p>", "</i>", "{0}", '<img alt="x">']
)
pairs = st.sampled_from([("<b>", "</b>"), ("<i>", "</i>"), ('<a href="/x?a=1&b=2">', "</a>"), ("<B>", "</b>")])
pieces = st.recursive(
    words | singles,
    lambda inner: st.builds(
        lambda pair, within: pair[0] + "".join(within) + pair[1], pairs, st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)
texts = st.lists(pieces, max_size=6).map("".join)
orders = st.sampled_from([list, lambda pieces: pieces[::-1], lambda pieces: pieces[1:] + pieces[:1]])


def sent(sources, order):
    """Our file with a target for each of these sources."""
    units = [unit(f"seeds-7-fr.{place}", source) for place, source in enumerate(sources, 1)]
    return tools.answered(write_xliff(package(*units)), order)


def texts_of(read):
    return [(unit.id, unit.source, unit.target) for unit in read.units]


def ours(content):
    return texts_of(plain_units("ours", xliff_root("ours", content, None)))


def by_order(unit, source):
    """The target of a unit whose codes are a tool's numbers, with those of our source, which stand in the same order."""
    numbered = [match.groups() for match in TOKEN.finditer(unit.source)]
    known = [match.groups() for match in TOKEN.finditer(re.sub("\ue000c....\ue001", "\ue000.c\ue001", source))]
    names = dict(zip(numbered, known, strict=True))
    return TOKEN.sub(lambda match: "\ue000{}{}\ue001".format(*names[match.groups()]), unit.target)


@settings(max_examples=60)
@given(sources=st.lists(texts, min_size=1, max_size=3), order=orders, cut=st.integers(0, 3))
def test_trados_gives_back_the_texts_and_the_ids(sources, order, cut):
    content = sent(sources, order)
    read = read_sdlxliff("part 1.sdlxliff", tools.trados(content, cut=cut))
    assert texts_of(read) == ours(content)
    assert read.packages == ("seeds-7-fr",)
    assert not any(unit.numbered or unit.findings for unit in read.units)


@settings(max_examples=60)
@given(
    sources=st.lists(texts, min_size=1, max_size=3), order=orders, style=st.sampled_from(["plain", "native", "singles"])
)
def test_memoq_gives_back_the_texts_and_the_ids(sources, order, style):
    content = sent(sources, order)
    read = read_mqxliff("part 1.mqxliff", tools.memoq(content, style))
    assert texts_of(read) == ours(content)
    assert read.packages == ("seeds-7-fr",)


@settings(max_examples=60)
@given(sources=st.lists(texts, min_size=1, max_size=3), order=orders)
def test_phrase_gives_back_the_texts_and_the_ids(sources, order):
    content = sent(sources, order)
    assume(not any(PHRASE_CODE.search(text) for _, *sides in ours(content) for text in sides))
    read = read_mxliff("part 1.mxliff", tools.phrase(content))
    assert texts_of(read) == ours(content)
    assert read.packages == ("seeds-7-fr",)


TOOLS = {
    "trados": lambda content: tools.trados(content, described=False),
    "memoq": lambda content: tools.memoq(content, "undescribed"),
    "phrase": lambda content: tools.phrase(content, described=False),
}


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=40)
@given(source=texts, order=orders)
def test_codes_that_a_tool_does_not_describe_are_found_by_their_order(tool, source, order):
    content = sent([source], order)
    ((_, source_text, target),) = ours(content)
    assume("\ue000c" not in source_text)
    assume(not PHRASE_CODE.search(source_text + target))
    (unit,) = read_xliff("part.xlf", TOOLS[tool](content)).units
    assert unit.numbered is bool(TOKEN.search(source_text))
    assert by_order(unit, source_text) == target


@pytest.mark.parametrize("tool", [*TOOLS, "trados described", "memoq described", "phrase described"])
@settings(max_examples=40)
@given(source=texts)
def test_the_texts_of_the_site_come_home_from_every_tool(tool, source):
    answered = sent([source], list)
    assume(not any(PHRASE_CODE.search(text) for _, *sides in ours(answered) for text in sides))
    make = TOOLS.get(tool) or getattr(tools, tool.split()[0])
    bundle, work = Plain(), unit("seeds-7-fr.1", source)
    (back,) = bundle.read("part.xlf", make(answered)).units
    home = bundle.rebuild(back, work)
    assert (home.id, home.target, home.findings) == (work.id, source, ())


@pytest.mark.parametrize("make", [tools.trados, tools.memoq, tools.phrase])
def test_a_renamed_file_is_known_by_what_is_in_it(make):
    content = sent(["Press <b>specimens</b>.", "Dry them"], list)
    assert texts_of(read_xliff("done.xlf", make(content))) == ours(content)


@pytest.mark.slow
def test_two_thousand_units_keep_their_order():
    sources = [f"Drawer {place} of <b>{place % 7}</b> holds {{name}}" for place in range(2_000)]
    content = sent(sources, list)
    for make in (tools.trados, tools.memoq, tools.phrase):
        read = texts_of(read_xliff("large", make(content)))
        assert [id_ for id_, *_ in read] == [f"seeds-7-fr.{place}" for _, place in zip(read, count(1), strict=False)]
        assert read == ours(content)
