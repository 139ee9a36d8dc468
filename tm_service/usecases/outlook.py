"""Outlook: what readers would get of a document that is being written, were it published and deployed as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tm_service.domain.articles import Segment, Settled, TextField, load, path_of
from tm_service.domain.ports import Transaction
from tm_service.domain.records import RecordRef
from tm_service.domain.serving import Answer, Origin, Rule, Served, Translation
from tm_service.domain.text import fingerprint
from tm_service.domain.units import CatalogFile, Document, Key, Locale, Resource
from tm_service.usecases.deploy import last_catalog
from tm_service.usecases.pages import Background, background, decide, read_pages
from tm_service.usecases.reading import SiteReader

_LACKING = frozenset({Rule.DATED, Rule.HELD, Rule.MISSING, Rule.WAIVED})


class Standing(StrEnum):
    """How far a language of a document is."""

    COMPLETE = "complete"
    BEHIND = "behind"
    PARTLY = "partly"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Lag:
    """A segment that a language lacks: what the source says now and said when it was translated, and that translation.

    `path` is the field's; `was` and `text` are empty where there never was a translation. `harmless` is what readers are not
    told of: only spaces, commas and the like are different.
    """

    path: Key
    segment: str
    note: str
    now: str
    was: str
    text: str
    harmless: bool = False


@dataclass(frozen=True)
class LanguageOutlook:
    """One language of a document: how many segments it has, and those that are not translated from today's source."""

    locale: Locale
    units: int
    lags: tuple[Lag, ...]

    @property
    def behind(self) -> int:
        return sum(bool(one.text) for one in self.lags)

    @property
    def missing(self) -> int:
        return sum(not one.text for one in self.lags)

    @property
    def is_waited_for(self) -> bool:
        """Whether a legal document waits for it: not for what readers would not even be told of."""
        return any(not one.harmless for one in self.lags)

    @property
    def standing(self) -> Standing:
        if self.missing:
            return Standing.MISSING if self.missing == self.units else Standing.PARTLY
        return Standing.BEHIND if self.behind else Standing.COMPLETE


@dataclass(frozen=True)
class Outlook:
    """A document before its publication. A `legal` one changes in all languages at once, or not at all (law 11).

    `number` and `at` are the deployment that readers have it from, 0 and None where it was never deployed.
    """

    site: str
    source: Locale
    ref: RecordRef
    legal: bool
    languages: Mapping[Locale, LanguageOutlook]
    number: int = 0
    at: datetime | None = None

    @property
    def lacking(self) -> tuple[Locale, ...]:
        """The languages that a legal document waits for."""
        return tuple(code for code, one in self.languages.items() if one.is_waited_for)

    @property
    def waits(self) -> bool:
        """Whether readers keep the version they have until more translations are there."""
        return self.legal and bool(self.lacking)


def outlook(reader: SiteReader, tx: Transaction, content: bytes, now: datetime) -> Outlook:
    """What readers would get of a document that is settled from what is written."""
    site, settled = reader.site, load(content)
    path, deployment = path_of(settled.ref), tx.latest(site.name)
    was = last_catalog(tx, site, path)
    rule = site.rule(path)
    if rule is None:
        raise ValueError(f"No content rule matches {path}.")
    extractor, document = reader.extractor(rule), Document(path, content)
    resource = extractor.extract(document)
    refs = tx.pages(site.name, deployment.number, [(code, path) for code in site.locales]) if deployment else ()
    before = read_pages(tx, refs)
    languages = {}
    for locale in site.locales:
        code = site.code(locale)
        said = extractor.read(document, code)
        earlier = extractor.read(Document(path, was), code) if was is not None else CatalogFile({})
        known = background(tx, site, locale, [resource], before, ())
        known = _with(known, _written(site.name, locale, resource, (earlier, said), now))
        page = decide(reader, locale, resource, "", known)
        lags = _lags(settled, resource, {entry.key: entry for entry in page.served}, known)
        languages[locale] = LanguageOutlook(locale, len(page.served), lags)
    is_there = deployment is not None and bool(refs)
    number, at = (deployment.number, deployment.at) if deployment and is_there else (0, None)
    return Outlook(site.name, site.source, settled.ref, settled.legal, languages, number, at)


def _written(
    site: str, locale: Locale, resource: Resource, said: tuple[CatalogFile, CatalogFile], now: datetime
) -> dict[Key, Translation]:
    """What a writer put into a language, as it will be learned."""
    before, after = said
    made = {}
    for key, text in after.values.items():
        source = after.sources.get(key)
        if source is None or not text.strip() or (before.values.get(key), before.sources.get(key)) == (text, source):
            continue
        made[key] = Translation(
            site=site,
            locale=locale,
            resource=resource.path,
            key=key,
            fingerprint=fingerprint(source),
            source=source,
            target=text,
            at=now,
            origin=Origin.ALIGNMENT if key in after.unsure else Origin.SITE,
            answer=Answer.SAME if text == source else Answer.TEXT,
        )
    return made


def _with(known: Background, written: Mapping[Key, Translation]) -> Background:
    own = dict(known.own)
    for key, entry in written.items():
        unit = (entry.resource, key)
        own[unit] = (*own.get(unit, ()), entry)
    return Background(own, known.exact, known.lineage, known.last, known.waived, known.kept)


def _lags(settled: Settled, resource: Resource, served: Mapping[Key, Served], known: Background) -> tuple[Lag, ...]:
    """In the order of the document."""
    found = []
    for field in settled.fields:
        for segment in field.segments:
            entry = served.get(field.key(segment))
            if entry is not None and (entry.rule in _LACKING or (entry.rule is Rule.KEPT and entry.edit)):
                lag = _lag(field, segment, entry, known, resource)
                found += [lag] if lag.was != lag.now else []
    return tuple(found)


def _lag(field: TextField, segment: Segment, entry: Served, known: Background, resource: Resource) -> Lag:
    made_from = ""
    if entry.translated or entry.rule is Rule.HELD:
        made_from = _made_from(entry, known, (resource.path, entry.key))
    text = entry.text if entry.translated or entry.rule is Rule.HELD else ""
    harmless = entry.rule is Rule.KEPT
    return Lag(field.path, segment.id, segment.note, segment.text, made_from, text, harmless)


def _made_from(entry: Served, known: Background, unit: tuple[str, Key]) -> str:
    """The source text that the translation was made from; "" where only its hash was known."""
    candidates = [*known.own.get(unit, ()), *([known.last[unit]] if unit in known.last else [])]
    return next((one.source for one in reversed(candidates) if one.number == entry.translation), "")
