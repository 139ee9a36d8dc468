"""Shown: tables cut into pages of a page, each with the addresses of its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request

from tm_service.web.desks.register.charts import Chart, Heat, heat_class, svg_of
from tm_service.web.desks.register.views import View
from tm_service.web.desks.register.words import Cell, Column, Link, Sheet, plain

AT_ONCE = 50  # rows of a table
_TABLE, _CHART = ("csv", "xlsx"), ("svg", "png")


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a table: rows `first` to `last` of `total`, counted from 1; addresses are "" where there is nothing."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    first: int
    last: int
    total: int
    earlier: str
    later: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as SVG and the addresses of its files; its figures are those of the table of its name."""

    name: str
    title: str
    svg: str
    files: Mapping[str, str]

    @property
    def markup(self) -> Markup:
        """The chart within a page: our own template made it, which escapes what it is told."""
        return Markup(self.svg)  # noqa: S704 - as said


def _asked(request: Request, **changed: object) -> str:
    """What the address asks, with some of it changed."""
    kept = {name: value for name, value in request.query_params.items() if name not in ("lang", "said")}
    query = urlencode({**kept, **{name: value for name, value in changed.items() if value}})
    return f"?{query}" if query else ""


def _cell(cell: Cell) -> Cell:
    return replace(cell, value=plain(cell)) if isinstance(cell, Link) else plain(cell)


def shown(request: Request, sheet: Sheet, place: str, kinds: Sequence[str] = _TABLE) -> Shown:
    """The part that the address asks for by `<name>-from`; `place` is where files of these kinds come from."""
    asked = request.query_params.get(f"{sheet.name}-from", "")
    start = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < len("1000000") else 0
    start = min(start, max(0, len(sheet.rows) - 1)) // AT_ONCE * AT_ONCE
    rows = [[_cell(cell) for cell in row] for row in sheet.rows[start : start + AT_ONCE]]
    name, total, end = f"{sheet.name}-from", len(sheet.rows), start + len(rows)
    return Shown(
        sheet.name,
        sheet.title,
        sheet.columns,
        rows,
        start + 1,
        end,
        total,
        _asked(request, **{name: str(max(0, start - AT_ONCE))}) if start else "",
        _asked(request, **{name: str(end)}) if end < total else "",
        {kind: f"{place}{_asked(request, table=sheet.name, kind_of=kind)}" for kind in kinds},
    )


def drawn(request: Request, chart: Chart, code: str, place: str) -> Drawn:
    files = {kind: f"{place}{_asked(request, table=chart.name, kind_of=kind)}" for kind in (*_CHART, "csv")}
    return Drawn(chart.name, chart.title, svg_of(chart, code), files)


def all_shown(request: Request, view: View, code: str, place: str) -> dict[str, Any]:
    """What a template shows of a view; a table whose cells are coloured is its chart itself."""
    maps = {chart.name for chart in view.charts if isinstance(chart, Heat)}
    return {
        "charts": [drawn(request, chart, code, place) for chart in view.charts if chart.name not in maps],
        "sheets": [
            shown(request, sheet, place, (*_TABLE, *_CHART) if sheet.name in maps else _TABLE) for sheet in view.sheets
        ],
        "heat_class": heat_class,
    }
