"""Ranking: the reference score computed fast, so that no peer is slowed down by how its candidates are judged.

Equal to `memory.score.compare` wherever that reaches the least percent asked for (tests/memory/test_corpus.py): letters by
rapidfuzz's bit-parallel distance (Hyyrö 2003), words within the band that the percent leaves (Ukkonen 1985), and nobody whom
letters and counts keep below the fifth best found.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from memory.forms import Form
from memory.score import FLOOR, FULL, LIKE, LONGEST, SHORT, differences, shared
from tests.benchmarks.peers import LEAST, MOST, Answer

_WORD = 100  # what adding or dropping a word costs
_OUT = 1 << 40  # the cost of a place outside the band

distance = Levenshtein.distance


def best(form: Form, candidates: Iterable[tuple[int, Form]]) -> list[Answer]:
    """The best answers among candidates, the lower number first where percents are equal."""
    given = list(candidates)
    if not given:
        return []
    costs = cdist([form.letters], [other.letters for _, other in given], scorer=distance, workers=1)[0].tolist()
    bounds = [_bound(form, other, cost) for (_, other), cost in zip(given, costs, strict=True)]
    answers: list[Answer] = []
    for place in sorted(range(len(given)), key=bounds.__getitem__, reverse=True):
        least = fifth(answers)
        if bounds[place] < round(least * 100):
            break
        number, other = given[place]
        reached = percent(form, other, least)
        if reached >= least:
            answers = ranked([*answers, (number, reached)])
    return answers


def fifth(answers: Sequence[Answer]) -> float:
    """The percent that an answer must reach to be among the best."""
    return answers[-1][1] if len(answers) == MOST else LEAST


def ranked(answers: Iterable[Answer]) -> list[Answer]:
    return sorted(answers, key=lambda answer: (-answer[1], answer[0]))[:MOST]


def _bound(a: Form, b: Form, cost: int) -> int:
    """The most points two forms can have whose letters are so far from each other."""
    longest, count = max(len(a.letters), len(b.letters)), max(len(a.words), len(b.words))
    by_letters = FULL * (longest - cost) // longest if longest else FULL
    return by_letters if count <= SHORT else (by_letters + FULL * min(len(a.words), len(b.words)) // count) // 2


def percent(a: Form, b: Form, least: float = LEAST) -> float:
    """The score of two forms where it reaches `least`, else something below it."""
    points = similarity(a, b, round(least * 100))
    if points < round(least * 100):
        return 0.0
    return max(0, points - 100 * sum(taken for _, taken in differences(a, b))) / 100


def similarity(a: Form, b: Form, least: int) -> int:
    """`memory.score.similarity` where it reaches `least` points, else something below it."""
    longest, count = max(len(a.letters), len(b.letters)), max(len(a.words), len(b.words))
    if longest > LONGEST:
        return FULL if a.letters == b.letters else 0
    if count <= SHORT:
        return letters(a.letters, b.letters, least)
    words_at_most = FULL * min(len(a.words), len(b.words)) // count
    by_letters = letters(a.letters, b.letters, 2 * least - words_at_most)
    if by_letters + words_at_most < 2 * least or 100 * shared(a.words, b.words) < FLOOR * count:
        return 0
    whole = _WORD * count
    most = whole * (FULL - max(0, 2 * least - by_letters)) // FULL
    cost = word_distance(a.words, b.words, most)
    return (by_letters + FULL * (whole - cost) // whole) // 2 if cost <= most else 0


def letters(a: str, b: str, least: int) -> int:
    """Points by characters where they reach `least`, else 0."""
    longest = max(len(a), len(b))
    if not longest:
        return FULL
    if least > FULL:
        return 0
    most = longest * (FULL - max(0, least)) // FULL
    cost = distance(a, b, score_cutoff=most)
    return FULL * (longest - cost) // longest if cost <= most else 0


def word_distance(a: Sequence[str], b: Sequence[str], most: int) -> int:
    """`memory.score.word_distance` where it is at most `most`, else something above it.

    Equal words at both ends cost nothing wherever they stand; each step aside from the diagonal costs a word.
    """
    a, b = _without_equal_ends(a, b)
    if not a or not b:
        return _WORD * max(len(a), len(b))
    band = most // _WORD
    row = [_WORD * place if place <= band else _OUT for place in range(len(b) + 1)]
    for number, x in enumerate(a, 1):
        first, last = max(1, number - band), min(len(b), number + band)
        if first > last:
            return most + 1
        before, row = row, [_OUT] * (len(b) + 1)
        left = row[first - 1] = _WORD * number if number <= band else _OUT
        for place in range(first, last + 1):
            y = b[place - 1]
            left = min(before[place - 1] + (0 if x == y else change(x, y)), before[place] + _WORD, left + _WORD)
            row[place] = left
    return row[-1]


def _without_equal_ends(a: Sequence[str], b: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    first, last, shorter = 0, 0, min(len(a), len(b))
    while first < shorter and a[first] == b[first]:
        first += 1
    while last < shorter - first and a[-1 - last] == b[-1 - last]:
        last += 1
    return a[first : len(a) - last], b[first : len(b) - last]


@lru_cache(maxsize=1 << 18)
def change(a: str, b: str) -> int:
    """`memory.score.change`."""
    cost = -(-_WORD * distance(a, b) // max(len(a), len(b)))
    return cost if cost <= LIKE else _WORD
