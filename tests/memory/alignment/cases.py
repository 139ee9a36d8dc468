"""Documents to be aligned, with what is right: made from pairs by dropping, joining, adding, exchanging; seeded."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from memory.alignment.grid import Step

HERE = Path(__file__).parent
REAL = HERE.parents[3] / "shared/data/absch/aligned_pairs.jsonl"
LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")
_SHORTEST = 8  # pairs of a document

Pair = tuple[str, str]
Bead = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """Two documents and the beads that are right; `ordered` says that these can all be found, since none cross."""

    name: str
    languages: tuple[str, str]
    source: tuple[str, ...]
    target: tuple[str, ...]
    beads: frozenset[Bead]
    ordered: bool = True

    def bead(self, step: Step) -> Bead:
        return self.source[step.row : step.row + step.rows], self.target[step.column : step.column + step.columns]

    def right(self, step: Step) -> bool:
        """Whether a bead is right; a sentence alone is where its translation is not in the other document."""
        ours, theirs = bead = self.bead(step)
        if ours and theirs:
            return bead in self.beads
        return not any(set(ours) & set(some) or set(theirs) & set(others) for some, others in self.beads)


@cache
def seed_bank() -> Mapping[str, list[list[str]]]:
    return tomllib.loads((HERE / "seed_bank.toml").read_text("utf-8"))


def own_pairs(source: str, target: str) -> list[Pair]:
    ours, theirs = ([text for paragraph in seed_bank()[code] for text in paragraph] for code in (source, target))
    return list(zip(ours, theirs, strict=True))


@cache
def real_pairs() -> Mapping[tuple[str, str], tuple[Pair, ...]]:
    """Pairs by language and file, in the order of the file; files with few pairs left out."""
    files: dict[tuple[str, str], list[Pair]] = {}
    with REAL.open(encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            if pair["source"].strip() and pair["target"].strip():
                files.setdefault((pair["lang"], pair["file"]), []).append((pair["source"], pair["target"]))
    return {file: tuple(pairs) for file, pairs in files.items() if len(pairs) >= _SHORTEST}


def is_held_out(file: str) -> bool:
    """Half of the files are measured on; weights and rates were fitted on the other half."""
    return sum(file.encode()) % 2 == 1


def spoiled(name: str, languages: tuple[str, str], pairs: Sequence[Pair], dropped: float, joined: float) -> Case:
    """Each pair loses a side, or a side is joined with the next pair's, with these chances, each for each side."""
    random = Random(f"{name} {languages} {dropped} {joined}")
    source: list[str] = []
    target: list[str] = []
    beads: list[Bead] = []
    left = list(reversed(pairs))
    while left:
        ours, theirs = ([text] for text in left.pop())
        chance = random.random()
        if chance < dropped:
            theirs = []
        elif chance < 2 * dropped:
            ours = []
        elif chance < 2 * (dropped + joined) and left:
            more, others = left.pop()
            if chance < 2 * dropped + joined:
                ours, theirs = [*ours, more], [f"{theirs[0]} {others}"]
            else:
                ours, theirs = [f"{ours[0]} {more}"], [*theirs, others]
        source += ours
        target += theirs
        if ours and theirs:
            beads.append((tuple(ours), tuple(theirs)))
    return Case(name, languages, tuple(source), tuple(target), frozenset(beads))


def exchanged(name: str, languages: tuple[str, str], pairs: Sequence[Pair]) -> Case:
    """Two parts of a quarter each have changed places in the target."""
    part = max(1, len(pairs) // 4)
    begin = Random(f"{name} {languages}").randrange(len(pairs) - 2 * part + 1)
    middle, end = begin + part, begin + 2 * part
    other = [*pairs[:begin], *pairs[middle:end], *pairs[begin:middle], *pairs[end:]]
    beads = frozenset(((ours,), (theirs,)) for ours, theirs in pairs)
    source, target = tuple(ours for ours, _ in pairs), tuple(theirs for _, theirs in other)
    return Case(name, languages, source, target, beads, ordered=False)


def with_section(name: str, languages: tuple[str, str], pairs: Sequence[Pair], others: Sequence[Pair]) -> Case:
    """One side has a section of another document, half as long as the whole."""
    random = Random(f"{name} {languages}")
    place, side = random.randrange(len(pairs) + 1), random.randrange(2)
    extra = [pair[side] for pair in others[: max(5, len(pairs) // 2)]]
    texts = [[pair[number] for pair in pairs] for number in range(2)]
    texts[side][place:place] = extra
    beads = frozenset(((ours,), (theirs,)) for ours, theirs in pairs)
    return Case(name, languages, tuple(texts[0]), tuple(texts[1]), beads)


def unrelated(name: str, languages: tuple[str, str], pairs: Sequence[Pair], others: Sequence[Pair]) -> Case:
    """Two documents of which neither translates the other."""
    same = set(pairs) & set(others)
    beads = frozenset(((ours,), (theirs,)) for ours, theirs in same)
    return Case(name, languages, tuple(ours for ours, _ in pairs), tuple(theirs for _, theirs in others), beads)


def every_kind(name: str, languages: tuple[str, str], pairs: Sequence[Pair], others: Sequence[Pair]) -> Iterator[Case]:
    """One case of each kind, by which weights are fitted and confidences measured."""
    yield spoiled(f"{name}, whole", languages, pairs, 0, 0)
    yield spoiled(f"{name}, light", languages, pairs, 0.02, 0.02)
    yield spoiled(f"{name}, heavy", languages, pairs, 0.06, 0.06)
    yield exchanged(f"{name}, exchanged", languages, pairs)
    yield with_section(f"{name}, section", languages, pairs, others)
    yield unrelated(f"{name}, unrelated", languages, pairs[: len(others)], others[: len(pairs)])
    few = Random(f"{name} {languages}").randrange(1, _SHORTEST)
    yield spoiled(f"{name}, few", languages, pairs[:few], 0.04, 0.02)
    yield unrelated(f"{name}, few unrelated", languages, pairs[:few], others[:few])
