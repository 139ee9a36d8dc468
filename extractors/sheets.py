"""Sheets: XLSX workbooks whose sheets have a column of keys and a column for each language; only changed cells are written."""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from extractors.pages import Page
from extractors.slots import Slot, blank
from extractors.splices import Splice
from extractors.table_columns import NO_HEADER, Columns, cell, columns, messages
from extractors.xml_spans import Element, local, read_xml
from extractors.zip_members import Package, Part, ZippedFormat, escaped, read, refusal
from tm_service.domain.findings import Finding
from tm_service.domain.units import Document, Locale

_WORKBOOK, _RELATIONS, _SHARED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})\d+")
_COLUMNS, _LETTERS = 16_384, 26
# Characters that XML cannot hold, as Office writes them (ECMA-376 part 1, 22.9.2.19); an underscore that looks so is itself.
_HIDDEN = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SHOWN = re.compile("_x(?![dD][89a-fA-F])([0-9A-Fa-f]{4})_")
_NUMBER = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it stands, its number from 1, its element, and its cells by their column from 0."""

    part: Part
    number: int
    element: Element
    cells: dict[int, Element]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is a table: `rows` below the heading, `texts` what they say, `width` its columns in use."""

    name: str
    columns: Columns
    heading: Row | None
    rows: list[Row]
    texts: list[list[str]]
    width: int


class XlsxTable(ZippedFormat):
    """Workbooks: every sheet whose first row names columns of keys and texts; a key is the sheet's name and the row's key."""

    def members(self, names: Collection[str], document: Document) -> tuple[str, ...]:
        """The workbook, what it relates to, its shared texts and its worksheets in order."""
        if _WORKBOOK not in names or _RELATIONS not in names:
            raise refusal(document, "the archive holds no workbook; save it as an Excel workbook (.xlsx)")
        found = read(document, (_WORKBOOK, _RELATIONS))
        workbook, relations = (
            read_xml(Page(document.path, text))
            for text in (found[name].decode("utf-8", "replace") for name in (_WORKBOOK, _RELATIONS))
        )
        sheets = [path for _, path in _sheets(workbook, relations) if path in names]
        shared = (_SHARED,) if _SHARED in names else ()
        return (_WORKBOOK, _RELATIONS, *shared, *dict.fromkeys(sheets))

    def found(self, package: Package, locale: Locale) -> Iterator[Slot | Finding]:
        """Every row that has a key, with its cell for a language."""
        for sheet in _tables(package):
            own, origin = sheet.columns.place(locale), sheet.columns.origin
            for number, key, about in messages(sheet.columns, sheet.texts):
                texts, row = sheet.texts[number], sheet.rows[number]
                source, place = cell(texts, origin), sheet.width if own is None else own
                if (there := row.cells.get(place)) and there.find("f"):
                    continue  # a formula: what it shows is computed
                yield Slot(
                    (sheet.name, key),
                    "" if own is None else cell(texts, own),
                    _Writer(row, place, origin).write,
                    source if own in (None, sheet.columns.target) else None,
                    about,
                    leave_open=blank if sheet.columns.is_shared else None,
                )

    def language(self, package: Package, locale: Locale) -> Iterator[Splice]:
        """The heading of a column for a language that has none yet."""
        for sheet in _tables(package):
            if sheet.columns.place(locale) is None and sheet.heading:
                writer = _Writer(sheet.heading, sheet.width, max(sheet.columns.languages, default=0))
                yield from writer.write(sheet.columns.heading(locale))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes a text into a cell as an inline one; a cell that is not there looks like that of the origin."""

    row: Row
    place: int
    origin: int

    def write(self, text: str) -> tuple[Splice]:
        old, like = self.row.cells.get(self.place), self.row.cells.get(self.origin)
        element = self.row.element
        prefix = element.name.removesuffix("row")
        look = next((cell.value("s") for cell in (old, like) if cell), "")
        style = f' s="{escaped(look)}"' if look else ""
        written = f'<{prefix}c r="{_letters(self.place)}{self.row.number}"{style}{_inside(text, prefix)}'
        if old:
            return (self.row.part.put(old.begin, old.end, written),)
        after = next((there.begin for place, there in self.row.cells.items() if place > self.place), element.close)
        return (self.row.part.put(after, after, written),)


def _inside(text: str, prefix: str) -> str:
    if not text:
        return "/>"
    hidden = _HIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return f' t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{escaped(hidden)}</{prefix}t></{prefix}is></{prefix}c>'


def _tables(package: Package) -> Iterator[Sheet]:
    """Sheets whose first row names their columns. Raises ExtractionError where there is none."""
    parts = package.parts
    shared = (
        [_said(item) for item in parts[_SHARED].root.elements if local(item.name) == "si"] if _SHARED in parts else []
    )
    sheets = _sheets(parts[_WORKBOOK].root, parts[_RELATIONS].root)
    listed = [(name, parts[path]) for name, path in sheets if path in parts]
    found = [_table(name, part, shared, alone=len(listed) == 1) for name, part in listed]
    if not any(found):
        reason = "no sheet has a first row that names a column of keys and one of texts, such as key, en, fr"
        raise refusal(package.document, reason)
    return filter(None, found)


def _table(name: str, part: Part, shared: list[str], *, alone: bool) -> Sheet | None:
    rows = list(_rows(part))
    texts = [_texts(row, shared) for row in rows]
    first = next((place for place, cells in enumerate(texts) if any(cells)), None)
    if first is None:
        return None
    width = max(map(len, texts))
    found = columns(texts[first])
    if found:
        return Sheet(name, found, rows[first], rows[first + 1 :], texts[first + 1 :], width)
    is_plain = alone and all(len(cells) == len(("key", "text")) for cells in texts if any(cells))
    return Sheet(name, NO_HEADER, None, rows, texts, width) if is_plain else None


def _sheets(workbook: Element, relations: Element) -> Iterator[tuple[str, str]]:
    """Names of sheets and where they stand in the archive, in the workbook's order."""
    targets = {
        relation.value("Id"): relation.value("Target")
        for relation in relations.elements
        if relation.value("TargetMode") != "External"
    }
    listed = workbook.find("sheets")
    for sheet in listed.elements if listed else ():
        ids = (said.value for name, said in sheet.attributes.items() if name.endswith(":id"))
        target = next((targets[name] for name in ids if name in targets), "")
        yield sheet.value("name"), posixpath.normpath(posixpath.join("/xl", target))[1:]


