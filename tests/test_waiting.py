"""What waits: each person is told of what they may do something about, and by a letter once a day at most."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.people.samples import person
from tests.web.desks.staff import staff_of
from tests.web.house import NOW, build_house
from tm_service.domain.deliveries import Delivery
from tm_service.domain.errors import ConfigurationError, ConnectorError, TryLater
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import Action, Grant, Role
from tm_service.domain.waiting import Digest, Waiting, WaitingKind, in_order
from tm_service.waiting_verbs import WaitingVerbs
from tm_service.worker.runner import Worker

FRENCH = Grant(Role.TRANSLATOR, "demo", "fr")


class Post:
    """Keeps what is sent, or refuses everything."""

    def __init__(self, *, refuses=False) -> None:
        self.sent, self.refuses = [], refuses

    def send(self, delivery: Delivery):
        if self.refuses:
            raise TryLater("The post is closed.")
        self.sent.append(delivery)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build_house(tmp_path_factory.mktemp("house"))


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def house(built, clock):
    made = staff_of(built, lambda: clock[0]).service
    for found in made.people().people():
        made.people().set_digest(found.id, Digest.NEVER)
    return made


def someone(house, name, *grants: Grant):
    room = house.people()
    return room.find(f"{name.lower()}@house.example") or person(room, name, *grants)


def kinds(found):
    return [one.kind for one in found]


def test_a_translator_is_told_of_packages_of_their_language_and_when_they_are_late(house, clock):
    claire = someone(house, "Claire", FRENCH)
    (waiting,) = house.waiting.of(claire)
    assert (waiting.kind, waiting.locale, waiting.due) == (WaitingKind.PACKAGE, "fr", date(2026, 12, 1))
    assert waiting.count > 0
    clock[0] = datetime(2026, 12, 2, tzinfo=UTC)
    assert kinds(house.waiting.of(claire)) == [WaitingKind.OVERDUE]


def test_who_approves_is_told_of_programs_of_others(house):
    olga = someone(house, "Olga", Grant(Role.SECRETARIAT))
    dora = someone(house, "Dora", Grant(Role.DEVELOPER))
    room, before = house.people(), kinds(house.waiting.of(olga)).count(WaitingKind.CLIENT)
    assert before == 0
    room.request_client("one", "x@house.example", "Reads.", [Action.SITES_READ], by=olga.id, pinned=())
    assert WaitingKind.CLIENT not in kinds(house.waiting.of(olga))
    room.request_client("two", "x@house.example", "Reads.", [Action.SITES_READ], by=dora.id, pinned=())
    assert house.waiting.of(olga)[-1] == Waiting(WaitingKind.CLIENT, 1)
    assert WaitingKind.CLIENT not in kinds(house.waiting.of(dora))


def test_a_refused_deployment_waits_for_who_deploys_or_waives_until_one_is_made(house):
    dora, claire = someone(house, "Dora", Grant(Role.DEVELOPER)), someone(house, "Claire", FRENCH)
    assert WaitingKind.GATE not in kinds(house.waiting.of(dora))
    with house.store.begin() as tx:
        tx.note("demo", "gate closed", {"ref": "2026.4", "with": []}, NOW)
    assert Waiting(WaitingKind.GATE, 1, "demo") in house.waiting.of(dora)
    assert WaitingKind.GATE not in kinds(house.waiting.of(claire))
    house.rollback("demo", 4)
    assert WaitingKind.GATE not in kinds(house.waiting.of(dora))


def test_alarms_wait_for_everybody_who_may_acknowledge_them(house):
    """A rollback took a language back; the developer who made it is told as well as the Secretariat."""
    for name, role in (("Dora", Role.DEVELOPER), ("Olga", Role.SECRETARIAT), ("Ada", Role.ADMINISTRATOR)):
        assert WaitingKind.ALARM in kinds(house.waiting.of(someone(house, name, Grant(role)))), role
    assert WaitingKind.ALARM not in kinds(house.waiting.of(someone(house, "Claire", FRENCH)))


def test_a_job_that_failed_waits_for_two_weeks(house, clock):
    dora = someone(house, "Dora", Grant(Role.DEVELOPER))
    house.jobs.ask(JobKind.CHECK, "demo", {"ref": "no-such-release"}, by="dora@house.example")
    Worker(house, "one").run(until_idle=True)
    assert Waiting(WaitingKind.FAILED, 1, "demo") in house.waiting.of(dora)
    clock[0] += timedelta(days=15)
    assert WaitingKind.FAILED not in kinds(house.waiting.of(dora))


def test_a_job_of_the_house_that_failed_waits_for_who_runs_it(house):
    ines, dora = someone(house, "Ines", Grant(Role.ADMINISTRATOR)), someone(house, "Dora", Grant(Role.DEVELOPER))
    house.jobs.ask(JobKind.BACKUP, "", {}, by="the schedule")
    Worker(house, "one").run(until_idle=True)
    (failed,) = house.jobs.failed("")
    assert failed.error
    assert Waiting(WaitingKind.FAILED, 1) in house.waiting.of(ines)
    assert Waiting(WaitingKind.FAILED, 1) not in house.waiting.of(dora)


def test_what_presses_most_comes_first():
    late, soon, later = (
        Waiting(WaitingKind.OVERDUE, 1, due=date(2026, 11, 1)),
        Waiting(WaitingKind.PACKAGE, 1, due=date(2026, 12, 1)),
        Waiting(WaitingKind.PACKAGE, 1, due=None),
    )
    client = Waiting(WaitingKind.CLIENT, 3)
    assert in_order([client, later, soon, late]) == [late, soon, later, client]


@pytest.mark.parametrize(
    ("digest", "day", "told", "due"),
    [
        (Digest.NEVER, date(2026, 11, 23), None, False),
        (Digest.DAILY, date(2026, 11, 24), None, True),
        (Digest.DAILY, date(2026, 11, 24), date(2026, 11, 24), False),
        (Digest.DAILY, date(2026, 11, 24), date(2026, 11, 23), True),
        (Digest.WEEKLY, date(2026, 11, 23), date(2026, 11, 16), True),
        (Digest.WEEKLY, date(2026, 11, 24), None, False),
    ],
)
def test_a_digest_is_due_daily_or_on_mondays(digest, day, told, due):
    assert digest.is_due(day, told) is due


def test_a_digest_goes_once_to_who_wants_it_in_their_language(house, clock):
    claire, post = someone(house, "Claire", FRENCH), Post()
    house.people().describe(claire.id, name="Claire", language="fr")
    house.people().set_digest(claire.id, Digest.DAILY)
    clock[0] += timedelta(days=1)
    verbs = replace(house.waiting, mail=lambda: post)
    assert (verbs.send_digests(), verbs.send_digests()) == ({"sent": 1, "failed": 0}, {"sent": 0, "failed": 0})
    (letter,) = post.sent
    assert (letter.recipient, letter.subject, letter.language) == ("claire@house.example", "Ce qui vous attend", "fr")
    assert "demo-" in letter.plain


def test_a_letter_that_does_not_go_out_holds_nobody_up(house, clock):
    claire = someone(house, "Claire", FRENCH)
    house.people().set_digest(claire.id, Digest.DAILY)
    clock[0] += timedelta(days=2)
    verbs = replace(house.waiting, mail=lambda: Post(refuses=True))
    assert verbs.send_digests() == {"sent": 0, "failed": 1}


def test_without_mail_it_is_said_once_letters_are_due(house, clock):
    claire = someone(house, "Claire", FRENCH)
    clock[0] += timedelta(days=3)
    verbs = replace(house.waiting, mail=lambda: None)
    assert verbs.send_digests() == {"sent": 0, "failed": 0}
    house.people().set_digest(claire.id, Digest.DAILY)
    with pytest.raises(ConfigurationError, match="set TM_SERVICE_MAIL"):
        verbs.send_digests()


def test_what_cannot_be_told_of_one_person_keeps_nobody_else_from_their_letter(house, clock, monkeypatch):
    """And the alarms of a site are worked out once for all of them."""
    staff = [someone(house, name, Grant(Role.SECRETARIAT)) for name in ("Ana", "Bea", "Zoe")]
    for one in staff:
        house.people().set_digest(one.id, Digest.DAILY)
    clock[0] += timedelta(days=4)
    of, post, asked = WaitingVerbs.of, Post(), []

    def of_all_but_ana(self, person):
        self.alarms("demo")
        if person.id == staff[0].id:
            raise ConnectorError("The records are away.")
        return [Waiting(WaitingKind.ALARM, 1, "demo"), *of(self, person)]

    monkeypatch.setattr(WaitingVerbs, "of", of_all_but_ana)
    verbs = replace(house.waiting, mail=lambda: post, alarms=lambda site: asked.append(site) or [])
    assert verbs.send_digests() == {"sent": 2, "failed": 1}
    assert [one.recipient for one in post.sent] == ["bea@house.example", "zoe@house.example"]
    assert len(asked) == len(set(asked))
