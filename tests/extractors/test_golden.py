"""Golden folders: a source, what is served, and the file that comes of it, byte for byte."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from extractors.json_messages import JsonMessages
from tm_service.domain.serving import Answer, Rule, Served, Stamp
from tm_service.domain.units import Document, parse_key

GOLDEN = Path(__file__).parents[1] / "golden" / "json"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/source.json"))


def _json(path: Path) -> dict:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _merged(folder: Path) -> bytes:
    about = _json(folder / "stamp.json")
    rules, answers = about.get("rules", {}), about.get("answers", {})
    extractor = JsonMessages(about.get("dialect", ""))
    resource = extractor.extract(Document("source.json", (folder / "source.json").read_bytes()))
    served = {
        parse_key(name): Served(
            parse_key(name), text, Rule(rules.get(name, "current")), "", "", answer=Answer(answers.get(name, "text"))
        )
        for name, text in _json(folder / "served.json").items()
    }
    stamp = Stamp(about["branch"], datetime.fromisoformat(about["at"]), 7) if about else None
    return extractor.merge(resource, served, stamp)


@pytest.mark.parametrize("case", CASES)
def test_the_merged_file_is_the_expected_one(case, accept):
    merged, expected = _merged(GOLDEN / case), GOLDEN / case / "expected.json"
    if accept:
        expected.write_bytes(merged)
    assert merged == expected.read_bytes()


def test_there_are_golden_folders():
    assert len(CASES) >= 10
