"""Fields: a document as a form: what stands in each field, in one language or in none, with what is wrong and behind there."""

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NoReturn

from locales.findings import said
from tm_service.domain.findings import Finding
from tm_service.domain.records import ARTICLE, CUSTOM, Content, FieldDefinition, FieldKind, Json, Schema
from tm_service.domain.units import Key, Locale, key_text, parse_key
from tm_service.usecases.filling import at, definition, is_number
from tm_service.usecases.outlook import Lag, Outlook
from tm_service.web.desks.editor.choosing import Choice, Choices, offers
from tm_service.web.reading import words

PREFIX = "f:"
_TEXTS = frozenset({FieldKind.TEXT, FieldKind.RICH, FieldKind.TEXTS})
_LINES = frozenset({FieldKind.STRINGS, FieldKind.TERMS, FieldKind.REFERENCES, FieldKind.LINKS})
_WITH_ITEMS = frozenset({FieldKind.TEXTS, FieldKind.GROUPS})  # each with fields of its own
_NAMED = frozenset({FieldKind.TERM, FieldKind.TERMS, FieldKind.REFERENCE, FieldKind.REFERENCES})
_KEPT_BY_STORE = frozenset({"_id", "meta", "tagsInfo", "customTagsInfo"})  # of an article; nobody writes them
_MOST_LAGS = 60  # of one field that are shown


@dataclass(frozen=True, slots=True)
class ShownLag:
    """A segment that is behind, in words without tags; `locales` lack it, `find` is what stands in the field."""

    lag: Lag
    now: str
    was: str
    text: str
    find: str
    locales: tuple[Locale, ...]


@dataclass(frozen=True)
class Shown:
    """A field of a form. `shape` is how it is written: text, rich, line, lines, chosen, choice, json, group or groups.

    `path` is where it stands; `source` is what stands there in the source language, where that is another one.
    """

    path: Key
    title: str
    shape: str
    kind: FieldKind
    value: str = ""
    source: str = ""
    mandatory: bool = False
    confidential: bool = False
    problems: tuple[str, ...] = ()
    lags: tuple[ShownLag, ...] = ()
    fields: tuple["Shown", ...] = ()
    wrong: str = ""
    chosen: tuple[Choice, ...] = ()
    found: tuple[Choice, ...] = ()
    look: str = ""  # the words that were searched for here

    @property
    def name(self) -> str:
        return f"{PREFIX}{key_text(self.path)}"

    @property
    def id(self) -> str:
        return f"at-{'-'.join(self.path)}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there that anybody looks for: it may be folded away."""
        quiet = not (self.value or self.look or self.source or self.mandatory or self.problems or self.wrong)
        return quiet and all(one.is_empty for one in self.fields)


