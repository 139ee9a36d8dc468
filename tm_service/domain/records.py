"""Records: the documents of a record store, what their schemas say of each field, and who works on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tm_service.domain.units import Key

ARTICLE = "article"  # the kind of documents in the article common format; all others are named by their schema

# What JSON gives: None, bool, int, float, str, list and dict of these.
Json = object
Content = Mapping[str, Json]


class FieldKind(StrEnum):
    """What a field holds."""

    HEADER = "header"  # {"identifier", "schema", "languages": [...]}
    TEXT = "lstring"  # a plain text by language
    TEXTS = "lstring[]"
    RICH = "rich"  # HTML by language
    STRING = "string"
    STRINGS = "string[]"
    INTEGER = "int"
    NUMBER = "number"
    BOOLEAN = "bool"
    DATE = "date"  # YYYY-MM-DD
    MOMENT = "datetime"  # ISO 8601 with zone
    TERM = "term"  # {"identifier", "customValue"?: lstring}
    TERMS = "term[]"
    REFERENCE = "reference"  # {"identifier": "uid" or "uid@revision"}
    REFERENCES = "reference[]"
    LINK = "link"  # {"url", "name"?, "language"?, "tags"?}
    LINKS = "link[]"
    ATTACHMENTS = "attachment[]"  # {"url", "filename", "contentType"}
    GROUP = "group"  # an object with fields of its own
    GROUPS = "group[]"
    ANY = "any"  # whatever JSON holds; nobody translates it


CUSTOM = "customValue"  # of a term: the words of one's own, by language
_ITEMS = {FieldKind.TEXTS: FieldKind.TEXT, FieldKind.TERMS: FieldKind.TERM, FieldKind.GROUPS: FieldKind.GROUP}


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One field of a schema; `fields` are those of a group. What is confidential leaves the house nowhere.

    `hidden_by` names the flag beside it that makes it confidential where it is set; `refers_to` the schemas of the documents
    that it may refer to, empty for any.
    """

    name: str
    kind: FieldKind
    title: str = ""
    mandatory: bool = False
    confidential: bool = False
    translatable: bool = True  # False for texts by language that nobody translates, such as a journal's name
    fields: tuple["FieldDefinition", ...] = ()
    hidden_by: str = ""
    refers_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """A record type: `title` is what people call it.

    `national` records are a government's: their translations are a courtesy, never authentic. `direct` ones are published
    without anybody else's approval.
    """

    name: str
    title: str
    fields: tuple[FieldDefinition, ...]
    national: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text by language stands in a document, and whether it is HTML."""

    path: Key
    rich: bool = False


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Which document: its kind and its identifier in the store."""

    kind: str
    identifier: str


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """What a listing of a store says of a published document: when it was last changed, at which revision."""

    ref: RecordRef
    modified: datetime
    revision: int = 0


@dataclass(frozen=True)
class Record:
    """A published document as a store gives it."""

    entry: RecordEntry
    document: Content

    @property
    def ref(self) -> RecordRef:
        return self.entry.ref


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something to records: a person or a program, for which government, with which roles."""

    name: str
    government: str = ""
    roles: frozenset[str] = frozenset()
    is_program: bool = False


_FLAG = "Confidential"
_NOT_SET = frozenset({"", "0", "false", "no", "none", "null"})


def is_confidential(field: FieldDefinition, held: Content) -> bool:
    """Whether a field of the object that holds it leaves the house nowhere: its schema or a flag beside it says so."""
    flags = (field.hidden_by, field.name + _FLAG)
    return field.confidential or any(is_set(held.get(flag)) for flag in flags if flag)


def is_set(flag: Json) -> bool:
    """Whether a flag of confidentiality is set; only what plainly says no does not set it."""
    return bool(flag) and str(flag).strip().casefold() not in _NOT_SET


def texts_of(schema: Schema, document: Content) -> Iterator[Place]:
    """Where a document has texts by language that may be translated, in its schema's order; confidential ones are left out."""
    yield from _texts(schema.fields, document, ())


def _texts(fields: tuple[FieldDefinition, ...], held: Content, path: Key) -> Iterator[Place]:
    for field in fields:
        value = held.get(field.name)
        if value is not None and field.translatable and not is_confidential(field, held):
            yield from _texts_in(field, field.kind, value, (*path, field.name))


def _texts_in(field: FieldDefinition, kind: FieldKind, value: Json, path: Key) -> Iterator[Place]:
    """Of a term only what somebody wrote where the list lacked one; the terms themselves are nobody's to translate."""
    if kind in _ITEMS and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts_in(field, _ITEMS[kind], item, (*path, str(number)))
    elif kind in (FieldKind.TEXT, FieldKind.RICH):
        yield Place(path, kind is FieldKind.RICH)
    elif kind is FieldKind.TERM and isinstance(value, Mapping) and isinstance(value.get(CUSTOM), Mapping):
        yield Place((*path, CUSTOM))
    elif kind is FieldKind.GROUP and isinstance(value, Mapping):
        yield from _texts(field.fields, value, path)


def text_at(document: Content, path: Key) -> dict[str, str]:
    """The text by language that stands at a path; empty where none does."""
    found: Json = document
    for name in path:
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return {}
    if not isinstance(found, Mapping):
        return {}
    return {language: text for language, text in found.items() if isinstance(text, str)}
