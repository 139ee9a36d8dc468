"""Punctuation: the target ends, asks, quotes and counts as the source does, by the rules of its own language."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tm_service.checks.reading import language
from tm_service.checks.seen import FILLED, Seen, quoted, seen, table
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import is_skeleton

_CHECK = "punctuation"
_NO_BREAK = "\u00a0"
_WEIGHTY = frozenset(
    {"question", "exclamation", "colon"}
)  # what a reader misses; stops and commas are a matter of style
_ASKED = ("stop", "question")  # a statement that became a question says something else
_TAIL = 8  # characters at the end in which a sign stands though a footnote follows it
_DOTS = re.compile(r"\.{3,}|。{3,}|…+")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+|www\.\S+|[^\s@]{1,64}@[^\s@]+")
_DOUBLED = re.compile(r"([,;:،؛。，；：、])[ \u00a0]?\1|(?<!\.)\.[ \u00a0]?\.(?!\.)|[,;،؛，；、][.。]|。[，,、]")
_LABEL = re.compile(r"(?<![\w(（])\w{1,4}[)）]")
_STRAIGHT = re.compile(r'"')
_CURLY = re.compile("[“”„‟]")
_BEFORE = re.compile(r"(?<=[^\W_])[ \u00a0\u202f]+(?=[.,:;!?](?:\s|$))")


@cache
def _signs() -> Mapping[str, Any]:
    return table("punctuation")


@cache
def _kinds() -> Mapping[str, str]:
    return {sign: kind for kind, signs in _signs()["ends"].items() for sign in signs}


def punctuation(pair: Pair) -> Iterator[Finding]:
    """Ends lost or changed, signs of another language, brackets and quotes left open, signs written twice."""
    source, target = seen(pair.source), seen(pair.target)
    locale = language(pair.locale)
    if not target.plain.strip() or source.plain.strip() == target.plain.strip():
        return
    if not is_skeleton(pair.target):
        yield from _ends(source, target, locale)
    yield from _opened(source, target, locale)
    yield from _own(pair, target, locale)
    yield from _spaces(pair, source, target, locale)
    yield from _left_open(source, target)
    yield from _doubled(source, target)


def _end(plain: str) -> tuple[str, int]:
    """The kind of end a text has and where its sign stands; no kind where it ends in none."""
    text = plain.rstrip()
    dots = _DOTS.search(text[-6:])
    stripped = text.rstrip(_signs()["after"]["signs"])
    if dots and stripped.endswith((".", "…", "。")) and _DOTS.search(stripped[-4:]):
        return "ellipsis", len(stripped) - 1
    return _kinds().get(stripped[-1:], ""), len(stripped) - 1


def _ends(source: Seen, target: Seen, locale: str) -> Iterator[Finding]:
    (wanted, at), (given, place) = _end(source.plain), _end(target.plain)
    if wanted == given or FILLED in (source.plain[at : at + 1], target.plain[place : place + 1]):
        return
    sign = "…" if wanted == "ellipsis" else source.plain[at : at + 1]
    sign = _signs()["own"].get(locale, {}).get(sign, sign)
    if wanted and not given:
        template = "The source ends in {sign} and the target in no such sign; see whether one is missing."
        lost = wanted in _WEIGHTY and sign not in target.plain[-_TAIL:]
        yield found(_CHECK, Severity.WARNING if lost else Severity.NOTE, template, sign=sign)
    elif wanted:
        template = "The target ends in {given} where the source ends in {sign}; see whether it says the same."
        where = target.place(place, place + 1)
        severity = Severity.WARNING if (wanted, given) == _ASKED else Severity.NOTE
        yield found(_CHECK, severity, template, place=where, given=target.plain[place], sign=sign)
    else:
        template = "The target ends in {given} and the source in no such sign; see whether it belongs here."
        where = target.place(place, place + 1)
        yield found(_CHECK, Severity.NOTE, template, place=where, given=target.plain[place])


def _opened(source: Seen, target: Seen, locale: str) -> Iterator[Finding]:
    """Questions and exclamations that a language opens with a sign of their own."""
    for closing, opening in _signs()["opened"].get(locale, {}).items():
        plain = _ADDRESS.sub("", target.plain)
        ends = re.compile(rf"(?<=[\w)»”]){re.escape(closing)}")
        if opening in plain and closing not in plain:
            place = target.plain.find(opening)
            template = "A sentence begins with {opening} and does not end in {closing}; write both."
            yield found(
                _CHECK,
                Severity.WARNING,
                template,
                place=target.place(place, place + 1),
                opening=opening,
                closing=closing,
            )
        elif opening not in plain and ends.search(plain) and ends.search(source.plain):
            place = target.plain.rfind(closing)
            template = "A sentence ends in {closing} and does not begin with {opening}; write both."
            yield found(
                _CHECK,
                Severity.WARNING,
                template,
                place=target.place(place, place + 1),
                opening=opening,
                closing=closing,
            )


@cache
def _foreign(locale: str) -> re.Pattern[str] | None:
    signs = _signs()["own"].get(locale)
    if signs is None:
        return None
    letters = f"[{_signs()['letters'][locale]}]"
    anywhere = re.escape("".join(sign for sign in signs if sign != "."))  # a dot between letters may part names
    at_ends = re.escape("".join(signs))
    return re.compile(rf"(?<={letters})(?:[{anywhere}](?={letters})|[{at_ends}](?=\s|$))")


def _own(pair: Pair, target: Seen, locale: str) -> Iterator[Finding]:
    """Signs of another language after this language's letters."""
    pattern = _foreign(locale)
    places = [match.start() for match in pattern.finditer(target.plain)] if pattern else []
    if not places:
        return
    own = _signs()["own"][locale]
    template = "The sign {sign} is another language's; write {better}."
    sign = target.plain[places[0]]
    repair = _replaced(pair.target, target, [(place, place + 1, own[target.plain[place]]) for place in places])
    where = target.place(places[0], places[0] + 1)
    yield found(_CHECK, Severity.NOTE, template, place=where, repair=repair, sign=sign, better=own[sign])


