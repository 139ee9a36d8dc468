"""INI: what counts as a text, quotes, deeper lines, comments, and lines that are nothing known."""

import configparser

import pytest
from hypothesis import given, settings

from extractors.ini import Ini
from tests.extractors.contract import served
from tests.extractors.ini_documents import ini_samples
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document


def document(content: str | bytes) -> Document:
    return Document("texts/a.ini", content if isinstance(content, bytes) else content.encode())


def texts(content: str) -> dict:
    return dict(Ini().read(document(content)).values)


def merged(content: str, values: dict) -> str:
    return Ini().merge(Ini().extract(document(content)), served(values)).decode()


def test_a_key_is_the_section_and_the_name():
    content = "title = Seeds\n[home page]\ntitle: Welcome\n[a.b] ; more\n  x.y = One\n"
    assert texts(content) == {("title",): "Seeds", ("home page", "title"): "Welcome", ("a.b", "x.y"): "One"}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("a = plain  ", "plain"),
        ('a = " kept blanks "', " kept blanks "),
        ("a = 'it\\'s'", "it's"),
        ('a = "say \\"seed\\"" ; beside', 'say "seed"'),
        ('a = "C:\\new\\\\"', "C:\\new\\"),
        ('a = "one" and "two"', '"one" and "two"'),
        ('a = "open', '"open'),
        ("a = b = c", "b = c"),
        ("a = x ; y # z", "x ; y # z"),
        ("a =", ""),
    ],
)
def test_a_value_is_read_without_what_is_the_files(line, text):
    assert texts(line) == {("a",): text}


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("a = x", "  two\nlines ", "a = two lines"),
        ("a = x", '"quoted"', 'a = "\\"quoted\\""'),
        ("a = x", '"half', 'a = "half'),
        ('a = "x" ; note', 'say "y" in C:\\n\\', 'a = "say \\"y\\" in C:\\n\\\\" ; note'),
        ("a = 'x'", "l'été\n\x00!", "a = 'l\\'été !'"),
        ("a = x\n  y\n\nb = z", "1\n\n 2 \n# 3", "a = 1\n  2 # 3\n\nb = z"),
        ("a =\r\n\tx\r\n\ty\r\n", "\n1\n2\n3", "a =\r\n\t1\r\n\t2\r\n\t3\r\n"),
        ("a =", "x", "a =x"),
        ("a = x\n  y", '"one"', 'a = "\\"one\\""'),
        ("a = x\n  y", '"one"\ntwo', 'a = "one" two'),
    ],
)
def test_a_text_is_written_as_its_place_wants_it(before, text, after):
    assert merged(before, {("a",): text}) == after


def test_deeper_lines_go_on_with_the_value():
    assert texts("a = one\n  two\n # a comment\n\n  three\nb = four") == {("a",): "one\ntwo\nthree", ("b",): "four"}


def test_a_value_in_quotes_ends_with_them():
    assert texts('a = "one"\n  b = "two"') == {("a",): "one", ("b",): "two"}


def test_comments_above_and_behind_quotes_are_notes():
    content = (
        '; title of the file\n\n# Button\n; max 9 characters\na = "Open" ; short!\nb = Close\n# tm:ignore\nc = Code\n'
    )
    first, second, third = (unit.about for unit in Ini().extract(document(content)).values)
    assert (first.note, first.limit) == ("Button\nmax 9 characters\nshort!", 9)
    assert second.note == ""
    assert third.ignored


def test_a_comment_of_one_value_is_not_that_of_the_next():
    content = "# first\na = Open\n# second\n[s]\nb = Close\n"
    assert [unit.about.note for unit in Ini().extract(document(content)).values] == ["first", ""]


def test_lines_that_are_nothing_known_are_told_once_with_the_first():
    resource = Ini().extract(document("a = Seeds\nnonsense\n[half\nmore\n"))
    (finding,) = resource.findings
    assert (finding.check, finding.path) == ("syntax", "texts/a.ini")
    assert finding.message == (
        "Line 2 is no [section], no name = value and no comment; 3 such lines are carried along."
    )


def test_a_wrong_byte_is_refused_with_its_place():
    with pytest.raises(ExtractionError, match="the byte E9 is not UTF-8") as caught:
        Ini().extract(document(b"[s]\na = \xe9"))
    assert (caught.value.line, caught.value.column) == (2, 5)


@pytest.mark.parametrize(
    "content", [" " * 20_000, "a" * 20_000, "[" * 20_000, '"' * 20_000, 'a="' + "\\" * 20_000, "a\n" * 9_000]
)
def test_hostile_files_are_read_and_kept(content):
    assert merged(content, {}) == content


@settings(deadline=None)
@given(ini_samples())
def test_names_and_unquoted_values_are_those_of_configparser(sample):
    parser = configparser.RawConfigParser(
        interpolation=None, default_section="\0", strict=False, empty_lines_in_values=False
    )
    content = sample.document.content.decode("utf-8-sig")
    try:
        parser.read_string("[\1]\n" + content)
    except configparser.Error:
        return
    ours = {tuple(name.lower() for name in key[-1:]) + key[:-1]: text for key, text in texts(content).items()}
    for section in parser.sections():
        for name, value in parser.items(section):
            key = (name,) if section == "\1" else (name, section)
            if value[:1] not in ("'", '"'):
                assert ours[key] == value
