"""The bodies of returns: a file, a form of files or the name of an upload, whole or not at all, and what a file is called."""

import asyncio

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from tests.web.api.desk import LATER, returned
from tm_service.web.api.files import file_of, named

FORM = "multipart/form-data; boundary=seed"


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
    assert (job.arguments["name"], job.arguments["places"]) == (name, ["demo/fr"])


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
    ("path", "status"),
    [
        ("/memories/matches", 413),
        ("/memories/alignment", 413),
        ("/memories/retirements", 413),
        ("/terms", 413),
        ("/memories/imports?site=demo&file=a.tmx", 401),
        ("/memories/analysis?site=demo&locale=fr&file=a.tmx", 401),
        ("/terms/imports?site=demo&file=a.tbx", 401),
        ("/uploads", 401),
    ],
)
def test_only_what_brings_a_file_takes_a_large_body(world, path, status):
    """What is read as JSON is read before anybody is known."""
    answer = world.nobody().ask("POST", path, content=b"{}", headers={"Content-Length": "20000000"})
    assert answer.status_code == status


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
