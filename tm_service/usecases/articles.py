"""Articles: documents as readers of one language get them, from what the last deployment serves and from nothing newer."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from tm_service.domain.articles import Settled, TextField, load, path_of
from tm_service.domain.deployments import Coverage, Deployment, PageRef
from tm_service.domain.errors import NotFound
from tm_service.domain.ports import Transaction
from tm_service.domain.records import ARTICLE, RecordRef, text_at
from tm_service.domain.serving import Origin, Page, Rule, Served, Translation
from tm_service.domain.site import Site
from tm_service.domain.units import Key, Locale
from tm_service.usecases.pages import load_page

_SHELF = path_of(RecordRef(ARTICLE, "")).removesuffix(".json")  # the folder that articles stand in


class Completeness(StrEnum):
    """How far a document is translated into a language, as readers see it."""

    COMPLETE = "complete"
    BEHIND = "behind"  # all of it is there, some of it from an earlier source text
    PARTLY = "partly"  # some of it is shown in the source language
    MISSING = "missing"  # all of it is


@dataclass(frozen=True)
class Edition:
    """A document as a deployment serves it: where its page of each language is kept, the source language's included."""

    site: str
    source: Locale
    ref: RecordRef
    number: int
    at: datetime
    pages: Mapping[Locale, PageRef]

    def completeness(self, locale: Locale) -> Completeness:
        return Completeness.COMPLETE if locale == self.source else _completeness(self.page(locale).coverage)

    @property
    def alternates(self) -> dict[Locale, Completeness]:
        return {locale: self.completeness(locale) for locale in self.pages}

    def page(self, locale: Locale) -> PageRef:
        """Raises NotFound naming the languages there are."""
        if locale not in self.pages:
            there = ", ".join(self.pages)
            raise NotFound(f"{_named(self.ref)} is not there in {locale or 'no language'}; it is there in {there}.")
        return self.pages[locale]

    @cached_property
    def digest(self) -> str:
        """The same for as long as nothing about this document is served otherwise, in any language; hexadecimal."""
        kept = [(locale, ref.page, ref.catalog) for locale, ref in self.pages.items()]
        return sha256(repr((self.site, self.ref, self.number, kept)).encode()).hexdigest()


@dataclass(frozen=True)
class Spoken:
    """One segment as readers get it, and why; `since` is when the translation it rests on was made, None of source text."""

    key: Key
    text: str
    rule: Rule
    why: str
    since: datetime | None = None
    translation: int = 0
    edit: str = ""

    @property
    def missing(self) -> bool:
        """Shown in the source language because there is no translation."""
        return self.rule in (Rule.MISSING, Rule.WAIVED, Rule.HELD)

    @property
    def behind(self) -> bool:
        """Made from an earlier source text; readers are told of those that are `DATED`."""
        return self.rule in (Rule.DATED, Rule.KEPT) and bool(self.edit)


@dataclass(frozen=True)
class FieldView:
    """A translatable field of a document in one language, by segment id."""

    field: TextField
    spoken: Mapping[str, Spoken]

    @property
    def plain(self) -> str:
        """The field's text as it is built, notices left out."""
        return self.field.build({name: said.text for name, said in self.spoken.items()})

    @property
    def untranslated(self) -> bool:
        """All of it is shown in the source language."""
        return bool(self.spoken) and all(said.missing for said in self.spoken.values())

    @property
    def dated(self) -> tuple[Spoken, ...]:
        return tuple(said for said in self.spoken.values() if said.rule is Rule.DATED)


@dataclass(frozen=True)
class ArticleView:
    """A document in one language; of a national record `authentic` are the languages its government published it in."""

    edition: Edition
    locale: Locale
    settled: Settled
    fields: Mapping[Key, FieldView]
    authentic: tuple[Locale, ...] = ()

    @property
    def segments(self) -> Iterator[Spoken]:
        for field in self.fields.values():
            yield from field.spoken.values()

    @property
    def courtesy(self) -> bool:
        """Whether this is a translation that its government does not answer for."""
        return self.settled.national and self.locale not in self.authentic

    @property
    def title(self) -> str:
        return title_of(self.fields, self.settled)


