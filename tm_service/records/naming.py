"""Naming: what a document says of itself: its title, its government, its languages of a place, the documents it names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tm_service.domain.records import Content, FieldDefinition, FieldKind, Schema, is_confidential
from tm_service.domain.units import Key, Locale

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{11,128}")  # of a document, as the clearing-house API gives it
_LONGEST = 200  # characters of an identifier that a document names
_PINNED = re.compile(r"(.+)@([1-9]\d{0,8})", re.DOTALL)
_BY_LANGUAGE = frozenset({FieldKind.TEXT, FieldKind.RICH})
_REFERENCES = frozenset({FieldKind.REFERENCE, FieldKind.REFERENCES})
_TERMS = frozenset({FieldKind.TERM, FieldKind.TERMS})
_LISTS = frozenset({FieldKind.TEXTS, FieldKind.TERMS, FieldKind.REFERENCES, FieldKind.GROUPS, FieldKind.LINKS})


@dataclass(frozen=True, slots=True)
class Named:
    """A document that is named at a place; `pinned` to a revision, or 0."""

    path: Key
    identifier: str
    pinned: int
    confidential: bool


def title_of(schema: Schema, document: Content) -> dict[Locale, str]:
    """The title by language: of the field called so or, where there is none, of the first with texts by language."""
    fields = [one for one in schema.fields if one.kind in _BY_LANGUAGE and not is_confidential(one, document)]
    fields.sort(key=lambda one: one.name not in ("title", "name"))
    for one in fields:
        held = document.get(one.name)
        if isinstance(held, Mapping):
            return {language: text for language, text in held.items() if isinstance(text, str)}
    return {}


def government_of(document: Content) -> str:
    """The government a document is of, by the identifier of its term in lower case; empty where it names none."""
    held = document.get("government")
    said = held.get("identifier") if isinstance(held, Mapping) else held
    return said.strip().lower() if isinstance(said, str) else ""


def pinned(said: str) -> tuple[str, int]:
    """An identifier as a reference writes it, `uid@revision`, taken apart; the revision is 0 where none is named."""
    match = _PINNED.fullmatch(said)
    return (match[1], int(match[2])) if match else (said, 0)


def names_in(schema: Schema, document: Content) -> list[Named]:
    """Every document that a document names, in the order of its fields."""
    return list(_names(schema.fields, document, (), confidential=False))


def _names(fields: tuple[FieldDefinition, ...], held: Content, path: Key, *, confidential: bool) -> Iterator[Named]:
    for one in fields:
        value, here, hidden = held.get(one.name), (*path, one.name), confidential or is_confidential(one, held)
        items = [(here, value)]
        if isinstance(value, list):
            items = [((*here, str(at)), item) for at, item in enumerate(value)]
        for place, item in items:
            if not isinstance(item, Mapping):
                continue
            if one.kind in _REFERENCES:
                said = item.get("identifier")
                if isinstance(said, str) and 0 < len(said) <= _LONGEST:
                    yield Named(place, *pinned(said), hidden)
            elif one.fields:
                yield from _names(one.fields, item, place, confidential=hidden)


def split_language(schema: Schema, place: Key) -> tuple[Key, Locale]:
    """A place taken apart into its path and the language it ends in, where the schema has texts by language there."""
    return (place[:-1], place[-1]) if _is_language(schema.fields, place) else (place, "")


def _is_language(fields: tuple[FieldDefinition, ...], place: Key) -> bool:
    one = next((field for field in fields if place and field.name == place[0]), None)
    if one is None:
        return False
    rest = place[2:] if one.kind in _LISTS else place[1:]
    if one.kind in _BY_LANGUAGE or one.kind is FieldKind.TEXTS:
        return len(rest) == 1
    if one.kind in _TERMS:
        return rest[:1] == ("customValue",) and len(rest) == len(("customValue", "language"))
    return _is_language(one.fields, rest)