@dataclass(frozen=True)
class Form:
    """The fields of a document in a language, or those that are in none where it is ""."""

    schema: Schema
    document: Content
    language: Locale
    source: Locale
    locale: Locale  # of the interface, in which problems are said
    findings: Sequence[Finding] = ()
    outlook: Outlook | None = None
    typed: Mapping[str, str] = field(default_factory=dict)  # by name, where a form comes back
    wrong: Mapping[str, str] = field(default_factory=dict)  # by name, what could not be read
    choices: Choices | None = None

    def fields(self) -> list[Shown]:
        return list(self._fields(self.schema.fields, self.document, ()))

    def _fields(self, fields: Sequence[FieldDefinition], held: Content, path: Key) -> Iterator[Shown]:
        for one in fields:
            if not path and self.schema.name == ARTICLE and one.name in _KEPT_BY_STORE:
                continue
            made = self._field(one, held.get(one.name), (*path, one.name))
            if made is not None:
                yield made

    def _field(self, one: FieldDefinition, value: Json, path: Key) -> Shown | None:
        if one.kind in (FieldKind.GROUP, FieldKind.GROUPS):
            return self._group(one, value, path)
        if one.kind is FieldKind.HEADER:
            return None
        if one.kind in _TEXTS:
            return self._text(one, value, path) if self.language else None
        if self.language:
            return self._own_words(one, value, path)
        shape, written = _shape(one.kind), _written(one.kind, value)
        shown = self._shown(one, path, shape, written)
        return self._chosen(one, shown, self.choices) if self.choices and offers(one) else shown

    def _chosen(self, one: FieldDefinition, shown: Shown, choices: Choices) -> Shown:
        there = choices.named(one, [line for line in shown.value.splitlines() if line.strip()])
        is_looked = choices.look == shown.name
        found = choices.matching(one, {each.identifier for each in there}) if is_looked else ()
        look = choices.text if is_looked else ""
        return replace(shown, shape="chosen", chosen=there, found=found, look=look)

    def _shown(self, one: FieldDefinition, path: Key, shape: str, value: str, source: str = "") -> Shown:
        shown = Shown(path, one.title or one.name, shape, one.kind, value, source, one.mandatory, one.confidential)
        return replace(
            shown,
            value=self.typed.get(shown.name, value),
            problems=self._problems(path),
            wrong=self.wrong.get(shown.name, ""),
        )

    def _text(self, one: FieldDefinition, value: Json, path: Key) -> Shown | None:
        if one.kind is FieldKind.TEXTS:
            items = value if isinstance(value, list) else []
            inner = replace(one, kind=FieldKind.TEXT, mandatory=False)
            made = (self._text(inner, item, (*path, str(number))) for number, item in enumerate([*items, {}]))
            return replace(self._shown(one, path, "group", ""), fields=tuple(shown for shown in made if shown))
        texts: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        there, source = texts.get(self.language), texts.get(self.source)
        beside = source if self.language != self.source and isinstance(source, str) else ""
        shape = "rich" if one.kind is FieldKind.RICH else "text"
        shown = self._shown(one, (*path, self.language), shape, there if isinstance(there, str) else "", beside)
        is_first = self.language == self.source
        problems = (*self._problems(path), *shown.problems) if is_first else shown.problems
        return replace(shown, problems=problems, lags=tuple(self._lags(path)), mandatory=one.mandatory and is_first)

    def _own_words(self, one: FieldDefinition, value: Json, path: Key) -> Shown | None:
        """Of a term only the words of one's own are in a language."""
        own = value.get(CUSTOM) if isinstance(value, Mapping) else None
        if one.kind is not FieldKind.TERM or not isinstance(own, Mapping):
            return None
        return self._text(replace(one, kind=FieldKind.TEXT, mandatory=False), own, (*path, CUSTOM))

    def _group(self, one: FieldDefinition, value: Json, path: Key) -> Shown | None:
        if one.kind is FieldKind.GROUP:
            held: Content = value if isinstance(value, Mapping) else {}
            inner = tuple(self._fields(one.fields, held, path))
            return replace(self._shown(one, path, "group", ""), fields=inner) if inner else None
        items = value if isinstance(value, list) else []
        made = []
        for number, item in enumerate(items):
            fields = tuple(self._fields(one.fields, item if isinstance(item, Mapping) else {}, (*path, str(number))))
            shown = self._shown(one, (*path, str(number)), "item", "")
            made.append(replace(shown, title=str(number + 1), fields=fields, mandatory=bool(fields)))
        if self.language and not any(item.fields for item in made):
            return None
        return replace(self._shown(one, path, "groups", ""), fields=tuple(made))

    def _problems(self, path: Key) -> tuple[str, ...]:
        said = key_text(path)
        deeper = () if self._is_split(path) else tuple(one for one in self.findings if one.path.startswith(f"{said}."))
        return tuple(
            dict.fromkeys(
                told(one, self.locale) for one in (*self.findings, *deeper) if one.path == said or one in deeper
            )
        )

    def _is_split(self, path: Key) -> bool:
        """Whether what stands deeper has fields of its own in a form."""
        found = definition(self.schema, path)
        return found is None or bool(found.fields) or found.kind in _TEXTS

    def _lags(self, path: Key) -> Iterator[ShownLag]:
        if self.outlook is None:
            return
        found: list[tuple[Lag, tuple[Locale, ...]]]
        if self.language != self.source:
            one = self.outlook.languages.get(self.language)
            found = [(lag, (self.language,)) for lag in (one.lags if one else ()) if lag.path == path]
        else:
            found = list(_by_source(self.outlook, path))
        is_rich = any(one.name == path[-1] and one.kind is FieldKind.RICH for one in _all(self.schema.fields))
        for lag, locales in found[:_MOST_LAGS]:
            now, was, text = (words(said) if is_rich else said for said in (lag.now, lag.was, lag.text))
            yield ShownLag(lag, now, was, text, text if self.language != self.source else now, locales)


def _by_source(outlook: Outlook, path: Key) -> Iterator[tuple[Lag, tuple[Locale, ...]]]:
    """The segments by which languages are behind, each once, with all languages that lack it."""
    found: dict[str, tuple[Lag, list[Locale]]] = {}
    for locale, one in outlook.languages.items():
        for lag in one.lags:
            if lag.path == path:
                first, locales = found.setdefault(lag.segment, (lag, []))
                locales.append(locale)
                if not first.was and lag.was:
                    found[lag.segment] = lag, locales
    for lag, locales in found.values():
        yield lag, tuple(locales)


def _all(fields: Sequence[FieldDefinition]) -> Iterator[FieldDefinition]:
    for one in fields:
        yield one
        yield from _all(one.fields)


def told(finding: Finding, locale: Locale) -> str:
    """What is wrong, in a language of the interface."""
    return said(finding.template, finding.values, locale) if finding.template else finding.message


