"""An editor changes a sentence of a legal article: readers keep the last whole version, then all languages change at once."""

import json

import pytest

from tests.cli.houses import fill
from tests.web.desks.editor_house import RULES, SITES, TEXTS, TITLES

pytestmark = pytest.mark.slow

PLACE = f"/editor/article/{RULES.identifier}"
LOCALES = ("ar", "es", "fr", "ru", "zh")
BEFORE, AFTER = "The room closes at six.", "The room closes at seven."
ANSWERS = {
    "ar": ("تُغلق القاعة في السادسة.", "تُغلق القاعة في السابعة."),
    "es": ("La sala cierra a las seis.", "La sala cierra a las siete."),
    "fr": ("La salle ferme à six heures.", "La salle ferme à sept heures."),
    "ru": ("Зал закрывается в шесть.", "Зал закрывается в семь."),
    "zh": ("阅览室六点关闭。", "阅览室七点关闭。"),
}


def seen(reader):
    """What readers of every language have, as one text each."""
    pages = {code: reader.page(f"/articles/{RULES.identifier}/{code}") for code in ("en", *LOCALES)}
    return {
        code: " ".join(page.xpath("//div[@class='prose']")[0].text_content().split()) for code, page in pages.items()
    }


def edit(editor, old, new):
    """Change one sentence in the form that stands on the page, and publish."""
    [form] = editor.page(f"{PLACE}?in=en").xpath("//form[@id='writing']")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@name]")}
    fields |= {one.get("name"): (one.text or "").removeprefix("\n") for one in form.xpath(".//textarea")}
    assert fields["f:content.en"].count(old) == 1
    fields["f:content.en"] = fields["f:content.en"].replace(old, new)
    assert editor.send(f"{PLACE}?in=en", **fields).endswith("said=saved")
    assert editor.send(f"{PLACE}/step", step="publish").endswith("said=published")


def waiting(developer, number):
    """The documents that the page of a deployment says are waiting."""
    return developer.page(f"/sites/library/deployments/{number}").xpath(
        "//section[@aria-labelledby='waiting']//a/@href"
    )


def test_a_legal_article_changes_in_all_languages_at_once(begun):
    with begun("deploy", SITES) as journey:
        office, ines = journey.office, journey.ines
        rules = {"_id": RULES.identifier, "title": TITLES, "content": TEXTS, "customProperties": {"parity": True}}
        (office.root / "rules.json").write_text(json.dumps([rules]), "utf-8")
        assert office.command("records", "import", office.root / "rules.json").document["published"] == 1
        ada, dana = journey.joins("ada", "content-editor"), journey.joins("dana", "developer@library")
        ines.done("/sites/library/learning")
        dana.done("/sites/library/deployments")
        first = seen(ada)
        assert [BEFORE in first["en"], *(old in first[code] for code, (old, _) in ANSWERS.items())] == [True] * 6

        edit(ada, BEFORE, AFTER)
        assert seen(ada) == first  # published is not deployed
        dana.done("/sites/library/deployments")
        assert seen(ada) == first
        assert dana.get("/sites/library/gate")["gate"] == "open"
        assert waiting(dana, 2) == [f"/articles/{RULES.identifier}"]

        made = dana.done("/sites/library/packages")
        packages = {one["locale"]: one for one in dana.get("/sites/library/packages")["packages"]}
        assert (made["status"], set(packages)) == ("done", set(LOCALES))
        for code, (_, new) in ANSWERS.items():
            translator = journey.joins(f"translator-{code}", f"translator@library/{code}")
            file = office.root / f"{code}.zip"
            file.write_bytes(translator.get(f"/packages/{packages[code]['id']}/file").content)
            content = fill(file, {AFTER: new}).read_bytes()
            (receipt,) = translator.done("/returns", params={"name": f"{code}.xlf"}, content=content)["receipts"]
            assert (receipt["accepted"], receipt["quarantined"], receipt["open"]) == (1, [], 0)
            if code in ("ar", "ru"):
                dana.done("/sites/library/deployments")
                assert seen(ada) == first  # most languages are there; nobody is ahead

        assert seen(ada) == first
        dana.done("/sites/library/deployments")
        expected = {code: first[code].replace(*ANSWERS[code]) for code in LOCALES}
        assert seen(ada) == expected | {"en": first["en"].replace(BEFORE, AFTER)}
        assert waiting(dana, 5) == []
