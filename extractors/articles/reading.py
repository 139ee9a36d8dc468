"""Reading: tokens of a field's HTML, whatever was typed into it; what no browser could read is text."""

from collections.abc import Iterator

from extractors.html_format import PLAIN
from extractors.html_tokens import Kind, Token, tokens
from extractors.pages import Page
from tm_service.domain.errors import ExtractionError

_WITHOUT_TAGS = frozenset(["script", "style", "iframe", "noembed", "noframes", "xmp", "plaintext", "title", "textarea"])
_MOST_MENDED = 20  # tags that are never closed; from there on a text has no tags


def read(text: str) -> Iterator[Token]:
    """Tokens that leave nothing of the text out. Never refuses it."""
    page, place, last = Page("", text), 0, None
    for _ in range(_MOST_MENDED):
        try:
            for token in tokens(page, PLAIN, place):
                yield token
                place, last = token.end, token
        except ExtractionError:
            if last is not None and last.kind is Kind.OPEN and last.name in _WITHOUT_TAGS:
                yield Token(Kind.DATA, place, len(text))
                return
            found = PLAIN.special.search(text, place)
            begin, place = place, found.start() + 1 if found else len(text)
            yield Token(Kind.TEXT, begin, place)
            last = None
        else:
            return
    if place < len(text):
        yield Token(Kind.TEXT, place, len(text))
