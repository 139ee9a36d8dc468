"""Reading: a site's files at a revision, taken apart; an unchanged file is never parsed twice."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.ports import ExtractionId, Extractions, Extractor, Matcher, SiteConnector
from tm_service.domain.site import ContentRule, Site
from tm_service.domain.units import CatalogFile, Document, Locale, Resource, Revision, Snapshot

_KEPT = 8192  # files taken apart that stay in memory
_REVISIONS = 2  # whose listings stay in memory

Name = TypeVar("Name", bound=tuple[str, ...])
Parsed = TypeVar("Parsed")


class Unreadable(Exception):
    """A file that gives a finding instead of a resource."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _Kept(Document):
    """A file that was taken apart before: its bytes are read where they are needed, which is mostly never."""

    __slots__ = ("_read",)
    _read: Callable[[], bytes]

    def __init__(self, path: str, read: Callable[[], bytes]) -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "_read", read)

    @property
    def content(self) -> bytes:
        return self._read()


class SiteReader:
    """A site seen through its connector, its extractors and the memory; files taken apart are kept by path and blob id."""

    def __init__(
        self,
        site: Site,
        connector: SiteConnector,
        extractor: Callable[[str, str], Extractor],
        match: Matcher,
        kept: Extractions | None = None,
    ) -> None:
        self.site, self.connector, self.match = site, connector, match
        self._store = kept
        self._extractor = extractor
        self._extractors: dict[tuple[str, str], Extractor] = {}
        self._resources: OrderedDict[tuple[str, str], Resource | Unreadable] = OrderedDict()
        self._catalogs: OrderedDict[tuple[str, str, str], CatalogFile | Unreadable] = OrderedDict()
        self._sources: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    def extractor(self, rule: ContentRule) -> Extractor:
        return self._made(rule.extractor, rule.dialect)

    def _made(self, name: str, dialect: str) -> Extractor:
        if (name, dialect) not in self._extractors:
            self._extractors[name, dialect] = self._extractor(name, dialect)
        return self._extractors[name, dialect]

    def resource(self, path: str, blob: str) -> Resource:
        """A source file taken apart. Raises Unreadable."""
        return _kept(self._resources, (path, blob), lambda: self._extracted(path, blob), path)

    def _extracted(self, path: str, blob: str) -> Resource:
        wanted = self._id(path, blob)
        found = self._store.get([wanted]).get(wanted) if self._store else None
        if found is not None:
            return self._recalled(wanted, found)
        made = self._made(wanted.extractor, wanted.dialect).extract(self._document(path, blob), wanted.code)
        if self._store:
            self._store.put(wanted, made)
        return made

    def _recalled(self, one: ExtractionId, found: Resource) -> Resource:
        return replace(found, document=_Kept(one.path, lambda: self.connector.read(one.blob)))

    def _id(self, path: str, blob: str) -> ExtractionId:
        rule = self.site.rule(path)
        if rule is None:
            raise ValueError(f"No content rule matches {path}.")
        return ExtractionId(path, blob, rule.extractor, rule.dialect, self.site.code(self.site.source))

    def count(self, files: Mapping[str, str]) -> int:
        """How many units these source files have, by path and blob id; what cannot be read has none."""
        ids = {self._id(path, blob): (path, blob) for path, blob in files.items()}
        known = self._store.counts(list(ids)) if self._store else {}
        total = sum(known.values())
        for path, blob in (ids[one] for one in ids if one not in known):
            with suppress(Unreadable):
                total += len(self.resource(path, blob).units)
        return total

    def catalog(self, path: str, blob: str, rule: ContentRule, locale: Locale) -> CatalogFile:
        """A translated file read for a locale. Raises Unreadable."""
        read, code = self.extractor(rule).read, self.site.code(locale)
        return _kept(self._catalogs, (path, blob, code), lambda: read(self._document(path, blob), code), path)

    def _document(self, path: str, blob: str) -> Document:
        size, limit = self.connector.size(blob), self.site.largest_file
        if size > limit:
            sentence = (
                f"{path} has {size:,} bytes, more than the {limit:,} that are read; raise `largest_file` or split it."
            )
            raise Unreadable(Finding("size", Severity.WARNING, sentence, path=path))
        return Document(path, self.connector.read(blob))

    def sources(self, revision: str) -> Mapping[str, str]:
        """Paths and blob ids of the site's source files at a revision."""
        if revision not in self._sources:
            files = self.connector.files(revision)
            self._sources[revision] = {path: blob for path, blob in files.items() if self.site.rule(path)}
            while len(self._sources) > _REVISIONS:
                self._sources.popitem(last=False)
        return self._sources[revision]

    def snapshot(self, revision: Revision, only: Collection[str] | None = None) -> Snapshot:
        """The source side of the site at a revision, or some of its files."""
        resources, findings = {}, list(self.connector.findings())
        wanted = {path: blob for path, blob in self.sources(revision.id).items() if only is None or path in only}
        self._recall(wanted)
        for path, blob in sorted(wanted.items()):
            try:
                resources[path] = self.resource(path, blob)
            except Unreadable as unreadable:
                findings.append(unreadable.finding)
        findings += [finding for resource in resources.values() for finding in resource.findings]
        return Snapshot(revision, resources, tuple(findings))

    def _recall(self, files: Mapping[str, str]) -> None:
        """Take up together what was kept of these files, so that they are not asked for one by one."""
        if self._store is None:
            return
        ids = [self._id(path, blob) for path, blob in files.items() if (path, blob) not in self._resources]
        for one, found in self._store.get(ids).items():
            self._resources[one.path, one.blob] = self._recalled(one, found)


def _kept(
    cache: OrderedDict[Name, Parsed | Unreadable],
    name: Name,
    parse: Callable[[], Parsed],
    path: str,
) -> Parsed:
    if name in cache:
        cache.move_to_end(name)
    else:
        try:
            cache[name] = parse()
        except ExtractionError as error:
            cache[name] = Unreadable(Finding("extraction", Severity.ERROR, str(error), path=path))
        except Unreadable as unreadable:
            cache[name] = unreadable
        while len(cache) > _KEPT:
            cache.popitem(last=False)
    found = cache[name]
    if isinstance(found, Unreadable):
        raise found
    return found
