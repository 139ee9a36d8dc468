"""Tables: the README's figures, each between two comments that name it, drawn from the benchmarks it is of."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import false_alarms, formats, leverage, real_site, sentences, toolkit_xliff
from tests.benchmarks.measure import Figure, markdown

README = Path(__file__).parents[2] / "README.md"
_LAYOUTS = Path(__file__).with_name("tables.toml")
_CELL = re.compile(r"\{([^{}|]+)(?:\|(\w+))?\}")
_BLOCK = re.compile(r"<!-- figures: ([\w-]+) -->\n(.*?)\n?<!-- end -->", re.DOTALL)
_P50, _FOUND = re.compile(r"p50 ([\d.,]+ \S+),"), re.compile(r"found ([\d.]+ %)")

Figures = Sequence[Figure]


@dataclass(frozen=True)
class Table:
    """One table: the benchmarks whose figures it takes, its first line of cells, and how it is drawn.

    `draw` is given the figures and a folder that is the table's own to work in.
    """

    benchmarks: Sequence[str]
    head: Sequence[str]
    draw: Callable[[Figures, Path], str]


def tables() -> Mapping[str, Table]:
    """Every table of the README by its name."""
    drawn = {name: _laid_out(layout) for name, layout in tomllib.loads(_LAYOUTS.read_text("utf-8")).items()}
    site = ("merge", "deploy", "deploy-again", "packages", "learn", "replay")
    made = {
        "formats": Table((), formats.HEAD, lambda *_: rows(formats.HEAD, formats.table())),
        "replay-by-locale": Table((), real_site.HEAD, lambda _, folder: rows(real_site.HEAD, real_site.table(folder))),
        "leverage": Table((), leverage.HEAD, lambda _, folder: rows(leverage.HEAD, leverage.table(folder))),
        "site": Table(site, markdown([]).splitlines()[0].strip("| ").split(" | "), lambda found, _: markdown(found)),
        "memory": Table(("memory",), _MEMORY, lambda found, _: rows(_MEMORY, _memory(found))),
        "sentences": Table((), sentences.HEAD, lambda *_: rows(sentences.HEAD, sentences.table())),
        "toolkit-xliff": Table(
            (), toolkit_xliff.HEAD, lambda *_: rows(toolkit_xliff.HEAD, toolkit_xliff.losses_table())
        ),
        "false-alarms": Table((), false_alarms.HEAD, lambda *_: rows(false_alarms.HEAD, false_alarms.table())),
    }
    return {**drawn, **made}


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A table whose first column is of words, the others of numbers, but for a last one that is called `what ...`."""
    lines = ["---" if not place or name.startswith("what ") else "---:" for place, name in enumerate(head)]
    return "\n".join(["| " + " | ".join(cells) + " |" for cells in (head, *body)]).replace(
        "\n", f"\n|{'|'.join(lines)}|\n", 1
    )


def blocks(text: str) -> Mapping[str, str]:
    """What stands in the README, by the name of the table."""
    return {match[1]: match[2] for match in _BLOCK.finditer(text)}


def rewritten(text: str, drawn: Mapping[str, str]) -> str:
    """The README with these tables in the place of those of their names; nothing else is touched."""
    return _BLOCK.sub(
        lambda match: (
            f"<!-- figures: {match[1]} -->\n{drawn[match[1]]}\n<!-- end -->" if match[1] in drawn else match[0]
        ),
        text,
    )


def measured_at(where: Mapping[str, str], seconds: float) -> str:
    """The line below a table that says where and when it was measured; `where` is the machine as it was at the start."""
    made = f"{where['processor']}, {where['cores']} cores, Python {where['python']}, load {where['load']}"
    return f"\n*{datetime.now(UTC):%Y-%m-%d}; {made}; {seconds:.0f} s.*"


def shown(value: float, unit: str) -> str:
    """A figure as people read it, with as many digits as say something."""
    if unit == "µs" and value >= 10:
        value, unit = value / 1000, "ms"
    if unit == "s" and value < 0.1:
        value, unit = value * 1000, "ms"
    least = {"ms": 10, "s": 10, "%": 100, "MiB": 0}.get(unit, 100)
    digits = 0 if value >= least else 1 if value >= 1 and unit != "s" else 2
    return f"{value:,.{digits}f} {unit}"


def _laid_out(layout: Mapping[str, Sequence[str]]) -> Table:
    head = [name.removesuffix(":") for name in layout["head"]]
    return Table(layout["benchmarks"], head, lambda found, _: rows(head, _filled(layout["rows"], found)))


def _filled(layout: Sequence[Sequence[str]], found: Figures) -> list[list[str]]:
    known = {figure.name: figure for figure in reversed(found)}
    return [[_CELL.sub(lambda match: _cell(known, match), cell) for cell in row] for row in layout]


def _cell(known: Mapping[str, Figure], match: re.Match[str]) -> str:
    """Raises KeyError for a figure that no benchmark gave."""
    if match[2] == "span":
        spent = sorted(known[name].processor or 0 for name in match[1].split(";"))
        return f"{shown(spent[0], 's')} to {shown(spent[-1], 's')}"
    figure = known[match[1]]
    match match[2]:
        case "that":
            return shown(figure.other or 0, figure.unit)
        case "processor":
            return shown(figure.processor or 0, "s")
        case "ratio":
            return f"{figure.ratio or 0:.2f}"
        case _:
            return shown(figure.value, figure.unit)


_MEMORY = ("look-up in 1,000,000", "mean", "median", "finds of what brute force finds", "times our native mean", "goal")


def _memory(found: Figures) -> list[list[str]]:
    """Ours first; of each peer its first figure, which is beside our native engine. Notes say what was found."""
    made: dict[str, list[str]] = {}
    shares = {figure.name.rpartition(", ")[2]: figure.value for figure in found if figure.name.startswith("found of")}
    for figure in found:
        if not figure.name.startswith("look-up, "):
            continue
        name, note = figure.name.removeprefix("look-up, "), figure.note
        median = _P50.search(note)
        hit = _FOUND.search(note)
        share = hit[1] if hit else f"{shares.get(name.rpartition(', ')[2], 0):.0f} %"
        times = f"{figure.ratio:,.0f}" if figure.ratio else ""
        goal = figure.goal.removesuffix(" times ours")
        made.setdefault(name, [name, shown(figure.value, figure.unit), median[1] if median else "", share, times, goal])
    return list(made.values())
