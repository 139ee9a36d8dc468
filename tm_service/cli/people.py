"""People: who has an account and what they may do; invited, changed, deactivated, forgotten."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import click

from tm_service import shapes
from tm_service.cli.output import DONE, Answer, Commands, answering, table
from tm_service.cli.root import main, service
from tm_service.domain.errors import NotFound
from tm_service.domain.people import Invitation, Person
from tm_service.domain.permissions import Grant, read_grant
from tm_service.domain.ports import PeopleRoom

_ROLES = click.option(
    "--role", "roles", multiple=True, metavar="ROLE[@SITE][/LOCALE]", help="Such as reviewer@demo/fr; may be repeated."
)
_EXPIRES = click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="From when on it is of no use.")


@main.group(cls=Commands)
def people() -> None:
    """See and change who has an account."""


@people.command("list")
@answering
def list_people() -> Answer:
    """List everybody: their grants, and whether they are active."""
    found = service().people().people()
    rows = [(one.email, one.name, one.state, ", ".join(_grants(one))) for one in found]
    text = table(("", "name", "", "may act as"), rows) if rows else "Nobody has an account yet."
    return {"people": [shapes.person(one) for one in found]}, text, DONE


@people.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--language", default="en", help="The person's language; default: en.")
@click.option("--government", default="", help="Whose records the person works on.")
@_ROLES
@_EXPIRES
@answering
def invite(
    email: str, *, name: str, language: str, government: str, roles: Sequence[str], expires: datetime | None
) -> Answer:
    """Make an account. The token it answers sets the password once: pass it on by a way of its own."""
    until = expires.replace(tzinfo=UTC) if expires else None
    made = service().people().invite(email, name, language, _read(roles), government=government, expires=until)
    return _invited(made)


@people.command("invite-again")
@click.argument("email")
@answering
def invite_again(email: str) -> Answer:
    """Another token for who lost theirs or forgot the password."""
    room = service().people()
    return _invited(room.invite_again(find_person(room, email).id))


def _invited(made: Invitation) -> Answer:
    document = shapes.person(made.person) | {"token": made.token, "until": made.until.isoformat()}
    said = f"{made.person.email} is {made.person.state}; good before {made.until:%Y-%m-%d %H:%M} UTC: {made.token}"
    return document, f"{said}\nNext: `tm-service people accept` with that token.", DONE


@people.command("accept")
@click.option("--token", prompt=True, hide_input=True, help="The token of the invitation.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="The new password.")
@answering
def accept(token: str, password: str) -> Answer:
    """Set the password by an invitation."""
    made = service().people().accept(token.strip(), password)
    return shapes.person(made), f"{made.email} is {made.state}.", DONE


@people.command("grant")
@click.argument("email")
@_ROLES
@answering
def grant(email: str, *, roles: Sequence[str]) -> Answer:
    """Give a person these roles and no others; what they may do now begins with a new session."""
    grants = _read(roles)
    return _changed(email, lambda room, person: room.set_grants(person, grants))


@people.command("deactivate")
@click.argument("email")
@answering
def deactivate(email: str) -> Answer:
    """End a person's account and sessions; it can be made active again."""
    return _changed(email, lambda room, person: room.deactivate(person))


@people.command("reactivate")
@click.argument("email")
@answering
def reactivate(email: str) -> Answer:
    """Make an account active again."""
    return _changed(email, lambda room, person: room.reactivate(person))


@people.command("reset-second-factor")
@click.argument("email")
@answering
def reset_second_factor(email: str) -> Answer:
    """Take a lost second factor out of use; ends the person's sessions."""
    return _changed(email, lambda room, person: room.reset_totp(person))


@people.command("unlink")
@click.argument("email")
@answering
def unlink(email: str) -> Answer:
    """Forget by which accounts elsewhere a person signs in; the address counts again the next time."""
    return _changed(email, lambda room, person: room.forget_identities(person))


def _changed(email: str, change: Callable[[PeopleRoom, str], Person]) -> Answer:
    room = service().people()
    made = change(room, find_person(room, email).id)
    factor = "with" if made.has_second_factor else "without"
    roles = ", ".join(_grants(made)) or "nobody"
    return shapes.person(made), f"{made.email} is {made.state}, {factor} a second factor, and may act as {roles}.", DONE


@people.command("export")
@click.argument("email")
@answering
def export(email: str) -> Answer:
    """Everything that is kept of a person, for that person."""
    room = service().people()
    found = dict(room.personal_data(find_person(room, email).id))
    return found, json.dumps(found, ensure_ascii=False, indent=2), DONE


@people.command("erase")
@click.argument("email")
@answering
def erase(email: str) -> Answer:
    """Forget a person for good: history keeps a pseudonym, the journal of changes nothing."""
    room = service().people()
    pseudonym = room.erase(find_person(room, email).id)
    return {"pseudonym": pseudonym}, f"{pseudonym} stands in history from now on.", DONE


def find_person(room: PeopleRoom, email: str) -> Person:
    """Who has an address. Raises NotFound."""
    found = room.find(email)
    if found is None:
        raise NotFound(f"Nobody has the address {email}; `tm-service people list` names everybody.")
    return found


def _read(roles: Sequence[str]) -> frozenset[Grant]:
    return service().known_grants(map(read_grant, roles))


def _grants(person: Person) -> list[str]:
    return list(map(str, sorted(person.grants)))
