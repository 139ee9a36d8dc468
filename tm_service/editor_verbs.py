"""Editor verbs: what is asked while articles and records are written, between the desk and the use cases."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, Protocol, cast

from locales import LANGUAGES
from tm_service.domain.articles import path_of
from tm_service.domain.catalogue import Catalogue, DocumentEntry, Shown, Wanted
from tm_service.domain.drafts import Clash, Draft, Envelope, Saved, Stage
from tm_service.domain.errors import Conflict, ConnectorError, NotFound, Unusable
from tm_service.domain.findings import Finding
from tm_service.domain.ports import Clock, Extractor, Matcher, RecordRoom, SiteConnector, Store
from tm_service.domain.records import ARTICLE, Actor, Content, FieldKind, Json, Record, RecordEntry, RecordRef, Schema
from tm_service.domain.site import Site
from tm_service.domain.units import Key, Locale
from tm_service.usecases.articles import Completeness, editions
from tm_service.usecases.filling import at, filled
from tm_service.usecases.outlook import Outlook, outlook
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.reconcile import Reconciled, Stretch, reconcile

if TYPE_CHECKING:
    from tm_service.service import Service  # it stands on the same floor

_LOCAL = "local"  # the repository of a site whose texts are in our own record store
MINE, BOTH = "mine", "both"  # what may be chosen of a contested stretch, beside theirs
_RECENT = timedelta(minutes=15)  # in which who saved is still there
_LATEST = 20  # saves that are looked through for them
_TITLES = ("title", "name")


class Settles(SiteConnector, Protocol):
    """What the connector of a record store does besides."""

    def settled(self, record: Record) -> bytes:
        """A document as it would be settled were it published as it is; nothing is kept."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What translators have of a document in one language."""

    package: str
    units: int
    due: date | None


@dataclass(frozen=True)
class ServedState:
    """How far the languages of a document are as readers have it, and whether a newer version waits for all of them."""

    languages: Mapping[Locale, Completeness]
    waits: bool


@dataclass(frozen=True)
class Working:
    """A document on somebody's desk: its draft or, where there is none, what is published; `number` is the save it shows.

    `revision` is the newest one, 0 before the first.
    """

    ref: RecordRef
    schema: Schema
    document: Content
    envelope: Envelope
    draft: Draft | None
    number: int
    revision: int
    findings: Sequence[Finding]

    @property
    def stage(self) -> Stage:
        if self.draft is not None:
            return self.draft.stage
        return self.envelope.latest.stage if self.envelope.latest else Stage.DRAFT


