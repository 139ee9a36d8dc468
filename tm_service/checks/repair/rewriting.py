"""Rewriting: codes that came back damaged are written as in the source, where each can be only one of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from tm_service.checks.repair.edits import Edit
from tm_service.checks.repair.likeness import likeness, shape
from tm_service.checks.repair.skeleton import REFERENCES, TAGS, codes, count, name, nesting
from tm_service.checks.repair.tags import Tag, is_variant, may_set_back, read_tag, tags_like
from tm_service.domain.text import Code, CodeKind, parse

_CACHE = 1 << 6  # a form is compared at each step of its repair
_REWRITTEN = "The code {code} came back as {written} and was written as in the source."
_ONLY = "The code {written} can only stand for {code} and was written as in the source."
_SET_BACK = "Values in the tag {written} had been changed and were set back to those of {code}."
_SLASH = "The tag {written} had lost its slash and was written {code}."
_AMP, _AMPERSAND = "&amp;", re.compile(r"&amp;(?:amp;)+")
_HAN, _NAMES = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[^\s{}$]+")
_PIECES = re.compile("[{}｛｝<>＜＞]")
_KEY_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff]"  # of scripts that write no word right after another
_KEY = re.compile(rf"@(?:\.[a-z]+)?:(?:{_KEY_LETTER}|[.\-](?={_KEY_LETTER}))+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lack:
    """What a target lacks of its source's codes, and which of its codes are nobody's: `strays`, with their places."""

    missing: tuple[Code, ...]
    strays: tuple[tuple[Code, int, int], ...]
    kept: tuple[Span, ...]


@lru_cache(maxsize=_CACHE)
def lack(source: str, target: str, locale: str, source_locale: str) -> Lack:
    """Compare tags, placeholders, links and entities; addresses that only name another language are right."""
    kinds = (*TAGS, *REFERENCES, CodeKind.ENTITY)
    if _is_whole(source, target):
        return Lack(
            (), (), tuple((start, end) for code, start, end in codes(target) if code.kind is not CodeKind.ENTITY)
        )
    wanted = {name(code): code for code in parse(source).codes if code.kind in kinds}
    left = count(source, *kinds) - count(target, *kinds) + escaped_again(source, target)
    strays, kept = [], []
    for code, start, end in _with_whole_links(target, wanted):
        if code.kind not in (*TAGS, *REFERENCES) or name(code) in wanted:
            if code.kind is not CodeKind.ENTITY:
                kept.append((start, end))
            continue
        twin = _variant(code, (wanted[said] for said in left), locale, source_locale)
        if twin:
            left -= Counter([twin])
            kept.append((start, end))
        else:
            strays.append((code, start, end))
    return Lack(tuple(wanted[said] for said in left.elements()), tuple(strays), tuple(kept))


def _is_whole(source: str, target: str) -> bool:
    """Whether a target has the codes of its source one for one, and nothing that may be one more."""
    is_same = parse(source).codes == parse(target).codes
    return is_same and not _KEY.search(target) and not _AMPERSAND.search(target)


def _with_whole_links(target: str, wanted: Collection[str]) -> Iterator[tuple[Code, int, int]]:
    """The codes, and links whose key was translated into letters that none has, so that it ends before them or is none."""
    longer = {match.start(): match for match in _KEY.finditer(target)}
    covered: list[Span] = []
    for code, start, end in codes(target):
        match = longer.pop(start, None)
        if match and code.kind is CodeKind.LINK and code.data not in wanted:
            yield replace(code, data=match[0]), *match.span()
        else:
            yield code, start, end
        covered.append((start, end))
    for match in longer.values():
        if not overlaps(match.span(), covered):
            yield Code(CodeKind.LINK, match[0]), *match.span()


def escaped_again(source: str, target: str) -> Counter[str]:
    """Ampersands that the target seems to have and that only escape what was escaped: `&amp;amp;`."""
    found = [match[0] for match in _AMPERSAND.finditer(target)]
    wanted = count(source, CodeKind.ENTITY)[_AMP] - count(target, CodeKind.ENTITY)[_AMP] + len(found)
    return Counter({_AMP: min(wanted, len(found))} if wanted > 0 and not any(said in source for said in found) else {})


def _variant(code: Code, missing: Iterable[Code], locale: str, source_locale: str) -> str:
    said = _read(code)
    for other in missing:
        wanted = _read(other)
        if said and wanted and is_variant(wanted, said, locale, source_locale):
            return name(other)
    return ""


def rewritten(source: str, target: str, lacking: Lack) -> list[Edit] | None:
    """Edits that put right every code that can be only one; None where something reads as two, or too often."""
    edits, left = [], Counter(lacking.missing)
    for code, many in Counter(lacking.missing).items():
        spans = [span for span in _spans(code, target) if not overlaps(span, lacking.kept)]
        if len(spans) > many:
            return None
        edits += [Edit(start, end, code.data, _REWRITTEN, code.data, target[start:end]) for start, end in spans]
        left[code] -= len(spans)
    taken = [(edit.start, edit.end) for edit in edits]
    if any(overlaps(span, taken[:place]) for place, span in enumerate(taken)):
        return None
    strays = [stray for stray in lacking.strays if not overlaps(stray[1:], taken)]
    return [*edits, *_eliminated(+left, strays), *_slashes(source, target, +left)]


def _spans(code: Code, target: str) -> list[Span]:
    """Every place that reads as this code without being it."""
    pattern = likeness(code)
    if pattern:
        return [found.span() for found in pattern.finditer(target) if found[0] != code.data]
    said = _read(code)
    return [(start, end) for start, end, tag in tags_like(target) if tag == said and target[start:end] != code.data]


def has_remains(source: str, target: str) -> bool:
    """Whether something beside the codes still reads as one of the source's, or as a piece of one.

    Nobody knows then which is the real one.
    """
    taken = [(start, end) for code, start, end in codes(target) if code.kind is not CodeKind.ENTITY]
    spans = (span for code in set(parse(source).codes) for span in _spans(code, target))
    if any(not overlaps(span, taken) for span in spans) or escaped_again(source, target):
        return True
    return not set(_PIECES.findall(parse(target).plain)) <= set(_PIECES.findall(parse(source).plain))


def overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _eliminated(left: Counter[Code], strays: list[tuple[Code, int, int]]) -> Iterator[Edit]:
    """What is left over on both sides, one kind of code on each and as often: it can only be that."""
    groups: dict[object, tuple[list[Code], list[tuple[Code, int, int]]]] = defaultdict(lambda: ([], []))
    for code in left.elements():
        groups[_group(code)][0].append(code)
    for stray in strays:
        groups[_group(stray[0])][1].append(stray)
    for group, (missing, found) in groups.items():
        if not group or len(missing) != len(found) or len(set(missing)) != 1 or len({f[0].data for f in found}) != 1:
            continue
        code = missing[0]
        written = found[0][0]
        if _is_renamed(code, written) or _is_set_back(code, written):
            template = _ONLY if code.kind in REFERENCES else _SET_BACK
            yield from (Edit(start, end, code.data, template, code.data, written.data) for _, start, end in found)


def _group(code: Code) -> object:
    """Codes that can be taken for one another; empty for those that cannot."""
    if code.kind in REFERENCES:
        return code.kind, shape(code)
    said = _read(code)
    return (said.closes, said.name) if said else ""


def _is_renamed(code: Code, stray: Code) -> bool:
    """Whether a stray is one name, and no words that a placeholder was put around or that ran into a link."""
    if code.kind is CodeKind.LINK:
        alike = code.data.count(".") == stray.data.count(".") and not stray.data.startswith(code.data)
        return alike and not _HAN.search(stray.data)
    return code.kind is CodeKind.PLACEHOLDER and len(_NAMES.findall(stray.data)) <= len(_NAMES.findall(code.data))


def _is_set_back(code: Code, stray: Code) -> bool:
    wanted, said = _read(code), _read(stray)
    return wanted is not None and said is not None and may_set_back(wanted, said)


def _slashes(source: str, target: str, left: Counter[Code]) -> Iterator[Edit]:
    """A closing tag that came back as an opening one, where only one of those nests the tags as in the source."""
    closing = [(code, tag) for code in left.elements() if (tag := _read(code)) and tag.closes]
    if len(closing) != 1:
        return
    code, opening = closing[0][0], Tag(closes=False, name=closing[0][1].name)
    spans = [(start, end) for start, end, tag in tags_like(target) if tag == opening]
    asked = nesting(source)
    proven = [span for span in spans if nesting(target[: span[0]] + code.data + target[span[1] :]) == asked]
    if len(proven) == 1:
        start, end = proven[0]
        yield Edit(start, end, code.data, _SLASH, code.data, target[start:end])


def _read(code: Code) -> Tag | None:
    return read_tag(code.data) if code.kind in TAGS else None
