"""Ancestry: the segments of a version with their ids, and what they were made of where sentences were cut or joined."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extractors.articles.attributes import ADDRESS
from extractors.articles.cutting import Cut, Piece
from extractors.articles.matching import Bead, Item, likeness, matched
from tm_service.domain.articles import Found, Segment, Settled, TextField
from tm_service.domain.parts import nearest
from tm_service.domain.records import Place
from tm_service.domain.units import Locale, Part


class Ancestry:
    """The HTML fields of a document beside those of the version before."""

    def __init__(self, then: Settled | None, fields: Sequence[tuple[Place, Cut]]) -> None:
        self.fields = fields
        self.last = then.last if then else 0  # the newest id's number
        self._befores = [field for field in then.fields if field.rich] if then else []
        self._old = [(field, segment) for field in self._befores for segment in field.segments]
        self._new = [(place.path, source, piece) for place, source in fields for piece in source.pieces]
        self._ids, self._made_of = self._descended()
        self._named = {part.key for own in self._made_of.values() for part in own}

    def segments(self) -> list[tuple[Segment, ...]]:
        """The segments of each field; new ones get ids that were never given in this document."""
        made, done = [], 0
        for _, source in self.fields:
            own = []
            for number, piece in enumerate(source.pieces):
                inside = self._ids[done + piece.inside] if piece.inside >= 0 else ""
                at = done + number
                own.append(_segment(self._ids[at], source, piece, self._made_of.get(at, ()), inside))
            made.append(tuple(own))
            done += len(source.pieces)
        return made

    def carried(self, field: TextField) -> Mapping[Locale, Mapping[str, Found]]:
        """Translations of the versions before: of a field's segments, and of those that parts were made of."""
        wanted = {segment.id for segment in field.segments}
        wanted |= {key[-1] for key in self._named if key[:-1] == field.path}
        known = {
            locale: {name: found for name, found in texts.items() if name in wanted}
            for locale, texts in self._known.items()
        }
        return {locale: texts for locale, texts in known.items() if texts}

    @cached_property
    def _known(self) -> Mapping[Locale, Mapping[str, Found]]:
        """All translations of the version before; ids are those of the document, not of a field."""
        known: dict[Locale, dict[str, Found]] = {}
        for field in self._befores:
            for locale, texts in field.translations.items():
                known.setdefault(locale, {}).update(texts)
        return known

    def _descended(self) -> tuple[list[str], dict[int, tuple[Part, ...]]]:
        ids = [""] * len(self._new)
        parts: dict[int, tuple[Part, ...]] = {}
        for bead in matched(self._olds, self._news):
            keeper = self._keeper(bead)
            ids[keeper] = self._old[bead.old[0]][1].id
            parts.update(self._parts(bead))
        for number, name in enumerate(ids):
            if not name:
                self.last += 1
                ids[number] = f"s{self.last}"
        return ids, parts

    @cached_property
    def _olds(self) -> list[Item]:
        return [
            _item(segment.text, segment.note, (field.path, segment.block), is_value=segment.attribute)
            for field, segment in self._old
        ]

    @cached_property
    def _news(self) -> list[Item]:
        return [
            _item(source.of(piece), piece.note, (path, piece.block), is_value=bool(piece.shape))
            for path, source, piece in self._new
        ]

    def _keeper(self, bead: Bead) -> int:
        """Of the sentences that one became, the one most like it keeps the id."""
        if len(bead.new) == 1:
            return bead.new[0]
        return max(bead.new, key=lambda number: likeness(self._olds[bead.old[0]], self._news[number]))

    def _parts(self, bead: Bead) -> Iterator[tuple[int, tuple[Part, ...]]]:
        """What the sentences of a bead were made of."""
        olds = [self._old[number] for number in bead.old]
        if len(bead.new) > 1:
            texts = [self._text(number) for number in bead.new]
            yield from zip(bead.new, _cut_up(self._base(*olds[0]), texts), strict=True)
        elif len(bead.old) > 1:
            yield bead.new[0], tuple(part for field, segment in olds for part in self._base(field, segment))
        else:
            field, segment = olds[0]
            path, _, _ = self._new[bead.new[0]]
            if path != field.path:
                yield bead.new[0], self._base(field, segment)
            elif segment.parts and (segment.text == self._text(bead.new[0]) or not self._is_told(field, segment)):
                yield bead.new[0], segment.parts

    def _text(self, number: int) -> str:
        _, source, piece = self._new[number]
        return source.of(piece)

    def _base(self, field: TextField, segment: Segment) -> tuple[Part, ...]:
        """The texts that a segment's translations were made from: its own, or those it was made of itself."""
        if segment.parts and not self._is_told(field, segment):
            return segment.parts
        return (Part(field.key(segment), segment.text, 0, len(segment.text)),)

    def _is_told(self, field: TextField, segment: Segment) -> bool:
        """Whether a segment that has parts was translated itself since, in each language that its parts are in."""
        former = [part.source for part in segment.parts if part.key == field.key(segment)]

        def is_own(found: Found | None) -> bool:
            """Whether a translation was made of what the segment says now rather than of what it was cut from."""
            if found is None or not former:
                return found is not None
            now = _alike(found.source, segment.text)
            return all(_alike(found.source, source) < now for source in former)

        needed = [texts for texts in self._known.values() if any(part.key[-1] in texts for part in segment.parts)]
        return bool(needed) and all(is_own(texts.get(segment.id)) for texts in needed)


def _alike(one: str, other: str) -> float:
    return likeness(Item(one), Item(other))


def _item(text: str, note: str, block: Hashable, *, is_value: bool) -> Item:
    return Item(text, f"@{note}" if is_value else "", note, block, fixed=is_value and note == ADDRESS)


def _segment(name: str, source: Cut, piece: Piece, parts: tuple[Part, ...], inside: str) -> Segment:
    return Segment(name, source.of(piece), parts, piece.note, piece.block, bool(piece.shape), inside)


def _cut_up(base: Sequence[Part], texts: Sequence[str]) -> list[tuple[Part, ...]]:
    """The stretches of older texts that these texts were cut from; they cover those without gap or overlap."""
    whole = "".join(part.text for part in base)
    joints, done = [], 0
    for part in base[:-1]:
        done += len(part.text)
        joints.append(done)
    bounds, done = [0], 0
    edits = Levenshtein.opcodes(" ".join(texts), whole)
    for text in texts[:-1]:
        done += len(text) + 1
        at = next(
            (
                edit.dest_start + min(done - edit.src_start, edit.dest_end - edit.dest_start)
                for edit in edits
                if edit.src_start <= done < edit.src_end
            ),
            len(whole),
        )
        bounds.append(max(bounds[-1], nearest(whole, at, joints)))
    bounds.append(len(whole))
    return [tuple(_within(base, begin, end)) for begin, end in pairwise(bounds)]


def _within(base: Sequence[Part], begin: int, end: int) -> Iterator[Part]:
    """The parts of a stretch of the texts as they follow one another."""
    done = 0
    for part in base:
        first, last = max(begin, done), min(end, done + len(part.text))
        if first < last:
            yield Part(part.key, part.source, part.begin + first - done, part.begin + last - done)
        done += len(part.text)
