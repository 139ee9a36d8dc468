"""Validation: everything that is wrong with a document, each in one sentence that names its field and its language.

Errors keep a document from being published; warnings are shown to its editor and taken note of. A field that is null counts as
one that is not there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import Any

from locales import LANGUAGES
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pictures import PICTURES
from tm_service.domain.records import CUSTOM, Content, FieldDefinition, FieldKind, Json, Schema, is_confidential
from tm_service.domain.units import Key, key_text
from tm_service.records import values
from tm_service.records.limits import excesses
from tm_service.records.markup import tags
from tm_service.records.sanitise import removed

_SHOWN = 60
_QUOTING, _UNQUOTED = frozenset({"value", "kept", "markup"}), "…"
_WANTED: Mapping[FieldKind, str] = MappingProxyType(
    {
        FieldKind.HEADER: "a header",
        FieldKind.TEXT: "a text by language",
        FieldKind.RICH: "a text by language",
        FieldKind.STRING: "a text",
        FieldKind.INTEGER: "a whole number",
        FieldKind.NUMBER: "a number",
        FieldKind.BOOLEAN: "yes or no",
        FieldKind.DATE: "a date",
        FieldKind.MOMENT: "a moment",
        FieldKind.TERM: "a term",
        FieldKind.REFERENCE: "a reference",
        FieldKind.LINK: "a link",
        FieldKind.GROUP: "a group of fields",
    }
)
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
_ONCE = frozenset({FieldKind.REFERENCES, FieldKind.TERMS})
_OBJECTS = frozenset(
    {FieldKind.HEADER, FieldKind.TEXT, FieldKind.RICH, FieldKind.TERM, FieldKind.REFERENCE, FieldKind.GROUP}
)
_TYPES: Mapping[FieldKind, type | tuple[type, ...]] = MappingProxyType(
    dict.fromkeys(_OBJECTS | {FieldKind.LINK}, Mapping)
    | dict.fromkeys((FieldKind.STRING, FieldKind.DATE, FieldKind.MOMENT), str)
    | {FieldKind.INTEGER: int, FieldKind.NUMBER: (int, float), FieldKind.BOOLEAN: bool, FieldKind.ANY: object}
)


def problems(schema: Schema, document: Content) -> tuple[Finding, ...]:
    """Every error and warning of a document, in the order of its schema's fields; the `path` of each is that of the field."""
    return (*excesses(document), *_fields(schema.fields, document, (), schema.name), *_languages(schema, document))


def _fields(fields: tuple[FieldDefinition, ...], held: Content, path: Key, name: str) -> Iterator[Finding]:
    for field in fields:
        value, here = held.get(field.name), (*path, field.name)
        is_hidden = is_confidential(field, held)
        if value is None or (field.mandatory and _is_of(field.kind, value) and _is_empty(value)):
            if field.mandatory and not is_hidden:
                yield _error(here, "{field} is missing; fill it in.")
        else:
            wrong = _value(field, field.kind, value, here, name)
            yield from map(_discreet, wrong) if is_hidden else wrong
    unknown = held.keys() - {field.name for field in fields}
    for one in sorted(unknown, key=str):
        said = "The schema has no field {field}; it is kept, and nobody is shown it."
        yield _warning((*path, str(one)), said)


def _discreet(finding: Finding) -> Finding:
    """A finding that quotes nothing of what is confidential: findings are logged."""
    said = {name: _UNQUOTED if name in _QUOTING else value for name, value in finding.values}
    return replace(finding, message=finding.template.format(**said), values=tuple(said.items()))


