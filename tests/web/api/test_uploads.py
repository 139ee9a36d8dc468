"""Uploads over HTTP: the tus protocol's core, creation, termination, checksum and expiration; then the file is taken in."""

import asyncio
import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from tests.web.api.desk import LATER, TUS, newest, returned, working
from tm_service.domain.uploads import EACH, LONGEST, PIECE
from tm_service.web.api.uploads import _file_name

PIECES = TUS | {"Content-Type": "application/offset+octet-stream"}


def base64(said):
    return b64encode(said if isinstance(said, bytes) else said.encode()).decode()


def begin(asker, length, name="fr.zip"):
    """Where the pieces of a new upload go."""
    said = TUS | {"Upload-Length": str(length), "Upload-Metadata": f"filename {base64(name)},kind {base64('zip')}"}
    answer = asker.ask("POST", "/uploads", headers=said)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    return answer.headers["Location"].removeprefix("/api/v1")


def send(asker, where, start, content, **headers: str):
    return asker.ask("PATCH", where, content=content, headers=PIECES | {"Upload-Offset": str(start)} | headers)


def offset(asker, where):
    answer = asker.ask("HEAD", where, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def test_what_is_spoken_is_told(french):
    answer = french.ask("OPTIONS", "/uploads")
    assert answer.status_code == 204
    said = {name: answer.headers[name] for name in ("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size")}
    assert said == {
        "Tus-Resumable": "1.0.0",
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,termination,checksum,expiration",
        "Tus-Max-Size": str(LONGEST),
    }
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"].split(",")


def test_a_file_comes_in_pieces_and_is_taken_in(world, french):
    name, content = returned(world.service, "fr", mistakes=1)
    where, half = begin(french, len(content), name), len(content) // 2
    first = send(french, where, 0, content[:half])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    until = parsedate_to_datetime(first.headers["Upload-Expires"])
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(days=1)
    head = french.ask("HEAD", where, headers=TUS)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (str(half), str(len(content)))
    assert head.headers["Upload-Metadata"] == f"filename {base64(name)},kind {base64('zip')}"
    assert head.headers["Cache-Control"] == "no-store"
    named = {"upload": where.rpartition("/")[2]}
    assert french.post("/returns", named).status_code == 409
    assert send(french, where, half, content[half:]).headers["Upload-Offset"] == str(len(content))
    with working(world.service):
        answer, again = (french.post("/returns", named).json() for _ in range(2))
    assert answer["arguments"]["name"] == name
    assert answer["receipts"][0]["accepted"] == sum(unit.done for unit in newest(world.service, "fr").work) > 0
    assert again["receipts"] == [one | {"repeated": True} for one in answer["receipts"]]
    assert offset(french, where) == len(content)


def test_an_upload_is_checked_for_whose_it_is_like_any_return(world, french):
    name, content = returned(world.service, "es")
    where = begin(french, len(content), name)
    send(french, where, 0, content)
    assert french.post("/returns", {"upload": where.rpartition("/")[2]}, headers=LATER).status_code == 403
    assert not world.service.jobs.listed()


def test_nobody_else_reaches_it(world, french):
    where, others = begin(french, 9), (world.person("secretariat"), world.program("returns:take-in"))
    for other in others:
        assert other.ask("HEAD", where, headers=TUS).status_code == 404
        assert send(other, where, 0, b"x").status_code == 404
        assert other.ask("DELETE", where, headers=TUS).status_code == 404
        assert other.post("/returns", {"upload": where.rpartition("/")[2]}).status_code == 404
    assert offset(french, where) == 0


def test_an_upload_is_dropped(french):
    where = begin(french, 9)
    send(french, where, 0, b"seed")
    gone = french.ask("DELETE", where, headers=TUS)
    assert (gone.status_code, gone.headers["Tus-Resumable"]) == (204, "1.0.0")
    for method in ("HEAD", "DELETE", "PATCH"):
        answer = french.ask(method, where, headers=PIECES | {"Upload-Offset": "4"})
        assert (answer.status_code, answer.headers["Tus-Resumable"]) == (404, "1.0.0")
        assert "Upload-Offset" not in answer.headers


def test_who_cannot_send_patch_says_that_it_is_meant(french):
    where = begin(french, 4)
    meant = PIECES | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert french.ask("POST", where, content=b"seed", headers=meant).headers["Upload-Offset"] == "4"
    for other in ("GET", "", "PUT"):
        answer = french.ask("POST", where, headers=meant | {"X-HTTP-Method-Override": other})
        assert (answer.status_code, "PATCH" in answer.headers["Allow"]) == (405, True)
    assert french.ask("POST", where, headers=TUS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert french.ask("HEAD", where, headers=TUS).status_code == 404


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0", "2.0.0", ""])
def test_who_speaks_no_tus_or_another_is_told_which(french, version):
    where, said = begin(french, 9), {} if version is None else {"Tus-Resumable": version}
    for method, path in (("POST", "/uploads"), ("HEAD", where), ("PATCH", where), ("DELETE", where)):
        answer = french.ask(method, path, headers=said | {"Upload-Length": "9", "Upload-Offset": "0"})
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0"), method
    assert offset(french, where) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "1e3"}, 400),
        ({"Upload-Length": "٣"}, 400),
        ({"Upload-Length": "9" * 30}, 400),
        ({"Upload-Length": str(LONGEST + 1)}, 413),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": "9", "Upload-Metadata": "filename not-base64"}, 400),
        ({"Upload-Length": "9", "Upload-Metadata": f"filename {'A' * 5000}"}, 400),
        ({"Upload-Length": "9", "Upload-Metadata": "filename Zm9v\tx"}, 400),
    ],
)
def test_an_upload_that_cannot_be_is_refused(french, headers, status):
    sent = {name: value.encode() for name, value in headers.items()}
    answer = french.ask("POST", "/uploads", headers=TUS | sent)
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (status, "1.0.0"), answer.json()


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "application/octet-stream"}, b"bank", 415),
        ({"Upload-Offset": ""}, b"bank", 400),
        ({"Upload-Offset": "-4"}, b"bank", 400),
        ({"Upload-Offset": "0"}, b"bank", 409),
        ({"Upload-Offset": "5"}, b"bank", 409),
        ({}, b"banks", 413),
        ({"Upload-Checksum": "crc32 AAAA"}, b"bank", 400),
        ({"Upload-Checksum": ""}, b"bank", 400),
        ({"Upload-Checksum": "sha1 !"}, b"bank", 400),
        ({"Upload-Checksum": "sha1 "}, b"bank", 460),
        ({"Upload-Checksum": f"sha1 {base64(bytes(20))}"}, b"bank", 460),
        ({"Upload-Checksum": f"sha256 {base64(hashlib.sha1(b'bank', usedforsecurity=False).digest())}"}, b"bank", 460),
    ],
)
def test_a_piece_that_does_not_fit_is_refused_and_nothing_of_it_kept(french, headers, content, status):
    where = begin(french, 8)
    send(french, where, 0, b"seed")
    answer = send(french, where, 4, content, **headers)
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (status, "1.0.0")
    assert offset(french, where) == 4
    assert send(french, where, 4, b"bank").status_code == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_a_piece_with_its_checksum_is_kept(french, algorithm):
    where, content = begin(french, 2 * PIECE + 1), bytes(2 * PIECE + 1)
    checksum = f"{algorithm} {base64(hashlib.new(algorithm, content).digest())}"
    answer = send(french, where, 0, content, **{"Upload-Checksum": checksum})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(content)))


