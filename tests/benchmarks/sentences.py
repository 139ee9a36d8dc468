"""Sentences: ends found in labelled texts of six languages, beside the libraries that do the same, and megabytes a second.

A library is given what suits it best: each line for itself, without tags, entities as what they stand for, and only in the
languages it says it knows; one that is not installed is named. NLTK's punkt is not among them: its wheel has no models.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from memory.alignment import segment
from tests.benchmarks.measure import Figure, seconds_of
from tests.memory.sentences.labelled import LANGUAGES, Score, Segmenter, items, plain, score_all

_MEGABYTE = 1_000_000
_LEAST = 200_000  # bytes of text by which speed is measured
_GOAL = 97  # percent


@dataclass(frozen=True)
class Library:
    """A library by its name, the module it is found by, and how to cut a line with it."""

    name: str
    module: str
    load: Callable[[], Segmenter]
    languages: Sequence[str] = LANGUAGES


def sentences() -> Iterator[Figure]:
    """F1 and texts that are all right by language; then speed."""
    for language in LANGUAGES:
        held = [item for item in items(language) if item.held_out]
        score = score_all(held, _ours)
        note = f"the third held out; {score.whole} of {score.texts} texts all right"
        yield Figure(f"sentences, {language}, F1", score.f1, "%", f"≥ {_GOAL} %", note=note)
    for library in LIBRARIES:
        if find_spec(library.module) is None:
            score = _score(_ours, library.languages)
            yield Figure("sentences, F1", score.f1, "%", f"≥ {_GOAL} %", f"{library.name} is not installed")
            continue
        theirs = library.load()
        for language in library.languages:
            score, other = _score(_ours, [language]), _score(_by_line(theirs), [language])
            note = f"{score.whole} of {score.texts} texts all right, {library.name} {other.whole}"
            yield Figure(f"sentences, {language}, F1", score.f1, "%", f"≥ {_GOAL} %", library.name, other.f1, note)
        speeds = (_speed(_ours, library.languages), _speed(theirs, library.languages))
        yield Figure("sentences, speed", speeds[0], "MB/s", "", library.name, speeds[1], ", ".join(library.languages))


HEAD = ("", *LANGUAGES)


def table() -> list[list[str]]:
    """The README's table: ours, and each library that knows all six languages."""
    made = [["**ours**", *(f"**{one.f1:.1f}** ({one.whole} of {one.texts})" for one in _scores(_ours))]]
    for library in LIBRARIES:
        if library.languages == LANGUAGES and find_spec(library.module) is not None:
            scores = _scores(_by_line(library.load()))
            made.append([library.name, *(f"{one.f1:.1f} ({one.whole})" for one in scores)])
    return made


def _scores(segmenter: Segmenter) -> list[Score]:
    return [_score(segmenter, [language]) for language in LANGUAGES]


def _score(segmenter: Segmenter, languages: Sequence[str]) -> Score:
    return sum((score_all(items(language), segmenter) for language in languages), Score())


def _speed(segmenter: Segmenter, languages: Sequence[str]) -> float:
    """Megabytes a second over the lines of all texts, as often as it takes; rules are read before the clock starts."""
    lines = [(line, item.language) for language in languages for item in items(language) for line in _lines(item.text)]
    size = sum(len(line.encode()) for line, _ in lines)
    rounds = _LEAST // size + 1

    def all_lines() -> None:
        for line, language in lines:
            segmenter(line, language)

    all_lines()
    seconds = sum(seconds_of(all_lines) for _ in range(rounds))
    return rounds * size / seconds / _MEGABYTE


def _lines(text: str) -> list[str]:
    return plain(text).split("\n")


def _by_line(segmenter: Segmenter) -> Segmenter:
    return lambda text, language: [sentence for line in _lines(text) for sentence in segmenter(line, language)]


def _ours(text: str, language: str) -> list[str]:
    return [sentence.text for sentence in segment(text, language)]


def _pysbd() -> Segmenter:
    library = import_module("pysbd")
    of = cache(lambda language: library.Segmenter(language=language, clean=False))
    return lambda text, language: of(language).segment(text)


def _sentencex() -> Segmenter:
    library = import_module("sentencex")
    return lambda text, language: list(library.segment(language, text))


def _icu(options: str = "") -> Segmenter:
    breakers = import_module("icu4py.breakers")
    return lambda text, language: list(breakers.SentenceBreaker(text, language + options))


def _icu_suppressing() -> Segmenter:
    """With the abbreviations of CLDR that end no sentence (Unicode Technical Standard #35, key `ss`)."""
    return _icu("-u-ss-standard")


def _blingfire() -> Segmenter:
    library = import_module("blingfire")
    return lambda text, _: library.text_to_sentences(text).split("\n")


def _syntok() -> Segmenter:
    library = import_module("syntok.segmenter")

    def cut(text: str, _language: str) -> list[str]:
        paragraphs = library.process(text)
        return [
            "".join(token.spacing + token.value for token in sentence)
            for paragraph in paragraphs
            for sentence in paragraph
        ]

    return cut


def _spacy() -> Segmenter:
    library = import_module("spacy")

    @cache
    def of(language: str) -> Callable[[str], object]:
        pipeline = library.blank(language)
        pipeline.add_pipe("sentencizer")
        return pipeline

    return lambda text, language: [sentence.text for sentence in of(language)(text).sents]


LIBRARIES = (
    Library("pysbd", "pysbd", _pysbd),
    Library("sentencex", "sentencex", _sentencex),
    Library("ICU", "icu4py", _icu),
    Library("ICU with CLDR's suppressions", "icu4py", _icu_suppressing),
    Library("Bling Fire", "blingfire", _blingfire),
    Library("syntok", "syntok", _syntok, ("en", "es")),
    Library("spaCy's sentencizer", "spacy", _spacy),
)