def _is_empty(value: Json) -> bool:
    """Whether there is nothing in it: no text but blanks, in no language, in no item."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(map(_is_empty, value.values()))
    if isinstance(value, list):
        return all(map(_is_empty, value))
    return value is None


def _is_of(kind: FieldKind, value: Json) -> bool:
    """Whether a value is of the type that its kind has in JSON, where a number is neither true nor false."""
    if isinstance(value, bool):
        return kind in (FieldKind.BOOLEAN, FieldKind.ANY)
    return isinstance(value, list if kind in _ITEMS else _TYPES[kind])


def _value(field: FieldDefinition, kind: FieldKind, value: Json, path: Key, name: str) -> Iterator[Finding]:
    if kind in _ITEMS:
        yield from _items(field, kind, value, path, name)
    elif not _is_of(kind, value):
        said = "{field} has to be {wanted} and is {given}; put the right value there."
        yield _error(path, said, wanted=_WANTED[kind], given=_given(value))
    elif kind is FieldKind.GROUP and isinstance(value, Mapping):
        yield from _fields(field.fields, value, path, name)
    elif kind is FieldKind.HEADER and isinstance(value, Mapping):
        yield from _header(value, path, name)
    elif kind in _CHECKS:
        yield from _CHECKS[kind](value, path)


def _items(field: FieldDefinition, kind: FieldKind, value: Json, path: Key, name: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        said = "{field} has to be a list and is {given}; put the right value there."
        yield _error(path, said, given=_given(value))
        return
    for number, item in enumerate(value):
        yield from _value(field, _ITEMS[kind], item, (*path, str(number)), name)
    if kind in _ONCE:
        named = [item.get("identifier") for item in value if isinstance(item, Mapping) and not item.get(CUSTOM)]
        yield from _repeated(path, [one for one in named if isinstance(one, str)])


def _repeated(path: Key, named: list[str]) -> Iterator[Finding]:
    """What stands in a list more than once, a reference also by another revision; terms in words of one's own may."""
    seen: dict[str, int] = {}
    for one in named:
        whole = one.partition("@")[0]
        seen[whole] = seen.get(whole, 0) + 1
    for one, count in seen.items():
        if count > 1:
            yield _error(path, "{field} names “{value}” more than once; leave one.", value=_short(one))


def _header(value: Content, path: Key, name: str) -> Iterator[Finding]:
    identifier, kind = value.get("identifier"), value.get("schema")
    if not isinstance(identifier, str) or not values.is_identifier(identifier):
        said = "{field} is “{value}”, no identifier; write 11 to 128 letters, digits, hyphens or underscores."
        yield _error((*path, "identifier"), said, value=_short(identifier))
    if kind != name:
        said = "{field} is “{value}”, but the record is kept as {schema}; put the right one there."
        yield _error((*path, "schema"), said, value=_short(kind), schema=name)
    yield from _listed(value.get("languages"), (*path, "languages"))


def _listed(languages: Json, path: Key) -> Iterator[Finding]:
    if not isinstance(languages, list) or not languages:
        yield _error(path, "{field} names no language; name each that the record is written in.")
        return
    codes = [code for code in languages if isinstance(code, str) and values.is_language(code)]
    for number, code in enumerate(languages):
        if code not in codes:
            yield _error((*path, str(number)), _NO_LANGUAGE, value=_short(code))
    yield from _repeated(path, codes)


_NO_LANGUAGE = "{field} is “{value}”, no code of a language; write one such as fr."


def _text(value: Json, path: Key) -> Iterator[Finding]:
    yield from _by_language(value, path, lambda _text, _path: ())


def _rich(value: Json, path: Key) -> Iterator[Finding]:
    yield from _by_language(value, path, lambda text, here: chain(_unseen(text, here), _removals(text, here)))


def _by_language(value: Json, path: Key, check: Callable[[str, Key], Iterable[Finding]]) -> Iterator[Finding]:
    for code, text in value.items() if isinstance(value, Mapping) else ():
        here = (*path, str(code))
        if not values.is_language(str(code)):
            yield _error(here, _NO_LANGUAGE, value=_short(code))
        if isinstance(text, str):
            yield from check(text, here)
        elif text is not None:
            said = "{field} has to be {wanted} and is {given}; put the right value there."
            yield _error(here, said, wanted="a text", given=_given(text))


def _unseen(text: str, path: Key) -> Iterator[Finding]:
    """Our own pictures that say nothing to who cannot see them."""
    for token in tags(text) if PICTURES in text else ():
        said = dict(token.attributes)
        if token.name == "img" and said.get("src", "").startswith(PICTURES) and not said.get("alt", "").strip():
            line = text.count("\n", 0, token.start) + 1
            template = (
                "Line {line}: the picture has no alternative text; write what those who cannot see it should know."
            )
            yield replace(found("record", Severity.ERROR, template, line=line), path=key_text(path))


def _removals(text: str, path: Key) -> Iterator[Finding]:
    """What would be taken out of rich text, for the editor to confirm."""
    return (replace(removal.finding, path=key_text(path)) for removal in removed(text))


def _date(value: Json, path: Key) -> Iterator[Finding]:
    if not values.is_date(str(value)) and str(value).strip():
        said = "{field} is “{value}”, no day that there is; write it as 2026-11-22."
        yield _error(path, said, value=_short(value))


def _moment(value: Json, path: Key) -> Iterator[Finding]:
    if not values.is_moment(str(value)) and str(value).strip():
        said = "{field} is “{value}”, no moment with its time zone; write it as 2026-11-22T09:30:00Z."
        yield _error(path, said, value=_short(value))


