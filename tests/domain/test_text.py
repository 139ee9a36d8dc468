"""Text: what a reader sees, with the inline codes in it told apart from the words."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tm_service.domain.text import CodeKind, fingerprint, is_language, is_skeleton, parse, word_tokens, words

PIECES = (
    *("<b>", "</b>", "<br/>", "<", ">", "<!--", "-->", "&amp;", "&", "é", "e\u0301", "\r\n"),
    *("{a}", "{{b}}", "${c}", "{", "}", "%s", "%(n)s", "%", "@:a.b", "@:", "|"),
)
MARKED = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join))


@given(MARKED)
@example("\ud800")
def test_a_text_has_one_fingerprint_in_all_its_canonical_forms_and_line_ends(text):
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
    assert {fingerprint(form) for form in forms} == {fingerprint(text)}
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert {fingerprint(lines.replace("\n", end)) for end in ("\n", "\r\n", "\r")} == {fingerprint(text)}


@pytest.mark.parametrize(
    "other", ["boat", "Boat ", " Boat", "Boat\n", "Boat.", "B\u200boat", "Ｂoat", "Boats", "<b>Boat</b>", "B\u00adoat"]
)
def test_everything_else_that_changes_changes_the_fingerprint(other):
    assert fingerprint(other) != fingerprint("Boat")


def test_compatibility_forms_are_different_texts():
    assert fingerprint("ﬁne") != fingerprint("fine")
    assert fingerprint("10\u00a0km") != fingerprint("10 km")


def test_a_fingerprint_is_32_hexadecimal_digits_and_never_changes():
    assert fingerprint("Lanterns") == "f6cf5f34d184d2126e9bb508b56b0b8e"


@given(MARKED)
def test_joining_the_parts_gives_the_value_back(value):
    assert str(parse(value)) == value


@given(MARKED)
def test_pairs_are_numbered_from_one_and_opened_before_they_are_closed(value):
    codes = parse(value).codes
    opened = [code.pair for code in codes if code.kind is CodeKind.OPEN]
    assert opened == list(range(1, len(opened) + 1))
    assert sorted(code.pair for code in codes if code.kind is CodeKind.CLOSE) == opened


@pytest.mark.parametrize(
    ("value", "kind", "codes"),
    [
        ("Hello {name}", "placeholder", ["{name}"]),
        ("Hello { user.first_name }!", "placeholder", ["{ user.first_name }"]),
        ("{0} of {1}", "placeholder", ["{0}", "{1}"]),
        ("{items[0]}", "placeholder", ["{items[0]}"]),
        ("On {day, date, short}", "placeholder", ["{day, date, short}"]),
        ("{{ total }} boats", "placeholder", ["{{ total }}"]),
        ("${price} coins", "placeholder", ["${price}"]),
        ("{{{ total }}} boats", "placeholder", ["{{{ total }}}"]),
        ("Hello <%= user.name %>!", "placeholder", ["<%= user.name %>"]),
        ("{% if a %}One{% else %}Two{% endif %}", "placeholder", ["{% if a %}", "{% else %}", "{% endif %}"]),
        ("{#if a}One{:else}Two{/if} {@html b}", "placeholder", ["{#if a}", "{:else}", "{/if}", "{@html b}"]),
        ("%{price} coins", "placeholder", ["%{price}"]),
        ("%price% coins", "placeholder", ["%price%"]),
        ("$PRICE$ coins, up 50%or$more$", "placeholder", ["$PRICE$", "$more$"]),
        ("ines{'@'}example", "placeholder", ["{'@'}"]),
        ('A $t(boat, {"count": 2}) here', "link", ['$t(boat, {"count": 2})']),
        ("See @:{'menu title'}", "link", ["@:{'menu title'}"]),
        ("%s boats, %d nets", "placeholder", ["%s", "%d"]),
        ("%s%s", "placeholder", ["%s", "%s"]),
        ("种子%s粒，共%d", "placeholder", ["%s", "%d"]),
        ("见@:menu.banks了解", "link", ["@:menu.banks"]),
        ("%1$s of %2$s", "placeholder", ["%1$s", "%2$s"]),
        ("%.2f coins", "placeholder", ["%.2f"]),
        ("%(count)s boats", "placeholder", ["%(count)s"]),
        ("100% sure", "placeholder", []),
        ("50 %discount", "placeholder", []),
        ("a set {of many words}", "placeholder", []),
        ("{n, plural, one {# boat} other {# boats}}", "placeholder", []),
        ("&nbsp;&amp;&#160;&#xA0;", "entity", ["&nbsp;", "&amp;", "&#160;", "&#xA0;"]),
        ("Boats & nets; ropes", "entity", []),
        ("@:menu.home and @.lower:menu", "link", ["@:menu.home", "@.lower:menu"]),
        ("@:(menu.home).", "link", ["@:(menu.home)"]),
        ("keeper@lantern.example", "link", []),
        ("boat | boats", "bar", [" | "]),
        ("a|b", "bar", []),
        ("<b>x</b>", "open", ["<b>"]),
        ("<b>x</b>", "close", ["</b>"]),
        ('a<br>b<img src="x">c<i/>', "alone", ["<br>", '<img src="x">', "<i/>"]),
        ("<b>never closed", "alone", ["<b>"]),
        ("never opened</b>", "alone", ["</b>"]),
        ("<!-- a <b> note -->x", "alone", ["<!-- a <b> note -->"]),
        ("<!-- open <!-- closed -->", "alone", ["<!-- closed -->"]),
        ("3 < 4 and 5 > 4", "alone", []),
    ],
)
def test_codes_are_told_from_text(value, kind, codes):
    assert list(parse(value).data(CodeKind(kind))) == codes


def test_pairs_are_found_through_nesting():
    codes = parse('<p>See <a href="/x"><b>this</b></a> and <b>that</b></p>').codes
    assert [(code.kind.value, code.pair) for code in codes] == [
        ("open", 1),
        ("open", 2),
        ("open", 3),
        ("close", 3),
        ("close", 2),
        ("open", 4),
        ("close", 4),
        ("close", 1),
    ]


def test_the_plain_text_has_a_space_for_each_code():
    assert parse("one<br>two {x}").plain == "one two  "


@pytest.mark.parametrize(
    "value",
    [
        *("Documents", "LMOs", "FAQs", "PDF", "Article2", "Save {name}", "<p>Hello</p>", "Нет", "文件", "وثيقة", "a"),
        *("well-known", "and/or", "e.g.", "See https://x.y/z", "Ask a@b.org"),
    ],
)
def test_what_people_read_is_language(value):
    assert is_language(value)


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "12", "3.5 %", "...", "—", "{name}", "{{a}} | %s", "<br>", "&nbsp;"),
        *("https://x.y/z", "www.x.org", "/en/guide", "#top", "../a/b", "mailto:a@b.org", "a@b.org"),
        *("country_name", "articleTitle", "menu.home.title"),
        *("52000000cbd0220000000001a2b3c4d5", "123e4567-e89b-12d3-a456-426614174000"),
    ],
)
def test_codes_are_no_language(value):
    assert not is_language(value)


@pytest.mark.parametrize("value", ["26. ", "<p></p>", "", " \n", "{name}", "(1) —"])
def test_a_skeleton_has_no_letter_left(value):
    assert is_skeleton(value)


@pytest.mark.parametrize("value", ["26. a", "<p>x</p>", "https://x.y", "文"])
def test_letters_are_no_skeleton(value):
    assert not is_skeleton(value)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("", 0),
        ("Apply at the office", 4),
        ("The keeper's well-known boat", 4),
        ("<b>Two</b> words {name} &amp; %s", 2),
        ("Article 12, paragraph 3", 4),
        ("3.5", 2),
        ("信息交换所", 5),
        ("下载 PDF 文件", 5),
        ("下载PDF文件", 5),
        ("第12条", 3),
        ("中-英", 2),
        ("英's", 2),
        ("𠮷", 1),
        ("Новости и события", 3),
        ("غرفة تبادل المعلومات", 3),
        ("snake_case", 2),
    ],
)
def test_words_are_counted_as_analysis_reports_do(value, count):
    assert words(value) == count


def test_han_stands_by_character_and_other_letters_by_run():
    assert list(word_tokens("下载PDF-A文件")) == ["下", "载", "PDF-A", "文", "件"]
