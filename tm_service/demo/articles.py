"""The demo's articles: what stands in the store, what editors do to it in the story, and what the translators answer."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tm_service.demo.phrases import Phrases
from tm_service.domain.articles import placed
from tm_service.domain.errors import Conflict
from tm_service.domain.records import ARTICLE, Content, RecordRef, text_at

_TEXTS = files("tm_service.demo") / "texts"
_CONTENT, _ENGLISH = ("content",), "en"


def articles() -> Iterator[tuple[RecordRef, Content]]:
    """Every article in the order of their names; the documents are the caller's own to change."""
    for entry in sorted((_TEXTS / "articles").iterdir(), key=lambda entry: entry.name):
        document = json.loads(entry.read_text(encoding="utf-8"))
        yield RecordRef(ARTICLE, document["_id"]), document


def edited(article: Content) -> Content:
    """An article as its editor leaves it in the story: its English anew, the rest as it was; of most articles all of it.

    Raises Conflict where the English is another by now than in the story.
    """
    chapter = _story().get(str(article.get("_id")))
    if chapter is None:
        return article
    english = text_at(article, _CONTENT).get(_ENGLISH, "")
    for edit in chapter.get("replace", ()):
        before, after = _around(english, edit["text"])
        english = before + edit["by"] + after
    for edit in chapter.get("move", ()):
        without = "".join(_around(english, edit["text"]))
        before, after = _around(without, edit["before"])
        english = before + edit["text"] + edit["before"] + after
    return placed(article, _CONTENT, _ENGLISH, english)


def article_phrases() -> Phrases:
    """What the translators answer in the story: each English segment that is new or was not in all languages, by language."""
    return {english: said for chapter in _story().values() for english, said in chapter["phrases"].items()}


@cache
def _story() -> Mapping[str, Mapping[str, Any]]:
    """What happens to articles, by their identifiers."""
    entries = sorted((_TEXTS / "story").iterdir(), key=lambda entry: entry.name)
    chapters = [tomllib.loads(entry.read_text(encoding="utf-8")) for entry in entries]
    return {chapter["article"]: chapter for chapter in chapters}


def _around(english: str, text: str) -> tuple[str, str]:
    """What stands before and behind a text that stands there once. Raises Conflict."""
    if english.count(text) != 1:
        raise Conflict(f"The article does not say “{text}” once; begin with the article as the demo has it.")
    before, _, after = english.partition(text)
    return before, after
