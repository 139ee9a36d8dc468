"""HTML: what counts as a text, how it is called, and what is said beside it."""

import pytest

from tests.extractors.html_pages import beside, extracted, merged, texts
from tm_service.domain.text import CodeKind, parse
from tm_service.domain.units import About

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
