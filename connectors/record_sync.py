"""Record sync: brings our copy of a record store up to date, batch by batch, so that it may end anywhere and lose nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connectors.git_site import GitSite
from connectors.mirror import Batch, Mirror, readable
from connectors.mirror_index import LONG_AGO, Index, Known
from connectors.record_contents import author, can_be_kept, digest
from tm_service.domain.articles import as_said_today, dump, path_of
from tm_service.domain.errors import ConnectorError, ServiceError
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.ports.records import RecordStore
from tm_service.domain.records import Record, RecordEntry, RecordRef

Settle = Callable[[bytes | None, Record], bytes]
Remember = Callable[[str], bytes | None]

BATCH = 300  # documents: what is read again at most after a kill
_OVERLAP = timedelta(minutes=2)  # a store of several nodes may show a change later than another that was made after it
_MOMENT = timedelta(seconds=2)  # two changes this close may bear the same moment
_FEW = 20  # documents of which all may go at once
_NAMED, _LONGEST_REASON = 60, 200  # characters


@dataclass(frozen=True, slots=True)
class Caution:
    """When to ask for the whole list, by which deletions are known, and what share of the documents may go at once."""

    list_every: timedelta = timedelta(0)
    largest_loss: float = 0.5


@dataclass(frozen=True)
class Synced:
    """What a batch comes to: what is known after it, the bytes that differ, and who made them differ."""

    index: Index
    files: Mapping[str, bytes]
    names: tuple[str, ...]
    people: frozenset[str]
    changed: datetime | None


@dataclass
class Sync:
    """One sync of a store into a mirror; the mirror's lock is held."""

    store: RecordStore
    mirror: Mirror
    site: GitSite
    settle: Settle
    remember: Remember
    caution: Caution
    clock: Callable[[], datetime]
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> tuple[Finding, ...]:
        """Read what changed, in the order of its changes, and then take out what is gone. Raises ConnectorError."""
        index = self.mirror.index()
        begun, before = index.commit, index
        is_whole = self._wants_all(index)
        listed = newest(self.store.entries(None if is_whole else before_watermark(index)))
        index = self._read(index, listed, is_whole=is_whole)
        if is_whole:
            index = self._take_out(index, listed)
            index = self._first(index)
            index = replace(index, listed=self.clock() if self.caution.list_every else None)
        if index != before:
            self.mirror.note(index)
        if is_whole:
            self.mirror.set_whole(index)
        if index.commit != begun:
            self.mirror.tidy()
        return (*self.findings, *failures(index))

    def _wants_all(self, index: Index) -> bool:
        if index.listed is None or not self.caution.list_every or not self.mirror.is_whole():
            return True
        return abs(self.clock() - index.listed) >= self.caution.list_every

    def _read(self, index: Index, listed: Mapping[RecordRef, RecordEntry], *, is_whole: bool) -> Index:
        self.findings += (_unkept(ref) for ref in listed if not can_be_kept(ref))
        wanted = due(index, listed, is_whole=is_whole)
        latest = max((entry.modified for entry in listed.values()), default=index.watermark)
        blobs = self.site.files(index.commit) if index.commit and wanted else {}
        for refs in batches(wanted, BATCH):
            made = self._settled(index, self.store.read(refs), blobs, latest)
            index = replace(made.index, watermark=reached(index.watermark, refs, listed))
            index = self._commit(index, made)
        return replace(index, watermark=max(filter(None, (index.watermark, latest)), default=None))

    def _settled(
        self, index: Index, records: Iterable[Record], blobs: Mapping[str, str], latest: datetime | None
    ) -> Synced:
        known, failed = dict(index.known), dict(index.failed)
        files: dict[str, bytes] = {}
        names: list[str] = []
        people: set[str] = set()
        changed: datetime | None = None
        for record in records:
            ref, path, who = record.ref, path_of(record.ref), _person(author(record.document))
            before = self.site.read(blobs[path]) if path in blobs else None
            try:
                one = self._known(record, known.get(ref), latest)
                if ref in known and known[ref].digest == one.digest and ref not in failed:
                    known[ref] = one
                    continue
                earlier = self.mirror.intentions.of(path, one.digest) or before or self._remembered(path, record)
                content = self.settle(earlier, record)
            except Exception as error:  # noqa: BLE001 - one document's fault, whatever it is, keeps no other from its readers
                failed[ref] = _reason(error)
                continue
            failed.pop(ref, None)
            known[ref] = one
            if content != before:
                files[path] = content
                names.append(f"{'added' if before is None else 'changed'} {path}{f' by {who}' if who else ''}")
                people.add(who)
                changed = max(filter(None, (changed, record.entry.modified)))
        return Synced(replace(index, known=known, failed=failed), files, tuple(names), frozenset(people), changed)

    def _remembered(self, path: str, record: Record) -> bytes | None:
        """What readers have of a document that the mirror has not; it stays, whatever the store says beside it."""
        content = self.remember(path)
        last = readable(content) if content else None
        return dump(as_said_today(last, record.document)) if last else None

    def _known(self, record: Record, before: Known | None, latest: datetime | None) -> Known:
        """What is known of a document that was just read, and whether another change of the same moment could be missed."""
        entry, now = record.entry, self.clock()
        doubt: datetime | None = now
        if latest is not None and latest - entry.modified > _MOMENT:
            doubt = None
        elif before is not None and before.is_of(entry) and before.doubt is not None:
            doubt = before.doubt if abs(now - before.doubt) < _MOMENT else None
        return Known(entry.modified, entry.revision, digest(entry.ref.kind, record.document), doubt)

    def _commit(self, index: Index, made: Synced) -> Index:
        if not made.files:
            return index
        by = next(iter(made.people)) if len(made.people) == 1 else ""
        after = self.mirror.add(index, Batch(made.files, (), _message(made.names), self.clock(), made.changed, by))
        self.mirror.intentions.drop(made.files)
        return after

    def _take_out(self, index: Index, listed: Mapping[RecordRef, RecordEntry]) -> Index:
        """Documents that the store neither lists nor gives any more; how many may go at once is limited."""
        gone = [ref for ref in {**index.known, **index.failed} if ref not in listed]
        if self._is_much(gone, index):
            again = newest(self.store.entries())
            gone = [ref for ref in gone if ref not in again]
        if self._is_much(gone, index):
            raise ConnectorError(
                f"The record store lists {len(index.known) - len(gone):,} of the {len(index.known):,} documents it had; none"
                " is taken out. If they are really gone, allow it once by a larger `largest_loss`."
            )
        there = {record.ref for refs in batches(gone, BATCH) for record in self.store.read(refs)}
        lost = set(gone) - there
        if not lost:
            return index
        known = {ref: one for ref, one in index.known.items() if ref not in lost}
        failed = {ref: reason for ref, reason in index.failed.items() if ref not in lost}
        after = replace(index, known=known, failed=failed)
        files = self.site.files(index.commit) if index.commit else {}
        paths = tuple(sorted(path for path in map(path_of, lost) if path in files))
        if not paths:
            return after
        message = _message([f"removed {path}" for path in paths])
        return self.mirror.add(after, Batch({}, paths, message, self.clock()))

    def _is_much(self, gone: Collection[RecordRef], index: Index) -> bool:
        return len(gone) >= _FEW and len(gone) > len(index.known) * self.caution.largest_loss

    def _first(self, index: Index) -> Index:
        """A commit even where the store is empty, so that there is a revision to speak of."""
        if index.commit:
            return index
        return self.mirror.add(index, Batch({}, (), "The record store is empty", self.clock()))