def _rows(part: Part) -> Iterator[Row]:
    data = part.root.find("sheetData")
    number = 0
    for element in data.elements if data else ():
        said = element.value("r")
        number = int(said) if _NUMBER.fullmatch(said) else number + 1
        place, cells = -1, {}
        for there in element.elements:
            reference = _REFERENCE.fullmatch(there.value("r"))
            place = _column(reference[1]) if reference else place + 1
            if place >= _COLUMNS or place in cells or local(there.name) != "c":
                raise part.error(there.begin, "a cell stands where none can be; save the file again")
            cells[place] = there
        yield Row(part, number, element, dict(sorted(cells.items())))


def _texts(row: Row, shared: list[str]) -> list[str]:
    """What a row shows, by column, as far as its last cell that shows anything."""
    shown = {place: _shown(there, shared) for place, there in row.cells.items()}
    last = max((place for place, text in shown.items() if text), default=-1)
    return [shown.get(place, "") for place in range(last + 1)]


def _shown(there: Element, shared: list[str]) -> str:
    kind = there.value("t")
    if kind == "inlineStr":
        inline = there.find("is")
        return _said(inline) if inline else ""
    value = there.find("v")
    text = value.text if value else ""
    if kind == "s":
        return shared[int(text)] if _NUMBER.fullmatch(text) and int(text) < len(shared) else ""
    return "" if kind == "e" else _unhidden(text)


def _said(item: Element) -> str:
    """The text of a string, whose runs may be formatted one by one; how it is pronounced is no part of it."""
    pieces = [item, *(run for run in item.elements if local(run.name) == "r")]
    return _unhidden("".join(text.text for piece in pieces for text in piece.elements if local(text.name) == "t"))


def _unhidden(text: str) -> str:
    return _SHOWN.sub(lambda found: chr(int(found[1], 16)), text)


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return column - 1


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters
