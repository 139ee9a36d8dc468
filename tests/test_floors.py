"""Floors: the stairs between rooms hold, and every module says in one sentence what it is for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("tm_service", "extractors", "memory", "connectors", "locales")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LONGEST = 400
LONG_WITH_A_REASON: dict[str, str] = {}  # path: why it is one subject all the same


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_walk_down_and_never_sideways():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_opens_with_one_sentence(path):
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert said, f"{_name(path)} does not say what it is for"
    first = said.split("\n\n")[0]
    assert first.rstrip()[-1] in ".:", f"{_name(path)} opens with no sentence: {first}"
    assert first.count(". ") == 0 or _name(path) == "tm_service/__init__.py", "only the welcome may go on"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_no_longer_than_a_person_reads(path):
    lines = path.read_text("utf-8").count("\n")
    assert lines <= LONGEST or _name(path) in LONG_WITH_A_REASON, f"{_name(path)} has {lines} lines: give it a room"


def test_reasons_for_length_are_still_needed():
    long = {_name(path) for path in MODULES if path.read_text("utf-8").count("\n") > LONGEST}
    assert set(LONG_WITH_A_REASON) <= long
