"""Differences: how one wording became the next, word by word, for people to read."""

import re
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

_PIECE = re.compile(r"(?:[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:['’\-][^\W\u3400-\u9fff]+)*|[^\w\s])\s*|\s+")
_LONGEST = 5_000  # words; what is longer is shown whole, before and after
_NEAR = 2  # words that stay between two changes do not make them two
_AROUND = 1  # words shown on either side of a change


class Kept(StrEnum):
    SAME = "same"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stayed, went or came."""

    kept: Kept
    text: str


@dataclass(frozen=True, slots=True)
class _Change:
    """Words `a` to `b` of the old wording became words `c` to `d` of the new one."""

    a: int
    b: int
    c: int
    d: int


def differences(before: str, now: str) -> tuple[Run, ...]:
    """Cut both wordings into runs: without what came they are `before`, without what went they are `now`."""
    old, new = _words(before), _words(now)
    runs, place = [], 0
    blank = ""  # what both wordings have between the last change and the next word
    for change in _changes(old, new):
        runs.append(Run(Kept.SAME, blank + "".join(old[place : change.a])))
        gone, come = "".join(old[change.a : change.b]), "".join(new[change.c : change.d])
        blank = _common_end(gone, come)
        runs.append(Run(Kept.GONE, gone.removesuffix(blank)))
        runs.append(Run(Kept.COME, come.removesuffix(blank)))
        place = change.b
    runs.append(Run(Kept.SAME, blank + "".join(old[place:])))
    return tuple(run for run in runs if run.text)


def _common_end(gone: str, come: str) -> str:
    """The blanks that two wordings both end in."""
    old, new = (text[len(text.rstrip()) :] for text in (gone, come))
    return old if old == new else ""


def excerpts(before: str, now: str) -> tuple[tuple[str, str], ...]:
    """The places that changed, each with a word on either side: ("within 30 days", "within 90 days")."""
    old, new = _words(before), _words(now)
    return tuple(
        (
            "".join(old[max(0, near.a - _AROUND) : near.b + _AROUND]).strip(),
            "".join(new[max(0, near.c - _AROUND) : near.d + _AROUND]).strip(),
        )
        for near in _joined(_changes(old, new))
    )


def _words(text: str) -> list[str]:
    return _PIECE.findall(text)


def _changes(old: list[str], new: list[str]) -> list[_Change]:
    if max(len(old), len(new)) > _LONGEST:
        return [_Change(0, len(old), 0, len(new))]
    found = Levenshtein.opcodes(old, new)
    merged: list[_Change] = []
    for step in found:
        if step.tag == "equal":
            continue
        change = _Change(step.src_start, step.src_end, step.dest_start, step.dest_end)
        if merged and merged[-1].b == change.a and merged[-1].d == change.c:
            last = merged.pop()
            change = _Change(last.a, change.b, last.c, change.d)
        merged.append(change)
    return merged


def _joined(changes: list[_Change]) -> list[_Change]:
    joined: list[_Change] = []
    for change in changes:
        if joined and change.a - joined[-1].b <= _NEAR:
            last = joined.pop()
            joined.append(_Change(last.a, change.b, last.c, change.d))
        else:
            joined.append(change)
    return joined