def _replaced(value: str, view: Seen, changes: list[tuple[int, int, str]]) -> str:
    """A value with pieces of what is seen written otherwise, in order."""
    parts, done = [], 0
    for start, end, better in changes:
        begin, after = view.place(start, end) if end > start else (view.starts[start], view.starts[start])
        parts += [value[done:begin], better]
        done = after
    return "".join([*parts, value[done:]])


@cache
def _unspaced(locale: str) -> re.Pattern[str] | None:
    signs = _signs()["spaced"].get(locale)
    return re.compile(rf"(?<=[^\W\d_)»”])[{re.escape(signs)}]++(?=[\s.,)]|$)") if signs else None


def _spaces(pair: Pair, source: Seen, target: Seen, locale: str) -> Iterator[Finding]:
    """The space before a sign: a no-break one in French, none elsewhere."""
    pattern = _unspaced(locale)
    if pattern is not None:
        places = [match.start() for match in pattern.finditer(target.plain)]
        if places:
            template = "A no-break space stands before {sign} in this language; put it in."
            repair = _replaced(pair.target, target, [(place, place, _NO_BREAK) for place in places])
            where = target.place(places[0], places[0] + 1)
            yield found(_CHECK, Severity.NOTE, template, place=where, repair=repair, sign=target.plain[places[0]])
        return
    spans = [match.span() for match in _BEFORE.finditer(target.plain)]
    if spans and not _BEFORE.search(source.plain):
        sign = target.plain[spans[0][1]]
        template = "No space stands before {sign} in this language; take it out."
        repair = _replaced(pair.target, target, [(start, end, "") for start, end in spans])
        yield found(_CHECK, Severity.NOTE, template, place=target.place(*spans[0]), repair=repair, sign=sign)


def _left_open(source: Seen, target: Seen) -> Iterator[Finding]:
    """Brackets and quotes that are opened and not closed, or the other way round, where the source's are whole."""
    if not _paired().search(target.plain):
        return
    for name in ("brackets", "quotes"):
        for opening, closing in _signs()[name].values():
            place = _unbalanced(target.plain, opening, closing)
            if place is not None and _unbalanced(source.plain, opening, closing) is None:
                template = "The sign {sign} has no partner; write the other one or take it out."
                where = target.place(place, place + 1)
                yield found(_CHECK, Severity.WARNING, template, place=where, sign=target.plain[place])
    for pattern in (_STRAIGHT, _CURLY):
        places = [match.start() for match in pattern.finditer(target.plain)]
        if len(places) % 2 and not len(pattern.findall(source.plain)) % 2:
            template = "The quotes are not closed, or not opened: {sign}; write both."
            where = target.place(places[-1], places[-1] + 1)
            yield found(_CHECK, Severity.WARNING, template, place=where, sign=target.plain[places[-1]])


def _without_addresses(plain: str) -> str:
    """A text of the same length whose addresses have no signs."""
    if "@" not in plain and "://" not in plain and "www." not in plain:
        return plain
    return _ADDRESS.sub(lambda address: "x" * len(address[0]), plain)


@cache
def _paired() -> re.Pattern[str]:
    """The signs that have a partner, and straight and curly quotes."""
    signs = "".join(sign for name in ("brackets", "quotes") for pair in _signs()[name].values() for sign in pair)
    return re.compile(f"[{re.escape(signs)}]|{_STRAIGHT.pattern}|{_CURLY.pattern}")


def _unbalanced(plain: str, opening: str, closing: str) -> int | None:
    """Where a bracket stands that has no partner; those that close labels such as `a)` need none."""
    opened, closed = (sum(map(plain.count, signs)) for signs in (opening, closing))
    if opened > closed:
        return max(map(plain.rfind, opening))
    if closed > opened and closed > opened + sum(1 for _ in _LABEL.finditer(plain)):
        return max(map(plain.rfind, closing))
    return None


def _doubled(source: Seen, target: Seen) -> Iterator[Finding]:
    """Two signs where one belongs."""
    matches = list(_DOUBLED.finditer(_without_addresses(target.plain)))
    known = Counter(match[0].replace(" ", "") for match in (_DOUBLED.finditer(source.plain) if matches else ()))
    for match in matches:
        if known[match[0].replace(" ", "")] <= 0:
            template = "Two signs stand together, {signs}; write one."
            yield found(_CHECK, Severity.NOTE, template, place=target.place(*match.span()), signs=quoted(match[0]))
            return
        known[match[0].replace(" ", "")] -= 1
