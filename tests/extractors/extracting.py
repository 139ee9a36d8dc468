"""Short words for tests of one format: what was extracted from a file, what comes of merging, what is refused."""

import pytest

from extractors import extractor
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.serving import Rule
from tm_service.domain.units import About, Document, Key, Locale, Resource


class Format:
    """One extractor and the name its files have."""

    def __init__(self, name: str, path: str) -> None:
        self.extractor, self.path = extractor(name), path

    def resource(self, content: str | bytes, locale: Locale = "en") -> Resource:
        return self.extractor.extract(self._document(content), locale)

    def texts(self, content: str | bytes, locale: Locale = "en") -> dict[Key, str]:
        return {unit.key: unit.source for unit in self.resource(content, locale).values}

    def about(self, content: str | bytes) -> dict[Key, About]:
        return {unit.key: unit.about for unit in self.resource(content).values}

    def read(self, content: str | bytes, locale: Locale = "") -> dict[Key, str]:
        return dict(self.extractor.read(self._document(content), locale).values)

    def merged(
        self, content: str | bytes, texts: dict[Key, str], locale: Locale = "", rule: Rule = Rule.CURRENT
    ) -> bytes:
        return self.extractor.merge(self.resource(content), served(texts, rule), None, locale)

    def refusal(self, content: str | bytes) -> tuple[int, int, str]:
        with pytest.raises(ExtractionError) as caught:
            self.extractor.extract(self._document(content), "en")
        assert caught.value.path == self.path
        return caught.value.line, caught.value.column, caught.value.reason

    def _document(self, content: str | bytes) -> Document:
        return Document(self.path, content if isinstance(content, bytes) else content.encode())
