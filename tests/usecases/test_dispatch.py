"""Dispatch: a package is handed off, sent once, issued again and called back; what cannot be is refused in one sentence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from threading import Barrier

import pytest

from connectors.folder_channel import FolderChannel
from tests.fakes import SITE, House, new_house
from tests.usecases.returns import answered
from tm_service.domain.deliveries import Delivery, DeliveryStatus, Sent
from tm_service.domain.errors import ConfigurationError, Conflict, InDoubt, NotFound, Refused, TryLater
from tm_service.domain.packages import PackageStatus
from tm_service.usecases.package_draft import Order

A = "text/home.json"
TO = "ines@example.org"
WAITING, SENDING, SENT = DeliveryStatus.WAITING, DeliveryStatus.SENDING, DeliveryStatus.SENT
REFUSED, IN_DOUBT = DeliveryStatus.REFUSED, DeliveryStatus.IN_DOUBT


@dataclass
class Scripted:
    """A channel that answers as it was told, then always well; it keeps what it sent."""

    answers: list[Exception] = field(default_factory=list)
    repeatable: bool = False
    sent: list[Delivery] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def send(self, delivery: Delivery) -> Sent:
        self.before()
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(delivery)
        return Sent(f"message {len(self.sent)}")


class Crash(BaseException):
    """The process ends in the middle of everything."""


@pytest.fixture
def mail():
    return Scripted()


@pytest.fixture
def shared(tmp_path):
    place = tmp_path / "shared"
    place.mkdir()
    return place


@pytest.fixture
def house(tmp_path, mail, shared):
    hand_off = replace(SITE.hand_off, recipients={"fr": (TO,)}, folder=str(shared))
    made = new_house(tmp_path, replace(SITE, hand_off=hand_off))
    channels = {"mail": mail, "folder": FolderChannel(shared)}
    made = House(replace(made.service, channels=lambda _site: channels), made.repository, made.store, made.site)
    made.write({A: {"lead": "Gather the seeds", "gate": "Close the gate"}})
    yield made
    made.store.close()


def packed(house, **about: object):
    ((package, name, content),) = house.service.handoffs.package(house.name, Order(("fr",), **about))
    return package.id, name, content


def wait(house, **time: float):
    house.service.clock.now += timedelta(**time)


def status(house):
    return {entry.recipient: entry.status for entry in house.service.handoffs.postings(house.name)}


# the life of a package


def test_a_draft_is_handed_off_once(house):
    package, _, _ = packed(house, draft=True)
    verbs = house.service.handoffs
    assert verbs.packages(house.name)[0].status is PackageStatus.DRAFT
    assert verbs.hand_off(package).status is PackageStatus.HANDED_OFF
    with pytest.raises(Conflict, match="garden-1-fr is handed off; only a draft"):
        verbs.hand_off(package)


def test_a_draft_holds_its_units_so_that_nobody_packs_them_twice(house):
    packed(house, draft=True)
    assert house.service.handoffs.package(house.name, Order(("fr",))) == []


def test_a_cancelled_package_gives_its_units_back(house):
    package, name, content = packed(house)
    house.service.take_in(name, answered(content, {"Close the gate": "Fermez le portail"}))
    assert house.service.handoffs.cancel(package).status is PackageStatus.CANCELLED
    with pytest.raises(Conflict, match="garden-1-fr is cancelled; it cannot be cancelled"):
        house.service.handoffs.cancel(package)
    ((again, _, _),) = house.service.handoffs.package(house.name, Order(("fr",)))
    assert [unit.key for unit in again.work] == [("lead",)], "what had returned stays"


def test_what_is_done_is_neither_cancelled_nor_issued_nor_sent(house):
    package, name, content = packed(house)
    said = {"Close the gate": "Fermez le portail", "Gather the seeds": "Récoltez les graines"}
    house.service.take_in(name, answered(content, said))
    verbs = house.service.handoffs
    for verb in (verbs.cancel, verbs.issue_again, lambda name: verbs.post(name, "mail")):
        with pytest.raises(Conflict, match="garden-1-fr is reintegrated"):
            verb(package)


def test_a_package_there_is_not_is_not_found(house):
    verbs = house.service.handoffs
    for verb in (verbs.hand_off, verbs.cancel, verbs.issue_again, verbs.file, lambda name: verbs.post(name, "mail")):
        with pytest.raises(NotFound, match="garden-9-fr"):
            verb("garden-9-fr")


def test_a_reissue_is_the_next_version_under_the_same_name_and_its_file_is_the_newest(house):
    package, _, first = packed(house, due=date(2026, 2, 1))
    verbs = house.service.handoffs
    again, name, content = verbs.issue_again(package, due=date(2026, 3, 1), profile="memoq")
    assert (again.id, again.version, again.due, again.profile) == (package, 2, date(2026, 3, 1), "memoq")
    assert verbs.file(package) == (name, content)
    assert content != first
    assert verbs.packages(house.name)[0] == again
    assert verbs.issue_again(package)[0].due == date(2026, 3, 1)


def test_a_draft_is_not_issued_again_and_a_tool_there_is_not_changes_nothing(house):
    package, _, _ = packed(house, draft=True)
    verbs = house.service.handoffs
    with pytest.raises(Conflict, match="is a draft that nobody has yet"):
        verbs.issue_again(package)
    verbs.hand_off(package)
    dump = house.dump()
    with pytest.raises(ConfigurationError, match="quill"):
        verbs.issue_again(package, profile="quill")
    assert house.dump() == dump


# sending


def test_a_package_is_sent_once_however_often_it_is_posted(house, mail):
    package, name, content = packed(house)
    verbs = house.service.handoffs
    for _ in range(3):
        verbs.post(package, "mail")
        verbs.send_due(house.name)
    verbs.post(package, "mail", [f" {TO}", TO])
    verbs.send_due(house.name)
    (delivery,) = mail.sent
    assert (delivery.recipient, delivery.name, delivery.content) == (TO, name, content)
    letter = house.service.exporter.letter(verbs.packages(house.name)[0])
    assert (delivery.subject, delivery.plain, delivery.html, delivery.language) == (
        letter.subject,
        letter.plain,
        letter.html,
        letter.language,
    )
    (entry,) = verbs.postings(house.name)
    assert (entry.status, entry.reference, entry.attempts, entry.error) == (SENT, "message 1", 1, "")


def test_a_folder_gets_the_file_whole_and_once(house, shared):
    package, name, content = packed(house)
    verbs = house.service.handoffs
    for _ in range(2):
        verbs.post(package, "folder", ["somebody else"])
        verbs.send_due(house.name)
    assert {file.name: file.read_bytes() for file in shared.iterdir()} == {name: content}
    assert status(house) == {str(shared): SENT}


def test_each_recipient_gets_his_own(house, mail):
    package, _, _ = packed(house)
    house.service.handoffs.post(package, "mail", [TO, "omar@example.org"])
    house.service.handoffs.send_due(house.name)
    assert [delivery.recipient for delivery in mail.sent] == [TO, "omar@example.org"]
    assert len({delivery.id for delivery in mail.sent}) == 2


def test_two_processes_at_once_send_once(house, mail):
    package, _, _ = packed(house)
    house.service.handoffs.post(package, "mail")
    both = Barrier(2)

    def send():
        both.wait()
        return house.service.handoffs.send_due(house.name)

    with ThreadPoolExecutor(2) as pool:
        done = [job.result() for job in [pool.submit(send), pool.submit(send)]]
    assert len(mail.sent) == 1
    assert sorted(map(len, done)) == [0, 1]


def test_who_comes_while_it_is_being_sent_leaves_it(house, mail):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    verbs.post(package, "mail")
    seen = []
    mail.before = lambda: seen.append((verbs.post(package, "mail")[0].status, verbs.send_due(house.name)))
    verbs.send_due(house.name)
    assert seen == [(SENDING, [])]
    assert len(mail.sent) == 1


def test_what_fails_is_tried_again_later_and_later(house, mail):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    mail.answers = [TryLater("The mail server is away."), TryLater("It still is.")]
    verbs.post(package, "mail")
    (first,) = verbs.send_due(house.name)
    assert (first.status, first.attempts, first.error) == (WAITING, 1, "The mail server is away.")
    (second,) = (wait(house, minutes=2), verbs.send_due(house.name))[1]
    assert second.next_at - second.at > first.next_at - first.at
    wait(house, days=1)
    (third,) = verbs.send_due(house.name)
    assert (third.status, third.attempts, third.error) == (SENT, 3, "")
    assert len(mail.sent) == 1


def test_nothing_is_tried_before_its_time(house, mail):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    mail.answers = [TryLater("Away.")] * 4
    verbs.post(package, "mail")
    for _ in range(3):
        verbs.send_due(house.name)
        wait(house, hours=5)
    (waiting,) = verbs.send_due(house.name)
    assert waiting.next_at - waiting.at > timedelta(minutes=5)
    assert verbs.send_due(house.name) == []


def test_after_the_last_attempt_a_person_is_told(house, mail):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    mail.answers = [TryLater("The mail server is away.")] * 99
    verbs.post(package, "mail")
    tries = 0
    while (entry := verbs.postings(house.name)[0]).status is WAITING:
        verbs.send_due(house.name)
        wait(house, hours=5)
        tries += 1
    assert (entry.status, entry.attempts, entry.next_at) == (REFUSED, tries, None)
    assert 10 < tries < 99
    mail.answers = []
    verbs.post(package, "mail")
    (sent,) = verbs.send_due(house.name)
    assert (sent.status, sent.attempts) == (SENT, 1)


def test_what_is_refused_is_not_tried_again_until_it_is_posted_again(house, mail):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    mail.answers = [Refused("There is no mailbox of that name.")]
    verbs.post(package, "mail")
    verbs.send_due(house.name)
    wait(house, days=2)
    assert verbs.send_due(house.name) == []
    assert verbs.postings(house.name)[0].error == "There is no mailbox of that name."
    verbs.post(package, "mail")
    assert [entry.status for entry in verbs.send_due(house.name)] == [SENT]


def test_what_is_in_doubt_is_sent_again_only_by_a_persons_word(house, mail):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    mail.answers = [InDoubt("The line broke at the end.")]
    verbs.post(package, "mail")
    verbs.send_due(house.name)
    wait(house, days=2)
    verbs.post(package, "mail")
    assert verbs.send_due(house.name) == []
    assert status(house) == {TO: IN_DOUBT}
    verbs.post(package, "mail", once_more=True)
    verbs.send_due(house.name)
    verbs.post(package, "mail", once_more=True)
    verbs.send_due(house.name)
    assert len(mail.sent) == 1


@pytest.mark.parametrize(("repeatable", "after"), [(False, IN_DOUBT), (True, SENT)])
def test_a_crash_in_the_middle_is_found_later(house, mail, repeatable, after):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    mail.repeatable = repeatable
    verbs.post(package, "mail")

    def crash():
        raise Crash

    mail.before = crash
    with pytest.raises(Crash):
        verbs.send_due(house.name)
    mail.before = lambda: None
    assert status(house) == {TO: SENDING}
    assert verbs.send_due(house.name) == [], "it may still be at it"
    wait(house, hours=1)
    verbs.send_due(house.name)
    assert status(house) == {TO: after}
    assert len(mail.sent) == int(repeatable)


def test_what_cannot_be_prepared_stays_as_it_was(house, mail):
    """A letter that cannot be made was no attempt."""
    package, _, _ = packed(house)

    class Speechless:
        def letter(self, _package, _contact):
            raise Crash

    house.service.handoffs.post(package, "mail")
    with pytest.raises(Crash):
        replace(house.service.handoffs, exporter=Speechless()).send_due(house.name)
    assert status(house) == {TO: WAITING}
    assert mail.sent == []


def test_a_draft_is_not_sent(house):
    package, _, _ = packed(house, draft=True)
    with pytest.raises(Conflict, match="is a draft; hand it off before it is sent"):
        house.service.handoffs.post(package, "mail")


@pytest.mark.parametrize("verb", ["cancel", "issue_again"])
def test_what_waits_is_not_sent_once_it_is_cancelled_or_there_is_a_newer_one(house, mail, verb):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    verbs.post(package, "mail")
    getattr(verbs, verb)(package)
    assert verbs.send_due(house.name) == []
    assert mail.sent == []
    assert status(house) == {TO: REFUSED}


def test_a_new_version_goes_to_the_same_people_again(house, mail):
    package, _, _ = packed(house)
    verbs = house.service.handoffs
    verbs.post(package, "mail")
    verbs.send_due(house.name)
    verbs.issue_again(package)
    verbs.post(package, "mail")
    verbs.send_due(house.name)
    assert [delivery.name for delivery in mail.sent] == ["garden-D0001-en-fr-v1.zip", "garden-D0001-en-fr-v2.zip"]


def test_what_is_not_set_up_is_named(house, tmp_path):
    package, _, _ = packed(house)
    bare = House(replace(house.service, channels=lambda _site: {}), house.repository, house.store, house.site)
    with pytest.raises(ConfigurationError, match=r"hand_off\.recipients\.fr"):
        bare.service.handoffs.post(package, "mail")
    with pytest.raises(ConfigurationError, match=r"hand_off\.folder"):
        bare.service.handoffs.post(package, "folder")
    assert house.service.handoffs.postings(house.name) == []


def test_a_channel_that_is_gone_is_said(house):
    package, _, _ = packed(house)
    house.service.handoffs.post(package, "mail")
    bare = replace(house.service, channels=lambda _site: {})
    (entry,) = bare.handoffs.send_due(house.name)
    assert entry.status is REFUSED
    assert "no channel mail any more" in entry.error
