"""The page: headers and captions for who listens, nothing from elsewhere, the reader's direction and digits."""

from datetime import UTC, datetime

import pytest
from lxml import html

from memory.analysis import Category, Options, analyse
from memory.rates import DEFAULT
from memory.reports import Heading
from memory.reports.html_page import LABELS, html_page
from tests.memory.analysis.jobs import HEADING, JOB, RATES, analysed, answering, file, job_memory
from tests.memory.analysis.labels import ARABIC

PRICED = RATES.of("ar")


def page(found=None, rates=PRICED, **settings: object):
    return html.document_fromstring(html_page(found or analysed(), HEADING, rates, **settings))


def header(table):
    return [cell.text_content() for cell in table.findall("thead/tr/th")]


@pytest.mark.parametrize("rates", [None, DEFAULT.common, PRICED])
def test_every_table_has_a_caption_and_every_row_and_column_a_header(rates):
    for table in page(rates=rates).iter("table"):
        assert table.find("caption").text_content()
        assert {cell.get("scope") for cell in table.findall("thead/tr/th")} == {"col"}
        rows = [*table.findall("tbody/tr"), *table.findall("tfoot/tr")]
        for row in rows:
            assert row[0].tag == "th"
            assert row[0].get("scope") == "row"
            assert sum(int(cell.get("colspan", "1")) for cell in row) == len(header(table))


def test_wide_tables_scroll_in_a_region_with_a_name_that_the_keyboard_reaches():
    root = page()
    for table in root.iter("table"):
        region = table.getparent()
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert root.get_element_by_id(region.get("aria-labelledby")).tag == "caption"


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing():
    root = page()
    assert not root.xpath(
        "//script | //link | //img | //iframe | //*[@src] | //*[@href] | //@*[starts-with(name(), 'on')]"
    )
    assert "url(" not in root.findtext(".//style")
    assert "@import" not in root.findtext(".//style")


def test_names_are_text_and_not_markup():
    root = page()
    assert [cell.text_content() for cell in root.xpath("(//table)[2]/tbody/tr/th")] == list(analysed().files)
    assert root.find(".//b") is None
    assert root.find(".//h1/span").text_content() == HEADING.project


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("zh-Hans", "ltr"), ("fa", "rtl")])
def test_the_page_has_the_language_and_direction_of_its_reader(language, direction):
    root = page(language=language)
    assert (root.get("lang"), root.get("dir")) == (language, direction)


def test_a_language_that_is_none_is_english():
    assert page(language="xx-none").get("lang") == "en"


def test_every_label_can_be_translated_and_none_is_left_in_english():
    assert set(ARABIC) == set(LABELS)
    said = page(language="ar", labels=ARABIC).xpath("string(//main)")
    left = [label for key, label in LABELS.items() if label in said]
    assert left == []
    for key, label in ARABIC.items():
        if not key.endswith(("50-74", "85-94", "95-99")):
            assert label in said, key


def test_labels_left_out_are_in_english():
    assert header(page(labels={"class": "Classe"}).find(".//table"))[:2] == ["Classe", "Segments"]


def test_numbers_are_written_as_the_reader_writes_them():
    found = analyse(file("a", "word " * 12345), answering({}))

    def figures(language):
        return [cell.text_content() for cell in page(found, language=language).xpath("//dl[@class='figures']//dd")]

    assert figures("en") == ["12,345", "12,345", "€2,592.45"]
    assert figures("fr") == ["12\u202f345", "12\u202f345", "2\u202f592,45\u00a0€"]
    assert figures("ru") == ["12\u00a0345", "12\u00a0345", "2\u00a0592,45\u00a0€"]


def test_the_cells_are_the_counts():
    found = analysed()
    (table, files) = page(found).iter("table")
    shown = {row[0].text_content(): [cell.text_content() for cell in row[1:]] for row in table.findall("tbody/tr")}
    counts = found.total[Category.CROSS_FILE]
    assert shown["Cross-file repetition"][:3] == ["3", "18", "11.1%"]
    assert shown["Cross-file repetition"][3:7] == [
        str(count) for count in (counts.characters, counts.characters_with_spaces, counts.placeables, counts.tags)
    ]
    assert [cell.text_content() for cell in files.find("tfoot/tr")][-2:] == ["162", "78.55"]


def test_what_was_not_looked_for_has_no_row():
    found = analyse([segment for segment in JOB if not segment.locked], job_memory(), options=Options(cross_file=False))
    said = page(found).xpath("string(//main)")
    assert "Internal" not in said
    assert "Cross-file" not in said
    assert "Locked" not in said


def test_a_job_of_nothing_has_a_page():
    heading = Heading("Empty shelf", "shelf-1", "en", "fr", datetime(2026, 11, 21, tzinfo=UTC))
    root = html.document_fromstring(html_page(analyse([], answering({})), heading, PRICED))
    assert "0.0%" in root.xpath("string((//table)[1]/tfoot)")
    assert root.xpath("(//table)[2]/tbody/tr") == []
    assert root.xpath("(//table)[2]/tfoot/tr")
