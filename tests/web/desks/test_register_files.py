"""The register's files: what can be taken away opens again, says the same, and runs nothing."""

# ruff: noqa: F811 - fixtures are imported by their names

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.register_world import LOCALES, NOW, Releases, open_house, package, page_of, unit
from tests.storage.samples import AWKWARD
from tests.web.desks.register_desk import (  # noqa: F401 - fixtures
    CHARTS,
    PAGES,
    ROOT,
    TABLES,
    file_of,
    house,
    tables,
    visitor,
)
from tests.web.house import Visitor
from tm_service.domain.errors import ConnectorError
from tm_service.web.app import make_app
from tm_service.web.desks.register import files
from tm_service.web.desks.register.words import Column, Kind, Sheet, words


@pytest.mark.parametrize(("page", "table"), TABLES)
def test_a_table_opens_again_as_csv_and_as_xlsx_with_the_same_rows(visitor, page, table):
    answer = file_of(visitor, page, table, "csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="garden-{table}.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(file_of(visitor, page, table, "xlsx").content))
    kept = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == len(kept) > 1
    assert rows[0] == list(kept[0])
    for row, other in zip(rows[1:], kept[1:], strict=True):
        for cell, same in zip(row, other, strict=True):
            if isinstance(same, int | float):
                assert float(cell) == pytest.approx(same)
            elif isinstance(same, str):
                assert cell == same
            elif same is None:
                assert cell == ""
            else:
                assert cell.startswith(same.date().isoformat())


def test_a_round_price_is_written_as_people_write_it():
    sheet = Sheet("prices", "Prices", (Column("Price", Kind.NUMBER),), ((Decimal("5E+2"),),))
    assert files.csv_of(sheet).decode("utf-8-sig") == "Price\r\n500\r\n"


def test_a_workbook_has_every_table_of_its_page_and_runs_as_one_reads(visitor):
    arabic = load_workbook(io.BytesIO(file_of(visitor, "savings", "months", "xlsx", "ar").content))
    assert len(arabic.worksheets) == 2
    assert all(sheet.sheet_view.rightToLeft for sheet in arabic.worksheets)
    assert arabic.worksheets[0].title.startswith(f"1 {words('ar')['months']}"[:20])
    english = load_workbook(io.BytesIO(file_of(visitor, "savings", "months", "xlsx").content))
    assert not english.worksheets[0].sheet_view.rightToLeft


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize(("page", "chart"), CHARTS)
def test_a_chart_opens_again_as_svg_and_as_png(visitor, page, chart, language):
    svg = etree.fromstring(file_of(visitor, page, chart, "svg", language).content)
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    png = file_of(visitor, page, chart, "png", language)
    assert png.headers["Content-Type"] == "image/png"
    assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
    size = [int.from_bytes(png.content[place : place + 4]) for place in (16, 20)]
    assert size[0] == 2 * float(svg.get("width")), "twice as fine as a screen"
    assert abs(size[1] - 2 * float(svg.get("height"))) <= 2


def test_what_is_no_table_or_no_format_is_refused(visitor):
    assert file_of(visitor, "work", "nothing", "csv").status_code == 404
    assert file_of(visitor, "alarms", "alarms", "svg").status_code == 404
    assert file_of(visitor, "work", "work", "exe").status_code == 404


HOSTILE = ("=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1")


def test_no_spreadsheet_runs_what_a_table_says():
    title = "Odd: [a]*b?/c\\d, and a title that is longer than Excel takes"
    columns = (Column("=title"), Column("n", Kind.NUMBER))
    sheet = Sheet("odd", title, columns, [[text, -5] for text in HOSTILE])
    rows = list(csv.reader(io.StringIO(files.csv_of(sheet).decode("utf-8-sig"), newline="")))
    assert rows[0][0] == "'=title"
    assert [row[0] for row in rows[1:]] == [f"'{text}" for text in HOSTILE]
    assert {row[1] for row in rows[1:]} == {"-5"}, "numbers stay numbers"
    book = load_workbook(io.BytesIO(files.xlsx_of([sheet], right_to_left=False)))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert all(cell.data_type == "s" for cell in cells)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_fits_one_page_of_paper(visitor, language, locale):
    answer = visitor.get(f"{ROOT}/summary?locale={locale}&lang={language}")
    assert answer.headers["Content-Type"] == "application/pdf"
    read = PdfReader(io.BytesIO(answer.content))
    assert len(read.pages) == 1
    said = read.pages[0].extract_text()
    for figure in ("288", "303"):
        assert figure in said
    if language != "ar":  # letters of a PDF are shapes there
        assert words(language)["open alarms"] in said
    names = {str(font.get_object()["/BaseFont"]) for font in read.pages[0]["/Resources"]["/Font"].values()}
    assert not any("Libertinus" in name or "NewCM" in name for name in names), (
        "fonts of the engine have not all letters"
    )


