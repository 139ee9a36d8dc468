"""Settling: a document as a store gives it becomes layouts, segments that keep their identity, and translations.

What a version says is decided from the version before and today's document alone, so that the same two always settle alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.articles.ancestry import Ancestry
from extractors.articles.cutting import Cut, Piece, Segmenter, cut
from extractors.articles.hearing import Aligner, Heard, heard
from tm_service.domain.articles import Found, Segment, Settled, TextField, dump, load
from tm_service.domain.parts import derived
from tm_service.domain.records import Content, Place, Record, text_at
from tm_service.domain.text import may_be_same
from tm_service.domain.units import Key, Locale

# Where a document has texts, whether it changes in all languages at once, and whether it is a government's.
Places = Callable[[Record], tuple[Sequence[Place], bool, bool]]


def places_of_article(record: Record) -> tuple[Sequence[Place], bool, bool]:
    """Title and content are translated; an article is legal where its `parity` is true or a tag says "legal"."""
    custom, tags = record.document.get("customProperties"), record.document.get("adminTags")
    is_legal = isinstance(custom, Mapping) and custom.get("parity") is True
    is_legal = is_legal or (isinstance(tags, list) and "legal" in tags)
    return (Place(("title",)), Place(("content",), rich=True)), is_legal, False


@dataclass(frozen=True)
class _Field:
    """A field of today as it is cut; `text` is its source, `before` the field it was."""

    place: Place
    text: str
    cut: Cut
    before: TextField | None


class Settler:
    """Settles documents of one store, whose source is in `language`.

    `segment` cuts a text into sentences, `align` lays two documents side by side, `places` says where texts stand.
    """

    def __init__(self, segment: Segmenter, align: Aligner, places: Places, language: Locale = "en") -> None:
        self.segment, self.align, self.places, self.language = segment, align, places, language

    def settle(self, before: bytes | None, record: Record) -> bytes:
        """The settled document. `before` is what was settled last. Raises ValueError where that is no settled document."""
        then = load(before) if before is not None else None
        found, legal, national = self.places(record)
        fields = self._fields(then, record.document, found)
        ancestry = Ancestry(then, [(one.place, one.cut) for one in fields if one.place.rich])
        named = iter(ancestry.segments())
        cut_up = [next(named) if one.place.rich else _whole(one.text) for one in fields]
        pairs = zip(fields, cut_up, strict=True)
        made = tuple(self._settled(then, record.document, one, segments, ancestry) for one, segments in pairs)
        return dump(Settled(record.ref, record.document, made, ancestry.last, legal, national))

    def _fields(self, then: Settled | None, document: Content, places: Sequence[Place]) -> list[_Field]:
        texts = [text_at(document, place.path).get(self.language, "") for place in places]
        before = _befores(then, places, texts)
        return [
            _Field(place, text, self._cut(place, text, self.language), was)
            for place, text, was in zip(places, texts, before, strict=True)
        ]

    def _cut(self, place: Place, text: str, language: Locale) -> Cut:
        if place.rich:
            return cut(text, language, self.segment)
        return Cut(text, (Piece(0, len(text)),) if text.strip() else (), ())

    def _settled(
        self,
        then: Settled | None,
        document: Content,
        one: _Field,
        segments: tuple[Segment, ...],
        ancestry: Ancestry,
    ) -> TextField:
        layout = one.cut.layout
        made = TextField(one.place.path, segments, layout, one.place.rich)
        carried = ancestry.carried(made) if one.place.rich else _carried(one.before)
        spoken = text_at(document, one.place.path)
        was = text_at(then.document, one.before.path) if then and one.before else {}
        languages = [language for language in dict.fromkeys([*carried, *spoken]) if language != self.language]
        translations: dict[Locale, Mapping[str, Found]] = {}
        for language in languages:
            known, text = carried.get(language, {}), spoken.get(language, "")
            if text.strip() and text != was.get(language):
                news = self._news(one, made, language, (text, was.get(language, "")), known)
                known = {**known, **news}
            if known:
                translations[language] = known
        return replace(made, translations=translations)

    def _news(
        self, one: _Field, made: TextField, language: Locale, texts: tuple[str, str], known: Mapping[str, Found]
    ) -> Mapping[str, Found]:
        """What the store says of a language that it did not say before."""
        now, was = texts
        old = self._heard_before(one.before, language, was) if was.strip() and one.before else {}
        news = {}
        for number, said in self._heard(one.place, one.cut, language, now).items():
            segment = made.segments[number]
            if said.text == old.get(segment.id) or not said.text.strip():
                continue
            if said.text == segment.text and not may_be_same(segment.text):
                continue
            if said.text not in _ours(made, segment, known, language):
                news[segment.id] = Found(said.text, segment.text, said.sure)
        return news

    def _heard(self, place: Place, source: Cut, language: Locale, text: str) -> Mapping[int, Heard]:
        if not source.pieces:
            return {}
        if not place.rich:
            return {0: Heard(text)}
        return heard(source, cut(text, language, self.segment), self.align, (self.language, language))

    def _heard_before(self, before: TextField, language: Locale, text: str) -> Mapping[str, str]:
        """What the version before said in a language, by segment id; nothing where it was cut by other rules."""
        place = Place(before.path, before.rich)
        source = self._cut(place, before.build({}), self.language)
        if [source.of(piece) for piece in source.pieces] != [segment.text for segment in before.segments]:
            return {}
        said = self._heard(place, source, language, text)
        return {before.segments[number].id: one.text for number, one in said.items()}


def _whole(text: str) -> tuple[Segment, ...]:
    return (Segment("", text),) if text.strip() else ()


def _ours(made: TextField, segment: Segment, known: Mapping[str, Found], language: Locale) -> set[str]:
    """What we may have put into the store ourselves: the last translation, or what follows from those of the parts."""
    path = len(made.path)
    texts = {
        part.key: known[part.key[-1]].text
        for part in segment.parts
        if part.key[:path] == made.path and part.key[-1] in known
    }
    found = derived(segment.parts, texts, language)
    ours = {known[segment.id].text} if segment.id in known else set()
    return ours | {found[1]} if found else ours


def _befores(then: Settled | None, places: Sequence[Place], texts: Sequence[str]) -> list[TextField | None]:
    """The field of the version before that each one was: in a list the one with the same text, else that of its place."""
    if then is None:
        return [None for _ in places]
    made: list[TextField | None] = []
    taken: set[Key] = set()
    by_text: dict[tuple[Key, str], list[TextField]] = {}
    for field in then.fields:
        by_text.setdefault((_listed(field.path), field.build({})), []).append(field)
    for place, text in zip(places, texts, strict=True):
        there = by_text.get((_listed(place.path), text), [])
        here = next((field for field in there if field.path == place.path), None) or next(iter(there), None)
        if here:
            there.remove(here)
            taken.add(here.path)
        made.append(here)
    for number, place in enumerate(places):
        same = then.by_path.get(place.path)
        if made[number] is None and same and same.path not in taken:
            made[number] = same
    return [field if field and field.rich == place.rich else None for field, place in zip(made, places, strict=True)]


def _listed(path: Key) -> Key:
    """A path without the numbers of lists."""
    return tuple("#" if name.isdecimal() else name for name in path)


def _carried(before: TextField | None) -> Mapping[Locale, Mapping[str, Found]]:
    return before.translations if before else {}
