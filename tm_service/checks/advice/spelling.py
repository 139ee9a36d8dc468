"""Spelling: one term is written one way throughout a site: knowledge base, knowledge-base or knowledgebase."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from tm_service.checks.advice.words import known, plain
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.units import Unit, UnitId, key_text

_TOKEN = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_BREAK = re.compile(r"[^\w\s'’\-]")
_SHORTEST = 7  # letters of a term in one word; shorter ones are parts of others by chance
_SHORTEST_PART = 3

_Uses = dict[str, list[Unit]]  # units by spelling


def spelling(units: Sequence[Unit], only: Collection[UnitId] | None = None) -> Iterator[Finding]:
    """One finding for each rarer spelling of a term, on its first unit; with `only`, on one of these units."""
    solid, parted = _spellings(units)
    for word in sorted(solid.keys() & parted.keys()):
        forms: dict[str, list[Unit]] = {word: solid[word]} | parted[word]
        usual = max(sorted(forms), key=lambda form: len(forms[form]))
        for form, several in sorted(forms.items()):
            chosen = [unit for unit in several if only is None or unit.id in only]
            if form != usual and chosen:
                yield _finding(chosen[0], form, usual, len(forms[usual]))


def _spellings(units: Sequence[Unit]) -> tuple[_Uses, Mapping[str, _Uses]]:
    """Units by words written in one; and, by what they would be in one, those written with a hyphen or in two words."""
    solid: _Uses = defaultdict(list)
    parted: dict[str, _Uses] = defaultdict(lambda: defaultdict(list))
    for unit in units:
        for word, form in set(_forms(plain(unit))):
            if word == form:
                solid[word].append(unit)
            else:
                parted[word][form].append(unit)
    return solid, parted


def _forms(text: str) -> Iterator[tuple[str, str]]:
    """What each word, and each two words beside each other, would be in one word, and how they are written."""
    for sentence in _BREAK.split(text.casefold()):
        words = _TOKEN.findall(sentence)
        for place, word in enumerate(words):
            yield from _form(word.split("-"), word)
            if place + 1 < len(words) and "-" not in word + words[place + 1]:
                yield from _form([word, words[place + 1]], f"{word} {words[place + 1]}")


def _form(parts: Sequence[str], written: str) -> Iterator[tuple[str, str]]:
    word = "".join(parts)
    if len(word) < _SHORTEST or word in known("terms", "both") or len(parts) > 2:  # noqa: PLR2004 - two words
        return
    if len(parts) > 1 and (min(map(len, parts)) < _SHORTEST_PART or known("terms", "particles") & set(parts)):
        return
    yield word, written


def _finding(unit: Unit, form: str, usual: str, count: int) -> Finding:
    template = "“{form}” is written “{usual}” in {count} other texts; write one term one way."
    finding = found("source-terms", Severity.NOTE, template, form=form, usual=usual, count=count)
    return replace(finding, unit=key_text(unit.key), path=unit.resource)
