"""HTML: what counts as a text, how it is called, what is said beside it, and how a translation is written into a page."""

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
from tm_service.domain.errors import ExtractionError
from tm_service.domain.text import CodeKind, parse
from tm_service.domain.units import About, Document, key_text


def document(content: str | bytes) -> Document:
    return Document("pages/seeds.html", content if isinstance(content, bytes) else content.encode())


def extracted(content: str | bytes, dialect: str = "") -> dict[str, str]:
    return {key_text(unit.key): unit.source for unit in Html(dialect).extract(document(content)).values}


def texts(content: str | bytes, dialect: str = "") -> list[str]:
    return list(extracted(content, dialect).values())


def beside(content: str, dialect: str = "") -> dict[str, About]:
    return {unit.source: unit.about for unit in Html(dialect).extract(document(content)).values}


def merged(content: str, given: dict[str, str], dialect: str = "", locale: str = "") -> str:
    """A page with translations by their source text."""
    extractor = Html(dialect)
    resource = extractor.extract(document(content))
    keys = {unit.source: unit.key for unit in resource.values}
    return extractor.merge(
        resource, served({keys[source]: text for source, text in given.items()}), locale=locale
    ).decode()


def refusal(content: str | bytes, dialect: str = "") -> ExtractionError:
    with pytest.raises(ExtractionError) as caught:
        Html(dialect).extract(document(content))
    return caught.value


# What is a text


def test_a_text_is_the_inner_source_of_a_block_with_its_inline_elements():
    page = '<p>Read the <a href="/guide">guide</a> to <em>seed</em> banks,<br>please.</p>'
    assert texts(page) == ['Read the <a href="/guide">guide</a> to <em>seed</em> banks,<br>please.']


def test_a_block_inside_ends_a_text_and_begins_another():
    assert extracted("<div>Before<p>Inside</p>After</div>") == {"div": "Before", "p": "Inside", "div.2": "After"}


def test_end_tags_may_be_left_out():
    page = "<ul><li>Oak<li>Ash</ul><p>First<p>Second<table><tr><td>A cell<td>Another<tr><th>A head</table>"
    assert texts(page) == ["Oak", "Ash", "First", "Second", "A cell", "Another", "A head"]


def test_links_in_a_row_are_texts_of_their_own():
    page = '<nav><a href="/">Home</a> | <a href="/seeds">Seeds</a><button><i class="disk"></i> Save</button></nav>'
    assert extracted(page) == {"nav.a": "Home", "nav.a:2": "Seeds", "nav.button": "Save"}


def test_formatting_in_a_row_is_one_sentence():
    assert texts("<p><b>Dry</b> <i>seeds</i></p>") == ["<b>Dry</b> <i>seeds</i>"]


def test_one_element_around_everything_is_no_part_of_the_text():
    assert extracted("<li><a href='/x'><b>Home</b></a></li>") == {"li.a.b": "Home"}


def test_icons_at_the_ends_are_no_part_of_a_text_and_a_full_stop_is():
    page = '<p><i class="icon"></i> <img src="a.png"> Press <kbd>Enter</kbd>.<br></p>'
    assert texts(page) == ["Press <kbd>Enter</kbd>."]


def test_a_number_beside_an_element_is_part_of_the_sentence():
    assert texts("<p>12 <b>seeds</b></p>") == ["12 <b>seeds</b>"]


def test_white_space_is_as_readers_see_it():
    assert texts("<p>\n   A long\n   sentence\t here\n</p>") == ["A long sentence here"]
    assert texts("<pre>  A poem\n  in two lines</pre>") == ["A poem\n  in two lines"]
    assert texts("<p>A\u00a0b c</p>") == ["A\u00a0b c"]


def test_rewrapped_source_is_the_same_text():
    assert texts("<p>Seeds of <b>oak</b> and ash</p>") == texts("<p>\n  Seeds of <b>oak</b>\n  and ash\n</p>")


