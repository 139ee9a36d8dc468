"""Mail whose server is down, slow, refuses, or dies with a letter in its hands: none goes twice, none is lost in silence."""

import os
import signal
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors import mail_channel
from connectors.mail_channel import MailChannel, MailServer, Security
from connectors.mail_message import Sender
from tests.connectors.mail_servers import Kept, failing_server, real_server
from tests.faults.houses import SITE
from tests.faults.laws import hold
from tests.faults.test_postgres_restarts import begun
from tests.processes import PATIENCE, free_port
from tm_service.domain.deliveries import Delivery, DeliveryStatus
from tm_service.domain.errors import InDoubt, TryLater
from tm_service.usecases.dispatch import _PATIENCE

pytestmark = pytest.mark.slow
ANNA, MARC = "anna@example.org", "marc@example.org"
LATER = timedelta(hours=5)  # longer than any pause
FRENCH = "\n[site.reef.hand_off]\nrecipients = {{ fr = {} }}\n"


def posted(house, *recipients: str):
    """The package that is out waits in the outbox for these people."""
    names = ", ".join(f'"{one}"' for one in recipients)
    with house.toml.open("a", encoding="utf-8") as file:
        file.write(FRENCH.format(f"[{names}]"))
    service = mailing(house, 1)
    (package,) = service.handoffs.packages(SITE)
    return service.handoffs.post(package.id, "mail")


def mail(port):
    return {"TM_SERVICE_MAIL": f"smtp://127.0.0.1:{port}", "TM_SERVICE_MAIL_FROM": "post@example.org"}


def mailing(house, port, later=timedelta(0)):
    return replace(house.service(**mail(port)), clock=lambda: datetime.now(UTC) + later)


def states(house):
    service = house.service()
    hold(service, SITE, house.home)
    return {entry.recipient: entry.status for entry in service.handoffs.postings(SITE)}


def test_a_server_that_is_down_gets_each_letter_once_when_it_is_up(embedded):
    posted(embedded, ANNA, MARC)
    mailing(embedded, free_port()).handoffs.send_due(SITE)
    assert states(embedded) == {ANNA: DeliveryStatus.WAITING, MARC: DeliveryStatus.WAITING}
    kept = Kept()
    with real_server(kept) as port:
        assert mailing(embedded, port).handoffs.send_due(SITE) == []  # its time has not come
        for _ in range(2):
            mailing(embedded, port, LATER).handoffs.send_due(SITE)
    assert sorted(kept.recipients) == [ANNA, MARC]
    assert set(states(embedded).values()) == {DeliveryStatus.SENT}


class Choosy(Kept):
    """Refuses one recipient for good, and the first letter for now."""

    tries = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd calls it so
        if address == MARC:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
        self.tries += 1
        return "451 come again" if self.tries == 1 else await super().handle_DATA(server, session, envelope)


def test_one_recipient_is_refused_and_the_other_put_off(embedded):
    posted(embedded, MARC, ANNA)
    kept = Choosy()
    with real_server(kept) as port:
        mailing(embedded, port).handoffs.send_due(SITE)
        assert states(embedded) == {MARC: DeliveryStatus.REFUSED, ANNA: DeliveryStatus.WAITING}
        for _ in range(2):
            mailing(embedded, port, LATER).handoffs.send_due(SITE)
    assert kept.recipients == [ANNA]
    assert states(embedded) == {MARC: DeliveryStatus.REFUSED, ANNA: DeliveryStatus.SENT}


@dataclass
class Dying(Kept):
    """Keeps the letter and dies before it says so; or something else dies."""

    victim: list[int] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
        await super().handle_DATA(server, session, envelope)
        for process in self.victim:
            os.kill(process, signal.SIGKILL)
        server.transport.abort()
        return "250 nobody hears this"


def test_a_letter_whose_answer_was_lost_is_for_a_person_and_not_sent_again(embedded):
    (posting,) = posted(embedded, ANNA)
    kept = Dying()
    with real_server(kept) as port:
        mailing(embedded, port).handoffs.send_due(SITE)
        for _ in range(3):
            mailing(embedded, port, LATER).handoffs.send_due(SITE)
        assert states(embedded) == {ANNA: DeliveryStatus.IN_DOUBT}
        assert kept.recipients == [ANNA]
    other = Kept()
    with real_server(other) as port:
        again = mailing(embedded, port)
        again.handoffs.post(posting.package, "mail")
        again.handoffs.send_due(SITE)
        assert other.recipients == []
        again.handoffs.post(posting.package, "mail", once_more=True)
        again.handoffs.send_due(SITE)
        assert other.recipients == [ANNA]


