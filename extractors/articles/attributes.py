"""Attributes of an article that are segments: those that people read or hear, and addresses, which may differ by language."""

import re
from collections.abc import Iterator

from extractors.html_attributes import visible
from extractors.html_tokens import Attribute, Token

ADDRESS = "address"
_ADDRESSES = {  # they may differ by language
    "a": "href",
    "area": "href",
    "audio": "src",
    "iframe": "src",
    "img": "src",
    "oembed": "url",
    "source": "src",
    "track": "src",
    "video": "src",
}
_VALUE_NOTES = {
    "alt": "alternative text",
    "title": "tool tip",
    "placeholder": "placeholder",
    **dict.fromkeys(_ADDRESSES.values(), ADDRESS),
}
_TRIX = "data-trix-attributes"  # says the caption of an attachment once more, as JSON
_CAPTION = re.compile(r"&quot;caption&quot;:&quot;((?:\\&quot;|(?!&quot;).)+)&quot;")


def values(text: str, token: Token) -> Iterator[Attribute]:
    """The attributes of a tag that are segments, in the order they are written; unquoted ones stay as they are."""
    if not token.attributes:
        return
    read_aloud = list(visible(text, token))
    for each in token.attributes:
        if each.name == _TRIX and each.value and (caption := _CAPTION.search(text, *each.value)):
            yield each._replace(name="caption", value=caption.span(1), quote='"')
        elif not each.value or each.quote not in ('"', "'") or not text[slice(*each.value)].strip():
            continue
        elif each in read_aloud or is_address(token, each):
            yield each


def is_address(token: Token, attribute: Attribute) -> bool:
    """Whether an attribute is where the reader is led to, or what is shown there."""
    return attribute.name == _ADDRESSES.get(token.name)


def note_of(attribute: Attribute) -> str:
    """What a translator is told of a value."""
    return _VALUE_NOTES.get(attribute.name, attribute.name)
