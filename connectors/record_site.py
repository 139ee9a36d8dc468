"""Record site: a record store as a site: our own copy of it in a git repository, and our translations written back to it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from connectors.git_addresses import checked_ref
from connectors.git_site import GitSite
from connectors.mirror import Busy, Mirror
from connectors.record_push import Push
from connectors.record_sync import Caution, Remember, Settle, Sync
from tm_service.domain.articles import path_of
from tm_service.domain.errors import ConfigurationError, ConnectorError
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.ports.records import RecordStore
from tm_service.domain.records import Record
from tm_service.domain.units import Commit, FileChange, Locale, Revision

PATIENCE = 60.0  # seconds


def _now() -> datetime:
    return datetime.now(UTC)


def _nothing(_path: str) -> None:
    return None


class RecordSite:
    """A record store, read and written through the mirror in `folder`; threads may share it.

    `settle` makes of the bytes that stand there (None: nothing) and of a document what stands there next. Where nothing stands
    there, `remember` may know by its path what readers last saw of it: a mirror that was lost is made anew with the same
    segment ids. `source` is the language that is never written back. `patience` is how many seconds another process's sync
    is waited for.
    """

    def __init__(
        self,
        store: RecordStore,
        folder: Path,
        settle: Settle,
        branch: str = "main",
        *,
        source: Locale = "en",
        remember: Remember = _nothing,
        caution: Caution = Caution(),  # noqa: B008 - frozen
        clock: Callable[[], datetime] = _now,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._settle = settle
        self._remember = remember
        self._branch = checked_ref(branch)
        self._source = source
        self._caution = caution
        self._clock = clock
        self._patience = patience
        self._mirror = Mirror(folder, branch)
        self._copy = GitSite(str(self._mirror.repository), branch=branch, cache=folder)
        self._lock = RLock()
        self._findings: tuple[Finding, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End git's processes and the store's connections."""
        self._copy.close()
        self._mirror.close()
        self._store.close()

    def refresh(self) -> None:
        """Sync. Where the store fails, what there was at the last sync is used, and a finding says so.

        Raises ConnectorError where no sync ever came to its end: there would be documents missing.
        """
        try:
            with self._mirror.alone(self._patience):
                sync = Sync(
                    self._store, self._mirror, self._site, self._settle, self._remember, self._caution, self._clock
                )
                self._say(sync.run())
        except ConnectorError as error:
            if not self._mirror.is_whole():
                raise
            said = "{reason} The site goes on with what it has of {at}."
            at = self._site.resolve("").at.strftime("%Y-%m-%d %H:%M UTC")
            self._say((found("store", Severity.WARNING, said, reason=error, at=at),))

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
        """Write the translations that differ from those at `onto` into the store, and commit what was written.

        What the store did not take is told by `findings`; `onto` comes back where nothing was written. Without `push` it is a
        commit on a branch of its own, which no sync touches and of which the store learns nothing. Raises ConfigurationError
        for another branch of the store, and for a commit without `push` onto the branch that mirrors it.
        """
        mirrored = branch in ("", self._branch)
        if push != mirrored:
            raise ConfigurationError(
                f"A record store has one branch, '{self._branch}', and a push alone writes to it; mend `push_branch`."
            )
        if not push:
            return self._site.commit(onto, files, branch=branch, message=message, at=at, push=False, after=after)
        try:
            with self._mirror.alone(self._patience):
                before = self._mirror.tip()
                writing = Push(self._store, self._mirror, self._site, self._source, self._clock)
                self._say((*self.findings(), *writing.run(onto.id, files, message, at)))
                return onto if self._mirror.tip() == before else self._site.resolve("")
        except Busy as busy:
            said = "{reason} Nothing was written to the store; the next deployment writes it."
            self._say((*self.findings(), found("store", Severity.WARNING, said, reason=busy)))
            return onto

    def findings(self) -> tuple[Finding, ...]:
        """What the last sync and the last push left for a person."""
        with self._lock:
            return self._findings

    def resolve(self, ref: str) -> Revision:
        """A revision of the mirror. Raises NotFound."""
        return self._site.resolve(ref)

    def files(self, revision: str) -> Mapping[str, str]:
        """Path to blob id of every document of a revision."""
        return self._site.files(revision)

    def settled(self, record: Record) -> bytes:
        """A document as it would be settled were it published as it is; nothing is kept."""
        path = path_of(record.ref)
        blob = self._site.files(self._site.resolve("").id).get(path)
        return self._settle(self._site.read(blob) if blob else self._remember(path), record)

    def read(self, blob: str) -> bytes:
        """A settled document. Raises NotFound."""
        return self._site.read(blob)

    def size(self, blob: str) -> int:
        """Its size in bytes, without reading it."""
        return self._site.size(blob)

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """Documents that differ between two revisions."""
        return self._site.changes(base, head)

    def history(self, head: str, seen: Collection[str] = ()) -> Iterator[Commit]:
        """The commits up to `head`, oldest first: who changed what in the store."""
        return self._site.history(head, seen)

    def tags(self, pattern: str = "*") -> tuple[Revision, ...]:
        """Tags that people set in the mirror."""
        return self._site.tags(pattern)

    @property
    def _site(self) -> GitSite:
        self._mirror.prepare()
        return self._copy

    def _say(self, findings: tuple[Finding, ...]) -> None:
        with self._lock:
            self._findings = findings
