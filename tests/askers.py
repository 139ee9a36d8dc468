"""People and programs who ask a house over real connections, and the web server that they ask."""

import json
from contextlib import contextmanager

import httpx
from lxml import html

from tests.processes import PATIENCE, until

PASSWORD = "reeds in the morning wind"  # noqa: S105 - of these tests alone
_UNDER_WAY = ("waiting", "running")


@contextmanager
def served(office, workers=0):
    """The address of a web server with so many workers beside it."""
    with office.running("serve", "--port", "0", "--workers", workers, "--json") as process:
        until(lambda: process.poll() is not None or '"served"' in office.log("serve"), lambda: office.log("serve"))
        said = office.log("serve")
        assert process.poll() is None, said
        line = next(line for line in said.splitlines() if line.startswith('{"served"'))
        yield json.loads(line)["served"]


class Asker:
    """Somebody, or a program, who asks over a real connection."""

    def __init__(self, address, **headers: str) -> None:
        self.address = address
        self.client = httpx.Client(base_url=f"{address}api/v1", headers=headers, timeout=PATIENCE)

    def ask(self, method, path, *, status=200, **options: object):
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.headers.get("Content-Type", "").endswith("json") else answer

    def get(self, path, **options: object):
        return self.ask("GET", path, **options)

    def post(self, path, body=None, **options: object):
        return self.ask("POST", path, json=body or {}, **options)

    def done(self, path, body=None, **options: object):
        """A job that is waited for as long as it takes."""
        sent = options or {"json": body or {}}
        answer = self.client.post(path, headers={"Prefer": "wait=60"}, **sent)
        assert answer.status_code in (200, 202), answer.text
        job = answer.json()
        if answer.status_code == 202:
            job = until(lambda: (one := self.get(f"/jobs/{job['job']}"))["status"] not in _UNDER_WAY and one)
        assert job["status"] == "done", job
        return job

    def page(self, path, *, status=200):
        """A page as its browser parses it."""
        answer = self.client.get(self.address + path.removeprefix("/"), follow_redirects=True)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return html.fromstring(answer.content)

    def send(self, path, **fields: str):
        """What a form sends; where it leads to."""
        answer = self.client.post(self.address + path.removeprefix("/"), data=fields)
        assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text}"
        return answer.headers["Location"]

    def becomes(self, email):
        """Signs in; from here on the cookie says who asks."""
        self.post("/session", {"email": email, "password": PASSWORD}, status=201)
        return self


def joined(address, administrator, email, *roles: str):
    """Somebody who was invited, set a password, and signed in."""
    body = {"email": email, "name": email.partition("@")[0].title(), "language": "en", "roles": list(roles)}
    made = administrator.post("/people", body, status=201)
    somebody = Asker(address)
    somebody.post("/session/invitation", {"token": made["token"], "password": PASSWORD})
    return somebody.becomes(email)


def first(office, address):
    """The first administrator, whom whoever runs the house invites on its command line."""
    made = office.command("people", "invite", "ines@reef.example", "--name", "Ines", "--role", "administrator")
    ines = Asker(address)
    ines.post("/session/invitation", {"token": made.document["token"], "password": PASSWORD})
    return ines.becomes("ines@reef.example")
