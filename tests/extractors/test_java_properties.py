"""Java properties: what counts as a text, what is escaped and how, comments, encodings, and what is refused."""

import pytest

from extractors.java_properties import JavaProperties
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document


def document(content: str | bytes) -> Document:
    return Document("texts/a.properties", content if isinstance(content, bytes) else content.encode())


def texts(content: str | bytes, dialect: str = "") -> dict:
    return {key[0]: text for key, text in JavaProperties(dialect).read(document(content)).values.items()}


def merged(content: str | bytes, values: dict, dialect: str = "") -> bytes:
    extractor = JavaProperties(dialect)
    return extractor.merge(
        extractor.extract(document(content)), served({(name,): text for name, text in values.items()})
    )


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("a.b=Seeds", "a.b", "Seeds"),
        ("  a\t:\f Seeds ", "a", "Seeds "),
        ("a Seeds and bulbs", "a", "Seeds and bulbs"),
        ("a = = b", "a", "= b"),
        ("a", "a", ""),
        ("a\\ b\\=c\\:d = e", "a b=c:d", "e"),
        ("a=one, \\\n    two", "a", "one, two"),
        ("a\\\n  b = c", "ab", "c"),
        ("a \\\n = c", "a", "c"),
        ("a = \\u00e9\\u00E9\\t\\q\\#", "a", "éé\tq#"),
        ("a = \\ud83c\\udf31", "a", "🌱"),
        ("a = ends\\", "a", "ends"),
        ("a = \\\\\nb=c", "a", "\\"),
        ("a = it''s {0,number,#.##}", "a", "it''s {0,number,#.##}"),
        ("a = # no comment", "a", "# no comment"),
        ("= nameless", "", "nameless"),
    ],
)
def test_a_line_is_read_as_java_reads_it(line, name, text):
    assert next(iter(texts(line).items())) == (name, text)


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("a = x", "  y = #1", "a = \\  y = #1"),
        ("a = x\\:", "1:2", "a = 1\\:2"),
        ("a x", "= y", "a \\= y"),
        ("a", "y", "a=y"),
        ("a =", "y", "a =y"),
        ("a = x", "back\\slash\n\tline\r\f", "a = back\\\\slash\\n\\tline\\r\\f"),
        ("a = x", "Größe\u2028🌱\x00", "a = Gr\\u00f6\\u00dfe\\u2028\\ud83c\\udf31\\u0000"),
        ("a = x\nb = \\u00FC", "é", "a = \\u00E9\nb = \\u00FC"),
        ("a = one\\n\\\n   two", "1\n 2\n\n3", "a = 1\\n\\\n   \\ 2\\n\\n\\\n   3"),
        ("a = one, \\\n    two\nb = c", "1, 2", "a = 1, 2\nb = c"),
    ],
)
def test_a_text_is_written_as_its_place_wants_it(before, text, after):
    assert merged(before, {"a": text}).decode() == after
    assert texts(after)["a"] == text


def test_a_file_of_ascii_stays_ascii():
    """Every version of Java reads it, whatever the encoding it expects."""
    assert merged("a = Seeds", {"a": "种子"}) == b"a = \\u79cd\\u5b50"


def test_a_file_in_utf_8_is_written_raw_and_one_of_escapes_with_escapes():
    assert merged("a = Seeds\nb = é", {"a": "种子"}).decode() == "a = 种子\nb = é"
    assert merged("# é\na = Seeds\nb = \\u00e9", {"a": "种"}).decode() == "# é\na = \\u79cd\nb = \\u00e9"
    assert merged("a = Seeds", {"a": "种子"}, "utf-8").decode() == "a = 种子"
    assert merged("a = \\u00e9", {"a": "种"}, "utf-8").decode() == "a = \\u79cd"


def test_a_file_in_iso_8859_1_keeps_its_letters_and_escapes_the_rest():
    content = "a = Gärten\nb = Häfen".encode("iso-8859-1")
    assert texts(content) == {"a": "Gärten", "b": "Häfen"}
    assert merged(content, {"a": "Été 种"}) == "a = Été \\u79cd\nb = Häfen".encode("iso-8859-1")


def test_letters_that_would_make_a_file_look_like_utf_8_are_escaped():
    done = merged("a = Häfen".encode("iso-8859-1"), {"a": "Ã©"})
    assert done == b"a = \\u00c3\\u00a9"
    assert texts(done) == {"a": "Ã©"}


def test_the_comment_right_above_is_a_note_and_a_title_of_the_file_is_none():
    content = "# Texts of the seed bank\n\n# Button\n! max 12 characters\na = Open\nb = Close\n#tm:ignore\nc = Code\n"
    first, second, third = (unit.about for unit in JavaProperties().extract(document(content)).values)
    assert (first.note, first.limit) == ("Button\nmax 12 characters", 12)
    assert second.note == ""
    assert third.ignored


def test_of_equal_keys_the_last_counts_and_a_person_is_told():
    resource = JavaProperties().extract(document("a = 1 one\na = 2 two\n"))
    assert [unit.source for unit in resource.values] == ["2 two"]
    assert [found.check for found in resource.findings] == ["duplicate-key"]


@pytest.mark.parametrize(
    ("content", "dialect", "line", "column", "reason"),
    [
        ("a = b\nc = x\\u12", "", 2, 6, r"four hexadecimal digits are missing after \\u"),
        ("c\\uXYZW = x", "", 1, 2, "four hexadecimal digits"),
        (b"a = \xff", "utf-8", 1, 5, "the byte FF is not UTF-8"),
        ("a = Семена".encode() + b"\xe9", "", 1, 11, "the byte E9 is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, dialect, line, column, reason):
    with pytest.raises(ExtractionError, match=reason) as caught:
        JavaProperties(dialect).extract(document(content))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_half_character_is_kept_as_an_escape():
    assert merged("a = \\ud83c\nb = c", {"b": "\ud83c"}) == b"a = \\ud83c\nb = \\ud83c"
