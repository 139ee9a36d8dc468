"""Reports: the same counts in every format, safe to open and to import."""

import csv
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from memory.analysis import Category, Options, analyse, whole
from memory.neighbours import neighbours
from memory.rates import DEFAULT, charge
from memory.reports.html_page import html_page
from memory.reports.json_document import json_document
from memory.reports.table import memoq_table, table, trados_table
from memory.reports.trados_xml import language_name, lcid, trados_xml
from memory.score import Penalties
from tests.memory.analysis.jobs import GOLDEN, HEADING, JOB, RATES, analysed, answering, file, job_memory
from tests.memory.analysis.labels import ARABIC

PRICED = RATES.of("ar")
REPORTS = {
    "analysis.xml": lambda found: trados_xml(found, HEADING),
    "analysis.csv": lambda found: table(found, PRICED),
    "memoq.csv": memoq_table,
    "trados.csv": trados_table,
    "analysis.json": lambda found: json_document(found, HEADING, PRICED),
    "analysis.en.html": lambda found: html_page(found, HEADING, PRICED),
    "analysis.ar.html": lambda found: html_page(found, HEADING, PRICED, language="ar", labels=ARABIC),
}


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_of_a_job_is_the_accepted_one(name, accept):
    content = REPORTS[name](analysed())
    if accept:
        (GOLDEN / name).write_bytes(content)
    assert content == (GOLDEN / name).read_bytes()


def rows(content, delimiter=",", encoding="utf-8-sig"):
    return list(csv.reader(StringIO(content.decode(encoding), newline=""), delimiter=delimiter))


# Trados XML


def test_every_element_of_the_trados_report_has_the_counts_of_its_class():
    found = analysed()
    root = etree.fromstring(trados_xml(found, HEADING))
    assert root.attrib == {"name": "analyse"}
    assert [(part.tag, len(part)) for part in root] == [("taskInfo", 6), *[("file", 1)] * 3, ("batchTotal", 1)]
    for analyse_element, tally in zip(root.iter("analyse"), [*found.files.values(), found.total], strict=True):
        words = {(e.tag, e.get("min")): int(e.get("words")) for e in analyse_element}
        assert words == {
            ("perfect", None): 0,
            ("inContextExact", None): tally[Category.CONTEXT].words,
            ("exact", None): tally[Category.EXACT].words,
            ("locked", None): tally[Category.LOCKED].words,
            ("crossFileRepeated", None): tally[Category.CROSS_FILE].words,
            ("repeated", None): tally[Category.REPETITION].words,
            ("total", None): whole(tally.values()).words,
            ("new", None): tally[Category.NEW].words,
            ("newBaseline", None): 0,
            ("newLearnings", None): 0,
            **{("fuzzy", band[:2]): tally[Category(band)].words for band in ("50-74", "75-84", "85-94", "95-99")},
            **{
                ("internalFuzzy", band[:2]): tally[Category(f"internal {band}")].words
                for band in ("50-74", "75-84", "85-94", "95-99")
            },
        }


def test_the_parts_of_a_trados_report_add_up_to_its_total_in_every_count():
    for found in etree.fromstring(trados_xml(analysed(), HEADING)).iter("analyse"):
        for name in ("segments", "words", "characters", "placeables", "tags"):
            parts = sum(int(e.get(name)) for e in found if e.tag not in ("total", "newBaseline", "newLearnings"))
            assert parts == int(found.find("total").get(name))


def test_elements_and_attributes_come_in_the_order_importers_rely_on():
    root = etree.fromstring(trados_xml(analysed(), HEADING))
    assert list(root.find("batchTotal/analyse/fuzzy").attrib)[:5] == ["min", "max", "segments", "words", "characters"]
    assert list(root.find("file").attrib) == ["name", "guid"]
    assert trados_xml(analysed(), HEADING).startswith(b'<task name="analyse">\n')


def test_what_was_not_looked_for_is_not_in_the_trados_report():
    plain = trados_xml(analyse(JOB, job_memory(), options=Options(cross_file=False)), HEADING)
    root = etree.fromstring(plain)
    assert root.findall(".//internalFuzzy") == root.findall(".//crossFileRepeated") == []
    settings = root.find("taskInfo/settings").attrib
    assert (settings["reportInternalFuzzyLeverage"], settings["reportCrossFileRepetitions"]) == ("no", "no")


def test_the_settings_of_a_trados_report_say_the_penalties():
    content = trados_xml(analysed(), HEADING, Penalties(codes=3, numbers=4, several_targets=5))
    settings = etree.fromstring(content).find("taskInfo/settings").attrib
    names = (
        "missingFormattingPenalty",
        "differentFormattingPenalty",
        "autoLocalizationPenalty",
        "multipleTranslationsPenalty",
    )
    assert [settings[name] for name in names] == ["3", "3", "4", "5"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "Less than 1 second"),
        (1.0, "1 second"),
        (60, "1 minute"),
        (61, "1 minute, 1 second"),
        (353.4, "5 minutes, 53 seconds"),
    ],
)
def test_a_run_time_is_said_as_studio_says_it(seconds, said):
    root = etree.fromstring(trados_xml(analysed(), replace(HEADING, seconds=seconds)))
    assert root.find("taskInfo").get("runTime") == said


