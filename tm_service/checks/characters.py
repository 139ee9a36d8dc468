"""Characters: nothing invisible, broken or disguised stands in the target that does not in the source."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import islice

from locales import LANGUAGES
from tm_service.checks.reading import WORD, language
from tm_service.checks.seen import quoted, table
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair

_CHECK = "characters"
_MOST = 20
_SHORTEST = 3  # letters of a word; two may be a formula
_BROKEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\ufffb\ufffd-\uffff"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_BREAKS = "\u2028\u2029"  # a line break to some, nothing to others: what was meant is not certain
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2028\u2029\u2060-\u2064\u3164\ufeff\uffa0]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_JOINED = re.compile("[\u0600-\u06ff\u0900-\u0dff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_MARKS = re.compile("[\u061c\u200e\u200f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ANY_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINES = "\n\r\u2029"
_OVERRIDES = "\u202d\u202e"
_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_ISOLATES = "\u2066\u2067\u2068"
_POP, _POP_ISOLATE = "\u202c", "\u2069"
# A leading byte of UTF-8 and those that follow it, as Windows-1252 shows them.
_FOLLOWS = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_MISREAD = re.compile(f"(?:[\u00c2-\u00df]{_FOLLOWS}|[\u00e0-\u00ef]{_FOLLOWS}{{2}}|\u00f0{_FOLLOWS}{{3}})+")
_SCRIPT_NAMES = {"Arab": "ARABIC", "Cyrl": "CYRILLIC", "Hans": "CJK"}  # as the names of their characters begin
_LATIN_1 = ("\u00a0", "\u00ff")
_PUNCTUATION = ("\u2010", "\u2122")
_SHAPED = (
    "\ufb50-\ufd3d\ufd50-\ufdcf\ufdf0-\ufdf9\ufe70-\ufefc"  # of Arabic; one alone may be meant, as a letter of a list
)
_FORMS = re.compile(
    f"[\u2f00-\u2fdf\uf900-\ufaff\ufb00-\ufb06]|[{_SHAPED}]{{2,}}|(?<=[\u0621-\u064a])[{_SHAPED}]|[{_SHAPED}](?=[\u0621-\u064a])"
)
# Any character that is broken, invisible, of a direction or of print: most texts have none, which one search tells.
_ODD = re.compile(
    "|".join(kind.pattern for kind in (_BROKEN, _INVISIBLE, _JOINERS, _MARKS, _ANY_BIDI))
    + f"|[\u2f00-\u2fdf\uf900-\ufaff\ufb00-\ufb06{_SHAPED}]"
)
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")
_OTHER = "[\u0370-\u04ff]"  # Greek and Cyrillic
_MARKED = "[\u0300-\u036f]*"  # accents of their own, written after the letter
_MIXED = re.compile(f"{_LATIN.pattern}{_MARKED}{_OTHER}|{_OTHER}{_MARKED}{_LATIN.pattern}")


def characters(pair: Pair) -> Iterator[Finding]:
    """Broken, invisible and disguised characters, text read in a wrong encoding, directions not ended."""
    if pair.target.isascii() and pair.target.isprintable():
        return
    is_odd = _ODD.search(pair.target) is not None
    if is_odd:
        yield from _broken(pair)
        yield from _invisible(pair, right_to_left=_is_right_to_left(pair.locale))
        yield from _directions(pair)
    yield from _misread(pair)
    if is_odd:
        yield from _compatible(pair)
    yield from _mixed(pair)


def _is_right_to_left(locale: str) -> bool:
    known = LANGUAGES.get(language(locale))
    return known is not None and known.direction == "rtl"


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"


def _broken(pair: Pair) -> Iterator[Finding]:
    """Characters that no font shows; each is told of once."""
    known = set(pair.source)
    told: dict[str, tuple[int, int]] = {}
    for match in _BROKEN.finditer(pair.target):
        if match[0] not in known:
            told.setdefault(match[0], match.span())
    for character, place in islice(told.items(), _MOST):
        template = "The character {character} is damaged or has no meaning of its own; write what belongs here."
        yield found(_CHECK, Severity.ERROR, template, place=place, character=_named(character))


def _invisible(pair: Pair, *, right_to_left: bool) -> Iterator[Finding]:
    """Characters of no width; joiners are right where they shape letters, direction marks where directions meet."""
    known = set(pair.source)
    places = [match.start() for match in _INVISIBLE.finditer(pair.target)]
    places += [match.start() for match in _JOINERS.finditer(pair.target) if not _joins(pair.target, match.start())]
    if not right_to_left and not _RIGHT_TO_LEFT.search(pair.target):
        places += [match.start() for match in _MARKS.finditer(pair.target)]
    places = sorted(place for place in places if pair.target[place] not in known)
    if not places:
        return
    gone = set(places)
    breaks = any(pair.target[place] in _BREAKS for place in places)
    repair = "".join(sign for place, sign in enumerate(pair.target) if place not in gone)
    template = "An invisible character, {character}, stands in the target and not in the source; take it out."
    where = (places[0], places[0] + 1)
    character = _named(pair.target[places[0]])
    yield found(_CHECK, Severity.WARNING, template, place=where, repair="" if breaks else repair, character=character)


def _joins(value: str, place: int) -> bool:
    return bool(_JOINED.search(value, max(0, place - 1), place + 2))


def _directions(pair: Pair) -> Iterator[Finding]:
    """Directions begun and not ended, or turned by force: what is read is not what stands there (CVE-2021-42574)."""
    if not _ANY_BIDI.search(pair.target) or _ANY_BIDI.findall(pair.target) == _ANY_BIDI.findall(pair.source):
        return
    place = _unended(pair.target)
    forced = next((at for at, sign in enumerate(pair.target) if sign in _OVERRIDES and sign not in pair.source), None)
    if place is not None:
        template = "The direction begun or ended by {character} has no other end on its line; take the character out."
        character = _named(pair.target[place])
        yield found(_CHECK, Severity.ERROR, template, place=(place, place + 1), character=character)
    elif forced is not None:
        template = "The character {character} turns the letters after it round; take it out, and the one that ends it."
        character = _named(pair.target[forced])
        yield found(_CHECK, Severity.ERROR, template, place=(forced, forced + 1), character=character)


def _unended(value: str) -> int | None:
    """Where the first direction begins that its line does not end, or ends that it did not begin (UAX 9, BD9 to BD11)."""
    begun: list[int] = []
    for place, sign in enumerate(value):
        if sign in _LINES and begun:
            return begun[0]
        if sign in _EMBEDDINGS or sign in _ISOLATES:
            begun.append(place)
        elif sign in (_POP, _POP_ISOLATE):
            if not begun or (value[begun[-1]] in _ISOLATES) != (sign == _POP_ISOLATE):
                return place
            begun.pop()
    return begun[0] if begun else None


def _misread(pair: Pair) -> Iterator[Finding]:
    """UTF-8 that was read as Windows-1252: two or three strange signs for one letter."""
    known = LANGUAGES.get(language(pair.locale))
    script = _SCRIPT_NAMES.get(known.script, "") if known else ""
    read = {
        match.span(): better
        for match in _MISREAD.finditer(pair.target)
        if match[0] not in pair.source and (better := _decoded(match[0], script))
    }
    if not read:
        return
    place = next(iter(read))
    repair = _MISREAD.sub(lambda match: read.get(match.span(), match[0]), pair.target)
    template = "{written} is {better} read in a wrong encoding; write {better}."
    written = pair.target[slice(*place)]
    yield found(
        _CHECK,
        Severity.ERROR,
        template,
        place=place,
        repair=repair,
        written=quoted(written),
        better=quoted(read[place]),
    )


def _decoded(written: str, script: str) -> str:
    """What the signs were before, where that is certain; empty where it is not."""
    try:
        better = b"".join(_byte(sign) for sign in written).decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if all(
        _LATIN_1[0] <= sign <= _LATIN_1[1] or _PUNCTUATION[0] <= sign <= _PUNCTUATION[1] or sign in "œŒ"
        for sign in better
    ):
        return better
    return better if script and unicodedata.name(better[0], "").startswith(script) else ""


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")


def _compatible(pair: Pair) -> Iterator[Finding]:
    """Letters in the shapes that print gives them, copied from a PDF: nobody's search finds them."""
    first = next((match for match in _FORMS.finditer(pair.target) if match[0] not in pair.source), None)
    if first is not None:
        better = unicodedata.normalize("NFKC", first[0])
        repair = _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), pair.target)
        template = (
            "{character} is {better} in the shapes of print, which searches do not find; write the letters themselves."
        )
        yield found(
            _CHECK,
            Severity.WARNING,
            template,
            place=first.span(),
            repair=repair,
            character=f"{quoted(first[0])} ({_named(first[0][0])})",
            better=quoted(better),
        )


