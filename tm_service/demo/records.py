"""The demo's records: a dozen of each main type, as texts/records tells them, the same documents each time.

A table of a file is one record, its name the record's. In place of a term stands `#code`, of a reference `&type/name` with
`@revision` behind it where one is pinned, of a link its address. `languages` are those of the header, English where there are
none. Of the fields that a file calls rich every line is a paragraph, or with `- ` before it an item of a list.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tm_service.domain.records import Content, RecordRef

# Those that others name come first, as far as they do not name one another.
KINDS = (
    "contact", "organization", "measure", "authority", "focalPoint", "database", "absProcedure",
    "absNationalModelContractualClause", "absPermit", "absCheckpoint", "absCheckpointCommunique", "resource",
    "modelContractualClause", "communityProtocol", "capacityBuildingInitiative",
)  # fmt: skip
_FOLDER = files("tm_service.demo") / "texts" / "records"
_NAMES = uuid5(NAMESPACE_URL, "https://seeds.example.org/records")
_TERM, _REFERENCE, _ADDRESS, _ITEM = "#", "&", "https://", "- "
_RICH, _LANGUAGES, _ENGLISH = "rich", "languages", "en"


def records() -> Iterator[tuple[RecordRef, Content]]:
    """Every record, type by type in the order of KINDS; the documents are the caller's own to change."""
    for kind in KINDS:
        told = tomllib.loads((_FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
        rich = frozenset(told.pop(_RICH))
        for name, record in told.items():
            ref = RecordRef(kind, identifier(kind, name))
            yield ref, _document(ref, record, rich)


def identifier(kind: str, name: str) -> str:
    """The identifier of a record by its type and its name in texts/records: a GUID, as clients of the store make them."""
    return str(uuid5(_NAMES, f"{kind}/{name}")).upper()


def _document(ref: RecordRef, record: Mapping[str, Any], rich: frozenset[str]) -> dict[str, Any]:
    languages = record.get(_LANGUAGES, [_ENGLISH])
    header = {"identifier": ref.identifier, "schema": ref.kind, "languages": list(languages)}
    held = {name: value for name, value in record.items() if name != _LANGUAGES}
    fields = {name: _html(value) if name in rich else _value(value) for name, value in held.items()}
    return {"header": header} | fields


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return value if "url" in value else {name: _value(one) for name, one in value.items()}
    return _named(value) if isinstance(value, str) else value


def _named(text: str) -> Any:
    if text.startswith(_TERM):
        return {"identifier": text.removeprefix(_TERM)}
    if text.startswith(_REFERENCE):
        whole, at, revision = text.removeprefix(_REFERENCE).partition("@")
        kind, _, name = whole.partition("/")
        return {"identifier": identifier(kind, name) + at + revision}
    return {"url": text} if text.startswith(_ADDRESS) else text


def _html(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: _as_trix_writes(text) for language, text in texts.items()}


def _as_trix_writes(text: str) -> str:
    """Paragraphs in one division with an empty line between them, items in a list, each block with its comment."""
    runs = groupby(text.split("\n"), lambda line: line.startswith(_ITEM))
    return "".join(_list(lines) if is_list else _division(lines) for is_list, lines in runs)


def _division(lines: Iterable[str]) -> str:
    return f"<div><!--block-->{'<br><br>'.join(lines)}</div>"


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li><!--block-->{line.removeprefix(_ITEM)}</li>' for line in lines)}</ul>"
