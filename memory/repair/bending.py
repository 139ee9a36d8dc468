"""Bending: whether a changed number asks for other words around it, by plural rules, by sound, or said in words as well."""

import html
from collections.abc import Sequence

import regex

from memory.forms import form
from memory.repair.pieces import TAGS, Kind, Piece
from memory.repair.rules import Rules, is_countable

_VALUE = "\ufffc"  # stands for what the site fills in: a word that is not known
_WORD = r"[\p{L}\p{M}\u00ad\u200b-\u200f'’\-]*\p{L}[\p{L}\p{M}\u00ad\u200b-\u200f]*"
_NEXT = regex.compile(rf"(?P<gap>[\s(\[\"'«„“‘/+*]*)(?P<word>{_WORD}|{_VALUE}|№|§)")
_PREVIOUS = regex.compile(rf"(?P<word>{_WORD}|№|§|n[°º])[.]?(?P<gap>[\s(«„“\"'‘]*)$", regex.IGNORECASE)
_ATTACHED = regex.compile(r"(?!\p{Script=Han})[\p{L}ºª]")  # behind a tag: 5<sup>th</sup>
_SUFFIX = regex.compile(r"['’]\p{L}|-\p{L}{1,3}(?!\p{L})")
_BLOCK = regex.compile(r"</?(?:br|p|li|ul|ol|div|td|tr|th|h[1-6]|option)\b", regex.IGNORECASE)
_PROCLITIC = regex.compile(r"^[وفبكل]?(?:ال)?")  # what Arabic writes onto a word
_YEAR = regex.compile(r"(?:1[5-9]|20)\d\d")
_DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩.,"
_NEAR = 60  # characters looked at on either side


def seen(pieces: Sequence[Piece]) -> str:
    """What a reader sees of some pieces: no tags, entities as signs, one sign for a value that is filled in."""
    return "".join(map(_seen, pieces))


def _seen(piece: Piece) -> str:
    if piece.kind in TAGS:
        return ". " if _BLOCK.match(piece.text) else ""
    if piece.kind is Kind.ENTITY:
        return html.unescape(piece.text)
    return _VALUE if piece.kind in (Kind.PLACEHOLDER, Kind.LINK, Kind.ADDRESS) else piece.text


def is_clock(after: str, rules: Rules) -> bool:
    """Whether a number of a source is an hour of half a day, which other languages write as another number."""
    found = regex.match(r"\s*([\p{L}.']+)", after[:_NEAR])
    return found is not None and found[1].casefold() in rules.clock


def says(text: str, value: str, rules: Rules) -> bool:
    """Whether a text says a number in words."""
    words = rules.words.get(value, frozenset())
    if not words:
        return False
    heard = form(text, rules.locale.language).words
    if any(len(word) == 1 for word in heard) and rules.locale.language == "zh":
        return any(word in "".join(heard) for word in words)
    return any(not words.isdisjoint((word, _PROCLITIC.sub("", word))) for word in heard)


def may_bend(before: str, after: str, old: str, new: str, rules: Rules) -> bool:
    """Whether the words around a number, seen up to it and from it, may have to change with it."""
    before, after = before[-_NEAR:], after[:_NEAR]
    if before.endswith("("):
        after = after.removeprefix(")")
    if _ATTACHED.match(after) or (rules.suffixed and _SUFFIX.match(after)):
        return True
    if _sounds(before, old, rules) != _sounds(before, new, rules):
        return True
    if is_countable(old) and is_countable(new) and rules.category(old) == rules.category(new):
        return False
    if is_name(before, rules):
        return False
    return _governs(before, after, old, new, rules)


def _governs(before: str, after: str, old: str, new: str, rules: Rules) -> bool:
    """Whether a word follows that is counted, or one stands before that goes with a single thing."""
    found = _NEXT.match(after)
    word = _folded(found["word"], rules) if found else ""
    single = bool({old, new} & rules.singulars)
    if word in rules.months:
        return single
    if word in rules.years and _YEAR.fullmatch(old) and _YEAR.fullmatch(new):
        return False
    if word and (word not in rules.joins | rules.partitives | rules.units or (single and word in rules.partitives)):
        return True
    if found and found["gap"].strip() and word in rules.joins:
        return True
    return single and _is_led(before, rules)


def _is_led(before: str, rules: Rules) -> bool:
    found = _PREVIOUS.search(before)
    return found is not None and _folded(found["word"], rules) not in rules.joins


def is_name(before: str, rules: Rules) -> bool:
    """Whether the noun before a number makes a name of it: Article 5; Articles 5, 6 and 7."""
    while True:
        listed = before.rstrip(" ,;–-")
        if listed[-1:].isdigit():
            before = listed.rstrip(_DIGITS)
        found = _PREVIOUS.search(before)
        if found is None:
            return False
        word = _folded(found["word"], rules)
        if rules.references.fullmatch(word):
            return True
        if word not in rules.joins:
            return False
        before = before[: found.start()]


def _sounds(before: str, value: str, rules: Rules) -> str:
    found = _PREVIOUS.search(before)
    word = _folded(found["word"], rules) if found else ""
    return " ".join(str(bool(numbers.fullmatch(value))) for words, numbers in rules.sounds if word in words)


def _folded(word: str, rules: Rules) -> str:
    language = rules.locale.language
    return (form(word, language).letters or word).casefold().rpartition("'")[2]
