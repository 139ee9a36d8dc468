"""Returns over HTTP: any wrapping is taken in once, by who may, and the answer is exact."""

import asyncio

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from tests.web.api.desk import LATER, members, newest, returned, working, zipped
from tm_service.domain.packages import PackageStatus
from tm_service.shapes import handoff_documents as documents
from tm_service.web.api.files import file_of, named

FORM = "multipart/form-data; boundary=seed"


@pytest.fixture
def french(world):
    return world.person("translator", "demo", "fr")


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
    job = world.service.jobs.ask_take_in(name, content, by="luc@example.org", packages=["demo-999-fr"])
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


@pytest.mark.parametrize("content", [b"", b"--seed--\r\n"])
def test_a_request_without_a_file_says_so(french, content):
    answer = french.ask("POST", "/returns", content=content, headers={"Content-Type": FORM} if content else {})
    assert (answer.status_code, "no file" in answer.json()["detail"]) == (422, True)


def part(head, body=b"x"):
    return b"--seed\r\n" + head + b"\r\n\r\n" + body + b"\r\n"


NAMED = b'Content-Disposition: form-data; name="file"; filename="a.xlf"'
BOMBS = {
    "many files": b"".join(part(NAMED) for _ in range(101)) + b"--seed--",
    "many fields": b"".join(part(b'Content-Disposition: form-data; name="a"') for _ in range(11)) + b"--seed--",
    "a long field": part(b'Content-Disposition: form-data; name="a"', b"x" * 2000) + b"--seed--",
    "endless headers": b"--seed\r\n" + b"X-A: b\r\n" * 100_000,
    "an endless header": b"--seed\r\nX-A: " + b"b" * 1_000_000,
    "no name": part(b"Content-Disposition: form-data") + b"--seed--",
    "no end of a header": b"--seed\r\nContent-Disposition",
    "another line between": part(NAMED).replace(b"seed", b"weed"),
    "nothing but lines": b"--seed\r\n" * 100_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_form_that_is_a_bomb_is_refused(french, name):
    answer = french.ask("POST", "/returns", content=BOMBS[name], headers={"Content-Type": FORM})
    assert answer.status_code in (400, 422), answer.json()


def test_a_form_without_its_line_is_not_understood(french):
    for said in ("multipart/form-data", "multipart/form-data; boundary=", f"{FORM}{'x' * 300}"):
        answer = french.ask("POST", "/returns", content=part(NAMED), headers={"Content-Type": said})
        assert answer.status_code in (400, 422), said


def test_a_body_in_chunks_is_a_body(world, french):
    name, content = returned(world.service, "fr")

    async def chunked():
        transport = httpx.ASGITransport(world.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=french.headers
        ) as client:

            async def pieces():
                for start in range(0, len(content), 1000):
                    yield content[start : start + 1000]

            return await client.post("/api/v1/returns", params={"name": name}, content=pieces(), headers=LATER)

    assert asyncio.run(chunked()).status_code == 202
    (job,) = world.service.jobs.listed()
    assert (job.arguments["name"], job.arguments["packages"]) == (name, [newest(world.service, "fr").id])


@pytest.mark.parametrize("kind", ["application/zip", FORM, "application/json"])
def test_a_line_that_breaks_takes_nothing_in(world, french, kind):
    coming = [{"type": "http.request", "body": part(NAMED), "more_body": True}, {"type": "http.disconnect"}]
    headers = [(b"host", b"localhost"), (b"content-type", kind.encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in french.headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/api/v1/returns", "raw_path": b"/api/v1/returns"}
    scope |= {"query_string": b"", "http_version": "1.1", "scheme": "http", "headers": headers, "root_path": ""}
    statuses = []

    async def receive():
        return coming.pop(0)

    async def heard(message):
        statuses.append(message.get("status"))

    asyncio.run(world.app(scope, receive, heard))
    assert statuses[0] == 400
    assert not world.service.jobs.listed()


def test_a_body_larger_than_a_return_is_refused(french):
    answer = french.ask("POST", "/returns", content=b"", headers={"Content-Length": "56000001"})
    assert answer.status_code == 413

    async def endless():
        for _ in range(57):
            yield b"x" * 1_000_000

    async def ask():
        transport = httpx.ASGITransport(french.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=french.headers
        ) as client:
            return await client.post("/api/v1/returns", content=endless())

    assert asyncio.run(ask()).status_code == 413


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b"upload", b'{"upload": 7}', b'{"upload": ""}', b'{"upload": "x", "a": 1}', b"\xff"]
)
def test_a_body_of_json_names_an_upload_or_is_not_understood(french, content):
    answer = french.ask("POST", "/returns", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_an_upload_that_is_not_there_is_not_there(french):
    assert french.post("/returns", {"upload": "0" * 32}).status_code == 404


@settings(deadline=None, max_examples=150)
@example("CON/../a\x00b.xlf")
@example("\\\\server\\share\\fr.xlf")
@example("/")
@example("é" * 400)
@given(st.text())
def test_a_name_is_one_name_of_characters_that_show(said):
    found = named(said)
    assert found
    assert len(found) <= 200
    assert found.isprintable()
    assert not {"/", "\\"} & set(found)
    assert named(found) == found


def sent_as(header):
    async def receive():
        return {"type": "http.request", "body": b"x", "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-disposition", header)]}
    return asyncio.run(file_of(Request(scope, receive))).name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b'attachment; filename="fr.xlf"', "fr.xlf"),
        (b"attachment; filename=fr.xlf", "fr.xlf"),
        ('attachment; filename="Überblick.xlf"'.encode(), "Überblick.xlf"),
        ('attachment; filename="Überblick.xlf"'.encode("latin-1"), "Überblick.xlf"),
        (b"attachment; filename*=UTF-8''%D0%BA%D0%BE%D0%B4.xlf", "код.xlf"),
        (b"attachment; filename*=no-such''%D0.xlf", "Ð.xlf"),
        (b'attachment; filename="C:\\\\jobs\\\\fr.xlf"', "fr.xlf"),
        (b"attachment", "return"),
        (b"", "return"),
    ],
)
def test_the_name_of_a_body_is_read_as_clients_write_it(header, name):
    assert sent_as(header) == name


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200))
def test_no_header_breaks_the_reading_of_a_name(header):
    assert sent_as(header)


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
