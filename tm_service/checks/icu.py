"""ICU: a message with plurals or selects is well formed, has its source's arguments, and the arms its language needs."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from locales import LANGUAGES
from tm_service.checks.messages import NUMBER, PLURALS, Arm, Choice, Message, is_message, message
from tm_service.checks.reading import language, short
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair

_CATEGORIES = frozenset(["zero", "one", "two", "few", "many", "other"])
_OTHER = "other"
_MOST = 20  # findings of one unit; more would say nothing new
_UNMEANT = re.compile(
    r"(?<=\w)'(?=[{}#])"
)  # an apostrophe of the language, as in "l'{name}", that ICU takes for a quote
_RARE = frozenset(["1000000"])  # the example of a form that only round millions take
_SAYS_ITSELF = frozenset(["0", "1", "2"])  # numbers that a form may say in words: "no seeds", "a seed", "both seeds"


def icu(pair: Pair) -> Iterator[Finding]:
    """Where the source is an ICU message: syntax, arguments, plural categories, select keys, arms left blank."""
    if not is_message(pair.source):
        return
    source, target = message(pair.source), message(pair.target)
    if source.problem:
        return
    mended = _UNMEANT.sub("’", pair.target) if target.quoted and not source.quoted else pair.target
    if mended != pair.target and _is_whole(message(mended), source):
        template = "The apostrophe before a brace hides what follows from the site; write ’ there."
        place = target.quoted[0][0], target.quoted[0][0] + 1
        yield found("icu", Severity.ERROR, template, place=place, repair=mended)
        return
    if target.problem:
        template = "The message cannot be read: {problem}; mend the braces as in the source."
        yield found("icu", Severity.ERROR, template, place=target.place, problem=target.problem)
        return
    findings = chain(_arguments(source, target), _choices(pair, source, target))
    yield from islice(dict.fromkeys(islice(findings, _MOST * _MOST)), _MOST)


def _arguments(source: Message, target: Message) -> Iterator[Finding]:
    """Arguments by name and type: lost, invented, or of another type."""
    wanted, has = _types(source), _types(target)
    places = {argument.name: (argument.start, argument.end) for argument in target.arguments}
    for name in sorted(wanted.keys() - has.keys()):
        yield found("icu", Severity.ERROR, "The argument {name} is missing; put it back.", name=short(name))
    for name in sorted(has.keys() - wanted.keys()):
        template = "The argument {name} is not in the source; take it out or write it as there."
        yield found("icu", Severity.ERROR, template, place=places.get(name), name=short(name))
    for name in sorted(wanted.keys() & has.keys()):
        for kind in sorted(has[name] - wanted[name]):
            template = "The argument {name} is used as {kind}, which it is not in the source."
            said = short(kind or "text")
            yield found("icu", Severity.ERROR, template, place=places.get(name), name=short(name), kind=said)


def _types(read: Message) -> Mapping[str, set[str]]:
    """The types of each argument; one that is only looked at by a choice may also be shown plainly."""
    types: dict[str, set[str]] = {}
    for name, kind in [(a.name, f"{a.kind} {a.style}".strip()) for a in read.arguments]:
        types.setdefault(name, set()).add(kind)
    for choice in read.choices:
        types.setdefault(choice.name, set()).update((choice.kind, "", "number"))
    return types


def _is_whole(read: Message, source: Message) -> bool:
    return not read.problem and _types(read).keys() == _types(source).keys()


class _Wanted(NamedTuple):
    """What the source has of one plural or select, in all places where it stands.

    `selectors` are those of all its arms, `sets` and `exact` those of each place, all and the exact numbers; `shows` is
    whether "other" always shows the number, `filled` whether every arm has a text.
    """

    selectors: Mapping[str, None]
    sets: frozenset[frozenset[str]]
    exact: frozenset[frozenset[str]]
    offsets: tuple[str, ...]
    shows: bool
    filled: bool


def _wanted(value: str, choices: Sequence[Choice]) -> _Wanted:
    arms = [arm for choice in choices for arm in choice.arms]
    shown = {NUMBER, choices[0].name}
    sets = [frozenset(arm.selector for arm in choice.arms) for choice in choices]
    return _Wanted(
        selectors=dict.fromkeys(arm.selector for arm in arms),
        sets=frozenset(sets),
        exact=frozenset(_exact(selectors) for selectors in sets),
        offsets=tuple(dict.fromkeys(choice.offset for choice in choices)),
        shows=all(arm.shows & shown for arm in arms if arm.selector == _OTHER),
        filled=all(value[arm.start : arm.end].strip() for arm in arms),
    )


def _exact(selectors: Iterable[str]) -> frozenset[str]:
    return frozenset(selector for selector in selectors if selector.startswith("="))


def _choices(pair: Pair, source: Message, target: Message) -> Iterator[Finding]:
    grouped = _by_argument(source.choices)
    wanted = {key: _wanted(pair.source, choices) for key, choices in grouped.items()}
    for choice in target.choices:
        of_source = wanted.get((choice.name, choice.kind))
        if of_source is not None:
            yield from _common(choice, of_source)
            yield from _plural(pair, choice, of_source) if choice.kind in PLURALS else _select(choice, of_source)
            yield from _blank(pair, choice, of_source)
    has = {(choice.name, choice.kind) for choice in target.choices}
    looked_at = {name for name, _ in has}
    shown = _types(target)
    for name, kind in sorted(wanted.keys() - has):
        if name in shown and name not in looked_at:
            template = "The {kind} of {name} is missing; keep it with its arms."
            yield found("icu", Severity.ERROR, template, kind=kind, name=short(name))


def _by_argument(choices: Iterable[Choice]) -> dict[tuple[str, str], list[Choice]]:
    grouped: dict[tuple[str, str], list[Choice]] = {}
    for choice in choices:
        grouped.setdefault((choice.name, choice.kind), []).append(choice)
    return grouped


def _plural(pair: Pair, choice: Choice, source: _Wanted) -> Iterator[Finding]:
    selectors = {arm.selector for arm in choice.arms}
    for arm in choice.arms:
        if not arm.selector.startswith("=") and arm.selector not in _CATEGORIES:
            template = "“{selector}” is no plural category; keep zero, one, two, few, many and other as they are."
            place = _selector(pair.target, arm)
            yield found("icu", Severity.ERROR, template, place=place, selector=short(arm.selector))
    known = _categories(pair.locale, choice.kind)
    if not known:
        return
    name = LANGUAGES[code].name if (code := language(pair.locale)) in LANGUAGES else pair.locale
    for arm in choice.arms:
        if arm.selector in _CATEGORIES and arm.selector not in known:
            template = "{language} has no form {selector}; what stands there is never shown."
            place = _selector(pair.target, arm)
            yield found("icu", Severity.WARNING, template, place=place, language=name, selector=arm.selector)
    said = {selector.removeprefix("=") for selector in selectors}
    lacking = [c for c, numbers in known.items() if c not in said and not _is_spared(numbers, said)]
    if lacking and _OTHER in selectors:
        template = "{language} also needs {forms}, which the {kind} of {name} does not have."
        forms = ", ".join(f"{form} ({', '.join(known[form])})" if known[form] else form for form in lacking)
        named = short(choice.name)
        yield found("icu", Severity.WARNING, template, language=name, forms=forms, kind=choice.kind, name=named)
    if source.shows:
        yield from _unsaid(pair, choice, known)


def _is_spared(numbers: tuple[str, ...], said: set[str]) -> bool:
    """Whether a form can be done without: its numbers have arms of their own, or are round millions, or fractions."""
    whole = {number for number in numbers if "." not in number} - _RARE
    return whole <= said if numbers else False


def _unsaid(pair: Pair, choice: Choice, known: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Arms for several numbers that do not say which."""
    shown = {NUMBER, choice.name}
    for arm in choice.arms:
        numbers = set(known.get(arm.selector, ()))
        if arm.selector in known and not arm.shows & shown and (not numbers or numbers - _SAYS_ITSELF):
            template = "The form {selector} of {name} is for several numbers and does not show which; put # there."
            place = _selector(pair.target, arm)
            yield found("icu", Severity.WARNING, template, place=place, selector=arm.selector, name=short(choice.name))


