"""Forms: a message of several plural forms is checked form by form, each against the source's form that it says."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tm_service.checks.icu import icu
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.plurals import Plural, parse_plural
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
    told = []
    for name, text in target.forms.items():
        if text.strip():
            sources = [source.form(name), source.form("other")]
            if name in _ONE_NUMBER or name.startswith("="):
                sources.append(_without_count(source))
            answers = [check(replace(pair, source=said, target=text)) for said in dict.fromkeys(sources)]
            best = min(answers, key=_weight)
            told += [_placed(entry, pair, text) for entry in best if name not in _NONE or entry.check != "meaning"]
    yield from dict.fromkeys(told)


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