def test_characters_are_shown_and_what_would_be_markup_stays_a_reference():
    page = "<p>caf&eacute; &mdash; R&amp;D &#8364; a &lt; b &lt;b&gt; &amp;lt; 5&nbsp;kg&shy; &copy 2026</p>"
    assert texts(page) == ["café — R&D € a < b &lt;b> &amp;lt; 5&nbsp;kg&shy; © 2026"]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<img alt="A lantern">', "A lantern"),
        ('<p title="Hint">1</p>', "Hint"),
        ("<input placeholder='Your name'>", "Your name"),
        ("<input type=SUBMIT value=Send>", "Send"),
        ('<button aria-label="Close">x1</button>', "Close"),
        ('<meta name="Description" content="About us">', "About us"),
        ('<meta property="og:title" content="About us">', "About us"),
        ('<option label="Ash">1</option>', "Ash"),
        ('<optgroup label="Trees"></optgroup>', "Trees"),
        ('<track label="Captions">', "Captions"),
        ('<seed-card label="Ash"></seed-card>', "Ash"),
        ("<title>Seeds &amp; more</title>", "Seeds & more"),
        ("<textarea>Dear <b>all</b></textarea>", "Dear <b>all</b>"),
        ('<script type="text/ng-template" id="a"><p>Inside</p></script>', "Inside"),
        ("<svg aria-label='Map'><title>No</title></svg>", "Map"),
    ],
)
def test_what_readers_see_or_hear_is_a_text(page, text):
    assert text in texts(page)


@pytest.mark.parametrize(
    "page",
    [
        "<script>var a = '<p>Hello</p>';</script>",
        "<style>p::before { content: 'Hello' }</style>",
        "<p>  </p><p>12,5 %</p><p>&nbsp;&mdash;</p>",
        "<code>make all</code><kbd>Enter</kbd>",
        '<p translate="no">Hello</p>',
        '<div class="a notranslate"><p title="Hello">Hello</p></div>',
        '<p data-i18n="a.b">Hello</p>',
        '<input value="Hello"><input type="hidden" value="Hello">',
        '<meta name="viewport" content="width">',
        '<link title="Hello">',
        "<!-- <p>Hello</p> -->",
        "<!--[if IE]><p>Hello</p><![endif]-->",
        "<?xml version='1.0'?><!DOCTYPE html>",
        "<iframe>Hello</iframe>",
        "<svg><text>Hello</text></svg>",
    ],
)
def test_what_is_nobodys_work_is_no_text(page):
    assert texts(page) == []


def test_a_catalog_may_give_some_attributes_and_the_page_others():
    page = '<p data-i18n="[title]nav.home" title="From the catalog" aria-label="From here">Text</p>'
    assert texts(page) == ["From here", "Text"]
    assert texts('<p data-i18n="[html]nav.home;[title]x">Text</p>') == []


def test_what_is_not_translated_within_a_sentence_stays_in_it():
    assert texts('<p>The <span translate="no">Ceres</span> portal</p>') == [
        'The <span translate="no">Ceres</span> portal'
    ]


# Attributes inside a text


def test_an_attribute_inside_a_text_is_a_unit_of_its_own():
    page = '<p>See <a href="/x" title="The list">here</a> or <img src="m.png" alt="A map"> there</p>'
    assert extracted(page) == {
        "p": 'See <a href="/x">here</a> or <img src="m.png"> there',
        "p.a.title": "The list",
        "p.img.alt": "A map",
    }


def test_both_are_written_whatever_order_the_translator_chose():
    page = '<p>See <a href="/x" title="The list">here</a> or <img src="m.png" alt="A map"> there</p>'
    given = {
        'See <a href="/x">here</a> or <img src="m.png"> there': '<img src="m.png"> là, ou <a href="/x">ici</a> voir',
        "The list": 'La "liste"',
        "A map": "Une carte",
    }
    assert merged(page, given) == (
        '<p><img src="m.png" alt="Une carte"> là, ou <a href="/x" title="La &quot;liste&quot;">ici</a> voir</p>'
    )
    del given["A map"]
    assert 'alt="A map"> là' in merged(page, given)
    assert merged(page, {"A map": "Une carte"}) == page.replace("A map", "Une carte")


def test_a_link_that_was_localised_keeps_the_attributes_that_are_not_shown():
    page = '<p>See <a href="/en/x" title="The list">here</a> now</p>'
    text = {'See <a href="/en/x">here</a> now': 'Voir <a href="/fr/x">ici</a>'}
    assert merged(page, text) == '<p>Voir <a href="/fr/x" title="The list">ici</a></p>'


def test_tags_that_look_the_same_and_are_not_are_numbered():
    page = '<p>Go <a (click)="a > 1">up</a> or <a (click)="b > 1">down</a> now</p>'
    assert texts(page, "angular") == ['Go <a>up</a> or <a n="2">down</a> now']
    text = {'Go <a>up</a> or <a n="2">down</a> now': 'Va <a n="2">en bas</a> ou <a>en haut</a>'}
    assert merged(page, text, "angular") == (
        '<p>Va <a (click)="b > 1">en bas</a> ou <a (click)="a > 1">en haut</a></p>'
    )


