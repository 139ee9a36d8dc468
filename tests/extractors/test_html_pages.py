"""HTML pages: how a translation is written into one, Angular's dialects, encodings, what is refused, and laws."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.html import Html
from extractors.html_texts import decoded_value
from extractors.html_tokens import Kind, Syntax, tokens
from extractors.pages import Page
from tests.extractors.contract import served, sources
from tests.extractors.html_documents import FLAVOURS, html_samples
from tests.extractors.html_pages import beside, document, extracted, merged, refusal, texts
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import About

# Writing


def test_characters_are_written_as_the_text_before_did():
    page = "<p>It&rsquo;s R&amp;D</p><p>Rest</p>"
    assert merged(page, {"It’s R&D": "L’été & l’hiver", "Rest": "L’été & R&D"}) == (
        "<p>L&rsquo;été &amp; l&rsquo;hiver</p><p>L’été & R&D</p>"
    )


def test_a_page_that_writes_letters_as_references_goes_on_doing_so():
    assert merged("<p>A caf&eacute;</p><p>Rest</p>", {"Rest": "Été 种 \u200f!"}) == (
        "<p>A caf&eacute;</p><p>&Eacute;t&eacute; &#31181; \u200f!</p>"
    )


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("a < b & c > d", "a &lt; b & c > d"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ('<img src=x onerror="go()">', '&lt;img src=x onerror="go()">'),
        ("</p><p>Zwei", "&lt;/p>&lt;p>Zwei"),
        ('<b>fett</b> <a href="/x" onclick="go()">da</a>', '<b>fett</b> &lt;a href="/x" onclick="go()">da&lt;/a>'),
        ("<b>fett", "&lt;b>fett"),
        ("fett</b>", "fett&lt;/b>"),
        ("&copy 5 &nbsp; &unknown;", "&amp;copy 5 &nbsp; &amp;unknown;"),
        ("A\x00\x08B", "AB"),
        ("<!-- hidden", "&lt;!-- hidden"),
    ],
)
def test_a_translation_cannot_break_the_page(target, written):
    assert merged('<p>Here <a href="/x">now</a>!</p>', {'Here <a href="/x">now</a>!': target}) == f"<p>{written}</p>"


@pytest.mark.parametrize(
    ("page", "target", "written"),
    [
        ('<p title="Hint">1</p>', "Say \"so\" & 'so'", "<p title=\"Say &quot;so&quot; & 'so'\">1</p>"),
        ("<p title='Hint'>1</p>", "Say \"so\" & 'so'", "<p title='Say \"so\" & &#39;so&#39;'>1</p>"),
        ("<p title=Hint>1</p>", "Tip", "<p title=Tip>1</p>"),
        ("<p title=Hint>1</p>", "Two words", '<p title="Two words">1</p>'),
        ("<p title = Hint/>1</p>", "x", "<p title = x>1</p>"),
        ('<p title="Hint">1</p>', "&amp; &copy", '<p title="&amp;amp; &amp;copy">1</p>'),
    ],
)
def test_an_attribute_keeps_its_quotation_marks(page, target, written):
    source = texts(page)[0]
    assert merged(page, {source: target}) == written
    assert texts(written) == [target] or target == "x"


def test_in_a_text_without_tags_tags_are_words():
    assert merged("<title>Seeds</title>", {"Seeds": "<b>R&D</b> &amp;"}) == "<title>&lt;b>R&D&lt;/b> &amp;amp;</title>"


def test_the_language_and_direction_of_the_page_are_said():
    page = '<!DOCTYPE html>\n<html lang="en"><p>Seeds</p></html>'
    assert merged(page, {"Seeds": "بذور"}, locale="ar").startswith('<!DOCTYPE html>\n<html dir="rtl" lang="ar"><p>بذور')
    assert '<html lang="zh-Hans">' in merged(page, {"Seeds": "种子"}, locale="zh_Hans")
    old = "<HTML dir='rtl'><p>Seeds</HTML>"
    assert merged(old, {"Seeds": "x"}, locale="fr") == "<HTML lang=\"fr\" dir='ltr'><p>x</HTML>"
    hidden = "<!--[if IE]><html lang='en'><![endif]--><html><p>Seeds</p></html>"
    assert merged(hidden, {"Seeds": "x"}, locale="fr").endswith('<![endif]--><html lang="fr"><p>x</p></html>')
    own = "<html lang='{{ l }}'><p>Seeds</p></html>"
    assert merged(own, {"Seeds": "x"}, "angularjs", "ar").startswith("<html dir=\"rtl\" lang='{{ l }}'>")


# Dialects of Angular


def test_interpolations_are_codes_and_texts_of_catalogs_are_none():
    page = """<h1 translate>HOME.TITLE</h1><p ng-bind="vm.x">Old</p><p>{{ vm.only }}</p>
    <p title="{{ 'A' | translate }}">Seeds of {{::vm.place}}</p><input placeholder="Find {{ x }}">
    <p translate="yes">Kept</p><p ng-bind-template="Hello {{ name }}"></p>"""
    assert texts(page, "angularjs") == ["Seeds of {{::vm.place}}", "Find {{ x }}", "Kept", "Hello {{ name }}"]


def test_in_plain_html_translate_says_yes_or_no():
    assert texts("<p translate>One</p><p translate=''>Two</p><p translate=no>Three</p>") == ["One", "Two"]


def test_a_translation_cannot_be_evaluated():
    page = "<p>Seeds of {{ place }}</p>"
    given = {"Seeds of {{ place }}": "{{ place }}: {{ constructor() }}"}
    assert merged(page, given, "angularjs") == "<p>{{ place }}: { { constructor() }}</p>"
    assert merged(page, given, "angular") == "<p>{{ place }}: &#123;&#123; constructor() &#125;&#125;</p>"


def test_i18n_gives_key_and_note_and_the_whole_element_is_the_text():
    page = (
        '<div i18n="page title|Shown in the tab, max. 30 characters@@home.title">Seeds<br/><p>of {{ place }}</p></div>'
    )
    assert extracted(page, "angular") == {"@@home\\.title": "Seeds<br/><p>of {{ place }}</p>"}
    assert list(beside(page, "angular").values()) == [About("page title\nShown in the tab, max. 30 characters", 30)]


def test_i18n_of_an_attribute_gives_its_key_and_note():
    page = '<img alt="Logo" i18n-alt="the logo@@logo"><p i18n="@@a">One</p><p i18n="@@a">One</p>'
    assert extracted(page, "angular") == {"@@logo": "Logo", "@@a": "One", "@@a~2": "One"}
    assert beside(page, "angular")["Logo"].note == "the logo"


def test_control_flow_ends_a_text_or_is_a_code_in_a_sentence():
    page = "@if (a > b) {Many seeds} @else {<p>One</p>}<p>It is @if (x) {so} @else {not} now</p>"
    assert texts(page, "angular") == ["Many seeds", "One", "It is {if}so{end} {else}not{end2} now"]
    text = {"It is {if}so{end} {else}not{end2} now": "{else}Nein{end2} oder {if}ja{end}"}
    assert merged(page, text, "angular").endswith("<p>@else {Nein} oder @if (x) {ja}</p>")


def test_an_icu_expression_is_text():
    icu = "{n, plural, =0 {none} =1 {<b>one</b> seed} other {{{n}} seeds, {g, select, a {x} other {y}}}}"
    page = f"<p>Found {icu} today</p><p>{icu}</p>"
    assert texts(page, "angular") == [f"Found {icu} today", icu]
    target = "{n, plural, =1 {<b>une</b> graine} other {{{n}} graines}}"
    assert merged(page, {icu: target}, "angular").endswith(f"<p>{target}</p>")


def test_an_address_is_no_control_flow():
    page = "<p>Write to seeds@if.example</p><p>Or to us&#64;if.example</p>"
    assert texts(page, "angular") == ["Write to seeds@if.example", "Or to us@if.example"]
    assert merged(page, {"Or to us@if.example": "@if (x) {us@if.example}"}, "angular").endswith(
        "<p>&#64;if (x) &#123;us&#64;if.example&#125;</p>"
    )


# Encodings and refusals


def test_a_declared_encoding_is_read_and_what_it_lacks_is_written_as_references():
    page = '<meta charset="ISO-8859-1"><p>Caf\u00e9 \u2013 open</p>'.encode("cp1252")
    assert texts(page) == ["Caf\u00e9 \u2013 open"]
    resource = Html().extract(document(page))
    key = resource.values[0].key
    written = Html().merge(resource, served({key: "Été 种子"}))
    assert written == '<meta charset="ISO-8859-1"><p>\u00c9t\u00e9 &#31181;&#23376;</p>'.encode("cp1252")


def test_a_byte_order_mark_is_kept():
    page = b"\xef\xbb\xbf<p>Seeds</p>"
    assert Html().merge(Html().extract(document(page)), served({("p",): "Grains"})) == b"\xef\xbb\xbf<p>Grains</p>"


@pytest.mark.parametrize(
    ("page", "dialect", "line", "column", "reason"),
    [
        ("<p>a</p>\n <!-- b", "", 2, 2, "the comment that begins here is never closed; write --> where it ends"),
        (
            "<p>a\n<a href='x>b</a>",
            "",
            2,
            9,
            "a quotation mark in the tag <a is never closed; write it where the value ends",
        ),
        ("<p>a\n<a href=x", "", 2, 1, "the tag <a that begins here is never closed; write > where it ends"),
        ("<script>\nx", "", 1, 1, "the <script> that begins here has no </script>; write its end tag"),
        ("<p><title>x</p>", "", 1, 4, "the <title> that begins here has no </title>; write its end tag"),
        ("<p><svg><path></p>", "", 1, 4, "the <svg> that begins here has no end tag"),
        ("a <!doctype", "", 1, 3, "the < that begins here is never closed; write &lt; for the character"),
        ("<p>a\n@if (x {", "angular", 2, 1, "the @if that begins here is never closed"),
        ("<p>{n, plural, other {x}", "angular", 1, 4, "the { that begins here is never closed"),
        (b"<p>\xff</p>", "", 1, 4, "the byte FF is not UTF-8; save the file as UTF-8"),
        ("<div>" * 401 + "a", "", 1, 1996, "elements are nested more than 400 levels deep"),
    ],
)
def test_a_broken_page_is_refused_with_its_place(page, dialect, line, column, reason):
    error = refusal(page, dialect)
    assert (error.line, error.column, error.reason) == (line, column, reason)


def test_what_browsers_mend_is_read():
    page = "<p>One</b></p></div><p>Two <b>bold<p>Three</p> x <3 y</3> & &bogus; <p a==b c>Four"
    assert texts(page) == ["One", "Two <b>bold", "Three", "x <3 y</3> & &bogus;", "Four"]
    assert merged(page, {"Two <b>bold": "Deux <b>gras"}) == page.replace("Two <b>bold", "Deux <b>gras")


@pytest.mark.parametrize(
    "page",
    ["<b>" * 390 + "x", "<p " * 5000, "<" * 20000, "&" * 20000, "<a b='" * 3000, "{{" * 9000, "<!--" * 5000, "@if (" * 4000,
     "<p>x</b>" * 2500, "<a>x" * 390, "<p title='x'" * 1500, "{a, plural," * 1500],
)  # fmt: skip
@pytest.mark.parametrize("dialect", Html.dialects)
def test_hostile_pages_are_read_or_refused(page, dialect):
    extractor = Html(dialect)
    try:
        resource = extractor.extract(document(page))
    except ExtractionError:
        return
    assert extractor.merge(resource, {}) == page.encode()
    extractor.merge(resource, served(sources(resource)))


# Laws


class _Other(HTMLParser):
    """The standard library's parser, which shares nothing with ours."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str]]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, [(name, value or "") for name, value in attrs]))


