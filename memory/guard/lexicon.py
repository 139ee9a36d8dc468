"""Lexicon: the words of a language that carry what must not change unseen, read from `memory/lexicons` and compiled once."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale, UnknownLocaleError

from memory.forms import form
from memory.guard.numbers import Style
from memory.guard.tokens import tokens
from tm_service.domain.matches import Danger

_FOLDER = Path(__file__).parent.parent / "lexicons"
_LANGUAGES = 64  # lexicons kept
_KNOWN = 1 << 15  # words whose stems are remembered
_STEM = 3  # letters that stay when an ending is dropped
_SAID_IN = (Danger.NEGATION, Danger.MODAL, Danger.QUANTIFIER, Danger.CONDITION, Danger.PARTY)
_STYLES = {
    "ar": Style(units_first=True, one=True, article=20),
    "es": Style(one=True),
    "fr": Style(one=True, scores=True),
    "zh": Style(decimal=True, one=True, article=10, scale=10),
}
_COUNTRY = 2  # letters of a country's code; longer ones are continents and groups


class Kind(StrEnum):
    """What a word does in a sentence, as far as the guard must know."""

    SAID = "said"  # its coming or going changes the meaning
    SIDE = "side"  # changes it only where its opposite takes its place
    PARTY = "party"  # who acts or is acted upon: only another one in its place, or the same in another part
    NUMBER = "number"
    DATE = "date"
    TIME = "time"  # a weekday, a season: only another one in its place
    UNIT = "unit"
    DUAL = "dual"  # two of a unit in one word
    CODE = "code"  # a placeholder or an address
    LABEL = "label"  # the letter of an annex or a paragraph
    WORD = "word"  # content, compared by its stem and its place
    SIGN = "sign"  # content written by character
    JOIN = "join"  # and, or
    ONE = "one"  # an article that may stand for the number one
    MARKER = "marker"  # a preposition: says which part the next word has
    FILLER = "filler"  # says nothing that could be lost


class Where(StrEnum):
    """Where alone some words have their sense."""

    ANYWHERE = ""
    CLAUSE_START = "clause_start"  # "where a permit is lost", but "the place where"
    BESIDE_NUMBER = "beside_number"  # "5 m", but "M. Garnier"
    AFTER_WITH = "after_with"  # "with the consent of the owner", but "the form of consent"
    NO_NUMBER = "numbered"  # "no permit", but "No. 5"


class Sense(NamedTuple):
    """What a word or phrase is: equal keys mean the same. `group` names the opposites it is one of."""

    kind: Kind
    key: str
    danger: Danger = Danger.ORDER
    group: str = ""
    where: Where = Where.ANYWHERE


class _Phrase(NamedTuple):
    """A phrase after its first word, as words or, where `stemmed`, as stems of nouns."""

    rest: tuple[str, ...]
    stemmed: bool
    sense: Sense


class _Clitics(NamedTuple):
    """What is written on the next word: an "and", articles, particles; `whole` are beginnings of words that have none."""

    joined: str = ""
    articles: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


class _Endings:
    """Endings of a language, each with what stands in its place: "ies>y"."""

    def __init__(self, endings: Mapping[str, str]) -> None:
        self._endings = endings
        self._longest = max(map(len, endings), default=0)
        self._known: dict[str, str] = {}

    @classmethod
    def read(cls, endings: Iterable[str]) -> "_Endings":
        return cls(dict(ending.partition(">")[::2] for ending in endings))

    def cut(self, word: str) -> str:
        """A word without its longest ending."""
        known = self._known.get(word)
        if known is None:
            known = self._cut(word)
            if len(self._known) < _KNOWN:
                self._known[word] = known
        return known

    def _cut(self, word: str) -> str:
        for size in range(min(self._longest, len(word) - _STEM), 0, -1):
            if (instead := self._endings.get(word[-size:])) is not None:
                return word[:-size] + instead
        return word


class Lexicon:
    """One language, compiled: `sense` finds what stands at a place in a row of words."""

    def __init__(self, language: str, tables: Iterable[Mapping[str, Any]]) -> None:
        self.language = language
        self.style = _STYLES.get(language, Style())
        self.expand: dict[str, tuple[str, ...]] = {}
        self._exact: dict[str, list[_Phrase]] = {}
        self._stemmed: dict[str, list[_Phrase]] = {}
        self._known: dict[str, tuple[_Phrase, ...]] = {}
        self._begins: dict[str, Sense] = {}
        self._endings = self._noun_endings = _Endings({})
        self._clitics = _Clitics()
        self._words: dict[str, frozenset[str]] = {}
        self.concord: dict[str, frozenset[str]] = {}
        self.capital: dict[str, Sense] = {}
        self.free_adjectives = self.free_verbs = False
        self.elsewhere: dict[str, Sense] = {}  # what words with a place of their own are in others
        self.turned: frozenset[tuple[str, str]] = frozenset()
        self.prefixes: tuple[str, ...] = ()
        for table in tables:
            self._load(table)
        self._named()
        self._longest_start = max(map(len, self._begins), default=0)

    def listed(self, name: str) -> frozenset[str]:
        """The words of a list under `words`, folded."""
        return self._words.get(name, frozenset())

    @property
    def being(self) -> frozenset[str]:
        """Forms of "be", which turn who acts into who is acted upon."""
        return self._words["being"]

    def knows(self, word: str) -> bool:
        """Whether a word is one of the language's listed words, so that it is no misspelling of another."""
        return word in self._exact or word in self.listed("known")

    def stem(self, word: str) -> str:
        """A word without its ending and, in Arabic, without what is written before it."""
        return self._endings.cut(self._bare(word))

    def noun(self, word: str) -> str:
        """A word without the endings that only nouns have: "consultants" is "consultant", "consulting" is no party."""
        return self._noun_endings.cut(self._bare(word))

    def sense(self, words: list[str], place: int) -> tuple[Sense, int] | None:
        """The longest phrase that begins at a place, and how many words it takes; exact words before stems and beginnings."""
        word = words[place]
        phrases = self._known.get(word)
        if phrases is None:
            phrases = self._phrases(word)
        for rest, stemmed, sense in phrases:
            if not rest:
                return sense, 1
            following = words[place + 1 : place + 1 + len(rest)]
            if tuple(map(self.noun, following) if stemmed else following) == rest:
                return sense, len(rest) + 1
        return None

    def _phrases(self, word: str) -> tuple[_Phrase, ...]:
        """What may begin with a word, longest first; remembered for the words of the language, of which there are not many."""
        found = self._beginning_with(word)
        alone = self._beginning(word) or self._unjoined(word)
        if alone is not None and all(phrase.rest for phrase in found):
            found.append(_Phrase((), stemmed=False, sense=alone))
        phrases = tuple(sorted(found, key=lambda phrase: -len(phrase.rest)))
        if len(self._known) < _KNOWN:
            self._known[word] = phrases
        return phrases

    def parts(self, word: str) -> tuple[str, str]:
        """A word and the "and" written on it; the latter empty where there is none."""
        joined = self._clitics.joined
        if not joined or len(word) <= _STEM or word[0] != joined or word.startswith(self._clitics.whole):
            return "", word
        return joined, word[len(joined) :]

    def _beginning_with(self, word: str) -> list[_Phrase]:
        return self._exact.get(word, []) + self._stemmed.get(self.noun(word), [])

    def _beginning(self, word: str) -> Sense | None:
        starts = (word[:size] for size in range(min(self._longest_start, len(word)), 1, -1))
        return next((self._begins[start] for start in starts if start in self._begins), None)

    def _unjoined(self, word: str) -> Sense | None:
        """The sense of a word without the particles written on it: "for every" is "every"."""
        for particle in self._clitics.particles:
            rest = word[len(particle) :]
            if word.startswith(particle) and len(rest) > 1:
                for phrase in self._beginning_with(rest):
                    if not phrase.rest and phrase.sense.kind not in (Kind.FILLER, Kind.MARKER, Kind.WORD):
                        return phrase.sense
        return None

    def _bare(self, word: str) -> str:
        for article in self._clitics.articles:
            if word.startswith(article) and len(word) - len(article) >= _STEM:
                return word[len(article) :]
        return word

    def _load(self, table: Mapping[str, Any]) -> None:
        """Put the tables of one file in: first what folding and cutting need, then the words."""
        self.expand |= {word: tuple(written.split()) for word, written in table.get("expand", {}).items()}
        words = table.get("words", {})
        if words.get("endings"):
            self._endings, self._noun_endings = _Endings.read(words["endings"]), _Endings.read(words["nouns"])
        if clitics := table.get("clitics"):
            self._clitics = _Clitics(
                clitics["joined"],
                tuple(clitics["articles"]),
                tuple(clitics["particles"]),
                tuple(self._fold(word.rstrip("*"))[0] for word in clitics["whole"]),
            )
        for name in ("of", "by", "being", "capital", "known", "suffix", "adverb", "agentive", "with", *Where):
            self._words[name] = self.listed(name) | {" ".join(self._fold(word)) for word in words.get(name, ())}
        self.free_adjectives = self.free_adjectives or words.get("free_adjectives", False)
        self.free_verbs = self.free_verbs or words.get("free_verbs", False)
        self.prefixes += tuple(words.get("prefixes", ()))
        self.concord |= {
            name: frozenset(" ".join(self._fold(word)) for word in listed)
            for name, listed in table.get("concord", {}).items()
        }
        for sense, phrase in senses(table):
            self._add(sense, phrase)
            if self._clitics.joined and sense.kind in (Kind.UNIT, Kind.DUAL):
                self._add(sense, f"~{phrase}")
        self.turned |= frozenset(self._turned(words.get("turned", ())))

    def _turned(self, rules: Iterable[str]) -> Iterator[tuple[str, str]]:
        for rule in rules:
            one, other = ([" ".join(self._fold(word)) for word in side.split(",")] for side in rule.split("/"))
            for a in one:
                for b in other:
                    yield a, b
                    yield b, a

    def _named(self) -> None:
        """Countries, months and days of the week as CLDR names them."""
        try:
            locale = Locale.parse(self.language)
        except (UnknownLocaleError, ValueError):
            return
        for code, name in locale.territories.items():
            if len(code) == _COUNTRY:
                self._add(Sense(Kind.PARTY, code, Danger.PARTY), f"~{name}")
        for style in ("format", "stand-alone"):
            # Chinese months are numbers with a sign, and may be written in figures, too.
            for number, name in () if self.style.decimal else locale.months[style]["wide"].items():
                sense, word = Sense(Kind.DATE, str(number), Danger.DATE), name.casefold()
                if word in self.listed("capital"):
                    self.capital[word] = sense
                else:
                    self._add(sense, name)
            for width in ("wide", "abbreviated") if self.style.decimal else ("wide",):
                for number, name in locale.days[style][width].items():
                    self._add(Sense(Kind.TIME, str(number), Danger.DATE), f"~{name}")

    def _fold(self, phrase: str) -> list[str]:
        words = (token.word for token in tokens(form(phrase, self.language), self.expand))
        return [part for word in words for part in self.parts(word) if part]

    def _add(self, sense: Sense, phrase: str) -> None:
        """Keep a phrase under its first word; "~" says by stems, a star by its beginning. What comes first stays."""
        first, *rest = self._fold(phrase.lstrip("~").rstrip("*")) or [""]
        place = next((place for place in Where if " ".join([first, *rest]) in self.listed(place)), Where.ANYWHERE)
        if sense.kind not in (Kind.SAID, Kind.UNIT):
            place = Where.ANYWHERE
        sense = sense._replace(where=place)
        if phrase.endswith("*"):
            self._begins.setdefault(first, sense)
        elif first:
            stemmed = phrase.startswith("~")
            ending = tuple(map(self.noun, rest) if stemmed else rest)
            known = self._stemmed.setdefault(self.noun(first), []) if stemmed else self._exact.setdefault(first, [])
            same = next((other for other in known if other.rest == ending), None)
            if same is None:
                known.append(_Phrase(ending, stemmed, sense))
            elif same.sense.where and not place:
                self.elsewhere.setdefault(" ".join([first, *rest]), sense)


