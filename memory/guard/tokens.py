"""Tokens: a text's form cut into words, numbers, codes and the signs that end a clause, in reading order."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

import regex

from memory.forms import ADDRESS, DATE, MARKS, NUMBER, Form
from tm_service.domain.text import CodeKind

_BY_CHARACTER = "".join(
    rf"\p{{Script={name}}}" for name in ("Han", "Hiragana", "Katakana", "Thai", "Khmer", "Lao", "Myanmar")
)
_TOKEN = regex.compile(
    rf"""(?P<mark>[\uf8f0-\uf8ff])
      | (?P<word>\p{{L}}(?:\.\p{{L}})+(?![\p{{L}}\p{{M}}])  # a.m, U.S
          | [[\p{{L}}\p{{M}}]--[{_BY_CHARACTER}]]+(?:'[[\p{{L}}\p{{M}}]--[{_BY_CHARACTER}]]+)*)
      | (?P<code>(?<=[{_BY_CHARACTER}])%[sdif@](?![a-z]))  # right after a character that no space parts from it
      | (?P<sign>[{_BY_CHARACTER}]\p{{M}}*|[%‰٪&、\p{{Sc}}]|°[cCfF]?(?!\w))
      | (?P<ending>(?<={NUMBER})-\p{{Cyrillic}}{{1,2}}(?![\p{{L}}\p{{M}}]))  # of an ordinal: "2-й"
      | (?P<number>\d+)  # within a word: the 5 of "5km"
      | (?P<stop>[!?;:。؛؟]|\.(?=\W|$))
      | (?P<comma>[,،()\[\]]|(?<=[ ])-(?=[ ]))
    """,
    regex.VERBOSE | regex.V1,
)
_CODES = frozenset([MARKS[CodeKind.PLACEHOLDER], MARKS[CodeKind.LINK], ADDRESS])
_TARGET = regex.compile(r"""\b(?:href|src)\s*=\s*["']?([^"'<>\s]+)""", regex.IGNORECASE)


class Cut(StrEnum):
    """What a token is before any dictionary is asked."""

    WORD = "word"
    SIGN = "sign"  # a word of one character: Han, a currency, a percent sign
    NUMBER = "number"
    DATE = "date"
    CODE = "code"
    STOP = "stop"
    COMMA = "comma"


class Token(NamedTuple):
    """One token: `word` case folded for the dictionary, empty for what is none; `written` as a reader sees it."""

    cut: Cut
    word: str
    written: str
    glued: bool = False  # stands right after the token before it


def tokens(form: Form, expand: Mapping[str, tuple[str, ...]]) -> Iterator[Token]:
    """The tokens of a form; `expand` writes contractions out: "can't" is "can not"."""
    numbers, codes = iter(form.numbers), iter(form.codes)
    end = -1
    for found in _TOKEN.finditer(form.letters):
        kind, written = found.lastgroup or "", found[0]
        glued = found.start() == end or form.letters[end : found.start()] == "^"
        end = found.end()
        if kind == "mark":
            if written in (NUMBER, DATE):
                yield Token(Cut.NUMBER if written == NUMBER else Cut.DATE, "", next(numbers, ""), glued)
            else:
                code = next(codes, "")
                if written in _CODES:
                    yield Token(Cut.CODE, "", code, glued)
                elif code in ("&amp;", "&#38;"):
                    yield Token(Cut.SIGN, "&", "&", glued)
                elif written == MARKS[CodeKind.BAR]:
                    yield Token(Cut.STOP, "", written)
        elif kind == "ending":
            continue
        elif kind == "code":
            yield Token(Cut.CODE, "", written, glued)
        elif kind != "word":
            yield Token(Cut(kind), written.casefold() if kind == "sign" else "", written, glued)
        else:
            yield from _words(written, expand, glued=glued)


def _words(written: str, expand: Mapping[str, tuple[str, ...]], *, glued: bool) -> Iterator[Token]:
    """One word, or the words a contraction stands for: "l'accès" is "l" and "accès"."""
    word = written.casefold()
    if word in expand:
        for part in expand[word]:
            yield Token(Cut.WORD, part, written, glued)
    elif "'" in word:
        for part, cased in zip(word.split("'"), written.split("'"), strict=False):
            yield Token(Cut.WORD, part, cased, glued)
            glued = True
    else:
        yield Token(Cut.WORD, word, written, glued)


def targets(form: Form) -> tuple[str, ...]:
    """Where the links in a text's tags lead."""
    return tuple(found[1] for code in form.codes if code[:1] == "<" for found in _TARGET.finditer(code))
