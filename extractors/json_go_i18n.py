"""go-i18n's JSON: messages by id, `{"description", "one", "other"}` each, flat or nested; lists of them, each with its `id`."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from extractors.comments import about
from extractors.form_entries import wanted_forms
from extractors.json_files import JsonFile
from extractors.plural_forms import categories
from extractors.slots import Slot
from extractors.splices import Splice
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import CATEGORIES, Plural
from tm_service.domain.units import Key, Locale

_ARGUMENT = "PluralCount"  # what a template calls the number that chose its form
# An object that holds a string under one of these is a message (go-i18n, internal/message.go).
RESERVED = frozenset(["id", "description", "hash", "leftdelim", "rightdelim", "translation", *CATEGORIES])


def go_i18n(file: JsonFile, locale: Locale) -> Iterator[Slot | Finding]:
    """Every message; a key is the path to it, in a list its id. One that has only `other` is a text without forms."""
    for key, path, node in _messages(file.root):
        forms_at, forms = path, node
        if isinstance(node, dict) and isinstance(node.get("translation"), (str, dict)):
            forms_at, forms = (*path, "translation"), node["translation"]
        said = _said(file, path, node)
        if isinstance(forms, str):
            yield file.slot(key, forms_at, forms, said)
            continue
        texts = {name: forms[name] for name in CATEGORIES if isinstance(forms.get(name), str)}
        if _is_plural(texts, locale):
            entries = tuple(texts)
            texts.setdefault("other", next(reversed(texts.values())))
            text = str(Plural(_ARGUMENT, texts))
            yield Slot(key, text, partial(_write, file, forms_at, entries), about=about(said))
        elif texts:
            yield file.slot(key, (*forms_at, "other"), texts["other"], said)


def _is_plural(texts: Mapping[str, str], locale: Locale) -> bool:
    """Where a language has one form, a message that shows the number is a plural whose other forms it does not have."""
    if texts.keys() <= {"other"}:
        return categories(locale) == ("other",) and _ARGUMENT in texts.get("other", "")
    return True


def _messages(root: Any) -> Iterator[tuple[Key, Key, Any]]:
    """Messages in file order: key, path and what stands there, a string or an object."""
    waiting: list[tuple[Key, Key, Any]] = [((), (), root)]
    while waiting:
        key, path, node = waiting.pop()
        if isinstance(node, str) or (path and is_go_message(node)):
            yield key, path, node
        elif isinstance(node, dict):
            waiting.extend([((*key, name), (*path, name), node[name]) for name in reversed(node)])
        elif isinstance(node, list):
            waiting.extend(
                [
                    ((*key, _id(node[index], index)), (*path, str(index)), node[index])
                    for index in reversed(range(len(node)))
                ]
            )


def is_go_message(node: Any) -> bool:
    """As go-i18n tells; one of its first version has its forms in `translation`."""
    if not isinstance(node, dict):
        return False
    if isinstance(node.get("translation"), dict) and isinstance(node.get("id"), str):
        return True
    return any(isinstance(node.get(name), str) for name in RESERVED & node.keys())


def _id(node: Any, index: int) -> str:
    name = node.get("id") if isinstance(node, dict) else None
    return name if isinstance(name, str) else str(index)


def _said(file: JsonFile, path: Key, node: Any) -> str:
    description = node.get("description") if isinstance(node, dict) else None
    comments = dict.fromkeys(
        file.comments.get(place, "") for place in (path, *((*path, name) for name in ("translation", *CATEGORIES)))
    )
    return "\n".join(filter(None, [*comments, description if isinstance(description, str) else ""]))


def _write(file: JsonFile, path: Key, entries: tuple[str, ...], text: str) -> Iterator[Splice]:
    """One entry for each category of the language; a text without forms in every one of them."""
    return file.entries(path, entries, wanted_forms(text, file.target, entries))
