"""The desk for programs and the editor: units listed, shown, saved, checked, asked about and handed in."""

import pytest

from tests.web.api.desk import LATER, newest
from tm_service.demo.phrases import phrase_book
from tm_service.job_verbs import JobVerbs
from tm_service.shapes.desk_documents import DeskChecked, DeskSaved, DeskUnit, DeskUnits
from tm_service.worker.runner import Worker
from tm_service.worker.tasks import done


@pytest.fixture
def place(world):
    return f"/packages/{newest(world.service, 'fr').id}"


def units(asker, place, **query: object):
    return asker.get(f"{place}/units", params=query).json()["units"]


def save(asker, place, unit, target, version=0, state="draft"):
    said = {"target": target, "version": version, "state": state}
    return asker.ask("PUT", f"{place}/units/{unit}/target", json=said)


def test_a_package_is_translated_over_http(world, french, place):
    listed = french.get(f"{place}/units", params={"most": 3}).json()
    assert (len(listed["units"]), listed["first"]) == (3, 0)
    for unit in units(french, place, most=200):
        said = phrase_book()[unit["source"]]["fr"]
        saved = save(french, place, unit["unit"], said, state="confirmed")
        assert (saved.status_code, saved.headers["ETag"]) == (200, '"1"'), saved.text
    receipt = french.post(f"{place}/hand-in").json()
    assert (receipt["open"], receipt["quarantined"]) == (0, [])
    assert receipt["accepted"] == listed["found"] == receipt["recognised"]["desk"]
    assert french.get(f"/receipts/{receipt['digest']}").json()["accepted"] == receipt["accepted"]
    again = french.post(f"{place}/hand-in")
    assert again.status_code == 422
    assert "Nothing of" in again.json()["detail"]


def test_a_unit_is_shown_with_all_it_takes(french, place):
    first, second, *_ = units(french, place)
    shown = french.get(f"{place}/units/{second['unit']}")
    found = shown.json()
    assert (found["place"], found["previous"], shown.headers["ETag"]) == (2, first["unit"], '"0"')
    assert {"matches", "terms", "before", "after", "history", "findings", "difference", "note"} <= found.keys()


def test_every_unit_is_as_the_description_says(world, place):
    """With matches, terms, a question and a draft beside it."""
    reviewer = world.person("reviewer", "demo")
    first = units(reviewer, place)[0]["unit"]
    reviewer.post(f"{place}/units/{first}/questions", {"text": "Who reads this?"})
    DeskSaved.model_validate(save(reviewer, place, first, "Un texte").json())
    shown = [reviewer.get(f"{place}/units/{one['unit']}").json() for one in units(reviewer, place, most=200)]
    for one in shown:
        DeskUnit.model_validate(one)
    assert any(one["matches"] for one in shown)
    DeskUnits.model_validate(reviewer.get(f"{place}/units").json())


def test_who_was_overtaken_gets_both_texts(world, french, place):
    unit = units(french, place)[0]["unit"]
    save(french, place, unit, "Un texte")
    refused = save(world.person("reviewer", "demo"), place, unit, "Un autre texte")
    said = refused.json()
    assert (refused.status_code, said["type"]) == (409, "urn:tm-service:problem:overtaken")
    assert (said["theirs"]["target"], said["theirs"]["version"], said["mine"]) == ("Un texte", 1, "Un autre texte")


def test_a_version_may_be_said_by_if_match_and_must_be_said(french, place):
    unit = units(french, place)[0]["unit"]

    def put(text, **headers: str):
        path = f"{place}/units/{unit}/target"
        return french.ask("PUT", path, json={"target": text}, headers={"If-Match": headers.get("seen", "")})

    assert put("Un texte").status_code == 428
    assert put("Un texte", seen='"0"').status_code == 200
    assert put("Deux textes", seen='"0"').status_code == 409
    assert put("Deux textes", seen='"1"').json()["version"] == 2
    for odd in ("one", '"-1"', '"99999999999"'):
        assert put("Trois textes", seen=odd).status_code == 412


def test_findings_are_said_in_the_askers_language(french, place):
    unit = next(one for one in units(french, place, most=200) if one["codes"])["unit"]
    path = f"{place}/units/{unit}/check"
    found = french.post(path, {"target": "Bonjour"}, headers={"Accept-Language": "ar"}).json()["findings"]
    assert "error" in {one["severity"] for one in found}
    assert all(one["translated"] != one["message"] for one in found)
    assert french.post(path, {"target": " "}).json() == {"findings": [], "repaired": ""}


