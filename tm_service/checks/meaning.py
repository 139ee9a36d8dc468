"""Meaning: what a source denies, demands, allows or limits has some counterpart in the words of its target."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from locales import LANGUAGES
from tm_service.checks.codes import has_forms, placed
from tm_service.checks.figures import languages, read
from tm_service.checks.folding import fold, folded
from tm_service.checks.messages import PLURALS, is_message, message
from tm_service.checks.reading import language, said, short, shown
from tm_service.checks.seen import table
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.text import CodeKind, parse

_SENSES = {
    "negation": "denies",
    "obligation": "obliges",
    "permission": "allows",
    "only": "limits this to one thing",
    "least": "sets a lower limit",
    "most": "sets an upper limit",
    "except": "makes an exception",
}

_LOST = {
    sense: f"The source {acts} (“{{word}}”) and no word of the target does; see whether it is lost."
    for sense, acts in _SENSES.items()
}
_ADDED = {
    sense: f"The target {acts} (“{{word}}”) and no word of the source does; see whether it is meant."
    for sense, acts in _SENSES.items()
}
_MOST = 20  # findings of one unit; more would say nothing new
_LETTERS = r"[^\W\d_]"
_NEVER = re.compile(r"(?!)")
_COUNTED = frozenset(["en", "es", "fr"])  # languages whose number words have no other sense
_FEW = 2
_NONE = ("zero", "=0")
_WITH_ZERO = 3  # forms divided by bars from which the first is for 0, in languages that have none by rule
_PARTIES = frozenset(["third", "tercer", "tercero", "tercera", "troisième"])  # "third parties" are said in many ways
_PLURAL = re.compile(r"(?<=\w)s\b")  # of ordinals, as in "quatrièmes"


class Words(NamedTuple):
    """The words of one sense in one language: those that need a counterpart, and all that may be one.

    `hidden` are phrases in which the words have another sense.
    """

    sure: re.Pattern[str]
    any: re.Pattern[str]
    hidden: re.Pattern[str]

    def asking(self, text: str) -> re.Match[str] | None:
        """The first word of a text that needs a counterpart."""
        return self.sure.search(self._open(text))

    def answers(self, text: str) -> bool:
        """Whether a text has a counterpart."""
        return self.any.search(self._open(text)) is not None

    def _open(self, text: str) -> str:
        return text if self.hidden is _NEVER else self.hidden.sub(lambda phrase: " " * len(phrase[0]), text)


def meaning(pair: Pair) -> Iterator[Finding]:
    """A negation, modal, limit or number in words that one side has and for which the other has no word of its class.

    Only words whose sense is essentially always expressed are asked for, and any word that may express it is an answer; a
    language without lists, a pair within one language and a copy of the source have no findings.
    """
    if said(pair.target) == said(pair.source):
        return
    source, target = (lexicon().get(language(locale)) for locale in (pair.source_locale, pair.locale))
    spoken, has = _plain(pair.source), _plain(pair.target)
    if not _for_none(pair.source, pair.source_locale):
        has = _blanked(has, _for_none(pair.target, pair.locale))
    if source is None or target is None or source is target or not has.strip():
        return
    asks, adds = _may_ask(spoken, pair.source_locale), _may_ask(has, pair.locale)
    for sense in _SENSES if asks or adds else ():
        word = source[sense].asking(spoken) if asks else None
        if word is not None and not target[sense].answers(has):
            yield found("meaning", Severity.WARNING, _LOST[sense], word=short(word[0]))
        word = target[sense].asking(has) if adds else None
        if word is not None and not source[sense].answers(spoken):
            place = word.span() if len(has) == len(pair.target) else None
            yield found("meaning", Severity.WARNING, _ADDED[sense], place=place, word=short(word[0]))
    yield from islice(_numbers(pair, spoken), _MOST)


def _may_ask(text: str, locale: str) -> bool:
    """Whether a word of any sense may ask for a counterpart: most texts have none, which one search tells."""
    return _asking(language(locale)).search(text) is not None


@cache
def _asking(code: str) -> re.Pattern[str]:
    """All words that ask, and the phrases without which others may stand together."""
    return _pattern(
        [word for lists in table("meaning")[code].values() for word in (*lists["sure"], *lists.get("hide", ()))], code
    )


def _for_none(value: str, locale: str) -> list[tuple[int, int]]:
    """Where the forms for 0 stand, which may deny without saying anything else: "no seeds" for "0 seeds"."""
    if is_message(value):
        return [
            (arm.start, arm.end)
            for choice in message(value).choices
            for arm in choice.arms
            if choice.kind in PLURALS and arm.selector in _NONE
        ]
    if not has_forms(parse(value)):
        return []
    known = LANGUAGES.get(language(locale))
    bars = [bar.start for bar in placed(value, CodeKind.BAR)]
    own = len(known.plurals) if known else 0
    least = own if known and "zero" in known.plurals else max(_WITH_ZERO, own + 1)
    return [(0, bars[0])] if len(bars) + 1 >= least else []


def _blanked(text: str, places: Sequence[tuple[int, int]]) -> str:
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _numbers(pair: Pair, spoken: str) -> Iterator[Finding]:
    """A number in words that is not in the target, neither in words nor in figures; figures have a check of their own."""
    source, code = language(pair.source_locale), language(pair.locale)
    if source not in _COUNTED:
        return
    asked = [run[0] for run in _number_words(source).finditer(spoken) if run[0] not in _PARTIES]
    wanted = {run: values for run in asked if (values := _asked(run, source))}
    if not wanted:
        return
    plain = shown(pair.target)
    has = read(plain, code)
    met = {*has.words, *read(_PLURAL.sub("", plain), code).words}
    met.update(*((*figure.readings, *figure.atoms) for figure in has.figures))
    for run, values in wanted.items():
        if values.isdisjoint(met):
            template = "The number “{word}” of the source is not in the target; see whether it is lost."
            yield found("meaning", Severity.WARNING, template, word=short(run))


def _asked(run: str, code: str) -> frozenset[str]:
    """The values that number words may say together, where they are more than two, which languages say in many ways."""
    values = frozenset(read(run, code).words)
    return values if any(int(value) > _FEW for value in values) else frozenset()


@cache
def _number_words(code: str) -> re.Pattern[str]:
    """One number word or several in a row, such as "two hundred and four" or "vingt-quatre"."""
    listed = chain.from_iterable(languages()[code]["words"].values())
    word = f"(?:{'|'.join(sorted(map(re.escape, map(folded, listed)), key=len, reverse=True))})(?!{_LETTERS})"
    return re.compile(rf"(?<!{_LETTERS}){word}(?:[\s\-]+(?:(?:and|et|y)[\s\-]+)?{word})*")


def _plain(value: str) -> str:
    return fold(shown(value))


@cache
def lexicon() -> Mapping[str, Mapping[str, Words]]:
    """The words of each sense in each language that has lists, compiled once."""
    return {
        code: {
            sense: Words(
                _pattern(lists["sure"], code),
                _pattern([*lists["sure"], *lists["like"]], code),
                _pattern(lists.get("hide", ()), code),
            )
            for sense, lists in senses.items()
        }
        for code, senses in table("meaning").items()
    }


def _pattern(listed: Sequence[str], code: str) -> re.Pattern[str]:
    """Any of the listed words; never, where none is listed."""
    rows = sorted({folded(word) for word in listed}, key=lambda word: (-len(word), word))
    if not rows:
        return _NEVER
    if code == "zh":
        return re.compile("|".join(map(re.escape, rows)))
    clitics = "[وفبلكس]?(?:ال)?" if code == "ar" else ""
    return re.compile(rf"(?<![^\W\d_]){clitics}(?:{'|'.join(map(_written, rows))})(?![^\W\d_])")


def _written(row: str) -> str:
    between = {"...": rf"(?:{_LETTERS}+[\s'’]+){{0,4}}?", "#": r"\d+[\s'’]+"}
    parts = [between.get(part, re.escape(part).replace(r"\*", f"{_LETTERS}*") + r"[\s'’]+") for part in row.split()]
    return "".join(parts).removesuffix(r"[\s'’]+")
