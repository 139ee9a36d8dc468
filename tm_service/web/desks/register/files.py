"""Files: tables as CSV and XLSX, charts as SVG and PNG."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import typst
import xlsxwriter  # type: ignore[import-untyped] # says nothing of its types

from tm_service.domain.errors import ConnectorError
from tm_service.web.desks.register.words import Kind, Sheet, Value, plain

_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
)  # what spreadsheets take for the beginning of one (OWASP, CSV injection)
_PIXELS = 192  # an inch: twice what screens have
_SHARES = frozenset({Kind.SHARE, Kind.HEAT})
_SHEET_NAME = 31  # characters, the most that Excel takes
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
# Families that have the letters of a language, those of the system that is described in the README first.
FAMILIES = ("DejaVu Sans", "Noto Sans", "Liberation Sans", "Arial")
_ARABIC = ("DejaVu Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "Amiri", "Arial")
_CHINESE = ("Droid Sans Fallback", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei")
_NEEDED = {"ar": _ARABIC, "zh": _CHINESE}
ALL_FAMILIES = (*FAMILIES, *_ARABIC[1:4], *_CHINESE)
_IMAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""


def csv_of(sheet: Sheet) -> bytes:
    """UTF-8 with a BOM, by which spreadsheets know it; what they would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(column.title) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_harmless(_written(plain(cell))) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _written(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def _harmless(value: str | float) -> str | float:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def xlsx_of(sheets: Sequence[Sheet], *, right_to_left: bool) -> bytes:
    """A workbook with one sheet a table; texts are texts and never formulas or links."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - no clock shows; the format knows no zones
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
            Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            Kind.SHARE: book.add_format({"num_format": "0.0 %"}),
            Kind.NUMBER: book.add_format({"num_format": "#,##0"}),
        }
        formats[Kind.HEAT] = formats[Kind.SHARE]
        for number, sheet in enumerate(sheets, 1):
            page = book.add_worksheet(f"{number} {sheet.title.translate(_FORBIDDEN)}"[:_SHEET_NAME].rstrip(" '"))
            if right_to_left:
                page.right_to_left()
            page.freeze_panes(1, 1)
            for place, column in enumerate(sheet.columns):
                page.write_string(0, place, column.title, head)
                page.set_column(place, place, 28 if place == 0 else 16)
            for line, row in enumerate(sheet.rows, 1):
                for place, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
                    _write(page, line, place, plain(cell), formats.get(column.kind))
    return out.getvalue()


def _write(page: Any, line: int, place: int, value: Value, form: object) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        page.write_datetime(line, place, value.astimezone(UTC).replace(tzinfo=None), form)
    elif isinstance(value, date):
        page.write_datetime(line, place, value, form)
    elif isinstance(value, str):
        page.write_string(line, place, value)
    else:
        page.write_number(line, place, float(value), form)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts()


def typeset(source: bytes, kind: Literal["pdf", "png"], language: str, **inputs: str) -> bytes:
    """A document of Typst as `pdf` or `png`. Raises ConnectorError where no font of this machine has the letters."""
    wanted = _NEEDED.get(language, FAMILIES)
    if not set(wanted) & set(_fonts().families()):
        raise ConnectorError(
            f"No font on this machine has the letters of {language}: install one of {', '.join(wanted)} and start again."
        )
    finer = _PIXELS if kind == "png" else None
    return typst.compile(source, format=kind, ppi=finer, font_paths=_fonts(), sys_inputs=inputs)


def png_of(svg: str, language: str) -> bytes:
    """A chart as a picture, twice as fine as a screen."""
    return typeset(_IMAGE, "png", language, svg=svg)
