"""Tables: CSV files with a column of keys and a column for each language, whatever separates and quotes their cells."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from extractors.pages import Page
from extractors.slots import Slot, TextFormat, blank
from extractors.splices import Splice, splice
from extractors.table_columns import NO_HEADER, Columns, cell, columns, messages
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import Document, Key, Locale, Resource

_DELIMITERS = ",;\t|"
_SAID = re.compile(r"sep=(?P<delimiter>.)(?:\r\n|\r|\n)")  # what Excel writes above a table
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r' *"([^"]*(?:""[^"]*)*)" *')
# A cell that begins so is run as a formula when a person opens the file in a spreadsheet (OWASP: CSV injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_TRIED = 50  # rows that tell what a table without headings is


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the characters it takes, what it says, and whether it is quoted."""

    begin: int
    end: int
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file taken apart: rows with a heading above them or not; `delimiter` stands between cells."""

    columns: Columns
    delimiter: str
    heading: list[Cell]
    rows: list[list[Cell]]


class CsvTable(TextFormat):
    """CSV and its kin: commas, semicolons, tabs or bars, in one language or in many; the first row names the columns."""

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """Every row that has a key, with its cell for a language."""
        table = _table(page)
        own, origin = table.columns.place(locale), table.columns.origin
        rows = [[there.text for there in row] for row in table.rows]
        for number, key, about in messages(table.columns, rows):
            source, place = cell(rows[number], origin), origin if own is None else own
            yield Slot(
                (key,),
                "" if own is None else cell(rows[number], own),
                _Writer(table.rows[number], place, origin, table.delimiter).write,
                source if own in (None, table.columns.target) else None,
                about,
                leave_open=blank if table.columns.is_shared else None,
            )

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """Put the texts into the cells of a language; a table that has no column for it gets one, the last."""
        content = self._page(resource.document)
        table = _table(content)
        if served and table.columns.place(locale) is None:
            widened = content.encoded(splice(content.text, _added(table, table.columns.heading(locale))))
            resource = replace(resource, document=Document(resource.path, widened))
        return super().merge(resource, served, stamp, locale)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one cell of a row as it is quoted; one that is missing at the end of the row is added."""

    row: list[Cell]
    place: int
    origin: int
    delimiter: str

    def write(self, text: str) -> tuple[Splice]:
        if self.place < len(self.row):
            old = self.row[self.place]
            quoted = old.quoted or (old.begin == old.end and _at_cell(self.row, self.origin).quoted)
            return (Splice(old.begin, old.end, _written(text, self.delimiter, quoted=quoted)),)
        end, missing = self.row[-1].end, self.place - len(self.row) + 1
        quoted = _at_cell(self.row, self.origin).quoted
        return (Splice(end, end, self.delimiter * missing + _written(text, self.delimiter, quoted=quoted)),)


def _written(text: str, delimiter: str, *, quoted: bool) -> str:
    safe = f"'{text}" if _FORMULA.match(text) else text
    if quoted or safe != safe.strip(" ") or any(mark in safe for mark in (delimiter, '"', "\r", "\n")):
        return '"' + safe.replace('"', '""') + '"'
    return safe


def _added(table: Table, heading: str) -> Iterator[Splice]:
    """One more column: its heading, and an empty cell in every row."""
    width = max(map(len, (table.heading, *table.rows)))
    end, missing = table.heading[-1].end, width - len(table.heading) + 1
    written = _written(heading, table.delimiter, quoted=table.heading[-1].quoted)
    yield Splice(end, end, table.delimiter * missing + written)
    for row in table.rows:
        if any(there.text for there in row[1:]):
            yield Splice(row[-1].end, row[-1].end, table.delimiter * (width - len(row) + 1))


def _at_cell(row: list[Cell], place: int) -> Cell:
    return row[min(place, len(row) - 1)]


def _table(page: Page) -> Table:
    said = _SAID.match(page.text)
    start = said.end() if said else 0
    delimiters = said["delimiter"] if said else _DELIMITERS
    readings = [(_first(page, delimiter, start), delimiter) for delimiter in delimiters]
    for first, delimiter in readings:
        found = columns([there.text for there in first]) if len(first) > 1 else None
        if found:
            rows = list(_rows(page, delimiter, start))
            return Table(found, delimiter, rows[0], rows[1:])
    for _, delimiter in readings:
        if _is_plain(page, delimiter, start):
            return Table(NO_HEADER, delimiter, [], list(_rows(page, delimiter, start)))
    reason = "the first row names no column of keys and none of texts; name them, such as key,en,fr"
    raise page.error(start, "the file is empty" if not page.text.strip() else reason)


def _first(page: Page, delimiter: str, start: int) -> list[Cell]:
    """The first row, read with this delimiter; nothing where it cannot be."""
    try:
        return next(_rows(page, delimiter, start), [])
    except ExtractionError:
        return []


def _is_plain(page: Page, delimiter: str, start: int) -> bool:
    """Whether a table without headings has two columns."""
    try:
        rows = [row for row in islice(_rows(page, delimiter, start), _TRIED) if not row[0].text.startswith("#")]
    except ExtractionError:
        return False
    return bool(rows) and all(len(row) == len(("key", "text")) for row in rows)


def _rows(page: Page, delimiter: str, place: int) -> Iterator[list[Cell]]:
    """Rows that are not blank (RFC 4180, blanks around quotes allowed). Raises ExtractionError."""
    text, row = page.text, list[Cell]()
    plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    while place < len(text) or row:
        found, place = _cell(page, place, plain, delimiter)
        row.append(found)
        if text.startswith(delimiter, place):
            place += 1
            continue
        line_end = _LINE_END.match(text, place)
        place = line_end.end() if line_end else len(text)
        if len(row) > 1 or found.end > found.begin:
            yield row
        row = []


def _cell(page: Page, place: int, plain: re.Pattern[str], delimiter: str) -> tuple[Cell, int]:
    """The cell that begins here, and where what separates it from the next one stands."""
    text = page.text
    quoted = _QUOTED.match(text, place)
    if quoted and (quoted.end() == len(text) or text[quoted.end()] in f"{delimiter}\r\n"):
        said = _unguarded(quoted[1].replace('""', '"'))
        return Cell(quoted.start(1) - 1, quoted.end(1) + 1, said, quoted=True), quoted.end()
    if text.startswith('"', place):
        opened = "text follows the quote that closes this cell; double the quotes inside it"
        raise page.error(place, opened if quoted else "the quote that opens here is never closed")
    found = plain.match(text, place)
    end = found.end() if found else place
    return Cell(place, end, _unguarded(text[place:end])), end


def _unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
