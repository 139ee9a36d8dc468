"""Record store over HTTP: a remote clearing-house, read whole, written field by field and never over a person's work."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any
from urllib.parse import quote

from connectors.http_calls import Answer, HttpCalls, Passing, TooLarge
from connectors.record_contents import digest, to_send
from connectors.record_listing import Row, article_row, record_row, rows_of, walk, written
from tm_service.domain.errors import Conflict, NotFound, Refused, TryLater
from tm_service.domain.records import ARTICLE, Content, Record, RecordEntry, RecordRef

_ARTICLES = "/api/v2017/articles"
_DOCUMENTS = "/api/v2013/documents"
_PUBLISH = "/api/v2023/documents/schemas"
_PAGE = 1000  # lines of a list
_WHOLE = 40  # documents asked for in one call
_AT_ONCE = 4  # calls, where documents are read one by one
_WHY = "Translations"
_OBJECT = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class HttpRecordStore:
    """The articles and the records of a remote store.

    `schemas` names the record types that are ours to read (empty: all), `tags` the administrators' tags that an article must
    bear (empty: none). `collection` is which of the store's lists holds what is published.
    """

    calls: HttpCalls
    schemas: Collection[str] = ()
    tags: Collection[str] = ()
    articles: bool = True
    records: bool = True
    collection: str = "my"

    def entries(self, since: datetime | None = None) -> Iterator[RecordEntry]:
        """Both lists, in the order of the changes. Raises ConnectorError."""
        lists = [self._article_rows] * self.articles + [self._record_rows] * self.records
        walks = [walk(self.calls.host, page, since) for page in lists]
        yield from merge(*walks, key=lambda entry: entry.modified)

    def read(self, refs: Sequence[RecordRef]) -> Iterator[Record]:
        """The documents, many a call; those an answer lacks are asked for one by one before they count as gone."""
        articles = [ref for ref in refs if ref.kind == ARTICLE and _OBJECT.fullmatch(ref.identifier)]
        records = [ref for ref in refs if ref.kind != ARTICLE]
        together = {*articles, *records}
        yield from self._singly([ref for ref in refs if ref not in together])
        for wanted, many in ((articles, self._many_articles), (records, self._many_records)):
            for start in range(0, len(wanted), _WHOLE):
                some = wanted[start : start + _WHOLE]
                try:
                    got = many(some)
                except (TooLarge, Refused):
                    got = {}
                yield from (got[ref] for ref in some if ref in got)
                yield from self._singly([ref for ref in some if ref not in got])

    def write(self, read: Record, document: Content) -> RecordEntry:
        """Publish, if nothing moved since it was `read`; an attempt whose answer was lost is known by the document itself."""
        try:
            return self._written(read, document, is_guarded=True)
        except Conflict:
            # A store may not know its own tags at the address that publishes; what it has now is looked at again.
            return self._written(read, document, is_guarded=False)

    def close(self) -> None:
        """End the connections."""
        self.calls.close()

    def _written(self, read: Record, document: Content, *, is_guarded: bool) -> RecordEntry:
        ref = read.ref
        wanted = digest(ref.kind, document)
        for failed in self.calls.attempts(f"writing {ref.kind} {ref.identifier}"):
            now, guard = self._current(ref)
            if digest(ref.kind, now.document) == wanted:
                return now.entry
            if now.entry != read.entry or digest(ref.kind, now.document) != digest(ref.kind, read.document):
                raise Conflict(f"{ref.kind} {ref.identifier} changed in {self.calls.host} since it was read.")
            try:
                self._check_free(ref)
                self._put(ref, document, guard if is_guarded else {})
                return self._current(ref)[0].entry
            except Passing as passing:
                failed(passing)
        raise AssertionError("unreachable")

    def _article_rows(self, moment: datetime | None, skip: int) -> list[Row]:
        asked: dict[str, Any] = self._tagged()
        if moment:
            asked["meta.modifiedOn"] = {"$gte": {"$date": written(moment)}}
        params = {
            "q": _json(asked),
            "f": _json({"meta": 1}),
            "s": _json({"meta.modifiedOn": 1, "_id": 1}),
            "sk": str(skip),
            "l": str(_PAGE),
        }
        return self.calls.get("listing articles", _ARTICLES, lambda said: list(map(article_row, rows_of(said))), params)

    def _record_rows(self, moment: datetime | None, skip: int) -> list[Row]:
        changed = [f"updatedOn ge datetime'{written(moment)}'"] if moment else []
        params = self._query([*changed], top=_PAGE, skip=skip)
        return self.calls.get("listing records", _DOCUMENTS, lambda said: list(map(record_row, rows_of(said))), params)

    def _query(self, conditions: Sequence[str], *, top: int, skip: int = 0) -> dict[str, str]:
        types = [_either("type", self.schemas)] if self.schemas else []
        params = {"collection": self.collection, "$orderby": "updatedOn asc,identifier asc"}
        params |= {"$top": str(top), "$skip": str(skip)}
        conditions = [*types, *conditions]
        return params | ({"$filter": " and ".join(conditions)} if conditions else {})

    def _tagged(self) -> dict[str, Any]:
        return {"adminTags": {"$all": sorted(self.tags)}} if self.tags else {}

    def _many_articles(self, refs: Sequence[RecordRef]) -> dict[RecordRef, Record]:
        names = [{"$oid": ref.identifier} for ref in refs]
        params = {"q": _json(self._tagged() | {"_id": {"$in": names}}), "l": str(len(refs))}
        read = self.calls.get("reading articles", _ARTICLES, lambda said: list(map(_article, rows_of(said))), params)
        return {record.ref: record for record in read}

    def _many_records(self, refs: Sequence[RecordRef]) -> dict[RecordRef, Record]:
        """What the store gives with its envelopes; an older one gives none, and they are then read one by one."""
        named = [_either("identifier", [ref.identifier for ref in refs])]
        params = self._query(named, top=len(refs)) | {"body": "true"}
        read = self.calls.get("reading records", _DOCUMENTS, lambda said: list(map(_enclosed, rows_of(said))), params)
        return {record.ref: record for record in read if record is not None}

    def _singly(self, refs: Sequence[RecordRef]) -> Iterator[Record]:
        if not refs:
            return
        with ThreadPoolExecutor(min(_AT_ONCE, len(refs))) as pool:
            yield from filter(None, pool.map(self._one, refs))

    def _one(self, ref: RecordRef) -> Record | None:
        try:
            found = self._current(ref)[0]
        except (NotFound, Refused):
            return None
        return found if found.ref == ref and self._is_ours(found) else None

    def _is_ours(self, record: Record) -> bool:
        if record.ref.kind != ARTICLE:
            return not self.schemas or record.ref.kind in self.schemas
        tags = record.document.get("adminTags")
        return not self.tags or (
            isinstance(tags, list) and set(self.tags) <= {tag for tag in tags if isinstance(tag, str)}
        )

    def _current(self, ref: RecordRef) -> tuple[Record, dict[str, str]]:
        """A document as it is now, and the headers by which its store guards a write."""
        step = f"reading {ref.kind} {ref.identifier}"
        for failed in self.calls.attempts(step):
            try:
                return self._fresh(ref)
            except Passing as passing:
                failed(passing)
        raise AssertionError("unreachable")

    def _fresh(self, ref: RecordRef) -> tuple[Record, dict[str, str]]:
        if ref.kind == ARTICLE:
            answer = self.calls.once("GET", _place(_ARTICLES, ref))
            return _article(answer.json()), _guard(answer)
        # The envelope first: what changes between the two is then newer than it says, and is read again.
        row = record_row(self.calls.once("GET", _place(_DOCUMENTS, ref), params={"info": ""}).json())
        answer = self.calls.once("GET", _place(_DOCUMENTS, ref))
        return Record(row.entry, _object(answer.json())), _guard(answer)

    def _check_free(self, ref: RecordRef) -> None:
        """Raises TryLater where a person or a workflow holds the draft of a record."""
        if ref.kind == ARTICLE:
            return
        draft = f"{_place(_DOCUMENTS, ref)}/versions/draft"
        info = self._found(f"{draft}/info")
        if rows_of(self._found(f"{draft}/locks") or []) or (isinstance(info, dict) and info.get("workingDocumentLock")):
            raise TryLater(
                f"{ref.kind} {ref.identifier} is locked in {self.calls.host}: someone is at work on its draft."
            )

    def _found(self, path: str) -> Any:
        """What stands there; None where nothing does."""
        try:
            return self.calls.once("GET", path).json()
        except NotFound:
            return None

    def _put(self, ref: RecordRef, document: Content, guard: Mapping[str, str]) -> None:
        sent = to_send(ref.kind, document)
        if ref.kind == ARTICLE:
            self.calls.once("PUT", _place(_ARTICLES, ref), body=sent, headers=guard)
            return
        params = {"realm": self.calls.realm} if self.calls.realm else None
        place = f"{_PUBLISH}/{quote(ref.kind, safe='')}/{quote(ref.identifier, safe='')}"
        body = {"document": sent, "additionalInfo": _WHY}
        self.calls.once("PUT", place, params=params, body=body, headers=guard)


def _place(below: str, ref: RecordRef) -> str:
    return f"{below}/{quote(ref.identifier, safe='')}"


def _guard(answer: Answer) -> dict[str, str]:
    """Conditions for a write; a weak entity tag cannot guard one (RFC 9110, 13.1)."""
    tag, changed = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    if tag.startswith('"'):
        return {"If-Match": tag}
    return {"If-Unmodified-Since": changed} if changed else {}


def _article(said: Any) -> Record:
    return Record(article_row(said).entry, _object(said))


def _enclosed(said: Any) -> Record | None:
    body = said.get("body") if isinstance(said, Mapping) else None
    return None if body is None else Record(record_row(said).entry, _object(body))


def _object(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Passing("a document in its answer is none")
    return said


def _either(name: str, values: Collection[str]) -> str:
    """A condition of `$filter`; a quote within a value is doubled (OData 4.01, 5.1.1.14.1)."""
    return "(" + " or ".join(f"{name} eq '{value.replace(chr(39), chr(39) * 2)}'" for value in values) + ")"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
