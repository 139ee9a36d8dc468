"""Neighbours: for each text of a job the nearest one before it, for the analysis of internal fuzzy matches.

Complete above the percent asked for, and equal to the reference score. Two texts of which one has more than SHORT words
match only when they share FLOOR percent of the longer one's words; put in one order, rarest first, the first
n - ceil(FLOOR n / 100) + 1 words of each then have one in common (the prefix filter of All-Pairs, Bayardo and others 2007),
so that only texts with such a word are compared. Texts of at most SHORT words are compared with one another by letters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from memory.analysis import Near, Neighbours
from memory.forms import Form, form
from memory.score import DEFAULT, FLOOR, FULL, LIKE, LONGEST, SHORT, Penalties, compare, differences

Word = tuple[str, int]  # a word and the how manieth of its kind it is in its text
_WHOLE = 100.0


def neighbours(language: str = "en", penalties: Penalties = DEFAULT) -> Neighbours:
    """What `analyse` asks for internal fuzzy matches; the earliest of equally near texts is told."""

    def search(texts: Sequence[str], above: Sequence[float]) -> list[Near]:
        return list(_nearest([_text(form(text, language)) for text in texts], above, penalties))

    return search


@dataclass(frozen=True, slots=True)
class _Text:
    form: Form
    words: frozenset[Word]


def _text(given: Form) -> _Text:
    seen: Counter[str] = Counter()
    words = []
    for word in given.words:
        seen[word] += 1
        words.append((word, seen[word]))
    return _Text(given, frozenset(words))


def _nearest(texts: Sequence[_Text], above: Sequence[float], penalties: Penalties) -> Iterator[Near]:
    frequency = Counter(word for text in texts for word in text.words)
    by_word: defaultdict[Word, list[int]] = defaultdict(list)
    short: dict[int, str] = {}
    for place, (text, least) in enumerate(zip(texts, above, strict=True)):
        count = len(text.words)
        needed = -(-FLOOR * count // 100)
        prefix = sorted(text.words, key=lambda word: (frequency[word], word))[: count + 1 - needed]
        if least < _WHOLE:
            candidates = {earlier for word in prefix for earlier in by_word[word]}
            if count <= SHORT:
                candidates |= _like(text.form.letters, short, least)
            yield _best(text, ((earlier, texts[earlier]) for earlier in sorted(candidates)), least, penalties)
        else:
            yield Near()
        for word in prefix:
            by_word[word].append(place)
        if count <= SHORT:
            short[place] = text.form.letters


def _like(letters: str, short: dict[int, str], least: float) -> set[int]:
    """The short texts whose letters alone are near enough, with a hundredth to spare for rounding."""
    cutoff = max(0.0, least / 100 - 0.01)
    scorer = Levenshtein.normalized_similarity
    found = process.extract(letters, short, scorer=scorer, score_cutoff=cutoff, limit=None, processor=None)
    return {place for _, _, place in found}


def _best(text: _Text, candidates: Iterable[tuple[int, _Text]], least: float, penalties: Penalties) -> Near:
    best = Near(least)
    for place, other in candidates:
        percent = _percent(text, other, best.percent, penalties)
        if percent > best.percent:
            best = Near(percent, place)
    return best if best.place >= 0 else Near()


def _percent(text: _Text, other: _Text, beat: float, penalties: Penalties) -> float:
    """The reference score of two texts, or 0 where it does not beat what is known."""
    count = max(len(text.words), len(other.words))
    if count > SHORT and 100 * len(text.words & other.words) < FLOOR * count:
        return 0.0
    a, b = text.form, other.form
    longest = max(len(a.letters), len(b.letters))
    if not longest or longest > LONGEST:
        return compare(a, b, penalties).percent
    points = FULL * (longest - Levenshtein.distance(a.letters, b.letters)) // longest
    if count > SHORT:
        if (points + FULL) // 2 <= beat * 100:
            return 0.0
        points = (points + FULL * (100 * count - _word_distance(a.words, b.words)) // (100 * count)) // 2
    return max(0, points - 100 * sum(percent for _, percent in differences(a, b, penalties))) / 100


def _word_distance(a: Sequence[str], b: Sequence[str]) -> int:
    """`memory.score.word_distance`: what both begin or end with aligns with itself, and pairs of words are remembered."""
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    row = [100 * place for place in range(len(b) + 1)]
    for x in a:
        diagonal, row[0] = row[0], row[0] + 100
        for place, y in enumerate(b, 1):
            cost = 0 if x == y else _change(x, y)
            diagonal, row[place] = row[place], min(diagonal + cost, row[place] + 100, row[place - 1] + 100)
    return row[-1]


@lru_cache(1 << 18)
def _change(a: str, b: str) -> int:
    cost = -(-100 * Levenshtein.distance(a, b) // max(len(a), len(b)))
    return cost if cost <= LIKE else 100
