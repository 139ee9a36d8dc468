"""Script: a target is written in the letters of its language, in that language, and in no other beside it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, islice, pairwise

import regex

from locales import LANGUAGES
from tm_service.checks.folding import folded
from tm_service.checks.function_words import function_words
from tm_service.checks.reading import language, said, short, shown, vocabulary, words
from tm_service.checks.seen import table
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair

_RUN = regex.compile(
    r"""(?P<Latn>\p{Latin}+) | (?P<Cyrl>\p{Cyrillic}+) | (?P<Arab>\p{Arabic}+) | (?P<Hans>\p{Han}+) | (?P<Grek>\p{Greek}+)
      | (?P<else>[\p{L}--[\p{Common}\p{Inherited}\p{Latin}\p{Cyrillic}\p{Arabic}\p{Han}\p{Greek}]]+)""",
    regex.VERBOSE | regex.V1,
)
_NAMES = {"Latn": "Latin", "Cyrl": "Cyrillic", "Arab": "Arabic", "Hans": "Chinese"}
_TELLING = 4  # words from which the small ones show the language
_NAME = 2  # words from which a run of the source's may be a title
_SENTENCE = 3  # words that are no name any more
# Words that speak for another language: from which it is likely, although some speak for ours, and from which it is sure.
_LIKELY, _SURE = 2, 3
_TIMES = 2  # as often as for ours
_MOST = 20  # findings of one unit; more would say nothing new
_NAMED = 3  # signs that a message names
_ACRONYM = 6  # letters; longer words in capitals are words
_OTHERS = {"de": "German", "it": "Italian", "pt": "Portuguese"}  # languages that are no target but may be delivered
# Letters and endings that, of these languages, a language has alone or nearly so.
_SPELLINGS = {
    "en": regex.compile(r"[kw]|(?:tion|ing|ness|ship|ity|ies|ed|ly)s?$"),
    "es": regex.compile(r"[áíóúñ]|ci[oó]n(?:es)?$|dad(?:es)?$"),
    "fr": regex.compile(r"[àâçèêëîïôûœù]|(?:tion|(?<!m)ité|ée)s?$|eux$"),
}
# Letters and endings that no word of the other has, names apart: two such words, or small words, and none for ours, are sure.
_PROOFS = {
    "es": regex.compile(r"[áíóúñ]|..[ai]d[oa]s?$|ci[oó]n(?:es)?$|dad(?:es)?$"),
    "fr": regex.compile(r"[àâçèêëîïôûœù]|ées?$|eux$"),
}
_PROVED = 2
_DOUBTFUL = frozenset(
    ["al", "no", "par", "sur"]
)  # small words of one and something else in the other, as in "no 5", "et al."
_Word = tuple[str, int, int]  # as written, and where it starts and ends
_STOP = regex.compile(r"[.!?;:()\[\]«»“”\"…|/،؛؟。！？；：（）《》\n]")


def script(pair: Pair) -> Iterator[Finding]:
    """The wrong script, the wrong language, English left over, traditional Chinese.

    Words that the source has are names, acronyms or Latin species names as long as they are few; copies of the source are left
    to the check of completeness.
    """
    code = language(pair.locale)
    if code not in LANGUAGES or code == language(pair.source_locale) or said(pair.target) == said(pair.source):
        return
    own = "Hans" if code == "zh" else LANGUAGES[code].script
    runs = list(_runs(pair, code))
    foreign = list(_whole(pair, code, own)) or list(_swapped(pair, code, own, runs))
    yield from foreign or chain(_inside(pair, code, own), islice(_left_over(pair, code, own, runs), _MOST))
    if code == "zh" and not _is_traditional(pair.locale):
        yield from _traditional(pair)


@lru_cache(maxsize=1 << 12)
def _letters(value: str) -> tuple[tuple[str, int, int], ...]:
    """Runs of letters of one script: the script, and where they start and end."""
    return tuple((run.lastgroup or "", *run.span()) for run in _RUN.finditer(shown(value)))


def _is_sign(word: str) -> bool:
    return len(word) == 1 or (word.isupper() and len(word) <= _ACRONYM)


def _whole(pair: Pair, code: str, own: str) -> Iterator[Finding]:
    """No letter, or the smaller part of the letters, is of the target's own script."""
    theirs = Counter[str]()
    for kind, start, end in _strange(pair, own):
        theirs[kind] += end - start
    if own == "Latn" and not theirs:
        return
    ours = sum(end - start for kind, start, end in _letters(pair.target) if kind == own)
    if 1 < theirs.total() > ours:
        yield _wrong(Severity.ERROR, code, _NAMES.get(theirs.most_common(1)[0][0], "other"))
    elif not ours and own != "Latn":
        meant = [word for word, *_ in words(pair.target) if not _is_sign(word)]
        small = _small(code)
        is_text = len(meant) >= _SENTENCE and any(word.islower() and folded(word) in small for word in meant)
        if meant:
            yield _wrong(Severity.ERROR if is_text else Severity.WARNING, code, "Latin")


