"""Drafts: how a document of the record store comes to be published, and what is known of it then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tm_service.domain.errors import Conflict, Refused
from tm_service.domain.findings import Finding
from tm_service.domain.records import Content, Json, RecordRef
from tm_service.domain.units import Key, Locale


class Stage(StrEnum):
    """Where a document stands on its way to readers; of a rejected draft the stage is draft again."""

    DRAFT = "draft"
    REQUESTED = "requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    REJECTED = "rejected"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"


IN_WORKFLOW = frozenset({Stage.REQUESTED, Stage.APPROVED})


@dataclass(frozen=True, slots=True)
class Clash:
    """One value that two people changed at once: what it was, what stands in the draft now, and what was refused a place.

    `path` names fields, items of lists by their identifier or, where they have none, by number; of a text by language it ends
    before the `language`. None stands for nothing. `mine_by` saved `mine`, which waits here until a person decides.
    """

    number: int
    path: Key
    language: Locale
    base: Json
    theirs: Json
    mine: Json
    mine_by: str
    at: datetime

    @property
    def place(self) -> Key:
        """The path with the language, where there is one."""
        return (*self.path, self.language) if self.language else self.path


@dataclass(frozen=True)
class Draft:
    """A document being written. `number` counts its saves and goes on from one draft of a document to the next.

    `based_on` is the revision it began from, 0 for a new document; `government` owns the document. `why` is what was said at
    the last step: the reasons of a rejection, say.
    """

    ref: RecordRef
    number: int
    based_on: int
    stage: Stage
    document: Content
    government: str
    created: datetime
    created_by: str
    at: datetime
    by: str
    requested_by: str = ""
    why: str = ""
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class DraftEntry:
    """What a list of drafts says of one; `title` is the document's by language, `locked_by` who writes in it now."""

    ref: RecordRef
    number: int
    based_on: int
    stage: Stage
    title: Content
    government: str
    at: datetime
    by: str
    locked_by: str = ""
    clashes: int = 0


@dataclass(frozen=True)
class Saved:
    """The answer to a save: the draft as it stands now, and what of this save found no place in it.

    `is_merged` says that others saved meanwhile, so that `draft.document` is not what was sent.
    """

    draft: Draft
    clashes: tuple[Clash, ...] = ()
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class DraftSave:
    """One save of a draft: who, when, on which save it was based."""

    number: int
    based_on: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Lock:
    """One person writes in a draft, until then; `id` names the lock."""

    ref: RecordRef
    id: str
    holder: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A link by which a draft may be read without an account, as it is at that time; `uses` is 0 for any number."""

    number: int
    ref: RecordRef
    by: str
    at: datetime
    until: datetime
    uses: int = 0
    used: int = 0
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A share and its token, which is told this once and kept nowhere."""

    share: Share
    token: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a document's journal: what happened, who did it, when and why.

    `revision` is the revision it made, 0 where it made none; `draft` the number of the save it speaks of.
    """

    ref: RecordRef
    stage: Stage
    at: datetime
    by: str
    why: str = ""
    revision: int = 0
    draft: int = 0


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """A numbered state of a document that never changes: published, unpublished or deleted, by whom, when and why."""

    ref: RecordRef
    number: int
    stage: Stage
    at: datetime
    by: str
    why: str
    digest: str  # SHA-256 of the content, hexadecimal


@dataclass(frozen=True)
class Revision:
    """A revision with its content; of an unpublished or deleted one, what readers had last."""

    info: RevisionInfo
    document: Content


@dataclass(frozen=True)
class Envelope:
    """What the room knows of a document: its newest revision (None before the first), its draft, its lock, its beginning."""

    ref: RecordRef
    government: str
    created: datetime
    created_by: str
    title: Content
    latest: RevisionInfo | None
    draft: DraftEntry | None
    lock: Lock | None


class Standing(StrEnum):
    """What has become of the document that a reference names."""

    CURRENT = "current"
    NEWER = "newer"  # pinned, and a newer revision is published
    BROKEN = "broken"  # never published, unpublished or deleted, or no such revision


@dataclass(frozen=True)
class Reference:
    """One published document names another: from where, to which, pinned to which revision (0: to none).

    `target` is None where the store knows no such document; `newest` is its newest published revision, 0 for none. `title` is
    that of the document at the other end, by language.
    """

    source: RecordRef
    revision: int
    path: Key
    identifier: str
    pinned: int
    target: RecordRef | None
    newest: int
    standing: Standing
    title: Content


class SpanKind(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words that stayed, came or went; the spans that stayed or went, joined, are the older text."""

    kind: SpanKind
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """What changed in one field and language: `titles` name the field and the groups it is in, as people read them."""

    path: Key
    titles: tuple[str, ...]
    language: Locale
    spans: tuple[Span, ...]

    @property
    def before(self) -> str:
        return "".join(span.text for span in self.spans if span.kind is not SpanKind.INSERTED)

    @property
    def now(self) -> str:
        return "".join(span.text for span in self.spans if span.kind is not SpanKind.DELETED)


class Held(Conflict):
    """A person has the document locked, or a workflow holds it; `lock` is None for a workflow."""

    def __init__(self, sentence: str, lock: Lock | None = None) -> None:
        super().__init__(sentence)
        self.lock = lock


class Undecided(Conflict):
    """Values that two people changed wait for a decision; each is named."""

    def __init__(self, sentence: str, clashes: Sequence[Clash]) -> None:
        super().__init__(sentence)
        self.clashes = tuple(clashes)


class Invalid(Refused):
    """A document is refused with all that is wrong in it."""

    def __init__(self, sentence: str, findings: Sequence[Finding]) -> None:
        super().__init__(sentence)
        self.findings = tuple(findings)
