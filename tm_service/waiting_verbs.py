"""Waiting verbs: what waits for a person, told on a page and in letters, between the doors and all that is asked for it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tm_service.actors import actor_of
from tm_service.desk_verbs import DeskVerbs
from tm_service.domain.catalogue import DocumentEntry, Move, Shown, Wanted
from tm_service.domain.clients import ClientState
from tm_service.domain.deliveries import Delivery
from tm_service.domain.drafts import Stage
from tm_service.domain.errors import ConfigurationError, ServiceError
from tm_service.domain.people import Person
from tm_service.domain.permissions import Action, Grant, allowed
from tm_service.domain.ports import Channel, Clock, Exporter, PeopleRoom, RecordRoom, Store
from tm_service.domain.records import ARTICLE, Actor
from tm_service.domain.register import AlarmKind
from tm_service.domain.site import Site
from tm_service.domain.waiting import ARTICLES, RECORDS, Waiting, WaitingKind, in_order
from tm_service.job_verbs import JobVerbs
from tm_service.usecases.register.alarms import Alarm

_MOST = 100  # drafts and clashes that are counted
_ASKED = 25  # documents that ask for publication: each is looked at
_GATES = ("deploy", "rollback", "gate closed")  # the newest of these says how the last deployment went
_ANSWERS = frozenset({Move.APPROVE, Move.PUBLISH})


@dataclass(frozen=True)
class WaitingVerbs:
    """What a door may ask of what waits; one method a verb. `mail` is the way of letters out, None where none is set up.

    `alarms` gives a site's, which a door may have counted before.
    """

    sites: Callable[[], Mapping[str, Site]]
    store: Store
    people: Callable[[], PeopleRoom]
    records: Callable[[], RecordRoom]
    desk: DeskVerbs
    alarms: Callable[[str], Sequence[Alarm]]
    jobs: JobVerbs
    exporter: Exporter
    mail: Callable[[], Channel | None]
    clock: Clock

    def of(self, person: Person) -> list[Waiting]:
        """All that waits for a person, the most pressing first; nothing that they may not do anything about."""
        found = [*self._packages(person.grants)]
        for site in self.sites():
            found += self._of_site(person.grants, site)
        found += self._documents(person)
        found += self._clients(person)
        if allowed(person.grants, Action.SETTINGS_EDIT):
            found += self._failed("")
        return in_order(found)

    def _packages(self, grants: Collection[Grant]) -> Iterator[Waiting]:
        sites = self.sites().values()
        mine = [
            site.name
            for site in sites
            if any(allowed(grants, Action.TRANSLATE, site.name, code) for code in site.locales)
        ]
        today = self.clock().date()
        for one in self.desk.queue(mine) if mine else ():
            head = one.package
            if one.open and allowed(grants, Action.TRANSLATE, head.site, head.locale):
                is_late = head.due is not None and head.due < today
                kind = WaitingKind.OVERDUE if is_late else WaitingKind.PACKAGE
                yield Waiting(kind, one.open, head.site, head.locale, head.id, head.due)

    def _of_site(self, grants: Collection[Grant], site: str) -> Iterator[Waiting]:
        if allowed(grants, Action.DEPLOY, site) or allowed(grants, Action.WAIVE, site):
            with self.store.read() as tx:
                last = tx.noted(site, _GATES, 1)
            if last and last[0].entry.verb == "gate closed":
                yield Waiting(WaitingKind.GATE, 1, site)
        if allowed(grants, Action.ACKNOWLEDGE, site):
            raised = [one for one in self.alarms(site) if one.acknowledged is None]
            # A package that is late waits for its translator, who is told above.
            if allowed(grants, Action.TRANSLATE, site):
                raised = [one for one in raised if one.kind is not AlarmKind.OVERDUE]
            if raised:
                yield Waiting(WaitingKind.ALARM, len(raised), site)
        if allowed(grants, Action.JOBS_RETRY, site):
            yield from self._failed(site)

    def _failed(self, site: str) -> Iterator[Waiting]:
        if count := len(self.jobs.failed(site)):
            yield Waiting(WaitingKind.FAILED, count, site)

    def _documents(self, person: Person) -> Iterator[Waiting]:
        """Drafts of one's own, and what others ask one to publish, articles and records apart."""
        sites = self.sites().values()
        places = [site.name for site in sites if site.is_record_store]
        if not places:
            return
        by, articles = actor_of(person, sites), frozenset({ARTICLE})
        for name, action in ((ARTICLES, Action.ARTICLES_EDIT), (RECORDS, Action.RECORDS_EDIT)):
            if any(allowed(person.grants, action, place) for place in places):
                kinds = articles if name == ARTICLES else frozenset(self.records().schemas()) - articles
                yield from self._listed(by, name, kinds)

    def _listed(self, by: Actor, name: str, kinds: frozenset[str]) -> Iterator[Waiting]:
        mine = self._entries(by, kinds, Shown.MINE, _MOST)
        drafts = [one for one in mine if one.draft and one.draft.stage is Stage.DRAFT]
        clashes = [one for one in drafts if one.draft and one.draft.clashes]
        asked = [
            one
            for one in self._entries(by, kinds, Shown.REQUESTED, _ASKED)
            if self.records().moves(one.ref, by=by) & _ANSWERS
        ]
        counted = {
            WaitingKind.REQUEST: len(asked),
            WaitingKind.CLASH: len(clashes),
            WaitingKind.DRAFT: len(drafts) - len(clashes),
        }
        for kind, count in counted.items():
            if count:
                yield Waiting(kind, count, name=name)

    def _entries(self, by: Actor, kinds: frozenset[str], shown: Shown, most: int) -> Sequence[DocumentEntry]:
        government, whole = by.government.strip().lower(), "administrator" in by.roles
        wanted = Wanted(kinds=kinds, by=by.name, government=government, whole=whole, shown=shown, most=most)
        return self.records().catalogue(wanted).entries

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
        tried again, for tomorrow's says the same, and keeps nobody else from theirs. Raises ConfigurationError
        where letters are due and no mail is set up.
        """
        once = replace(self, alarms=cache(self.alarms))
        room, now, told = self.people(), self.clock(), {"sent": 0, "failed": 0}
        for person in room.people():
            if not person.is_active(now) or not room.digest(person.id).is_due(now.date(), room.digest_told(person.id)):
                continue
            try:
                waiting = once.of(person)
            except ServiceError:
                told["failed"] += 1
                continue
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
