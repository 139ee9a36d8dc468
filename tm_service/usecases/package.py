"""Package: ask the memory, keep what it knows, hand off the remainder.

What takes long reads, and nobody waits to write meanwhile; what it comes to is handed off in one short transaction, as far as
it still is what is needed.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from tm_service.domain.ports import Exporter, MemoryRoom, Store, Transaction
from tm_service.domain.serving import Waiver
from tm_service.domain.units import Locale, Revision
from tm_service.usecases.leverage import reading
from tm_service.usecases.package_draft import Draft, Order, Shown, Written, drafted, written
from tm_service.usecases.plan import Plan, planned
from tm_service.usecases.reading import SiteReader

_TRIES = 3  # without keeping others from writing

_Open = Callable[[], AbstractContextManager[Transaction]]


@dataclass(frozen=True, slots=True)
class _Made:
    """A locale's packages, and the plan and draft that they were made of."""

    made: Plan
    draft: Draft
    packages: list[Written]


@dataclass(frozen=True)
class Packaging:
    """What packages are made with, of one site at one time."""

    reader: SiteReader
    store: Store
    exporter: Exporter
    room: MemoryRoom
    waivers: Callable[[Transaction, str], Collection[Waiver]]
    now: datetime
    appears: Shown = lambda _unit: ()

    def handed_off(self, revision: Revision, order: Order) -> list[Written]:
        """Packages for each locale that needs one, all of them or none; remembered as handed off.

        A locale is drafted anew where something of it moved meanwhile; who comes too late again and again holds the store.
        """
        self.room.catch_up(reading(self.reader.site, locale) for locale in order.locales)
        ready: dict[Locale, _Made] = {}
        moved: Collection[Locale] = order.locales
        for _ in range(_TRIES):
            ready |= self._made(revision, replace(order, locales=tuple(moved)), self.store.read, self.store.begin)
            if not ready:
                return []
            with self.store.begin() as tx:
                moved = self._moved(tx, ready)
                if not moved:
                    return self._kept(tx, ready, order)
            ready = {locale: made for locale, made in ready.items() if locale not in moved}
        with self.store.begin() as tx:
            moved = {*moved, *self._moved(tx, ready)}
            here = lambda: nullcontext(tx)  # noqa: E731 - a transaction that is begun already
            anew = replace(order, locales=tuple(locale for locale in order.locales if locale in moved))
            ready = {locale: made for locale, made in ready.items() if locale not in moved}
            return self._kept(tx, ready | self._made(revision, anew, here, here), order)

    def _made(self, revision: Revision, order: Order, look: _Open, number: _Open) -> dict[Locale, _Made]:
        """The packages of these locales, and of none that needs nothing; all that takes long."""
        site = self.reader.site
        with look() as tx:
            waivers = self.waivers(tx, site.name)
            made = planned(self.reader, tx, revision, self.now, waivers, order.locales)
            drafts = drafted(self.reader, tx, made, order, exporter=self.exporter, room=self.room, appears=self.appears)
        count = sum(len(draft.parts) for draft in drafts)
        if not count:
            return {}
        with number() as tx:
            following = tx.next_package(site.name, count)
        ready = {}
        for draft in drafts:
            packages = written(draft, made, order, following, now=self.now, exporter=self.exporter)
            ready[draft.locale] = _Made(made, draft, packages)
            following += len(packages)
        return ready

    def _moved(self, tx: Transaction, ready: dict[Locale, _Made]) -> list[Locale]:
        """Of these locales, those of which something is not as it was when their work was decided."""
        return [locale for locale, made in ready.items() if not made.draft.holds(tx, self.reader.site)]

    def _kept(self, tx: Transaction, ready: dict[Locale, _Made], order: Order) -> list[Written]:
        site, packages = self.reader.site.name, list[Written]()
        for made in (ready[locale] for locale in order.locales if locale in ready):
            moves = made.made.changes.lineage
            known = tx.lineage(site, moves)
            tx.trace(site, {unit: was for unit, was in moves.items() if known.get(unit) != was})
            packages += made.packages
        for package, name, content in packages:
            tx.save_package(package)
            tx.keep_file(package.id, name, content)
            tx.note(site, "package", {"package": package.id, "units": len(package.units)}, self.now)
        return packages