def test_it_is_one_page_even_where_much_is_wrong(tmp_path):
    made = open_house(tmp_path)
    releases = Releases(made.store)
    letters = {str(number): "xdkw"[number % 4] for number in range(40)}
    texts = list(letters)
    releases.deploy({("fr", "texts/a.json"): page_of("fr", "texts/a.json", letters)})
    for _ in range(12):
        releases.deploy({}, alarms=[("fr", 3)])
    with made.store.begin() as tx:
        for number in range(1, 15):
            late = [unit(number, f"Bed {texts[number]} of texts/a.json is dug in spring", attention=number % 2 == 0)]
            tx.save_package(package(number, "fr", late, due=NOW.date() - timedelta(days=number)))
    made.register.set_rates("garden", "", ["50"] * 9, "EUR", "0.20", by="ada@house.example")
    for language in ("en", "ar", "zh", "ru"):
        answer = Visitor(make_app(made)).get(f"{ROOT}/summary?locale=fr&lang={language}")
        assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1, language


def test_where_no_font_has_the_letters_a_sentence_says_which_to_install(visitor, monkeypatch):
    class Bare:
        def families(self):
            return ["Libertinus Serif"]

    monkeypatch.setattr(files, "_fonts", Bare)
    with pytest.raises(ConnectorError, match="install one of Droid Sans Fallback"):
        files.png_of("<svg/>", "zh")
    answer = visitor.get(f"{ROOT}/summary?lang=zh")
    assert answer.status_code == 502
    assert "Droid Sans Fallback" in answer.text
    assert file_of(visitor, "trend", "trend", "svg", "zh").status_code == 200, "browsers bring their own"


def test_names_from_outside_are_text_and_nothing_else(tmp_path):
    made = open_house(tmp_path)
    odd = 'texts/<script>"x"</script> \u202eevil.json'
    Releases(made.store).deploy(
        {
            ("fr", odd): page_of("fr", odd, {"<b>&": "x"}),
            ("fr", "texts/b.json"): page_of("fr", "texts/b.json", {"a": "c"}),
        }
    )
    visitor = Visitor(make_app(made))
    for place in ("/coverage", "/freshness"):
        answer = visitor.get(f"{ROOT}{place}")
        assert answer.status_code == 200
        assert "<script>&#34;" not in answer.text
        assert '<script>"x"' not in answer.text
    assert "<b>&" in tables(visitor.get(f"{ROOT}/freshness"))["longest"][1][0]
    assert etree.fromstring(file_of(visitor, "coverage", "coverage", "svg").content) is not None
    assert visitor.get(f"{ROOT}/coverage/file?kind_of=png").status_code == 200


def test_names_that_cannot_be_written_down_are_shown_with_a_mark(tmp_path):
    made = open_house(tmp_path)
    names = [f"{number}{name}/{name}.json" for number, name in enumerate(AWKWARD)]
    Releases(made.store).deploy({("fr", name): page_of("fr", name, dict.fromkeys(AWKWARD, "x")) for name in names})
    visitor = Visitor(make_app(made))
    for page in PAGES:
        assert visitor.get(f"{ROOT}{page}").status_code == 200, page
    for page, table in (("coverage", "coverage"), ("freshness", "longest")):
        rows = list(
            csv.reader(io.StringIO(file_of(visitor, page, table, "csv").content.decode("utf-8-sig"), newline=""))
        )
        book = load_workbook(io.BytesIO(file_of(visitor, page, table, "xlsx").content))
        assert len(rows) == book.worksheets[0].max_row
        assert any("\ufffd" in cell for row in rows for cell in row)
    assert etree.fromstring(file_of(visitor, "coverage", "coverage", "svg").content) is not None
    assert file_of(visitor, "coverage", "coverage", "png").status_code == 200
