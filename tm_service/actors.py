"""Actors: people as the records room knows them, by what they may do in the whole house or where a record store is a site."""

from collections.abc import Iterable

from tm_service.domain.people import Person
from tm_service.domain.permissions import Action, allowed
from tm_service.domain.records import Actor
from tm_service.domain.site import Site

# What the records room calls who may do these.
ROLES = {
    Action.ARTICLES_EDIT: "article-editor",
    Action.RECORDS_EDIT: "record-editor",
    Action.RECORDS_APPROVE: "publishing-authority",
    Action.SITES_EDIT: "administrator",
}


def actor_of(person: Person, sites: Iterable[Site]) -> Actor:
    """A person as an actor; `sites` are all of the house."""
    places = {"", *(site.name for site in sites if site.is_record_store)}
    reached = {one for one in ROLES if any(allowed(person.grants, one, place) for place in places)}
    return Actor(person.email, person.government, frozenset(ROLES[one] for one in reached))