def test_an_empty_piece_is_a_piece(french):
    where = begin(french, 8)
    for checksum in ({}, {"Upload-Checksum": f"sha1 {base64(hashlib.sha1(b'', usedforsecurity=False).digest())}"}):
        for _ in range(2):
            assert send(french, where, 0, b"", **checksum).headers["Upload-Offset"] == "0"
    assert send(french, where, 0, b"seedbank").status_code == 204


def streamed(asker, where, pieces, start=0):
    """Send pieces as they come, their length not known."""

    async def ask():
        transport = httpx.ASGITransport(asker.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=asker.headers) as client:

            async def coming():
                for piece in pieces:
                    yield piece

            said = PIECES | {"Upload-Offset": str(start)}
            return await client.patch(f"/api/v1{where}", content=coming(), headers=said)

    return asyncio.run(ask())


def test_a_piece_of_unknown_length_is_kept_up_to_the_end_and_no_further(french):
    where = begin(french, 3 * PIECE)
    answer = streamed(french, where, [b"x" * PIECE] * 3)
    assert (answer.status_code, offset(french, where)) == (204, 3 * PIECE)
    too_long = begin(french, 2 * PIECE)
    assert streamed(french, too_long, [b"x" * PIECE] * 3).status_code == 422
    assert offset(french, too_long) == 2 * PIECE


@pytest.mark.parametrize("checksum", [None, b"sha1 AAAA"])
def test_of_a_line_that_breaks_what_came_is_kept_but_for_what_was_to_be_checked(french, checksum):
    where = begin(french, 2 * PIECE)
    coming = [
        {"type": "http.request", "body": b"x" * (PIECE + 1), "more_body": True},
        {"type": "http.request", "body": b"y", "more_body": True},
        {"type": "http.disconnect"},
    ]
    headers = {**PIECES, **french.headers, "Host": "localhost", "Upload-Offset": "0"}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    raw += [(b"upload-checksum", checksum)] if checksum else []
    path = f"/api/v1{where}"
    scope = {"type": "http", "method": "PATCH", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"http_version": "1.1", "scheme": "http", "headers": raw, "client": ("127.0.0.1", 1), "root_path": ""}

    async def receive():
        return coming.pop(0)

    async def nobody_hears(_message):
        pass

    asyncio.run(french.app(scope, receive, nobody_hears))
    assert offset(french, where) == (0 if checksum else PIECE + 2)


