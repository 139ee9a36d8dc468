"""Apple strings: what an app reads of a pair, how a pair is written, and what is no pair."""

import pytest

from tests.extractors.extracting import Format
from tm_service.domain.units import About

STRINGS = Format("strings", "en.lproj/Localizable.strings")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r'"a \"b\" \\ \n\t"', 'a "b" \\ \n\t'),
        (r'"\U00e9\UD83D\uDE00"', "é\ufffduDE00"),
        (r'"\UD83D\UDE00"', "😀"),
        (r'"\101\012\351"', "A\nØ"),
        (r'"\q\'"', "q'"),
        ("'single \"double\"'", 'single "double"'),
        ("plain.word-1", "plain.word-1"),
        ('"two\nlines"', "two\nlines"),
        ('"100 %@ // no comment"', "100 %@ // no comment"),
    ],
)
def test_a_text_is_what_the_app_reads(raw, text):
    assert STRINGS.texts(f'"k" = {raw};') == {("k",): text}


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ('"k" = "a";', 'b "c"\n\\', r'"k" = "b \"c\"\n\\";'),
        ('"k" = "a\nb";', "c\nd\te", '"k" = "c\nd\\te";'),
        ("k = a;", "b", "k = b;"),
        ("k = a;", "b c", 'k = "b c";'),
        ("'k' = 'a';", "it's", r"'k' = 'it\'s';"),
        ('"Yes";', "Oui", '"Yes" = "Oui";'),
        (r'"k" = "caf\U00e9";', "été 😀", r'"k" = "\U00E9t\U00E9 \UD83D\UDE00";'),
        (r'"k" = "a\U2026";', "été", '"k" = "été";'),
        ('"k" = "a";', "\x00\x1b", r'"k" = "\U0000\U001B";'),
    ],
)
def test_a_text_is_written_as_its_place_is(before, text, after):
    key = ("Yes",) if "Yes" in before else ("k",)
    written = STRINGS.merged(before, {key: text})
    assert written.decode() == after
    assert STRINGS.read(written) == {key: text}


def test_comments_are_notes_where_somebody_wrote_one():
    content = (
        "/* Texts of the library */\n\n/* Title; max 20 characters */\na = A;\n"
        "/* No comment provided by engineer. */\nb = B;\nc = C; // tm:legal\n// tm:ignore\nd = D;\n"
    )
    assert STRINGS.about(content) == {
        ("a",): About("Title; max 20 characters", 20),
        ("b",): About(),
        ("c",): About(legal=True),
        ("d",): About(ignored=True),
    }


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_is_told_and_kept(coding):
    written = STRINGS.merged('"k" = "Tray";\r\n'.encode(coding), {("k",): "درج"})
    assert written == '"k" = "درج";\r\n'.encode(coding)


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ('"a" = "b"', 1, 10, "a semicolon is missing after the value"),
        ('"a" = "b"\n"c" = "d";', 2, 1, "a semicolon is missing after the value"),
        ('"a" "b";', 1, 5, "an equals sign is missing after the key"),
        ('\n"a" = ;', 2, 7, "a value is missing after the equals sign"),
        ("= a;", 1, 1, "a key is missing here"),
        ('a = "b;\n', 1, 5, "the string that begins here has no closing quote"),
        ("/* a", 1, 1, "the comment that begins here has no end"),
        ("a = (b);", 1, 5, "a value is missing after the equals sign"),
        ("\n{ a = b; }", 2, 1, "this is a dictionary in braces"),
        ("bplist00\xd1", 1, 1, "this is a property list of another kind"),
        ('<?xml version="1.0"?><plist/>', 1, 1, "this is a property list of another kind"),
    ],
)
def test_what_is_no_pair_is_refused_with_its_place(content, line, column, reason):
    found = STRINGS.refusal(content)
    assert found[:2] == (line, column)
    assert found[2].startswith(reason)
