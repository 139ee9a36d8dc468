"""Downloads: a table or a chart of a page, as the reader asks for it."""

import re
from typing import Literal

from starlette.responses import Response

from tm_service.domain.errors import NotFound
from tm_service.web.desks.register.charts import svg_of
from tm_service.web.desks.register.files import csv_of, png_of, xlsx_of
from tm_service.web.desks.register.views import Say, View
from tm_service.web.texts import direction

Format = Literal["csv", "xlsx", "svg", "png"]
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}


def answered(say: Say, view: View, name: str, kind: Format) -> Response:
    """The table or chart of a name; a workbook has all tables of the page. Raises NotFound, ConnectorError."""
    return download(f"{say.site}-{name}.{kind}", _content(say, view, name, kind))


def _content(say: Say, view: View, name: str, kind: Format) -> bytes:
    if kind in ("svg", "png"):
        for chart in view.charts:
            if chart.name == name:
                svg = svg_of(chart, say.code)
                return png_of(svg, say.code) if kind == "png" else svg.encode()
        raise NotFound("There is no such chart, or nothing to draw in it yet.")
    for sheet in view.sheets:
        if sheet.name == name:
            others = [one for one in view.sheets if one is not sheet]
            right_to_left = direction(say.code) == "rtl"
            return xlsx_of([sheet, *others], right_to_left=right_to_left) if kind == "xlsx" else csv_of(sheet)
    raise NotFound("There is no such table, or nothing in it yet.")


def download(name: str, content: bytes) -> Response:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".")
    headers = {"Content-Disposition": f'attachment; filename="{safe}"', "Cache-Control": "no-store"}
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
