"""Article verbs: what is asked of articles and records that readers see, between the doors and the use cases."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar, cast

from tm_service.domain.articles import placed
from tm_service.domain.errors import NotFound
from tm_service.domain.ports import Store, Transaction
from tm_service.domain.records import Content, RecordRef, Schema
from tm_service.domain.site import Site
from tm_service.domain.units import Locale
from tm_service.usecases.articles import (
    ArticleList,
    ArticleView,
    Edition,
    article_ids,
    edition,
    list_articles,
    read_article,
    served_as,
)
from tm_service.usecases.notices import Cleaned

T = TypeVar("T")
AT_ONCE = 50  # articles of one answer


@dataclass
class Lists:
    """What deployments serve, which never changes once they are deployed; what was longest unused is forgotten first."""

    room: int = 20_000
    kept: OrderedDict[tuple[object, ...], object] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def of(self, key: tuple[object, ...], find: Callable[[], T]) -> T:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return cast("T", self.kept[key])
        found = find()
        with self.lock:
            self.kept[key] = found
            while len(self.kept) > self.room:
                self.kept.popitem(last=False)
        return found


@dataclass(frozen=True)
class ArticleVerbs:
    """What a door may ask of what readers see; `cleaned` sanitises HTML, `public` leaves out confidential fields.

    `schema` gives a record type by name, and raises NotFound where there is none of that name.
    """

    sites: Callable[[], Mapping[str, Site]]
    store: Store
    cleaned: Cleaned
    schema: Callable[[str], Schema]
    public: Callable[[Schema, Content], Content]
    lists: Lists = field(default_factory=Lists)

    def edition(self, ref: RecordRef, site: str = "") -> Edition:
        """Where a document is served, of one site or of the first that has it. Raises NotFound."""
        missing = NotFound("No site serves articles or records yet; deploy one whose connector is `records`.")
        with self.store.read() as tx:
            for found in self._sites(site):
                try:
                    return self._edition(tx, found, ref)
                except NotFound as error:
                    missing = error
        raise missing

    def _edition(self, tx: Transaction, site: Site, ref: RecordRef) -> Edition:
        deployment = tx.latest(site.name)
        key = (site.name, site.source, site.locales, deployment.number if deployment else 0, ref)
        return self.lists.of(key, lambda: edition(tx, site, deployment, ref))

    def find(self, identifier: str, kinds: Collection[str], site: str = "") -> Edition:
        """Where a record is served, whatever kind it is of. Raises NotFound."""
        with self.store.read() as tx:
            for found in self._sites(site):
                deployment = tx.latest(found.name)
                kind = served_as(tx, found, deployment, identifier, kinds) if deployment else ""
                if kind:
                    return self._edition(tx, found, RecordRef(kind, identifier))
        raise NotFound(f"No record {identifier} is deployed.")

    def read(self, found: Edition, locale: Locale) -> ArticleView:
        """Raises NotFound naming the languages there are."""
        with self.store.read() as tx:
            return read_article(tx, found, locale)

    def document(self, view: ArticleView) -> tuple[Schema, Content]:
        """A record as the public may see it, its translatable texts in the view's language beside the others.

        Raises NotFound for a type that has no schema: nothing tells what of it is confidential.
        """
        schema = self.schema(view.settled.ref.kind)
        document = dict(view.settled.document)
        for one in view.fields.values():
            if not one.untranslated:
                document = placed(document, one.field.path, view.locale, one.plain)
        return schema, self.public(schema, document)

    def listed(self, locale: Locale, site: str = "", after: str = "") -> ArticleList:
        """Some of a site's articles, those behind the identifier `after`. Raises NotFound."""
        with self._deployed(site) as (tx, found):
            deployment = tx.latest(found.name)
            if deployment is None:
                raise NotFound(f"Site {found.name} has no deployment yet; run `tm-service deploy {found.name}`.")
            number = deployment.number
            there = self.lists.of((found.name, number), lambda: article_ids(tx, found, number))
            left = [identifier for identifier in there if not after or identifier < after]
            shown = left[:AT_ONCE]
            entries = list_articles(tx, found, deployment, locale, shown)
            return ArticleList(found.name, locale, entries, shown[-1] if len(left) > AT_ONCE else "")

    @contextmanager
    def _deployed(self, site: str) -> Iterator[tuple[Transaction, Site]]:
        """The site of that name, or the first one of a record store that was deployed."""
        there = self._sites(site)
        if not there:
            raise NotFound("There is no site of a record store; add one whose connector is `records`.")
        with self.store.read() as tx:
            yield tx, next((found for found in there if tx.latest(found.name)), there[0])

    def _sites(self, name: str) -> list[Site]:
        there = {key: site for key, site in self.sites().items() if site.is_record_store}
        if name and name not in there:
            known = f"there are {', '.join(sorted(there))}" if there else "there is none yet"
            raise NotFound(f"There is no site {name} with articles: {known}.")
        return [there[name]] if name else list(there.values())
