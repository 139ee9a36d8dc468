"""Anchors: what two texts in different languages show alike: numbers, dates, codes, addresses, labels, names and cognates.

Simard, Foster and Isabelle (1992) saw that cognates mend what lengths alone get wrong; words are cognates here when the longest
common subsequence of their stems has four letters and 58 % of the longer one (Melamed 1999) and neither has a better partner.
Russian and its kin are read in Latin letters for it. Words of a lexicon are anchors, too.
"""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from locales.stems import stems
from memory.forms import ADDRESS, DATE, MARKS, NUMBER, Form, form

_LONGEST = 20_000  # letters of a sentence that are read; of the rest only the number counts
_LEAST = 4  # letters from which words of one alphabet are cognates and not chance
_ALIKE = 0.58  # as Melamed took for French and English
_ALIKE_BEGINNINGS = (2, 4, 8)  # letters that cognates begin with alike
_SUREST = 0.95  # that a word of a lexicon can be
_ROUNDING = 0.01  # of letters in common, told from a ratio
_COMPARISONS = 1_000_000  # of words at once
_CACHE = 1 << 16
_UNSPACED = "\u0e00"  # from here on, words of one character belong to scripts without spaces, but for Hangul syllables

# Words of the source language, each with its translations; a mapping says of each how often it is the right one.
Lexicon = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared of a document's sentences, in order.

    `letters` are lengths, `ends` kinds of sentence ends (the line in `anchors.toml` from 1, 0 for none), `begins` says where a
    paragraph begins, `words` are stems, pairs of characters in scripts without spaces, `signs` all other anchors by name.
    `latin` says that most words are in Latin letters.
    """

    language: str
    letters: NDArray[np.float64]
    ends: NDArray[np.int64]
    begins: NDArray[np.int64]
    signs: tuple[frozenset[str], ...]
    words: tuple[frozenset[str], ...]
    latin: bool

    def __len__(self) -> int:
        return len(self.letters)


@dataclass(frozen=True, slots=True)
class Link:
    """A sign or word of the source and its partner in the target; `rate` says how often translations have it."""

    source: str
    target: str
    rate: float


def read(texts: Sequence[str], begins: Sequence[bool], language: str) -> Side:
    """A document's sentences as they are compared; `begins` says which of them begin a paragraph."""
    forms = [form(text[:_LONGEST], language) for text in texts]
    more = [max(0, len(text) - _LONGEST) for text in texts]
    words = [frozenset(words_of(found.words, language)) for found in forms]
    return Side(
        language,
        np.array([max(1, len(found.letters) + rest) for found, rest in zip(forms, more, strict=True)], np.float64),
        np.array([_end(text) for text in texts], np.int64),
        np.array(begins, np.int64),
        tuple(frozenset(_signs(found)) for found in forms),
        tuple(words),
        _in_latin(found.words for found in forms),
    )


def gathered(side: Side, bounds: Sequence[int]) -> Side:
    """The same with the sentences from each bound to the next as one; as many as there are bounds but one."""
    spans = list(pairwise(bounds))
    return Side(
        side.language,
        np.array([side.letters[begin:end].sum() for begin, end in spans], np.float64),
        np.array([side.ends[end - 1] for _, end in spans], np.int64),
        np.zeros(len(spans), np.int64),
        tuple(frozenset().union(*side.signs[begin:end]) for begin, end in spans),
        tuple(frozenset().union(*side.words[begin:end]) for begin, end in spans),
        side.latin,
    )


def _signs(found: Form) -> Iterator[str]:
    for number in found.numbers:
        for value in _values(number):
            yield f"number {value}"
    for written in found.codes:
        yield f"code {written}"
    label = _LABEL.match(found.letters)
    places = _letters().get(label[1].lower()) if label else None
    if places is not None:
        yield f"label {places}"
    yield f"whole {found.letters}"


def _values(number: str) -> Iterator[str]:
    """A number without its sign; the parts of a date, time or fraction, whose order and marks languages differ in."""
    plain = _DECIMAL.fullmatch(number)
    for value in [plain[1]] if plain else _DIGITS.findall(number):
        yield value.lstrip("0") or "0"


def words_of(words: Iterable[str], language: str) -> Iterator[str]:
    """Stems in Latin letters where there are any; neighbours of a script without spaces, two by two."""
    before = ""
    for word in words:
        if len(word) == 1 and word >= _UNSPACED:
            if word in _MASKS:
                before = ""
                continue
            if before:
                yield before + word
            before = word
        else:
            before = ""
            stem = stems(word, language)[0]
            yield (_in_latin_letters(stem) if len(stem) >= _LEAST else "") or stem


@lru_cache(maxsize=_CACHE)
def _in_latin_letters(word: str) -> str:
    """A word in the letters a to z, as names and loans are compared; empty where it is of another script or has digits."""
    parted = unicodedata.normalize("NFD", word.translate(_latin()))
    bare = "".join(letter for letter in parted if not unicodedata.combining(letter))
    return bare if bare.isascii() and bare.isalpha() else ""


