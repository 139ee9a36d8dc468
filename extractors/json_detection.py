"""JSON detection: tells by what a JSON file holds which dialect it is most likely written in."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from extractors.json_described import angular_texts
from extractors.json_files import JsonFile, json_file
from extractors.json_go_i18n import RESERVED, go_i18n, is_go_message
from extractors.json_i18next import i18next, i18next_v3
from extractors.json_reading import decoded
from extractors.json_vue import has_forms
from extractors.pages import Page
from extractors.slots import Slot
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Finding
from tm_service.domain.units import Document, Locale

_ICU = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
_NESTING = re.compile(r"\$t\(")
_LINK = re.compile(r"(?<!\w)@(?:\.\w+)?:[\w({]")
_FORMATJS = ("defaultMessage", "developer_comment", "string")
_Slots = Callable[[JsonFile, Locale], Iterator[Slot | Finding]]


def dialect_of(path: str, content: bytes) -> str:
    """The dialect of the `json` extractor that a file is most likely written in.

    Empty where the file is one of texts and nothing else, is no message file, or cannot be read. What only one dialect has goes
    before what several may have: names of members before entries of plural forms, and those before signs within texts.
    """
    try:
        file = _file(path, content)
    except ExtractionError:
        return ""
    root = file.root if isinstance(file.root, dict) else {}
    return _by_members(path, root) or _by_entries(file) or _by_texts(file, root)


def _file(path: str, content: bytes) -> JsonFile:
    page = Page(path, decoded(Document(path, content)))
    try:
        return json_file(page)
    except ExtractionError:
        return json_file(page, lenient=True)


def _by_members(path: str, root: Mapping[str, Any]) -> str:
    """By the members that say what a file or a message is for."""
    if isinstance(root.get("#meta"), dict) and isinstance(root["#meta"].get("hashes"), dict):
        return "md5-meta"
    noted = {name[1:] for name, entry in root.items() if name.startswith("@") and isinstance(entry, dict)}
    if path.lower().endswith(".arb") or "@@locale" in root or any(isinstance(root.get(name), str) for name in noted):
        return "arb"
    if angular_texts(root) is not None and isinstance(root.get("locale"), str):
        return "angular"
    entries = [entry for entry in root.values() if isinstance(entry, dict)]
    if any(isinstance(entry.get(name), str) for entry in entries for name in _FORMATJS):
        return "formatjs"
    if entries and len(entries) == len(root) and all(isinstance(entry.get("message"), str) for entry in entries):
        return "chrome"
    return ""


def _by_entries(file: JsonFile) -> str:
    """By entries that are the plural forms of one message, or an object that is one."""
    entries = file.root if isinstance(file.root, list) else list(file.root.values())
    if entries and all(
        isinstance(entry, dict) and is_go_message(entry) and entry.keys() <= RESERVED for entry in entries
    ):
        return "go-i18n"
    dialects: tuple[tuple[str, _Slots], ...] = (("go-i18n", go_i18n), ("i18next", i18next), ("i18next-v3", i18next_v3))
    return next((name for name, slots in dialects if _has_plural(file, slots)), "")


def _has_plural(file: JsonFile, slots: _Slots) -> bool:
    """Whether a dialect finds a message that it puts together from several entries."""
    strings = {text for _, text, _ in file.strings()}
    return any(isinstance(slot, Slot) and slot.text not in strings for slot in slots(file, ""))


def _by_texts(file: JsonFile, root: Mapping[str, Any]) -> str:
    """By nesting, links, plural forms between bars and ICU within texts."""
    texts = [text for _, text, _ in file.strings()]
    if any(_NESTING.search(text) for text in texts):
        return "i18next"
    if any(_LINK.search(text) or has_forms(text) for text in texts):
        return "vue-i18n"
    if all(isinstance(text, str) for text in root.values()) and any(_ICU.search(text) for text in texts):
        return "formatjs"
    return ""
