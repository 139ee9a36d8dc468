"""Returns as each tool writes them: what is read of every sample stands beside it."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tm_service.domain.packages import ReturnedUnit
from tm_service.exchange.readers.mqxliff import read_mqxliff
from tm_service.exchange.readers.mxliff import read_mxliff
from tm_service.exchange.readers.sdlxliff import read_sdlxliff
from tm_service.exchange.readers.xliff12 import read_xliff

GOLDEN = Path(__file__).parents[2] / "golden" / "returns"
READERS = {".sdlxliff": read_sdlxliff, ".mqxliff": read_mqxliff, ".mxliff": read_mxliff, ".xlf": read_xliff}
FOLDERS = ("sdlxliff", "memoq", "phrase", "xliff1")
FILES = [f"{folder}/{path.name}" for folder in FOLDERS for path in sorted((GOLDEN / folder).iterdir())]
FILES = [name for name in FILES if not name.endswith(".json")]
PLAIN = {field.name: field.default for field in fields(ReturnedUnit)}


def legible(text):
    """A neutral text for people: ⟦+1⟧ opens the pair 1, ⟦-1⟧ closes it, ⟦.2⟧ stands alone."""
    return re.sub("\ue000([^\ue001]*)\ue001", r"⟦\1⟧", text)


def shown(unit):
    """What is not as it always is of a unit."""
    said = {name: getattr(unit, name) for name in PLAIN}
    said |= {"source": legible(unit.source), "target": legible(unit.target)}
    said["findings"] = [f"{finding.severity}: {finding.message}" for finding in unit.findings]
    said["comments"] = [f"{comment.author}, {comment.at}: {comment.text}" for comment in unit.comments]
    return {
        name: value
        for name, value in said.items()
        if name in ("id", "source", "target") or value not in ("", False, [])
    }


def document(read):
    return {
        "packages": read.packages,
        "units": [shown(unit) for unit in read.units],
        "findings": [finding.message for finding in read.findings],
    }


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_read_as_expected(name, accept):
    path = GOLDEN / name
    expected = path.with_name(f"{path.name}.json")
    read = READERS[path.suffix](path.name, path.read_bytes())
    given = json.dumps(document(read), ensure_ascii=False, indent=1) + "\n"
    if accept:
        expected.write_text(given, "utf-8")
    assert given == expected.read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_the_same_whatever_its_name_and_encoding(name):
    content = (GOLDEN / name).read_bytes()
    reader = READERS[Path(name).suffix]
    encoded = re.sub(r'encoding="[^"]*"', 'encoding="UTF-16"', content.decode("utf-8")).encode("utf-16")
    assert document(read_xliff("return.bin", encoded)) == document(reader("return.xml", content))


def test_every_tool_has_samples_and_every_sample_its_result():
    for folder in FOLDERS:
        names = {path.name for path in (GOLDEN / folder).iterdir()}
        samples = {name for name in names if not name.endswith(".json")}
        assert len(samples) >= 6
        assert names - samples == {f"{name}.json" for name in samples}