def newest(entries: Iterable[RecordEntry]) -> dict[RecordRef, RecordEntry]:
    """Entries by document; one that changed while it was listed is there twice, and its newest counts."""
    found: dict[RecordRef, RecordEntry] = {}
    for entry in entries:
        if entry.ref not in found or found[entry.ref].modified <= entry.modified:
            found[entry.ref] = entry
    return found


def before_watermark(index: Index) -> datetime | None:
    """From when on to ask for changes; None for everything."""
    if index.watermark is None or index.watermark - LONG_AGO < _OVERLAP:
        return None
    return index.watermark - _OVERLAP


def due(index: Index, listed: Mapping[RecordRef, RecordEntry], *, is_whole: bool) -> list[RecordRef]:
    """What to read, in the order of its changes: what is new or changed, and what was in doubt or failed before."""
    again = {ref for ref, one in index.known.items() if one.doubt is not None} | set(index.failed)
    old = sorted(
        (ref for ref in again if ref not in listed and not is_whole), key=lambda ref: (ref.kind, ref.identifier)
    )
    order = sorted(listed.values(), key=lambda entry: (entry.modified, entry.ref.kind, entry.ref.identifier))
    return old + [
        entry.ref
        for entry in order
        if can_be_kept(entry.ref)
        and (entry.ref in again or entry.ref not in index.known or not index.known[entry.ref].is_of(entry))
    ]


def reached(
    watermark: datetime | None, refs: Sequence[RecordRef], listed: Mapping[RecordRef, RecordEntry]
) -> datetime | None:
    """The newest change up to which everything was read once this batch is in."""
    moments = [listed[ref].modified for ref in refs if ref in listed]
    return max((at for at in (watermark, *moments) if at is not None), default=None)


def batches(refs: Sequence[RecordRef], size: int) -> Iterator[Sequence[RecordRef]]:
    for start in range(0, len(refs), size):
        yield refs[start : start + size]


def failures(index: Index) -> Iterator[Finding]:
    """What a person should know of documents that could not be settled."""
    for ref, reason in index.failed.items():
        yield replace(
            found(
                "settle",
                Severity.WARNING,
                "{path} could not be prepared for translation: {reason}; it stays as it was.",
                path=path_of(ref),
                reason=reason,
            ),
            path=path_of(ref),
        )


def _unkept(ref: RecordRef) -> Finding:
    shown = f"{ref.kind}/{ref.identifier}"[:_NAMED].encode("unicode_escape").decode("ascii")
    return found(
        "store",
        Severity.WARNING,
        "The document {name} is left out: its name holds other characters than letters, digits, - and _; rename it.",
        name=shown,
    )


def _reason(error: Exception) -> str:
    """A fault's words, fit for a sentence; what is not ours is named by its kind, since it may repeat the document."""
    said = str(error) if isinstance(error, ServiceError | ValueError) else ""
    return _line(said)[:_LONGEST_REASON].rstrip(".") or type(error).__name__


def _person(name: str) -> str:
    """A name as git can keep it."""
    return _line(name.replace("<", " ").replace(">", " "))[:_NAMED]


def _line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _message(names: Sequence[str]) -> str:
    return f"{len(names)} document{'s' if len(names) != 1 else ''} of the record store\n\n" + "\n".join(names) + "\n"
