"""The contract of extractors: laws that hold for every format, to be run over documents of that format."""

import re
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tm_service.domain.plurals import CATEGORIES, Plural, parse_plural
from tm_service.domain.ports import Extractor
from tm_service.domain.serving import Rule, Served
from tm_service.domain.units import Document, Key, Locale, Resource


@dataclass(frozen=True)
class Sample:
    """A document and the pieces it was put together from: each value by its key, what stands between under None.

    A value of several pieces (a plural's forms) stands under its key several times.
    """

    pieces: tuple[tuple[Key | None, bytes], ...]
    path: str = "sample"

    @property
    def document(self) -> Document:
        return Document(self.path, b"".join(piece for _, piece in self.pieces))


Samples = st.SearchStrategy[Sample]
TARGETS = st.text(
    st.one_of(
        st.sampled_from('"\\/{}[]:,\n\r\t\b\f\x00\x7f\u2028\u2029 éпア中ع😀'),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=20,
)


@dataclass(frozen=True)
class Room:
    """The documents an extractor is tried on.

    `targets` are the texts that can be put into them: what a format cannot write (a control character in XML) is left out.
    `categories` are the plural forms a target of a plural message has, in `locale`. A format is `bilingual` where a file holds
    source texts and, beside them, those of another language. Where it is not `framed`, a target is not spliced in, and other
    bytes may change with it (inside a compressed archive).
    """

    samples: Samples
    targets: st.SearchStrategy[str] = TARGETS
    locale: Locale = ""
    categories: tuple[str, ...] = ("one", "other")
    bilingual: bool = False
    framed: bool = True


_EXAMPLES = settings.default.max_examples // 3
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=_EXAMPLES)


def served(texts: dict[Key, str], rule: Rule = Rule.CURRENT) -> dict[Key, Served]:
    return {key: Served(key, text, rule, "", "for the test") for key, text in texts.items()}


def sources(resource: Resource) -> dict[Key, str]:
    return {unit.key: unit.source for unit in resource.values}


def merging_nothing_is_the_document_itself(extractor: Extractor, room: Room) -> None:
    @_patient
    @given(room.samples)
    def law(sample):
        assert extractor.merge(extractor.extract(sample.document), {}) == sample.document.content

    law()


def merging_what_stands_there_is_the_document_itself(extractor: Extractor, room: Room) -> None:
    @_patient
    @given(room.samples)
    def law(sample):
        resource = extractor.extract(sample.document)
        there = extractor.read(sample.document).values
        assert extractor.merge(resource, served(dict(there))) == sample.document.content

    law()


def what_is_merged_is_read_back(extractor: Extractor, room: Room) -> None:
    @_patient
    @given(room.samples, st.data())
    def law(sample, data):
        resource = extractor.extract(sample.document)
        targets = _some_targets(data, resource, room)
        merged = Document(sample.path, extractor.merge(resource, served(targets), locale=room.locale))
        before, after = (extractor.read(file, room.locale).values for file in (sample.document, merged))
        assert after == {**before, **targets}

    law()


def only_targets_bytes_change(extractor: Extractor, room: Room) -> None:
    """The pieces of a document between and beside the targets stand in the merged one as they were, in order."""

    @_patient
    @given(room.samples, st.data())
    def law(sample, data):
        resource = extractor.extract(sample.document)
        targets = _some_targets(data, resource, room)
        frame = b"".join(b".*?" if key in targets else re.escape(piece) for key, piece in sample.pieces)
        assert re.fullmatch(frame, extractor.merge(resource, served(targets)), re.DOTALL) or not room.framed

    law()


def every_value_is_a_string_of_the_file(extractor: Extractor, room: Room) -> None:
    @_patient
    @given(room.samples)
    def law(sample):
        resource = extractor.extract(sample.document)
        read = extractor.read(sample.document).values
        if room.bilingual:
            assert sources(resource).keys() <= read.keys()
        else:
            assert list(sources(resource).items()) == [(key, text) for key, text in read.items() if text.strip()]
        assert {unit.resource for unit in resource.values} <= {sample.document.path}

    law()


def the_strings_are_those_it_was_made_of(extractor: Extractor, room: Room) -> None:
    @_patient
    @given(room.samples)
    def law(sample):
        keys = {key for key, _ in sample.pieces if key is not None}
        assert keys == set(extractor.read(sample.document).values)

    law()


LAWS = (
    merging_nothing_is_the_document_itself,
    merging_what_stands_there_is_the_document_itself,
    what_is_merged_is_read_back,
    only_targets_bytes_change,
    every_value_is_a_string_of_the_file,
    the_strings_are_those_it_was_made_of,
)


def _some_targets(data: st.DataObject, resource: Resource, room: Room) -> dict[Key, str]:
    units = {unit.key: parse_plural(unit.source) for unit in resource.values}
    chosen = data.draw(st.lists(st.sampled_from(list(units)), unique=True, max_size=5)) if units else []
    return {key: _target(data, units[key], room) for key in chosen}


def _target(data: st.DataObject, plural: Plural | None, room: Room) -> str:
    if plural is None or plural.is_icu:
        return data.draw(room.targets)
    names = [name for name in plural.forms if name not in CATEGORIES] + list(room.categories)
    return str(Plural(plural.argument, {name: data.draw(room.targets) for name in names}))
