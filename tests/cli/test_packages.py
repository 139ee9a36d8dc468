"""Packages on the command line: what is out, what becomes of it, and what went out and came back."""

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.houses import FRENCH, XLIFF, fill
from tests.connectors.mail_servers import Kept, real_server
from tests.usecases.returns import answered, files, units, zipped

pytestmark = pytest.mark.slow

NEXT_WEEK = f"{datetime.now(UTC) + timedelta(days=7):%Y-%m-%d}"
STATUS = {"id", "locale", "version", "status", "profile", "units", "open", "due"}
DELIVERY = {"package", "carries", "channel", "recipient", "status", "attempts", "at", "next_at", "reference", "error"}


def with_folder(house):
    shared = house.root / "shared"
    shared.mkdir()
    said = f"[site.reef.hand_off]\nfolder = {json.dumps(str(shared))}\n\n[[site.reef.content]]"
    house.describe("[[site.reef.content]]", said)
    return shared


def french(house, *options: object):
    [package] = house.packages("--locale", "fr", *options)
    return package


def test_packages_are_listed_with_how_far_they_are(house):
    assert house.run("packages", "list", "reef").out == "Site reef has no packages.\n"
    path = french(house, "--due", NEXT_WEEK)
    found = house.ask("packages", "list", "reef")
    assert found == {
        "site": "reef",
        "packages": [
            {
                "id": "reef-1-fr",
                "locale": "fr",
                "version": 1,
                "status": "handed off",
                "profile": "generic",
                "units": 4,
                "open": 4,
                "due": NEXT_WEEK,
            }
        ],
    }
    assert re.search(
        rf"^reef-1-fr +1 +handed off +4 +4 +{NEXT_WEEK}$", house.run("packages", "list", "reef").out, re.MULTILINE
    )
    house.ask("take-in", fill(path, FRENCH))
    assert house.ask("packages", "list", "reef")["packages"][0]["status"] == "reintegrated"
    assert house.ask("packages", "list", "reef", "--open")["packages"] == []


def test_a_draft_is_handed_off_later(house):
    path = french(house, "--draft")
    assert house.ask("packages", "list", "reef")["packages"][0]["status"] == "draft"
    refused = house.ask("take-in", fill(path, FRENCH), code=1)
    assert refused["outcome"] == "reject"
    assert "is a draft that was not handed off yet" in refused["findings"][0]["message"]
    done = house.ask("packages", "hand-off", "reef-1-fr")
    assert set(done) == STATUS
    assert done["status"] == "handed off"
    again = house.run("packages", "hand-off", "reef-1-fr")
    assert (again.code, again.err) == (3, "Package reef-1-fr is handed off; only a draft can be handed off.\n")
    assert house.ask("take-in", path.with_suffix(".xlf"))["accepted"] == 4


def test_a_package_is_called_back_and_its_units_are_work_again(house):
    path = french(house)
    assert house.run("packages", "cancel", "reef-1-fr").out == "Package reef-1-fr is cancelled.\n"
    assert house.ask("packages", "cancel", "reef-1-fr", code=3)["error"].startswith("Package reef-1-fr is cancelled;")
    (refusal,) = house.ask("take-in", fill(path, FRENCH), code=1)["findings"]
    assert "was cancelled" in refusal["message"]
    assert refusal["translated"] == "Le lot reef-1-fr a été annulé\u00a0; demandez le lot actuel."
    assert french(house).name == "reef-D0002-en-fr-v1.zip"


