"""TOML: what counts as a text, in which quotes one is written, comments, and what is refused."""

import tomllib

import pytest

from extractors.toml import Toml
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document


def document(content: str | bytes) -> Document:
    return Document("texts/a.toml", content if isinstance(content, bytes) else content.encode())


def texts(content: str) -> dict:
    return dict(Toml().read(document(content)).values)


def merged(content: str, values: dict) -> str:
    return Toml().merge(Toml().extract(document(content)), served(values)).decode()


def test_a_key_is_the_path_of_tables_names_and_indices():
    content = (
        'a.b = "1"\n[t."x y"]\nz = [[], ["2"], {n = "3"}]\n[[r]]\n[r.s]\nq = "4"\n[[r]]\n[[r.u]]\n[[r.u]]\nv = "5"\n'
    )
    assert texts(content) == {
        ("a", "b"): "1",
        ("t", "x y", "z", "1", "0"): "2",
        ("t", "x y", "z", "2", "n"): "3",
        ("r", "0", "s", "q"): "4",
        ("r", "1", "u", "1", "v"): "5",
    }


def test_numbers_dates_and_booleans_are_no_texts():
    content = "a = 1_000\nb = 1979-05-27 07:32:00\nc = true\nd = [1.5, inf]\ne = 'Text' # a = 'no'\n"
    assert texts(content) == {("e",): "Text"}


def test_all_four_kinds_are_read():
    content = "a = \"x\\ty\"\nb = 'x\\ty'\nc = \"\"\"\nx\\\n   y\"\"\"\nd = '''\nx\n y'''\n"
    assert texts(content) == {("a",): "x\ty", ("b",): "x\\ty", ("c",): "xy", ("d",): "x\n y"}


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ('"x"', 'a "b"\n\\\x00é', '"a \\"b\\"\\n\\\\\\u0000é"'),
        ("'x'", 'C:\\ "b"', "'C:\\ \"b\"'"),
        ("'x'", "it's", '"it\'s"'),
        ("'x'", "one\ntwo", '"one\\ntwo"'),
        ('"""x"""', 'one\n"""two"', '"""one\n""\\"two\\""""'),
        ('"""\nx"""', "\none", '"""\n\none"""'),
        ('"""x"""', "\none", '"""\n\none"""'),
        ("'''x'''", "it's\nhere", "'''it's\nhere'''"),
        ("'''\nx'''", "it's'", '"""\nit\'s\'"""'),
        ('"x \\u2026"', "graines… 🌱", '"graines\\u2026 \\U0001f331"'),
        ('"x"', "half \ud83d", '"half \ufffd"'),
    ],
)
def test_a_text_keeps_the_quotes_it_had_where_they_can_hold_it(before, text, after):
    done = merged(f"a = {before} # end\n", {("a",): text})
    assert done == f"a = {after} # end\n"
    assert tomllib.loads(done)["a"] == text.replace("\ud83d", "\ufffd")


def test_long_texts_take_the_line_ends_of_the_file():
    assert merged('a = """\r\nx"""\r\n', {("a",): "one\ntwo"}) == 'a = """\r\none\r\ntwo"""\r\n'


def test_comments_above_and_behind_are_notes():
    content = """# Texts of the library

# Button
# max 12 characters
a = "Open" # opens the door
b = "Close"
# tm:ignore
c = [
  "One", # first of all
  # the second
  "Two",
]
"""
    about = {unit.key: unit.about for unit in Toml().extract(document(content)).values}
    assert (about["a",].note, about["a",].limit) == ("Button\nmax 12 characters\nopens the door", 12)
    assert about["b",].note == ""
    assert [about["c", str(index)].note for index in (0, 1)] == ["first of all", "the second"]
    assert about["c", "0"].ignored


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ('a = "b\nc = "d"\n', 1, 7, "Illegal character"),
        ("a = 1\nb\n", 2, 2, "Expected '=' after a key"),
        ("a = [1,\n 2", 2, 3, "Unclosed array"),
        ("[a]\nb = 'x'\n[a]\n", 3, 3, r"Cannot declare \('a',\) twice"),
        ("a = " + "9" * 5000, 1, 1, "out of range"),
        ("a = " + "[" * 20_000, 1, 105, "more than 100 levels deep"),
        ("a = " + "[" * 150 + "]" * 150, 1, 105, "more than 100 levels deep"),
        (b"a = '\xff'", 1, 6, "the byte FF is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, line, column, reason):
    with pytest.raises(ExtractionError, match=reason) as caught:
        Toml().extract(document(content))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_very_long_dotted_name_is_read():
    name = ".".join("a" * 3000)
    assert texts(f'{name} = "Deep"') == {("a",) * 3000: "Deep"}
