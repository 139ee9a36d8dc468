"""Schema files: a record type written as a table of its fields, one line each, and read into a schema.

A line is `name = [kind, title, marks...]`. The kind is one of `domain.records.FieldKind`; with `!` behind it the field is
mandatory. After the kind of a reference stand the schemas it may refer to, after that of a group the name of its table
`[group.<name>]`. A mark is `confidential`, `hidden by <flag>` or `untranslated`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.records import FieldDefinition, FieldKind, Schema

_GROUPS = frozenset({FieldKind.GROUP, FieldKind.GROUPS})
_REFERENCES = frozenset({FieldKind.REFERENCE, FieldKind.REFERENCES})
_HEADER = FieldDefinition("header", FieldKind.HEADER, "Identifier, schema and languages", mandatory=True)
_INTERNAL = "notes"  # what a government or an editor writes for itself
_FLAG = "Confidential"
_HIDDEN_BY = "hidden by "
_MARKS = frozenset({"confidential", "untranslated"})


def read_schema(name: str, content: str) -> Schema:
    """The schema that a file describes. Raises ConfigurationError naming the field that is wrong."""
    try:
        table = tomllib.loads(content)
        groups = table.get("group", {})
        fields = _fields(table["fields"], groups, ())
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"The schema {name} cannot be read: {error}.") from error
    header = (_HEADER,) if table.get("header", True) else ()
    return Schema(name, table["title"], header + fields, table.get("national", False), table.get("direct", False))


def _fields(
    lines: Mapping[str, Sequence[str]], groups: Mapping[str, Any], within: tuple[str, ...]
) -> tuple[FieldDefinition, ...]:
    fields = tuple(_field(name, line, groups, within) for name, line in lines.items())
    missing = {field.hidden_by for field in fields if field.hidden_by} - set(lines)
    if missing:
        raise ValueError(f"no field {min(missing)} hides anything")
    return fields


def _field(name: str, line: Sequence[str], groups: Mapping[str, Any], within: tuple[str, ...]) -> FieldDefinition:
    written, title, *marks = line
    word, *named = written.split()
    try:
        kind = FieldKind(word.removesuffix("!"))
    except ValueError:
        raise ValueError(f"{name} is of no known kind, {word}") from None
    hidden_by = [mark.removeprefix(_HIDDEN_BY) for mark in marks if mark.startswith(_HIDDEN_BY)]
    plain = {mark for mark in marks if not mark.startswith(_HIDDEN_BY)}
    if not plain <= _MARKS or (named and kind not in _GROUPS | _REFERENCES):
        raise ValueError(f"{name} has a mark that means nothing: {written}, {', '.join(marks)}")
    return FieldDefinition(
        name=name,
        kind=kind,
        title=title,
        mandatory=word.endswith("!"),
        confidential="confidential" in plain or name == _INTERNAL or name.endswith(_FLAG),
        translatable="untranslated" not in plain,
        fields=_inner(name, named, groups, within) if kind in _GROUPS else (),
        hidden_by=hidden_by[0] if hidden_by else "",
        refers_to=tuple(named) if kind in _REFERENCES else (),
    )


def _inner(
    name: str, named: Sequence[str], groups: Mapping[str, Any], within: tuple[str, ...]
) -> tuple[FieldDefinition, ...]:
    if len(named) != 1 or named[0] not in groups or named[0] in within:
        raise ValueError(f"{name} has to name one table of its own fields")
    return _fields(groups[named[0]], groups, (*within, named[0]))