def _strange(pair: Pair, own: str) -> Iterator[tuple[str, int, int]]:
    """Letters of a third script, but for names that the source too writes in it."""
    if not _third(own).search(shown(pair.target)):
        return
    theirs = LANGUAGES[source].script if (source := language(pair.source_locale)) in LANGUAGES else ""
    named = {pair.source[start:end] for kind, start, end in _letters(pair.source) if kind != theirs}
    for kind, start, end in _letters(pair.target):
        if kind not in (own, "Latn", "Grek") and pair.target[start:end] not in named:
            yield kind, start, end


@cache
def _third(own: str) -> regex.Pattern[str]:
    """Characters of a script that is neither this one nor Latin or Greek."""
    script = "Hani" if own == "Hans" else own
    return regex.compile(rf"[^\p{{Common}}\p{{Inherited}}\p{{Latin}}\p{{Greek}}\p{{{script}}}]")


def _wrong(severity: Severity, code: str, script: str) -> Finding:
    template = "The target is in {script} letters and should be in {language}; put the right translation here."
    return found("script", severity, template, script=script, language=LANGUAGES[code].name)


@cache
def _small(code: str) -> frozenset[str]:
    """The small words of all other languages."""
    return frozenset[str]().union(*(known for other, known in function_words().items() if other != code))


def _swapped(pair: Pair, code: str, own: str, runs: Sequence[Sequence[_Word]]) -> Iterator[Finding]:
    """Another language in the same letters, told by its small words and by spellings that only it has."""
    if own != "Latn" or len(words(pair.target)) < _TELLING:
        return
    named = {word for run in runs[:_MOST] if _is_name(pair, run) for word in run}
    counts = _evidence(_telling(pair.target, named) or _telling(pair.target, frozenset()), code)
    other = max(counts, key=lambda other: (counts[other][0] - counts[other][1], other))
    against, ours = counts[other]
    if against >= _TIMES * ours and against >= (_LIKELY if ours or other in _OTHERS else 1):
        is_sure = (against >= _SURE and against >= _TIMES * _TIMES * ours) or _is_proved(pair, other, code)
        severity = Severity.ERROR if is_sure else Severity.WARNING
        template = "The target reads as {other} and should be in {language}; put the right translation here."
        name = LANGUAGES[other].name if other in LANGUAGES else _OTHERS[other]
        yield found("script", severity, template, other=name, language=LANGUAGES[code].name)


@cache
def _alphabets() -> tuple[str, ...]:
    """The languages with small words that are written in Latin letters."""
    return tuple(code for code in function_words() if code in _OTHERS or LANGUAGES[code].script == "Latn")


def _telling(value: str, named: Collection[_Word]) -> list[str]:
    """The words that may show a language: not those of names, not letters alone such as the end of "seed(s)"."""
    text = shown(value)
    spots = [spot for spot in words(value) if spot not in named] if named else words(value)
    return [word for word, start, end in spots if len(word) > 1 or _is_alone(text, start, end)]


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether a letter stands between blanks, or begins a word that was cut, as in "l’eau"."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return (not before or before.isspace()) and (after.isspace() or after in "'’")


def _evidence(row: Iterable[str], code: str) -> Mapping[str, tuple[int, int]]:
    """By language how many words speak for it and not for ours, and how many for ours and not for it."""
    against, ours = dict.fromkeys(_alphabets(), 0), dict.fromkeys(_alphabets(), 0)
    for spoken, times in Counter(map(_spoken, row)).items():
        for other in spoken if code not in spoken else ():
            against[other] += times
        for other in ours.keys() - spoken if code in spoken else ():
            ours[other] += times
    return {other: (against[other], ours[other]) for other in against}


def _is_proved(pair: Pair, other: str, code: str) -> bool:
    """Whether words that only the other language has stand in the target and none of ours; what the source has may be names."""
    if other not in _PROOFS or code not in _PROOFS:
        return False
    text, named = shown(pair.target), vocabulary(pair.source)
    row = [
        (folded(word), word, text[end : end + 1]) for word, _, end in words(pair.target) if word.casefold() not in named
    ]
    if any(code in _spoken(written) and other not in _spoken(written) for _, written, _ in row):
        return False
    theirs = function_words()[other] - function_words()[code] - _DOUBTFUL
    proofs = (
        (word in theirs and (len(word) > 1 or not word.isascii() or after in ("'", "’")))
        or (written.islower() and _PROOFS[other].search(word) is not None)
        for word, written, after in row
    )
    return sum(proofs) >= _PROVED


