"""JSON messages as tests ask for them: what a text in a dialect is read as, and what comes of putting others into it."""

from extractors.json_messages import JsonMessages
from tests.extractors.contract import served
from tm_service.domain.plurals import Plural
from tm_service.domain.units import Document

ARABIC = ("zero", "one", "two", "few", "many", "other")


def document(content: str) -> Document:
    return Document("locales/a.json", content.encode())


def units(dialect: str, content: str, locale: str = "en") -> dict:
    return {unit.key: unit.source for unit in JsonMessages(dialect).extract(document(content), locale).values}


def about(dialect: str, content: str) -> dict:
    return {unit.key: unit.about for unit in JsonMessages(dialect).extract(document(content)).values}


def merged(dialect: str, content: str, texts: dict, locale: str = "") -> str:
    extractor = JsonMessages(dialect)
    return extractor.merge(extractor.extract(document(content), "en"), served(texts), locale=locale).decode()


def read(dialect: str, content: str, locale: str) -> dict:
    return dict(JsonMessages(dialect).read(document(content), locale).values)


def plural(argument: str = "count", **forms: str) -> str:
    return str(Plural(argument, {name.replace("exactly_", "="): form for name, form in forms.items()}))
