"""Forms: a text as it is compared, by characters and by words; what a reader sees is stored untouched.

Codes, numbers, dates and addresses become one typed mark each, so that "Article 5" and "Article 7" have one form and their
difference is told apart from a difference in wording. The rules by language, with their reasons, stand in `languages.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex

from tm_service.domain.text import Code, CodeKind, parse

_CACHE = 1 << 14
_LANGUAGES = 256
_LONG = 1000  # characters from which on rows of marks are looked for
_PASSES = 20  # halvings that make one sign of a million

# Marks are private use; one that stands in a text is read as U+FFFD.
NUMBER, DATE, ADDRESS = "\uf8f0", "\uf8f1", "\uf8f2"
MARKS: Mapping[CodeKind, str] = {kind: chr(0xF8F3 + place) for place, kind in enumerate(CodeKind)}
# What stands for a word of the sentence; tags and entities only dress it.
_SAID = NUMBER + DATE + ADDRESS + MARKS[CodeKind.PLACEHOLDER] + MARKS[CodeKind.LINK]


@dataclass(frozen=True, slots=True)
class Form:
    """A text for comparison.

    `letters` is the text with case kept, codes, numbers, dates and addresses masked by one character each; `words` are its
    words, case folded, masks included. `numbers` and `codes` are what the masks hide, in reading order: numbers and dates as
    values ("1,000" and "1 000" are "1000"), codes and addresses as written.
    """

    letters: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    codes: tuple[str, ...]


@lru_cache(maxsize=_CACHE)
def form(text: str, language: str = "en") -> Form:
    """The form of a text by the rules of its language; an unknown language has the rules all share."""
    rules = _rules(language)
    parts = parse(text).parts
    codes = [part.data for part in parts if isinstance(part, Code)]
    if text.isascii():
        letters = rules.unified_ascii(_masked(parts) if codes else text, printable=text.isprintable())
    else:
        if len(text) > _LONG or _ODD.search(text):
            parts = tuple(part if isinstance(part, Code) else _plain(part) for part in parts)
        letters = rules.unified(_masked(parts))
    if "@" in letters or "://" in letters or "www." in letters:
        letters, codes = _without_addresses(letters, codes)
    numbers: list[str] = []
    if _DIGIT.search(letters):
        letters = _FIGURE.sub(lambda found: _figure(found, numbers, rules.decimal), letters)
    return Form(letters, rules.words(letters), tuple(numbers), tuple(codes))


@lru_cache(maxsize=_CACHE)
def words_of(chunk: str, language: str = "en") -> tuple[str, ...]:
    """The words of what stands between two spaces of a form's letters; a form's words are those of its chunks, in order.

    That a word is known by its chunk alone lets an index keep chunks and forget words.
    """
    return _rules(language).words(chunk)


def _plain(text: str) -> str:
    """The text without invisible characters and any that looks like a mark of ours; what would run into a number set apart."""
    return _RAISED.sub(_set_apart, _OURS.sub("\ufffd", _CROWDED.sub(r"\1", _INVISIBLE.sub("", text))))


def _set_apart(found: re.Match[str]) -> str:
    """A power or a fraction is not one more digit of a number, the sign № not a word with a number in it."""
    raised = found[0]
    if raised in "№º":
        return raised + " "
    return (" " if unicodedata.numeric(raised[0]) % 1 else "^") + raised


def _masked(parts: Iterable[str | Code]) -> str:
    return "".join([MARKS[part.kind] if isinstance(part, Code) else part for part in parts])


@cache
def _all_rules() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))


class _Signs(dict[int, str | int]):
    """What each character is compared as, for `str.translate`; a character is looked at once."""

    def __missing__(self, sign: int) -> str | int:
        character = chr(sign)
        meant: str | int = sign
        if character.isdecimal():
            meant = str(unicodedata.decimal(character))
        elif unicodedata.category(character) == "Cc":
            meant = _C1.get(sign, " ")
        self[sign] = meant
        return meant


# Left over where a page in code page 1252 was read as Latin 1; web browsers read them so, too (WHATWG Encoding).
_C1 = {0x91: "'", 0x92: "'", 0x93: '"', 0x94: '"', 0x96: "-", 0x97: "-"}


class _Rules:
    """The rules of one language, compiled."""

    def __init__(self, shared: Mapping[str, Any], own: Mapping[str, Any], language: str) -> None:
        self._signs = _Signs({ord(sign): "" for spans in own.get("drop", ()) for sign in _span(spans)})
        for sign, variants in [*shared["unify"], *own.get("unify", ())]:
            self._signs.update(dict.fromkeys(map(ord, variants), sign))
        self._respelt = [(written, wanted) for wanted, written in [*own.get("respell", ()), *shared["respell"]]]
        self._respelt_ascii = [(written, wanted) for written, wanted in self._respelt if written.isascii()]
        self._fold = {ord(upper): lower for lower, upper in own.get("fold", ())}
        self._elided = frozenset(own.get("elide", ()))
        self._close = own.get("close", False)
        self.decimal = own.get("decimal", "," if language in shared["decimal_comma"] else shared["decimal"])

    def unified(self, text: str) -> str:
        """Compatibility forms and the language's unified signs, single spaces."""
        text = _respelt(_spaced(unicodedata.normalize("NFKC", text)), self._respelt)
        text = _spaced(unicodedata.normalize("NFC", text.translate(self._signs)))
        return _BESIDE.sub("", text) if self._close else text

    def unified_ascii(self, text: str, *, printable: bool) -> str:
        """The same for ASCII characters and marks."""
        text = _respelt(_spaced(text if printable else text.translate(self._signs)), self._respelt_ascii)
        return _BESIDE.sub("", text) if self._close else text

    def words(self, letters: str) -> tuple[str, ...]:
        """A word is letters, marks and digits, apostrophes within (UAX 29); what stands for a word of the sentence is one."""
        folded = (letters.translate(self._fold) if self._fold else letters).casefold()
        if folded.isascii():
            words = _ASCII_WORD.findall(folded)
        else:
            words = (_MARKED_WORD if _MARKED.search(folded) else _WORD).findall(folded)
        if self._elided and "'" in letters:
            words = [part for word in words for part in self._parted(word)]
        return tuple(words)

    def _parted(self, word: str) -> tuple[str, ...]:
        article, _, rest = word.partition("'")
        return (article, rest) if rest and article in self._elided else (word,)


