"""Reminders: who has a package that is due is told soon, and once a week when it is late; nobody is told anything twice."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.samples import package, unit
from tests.fakes import BEGINNING, SITE, House, new_house
from tests.usecases.returns import answered
from tests.usecases.test_dispatch import A, Crash, Scripted
from tm_service.domain.deliveries import DeliveryStatus
from tm_service.domain.errors import Conflict, InDoubt, Refused, TryLater
from tm_service.domain.jobs import JobKind, JobStatus
from tm_service.domain.packages import OPEN, PackageStatus
from tm_service.usecases.dispatch import due_reminder
from tm_service.usecases.package_draft import Order
from tm_service.worker.runner import Worker

ANNA, MARC = "anna@example.org", "marc@example.org"
DUE = date(2026, 2, 1)
ALL = {"Gather the seeds": "Récoltez les graines", "Close the gate": "Fermez le portail"}
WAITING, SENT = DeliveryStatus.WAITING, DeliveryStatus.SENT


def house_of(folder, mail, recipients=(ANNA, MARC)):
    hand_off = replace(SITE.hand_off, recipients={"fr": recipients}, contact="Amina, room 4")
    made = new_house(folder, replace(SITE, hand_off=hand_off))
    service = replace(made.service, channels=lambda _site: {"mail": mail})
    made = House(service, made.repository, made.store, made.site)
    made.write({A: {"lead": "Gather the seeds", "gate": "Close the gate"}})
    return made


@pytest.fixture
def mail():
    return Scripted()


@pytest.fixture
def house(tmp_path, mail):
    made = house_of(tmp_path, mail)
    yield made
    made.store.close()


def packed(house, due=DUE, **about: object):
    ((made, name, content),) = house.service.handoffs.package(house.name, Order(("fr",), due, **about))
    return made.id, name, content


def reminded(house, day):
    """What is sent on a day, where the clock stood before it or on it."""
    house.service.clock.now = max(
        house.service.clock.now, datetime(day.year, day.month, day.day, 8, tzinfo=BEGINNING.tzinfo)
    )
    house.service.handoffs.remind(house.name)
    sent = house.service.handoffs.send_due(house.name)
    return sorted((one.recipient, one.reminder) for one in sent if one.status is SENT)


def days(first, last):
    return [DUE + timedelta(days=number) for number in range(first, last + 1)]


# what is due


@pytest.mark.parametrize(
    ("day", "reminder"),
    [
        (-4, ""), (-3, "soon"), (0, "soon"), (1, "overdue 1"), (7, "overdue 1"), (8, "overdue 2"), (14, "overdue 2"),
        (15, "overdue 3"), (365, "overdue 53"),
    ],
)  # fmt: skip
def test_what_is_due_is_soon_for_three_days_and_then_overdue_by_the_week(day, reminder):
    sent = package(unit("7.1", "Moss"), due=DUE)
    assert due_reminder(sent, DUE + timedelta(days=day)) == reminder


@given(st.sampled_from(PackageStatus), st.booleans(), st.booleans(), st.none() | st.dates(), st.dates())
def test_only_what_is_out_and_open_and_has_a_date_is_ever_due(status, done, locked, due, today):
    sent = package(unit("7.1", "Moss", done=done, locked=locked), due=due, status=status)
    is_work = status in OPEN - {PackageStatus.DRAFT} and not done and not locked and due is not None
    assert bool(due_reminder(sent, today)) == (is_work and (due - today).days <= 3)


# who is told


def test_each_recipient_is_told_once_soon_and_once_in_each_week_that_it_is_late(house, mail):
    packed(house)
    told = Counter(one for day in days(-10, 15) for _ in range(2) for one in reminded(house, day))
    said = ["soon", "overdue 1", "overdue 2", "overdue 3"]
    assert told == Counter((recipient, reminder) for recipient in (ANNA, MARC) for reminder in said)
    assert len({one.id for one in mail.sent}) == len(mail.sent) == 8


def test_a_reminder_is_a_letter_alone_and_says_whom_to_ask(house, mail):
    made, _, _ = packed(house)
    reminded(house, DUE)
    letter = house.service.exporter.reminder_letter(house.service.handoffs.named([made])[0], "Amina, room 4", DUE)
    for one in mail.sent:
        assert (one.subject, one.plain, one.html, one.language) == (
            letter.subject,
            letter.plain,
            letter.html,
            letter.language,
        )
        assert (one.name, one.content, one.beside) == ("", b"", ())
    assert "write to Amina, room 4." in letter.plain


def test_whoever_looks_late_is_told_only_what_is_so_now(house):
    packed(house)
    assert reminded(house, DUE + timedelta(days=9)) == [(ANNA, "overdue 2"), (MARC, "overdue 2")]


def test_a_new_due_date_counts_anew_and_a_new_version_of_the_same_date_is_no_second_letter_that_week(house):
    made, _, _ = packed(house)
    assert len(reminded(house, DUE)) == 2
    assert len(reminded(house, DUE + timedelta(days=1))) == 2
    house.service.handoffs.issue_again(made, profile="memoq")
    assert reminded(house, DUE + timedelta(days=2)) == []
    house.service.handoffs.issue_again(made, due=DUE + timedelta(days=30))
    assert reminded(house, DUE + timedelta(days=3)) == []
    assert {said for _, said in reminded(house, DUE + timedelta(days=28))} == {"soon"}
    assert {said for _, said in reminded(house, DUE + timedelta(days=31))} == {"overdue 1"}


def test_a_new_version_that_is_due_soon_is_said_to_be(house):
    made, _, _ = packed(house)
    assert len(reminded(house, DUE)) == 2
    house.service.handoffs.issue_again(made)
    assert reminded(house, DUE) == [(ANNA, "soon"), (MARC, "soon")]


def test_nobody_is_told_of_drafts_cancelled_or_finished_packages_or_those_without_a_date(house):
    verbs, late = house.service.handoffs, DUE + timedelta(days=20)
    made, _, _ = packed(house, draft=True)
    assert reminded(house, late) == []
    verbs.hand_off(made)
    verbs.cancel(made)
    assert reminded(house, late) == []
    made, name, content = packed(house, due=None)
    assert reminded(house, late) == []
    verbs.issue_again(made, due=DUE)
    house.service.take_in(name, answered(content, ALL))
    assert reminded(house, late) == []
    assert verbs.postings(house.name) == []


def test_what_came_back_in_part_is_reminded_of_with_what_is_open(house, mail):
    _, name, content = packed(house)
    house.service.take_in(name, answered(content, {"Close the gate": "Fermez le portail"}))
    reminded(house, DUE)
    assert "- Still open: 1\n" in mail.sent[0].plain


def test_without_mail_or_recipients_nothing_is_posted(house, tmp_path, mail):
    packed(house)
    house.service.clock.now += timedelta(days=60)
    bare = replace(house.service, channels=lambda _site: {})
    assert bare.handoffs.remind(house.name) == []
    other = house_of(tmp_path / "other", mail, recipients=("", "  "))
    packed(other)
    assert reminded(other, DUE) == []
    other.store.close()
    assert house.service.handoffs.postings(house.name) == []


def test_an_address_that_stands_twice_gets_one(tmp_path, mail):
    house = house_of(tmp_path, mail, recipients=(ANNA, f" {ANNA} "))
    packed(house)
    assert reminded(house, DUE) == [(ANNA, "soon")]
    house.store.close()


# what goes wrong


def test_what_is_no_longer_so_when_the_server_is_back_is_not_sent(house, mail):
    _, name, content = packed(house)
    mail.answers = [TryLater("Away.")] * 2
    assert reminded(house, DUE) == []
    assert reminded(house, DUE + timedelta(days=1)) == [(ANNA, "overdue 1"), (MARC, "overdue 1")]
    mail.answers = [TryLater("Away.")] * 2
    assert reminded(house, DUE + timedelta(days=8)) == []
    house.service.take_in(name, answered(content, ALL))
    house.service.clock.now += timedelta(days=1)
    assert [one.error for one in house.service.handoffs.send_due(house.name)] == [
        "What it was to say is no longer so; nothing needs to be done."
    ] * 2
    assert len(mail.sent) == 2
    assert WAITING not in {one.status for one in house.service.handoffs.postings(house.name)}


@pytest.mark.parametrize("verb", ["cancel", "issue_again"])
def test_what_waits_is_not_sent_once_it_is_cancelled_or_issued_again(house, mail, verb):
    made, _, _ = packed(house)
    mail.answers = [TryLater("Away.")] * 2
    reminded(house, DUE)
    getattr(house.service.handoffs, verb)(made)
    house.service.clock.now += timedelta(hours=1)
    assert house.service.handoffs.send_due(house.name) == []
    assert mail.sent == []


def test_what_is_refused_is_tried_again_the_next_day_and_nobody_else_hears_of_it(house, mail):
    packed(house)
    mail.answers = [Refused("There is no mailbox of that name.")]
    assert len(reminded(house, days(-3, 0)[0])) == 1
    assert len(reminded(house, days(-2, 0)[0])) == 1
    assert sorted(one.recipient for one in mail.sent) == [ANNA, MARC]


@pytest.mark.parametrize("ends", [InDoubt("The line broke at the end."), Crash()])
def test_a_reminder_that_may_have_gone_is_for_a_person_and_not_sent_again(house, mail, ends):
    """The letter left the house; then its answer was lost, or the process ended before it was noted."""
    packed(house)

    def broken():
        mail.before = lambda: None
        mail.sent.append(None)
        raise ends

    mail.before = broken
    with suppress(Crash):
        reminded(house, DUE)
    house.service.clock.now += timedelta(hours=1)
    reminded(house, DUE)
    found = Counter(one.status for one in house.service.handoffs.postings(house.name))
    assert found == {DeliveryStatus.IN_DOUBT: 1, SENT: 1}
    assert len(mail.sent) == 2


def test_the_job_may_be_done_twice_and_after_a_kill_between_its_steps(house, mail):
    packed(house)
    house.service.clock.now = datetime(2026, 2, 1, 8, tzinfo=BEGINNING.tzinfo)
    house.service.handoffs.remind(house.name)  # an attempt that ended before it sent anything
    first = house.service.jobs.ask(JobKind.REMIND, house.name, {}, by="Ana")
    second = house.service.jobs.ask(JobKind.REMIND, house.name, {}, by="Ana")
    Worker(house.service, "one", lease=timedelta(hours=1)).run(until_idle=True)
    done = [house.service.jobs.find(job.id) for job in (first, second)]
    assert [job.status for job in done] == [JobStatus.DONE, JobStatus.DONE]
    assert [len(job.result["deliveries"]) for job in done] == [2, 0]
    assert len(mail.sent) == 2


# the law

STEPS = st.lists(
    st.one_of(
        st.integers(0, 9).map(lambda number: ("wait", number)),
        st.sampled_from([("again", 0), ("due", 5), ("due", -5), ("part", 0), ("away", 0), ("refuse", 0)]),
    ),
    max_size=10,
)


@settings(max_examples=20)
@given(STEPS)
def test_over_any_days_each_recipient_gets_each_reminder_once(steps):
    """And what is sent was so on that day."""
    with TemporaryDirectory() as folder:
        mail = Scripted()
        house = house_of(Path(folder), mail)
        made, name, content = packed(house, due=date(2026, 1, 10))
        told, found = Counter(), house.service.handoffs.named([made])[0]
        for step, number in steps:
            now = house.service.clock.now
            with suppress(Conflict):
                if step == "wait":
                    house.service.clock.now = now + timedelta(days=number)
                elif step in ("again", "due"):
                    due = now.date() + timedelta(days=number) if step == "due" else None
                    house.service.handoffs.issue_again(made, due=due)
                elif step == "part":
                    house.service.take_in(name, answered(content, {"Close the gate": "Fermez le portail"}))
                else:
                    mail.answers = [TryLater("Away.") if step == "away" else Refused("No.")] * 2
            (found,) = house.service.handoffs.named([made])
            for _ in range(2):
                house.service.handoffs.remind(house.name)
                for one in house.service.handoffs.send_due(house.name):
                    if one.status is SENT:
                        assert one.reminder == due_reminder(found, one.at.date())
                        version = found.version if one.reminder == "soon" else 0
                        told[one.recipient, one.reminder, found.due, version] += 1
        assert set(told.values()) <= {1}
        assert len(mail.sent) == sum(told.values())
        now = due_reminder(found, house.service.clock.now.date())
        version = found.version if now == "soon" else 0
        left = {
            (one.recipient, one.reminder)
            for one in house.service.handoffs.postings(house.name)
            if one.status is not SENT
        }
        for who in (ANNA, MARC) if now else ():
            assert (who, now, found.due, version) in told or (who, now) in left
        house.store.close()
