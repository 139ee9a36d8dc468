"""The README's tables of figures: each is made by benchmarks that exist, and is made anew without touching anything else."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import benchmarks
from tests.benchmarks.measure import Figure
from tests.benchmarks.tables import README, blocks, rewritten, shown, tables

TEXT = README.read_text("utf-8")
FIGURES = TEXT.split("\n## Figures")[1].split("\n## ")[0]
TABLES = tables()


def heads(text):
    """The first line of every table."""
    lines = text.splitlines()
    return [
        line for place, line in enumerate(lines[:-1]) if line.startswith("|") and lines[place + 1].startswith("|---")
    ]


def test_every_table_of_figures_has_its_name_and_no_name_is_there_twice():
    named = re.findall(r"<!-- figures: ([\w-]+) -->", TEXT)
    assert sorted(named) == sorted(TABLES)
    assert [heads(block)[0] for block in blocks(TEXT).values()] == heads(FIGURES)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_of_benchmarks_that_exist_and_has_the_columns_that_are_drawn(name, tmp_path):
    assert set(TABLES[name].benchmarks) <= set(benchmarks(tmp_path))
    cells = [cell.strip() for cell in heads(blocks(TEXT)[name])[0].strip("|").split("|")]
    assert cells == list(TABLES[name].head)


def test_one_table_is_made_anew_and_nothing_else_is_touched():
    names = {"desk: queue, p95": 12.34, "desk: page of a package, p95": 1.234, "desk: page found by a text, p95": 2.0}
    names |= {"desk: page of a unit, p95": 3.0, "desk: check, p95": 0.123, "desk: save, p95": 16.0}
    drawn = TABLES["desk"].draw([Figure(name, value, "ms") for name, value in names.items()], Path())
    assert "| queue | 12 ms | 150 ms |" in drawn
    assert "| a package's page · one found by a text | 1.2 ms · 2.0 ms | 150 ms |" in drawn
    again = rewritten(TEXT, {"desk": drawn})
    assert blocks(again) == blocks(TEXT) | {"desk": drawn}
    assert rewritten(again, blocks(TEXT)) == TEXT


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (250.0, "µs", "0.25 ms"),
        (8_100.0, "µs", "8.1 ms"),
        (1_056_000.0, "µs", "1,056 ms"),
        (0.03, "s", "30 ms"),
        (0.42, "s", "0.42 s"),
        (47.2, "s", "47 s"),
        (302.4, "MiB", "302 MiB"),
        (99.5, "%", "99.5 %"),
    ],
)
def test_figures_have_as_many_digits_as_say_something(value, unit, said):
    assert shown(value, unit) == said
