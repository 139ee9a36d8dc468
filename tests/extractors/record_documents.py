"""Settled documents as hypothesis draws them: plain fields and HTML, translated and not."""

from hypothesis import strategies as st

from tests.extractors.contract import Room, Sample
from tm_service.domain.articles import Found, Segment, Settled, TextField, dump
from tm_service.domain.records import ARTICLE, RecordRef
from tm_service.domain.units import Key, Part

_TEXTS = st.text(st.sampled_from("ab .<>&\"'\\\n\r\x00é中ع😀"), min_size=1, max_size=8).filter(str.strip)
_LAYOUT = st.sampled_from(["", " ", "<p>", "</p><p>", '<img alt="', '">', "\r\n"])


def _found(draw: st.DrawFn, names: list[str]) -> dict[str, dict[str, Found]]:
    drawn = st.dictionaries(st.sampled_from(names), st.builds(Found, _TEXTS, _TEXTS, st.booleans()), max_size=3)
    return {locale: texts for locale in ("fr", "zh") if (texts := draw(drawn))} if names else {}


def _rich(draw: st.DrawFn, path: Key, first: int) -> TextField:
    segments = tuple(
        Segment(
            f"s{first + number}",
            draw(_TEXTS),
            (Part((*path, "s1"), "An older text.", 0, 5),) if draw(st.booleans()) else (),
            note=draw(st.sampled_from(["", "heading 2", "alternative text"])),
            attribute=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    layout = tuple(draw(_LAYOUT) for _ in range(len(segments) + 1))
    return TextField(path, segments, layout, rich=True, translations=_found(draw, [one.id for one in segments]))


def _plain(draw: st.DrawFn, path: Key) -> TextField:
    segments = (Segment("", draw(_TEXTS)),) if draw(st.booleans()) else ()
    layout = ("",) * (len(segments) + 1)
    return TextField(path, segments, layout, translations=_found(draw, [one.id for one in segments]))


@st.composite
def settled_samples(draw: st.DrawFn) -> Sample:
    fields = (
        _plain(draw, ("title",)),
        _rich(draw, ("content",), 1),
        _plain(draw, ("group", "tags", "1")),
    )
    texts = [{"en": field.build({})} if field.segments else {} for field in fields]
    document = {
        "_id": "6784d3a0c1f5b20012a9e0ff",
        "header": {"identifier": "x", "languages": ["en"]},
        "title": texts[0],
        "content": {**texts[1], **({"fr": "<p>Ancien.</p>"} if draw(st.booleans()) else {})},
        "group": {"tags": [{"en": "first"}, texts[2]]},
        "meta": {"revision": draw(st.integers(0, 9))},
    }
    settled = Settled(RecordRef(ARTICLE, "6784d3a0c1f5b20012a9e0ff"), document, fields, 9, legal=draw(st.booleans()))
    content = dump(settled)
    keys = [field.key(segment) for field in fields for segment in field.segments]
    return Sample(((None, content), *((key, b"") for key in keys)), "articles/6784d3a0c1f5b20012a9e0ff.json")


# A text stands in the field and beside it, so that more than one stretch of bytes changes with it.
ROOMS = {("record", ""): Room(settled_samples(), locale="fr", bilingual=True, framed=False)}
