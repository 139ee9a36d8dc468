"""Concordance: a million pairs arranged and asked, beside SQLite's FTS5 over the same pairs, by words and by trigrams."""

import json
import os
import random
import sqlite3
import time
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import mean, median, quantiles

from memory.concordance import Concordance, build
from memory.concordance.words import words
from tests.benchmarks.measure import Figure, Skipped, seconds_of
from tests.benchmarks.real_site import DATA
from tm_service.domain.serving import Origin, Translation

PAIRS = 1_000_000
_QUERIES = 200
_SHOWN = 20
_SOURCE, _TARGET = "en", "zh"
_AT = datetime(2026, 1, 5, tzinfo=UTC)
_MILLISECONDS = 1_000
_SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "ol")]
_LINES = 5_000  # pairs from which queries are made


class Grown:
    """A shelf in a file: real pairs, each as often as it takes, with words changed, numbers and invented names put in."""

    identity = "grown"

    def __init__(self, path: Path, size: int, seed: int = 1) -> None:
        chance = random.Random(seed)
        pairs = _originals()
        vocabulary = [word for source, _ in pairs for word in source.split() if word.isalpha()]
        self._path, self._offsets = path, array("Q", [0])
        with path.open("wb") as out:
            for _ in range(size):
                line = "\t".join(_grown(pairs, vocabulary, chance)).encode() + b"\n"
                out.write(line)
                self._offsets.append(self._offsets[-1] + len(line))

    @property
    def bytes_of_text(self) -> int:
        return self._offsets[-1]

    def pairs(self) -> Iterator[tuple[int, str, str]]:
        with self._path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                source, target = line[:-1].split("\t")
                yield number, source, target

    def position(self) -> tuple[int, int]:
        return len(self._offsets) - 1, 0

    def added(self, since: int = 0) -> Iterator[Translation]:
        return (_translation(*pair) for pair in self.pairs() if pair[0] > since)

    def retired(self, _since: int = 0) -> Sequence[int]:
        return ()

    def entries(self, numbers: Collection[int]) -> Mapping[int, Translation]:
        found = {}
        with self._path.open("rb") as lines:
            for number in numbers:
                begin, end = self._offsets[number - 1 : number + 1]
                source, target = os.pread(lines.fileno(), end - begin - 1, begin).decode().split("\t")
                found[number] = _translation(number, source, target)
        return found


def _translation(number: int, source: str, target: str) -> Translation:
    return Translation("grown", _TARGET, "grown.json", (), "", source, target, _AT, Origin.SITE, number=number)


def _originals() -> list[tuple[str, str]]:
    path = DATA / "aligned_pairs.jsonl"
    if not path.exists():
        raise Skipped(f"The real site's pairs are not at {path}.")
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["lang"] == _TARGET]
    found = [(" ".join(row["source"].split()), " ".join(row["target"].split())) for row in rows]
    return [(source, target) for source, target in found if source and target]


def _grown(pairs: Sequence[tuple[str, str]], vocabulary: Sequence[str], chance: random.Random) -> tuple[str, str]:
    source, target = chance.choice(pairs)
    if len(source) < 60 and chance.random() < 0.15:
        more, other = chance.choice(pairs)
        source, target = f"{source} {more}", f"{target}{other}"
    typed = source.split()
    for _ in range(chance.randint(0, 3)):
        typed[chance.randrange(len(typed))] = chance.choice(vocabulary)
    if chance.random() < 0.4:
        number = str(chance.randint(1, 2030))
        typed.insert(chance.randrange(len(typed) + 1), number)
        target += number
    if chance.random() < 0.25:
        # The n-th of the names comes up about 1/n of the time.
        name = _name(int(200_000 ** chance.random()))
        typed.insert(chance.randrange(len(typed) + 1), name)
        target = f"{name}{target}"
    if len(target) > 4 and chance.random() < 0.5:
        cut = chance.randrange(2, len(target))
        target = target[cut:] + target[:cut]
    return " ".join(typed), target


def _name(number: int) -> str:
    name = ""
    while number or len(name) < 4:
        number, syllable = divmod(number, len(_SYLLABLES))
        name += _SYLLABLES[syllable]
    return name.title()


