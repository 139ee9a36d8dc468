"""Repair: carry a small change of the source into a stored translation with proof, or not at all.

What may change: placeholders, numbers and dates in digits, tags, attributes, links, the end mark, the first letter, outer
blanks. Everything else has to be the same by `forms`. Each change is carried only where the translation has exactly what its
source had, so that there is one place to put it and one way to write it; a number, only where no word around it bends with it
(`bending`); and the result is read again before it is given.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import regex

from memory.forms import form
from memory.repair import codes, edges, figures
from memory.repair.edits import Carried, spliced
from memory.repair.pieces import TAGS, Cut, Kind, Piece, cut

LONGEST = 10_000  # characters beyond which nothing is repaired
_MESSAGE = regex.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")  # its arms are texts of their own
_MOST = 8  # layers of tags put around or taken away


@dataclass(frozen=True, slots=True)
class Repaired:
    """A translation made fit for a changed source, and what was changed in it, for a person: `numbers replaced: 30 → 90`."""

    target: str
    what: tuple[str, ...] = ()


def repair(source: str, before: str, target: str, *, language: str, locale: str) -> Repaired | None:
    """The translation `target` of `before`, made one of `source`; None where that is not proven.

    `language` is that of the two sources, `locale` that of the translation. Sources that differ not at all, or in signs that
    mean the same, give the translation as it is, with nothing said. What is given has the placeholders of its source, each as
    often, and its numbers, where the stored translation has those of the stored source.
    """
    texts = (source, before, target)
    if not target.strip() or max(map(len, texts)) > LONGEST or any(map(_MESSAGE.search, texts)):
        return None
    return _repaired(source, before, target, language, locale, _MOST)


def _repaired(source: str, before: str, target: str, language: str, locale: str, layers: int) -> Repaired | None:
    old, new, given = cut(before), cut(source), cut(target)
    more = len(_tags(new)) - len(_tags(old))
    if more:
        around = _wrapped if more > 0 else _stripped
        return around(old, new, given, language, locale, layers - 1) if layers else None
    carried = _carried(old, new, given, language, locale)
    if carried is None:
        return None
    text = spliced(target, chain.from_iterable(part.splices for part in carried))
    if text is None or not _is_proven(old, new, given, cut(text), language):
        return None
    return Repaired(text, tuple(chain.from_iterable(part.said for part in carried)))


def _carried(old: Cut, new: Cut, given: Cut, language: str, locale: str) -> list[Carried] | None:
    """What each kind of change asks of the translation; None where one cannot be carried, or anything else differs."""
    pairs = _paired(old.pieces, new.pieces)
    if pairs is None or not codes.same_entities(pairs):
        return None
    letter = _first_letter(pairs, given, language, locale)
    parts = [
        figures.carry_numbers(pairs, given.pieces, language, locale),
        figures.carry_dates(pairs, given.pieces),
        codes.carry_placeholders(pairs, given.pieces),
        codes.carry_addresses(pairs, given.pieces),
        codes.carry_tags(pairs, given.pieces),
        letter,
        edges.carry_ending(old, new, given, language, locale),
        edges.carry_blanks(old, new, given),
    ]
    known = [part for part in parts if part is not None]
    return known if len(known) == len(parts) else None


def _paired(old: Sequence[Piece], new: Sequence[Piece]) -> list[tuple[Piece, Piece]] | None:
    """The pieces of two sources side by side; None where they are of different kinds or nest differently."""
    if [(piece.kind, piece.pair) for piece in old] != [(piece.kind, piece.pair) for piece in new]:
        return None
    return list(zip(old, new, strict=True))


def _first_letter(pairs: Sequence[tuple[Piece, Piece]], given: Cut, language: str, locale: str) -> Carried | None:
    """All words are the same, but for the first letter of the first."""
    different = [
        at for at, (old, new) in enumerate(pairs) if old.kind is Kind.WORDS and not _is_same(old, new, language)
    ]
    if not different:
        return Carried()
    at = different[0]
    capital = edges.raised(*pairs[at], language)
    if len(different) > 1 or capital is None or any(old.kind not in TAGS for old, _ in pairs[:at]):
        return None
    old, new = (next(sign for sign in piece.text if sign.isalpha()) for piece in pairs[at])
    return edges.carry_first_letter(given, capital=capital, said=f"first letter: {old} → {new}", locale=locale)


def _is_same(old: Piece, new: Piece, language: str) -> bool:
    if old.text == new.text:
        return True
    blank = [(piece.text[:1].isspace(), piece.text[-1:].isspace()) for piece in (old, new)]
    return blank[0] == blank[1] and form(old.text, language) == form(new.text, language)


def _tags(read: Cut) -> list[Piece]:
    return [piece for piece in read.pieces if piece.kind in TAGS]


def _wrapped(old: Cut, new: Cut, given: Cut, language: str, locale: str, layers: int) -> Repaired | None:
    """A tag around the whole text, put around the whole translation."""
    first, last = new.pieces[0], new.pieces[-1]
    if first.kind is not Kind.OPEN or last.kind is not Kind.CLOSE or first.pair != last.pair:
        return None
    inner = _repaired(new.text[first.end : last.start], old.text, given.text, language, locale, layers)
    if inner is None:
        return None
    return Repaired(
        f"{new.lead}{first.text}{inner.target}{last.text}{new.tail}", (*inner.what, f"put into {first.text}")
    )


def _stripped(old: Cut, new: Cut, given: Cut, language: str, locale: str, layers: int) -> Repaired | None:
    """Tags that stand around words no more, taken away where the translation has the very same."""
    now = {piece.text for piece in _tags(new)}
    gone = Counter(element.opening.text for element in codes.elements(old.pieces) if element.opening.text not in now)
    before, target = (codes.without(read.pieces, read.text, gone) for read in (old, given))
    if not gone or before is None or target is None:
        return None
    inner = _repaired(new.text, before, target, language, locale, layers)
    return inner and Repaired(inner.target, (*(f"tag taken away: {tag}" for tag in gone), *inner.what))


def _is_proven(old: Cut, new: Cut, given: Cut, result: Cut, language: str) -> bool:
    """Read the result again: it has its source's placeholders, and its numbers if the translation it was made of had them."""
    if Counter(codes.names(new.pieces)) != Counter(codes.names(result.pieces)):
        return False
    had_numbers = figures.same_numbers(old.pieces, given.pieces, language)
    return not had_numbers or figures.same_numbers(new.pieces, result.pieces, language)
