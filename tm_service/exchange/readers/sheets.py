"""Sheets: read and write the rows of our own table, as CSV or as an Excel workbook; nothing in a cell is ever evaluated.

The layout: one row for each unit under a row of headings, COLUMNS in any order and among others; `id`, or `source`, and
`target` must be there. Tags stand in a text as `<1>` and `</1>` or `<2/>` under the numbers of `inline.marks`, placeholders as
they are; a backslash before what only looks like such a tag says that it is text. A cell of a CSV file that a spreadsheet
would take for a formula has an apostrophe before it.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from sys import getsizeof

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.packages import Comment, ReturnedUnit
from tm_service.domain.text import CodeKind
from tm_service.exchange.guard import MEGABYTE, Damaged, Limits, brief
from tm_service.exchange.inline import Mark, legible
from tm_service.exchange.readers.file import ReadFile, package_in, packages_of
from tm_service.exchange.readers.states import XLIFF_1, stage_of
from tm_service.exchange.tokens import escaped, token

COLUMNS = ("id", "package", "resource", "key", "source", "target", "state", "comment")
DELIMITERS = ",;\t"
_VISIBLE = frozenset([CodeKind.PLACEHOLDER, CodeKind.LINK, CodeKind.BAR])
_TAG = re.compile(r"(\\*)<(/?)(\d{1,4})(/?)>")
_LAST_SLASHES = re.compile(r"(\\+)\Z")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)
_ERRORS = frozenset(["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"])
_UNIT = 1000  # bytes a unit takes beside its texts
_LONGEST_LINE = MEGABYTE  # characters
_BEFORE_HEADINGS = 10  # rows that may stand above them

Row = tuple[Sequence[str], Collection[int]]  # its cells, and the columns, from 0, of those that hold no text


def cell(cut: Iterable[str | Mark]) -> str:
    """A text as it stands in a cell of either format; the marks are those of `inline.marks` or `inline.matched`."""
    written, words = "", ""
    for piece in cut:
        if isinstance(piece, str):
            words += piece
        elif piece.kind in _VISIBLE and legible(piece.data) == piece.data:
            words += piece.data
        else:
            written += _LAST_SLASHES.sub(r"\1\1", _as_text(words)) + _tag(piece)
            words = ""
    return written + _as_text(words)


def _as_text(words: str) -> str:
    """Say of what looks like a tag that it is none."""
    return _TAG.sub(lambda match: f"{match[1]}{match[1]}\\{match[0][len(match[1]) :]}", words)


def _tag(mark: Mark) -> str:
    if mark.kind is CodeKind.OPEN:
        return f"<{mark.number}>"
    return f"</{mark.number}>" if mark.kind is CodeKind.CLOSE else f"<{mark.number}/>"


def escape(text: str) -> str:
    """Write a cell of a CSV file so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _unescape(text: str) -> str:
    return text[1:] if _ESCAPED.match(text) else text