def _kinds(shelf: Grown, chance: random.Random) -> dict[str, list[str]]:
    """Queries of each kind, made from texts of the shelf."""
    every = shelf.position()[0] // _LINES or 1
    pairs = [(source, target) for number, source, target in shelf.pairs() if number % every == 0]
    counts = Counter(word for source, _ in pairs for word in words(source, _SOURCE))
    ranked = [word for word, _ in counts.most_common() if word.isalpha()]
    rare = [word for word, count in counts.items() if count == 1 and word.isalpha()]
    long = [word for word in ranked if len(word) > 5]
    sources = [source.split() for source, _ in pairs if len(source.split()) > 4]
    letters = [source for source, _ in pairs if len(source) > 40 and '"' not in source]
    characters = [target for _, target in pairs if len(target) > 12]

    def run(texts: Sequence[Sequence[str]], least: int, most: int) -> Sequence[str]:
        text, size = chance.choice(texts), chance.randint(least, most)
        begin = chance.randrange(len(text) - size)
        return text[begin : begin + size]

    def some(make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(_QUERIES)]

    return {
        "the 20 commonest words": [word for _ in range(_QUERIES // 20) for word in ranked[:20]],
        "one word, common": some(lambda: chance.choice(ranked[20:300])),
        "one word, rare": some(lambda: chance.choice(rare)),
        "three words of one text": some(lambda: " ".join(chance.sample(chance.choice(sources), 3))),
        "phrase": some(lambda: f'"{" ".join(run(sources, 2, 4))}"'),
        "beginning of a word": some(lambda: f"{chance.choice(long)[:4]}*"),
        "middle of a word": some(lambda: f"*{chance.choice(long)[1:5]}*"),
        "substring": some(lambda: "".join(run(letters, 5, 14)).strip()),
        "Chinese": some(lambda: "".join(run(characters, 2, 4))),
    }


class _Fts:
    """FTS5 over both sides; the best by its own rank, and how many there are."""

    def __init__(self, path: Path, tokenizer: str, shelf: Grown) -> None:
        self.base = sqlite3.connect(path)
        self.base.execute("PRAGMA journal_mode = OFF")
        self.base.execute("PRAGMA synchronous = OFF")
        options = f"source, target, content='', tokenize='{tokenizer}'"
        self.base.execute(f"CREATE VIRTUAL TABLE pairs USING fts5({options})")
        self.base.executemany("INSERT INTO pairs (rowid, source, target) VALUES (?, ?, ?)", shelf.pairs())
        self.base.execute("INSERT INTO pairs (pairs) VALUES ('optimize')")
        self.base.commit()

    def search(self, asked: str) -> list[int]:
        best = "SELECT rowid FROM pairs WHERE pairs MATCH ? ORDER BY rank LIMIT ?"
        found = [row[0] for row in self.base.execute(best, (asked, _SHOWN))]
        self.total(asked)
        return found

    def total(self, asked: str) -> int:
        return int(self.base.execute("SELECT count(*) FROM pairs WHERE pairs MATCH ?", (asked,)).fetchone()[0])


def _quoted(text: str) -> str:
    return '"' + text.strip('*"').replace('"', '""') + '"'


def _match(kind: str, query: str) -> str:
    """A query of ours in the language of FTS5."""
    column = "target" if kind == "Chinese" else "source"
    if kind == "beginning of a word":
        return f"{column} : {_quoted(query)} *"
    if kind == "three words of one text":
        return f"{column} : ({' AND '.join(map(_quoted, query.split()))})"
    return f"{column} : {_quoted(query)}"


_BY_TRIGRAMS = {"middle of a word", "substring", "Chinese"}


def _timed(ask: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Milliseconds of the processor for each query; what is read is in memory, so the clock would add only others' work."""
    ask(queries[0])
    spent = []
    for query in queries:
        began = time.thread_time()
        ask(query)
        spent.append((time.thread_time() - began) * _MILLISECONDS)
    return spent


def concordance(folder: Path, pairs: int = PAIRS) -> Iterator[Figure]:
    """A million pairs, English and Chinese: built, opened, asked in nine ways; both are asked for the best and how many."""
    shelf, path = Grown(folder / "pairs.tsv", pairs), folder / "concordance.bin"
    built = seconds_of(lambda: build(shelf, path, source=_SOURCE, target=_TARGET))
    beside = {}
    for name, tokenizer in (("words", "unicode61 remove_diacritics 0"), ("trigrams", "trigram")):
        began = time.perf_counter()
        beside[name] = _Fts(folder / f"{name}.sqlite", tokenizer, shelf)
        seconds, size = time.perf_counter() - began, (folder / f"{name}.sqlite").stat().st_size
        note = f"{pairs:,} pairs, {shelf.bytes_of_text / pairs:.0f} bytes of text each"
        yield Figure("concordance built", built, "s", "", f"FTS5, {name}", seconds, note)
        yield Figure("bytes a pair", path.stat().st_size / pairs, "B", "", f"FTS5, {name}", size / pairs, "both sides")
    opened = seconds_of(lambda: Concordance(shelf, path)) * _MILLISECONDS
    trusted = seconds_of(lambda: Concordance(shelf, path, proved=False)) * _MILLISECONDS
    yield Figure("opened", trusted, "ms", "", "every byte proved", opened)
    asked = Concordance(shelf, path, proved=False)
    for kind, queries in _kinds(shelf, random.Random(2)).items():
        ask = partial(asked.search, side="target" if kind == "Chinese" else "source", substring=kind == "substring")
        name = "trigrams" if kind in _BY_TRIGRAMS else "words"
        matches = [_match(kind, query) for query in queries]
        ours, theirs = _timed(partial(ask, limit=_SHOWN), queries), _timed(beside[name].search, matches)
        hits, others = mean(ask(query, limit=0).total for query in queries), mean(map(beside[name].total, matches))
        note = (
            f"p95; median {median(ours):.2f}, mean {mean(ours):.2f} ms, {hits:,.0f} hits; "
            f"FTS5 {median(theirs):.2f}, {mean(theirs):.2f} ms, {others:,.0f} hits"
        )
        goal = "mean 5 ms" if kind == "substring" else "20 ms"
        yield Figure(f"concordance: {kind}", _p95(ours), "ms", goal, f"FTS5, {name}", _p95(theirs), note)


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]
