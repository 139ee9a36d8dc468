"""Charts: lines, bars and a map of shares, laid out in numbers; a template writes them as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tm_service.web.desks.register.words import printable
from tm_service.web.render import text
from tm_service.web.texts import speech

WIDTH = 960
_LABEL, _END, _TOP, _BOTTOM = 150, 170, 64, 44  # margins: labels of rows, labels of lines, title and legend, moments
_ROW = 30
_LEGEND = 22
_LETTER = 7.5  # average width of a letter of the legend
_WIDE_LETTER = 13  # of a Chinese one
# As the style sheet has them on white paper: a file has no style sheet.
SERIES = ("#0b6b66", "#a14a00", "#3b5bb5", "#8a2f8f", "#6b6100", "#8f1d18", "#1b2529", "#56646a", "#2f6b1a")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 2", "", "6 2 2 2", "3 3")
STEPS = ("#0b6b66", "#f0d9ae", "#e0ae57", "#c77f1f", "#96510d", "#5c2a06")
CLASSES = ("#0b6b66", "#3a8f89", "#74b5b0", "#a9d3cf", "#e9dcb9", "#e5c37e", "#d69a2d", "#b4661a", "#7a3410")
SEVERITIES = ("#b3261e", "#d69a2d", "#56646a")
_KINDS = {
    SERIES: "series",
    STEPS: "steps",
    CLASSES: "classes",
    SEVERITIES: "severities",
}  # as the style sheet calls them
_INK, _QUIET, _LINE = "#1b2529", "#56646a", "#c9d1d3"
_RIGHT_TO_LEFT, _END_APART = "\N{RIGHT-TO-LEFT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_APART = 17  # pixels between labels of lines


@dataclass(frozen=True, slots=True)
class Line:
    """One line: shares from 0 to 1, None where there is none, at moments in order."""

    name: str
    points: Sequence[tuple[datetime, float | None]]


@dataclass(frozen=True, slots=True)
class Lines:
    """Shares over time; `marks` are deployments by moment, and whether they raised alarms."""

    name: str
    title: str
    lines: Sequence[Line]
    marks: Sequence[tuple[datetime, bool]]


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked bars, one a row: `parts` name the pieces in order, `colours` is one of the palettes above."""

    name: str
    title: str
    parts: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]
    colours: tuple[str, ...] = SERIES
    codes: bool = False  # whether its rows are named by codes, the same in every language


@dataclass(frozen=True, slots=True)
class Heat:
    """Shares by row and column, None where there is nothing."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[float | None]]]


Chart = Lines | Bars | Heat


def svg_of(chart: Chart, code: str) -> str:
    """The chart as one SVG element that stands alone, in the language and direction of the reader."""
    sheet = _Sheet(code)
    made = {Lines: _lines, Bars: _bars, Heat: _heat}[type(chart)](chart, sheet)  # type: ignore[operator]
    shared = {
        "chart": chart,
        "heading": sheet.spoken(chart.title),
        "width": WIDTH,
        "ink": _INK,
        "quiet": _QUIET,
        "line": _LINE,
    }
    return printable(text(code, "register/chart.svg", **shared, **made))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Paper on which time and bars run as one reads."""

    code: str

    @property
    def turned(self) -> bool:
        return speech(self.code).direction == "rtl"

    def x(self, at: float) -> float:
        return round(WIDTH - at if self.turned else at, 1)

    def anchor(self, where: str) -> str:
        turned = {"start": "end", "end": "start"}
        return turned.get(where, where) if self.turned else where

    def label(self, at: float, y: float, said: str, where: str = "start", **more: object) -> dict[str, object]:
        return {"x": self.x(at), "y": round(y, 1), "text": self.spoken(said), "anchor": self.anchor(where), **more}

    def spoken(self, said: str) -> str:
        """Set apart in its own direction: pictures are drawn by more than browsers, and not all know `direction`."""
        return f"{_RIGHT_TO_LEFT}{said}{_END_APART}" if self.turned else said

    def box(self, at: float, y: float, width: float, height: float, **more: object) -> dict[str, object]:
        x = WIDTH - at - width if self.turned else at
        return {"x": round(x, 1), "y": round(y, 1), "width": round(width, 1), "height": height, **more}

    def long(self, said: str) -> float:
        """About how many pixels a text of the legend takes."""
        return sum(_WIDE_LETTER if ord(letter) > 0x2E7F else _LETTER for letter in said)  # noqa: PLR2004 - CJK begins there


def _legend(sheet: _Sheet, parts: Sequence[str], colours: Sequence[str]) -> tuple[list[dict[str, object]], float]:
    """Boxes and their words, line by line, and where they end."""
    found, at, y = list[dict[str, object]](), 0.0, 44.0
    for number, said in enumerate(parts):
        wide = sheet.long(said) + 34
        if at + wide > WIDTH:
            at, y = 0.0, y + _LEGEND
        box = sheet.box(at, y - 11, 14, 14, fill=colours[number % len(colours)], number=number)
        found.append({"box": box, "label": sheet.label(at + 20, y, said)})
        at += wide
    return found, y


