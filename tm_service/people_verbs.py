"""People verbs: signing in by who vouches for people, and telling clients of what changes, between doors and people room."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import parseaddr

from tm_service.domain.clients import Client, ClientState
from tm_service.domain.deliveries import Delivery, DeliveryStatus, next_try
from tm_service.domain.errors import ConfigurationError, InDoubt, ServiceError, TryLater
from tm_service.domain.functions import ClientWarning, Deprecated, changing
from tm_service.domain.openid import Begun, Identity, Pending, Provider
from tm_service.domain.people import Opened
from tm_service.domain.ports import Channel, Clock, Exporter, OpenIdSignIn, PeopleRoom

_ENGLISH = "en"
_A_DAY = timedelta(hours=20)  # of who tries daily, at about the same hour


@dataclass(frozen=True)
class PeopleVerbs:
    """What a door may ask that takes more than the people room; one method a verb.

    `mail` is the way of letters out of the house, None where none is set up.
    """

    room: Callable[[], PeopleRoom]
    openid: Callable[[], OpenIdSignIn]
    exporter: Exporter
    mail: Callable[[], Channel | None]
    functions: Collection[Deprecated]
    clock: Clock

    def providers(self) -> Sequence[Provider]:
        """Who people may sign in by, beside a password."""
        return self.openid().providers()

    def begin(self, provider: str) -> Begun:
        """Raises NotFound, ConnectorError."""
        return self.openid().begin(provider)

    def finish(self, provider: str, pending: Pending, answer: Mapping[str, str], *, previous: str = "") -> Opened:
        """A session for who came back. Raises SignInRefused, NotFound, ConnectorError, Conflict as `admit_identity`."""
        found: Identity = self.openid().finish(provider, pending, answer)
        return self.room().admit_identity(found, previous=previous)

    def leave(self, provider: str) -> str:
        """Where a browser goes to sign out at the provider, "" for nowhere. Raises NotFound, ConnectorError."""
        return self.openid().leave(provider)

    def warn_clients(self) -> Sequence[ClientWarning]:
        """Tell the contacts of clients what changes of that which they rely on; each change once, however often this is asked.

        Gives what was tried now. Raises ConfigurationError where something is to be told and no mail is set up.
        """
        room, today = self.room(), self.clock().date()
        due = [
            (client, function)
            for client in room.clients()
            if client.state is ClientState.APPROVED
            for function in changing(self.functions, client.pinned, today)
        ]
        channel = self.mail() if due else None
        if due and channel is None:
            raise ConfigurationError("Clients are to be told of changes and no mail is set up; set TM_SERVICE_MAIL.")
        tried = [self._warned(room, channel, client, function) for client, function in due if channel is not None]
        return [one for one in tried if one is not None]

    def _warned(self, room: PeopleRoom, channel: Channel, client: Client, function: Deprecated) -> ClientWarning | None:
        mine = room.begin_warning(client.id, function)
        if mine is None:
            return None
        after = self._attempted(mine, channel, self._delivery(room, mine, client, function))
        room.end_warning(after)
        return after

    def _delivery(self, room: PeopleRoom, mine: ClientWarning, client: Client, function: Deprecated) -> Delivery:
        """The letter, in the contact's language where the contact is a person of the house."""
        contact = parseaddr(client.contact)[1] or client.contact
        known = room.find(contact)
        letter = self.exporter.function_letter(client.name, function, known.language if known else _ENGLISH)
        return Delivery(mine.id, contact, letter.subject, letter.plain, letter.html, "", b"", language=letter.language)

    def _attempted(self, mine: ClientWarning, channel: Channel, delivery: Delivery) -> ClientWarning:
        try:
            channel.send(delivery)
        except TryLater as error:
            again = next_try(mine.attempts, self.clock())
            status = DeliveryStatus.WAITING if again else DeliveryStatus.REFUSED
            return replace(mine, status=status, at=self.clock(), next_at=again, error=str(error))
        except InDoubt as error:
            return replace(mine, status=DeliveryStatus.IN_DOUBT, at=self.clock(), error=str(error))
        except ServiceError as error:
            now = self.clock()
            return replace(mine, status=DeliveryStatus.REFUSED, at=now, next_at=now + _A_DAY, error=str(error))
        return replace(mine, status=DeliveryStatus.SENT, at=self.clock())


def no_people_verbs() -> PeopleVerbs:
    raise ConfigurationError("This house lets nobody in from elsewhere.")
