"""Consistency: one text is translated one way throughout, and two texts are not translated as one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from locales.stems import stems
from tm_service.checks.folding import folded
from tm_service.checks.function_words import function_words
from tm_service.checks.reading import language, said, short
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import fingerprint

Units = Sequence[tuple[str, Pair]]
_NAMED = 3  # other units that a message names
_LABEL = 3  # words up to which two sources may rightly share a target: synonyms, singular and plural, noun and verb
_TELLING = frozenset(["not", "no", "without", "before", "after", "must", "may", "only", "all"])


def consistency(units: Units, served: Units = ()) -> Iterator[Finding]:
    """What the units of a delivery, given as (unit id, pair), say differently among each other and from what is served.

    One warning for each group, on its first unit of the delivery that leaves the most frequent wording, naming at most three
    others. Blank targets and copies of their sources are left to other checks. The time is linear in the units.
    """
    told = list(_told(units, served))
    for group in _groups(told, lambda one: (one.pair.locale, fingerprint(one.pair.source))):
        yield from _many_targets(group)
    for group in _groups(told, lambda one: (one.pair.locale, one.words)):
        yield from _one_target(group)


class _Told(NamedTuple):
    """A unit whose target says something of its own: its words, and whether it is of the delivery."""

    unit: str
    pair: Pair
    ours: bool
    words: tuple[str, ...]


def _told(units: Units, served: Units) -> Iterator[_Told]:
    for place, (unit, pair) in enumerate((*units, *served)):
        words = said(pair.target)
        if words and words != said(pair.source):
            yield _Told(unit, pair, place < len(units), words)


def _groups(told: Iterable[_Told], key: Callable[[_Told], Hashable]) -> Iterator[list[_Told]]:
    """Units of one key, where there are several and one of them is in the delivery."""
    groups: dict[Hashable, list[_Told]] = defaultdict(list)
    for one in told:
        groups[key(one)].append(one)
    return (group for group in groups.values() if len(group) > 1 and any(one.ours for one in group))


def _many_targets(group: Sequence[_Told]) -> Iterator[Finding]:
    odd = _odd(group, lambda one: one.words)
    if odd is not None:
        others = [(one.unit, one.pair.target) for one in group if one.words != odd.words]
        yield _finding(
            odd.unit,
            others,
            "The same source is translated as “{other}” in {units}; see whether both are meant.",
            "The same source is translated as “{other}” in {units} and {more} more units; see whether both are meant.",
        )


def _one_target(group: Sequence[_Told]) -> Iterator[Finding]:
    if len(group[0].words) <= _LABEL or min(len(_stemmed(one)) for one in group) <= _LABEL:
        return
    odd = _odd(group, _stemmed)
    if odd is not None:
        others = [(one.unit, one.pair.source) for one in group if _stemmed(one) != _stemmed(odd)]
        yield _finding(
            odd.unit,
            others,
            "Another source, “{other}” in {units}, has the same target; see whether the difference is lost.",
            "Other sources, “{other}” in {units} and {more} more, have the same target; see whether the difference is lost.",
        )


def _finding(unit: str, others: Sequence[tuple[str, str]], template: str, longer: str) -> Finding:
    more = len(others) - _NAMED
    finding = found(
        "consistency",
        Severity.WARNING,
        longer if more > 0 else template,
        other=short(others[0][1]),
        units=", ".join(name for name, _ in others[:_NAMED]),
        more=max(more, 0),
    )
    return replace(finding, unit=unit)


def _odd(group: Sequence[_Told], read: Callable[[_Told], tuple[str, ...]]) -> _Told | None:
    """The first unit of the delivery that has not the most frequent wording, else the first that has; None if all have one."""
    wordings = Counter(map(read, group))
    if len(wordings) == 1:
        return None
    usual = wordings.most_common(1)[0][0]
    ours = [one for one in group if one.ours]
    return next((one for one in ours if read(one) != usual), ours[0])


def _stemmed(one: _Told) -> tuple[str, ...]:
    """What a source is about, whatever the order and form of its words; numbers have a check of their own."""
    code = language(one.pair.source_locale)
    small = function_words().get(code, frozenset[str]()) - _TELLING
    content = (word for word in said(one.pair.source) if word.isalpha() and len(word) > 1 and word not in small)
    return tuple(sorted({stems(folded(word), code)[0] for word in content}))
