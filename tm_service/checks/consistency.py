"""Consistency: one text is translated one way throughout, and two texts are not translated as one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace

from tm_service.checks.function_words import function_words
from tm_service.checks.reading import language, said, short
from tm_service.checks.stems import folded, stems
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
    told = [(unit, pair, place < len(units)) for place, (unit, pair) in enumerate((*units, *served)) if _is_told(pair)]
    for group in _groups(told, lambda pair: (pair.locale, fingerprint(pair.source))):
        yield from _many_targets(group)
    for group in _groups(told, lambda pair: (pair.locale, said(pair.target))):
        yield from _one_target(group)


_Told = tuple[str, Pair, bool]  # unit id, pair, whether it is in the delivery


def _groups(told: Sequence[_Told], key: Callable[[Pair], Hashable]) -> Iterator[list[_Told]]:
    """Units of one key, where there are several and one of them is in the delivery."""
    groups: dict[Hashable, list[_Told]] = defaultdict(list)
    for unit in told:
        groups[key(unit[1])].append(unit)
    return (group for group in groups.values() if len(group) > 1 and any(ours for _, _, ours in group))


def _many_targets(group: Sequence[_Told]) -> Iterator[Finding]:
    wordings = Counter(said(pair.target) for _, pair, _ in group)
    odd = _odd(group, wordings, lambda pair: said(pair.target))
    if odd is not None:
        others = [(unit, pair.target) for unit, pair, _ in group if said(pair.target) != said(odd[1].target)]
        yield _finding(
            odd[0],
            others,
            "The same source is translated as “{other}” in {units}; see whether both are meant.",
            "The same source is translated as “{other}” in {units} and {more} more units; see whether both are meant.",
        )


def _one_target(group: Sequence[_Told]) -> Iterator[Finding]:
    sources = Counter(_stemmed(pair) for _, pair, _ in group)
    if len(said(group[0][1].target)) <= _LABEL or min(map(len, sources)) <= _LABEL:
        return
    odd = _odd(group, sources, _stemmed)
    if odd is not None:
        others = [(unit, pair.source) for unit, pair, _ in group if _stemmed(pair) != _stemmed(odd[1])]
        yield _finding(
            odd[0],
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


def _odd(
    group: Sequence[_Told], wordings: Counter[tuple[str, ...]], read: Callable[[Pair], tuple[str, ...]]
) -> tuple[str, Pair] | None:
    """The first unit of the delivery that has not the most frequent wording, else the first that has; None if all have one."""
    if len(wordings) == 1:
        return None
    usual = wordings.most_common(1)[0][0]
    ours = [(unit, pair) for unit, pair, ours in group if ours]
    return next(((unit, pair) for unit, pair in ours if read(pair) != usual), ours[0])


def _is_told(pair: Pair) -> bool:
    return bool(said(pair.target)) and said(pair.target) != said(pair.source)


def _stemmed(pair: Pair) -> tuple[str, ...]:
    """What a source is about, whatever the order and form of its words; numbers have a check of their own."""
    code = language(pair.source_locale)
    small = function_words().get(code, frozenset[str]()) - _TELLING
    content = (word for word in said(pair.source) if word.isalpha() and len(word) > 1 and word not in small)
    return tuple(sorted({stems(folded(word), code)[0] for word in content}))
