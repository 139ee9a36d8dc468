"""The demo's records as tests read them: their references, their texts in pairs, and what is confidential in them."""

import re
from collections.abc import Iterator

from tests.demo.article_texts import blocks
from tm_service.domain.records import FieldKind, text_at, texts_of
from tm_service.records.schemas import schemas

MARKER = "INTERNAL-NOTE"  # in every confidential text of the demo, for tests of leaks to look for


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def languages_in(fields, held) -> Iterator[str]:
    """The languages of every text of a document, confidential and untranslated ones included."""
    for field in fields:
        value = held.get(field.name)
        items = value if isinstance(value, list) else [value] if value is not None else []
        for item in items:
            if field.kind in (FieldKind.TEXT, FieldKind.RICH, FieldKind.TEXTS):
                yield from item
            elif field.kind in (FieldKind.TERM, FieldKind.TERMS):
                yield from item.get("customValue", {})
            elif field.kind in (FieldKind.GROUP, FieldKind.GROUPS):
                yield from languages_in(field.fields, item)


def references(ref, document) -> Iterator[tuple[str, str, int, tuple[str, ...]]]:
    """Field, identifier, the revision that is pinned or 0, and the types that may be referred to."""
    for field in schemas()[ref.kind].fields:
        if field.kind in (FieldKind.REFERENCE, FieldKind.REFERENCES) and field.name in document:
            value = document[field.name]
            for one in value if isinstance(value, list) else [value]:
                identifier, _, revision = one["identifier"].partition("@")
                yield field.name, identifier, int(revision or 0), field.refers_to


def translatable(ref, document) -> Iterator[dict[str, str]]:
    for place in texts_of(schemas()[ref.kind], document):
        yield text_at(document, place.path)


def plain(text: str) -> str:
    """What is read of a text, the blocks of rich text one after another."""
    return " ".join(" ".join(block.plain.split()) for block in blocks(text) if block.plain.split())


def sentences(text: str) -> list[str]:
    """The sentences of a text, in small letters and all numbers alike; names and what else ends in no full stop are none."""
    found: list[str] = re.findall(r"[^.!?؟。！？]+[.!?؟。！？]+(?=\s|\Z|[\u4e00-\u9fff])", plain(text).casefold())
    return [re.sub(r"\d+", "0", one.strip()) for one in found if len(one.strip()) > len("Art. ")]
