"""Catalogue: what a list of the record store's documents asks for, and what it says of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tm_service.domain.drafts import DraftEntry, Stage
from tm_service.domain.records import Content, RecordRef


class Shown(StrEnum):
    """Which documents a list shows."""

    ALL = "all"
    DRAFTS = "drafts"  # those that somebody writes
    MINE = "mine"  # whose draft the asker began or saved last
    OTHERS = "others"  # whose draft others write
    REQUESTED = "requested"  # those that wait for an answer
    CLASHES = "clashes"  # those in which two people changed the same
    PUBLISHED = "published"  # what readers have, whoever owns it; of drafts nothing is said


class Move(StrEnum):
    """What somebody may do with a document as it stands."""

    WRITE = "write"
    REQUEST = "request"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: `text` stands in a title, `kinds` are schemas; `after` is the last document of the page before.

    Documents that are no articles are listed where they are of the `government`, or begun by the person `by`; an administrator
    sees all of them.
    """

    kinds: frozenset[str]
    by: str
    government: str = ""
    whole: bool = False
    text: str = ""
    shown: Shown = Shown.ALL
    after: str = ""
    most: int = 50


@dataclass(frozen=True)
class DocumentEntry:
    """A document as one line of a list: its newest revision, how that ended (None before the first), its draft."""

    ref: RecordRef
    title: Content
    revision: int
    stage: Stage | None
    changed: datetime
    draft: DraftEntry | None


@dataclass(frozen=True)
class Catalogue:
    """Some documents, the newest change first; `following` is the last of them where there are more."""

    entries: tuple[DocumentEntry, ...]
    following: str