@settings(deadline=None)
@given(html_samples(FLAVOURS["html", ""]))
def test_tags_and_attributes_are_those_that_another_parser_finds(sample):
    page = sample.document.content.decode()
    ours = list(tokens(Page("x", page), Syntax()))
    assert "".join(page[each.begin : each.end] for each in ours) == page
    assert [
        (each.name, [(a.name, decoded_value(page[slice(*a.value)]) if a.value else "") for a in each.attributes])
        for each in ours
        if each.kind is Kind.OPEN
    ] == _Other(page).tags


_HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            ["<script>", "</p>", "<p>", "<b>", "</b>", "<!--", "-->", "<a href='x'>", "</a>", "<img src=x onerror=y>"]
        ),
        st.sampled_from(
            ["<", ">", '"', "'", "&lt;", "&", "=", "/", "</", "<a", "words", "{{", "</title>", "<br>", "<![CDATA["]
        ),
    ),
    max_size=8,
).map(" ".join)


@settings(deadline=None)
@given(st.data())
def test_no_translation_brings_tags_into_a_page(data):
    """Whatever a translator writes, the page's elements and attributes are its own, plain formatting apart."""
    page = data.draw(html_samples(FLAVOURS["html", ""])).document
    resource = Html().extract(page)
    targets = {unit.key: data.draw(_HOSTILE) for unit in resource.values}
    after = _Other(Html().merge(resource, served(targets)).decode()).tags
    before = _Other(page.content.decode()).tags
    names = Counter(tag for tag, _ in after if tag not in ("b", "br", "a", "code"))
    assert names == Counter(tag for tag, _ in before if tag not in ("b", "br", "a", "code"))
    assert {(tag, name) for tag, named in after for name, _ in named} <= {
        (tag, name) for tag, named in before for name, _ in named
    }
