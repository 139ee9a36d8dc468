"""Samples: a small world of schemas, people and documents for the tests of the records room."""

from types import MappingProxyType

from tm_service.database.notes import no_journal
from tm_service.domain.findings import Severity, found
from tm_service.domain.records import ARTICLE, Actor, FieldDefinition, FieldKind, RecordRef, Schema
from tm_service.records.room import Room


def field(name, kind, title="", **said: object):
    return FieldDefinition(name, FieldKind(kind), title or name.capitalize(), **said)


HEADER = field("header", "header", mandatory=True)
PERMIT = Schema(
    "permit",
    "Permit",
    (
        HEADER,
        field("government", "term", mandatory=True),
        field("title", "lstring", "Title of the permit", mandatory=True),
        field("terms", "rich", "Terms of use"),
        field("keywords", "lstring[]"),
        field("usages", "term[]"),
        field("authority", "reference", "Issued by"),
        field("resources", "reference[]", "Resources covered"),
        field("holders", "reference[]", "Holders", confidential=True),
        field(
            "elements",
            "group[]",
            "Elements",
            fields=(field("section", "lstring", "Section"), field("source", "reference", "Source")),
        ),
        field("expiry", "date", "Date of expiry"),
        field("notes", "string", confidential=True),
    ),
    national=True,
)
CONTACT = Schema(
    "contact", "Contact", (HEADER, field("name", "lstring", mandatory=True), field("email", "string")), direct=True
)
RESOURCE = Schema(
    "resource",
    "Resource",
    (HEADER, field("title", "lstring", mandatory=True), field("summary", "rich"), field("related", "reference[]")),
)
ARTICLES = Schema(
    ARTICLE, "Article", (field("title", "lstring", mandatory=True), field("content", "rich"), field("tags", "string[]"))
)
SCHEMAS = MappingProxyType({schema.name: schema for schema in (PERMIT, CONTACT, RESOURCE, ARTICLES)})

ADMINISTRATOR = Actor("root", "", frozenset({"administrator"}))
EDITOR = Actor("edith", "", frozenset({"article-editor"}))
AMINA = Actor("amina", "KE")
BARAKA = Actor("baraka", "ke", frozenset({"publishing-authority"}))
CHIKU = Actor("chiku", "ke", frozenset({"publishing-authority"}))
PIERRE = Actor("pierre", "fr", frozenset({"publishing-authority"}))
IMKE = Actor("imke", "", frozenset({"record-editor"}))
NOBODY = Actor("nobody")

P1 = RecordRef("permit", "permit-000001")
C1 = RecordRef("contact", "contact-000001")
R1 = RecordRef("resource", "resource-000001")
A1 = RecordRef(ARTICLE, "5b1061d6ae98d8000175c0ef")


def problems(schema, document):
    """Mandatory fields that are missing, each by name."""
    for one in schema.fields:
        if one.mandatory and not document.get(one.name):
            yield found("mandatory", Severity.ERROR, "The field {field} is missing; fill it in.", field=one.name)
        elif one.name == "email" and document.get("email") and "@" not in document["email"]:
            yield found("email", Severity.WARNING, "{email} looks like no address.", email=document["email"])


def public(schema, document):
    hidden = {one.name for one in schema.fields if one.confidential}
    return {name: value for name, value in document.items() if name not in hidden}


def make_room(connect, clock, journal=no_journal):
    return Room(connect, clock, SCHEMAS, lambda schema, document: tuple(problems(schema, document)), public, journal)


def permit(ref=P1, **more: object):
    return {
        "header": {"identifier": ref.identifier, "schema": "permit", "languages": ["en"]},
        "government": {"identifier": "ke"},
        "title": {"en": "Seeds from the dry valley"},
        **more,
    }


def resource(ref=R1, *related: str, **more: object):
    return {
        "header": {"identifier": ref.identifier, "schema": "resource", "languages": ["en"]},
        "title": {"en": "How to dry seeds"},
        "related": [{"identifier": identifier} for identifier in related],
        **more,
    }


def article(**more: object):
    return {
        "title": {"en": "Opening hours", "fr": "Horaires"},
        "content": {"en": "<p>The herbarium opens at nine.</p>", "fr": "<p>L’herbier ouvre à neuf heures.</p>"},
        **more,
    }
