"""The example site's past: every commit of its releases, as texts/releases tells it."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from tm_service.demo.phrases import phrase_book
from tm_service.domain.errors import NotFound
from tm_service.domain.text import is_language
from tm_service.domain.units import Key, parse_key

Tree = dict[str, dict[str, Any]]  # path to what its JSON says

_TEXTS = files("tm_service.demo") / "texts"


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: `files` is the whole tree after it, `tag` the release it closes (empty within a release)."""

    message: str
    at: datetime
    tag: str
    files: Mapping[str, bytes]


def releases(until: str | None = None) -> tuple[str, ...]:
    """List the tags in order, up to and with `until`. Raises NotFound."""
    tags = sorted(entry.name.removesuffix(".toml") for entry in (_TEXTS / "releases").iterdir())
    if until is None:
        return tuple(tags)
    if until not in tags:
        raise NotFound(f"The example site has no release {until}; it has {', '.join(tags)}.")
    return tuple(tags[: tags.index(until) + 1])


def steps(until: str | None = None) -> Iterator[Step]:
    """Every commit up to and with the release `until`. Raises NotFound."""
    tree: Tree = {}
    for tag in releases(until):
        release = tomllib.loads((_TEXTS / "releases" / f"{tag}.toml").read_text(encoding="utf-8"))
        commits = release["commit"]
        for number, commit in enumerate(commits, 1):
            _change(tree, commit, tag)
            closes = tag if number == len(commits) else ""
            yield Step(commit["message"], commit["at"], closes, {path: _json(tree[path]) for path in sorted(tree)})


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _change(tree: Tree, commit: Mapping[str, Any], tag: str) -> None:
    for verb, change in _VERBS.items():
        if verb in commit:
            change(tree, commit[verb])
    for delivery in commit.get("delivery", ()):
        tree.update(_delivered(tree, delivery, commit["at"], tag))


def _publish(tree: Tree, _: object) -> None:
    tree.update(_english(_TEXTS / "english"))


def _english(folder: Traversable, path: str = "") -> Tree:
    found: Tree = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _english(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(".json"):
            found[path + entry.name] = json.loads(entry.read_text(encoding="utf-8"))
    return found


def _rename(tree: Tree, paths: Mapping[str, str]) -> None:
    for old, new in paths.items():
        tree[new] = tree.pop(old)


def _move(tree: Tree, moves: list[Mapping[str, Any]]) -> None:
    for move in moves:
        for name in move["keys"]:
            text = _take(tree[move["from"]], parse_key(name))
            _put(tree.setdefault(move["to"], {}), parse_key(name), text)


def _edit(tree: Tree, edits: Mapping[str, Mapping[str, str]]) -> None:
    for path, texts in edits.items():
        for name, text in texts.items():
            key = parse_key(name)
            place = _place(tree[path], key)
            if key[-1] not in place:
                raise KeyError(f"{path} has no {name} to edit.")
            place[key[-1]] = text


def _add(tree: Tree, additions: Mapping[str, Mapping[str, str]]) -> None:
    for path, texts in additions.items():
        for name, text in texts.items():
            _put(tree.setdefault(path, {}), parse_key(name), text)


def _remove(tree: Tree, removals: Mapping[str, list[str]]) -> None:
    for path, names in removals.items():
        for name in names:
            _take(tree[path], parse_key(name))


def _blank(tree: Tree, paths: list[str]) -> None:
    for path in paths:
        tree[path] = _each(tree[path], lambda _: "")


_VERBS: Mapping[str, Callable[[Tree, Any], None]] = {
    "english": _publish,
    "rename": _rename,
    "move": _move,
    "edit": _edit,
    "add": _add,
    "remove": _remove,
    "blanked": _blank,
}


def _delivered(tree: Tree, delivery: Mapping[str, Any], at: datetime, branch: str) -> Tree:
    """Translate the texts into the catalogs of one locale, with the gaps and slips the delivery names."""
    locale, phrases = delivery["locale"], phrase_book()
    catalogs: Tree = {}
    for path, english in tree.items():
        if not path.startswith("texts/") or path in delivery.get("undelivered", ()):
            continue
        catalog = _each(english, lambda text: phrases[text][locale] if is_language(text) else text)
        for name in delivery.get("missing", {}).get(path, ()):
            _take(catalog, parse_key(name))
        for name in delivery.get("blank", {}).get(path, ()):
            _put(catalog, parse_key(name), "")
        if path in delivery.get("hashed", ()):
            catalog["#meta"] = _meta({key: english[key] for key in catalog}, at, branch)
        catalogs[delivery.get("misplaced", {}).get(path, f"i18n/{locale}/{path}")] = catalog
    return catalogs


def _meta(english: Mapping[str, str], at: datetime, branch: str) -> dict[str, Any]:
    """Make the `#meta` block of a flat file: the md5 of each English text at delivery."""
    hashes = {key: md5(text.encode(), usedforsecurity=False).hexdigest() for key, text in english.items()}
    return {"hashedOn": f"{at:%Y-%m-%dT%H:%M:%S}.000Z", "algorithm": "md5", "branch": branch, "hashes": hashes}


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Copy JSON with every string changed."""
    if isinstance(value, dict):
        return {name: _each(entry, change) for name, entry in value.items()}
    if isinstance(value, list):
        return [_each(entry, change) for entry in value]
    return change(value) if isinstance(value, str) else value


def _place(content: dict[str, Any], key: Key) -> dict[str, Any]:
    """Find the object that holds a key; objects on the way are made."""
    for name in key[:-1]:
        content = content.setdefault(name, {})
    return content


def _put(content: dict[str, Any], key: Key, text: str) -> None:
    _place(content, key)[key[-1]] = text


def _take(content: dict[str, Any], key: Key) -> str:
    """Take a text out. Raises KeyError."""
    text: str = _place(content, key).pop(key[-1])
    return text
