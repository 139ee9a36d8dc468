"""Edges: carry the end mark, the first letter and the outer blanks of a text into its translation, by that language's rules."""

import html

import regex

from locales.stems import code
from memory.forms import form
from memory.repair.edits import Carried, Splice
from memory.repair.pieces import TAGS, Cut, Kind, Piece
from memory.repair.rules import Rules, fold, rules

_NONE, _STOP, _QUESTION, _ELLIPSIS = "", "stop", "question", "ellipsis"
_POINTS = "…"  # the one sign, or three full stops as the source has them
_UNKNOWN = "unknown"
_LAST_WORD = regex.compile(r"\p{L}+$")
# Languages that raise these letters in a way of their own: i to İ, ij to IJ.
_RAISED_OTHERWISE = {"az": "i", "tr": "i", "nl": "i"}


def _named(cut: Cut, known: Rules) -> str:
    """What the end mark of a text is, by its language."""
    if not cut.ending.mark:
        return _NONE
    return next((name for name, ways in known.ends.items() if cut.ending.mark in ways), _UNKNOWN)


def carry_ending(before: Cut, source: Cut, given: Cut, language: str, locale: str) -> Carried | None:
    """The new end mark as the language of the translation writes it, where it ends as its source did.

    A question stays one: other languages order its words otherwise.
    """
    if before.ending.mark == source.ending.mark:
        return Carried()
    ours, theirs = rules(language), rules(locale)
    if ours is None or theirs is None or _has_forms(before):
        return None
    was, is_now = _named(before, ours), _named(source, ours)
    if was == is_now != _UNKNOWN:
        return Carried()
    stands = _named(given, theirs)
    if {was, is_now, stands} & {_QUESTION, _UNKNOWN} or stands != was or not _is_spaced_well(given, was, theirs):
        return None
    opening = _opening(given, was, is_now, theirs)
    if opening is None or (_STOP in (was, is_now) and (_is_short(source, ours) or _is_short(given, theirs))):
        return None
    ways = theirs.ends.get(is_now, ("",))
    as_given = is_now == _ELLIPSIS and ways[0] == _POINTS and source.ending.mark in ways
    mark = source.ending.mark if as_given else ways[0]
    kept = is_now in theirs.spaces and given.ending.gap
    gap = given.ending.gap if kept else theirs.spaces.get(is_now, "")
    said = f"end punctuation: {before.ending.mark or 'none'} → {source.ending.mark or 'none'}"
    return Carried((*opening, Splice(given.ending.start, given.ending.end, gap + mark)), (said,))


def _is_short(read: Cut, known: Rules) -> bool:
    """Whether a text ends in an abbreviation, whose full stop is its own."""
    last = _LAST_WORD.search(read.text[: read.ending.start])
    return last is not None and fold(last[0], known.locale.language) in known.short


def _has_forms(read: Cut) -> bool:
    """Whether a text is several, the plural forms of one message; what is at its edges is at those of one form only."""
    return any(piece.kind is Kind.BAR for piece in read.pieces)


def _is_spaced_well(given: Cut, name: str, known: Rules) -> bool:
    """Whether what stands before the mark is nothing, or the one blank that belongs there."""
    gap = html.unescape(given.ending.gap)
    return not gap or (name in known.spaces and len(gap) == 1)


def _opening(given: Cut, was: str, is_now: str, known: Rules) -> tuple[Splice, ...] | None:
    """The sign at the beginning that a mark brings or takes with it; None where there is more than one sentence."""
    words = [piece for piece in given.pieces if piece.kind is Kind.WORDS]
    sign = known.opening.get(was) or known.opening.get(is_now)
    if sign is None:
        return ()
    count = sum(piece.text.count(sign) for piece in words)
    if was in known.opening:
        first = next((piece for piece in words if sign in piece.text), None)
        at = first.text.index(sign) if first else 0
        alone = first is not None and count == 1 and first is words[0] and not first.text[:at].strip("\"'«“ ")
        return (Splice(first.start + at, first.start + at + 1, ""),) if first and alone else None
    if count or any(mark in piece.text for piece in words for mark in (". ", "! ", "? ", "… ")):
        return None
    start = next((piece.start for piece in given.pieces if piece.kind not in TAGS), None)
    return None if start is None else (Splice(start, start, sign),)


def raised(old: Piece, new: Piece, language: str) -> bool | None:
    """Whether the first letter of a text became a capital; False where it became small, None where more differs."""
    a, b = _letter(old.text), _letter(new.text)
    if a is None or b is None or old.text[a] == new.text[b] or old.text[a].lower() != new.text[b].lower():
        return None
    alike = old.text[:a] + new.text[b] + old.text[a + 1 :]
    return new.text[b].isupper() if form(alike, language) == form(new.text, language) else None


def carry_first_letter(given: Cut, *, capital: bool, said: str, locale: str) -> Carried | None:
    """The first letter of the translation as that of its source; a capital is never taken away, a name may begin with it."""
    first = next((piece for piece in given.pieces if piece.kind not in TAGS), None)
    at = _letter(first.text) if first and first.kind is Kind.WORDS else None
    if first is None or at is None or _has_forms(given):
        return None
    letter = first.text[at]
    if not letter.isupper() and not letter.islower():
        return Carried()
    capitalised = letter.title()
    if not capital or len(capitalised) != 1 or letter in _RAISED_OTHERWISE.get(code(locale), ""):
        return None
    if letter.isupper():
        return Carried()
    return Carried((Splice(first.start + at, first.start + at + 1, capitalised),), (said,))


def _letter(text: str) -> int | None:
    """The first letter, behind quotation marks and brackets only."""
    at = next((place for place, sign in enumerate(text) if sign.isalnum()), None)
    return at if at is not None and text[at].isalpha() else None


def carry_blanks(before: Cut, source: Cut, given: Cut) -> Carried:
    """The blanks around a text, where the translation has those of its source."""
    splices = []
    if before.lead != source.lead and given.lead == before.lead:
        splices.append(Splice(0, len(given.lead), source.lead))
    if before.tail != source.tail and given.tail == before.tail:
        splices.append(Splice(len(given.text) - len(given.tail), len(given.text), source.tail))
    return Carried(tuple(splices), ("outer blanks",) if splices else ())
