"""Places: where the texts of a record stand that may be translated, and which rules its translations are under."""

from dataclasses import dataclass, replace

from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.records import (
    ARTICLE,
    Content,
    FieldDefinition,
    FieldKind,
    Place,
    Record,
    Schema,
    is_set,
    texts_of,
)
from tm_service.records.confidential import public
from tm_service.records.schemas import schemas

_PROPERTIES, _PARITY = "customProperties", "parity"
_TAGS, _LEGAL = "adminTags", "legal"
_ONLY_HEADER = Schema("", "", (FieldDefinition("header", FieldKind.HEADER),))


@dataclass(frozen=True, slots=True)
class Places:
    """The texts of a record that may be translated, in the order of its schema; confidential ones are not among them.

    A `legal` document changes in all languages at once or not at all; of a `national` one translations are a courtesy.
    """

    texts: tuple[Place, ...] = ()
    legal: bool = False
    national: bool = False
    findings: tuple[Finding, ...] = ()


def places(record: Record) -> Places:
    """The places of a record; of a type that no schema describes none, and a finding.

    Which of its fields are confidential nobody can tell, so nothing of it leaves the house.
    """
    known = schemas().get(record.ref.kind)
    if known is None:
        said = "There is no schema {schema}, so nothing of this record is translated; add the schema."
        return Places(findings=(found("record", Severity.WARNING, said, schema=record.ref.kind),))
    legal = record.ref.kind == ARTICLE and is_legal(record.document)
    return Places(tuple(texts_of(known, record.document)), legal, known.national)


def is_legal(article: Content) -> bool:
    """Whether an article changes in all languages at once: by its property `parity`, or its administrators' tag `legal`."""
    properties, tags = article.get(_PROPERTIES), article.get(_TAGS)
    has_parity = isinstance(properties, dict) and is_set(properties.get(_PARITY))
    return has_parity or (isinstance(tags, list) and _LEGAL in tags)


def public_record(record: Record) -> Record:
    """A record as it may stand in our copy of a store: of a type that no schema describes only its header."""
    known = schemas().get(record.ref.kind, _ONLY_HEADER)
    return replace(record, document=public(known, record.document))
