"""History: what readers have, what they had, and what changed between, by field and language, as people call the fields."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, zip_longest

from tm_service.domain.drafts import Envelope, FieldDifference, Reference, Revision, RevisionInfo, Step
from tm_service.domain.errors import NotFound
from tm_service.domain.records import Content, FieldDefinition, FieldKind, Json, Record, RecordEntry, RecordRef
from tm_service.domain.units import Key
from tm_service.records.base import Base, Work
from tm_service.records.content import same
from tm_service.records.items import blocks, identities, written
from tm_service.records.words import spans

_BY_LANGUAGE = frozenset({FieldKind.TEXT, FieldKind.RICH, FieldKind.TEXTS})
_READ = 400  # documents held at once


class History(Base):
    def entries(self, since: datetime | None = None) -> Sequence[RecordEntry]:
        with self.reading() as work:
            return work.entries(since)

    def read(self, refs: Sequence[RecordRef]) -> Iterator[Record]:
        for start in range(0, len(refs), _READ):
            with self.reading() as work:
                found = list(work.published(refs[start : start + _READ]))
            yield from found

    def published(self, ref: RecordRef) -> Record:
        found = next(self.read([ref]), None)
        if found is None:
            raise NotFound(f"{ref.kind} {ref.identifier} is not published.")
        return found

    def find(self, identifier: str) -> RecordRef:
        with self.reading() as work:
            return work.find(identifier)

    def envelope(self, ref: RecordRef) -> Envelope:
        with self.reading() as work:
            row = work.known(ref)
            latest = work.revision(ref, row["revision"]).info if row["revision"] else None
            draft = work.draft_entry(ref)
            title = row["title"] or (draft.title if draft is not None else {})
            said = (row["government"], row["created"], row["created_by"], title)
            return Envelope(ref, *said, latest, draft, work.lock(ref))

    def revisions(self, ref: RecordRef) -> Sequence[RevisionInfo]:
        with self.reading() as work:
            work.known(ref)
            return work.revisions(ref)

    def revision(self, ref: RecordRef, number: int) -> Revision:
        with self.reading() as work:
            work.known(ref)
            return work.revision(ref, number)

    def journal(self, ref: RecordRef) -> Sequence[Step]:
        with self.reading() as work:
            work.known(ref)
            return work.journal(ref)

    def difference(self, ref: RecordRef, older: int, newer: int) -> Sequence[FieldDifference]:
        schema = self.schema(ref.kind)
        with self.reading() as work:
            work.known(ref)
            before: Content = work.revision(ref, older).document if older else {}
            now = _newer(work, ref, newer)
        return tuple(_fields(schema.fields, before, now, (), ()))

    def refers_to(self, ref: RecordRef, *, confidential: bool = False) -> Sequence[Reference]:
        with self.reading() as work:
            work.known(ref)
            return work.refers_to(ref, confidential=confidential)

    def referred_by(self, identifier: str, *, confidential: bool = False) -> Sequence[Reference]:
        with self.reading() as work:
            return work.referred_by(identifier, confidential=confidential)


def _newer(work: Work, ref: RecordRef, number: int) -> Content:
    return work.revision(ref, number).document if number else work.draft(ref).document


def _fields(
    fields: Sequence[FieldDefinition], before: Content, now: Content, path: Key, titles: tuple[str, ...]
) -> Iterator[FieldDifference]:
    """Fields in the order of the schema; what it does not know follows under its own name, so that no change is hidden."""
    known = [(one.name, one.title or one.name, one) for one in fields]
    names = {one.name for one in fields}
    unknown = [(name, name, None) for name in dict.fromkeys(chain(before, now)) if name not in names]
    for name, title, one in (*known, *unknown):
        yield from _value(one, before.get(name), now.get(name), (*path, name), (*titles, title))


def _value(
    one: FieldDefinition | None, before: Json, now: Json, path: Key, titles: tuple[str, ...]
) -> Iterator[FieldDifference]:
    if same(before, now):
        return
    if _is_of(list, before, now):
        for at, old, new in _paired(_list(before), _list(now)):
            yield from _value(one, old, new, (*path, str(at)), titles)
    elif _is_of(dict, before, now):
        old_, new_ = _object(before), _object(now)
        if one is not None and one.kind in _BY_LANGUAGE:
            yield from _languages(old_, new_, path, titles)
        else:
            inner = one.fields if one is not None else ()
            yield from _fields(inner or _custom(one), old_, new_, path, titles)
    else:
        yield FieldDifference(path, titles, "", spans(_said(before), _said(now)))


def _languages(
    before: Mapping[str, Json], now: Mapping[str, Json], path: Key, titles: tuple[str, ...]
) -> Iterator[FieldDifference]:
    for language in dict.fromkeys(chain(before, now)):
        old, new = before.get(language), now.get(language)
        if not same(old, new):
            yield FieldDifference(path, titles, language, spans(_said(old), _said(new)))


def _custom(one: FieldDefinition | None) -> tuple[FieldDefinition, ...]:
    """A term's words of one's own are by language, too."""
    if one is None or one.kind not in (FieldKind.TERM, FieldKind.TERMS):
        return ()
    return (FieldDefinition("customValue", FieldKind.TEXT, one.title or one.name),)


def _paired(before: Sequence[Json], now: Sequence[Json]) -> Iterator[tuple[int, Json, Json]]:
    """Items that are the same one, with its number: in the newer list, or in the older for one that went."""
    named = identities(before, now)
    if named is not None:
        old, new = dict(zip(named[0], before, strict=True)), dict(zip(named[1], now, strict=True))
        yield from ((at, old.get(name), item) for at, (name, item) in enumerate(new.items()))
        yield from ((at, item, None) for at, (name, item) in enumerate(old.items()) if name not in new)
        return
    for block in blocks(before, now):
        if block.stayed:
            continue
        older, newer = before[block.begin : block.end], now[block.first : block.last]
        for step, (was, has) in enumerate(zip_longest(older, newer)):
            yield (block.first if step < len(newer) else block.begin) + step, was, has


def _is_of(kind: type, before: Json, now: Json) -> bool:
    """Whether both are of this kind, or one is and the other is nothing."""
    return all(value is None or isinstance(value, kind) for value in (before, now))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _said(value: Json) -> str:
    """A value as people read it: texts as they are, nothing as nothing, all else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else written(value)