def _shape(kind: FieldKind) -> str:
    if kind in _LINES:
        return "lines"
    if kind in (FieldKind.ANY, FieldKind.ATTACHMENTS):
        return "json"
    return "choice" if kind is FieldKind.BOOLEAN else "line"


def shown_changes(schema: Schema, document: Content, paths: Collection[Key]) -> dict[str, str]:
    """What the fields of a form have now where something changed, by name; a part of a value is shown with the whole."""
    shown = {}
    for path in paths:
        while path and ((one := definition(schema, path)) is None or not _has_field(one, path)):
            path = path[:-1]  # noqa: PLW2901 - the field it is in
        if path:
            shown[f"{PREFIX}{key_text(path)}"] = _shown_value(schema, path, at(document, path))
    return shown


def is_rearranged(schema: Schema, paths: Collection[Key]) -> bool:
    """Whether what changed is a list whose items have fields of their own, of which a form may now have others or too many."""
    found = (definition(schema, path) for path in paths)
    return any(one is not None and one.kind in _WITH_ITEMS for one in found)


def _shown_value(schema: Schema, path: Key, value: Json) -> str:
    """A value as the field of a form has it."""
    one = definition(schema, path)
    if one is None:
        return ""
    is_text = one.kind in _TEXTS or CUSTOM in path
    return (value if isinstance(value, str) else "") if is_text else _written(one.kind, value)


def _written(kind: FieldKind, value: Json) -> str:
    """A value as it stands in its field."""
    if value is None:
        return ""
    if kind in (FieldKind.ANY, FieldKind.ATTACHMENTS):
        return json.dumps(value, ensure_ascii=False, indent=1)
    if kind in _LINES:
        return "\n".join(_line(kind, item) for item in value) if isinstance(value, list) else _line(kind, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _line(kind, value)


def _line(kind: FieldKind, item: Json) -> str:
    if isinstance(item, Mapping):
        if kind in _NAMED:
            return str(item.get("identifier", ""))
        name, address = str(item.get("name") or ""), str(item.get("url", ""))
        return f"{address} {name}".strip()
    return str(item)


def read(schema: Schema, document: Content, sent: Mapping[str, str]) -> tuple[dict[Key, Json], dict[str, str]]:
    """What a form brought, by path, as JSON; and by name what could not be read, with the kind that it should have been."""
    values: dict[Key, Json] = {}
    wrong: dict[str, str] = {}
    for name, text in sent.items():
        path = parse_key(name.removeprefix(PREFIX))
        one = definition(schema, path) if name.startswith(PREFIX) else None
        if one is None or not _has_field(one, path):
            continue
        try:
            values[path] = _value(one.kind, path, text, at(document, path))
        except (ValueError, RecursionError):
            wrong[name] = one.kind.value
    return values, wrong


def _has_field(one: FieldDefinition, path: Key) -> bool:
    """Whether a form has a field there: a text has one for each language, and a group none of its own."""
    if one.fields or one.kind is FieldKind.HEADER:
        return False
    is_text = one.kind in _TEXTS or CUSTOM in path
    return not (path[-1] in (one.name, CUSTOM) or is_number(path[-1])) if is_text else path[-1] == one.name


def _value(kind: FieldKind, path: Key, text: str, was: Json) -> Json:
    """Raises ValueError, and RecursionError for JSON that is too deep."""
    said = text.strip()
    if kind in _TEXTS or CUSTOM in path:
        return text
    if text.replace("\r\n", "\n") == _written(kind, was) and was is not None:
        return was
    if not said:
        return None
    if kind in _LINES:
        there = {_line(kind, item): item for item in was} if isinstance(was, list) else {}
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return [there.get(line) or _item(kind, line) for line in lines]
    return _PARSERS[kind](said) if kind in _PARSERS else _item(kind, said)


def _no_number(said: str) -> NoReturn:
    raise ValueError(said)


def _finite(said: str) -> float:
    number = float(said)
    return number if math.isfinite(number) else _no_number(said)


def _json(said: str) -> Json:
    found: Json = json.loads(said, parse_constant=_no_number, parse_float=_finite)
    return found


_PARSERS: Mapping[FieldKind, Callable[[str], Json]] = MappingProxyType(
    {
        FieldKind.BOOLEAN: "yes".__eq__,
        FieldKind.INTEGER: int,
        FieldKind.NUMBER: _finite,
        FieldKind.ANY: _json,
        FieldKind.ATTACHMENTS: _json,
    }
)


def _item(kind: FieldKind, line: str) -> Json:
    if kind in _NAMED:
        return {"identifier": line}
    if kind in (FieldKind.LINK, FieldKind.LINKS):
        address, _, name = line.partition(" ")
        return {"url": address} | ({"name": name.strip()} if name.strip() else {})
    return line


def languages_of(values: Collection[Key], known: Collection[Locale]) -> dict[Key, Locale]:
    """Of the texts among these paths, the languages they end in."""
    return {path: path[-1] for path in values if path[-1] in known}
