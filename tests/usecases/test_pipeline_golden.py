"""Golden folders: whole journeys from one release to the next, with every catalog, number and reason at their end."""

import json
import re
import tomllib
import zipfile
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from shutil import rmtree

import pytest

from tests.fakes import SITE, House
from tm_service.domain.errors import GateClosed
from tm_service.domain.units import key_text

GOLDEN = Path(__file__).parents[1] / "golden" / "pipeline"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/steps.toml"))


def _walked(case: Path, house: House) -> dict[str, bytes]:
    """Take the steps of a case; gives the files that are expected at its end, by name."""
    told = tomllib.loads((case / "steps.toml").read_text("utf-8"))
    rule = replace(SITE.content[0], parity=told.get("parity", False))
    house.site = replace(SITE, locales=("fr",), content=(rule,))
    journal: list[dict[str, object]] = []
    for step in told["step"]:
        if "deploy" in step:
            journal.append(_deployed(house))
        elif "package" in step:
            journal.append(_returned(house, step["package"], step["answers"]))
        else:
            house.write({**step.get("files", {}), **dict.fromkeys(step.get("gone", []))})
    report = house.service.coverage(house.name)
    return {
        "detect.json": _json([entry["changes"] for entry in journal if "changes" in entry]),
        "journal.json": _json([{name: told for name, told in entry.items() if name != "changes"} for entry in journal]),
        "coverage.json": _json({locale: asdict(coverage) for locale, coverage in report.locales.items()}),
        "reasons.json": _json(_reasons(house)),
        **{
            f"catalogs/{path}": text
            for path, text in house.service.catalogs(house.name, report.deployment.number).items()
        },
    }


def _deployed(house: House) -> dict[str, object]:
    changes = [
        {
            "kind": change.kind,
            "edit_class": change.edit,
            "before": _place(change.before),
            "after": _place(change.after),
        }
        for change in house.service.detect(house.name).changes
    ]
    try:
        made = house.service.deploy(house.name)
    except GateClosed as closed:
        return {"gate": _steady(str(closed)), "changes": changes}
    findings = [finding.message for finding in made.plan.findings]
    behind = {unit: why for unit, why in _reasons(house).items() if not why.startswith("current")}
    return {"deployment": made.deployment.number, "findings": findings, "not current": behind, "changes": changes}


def _place(unit: object) -> str | None:
    return str(unit) if unit else None


def _returned(house: House, locale: str, answers: dict[str, str]) -> dict[str, object]:
    ((package, name, content),) = house.packages(locales=(locale,))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xliff = next(archive.read(entry) for entry in archive.namelist() if entry.endswith(".xlf")).decode()
    for unit in package.work:
        target = answers.get(key_text(unit.key))
        if target is not None:
            written = f'<target state="translated">{target}</target>'
            pattern = rf'(id="{re.escape(unit.id)}".*?</source>\s*)<target[^>]*?(?:/>|>.*?</target>)'
            xliff = re.sub(pattern, lambda match, written=written: match[1] + written, xliff, flags=re.DOTALL)
    receipt = house.service.take_in(name, xliff.encode())
    return {
        "package": [f"{unit} ({unit.edit or 'new'})" for unit in map(_Sent, package.work)],
        "outcome": receipt.outcome,
        "accepted": receipt.accepted,
        "quarantined": receipt.quarantined,
        "open": receipt.open,
        "findings": [finding.message for finding in receipt.findings],
    }


class _Sent:
    def __init__(self, unit) -> None:
        self.edit, self._unit = unit.edit, unit

    def __str__(self) -> str:
        return f"{self._unit.resource} {key_text(self._unit.key)}"


def _reasons(house: House) -> dict[str, str]:
    paths = house.service.coverage(house.name).paths["fr"]
    reasons = {}
    for path in sorted(paths):
        revision = house.repository.resolve("").id
        with house.reader() as reader:
            snapshot = reader.snapshot(house.repository.resolve(revision))
        units = snapshot.resources[path].units if path in snapshot.resources else ()
        for unit in units:
            entry = house.served(path, key_text(unit.key))
            reasons[f"{path} {key_text(unit.key)}"] = f"{entry.rule}: {_steady(entry.why)}"
    return reasons


def _steady(text: str) -> str:
    """Without the ids of commits and digests of files, which tell nothing."""
    return re.sub(r"\b[0-9a-f]{12}\b", "(commit)", text)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


@pytest.mark.parametrize("case", CASES)
def test_a_journey_ends_as_expected(case, house, accept):
    made, expected = _walked(GOLDEN / case, house), GOLDEN / case / "expected"
    if accept:
        rmtree(expected, ignore_errors=True)
        for name, content in made.items():
            (expected / name).parent.mkdir(parents=True, exist_ok=True)
            (expected / name).write_bytes(content)
    kept = {path.relative_to(expected).as_posix(): path for path in expected.rglob("*") if path.is_file()}
    assert sorted(made) == sorted(kept)
    for name, content in made.items():
        assert content.decode() == kept[name].read_bytes().decode(), name


def test_there_are_golden_journeys():
    assert len(CASES) >= 8