@dataclass(frozen=True)
class Written:
    """The answer to a save: the draft, what the sanitiser took out, and what others had changed meanwhile.

    `joined` are the places where both had changed other paragraphs of one text, which stand side by side now; `changed` is what
    stands in the draft otherwise than it was sent, by path with the language.
    """

    draft: Draft
    removed: Sequence[Finding] = ()
    joined: Sequence[Key] = ()
    changed: Mapping[Key, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """Somebody else who saved a moment ago, and where: fields and languages, as paths."""

    name: str
    at: datetime
    places: tuple[Key, ...]


@dataclass(frozen=True)
class EditorVerbs:
    """What the desk of editors may ask."""

    sites: Callable[[], Mapping[str, Site]]
    store: Store
    connect: Callable[[Site], SiteConnector]
    extractor: Callable[[str, str], Extractor]
    match: Matcher
    room: Callable[[], RecordRoom]
    clock: Clock

    def catalogue(self, wanted: Wanted) -> Catalogue:
        return self.room().catalogue(wanted)

    def site_of(self, ref: RecordRef) -> Site | None:
        """The site by which readers get a document of our own store; None where no site has it."""
        ours = (site for site in self.sites().values() if site.is_record_store and site.repository == _LOCAL)
        return next((site for site in ours if site.rule(path_of(ref))), None)

    def languages(self, ref: RecordRef) -> tuple[Locale, ...]:
        """The languages a document is written in, the source first."""
        site = self.site_of(ref)
        return (site.source, *site.locales) if site else tuple(LANGUAGES)

    def served(self, refs: Sequence[RecordRef]) -> dict[RecordRef, ServedState]:
        """How readers have documents; what is not deployed is left out."""
        by_site: dict[str, list[RecordRef]] = {}
        for ref in refs:
            site = self.site_of(ref)
            if site is not None:
                by_site.setdefault(site.name, []).append(ref)
        found = {}
        with self.store.read() as tx:
            for name, ours in by_site.items():
                deployment = tx.latest(name)
                if deployment is None:
                    continue
                for ref, edition in editions(tx, self.sites()[name], deployment, ours).items():
                    found[ref] = ServedState(edition.alternates, path_of(ref) in deployment.waiting)
        return found

    def sent(self, name: str) -> dict[tuple[str, Locale], Sent]:
        """What translators have of a site, by path and language: the newest package of each."""
        found: dict[tuple[str, Locale], Sent] = {}
        with self.store.read() as tx:
            for package in tx.packages(name, open_only=True):
                counts: dict[str, int] = {}
                for unit in package.open_units:
                    counts[unit.resource] = counts.get(unit.resource, 0) + 1
                for path, units in counts.items():
                    found.setdefault((path, package.locale), Sent(package.id, units, package.due))
        return found

    def open(self, ref: RecordRef) -> Working:
        """Raises NotFound."""
        room = self.room()
        envelope = room.envelope(ref)
        schema = room.schema(ref.kind)
        revision = envelope.latest.number if envelope.latest else 0
        draft = room.draft(ref) if envelope.draft else None
        document: Content = draft.document if draft else room.revision(ref, revision).document
        findings = room.validate(ref.kind, document)
        return Working(ref, schema, document, envelope, draft, draft.number if draft else 0, revision, findings)

    def begin(self, kind: str, title: str, *, by: Actor) -> RecordRef:
        """A new document with a title in the source language. Raises NotFound, NotAllowed, Unusable without a title."""
        schema = self.room().schema(kind)
        if not title.strip():
            raise Unusable("A document needs a title; write one.")
        ref = RecordRef(kind, token_hex(12))
        source = self.languages(ref)[0]
        document: dict[str, Json] = {"_id": ref.identifier} if kind == ARTICLE else {}
        for one in schema.fields:
            if one.kind is FieldKind.HEADER:
                document[one.name] = {"identifier": ref.identifier, "schema": kind, "languages": [source]}
            elif one.name in _TITLES and one.kind is FieldKind.TEXT:
                document[one.name] = {source: title.strip()}
            elif one.name == "government" and one.kind is FieldKind.TERM and by.government:
                document[one.name] = {"identifier": by.government.lower()}
        self.room().save_draft(ref, document, based_on=0, by=by)
        return ref

    def taken_up(self, ref: RecordRef, number: int, revision: int) -> Content:
        """What a form was made from: a save or, where that is 0, a revision. Raises NotFound."""
        if number:
            return self.room().taken_up(ref, number)
        return self.room().revision(ref, revision).document if revision else {}

    def save(
        self,
        ref: RecordRef,
        values: Mapping[Key, Json],
        languages: Mapping[Key, Locale],
        *,
        number: int,
        revision: int,
        by: Actor,
    ) -> Written:
        """Save what was written into fields of the save `number`, or of the revision where that is 0.

        Rich text is sanitised. Raises as `RecordRoom.save_draft`.
        """
        room = self.room()
        base = self.taken_up(ref, number, revision)
        sent = filled(base, values, languages)
        clean = self._cleaned(ref, sent, values)
        removed = [one for one in room.validate(ref.kind, sent) if one.check == "rich text"] if clean != sent else []
        saved = room.save_draft(ref, clean, based_on=number, by=by, revision=None if number else revision)
        draft, joined = self._joined(saved, by)
        changed = {path: at(draft.document, path) for path in _texts(draft.document, clean)}
        waiting = {one.place for one in draft.clashes if one.mine_by == by.name}
        changed = {path: value for path, value in changed.items() if path not in waiting}
        return Written(draft, removed, joined, changed)

    def append(self, ref: RecordRef, html: str, language: Locale, *, by: Actor) -> Written:
        """Put HTML behind the first rich text of a document in a language. Raises as `save`, NotFound where it has none."""
        working = self.open(ref)
        place = next((one.name for one in working.schema.fields if one.kind is FieldKind.RICH), None)
        if place is None:
            raise NotFound(f"{working.schema.title} has no rich text.")
        path = (place, language)
        values: dict[Key, Json] = {path: f"{at(working.document, path) or ''}{html}"}
        return self.save(ref, values, {path: language}, number=working.number, revision=working.revision, by=by)

    def _cleaned(self, ref: RecordRef, sent: Content, values: Mapping[Key, Json]) -> Content:
        """What was written, sanitised where it is HTML."""
        schema, made = self.room().schema(ref.kind), sent
        rich = {one.name for one in schema.fields if one.kind is FieldKind.RICH}
        inner = {one.name for outer in schema.fields for one in outer.fields if one.kind is FieldKind.RICH}
        for path in values:
            text = at(made, path)
            if isinstance(text, str) and len(path) > 1 and path[-2] in rich | inner:
                made = filled(made, {path: self.room().cleaned(text)}, {})
        return made

    def _joined(self, saved: Saved, by: Actor) -> tuple[Draft, list[Key]]:
        """Settle the clashes of two people who changed other paragraphs of one text; both changes stand.

        Where somebody saves meanwhile, a clash stays one.
        """
        draft, places = saved.draft, []
        for clash in saved.clashes:
            text = self._both(clash)
            with suppress(Conflict):
                if text is not None:
                    draft = self.room().decide(draft.ref, clash.number, text or None, by=by, over=draft.number)
                    places.append(clash.place)
        return draft, places

    def _both(self, clash: Clash) -> str | None:
        """A text with the changes of both; None where they are not in different paragraphs."""
        merged = self.sides(clash)
        if merged is None or merged.contested:
            return None
        text = merged.text()
        return text if self.room().cleaned(text) == text else None  # paragraphs of one made no sense among the other's

    def sides(self, clash: Clash) -> Reconciled | None:
        """Both wordings of a text side by side; None for what is no text."""
        base = "" if clash.base is None else clash.base
        texts = (base, clash.theirs, clash.mine)
        if not all(isinstance(one, str) for one in texts):
            return None
        return reconcile(*map(str, texts))

    def settle(
        self, ref: RecordRef, number: int, chosen: Mapping[str, str], *, by: Actor, seen: str | None = None
    ) -> Draft:
        """Settle a clash. `chosen` says of each contested stretch, by its number, whose wording stands: theirs, mine or both.

        A value that is no text is chosen as a whole, by the number 0. What is not chosen is theirs. `seen` is the `sign` of the
        wordings that were chosen from. Raises NotFound, Conflict where these are others by now, Held, NotAllowed.
        """
        room = self.room()
        draft = room.draft(ref)
        clash = next((one for one in draft.clashes if one.number == number), None)
        if clash is None:
            return room.decide(ref, number, None, by=by)  # which says what has become of it
        if seen not in (None, sign(clash)):
            raise Conflict("One of the wordings was changed meanwhile; look at both again.")
        return room.decide(ref, number, self._chosen(clash, chosen), by=by, over=draft.number)

    def _chosen(self, clash: Clash, chosen: Mapping[str, str]) -> Json:
        sides = self.sides(clash)
        if sides is None:
            return clash.mine if chosen.get("0") == MINE else clash.theirs
        picked = [_picked(one, chosen.get(str(place), "")) for place, one in enumerate(sides.contested)]
        return self.room().cleaned(sides.text(picked)) or None

    def find(self, text: str, *, most: int) -> Sequence[DocumentEntry]:
        """What readers have, by a title, to be referred to."""
        kinds = frozenset(self.room().schemas())
        return self.room().catalogue(Wanted(kinds, "", text=text, shown=Shown.PUBLISHED, most=most)).entries

    def differing(self, now: Content, other: Content) -> list[Key]:
        """The places whose values are not the same in two documents, down to each text."""
        return list(_texts(now, other))

    def beside(self, ref: RecordRef, *, by: Actor) -> list[Beside]:
        """Who else saved a moment ago, the newest first, and where."""
        room, since = self.room(), self.clock() - _RECENT
        found: dict[str, Beside] = {}
        for one in room.saves(ref, most=_LATEST):
            if one.at < since:
                break
            if one.by == by.name or one.by in found or one.number < 2:  # noqa: PLR2004 - the first save begins the draft
                continue
            before, now = (room.saved(ref, number) for number in (one.number - 1, one.number))
            found[one.by] = Beside(one.by, one.at, tuple(_texts(now, before)))
        return list(found.values())

    def outlook(self, ref: RecordRef, document: Content) -> Outlook | None:
        """What readers would get of a document as it is written; None where no site serves it or none was synced yet."""
        site = self.site_of(ref)
        if site is None:
            return None
        record = Record(RecordEntry(ref, self.clock()), document)
        try:
            with closing(_settling(self.connect(site))) as connector, self.store.read() as tx:
                reader = SiteReader(site, connector, self.extractor, self.match)
                return outlook(reader, tx, connector.settled(record), self.clock())
        except (NotFound, ConnectorError):
            return None


def sign(clash: Clash) -> str:
    """What tells the wordings of a clash from those it has later; others may save elsewhere all the while."""
    return sha256(json.dumps([clash.theirs, clash.mine]).encode()).hexdigest()


def _settling(connector: SiteConnector) -> Settles:
    """Sites of our own store have no other."""
    return cast("Settles", connector)


def _picked(one: Stretch, choice: str) -> str:
    if choice == BOTH:
        return one.theirs + one.mine
    return one.mine if choice == MINE else one.theirs


def _texts(now: Content, other: Content, path: Key = ()) -> Iterator[Key]:
    """The places whose values are not the same in two documents, down to each text."""
    for name in dict.fromkeys([*now, *other]):
        one, two = now.get(name), other.get(name)
        if one == two:
            continue
        if isinstance(one, Mapping) and isinstance(two, Mapping):
            yield from _texts(one, two, (*path, name))
        else:
            yield (*path, name)


def editor_verbs(house: "Service") -> EditorVerbs:
    """What editors may ask of a house; its sites are read once for all that one of them asks."""
    return EditorVerbs(
        cache(house.sites), house.store, house.connect, house.extractor, house.match, house.records, house.clock
    )
