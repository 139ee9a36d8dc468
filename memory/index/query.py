"""Query: a form prepared to be searched for in any part of the index, and what an answer is worth after penalties."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from memory.forms import Form
from memory.index.segments import digest32
from memory.score import FULL, Penalties


@dataclass(frozen=True, slots=True)
class Query:
    """A form with the digests of what its marks hide."""

    form: Form
    numbers: int
    codes: int

    @classmethod
    def of(cls, form: Form) -> "Query":
        return cls(form, digest32(form.numbers), digest32(form.codes))


class Answer(NamedTuple):
    """A stored form: points after penalties and before, its segment and variant, the numbers of its pairs, newest first."""

    left: int
    points: int
    segment: int
    variant: int
    pairs: tuple[int, ...]


Found = tuple[list[Answer], bool]  # the last is False where a cap on the work left some out


def for_signs(query: Query, points: int, letters: Callable[[], str], penalties: Penalties, *, same_words: bool) -> int:
    """What a form of other letters loses where its words are the same: by case, or by punctuation; in points."""
    if points == FULL or not same_words:
        return 0
    if penalties.case == penalties.punctuation:
        return 100 * penalties.case
    cased = letters().casefold() == query.form.letters.casefold()
    return 100 * (penalties.case if cased else penalties.punctuation)


def left(points: int, signs: int, penalties: Penalties, *, same_numbers: bool, same_codes: bool) -> int:
    """Points after penalties, as `memory.score.differences` has them; an equal form is of a text that differs in signs."""
    if points == FULL and same_numbers and same_codes:
        return max(0, points - 100 * penalties.punctuation)
    taken = (0 if same_numbers else penalties.numbers) + (0 if same_codes else penalties.codes)
    return max(0, points - 100 * taken - signs)