def test_a_piece_with_a_checksum_is_not_held_without_end(french):
    where = begin(french, LONGEST)

    async def ask():
        transport = httpx.ASGITransport(french.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=french.headers
        ) as client:

            async def coming():
                for _ in range(40):
                    yield bytes(1 << 20)

            said = PIECES | {"Upload-Offset": "0", "Upload-Checksum": "sha1 AAAA"}
            return await client.patch(f"/api/v1{where}", content=coming(), headers=said)

    assert (asyncio.run(ask()).status_code, offset(french, where)) == (413, 0)


def test_two_that_send_the_same_piece_at_once_are_one(french):
    """A client that gave up waiting, and its second try: one of them is told where it stands."""
    content, where = bytes(3 * PIECE), begin(french, 3 * PIECE)

    async def at_once():
        transport = httpx.ASGITransport(french.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=french.headers
        ) as client:
            said = PIECES | {"Upload-Offset": "0"}
            asking = [client.patch(f"/api/v1{where}", content=content, headers=said) for _ in range(3)]
            return await asyncio.gather(*asking)

    answers = asyncio.run(at_once())
    assert {one.status_code for one in answers} <= {204, 409}
    here = offset(french, where)
    assert here > 0
    assert all(int(one.headers["Upload-Offset"]) <= here for one in answers if one.status_code == 204)
    while here < len(content):
        here = int(send(french, where, here, content[here : here + PIECE]).headers["Upload-Offset"])
    assert french.app.state.service.handoffs.uploads.content(
        where.rpartition("/")[2], "translator.demo.fr@office.example"
    ) == ("fr.zip", content)


def test_nobody_begins_without_end(french):
    for _ in range(EACH):
        begin(french, 1)
    answer = french.ask("POST", "/uploads", headers=TUS | {"Upload-Length": "1"})
    assert (answer.status_code, "under way" in answer.json()["detail"]) == (422, True)


def test_the_same_key_begins_one_upload(french):
    headers = TUS | {"Upload-Length": "9", "Idempotency-Key": "one"}
    first, again = (french.ask("POST", "/uploads", headers=headers) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]


def test_bytes_that_came_before_a_line_broke_stay_under_a_key_too(french):
    where = begin(french, 9)
    coming = [{"type": "http.request", "body": b"seed", "more_body": True}, {"type": "http.disconnect"}]
    said = PIECES | french.headers | {"Upload-Offset": "0", "Idempotency-Key": "one", "Host": "localhost"}
    scope = {"type": "http", "method": "PATCH", "path": f"/api/v1{where}", "raw_path": f"/api/v1{where}".encode()}
    scope |= {"query_string": b"", "http_version": "1.1", "scheme": "http", "root_path": ""}
    scope |= {"headers": [(name.lower().encode(), value.encode()) for name, value in said.items()]}
    told = []

    async def receive():
        return coming.pop(0)

    async def heard(message):
        told.append(message)

    asyncio.run(french.app(scope, receive, heard))
    assert offset(french, where) == 4


def test_bytes_whose_checksum_was_wrong_may_come_again_under_the_same_key(french):
    where = begin(french, 4)
    wrong, right = (f"sha256 {base64(hashlib.sha256(said).digest())}" for said in (b"weed", b"seed"))
    for checksum, status in ((wrong, 460), (right, 204)):
        headers = PIECES | {"Upload-Offset": "0", "Upload-Checksum": checksum, "Idempotency-Key": "two"}
        assert french.ask("PATCH", where, content=b"seed", headers=headers).status_code == status


def test_who_does_not_take_in_does_not_upload(world):
    asker = world.person("developer")
    for method, path in (
        ("OPTIONS", "/uploads"),
        ("POST", "/uploads"),
        ("HEAD", "/uploads/x"),
        ("PATCH", "/uploads/x"),
    ):
        assert asker.ask(method, path, headers=TUS).status_code == 403, method
        assert world.nobody().ask(method, path, headers=TUS).status_code == 401, method


@settings(deadline=None, max_examples=200)
@example("filename")
@example(",")
@example("filename Zm9v,filename YmFy")
@example("filename 77+9")
@given(st.text(max_size=60) | st.from_regex(r"(filename|name|kind) [A-Za-z0-9+/]{0,8}=?=?(,.{0,9})?", fullmatch=True))
def test_whatever_is_said_of_a_file_it_has_a_name_or_is_refused(said):
    assert outcome(said) in (True, 400)


def outcome(said):
    """Whether a file has a name then, or the status of the refusal."""
    try:
        return bool(_file_name(said))
    except HTTPException as refused:
        return refused.status_code
