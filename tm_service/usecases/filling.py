"""Filling: what was written into the fields of a form put into the document that the form was made from."""

from collections.abc import Mapping
from typing import Any

from tm_service.domain.articles import with_languages
from tm_service.domain.records import CUSTOM, Content, FieldDefinition, FieldKind, Json, Schema
from tm_service.domain.units import Key, Locale

_LISTS = frozenset({FieldKind.TEXTS, FieldKind.TERMS, FieldKind.REFERENCES, FieldKind.LINKS, FieldKind.GROUPS})
_BY_LANGUAGE = frozenset({FieldKind.TEXT, FieldKind.RICH, FieldKind.TEXTS})
_IN_FORM = "\r\n"
_DIGITS = 9  # of the largest number that a name is read as


def filled(document: Content, values: Mapping[Key, Json], languages: Mapping[Key, Locale]) -> dict[str, Any]:
    """A document with these values by path; None takes out what stands there.

    `languages` are those of the texts among them, by path. Browsers send every line break as two characters: a text that is
    otherwise the one that was there stays that one.
    """
    made: Any = dict(document)
    for path, value in values.items():
        was = at(made, path)
        if isinstance(value, str):
            value = _text(value, was)  # noqa: PLW2901 - the same, as it is kept
        if value != was:
            made = _put(made, path, value)
    written = [languages[path] for path, value in values.items() if path in languages and value]
    return with_languages(made, dict.fromkeys(written))


def _text(value: str, was: Json) -> str | None:
    text = value.replace(_IN_FORM, "\n")
    if isinstance(was, str) and was.replace(_IN_FORM, "\n") == text:
        return was
    return text if text.strip() else None


def is_number(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) <= _DIGITS


def at(held: Json, path: Key) -> Json:
    """What stands at a path, None where nothing does; items of lists go by number."""
    for name in path:
        if isinstance(held, Mapping):
            held = held.get(name)
        elif isinstance(held, list) and is_number(name) and int(name) < len(held):
            held = held[int(name)]
        else:
            return None
    return held


def _put(held: Any, path: Key, value: Json) -> Any:
    """Items of lists go by number; one behind the last is added."""
    name, rest = path[0], path[1:]
    if isinstance(held, list) and is_number(name):
        items, number = list(held), min(int(name), len(held))
        was = items[number] if number < len(items) else {}
        put = _put(was, rest, value) if rest else value
        items[number : number + 1] = [] if put is None else [put]
        return items
    if not isinstance(held, Mapping):
        held = {}
    usual: Any = [] if rest and is_number(rest[0]) else {}
    put = _put(held.get(name, usual), rest, value) if rest else value
    left = {key: one for key, one in held.items() if key != name}
    if put is None:
        return left
    return {**held, name: put} if name in held else {**left, name: put}


def definition(schema: Schema, path: Key) -> FieldDefinition | None:
    """The field that a path leads to, its items' numbers and its languages left out; None where there is none."""
    fields, found = schema.fields, None
    left = path
    while left:
        found = next((one for one in fields if one.name == left[0]), None)
        if found is None:
            return None
        left = left[1:]
        if found.kind in _LISTS and left:
            if not is_number(left[0]):
                return None
            left = left[1:]
        if not found.fields:
            return found if _is_within(found, left) else None
        fields = found.fields
    return found


def _is_within(one: FieldDefinition, left: Key) -> bool:
    """Whether what is left of a path leads to something that a field holds: a language or, of a term, words of one's own."""
    if one.kind is FieldKind.TERM and left[:1] == (CUSTOM,):
        left = left[1:]
    elif one.kind not in _BY_LANGUAGE:
        return not left
    return len(left) <= 1
