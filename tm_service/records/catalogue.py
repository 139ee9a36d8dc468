"""Catalogue: documents and drafts in one list, searched by title and read a page at a time."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Text, and_, case, func, or_, select, type_coerce

from tm_service.database.rows import chunks
from tm_service.domain.catalogue import Catalogue, DocumentEntry, Move, Shown, Wanted
from tm_service.domain.drafts import IN_WORKFLOW, DraftEntry, Stage
from tm_service.domain.errors import NotAllowed
from tm_service.domain.records import ARTICLE, Actor, Content, RecordRef
from tm_service.records.base import Base, Work
from tm_service.records.rights import is_administrator
from tm_service.records.rows import CHUNK
from tm_service.records.tables import clash, document, draft, lock

_CHANGED: ColumnElement[Any] = case((draft.c.at > document.c.modified, draft.c.at), else_=document.c.modified)
_WAITING = (
    select(func.count())
    .where(clash.c.identifier == document.c.identifier, clash.c.decided_at.is_(None))
    .scalar_subquery()
)
_SAID_OF_DRAFTS = (
    _CHANGED.label("changed"),
    draft.c.number,
    draft.c.based_on,
    draft.c.stage.label("draft_stage"),
    draft.c.title.label("draft_title"),
    draft.c.at,
    draft.c.by,
    _WAITING.label("waiting"),
)


class Cataloguing(Base):
    def moves(self, ref: RecordRef, *, by: Actor) -> frozenset[Move]:
        with self.reading() as work:
            row, draft_row = work.known(ref), work.draft_row(ref)
            content = work.content(draft_row["digest"] if draft_row is not None else row["digest"])
            owned = self.owned(ref, row, content, by)
            asked_by = draft_row["requested_by"] if draft_row is not None else ""
        stage = Stage(draft_row["stage"]) if draft_row is not None else None
        asked: dict[Move, Callable[[], None]] = {}
        if stage not in IN_WORKFLOW:
            asked[Move.WRITE] = lambda: owned.writing(by)
        if stage is Stage.DRAFT:
            asked |= {Move.REQUEST: lambda: owned.writing(by), Move.PUBLISH: lambda: owned.publishing(by)}
        if stage is Stage.REQUESTED:
            asked[Move.APPROVE] = lambda: owned.approving(by, asked_by)
        if stage is Stage.APPROVED:
            asked[Move.PUBLISH] = lambda: owned.approving(by, "")
        if stage in IN_WORKFLOW:
            asked[Move.REJECT] = lambda: owned.approving(by, "")
        found = {move for move, may in asked.items() if _may(may)}
        if stage in IN_WORKFLOW and (by.name == asked_by or is_administrator(by)):
            found.add(Move.WITHDRAW)
        return frozenset(found)

    def catalogue(self, wanted: Wanted) -> Catalogue:
        with self.reading() as work:
            found = _found(work, wanted)
        shown = tuple(found[: wanted.most])
        following = shown[-1].ref.identifier if len(found) > wanted.most else ""
        return Catalogue(shown, following)

    def titles(self, identifiers: Sequence[str]) -> Mapping[str, Content]:
        query = select(document.c.identifier, document.c.title).where(document.c.stage == Stage.PUBLISHED.value)
        with self.reading() as work:
            asked = (query.where(document.c.identifier.in_(chunk)) for chunk in chunks(identifiers, CHUNK))
            return {name: title for each in asked for name, title in work.connection.execute(each)}


def _may(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except NotAllowed:
        return False
    return True


def _found(work: Work, wanted: Wanted) -> list[DocumentEntry]:
    """One more than a page holds, where there are more."""
    query = _query(wanted, document, *_SAID_OF_DRAFTS, _holder(work)).limit(wanted.most + 1)
    if wanted.text.strip():
        query = query.where(document.c.identifier.in_(_titled(work, wanted)))
    else:
        query = query.where(*_behind(work, wanted.after))
    return [_entry(row, wanted) for row in work.connection.execute(query).mappings()]


def _titled(work: Work, wanted: Wanted) -> list[str]:
    """Those with the text in a title; a database finds it also in the names of languages, which are no part of one."""
    looked_for, is_public = wanted.text.casefold().strip(), wanted.shown is Shown.PUBLISHED
    titles = (document.c.title,) if is_public else (document.c.title, draft.c.title)
    asked = _query(wanted, document.c.identifier, document.c.title, draft.c.title.label("draft_title"))
    asked = asked.where(or_(*_holding(wanted.text.strip(), *titles)), *_behind(work, wanted.after))
    rows = work.connection.execute(asked)
    named = (
        identifier
        for identifier, title, drafted in rows
        if any(looked_for in str(said).casefold() for said in (*_shown(title, drafted, wanted).values(), identifier))
    )
    found = list(islice(named, wanted.most + 1))
    rows.close()
    return found


def _shown(title: Content | None, drafted: Content | None, wanted: Wanted) -> Content:
    """The title of the draft, where there is one and it may be told."""
    return (drafted if wanted.shown is not Shown.PUBLISHED else None) or title or {}


def _holder(work: Work) -> ColumnElement[Any]:
    held = select(lock.c.holder).where(lock.c.identifier == document.c.identifier, lock.c.until > work.now())
    return held.scalar_subquery().label("holder")


def _query(wanted: Wanted, *columns: Any) -> Select[Any]:
    joined = document.outerjoin(draft, draft.c.identifier == document.c.identifier)
    query = select(*columns).select_from(joined).where(*_conditions(wanted))
    return query.order_by(_CHANGED.desc(), document.c.identifier.desc())


def _behind(work: Work, after: str) -> Iterator[ColumnElement[bool]]:
    """What follows on a document in the order of a list."""
    joined = document.outerjoin(draft, draft.c.identifier == document.c.identifier)
    last = select(_CHANGED, document.c.identifier).select_from(joined).where(document.c.identifier == after)
    row = work.connection.execute(last).one_or_none() if after else None
    if row:
        at, identifier = row
        yield or_(at > _CHANGED, and_(at == _CHANGED, document.c.identifier < identifier))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield document.c.kind.in_(sorted(wanted.kinds))
    if wanted.shown is Shown.PUBLISHED:
        yield document.c.stage == Stage.PUBLISHED.value
        return
    is_there = document.c.stage.in_([Stage.PUBLISHED.value, Stage.UNPUBLISHED.value])
    yield or_(is_there, draft.c.identifier.is_not(None))
    if not wanted.whole:
        ours = and_(document.c.government == wanted.government, document.c.government != "")
        yield or_(document.c.kind == ARTICLE, ours, document.c.created_by == wanted.by)
    mine = or_(draft.c.by == wanted.by, draft.c.created_by == wanted.by)
    if wanted.shown is not Shown.ALL:
        yield draft.c.identifier.is_not(None)
    if wanted.shown is Shown.MINE:
        yield mine
    elif wanted.shown is Shown.OTHERS:
        yield ~mine
    elif wanted.shown is Shown.REQUESTED:
        yield draft.c.stage.in_([stage.value for stage in IN_WORKFLOW])
    elif wanted.shown is Shown.CLASHES:
        yield _WAITING > 0


def _holding(text: str, *titles: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    """Titles are kept as JSON in ASCII; of letters that are not, a database does not know the small from the large."""
    for said in dict.fromkeys((text, text.lower(), text.upper(), text.capitalize(), text.title())):
        for title in titles:
            yield type_coerce(title, Text).icontains(json.dumps(said)[1:-1], autoescape=True)
    yield document.c.identifier.contains(text, autoescape=True)


def _entry(row: RowMapping, wanted: Wanted) -> DocumentEntry:
    ref = RecordRef(row["kind"], row["identifier"])
    entry = None
    if row["number"] is not None and wanted.shown is not Shown.PUBLISHED:
        entry = DraftEntry(
            ref=ref,
            number=row["number"],
            based_on=row["based_on"],
            stage=Stage(row["draft_stage"]),
            title=row["draft_title"],
            government=row["government"],
            at=row["at"],
            by=row["by"],
            locked_by=row["holder"] or "",
            clashes=row["waiting"],
        )
    title = _shown(row["title"], row["draft_title"], wanted)
    stage = Stage(row["stage"]) if row["stage"] else None
    return DocumentEntry(ref, title, row["revision"], stage, row["changed"], entry)
