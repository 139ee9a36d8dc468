"""Rich text loses nothing without its editor having seen it, and keeps nothing that harms a reader."""

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tm_service.records.markup import tokens
from tm_service.records.rich_text import allowed
from tm_service.records.sanitise import DEEPEST, MOST, cleaned, removed

BY_LINE = (
    '<h2 lang="en">Moss gardens</h2>',
    "<p>Water the beds <strong>before</strong> noon &amp; <em>never</em> at night;&nbsp;see",
    '<a href="https://garden.example/beds?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">the plan</a>.</p>',
    '<figure class="table"><table><thead><tr><th scope="col">Bed</th><th scope="col" colspan="2">Litres</th></tr></thead>',
    '<tbody><tr><td rowspan="2">North</td><td>4</td><td style="text-align:right;">5</td></tr></tbody></table>',
    "<figcaption>Water by bed</figcaption></figure>",
    '<figure class="image image_resized image-style-side" style="width:50%;"><img style="aspect-ratio:800/600;"',
    ' src="/files/moss.png" alt="A stone &quot;bench&quot; < 2 m" width="800" height="600">',
    "<figcaption>The bench</figcaption></figure>",
    '<figure class="media"><oembed url="https://films.example/watch?v=7"></oembed></figure>',
    '<h3 id="care">Care</h3><p><a id="top"></a><img src="/a.png" srcset="/a.png 1x, /b.png 2x" sizes="100vw" alt="A">',
    '<ul><li data-list-item-id="e0a1">wet</li></ul>',
    '<ol start="3" reversed type="a"><li>one<ul><li>two</li></ul></li><li>three</ol>',
    "<blockquote><p>H<sub>2</sub>O, x<sup>2</sup>, <u>under</u> <s>out</s> <code>a &lt; b</code></p></blockquote>",
    '<pre><code class="language-plaintext">line</code></pre><hr>',
)
OF_CKEDITOR = "\n".join(BY_LINE)
OF_TRIX = (
    "<div><!--block-->Seeds<br><br>are <del>sold</del> kept.</div>"
    "<ul><li><!--block-->dry</li></ul><h1><!--block-->So</h1>"
    '<figure data-trix-attachment="{&quot;contentType&quot;:&quot;image/png&quot;,&quot;url&quot;:&quot;/a.png&quot;}"'
    ' data-trix-content-type="image/png" class="attachment attachment--preview"></figure>'
)


@pytest.mark.parametrize(
    "html", [OF_CKEDITOR, OF_TRIX, "", "no tags at all", "3 < 4 & 5 > 4", "<p>un<br/>closed items<li>a<li>b"]
)
def test_what_the_editors_write_stays_byte_by_byte(html):
    assert removed(html) == ()
    assert cleaned(html) is html


HARMFUL = {
    "<script>alert(1)</script>": "<script>",
    "<p onclick='steal()'>moss</p>": "onclick",
    '<a href="javascript:steal()">moss</a>': "javascript:steal()",
    '<a href="JaVa&#x09;Script:steal()">moss</a>': "Script:steal()",
    '<a href=" https://garden.example">moss</a>': "https://garden.example",
    '<a href="data:text/html,x">moss</a>': "data:text/html,x",
    '<a href="//elsewhere.example">moss</a>': "//elsewhere.example",
    "<a href='/\\elsewhere.example'>moss</a>": "elsewhere.example",
    '<a href="tel:117">moss</a>': "tel:117",
    '<img src="data:image/png;base64,AA">': "data:image/png",
    '<img src="mailto:a@garden.example">': "mailto",
    '<oembed url="#here"></oembed>': "#here",
    '<p style="color:red;position:fixed">moss</p>': "position:fixed",
    '<p style="width:expression(1)">moss</p>': "expression",
    '<p class="hidden">moss</p>': "hidden",
    '<p id="login">moss</p>': "id",
    '<iframe src="https://x.example"></iframe>': "<iframe>",
    "<form><input name=a></form>": "<form>",
    "<svg><style><img src=x onerror=steal()></style></svg>": "<svg>",
    "<math><mi></mi></math>": "<math>",
    "<!-- a note -->moss": "<!-- a note -->",
    "<!--[if IE]><p>x</p><![endif]-->": "<!--[if IE]>",
    "<![CDATA[x]]>moss": "<![CDATA[x]]>",
    "<?php x ?>moss": "<?php",
    '<p "><script>steal()</script>">moss': '<p ">',
    "<p/onclick=steal()>moss</p>": "<p/onclick",
    "<p title=`x`>moss</p>": "title",
    "moss</div>": "</div>",
    "<div>moss": "<div>",
    "<b><i>moss</b></i>": "</b>",
    "<image src=x>": "<image>",
    "moss\0": "character",
    '<img src="/a" srcset="/a 1x, javascript:x 2x">': "srcset",
    '<img src="/a" srcset="/a 1x 2x">': "srcset",
    '<img src="/a" srcset="/a fast">': "srcset",
    "<h2 id='1 a'>moss</h2>": "id",
    '<figure data-trix-attachment=\'{"content":"x"}\'></figure>': "data-trix-attachment",
    '<figure data-trix-attachment=\'{"url":"javascript:x"}\'></figure>': "data-trix-attachment",
    '<figure data-trix-attachment=\'{"url":["/a"]}\'></figure>': "data-trix-attachment",
    "<figure data-trix-attachment='[]'></figure>": "data-trix-attachment",
    "<figure data-trix-attachment='{'></figure>": "data-trix-attachment",
}


