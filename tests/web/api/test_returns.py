"""Returns over HTTP: any wrapping is taken in once, by who may, and the answer is exact."""

import asyncio

import httpx
import pytest

from tests.web.api.desk import LATER, members, newest, returned, working, zipped
from tm_service.domain.packages import PackageStatus
from tm_service.handoff_verbs import HandoffVerbs
from tm_service.shapes import handoff_documents as documents
from tm_service.web.api import returns


@pytest.fixture
def beside(world):
    """A worker does what is asked for."""
    with working(world.service):
        yield


def send(asker, name, content, query="", **headers: str):
    said = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": "application/zip"}
    return asker.ask("POST", f"/returns{query}", content=content, headers=said | headers)


def shown(answer):
    """What an answer says of each receipt, whenever it was given."""
    return [{name: one[name] for name in one if name != "repeated"} for one in answer.json()["receipts"]]


@pytest.mark.usefixtures("beside")
def test_a_return_is_taken_in_and_answered_exactly(world, french):
    name, content = returned(world.service, "fr", mistakes=2)
    answer = send(french, name, content)
    assert answer.status_code == 200
    job, (receipt,) = answer.json(), answer.json()["receipts"]
    package = world.service.handoffs.named([receipt["package"]])[0]
    assert (job["kind"], job["status"], job["by"]) == ("take-in", "done", "translator.demo.fr@office.example")
    assert (receipt["outcome"], receipt["repeated"], package.locale) == ("quarantine", False, "fr")
    assert receipt["accepted"] == sum(unit.done for unit in package.work)
    assert receipt["open"] == len(package.open_units) >= len(receipt["quarantined"]) > 0
    page = french.ask("GET", receipt["page"].removeprefix("/api/v1"))
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert b'<html lang="fr"' in page.content
    corrections = members(french.ask("GET", receipt["corrections"].removeprefix("/api/v1")).content)
    (xliff,) = (corrections[one] for one in corrections if one.endswith(".xlf"))
    assert all(unit.encode() in xliff for unit in receipt["quarantined"])
    documents.ReturnJob.model_validate(job)
    looked_up = french.get(f"/receipts/{receipt['digest']}")
    assert looked_up.json() == receipt
    tag = {"If-None-Match": looked_up.headers["ETag"]}
    assert french.get(f"/receipts/{receipt['digest']}", headers=tag).status_code == 304
    found = french.get(f"/sites/demo/receipts?package={package.id}").json()
    (listed,) = documents.Receipts.model_validate(found) and found["receipts"]
    assert listed == {name: value for name, value in receipt.items() if name != "findings"}


@pytest.mark.usefixtures("beside")
def test_the_journal_says_who_or_which_program_made_a_return(world, french):
    program = world.program("returns:take-in")
    send(french, *returned(world.service, "fr"))
    assert send(program, *returned(world.service, "es")).status_code == 200
    lines = [line for line in world.service.audit.listed("demo") if line.entry.verb == "take in"]
    assert [(line.caller.kind, line.caller.name, line.caller.door) for line in lines[-2:]] == [
        ("person", "translator.demo.fr@office.example", "worker"),
        ("client", "program 0", "worker"),
    ]


@pytest.mark.usefixtures("beside")
def test_the_same_file_again_gets_its_first_receipt(world, french):
    sent = returned(world.service, "fr", mistakes=1)
    first, again = send(french, *sent), send(french, "renamed.zip", sent[1])
    assert shown(again) == shown(first)
    assert [one["repeated"] for one in again.json()["receipts"]] == [True]
    assert len(french.get("/sites/demo/receipts?locale=fr").json()["receipts"]) == 1


@pytest.mark.usefixtures("beside")
def test_a_dry_run_says_the_same_and_keeps_nothing(world, french):
    sent = returned(world.service, "fr", mistakes=2)
    before = newest(world.service, "fr")
    answer = send(french, *sent, query="?dry_run=true").json()
    assert (answer["dry_run"], answer["receipts"][0]["page"]) == (True, None)
    documents.DryRun.model_validate(answer)
    assert newest(world.service, "fr") == before
    assert not world.service.jobs.listed()
    (real,) = send(french, *sent).json()["receipts"]
    (rehearsed,) = answer["receipts"]
    fleeting = ("at", "page", "corrections")
    assert {name: rehearsed[name] for name in rehearsed if name not in fleeting} == {
        name: real[name] for name in real if name not in fleeting
    }
    (kept,) = send(french, *sent, query="?dry_run=true").json()["receipts"]
    assert (kept["repeated"], kept["page"]) == (True, real["page"])


@pytest.mark.usefixtures("beside")
def test_several_files_of_a_form_are_one_return(world, french):
    """Its parts may come in any order, and with names that are the same."""
    _, content = returned(world.service, "fr")
    xliffs = [found for name, found in members(content).items() if name.endswith(".xlf")]
    assert xliffs
    parts = [("file", ("same.xlf", found)) for found in (*xliffs, b"shopping list")]
    first = french.ask("POST", "/returns", files=parts)
    again = french.ask("POST", "/returns", files=parts[::-1])
    assert (first.status_code, shown(again)) == (200, shown(first))
    (receipt,) = first.json()["receipts"]
    assert receipt["accepted"] == sum(unit.done for unit in newest(world.service, "fr").work) > 0
    assert any("neither" in one["message"] for one in receipt["findings"])


