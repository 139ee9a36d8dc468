"""Workbooks: what other programs write is read, and what is written opens in them with nothing else touched."""

import io

import openpyxl
import pytest
import xlsxwriter

from extractors.sheets import XlsxTable
from tests.extractors.archives import archive, unpacked
from tests.extractors.contract import served
from tests.extractors.sheet_documents import MAIN, workbook
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document


def book(sheets: dict[str, list[list]]) -> Document:
    """A workbook as a spreadsheet program saves it, with formats and a merged cell."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        bold = made.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row, bold if number == 0 else None)
            sheet.set_column(0, 3, 30)
            sheet.freeze_panes(1, 0)
    return Document("labels.xlsx", stream.getvalue())


def rows(content: bytes, sheet: str = "Labels") -> list[list]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].rows]


LABELS = {"Labels": [["Key", "English", "French"], ["open", "Open", "Ouvert"], ["count", "{n} seeds", None]]}


def test_a_key_is_the_name_of_the_sheet_and_the_key_of_the_row():
    document = book(
        {**LABELS, "Prices": [["item", "price"], ["a", 5]], "Mails": [["id", "en"], ["subject", "Your seeds"]]}
    )
    sources = {unit.key: unit.source for unit in XlsxTable().extract(document, "en").values}
    assert sources == {
        ("Labels", "open"): "Open",
        ("Labels", "count"): "{n} seeds",
        ("Mails", "subject"): "Your seeds",
    }


def test_cells_are_written_and_everything_else_of_the_archive_is_as_it_was():
    document = book(LABELS)
    resource = XlsxTable().extract(document, "en")
    merged = XlsxTable().merge(resource, served({("Labels", "count"): "{n} graines\net <plus>"}), locale="fr")
    assert rows(merged) == [
        ["Key", "English", "French"],
        ["open", "Open", "Ouvert"],
        ["count", "{n} seeds", "{n} graines\net <plus>"],
    ]
    before, after = unpacked(document.content), unpacked(merged)
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]


def test_a_language_without_a_column_gets_one_in_the_look_of_the_others():
    resource = XlsxTable().extract(book(LABELS), "en")
    merged = XlsxTable().merge(resource, served({("Labels", "open"): "مفتوح"}), locale="ar")
    assert rows(merged)[0][3] == "Arabic"
    assert rows(merged)[1][3] == "مفتوح"
    heading = openpyxl.load_workbook(io.BytesIO(merged))["Labels"]["D1"]
    assert heading.font.bold


def test_a_text_that_looks_like_a_formula_is_a_text():
    resource = XlsxTable().extract(book(LABELS), "en")
    merged = XlsxTable().merge(resource, served({("Labels", "open"): "=1+1"}), locale="fr")
    cell = openpyxl.load_workbook(io.BytesIO(merged))["Labels"]["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s") or cell.data_type == "inlineStr"
    assert XlsxTable().read(Document("x", merged), "fr").values["Labels", "open"] == "=1+1"


def test_formulas_are_nobodys_text():
    document = book({"Labels": [["key", "en"], ["a", "=UPPER(A1)"], ["b", "Seeds"]]})
    assert [unit.key for unit in XlsxTable().extract(document, "en").values] == [("Labels", "b")]


def test_notes_and_limits_are_said_of_a_row():
    document = book({"Labels": [["key", "en", "Notes", "Max length"], ["a", "Open", "On the gate", 12]]})
    said = XlsxTable().extract(document, "en").values[0].about
    assert (said.note, said.limit) == ("On the gate", 12)


def test_characters_that_xml_cannot_hold_are_written_as_office_writes_them():
    resource = XlsxTable().extract(book(LABELS), "en")
    merged = XlsxTable().merge(resource, served({("Labels", "open"): "a\x0bb _x0041_\r"}), locale="fr")
    assert XlsxTable().read(Document("x", merged), "fr").values["Labels", "open"] == "a\x0bb _x0041_\r"
    assert b"_x000B_" in unpacked(merged)["xl/worksheets/sheet1.xml"]


def test_two_columns_without_headings_are_keys_and_texts():
    assert [unit.source for unit in XlsxTable().extract(book({"One": [["quay.north", "North quay"]]})).values] == [
        "North quay"
    ]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"word/document.xml": "<a/>"}, "the archive holds no workbook"),
        (workbook({"A": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'}, "<sst/>"), "no sheet has a first row"),
        (workbook({"A": "<worksheet>"}, "<sst/>"), "in its xl/worksheets/sheet1.xml, "),
        (workbook({"A": "<!DOCTYPE a><worksheet/>"}, "<sst/>"), "a DOCTYPE"),
        (
            workbook(
                {"A": '<worksheet><sheetData><row><c r="A1"/><c r="A1"/></row></sheetData></worksheet>'}, "<sst/>"
            ),
            "a cell stands where none can be",
        ),
    ],
)
def test_a_broken_workbook_is_refused(members, reason):
    with pytest.raises(ExtractionError) as caught:
        XlsxTable().extract(Document("labels.xlsx", archive(members)))
    assert reason in caught.value.reason


def test_two_sheets_that_are_one_part_are_read_without_harm():
    """No program writes such a workbook; a damaged one may say so."""
    whole = book({**LABELS, "More": LABELS["Labels"]})
    members = unpacked(whole.content)
    links = "xl/_rels/workbook.xml.rels"
    torn = members | {links: members[links].replace(b"sheet2.xml", b"sheet1.xml")}
    document = Document("labels.xlsx", archive(torn))
    resource = XlsxTable().extract(document)
    assert {unit.source for unit in resource.units} == {"Open", "{n} seeds"}
    assert XlsxTable().merge(resource, {}) == document.content
