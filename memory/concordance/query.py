"""Query: what is looked for, understood from what a person types.

permit holder        both words, in any order and any inflection
"seed bank"          side by side, in this order; a bare word that is several ("well-known", 许可证) is such a phrase, too
permit* *tion p?rt   any letters, one letter; at the end of a word `?` is one or none, so that a pasted question finds itself
"seed * bank"        any one word, or one character where a script is written by character
-draft -"on hold"    not these; before a digit it is a minus
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from memory.concordance.words import asked, inflected, words
from tm_service.domain.text import CodeKind, parse

LONGEST = 1_000  # characters of a query
MOST_WILD = 8  # words with wildcards in one query

NOTHING = "Say at least one word to look for: letters or digits, with or without * and ? for others."
TOO_LONG = "The query has {count:,} characters and at most {most:,} are looked for: leave some out."
TOO_WILD = "The query has {count} words with * or ? and at most {most} are looked for: write some of them out."


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is looked for; without `stems` only this very form will do, and where `wild`, `*` and `?` are wildcards."""

    text: str
    stems: tuple[str, ...] = ()
    wild: bool = False

    def accepts(self, word: str, language: str) -> bool:
        """Whether a text's word is what is looked for."""
        if self.wild:
            return _pattern(self.text).fullmatch(word) is not None
        return word == self.text or (self.stems != () and not set(self.stems).isdisjoint(inflected(word, language)))


@dataclass(frozen=True, slots=True)
class Term:
    """Words at their distance from the first, the last being `size` - 1 away; what is not named between them is any word."""

    words: tuple[tuple[int, Word], ...]

    @property
    def size(self) -> int:
        return self.words[-1][0] + 1

    @property
    def has_gap(self) -> bool:
        return self.size > len(self.words)


@dataclass(frozen=True, slots=True)
class Query:
    """Terms of which all are in a text, and terms of which none is; `advice` says why there is nothing to look for."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    advice: str = ""

    @property
    def wild(self) -> int:
        """How many words have wildcards."""
        return sum(word.wild for term in self.wanted + self.unwanted for _, word in term.words)

    @property
    def whole(self) -> Term:
        """All that is wanted, side by side as it was typed."""
        placed, done = [], 0
        for term in self.wanted:
            placed += [(done + offset, word) for offset, word in term.words]
            done += term.size
        return Term(tuple(placed))


def understood(text: str, language: str, *, exact_words: bool = False, substring: bool = False) -> Query:
    """What a query means in the language of the side it is asked of.

    With `exact_words` no other inflection will do; with `substring` all that was typed is one run of letters that may begin and
    end within a word, spaces and punctuation between words counting as one.
    """
    if len(text) > LONGEST:
        return Query(advice=TOO_LONG.format(count=len(text), most=LONGEST))
    if substring:
        typed = [(False, _open(words(text, language)))]
    else:
        typed = list(_typed(text.translate(_WIDE), language, exact=exact_words))
    terms = [(minus, _term(run, language, exact=exact_words or substring)) for minus, run in typed]
    wanted = tuple(dict.fromkeys(term for minus, term in terms if term and not minus))
    unwanted = tuple(dict.fromkeys(term for minus, term in terms if term and minus))
    if not wanted:
        return Query(advice=NOTHING)
    query = Query(wanted, unwanted)
    return Query(advice=TOO_WILD.format(count=query.wild, most=MOST_WILD)) if query.wild > MOST_WILD else query


def _open(run: list[str]) -> list[str]:
    """A run of words that may begin and end within a word."""
    if not run:
        return []
    first, *others = run
    return [f"*{first}", *others[:-1], f"{others[-1]}*"] if others else [f"*{first}*"]


_WIDE = str.maketrans("＊？“”„«»＂", '*?""""""')
_TERM = re.compile(r'((?<!\S)-(?=[^\W\d]|["*?{]))?(?:"([^"]*)"?|([^\s"]+))')


def _typed(text: str, language: str, *, exact: bool) -> Iterator[tuple[bool, list[str]]]:
    """The runs of words between spaces or quotation marks, and whether a minus stands before them."""
    written = (part if isinstance(part, str) else _one_word(part.kind, part.data) for part in parse(text).parts)
    for minus, quoted, bare in _TERM.findall("".join(written)):
        # The article that is elided here may be another one there.
        yield bool(minus), asked(quoted or bare, language, articles=exact or quoted != "")


def _one_word(kind: CodeKind, data: str) -> str:
    return "".join(data.split()) if kind in (CodeKind.PLACEHOLDER, CodeKind.LINK) else " "


def _term(run: Sequence[str], language: str, *, exact: bool) -> Term | None:
    """A run of words as a term; wildcards alone keep a place free between words and say nothing at the ends."""
    named = [place for place, word in enumerate(run) if word.strip("*?")]
    if not named:
        return None
    return Term(tuple((place - named[0], _word(run[place], language, exact=exact)) for place in named))


def _word(text: str, language: str, *, exact: bool) -> Word:
    if "*" in text or "?" in text:
        return Word(text, wild=True)
    return Word(text, () if exact else inflected(text, language))


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern as a regular expression that never goes back: each part is taken where it first stands."""
    first, *others = (re.escape(part).replace(r"\?", ".") for part in text.split("*"))
    *middle, last = others or [""]
    made = first + "".join(f"(?>.*?{part})" for part in middle) + (f".*{last}" if others else "")
    return re.compile(f"{made}?" if text.endswith("?") else made, re.DOTALL)
