"""Uploads to real processes: killed with kill -9, cut off, taken up by another; nothing that was acknowledged is lost."""

import http.client
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.databases import postgres  # noqa: F401 - a fixture
from tests.people.samples import let_in
from tests.processes import PATIENCE, until
from tests.web.api.desk import TUS, newest, returned
from tm_service.bootstrap import open_service
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import Grant, Role
from tm_service.domain.uploads import PIECE
from tm_service.settings import read_settings
from tm_service.worker.runner import Worker

pytestmark = pytest.mark.slow
SCRIPT = Path(sys.executable).with_name("tm-service")
LUC = "luc@example.org"


class Office:
    """A home and its database, a translator's token, and web processes that are started and killed."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.environment = {"TM_SERVICE_DATABASE": database} if database else {}
        self.home, self.processes = home, []
        self.service = open_service(read_settings(home, environment=self.environment))
        people = self.service.people()
        invited = people.invite(LUC, "Luc", "fr", [Grant(Role.TRANSLATOR, "demo", "fr")])
        self.token = let_in(people, invited.person.id).token

    def start(self):
        """A web process that has a worker; how it is reached."""
        words = [str(SCRIPT), "--home", str(self.home), "serve", "--port", "0", "--workers", "1", "--json"]
        with (self.home / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                words, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **self.environment}
            )
        self.processes.append(process)
        address = urlsplit(json.loads(process.stdout.readline())["served"])
        return Web(process, address.hostname, address.port, self.token)

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()
            process.stdout.close()
        self.service.store.close()


class Web:
    """A web process, asked over connections of its own."""

    def __init__(self, process: subprocess.Popen, host: str, port: int, token: str) -> None:
        self.process, self.place = process, (host, port)
        self.headers = TUS | {"Authorization": f"Bearer {token}"}

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, method, path, body=None, **headers: str):
        connection = http.client.HTTPConnection(*self.place, timeout=PATIENCE)
        try:
            connection.request(method, path, body, self.headers | headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def begin(self, length):
        status, headers, _ = self.ask("POST", "/api/v1/uploads", **{"Upload-Length": str(length)})
        assert status == 201
        return headers["Location"]

    def offset(self, where):
        status, headers, _ = self.ask("HEAD", where)
        assert status == 200
        return int(headers["Upload-Offset"])

    def patch(self, where, start, content, statuses=(204,)):
        status, headers, _ = self.ask(
            "PATCH", where, content, **{"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        )
        assert status in statuses
        return int(headers.get("Upload-Offset", start))

    @contextmanager
    def sending(self, where, start, length):
        """A piece under way: a socket over which so many bytes are announced."""
        said = self.headers | {
            "Host": "localhost",
            "Upload-Offset": str(start),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
        }
        head = f"PATCH {where} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in said.items())
        with socket.create_connection(self.place, PATIENCE) as line:
            line.sendall(f"{head}\r\n".encode())
            yield line

    def await_offset(self, where, least):
        until(lambda: self.offset(where) >= least, lambda: f"{self.offset(where)} of {least} bytes")
        return self.offset(where)

    def take_in(self, where, key="return"):
        body = json.dumps({"upload": where.rpartition("/")[2]})
        said = {"Content-Type": "application/json", "Idempotency-Key": key, "Prefer": "wait=60"}
        status, _, answer = self.ask("POST", "/api/v1/returns", body, **said)
        return status, json.loads(answer)


@pytest.fixture
def office(_built, tmp_path):
    shutil.copytree(_built / "home", tmp_path / "home")
    made = Office(tmp_path / "home")
    yield made
    made.end()


@pytest.fixture
def file(office):
    """A return of some megabytes, with what a translator's tool leaves beside."""
    _, content = returned(office.service, "fr", mistakes=2)
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("reference/pictures.bin", random.Random(7).randbytes(6_000_000))
    return made.getvalue()


def told(receipts):
    """What a receipt says, but for when."""
    return [{name: one[name] for name in one if name not in ("at", "repeated")} for one in receipts]


