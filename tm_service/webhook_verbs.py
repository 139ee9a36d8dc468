"""Webhook verbs: what git hosts tell us, and what we tell others, between the doors and the store."""

import logging
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes, token_hex
from uuid import uuid4

from tm_service.domain.audit import Caller, CallerKind, Door, acting
from tm_service.domain.errors import ConfigurationError, NotFound, ServiceError
from tm_service.domain.jobs import Arguments, Job, JobKind, JobStatus
from tm_service.domain.ports import Clock, HookSecrets, Post, Seals, Store, Transaction
from tm_service.domain.pushes import Delivered, order
from tm_service.domain.seen import Seen, anyway
from tm_service.domain.signatures import written
from tm_service.domain.site import Site
from tm_service.domain.webhooks import (
    KEPT,
    Answered,
    Event,
    Message,
    MessageStatus,
    Subscription,
    after,
    asked_again,
    headers,
    message,
    once,
    renewed,
    sealed_secrets,
    switched,
)

LEASE = timedelta(minutes=1)  # of an attempt, which takes a quarter of it at most
_BYTES = 32  # of a secret
_LONGEST_KEY = 200  # characters of a job's key
_LONGEST_NUMBER = 100  # characters of a delivery's number that the journal has

_log = logging.getLogger("tm_service.webhooks")


@dataclass(frozen=True)
class Outside:
    """What webhooks need of the outside."""

    secrets: HookSecrets
    seals: Seals
    post: Post


