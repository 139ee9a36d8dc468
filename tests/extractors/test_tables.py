"""CSV tables: which column is which, what a cell may hold, columns that are added, and tables that are refused."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.table_columns import columns
from extractors.tables import CsvTable
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

KEYED = 'key,en,fr\nopen,Open,Ouvert\nshut,"Shut, for now",\n'


def document(content: str | bytes) -> Document:
    return Document("labels.csv", content if isinstance(content, bytes) else content.encode())


def extracted(content: str | bytes, locale: str = "en") -> dict:
    return {unit.key[0]: unit.source for unit in CsvTable().extract(document(content), locale).values}


def merged(content: str, texts: dict[str, str], locale: str = "fr") -> str:
    resource = CsvTable().extract(document(content), "en")
    entries = served({(key,): text for key, text in texts.items()})
    return CsvTable().merge(resource, entries, locale=locale).decode()


def rows(content: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


def test_each_language_has_its_column():
    assert extracted(KEYED) == {"open": "Open", "shut": "Shut, for now"}
    assert CsvTable().read(document(KEYED), "fr").values == {("open",): "Ouvert", ("shut",): ""}


@pytest.mark.parametrize(
    ("heading", "locale", "place"),
    [
        ("key,en,fr", "fr", 2),
        ("key,en,fr_CA", "fr", 2),
        ("key,en,fr-FR,fr-CA", "fr-CA", 3),
        ("key,pt-PT,pt-BR", "pt-BR", 2),
        ("Key;English;French".replace(";", ","), "fr", 2),
        ("Clé,Anglais,Français", "fr", 2),
        ("Ключ,английский,русский", "ru", 2),
        ("id,English (en),French (fr)", "fr", 2),
        ("id,Spanish (Spain),Spanish (Mexico)", "es-MX", 2),
        ("id,text_en,text_zh_Hans", "zh", 2),
        ("id,zh-TW,zh-CN", "zh", 2),
        ("id,zh-TW,zh-CN", "zh-Hant", 1),
        ("key,source,target", "ru", 2),
        ("key,en,id", "id", 2),
        ("key,en,fr", "ru", None),
        ("key,zh-Hant", "zh-Hans", None),
        ("key,text", "ru", 1),
    ],
)
def test_a_heading_says_which_language_a_column_holds(heading, locale, place):
    found = columns(heading.split(","))
    assert found is not None
    assert found.place(locale) == place


def test_a_source_column_is_what_is_translated_and_a_target_column_what_is_written():
    content = "id,source,target\na,Reed,\n"
    assert extracted(content) == {"a": "Reed"}
    assert merged(content, {"a": "Roseau"}) == "id,source,target\na,Reed,Roseau\n"


def test_the_source_is_the_column_of_its_language_wherever_it_stands():
    assert extracted("key,fr,en\na,Roseau,Reed\n", "en") == {"a": "Reed"}
    assert extracted("key,source,fr\na,Reed,Roseau\n", "en") == {"a": "Reed"}
    assert extracted("key,text,fr\na,Reed,Roseau\n", "en") == {"a": "Reed"}


def test_without_a_column_of_keys_the_source_text_is_the_key():
    content = "English,French\nReed,Roseau\n"
    assert CsvTable().read(document(content), "fr").values == {("Reed",): "Roseau"}


def test_two_columns_without_headings_are_keys_and_texts():
    assert extracted("quay.north;North quay\nquay.fee;A fee; is due\n".replace("; is", " is")) == {
        "quay.north": "North quay",
        "quay.fee": "A fee is due",
    }


def test_delimiters_quotes_and_line_ends_stay_and_only_the_cell_changes():
    content = 'sep=;\r\n"key";"en";"fr"\r\n"a" ; "Oats; rye";""\r\n'
    assert merged(content, {"a": 'Avoine "noire"'}) == content.replace(';""\r', ';"Avoine ""noire"""\r')


def test_a_cell_is_quoted_where_its_text_needs_it():
    assert merged(KEYED, {"open": "Ouvert, enfin"}).splitlines()[1] == 'open,Open,"Ouvert, enfin"'
    assert rows(merged(KEYED, {"open": "Deux\nlignes"}))[1][2] == "Deux\nlignes"


def test_a_short_row_gets_the_cells_it_lacks():
    assert merged("key,note,en,fr\na,,Oats\n", {"a": "Avoine"}) == "key,note,en,fr\na,,Oats,Avoine\n"


