"""The contract of extractors: laws that hold for every format, to be run over documents of that format."""

import re
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tm_service.domain.ports import Extractor
from tm_service.domain.serving import Rule, Served
from tm_service.domain.units import Document, Key, Resource


@dataclass(frozen=True)
class Sample:
    """A document and the pieces it was put together from: each value by its key, what stands between under None."""

    pieces: tuple[tuple[Key | None, bytes], ...]

    @property
    def document(self) -> Document:
        return Document("sample", b"".join(piece for _, piece in self.pieces))


Samples = st.SearchStrategy[Sample]
TARGETS = st.text(
    st.one_of(
        st.sampled_from('"\\/{}[]:,\n\r\t\b\f\x00\x7f\u2028\u2029 éпア中ع😀'),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=20,
)
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def served(texts: dict[Key, str], rule: Rule = Rule.CURRENT) -> dict[Key, Served]:
    return {key: Served(key, text, rule, "", "for the test") for key, text in texts.items()}


def sources(resource: Resource) -> dict[Key, str]:
    return {unit.key: unit.source for unit in resource.values}


def merging_nothing_is_the_document_itself(extractor: Extractor, samples: Samples) -> None:
    @_patient
    @given(samples)
    def law(sample):
        assert extractor.merge(extractor.extract(sample.document), {}) == sample.document.content

    law()


def merging_the_source_is_the_document_itself(extractor: Extractor, samples: Samples) -> None:
    @_patient
    @given(samples)
    def law(sample):
        resource = extractor.extract(sample.document)
        assert extractor.merge(resource, served(sources(resource))) == sample.document.content

    law()


def what_is_merged_is_read_back(extractor: Extractor, samples: Samples) -> None:
    @_patient
    @given(samples, st.data())
    def law(sample, data):
        resource = extractor.extract(sample.document)
        targets = _some_targets(data, resource)
        merged = Document("merged", extractor.merge(resource, served(targets)))
        before, after = extractor.read(sample.document).values, extractor.read(merged).values
        assert after == {**before, **targets}

    law()


def only_targets_bytes_change(extractor: Extractor, samples: Samples) -> None:
    """The pieces of a document between and beside the targets stand in the merged one as they were, in order."""

    @_patient
    @given(samples, st.data())
    def law(sample, data):
        resource = extractor.extract(sample.document)
        targets = _some_targets(data, resource)
        frame = b"".join(b".*?" if key in targets else re.escape(piece) for key, piece in sample.pieces)
        assert re.fullmatch(frame, extractor.merge(resource, served(targets)), re.DOTALL)

    law()


def every_value_is_a_string_of_the_file(extractor: Extractor, samples: Samples) -> None:
    @_patient
    @given(samples)
    def law(sample):
        resource = extractor.extract(sample.document)
        read = extractor.read(sample.document).values
        assert sources(resource) == {key: text for key, text in read.items() if text.strip()}
        assert [unit.key for unit in resource.values] == [key for key, text in read.items() if text.strip()]
        assert {unit.resource for unit in resource.values} <= {sample.document.path}

    law()


LAWS = (
    merging_nothing_is_the_document_itself,
    merging_the_source_is_the_document_itself,
    what_is_merged_is_read_back,
    only_targets_bytes_change,
    every_value_is_a_string_of_the_file,
)


def _some_targets(data: st.DataObject, resource: Resource) -> dict[Key, str]:
    keys = [unit.key for unit in resource.values]
    chosen = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=5)) if keys else []
    return {key: data.draw(TARGETS) for key in chosen}
