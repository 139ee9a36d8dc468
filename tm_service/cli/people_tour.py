"""The tour's people: somebody for each desk, and something that waits for each of them on the first page."""

from collections.abc import Mapping, Sequence
from typing import cast

from tm_service.actors import actor_of
from tm_service.demo.articles import articles
from tm_service.demo.people import settle
from tm_service.demo.records import identifier, records
from tm_service.domain.jobs import JobKind
from tm_service.domain.people import Person
from tm_service.domain.permissions import Action, Role
from tm_service.domain.records import RecordRef
from tm_service.service import Service

_TO_COME = "2026.5"  # a release that the example site does not have
_PERMIT = "aldria-boat-reed"  # of the government that the demo's people work for


def people(house: Service, password: str, site: str) -> list[Person]:
    """All of them with this password; what is out waits for translators, the rest is left here for the others."""
    found = settle(house.people(), password)
    by_role = {grant.role: person for person in found for grant in person.grants}
    developer, editor = by_role[Role.DEVELOPER], by_role[Role.CONTENT_EDITOR]
    _write(house, editor)
    house.people().request_client(
        "Release pipeline",
        developer.email,
        "Deploys the site's catalogs before each build.",
        [Action.SITES_READ, Action.DETECT, Action.DEPLOY],
        by=developer.id,
        pinned=(),
    )
    _fail(house, developer, site)
    return found


def _write(house: Service, editor: Person) -> None:
    """A draft of an article, and a permit whose publication another person has to approve."""
    room, by = house.records(), actor_of(editor, house.sites().values())
    ref, article = next(iter(articles()))
    title = cast("Mapping[str, str]", article["title"])
    changed = {**article, "title": {**title, "en": f"{title['en']}, in short"}}
    room.save_draft(ref, changed, based_on=None, by=by)
    permit = RecordRef("absPermit", identifier("absPermit", _PERMIT))
    document = next(found for one, found in records() if one == permit)
    renewed = {**document, "matEstablished": True, "picGranted": True}
    room.save_draft(permit, renewed, based_on=None, by=by)
    room.request(permit, by=by, why="The permit was renewed.")


def _fail(house: Service, developer: Person, site: str) -> None:
    """Somebody asked too early whether a release may go out: it has no tag yet."""
    from tm_service.worker.runner import Worker  # noqa: PLC0415 - only the tour does a job by itself

    house.jobs.ask(JobKind.CHECK, site, {"ref": _TO_COME}, by=developer.email)
    Worker(house, "tour").run(until_idle=True)


def rows(found: Sequence[Person]) -> list[tuple[str, str, str]]:
    """Address, name and roles of each, as a table shows them."""
    return [(person.email, person.name, ", ".join(map(str, sorted(person.grants)))) for person in found]
