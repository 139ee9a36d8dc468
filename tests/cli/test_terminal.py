"""On a terminal: a bar on standard error when something takes long, and never a trace of it on standard output."""

import json
import os
import pty
import subprocess
import sys

import pytest

from tests.cli.houses import commit
from tm_service.cli import output

IMPATIENT = "from tm_service.cli import main, output; output._PATIENCE = 0.0; main()"


class Terminal:
    """Two terminals, one for each stream, and what was written to them."""

    def __init__(self, words, **environment: str) -> None:
        out, out_end = pty.openpty()
        err, err_end = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", IMPATIENT, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=out_end,
            stderr=err_end,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment},
        )
        os.close(out_end)
        os.close(err_end)
        self.err = self._read(err)
        self.out = self._read(out)
        self.code = process.wait()

    @staticmethod
    def _read(handle) -> str:
        said = b""
        while True:
            try:
                part = os.read(handle, 65_536)
            except OSError:  # the other end is closed
                part = b""
            if not part:
                os.close(handle)
                return said.decode().replace("\r\n", "\n")
            said += part


@pytest.mark.slow
def test_a_long_progress_on_a_terminal_leaves_standard_output_to_the_document(house):
    for number in range(30):
        text = {"title": f"Dive number {number}", "where": "In the lagoon"}
        commit(house.site, {f"texts/dive{number}.json": text}, f"Dive {number}")
    seen = Terminal(["--home", house.home, "learn", "reef", "--history", "--json"])
    assert seen.code == 0, seen.err
    assert seen.out.count("\n") == 1
    assert json.loads(seen.out)["commits"] == 32
    assert "learning" in seen.err
    assert "\x1b" in seen.err
    assert "\x1b" not in seen.out


@pytest.fixture(name="terminal")
def _terminal(monkeypatch):
    """Standard error of this process looks like a terminal."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(output, "_PATIENCE", 3600.0)


@pytest.mark.usefixtures("terminal")
def test_what_is_quick_shows_no_bar(capsys):
    with output.progress("learning") as tick:
        tick(1, 2)
    assert capsys.readouterr() == ("", "")


def test_nothing_is_drawn_where_standard_error_is_no_terminal(capsys, monkeypatch):
    monkeypatch.setattr(output, "_PATIENCE", 0.0)
    with output.progress("learning") as tick:
        tick(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_table_sets_numbers_flush_right_and_words_flush_left():
    rows = [("fr", 1200, 3.14159), ("ar", 7, 100.0)]
    assert output.table(("locale", "units", "share"), rows).splitlines() == [
        "locale  units   share",
        "fr      1,200    3.14",
        "ar          7  100.00",
    ]


def test_a_table_without_rows_is_its_head():
    assert output.table(("locale", "units"), []) == "locale  units"
