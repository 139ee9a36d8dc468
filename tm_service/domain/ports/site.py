"""Ports of a site: its formats, its repository, and the folder that a build takes catalogs from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from tm_service.domain.findings import Finding
from tm_service.domain.serving import Served, Stamp
from tm_service.domain.units import (
    CatalogFile,
    Commit,
    Document,
    FileChange,
    Key,
    Locale,
    Resource,
    Revision,
)


class Extractor(Protocol):
    """Takes a format apart and puts it together; both in one class, so that they cannot disagree (law 5)."""

    def extract(self, document: Document, locale: Locale = "") -> Resource:
        """Every non-blank string of a source file, in file order. Raises ExtractionError.

        Here and below, `locale` is a language by the code the site uses for it: which one is meant where a file holds several,
        and what plural forms and headers are written for. It may be empty where a file holds one language and names none.
        """

    def read(self, document: Document, locale: Locale = "") -> CatalogFile:
        """What a translated file says, blank values included. Raises ExtractionError."""

    def merge(
        self, resource: Resource, served: Mapping[Key, Served], stamp: Stamp | None = None, locale: Locale = ""
    ) -> bytes:
        """The source file with these values put in; nothing served and no stamp gives the same bytes."""


class Compiler(Protocol):
    """What an extractor also is whose catalogs a runtime loads in another form, such as `.mo` for `.po`."""

    def compile(self, catalog: bytes) -> bytes:
        """That form of a catalog."""


class ExtractionId(NamedTuple):
    """What decides how a file is taken apart: its path, its blob, extractor and dialect, and the source's code."""

    path: str
    blob: str
    extractor: str
    dialect: str
    code: str


class Extractions(Protocol):
    """Files taken apart, kept from one command to the next. Nothing is lost where it forgets."""

    def get(self, ids: Sequence[ExtractionId]) -> Mapping[ExtractionId, Resource]:
        """The resources of these ids, as far as they are kept; their documents are still empty."""

    def counts(self, ids: Sequence[ExtractionId]) -> Mapping[ExtractionId, int]:
        """How many units each of these has, as far as they are kept."""

    def put(self, found: ExtractionId, resource: Resource) -> None:
        """Keep a resource; it is written by `flush`."""

    def flush(self) -> None:
        """Write what was put."""


class SiteConnector(Protocol):
    """A site's repository: revisions read from the object database, catalogs written as one commit."""

    def resolve(self, ref: str) -> Revision:
        """A branch, tag or commit id; empty means the site's branch. Raises NotFound."""

    def files(self, revision: str) -> Mapping[str, str]:
        """Path to blob id of every regular file; links and submodules are left out."""

    def read(self, blob: str) -> bytes:
        """The bytes of a blob."""

    def size(self, blob: str) -> int:
        """The size of a blob in bytes, without reading it."""

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """Paths that differ between two revisions, sorted; renames as one path removed, one added."""

    def history(self, head: str, seen: Collection[str] = ()) -> Iterator[Commit]:
        """First-parent history up to `head`, oldest first, leaving out what the seen revisions already reach."""

    def tags(self, pattern: str = "*") -> tuple[Revision, ...]:
        """Tags by glob, in order of their commits' times, then of their names."""

    def commit(
        self,
        onto: Revision,
        files: Mapping[str, bytes],
        *,
        branch: str,
        message: str,
        at: datetime,
        push: bool,
        after: str = "",
    ) -> Revision:
        """One commit on `onto` with these files, on `branch`.

        A branch of its own for catalogs stands at the commit made last time, `after`: it goes on from there and from
        `onto`, without any text being merged. Raises Conflict where the branch holds what is in neither.
        """

    def findings(self) -> tuple[Finding, ...]:
        """What this clone lacks: shallow history, for instance."""

    def refresh(self) -> None:
        """Fetch what the remote has by now."""

    def close(self) -> None:
        """End what was opened."""


class Checkout(Protocol):
    """A folder that catalogs are written into at build time."""

    def write(self, folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Write what differs, each file atomically; returns the paths that changed."""
