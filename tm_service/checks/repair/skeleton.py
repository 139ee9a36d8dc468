"""Skeleton: the codes of a text without its words, by which a repair is proven."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from tm_service.checks.codes import has_forms, normal
from tm_service.domain.text import Code, CodeKind, parse

TAGS = (CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE)
REFERENCES = (CodeKind.PLACEHOLDER, CodeKind.LINK)


@lru_cache(maxsize=1 << 12)
def placed(text: str) -> tuple[tuple[Code | str, int, int], ...]:
    """The parts of a text, each with where it starts and ends."""
    parts, at = [], 0
    for part in parse(text).parts:
        length = len(part) if isinstance(part, str) else len(part.data)
        parts.append((part, at, at + length))
        at += length
    return tuple(parts)


def codes(text: str) -> Iterator[tuple[Code, int, int]]:
    for part, start, end in placed(text):
        if isinstance(part, Code):
            yield part, start, end


def name(code: Code) -> str:
    """What makes two codes the same: the spelling, though not the end of a tag: `<br />` is `<br>`."""
    return normal(code.data) if code.kind in TAGS else code.data


def count(text: str, *kinds: CodeKind) -> Counter[str]:
    return Counter(name(code) for code in parse(text).codes if code.kind in kinds)


def nesting(text: str) -> Counter[tuple[str, str]]:
    """Each tag with the one it stands in; what crosses or lost its partner stands in nothing and is named `?`."""
    found, within = Counter[tuple[str, str]](), [""]
    for code in parse(text).codes:
        if code.kind is CodeKind.OPEN:
            found[name(code), within[-1]] += 1
            within.append(name(code))
        elif code.kind is CodeKind.CLOSE:
            within.pop()
        elif code.kind is CodeKind.ALONE:
            found[name(code), within[-1] if not code.data.startswith("</") else "?"] += 1
    return found


def forms(text: str) -> list[tuple[int, int]]:
    """Where the plural forms of a text stand; one, the whole, where no bar divides it."""
    if not has_forms(parse(text)):
        return [(0, len(text))]
    bars = [(start, end) for code, start, end in codes(text) if code.kind is CodeKind.BAR]
    starts, ends = [0, *(end for _, end in bars)], [*(start for start, _ in bars), len(text)]
    return list(zip(starts, ends, strict=True))


def facing(source: str, target: str) -> list[tuple[str, int, int]] | None:
    """Where each form of the target stands, with the form of the source whose codes it must have; None if nobody knows.

    Languages differ in how many forms they have: each has the codes that all forms of the source have, or else the forms
    must be as many.
    """
    asked = [source[start:end] for start, end in forms(source)]
    given = forms(target) if len(asked) > 1 else [(0, len(target))]
    if len(asked) == len(given):
        return [(form, start, end) for form, (start, end) in zip(asked, given, strict=True)]
    if all(count(form, *TAGS, *REFERENCES) == count(asked[0], *TAGS, *REFERENCES) for form in asked):
        return [(asked[0], start, end) for start, end in given]
    return None