def test_a_package_is_written_again_as_it_was(house, tmp_path):
    path = french(house)
    found = house.ask("packages", "download", "reef-1-fr", "--out", tmp_path)
    assert found == {"package": "reef-1-fr", "path": str(tmp_path / path.name)}
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_reissue_is_the_next_version_for_another_day_and_tool(house, tmp_path):
    french(house)
    found = house.ask("packages", "reissue", "reef-1-fr", "--due", NEXT_WEEK, "--profile", "memoq", "--out", tmp_path)
    assert set(found) == STATUS | {"path"}
    assert (found["version"], found["due"], found["profile"]) == (2, NEXT_WEEK, "memoq")
    assert found["path"] == str(tmp_path / "reef-D0001-en-fr-v2.zip")
    assert (
        sum(unit.get("translate") != "no" for unit in units((tmp_path / "reef-D0001-en-fr-v2.zip").read_bytes())) == 4
    )
    said = house.run("packages", "reissue", "reef-1-fr", "--out", tmp_path).out
    assert said == f"Package reef-1-fr, version 3, is in {tmp_path / 'reef-D0001-en-fr-v3.zip'}.\n"


def test_a_package_is_sent_into_the_shared_folder_once(house):
    shared = with_folder(house)
    path = french(house)
    assert house.run("packages", "outbox", "reef").out == "The outbox is empty.\n"
    for _ in range(2):
        (entry,) = house.ask("packages", "send", "reef-1-fr", "--folder")["deliveries"]
        assert set(entry) == DELIVERY
        assert (entry["status"], entry["attempts"], entry["channel"]) == ("sent", 1, "folder")
    assert [(file.name, file.read_bytes()) for file in shared.iterdir()] == [(path.name, path.read_bytes())]
    assert house.ask("packages", "outbox", "reef")["deliveries"] == [entry]
    assert "reef-1-fr" in house.run("packages", "outbox", "reef").out


def test_what_could_not_be_sent_ends_with_one_until_it_is(house):
    shared = with_folder(house)
    path = french(house)
    (shared / path.name).write_bytes(b"somebody else's")
    (entry,) = house.ask("packages", "send", "reef-1-fr", "--folder", code=1)["deliveries"]
    assert entry["status"] == "refused"
    assert "holds another file" in entry["error"]
    house.ask("packages", "outbox", "reef", code=1)
    (shared / path.name).unlink()
    (entry,) = house.ask("packages", "send", "reef-1-fr", "--folder")["deliveries"]
    assert (entry["status"], entry["error"]) == ("sent", "")
    house.ask("packages", "outbox", "reef")


def test_questions_that_came_back_are_listed(house):
    assert house.run("packages", "questions", "reef").out == "Nobody asked anything.\n"
    path = french(house)
    returned = house.root / "returned.zip"
    said = {"Buy a map": "Acheter un plan"}
    returned.write_bytes(answered(path.read_bytes(), said, note="Of the park or of the town?"))
    receipt = house.run("take-in", returned)
    assert "1 questions passed on" in receipt.out
    found = house.ask("packages", "questions", "reef")
    (question,) = found["questions"]
    assert set(question) == {"package", "unit", "text", "author", "at"}
    assert (question["package"], question["text"], question["author"]) == (
        "reef-1-fr",
        "Of the park or of the town?",
        "Inès",
    )
    assert "Of the park or of the town?" in house.run("packages", "questions", "reef").out


@pytest.mark.parametrize("profile", ["trados", "memoq", "phrase", "generic"])
def test_a_package_is_made_for_a_tool(house, profile):
    inside = files(french(house, "--profile", profile).read_bytes())
    assert json.loads(inside["manifest.json"])["profile"] == profile
    assert any(name.startswith("xliff12/") for name in inside)


def test_the_omegat_package_is_a_project(house):
    inside = files(french(house, "--profile", "omegat").read_bytes())
    assert "omegat.project" in inside
    assert any(name.startswith("source/") for name in inside)


def test_a_package_is_cut_by_words_and_by_topic(house):
    assert [path.name for path in house.packages("--locale", "fr", "--only", "texts/shop.json")] == [
        "reef-D0001-en-fr-v1.zip"
    ]
    assert len(house.packages("--locale", "fr", "--words", 6)) > 1
    total = sum(entry["units"] for entry in house.ask("packages", "list", "reef")["packages"])
    assert total == 4


def test_xliff_2_goes_along_where_it_is_asked_for(house):
    names = zipfile.ZipFile(french(house, "--xliff2")).namelist()
    assert any(name.startswith("xliff2") for name in names)
    assert any(name.startswith("xliff12/") for name in names)


