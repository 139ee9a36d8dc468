"""Clients: programs that people registered, their tokens, and how much they use."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import click

from tm_service import shapes
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, table
from tm_service.cli.people import find_person
from tm_service.cli.root import main, service
from tm_service.domain.clients import Client, IssuedToken
from tm_service.domain.deliveries import TROUBLE
from tm_service.domain.errors import NotFound
from tm_service.domain.functions import ClientWarning
from tm_service.domain.permissions import Action
from tm_service.domain.ports import PeopleRoom

_BY = click.option("--by", required=True, metavar="EMAIL", help="Who does this.")
_WHY = click.option("--why", default="", help="The reasons.")
_SCOPES = click.option(
    "--scope", "scopes", multiple=True, type=click.Choice([one.value for one in Action]), help="May be repeated."
)


@main.group(cls=Commands)
def clients() -> None:
    """See and change which programs may come in."""


@clients.command("list")
@answering
def list_clients() -> Answer:
    """List the programs that were registered."""
    found = service().people().clients()
    rows = [(one.name, one.state, one.contact, ", ".join(sorted(one.scopes))) for one in found]
    text = table(("", "", "contact", "may"), rows) if rows else "No program is registered yet."
    return {"clients": [shapes.client(one) for one in found]}, text, DONE


@clients.command("request")
@click.argument("name")
@click.option("--contact", required=True, help="An e-mail address that is read.")
@click.option("--purpose", required=True, help="What it is for.")
@_SCOPES
@_BY
@answering
def request(name: str, *, contact: str, purpose: str, scopes: Sequence[str], by: str) -> Answer:
    """Register a program; somebody else has to approve it."""
    room = service().people()
    made = room.request_client(name, contact, purpose, _read(scopes), by=find_person(room, by).id)
    return shapes.client(made), f"{made.name} is {made.state}; somebody else approves it.", DONE


@clients.command("approve")
@click.argument("name")
@_BY
@_WHY
@answering
def approve(name: str, *, by: str, why: str) -> Answer:
    """Let a program use the house."""
    return _decided(name, by, lambda room, client, person: room.approve_client(client, by=person, why=why))


@clients.command("reject")
@click.argument("name")
@_BY
@click.option("--why", required=True, help="The reasons.")
@answering
def reject(name: str, *, by: str, why: str) -> Answer:
    """Do not let a program use the house."""
    return _decided(name, by, lambda room, client, person: room.reject_client(client, by=person, why=why))


@clients.command("revoke")
@click.argument("name")
@_BY
@_WHY
@answering
def revoke(name: str, *, by: str, why: str) -> Answer:
    """End a program and its tokens for good."""
    return _decided(name, by, lambda room, client, person: room.revoke_client(client, by=person, why=why))


def _decided(name: str, by: str, decide: Callable[[PeopleRoom, str, str], Client]) -> Answer:
    room = service().people()
    made = decide(room, _find(room, name).id, find_person(room, by).id)
    return shapes.client(made), f"{made.name} is {made.state}.", DONE


@clients.command("token")
@click.argument("name")
@_SCOPES
@click.option("--days", type=click.IntRange(1, 366), default=90, help="How long it works; default: 90 days.")
@_BY
@answering
def token(name: str, *, scopes: Sequence[str], days: int, by: str) -> Answer:
    """Issue a token; it is shown this once."""
    room = service().people()
    owner = find_person(room, by).id
    return _issued(room.issue_token(_find(room, name).id, _read(scopes), by=owner, lasts=timedelta(days=days)))


@clients.command("rotate")
@click.argument("prefix", metavar="TOKEN-PREFIX")
@click.option("--days", type=click.IntRange(0, 31), default=7, help="How long the old one works on; default: 7 days.")
@_BY
@answering
def rotate(prefix: str, *, days: int, by: str) -> Answer:
    """Issue the successor of a token; both work for a while."""
    room = service().people()
    return _issued(room.rotate_token(prefix, by=find_person(room, by).id, overlap=timedelta(days=days)))


@clients.command("revoke-token")
@click.argument("prefix", metavar="TOKEN-PREFIX")
@answering
def revoke_token(prefix: str) -> Answer:
    """End a token at once and for good."""
    made = service().people().revoke_token(prefix)
    return shapes.token(made), f"{made.prefix} works no more.", DONE


@clients.command("pin")
@click.argument("name")
@click.argument("functions", nargs=-1)
@answering
def pin(name: str, *, functions: Sequence[str]) -> Answer:
    """Say which functions a program relies on: these and no others."""
    room = service().people()
    made = room.pin(_find(room, name).id, functions)
    said = ", ".join(sorted(made.pinned)) or "nothing in particular"
    return shapes.client(made) | {"pinned": sorted(made.pinned)}, f"{made.name} relies on {said}.", DONE


@clients.command("warn")
@answering
def warn() -> Answer:
    """Tell contacts of functions that change, each once; the schedule does so daily."""
    house = service()
    names = {one.id: one.name for one in house.people().clients()}
    return _warned(names, house.signing().warn_clients(), "Nobody has to be told anything.")


@clients.command("warnings")
@answering
def warnings() -> Answer:
    """Show who was told of which change, and what came of it."""
    room = service().people()
    return _warned({one.id: one.name for one in room.clients()}, room.warnings(), "Nobody was told anything yet.")


def _warned(names: Mapping[str, str], told: Sequence[ClientWarning], none: str) -> Answer:
    rows = [(names[one.client], one.function, one.day.isoformat(), one.status, one.error) for one in told]
    document = [dict(zip(("client", "function", "day", "status", "error"), row, strict=True)) for row in rows]
    text = table(("client", "function", "changes on", "", ""), rows) if rows else none
    return {"warnings": document}, text, NEEDS_PERSON if any(one.status in TROUBLE for one in told) else DONE


@clients.command("usage")
@click.option("--client", "name", default="", help="Only of this one.")
@answering
def usage(name: str) -> Answer:
    """How often each program called which function, by day."""
    room = service().people()
    names = {one.id: one.name for one in room.clients()}
    found = room.usage(client=_find(room, name).id if name else "")
    rows = [(one.day.isoformat(), names.get(one.client, one.client), one.function, one.calls) for one in found]
    document = [dict(zip(("day", "client", "function", "calls"), row, strict=True)) for row in rows]
    text = table(("day", "client", "function", "calls"), rows) if rows else "Nothing was called yet."
    return {"usage": document}, text, DONE


def _find(room: PeopleRoom, name: str) -> Client:
    """A program by its name or id. Raises NotFound."""
    found = next((one for one in reversed(room.clients()) if name in (one.name, one.id)), None)
    if found is None:
        raise NotFound(f"There is no client {name}; `tm-service clients list` names them.")
    return found


def _read(scopes: Sequence[str]) -> frozenset[Action]:
    return frozenset(map(Action, scopes))


def _issued(made: IssuedToken) -> Answer:
    return shapes.issued_token(made), f"Good before {made.token.until:%Y-%m-%d}: {made.secret}", DONE
