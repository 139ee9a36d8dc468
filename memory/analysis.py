"""Analysis: as what each segment of a job counts, and how much text that is; what a job costs rests on it.

The rules, with those who use them:

- Each segment counts once, in the first of these that applies: locked, context match, exact match, repetition, cross-file
  repetition, the better of fuzzy and internal fuzzy, new.
- A text that comes again is a repetition only where the memory has no exact match for it; "segments which are 100 % matches,
  Context Matches or PerfectMatches are not counted as repetitions" (Trados, "Repetitions and cross-file repetitions"), even
  where a penalty brings the exact match below 100 % (Trados Studio, "Repetitions"). memoQ can let repetitions go before
  exact matches: `Options.repetitions_first`.
- The first occurrence counts by its own class, later ones as repetitions, those in other files than the first as cross-file
  repetitions (XTM, "Cross-file repetitions": the primary file); the order of the files decides. Without
  `Options.cross_file` every file is counted by itself, as in Trados Studio with "Report cross-file repetitions" off.
- Internal fuzzy (Trados), homogeneity (memoQ), internal fuzzies (Phrase): the job is translated from start to end and every
  finished segment is in the memory when the next one comes; it counts where that is better than what the memory has now,
  and apart from the memory's own fuzzy matches, as in the reports of Trados Studio and Phrase.
- Texts are the same when their fingerprints are. Trados also repeats over differing numbers; here 30 and 90 days are
  not the same (law 9), and the second is an internal fuzzy match.
- Locked segments are nobody's work in this job: they are not looked up and nothing repeats them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import regex

from memory.classes import TABLE, fuzzy_class
from memory.forms import form
from tm_service.domain.matches import Best, MatchClass
from tm_service.domain.text import CodeKind, fingerprint, parse, words
from tm_service.domain.units import Key


class Category(StrEnum):
    """What a segment counts as: a match class, an internal fuzzy band or locked; nearest first."""

    LOCKED = "locked"
    CONTEXT = "context"
    EXACT = "exact"
    REPETITION = "repetition"
    CROSS_FILE = "cross-file repetition"
    FUZZY_95 = "95-99"
    FUZZY_85 = "85-94"
    FUZZY_75 = "75-84"
    FUZZY_50 = "50-74"
    INTERNAL_95 = "internal 95-99"
    INTERNAL_85 = "internal 85-94"
    INTERNAL_75 = "internal 75-84"
    INTERNAL_50 = "internal 50-74"
    NEW = "new"


INTERNAL: Mapping[MatchClass, Category] = {
    MatchClass.FUZZY_95: Category.INTERNAL_95,
    MatchClass.FUZZY_85: Category.INTERNAL_85,
    MatchClass.FUZZY_75: Category.INTERNAL_75,
    MatchClass.FUZZY_50: Category.INTERNAL_50,
}
BANDS = tuple(INTERNAL)


@dataclass(frozen=True, slots=True)
class Segment:
    """One text of a job where it stands; `previous` and `following` are the fingerprints of its neighbours."""

    file: str
    key: Key
    source: str
    previous: str = ""
    following: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """The best earlier text of the same job: percent after penalties and its place in the sequence; -1 for none."""

    percent: float = 0.0
    place: int = -1


# Asked once for the first occurrence of every text, and once more for later ones of texts the memory has: those may
# stand in a known context.
Lookup = Callable[[Sequence[Segment]], Sequence[Best]]
# Distinct texts in the order of the job, and for each the percent that an earlier one must exceed to be worth telling.
Neighbours = Callable[[Sequence[str], Sequence[float]], Sequence[Near]]


@dataclass(frozen=True, slots=True)
class Options:
    """`cross_file`: repetitions are told across files; `repetitions_first`: before exact matches, as memoQ can."""

    cross_file: bool = True
    repetitions_first: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How much text: what Trados Studio counts (its "Analysis counts"), words by the convention of this house.

    `words` are Unicode words, Han by character, codes not at all. `characters` are code points of the text in NFC without
    spaces and codes, `characters_with_spaces` with spaces. `asian` are the characters of Han, kana and Hangul among them.
    `placeables` are what is carried over as it is: placeholders, links, addresses, entities, numbers and dates. `tags`
    are counted one by one, a pair as two.
    """

    segments: int = 0
    words: int = 0
    characters: int = 0
    characters_with_spaces: int = 0
    asian: int = 0
    placeables: int = 0
    tags: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.segments + other.segments,
            self.words + other.words,
            self.characters + other.characters,
            self.characters_with_spaces + other.characters_with_spaces,
            self.asian + other.asian,
            self.placeables + other.placeables,
            self.tags + other.tags,
        )


Tally = Mapping[Category, Counts]  # every category is there


@dataclass(frozen=True, slots=True)
class Decision:
    """As what a segment counts and why; `like` is the place in the job of the earlier segment it repeats or resembles."""

    segment: Segment
    category: Category
    percent: float = 0.0
    rule: str = ""
    number: int = 0
    like: int = -1


@dataclass(frozen=True, slots=True)
class Analysis:
    """A job decided and counted: segments in their order, files in the order they first come in."""

    decisions: tuple[Decision, ...]
    files: Mapping[str, Tally]
    total: Tally
    options: Options
    internal: bool  # whether internal fuzzy matches were looked for


