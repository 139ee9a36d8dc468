"""Record push: lays our translations over a store's documents, text by text and language by language, and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from connectors.git_commits import differing
from connectors.git_parsing import Tree
from connectors.git_site import GitSite
from connectors.mirror import Batch, Mirror
from connectors.mirror_index import Index, Known
from connectors.record_contents import digest
from tm_service.domain.articles import Settled, dump, load, path_of, placed, with_languages
from tm_service.domain.errors import Conflict, ConnectorError, NotAllowed, NotFound, Refused, TryLater
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.ports.records import RecordStore
from tm_service.domain.records import Content, Record, RecordRef, text_at
from tm_service.domain.units import Key, Locale

Laid = tuple[Key, Locale, str]  # where a text stands, in which language, what it is


@dataclass
class Push:
    """One push to a store from a mirror, whose lock is held. `source` is the language that is never written."""

    store: RecordStore
    mirror: Mirror
    site: GitSite
    source: Locale
    clock: Callable[[], datetime]
    findings: list[Finding] = field(default_factory=list)

    def run(self, onto: str, files: Mapping[str, bytes], message: str, at: datetime) -> tuple[Finding, ...]:
        """Write each document whose texts differ from those at `onto`, and then one commit of all that was written.

        What cannot be written becomes a finding, and the others go on; where the store itself fails, it ends there.
        """
        index = self.mirror.index()
        then, now = self.site.files(onto), self.site.files(index.commit)
        written: dict[str, Settled] = {}
        known = dict(index.known)
        try:
            for path, given in self._given(then, files):
                if now.get(path) != then[path]:
                    self._meanwhile(path)
                    continue
                settled = self._write(path, given, load(self.site.read(then[path])), known)
                if settled is not None:
                    written[path] = settled
        except ConnectorError as error:
            said = "{reason} What was written until then stays; the rest is written by the next deployment."
            self.findings.append(found("store", Severity.WARNING, said, reason=error))
        finally:
            self._commit(replace(index, known=known), written, message, at)
        return tuple(self.findings)

    def _given(self, then: Mapping[str, str], files: Mapping[str, bytes]) -> Iterator[tuple[str, Settled]]:
        """The documents that differ; those that are not there, and courtesy translations, stay with us."""
        for path, content in differing(Tree(dict(then), frozenset(), frozenset()), files).items():
            try:
                given = load(content)
            except ValueError:
                given = None
            if given is None or path not in then or path_of(given.ref) != path:
                said = "{path} is no document of this record store; it is not written to it."
                self._find(path, found("store", Severity.WARNING, said, path=path))
            elif not given.national:
                yield path, given

    def _write(self, path: str, given: Settled, before: Settled, known: dict[RecordRef, Known]) -> Settled | None:
        """Write a document's texts, and give what our copy has then; None where nothing was written.

        What stands in our copy is made from what stood there: the store's document may hold what is nobody's business.
        """
        texts = tuple(differing_texts(before, given, self.source))
        if not _is_of_today(given, before):
            texts = tuple(laid_text for laid_text in texts if _is_cleared(before, laid_text))
        if not texts:
            return None
        try:
            record = next(iter(self.store.read([given.ref])), None)
            if record is None or not _is_as_known(record, known.get(given.ref)):
                self._meanwhile(path)
                return None
            texts = tuple(self._fitting(path, texts, before, record))
            document = laid(record.document, texts)
            if document == record.document:
                return None
            now = given if _is_of_today(given, before) else before
            settled = replace(now, document=laid(before.document, texts))
            told = digest(given.ref.kind, document)
            self.mirror.intentions.keep(path, told, dump(settled))
            entry = self.store.write(record, document)
        except (TryLater, Refused, Conflict, NotFound, NotAllowed) as error:
            said = "{path} was not written to its store: {reason}"
            self._find(path, found("store", Severity.WARNING, said, path=path, reason=error))
            return None
        known[given.ref] = Known(entry.modified, entry.revision, told, self.clock())
        return settled

    def _fitting(self, path: str, texts: Iterable[Laid], before: Settled, record: Record) -> Iterator[Laid]:
        """Texts whose source stands in the store where it stands in our copy, from which items of lists may be left out."""
        for laid_text in texts:
            place = laid_text[0]
            here, there = (text_at(one, place).get(self.source) for one in (before.document, record.document))
            if here == there:
                yield laid_text
            else:
                said = "{path}: {field} stands in another place in its store; its translation is not written."
                self._find(path, found("store", Severity.WARNING, said, path=path, field=".".join(place)))

    def _commit(self, index: Index, written: Mapping[str, Settled], message: str, at: datetime) -> None:
        if not written:
            return
        files = {path: dump(settled) for path, settled in written.items()}
        self.mirror.add(index, Batch(files, (), message, at))
        self.mirror.intentions.drop(files)

    def _meanwhile(self, path: str) -> None:
        said = "{path} changed in its store meanwhile, or is gone; its translations are written after the next sync."
        self._find(path, found("store", Severity.WARNING, said, path=path))

    def _find(self, path: str, finding: Finding) -> None:
        self.findings.append(replace(finding, path=path))


def differing_texts(before: Settled, given: Settled, source: Locale) -> Iterator[Laid]:
    """The translations that a document has now and had not before; a blank one replaces nothing."""
    for one in given.fields:
        had = text_at(before.document, one.path)
        for language, text in text_at(given.document, one.path).items():
            if language != source and text.strip() and had.get(language) != text:
                yield one.path, language, text


def _is_of_today(given: Settled, before: Settled) -> bool:
    """Whether what is served is of the text that the store has; a legal document may wait at an earlier one."""
    shapes = ([(one.path, one.segments, one.layout) for one in settled.fields] for settled in (given, before))
    return next(shapes) == next(shapes)


def _is_cleared(before: Settled, laid_text: Laid) -> bool:
    """Whether the store has nothing in the place of a text; of an earlier source, it replaces nobody's words."""
    path, language, _ = laid_text
    return not text_at(before.document, path).get(language, "").strip()


def laid(document: Content, texts: tuple[Laid, ...]) -> Content:
    """A store's document with these texts put in, and their languages named in its header."""
    for path, language, text in texts:
        document = placed(document, path, language, text)
    return with_languages(document, dict.fromkeys(language for _, language, _ in texts))


def _is_as_known(record: Record, known: Known | None) -> bool:
    return known is not None and known.is_of(record.entry) and known.digest == digest(record.ref.kind, record.document)
