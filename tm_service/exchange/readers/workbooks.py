"""Workbooks: read the sheets of an Excel file that have our layout, as text and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from tm_service.exchange.archives import members
from tm_service.exchange.guard import Damaged, Limits, brief, parse_xml
from tm_service.exchange.readers.file import ReadFile
from tm_service.exchange.readers.sheets import Row, read_rows

_STRINGS = "xl/sharedStrings.xml"
_SHEETS = "xl/worksheets/"
_COLUMN = re.compile(r"([A-Z]{1,3})\d{1,7}")
_LAST_COLUMN = 200  # that is read; our layout has eight
# ECMA-376 part 1, 22.9.2.19 (ST_Xstring): a character that XML cannot carry, by its number.
_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)


def read_workbook(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read every sheet of a workbook that has our headings. Raises ReturnRejected."""
    limits = limits or Limits()
    files = members(name, content, limits, lambda path: path == _STRINGS or path.startswith(_SHEETS))
    limits = replace(limits, weight=limits.weight - sum(map(len, files.values())))
    strings = _strings(name, files.pop(_STRINGS, b""), limits)
    read: list[ReadFile] = []
    trouble: Damaged | None = None
    for path, sheet in files.items():
        if not path.endswith(".xml"):
            continue
        try:
            read.append(read_rows(name, _rows(parse_xml(name, sheet, limits), strings), limits))
        except Damaged as error:
            trouble = trouble or error
    if not read:
        raise trouble or Damaged("{file} holds no sheets; send the table you were given.", file=brief(name))
    return ReadFile(
        tuple(dict.fromkeys(package for sheet in read for package in sheet.packages)),
        tuple(unit for sheet in read for unit in sheet.units),
        (),
    )


def _strings(name: str, content: bytes, limits: Limits) -> list[str]:
    if not content:
        return []
    return [_text(item) for item in parse_xml(name, content, limits).iterchildren("{*}si")]


def _rows(sheet: etree._Element, strings: list[str]) -> Iterator[Row]:
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        cells: dict[int, str] = {}
        bad = []
        for place, element in enumerate(row.iterchildren("{*}c")):
            column = _column(element.get("r", ""), place)
            if column > _LAST_COLUMN:
                break
            cells[column], is_text = _cell(element, strings)
            if not is_text:
                bad.append(column)
        yield [cells.get(column, "") for column in range(max(cells, default=-1) + 1)], bad


def _column(place: str, otherwise: int) -> int:
    match = _COLUMN.fullmatch(place)
    if match is None:
        return otherwise
    number = 0
    for letter in match[1]:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _cell(element: etree._Element, strings: list[str]) -> tuple[str, bool]:
    """What a cell says, and whether that is text; of a formula itself, never what a program made of it."""
    formula, value, kind = element.find("{*}f"), element.findtext("{*}v") or "", element.get("t", "n")
    if formula is not None:
        return f"={formula.text or ''}", False
    if kind == "s":
        known = value.isdecimal() and int(value[:9]) < len(strings)
        return (strings[int(value[:9])], True) if known else (value, False)
    if kind == "inlineStr":
        inline = element.find("{*}is")
        return ("" if inline is None else _text(inline)), True
    return _readable(value), kind == "str" or not value


def _text(item: etree._Element) -> str:
    """The text of a string and of its runs; the reading aids of Japanese are left out."""
    texts = (text.text or "" for path in ("{*}t", "{*}r/{*}t") for text in item.iterfind(path))
    return _readable("".join(texts))


def _readable(text: str) -> str:
    return _CHARACTER.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if number == 0 or number in _SURROGATES else chr(number)
