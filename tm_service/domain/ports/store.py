"""Ports of the store: where the house remembers, one transaction at a time, and the shelves that a memory is read from."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from tm_service.domain.audit import Head, Line, Verdict
from tm_service.domain.deliveries import DeliveryStatus, Posting
from tm_service.domain.deployments import Deployment, PageRef, PageSpan
from tm_service.domain.figures import Figures, Packaged
from tm_service.domain.jobs import Job, JobKind, JobStatus
from tm_service.domain.packages import Package, PackageStatus, Question, Receipt
from tm_service.domain.ports.desk import DeskRows
from tm_service.domain.ports.kept_answers import AnswerRows
from tm_service.domain.ports.register import RegisterRows
from tm_service.domain.ports.uploads import UploadRows
from tm_service.domain.ports.webhooks import WebhookRows
from tm_service.domain.serving import Translation, Waiver
from tm_service.domain.terms import Term
from tm_service.domain.units import (
    Commit,
    FileChange,
    Key,
    Locale,
    UnitId,
)


class Transaction(WebhookRows, AnswerRows, UploadRows, RegisterRows, DeskRows, Protocol):
    """One unit of work over the store; all of it is kept, or nothing."""

    # translations
    def append(self, translations: Iterable[Translation]) -> int:
        """Append what is new; a translation already there is not written twice. Returns how many were new."""

    def retire(self, memory: str, numbers: Iterable[int], *, by: str, at: datetime, reason: str) -> int:
        """Take pairs of a memory out of use for good; they stay where they are. Returns how many were not retired before.

        What was retired by mistake is appended again, with a reference that says so. Numbers of other memories are left out.
        """

    def retired_among(self, numbers: Collection[int]) -> frozenset[int]:
        """Those of these translations that are retired."""

    def sequence(self) -> int:
        """The number of the newest translation of any site."""

    def own(
        self, site: str, locale: Locale, units: Collection[UnitId], *, retired: bool = False
    ) -> Mapping[UnitId, Sequence[Translation]]:
        """The translations of these units, oldest first; with `retired`, those taken out of use as well."""

    def exact(
        self, site: str, locale: Locale, fingerprints: Collection[str], *, source: Locale | None = None
    ) -> Mapping[str, Sequence[Translation]]:
        """The accepted translations of these source texts wherever they stand, oldest first; retired ones left out.

        Where `source` is named, only those made from that language: "red" is a colour in English and a net in Spanish.
        """

    def touched(self, site: str, since: int) -> Mapping[Locale, frozenset[str]]:
        """Resources with translations of their own that came, or were retired, after a sequence number, by locale."""

    def numbered(self, numbers: Collection[int]) -> Mapping[int, Translation]:
        """Translations by number, retired ones as well: what is served can be explained; unknown numbers are left out."""

    def helped(self, site: str, since: int) -> Mapping[Locale, frozenset[str]]:
        """Resources with a unit not served its own current translation, whose source text got, or lost, one after `since`."""

    def memory_size(self) -> tuple[int, int]:
        """Entries and bytes of text in the memory."""

    # terms
    def append_terms(self, terms: Iterable[Term]) -> int:
        """Append what says something new of a term and its target; its newest row counts. Returns how many were new."""

    def retire_terms(self, memory: str, numbers: Collection[int], *, by: str, at: datetime) -> int:
        """Take terms of a memory out of use until they are appended again. Returns how many were in use."""

    def terms(self, memory: str, source: Locale, target: Locale) -> Sequence[Term]:
        """The terms in use from one language to another, oldest first."""

    # sources
    def learn_sources(self, site: str, units: Iterable[tuple[UnitId, str]]) -> None:
        """Remember the source text a unit has now; a text that returns becomes the newest again."""

    def sources(self, site: str, resource: str) -> Mapping[Key, Sequence[str]]:
        """Every source text each key of a resource ever had, oldest first."""

    def source_paths(self, site: str) -> frozenset[str]:
        """Every resource that ever held sources."""

    def leave_unclaimed(self, site: str, name: str, commit: Commit, change: FileChange) -> None:
        """Remember a delivered file that no source claims yet, under the file name a source would have."""

    def claim(self, site: str, names: Collection[str]) -> Sequence[Commit]:
        """The unclaimed deliveries for sources of these names, oldest first, one file each."""

    def claimed(self, site: str, path: str) -> None:
        """A delivery found its source."""

    def learned(self, site: str) -> str:
        """The revision up to which catalogs were learned, or empty."""

    def set_learned(self, site: str, revision: str) -> None: ...

    def trace(self, site: str, moves: Mapping[UnitId, UnitId]) -> None:
        """Remember which unit each moved unit was."""

    def lineage(self, site: str, units: Collection[UnitId]) -> Mapping[UnitId, UnitId]:
        """Predecessors of these units, where they moved."""

    # deployments
    def latest(self, site: str) -> Deployment | None: ...

    def deployment(self, site: str, number: int) -> Deployment:
        """Raises NotFound."""

    def deployments(
        self, site: str, *, before: int = 0, most: int | None = None, only: Collection[int] | None = None
    ) -> Sequence[Deployment]:
        """Newest first; all, or so many, or those before a number; or those of these numbers that there are."""

    def pages(
        self,
        site: str,
        number: int,
        only: Iterable[tuple[Locale, str]] | None = None,
        *,
        incomplete: bool = False,
        locale: Locale = "",
    ) -> Sequence[PageRef]:
        """Pages of a deployment by locale and resource: all, some, of one locale, or those that could become better."""

    def pages_between(self, site: str, before: int, now: int) -> Sequence[tuple[tuple[Locale, str], str, str]]:
        """Pages that differ between two deployments, with the digests of their decisions, "" where one has no such page."""

    def page_spans(
        self, site: str, pages: Iterable[tuple[Locale, str]], since: int, to: int
    ) -> Mapping[tuple[Locale, str], Sequence[PageSpan]]:
        """What these pages were from one deployment to another, both included, newest first; not there between two spans."""

    def save_deployment(
        self,
        entry: Deployment,
        changed: Sequence[PageRef],
        gone: Sequence[tuple[Locale, str]],
        lacks: Mapping[tuple[Locale, str], frozenset[str]],
    ) -> None:
        """Append a deployment and point served at it (law 10); pages not named stay as they were.

        `lacks` are, by changed page, the source fingerprints that a newer translation could help.
        Raises Conflict where another deployment came first.
        """

    def is_catalog(self, site: str, digest: str) -> bool:
        """Whether these bytes were ever deployed as a catalog of the site; SHA-256, hexadecimal."""

    def set_commit(self, site: str, number: int, commit: str) -> None:
        """Remember the commit that carries a deployment's catalogs."""

    def put_blobs(self, contents: Iterable[bytes]) -> Sequence[str]:
        """Keep bytes under their SHA-256 digests, the same bytes once."""

    def blobs(self, digests: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes under these digests. Raises NotFound."""

    # packages and returns
    def next_package(self, site: str, count: int = 1) -> int:
        """The first of so many numbers in a row that no package of the site has, and none will get but by this answer."""

    def save_package(self, package: Package) -> None:
        """Insert or update a package and the `done` marks of its units."""

    def package(self, package_id: str) -> Package:
        """Raises NotFound."""

    def packages(
        self, site: str, *, open_only: bool = False, locales: Collection[Locale] | None = None
    ) -> Sequence[Package]:
        """Newest first; of all locales, or of these."""

    def package_places(self, site: str) -> Sequence[tuple[str, Locale, PackageStatus]]:
        """Ids of a site's packages, their locales and where they stand, without their units; newest first."""

    def out(self, site: str) -> Sequence[tuple[Locale, str, str]]:
        """Locale, resource and source of every unit that translators have and readers do not see translated from it."""

    def keep_file(self, package_id: str, name: str, content: bytes) -> None:
        """Keep the bytes handed off, for downloading again."""

    def files(self) -> Sequence[tuple[str, str]]:
        """Package and name of everything that was handed off and is kept."""

    def file(self, package_id: str) -> tuple[str, bytes]:
        """Name and bytes of what was handed off. Raises NotFound."""

    def receipt(self, digest: str) -> Receipt | None:
        """The answer already given to these bytes."""

    def receipts(self, content: str) -> Sequence[Receipt]:
        """The answers already given to an upload by the digest of its bytes (SHA-256), one for each package it returned."""

    def receipts_of(self, site: str) -> Sequence[tuple[Locale, Receipt]]:
        """The receipts of a site with their packages' locales, without findings; newest first."""

    def save_receipt(self, site: str, receipt: Receipt, content: bytes) -> None: ...

    def ask(self, questions: Iterable[Question]) -> int:
        """Keep what translators asked; the same question once. Returns how many were new."""

    def questions(self, site: str) -> Sequence[Question]:
        """Oldest first."""

    # the outbox
    def save_posting(self, posting: Posting) -> None:
        """Insert or update what is known of a delivery."""

    def posting(self, posting_id: str) -> Posting | None: ...

    def postings(self, site: str = "", *, statuses: Collection[DeliveryStatus] = ()) -> Sequence[Posting]:
        """Deliveries of a site, or of all; of some statuses, or of all; oldest first."""

    def revisions(self) -> Collection[str]:
        """The commits of all sites that something here was made from."""

    # people's decisions
    def add_waiver(self, waiver: Waiver) -> None: ...

    def waivers(self, site: str) -> Sequence[Waiver]: ...

    # the journal
    def note(self, site: str, verb: str, details: Mapping[str, object], at: datetime) -> None:
        """Append to the journal: what was done, when; by whom, from where and why says `audit.acting`.

        People whom details name under "by" or "person" stand there under pseudonyms, as the caller does.
        """

    def audit(
        self, site: str = "", since: int = 0, limit: int = 100, *, name: str = "", before: int | None = None
    ) -> Sequence[Line]:
        """Entries with a number above `since`, oldest first: of a site or of all, by the caller of a name or by all.

        With `before` those below that number, newest first.
        """

    def noted(self, site: str, verbs: Collection[str], most: int, *, skip: int = 0) -> Sequence[Line]:
        """The newest entries of a site that say one of these verbs, newest first, after those that are skipped."""

    def newest_entry(self, site: str) -> int:
        """The number of a site's newest entry, 0 where it has none: whatever changes a site adds one."""

    def audit_head(self) -> Head:
        """The newest entry by number and hash, to be kept where nobody who may write here may write."""

    def verify_audit(self, published: Collection[Head] = ()) -> Verdict:
        """Whether every entry follows the one before it, and published heads are among them; entries are read in chunks."""

    def erase_name(self, name: str, at: datetime) -> int:
        """Forget a name, and the addresses it came from, wherever the journal has them; the chain holds, and this is noted.

        Returns how many pseudonyms name nobody any more.
        """

    # jobs
    def ask_job(self, job: Job) -> Job:
        """Remember a job; the one that has its key already, where it asks for the same. Raises Conflict where it does not."""

    def take_job(self, worker: str, now: datetime, lease: timedelta, kinds: Collection[JobKind]) -> Job | None:
        """The job of these kinds to do next, under a lease of its own; None where none is due.

        What a lost worker left comes first. Of one site one job runs at a time, and its parts each in a lane of their own.
        """

    def hold_job(self, job_id: str, attempt: int, until: datetime) -> None:
        """Tie this transaction to an attempt: its lease is prolonged, and what is noted is remembered as its effect.

        Raises LostLease where the attempt is over, Cancelled where a person took the job back.
        """

    def tell_job(self, job_id: str, attempt: int, done: int, total: int) -> None:
        """How far an attempt is; nothing where it is over."""

    def save_job(self, job: Job, attempt: int) -> None:
        """Keep what was decided of a job whose last attempt was this one; a part's job ends with the last of its parts.

        Raises LostLease where there was another since.
        """

    def save_parts(self, parts: Sequence[Job]) -> None:
        """Keep parts of a job, new or as they are now, in the transaction in which the job is parted or taken back."""

    def job(self, job_id: str) -> Job:
        """Raises NotFound."""

    def jobs(
        self,
        site: str = "",
        *,
        kinds: Collection[JobKind] = (),
        statuses: Collection[JobStatus] = (),
        before: str = "",
        most: int = 50,
    ) -> Sequence[Job]:
        """Jobs of a site, or of all; of some kinds and statuses, or of all; newest first, no effects. `before` is an id.

        Parts of jobs are not among them. Raises NotFound where no job has the id.
        """

    def forget_jobs(self, by: str, before: datetime) -> int:
        """Forget what was asked for by one and done before a moment, and what it changed; how many jobs there were."""

    # figures
    def figures(self, now: datetime) -> Figures:
        """What those who watch the house count."""

    def packaged(self, known: Collection[str] = ()) -> Mapping[str, Packaged]:
        """Packages by their ids, without those known already: what a package holds stays as it is."""

    def rehearse(self) -> None:
        """Undo everything of this transaction when it ends: the real thing, without consequences."""


class Shelf(Protocol):
    """The pairs of one memory in one language pair, in either direction; what the memory room reads, and all it needs.

    A shelf read against the direction its pairs were made in gives them turned round: source and target, their languages and
    the fingerprint exchanged. Only accepted targets that are text stand on it.
    """

    @property
    def identity(self) -> str:
        """Names the store, the memory and the direction; an index made from another store is not this one's."""

    def position(self) -> tuple[int, int]:
        """How far it has come: the newest number, and how many retirements there were."""

    def added(self, since: int = 0) -> Iterator[Translation]:
        """Pairs with a number above `since` that are not retired, in order; streamed.

        Who asks for the position first, then for what was added, then for what was retired, misses nothing that came
        meanwhile: a pair retired before it was read is not among the added, and its number among the retired does no harm.
        """

    def texts(self, since: int = 0) -> Iterator[tuple[int, str]]:
        """Number and source as read of what `added` gives, in order; streamed, several times as quick."""

    def retired(self, since: int = 0) -> Sequence[int]:
        """Numbers of pairs retired after the first `since` retirements, in order."""

    def entries(self, numbers: Collection[int]) -> Mapping[int, Translation]:
        """Pairs by number; retired and unknown ones are left out."""

    def exact(self, fingerprints: Collection[str]) -> Mapping[str, Sequence[Translation]]:
        """Pairs by the fingerprint of their source as read, oldest first; retired ones left out."""


class Turn(Enum):
    """Whom a writer waits for: the others of the same turn. Taken in this order, where several are."""

    HOUSE = "house"  # everything that is not named below
    RECORDS = "records"  # the tables of the records room
    DESK = "desk"  # wordings of targets, which are only ever added


class Store(Protocol):
    """Where the house remembers."""

    def begin(self, turn: Turn = Turn.HOUSE) -> AbstractContextManager[Transaction]:
        """A transaction that commits when its block ends well and leaves nothing otherwise.

        Who takes another turn than the house's writes nothing else; what it reads beside that may have changed by its end.
        """

    def read(self) -> AbstractContextManager[Transaction]:
        """A transaction that only reads and never waits for a writer."""

    def shelf(self, memory: str, source: Locale, target: Locale) -> Shelf:
        """The pairs of a memory in a language pair, made in either direction; opens transactions of its own."""

    def migrate(self) -> None:
        """Bring the tables to the newest version; harmless when they are."""