_VALUES = (
    ("unit", Kind.UNIT, Danger.UNIT),
    ("dual", Kind.DUAL, Danger.UNIT),
    ("number", Kind.NUMBER, Danger.NUMBER),
    ("month", Kind.DATE, Danger.DATE),
    ("time", Kind.TIME, Danger.DATE),
)


def senses(table: Mapping[str, Any]) -> Iterator[tuple[Sense, str]]:
    """Every phrase of a table with what it is, a star for any ending, "~" for any form of a noun; the first sense counts."""
    for danger in _SAID_IN:
        for key, phrases in table.get(danger.value, {}).items():
            yield from ((Sense(Kind.SAID, f"{danger}:{key}", danger), phrase) for phrase in phrases)
    for name, kind, danger in _VALUES:
        for key, phrases in table.get(name, {}).items():
            yield from ((Sense(kind, key, danger), phrase) for phrase in phrases)
    for danger, groups in table.get("opposites", {}).items():
        for group in groups:
            for side in group.split(" / "):
                sense = Sense(Kind.SIDE, f"{group}:{side}", Danger(danger), group)
                yield from ((sense, phrase.strip()) for phrase in side.split(","))
    yield from _worded(table.get("words", {}))
    for line in table.get("parties", {}).get("names", ()):
        yield from ((Sense(Kind.PARTY, line, Danger.PARTY), f"~{name.strip()}") for name in line.split(","))


def _worded(words: Mapping[str, Iterable[str]]) -> Iterator[tuple[Sense, str]]:
    for key in ("and", "or"):
        yield from ((Sense(Kind.JOIN, key, Danger.QUANTIFIER), phrase) for phrase in words.get(key, ()))
    for name, kind in (("one", Kind.ONE), ("marker", Kind.MARKER), ("filler", Kind.FILLER), ("plain", Kind.WORD)):
        yield from ((Sense(kind, phrase), phrase) for phrase in words.get(name, ()))


@lru_cache(maxsize=_LANGUAGES)
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language; one without a table has what all languages share."""
    return Lexicon(language, tables(language))


def tables(language: str) -> list[dict[str, Any]]:
    """The tables of a language: what all share, and its own if it has one."""
    paths = (_FOLDER / f"{name}.toml" for name in ("any", language))
    return [tomllib.loads(path.read_text("utf-8")) for path in paths if path.is_file()]
