"""Waiting verbs: what waits for a person, told on a page and in letters, between the doors and all that is asked for it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from tm_service.desk_verbs import DeskVerbs
from tm_service.domain.clients import ClientState
from tm_service.domain.deliveries import Delivery
from tm_service.domain.errors import ConfigurationError, ServiceError
from tm_service.domain.jobs import JobStatus
from tm_service.domain.people import Person
from tm_service.domain.permissions import Action, Grant, allowed
from tm_service.domain.ports import Channel, Clock, Exporter, PeopleRoom
from tm_service.domain.site import Site
from tm_service.domain.waiting import Waiting, WaitingKind, in_order
from tm_service.job_verbs import JobVerbs
from tm_service.register_verbs import RegisterVerbs

_MOST = 100  # failed jobs that are counted


@dataclass(frozen=True)
class WaitingVerbs:
    """What a door may ask of what waits; one method a verb. `mail` is the way of letters out, None where none is set up."""

    sites: Callable[[], Mapping[str, Site]]
    people: Callable[[], PeopleRoom]
    desk: DeskVerbs
    register: RegisterVerbs
    jobs: JobVerbs
    exporter: Exporter
    mail: Callable[[], Channel | None]
    clock: Clock

    def of(self, person: Person) -> list[Waiting]:
        """All that waits for a person, the most pressing first; nothing that they may not see."""
        found = [*self._packages(person.grants)]
        for site in self.sites():
            found += self._of_site(person.grants, site)
        found += self._clients(person)
        return in_order(found)

    def _packages(self, grants: Collection[Grant]) -> Iterator[Waiting]:
        today = self.clock().date()
        for one in self.desk.queue(self.sites()):
            head = one.package
            if one.open and allowed(grants, Action.TRANSLATE, head.site, head.locale):
                is_late = head.due is not None and head.due < today
                kind = WaitingKind.OVERDUE if is_late else WaitingKind.PACKAGE
                yield Waiting(kind, one.open, head.site, head.locale, head.id, head.due)

    def _of_site(self, grants: Collection[Grant], site: str) -> Iterator[Waiting]:
        if allowed(grants, Action.WAIVE, site):
            alarms = self.register.alarms(site, self.register.packages(site))
            if count := sum(one.acknowledged is None for one in alarms):
                yield Waiting(WaitingKind.ALARM, count, site)
        failed = self.jobs.listed(site, statuses=[JobStatus.FAILED], most=_MOST)
        if failed and allowed(grants, Action.JOBS_RETRY, site):
            yield Waiting(WaitingKind.FAILED, len(failed), site)

    def _clients(self, person: Person) -> Iterator[Waiting]:
        """Nobody approves their own."""
        if allowed(person.grants, Action.CLIENTS_APPROVE):
            there = self.people().clients()
            asked = [one for one in there if one.state is ClientState.REQUESTED and one.requested_by != person.id]
            if asked:
                yield Waiting(WaitingKind.CLIENT, len(asked))

    def send_digests(self) -> Mapping[str, int]:
        """Write to everybody who wants to know and for whom something waits: how many letters went out, how many did not.

        Each person is written to at most once a day, however often this is asked; a letter that does not go out is not
        tried again, for tomorrow's says the same. Raises ConfigurationError where letters are due and no mail is set up.
        """
        room, now, told = self.people(), self.clock(), {"sent": 0, "failed": 0}
        for person in room.people():
            if not person.is_active(now) or not room.digest(person.id).is_due(now.date(), room.digest_told(person.id)):
                continue
            waiting = self.of(person)
            channel = self.mail() if waiting else None
            if waiting and channel is None:
                raise ConfigurationError("Digests are due and no mail is set up; set TM_SERVICE_MAIL.")
            if channel is not None and room.begin_digest(person.id, now.date()):
                told["sent" if self._sent(channel, person, waiting) else "failed"] += 1
        return told

    def _sent(self, channel: Channel, person: Person, waiting: Collection[Waiting]) -> bool:
        letter = self.exporter.digest_letter(waiting, person.language)
        name = f"digest-{person.id}-{self.clock():%Y-%m-%d}"
        try:
            channel.send(
                Delivery(
                    name, person.email, letter.subject, letter.plain, letter.html, "", b"", language=letter.language
                )
            )
        except ServiceError:
            return False
        return True