@lru_cache(maxsize=1 << 15)
def _spoken(word: str) -> frozenset[str]:
    """The languages in Latin letters that a word speaks for: those it is a small word of, or spelt as."""
    low = folded(word)
    return frozenset(code for code in _alphabets() if low in function_words()[code] or _is_spelt(low, code))


def _is_spelt(word: str, code: str) -> bool:
    spelling = _SPELLINGS.get(code)
    return spelling is not None and spelling.search(word) is not None


def _inside(pair: Pair, code: str, own: str) -> Iterator[Finding]:
    """A few letters of a third script within the text, such as Cyrillic in a Chinese target."""
    for kind, start, end in _strange(pair, own):
        if end - start > 1:
            template = "“{written}” is in {script} letters; see whether it belongs into {language}."
            written, script, place = short(pair.target[start:end]), _NAMES.get(kind, "other"), (start, end)
            name = LANGUAGES[code].name
            yield found(
                "script", Severity.WARNING, template, place=place, written=written, script=script, language=name
            )
            return


def _left_over(pair: Pair, code: str, own: str, runs: Iterable[Sequence[_Word]]) -> Iterator[Finding]:
    """A run of words of the source's language, some of them small ones, that was left untranslated, or is a name."""
    small = _source_words(language(pair.source_locale), code)
    for run in runs:
        telling = sum(word.islower() and word in small for word, *_ in run)
        short_run = _TELLING if own == "Latn" and telling == 1 else _SENTENCE
        if telling and len(run) >= short_run:
            place = run[0][1], run[-1][2]
            severity = Severity.NOTE if _is_name(pair, run) else Severity.WARNING
            template = "“{left}” is left untranslated; translate it or see whether it is a name."
            yield found("script", severity, template, place=place, left=short(pair.target[place[0] : place[1]]))


@cache
def _source_words(source: str, code: str) -> frozenset[str]:
    """The small words of the source's language that ours has not."""
    known = function_words()
    return known.get(source, frozenset[str]()) - known.get(code, frozenset[str]())


def _runs(pair: Pair, code: str) -> Iterator[list[_Word]]:
    """Words of a target in a row that are small words of the source's language, or stand in the source."""
    if language(pair.source_locale) not in _alphabets():
        return
    small, ours = _source_words(language(pair.source_locale), code), function_words().get(code, frozenset[str]())
    theirs, text, spots = vocabulary(pair.source), shown(pair.target), words(pair.target)
    lows = enumerate([word.casefold() for word, _, _ in spots])
    places = [place for place, low in lows if low in small or (low in theirs and low not in ours)]
    run: list[_Word] = []
    for before, place in pairwise([-1, *places]):
        if run and (place != before + 1 or _STOP.search(text, run[-1][2], spots[place][1])):
            yield run
            run = []
        run.append(spots[place])
    if run:
        yield run


def _is_name(pair: Pair, run: Sequence[_Word]) -> bool:
    """Whether the source has this very run with all but its small words in capitals, as titles are written."""
    if len(run) < _NAME:
        return False
    small = function_words().get(language(pair.source_locale), frozenset[str]())
    long = [word for word, *_ in run if word not in small]
    return all(word[0].isupper() for word in long) and pair.target[run[0][1] : run[-1][2]] in pair.source


def _is_traditional(locale: str) -> bool:
    subtags = locale.replace("_", "-").lower().split("-")
    return "hant" in subtags or ("hans" not in subtags and not {"tw", "hk", "mo"}.isdisjoint(subtags))


@cache
def _simplified() -> Mapping[str, str]:
    listed = table("traditional")
    return {pair[0]: pair[1] for pair in listed["pairs"].split()}


def _traditional(pair: Pair) -> Iterator[Finding]:
    known, text = _simplified(), shown(pair.target)
    named = frozenset(pair.source)
    places = [place for place, sign in enumerate(text) if sign in known and sign not in named]
    if places:
        signs = list(dict.fromkeys(text[place] for place in places))[:_NAMED]
        template = "{signs} is traditional Chinese; the target is to be in simplified, with {right}."
        right = ", ".join(known[sign] for sign in signs)
        place = places[0], places[0] + 1
        yield found("script", Severity.WARNING, template, place=place, signs=", ".join(signs), right=right)
