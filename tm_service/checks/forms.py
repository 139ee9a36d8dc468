"""Forms: a message of several plural forms is checked form by form, each against the source's form that it says."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from tm_service.checks.icu import icu
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.pairs import Pair, Repaired
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.domain.ports import Check
from tm_service.domain.text import Code, CodeKind, parse

_ONE_NUMBER = frozenset({"zero", "one", "two"})  # of which a form may say its number in a word, or leave it unsaid
_NONE = frozenset({"zero", "=0"})  # of which a form rightly denies what the others say
_COUNT = re.compile(r"%(?:\d+\$)?[-+0]?\d*[dui]|%\(\w*\)[di]")


def plural_of(pair: Pair) -> tuple[Plural, Plural] | None:
    """Both messages of a pair in their forms; None where the format is ICU itself, which is checked whole, or has none."""
    source, target = parse_plural(pair.source), parse_plural(pair.target)
    return (source, target) if source and target and not source.is_icu else None


def in_forms(
    pair: Pair, source: Plural, target: Plural, check: Callable[[Pair], Sequence[Finding]]
) -> Iterator[Finding]:
    """What is wrong with the message as a whole, and with each of its forms, once where several have the same fault."""
    yield from icu(pair)
    yield from _each(pair, source, target, check)


def by_form(pair: Pair, check: Check) -> Iterator[Finding]:
    """What a check finds of each form of a message, for languages differ in how often they repeat it; of other texts of all."""
    source, target = parse_plural(pair.source), parse_plural(pair.target)
    if source and target:
        yield from _each(pair, source, target, lambda one: tuple(check(one)))
    else:
        yield from check(pair)


def _each(pair: Pair, source: Plural, target: Plural, check: Callable[[Pair], Sequence[Finding]]) -> Iterator[Finding]:
    told = []
    for name, text in target.forms.items():
        if text.strip():
            answers = [check(replace(pair, source=said, target=text)) for said in _sources(source, name)]
            best = min(answers, key=_weight)
            told += [_placed(entry, pair, text) for entry in best if name not in _NONE or entry.check != "meaning"]
    yield from dict.fromkeys(told)


def repaired_forms(
    pair: Pair, check: Callable[[Pair], Sequence[Finding]], repair: Callable[[Pair], Repaired | None]
) -> Repaired | None:
    """The message with each form put right by itself; None where one stays wrong, or nothing is to do."""
    source, target = parse_plural(pair.source), parse_plural(pair.target)
    if source is None or target is None:
        return None
    said = {
        name: [replace(pair, source=one, target=text) for one in _sources(source, name)]
        for name, text in target.forms.items()
        if text.strip()
    }
    mended = {name: [(one, found) for one in pairs if (found := repair(one))] for name, pairs in said.items()}
    if not any(mended.values()):
        return None
    forms, done = dict(target.forms), []
    for name, pairs in said.items():
        best = next((found for one, found in mended[name] if _is_right(replace(one, target=found.target), check)), None)
        if best is not None:
            forms[name] = best.target
            done += [_placed(entry, pair, target.forms[name]) for entry in best.findings]
        elif not any(_is_right(one, check) for one in pairs):
            return None
    whole = str(replace(target, forms=forms))
    return Repaired(whole, tuple(replace(entry, repair=whole) for entry in done)) if done else None


def _is_right(pair: Pair, check: Callable[[Pair], Sequence[Finding]]) -> bool:
    return not _weight(check(pair))[0]


def _sources(source: Plural, name: str) -> Iterable[str]:
    """The texts of the source that a form may say."""
    found = [source.form(name), source.form("other")]
    if name in _ONE_NUMBER or name.startswith("="):
        found.append(_without_count(source))
    return dict.fromkeys(found)


def _weight(findings: Sequence[Finding]) -> tuple[int, int]:
    return sum(entry.severity is Severity.ERROR for entry in findings), len(findings)


def _without_count(source: Plural) -> str:
    """The form `other` with the placeholder of what is counted left out."""
    parts = parse(source.form("other")).parts
    return "".join(
        str(part if isinstance(part, str) else part.data) for part in parts if not _is_count(part, source)
    ).strip()


def _is_count(part: str | Code, source: Plural) -> bool:
    if isinstance(part, str) or part.kind is not CodeKind.PLACEHOLDER:
        return False
    return bool(_COUNT.fullmatch(part.data)) or re.findall(r"[\w.\-]+", part.data) == [source.argument]


def _placed(entry: Finding, pair: Pair, text: str) -> Finding:
    """A finding with its place in the whole message, where the form stands there as it is."""
    start = pair.target.find(f"{{{text}}}") + 1
    place = (entry.place[0] + start, entry.place[1] + start) if entry.place and start else None
    return replace(entry, place=place, repair="")
