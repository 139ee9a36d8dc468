"""Pages taken apart and put together by the HTML extractor, as tests ask for it."""

import pytest

from extractors.html import Html
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import About, Document, key_text


def document(content: str | bytes) -> Document:
    return Document("pages/seeds.html", content if isinstance(content, bytes) else content.encode())


def extracted(content: str | bytes, dialect: str = "") -> dict[str, str]:
    return {key_text(unit.key): unit.source for unit in Html(dialect).extract(document(content)).values}


def texts(content: str | bytes, dialect: str = "") -> list[str]:
    return list(extracted(content, dialect).values())


def beside(content: str, dialect: str = "") -> dict[str, About]:
    return {unit.source: unit.about for unit in Html(dialect).extract(document(content)).values}


def merged(content: str, given: dict[str, str], dialect: str = "", locale: str = "") -> str:
    """A page with translations by their source text."""
    extractor = Html(dialect)
    resource = extractor.extract(document(content))
    keys = {unit.source: unit.key for unit in resource.values}
    return extractor.merge(
        resource, served({keys[source]: text for source, text in given.items()}), locale=locale
    ).decode()


def refusal(content: str | bytes, dialect: str = "") -> ExtractionError:
    with pytest.raises(ExtractionError) as caught:
        Html(dialect).extract(document(content))
    return caught.value