def _term(value: Json, path: Key) -> Iterator[Finding]:
    yield from _identified(value, path, values.is_term, "{field} is “{value}”, no term; choose one from the list.")
    own = value.get(CUSTOM) if isinstance(value, Mapping) else None
    if isinstance(own, Mapping):
        yield from _text(own, (*path, CUSTOM))
    elif own is not None:
        said = "{field} has to be {wanted} and is {given}; put the right value there."
        yield _error((*path, CUSTOM), said, wanted="a text by language", given=_given(own))


def _reference(value: Json, path: Key) -> Iterator[Finding]:
    said = "{field} is “{value}”, no reference; write the identifier of a record, with @ and a revision where one is meant."
    yield from _identified(value, path, values.is_reference, said)


def _identified(value: Json, path: Key, is_right: Callable[[str], bool], template: str) -> Iterator[Finding]:
    identifier = value.get("identifier") if isinstance(value, Mapping) else None
    if not isinstance(identifier, str) or not is_right(identifier):
        yield _error((*path, "identifier"), template, value=_short(identifier))


def _link(value: Json, path: Key) -> Iterator[Finding]:
    address = value.get("url") if isinstance(value, Mapping) else None
    if not isinstance(address, str) or not values.is_address(address):
        said = "{field} is “{value}”, no address that is allowed; use http, https or mailto."
        yield _error((*path, "url"), said, value=_short(address))


_CHECKS: Mapping[FieldKind, Callable[[Json, Key], Iterator[Finding]]] = MappingProxyType(
    {
        FieldKind.TEXT: _text,
        FieldKind.RICH: _rich,
        FieldKind.DATE: _date,
        FieldKind.MOMENT: _moment,
        FieldKind.TERM: _term,
        FieldKind.REFERENCE: _reference,
        FieldKind.LINK: _link,
    }
)


def _languages(schema: Schema, document: Content) -> Iterator[Finding]:
    """Texts in languages that the header does not list, which editors drop, and languages without any text."""
    header = document.get("header")
    listed = header.get("languages") if isinstance(header, Mapping) else None
    if not isinstance(listed, list):
        return
    spoken: set[str] = set()
    for path, language in _spoken(schema.fields, document, ()):
        spoken.add(language)
        if language not in listed:
            said = "{field} has a text in {language}, which the record does not list; list it, or take the text out."
            yield _error(path, said, language=_named(language))
    for language in dict.fromkeys(code for code in listed if isinstance(code, str)):
        if language not in spoken:
            said = "The record lists {language} and has no text in it; write one, or take the language off the list."
            yield _warning(("header", "languages"), said, language=_named(language))


def _spoken(fields: tuple[FieldDefinition, ...], held: Content, path: Key) -> Iterator[tuple[Key, str]]:
    """The places of texts that are not blank, and their languages."""
    for field in fields:
        yield from _spoken_in(field, field.kind, held.get(field.name), (*path, field.name))


def _spoken_in(field: FieldDefinition, kind: FieldKind, value: Json, path: Key) -> Iterator[tuple[Key, str]]:
    if kind in _ITEMS and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _spoken_in(field, _ITEMS[kind], item, (*path, str(number)))
    elif kind is FieldKind.GROUP and isinstance(value, Mapping):
        yield from _spoken(field.fields, value, path)
    elif kind is FieldKind.TERM and isinstance(value, Mapping):
        yield from _spoken_in(field, FieldKind.TEXT, value.get(CUSTOM), (*path, CUSTOM))
    elif kind in (FieldKind.TEXT, FieldKind.RICH) and isinstance(value, Mapping):
        written = (code for code, text in value.items() if isinstance(text, str) and text.strip())
        yield from (((*path, code), code) for code in written if values.is_language(code))


def _named(code: str) -> str:
    return LANGUAGES[code].name if code in LANGUAGES else code


def _given(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list):
        return "a list"
    return "a text" if isinstance(value, str) else "a group of fields"


def _short(value: Json) -> str:
    """A value fit for a sentence; of an object or a list only what it is."""
    if not isinstance(value, str):
        return "" if value is None else _given(value)
    line = "".join(letter if letter.isprintable() else "?" for letter in value[: _SHOWN + 1])
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _error(path: Key, template: str, **values_: Any) -> Finding:
    return replace(found("record", Severity.ERROR, template, field=key_text(path), **values_), path=key_text(path))


def _warning(path: Key, template: str, **values_: Any) -> Finding:
    named: dict[str, Any] = {"field": key_text(path)} if "{field}" in template else {}
    return replace(found("record", Severity.WARNING, template, **named, **values_), path=key_text(path))