def analyse(
    segments: Iterable[Segment],
    lookup: Lookup,
    neighbours: Neighbours | None = None,
    *,
    language: str = "en",
    options: Options | None = None,
) -> Analysis:
    """Decide and count a job; without `neighbours` internal fuzzy matches are not looked for.

    `language` is that of the sources. The answers of `lookup` may depend on the segment alone, not on what is asked with
    it; then the analysis is the same however a look-up cuts its work.
    """
    job, chosen = tuple(segments), options or Options()
    decisions = tuple(_decisions(job, lookup, neighbours, chosen))
    measures = {source: measure(source, language) for source in {segment.source for segment in job}}
    files: dict[str, dict[Category, Counts]] = {}
    for decision in decisions:
        tally = files.setdefault(decision.segment.file, dict.fromkeys(Category, Counts()))
        tally[decision.category] += measures[decision.segment.source]
    total = {category: whole(tally[category] for tally in files.values()) for category in Category}
    return Analysis(decisions, files, total, chosen, neighbours is not None)


def whole(counts: Iterable[Counts]) -> Counts:
    """The sum."""
    return sum(counts, Counts())


def measure(text: str, language: str = "en") -> Counts:
    """How much text one segment is."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = parse(text)
    plain = "".join([part for part in seen.parts if isinstance(part, str)])
    tags = sum([code.kind in _TAGS for code in seen.codes])
    carried = len(seen.codes)
    if _MAY_BE_CARRIED.search(plain):
        read = form(text, language)
        carried = len(read.numbers) + len(read.codes)
    return Counts(
        segments=1,
        words=words(text),
        characters=sum(map(len, plain.split())),
        characters_with_spaces=len(plain),
        asian=0 if plain.isascii() else len(_ASIAN.findall(plain)),
        placeables=carried - tags,
        tags=tags,
    )


_TAGS = frozenset({CodeKind.OPEN, CodeKind.CLOSE, CodeKind.ALONE})
_MAY_BE_CARRIED = re.compile(r"\d|://|@|www\.|mailto:")  # numbers, dates and addresses have one of these
_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")

_KNOWN = frozenset({MatchClass.CONTEXT, MatchClass.EXACT})
_FULL = 100.0
_BELOW = TABLE[MatchClass.FUZZY_50].least - 0.01  # what a match of the lowest band exceeds; scores have two decimals


def _decisions(
    job: Sequence[Segment], lookup: Lookup, neighbours: Neighbours | None, options: Options
) -> Iterator[Decision]:
    texts = [fingerprint(segment.source) for segment in job]
    firsts: dict[str, int] = {}  # where each text of unlocked segments comes first
    for place, (segment, text) in enumerate(zip(job, texts, strict=True)):
        if not segment.locked:
            firsts.setdefault(text, place)
    answers = _answers(job, texts, firsts, lookup)
    near = _near(job, firsts, answers, neighbours)
    came: dict[tuple[str, str], int] = {}
    for place, (segment, text) in enumerate(zip(job, texts, strict=True)):
        if segment.locked:
            yield Decision(segment, Category.LOCKED)
            continue
        like = came.setdefault(("" if options.cross_file else segment.file, text), place)
        answer = answers.get(place, answers[firsts[text]])
        if like != place and _repeats(answer, options):
            yield _repetition(segment, job[like], like)
        else:
            yield _own(segment, answer, near.get(text, Near()))


def _answers(
    job: Sequence[Segment], texts: Sequence[str], firsts: Mapping[str, int], lookup: Lookup
) -> dict[int, Best]:
    """The memory's answers by place: for each text's first, and for every later one of a text that the memory has."""
    asked = list(firsts.values())
    answers = dict(zip(asked, lookup([job[place] for place in asked]), strict=True))
    later = [
        place
        for place, (segment, text) in enumerate(zip(job, texts, strict=True))
        if not segment.locked and place not in answers and answers[firsts[text]].kind in _KNOWN
    ]
    if later:
        answers.update(zip(later, lookup([job[place] for place in later]), strict=True))
    return answers


def _near(
    job: Sequence[Segment], firsts: Mapping[str, int], answers: Mapping[int, Best], neighbours: Neighbours | None
) -> dict[str, Near]:
    """The earlier texts of the job that are nearer than what the memory has; their places are those in the job."""
    if neighbours is None:
        return {}
    places = list(firsts.values())
    above = [_FULL if answers[place].kind in _KNOWN else max(answers[place].percent, _BELOW) for place in places]
    found = neighbours([job[place].source for place in places], above)
    return {
        text: replace(near, place=places[near.place])
        for text, near, least in zip(firsts, found, above, strict=True)
        if near.percent > least
    }


def _repeats(answer: Best, options: Options) -> bool:
    """Whether a text that came before counts as a repetition, this being the memory's answer."""
    return answer.kind not in _KNOWN or (options.repetitions_first and answer.kind is MatchClass.EXACT)


def _repetition(segment: Segment, first: Segment, like: int) -> Decision:
    if first.file == segment.file:
        return Decision(segment, Category.REPETITION, _FULL, "the same text again in this file", like=like)
    return Decision(segment, Category.CROSS_FILE, _FULL, f"the same text in {first.file}", like=like)


def _own(segment: Segment, answer: Best, near: Near) -> Decision:
    """As what a segment counts by itself: by the memory, or by an earlier text of the job that is nearer."""
    if near.percent > answer.percent:
        band = fuzzy_class(near.percent)
        return Decision(segment, INTERNAL[band], near.percent, "like an earlier text of the job", like=near.place)
    known = answer.kind in _KNOWN and answer.percent >= _FULL
    kind = answer.kind if known else fuzzy_class(answer.percent)
    return Decision(segment, Category(kind), answer.percent, answer.rule, answer.number)
