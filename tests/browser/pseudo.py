"""Pseudo: interface texts made from the English ones, so that whatever is not one of them shows, and whatever has no room.

Every text is longer by two fifths, in letters that English does not have and between brackets: ⟦Šîĝñ öûţ ~~~⟧. A text
without brackets was written into a page; one without its closing bracket was cut off or put together from pieces. Only
tests speak it: the house has six languages and this is none of them.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from typing import Any

import pytest

from tm_service.web import render, texts
from tm_service.web.desks.register.words import words

OPEN, CLOSE = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}", "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ODD = "åƀçðéƒĝĥîĵķļḿñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻḾÑÖÞɊŔŠŢÛṼŴẊÝŽ"
_LETTERS = str.maketrans(_PLAIN, _ODD)
_PLACEHOLDER = re.compile(r"(%(?:\(\w+\))?[sd]|%%)")
_LONGER = 0.4  # how much translations are longer than English: W3C, "Text size in translation", for sentences
_OVERRIDE, _POP = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"


def pseudo(text: str, *, mirrored: bool = False) -> str:
    """One text: placeholders as they are, letters as no language has them; mirrored, words run from right to left."""
    parts = [
        part if place % 2 else _odd(part, mirrored=mirrored) for place, part in enumerate(_PLACEHOLDER.split(text))
    ]
    more = round(len(_PLACEHOLDER.sub("", text)) * _LONGER)
    return f"{OPEN}{''.join(parts)}{_padding(more)}{CLOSE}"


def _odd(text: str, *, mirrored: bool) -> str:
    odd = text.translate(_LETTERS)
    return re.sub(r"[^\W\d_]+", rf"{_OVERRIDE}\g<0>{_POP}", odd) if mirrored else odd


def _padding(length: int) -> str:
    """Words of five marks: what is longer breaks as a text does."""
    return "".join(" " if place % 6 == 0 else "~" for place in range(length))


class Pseudo(NullTranslations):
    """Every message of the interface, in its two forms of plural."""

    def __init__(self, *, mirrored: bool) -> None:
        super().__init__()
        self._mirrored = mirrored

    def gettext(self, message: str) -> str:
        return pseudo(message, mirrored=self._mirrored)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def _forget() -> None:
    """Whatever keeps texts once it has said them."""
    render.environment.cache_clear()
    words.cache_clear()


@contextmanager
def spoken() -> Iterator[None]:
    """Within it the interface speaks pseudo: from left to right for who asks for English, mirrored for Arabic.

    What the CLDR says of languages and days is said so, too: it comes from a table and not from a page.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts.Speech, "translations", property(lambda said: Pseudo(mirrored=said.direction == "rtl")))
        for name in ("language", "languages", "day"):
            patch.setattr(texts.Speech, name, _pseudo_of(getattr(texts.Speech, name)))
        _forget()
        try:
            yield
        finally:
            _forget()


def _pseudo_of(said: Callable[[texts.Speech, Any], str]) -> Callable[[texts.Speech, Any], str]:
    return lambda speech, of: pseudo(said(speech, of), mirrored=speech.direction == "rtl")