@pytest.mark.parametrize(
    ("heading", "added"),
    [
        ("key,en,fr", "ru"),
        ("key,English,French", "Russian"),
        ("key,text_en,text_fr", "text_ru"),
        ("key,English (en),French (fr)", "Russian (ru)"),
        ("key,source", "ru"),
    ],
)
def test_a_language_without_a_column_gets_one_headed_like_the_others(heading, added):
    if heading.endswith("source"):
        heading += ",en"
    content = f"{heading}\na,Oats,Avoine\n"
    new = rows(merged(content, {"a": "Овёс"}, "ru"))
    assert new == [[*heading.split(","), added], ["a", "Oats", "Avoine", "Овёс"]]


def test_an_added_column_is_the_last_one_even_beside_rows_that_are_too_long():
    new = rows(merged("key,en\na,Oats,stray\nb,Rye\n", {"b": "Рожь"}, "ru"))
    assert new == [["key", "en", "", "ru"], ["a", "Oats", "stray", ""], ["b", "Rye", "", "Рожь"]]


def test_the_region_of_a_code_is_written_as_the_table_writes_it():
    assert rows(merged("key,en_GB\na,Oats\n", {"a": "Овёс"}, "ru-RU"))[0] == ["key", "en_GB", "ru_RU"]


@pytest.mark.parametrize("text", ["=1+1", "+7", "-5", "@home", "\tindented", "'=quoted", "''-twice"])
def test_what_a_spreadsheet_would_run_is_guarded_and_read_back(text):
    new = merged(KEYED, {"open": text})
    assert rows(new)[1][2] == f"'{text}"
    assert CsvTable().read(document(new), "fr").values["open",] == text


def test_an_apostrophe_that_guards_nothing_is_text():
    assert extracted("key,en\na,'tis open\n") == {"a": "'tis open"}


def test_notes_limits_and_comments_are_said_of_a_row():
    content = "key,en,Notes,Max length\n# On the gate\na,Open,Shown large,12\nb,Shut,tm:ignore,\nc,Soon,,many\n"
    units = CsvTable().extract(document(content), "en").by_key
    assert (units["a",].about.note, units["a",].about.limit) == ("On the gate\nShown large", 12)
    assert units["b",].about.ignored
    assert (units["c",].about.note, units["c",].about.limit) == ("", 0)


def test_rows_without_a_key_are_no_messages():
    assert extracted("key,en\n,Section one\n\na,Open\n") == {"a": "Open"}


def test_a_key_that_stands_twice_is_told():
    resource = CsvTable().extract(document("key,en\na,Open\na,Shut\n"), "en")
    assert [unit.source for unit in resource.values] == ["Shut"]
    assert [found.check for found in resource.findings] == ["duplicate-key"]


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ("", 1, 1, "the file is empty"),
        ("\n\n", 1, 1, "the file is empty"),
        ("one\ntwo\n", 1, 1, "the first row names no column of keys"),
        ("a,b,c\n1,2,3\n", 1, 1, "the first row names no column of keys"),
        ('key,en\na,"Open\n', 2, 3, "the quote that opens here is never closed"),
        ('key,en\na,"Open" now\n', 2, 3, "text follows the quote that closes this cell"),
        (b"key,en\na,\xff\n", 2, 3, "the byte FF is not UTF-8"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(content, line, column, reason):
    with pytest.raises(ExtractionError) as caught:
        CsvTable().extract(document(content))
    assert (caught.value.line, caught.value.column) == (line, column)
    assert reason in caught.value.reason


_CELLS = st.text(st.sampled_from("ab,;\"\t\n =-'é中"), max_size=8)


@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=5), st.sampled_from(",;\t|"), st.booleans())
def test_what_the_standard_library_writes_is_read_alike(texts, delimiter, always):
    stream = io.StringIO(newline="")
    kind = csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL
    writer = csv.writer(stream, delimiter=delimiter, quoting=kind, lineterminator="\n")
    writer.writerow(["key", "en", "fr"])
    guarded = [(f"k{number}", *(f"x{text}" for text in pair)) for number, pair in enumerate(texts)]
    writer.writerows(guarded)
    content = document(stream.getvalue())
    assert CsvTable().read(content, "en").values == {(key,): text for key, text, _ in guarded}
    assert CsvTable().read(content, "fr").values == {(key,): text for key, _, text in guarded}