def _bars(chart: Bars, sheet: _Sheet) -> dict[str, object]:
    legend, top = _legend(sheet, chart.parts, chart.colours) if len(chart.parts) > 1 else ([], 26.0)
    said = speech(sheet.code)
    label = min(320.0, max([_LABEL, *(sheet.long(name) + 12 for name, _ in chart.rows)]))
    room = WIDTH - label - 90
    most = max((sum(values) for _, values in chart.rows), default=0)
    boxes, labels = [], []
    for number, (name, values) in enumerate(chart.rows):
        y, at = top + 20 + number * _ROW, label
        code = {"code": True} if chart.codes else {}
        labels.append(sheet.label(label - 10, y + 14, name, "end", strong=True, **code))
        for part, value in enumerate(values):
            wide = room * value / most if most else 0
            if wide:
                colour = chart.colours[part % len(chart.colours)]
                boxes.append(
                    sheet.box(at, y, wide, 20, fill=colour, number=part, title=f"{name}: {said.number(value)}")
                )
            at += wide
        labels.append(sheet.label(at + 8, y + 14, said.number(sum(values))))
    height = top + 30 + len(chart.rows) * _ROW
    return {
        "legend": legend,
        "boxes": boxes,
        "labels": labels,
        "height": height,
        "kind": _KINDS[chart.colours],
        "lines": [],
        "rules": [],
    }


def _lines(chart: Lines, sheet: _Sheet) -> dict[str, object]:
    said = speech(sheet.code)
    height = 380
    left, right = 60, WIDTH - _END
    moments = [at for at, _ in chart.marks]
    first, last = min(moments), max(moments)
    whole = (last - first).total_seconds() or 1
    shares = [share for line in chart.lines for _, share in line.points if share is not None]
    floor = _floor(min(shares, default=0))

    def across(at: datetime) -> float:
        return left + (right - left) * ((at - first).total_seconds() / whole if last > first else 0.5)

    def down(share: float) -> float:
        return _TOP + (height - _TOP - _BOTTOM) * (1 - (share - floor) / (1 - floor))

    rules = [
        {
            "x1": sheet.x(left),
            "x2": sheet.x(right),
            "y1": round(down(share), 1),
            "y2": round(down(share), 1),
            "alarmed": False,
        }
        for share in _ticks(floor)
    ]
    labels = [sheet.label(left - 8, down(share) + 4, said.percent(share), "end") for share in _ticks(floor)]
    marks = [
        {
            "x1": sheet.x(across(at)),
            "x2": sheet.x(across(at)),
            "y1": _TOP if alarmed else height - _BOTTOM,
            "y2": height - _BOTTOM + 6,
            "alarmed": alarmed,
        }
        for at, alarmed in chart.marks
    ]
    labels += [
        sheet.label(across(at), height - _BOTTOM + 22, said.day(at.date()), where)
        for at, where in ((first, "start"), (last, "end"))[: 2 if last > first else 1]
    ]
    lines, ends = [], []
    for number, line in enumerate(chart.lines):
        placed = [(sheet.x(across(at)), round(down(share), 1)) for at, share in line.points if share is not None]
        colour, dash = SERIES[number % len(SERIES)], DASHES[number % len(DASHES)]
        lines.append({"points": placed, "colour": colour, "dash": dash, "number": number, "name": line.name})
        shown = next((share for _, share in reversed(line.points) if share is not None), None)
        if shown is not None:
            ends.append((down(shown), f"{line.name} {said.percent(shown)}", number, colour))
    labels += [
        sheet.label(right + 12, y + 4, name, series=number, colour=colour)
        for y, name, number, colour in _spread(sorted(ends))
    ]
    return {
        "legend": [],
        "boxes": [],
        "labels": labels,
        "height": height,
        "kind": "series",
        "lines": lines,
        "rules": [*rules, *marks],
    }


def _floor(least: float) -> float:
    """Where the axis begins: at nothing, or at half where everything lies above it; the labels say so."""
    return 0.0 if least < 0.5 else 0.5 if least < 0.9 else 0.9  # noqa: PLR2004 - shares


def _ticks(floor: float) -> list[float]:
    return [floor + (1 - floor) * part / 5 for part in range(6)]


def _spread(ends: list[tuple[float, str, int, str]]) -> Iterator[tuple[float, str, int, str]]:
    """Labels at the ends of lines, moved down where they would lie on each other."""
    free = 0.0
    for y, name, number, colour in ends:
        placed = max(y, free)
        free = placed + _APART
        yield placed, name, number, colour


def heat_class(share: float | None) -> int | None:
    """Which of eleven colours a share has: tenths, cut; the last is for all of it."""
    return None if share is None else int(share * 10 + 1e-9)


HEAT = (
    "#f3c9a5", "#f5d2b3", "#f7dcc3", "#f9e6d4", "#fbf0e5", "#eff6f5", "#e0efed", "#cfe6e3", "#bcdcd8", "#a7d1cc", "#8fc4be",
)  # fmt: skip


def _heat(chart: Heat, sheet: _Sheet) -> dict[str, object]:
    said = speech(sheet.code)
    label = min(420.0, max([_LABEL, *(sheet.long(name) + 12 for name, _ in chart.rows)]))
    wide = (WIDTH - label) / max(1, len(chart.columns))
    labels = [
        sheet.label(label + (number + 0.5) * wide, 52, name, "middle") for number, name in enumerate(chart.columns)
    ]
    boxes = []
    for line, (name, shares) in enumerate(chart.rows):
        y = 64 + line * _ROW
        labels.append(sheet.label(label - 10, y + 19, name, "end", strong=True))
        for number, share in enumerate(shares):
            step = heat_class(share)
            if step is not None:
                boxes.append(sheet.box(label + number * wide + 1, y, wide - 2, _ROW - 2, fill=HEAT[step], number=step))
            labels.append(sheet.label(label + (number + 0.5) * wide, y + 19, said.percent(share), "middle", ink=True))
    height = 76 + len(chart.rows) * _ROW
    return {"legend": [], "boxes": boxes, "labels": labels, "height": height, "kind": "heat", "lines": [], "rules": []}
