"""JSON Schema: what a schema says of its documents, in the words of JSON Schema 2020-12.

https://json-schema.org/draft/2020-12/schema. Fields that a schema does not name are let through, as the record store does;
what depends on two places of a document, such as languages that its header lists, is for `records.validation` to say.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tm_service.domain.records import CUSTOM, FieldDefinition, FieldKind, Schema
from tm_service.records import values

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(schema: Schema) -> dict[str, Any]:
    """The JSON Schema of a record type; what all types share stands once, below `$defs`."""
    described = _object(schema.fields, schema.name)
    return (
        {"$schema": DIALECT, "$id": f"urn:tm-service:schema:{schema.name}", "title": schema.title}
        | described
        | dict(_SHARED)
    )


def _object(fields: tuple[FieldDefinition, ...], name: str = "") -> dict[str, Any]:
    described: dict[str, Any] = {"type": "object", "properties": {field.name: _field(field, name) for field in fields}}
    hidden = [_unless_hidden(field) for field in fields if field.mandatory and field.hidden_by]
    required = [field.name for field in fields if field.mandatory and not field.hidden_by]
    return described | ({"required": required} if required else {}) | ({"allOf": hidden} if hidden else {})


def _unless_hidden(field: FieldDefinition) -> dict[str, Any]:
    """A mandatory field may be left out where its flag says that it is confidential."""
    flagged = {"properties": {field.hidden_by: {"const": True}}, "required": [field.hidden_by]}
    filled = _FILLED.get(str(_typed(field).get("type")), {})
    return {"anyOf": [{"required": [field.name], "properties": {field.name: filled}}, flagged]}


def _field(field: FieldDefinition, name: str) -> dict[str, Any]:
    described: dict[str, Any] = {"title": field.title}
    if field.kind is FieldKind.HEADER:
        return described | {"$ref": "#/$defs/header", "properties": {"schema": {"const": name}}}
    typed = _typed(field)
    filled = _FILLED.get(str(typed.get("type")), {}) if field.mandatory and not field.hidden_by else {}
    return described | filled | typed | _comment(field)


def _typed(field: FieldDefinition) -> dict[str, Any]:
    if field.kind is FieldKind.GROUP:
        return _object(field.fields)
    if field.kind is FieldKind.GROUPS:
        return {"type": "array", "items": _object(field.fields)}
    return _PLAIN[field.kind]


def _comment(field: FieldDefinition) -> dict[str, Any]:
    notes = ["Confidential."] if field.confidential else []
    notes += [f"Confidential where {field.hidden_by} is set."] if field.hidden_by else []
    notes += [f"Refers to {', '.join(field.refers_to)}."] if field.refers_to else []
    return {"$comment": " ".join(notes)} if notes else {}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


_TEXT = {"$ref": "#/$defs/lstring"}
_PLAIN: Mapping[FieldKind, dict[str, Any]] = MappingProxyType(
    {
        FieldKind.TEXT: {"type": "object"} | _TEXT,
        FieldKind.RICH: {"type": "object", "contentMediaType": "text/html"} | _TEXT,
        FieldKind.TEXTS: _list("lstring"),
        FieldKind.STRING: {"type": "string"},
        FieldKind.STRINGS: {"type": "array", "items": {"type": "string"}},
        FieldKind.INTEGER: {"type": "integer"},
        FieldKind.NUMBER: {"type": "number"},
        FieldKind.BOOLEAN: {"type": "boolean"},
        FieldKind.DATE: {"type": "string", "format": "date", "pattern": values.DATE},
        FieldKind.MOMENT: {"type": "string", "format": "date-time", "pattern": values.MOMENT},
        FieldKind.TERM: {"type": "object", "$ref": "#/$defs/term"},
        FieldKind.TERMS: _list("term"),
        FieldKind.REFERENCE: {"type": "object", "$ref": "#/$defs/reference"},
        FieldKind.REFERENCES: _list("reference") | {"uniqueItems": True},
        FieldKind.LINK: {"type": "object", "$ref": "#/$defs/link"},
        FieldKind.LINKS: _list("link"),
        FieldKind.ATTACHMENTS: _list("attachment"),
        FieldKind.ANY: {},
    }
)
_FILLED: Mapping[str, dict[str, Any]] = MappingProxyType(
    {"object": {"minProperties": 1}, "array": {"minItems": 1}, "string": {"pattern": r"\S"}}
)


def _strings(required: tuple[str, ...], **properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


_LANGUAGE = {"type": "string", "pattern": values.LANGUAGE}
_ADDRESS = {"type": "string", "pattern": values.ADDRESS}
_NAME = {"type": "string"}
_SHARED: Mapping[str, Any] = MappingProxyType(
    {
        "$defs": {
            "lstring": {
                "type": "object",
                "propertyNames": {"pattern": values.LANGUAGE},
                "additionalProperties": {"type": "string"},
            },
            "header": _strings(
                ("identifier", "schema", "languages"),
                identifier={"type": "string", "pattern": values.IDENTIFIER},
                schema=_NAME,
                languages={"type": "array", "items": _LANGUAGE, "minItems": 1, "uniqueItems": True},
            ),
            "term": _strings(("identifier",), identifier={"type": "string", "pattern": values.TERM}, **{CUSTOM: _TEXT}),
            "reference": _strings(("identifier",), identifier={"type": "string", "pattern": values.REFERENCE}),
            "link": _strings(("url",), url=_ADDRESS, name=_NAME, language=_NAME, tags={"type": "array", "items": {}}),
            "attachment": _strings(("url",), url=_ADDRESS, filename=_NAME, contentType=_NAME),
        }
    }
)
