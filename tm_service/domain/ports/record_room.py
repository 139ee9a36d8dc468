"""Port of the records room: everything people and clients may ask of the core record store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tm_service.domain.catalogue import Catalogue, Move, Wanted
from tm_service.domain.drafts import (
    Draft,
    DraftEntry,
    DraftSave,
    Envelope,
    FieldDifference,
    Issued,
    Lock,
    Reference,
    Revision,
    RevisionInfo,
    Saved,
    Share,
    Step,
)
from tm_service.domain.findings import Finding
from tm_service.domain.pictures import Picture
from tm_service.domain.records import Actor, Content, Json, Record, RecordEntry, RecordRef, Schema


class RecordRoom(Protocol):
    """The record store. Every verb is one transaction; raises ConnectorError where the database fails.

    A document that is not there raises NotFound in every verb that names one. What is read here is whole: confidential
    fields are taken out at the door, `shared` excepted.
    """

    # what a document may hold
    def schemas(self) -> Mapping[str, Schema]:
        """Every kind of document by its name."""

    def schema(self, kind: str) -> Schema:
        """Raises NotFound naming the kinds there are."""

    def json_schema(self, kind: str) -> Mapping[str, Json]:
        """A schema as JSON Schema 2020-12. Raises NotFound."""

    def public(self, kind: str, document: Content) -> Content:
        """A document as anybody may see it, without what is confidential. Raises NotFound for an unknown kind."""

    def cleaned(self, html: str) -> str:
        """HTML without what the allow-list does not have; the same text where nothing is to go."""

    def rich_text(self) -> Mapping[str, Sequence[str]]:
        """The elements that rich text may have, with their attributes."""

    # what is published
    def entries(self, since: datetime | None = None) -> Sequence[RecordEntry]:
        """Every published document in the order of its last change; of those changed at `since` or later where it is named.

        No two documents have the same `modified`; it is a whole millisecond.
        """

    def read(self, refs: Sequence[RecordRef]) -> Iterator[Record]:
        """The published documents of these names, in no order; what is not published is left out."""

    def published(self, ref: RecordRef) -> Record:
        """What readers have. Raises NotFound."""

    def find(self, identifier: str) -> RecordRef:
        """The document of this identifier, published or not; identifiers are unique over all kinds. Raises NotFound."""

    def envelope(self, ref: RecordRef) -> Envelope:
        """What the room knows of a document beside its content. Raises NotFound."""

    def catalogue(self, wanted: Wanted) -> Catalogue:
        """Documents and drafts, the newest change first, a page at a time."""

    def titles(self, identifiers: Sequence[str]) -> Mapping[str, Content]:
        """The titles by language of those of these documents that readers have."""

    def moves(self, ref: RecordRef, *, by: Actor) -> frozenset[Move]:
        """What somebody may do with a document as it stands now. Raises NotFound."""

    def validate(self, kind: str, document: Content) -> Sequence[Finding]:
        """Everything that is wrong with a document, by field and language. Raises NotFound for an unknown kind."""

    # publishing at once
    def put(self, ref: RecordRef, document: Content, *, based_on: int | None, by: Actor, why: str = "") -> RecordEntry:
        """Publish a document as its next revision; the same content again makes none, and the entry is the one there is.

        `based_on` is the revision that was read, 0 for a new document; None publishes over whatever there is. Languages are
        taken as sent: nothing is cleared. Raises Conflict where the revision is another one by now, Held where another
        person has it locked or a workflow holds it, NotAllowed where it takes another's approval, Invalid with every problem.
        """

    def put_all(self, documents: Iterable[tuple[RecordRef, Content]], *, by: Actor, why: str = "") -> int:
        """Publish many over whatever there is, all or none; tells how many new revisions that made. Raises as `put`."""

    def unpublish(self, ref: RecordRef, *, by: Actor, why: str) -> RevisionInfo:
        """Take a document from readers; its history stays. Raises Conflict where it is not published, Held, NotAllowed."""

    def delete(self, ref: RecordRef, *, by: Actor, why: str) -> RevisionInfo:
        """Take a document from readers for good, and its draft from its writers; its history stays and it can be restored.

        Raises Conflict where it is deleted already, Held, NotAllowed.
        """

    def restore(self, ref: RecordRef, number: int, *, by: Actor, why: str = "") -> RevisionInfo:
        """Publish the content of revision `number` as a new one; where that is what readers have, nothing new is made.

        Raises NotFound, Held, NotAllowed, Invalid where today's schema refuses it.
        """

    # history
    def revisions(self, ref: RecordRef) -> Sequence[RevisionInfo]:
        """Newest first; empty for a document that was never published. Raises NotFound."""

    def revision(self, ref: RecordRef, number: int) -> Revision:
        """One revision with its content. Raises NotFound."""

    def difference(self, ref: RecordRef, older: int, newer: int) -> Sequence[FieldDifference]:
        """What changed from one revision to another by field and language, in the order of the schema.

        0 stands for an empty document as `older`, for the draft as `newer`. Raises NotFound.
        """

    def journal(self, ref: RecordRef) -> Sequence[Step]:
        """What happened to a document, newest first. Raises NotFound."""

    # drafts
    def save_draft(
        self, ref: RecordRef, document: Content, *, based_on: int | None, by: Actor, revision: int | None = None
    ) -> Saved:
        """Save a draft, begin one where there is none, and merge what others saved since, by field and language.

        `based_on` is the number of the save whose document the writer took up last; 0 stands for the revision the draft began
        from (or for nothing, of a new document); None for what this person sent last within a day, or else 0. `revision` says
        which published revision the writer had read, where that is known and there is no save to name. What both changed is a
        clash: the draft keeps theirs, the clash keeps mine, until `decide`. The same content again makes no new number. A
        draft need not be valid. Raises Held where another person has it locked or a workflow holds it, NotAllowed, NotFound
        for a kind or a number there is not, Invalid for what is no document at all.
        """

    def decide(self, ref: RecordRef, clash: int, value: Json, *, by: Actor, over: int | None = None) -> Draft:
        """Settle a clash: this value stands in the draft (None: nothing).

        `over` is the save that was looked at, where one was. Raises NotFound, Conflict where there is a later one, where the
        clash is settled already or its place is gone, Held, NotAllowed.
        """

    def draft(self, ref: RecordRef) -> Draft:
        """The draft and its open clashes. Raises NotFound."""

    def drafts(self, by: Actor | None = None) -> Sequence[DraftEntry]:
        """The drafts that a person began or saved last, newest first; everybody's where nobody is named."""

    def saves(self, ref: RecordRef, *, by: Actor | None = None, most: int | None = None) -> Sequence[DraftSave]:
        """The saves of a document's drafts, newest first; of one person, or everybody's. Raises NotFound."""

    def saved(self, ref: RecordRef, number: int, *, as_sent: bool = False) -> Content:
        """A draft as it stood after a save, or as it was sent before others' changes were merged in. Raises NotFound."""

    def taken_up(self, ref: RecordRef, number: int) -> Content:
        """A draft as a writer took it up: after a save or, where that one is tidied away, after the last before it.

        Raises NotFound for a number there never was.
        """

    def tidy(self, before: datetime) -> int:
        """Forget autosaves from before that stand between two others of the same person in the same ten minutes.

        What clashed, all drafts and all revisions stay. A save that is gone may still be named as the one a writer took up.
        Tells how many were forgotten.
        """

    def discard(self, ref: RecordRef, *, by: Actor) -> None:
        """Give a draft up; its saves stay. Raises NotFound, Held, NotAllowed."""

    # locks
    def lock(self, ref: RecordRef, *, by: Actor, seconds: int = 300) -> Lock:
        """Keep others from saving, or hold on for longer. Raises Held where another does and it has not run out, NotAllowed."""

    def locked(self, ref: RecordRef) -> Lock | None:
        """The lock there is, unless it has run out."""

    def unlock(self, ref: RecordRef, *, by: Actor) -> None:
        """Let go; one that is not there is let go already. Raises NotAllowed but for the holder and administrators."""

    # shares
    def share(self, ref: RecordRef, *, by: Actor, seconds: int = 604_800, uses: int = 0) -> Issued:
        """A link to read the draft, as it is when it is read, until it is published or given up.

        Raises NotFound, NotAllowed.
        """

    def shared(self, token: str) -> Draft:
        """The draft a link leads to, without what is confidential; it counts as a use.

        Raises NotFound, in the same words whether the link is unknown, expired, revoked, used up or its draft gone.
        """

    def shares(self, ref: RecordRef, *, by: Actor) -> Sequence[Share]:
        """The links to a document's drafts, newest first. Raises NotAllowed."""

    def revoke(self, ref: RecordRef, share: int, *, by: Actor) -> None:
        """End a link. Raises NotFound, NotAllowed."""

    # pictures
    def add_picture(self, ref: RecordRef, content: bytes, *, by: Actor) -> Picture:
        """Keep a picture for a document, without what it says of who took it; the same bytes are kept once.

        Raises NotFound, NotAllowed, Unusable for what is no picture or too large, Conflict for too many of one person.
        """

    def picture(self, digest: str) -> Picture:
        """Raises NotFound."""

    # workflow
    def request(self, ref: RecordRef, *, by: Actor, why: str = "") -> Draft:
        """Ask for publication; nobody saves until it is answered. Raises Invalid, Undecided, Held, NotAllowed, NotFound."""

    def withdraw(self, ref: RecordRef, *, by: Actor, why: str = "") -> Draft:
        """Take a request back. Raises Conflict where there is none, NotAllowed but for who asked and administrators."""

    def approve(self, ref: RecordRef, *, by: Actor, why: str = "") -> Draft:
        """Say yes to a request. Raises Conflict where there is none, NotAllowed, also for who asked where it is national."""

    def reject(self, ref: RecordRef, *, by: Actor, why: str) -> Draft:
        """Say no, with reasons; it is a draft again. Raises Conflict where there is no request or no reason, NotAllowed."""

    def publish(self, ref: RecordRef, *, by: Actor, why: str = "") -> RecordEntry:
        """Publish the draft, brought up to the newest revision: an approved one, or one that takes nobody's approval.

        Raises Conflict where it is not approved, Undecided where the published text and the draft changed the same value (it
        is a draft again then), Invalid, Held, NotAllowed, NotFound.
        """

    # references
    def refers_to(self, ref: RecordRef, *, confidential: bool = False) -> Sequence[Reference]:
        """What a published document names, in the order of its fields; those in confidential fields where asked for."""

    def referred_by(self, identifier: str, *, confidential: bool = False) -> Sequence[Reference]:
        """The published documents that name a document, newest change first; the document itself need not be there."""