def no_outside() -> Outside:
    raise ConfigurationError("This house has no webhooks.")


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a delivery: the jobs that it asks for, and whether they are `new`; in words why there are none."""

    jobs: Sequence[Job]
    new: bool
    said: str


@dataclass(frozen=True)
class WebhookVerbs:
    """What a door may ask of webhooks; one method a verb."""

    site: Callable[[str], Site]
    store: Store
    clock: Clock
    hint: Callable[[Job], None]
    outside: Callable[[], Outside]

    # in

    def receive(self, name: str, delivered: Delivered, *, address: str = "") -> Received | None:
        """Ask for the jobs that a push or a tag is to bring; None for a delivery that is not signed for this site.

        The same delivery asks for the same jobs, under whatever number it comes.
        """
        site = self._signed(name, delivered)
        if site is None:
            return None
        who = f"hook@{delivered.host}"
        number = delivered.number[:_LONGEST_NUMBER]
        with acting(Caller(who, CallerKind.CLIENT, Door.WEB, address, number)), self.store.begin() as tx:
            last = tx.latest(site.name)
            wanted = order(site, delivered, last.commit if last else "")
            asked = [self._job(site, kind, told, who, delivered) for kind, told in wanted.jobs]
            jobs = [tx.ask_job(job) for job in asked]
            new = [job for job in jobs if job in asked]
            if new:
                tx.note(site.name, "hook", {"delivery": number, "jobs": [job.id for job in new]}, self.clock())
        for job in jobs:
            if job.status is JobStatus.WAITING:
                self.hint(job)
        return Received(jobs, bool(new), wanted.said)

    def _signed(self, name: str, delivered: Delivered) -> Site | None:
        try:
            site = self.site(name)
            secrets = self.outside().secrets.valid(site, self.clock())
        except NotFound:
            return None
        except ConfigurationError as error:  # who is nobody yet is not told
            _log.error("A hook of %r cannot be heard: %s", name, error)
            return None
        return site if delivered.is_signed(secrets, self.clock()) else None

    def _job(self, site: Site, kind: JobKind, told: Arguments, by: str, delivered: Delivered) -> Job:
        key = f"hook:{delivered.mark}:{kind}:{site.name}"[:_LONGEST_KEY]
        now = self.clock()
        return Job(uuid4().hex, kind, site.name, told, key, by, now, now)

    def renew_hook(self, name: str, overlap: timedelta) -> str:
        """Make the secret that a site's git host signs with; those before it count a while longer. Told this once."""
        site, now = self.site(name), self.clock()
        secret = self.outside().secrets.renew(site, now, overlap)
        with self.store.begin() as tx:
            tx.note(name, "hook secret", {"overlap": int(overlap.total_seconds())}, now)
        return secret

    # out

    def subscribe(self, url: str, *, site: str = "", events: Collection[Event] = ()) -> tuple[Subscription, str]:
        """Tell an address of these events (none: all) of a site (none: all), and its secret, which is told this once.

        Raises NotFound, ConfigurationError for an address that nothing is sent to.
        """
        if site:
            self.site(site)
        outside = self.outside()
        outside.post.refuse(url)
        number, secret = token_hex(6), written(token_bytes(_BYTES))
        chosen = tuple(event for event in Event if event in events)
        made = Subscription(number, site, url, chosen, outside.seals.sealed(number, secret), self.clock())
        with self.store.begin() as tx:
            tx.save_subscription(made)
            self._note(tx, made, "subscribe", events=list(made.events))
        return made, secret

    def find(self, number: str) -> Subscription:
        """Raises NotFound."""
        with self.store.read() as tx:
            return tx.subscription(number)

    def subscriptions(self, site: str = "") -> Sequence[Subscription]:
        """Those that a site's events are told to, or all; oldest first."""
        with self.store.read() as tx:
            return tx.subscriptions(site)

    def unsubscribe(self, number: str, *, seen: Seen[Subscription] = anyway) -> Subscription:
        """End a subscription, with all that was still to be told. Raises NotFound, and what `seen` raises."""
        with self.store.begin() as tx:
            known = tx.subscription(number)
            seen(known)
            tx.remove_subscription(number)
            self._note(tx, known, "unsubscribe")
        return known

    def switch(self, number: str, *, on: bool, why: str = "", seen: Seen[Subscription] = anyway) -> Subscription:
        """Begin or stop to tell a subscription; what waits when it stops is given up. Raises NotFound, what `seen` raises."""
        with self.store.begin() as tx:
            known = tx.subscription(number)
            seen(known)
            made = switched(known, is_on=on, why=why)
            tx.save_subscription(made)
            self._tell_switched(tx, made)
        return made

    def renew(self, number: str, overlap: timedelta) -> str:
        """Give a subscription a new secret, told this once; the one before signs too for a while. Raises NotFound."""
        secret, now = written(token_bytes(_BYTES)), self.clock()
        with self.store.begin() as tx:
            made = renewed(tx.subscription(number), self.outside().seals.sealed(number, secret), now + overlap)
            tx.save_subscription(made)
            self._note(tx, made, "subscription secret", overlap=int(overlap.total_seconds()))
        return secret

    def messages(
        self, subscription: str = "", *, statuses: Collection[MessageStatus] = (), before: str = "", most: int = 50
    ) -> Sequence[Message]:
        """What was told and what is still to be, the newest first; the page after a message where one is named by its id.

        Raises NotFound where there is no such subscription or message.
        """
        with self.store.read() as tx:
            if subscription:
                tx.subscription(subscription)
            return tx.messages(subscription, statuses=statuses, before=before, most=most)

    def retry(self, numbers: Collection[str], *, subscription: str = "") -> Sequence[Message]:
        """Give messages that failed all their tries again, all of one subscription where it is named.

        Raises NotFound, Conflict; then none of them.
        """
        now = self.clock()
        with self.store.begin() as tx:
            known = [tx.message(number) for number in numbers]
            for one in known:
                if subscription not in ("", one.subscription):
                    raise NotFound(f"Subscription {subscription} has no message {one.id}.")
            made = [asked_again(one, now) for one in known]
            for one in made:
                tx.save_message(one, one.attempt)
                self._note(tx, tx.subscription(one.subscription), "retry message", message=one.id)
        return made

    def forget(self) -> int:
        """Forget messages that are over and were due more than a month ago. Returns how many."""
        with self.store.begin() as tx:
            return tx.forget_messages(self.clock() - KEPT)

    def test(self, number: str) -> Message:
        """Tell a subscription of a test at once, once, whether it is on or off; the message as it then stands."""
        now = self.clock()
        with self.store.begin() as tx:
            known = tx.subscription(number)
            made = once(message(uuid4().hex, number, Event.TEST, known.site, {"subscription": number}, now))
            tx.add_message(made)
            self._note(tx, known, "test subscription")
            taken = tx.take_message(now, self.clock() + LEASE, made.id)
        return self._sent(*taken) if taken else made

    def send_next(self) -> Message | None:
        """Send one message that is due, and keep what came of it; None where none is due. Raises ServiceError of the store."""
        now = self.clock()
        with self.store.read() as tx:
            if not tx.is_message_due(now):
                return None
        with self.store.begin() as tx:
            taken = tx.take_message(now, self.clock() + LEASE)
        return self._sent(*taken) if taken else None

    def _sent(self, sent: Message, subscription: Subscription) -> Message:
        """A message after an attempt; as it was where it is another's by now, or nobody's."""
        answer = self._answered(sent, subscription)
        with self.store.begin() as tx:
            try:
                known = tx.subscription(subscription.id)
            except NotFound:
                return sent
            now = self.clock()
            made, left = after(sent, known, answer, now, chance=random.random())  # noqa: S311 - spreads load, keeps no secret
            if not tx.save_message(made, sent.attempt):
                return sent
            if left != known:
                tx.save_subscription(left)
            if left.is_on != known.is_on:
                _log.warning("Subscription %s is off. %s", left.id, left.why)
                self._tell_switched(tx, left)
        return made

    def _answered(self, sent: Message, subscription: Subscription) -> Answered:
        now = self.clock()
        try:
            outside = self.outside()
            secrets = [outside.seals.opened(subscription.id, one) for one in sealed_secrets(subscription, now)]
            return outside.post.send(subscription.url, headers(sent, secrets, now), sent.body.encode("ascii"))
        except ServiceError as error:
            return Answered(0, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours in one message keeps no job waiting
            _log.exception("message %s", sent.id)
            return Answered(0, f"The program failed ({type(error).__name__}); its log says where.")

    def _tell_switched(self, tx: Transaction, made: Subscription) -> None:
        now = self.clock()
        if not made.is_on:
            tx.give_up_messages(made.id, now, "The subscription is off; switch it on, and ask for this again.")
        self._note(tx, made, "subscription on" if made.is_on else "subscription off")

    def _note(self, tx: Transaction, of: Subscription, verb: str, **said: object) -> None:
        """Addresses are not told to the journal: some are secrets themselves."""
        details: Mapping[str, object] = {"subscription": of.id, **said}
        tx.note(of.site, verb, details, self.clock())