@pytest.mark.parametrize(
    ("code", "number", "name"),
    [
        ("fr-FR", 1036, "French (France)"),
        ("fr", 12, "French"),
        ("es-ES", 3082, "Spanish (Spain)"),
        ("zh", 4, "Chinese"),
        ("ar", 1, "Arabic"),
        ("ru", 25, "Russian"),
        ("en-GB", 2057, "English (United Kingdom)"),
        ("xx-1", 4096, "xx-1"),
    ],
)
def test_languages_have_the_numbers_and_names_of_windows(code, number, name):
    assert (lcid(code), language_name(code)) == (number, name)


def test_times_are_in_utc():
    at = datetime(2026, 11, 21, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    info = etree.fromstring(trados_xml(analysed(), replace(HEADING, at=at))).find("taskInfo")
    assert info.get("runAt") == "2026-11-22 04:30:00"


# Tables


def test_the_table_adds_up_by_file_and_by_class():
    read = rows(table(analysed(), PRICED))
    header, body = read[0], read[1:]
    counts = [name for name in header if name not in ("file", "class", "rate")]
    number = {name: header.index(name) for name in counts}
    files = dict.fromkeys(row[0] for row in body if row[0])

    def cell(file_name, category, name):
        (row,) = [row for row in body if row[:2] == [file_name, category]]
        return Decimal(row[number[name]] or 0)

    for name in counts[:-1]:
        for category in [*Category, "total"]:
            assert sum(cell(f, category, name) for f in files) == cell("", category, name)
        for f in [*files, ""]:
            assert sum(cell(f, category, name) for category in Category) == cell(f, "total", name)
    amounts = sum(cell("", category, "amount in EUR") for category in [*Category, "up to the minimum charge"])
    assert amounts == cell("", "total", "amount in EUR") == charge(analysed().total, PRICED).amount


def test_a_table_without_rates_or_prices_has_no_columns_for_them():
    assert rows(table(analysed()))[0][-1] == "tags"
    assert rows(table(analysed(), DEFAULT.common))[0][-2:] == ["rate", "weighted words"]


def test_the_memoq_layout_is_where_its_readers_look():
    """Words stand in columns 3, 11, 19 and so on, the total's in 83; the third name of the first line tells the format."""
    found = analysed()
    read = rows(memoq_table(found), ";", "utf-16")
    assert read[0][2] == "X-translated"
    assert {len(row) for row in read} == {91}
    first = next(iter(found.files.values()))
    words = [int(read[2][column]) for column in range(3, 91, 8)]
    assert words == [0, 7, 16, 8, 0, 9, 0, 0, 17, 0, 57]
    assert words[-1] == sum(words[:-1]) == whole(first.values()).words - first[Category.LOCKED].words


def test_the_trados_layout_is_where_its_readers_look():
    """Words stand in columns 4, 8, 12 and so on, the total's in 36; the fourth name of the first line tells the format."""
    read = rows(trados_table(analysed()), ";", "utf-16")
    assert read[0][3] == "Context TM"
    assert {len(row) for row in read} == {39}
    words = [int(read[3][column]) for column in range(4, 39, 4)]
    assert words == [0, 18, 0, 16, 16, 20, 0, 8, 78]
    assert words[-1] == sum(words[:-1])


@given(
    st.text(max_size=12).map(lambda name: f"{name}.json"),
    st.sampled_from(["", " ", "=", "+", "-", "@", "\t", "＝", "\0"]),
)
def test_no_file_name_becomes_a_formula_or_breaks_a_row(name, start):
    found = analyse(file(start + name, "Gloves"), answering({}))
    for content in (
        rows(table(found)),
        rows(memoq_table(found), ";", "utf-16"),
        rows(trados_table(found), ";", "utf-16"),
    ):
        assert len({len(row) for row in content}) == 1
        assert not any(cell.lstrip().startswith(tuple("=+-@＝＋－＠")) for row in content for cell in row)


# Names of any kind


@given(st.text(max_size=12))
def test_every_format_carries_any_name(name):
    found = analyse(file(name, "Gloves"), answering({}))
    heading = replace(HEADING, project=name, number=name, customer=name, memories=(name,))
    read = etree.fromstring(trados_xml(found, heading)).find("file").get("name")
    assert json.loads(json_document(found, heading))["files"][0]["file"] == read
    assert len(read) == len(name)
    assert name in (read, "") or "\ufffd" in read
    html_page(found, heading).decode()


# JSON


def test_the_document_has_numbers_as_numbers_and_money_as_text():
    found = analysed()
    read = json.loads(json_document(found, HEADING, PRICED))
    assert read["total"]["classes"]["new"]["words"] == found.total[Category.NEW].words
    assert read["charge"]["amount"] == "35.00"
    assert read["charge"]["classes"]["cross-file repetition"]["weighted_words"] == "2.25"
    assert read["options"] == {"cross_file": True, "repetitions_first": False, "internal_fuzzy": True}
    assert json.loads(json_document(found, HEADING))["charge"] is None


def test_the_same_analysis_gives_the_same_bytes():
    for write in REPORTS.values():
        assert write(analysed()) == write(analyse(JOB, job_memory(), neighbours()))
