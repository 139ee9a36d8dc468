"""Numbers: every number of the source stands in the target, in whatever digits, separators or words."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, islice

from tm_service.checks.codes import has_forms
from tm_service.checks.figures import BLANKS, NO_BREAK, Figure, Reading, languages, read, western
from tm_service.checks.reading import language
from tm_service.checks.seen import Seen, quoted, seen
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import parse

_CHECK = "numbers"
_MOST = 20  # findings of one unit; more would say nothing new
_DATE = 3  # parts: day, month, year
_DAY = 2  # digits
_DIGIT = re.compile(r"\d")
_LABEL = re.compile(r"\s*\(?\d+[.)]\s*(?=\D)")
_GROUPS = re.compile(rf"\d{{1,4}}(?:[.,{BLANKS}]\d{{1,4}})+(?!\d)")
_RUN = re.compile(r"\d+")
_PERCENT = re.compile(r"\d\s?(?:[%٪％]|per\s?cent)")
_ICU = re.compile(r"\{\s*\w+\s*,\s*(?:plural|selectordinal)\s*,")


def numbers(pair: Pair) -> Iterator[Finding]:
    """Numbers missing, changed, reversed or added; months changed; percent signs lost."""
    source, target = seen(pair.source), seen(pair.target)
    if not _DIGIT.search(source.plain) and not _DIGIT.search(target.plain):
        return
    ours, theirs = language(pair.source_locale), language(pair.locale)
    given, got = read(source.plain, ours), read(target.plain, theirs)
    yield from islice(_differences(pair, target, given, got), _MOST)
    yield from _months(source, target, given, got)
    yield from _percent(source, target, theirs)
    yield from _tenths(pair, target, given, got)


def _differences(pair: Pair, target: Seen, given: Reading, got: Reading) -> Iterator[Finding]:
    missing, extra = list(given.figures), list(got.figures)
    for names in (_as_written, _by_value, _as_date):
        missing, extra = _without_partners(missing, extra, names)
    turned = list(_turned(target, missing))
    missing = [figure for figure in missing if all(figure is not other for other, _, _ in turned)]
    extra = [figure for figure in extra if all(figure.end <= start or figure.start >= end for _, start, end in turned)]
    for figure, start, end in turned:
        yield _reversed(pair, target, figure, start, end)
    our_words = frozenset({*given.words, "1"} if given.articles > 0 else given.words)
    missing, extra = _without_said(missing, extra, _only_there(given, got), our_words)
    if has_forms(parse(pair.source)) or _ICU.search(pair.source):
        # Languages differ in their forms, and with them in how often a number is said.
        present = _values(got.figures)
        missing, extra = [figure for figure in missing if figure.digits > "1" and not figure.readings & present], []
    present = _values(got.figures) | ({"1"} if got.articles > 0 else set())
    yield from _unequal(pair, target, missing, extra, (_values(given.figures), present))


def _without_said(
    missing: list[Figure], extra: list[Figure], their_words: frozenset[str], our_words: frozenset[str]
) -> tuple[list[Figure], list[Figure]]:
    """Without figures that the other side writes in parts or in words."""
    missing, extra = _run_together(missing, extra)
    missing, extra = _by_parts(missing, extra, their_words)
    extra, missing = _by_parts(extra, missing, our_words)
    missing = [figure for figure in missing if not _is_said(figure, their_words)]
    return missing, [figure for figure in extra if not _is_said(figure, our_words)]


def _only_there(given: Reading, got: Reading) -> frozenset[str]:
    """Values that the target says in words more often than the source: those may stand for the source's figures."""
    more = {value for value, count in got.words.items() if count > given.words.get(value, 0)}
    ones = given.words.get("1", 0) + max(given.articles, 0)
    return frozenset(more | {"1"} if got.articles > 0 and got.words.get("1", 0) + got.articles > ones else more)


def _as_written(figure: Figure) -> Iterable[str]:
    return (figure.written,)


def _by_value(figure: Figure) -> Iterable[str]:
    return sorted(figure.readings)


def _as_date(figure: Figure) -> Iterable[str]:
    """The parts of a day in whatever order: 05.03.2026 is 2026.3.5."""
    lengths = sorted(map(len, figure.atoms))
    return ("/".join(sorted(figure.atoms)),) if len(lengths) == _DATE and lengths[1] <= _DAY < lengths[2] else ()