@cache
def _scripts() -> Mapping[str, tuple[dict[str, str], dict[str, str]]]:
    """By script: its letters for the Latin ones they look like, and the other way round."""
    return {
        name: (dict(content["pairs"]), {other: latin for latin, other in content["pairs"]})
        for name, content in table("characters").items()
    }


def _mixed(pair: Pair) -> Iterator[Finding]:
    """Words with letters of two scripts, where those of one only look like the other's."""
    if not _MIXED.search(pair.target):
        return
    known = set(WORD.findall(pair.source))
    changes: dict[tuple[int, int], str] = {}
    for match in WORD.finditer(pair.target):
        if len(match[0]) >= _SHORTEST and match[0] not in known and _MIXED.search(match[0]):
            better = _in_one_script(match[0], pair.locale)
            if better:
                changes[match.span()] = better
    if changes:
        place = next(iter(changes))
        repair = WORD.sub(lambda match: changes.get(match.span(), match[0]), pair.target)
        template = "The word {word} has letters of two alphabets that look alike; write it in one."
        yield found(
            _CHECK, Severity.WARNING, template, place=place, repair=repair, word=quoted(pair.target[slice(*place)])
        )


def _in_one_script(word: str, locale: str) -> str:
    """The word in one script, where all letters of the other have a double there; in the language's own if both would do."""
    known = LANGUAGES.get(language(locale))
    letters = {letter for letter in word if letter.isalpha()}
    latin = {letter for letter in letters if _LATIN.match(letter)}
    for ours, theirs in _scripts().values():
        to_other, to_latin = _doubles(latin, ours), _doubles(letters - latin, theirs)
        if to_other and not (to_latin and known and known.script == "Latn"):
            return "".join(to_other.get(letter, letter) for letter in word)
        if to_latin:
            return "".join(to_latin.get(letter, letter) for letter in word)
    return ""


def _doubles(letters: Collection[str], pairs: Mapping[str, str]) -> dict[str, str]:
    """Each letter's double, its accent kept; none where one of them has no double."""
    bare = {letter: unicodedata.normalize("NFD", letter) for letter in letters}
    if not all(written[0] in pairs for written in bare.values()):
        return {}
    return {letter: unicodedata.normalize("NFC", pairs[written[0]] + written[1:]) for letter, written in bare.items()}
