"""A translator returns a package from OmegaT damaged in three places: an exact receipt, nothing lost, the rest served."""

import os
from collections.abc import Callable

import pytest
from lxml import etree

from tests.cli.houses import FRENCH, commit, fill
from tests.exchange.omegat.project import XLIFF, installed, translate, typed, unpack, zipped
from tests.exchange.omegat.texts import entries

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not installed() and os.environ.get("CI") != "true", reason="OmegaT is not installed (apt install omegat)"
    ),
]

TEXTS = entries()[:44]
GUIDE = {f"t{number}": text["en"] for number, text in enumerate(TEXTS)}
MEANT = {text["en"]: text["fr"] for text in TEXTS} | FRENCH


def _without_code(target):
    """Somebody deleted a placeholder; the words around it stay."""
    code = target[-1]
    before = code.getprevious()
    if before is None:
        target.text = (target.text or "") + (code.tail or "")
    else:
        before.tail = (before.tail or "") + (code.tail or "")
    target.remove(code)


def _blank(target):
    target[:], target.text = [], ""


def _other_number(target):
    assert "18" in target.text
    target.text = target.text.replace("18", "81")


SINCE, MAP, OPEN = "Seed banks: new since {date}", "Buy a map", "Open from 9 to 18"
PLACES = {SINCE: ("texts/guide.json", "t22"), MAP: ("texts/shop.json", "map"), OPEN: ("texts/home.json", "open")}
SINCE_SOURCE, TOPIC = GUIDE["t22"], TEXTS[0]["fr"]
DAMAGE: dict[str, Callable[[etree._Element], None]] = {SINCE: _without_code, MAP: _blank, OPEN: _other_number}


def damaged(folder):
    """Spoil what OmegaT wrote, in three places; the units by what they say in English."""
    found = {}
    for file in sorted((folder / "target").rglob("*.xlf")):
        tree = etree.parse(file)
        for unit in tree.iterfind(".//x:trans-unit", XLIFF):
            english = "".join(unit.find("x:source", XLIFF).itertext())
            if english in DAMAGE:
                DAMAGE[english](unit.find("x:target", XLIFF))
                found[english] = unit.get("id")
        tree.write(file, xml_declaration=True, encoding="UTF-8")
    return found


def explained(asker, resource, key):
    """What readers of French see there, and by which rule."""
    why = asker.get("/sites/reef/explanation", params={"locale": "fr", "resource": resource, "key": key})
    return why["text"], why["rule"]


def read(asker, english):
    return explained(asker, *PLACES[english])


def test_a_package_comes_back_from_omegat_damaged_in_three_places(begun, tmp_path):
    with begun("take-in") as journey:
        office, ines = journey.office, journey.ines
        dana, fatou = journey.joins("dana", "developer@reef"), journey.joins("fatou", "translator@reef/fr")
        commit(office.site, {"texts/guide.json": GUIDE}, "A guide", "r3")
        ines.done("/sites/reef/learning", {"history": True})
        dana.done("/sites/reef/deployments", {"ref": "r3"})
        dana.done("/sites/reef/packages", {"ref": "r3", "locales": ["fr"], "profile": "omegat"})
        (package,) = fatou.get("/sites/reef/packages")["packages"]
        assert (package["profile"], package["units"]) == ("omegat", len(MEANT))

        (tmp_path / "package.zip").write_bytes(fatou.get(f"/packages/{package['id']}/file").content)
        folder = unpack(tmp_path / "project", (tmp_path / "package.zip").read_bytes())
        answers = {typed(english, english): typed(french, english) for english, french in MEANT.items()}
        assert set(translate(folder, answers).shown) == set(answers)
        units = damaged(folder)
        assert set(units) == set(DAMAGE)
        back = {"params": {"name": "back.zip"}, "content": zipped(folder, "target")}
        (receipt,) = fatou.done("/returns", **back)["receipts"]
        (same,) = fatou.done("/returns", **back)["receipts"]
        assert same == receipt | {"repeated": True}
        assert (receipt["outcome"], receipt["accepted"], receipt["open"]) == ("quarantine", len(MEANT) - 3, 3)
        assert receipt["quarantined"] == [units[SINCE], units[OPEN]]
        found = {(one["unit"], one["check"]): one for one in receipt["findings"] if one["severity"] != "warning"}
        assert set(found) == {(units[SINCE], "placeholders"), (units[OPEN], "numbers"), (units[MAP], "completeness")}
        start, end = found[units[OPEN], "numbers"]["place"]
        assert FRENCH[OPEN].replace("18", "81")[start:end] == "81"

        # the rest is served; where something is damaged, readers keep what they had
        dana.done("/sites/reef/deployments", {"ref": "r3"})
        assert read(dana, SINCE) == (SINCE_SOURCE, "missing")
        assert read(dana, MAP) == (MAP, "missing")
        assert read(dana, OPEN) == ("Ouvert de 9 h à 17 h", "dated")
        for number, text in enumerate(TEXTS):
            if f"t{number}" != PLACES[SINCE][1]:
                assert explained(dana, "texts/guide.json", f"t{number}") == (text["fr"], "current")

        # what was damaged comes back as a package of its own, and what stayed open with the first
        corrections = tmp_path / "corrections.zip"
        corrections.write_bytes(fatou.get(f"/receipts/{receipt['digest']}/corrections").content)
        since = f'{TOPIC} : <g id="1">nouveau</g> depuis le <ph id="2" ctype="x-placeholder">{{date}}</ph>'
        for file, answers in (
            (corrections, {SINCE: since, OPEN: FRENCH[OPEN]}),
            (tmp_path / "package.zip", {MAP: FRENCH[MAP]}),
        ):
            content = fill(file, answers).read_bytes()
            (again,) = fatou.done("/returns", params={"name": f"{file.stem}.xlf"}, content=content)["receipts"]
            assert (again["accepted"], again["quarantined"]) == (len(answers), [])
        dana.done("/sites/reef/deployments", {"ref": "r3"})
        assert [read(dana, one)[1] for one in DAMAGE] == ["current"] * 3
        assert read(dana, OPEN)[0] == FRENCH[OPEN]
        tally = dana.get("/sites/reef/coverage")["locales"]["fr"]
        assert (tally["covered"], tally["missing"], tally["stale"], tally["out"]) == (tally["units"], 0, 0, 0)
