"""Tables: an analysis as CSV: our own for spreadsheets, and the two layouts that project systems import.

Text cells that a spreadsheet would run as a formula begin with an apostrophe (OWASP, "CSV Injection"; ASVS 1.2.10); cells
are quoted as RFC 4180 says. Our own table is UTF-8 with a byte order mark, without which Excel misreads names; the other two
are UTF-16 with semicolons and CRLF, as memoQ writes and its readers expect them.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from io import StringIO

from memory.analysis import INTERNAL, Analysis, Category, Counts, Tally, whole
from memory.rates import Charge, Rates, charge
from memory.reports import legible
from tm_service.domain.matches import MatchClass

Cell = str | int | Decimal
_UTF8, _UTF16 = b"\xef\xbb\xbf", b"\xff\xfe"  # byte order marks

_COUNTS = ("segments", "words", "characters", "characters with spaces", "placeables", "tags")


def table(analysis: Analysis, rates: Rates | None = None) -> bytes:
    """One row for each file and class, then the job's with an empty file: what a pivot table starts from.

    Weighted words are there where rates are, amounts of the job where these have a price.
    """
    header = ["file", "class", *_COUNTS]
    if rates:
        header += ["rate", "weighted words"]
    if rates and rates.currency:
        header += [f"amount in {rates.currency}"]
    rows: list[Sequence[Cell]] = [header]
    for name, tally in analysis.files.items():
        rows += _rows(name, tally, charge(tally, replace(rates, currency="")) if rates else None)
    rows += _rows("", analysis.total, charge(analysis.total, rates) if rates else None)
    width = len(header)
    return _UTF8 + _written((*row, *[""] * (width - len(row))) for row in rows).encode()


def _rows(name: str, tally: Tally, price: Charge | None) -> Iterator[Sequence[Cell]]:
    for place, category in enumerate(Category):
        line = price.lines[place] if price else None
        paid = (line.percent, line.weighted, *_shown(line.amount)) if line else ()
        yield (name, category.value, *_figures(tally[category]), *paid)
    if price and price.raised:
        yield (name, "up to the minimum charge", *[""] * (len(_COUNTS) + 2), price.raised)
    paid_in_all: tuple[Cell, ...] = ("", price.weighted, *_shown(price.amount)) if price else ()
    yield (name, "total", *_figures(whole(tally.values())), *paid_in_all)


def _shown(amount: Decimal | None) -> tuple[Decimal, ...]:
    return () if amount is None else (amount,)


def _figures(counts: Counts) -> tuple[int, ...]:
    return (
        counts.segments,
        counts.words,
        counts.characters,
        counts.characters_with_spaces,
        counts.placeables,
        counts.tags,
    )


# Classes as the two layouts name them; both put internal fuzzy matches into the bands (memoQ's homogeneity does) and know no
# locked segments, which are left out, of the total too.
_WORK = {
    "101%": (Category.CONTEXT,),
    "Repetitions": (Category.REPETITION, Category.CROSS_FILE),
    "100%": (Category.EXACT,),
    "95% - 99%": (Category.FUZZY_95, INTERNAL[MatchClass.FUZZY_95]),
    "85% - 94%": (Category.FUZZY_85, INTERNAL[MatchClass.FUZZY_85]),
    "75% - 84%": (Category.FUZZY_75, INTERNAL[MatchClass.FUZZY_75]),
    "50% - 74%": (Category.FUZZY_50, INTERNAL[MatchClass.FUZZY_50]),
    "No match": (Category.NEW,),
}
_TOTAL = tuple(category for category in Category if category is not Category.LOCKED)


def memoq_table(analysis: Analysis) -> bytes:
    """The layout of memoQ's "CSV (per-file, all information)": eight columns a class, which Plunet and others import.

    Checked against the header in two public readers and writers of the format (memoQAnalysis, C#; an OmegaT script that feeds
    Plunet). "X-translated" and "Fragments" are empty: there is nothing here that they would count.
    """
    groups = {"X-translated": (), **_WORK, "Fragments": (), "Total": _TOTAL}
    units = ("Segments", "Words", "Characters", "Asian characters", "Tags", "Reserved1", "Reserved2", "Reserved3")
    rows: list[Sequence[Cell]] = [
        ["", "", *_spread(groups, len(units)), ""],
        ["File", "Char/Word", *units * len(groups), ""],
    ]
    for name, tally in analysis.files.items():
        cells: list[Cell] = []
        for categories in groups.values():
            counts = _sum(tally, categories)
            cells += (counts.segments, counts.words, counts.characters, counts.asian, counts.tags, 0, 0, 0)
        rows.append((name, _per_word(_sum(tally, _TOTAL)), *cells, ""))
    return _UTF16 + _written(rows, ";").encode("utf-16-le")


def trados_table(analysis: Analysis) -> bytes:
    """The CSV of Trados 2007, which memoQ ("per-file, Trados-compatible") and Phrase write and most systems import.

    Checked against the columns that public readers take (]project-open[, easy_paste). "Tagging Errors" is always 0.
    """
    names = {"101%": "Context TM", "No match": "No Match"}
    groups = {names.get(name, name): categories for name, categories in _WORK.items()}
    units = ("Segments", "Words", "Placeables", "Percent")
    rows: list[Sequence[Cell]] = [
        ["", "", "", *_spread([*groups, "Total"], len(units))],
        ["File", "Tagging Errors", "Chars/Word", *units * len(groups), *units[:-1], "Characters"],
    ]
    for name, tally in analysis.files.items():
        total = _sum(tally, _TOTAL)
        cells: list[Cell] = []
        for categories in groups.values():
            counts = _sum(tally, categories)
            percent = round(100 * counts.words / total.words) if total.words else 0
            cells += (counts.segments, counts.words, counts.placeables + counts.tags, percent)
        cells += (total.segments, total.words, total.placeables + total.tags, total.characters)
        rows.append((name, 0, _per_word(total), *cells))
    return _UTF16 + _written(rows, ";").encode("utf-16-le")


def _spread(groups: Iterable[str], width: int) -> list[str]:
    """Names of groups above the first of their columns."""
    return [cell for group in groups for cell in (group, *[""] * (width - 1))]


def _sum(tally: Tally, categories: Iterable[Category]) -> Counts:
    return whole(tally[category] for category in categories)


def _per_word(counts: Counts) -> str:
    return f"{counts.characters / counts.words:.2f}" if counts.words else "0.00"


def _written(rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> str:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows(map(_cell, row) for row in rows)
    return text.getvalue()


# Full-width signs too: East Asian editions of Excel read them as the others.
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def _cell(cell: Cell) -> str:
    """A cell as it is written; text is such that no spreadsheet takes it for a formula, nor after blanks."""
    if not isinstance(cell, str):
        return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    cell = legible(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell
