"""Codes: carry renamed placeholders, other addresses and other tags into a translation that has the very same ones."""

import html
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from memory.repair.edits import Carried, Splice
from memory.repair.figures import Pairs
from memory.repair.pieces import SAID, TAGS, Kind, Piece

_ANONYMOUS = regex.compile(r"%(?!\d+\$|\()[^%]*")
_TAG = regex.compile(r"</?\s*([A-Za-z][\w:\-]*)")
_ATTRIBUTE = regex.compile(r"""(?<!\s)\s++([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
# What a reader sees of a tag; a change in it is a change of text.
_READ = frozenset(
    ["alt", "aria-description", "aria-label", "content", "label", "placeholder", "summary", "title", "value"]
)


def names(pieces: Iterable[Piece]) -> list[str]:
    """Placeholders by name, those without a name by their order, which is what binds them to a value."""
    found, count = [], 0
    for piece in pieces:
        if piece.kind in SAID:
            anonymous = _ANONYMOUS.fullmatch(piece.text) is not None
            found.append(f"{count}{piece.text}" if anonymous else piece.text)
            count += anonymous
    return found


def carry_placeholders(pairs: Pairs, given: Sequence[Piece]) -> Carried | None:
    """New names for old ones, one to one, where the translation has exactly the placeholders of its source."""
    before, now = ([pair[side] for pair in pairs] for side in (0, 1))
    old, new, theirs = names(before), names(now), names(given)
    if Counter(old) != Counter(theirs) or len(bars(before)) != len(bars(given)):
        return None
    if old == new:
        return Carried()
    known = dict(zip(old, new, strict=True))
    written = dict(zip(old, [piece.text for piece in now if piece.kind in SAID], strict=True))
    one_to_one = all(known[a] == b for a, b in zip(old, new, strict=True)) and len({*known.values()}) == len(known)
    nameless = any(_ANONYMOUS.fullmatch(text) for text in written.values())
    if not one_to_one or (nameless and [known[name] for name in theirs] != new):
        return None
    places = [piece for piece in given if piece.kind in SAID]
    splices = [Splice(piece.start, piece.end, written[name]) for piece, name in zip(places, theirs, strict=True)]
    said = [f"placeholder renamed: {a.text} → {b.text}" for a, b in pairs if a.kind in SAID and a.text != b.text]
    return Carried(tuple(splices), tuple(dict.fromkeys(said)))


def bars(pieces: Iterable[Piece]) -> list[Piece]:
    """What parts the plural forms of a message; languages have different numbers of them."""
    return [piece for piece in pieces if piece.kind is Kind.BAR]


def same_entities(pairs: Pairs) -> bool:
    """Whether entities mean the same signs."""
    return all(html.unescape(old.text) == html.unescape(new.text) for old, new in pairs if old.kind is Kind.ENTITY)


def carry_addresses(pairs: Pairs, given: Sequence[Piece]) -> Carried | None:
    """New addresses for old ones, where the translation has the very same as often."""
    changed = [(old, new) for old, new in pairs if old.kind is Kind.ADDRESS]
    known = _mapped((old.text, new.text) for old, new in changed)
    if known is None:
        return None
    moved = {old: new for old, new in known.items() if old != new}
    places = [piece for piece in given if piece.kind is Kind.ADDRESS and piece.text in moved]
    if Counter(piece.text for piece in places) != Counter(old.text for old, _ in changed if old.text in moved):
        return None
    splices = tuple(Splice(piece.start, piece.end, moved[piece.text]) for piece in places)
    return Carried(splices, tuple(f"link replaced: {old} → {new}" for old, new in moved.items()))


def _mapped(changes: Iterable[tuple[str, str]]) -> dict[str, str] | None:
    """Old to new; None where one old becomes two."""
    known: dict[str, str] = {}
    return known if all(known.setdefault(old, new) == new for old, new in changes) else None


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with the one that closes it, where one does."""

    opening: Piece
    closing: Piece | None

    @property
    def name(self) -> str:
        found = _TAG.match(self.opening.text)
        return found[1].lower() if found else self.opening.text

    @property
    def written(self) -> tuple[str, str]:
        return self.opening.text, self.closing.text if self.closing else ""


def elements(pieces: Iterable[Piece]) -> list[Element]:
    """The tags of a text in reading order."""
    tags = [piece for piece in pieces if piece.kind in TAGS]
    closing = {piece.pair: piece for piece in tags if piece.kind is Kind.CLOSE}
    return [Element(piece, closing.get(piece.pair)) for piece in tags if piece.kind is not Kind.CLOSE]


def carry_tags(pairs: Pairs, given: Sequence[Piece]) -> Carried | None:
    """New tags for old ones where the translation has the very same, else new attributes where it has one of that name."""
    before, now = (elements([pair[side] for pair in pairs]) for side in (0, 1))
    known = _mapped_elements(before, now)
    if known is None:
        return None
    moved = {old: new for old, new in known.items() if old != new}
    if not moved:
        return Carried()
    theirs = elements(given)
    if Counter(_shape(element) for element in theirs) != Counter(_shape(element) for element in before):
        return None
    splices: list[Splice] = []
    for old, new in moved.items():
        places = [element for element in theirs if element.written == old]
        if len(places) == sum(element.written == old for element in before):
            written = dict.fromkeys(range(len(places)), new)
        else:
            places = _alone(old, before, theirs)
            carried = _renewed(places[0].written, old, new) if places else None
            if carried is None:
                return None
            written = {0: carried}
        for place, element in enumerate(places):
            splices += _put(element, written[place])
    return Carried(tuple(splices), tuple(_said_of(old, new) for old, new in moved.items()))


def _mapped_elements(
    before: Sequence[Element], now: Sequence[Element]
) -> dict[tuple[str, str], tuple[str, str]] | None:
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for old, new in zip(before, now, strict=True):
        if known.setdefault(old.written, new.written) != new.written or not _reads_same(old, new):
            return None
    return known


def _shape(element: Element) -> Hashable:
    return element.name, element.closing is None


def _alone(old: tuple[str, str], before: Sequence[Element], theirs: Sequence[Element]) -> list[Element]:
    """The one element of a name in the translation, where its source has one of that name, too."""
    name = next(element.name for element in before if element.written == old)
    found = [element for element in theirs if element.name == name]
    return found if len(found) == sum(element.name == name for element in before) == 1 else []


def _put(element: Element, written: tuple[str, str]) -> list[Splice]:
    pieces = (element.opening, element.closing)
    return [Splice(piece.start, piece.end, text) for piece, text in zip(pieces, written, strict=True) if piece]


def _attributes(tag: str) -> dict[str, str]:
    """Attributes with what stands after the name, quotation marks included."""
    found = _TAG.match(tag)
    body = tag[found.end() :].removesuffix(">").removesuffix("/") if found else ""
    return {name.lower(): value for name, value in _ATTRIBUTE.findall(body)}


def _reads_same(old: Element, new: Element) -> bool:
    """Whether what a reader sees of two tags is the same; comments have to be the same as a whole."""
    if _TAG.match(old.opening.text) is None or _TAG.match(new.opening.text) is None:
        return old.written == new.written
    before, now = _attributes(old.opening.text), _attributes(new.opening.text)
    return all(before.get(name) == now.get(name) for name in _READ)


def _renewed(given: tuple[str, str], old: tuple[str, str], new: tuple[str, str]) -> tuple[str, str] | None:
    """A tag of the translation's own with the attributes changed that changed; None where it has others in their place."""
    before, now, theirs = (_attributes(tag) for tag, _ in (old, new, given))
    if _shape_of(old) != _shape_of(new):
        return None
    opening = given[0]
    for name in before.keys() | now.keys():
        if before.get(name) == now.get(name):
            continue
        if theirs.get(name) != before.get(name):
            return None
        opening = _with(opening, name, now.get(name))
    return opening, given[1]


def _shape_of(tag: tuple[str, str]) -> tuple[str, ...]:
    return tuple(found[1].lower() if (found := _TAG.match(part)) else part for part in tag)


def _with(tag: str, name: str, value: str | None) -> str:
    """A tag with one attribute given another value, added or taken away."""
    for found in _ATTRIBUTE.finditer(tag):
        if found[1].lower() == name:
            written = "" if value is None else f"{tag[found.start() : found.end(1)]}{f'={value}' if value else ''}"
            return tag[: found.start()] + written + tag[found.end() :]
    end = len(tag) - (2 if tag.endswith("/>") else 1)
    return f"{tag[:end].rstrip()} {name}{f'={value}' if value else ''}{tag[end:]}"


def _said_of(old: tuple[str, str], new: tuple[str, str]) -> str:
    before, now = _attributes(old[0]), _attributes(new[0])
    if _shape_of(old) != _shape_of(new):
        return f"tag {old[0]} → {new[0]}"
    each = [
        f"{name}: {before.get(name, 'none')} → {now.get(name, 'none')}"
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    ]
    return f"attribute {', '.join(each)}" if each else f"tag {old[0]} → {new[0]}"


def without(pieces: Sequence[Piece], text: str, gone: Mapping[str, int]) -> str | None:
    """The text without these paired tags, by how they open; None where they do not stand there as often."""
    found = [element for element in elements(pieces) if element.opening.text in gone]
    if Counter(element.opening.text for element in found) != Counter(gone) or any(
        not element.closing for element in found
    ):
        return None
    for piece in sorted((tag for element in found for tag in (element.opening, element.closing) if tag), key=_place):
        text = text[: piece.start] + text[piece.end :]
    return text


def _place(piece: Piece) -> int:
    return -piece.start