def title_of(fields: Mapping[Key, FieldView], settled: Settled) -> str:
    """What a document is called: its `title` or `name`, in whichever language there is one, or its identifier."""
    for name in ("title", "name"):
        if field := fields.get((name,)):
            return field.plain
        if spoken := text_at(settled.document, (name,)):
            return next(iter(spoken.values()))
    return settled.ref.identifier


def edition(tx: Transaction, site: Site, deployment: Deployment | None, ref: RecordRef) -> Edition:
    """Where a deployment keeps a document. Raises NotFound where it serves none of that name."""
    path = path_of(ref)
    asked = [(locale, path) for locale in (site.source, *site.locales)]
    refs = {page.locale: page for page in tx.pages(site.name, deployment.number, asked)} if deployment else {}
    if deployment is None or not refs:
        raise NotFound(f"{_named(ref)} is not deployed; there may be a draft of it, or it was taken back.")
    return _edition(site, deployment, ref, refs)


def editions(
    tx: Transaction, site: Site, deployment: Deployment, refs: Collection[RecordRef]
) -> dict[RecordRef, Edition]:
    """Where a deployment keeps these documents, in their order; those it does not serve are left out."""
    paths = {path_of(ref): ref for ref in refs}
    asked = [(language, path) for path in paths for language in (site.source, *site.locales)]
    kept: dict[RecordRef, dict[Locale, PageRef]] = {}
    for page in tx.pages(site.name, deployment.number, asked):
        kept.setdefault(paths[page.resource], {})[page.locale] = page
    return {ref: _edition(site, deployment, ref, kept[ref]) for ref in refs if ref in kept}


def _edition(site: Site, deployment: Deployment, ref: RecordRef, refs: Mapping[Locale, PageRef]) -> Edition:
    there = [locale for locale in site.locales if locale in refs]
    pages = {site.source: refs.get(site.source) or refs[there[0]]} | {locale: refs[locale] for locale in there}
    return Edition(site.name, site.source, ref, deployment.number, deployment.at, pages)


def served_as(tx: Transaction, site: Site, deployment: Deployment, identifier: str, kinds: Iterable[str]) -> str:
    """The kind of the record that a deployment serves by this identifier; empty where it serves none."""
    paths = {path_of(RecordRef(kind, identifier)): kind for kind in kinds}
    refs = tx.pages(site.name, deployment.number, [(locale, path) for locale in site.locales for path in paths])
    return next((paths[ref.resource] for ref in refs), "")


def read_article(tx: Transaction, found: Edition, locale: Locale) -> ArticleView:
    """A document in one language, as it was deployed. Raises NotFound naming the languages there are."""
    kept = found.page(locale)
    contents = tx.blobs([kept.page, kept.catalog])
    settled = load(contents[kept.catalog])
    if locale == found.source:
        fields = {field.path: _in_source(field) for field in settled.fields}
    else:
        page = load_page(contents[kept.page])
        made = tx.numbered([entry.translation for entry in page.served if entry.translation])
        fields = {field.path: _translated(field, page, made) for field in settled.fields}
    return ArticleView(found, locale, settled, fields, _authentic(tx, found, settled))


def _in_source(field: TextField) -> FieldView:
    spoken = {
        segment.id: Spoken(field.key(segment), segment.text, Rule.CURRENT, "the source text as it was deployed")
        for segment in field.segments
    }
    return FieldView(field, spoken)


def _translated(field: TextField, page: Page, made: Mapping[int, Translation]) -> FieldView:
    served = {entry.key: entry for entry in page.served}
    spoken = {}
    for segment in field.segments:
        key = field.key(segment)
        if key in served:
            spoken[segment.id] = _spoken(served[key], made)
        else:
            code = page.codes.get(key, segment.text)
            spoken[segment.id] = Spoken(key, code, Rule.CURRENT, "a code, which nobody translates")
    return FieldView(field, spoken)