def test_a_finding_says_where_it_stands(french, place):
    unit = units(french, place)[0]["unit"]
    found = french.post(f"{place}/units/{unit}/check", {"target": "🌱 Un  texte"}).json()
    DeskChecked.model_validate(found)
    mark = next(one["mark"] for one in found["findings"] if one["check"] == "whitespace")
    assert mark == {"form": "", "start": 4, "end": 6, "before": "🌱 Un", "text": "  ", "after": "texte"}


def test_units_are_listed_by_name_as_they_are_now(french, place):
    first, second, *_ = [one["unit"] for one in units(french, place, only="open")]
    save(french, place, first, "Un texte", state="confirmed")
    found = units(french, place, only="open", unit=[second, first, "nothing"])
    assert [(one["unit"], one["state"]) for one in found] == [(first, "confirmed"), (second, "")]


def test_many_texts_are_handed_in_by_a_job(world, french, place):
    unit = units(french, place)[0]["unit"]
    save(french, place, unit, "Un texte", state="confirmed")
    asked = [french.post(f"{place}/hand-in", headers=LATER) for _ in range(2)]
    assert [one.status_code for one in asked] == [202, 202]
    assert asked[0].json()["job"] == asked[1].json()["job"]
    Worker(world.service, "one").run(until_idle=True)
    done = french.get(asked[0].headers["Location"].removeprefix("/api/v1")).json()
    assert (done["status"], done["done"], done["total"]) == ("done", 1, 1)
    assert french.get(f"/receipts/{done['result']['receipt']}").json()["recognised"] == {"desk": 1}
    later = french.post(f"{place}/hand-in", headers=LATER).json()["job"]
    assert later != done["job"], "what is over is no reason not to ask again"


def test_two_clicks_at_the_same_moment_make_one_job(french, place, monkeypatch):
    save(french, place, units(french, place)[0]["unit"], "Un texte", state="confirmed")
    monkeypatch.setattr(JobVerbs, "listed", lambda *_, **_by: [])
    asked = [french.post(f"{place}/hand-in", headers=LATER).json()["job"] for _ in range(2)]
    assert asked[0] == asked[1]


def test_a_hand_in_whose_end_was_never_noted_says_its_own_receipt(world, french, place):
    first, second, *_ = [one["unit"] for one in units(french, place)]
    save(french, place, first, "Un texte", state="confirmed")
    asked = french.post(f"{place}/hand-in", headers=LATER).json()["job"]
    Worker(world.service, "one").run(until_idle=True)
    save(french, place, second, "Un autre texte", state="confirmed")
    later = french.post(f"{place}/hand-in").json()["digest"]
    job = world.service.jobs.find(asked)
    assert done(world.service, job, lambda *_: None) == job.result
    assert job.result["receipt"] != later


def test_a_question_stands_beside_its_unit(world, french, place):
    unit = units(french, place)[0]["unit"]
    asked = french.post(f"{place}/units/{unit}/questions", {"text": "Who reads this?"})
    assert [one["text"] for one in asked.json()["questions"]] == ["Who reads this?"]
    assert [one["unit"] for one in units(french, place, only="questions")] == [unit]
    assert french.post(f"{place}/units/{unit}/questions", {"text": " "}).status_code == 400
    assert [one.text for one in world.service.handoffs.questions("demo")] == ["Who reads this?"]


def test_forms_of_what_has_none_are_refused(french, place):
    unit = units(french, place)[0]["unit"]
    refused = french.post(f"{place}/units/{unit}/check", {"forms": {"one": "Un texte"}})
    assert refused.status_code == 422
    assert "has no plural forms" in refused.json()["detail"]


def test_a_package_is_for_who_translates_its_language(world, place):
    arabic = world.person("translator", "demo", "ar")
    assert arabic.get(f"{place}/units").status_code == 403
    assert arabic.post(f"{place}/hand-in").status_code == 403
    assert world.program("translations:edit").get(f"{place}/units").status_code == 200
    assert world.program("sites:read").get(f"{place}/units").status_code == 403
