"""Reading: the words of a text as its readers see them, each with its place, codes left out."""

import re
from functools import lru_cache

from tm_service.checks.messages import is_message, message
from tm_service.checks.seen import quoted
from tm_service.domain.text import Code, parse, word_tokens

_CACHE = 1 << 12
_LETTER = r"[^\W\d_]"
_MARK = r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]"  # written on the letter before it
WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|{_MARK})*")
_ADDRESS = re.compile(
    r"(?:(?:https?|ftp)://|www\.)\S+|(?<![\w.+-])(?:[\w.+-]++@[\w-]+(?:\.[\w-]+)+|(?:[\w-]++\.)+[a-z]{2,6}\b)"
)
_SHORT = 60  # characters of a text that a message shows


@lru_cache(maxsize=1 << 8)
def language(locale: str) -> str:
    """The language of a locale: "zh" of "zh-Hans-CN"."""
    return locale.replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=_CACHE)
def shown(value: str) -> str:
    """A value with everything that is no text blanked out, places unchanged: codes, addresses, the syntax of ICU messages."""
    text = _texts(value) if is_message(value) else value
    parts = (" " * len(part.data) if isinstance(part, Code) else part for part in parse(text).parts)
    text = "".join(parts)
    return _ADDRESS.sub(lambda found: " " * len(found[0]), text) if "." in text else text


def _texts(value: str) -> str:
    row = [" "] * len(value)
    for start, end in message(value).texts:
        row[start:end] = value[start:end]
    return "".join(row)


@lru_cache(maxsize=_CACHE)
def words(value: str) -> tuple[tuple[str, int, int], ...]:
    """The words of a value, each with where it starts and ends in it; a run of ideographs is one word."""
    return tuple([(found[0], *found.span()) for found in WORD.finditer(shown(value))])


@lru_cache(maxsize=_CACHE)
def vocabulary(value: str) -> frozenset[str]:
    """The different words of a value, upper and lower case alike."""
    return frozenset(map(str.casefold, WORD.findall(shown(value))))


@lru_cache(maxsize=_CACHE)
def said(value: str) -> tuple[str, ...]:
    """The words and numbers as a reader hears them: signs, blanks, capitals and codes make no other wording."""
    return tuple(map(str.casefold, word_tokens(parse(value).plain)))


def short(value: str) -> str:
    """A text as a sentence of ours may show it: on one line, cut, with what cannot be printed named."""
    return quoted(" ".join(value[:_SHORT].split()) + ("…" if len(value) > _SHORT else ""), _SHORT)
