"""Deployment verbs: what was served when and why, what differs between two deployments, and looks at a site by jobs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tm_service.domain import sentences
from tm_service.domain.audit import Line as JournalLine
from tm_service.domain.deployments import Deployment, PageRef
from tm_service.domain.errors import Conflict, NotFound
from tm_service.domain.ports import Store, Transaction
from tm_service.domain.serving import Waiver
from tm_service.domain.site import Site
from tm_service.domain.units import Key, Locale
from tm_service.usecases import compare as comparing
from tm_service.usecases import history as telling
from tm_service.usecases import look, shown
from tm_service.usecases.deploy import roll_back

_MADE = ("deploy", "rollback")  # what the journal says of a deployment that was made


@dataclass(frozen=True, slots=True)
class Changed:
    """A difference between two deployments with what both lines rest on; None where the unit is not there."""

    locale: Locale
    resource: str
    kind: comparing.DifferenceKind
    before: shown.Line | None
    now: shown.Line | None
    at: int  # the deployment at which it last changed between the two, 0 where that is too far back


@dataclass(frozen=True)
class DeploymentVerbs:
    """What a door may ask of the deployments of a site; one method a verb."""

    site: Callable[[str], Site]
    store: Store
    clock: Callable[[], datetime]
    valid_waivers: Callable[[Transaction, str], Sequence[Waiver]]

    def listed(self, name: str, *, before: int = 0, most: int = 25) -> Sequence[Deployment]:
        """The newest first; those before a number where one is named. Raises NotFound."""
        with self.store.read() as tx:
            return tx.deployments(self.site(name).name, before=before, most=most)

    def makers(self, name: str, numbers: Sequence[int]) -> Mapping[int, JournalLine]:
        """What the journal says of who made these deployments, by number; those it knows."""
        if not numbers:
            return {}
        with self.store.read() as tx:
            newest = tx.latest(self.site(name).name)
            # Each deployment was noted once, in their order.
            newer = newest.number - max(numbers) if newest else 0
            lines = tx.noted(name, _MADE, max(numbers) - min(numbers) + 1, skip=max(0, newer))
        said = {line.details.get("deployment"): line for line in lines}
        return {number: said[number] for number in numbers if number in said}

    def waivers(self, name: str) -> Sequence[Waiver]:
        """Those whose signature is right, newest first."""
        with self.store.read() as tx:
            return self.valid_waivers(tx, self.site(name).name)[::-1]

    def compare(self, name: str, before: int, now: int) -> comparing.Comparison:
        """Which pages differ, and how many of their units became what. Raises NotFound."""
        with self.store.read() as tx:
            return comparing.compare(tx, self.site(name).name, before, now)

    def differences(
        self, found: comparing.Comparison, wanted: comparing.Wanted, start: int, most: int
    ) -> Sequence[Changed]:
        """Some of the differences of a comparison, with the texts and translations that both sides rest on."""
        with self.store.read() as tx:
            some = comparing.shown(tx, found, wanted, start, most)
            sides = [
                (page.locale, page.resource, entry) for page, one in some for entry in (one.before, one.now) if entry
            ]
            told = iter(shown.told(tx, found.now.site, sides))
            places = [(page.locale, page.resource, one.key) for page, one in some]
            at = telling.changed_at(tx, found.now.site, places, found.before.number, found.now.number)
            return tuple(
                Changed(
                    page.locale,
                    page.resource,
                    one.kind,
                    next(told) if one.before else None,
                    next(told) if one.now else None,
                    at.get((page.locale, page.resource, one.key), 0),
                )
                for page, one in some
            )

    def history(
        self, name: str, locale: Locale, resource: str, key: Key, *, before: int = 0, most: int = 25
    ) -> telling.History:
        """What readers of every deployment saw of a text, the newest first; those before a number. Raises NotFound."""
        with self.store.read() as tx:
            return telling.history(tx, self.site(name).name, (locale, resource, key), before=before, most=most)

    def resources(self, name: str, number: int, locale: Locale) -> Sequence[PageRef]:
        """The resources that readers of a deployment have in a locale, by path. Raises NotFound."""
        with self.store.read() as tx:
            tx.deployment(self.site(name).name, number)
            return tx.pages(name, number, locale=locale)

    def lines(
        self, name: str, number: int, locale: Locale, resource: str, *, key: str = "", start: int = 0, most: int
    ) -> tuple[Sequence[shown.Line], int]:
        """Some of what readers of a resource see, of one key alone where it is named; how many there are. Raises NotFound."""
        with self.store.read() as tx:
            refs = tx.pages(self.site(name).name, number, [(locale, resource)])
            if not refs:
                raise NotFound(sentences.NO_RESOURCE.say(number=number, site=name, resource=resource, locale=locale))
            return shown.lines(tx, name, refs[0], key=key, start=start, most=most)

    def search(
        self, name: str, refs: Sequence[PageRef], said: str, *, begin: shown.Place, most: int = 50
    ) -> shown.Found:
        """Lines whose text has these letters, in whatever case."""
        with self.store.read() as tx:
            return shown.search(tx, self.site(name).name, refs, said, begin=begin, most=most)

    def roll_back(self, name: str, number: int, *, seen: int) -> Deployment:
        """Serve a deployment again, in place of the newest one that was `seen`. Raises NotFound, Conflict."""
        with self.store.begin() as tx:
            newest = tx.latest(self.site(name).name)
            if newest is not None and newest.number != seen:
                raise Conflict(sentences.NEWER_SEEN.say(number=newest.number))
            return roll_back(tx, name, number, self.clock())

    def keep(self, found: look.Look) -> dict[str, Any]:
        """Keep what a job found when it looked at a site; what its result says of it."""
        with self.store.begin() as tx:
            return look.keep(tx, found)

    def rows(self, kept: Mapping[str, Any], start: int, most: int) -> Sequence[look.Row]:
        """Some rows of a list that `keep` kept."""
        with self.store.read() as tx:
            return look.rows_of(tx, kept, start, most)