@pytest.mark.usefixtures("beside")
def test_one_file_of_a_form_is_that_file_and_fields_beside_it_are_none(world, french):
    name, content = returned(world.service, "fr")
    empty = ("file", ("", b""))
    form = french.ask("POST", "/returns", files=[("file", (name, content)), empty], data={"note": "at last"})
    assert form.status_code == 200
    assert shown(send(french, name, content)) == shown(form)


@pytest.mark.usefixtures("beside")
def test_packages_of_two_languages_in_one_file_need_the_right_to_both(world, french):
    both = zipped(dict(returned(world.service, one) for one in ("fr", "es")))
    refused = send(french, "both.zip", both)
    assert (refused.status_code, "in es" in refused.json()["detail"]) == (403, True)
    assert not world.service.jobs.listed()
    answer = send(world.person("secretariat"), "both.zip", both).json()
    assert {one["package"] for one in answer["receipts"]} == {newest(world.service, one).id for one in ("fr", "es")}


@pytest.mark.parametrize("wrap", ["zip", "xliff", "no name", "renamed", "upper case", "utf-16"])
def test_a_translator_of_one_language_returns_nothing_for_another(world, french, wrap):
    """However the file says whose it is: nothing is done, and no job is made."""
    name, content = returned(world.service, "es")
    xliff = next(found for path, found in members(content).items() if path.endswith(".xlf"))
    package = newest(world.service, "es").id
    bare = xliff.replace(package.encode(), b"x")
    assert package.encode() not in bare
    sent = {
        "zip": (name, content),
        "xliff": ("return.xlf", xliff),
        "no name": ("return.xlf", bare),  # told by its texts alone
        "renamed": (f"{newest(world.service, 'fr').id}.xlf", xliff),
        "upper case": ("RETURN.XLF", xliff.replace(b"demo-", b"&#100;emo-")),  # an id that only a parser reads
        "utf-16": ("return.xlf", xliff.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    }[wrap]
    for query in ("", "?dry_run=true"):
        answer = send(french, *sent, query=query)
        assert (answer.status_code, "in es" in answer.json()["detail"]) == (403, True), answer.json()
    assert not world.service.jobs.listed()
    assert newest(world.service, "es").status is PackageStatus.HANDED_OFF
    assert send(world.person("translator", "reef", "es"), *sent).status_code == 403
    assert send(world.person("translator", "demo", "es"), *sent, **LATER).status_code == 202


def test_a_return_that_turns_out_to_be_of_others_is_not_taken_in(world, french):
    """Between asking and doing, a package may go out whose texts the file has, too."""
    name, content = returned(world.service, "fr")
    job = world.service.jobs.ask_take_in(name, content, by="luc@example.org", places=[("demo", "es")])
    world.work()
    done = world.service.jobs.find(job.id)
    assert (done.status, done.result) == ("failed", {"problem": "NotAllowed"})
    assert newest(world.service, "fr").status is PackageStatus.HANDED_OFF
    assert send(french, name, content, **LATER).status_code == 202


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a shopping list", "neither a file of a translation tool"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><xliff/>", "DOCTYPE"),
        (zipped({"readme.txt": b"nothing"}), "holds no file of a translation tool"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "holds no units"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_in_a_sentence(world, french, content, said):
    answer = send(french, "list.txt", content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["type"] == "urn:tm-service:problem:return-rejected"
    assert said in answer.json()["detail"], answer.json()
    assert not world.service.jobs.listed()


def test_what_is_refused_only_when_it_is_done_is_a_refusal_all_the_same(world, french):
    """A package that is called back between asking and doing."""
    name, content = returned(world.service, "fr")
    headers = {"Idempotency-Key": "7"}
    assert send(french, name, content, **headers, **LATER).status_code == 202
    package = newest(world.service, "fr").id
    world.service.handoffs.cancel(package)
    world.work()
    (job,) = world.service.jobs.listed()
    assert (job.status, "was cancelled" in job.result["rejected"]) == ("done", True)
    again = send(french, name, content, **headers)
    assert (again.status_code, "was cancelled" in again.json()["detail"]) == (422, True)


def test_the_same_key_is_the_same_job_even_at_once(world, french):
    name, content = returned(world.service, "fr")

    async def at_once():
        transport = httpx.ASGITransport(world.app)
        headers = french.headers | LATER | {"Idempotency-Key": "return-1"}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            asking = [client.post("/api/v1/returns", params={"name": name}, content=content) for _ in range(4)]
            return await asyncio.gather(*asking)

    answers = asyncio.run(at_once())
    assert {one.status_code for one in answers} == {202}
    assert len({one.json()["job"] for one in answers}) == 1
    other = french.ask("POST", "/returns?name=x.zip", content=content, headers=LATER | {"Idempotency-Key": "return-1"})
    assert other.status_code == 409
    world.work()
    assert len(world.service.handoffs.receipts_of("demo")) == 3  # two came back before


def test_one_file_sent_twice_at_once_has_one_receipt(world, french):
    """Without a key there are two jobs; the second finds what the first did, whichever worker has it."""
    name, content = returned(world.service, "fr", mistakes=1)
    first, second = (send(french, name, content, **LATER).json()["job"] for _ in range(2))
    assert first != second
    with working(world.service), working(world.service):
        world.work()
        results = [world.service.jobs.find(one) for one in (first, second)]
        while not all(one.is_over for one in results):
            results = [world.service.jobs.find(one) for one in (first, second)]
    assert [one.status for one in results] == ["done", "done"]
    assert results[0].result == results[1].result
    assert len(french.get("/sites/demo/receipts?locale=fr").json()["receipts"]) == 1


def test_receipts_are_seen_by_who_sees_their_packages(world, french):
    secretariat = world.person("secretariat")
    every = secretariat.get("/sites/demo/receipts").json()["receipts"]
    assert len(every) == 2
    assert french.get("/sites/demo/receipts").json()["receipts"] == []
    for one in every:
        for path in ("", "/page", "/corrections"):
            assert french.get(f"/receipts/{one['digest']}{path}").status_code == 403
            assert secretariat.get(f"/receipts/{one['digest']}{path}").status_code == 200 or path == "/corrections"
    first = secretariat.get("/sites/demo/receipts?most=1").json()
    second = secretariat.get(f"/sites/demo/receipts?most=1&cursor={first['cursor']}").json()
    assert [*first["receipts"], *second["receipts"]] == every
    assert second["cursor"] is None


def test_a_return_without_mistakes_has_no_corrections(world):
    secretariat = world.person("secretariat")
    (digest, *_) = [one["digest"] for one in secretariat.get("/sites/demo/receipts").json()["receipts"]]
    assert secretariat.get(f"/receipts/{digest}/corrections").status_code == 404
    for other in ("nothing", "0" * 64):
        assert secretariat.get(f"/receipts/{other}").status_code == 404


def test_a_return_is_refused_in_the_language_of_who_sends_it(french):
    answer = send(french, "list.txt", b"a list", **{"Accept-Language": "fr"})
    assert answer.headers["Content-Language"] == "fr"
    assert "ni un fichier d’outil de traduction" in answer.json()["translated"]
    assert "translated" not in send(french, "list.txt", b"a list").json()


@pytest.fixture
def large(monkeypatch):
    """Every return is one that is too large to be read while its sender waits for an answer."""
    monkeypatch.setattr(returns, "_AT_THE_DOOR", 0)
    monkeypatch.setattr(HandoffVerbs, "recognised", None)


@pytest.mark.usefixtures("beside", "large")
def test_a_large_return_is_read_by_its_job_alone_and_answered_as_exactly(world, french):
    sent = returned(world.service, "fr", mistakes=1)
    answer = send(french, *sent)
    assert (answer.status_code, answer.json()["receipts"][0]["accepted"] > 0) == (200, True)
    assert newest(world.service, "fr").status is not PackageStatus.HANDED_OFF
    assert shown(send(french, *sent)) == shown(answer)


@pytest.mark.usefixtures("beside", "large")
def test_a_large_return_of_others_is_refused_and_nothing_is_told_of_it(world, french):
    name, content = returned(world.service, "es", mistakes=1)
    for query in ("", "?dry_run=true"):
        refused = send(french, name, content, query)
        assert (refused.status_code, "in es" in refused.json()["detail"]) == (403, True), refused.json()
    assert newest(world.service, "es").status is PackageStatus.HANDED_OFF
    later = send(french, name, content, **LATER)
    assert later.status_code == 202
    spanish = send(world.person("translator", "demo", "es"), name, content)
    assert spanish.status_code == 200
    again = send(french, name, content)
    assert (again.status_code, "receipts" in again.json()) == (403, False), (
        "they have its very bytes, and no right to it"
    )
    (first, *_) = [one for one in french.get("/jobs").json()["jobs"] if one["job"] == later.json()["job"]]
    assert (first["status"], first["result"]) == ("failed", {"problem": "NotAllowed"})


@pytest.mark.usefixtures("beside", "large")
def test_a_large_return_of_two_languages_needs_the_right_to_both(world, french):
    both = zipped(dict(returned(world.service, one) for one in ("fr", "es")))
    assert send(french, "both.zip", both).status_code == 403
    assert {newest(world.service, one).status for one in ("fr", "es")} == {PackageStatus.HANDED_OFF}
    assert len(send(world.program("returns:take-in"), "both.zip", both).json()["receipts"]) == 2


@pytest.mark.usefixtures("beside", "large")
def test_a_large_file_that_is_not_ours_is_refused_in_a_sentence_of_its_sender(french):
    answer = send(french, "list.txt", b"a shopping list", **{"Accept-Language": "fr"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tm-service:problem:return-rejected")
    assert "neither a file of a translation tool" in answer.json()["detail"]
    assert "ni un fichier d’outil de traduction" in answer.json()["translated"]