def test_every_tag_of_a_text_is_a_code_to_the_checks():
    page = '<p>Go <a [x]="a > 1" title="T" href="/x">up <b *ngIf="a < b">now</b></a> {{ a | date }} soon</p>'
    kinds = [code.kind for code in parse(texts(page, "angular")[0]).codes]
    assert kinds == [
        CodeKind.OPEN, CodeKind.OPEN, CodeKind.CLOSE, CodeKind.CLOSE, CodeKind.PLACEHOLDER,
    ]  # fmt: skip


def test_a_drawing_within_a_text_is_one_code():
    page = '<p>Press <svg viewBox="0 0 9 9"><path d="M0 0"/><title>Disk</title></svg> now</p>'
    assert texts(page) == ["Press <svg/> now"]
    assert merged(page, {"Press <svg/> now": "Le <svg/> !"}) == page.replace("Press", "Le").replace("now", "!")


# Keys


def test_a_key_is_the_nearest_id_landmark_or_heading_and_the_element():
    page = """<header><p>A</p></header><main><p>B</p><h2>C</h2><p>D</p><p>E</p><h3>F</h3><p>G</p><h2>H</h2><p>I</p>
    <section><p>J</p></section><div id="about"><p>K</p><h2>L</h2><p>M</p></div><p>N</p></main>"""
    assert list(extracted(page)) == [
        "header.p", "main.p", "main.h2", "main.h2.p", "main.h2.p:2", "main.h2.h3", "main.h2.h3.p", "main.h2:2",
        "main.h2:2.p", "main.h2:2.section.p", "#about.p", "#about.h2", "#about.h2.p", "main.h2:2.p:2",
    ]  # fmt: skip


def test_what_is_added_under_one_heading_moves_no_key_under_another():
    before = "<main><h2>Oak</h2><p>Acorns</p><h2>Ash</h2><p>Keys</p></main>"
    after = before.replace("<p>Acorns</p>", "<div><p>New</p><ul><li>List</li></ul></div><p>Acorns</p>")
    keys = {text: key for key, text in extracted(before).items()}
    assert {text: key for key, text in extracted(after).items() if text in ("Ash", "Keys", "Oak")} == {
        text: key for text, key in keys.items() if text != "Acorns"
    }


def test_a_translated_page_has_the_keys_of_its_source():
    page = '<main><h1>Seeds</h1><p>Dry <b>ones</b></p><a href="x" title="More">Go</a></main>'
    given = {"Seeds": "بذور", "Dry <b>ones</b>": "<b>جافة</b> تماما", "More": "المزيد", "Go": "اذهب"}
    assert list(extracted(merged(page, given, locale="ar"))) == list(extracted(page))


def test_equal_ids_are_told_apart():
    assert extracted('<div id="a"><p>One</p></div><div id="a"><p>Two</p></div>') == {"#a.p": "One", "#a~2.p": "Two"}


# Comments


def test_a_comment_right_before_a_text_is_its_note():
    page = "<!-- Shown on the map; at most 20 characters --><h1>Seeds</h1><p>Dry</p>"
    assert beside(page) == {"Seeds": About("Shown on the map; at most 20 characters", 20), "Dry": About()}


def test_a_note_goes_to_the_first_text_of_the_element_after_it():
    assert [each.note for each in beside("<!-- About trees --><ul><li>Oak</li><li>Ash</li></ul>").values()] == [
        "About trees", "",
    ]  # fmt: skip


def test_comments_between_links_belong_to_the_link_after_them():
    page = "<p><!-- one --><a>Oak</a> <!-- two; tm:maxlength=9 --><a>Ash</a></p>"
    assert beside(page) == {"Oak": About("one"), "Ash": About("two;", 9)}


def test_a_directive_holds_for_all_of_an_element():
    page = '<!-- tm:ignore --><ul title="Trees"><li>Oak</li><li><b>Ash</b> tree</li></ul><p>Elm</p>'
    assert [each.ignored for each in beside(page).values()] == [True, True, True, False]
    assert beside("<!-- tm:legal --><p>Terms</p>")["Terms"].legal


def test_a_comment_within_a_sentence_stays_where_it_is():
    page = "<p>Dry <!-- really --> seeds</p>"
    assert texts(page) == ["Dry <!-- really --> seeds"]


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
