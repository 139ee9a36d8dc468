"""Tables in and out: delimiters, encodings, columns by their names, and no cell that a spreadsheet would run."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest

from memory.interchange import Problem, read_csv, write_csv
from tests.memory.interchange.samples import AT, entry, texts
from tm_service.domain.errors import ReturnRejected
from tm_service.domain.serving import Origin, Translation
from tm_service.domain.site import State
from tm_service.domain.text import fingerprint


def table(content, encoding="utf-8", **asked: object):
    given = content if isinstance(content, bytes) else content.encode(encoding)
    return list(read_csv(BytesIO(given), **({"memory": "garden", "at": AT} | asked)))


def rows(*entries: Translation):
    """The cells of a table that was written, as a spreadsheet reads them."""
    out = BytesIO()
    write_csv(entries, out)
    return list(csv.DictReader(StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def refusal(content, **asked: object):
    with pytest.raises(ReturnRejected) as refused:
        table(content, **asked)
    return str(refused.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"])
def test_a_table_is_read_by_any_delimiter_encoding_and_line_end(delimiter, encoding, line):
    lines = [["en", "ru", "note"], ["Seed, dry; cool", "Семена | сухие", "a\tb"], ["Leaf", "Лист", ""]]
    content = line.join(delimiter.join(f'"{cell}"' for cell in row) for row in lines)
    found = table(content, encoding)
    assert texts(found) == [("Seed, dry; cool", "Семена | сухие"), ("Leaf", "Лист")]
    assert [one.properties for one in found] == [(("note", "a\tb"),), ()]


def test_excel_may_say_the_delimiter_first():
    assert texts(table("sep=;\r\nen;fr\r\nSeed, dry;Graine\r\n")) == [("Seed, dry", "Graine")]


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("source,target", {"source": "en", "targets": ["fr"]}),
        ("Source Text,Target Text", {"source": "en", "targets": ["fr"]}),
        ("EN-us,fr_FR", {}),
        ("en,fr", {"source": "en"}),
        ("en,fr", {"targets": ["fr", "ru"]}),
        ("source,fr", {"source": "en"}),
    ],
)
def test_columns_are_known_by_their_names_or_their_languages(header, asked):
    (found,) = table(f"{header}\nSeed,Graine\n", **asked)
    assert (found.source_locale, found.locale) == ("en", "fr")
    assert (found.source, found.target) == ("Seed", "Graine")


def test_a_row_may_say_its_languages():
    found = table("source_language,target_language,source,target\nen,zh-CN,Seed,种子\nEN-GB,AR,Leaf,ورقة\n")
    assert [(one.source_locale, one.locale) for one in found] == [("en", "zh"), ("en", "ar")]


def test_every_language_of_a_row_is_an_entry_and_an_empty_cell_is_none():
    found = table("en,ar,es,fr,ru,zh\nSeed,بذرة,Semilla,Graine,,种子\n")
    assert [(one.locale, one.target) for one in found] == [
        ("ar", "بذرة"),
        ("es", "Semilla"),
        ("fr", "Graine"),
        ("zh", "种子"),
    ]
    assert [one.locale for one in table("en,ar,es\nSeed,بذرة,Semilla\n", targets=["es"])] == ["es"]
    assert [one.source for one in table("en,es\nSeed,Semilla\n", source="es")] == ["Semilla"]


def test_what_other_columns_say_is_understood():
    header = "source,target,File name,String ID,Status,Origin,Author,Date,Previous,Next,Bed"
    row = "Seed,Graine,a.json,seed.one,Approved,MT,ana,2024-05-06T07:08:09Z,Before,After,4"
    (found,) = table(f"{header}\n{row}\n", source="en", targets=["fr"], reference="beds.csv")
    assert (found.resource, found.key, found.author, found.reference) == ("a.json", ("seed.one",), "ana", "beds.csv")
    assert (found.state, found.origin) == (State.APPROVED, Origin.MACHINE)
    assert found.at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert (found.previous, found.following) == (fingerprint("Before"), fingerprint("After"))
    assert found.properties == (("Bed", "4"),)


@pytest.mark.parametrize(
    ("content", "asked", "reason"),
    [
        ("Original,Übersetzung\nSeed,Samen\n", {}, "does not say which columns are what"),
        ("en\nSeed\n", {}, "does not say which columns are what"),
        ("source,target\nSeed,Graine\n", {"targets": ["fr"]}, "the language of its source"),
        ("source,target\nSeed,Graine\n", {"source": "en"}, "the language of its target"),
        ("source,target\nSeed,Graine\n", {"source": "en", "targets": ["fr", "ru"]}, "the language of its target"),
        ("en,fr\nSeed,Graine\n", {"source": "zh"}, "has no column in zh; it has en, fr"),
        ("en,fr\nSeed,Graine\n", {"targets": ["zh", "ar"]}, "has no column in zh or ar; it has en, fr"),
    ],
)
def test_a_table_that_cannot_be_told_is_refused(content, asked, reason):
    assert reason in refusal(content, **asked)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Seed", "Row 1 (line 2) has 1 cells where the header has 2; it was left out."),
        ("Seed,Graine,more", "Row 1 (line 2) has 3 cells where the header has 2; it was left out."),
        (",Graine", "Row 1 (line 2) has no text in en; it was left out."),
        ('"Seed"s,Graine', "Row 1 (line 2) cannot be told from the next (',' expected after '\"'); it was left out."),
        (f'"{"x" * 200_000}",Graine', "cannot be told from the next (field larger than field limit (131072))"),
        ('"Seed\nlist"s,Graine', "Row 1 (lines 2 to 3) cannot be told from the next"),
    ],
)
def test_a_row_that_is_broken_is_told_by_number_and_line_and_the_others_are_read(row, sentence):
    found = texts(table(f"en,fr\n{row}\nLeaf,Feuille\n"))
    assert sentence in found[0]
    assert found[1:] == [("Leaf", "Feuille")]


def test_a_quote_that_is_never_closed_does_not_glue_rows_together():
    found = texts(table('en,fr\n"Seed,Graine\n"Leaf","Feuille"\nRoot,Racine\n'))
    assert found[0].startswith("Row 1 (lines 2 to 3) cannot be told from the next")
    assert found[1:] == [("Root", "Racine")]


def test_blank_rows_and_cells_beyond_the_header_that_are_blank_are_nothing():
    assert texts(table("en,fr\n,,\n\nSeed,Graine,,\n")) == [("Seed", "Graine")]


def test_bytes_of_another_encoding_break_the_row_they_stand_in():
    found = texts(table("en,fr\nSummer,Été\nLeaf,Feuille\n".encode("latin-1")))
    assert "no character of the file's encoding; save the table as UTF-8" in found[0]
    assert found[1:] == [("Leaf", "Feuille")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_as_a_formula_does_and_comes_back_as_it_was(start):
    dangerous = entry(
        f"{start}1+1", f"'{start}cmd|x", resource=start, author=f"''{start}", properties=((start, start),)
    )
    (row,) = rows(dangerous)
    assert not [cell for cell in row.values() if cell[:1] in "=+-@\t\r\n＝＋－＠" and cell]
    assert (row["source"], row["target"]) == (f"'{start}1+1", f"''{start}cmd|x")
    out = BytesIO()
    write_csv([dangerous], out)
    assert table(out.getvalue()) == [dangerous]


def test_an_apostrophe_before_a_word_is_an_apostrophe():
    assert rows(entry("'Tis open"))[0]["source"] == "'Tis open"
    assert texts(table("en,fr\n'Tis open,C'est ouvert\n'-5,'=1\n")) == [("'Tis open", "C'est ouvert"), ("-5", "=1")]


def test_a_table_of_ours_says_what_people_look_for_in_plain_words():
    (row,) = rows(entry(resource="a.json", key=("gate", "open.hours"), state=State.REVIEWED, author="ana"))
    assert row["key"] == "gate.open\\.hours"
    assert (row["state"], row["author"], row["at"]) == ("reviewed", "ana", "2026-11-21T09:30:00+00:00")
    assert (row["fingerprint"], row["properties"]) == ("", "")


@pytest.mark.parametrize(
    ("cell", "spoilt"), [("reviewed", "glorious"), ("2026-11-21T09:30:00+00:00", "soon"), ("[[", "{[")]
)
def test_a_row_of_ours_that_was_changed_beyond_reading_is_told_of(cell, spoilt):
    out = BytesIO()
    write_csv([entry(state=State.REVIEWED, properties=(("a", "b"),)), entry()], out)
    found = table(out.getvalue().replace(cell.encode(), spoilt.encode(), 1))
    assert "has a cell of ours that was changed" in str(found[0])
    assert found[1] == entry()


def test_of_a_table_of_ours_the_pairs_asked_for_are_read():
    out = BytesIO()
    write_csv([entry(), entry(locale="ru")], out)
    assert [one.locale for one in table(out.getvalue(), source="en", targets=["ru"])] == ["ru"]


def test_a_stream_that_gives_a_byte_at_a_time_gives_the_same():
    class Slow(BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1))

    content = 'sep=;\r\nen;ru\r\n"Seed\r\nlist";"Опись\rсемян"\r\nLeaf;Лист'.encode("utf-16")
    found = list(read_csv(Slow(content), memory="garden", at=AT))
    assert texts(found) == [("Seed\r\nlist", "Опись\rсемян"), ("Leaf", "Лист")]
    assert not [one for one in found if isinstance(one, Problem)]
