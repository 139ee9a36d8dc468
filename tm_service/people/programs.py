"""Programs: clients are requested by one person, approved by another, and counted in what they use."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date
from uuid import uuid4

from tm_service.domain.clients import Client, ClientState, Usage, Use
from tm_service.domain.errors import Conflict, NotAllowed, NotFound, Refused
from tm_service.domain.permissions import OF_PEOPLE, Action, another
from tm_service.domain.seen import Seen, anyway
from tm_service.people.base import Base, Work, said

_LONGEST, _LONGEST_PURPOSE, _LONGEST_FUNCTION = 200, 4000, 128
_MOST = 1_000_000_000  # calls that are counted at once


class Programs(Base):
    def request_client(
        self,
        name: str,
        contact: str,
        purpose: str,
        scopes: Collection[Action],
        *,
        by: str,
        pinned: Collection[str] = (),
    ) -> Client:
        called, contact = said("name of the client", name, _LONGEST), said("contact", contact, _LONGEST)
        purpose = said("purpose", purpose, _LONGEST_PURPOSE, lines=True)
        asked, functions = _scopes(scopes), _functions(pinned)
        with self.writing() as work:
            work.active(by)
            taken = {one.name.casefold() for one in work.clients() if one.state is not ClientState.REJECTED}
            if called.casefold() in taken:
                raise Conflict(f"There is a client {called} already; choose another name.")
            client = Client(
                uuid4().hex, called, contact, purpose, asked, functions, ClientState.REQUESTED, by, work.now
            )
            work.add_client(client)
            work.note("request client", by=by, client=client.id, scopes=sorted(asked), pinned=sorted(functions))
            return work.client(client.id)

    def approve_client(self, client: str, *, by: str, why: str = "") -> Client:
        with self.writing() as work:
            found = work.client(client)
            if not another(found.requested_by, by):
                raise NotAllowed(f"Who requested {found.name} does not approve it; another person has to.")
            return _decided(work, found, ClientState.APPROVED, by, why)

    def reject_client(self, client: str, *, by: str, why: str) -> Client:
        said("reason of the rejection", why, _LONGEST_PURPOSE, lines=True)
        with self.writing() as work:
            return _decided(work, work.client(client), ClientState.REJECTED, by, why)

    def revoke_client(self, client: str, *, by: str, why: str = "") -> Client:
        with self.writing() as work:
            found = work.client(client)
            revoked = _decided(work, found, ClientState.REVOKED, by, why)
            work.revoke_tokens(client)
            return revoked

    def pin(self, client: str, functions: Collection[str], *, seen: Seen[Client] = anyway) -> Client:
        names = _functions(functions)
        with self.writing() as work:
            seen(work.client(client))
            work.note("pin", client=client, functions=sorted(names))
            return work.change_client(client, pinned=names)

    def client(self, client: str) -> Client:
        with self.reading() as work:
            return work.client(client)

    def clients(self) -> Sequence[Client]:
        with self.reading() as work:
            return work.clients()

    def count(self, uses: Iterable[Use]) -> None:
        calls: Counter[tuple[str, str, date]] = Counter()
        for use in uses:
            if not 0 < use.times <= _MOST:
                raise Refused(f"A call cannot be counted {use.times} times.")
            if use.at.tzinfo is None:
                raise Refused("The moment of a call has no zone.")
            function = said("function", use.function, _LONGEST_FUNCTION)
            calls[use.client, function, use.at.astimezone(UTC).date()] += use.times
        if not calls:
            return
        with self.writing() as work:
            if unknown := work.unknown({client for client, _function, _day in calls}):
                raise NotFound(f"There is no client {unknown[0]!r}.")
            work.count(calls)

    def usage(self, *, client: str = "", since: date | None = None, until: date | None = None) -> Sequence[Usage]:
        with self.reading() as work:
            if client:
                work.client(client)
            return work.usage(client, since, until)


_FROM = {
    ClientState.APPROVED: (ClientState.REQUESTED,),
    ClientState.REJECTED: (ClientState.REQUESTED,),
    ClientState.REVOKED: (ClientState.REQUESTED, ClientState.APPROVED),
}


_VERBS = {
    ClientState.APPROVED: "approve client",
    ClientState.REJECTED: "reject client",
    ClientState.REVOKED: "revoke client",
}


def _decided(work: Work, client: Client, state: ClientState, by: str, why: str) -> Client:
    """Raises NotFound and NotAllowed for who decides, Conflict where the client stands otherwise."""
    work.active(by)
    if client.state not in _FROM[state]:
        raise Conflict(f"The client {client.name} is {client.state}; it cannot become {state}.")
    reasons = said("reason", why, _LONGEST_PURPOSE, lines=True) if why.strip() else ""
    work.note(_VERBS[state], by=by, client=client.id)
    return work.change_client(client.id, state=state, decided_by=by, decided=work.now, why=reasons)


def _scopes(scopes: Collection[Action]) -> frozenset[Action]:
    """Raises Refused."""
    if not scopes:
        raise Refused("The client asks for nothing; name what it has to do.")
    if forbidden := sorted(OF_PEOPLE & set(scopes)):
        raise Refused(f"A program may not have {', '.join(forbidden)}; only people do that.")
    return frozenset(scopes)


def _functions(names: Collection[str]) -> frozenset[str]:
    return frozenset(said("function", name, _LONGEST_FUNCTION) for name in names)