def test_a_file_that_is_refused_is_answered_in_its_language_too(house):
    """In English, and in that of its package where its name or its units say which that is."""
    path = french(house)
    path.write_bytes(path.read_bytes()[:200])
    (finding,) = house.ask("take-in", path, code=1)["findings"]
    assert finding == {
        "unit": "",
        "check": "return",
        "severity": "error",
        "message": f"{path.name} is damaged as a zip; pack it again.",
        "translated": f"Le zip {path.name} est endommagé\u00a0; compressez-le à nouveau.",
    }
    assert house.run("take-in", path).out.splitlines() == [
        f"{path}: rejected. {finding['message']}",
        f"  {finding['translated']}",
    ]
    (finding,) = house.ask("take-in", path.rename(house.root / "from ines.zip"), code=1)["findings"]
    assert finding["message"] == "from ines.zip is damaged as a zip; pack it again."
    assert "translated" not in finding


def test_take_in_writes_the_receipt_and_the_corrections(house, tmp_path):
    spoilt = fill(french(house), FRENCH | {"Buy a map": "Acheter un plan <x id='9'/>"})
    receipt = house.ask("take-in", spoilt, "--out", tmp_path, code=1)
    page, corrections = receipt["written"]
    assert page.endswith(".html")
    assert "<html" in (tmp_path / page).read_text("utf-8")
    (unit,) = units((tmp_path / corrections).read_bytes())
    assert [unit.get("id")] == receipt["quarantined"]
    assert unit.find("x:source", XLIFF).text == "Buy a map"
    text = house.run("take-in", spoilt, "--out", tmp_path).out
    assert "(taken in before; nothing changed)" in text
    assert f"  written: {corrections}" in text
    mended = fill(tmp_path / corrections, {"Buy a map": "Acheter un plan"})
    again = house.ask("take-in", mended, "--out", tmp_path)
    assert (again["package"], again["accepted"], again["open"]) == ("reef-1-fr", 1, 0)
    assert [path.rpartition(".")[2] for path in again["written"]] == ["html"]


def test_the_receipt_is_mailed_with_its_page_and_the_corrections_and_only_once(house, monkeypatch):
    """A real server takes the letter; it is in the translator's language."""
    spoilt = fill(french(house), FRENCH | {"Buy a map": "Acheter un plan <x id='9'/>"})
    monkeypatch.setenv("TM_SERVICE_MAIL_FROM", "desk@example.org")
    kept = Kept()
    with real_server(kept) as port:
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        receipt = house.ask("take-in", spoilt, "--to", "ines@example.org", code=1)
        again = house.ask("take-in", spoilt, "--to", "ines@example.org", code=1)
    assert [entry["status"] for entry in (*receipt["deliveries"], *again["deliveries"])] == ["sent", "sent"]
    assert kept.recipients == ["ines@example.org"]
    (letter,) = kept.letters
    attached = {part.get_filename(): part.get_payload(decode=True) for part in letter.iter_attachments()}
    page, corrections = sorted(attached, reverse=True)
    assert page.startswith("reef-1-fr-receipt-")
    assert b"<html" in attached[page]
    assert corrections.startswith("reef-1-fr-corrections-")
    assert [unit.get("id") for unit in units(attached[corrections])] == receipt["quarantined"]
    assert letter["Content-Language"] == "fr"
    assert [entry["package"] for entry in house.ask("packages", "outbox", "reef")["deliveries"]] == ["reef-1-fr"]


def test_a_receipt_goes_to_whom_the_site_names(house, monkeypatch):
    house.describe(
        "[[site.reef.content]]",
        '[site.reef.hand_off]\nrecipients = { fr = ["fr@example.org"] }\n\n[[site.reef.content]]',
    )
    monkeypatch.setenv("TM_SERVICE_MAIL_FROM", "desk@example.org")
    kept = Kept()
    with real_server(kept) as port:
        monkeypatch.setenv("TM_SERVICE_MAIL", f"smtp://127.0.0.1:{port}")
        house.ask("take-in", fill(french(house), FRENCH), "--mail")
    assert kept.recipients == ["fr@example.org"]