def _in_latin(words: Iterable[Iterable[str]]) -> bool:
    counts = [0, 0]
    for sentence in words:
        for word in sentence:
            counts[word[0] < "\u0250"] += word[0].isalpha()
    return counts[1] > counts[0]


def _end(text: str) -> int:
    """The kind of end a sentence has."""
    tail = text.rstrip()[-_TAIL:].rstrip(_data()["closing"]["signs"]).rstrip()
    return _ends().get(tail[-1:], 0)


def links(source: Side, target: Side, lexicon: Lexicon | None = None) -> list[Link]:
    """The anchors that both documents have, a pair of words by the strongest reason."""
    rates = _data()["rates"]
    found = {(sign, sign): rates[sign.partition(" ")[0]] for sign in sorted(_all(source.signs) & _all(target.signs))}
    ours, theirs = _all(source.words), _all(target.words)
    one_alphabet = source.latin and target.latin and source.language != target.language
    rate = rates["same" if source.latin == target.latin else "foreign"]
    same = {word for word in ours & theirs if len(word) >= _LEAST or not one_alphabet or not word.isalpha()}
    found |= {(word, word): rate for word in sorted(same)}
    if source.language != target.language:
        found |= dict.fromkeys(_cognates(ours - same, theirs - same), rates["cognate"])
    for word, translation, right in _of_lexicon(lexicon or {}, source, target):
        if word in ours and translation in theirs:
            found.setdefault((word, translation), min(right, _SUREST))
    return [Link(word, partner, rate) for (word, partner), rate in found.items()]


def places(side: Side) -> dict[str, NDArray[np.int64]]:
    """In which sentences each sign and word is; a sign has a space in its name, a word has none."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, names in enumerate(side.signs):
        for name in names:
            places[name].append(number)
    for number, names in enumerate(side.words):
        for name in names:
            places[name].append(number)
    return {name: np.array(numbers, np.int64) for name, numbers in places.items()}


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _cognates(ours: Iterable[str], theirs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of words whose likeness is the greatest of both."""
    chosen = [
        sorted(word for word in words if len(word) >= _LEAST and _LETTERS.fullmatch(word)) for words in (ours, theirs)
    ]
    for some, others in _beginning_alike(chosen[0], chosen[1], _ALIKE_BEGINNINGS):
        alike = process.cdist(some, others, scorer=LCSseq.normalized_similarity, score_cutoff=_ALIKE, dtype=np.float32)
        longer = np.maximum.outer([len(word) for word in some], [len(word) for word in others])
        alike[alike * longer < _LEAST - _ROUNDING] = 0
        best = (alike > 0) & (alike == alike.max(1, keepdims=True)) & (alike == alike.max(0, keepdims=True))
        yield from ((some[row], others[column]) for row, column in zip(*np.nonzero(best), strict=True))


def _beginning_alike(
    ours: Iterable[str], theirs: Iterable[str], beginnings: Sequence[int]
) -> Iterator[tuple[list[str], list[str]]]:
    """Words by their first letters; where too many share these, by more of them."""
    groups: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for place, words in enumerate((ours, theirs)):
        for word in words:
            groups[word[: beginnings[0]]][place].append(word)
    for _, (some, others) in sorted(groups.items()):
        if 0 < len(some) * len(others) <= _COMPARISONS:
            yield some, others
        elif some and others and len(beginnings) > 1:
            yield from _beginning_alike(some, others, beginnings[1:])


def _of_lexicon(lexicon: Lexicon, source: Side, target: Side) -> Iterator[tuple[str, str, float]]:
    usual = _data()["rates"]["lexicon"]
    for word, translations in lexicon.items():
        ours = set(words_of(form(word, source.language).words, source.language))
        for translation in translations:
            right = translations[translation] if isinstance(translations, Mapping) else usual
            theirs = set(words_of(form(translation, target.language).words, target.language))
            yield from ((one, other, right) for one in ours for other in theirs)


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "anchors.toml").read_text("utf-8"))


@cache
def _ends() -> Mapping[str, int]:
    return {sign: number for number, signs in enumerate(_data()["ends"].values(), 1) for sign in signs}


@cache
def _letters() -> Mapping[str, int]:
    return {letter: place for alphabet in _data()["labels"].values() for place, letter in enumerate(alphabet)}


@cache
def _latin() -> Mapping[int, str]:
    return {ord(letter): latin for latin, letters in _data()["latin"].items() for letter in letters}


ENDS = len(_data()["ends"]) + 1
_TAIL = 20  # characters in which the end of a sentence is looked for
_MASKS = frozenset([NUMBER, DATE, ADDRESS, *MARKS.values()])
_DECIMAL = re.compile(r"-?([0-9]+(?:\.[0-9]+)?)")
_DIGITS = re.compile("[0-9]+")
_LETTERS = re.compile("[a-z]+")
_LABEL = re.compile(r"[(\[（]?([^\W\d_])[.)\]）]")
