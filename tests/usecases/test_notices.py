import re
from datetime import UTC, datetime, timedelta

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tm_service.domain.articles import Segment, TextField
from tm_service.domain.serving import Rule
from tm_service.usecases.articles import FieldView, Spoken
from tm_service.usecases.notices import rich_text

AT = datetime(2026, 11, 3, tzinfo=UTC)
RULES = (Rule.CURRENT, Rule.MEMORY, Rule.KEPT, Rule.DATED, Rule.MISSING)
NOTICE = "<p role='note'>behind since {}</p>"


def notice(since):
    return NOTICE.format(since.date() if since else "unknown")


def view(layout, *told: tuple):
    """A field of segments `(text, rule)`, each made a day after the one before."""
    segments = tuple(Segment(f"s{number}", f"English {number}") for number, _ in enumerate(told))
    spoken = {
        f"s{number}": Spoken(
            ("content", f"s{number}"),
            text,
            rule,
            "why",
            AT + timedelta(days=number),
            edit="rewrite" if rule in (Rule.DATED, Rule.KEPT) else "",
        )
        for number, (text, rule) in enumerate(told)
    }
    return FieldView(TextField(("content",), segments, layout, rich=True), spoken)


def written(layout, *told: tuple):
    return rich_text(view(layout, *told), source=("en", "ltr"), cleaned=nh3.clean, notice=notice)


@pytest.mark.parametrize(
    ("layout", "told", "expected"),
    [
        (
            ("<p>", " ", "</p>"),
            (("Un.", Rule.CURRENT), ("Deux.", Rule.DATED)),
            "<p DATED:4>Un. Deux.</p>TOLD:4",
        ),
        (("<ul><li>", "</li></ul>"), (("Un.", Rule.DATED),), "<ul><li DATED:3>Un.TOLD:3</li></ul>"),
        (("<p>", "</p>"), (("Un.", Rule.KEPT),), "<p KEPT:3>Un.</p>"),
        (("<p>", "</p>"), (("One <b>two</b>.", Rule.MISSING),), "<p><span EN>One <b>two</b>.</span></p>"),
        (
            ("<p>", " ", "</p>"),
            (("<b>One.", Rule.MISSING), ("Deux.</b>", Rule.CURRENT)),
            "<p><b><span EN>One.</span> Deux.</b></p>",
        ),
        (("", ""), (("Un.", Rule.DATED),), "<span DATED:3>Un.</span>TOLD:3"),
        (
            ('<p>Voir <img src="a.png" alt="', '"></p>'),
            (("A jar", Rule.MISSING),),
            '<p>Voir <img src="a.png" alt="A jar" EN></p>',
        ),
        (
            ('<p>Voir <img src="a.png" alt="', '"></p>'),
            (("Un bocal", Rule.DATED),),
            '<p DATED:3>Voir <img src="a.png" alt="Un bocal"></p>TOLD:3',
        ),
        (
            ("<blockquote><p>", "</p><p>", "</p></blockquote>"),
            (("Un.", Rule.CURRENT), ("Deux.", Rule.DATED)),
            "<blockquote><p>Un.</p><p DATED:4>Deux.</p>TOLD:4</blockquote>",
        ),
        (
            ("<div>", "<br>", "</div>"),
            (("Un.", Rule.DATED), ("Deux.", Rule.DATED)),
            "<div DATED:3>Un.<br>Deux.TOLD:3</div>",
        ),
    ],
)
def test_a_block_is_marked_where_it_is_behind_and_a_segment_where_it_is_source_text(layout, told, expected):
    assert written(layout, *told) == spelt(expected)


def spelt(short):
    """What is meant by `DATED:3`: behind since the third of November."""
    day = r'data-behind="{}" data-behind-since="2026-11-0\1T00:00:00+00:00"'
    said = re.sub("TOLD:(.)", r"<p role='note'>behind since 2026-11-0\1</p>", short)
    said = re.sub("DATED:(.)", day.format("dated"), re.sub("KEPT:(.)", day.format("kept"), said))
    return said.replace("EN>", 'lang="en" dir="ltr">')


BLOCKS = st.sampled_from(["p", "li", "h2", "div", "blockquote", "figcaption", "td", "pre"])
PIECES = ["Graines", "&amp;", "<b>x</b>", "<br>", "5 &lt; 6", "\ufdd00\ufdd2", "<script>a</script>", " "]
BROKEN = [*PIECES, "<i>y", "</i>", "<p>", "</div>", "<li>", "<!--"]
WHOLE, ANY = (st.lists(st.sampled_from(some), min_size=1, max_size=4).map("".join) for some in (PIECES, BROKEN))


def segments(texts):
    return st.lists(st.tuples(BLOCKS, texts, st.sampled_from(RULES)), min_size=1, max_size=6)


def texts_of(root):
    return "".join("".join(root.itertext()).split())


def parsed(text):
    return html.fragment_fromstring(text, create_parent="main")


def laid_out(found):
    """Segments in blocks of their own, with their rules."""
    tags = [tag for tag, _, _ in found]
    ends, begins = ["", *(f"</{tag}>" for tag in tags)], [*(f"<{tag}>" for tag in tags), ""]
    layout = tuple(end + begin for end, begin in zip(ends, begins, strict=True))
    return layout, [(text, rule) for _, text, rule in found]


@given(segments(WHOLE))
def test_marks_take_nothing_away_and_add_nothing_but_spans_and_notices(found):
    layout, told = laid_out(found)
    clean = nh3.clean(re.sub("[\ufdd0-\ufdd2]", "", view(layout, *told).plain))
    made = written(layout, *told)
    without = re.sub(r"<p role='note'>behind since [\d-]+</p>", "", made)
    without = re.sub(r' data-behind(-since)?="[^"]*"| lang="en"| dir="ltr"', "", without)
    assert re.sub(r"</?span>", "", without) == clean


@given(segments(ANY))
def test_broken_html_costs_no_text_and_shows_no_mark(found):
    layout, told = laid_out(found)
    made = written(layout, *told)
    assert not re.search("[\ufdd0-\ufdef]", made)
    clean = nh3.clean(re.sub("[\ufdd0-\ufdd2]", "", view(layout, *told).plain))
    assert texts_of(parsed(re.sub(r"<p role='note'>behind since [\d-]+</p>", "", made))) == texts_of(parsed(clean))


@given(segments(WHOLE))
def test_all_that_is_behind_is_told_and_all_source_text_is_marked(found):
    told = [(f"texte {number}", rule) for number, (_, _, rule) in enumerate(found)]
    layout = ("<ul><li>", *("</li><li>" for _ in told[1:]), "</li></ul>")
    root = parsed(written(layout, *told))
    items = root.xpath(".//li")
    for item, (text, rule) in zip(items, told, strict=True):
        assert item.get("data-behind") == {Rule.DATED: "dated", Rule.KEPT: "kept"}.get(rule)
        assert bool(item.xpath("p[@role='note']")) is (rule is Rule.DATED)
        assert item.xpath("span[@lang='en']/text()") == ([text] if rule is Rule.MISSING else [])
    assert texts_of(root).count("behindsince") == sum(rule is Rule.DATED for _, rule in told)


def test_a_forged_mark_in_the_layout_moves_nothing():
    made = written(("<p>\ufdd00\ufdd2forged</p><p>", "</p>"), ("Un.", Rule.DATED))
    assert made.startswith("<p>0forged</p><p data-behind")
