"""Confidential: what of a document may leave the house: only what its schema knows, and of that nothing confidential.

Nothing is let through because nobody forbade it: a field that no schema names stays, and so does a value of another kind than
its field's, since nobody can say what is in it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tm_service.domain.records import CUSTOM, Content, FieldDefinition, FieldKind, Json, Schema, is_confidential

_ITEMS: Mapping[FieldKind, FieldKind] = MappingProxyType(
    {
        FieldKind.TEXTS: FieldKind.TEXT,
        FieldKind.STRINGS: FieldKind.STRING,
        FieldKind.TERMS: FieldKind.TERM,
        FieldKind.REFERENCES: FieldKind.REFERENCE,
        FieldKind.LINKS: FieldKind.LINK,
        FieldKind.ATTACHMENTS: FieldKind.LINK,
        FieldKind.GROUPS: FieldKind.GROUP,
    }
)
_INTERNAL = "notes"
_FLAG = "confidential"
_NOTHING = object()


def public(schema: Schema, document: Content) -> dict[str, Any]:
    """A document as anybody may see it: packages, logs and readers get no other."""
    return _public(schema.fields, document)


def _public(fields: tuple[FieldDefinition, ...], held: Content) -> dict[str, Any]:
    shown = {
        field.name: _shown(field, field.kind, held[field.name])
        for field in fields
        if field.name in held and not is_confidential(field, held)
    }
    return {name: value for name, value in shown.items() if value is not _NOTHING}


def _shown(field: FieldDefinition, kind: FieldKind, value: Json) -> Json:
    if kind in _ITEMS:
        items = [_shown(field, _ITEMS[kind], item) for item in value] if isinstance(value, list) else []
        return [item for item in items if item is not _NOTHING] if isinstance(value, list) else _NOTHING
    if kind is FieldKind.GROUP:
        return _public(field.fields, value) if isinstance(value, Mapping) else _NOTHING
    if kind is FieldKind.ANY:
        return _scrubbed(value)
    if kind in _MEMBERS:
        return _members(value, _MEMBERS[kind]) if isinstance(value, Mapping) else _NOTHING
    return _text(value) if kind in (FieldKind.TEXT, FieldKind.RICH) else _plain(value)


def _members(value: Content, shown: Mapping[str, Callable[[Json], Json]]) -> Json:
    found = {name: show(value[name]) for name, show in shown.items() if name in value}
    return {name: member for name, member in found.items() if member is not _NOTHING}


def _plain(value: Json) -> Json:
    return value if isinstance(value, str | int | float | bool) else _NOTHING


def _text(value: Json) -> Json:
    if not isinstance(value, Mapping):
        return _NOTHING
    return {language: text for language, text in value.items() if isinstance(text, str)}


def _name(value: Json) -> Json:
    """A plain text as the API has it, or one by language as some stores write it."""
    return _text(value) if isinstance(value, Mapping) else _plain(value)


def _list(value: Json) -> Json:
    return [item for item in value if _plain(item) is not _NOTHING] if isinstance(value, list) else _NOTHING


def _scrubbed(value: Json) -> Json:
    """Any JSON without notes, flags and what flags beside it hide."""
    if isinstance(value, list):
        return [_scrubbed(item) for item in value]
    if not isinstance(value, Mapping):
        return value if value is None else _plain(value)
    hidden = [name for name in value if is_confidential(FieldDefinition(name, FieldKind.ANY), value)]
    kept = {name: one for name, one in value.items() if name not in hidden and not _is_internal(name)}
    return {name: _scrubbed(one) for name, one in kept.items()}


def _is_internal(name: str) -> bool:
    return name.casefold() == _INTERNAL or _FLAG in name.casefold()


_MEMBERS: Mapping[FieldKind, Mapping[str, Callable[[Json], Json]]] = MappingProxyType(
    {
        FieldKind.HEADER: {"identifier": _plain, "schema": _plain, "languages": _list},
        FieldKind.TERM: {"identifier": _plain, CUSTOM: _text},
        FieldKind.REFERENCE: {"identifier": _plain},
        FieldKind.LINK: {
            "url": _plain,
            "name": _name,
            "language": _plain,
            "tags": _scrubbed,
            "filename": _plain,
            "contentType": _plain,
        },
    }
)
