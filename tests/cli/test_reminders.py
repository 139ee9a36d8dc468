"""Reminders on the command line: a real server takes each letter once, and a process killed in between sends none twice."""

import os
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.houses import SCRIPT
from tests.connectors.mail_servers import Kept, real_server
from tests.processes import PATIENCE
from tm_service.bootstrap import open_service
from tm_service.domain.deliveries import DeliveryStatus
from tm_service.settings import read_settings

pytestmark = pytest.mark.slow

ANNA, MARC = "anna@example.org", "marc@example.org"
RECIPIENTS = f'[site.reef.hand_off]\nrecipients = {{ fr = ["{ANNA}", "{MARC}"] }}\n\n[[site.reef.content]]'


def day(number):
    return f"{datetime.now(UTC) + timedelta(days=number):%Y-%m-%d}"


def environment(port):
    return {"TM_SERVICE_MAIL": f"smtp://127.0.0.1:{port}", "TM_SERVICE_MAIL_FROM": "desk@example.org"}


@contextmanager
def served(kept, monkeypatch):
    with real_server(kept) as port:
        for name, value in environment(port).items():
            monkeypatch.setenv(name, value)
        yield port


@pytest.fixture
def due(house):
    """A package that is due the day after tomorrow, and for whom."""
    house.describe("[[site.reef.content]]", RECIPIENTS)
    house.packages("--locale", "fr", "--due", day(2))
    return house


def test_a_letter_without_a_file_goes_to_each_recipient_once(due, monkeypatch):
    kept = Kept()
    with served(kept, monkeypatch):
        sent = due.ask("packages", "remind", "reef")["deliveries"]
        assert due.ask("packages", "remind", "reef")["deliveries"] == []
        assert due.run("packages", "remind", "reef").out == "Nobody is to be reminded for reef.\n"
    assert {(one["recipient"], one["reminder"], one["status"]) for one in sent} == {
        (ANNA, "soon", "sent"),
        (MARC, "soon", "sent"),
    }
    assert sorted(kept.recipients) == [ANNA, MARC]
    for letter in kept.letters:
        assert list(letter.iter_attachments()) == []
        assert letter["Subject"].startswith("Rappel, à rendre d’ici au ")
        assert letter["Content-Language"] == "fr"
        assert letter["Auto-Submitted"] == "auto-generated"
        assert "- Still open: 4" in letter.get_body(["plain"]).get_content()
        assert 'lang="fr"' in letter.get_body(["html"]).get_content()


def test_what_is_late_is_said_to_be_and_by_a_worker_too(due, monkeypatch):
    due.ask("packages", "reissue", "reef-1-fr", "--due", day(-8), "--out", due.root)
    kept = Kept()
    with served(kept, monkeypatch):
        due.ask("jobs", "ask", "remind", "reef")
        due.run("worker", "--until-idle")
        assert due.ask("packages", "remind", "reef")["deliveries"] == []
        (found, _) = due.ask("packages", "outbox", "reef")["deliveries"]
    assert (found["status"], found["attempts"]) == ("sent", 1)
    assert [letter["Subject"].startswith("Rappel, échéance dépassée (") for letter in kept.letters] == [True, True]


def test_what_went_is_said_in_a_table_and_what_did_not_needs_a_person(due, monkeypatch):
    class Choosy(Kept):
        async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd calls it so
            if address == MARC:
                return "550 no such person"
            envelope.rcpt_tos.append(address)
            return "250 yes"

    with served(Choosy(), monkeypatch):
        answer = due.run("packages", "remind", "reef")
    assert answer.code == 1
    rows = {line.split()[1]: line.split() for line in answer.out.splitlines() if line.startswith("reef-1-fr")}
    assert rows[ANNA][2:] == ["soon", "sent"]
    assert rows[MARC][2:4] == ["soon", "refused"]
    assert "no such person" in answer.out


def test_without_a_mail_server_nobody_is_reminded_and_nothing_changes(due):
    dump = due.dump()
    assert due.ask("packages", "remind", "reef") == {"deliveries": []}
    assert due.dump() == dump
    assert due.run("packages", "remind", "park").code == 2


@dataclass
class Dying(Kept):
    """Keeps the letter, and whoever sent it is dead before the answer comes."""

    victim: list[int] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
        said = await super().handle_DATA(server, session, envelope)
        while self.victim:
            os.kill(self.victim.pop(), signal.SIGKILL)
        return said


def test_whoever_is_killed_between_sending_and_noting_leaves_that_letter_in_doubt(due):
    kept = Dying()
    with real_server(kept) as port:
        around = {**os.environ, "TM_SERVICE_HOME": str(due.home), **environment(port)}
        process = subprocess.Popen([str(SCRIPT), "packages", "remind", "reef"], env=around, stdout=subprocess.PIPE)
        kept.victim.append(process.pid)
        assert process.wait(PATIENCE) == -signal.SIGKILL
        process.stdout.close()
        (first,) = kept.recipients
        later = datetime.now(UTC) + timedelta(hours=1)
        service = replace(open_service(read_settings(due.home, around)), clock=lambda: later)
        for _ in range(2):
            service.handoffs.remind("reef")
            service.handoffs.send_due("reef")
        found = {entry.recipient: entry.status for entry in service.handoffs.postings("reef")}
    assert sorted(kept.recipients) == [ANNA, MARC]
    assert found.pop(first) is DeliveryStatus.IN_DOUBT
    assert list(found.values()) == [DeliveryStatus.SENT]