def test_a_web_process_killed_at_any_point_of_an_upload_loses_nothing_it_acknowledged(office, file):
    web = office.start()
    where = web.begin(len(file))
    acknowledged, sent = 0, 0

    def again(web):
        """The next process knows all that was acknowledged, and nothing that was not sent."""
        web.kill()
        other = office.start()
        here = other.offset(where)
        assert acknowledged <= here <= sent
        return other, here

    web, here = again(web)  # before any byte
    acknowledged = sent = web.patch(where, here, file[: PIECE + 17])
    web, here = again(web)  # after an answer
    assert here == acknowledged
    with web.sending(where, here, len(file) - here) as line:  # in the middle of a piece
        line.sendall(file[here : here + 5 * PIECE + 5])
        sent = here + 5 * PIECE + 5
        acknowledged = web.await_offset(where, here + 3 * PIECE)
        web, here = again(web)
    with web.sending(where, here, len(file) - here) as line:  # while it is being kept
        line.sendall(file[here : here + 6 * PIECE])
        sent, acknowledged = here + 6 * PIECE, here
        web, here = again(web)
    with web.sending(where, here, len(file) - here) as line:  # when all is sent, before the answer
        line.sendall(file[here:])
        sent, acknowledged = len(file), web.await_offset(where, here + PIECE)
        web, here = again(web)
    if here < len(file):
        assert web.patch(where, here, file[here:]) == len(file)
    assert office.service.handoffs.uploads.content(where.rpartition("/")[2], LUC)[1] == file
    expected = office.service.handoffs.take_in("return", file, rehearse=True)
    status, answer = web.take_in(where)
    assert status == 200, answer
    (receipt,) = answer["receipts"]
    assert (receipt["digest"], receipt["accepted"], receipt["quarantined"], receipt["open"]) == (
        expected.digest,
        expected.accepted,
        list(expected.quarantined),
        expected.open,
    )
    assert receipt["accepted"] > 0
    web.kill()
    web = office.start()
    status, later = web.take_in(where)
    assert (status, later["job"], told(later["receipts"])) == (200, answer["job"], told([receipt]))
    assert [one.digest for locale, one in office.service.handoffs.receipts_of("demo") if locale == "fr"] == [
        receipt["digest"]
    ]


def test_a_web_process_killed_while_a_return_is_taken_in_takes_it_in_once(office, file):
    web = office.start()
    where = web.begin(len(file))
    web.patch(where, 0, file)
    body = json.dumps({"upload": where.rpartition("/")[2]}).encode()
    head = {"Host": "localhost", "Content-Type": "application/json", "Content-Length": len(body), **web.headers}
    asked = "POST /api/v1/returns HTTP/1.1\r\nIdempotency-Key: return\r\n"
    asked += "".join(f"{name}: {value}\r\n" for name, value in head.items())
    with socket.create_connection(web.place, PATIENCE) as line:
        line.sendall(asked.encode() + b"\r\n" + body)
        until(lambda: asked_for(office))
        web.kill()
    (job,) = asked_for(office)
    later = replace(office.service, clock=lambda: datetime.now(UTC) + timedelta(hours=2))  # the lease is over then
    Worker(later, "the next").run(until_idle=True)
    status, answer = office.start().take_in(where)
    assert (status, answer["job"]) == (200, job.id), answer
    assert len([one for locale, one in office.service.handoffs.receipts_of("demo") if locale == "fr"]) == 1
    assert answer["receipts"][0]["accepted"] == sum(unit.done for unit in newest(office.service, "fr").work) > 0


def asked_for(office):
    return [one for one in office.service.jobs.listed() if one.kind is JobKind.TAKE_IN]


def test_a_line_that_is_cut_again_and_again_brings_the_file_all_the_same(office, file):
    """What was told as kept stays kept; a client that asks how far it is, and goes on from there, gets to the end."""
    web = office.start()
    where, here = web.begin(len(file)), 0
    for number, length in enumerate((1, PIECE - 1, 2 * PIECE + 333, 100, 5 * PIECE, PIECE)):
        with web.sending(where, here, len(file) - here) as line:
            line.sendall(file[here : here + length])
            if number % 2:  # cut without a word, as a line does that breaks
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        known, here = here, web.offset(where)
        assert known <= here
    while here < len(file):
        web.patch(where, here, file[here:], (204, 409))  # the line before may still bring what it had
        here = web.offset(where)
    assert office.service.handoffs.uploads.content(where.rpartition("/")[2], LUC)[1] == file


def going_on_elsewhere(office, file):
    """Two web processes take the pieces of one file in turn, and one of them dies."""
    one, two = office.start(), office.start()
    where, here = one.begin(len(file)), 0
    for number, web in enumerate((one, two, one, two)):
        here = web.patch(where, here, file[here : here + PIECE * (number + 1)])
        assert {one.offset(where), two.offset(where)} == {here}
    with one.sending(where, here, len(file) - here) as line:
        line.sendall(file[here : here + 3 * PIECE])
        here = two.await_offset(where, here + 2 * PIECE)
        one.kill()
    here = two.offset(where)
    assert two.patch(where, here, file[here:]) == len(file)
    assert office.service.handoffs.uploads.content(where.rpartition("/")[2], LUC)[1] == file


def test_several_web_processes_share_an_upload(office, file):
    going_on_elsewhere(office, file)


def test_several_web_processes_share_an_upload_on_postgresql(tmp_path, postgres):  # noqa: F811 - a fixture's name
    home, url = tmp_path / "home", postgres.create()
    home.mkdir()
    office = Office(home, url)
    try:
        going_on_elsewhere(office, random.Random(7).randbytes(5_000_000))
    finally:
        office.end()
        postgres.drop(url)