def _categories(locale: str, kind: str) -> Mapping[str, tuple[str, ...]]:
    """The plural categories of a locale with numbers of each, where they are known; nothing for an unknown locale."""
    code = language(locale)
    if kind == "plural" and code in LANGUAGES:
        return {name: tuple(numbers.split(", ")) for name, numbers in LANGUAGES[code].plurals.items()}
    try:
        read = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return {}
    rule = read.plural_form if kind == "plural" else read.ordinal_form
    return dict.fromkeys((*sorted(rule.tags), _OTHER), ())


def _select(choice: Choice, source: _Wanted) -> Iterator[Finding]:
    has = dict.fromkeys(arm.selector for arm in choice.arms)
    if frozenset(has) in source.sets:
        return
    missing = [key for key in source.selectors if key not in has]
    added = [key for key in has if key not in source.selectors]
    if missing and added:
        template = "The key {key} of {name} became “{said}”; keys are for the site, write {key}."
        key, said = short(missing[0]), short(added[0])
        yield found("icu", Severity.ERROR, template, key=key, name=short(choice.name), said=said)
    elif missing and missing != [_OTHER]:
        template = "The key {key} of {name} is missing; its readers will see “other”."
        yield found("icu", Severity.WARNING, template, key=short(missing[0]), name=short(choice.name))
    elif added:
        template = "The key {key} of {name} is not in the source; what stands there is never shown."
        yield found("icu", Severity.WARNING, template, key=short(added[0]), name=short(choice.name))