def test_a_return_is_taken_in_whether_or_not_its_receipt_can_be_sent(house):
    receipt = house.ask("take-in", fill(french(house), FRENCH), "--mail", code=1)
    assert (receipt["accepted"], receipt["deliveries"]) == (4, [])
    text = house.run("take-in", fill(next(house.root.rglob("*.zip")), FRENCH), "--mail").out
    assert "not mailed: Nothing can be mailed for fr: " in text


def test_a_package_that_comes_back_whole_keeps_its_seal_and_a_new_key_does_not_break_it(house, tmp_path):
    path = french(house)
    key = house.ask("packages", "rotate-key")["key"]
    assert house.ask("packages", "rotate-key")["key"] != key
    whole = files(path.read_bytes()) | files(answered(path.read_bytes(), FRENCH))
    (tmp_path / "whole.zip").write_bytes(zipped(whole))
    receipt = house.ask("take-in", tmp_path / "whole.zip")
    assert (receipt["accepted"], receipt["findings"]) == (4, [])


def test_a_manifest_that_was_changed_is_said_and_the_texts_are_used(house, tmp_path):
    path = french(house)
    whole = files(path.read_bytes()) | files(answered(path.read_bytes(), FRENCH))
    whole["manifest.json"] = whole["manifest.json"].replace(b"Buy a map", b"Buy a mop") + b" "
    (tmp_path / "whole.zip").write_bytes(zipped(whole))
    receipt = house.ask("take-in", tmp_path / "whole.zip")
    (said,) = receipt["findings"]
    assert (receipt["accepted"], said["check"], said["severity"]) == (4, "seal", "warning")
    assert said["message"] == "The manifest was changed after it was sealed; only the texts were used."


def test_a_dry_run_writes_nothing(house, tmp_path):
    receipt = house.ask("take-in", fill(french(house), FRENCH), "--out", tmp_path, "--dry-run")
    assert "written" not in receipt
    assert list(tmp_path.glob("*.html")) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["packages", "list", "park"], 2, "There is no site park: there are reef; "),
        (["packages", "outbox", "park"], 2, "There is no site park: there are reef; "),
        (["packages", "questions", "park"], 2, "There is no site park: there are reef; "),
        (["packages", "hand-off", "reef-9-fr"], 2, "There is no package reef-9-fr."),
        (["packages", "cancel", "reef-9-fr"], 2, "There is no package reef-9-fr."),
        (["packages", "reissue", "reef-9-fr"], 2, "There is no package reef-9-fr."),
        (["packages", "send", "reef-9-fr"], 2, "There is no package reef-9-fr."),
        (["packages", "send", "reef-1-fr"], 2, "Nothing can be mailed for fr: "),
        (["packages", "send", "reef-1-fr", "--folder"], 2, "Site reef has no shared folder; "),
        (["packages", "reissue", "reef-1-fr", "--out", "nowhere"], 2, "nowhere is no folder; "),
        (["packages", "download", "reef-1-fr", "--out", "nowhere"], 2, "nowhere is no folder; "),
        (["package", "reef", "--profile", "quill"], 2, ""),
        (["take-in", "absent.xlf", "--out", "nowhere"], 2, "nowhere is no folder; "),
    ],
)
def test_bad_input_is_said_in_one_sentence(house, words, code, said):
    french(house)
    dump = house.dump()
    answer = house.run(*words)
    assert answer.code == code
    assert answer.out == ""
    assert answer.err.startswith(said)
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert house.dump() == dump
    assert set(house.ask(*words, code=code)) == {"error"}


@pytest.mark.parametrize(
    "words",
    [
        ["packages", "send", "reef-1-fr", "--folder", "--to", "ines@example.org"],
        ["packages", "reissue", "reef-1-fr", "--due", "tomorrow"],
        ["package", "reef", "--words", "0"],
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(house, words):
    assert set(house.ask(*words, code=2)) == {"error"}
