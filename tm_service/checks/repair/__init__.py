"""Repair: codes and edges of a target put right with proof, or left for a person to look at."""

from collections import Counter

from tm_service.checks.repair.blanks import bars, edges, line_ends, marks
from tm_service.checks.repair.closings import closings
from tm_service.checks.repair.edits import Draft, Edit, returned
from tm_service.checks.repair.rewriting import has_remains, lack, overlaps, rewritten
from tm_service.checks.repair.skeleton import REFERENCES, TAGS, codes, count, facing, name
from tm_service.checks.repair.tags import read_tag
from tm_service.domain.pairs import Pair, Repaired
from tm_service.domain.text import CodeKind, parse

_CODES = (*TAGS, *REFERENCES)


def repaired(pair: Pair) -> Repaired | None:
    """Put a target right where exactly one text has the source's codes; None where nothing is to do, or nothing is proven.

    All or nothing: what still lacks a code of the source, or has one more, is left as it came. Words are never touched,
    what is right is left alone, and what was repaired needs no repair.
    """
    if not pair.target.strip() or not pair.source.strip():
        return None
    draft = returned(pair.target)
    draft = draft.after(line_ends(pair.source, draft.text))
    draft = draft.after(bars(pair.source, draft.text, pair.locale))
    mended = _with_codes(draft, pair)
    if mended is None:
        return None
    clean = mended.after(marks(pair.source, mended.text))
    clean = clean.after(edges(pair.source, clean.text, pair.locale))
    if not clean.done or count(clean.text, *_CODES) != count(mended.text, *_CODES) or not _is_proven(pair, clean.text):
        return None
    return Repaired(clean.text, clean.findings())


def _with_codes(draft: Draft, pair: Pair) -> Draft | None:
    """The draft with its codes written as in the source and lost tags put back, each plural form for itself."""
    for step in (_rewritten, _closed):
        faced = facing(pair.source, draft.text)
        if faced is None:
            return draft
        edits: list[Edit] = []
        for source, start, end in faced:
            found = step(source, draft.text[start:end], pair)
            if found is None:
                return None
            edits += (_moved(edit, start) for edit in found)
        if not edits:
            continue
        after = draft.after(edits)
        if not _is_as_meant(draft.text, edits, after.text):
            return None
        draft = after
    return draft


def _is_as_meant(before: str, edits: list[Edit], after: str) -> bool:
    """Whether each edit gave its code and no other code was made or lost by its new neighbours."""
    spans = [(edit.start, edit.end) for edit in edits]
    others = [name(code) for code, start, end in codes(before) if not overlaps((start, end), spans)]
    meant = Counter([*others, *(name(code) for edit in edits for code in parse(edit.new).codes)])
    return meant == Counter(name(code) for code, _, _ in codes(after))


def _rewritten(source: str, target: str, pair: Pair) -> list[Edit] | None:
    lacking = lack(source, target, pair.locale, pair.source_locale)
    return rewritten(source, target, lacking) if lacking.missing else []


def _closed(source: str, target: str, pair: Pair) -> list[Edit]:
    lacking = lack(source, target, pair.locale, pair.source_locale)
    missing = tuple(code for code in lacking.missing if code.kind in TAGS)
    return [] if lacking.strays else closings(source, target, missing, pair.locale)


def _moved(edit: Edit, by: int) -> Edit:
    return Edit(edit.start + by, edit.end + by, edit.new, edit.template, edit.code, edit.written)


def _is_proven(pair: Pair, after: str) -> bool:
    """Whether the codes are those of the source, form by form, whole and nested, and no entity was lost on the way."""
    faced = facing(pair.source, after)
    if faced is None:
        return False
    for source, start, end in faced:
        target = after[start:end]
        lacking = lack(source, target, pair.locale, pair.source_locale)
        if lacking.strays or any(code.kind is not CodeKind.ENTITY for code in lacking.missing):
            return False
        if count(source, *_CODES).total() != count(target, *_CODES).total() or _broken(target) - _broken(source):
            return False
    if has_remains(pair.source, after):
        return False
    kept = count(pair.source, CodeKind.ENTITY) & count(pair.target, CodeKind.ENTITY)
    return kept <= count(after, CodeKind.ENTITY)


def _broken(text: str) -> Counter[tuple[bool, str]]:
    """Tags that stand alone: single ones, and those that lost their partner or cross another pair."""
    tags = (read_tag(code.data) for code in parse(text).codes if code.kind is CodeKind.ALONE)
    return Counter((tag.closes, tag.name) for tag in tags if tag)
