"""Cutting: what of an article is a segment, what stays in its layout, and that nothing of it is ever changed."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.articles.cutting import Cut, cut
from extractors.articles.reading import read
from extractors.html_tokens import Kind
from memory.alignment import segment

ARTICLES = sorted((Path(__file__).parents[3] / "tm_service/demo/texts/articles").glob("*.json"))
_PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<h2>", "</h2>", "<ul><li>", "</li>", "</ul>", "<br>", "<br/>", "<td>", "<table>", "</table>"),
        *("<strong>", "</strong>", "<em>", "</em>", '<a href="/x" title="A tip.">', "</a>", "<a href='/y'>", "<code>"),
        *('<img src="/a.png" alt="Reeds. Water.">', "<img alt=x>", '<oembed url="/v">', "</oembed>", "<figcaption>"),
        *(
            "<!--block-->",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<pre>",
            "</pre>",
            "<svg>",
            "<p title='",
            '<a href="',
        ),
        *(
            "<",
            ">",
            "</",
            "<?php",
            "&nbsp;",
            "&amp;",
            "&",
            "\x00",
            "\r\n",
            "\n",
            " ",
            "\ud800",
            "\ufdd0",
            "]]>",
            "<![CDATA[",
        ),
        *(
            "Reeds grow. ",
            "Art. 6 says so. ",
            "وصلت البذور؟ ",
            "种子到了。",
            "5 kg",
            "“Yes!” ",
            "{{ name }}",
            "<textarea>",
        ),
    ]
)
HTML = st.one_of(st.lists(_PIECES, max_size=25).map("".join), st.text(max_size=40))


def taken_apart(text: str, language: str = "en") -> Cut:
    return cut(text, language, segment)


def texts(text: str, language: str = "en") -> list[str]:
    made = taken_apart(text, language)
    return [made.of(piece) for piece in made.pieces]


def notes(text: str) -> dict[str, str]:
    made = taken_apart(text)
    return {made.of(piece): piece.note for piece in made.pieces}


def put_together(made: Cut) -> str:
    said = [made.of(piece) if piece.inside < 0 else "" for piece in made.pieces]
    return "".join(a + b for a, b in zip(made.layout, [*said, ""], strict=True))


@given(HTML)
def test_whatever_is_written_is_put_together_again_as_it_was(html):
    assert put_together(taken_apart(html)) == html


@given(HTML)
def test_pieces_stand_in_order_and_only_values_stand_in_others(html):
    made = taken_apart(html)
    outer = [piece for piece in made.pieces if piece.inside < 0]
    assert all(one.end <= other.begin for one, other in pairwise(outer))
    for piece in made.pieces:
        assert piece.begin < piece.end
        assert made.of(piece).strip()
        if piece.inside >= 0:
            host = made.pieces[piece.inside]
            assert host.begin < piece.begin <= piece.end < host.end
            assert piece.shape
            assert not host.shape


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_articles_are_put_together_again_and_their_words_are_segments(path):
    for language, text in json.loads(path.read_text("utf-8"))["content"].items():
        made = taken_apart(text, language)
        assert put_together(made) == text
        assert len(made.blocks) >= text.count("<h2") + text.count("<h3")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Reeds grow. Water is near.</p>", ["Reeds grow.", "Water is near."]),
        ("<h2>How? And why?</h2>", ["How? And why?"]),
        ("<ul><li>reeds<ul><li>tall reeds</li></ul></li><li>rushes</li></ul>", ["reeds", "tall reeds", "rushes"]),
        ("<table><tr><th>Plant</th><td>Sedge</td><td>1,250.5</td></tr></table>", ["Plant", "Sedge", "1,250.5"]),
        ("<table><caption>Seeds by year</caption></table>", ["Seeds by year"]),
        ("<blockquote><p>A seed waits.</p></blockquote>", ["A seed waits."]),
        ("<div><!--block-->One line.<br>Another line<br><br>A third</div>", ["One line.", "Another line", "A third"]),
        ("<p>&nbsp;</p><p> — </p><hr><p></p>", []),
        ("<p>&nbsp;Reeds&nbsp;\r\n</p>", ["Reeds"]),
        ("<p><strong>Reeds.</strong></p>", ["Reeds."]),
        ("<p><strong><em>Reeds grow. Water is near.</em></strong></p>", ["Reeds grow.", "Water is near."]),
        ("<p>See <strong>Reeds grow. Water is near.</strong></p>", ["See <strong>Reeds grow. Water is near.</strong>"]),
        ("<p>Ask. <em>Now. Or</em> later.</p>", ["Ask.", "<em>Now. Or</em> later."]),
        ('<h2><a id="top"></a>Accounts</h2>', ["Accounts"]),
        ("<p><code>WSX-2026</code></p><pre>Do not <b>touch</b>.</pre>", []),
        ("<p>Write <code>WSX</code> on it.</p>", ["Write <code>WSX</code> on it."]),
        ("<script>var a = 'Reeds grow.';</script><style>p {}</style><p>x<!-- note --></p>", ["x"]),
        ('<p translate="no">Typha latifolia</p><p class="notranslate">CO2</p><p>Reeds</p>', ["Reeds"]),
        ("<p>Reeds 5 < 7 > 3 & so on.", ["Reeds 5 < 7 > 3 & so on."]),
        ("Reeds without any tag. Two.", ["Reeds without any tag.", "Two."]),
        ("<p>H<sub>2</sub>O is water. Drink it.</p>", ["H<sub>2</sub>O is water.", "Drink it."]),
        ('<p><a href="/offers">Read the offers</a></p>', ["/offers", "Read the offers"]),
        ('<p>Read <a href="/offers">the offers</a>.</p>', ['Read <a href="/offers">the offers</a>.']),
        (
            '<figure><img src="/a.jpg" alt="A reed. Wet."><figcaption>Reeds</figcaption></figure>',
            ["/a.jpg", "A reed. Wet.", "Reeds"],
        ),
        ('<img src=/a.jpg alt=""><img alt="  ">', []),
        ('<figure class="media"><oembed url="https://v.example/1"></oembed></figure>', ["https://v.example/1"]),
        (
            '<p>Go to <a href="/h" title="All answers">help</a> now.</p>',
            ['Go to <a href="/h" title="All answers">help</a> now.', "All answers"],
        ),
        ('<button aria-label="Close it">x</button>', ["Close it", "x"]),
        (
            '<figure data-trix-attributes="{&quot;caption&quot;:&quot;Wet feet&quot;}"><img src="/a"></figure>',
            ["Wet feet", "/a"],
        ),
    ],
)
def test_what_is_a_segment(html, found):
    assert texts(html) == found


@pytest.mark.parametrize(
    "html",
    [
        'Reeds grow. <a href="<p><p><img src="/a.png" alt="Reeds. Water."><!--',
        '&amp;<a href="<p><a href="<p><![CDATA[',
        '<b>Reeds. <a title="Go. <br> Now. Or">x</a></b>',
    ],
)
def test_no_sentence_ends_within_a_tag(html):
    made = taken_apart(html)
    assert put_together(made) == html
    for token in read(html):
        ends = {place for piece in made.pieces if not piece.shape for place in (piece.begin, piece.end)}
        assert token.kind is Kind.TEXT or not any(token.begin < place < token.end for place in ends)


def test_sentences_end_as_their_language_says():
    assert texts("<p>种子到了。请开门！</p>", "zh") == ["种子到了。", "请开门！"]
    assert texts("<p>هل وصلت البذور؟ نعم.</p>", "ar") == ["هل وصلت البذور؟", "نعم."]
    assert texts("<p>Voir l’art. 6, par. 3. C’est tout.</p>", "fr") == ["Voir l’art. 6, par. 3.", "C’est tout."]


def test_a_note_says_where_a_segment_stands():
    html = (
        '<h3>A</h3><ul><li><p>B</p></li></ul><table><tr><th>C</th><td>D</td></tr></table><img alt="E" src="/F"><p>G</p>'
    )
    assert notes(html) == {
        "A": "heading 3",
        "B": "list item",
        "C": "table heading",
        "D": "table cell",
        "E": "alternative text",
        "/F": "address",
        "G": "",
    }


def test_a_value_belongs_to_the_block_it_stands_in_or_before():
    made = taken_apart('<img src="/1"><p>A</p><p>B <a href="/" title="b">c</a></p><img src="/2"><p>D</p><img src="/3">')
    assert [(made.of(piece), piece.block) for piece in made.pieces] == [
        ("/1", 0),
        ("A", 0),
        ('B <a href="/" title="b">c</a>', 1),
        ("b", 1),
        ("/2", 2),
        ("D", 2),
        ("/3", 2),
    ]


def test_elements_without_end_tags_end_where_a_browser_ends_them():
    html = "<ul><li>reeds<li>rushes</ul><p>One<p>Two<table><tr><td>a<td>b</table>"
    assert notes(html) == {
        "reeds": "list item",
        "rushes": "list item",
        "One": "",
        "Two": "",
        "a": "table cell",
        "b": "table cell",
    }


def test_a_tag_that_is_never_closed_costs_no_other_text():
    assert texts("<p>Reeds grow.</p><p title='x>Water is near.</p><p>Fish swim.</p>")[0] == "Reeds grow."
    assert "Water is near" in "".join(texts("<p>Reeds.</p><!-- Water is near."))


_REPEATED = [
    "<",
    "<a ",
    "<p title='",
    "<!--",
    "<svg>",
    "<br>",
    "</",
    "<div>x",
    "<i>x. ",
    "<i>x.</i> ",
    "x&nbsp;",
    "x<b>",
]


@pytest.mark.parametrize("first", _REPEATED)
@pytest.mark.parametrize("second", ["", "</b>", "</p>", "&nbsp;"])
def test_the_same_mark_over_and_over_is_put_together_again(first, second):
    html = first * 2_000 + second * 2_000
    assert put_together(taken_apart(html)) == html
