"""Fluent: which patterns count, what of them is text, and that whatever is written stays Fluent."""

import pytest
from fluent.syntax import FluentParser, ast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extractors.extracting import Format
from tm_service.domain.units import About

FTL = Format("fluent", "locales/en/main.ftl")
SELECT = "{ $n ->\n    [one] One tray\n   *[other] { $n } trays\n}"


def test_messages_attributes_and_terms_count():
    content = (
        "### File\n\n-bank = Seed Bank\n    .gender = neuter\n\n"
        "open = Open\n    .title = Open the door\nonly =\n    .label = Label\n"
    )
    resource = FTL.resource(content)
    assert {unit.key: unit.source for unit in resource.units} == {
        ("-bank",): "Seed Bank",
        ("open",): "Open",
        ("open", "title"): "Open the door",
        ("only", "label"): "Label",
    }
    assert resource.by_key["-bank", "gender"].about.ignored


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (" Hello, { $name }!", "Hello, { $name }!"),
        ("\n    Two\n      lines\n\n    and more", "Two\n  lines\n\nand more"),
        (" one\n        two", "one\ntwo"),
        ("\n    { $n ->\n        [one] One tray\n       *[other] { $n } trays\n    }", SELECT),
        (' {"  "}edge{" "}', "  edge "),
        (' x\n    {"["}y', "x\n[y"),
        (' {""}', ""),
        (' {"{"} brace', '{"{"} brace'),
        (" x \r\n    y", "x \ny"),
    ],
)
def test_a_text_is_its_lines_without_their_indent(raw, text):
    assert FTL.read(f"key ={raw}\n") == {("key",): text}


@pytest.mark.parametrize(
    ("raw", "text", "written"),
    [
        (" Hello", "Bonjour { $name }", " Bonjour { $name }"),
        (" Hello", "Un\ndeux", " Un\n    deux"),
        ("\n  Hello", "Un\n\ndeux", "\n  Un\n\n  deux"),
        (" Hello", SELECT, f" {SELECT}".replace("\n", "\n    ")),
        (" Hello", "  a ", ' {"  "}a{" "}'),
        ("\n    Hello", "[a\n.b", '\n    {"["}a\n    {"."}b'),
        (" Hello", "", ' {""}'),
        (" Hello", "{ broken", ' {"{"} broken'),
        (" Hello", "broken }", ' broken {"}"}'),
        (" Hello\r\n  x", "a\nb", " a\r\n  b"),
    ],
)
def test_a_text_is_written_in_the_indent_of_its_place(raw, text, written):
    assert FTL.merged(f"key ={raw}\n\nother = x\n", {("key",): text}).decode() == f"key ={written}\n\nother = x\n"


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                '"',
                "\\",
                "\n",
                "\r",
                " ",
                ".a = b",
                "[x]",
                "*",
                "{ $n }",
                "->",
                "#",
                "é",
                "\t",
                SELECT,
                "=",
                "-",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_whatever_is_written_the_file_is_fluent_and_other_messages_stand(text):
    written = FTL.merged(
        "key = x\n    .title = y\nblock =\n    z\nother = o\n",
        dict.fromkeys([("key",), ("key", "title"), ("block",)], text),
    )
    entries = FluentParser().parse(written.decode()).body
    assert not [entry for entry in entries if isinstance(entry, ast.Junk)]
    assert list(FTL.read(written)) == [("key",), ("key", "title"), ("block",), ("other",)]
    assert FTL.read(written)["other",] == "o"


def test_the_comment_of_a_message_is_its_note():
    content = (
        "## Section\n\n# At most 20 characters. tm:legal\nopen = Open\n    .title = Door\n\n# tm:ignore\nkey = x\n"
    )
    said = About("At most 20 characters.", 20, legal=True)
    assert FTL.about(content) == {("open",): said, ("open", "title"): said, ("key",): About(ignored=True)}


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [("a = x\nb { $n }\n", 2, 3), ("a = { $n", 1, 9), ("a = x\n\nno message\n", 3, 4), ("key = {" * 80, 1, 7)],
)
def test_junk_is_refused_with_its_place(content, line, column):
    assert FTL.refusal(content)[:2] == (line, column)


def test_placeables_in_placeables_are_refused_where_they_go_too_deep():
    assert "too deep" in FTL.refusal("a = " + "{" * 5000 + "}" * 5000)[2]
    assert "too deep" in FTL.refusal("a = " + "{ $n -> *[o] " * 5000)[2]