def _spoken(entry: Served, made: Mapping[int, Translation]) -> Spoken:
    translation = made.get(entry.translation) if entry.translated else None
    since = translation.at if translation else None
    return Spoken(entry.key, entry.text, entry.rule, entry.why, since, entry.translation, entry.edit or "")


def _authentic(tx: Transaction, found: Edition, settled: Settled) -> tuple[Locale, ...]:
    """The languages a government published its record in: those its header names, without those that we added.

    A language is ours as soon as one text in it came by another way than the store.
    """
    if not settled.national:
        return ()
    header = settled.document.get("header")
    named = header.get("languages") if isinstance(header, Mapping) else None
    languages = [language for language in named if isinstance(language, str)] if isinstance(named, list) else []
    return tuple(locale for locale in languages if locale == found.source or _as_published(tx, found, locale))


def _as_published(tx: Transaction, found: Edition, locale: Locale) -> bool:
    kept = found.pages.get(locale)
    if kept is None:
        return True
    page = load_page(tx.blobs([kept.page])[kept.page])
    rests = [entry.translation for entry in page.served if entry.translated]
    return all(made.origin is Origin.SITE for made in tx.numbered(rests).values())


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article as one line of a list; `spoken` is the language its title is in."""

    identifier: str
    title: str
    spoken: Locale
    completeness: Completeness


@dataclass(frozen=True)
class ArticleList:
    """Some of a site's articles, newest identifiers first; `following` is the last of them where there are more."""

    site: str
    locale: Locale
    entries: tuple[ArticleEntry, ...]
    following: str


def article_ids(tx: Transaction, site: Site, number: int) -> tuple[str, ...]:
    """The articles a deployment serves, by falling identifier, which in the article common format begins with a time."""
    paths = {ref.resource for ref in tx.pages(site.name, number) if ref.resource.startswith(_SHELF)}
    return tuple(sorted((path.removeprefix(_SHELF).removesuffix(".json") for path in paths), reverse=True))


def list_articles(
    tx: Transaction, site: Site, deployment: Deployment, locale: Locale, identifiers: Collection[str]
) -> tuple[ArticleEntry, ...]:
    """These articles of a deployment in one language, in their order; what is not there in it is left out.

    Raises NotFound for a language that the site does not have.
    """
    if locale not in (site.source, *site.locales):
        there = ", ".join((site.source, *site.locales))
        raise NotFound(f"Site {site.name} is not there in {locale or 'no language'}; it is there in {there}.")
    found = editions(tx, site, deployment, [RecordRef(ARTICLE, name) for name in identifiers])
    spoken = [one for one in found.values() if locale in one.pages]
    kept = [one.pages[locale] for one in spoken]
    contents = tx.blobs(digest for ref in kept for digest in (ref.page, ref.catalog))
    return tuple(_entry(one, locale, contents) for one in spoken)


def _entry(found: Edition, locale: Locale, contents: Mapping[str, bytes]) -> ArticleEntry:
    kept = found.pages[locale]
    settled = load(contents[kept.catalog])
    fields, spoken = {}, found.source
    title = settled.by_path.get(("title",))
    if title is not None:
        whole = _in_source(title) if locale == found.source else _translated(title, load_page(contents[kept.page]), {})
        fields, spoken = {title.path: whole}, found.source if whole.untranslated else locale
    return ArticleEntry(found.ref.identifier, title_of(fields, settled), spoken, found.completeness(locale))


def _completeness(covered: Coverage) -> Completeness:
    units = covered.units
    if units.covered < units.units:
        return Completeness.PARTLY if units.covered else Completeness.MISSING
    return Completeness.BEHIND if units.stale else Completeness.COMPLETE


def _named(ref: RecordRef) -> str:
    return f"Article {ref.identifier}" if ref.kind == ARTICLE else f"Record {ref.kind} {ref.identifier}"