def test_a_worker_killed_while_it_mails_sends_nothing_twice_and_loses_nothing(embedded):
    """It dies with the first letter accepted: that one is in doubt, the other one goes."""
    posted(embedded, ANNA, MARC)
    kept = Dying()
    with real_server(kept) as port:
        worker = begun(embedded, "packages", "outbox", SITE, **mail(port))
        kept.victim.append(worker.pid)
        assert worker.wait(PATIENCE) == -signal.SIGKILL
        worker.stdout.close()
    (first,) = kept.recipients
    assert Counter(states(embedded).values()) == {DeliveryStatus.SENDING: 1, DeliveryStatus.WAITING: 1}
    other = Kept()
    with real_server(other) as port:
        for _ in range(2):
            mailing(embedded, port, LATER).handoffs.send_due(SITE)
    assert [first, *other.recipients] == [ANNA, MARC]
    assert states(embedded) == {ANNA: DeliveryStatus.IN_DOUBT, MARC: DeliveryStatus.SENT}


def test_a_database_that_goes_away_while_it_mails_makes_no_second_letter(served, cluster):
    house = served()
    posted(house, ANNA)

    class Stopping(Kept):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
            cluster.stop(immediate=True)
            return await super().handle_DATA(server, session, envelope)

    kept = Stopping()
    with real_server(kept) as port:
        process = begun(house, "packages", "outbox", SITE, "--json", **mail(port))
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 3, said
        cluster.start()
        assert states(house) == {ANNA: DeliveryStatus.SENDING}
        mailing(house, port, LATER).handoffs.send_due(SITE)
    assert kept.recipients == [ANNA]
    assert states(house) == {ANNA: DeliveryStatus.IN_DOUBT}


def test_two_that_send_at_once_share_the_letters(embedded):
    people = [f"reader-{number}@example.org" for number in range(8)]
    posted(embedded, *people)
    kept = Kept()
    with real_server(kept) as port:
        both = [begun(embedded, "packages", "outbox", SITE, "--json", **mail(port)) for _ in range(2)]
        assert [process.communicate(timeout=PATIENCE) and process.returncode for process in both] == [0, 0]
    assert sorted(kept.recipients) == people
    assert set(states(embedded).values()) == {DeliveryStatus.SENT}


DELIVERY = Delivery("a" * 64, ANNA, "A package", "Here it is.", "<p>Here it is.</p>", "garden.zip", b"PK")


@contextmanager
def dripping(after: bytes):
    """A server that answers as any other until it was told this; then it says one letter of its answer, again and again."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 here\r\n")
                for line in lines:
                    if line.strip().upper().startswith(after):
                        while True:
                            connection.sendall(b"2")
                            time.sleep(0.02)
                    connection.sendall(b"354 go on\r\n" if line.upper().startswith(b"DATA") else b"250 yes\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(PATIENCE)


@pytest.mark.parametrize(("after", "failure"), [(b"EHLO", TryLater), (b"RCPT", TryLater)])
def test_a_server_that_drips_is_given_up(after, failure):
    """Each byte comes in time, and their end never does."""
    with dripping(after) as port:
        server = MailServer("127.0.0.1", port, security=Security.NONE, longest=0.5)
        with pytest.raises(failure):
            MailChannel(server, Sender("post@example.org"), lambda: datetime.now(UTC)).send(DELIVERY)


def test_a_server_that_holds_a_letter_for_too_long_leaves_it_in_doubt(monkeypatch):
    """The time is up while it looks at the whole letter."""
    watches = []

    class Watch:
        daemon = False

        def __init__(self, seconds, hang_up, line) -> None:
            assert seconds == MailServer("", 0).longest < _PATIENCE.total_seconds()
            watches.append(lambda: hang_up(*line))

        def start(self):
            pass

        cancel = start

    monkeypatch.setattr(mail_channel, "Timer", Watch)
    with failing_server() as (port, told):
        told.answer = lambda command, usual: (watches[0]() if command == "end" else None) or usual
        with pytest.raises(InDoubt, match="was given the whole letter and did not answer"):
            MailChannel(
                MailServer("127.0.0.1", port, security=Security.NONE),
                Sender("post@example.org"),
                lambda: datetime.now(UTC),
            ).send(DELIVERY)
    assert len(told.bodies) == 1
