"""Baselines: what a plain script would do, run as a process of its own so that it is measured like the service."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

LOCALES = ("ar", "es", "fr", "ru", "zh")
SOURCES = "app/app-text/"


def files(repository: Path, revision: str) -> dict[str, str]:
    """Path to blob id of every JSON file."""
    listing = subprocess.run(
        ["git", "-C", repository, "ls-tree", "-r", "-z", revision], capture_output=True, check=True
    ).stdout
    rows = (row.decode().split("\t", 1) for row in listing.split(b"\0") if row)
    return {path: said.split()[2] for said, path in rows if path.endswith(".json")}


def contents(repository: Path, blobs: Iterable[str]) -> Iterator[bytes]:
    """The bytes of blobs, one after the other, from one `git cat-file`."""
    with subprocess.Popen(
        ["git", "-C", repository, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as git:
        if git.stdin is None or git.stdout is None:
            raise RuntimeError("git gave no pipes.")
        for blob in blobs:
            git.stdin.write(f"{blob}\n".encode())
            git.stdin.flush()
            size = int(git.stdout.readline().split()[2])
            yield git.stdout.read(size + 1)[:-1]
        git.stdin.close()


def walk(repository: Path, tags: Iterable[str]) -> int:
    """Parse every JSON file of every release anew, as a script without a cache does."""
    count = 0
    for tag in tags:
        for content in contents(repository, files(repository, tag).values()):
            with suppress(ValueError):
                json.loads(content)
                count += 1
    return count


def build(repository: Path, revision: str, into: Path) -> int:
    """The naive build: every catalog of every locale anew, by key, English where there is no translation."""
    found = files(repository, revision)
    sources = {path: blob for path, blob in found.items() if path.startswith(SOURCES)}
    count = 0
    for locale in LOCALES:
        for path, english in zip(sources, contents(repository, sources.values()), strict=True):
            target = f"i18n/{locale}/{path}"
            translated = next(contents(repository, [found[target]])) if target in found else b"{}"
            place = into / target
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(_merged(_parsed(english), _parsed(translated)), ensure_ascii=False, indent=2))
            count += 1
    return count


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return {}


def _merged(english: object, translated: object) -> object:
    if not isinstance(english, dict):
        return translated or english
    said = translated if isinstance(translated, dict) else {}
    return {key: _merged(value, said.get(key)) for key, value in english.items()}


def resave(paths: Iterable[Path]) -> int:
    """Read XLIFF files with translate-toolkit and save them again."""
    from translate.storage import xliff  # noqa: PLC0415 - a peer is not needed where it is not measured

    count = 0
    for path in paths:
        store = xliff.xlifffile.parsestring(path.read_bytes())
        path.write_bytes(bytes(store))
        count += len(store.units)
    return count


if __name__ == "__main__":
    verb, where, *rest = sys.argv[1:]
    verbs = {
        "walk": lambda: walk(Path(where), rest),
        "build": lambda: build(Path(where), rest[0], Path(rest[1])),
        "resave": lambda: resave(map(Path, (where, *rest))),
    }
    sys.stdout.write(f"{verbs[verb]()}\n")
