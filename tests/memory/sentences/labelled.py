"""Labelled texts: where sentences end in six languages, each marked by hand, and how well somebody's ends agree with them.

A row of LANGUAGE.tsv says what it tests and holds a text of one to five sentences with a | where one of them ends. What nobody
sees is written \\uXXXX, a line end \\n. Semicolons and colons end no sentence; the number of a paragraph belongs to it; what a
speaker says and who says it are one sentence; closing quotes, brackets and tags stay with what they close.
The part "held" is a third of the texts: the rules were written without it; what it shows wrong the test lists, unmended.
"""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")
MARK = "|"
_HELD = "held"
_BETWEEN = r"(?:\s|&nbsp;|</?p>)+"
_AROUND = re.compile(f"^{_BETWEEN}|{_BETWEEN}$")
_TAG = re.compile(r"</?[a-z][^<>]*>")

Segmenter = Callable[[str, str], Sequence[str]]  # a text and its language: the sentences


@dataclass(frozen=True, slots=True)
class Item:
    """A text with its sentences; `number` counts from 1 within its language."""

    language: str
    number: int
    held_out: bool
    tests: str
    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Ends found that are ends, found that are none, and missed; texts whose sentences are all right, of how many."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    whole: int = 0
    texts: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
            self.whole + other.whole,
            self.texts + other.texts,
        )

    @property
    def precision(self) -> float:
        """Percent of the ends found."""
        return 100 * self.right / (self.right + self.wrong or 1)

    @property
    def recall(self) -> float:
        """Percent of the ends there are."""
        return 100 * self.right / (self.right + self.missed or 1)

    @property
    def f1(self) -> float:
        """Percent: the harmonic mean of precision and recall."""
        return 200 * self.right / (2 * self.right + self.wrong + self.missed or 1)


@cache
def items(language: str) -> tuple[Item, ...]:
    _, *rows = (Path(__file__).parent / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(_item(language, number, *row.split("\t")) for number, row in enumerate(rows, 1))


def _item(language: str, number: int, part: str, tests: str, marked: str) -> Item:
    written = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), marked).replace("\\n", "\n")
    sentences = tuple(_AROUND.sub("", sentence) for sentence in written.split(MARK))
    return Item(language, number, part == _HELD, tests, written.replace(MARK, ""), sentences)


def plain(text: str) -> str:
    """A text as its reader sees it: paragraphs on lines, without tags, and entities as what they stand for."""
    return html.unescape(_TAG.sub("", re.sub("</?p>", "\n", text)))


def ends(sentences: Iterable[str]) -> frozenset[int]:
    """Where sentences end but the last, as how many letters and signs stand before: spaces and tags do not count."""
    sizes = [sum(not sign.isspace() for sign in plain(sentence)) for sentence in sentences]
    return frozenset(accumulate(sizes[:-1])) - {0, sum(sizes)}


def score(item: Item, found: Sequence[str]) -> Score:
    true, said = ends(item.sentences), ends(found)
    return Score(len(said & true), len(said - true), len(true - said), int(said == true), 1)


def score_all(asked: Iterable[Item], segmenter: Segmenter) -> Score:
    return sum((score(item, segmenter(item.text, item.language)) for item in asked), Score())