@pytest.mark.parametrize(("html", "named"), HARMFUL.items())
def test_what_is_not_allowed_is_named_and_taken_out(html, named):
    found = removed(html)
    assert named in " ".join(removal.message for removal in found)
    assert cleaned(html) != html
    assert removed(cleaned(html)) == ()


def test_text_stays_where_its_tag_is_not_allowed():
    assert cleaned("<p>dry <font color=red>seed</font> bank</p>") == "<p>dry seed bank</p>"


def test_the_allowed_part_of_a_value_stays():
    html = '<figure class="table stolen"><table style="width:10%;color:red"></table></figure>'
    assert cleaned(html) == '<figure class="table"><table style="width:10%"></table></figure>'
    assert "only “table” is allowed" in removed(html)[0].message


def test_a_removal_says_where_it_stands():
    html = "<p>one</p>\n<p>two</p>\n<p onclick='x()'>three</p>"
    (removal,) = removed(html)
    assert removal.line == 3
    start, end = removal.finding.place
    assert html[start:end] == "<p onclick='x()'>"
    assert removal.excerpt.startswith("<p onclick='x()'>three")
    assert removal.message == "Line 3: the attribute onclick of <p> is not allowed and will be removed."


def test_tags_are_not_joined_from_what_stood_around_a_broken_one():
    assert cleaned("<<!x>b>moss") == "&lt;b&gt;moss"


@pytest.mark.parametrize("tag", ["div", "b", "x"])
def test_deep_nesting_is_named_and_made_shallow(tag):
    html = f"<{tag}>" * 20_000 + "moss"
    assert any("nest deeper" in removal.message for removal in removed(html))
    short = cleaned(html)
    assert short.count("<div") <= DEEPEST
    assert short.startswith(("<div>", "<b>", "moss"))
    assert "moss" in short
    assert removed(short) == ()


PIECES = st.sampled_from(
    [
        *"<>\"'=/ &;!-?`\n\t\\ab:",
        *[
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<div>",
            "</div>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<li>",
            "<ul>",
            "</ul>",
        ],
        *[
            "<a href=",
            "javascript:",
            "java&Tab;script:",
            "https://a.b",
            ' onclick="x"',
            " onclick=x",
            "<script>",
            "</script>",
            "<style>",
        ],
        *[
            "</style>",
            "<svg>",
            "</svg>",
            "<math>",
            "<mtext>",
            "<mglyph>",
            "<title>",
            "</title>",
            "<textarea>",
            "<noscript>",
            "</noscript>",
        ],
        *[
            "<!--",
            "-->",
            "--!>",
            "<!--block-->",
            "<![CDATA[",
            "]]>",
            "<template>",
            "<select>",
            "<option>",
            "<form>",
            "<img src=x",
            "alt=",
        ],
        *[
            "&lt;",
            "&quot;",
            "&#0;",
            "&amp",
            "<br/>",
            "<p ",
            "class=table",
            "style=width:1%",
            "<pre>\n",
            "<annotation-xml>",
            "<foreignobject>",
        ],
        *[
            "\0",
            "\r",
            "é",
            "种",
            "<h1>",
            "</h1>",
            "<plaintext>",
            "<xmp>",
            "<frameset>",
            "<html>",
            "<body>",
            "<head>",
            "</br>",
            "<image>",
        ],
    ]
)
HTML = st.lists(PIECES, max_size=25).map("".join)