def neutral_cell(text: str) -> str:
    """Read what `cell` writes as neutral text."""
    parts, done = [], 0
    for match in _TAG.finditer(text):
        slashes, closes, number, alone = match.groups()
        parts.append(escaped(text[done : match.start()]) + slashes[: len(slashes) // 2])
        done = match.end()
        if len(slashes) % 2 or (closes and alone):
            parts.append(text[match.end(1) : done])
        else:
            parts.append(token("-" if closes else "." if alone else "+", number))
    return "".join(parts) + escaped(text[done:])


def is_layout(row: Sequence[str]) -> bool:
    """Whether a row has the headings of our layout."""
    names = {name.strip().casefold() for name in row}
    return "target" in names and bool(names & {"id", "source"}) and len(names & set(COLUMNS)) > 2  # noqa: PLR2004


def is_csv(first: str) -> bool:
    """Whether a text begins as our layout does."""
    return bool(_delimiter(first))


def _delimiter(first: str) -> str:
    lines = first.lstrip("\ufeff").splitlines()[: _BEFORE_HEADINGS + 1]
    said = _SEPARATOR.fullmatch(lines[0]) if lines else None
    if said:
        return said[1]
    for delimiter in DELIMITERS:
        rows = csv.reader((line[:_LONGEST_LINE] for line in lines), delimiter=delimiter)
        try:
            if any(is_layout(row) for row in rows):
                return delimiter
        except csv.Error:
            continue
    return ""


def read_csv(name: str, content: bytes, limits: Limits | None = None) -> ReadFile:
    """Read a CSV file of our layout: UTF-8 or UTF-16, divided by commas, semicolons or tabs. Raises ReturnRejected."""
    limits = limits or Limits()
    limits = replace(limits, weight=limits.weight - len(content))
    encoding = _encoding(content)
    stream = TextIOWrapper(BytesIO(content), encoding=encoding, newline="")
    try:
        delimiter = _delimiter(stream.read(_LONGEST_LINE // 16))
        stream.seek(0)
        rows = csv.reader(_lines(name, stream), delimiter=delimiter or ",")
        return read_rows(name, (([_unescape(text) for text in row], ()) for row in rows), limits)
    except UnicodeDecodeError:
        said = "{file} is not valid {encoding} text; save it as CSV UTF-8."
        raise Damaged(said, file=brief(name), encoding=encoding.upper()) from None
    except csv.Error as error:
        raise Damaged(
            "{file} is damaged as a table ({reason}); save it again.", file=brief(name), reason=error
        ) from None


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if content[:1] == b"\0" else "utf-8-sig"


def _lines(name: str, stream: TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(_LONGEST_LINE):
        if "\0" in line:
            raise Damaged("{file} holds NUL characters; save it again.", file=brief(name))
        if len(line) >= _LONGEST_LINE:
            raise Damaged(
                "{file} has a line of more than {most} characters; save it again.", file=brief(name), most=_LONGEST_LINE
            )
        yield line


def read_rows(name: str, rows: Iterable[Row], limits: Limits) -> ReadFile:
    """Read the rows of a table. Raises Damaged."""
    names: list[str] = []
    units: list[ReturnedUnit] = []
    packages: dict[str, None] = {}
    weight = 0
    for place, (row, bad) in enumerate(rows, 1):
        if not names:
            if is_layout(row):
                names = [heading.strip().casefold() for heading in row]
            elif place > _BEFORE_HEADINGS:
                break
        elif any(text.strip() for text in row):
            said = {heading: text for heading, text in reversed([*zip(names, row, strict=False)]) if heading in COLUMNS}
            units.append(_unit(said, place, is_bad=names.index("target") in bad))
            packages[said.get("package", "").strip()] = None
            weight += weight_of(units[-1])
            if len(units) > limits.units:
                raise Damaged(
                    "{file} holds more than {most} units; send it in parts.", file=brief(name), most=limits.units
                )
            if weight > limits.weight:
                raise Damaged("{file} holds more text than is read; send it in parts.", file=brief(name))
    if not names:
        lacking = "{file} has none of our headings ({headings}); send the table you were given."
        raise Damaged(lacking, file=brief(name), headings=", ".join(COLUMNS))
    named = tuple(package for package in packages if package and package_in(package) == package)
    return ReadFile(named or packages_of(units), tuple(units), ())


def weight_of(unit: ReturnedUnit) -> int:
    """What a unit takes in memory, in bytes."""
    return _UNIT + getsizeof(unit.source) + getsizeof(unit.target)


def _unit(said: dict[str, str], place: int, *, is_bad: bool) -> ReturnedUnit:
    source, target, state = said.get("source", ""), said.get("target", ""), said.get("state", "").strip()
    comment = said.get("comment", "").strip()
    return ReturnedUnit(
        id=said.get("id", "").strip() or f"row {place}",
        source=neutral_cell(source),
        target=neutral_cell(target),
        state=state,
        findings=_findings(target, is_bad=is_bad and target != source),
        stage=stage_of(XLIFF_1, state),
        comments=(Comment(comment),) if comment else (),
        resource=said.get("resource", "").strip(),
        key=said.get("key", "").strip(),
    )


def _findings(target: str, *, is_bad: bool) -> tuple[Finding, ...]:
    if not is_bad and target.strip() not in _ERRORS:
        return ()
    said = "The cell holds {text}, a formula, a number or an error of the spreadsheet; write the translation as text."
    return (found("units", Severity.ERROR, said, text=brief(target[:40]) if target else "no text"),)
