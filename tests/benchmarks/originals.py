"""Originals: the strings a corpus is grown from, a real site's where they can be had, else sentences of our own."""

import json
import random
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.baselines import SOURCES
from tests.benchmarks.measure import environment
from tests.benchmarks.real_site import BUNDLE, DATA

_OWN = 6_000  # sentences of our own before repetitions are taken out


@dataclass(frozen=True)
class Originals:
    """Distinct strings with single spaces, and edits as (before, after); no `after` is among the strings."""

    origin: str
    texts: tuple[str, ...]
    edits: tuple[tuple[str, str], ...]


def originals() -> Originals:
    return real() if BUNDLE.exists() else own()


def real() -> Originals:
    """Every English string the real site ever had, and every edit its history knows."""
    with TemporaryDirectory(prefix="tm-service-bench-") as folder:
        history = _History(Path(folder) / "site.git")
        edits = sorted(history.edits())
        texts = {text for blob in history.blobs.values() for text in blob.values()}
    with (DATA / "aligned_pairs.jsonl").open(encoding="utf-8") as lines:
        texts |= {_spaced(json.loads(line)["source"]) for line in lines}
    return _apart("strings of a real site", texts, edits)


def own(seed: int = 1) -> Originals:
    """Labels and sentences about seed banks, gardens, libraries and harbours, a third of them with a later version."""
    say = _Grammar(random.Random(seed))
    texts = {say.text() for _ in range(_OWN)}
    edits = [(text, say.later(text)) for text in sorted(texts) if len(text) % 3 == 0]
    return _apart("sentences of our own", texts, edits)


def _apart(origin: str, texts: set[str], edits: Sequence[tuple[str, str]]) -> Originals:
    """What was written later is only asked for, never stored."""
    kept = [(before, after) for before, after in edits if before and after and before != after]
    later = {after for _, after in kept} - {before for before, _ in kept}
    return Originals(
        origin,
        tuple(sorted(text for text in texts - later if text)),
        tuple((before, after) for before, after in kept if after in later),
    )


def _spaced(text: str) -> str:
    return " ".join(text.split())


class _History:
    """The message files of the bundle: each blob's strings by key, and which blob replaced which."""

    def __init__(self, repository: Path) -> None:
        self._git("clone", "--quiet", "--bare", BUNDLE, repository)
        log = self._git("-C", repository, "log", "--format=", "--raw", "--no-abbrev", "--no-renames", "--", SOURCES)
        changes = [line.split()[2:5] for line in log.decode().splitlines() if line]
        self._replaced = {(before, after) for before, after, kind in changes if kind == "M"}
        names = sorted({after for _, after, kind in changes if kind != "D"} | {old for old, _ in self._replaced})
        said = self._git("-C", repository, "cat-file", "--batch", stdin="\n".join(names).encode())
        self.blobs = dict(zip(names, _strings(said), strict=True))

    def edits(self) -> set[tuple[str, str]]:
        found = set()
        for old, new in ((self.blobs[before], self.blobs[after]) for before, after in self._replaced):
            found |= {(old[key], new[key]) for key in old.keys() & new.keys() if old[key] != new[key]}
        return found

    def _git(self, *words: str | Path, stdin: bytes = b"") -> bytes:
        return subprocess.run(["git", *words], input=stdin, capture_output=True, check=True, env=environment()).stdout


def _strings(batch: bytes) -> Iterator[dict[str, str]]:
    """Key to string of each file in what `git cat-file --batch` printed."""
    place = 0
    while place < len(batch):
        start = batch.index(b"\n", place) + 1
        size = int(batch[place:start].split()[2])
        try:
            found = json.loads(batch[start : start + size].decode("utf-8-sig"))
        except ValueError:
            found = {}
        yield {key: _spaced(text) for key, text in _leaves(found, "")}
        place = start + size + 1


def _leaves(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, f"{key}\0{name}")


class _Grammar:
    """Says labels and sentences of one to a hundred words; the same for the same seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))

    def text(self) -> str:
        if self._chance.random() < 0.5:
            return self._label()
        said = self._clause()
        for _ in range(self._chance.choice([0, 0, 0, 1, 1, 2, 4])):
            said += f"{self._one('links')} {self._clause()}"
        number = f"{self._chance.randint(1, 60)}. " if self._chance.random() < 0.1 else ""
        return f"{number}{said[0].upper()}{said[1:]}{self._chance.choice('...?')}"

    def later(self, text: str) -> str:
        """The text after one word of it became another, one was added, or one taken out."""
        words = text.split()
        place = self._chance.randrange(len(words))
        new = self._one("kinds")
        put = ([new], [words[place], new], [])
        words[place : place + 1] = put[self._chance.randrange(3 if len(words) > 2 else 2)]
        return " ".join(words)

    def _label(self) -> str:
        noun = self._one("nouns")
        shape = self._chance.randrange(5)
        if shape == 0:
            return noun.capitalize()
        if shape == 1:
            return f"{self._one('kinds').capitalize()} {noun}"
        kind = f"{self._one('kinds')} " if shape == 2 else ""
        return f"{self._one('labels')} {kind}{noun if shape < 4 else self._one('things')}"

    def _clause(self) -> str:
        where = f" of the {self._one('keepers')}" if self._chance.random() < 0.6 else ""
        when = f" {self._one('when')}" if self._chance.random() < 0.5 else ""
        thing = f"{self._one('kinds')} {self._one('things')}"
        return f"each {self._one('people')}{where} {self._one('deeds')} the {thing}{when}"

    def _one(self, part: str) -> str:
        return str(self._chance.choice(self._words[part]))