def _run_together(missing: list[Figure], extra: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Without telephone numbers and the like, whose digits are parted otherwise: 514.555.0199 and 514 555 0199."""
    digits = "".join(figure.digits for figure in extra)
    starts = dict(
        zip(accumulate((len(figure.digits) for figure in extra), initial=0), range(len(extra) + 1), strict=True)
    )
    said: dict[int, int] = {}
    for figure in islice((figure for figure in missing if len(figure.atoms) >= _DATE), _MOST):
        start = digits.find(figure.digits)
        if start in starts and start + len(figure.digits) in starts:
            said |= dict.fromkeys(range(starts[start], starts[start + len(figure.digits)]), figure.start)
    told = set(said.values())
    return [figure for figure in missing if figure.start not in told], [
        figure for place, figure in enumerate(extra) if place not in said
    ]


def _without_partners(
    ours: list[Figure], theirs: list[Figure], names: Callable[[Figure], Iterable[str]]
) -> tuple[list[Figure], list[Figure]]:
    waiting: defaultdict[str, deque[int]] = defaultdict(deque)
    for place, figure in enumerate(theirs):
        for name in names(figure):
            waiting[name].append(place)
    taken: set[int] = set()
    left = [figure for figure in ours if not _take(waiting, names(figure), taken)]
    return left, [figure for place, figure in enumerate(theirs) if place not in taken]


def _take(waiting: defaultdict[str, deque[int]], names: Iterable[str], taken: set[int]) -> bool:
    """Take the first that waits under one of the names."""
    for name in names:
        while waiting[name]:
            place = waiting[name].popleft()
            if place not in taken:
                taken.add(place)
                return True
    return False


def _by_parts(ours: list[Figure], theirs: list[Figure], words: frozenset[str]) -> tuple[list[Figure], list[Figure]]:
    """Without figures whose parts the others say one by one: 12.4 as "paragraph 4 of article 12"."""
    waiting: defaultdict[str, deque[int]] = defaultdict(deque)
    for place, figure in enumerate(theirs):
        if len(figure.atoms) == 1:
            waiting[figure.atoms[0]].append(place)
    taken: set[int] = set()
    left = []
    for figure in ours:
        parts = [waiting[atom].popleft() if waiting[atom] else -1 for atom in figure.atoms]
        said = all(place >= 0 or atom in words for place, atom in zip(parts, figure.atoms, strict=True))
        if len(parts) > 1 and said:
            taken.update(parts)
            continue
        left.append(figure)
        for place, atom in zip(reversed(parts), reversed(figure.atoms), strict=True):
            if place >= 0:
                waiting[atom].appendleft(place)
    return left, [figure for place, figure in enumerate(theirs) if place not in taken]


def _is_said(figure: Figure, words: frozenset[str]) -> bool:
    """Whether words say it; the minutes of a full hour need none."""
    return bool(figure.readings & words) or figure.written == "00"


def _turned(target: Seen, missing: list[Figure]) -> Iterator[tuple[Figure, int, int]]:
    """Missing figures whose groups of digits stand in the target from last to first, with their place there."""
    wanted = {figure.digits: figure for figure in missing if len(figure.atoms) > 1}
    for match in _GROUPS.finditer(western(target.plain)) if wanted else ():
        figure = wanted.pop("".join(reversed(_RUN.findall(match[0]))), None)
        if figure is not None:
            yield figure, match.start(), match.end()


def _reversed(pair: Pair, target: Seen, figure: Figure, start: int, end: int) -> Finding:
    begin, after = target.place(start, end)
    better = NO_BREAK.join(reversed(_RUN.findall(target.plain[start:end])))
    return found(
        _CHECK,
        Severity.ERROR,
        "The number {number} is written from its end, {written}; write {better}.",
        place=(begin, after),
        repair=f"{pair.target[:begin]}{better}{pair.target[after:]}" if figure.grouped else "",
        number=quoted(figure.written),
        written=target.plain[start:end],
        better=better if figure.grouped else figure.written,
    )


def _unequal(
    pair: Pair, target: Seen, missing: list[Figure], extra: list[Figure], values: tuple[set[str], set[str]]
) -> Iterator[Finding]:
    """What the figures left over on both sides mean; `values` are all values of the source and of the target."""
    wanted, present = values
    label = _lost_label(pair)
    if label and any(figure.end <= label.end() for figure in missing):
        missing = [figure for figure in missing if figure.end > label.end()]
        template = "The source begins with {label} and the target does not; put it back."
        repair = pair.source[: label.end()] + pair.target.lstrip()
        yield found(_CHECK, Severity.WARNING, template, repair=repair, label=label[0].strip())
    extra = [figure for figure in extra if not figure.readings & wanted]
    again = [figure for figure in missing if figure.readings & present]
    lost = [figure for figure in missing if not figure.readings & present]
    if len(lost) == len(extra):
        for figure, other in zip(lost, extra, strict=True):
            yield _changed(target, figure, other)
    else:
        if lost:
            template = "Missing from the target: {numbers}; put every number of the source back."
            yield found(_CHECK, Severity.ERROR, template, numbers=_listed(lost))
        for figure in extra:
            template = "The number {number} is not in the source; see whether it should be here."
            place = target.place(figure.start, figure.end)
            yield found(_CHECK, Severity.WARNING, template, place=place, number=quoted(figure.written))
    if again:
        template = "The target says these less often than the source: {numbers}; see whether one is missing."
        yield found(_CHECK, Severity.WARNING, template, numbers=_listed(again))


def _lost_label(pair: Pair) -> re.Match[str] | None:
    """The number that counts the source in a list, where nothing counts the target."""
    label = _LABEL.match(western(pair.source))
    return label if label and not _LABEL.match(western(pair.target)) else None


def _listed(figures: Iterable[Figure]) -> str:
    return quoted(", ".join(dict.fromkeys(figure.written for figure in figures)))


def _values(figures: Iterable[Figure]) -> set[str]:
    return {value for figure in figures for value in figure.readings}


def _changed(target: Seen, figure: Figure, other: Figure) -> Finding:
    swapped = sorted(figure.digits) == sorted(other.digits) and len(figure.atoms) == len(other.atoms)
    template = (
        "The digits of {number} stand in another order, {written}; write {number}."
        if swapped
        else "The number {number} became {written}; write {number}."
    )
    place = target.place(other.start, other.end)
    return found(
        _CHECK, Severity.ERROR, template, place=place, number=quoted(figure.written), written=quoted(other.written)
    )


def _months(source: Seen, target: Seen, given: Reading, got: Reading) -> Iterator[Finding]:
    """A date's month that became another one."""
    wanted = {number for number, _, _ in given.months}
    said = {number for number, _, _ in got.months}
    numbered = {*got.words, *(atom for figure in got.figures for atom in figure.atoms)}
    lost = [(start, end) for number, start, end in given.months if str(number) not in numbered]
    wrong = [(start, end) for number, start, end in got.months if number not in wanted]
    if lost and wrong and not said & wanted:
        month, other = source.plain[slice(*lost[0])], target.plain[slice(*wrong[0])]
        template = "The month {month} became {written}; write the date's own month."
        yield found(_CHECK, Severity.ERROR, template, place=target.place(*wrong[0]), month=month, written=other)
    elif lost and not got.months:
        month = source.plain[slice(*lost[0])]
        yield found(_CHECK, Severity.ERROR, "The month {month} of a date is missing; put it back.", month=month)


def _percent(source: Seen, target: Seen, locale: str) -> Iterator[Finding]:
    match = _PERCENT.search(source.plain)
    if match is None:
        return
    known = languages().get(locale, {}).get("percent", ["%"])
    plain = target.plain.lower()
    if not any(sign in plain for sign in known) and not any(sign in plain for sign in "%٪％"):
        template = "The source has a percentage, {written}, and the target none; put the sign or word back."
        yield found(_CHECK, Severity.WARNING, template, written=match[0])


def _tenths(pair: Pair, target: Seen, given: Reading, got: Reading) -> Iterator[Finding]:
    """Thousands parted by the sign that this language writes before tenths."""
    sign = languages().get(language(pair.locale), {}).get("decimal", "")
    ours = languages().get(language(pair.source_locale), {}).get("decimal", "")
    thousands = {figure.written for figure in given.figures if figure.grouped and ours not in figure.written}
    misread = [figure for figure in got.figures if figure.written in thousands and figure.written.count(sign) == 1]
    if not sign or sign == ours or not misread:
        return
    repaired = pair.target
    for figure in reversed(misread):
        begin, after = target.place(figure.start, figure.end)
        repaired = repaired[:begin] + repaired[begin:after].replace(sign, NO_BREAK) + repaired[after:]
    first = misread[0]
    yield found(
        _CHECK,
        Severity.WARNING,
        "{number} is read as a number with tenths in this language; write {better}.",
        place=target.place(first.start, first.end),
        repair=repaired,
        number=first.written,
        better=first.written.replace(sign, NO_BREAK),
    )
