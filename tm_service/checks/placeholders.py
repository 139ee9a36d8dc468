"""Placeholders: what the site fills in stands in the target as it does in the source."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from locales import LANGUAGES
from tm_service.checks.codes import Placed, differences, has_forms, placed, short
from tm_service.checks.reading import language
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, parse

_CHECK = "placeholders"
_MOST = 20
_TORN = 4  # characters beside a placeholder in which its signs are looked for
_NAMES = {CodeKind.PLACEHOLDER: "placeholder", CodeKind.LINK: "link"}
# What tools and keyboards make of placeholders: other brackets, blanks within, a brace lost, words instead of a name.
_DAMAGED = re.compile(
    r"""[{｛][{｛]?[^{}｛｝<>]{1,80}[}｝][}｝]?
      | \$\s{1,3}\{[^{}]{1,80}\}
      | [%％]\s?(?:\d{1,2}\$)?\s?[sSdDiIfF@](?![^\W\d_])
      | [%％]\s?\([^()]{1,80}\)\s?[a-zA-Z]?
      | [@＠]\s?[:：]\s?[\w\-]+(?:\.[\w\-]+)*
    """,
    re.VERBOSE,
)
# Letters of a translated key after those that a link may have; where words are written without spaces, they are the next word.
_REST = re.compile(r"(?:[^\W\u3040-\u30ff\u3400-\u9fff]|[.\-](?=[^\W\u3040-\u30ff\u3400-\u9fff]))*")
_RUN_ON = re.compile(r"[.\-]\w")  # nobody knows how much of it was the key


def placeholders(pair: Pair) -> Iterator[Finding]:
    """Placeholders and links to other keys missing, added, changed or translated."""
    for kind, name in _NAMES.items():
        yield from islice(_compared(pair, kind, name), _MOST)
    if has_forms(parse(pair.source)) and has_forms(parse(pair.target)):
        yield from islice(_forms(pair), _MOST)


def _compared(pair: Pair, kind: CodeKind, name: str) -> Iterator[Finding]:
    missing, added = differences(pair, kind)
    if not missing and not added:
        return
    new = frozenset(added)
    spots = [code for code in placed(pair.target, kind) if code.written in new]
    if len(missing) == 1 and not added:
        spots = [code for code in _damaged(pair) if _is_of(kind, code.written)]
    if len(missing) == 1 and len(spots) == 1:
        yield _renamed(pair, name, missing[0], spots[0])
        return
    if len(missing) == len(added) == 1:
        template = "The {kind} {code} became {written}; write it as in the source."
        place = (spots[0].start, spots[0].end)
        yield found(
            _CHECK, Severity.ERROR, template, place=place, kind=name, code=short(missing[0]), written=short(added[0])
        )
        return
    for code in missing:
        yield found(_CHECK, Severity.ERROR, "The {kind} {code} is missing; put it back.", kind=name, code=short(code))
    last_spots = {spot.written: spot for spot in spots}
    for code in added:
        last = last_spots[code]
        template = "The {kind} {code} is more than the source has; take it out."
        yield found(_CHECK, Severity.ERROR, template, place=(last.start, last.end), kind=name, code=short(code))


def _forms(pair: Pair) -> Iterator[Finding]:
    """Plural forms that lack a placeholder: the last one, which is for all other numbers, and those for several numbers.

    A form for one number only may say it in a word, or in its own ending as the Arabic dual does.
    """
    source, target = _by_form(pair.source), _by_form(pair.target)
    counted = _counted(pair.locale, len(target))
    wanted = dict.fromkeys(code.written for code in source[-1])
    always = set.intersection(*({code.written for code in form} for form in source))
    if any(differences(pair, CodeKind.PLACEHOLDER)):
        return
    for number, (form, several) in enumerate(zip(target, counted, strict=True), 1):
        present = {code.written for code in form}
        for code in wanted:
            if code in present:
                continue
            if number == len(target) or (several and code in always):
                template = "Plural form {number} lacks the placeholder {code}; write it there, too."
                yield found(_CHECK, Severity.ERROR, template, number=number, code=short(code))
            elif several:
                template = (
                    "Plural form {number} is for {numbers} and lacks the placeholder {code}; write it there, too."
                )
                yield found(_CHECK, Severity.WARNING, template, number=number, numbers=several, code=short(code))


def _by_form(value: str) -> list[list[Placed]]:
    forms: list[list[Placed]] = [[]]
    for code in placed(value, CodeKind.PLACEHOLDER, CodeKind.BAR):
        if code.written == "|":
            forms.append([])
        else:
            forms[-1].append(code)
    return forms


def _counted(locale: str, count: int) -> list[str]:
    """The numbers above one that each form is for, where it is for several; empty where it is for one or nobody knows."""
    known = LANGUAGES.get(language(locale))
    examples = list(known.plurals.values()) if known else []
    if known and "other" in known.plurals and count == len(examples) - 1:
        examples.pop()  # for fractions only, as in Russian
    if len(examples) != count:
        return [""] * count
    return [numbers if "," in numbers and {*numbers.split(", ")} - {"0", "1"} else "" for numbers in examples]


def _damaged(pair: Pair) -> list[Placed]:
    """What looks like a placeholder in the target and is none, and does not stand in the source."""
    codes = {(code.start, code.end) for code in placed(pair.target, *CodeKind)}
    inside = _inside(codes)
    return [
        Placed(match[0], match.start(), match.end())
        for match in islice(_DAMAGED.finditer(pair.target), _MOST)
        if match.start() not in inside and match[0] not in pair.source
    ]


def _inside(spans: set[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _is_of(kind: CodeKind, written: str) -> bool:
    return (written[0] in "@＠") == (kind is CodeKind.LINK)


def _renamed(pair: Pair, name: str, code: str, spot: Placed) -> Finding:
    """One is missing and one thing stands in its place: it is certain what was meant."""
    original = next(
        pair.source[each.start : each.end]
        for each in placed(pair.source, CodeKind.PLACEHOLDER, CodeKind.LINK)
        if each.written == code
    )
    start, end = _widened(pair.target, code, spot)
    repaired = pair.target[:start] + original + pair.target[end:]
    proven = not (has_forms(parse(pair.source)) or _RUN_ON.match(pair.target, end)) and _is_whole(
        replace(pair, target=repaired)
    )
    return found(
        _CHECK,
        Severity.ERROR,
        "The {kind} {code} became {written}; write it as in the source.",
        place=(start, end),
        repair=repaired if proven else "",
        kind=name,
        code=short(code),
        written=short(pair.target[start:end]),
    )


def _is_whole(pair: Pair) -> bool:
    """Whether all placeholders are there and no brace is left over beside them."""
    source, target = (parse(text).plain for text in (pair.source, pair.target))
    strays = all(source.count(brace) == target.count(brace) for brace in "{}｛｝")
    return strays and differences(pair, CodeKind.PLACEHOLDER, CodeKind.LINK) == ([], [])


def _widened(target: str, code: str, spot: Placed) -> tuple[int, int]:
    """With the signs that were torn off by a space: `$ {x}` for `${x}`, `{ {x} }` for `{{x}}`; with the rest of a key."""
    before = target[max(0, spot.start - _TORN) : spot.start]
    after = target[spot.end : spot.end + _TORN]
    if code.startswith("@"):
        rest = _REST.match(target, spot.end)
        return spot.start, rest.end() if rest else spot.end
    sign = code[0] if code[0] in "${" and not spot.written.startswith(code[:2]) else ""
    if not sign or before.rstrip()[-1:] != sign:
        return spot.start, spot.end
    start = spot.start - len(before) + len(before.rstrip()) - 1
    closes = sign == "{" and after.lstrip()[:1] == "}"
    return start, spot.end + (len(after) - len(after.lstrip()) + 1 if closes else 0)