def _common(choice: Choice, source: _Wanted) -> Iterator[Finding]:
    """What holds for plurals and selects alike."""
    counts = Counter(arm.selector for arm in choice.arms)
    name = short(choice.name)
    if _OTHER not in counts:
        template = "The {kind} of {name} has no arm “other”, without which it cannot be shown; add it."
        yield found("icu", Severity.ERROR, template, kind=choice.kind, name=name)
    for selector in [selector for selector, count in counts.items() if count > 1]:
        template = "The {kind} of {name} has the arm {selector} twice."
        yield found("icu", Severity.ERROR, template, kind=choice.kind, name=name, selector=short(selector))
    if choice.offset not in source.offsets:
        template = "The offset of {name} is {said} and in the source {wanted}; write it as there."
        said, wanted = short(choice.offset), source.offsets[0]
        yield found("icu", Severity.ERROR, template, name=name, said=said, wanted=wanted)
    lost = [selector for selector in source.selectors if selector.startswith("=") and selector not in counts]
    if choice.kind in PLURALS and lost and not any(exact <= counts.keys() for exact in source.exact):
        template = "The arm {selector} of {name} is missing; the source has a text of its own for that number."
        yield found("icu", Severity.WARNING, template, selector=short(lost[0]), name=name)


def _blank(pair: Pair, choice: Choice, source: _Wanted) -> Iterator[Finding]:
    """Arms without a text, where the source has one in each."""
    if source.filled:
        for arm in choice.arms:
            if not pair.target[arm.start : arm.end].strip():
                template = "The arm {selector} of {name} is blank; translate it."
                place = _selector(pair.target, arm)
                selector, name = short(arm.selector), short(choice.name)
                yield found("icu", Severity.ERROR, template, place=place, selector=selector, name=name)


def _selector(value: str, arm: Arm) -> tuple[int, int]:
    """Where the selector of an arm stands, with its brace."""
    return value.rindex(arm.selector, 0, arm.start), arm.start
