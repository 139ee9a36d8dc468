"""Words: how the desk's pages show texts with their codes and terms, findings in the reader's language, and what was said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from locales.findings import said as sentence_of
from tm_service.desk_verbs import LONGEST_QUESTION
from tm_service.domain.answers import TermFound
from tm_service.domain.desk import forms, marked
from tm_service.domain.findings import Finding
from tm_service.domain.text import parse
from tm_service.domain.units import Locale
from tm_service.shapes.desk import label


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: words, or a code, which has a `label`; `found` says which term stands there."""

    text: str
    label: str = ""
    found: TermFound | None = None


def pieces(text: str, terms: Sequence[TermFound] = ()) -> list[Piece]:
    """Cut a text where codes and terms begin and end; joined they are the text."""
    cut: list[Piece] = []
    done = 0
    for part in parse(text).parts:
        if isinstance(part, str):
            cut += _with_terms(part, done, terms)
            done += len(part)
        else:
            cut.append(Piece(part.data, label(part.data)))
            done += len(part.data)
    return cut


def _with_terms(words: str, start: int, terms: Sequence[TermFound]) -> list[Piece]:
    """Words that begin at a place of the whole text, cut at the terms that stand within them."""
    cut, done = [], 0
    for found in sorted(terms, key=lambda one: one.start):
        begin, end = found.start - start, found.end - start
        if done <= begin < end <= len(words):
            cut += [Piece(words[done:begin]), Piece(words[begin:end], found=found)]
            done = end
    return [piece for piece in (*cut, Piece(words[done:])) if piece.text]


def told_in(locale: Locale) -> Callable[[Finding], str]:
    """What says a finding in a language of the interface."""

    def told(finding: Finding) -> str:
        return sentence_of(finding.template, finding.values, locale) if finding.template else finding.message

    return told


def by_form(source: str, target: str, locale: Locale) -> dict[str, str]:
    """The plural forms of a target by their names; none of any other text."""
    return {form.name: form.target for form in forms(source, target, locale)}


def shown(locale: Locale) -> dict[str, Any]:
    """What the desk's templates call and count with."""
    return {
        "pieces": pieces,
        "told": told_in(locale),
        "by_form": by_form,
        "marked": marked,
        "longest_question": LONGEST_QUESTION,
    }