@settings(max_examples=600)
@given(HTML)
def test_cleaned_text_has_nothing_to_remove_and_stays_as_it_is(html):
    once = cleaned(html)
    assert removed(once) == ()
    assert cleaned(once) is once


@settings(max_examples=600)
@given(HTML)
def test_a_browsers_parser_finds_nothing_in_cleaned_text_that_is_not_allowed(html):
    """Beside the allow-list everything else is let through to it; were anything else there, it would be written."""
    clean = cleaned(html)
    odd = {
        "script",
        "style",
        "svg",
        "math",
        "title",
        "textarea",
        "noscript",
        "form",
        "option",
        "select",
        "template",
        "xmp",
        "mtext",
    }
    odd |= {"plaintext", "input", "image", "mglyph", "foreignobject", "annotation-xml", "iframe"}
    seen = set()

    def note(element, attribute, value):
        seen.add((element, attribute, value))
        return value

    tags = set(allowed().elements) | odd
    attributes = {name: {"href", "src", "onclick", "alt", "class", "style", "url", "title", "lang"} for name in tags}
    written = nh3.clean(
        clean, tags=tags, attributes=attributes, attribute_filter=note, clean_content_tags=set(), strip_comments=False,
        link_rel=None, url_schemes={"javascript", "https", "http", "mailto", "data"},
    )  # fmt: skip
    assert {token.name for token in tokens(written)} & odd == set()
    assert all(allowed().kept(*one) == one[2] for one in seen)


@given(HTML)
def test_the_pieces_of_a_text_are_the_text(html):
    pieces = list(tokens(html))
    assert "".join(piece.written for piece in pieces) == html
    assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]


TAG_LIKE = st.text(alphabet="<>ab \"'=/!-", max_size=60)


@settings(max_examples=600)
@given(HTML | TAG_LIKE)
def test_what_is_left_as_it_is_has_nothing_that_a_browsers_parser_would_take_out(html):
    """With the allow-list or without, a browser's parser reads the same."""
    if removed(html):
        return
    rules = allowed()
    attributes = {name: set(of) for name, of in rules.elements.items()}
    strict = nh3.clean(
        html,
        tags=set(rules.elements),
        attributes=attributes,
        attribute_filter=rules.kept,
        strip_comments=False,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
        clean_content_tags=set(rules.with_content),
    )
    loose = nh3.clean(
        html,
        tags=set(rules.elements) | rules.with_content | {"a", "b", "form", "html", "body", "image", "x"},
        attributes={name: {*of, "onclick", "id", "a", "b"} for name, of in attributes.items()},
        strip_comments=False,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "javascript", "data"},
        clean_content_tags=set(),
    )
    assert strict == loose


def test_words_are_lost_only_with_what_is_removed_with_its_content():
    html = "<section><p>Seeds</p><blink>sleep</blink></section><script>never()</script>"
    assert cleaned(html) == "<p>Seeds</p>sleep"
    assert [removal.message.split(": ")[1].split(" is")[0] for removal in removed(html)] == [
        "the tag <section>",
        "the tag <blink>",
        "the element <script>",
    ]


def test_of_very_much_that_is_wrong_the_first_is_named_and_the_rest_told_of():
    found = removed("<p onclick=x>moss</p>\n" * (3 * MOST))
    assert len(found) == MOST + 1
    assert [removal.line for removal in found] == list(range(1, MOST + 2))
    assert "more is not allowed" in found[-1].message
    assert cleaned("<p onclick=x>moss</p>" * (3 * MOST)) == "<p>moss</p>" * (3 * MOST)
