"""Described JSON: formats that say of each message what it is for: Chrome, ARB, FormatJS; and Angular's, which does not."""

from collections.abc import Iterator, Mapping
from typing import Any

from extractors.json_files import JsonFile
from extractors.slots import Slot
from tm_service.domain.findings import Finding
from tm_service.domain.units import Key, Locale

_TRANSLATIONS = "translations"
# FormatJS writes these for the translation tools it knows, and reads them back (formatjs extract --format, compile --format).
_TEXTS = ("defaultMessage", "message", "string", "translation")
_DESCRIPTIONS = ("description", "developer_comment", "context", "notes")


def angular(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG001
    """Angular's `{"locale", "translations": {id: text}}`; a key is the id. ICU stays as it is."""
    if angular_texts(file.root) is None:
        place = len(file.page.text) - len(file.page.text.lstrip())
        reason = 'an object "translations" is missing, which Angular\'s message files have beside "locale"'
        raise file.page.error(place, reason)
    for path, text, said in file.strings():
        if path[0] == _TRANSLATIONS:
            yield file.slot(path[1:], path, text, said)


def angular_texts(root: Any) -> Mapping[str, Any] | None:
    """The texts of an Angular file; None for any other."""
    texts = root.get(_TRANSLATIONS) if isinstance(root, dict) else None
    return texts if isinstance(texts, dict) else None


def chrome(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG001
    """Chrome's `{name: {"message", "description", "placeholders"}}`; a key is the name."""
    for name, entry in _objects(file.root):
        if isinstance(entry.get("message"), str):
            yield _described(file, (name,), entry, "message", *_examples(entry, "${}$"))


def arb(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG001
    """Application resource bundles (Flutter): `"@name"` describes `"name"`. ICU stays as it is."""
    for path, text, said in file.strings():
        if len(path) == 1 and isinstance(file.root, dict) and not path[0].startswith("@"):
            about = file.root.get(f"@{path[0]}")
            entry = about if isinstance(about, dict) else {}
            yield file.slot(path, path, text, _lines(said, *_descriptions(entry), *_examples(entry, "{{{}}}")))


def formatjs(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:  # noqa: ARG001
    """FormatJS: `{id: {"defaultMessage", "description"}}`, or flat texts by id. ICU stays as it is."""
    inside = set()
    for name, entry in _objects(file.root):
        text = next((field for field in _TEXTS if isinstance(entry.get(field), str)), None)
        if text is not None:
            inside.add(name)
            yield _described(file, (name,), entry, text)
    for path, text, said in file.strings():
        if path[0] not in inside:
            yield file.slot(path, path, text, said)


def _objects(root: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(root, dict):
        yield from ((name, entry) for name, entry in root.items() if isinstance(entry, dict))


def _described(file: JsonFile, key: Key, entry: Mapping[str, Any], text: str, *more: str) -> Slot:
    comments = (file.comments.get(path, "") for path in (key, (*key, text)))
    return file.slot(key, (*key, text), entry[text], _lines(*comments, *_descriptions(entry), *more))


def _descriptions(entry: Mapping[str, Any]) -> Iterator[str]:
    """What an entry says of its message; an object of several remarks is one remark a line."""
    for name in _DESCRIPTIONS:
        said = entry.get(name)
        if isinstance(said, dict):
            yield from (remark for remark in said.values() if isinstance(remark, str))
        elif isinstance(said, str):
            yield said


def _examples(entry: Mapping[str, Any], written: str) -> Iterator[str]:
    """What stands for each placeholder: its description and an example."""
    placeholders = entry.get("placeholders")
    for name, entries in placeholders.items() if isinstance(placeholders, dict) else ():
        said = [entries.get(field) for field in ("description", "example")] if isinstance(entries, dict) else []
        remarks = "; ".join(remark for remark in said if isinstance(remark, str) and remark)
        if remarks:
            yield f"{written.format(name)}: {remarks}"


def _lines(*remarks: str) -> str:
    return "\n".join(filter(None, remarks))
