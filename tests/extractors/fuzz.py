"""Fuzz: documents broken at random; whatever comes, an extractor answers or refuses in its own words."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extractors.contract import Room, served, sources
from tm_service.domain.errors import ExtractionError
from tm_service.domain.ports import Extractor
from tm_service.domain.units import Document


@st.composite
def _broken(draw: st.DrawFn, room: Room) -> Document:
    """A document with stretches cut out, doubled, moved or overwritten."""
    sample = draw(room.samples).document
    content = bytearray(sample.content)
    for _ in range(draw(st.integers(1, 4))):
        begin, end = sorted(draw(st.integers(0, len(content))) for _ in range(2))
        put = draw(st.one_of(st.just(b""), st.binary(max_size=4), st.just(bytes(content[begin:end]) * 2)))
        content[begin:end] = put
    return Document(sample.path, bytes(content))


def never_crashes(extractor: Extractor, room: Room, examples: int = 100) -> None:
    """Extracting, reading and merging a broken document either works or raises ExtractionError."""

    @settings(
        deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
    )
    @given(_broken(room))
    def law(document):
        try:
            resource = extractor.extract(document)
            extractor.read(document, room.locale)
        except ExtractionError as error:
            if min(error.line, error.column) < 1:
                raise
            return
        assert extractor.merge(resource, {}) == document.content
        extractor.merge(resource, served(sources(resource)), locale=room.locale)

    law()
