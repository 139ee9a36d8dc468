"""Fitting: no served text changes anything outside its place."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.articles import Segment, TextField
from tm_service.domain.fitting import fitted, in_block, in_quotes

WRITTEN = st.lists(
    st.sampled_from(
        [
            *(
                "<b>",
                "</b>",
                "<em>",
                "</em>",
                "<p>",
                "</p>",
                "</div>",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "<br>",
                "<",
            ),
            *(
                '<a href="/x">',
                "</a>",
                '<a href="javascript:x">',
                '<b onclick="x">',
                '<a href="',
                '">',
                ">",
                '"',
                "'",
                "&lt;",
            ),
            *(
                "text",
                " ",
                "<![CDATA[",
                "<?x",
                "</",
                "<img src=x onerror=y>",
                "é",
                "\x00",
                "<b/x>",
                "<i lang=fr>",
                "</a x>",
            ),
        ]
    ),
    max_size=8,
).map("".join)
SOURCE = 'Read <a href="/x">the <em>rules</em></a><br>now.'


class Reader(HTMLParser):
    """Elements and how they nest; what is left open behind the end is in `open`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.stray: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, tuple(f"{name}={value}" for name, value in attrs)))
        if tag not in ("br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        else:
            self.stray.append(tag)


@given(WRITTEN)
def test_a_text_opens_and_closes_what_it_may_and_nothing_else(text):
    read = Reader(f"{in_block(text, SOURCE)}")
    assert not read.open
    assert not read.stray
    for tag, attributes in read.seen:
        assert tag in {"a", "b", "br", "em", "i"}
        assert set(attributes) <= {"href=/x", "lang=fr", "href="} or not any(
            "javascript" in each for each in attributes
        )
        assert not any(each.startswith("on") for each in attributes)


@given(WRITTEN)
def test_what_fits_fits_again(text):
    once = in_block(text, SOURCE)
    assert in_block(once, SOURCE) == once


@given(st.text())
def test_a_value_stays_between_its_quotes(text):
    assert set(in_quotes(text)).isdisjoint("\"'<>")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (SOURCE, SOURCE),
        ('<strong>Lisez</strong> <a href="/x">ceci</a>', '<strong>Lisez</strong> <a href="/x">ceci</a>'),
        ('<a href="/fr">ceci</a>', '<a href="/fr">ceci</a>'),
        ('<a href=" javascript:x">ceci</a>', '&lt;a href=" javascript:x"&gt;ceci&lt;/a&gt;'),
        ('<a href="/x" onclick="x">ceci</a>', '&lt;a href="/x" onclick="x"&gt;ceci&lt;/a&gt;'),
        ("<em>un <b>deux", "<em>un <b>deux</b></em>"),
        ("un</em> deux", "un deux"),
        ('<a href="/x">un</a x>', '<a href="/x">un</a>'),
        ("5 < 7 <", "5 < 7 <"),
        ("un <!-- deux", "un &lt;!-- deux"),
        ("a{{ b }} &amp; <br>", "a{{ b }} &amp; <br>"),
    ],
)
def test_what_a_translation_may_hold(text, made):
    assert in_block(text, SOURCE) == made


def test_what_a_source_leaves_open_stays_open():
    assert in_block("<b>deux", "<b>two") == "<b>deux"
    assert in_block("<b>deux<b>trois", "<b>two") == "<b>deux<b>trois</b>"
    assert in_block("deux</b>", "two</b>") == "deux</b>"


def test_a_text_fits_its_field():
    segments = (
        Segment("s1", "Reeds"),
        Segment("s2", "A reed", attribute=True),
        Segment("s3", "It", note="caption", attribute=True),
    )
    rich = TextField(("content",), segments, ("<p>", '</p><img alt="', '" x="', '">'), rich=True)
    texts = {"s1": "<p>", "s2": '"', "s3": '"'}
    assert fitted(rich, texts) == {"s1": "&lt;p&gt;", "s2": "&quot;", "s3": "\\&quot;"}
    plain = TextField(("title",), (Segment("", "Reeds"),), ("", ""))
    assert fitted(plain, {"": "<p>"}) == {"": "<p>"}
