"""Golden folders: a source, what is served, and the file that comes of it, byte for byte.

`tests/golden/<extractor>/<case>/` holds `source.<ending>`, `served.json` (texts by key), `expected.<ending>` and, where
needed, `about.json`: dialect, locale, branch and moment of the deployment, rules and answers by key.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from extractors import EXTRACTORS, extractor
from tm_service.domain.serving import Answer, Rule, Served, Stamp
from tm_service.domain.units import Document, parse_key

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(path.parent for name in EXTRACTORS for path in (GOLDEN / name).glob("*/source.*"))


def _json(path: Path) -> dict:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _merged(source: Path) -> bytes:
    about = _json(source.parent / "about.json")
    rules, answers = about.get("rules", {}), about.get("answers", {})
    made = extractor(source.parents[1].name, about.get("dialect", ""))
    resource = made.extract(Document(source.name, source.read_bytes()), about.get("source", "en"))
    served = {
        parse_key(name): Served(
            parse_key(name), text, Rule(rules.get(name, "current")), "", "", answer=Answer(answers.get(name, "text"))
        )
        for name, text in _json(source.parent / "served.json").items()
    }
    stamp = Stamp(about["branch"], datetime.fromisoformat(about["at"]), 7) if "branch" in about else None
    return made.merge(resource, served, stamp, about.get("locale", ""))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_the_merged_file_is_the_expected_one(case, accept):
    source = next(case.glob("source.*"))
    merged, expected = _merged(source), source.with_stem("expected")
    if accept:
        expected.write_bytes(merged)
    assert merged == expected.read_bytes()


@pytest.mark.parametrize("name", EXTRACTORS)
def test_every_extractor_has_a_golden_folder(name):
    assert any(case.parent.name == name for case in CASES)