@lru_cache(maxsize=_LANGUAGES)
def _rules(language: str) -> _Rules:
    languages = _all_rules()
    name = language.replace("_", "-").split("-")[0].lower()
    return _Rules(languages["any"], languages.get(name, {}) if name != "any" else {}, name)


def _span(spans: str) -> str:
    """The characters of "a-c" or "a"."""
    return spans if len(spans) == 1 else "".join(map(chr, range(ord(spans[0]), ord(spans[2]) + 1)))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _respelt(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for written, wanted in pairs:
        if written in text:
            for _ in range(_PASSES):
                text = text.replace(written, wanted)
    return text


def _without_addresses(letters: str, given: Sequence[str]) -> tuple[str, list[str]]:
    """Addresses become marks, too; what codes and addresses hide stays in reading order."""
    waiting = iter(given)
    codes = []

    def masked(found: re.Match[str]) -> str:
        is_code = found.lastgroup == "code"
        codes.append(next(waiting) if is_code else found[0])
        return found[0] if is_code else ADDRESS

    return _ADDRESS_OR_CODE.sub(masked, letters), codes


def _figure(found: re.Match[str], numbers: list[str], decimal: str) -> str:
    written, start, text = found[0], found.start(), found.string
    if found["date"]:
        numbers.append(written)
        return DATE
    value = written if written.isdigit() else _value(written, decimal)
    negative = start > 0 and text[start - 1] == "-" and _MINUS.search(text[max(0, start - 3) : start])
    numbers.append("-" + value if negative else value)
    return NUMBER


def _value(written: str, decimal: str) -> str:
    """A number with a decimal point and without thousands' separators."""
    grouped = _GROUPED.fullmatch(written)
    if grouped and (grouped["again"] or grouped["fraction"] or grouped["by"] not in decimal):
        fraction = "." + grouped["fraction"][1:] if grouped["fraction"] else ""
        return grouped["whole"].replace(grouped["by"], "") + fraction
    parted = _PARTED.fullmatch(written)
    return f"{parted[1]}.{parted[3]}" if parted and parted[2] in decimal else written


_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<by>[ ,.'٬])[0-9]{3}(?:(?P<again>(?P=by))[0-9]{3})*)(?P<fraction>(?!(?P=by))[.,٫][0-9]+)?"
)
_PARTED = re.compile(r"([0-9]+)([.,٫])([0-9]+)")

_DIGIT = re.compile("[0-9]")
_OURS = re.compile("[\uf8f0-\uf8ff]")
_INVISIBLE = re.compile(f"[{''.join(_all_rules()['any']['drop'])}]")
# Sorting marks (UAX 15) takes the square of their number; more than 30 in a row are no text (its section 13).
_CROWDED = regex.compile(r"(\p{M}{30})\p{M}+")
_RAISED = re.compile(r"(?<=\d)(?:[¹²³⁰⁴-⁹]+|[¼-¾⅐-⅞↉])|[№º](?=\d)")
_ODD = re.compile(f"[\uf8f0-\uf8ff¹²³⁰⁴-⁹¼-¾⅐-⅞↉№º{''.join(_all_rules()['any']['drop'])}]")
_BY_CHARACTER = "".join(_all_rules()["any"]["by_character"].values())
_MARKS_BY_CHARACTER = "".join(
    regex.findall(rf"[[{_BY_CHARACTER}]&&\p{{M}}]", "".join(map(chr, range(0x0E00, 0xAB00))), regex.V1)
)
_JOINED = rf"[^\W_{_BY_CHARACTER}]"  # letters and digits that make one word with their neighbours
_NAMING = rf"[^\W_{_BY_CHARACTER}{_all_rules()['any']['beside_digits']}]"
_NAMING_LETTER = rf"[^\W\d_{_BY_CHARACTER}{_all_rules()['any']['beside_digits']}]"
_BESIDE = re.compile(rf" (?!{_JOINED})|(?<!{_JOINED}) ")
_LOCAL = rf"(?:[^\W{_BY_CHARACTER}]|[.%+\-])"
_NO_URL = rf"\s<>\"'\uf8f0-\uf8ff{_BY_CHARACTER}"
_ADDRESS_OR_CODE = re.compile(
    rf"""(?P<code>[{"".join(MARKS.values())}])
       | (?:(?:https?|ftp)://|www\.|mailto:)[^{_NO_URL}]*[^{_NO_URL}.,;:!?)\]]
       | (?<!{_LOCAL}){_LOCAL}{{1,64}}@(?:{_JOINED}|-){{1,63}}(?:\.(?:{_JOINED}|-){{1,63}})+""",
    re.VERBOSE,
)
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_TIME = "T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
# Dates before numbers: the parts of one would be read as the other. A unit or an ending may follow: 10kg, 5m2, 5th; a word with
# digits in it is a name: CO2, H5N1. Nine parts at most, so that a long row of them is read once.
_FIGURE = re.compile(
    rf"""[0-9](?<!{_NAMING}[0-9])
    (?: (?P<date>(?: [0-9]{{3}}(?P<a>[-/.]){_DAY}(?P=a){_DAY}(?:{_TIME})?
                   | [0-9]?(?P<b>[-/.]){_DAY}(?P=b)[0-9]{{4}}
                   | [0-9](?P<c>[-/])[0-9]{{2}}(?P=c)[0-9]{{2}} )(?!{_NAMING}))
      | (?> [0-9]{{0,2}}(?:[ ][0-9]{{3}}(?![0-9])){{1,9}}(?:[.,٫][0-9]+)? | [0-9]*(?:[.,:/'٫٬][0-9]+){{0,9}} )
        (?={_NAMING_LETTER}{{0,4}}(?:(?<=m)[23])?(?!{_NAMING})) )""",
    re.VERBOSE,
)
_MINUS = re.compile(rf"(?:\A|(?<=[\s(\[/:;,=<>~\"、。{_BY_CHARACTER}])(?<![0-9] ))-\Z")
# Hebrew writes abbreviations with a double quotation mark before the last letter (UAX 29, WB7b); Khmer and Myanmar write the
# second letter of a cluster under the first.
_WITHIN = "(?:'|(?<=[א-ת])\"(?=[א-ת]))"
_ASCII_WORD = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")
_STACKED = "[\u1039\u17d2]"
_WORD = re.compile(
    rf"[{_SAID}]|[{_BY_CHARACTER}](?:{_STACKED}[{_BY_CHARACTER}]|[{_MARKS_BY_CHARACTER}])*|{_JOINED}+(?:{_WITHIN}{_JOINED}+)*"
)
# Where other scripts have marks beside their letters, which the standard library does not count to the word, or letters that it
# does not know yet.
_MARKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0558\u058b-\u058c\u0591-\u05cf\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0700-\u0dff"
    "\u0f00-\u0fff\u135d-\u135f\u1700-\u177f\u1800-\u1cff\u1dc0-\u1dff\u2080-\u20ff\u2c00-\u2dff\u302e-\u302f\ua600-\ua9df"
    "\uaa00-\uaa5f\uaa80-\uabff\ufb00-\ufbff\ufe00-\ufe2f\U00010000-\U0001afef\U0001b170-\U0001ffff\U000e0000-\U000e0fff]"
)
_PART = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{_BY_CHARACTER}]]+"
_MARKED_WORD = regex.compile(
    rf"[{_SAID}]|[{_BY_CHARACTER}](?:{_STACKED}[{_BY_CHARACTER}]|\p{{M}})*|{_PART}(?:{_WITHIN}{_PART})*", regex.V1
)
