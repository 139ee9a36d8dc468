"""Terms: find them in any text however they are bent, and tell where a translation does not use them."""

from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick  # type: ignore[import-not-found]
import numpy as np
from numpy.typing import NDArray

from locales.stems import code, is_bent, is_kin, stems, tails
from memory.tokens import Places, Tokens, tokens
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.terms import Term, TermStatus

# A text is written anew with one sign for each stem, so that one automaton reads words as it reads letters.
_FIRST, _SURROGATES, _SIGNS = 0x100, range(0xD800, 0xE000), 0x10FFFF
_STRANGE, _BREAK = "\1", "\2"  # a word of no term, and what parts two words
_REMEMBERED = 1 << 18  # words of texts whose signs are kept at hand
_ACRONYM = 2  # capitals from which a word is an acronym
# How much of a word may be an ending. English stems join what no inflection does (inform, information), so that its endings are
# listed.
_ENGLISH = frozenset(["", "s", "es", "'s", "s'", "'", "e", "ed", "d", "ing", "y", "ies", "ied"])


@dataclass(frozen=True, slots=True)
class TermHit:
    """Terms that stand from `start` to `end` of a text: one source in one of its forms, with all its targets."""

    start: int
    end: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A term of the source none of whose approved targets stands in the translation."""

    hit: TermHit
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A forbidden target that stands from `start` to `end` of the translation, for a term of the source."""

    start: int
    end: int
    term: Term
    hit: TermHit


class Recogniser:
    """The terms of one language pair, made ready once to be found in any text; safe to share between threads.

    A term is found as whole words by their stems, upper and lower case alike; acronyms only as capitals; ideographs and other
    scripts without spaces by character. Of terms that overlap the longest counts. Raises ConfigurationError where terms are of
    several language pairs.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        pairs = sorted({(term.source_locale, term.locale) for term in self.terms})
        if len(pairs) > 1:
            said = ", ".join(f"{source} to {target}" for source, target in pairs[:4])
            raise ConfigurationError(f"These terms are of several language pairs ({said}); recognise one at a time.")
        self.source_locale, self.locale = pairs[0] if pairs else ("", "")
        self._signs = _Signs(self.source_locale)
        self._groups: list[tuple[Term, ...]] = []
        self._lengths = np.zeros(0, np.int64)
        self._automaton = self._built()

    def find(self, text: str) -> tuple[TermHit, ...]:
        """The terms of a text in reading order, none overlapping another; places count in the text as given."""
        if not self._groups or not text:
            return ()
        found = tokens([text], self.source_locale)
        first, last, group = self._matched(found, self._signs.read(text, found))
        return tuple(
            TermHit(int(found.start[first[place]]), int(found.end[last[place]]), self._groups[group[place]])
            for place in _longest(first, last, len(found))
        )

    def missing(self, source: str, target: str) -> tuple[Missing, ...]:
        """Terms of the source with approved targets of which none, in any form, stands in the translation; each term once."""
        said = _Said(target, self.locale)
        approved = ((hit, _targets(hit, TermStatus.APPROVED)) for hit in self._once(source))
        return tuple(
            Missing(hit, targets)
            for hit, targets in approved
            if targets and not any(said.places(wanted, near=True) for wanted in targets)
        )

    def forbidden(self, source: str, target: str) -> tuple[Forbidden, ...]:
        """Forbidden targets of the source's terms that stand in the translation, but within what another target asks for."""
        said = _Said(target, self.locale)
        hits = self._once(source)
        asked = [
            place for hit in hits for wanted in _targets(hit, TermStatus.APPROVED) for place in said.places(wanted)
        ]
        return tuple(
            Forbidden(start, end, term, hit)
            for hit in hits
            for term in hit.terms
            if term.status is TermStatus.FORBIDDEN
            for start, end in said.places(term.target)
            if not any(first <= start and end <= last for first, last in asked)
        )

    def _once(self, text: str) -> Iterable[TermHit]:
        """Of each term of a text the first hit."""
        return {hit.terms: hit for hit in reversed(self.find(text))}.values()

    def _built(self) -> ahocorasick.Automaton:
        sources = [term.source for term in self.terms]
        found = tokens(sources, self.source_locale)
        owners, starts, ends = found.owner.tolist(), found.start.tolist(), found.end.tolist()
        written = [sources[owner][start:end] for owner, start, end in zip(owners, starts, ends, strict=True)]
        bound = found.bound.tolist()
        signs = self._signs.learn(dict(zip(written, range(len(found)), strict=True)), found)
        bounds = np.searchsorted(found.owner, np.arange(len(sources) + 1)).tolist()
        groups: dict[str, list[Term]] = {}
        for term, first, last in zip(self.terms, bounds, bounds[1:], strict=False):
            if first < last:
                key = "".join(
                    [
                        ("" if tied else _BREAK) + signs[word]
                        for word, tied in zip(written[first:last], bound[first:last], strict=True)
                    ]
                )
                groups.setdefault(key[1:], []).append(term)
        automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for number, key in enumerate(groups):
            automaton.add_word(key, number)
        automaton.make_automaton()
        self._groups = [tuple(group) for group in groups.values()]
        self._lengths = np.array([*map(len, groups)], np.int64)
        return automaton

    def _matched(self, found: Tokens, signs: NDArray[np.uint32]) -> tuple[Places, Places, Places]:
        """First and last token and the group of everything whose words are those of a term."""
        places = np.arange(len(found)) + np.cumsum(~found.bound)
        row = np.full(len(found) + int(np.count_nonzero(~found.bound)), ord(_BREAK), np.uint32)
        row[places] = signs
        hits = np.array([*self._automaton.iter(row.tobytes().decode("utf-32-le"))], np.int64).reshape(-1, 2)
        first, last = (
            np.searchsorted(places, stop) for stop in (hits[:, 0] - self._lengths[hits[:, 1]] + 1, hits[:, 0])
        )
        return first, last, hits[:, 1]


class _Signs:
    """The words of terms, those that are forms of one under one sign; a capital acronym under a sign of its own."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._plain: dict[str, list[tuple[list[str], int]]] = {}
        self._acronyms: dict[str, list[tuple[str, int]]] = {}
        self._known: dict[int, tuple[int, list[tuple[str, int]]]] = {}
        self._count = 0

    def learn(self, written: dict[str, int], found: Tokens) -> dict[str, str]:
        """The sign of each word as written in terms; `written` names a token that shows it."""
        signs = {}
        for word, place in written.items():
            shown = found.word(place)
            is_acronym = len(word) >= _ACRONYM and word.isupper()
            signs[word] = chr(self._of_acronym(shown, word) if is_acronym else self._of_form(shown))
        return signs

    def _of_acronym(self, shown: str, word: str) -> int:
        known = self._acronyms.setdefault(shown, [])
        sign = next((sign for same, sign in known if same == word), 0)
        if not sign:
            sign = self._new()
            known.append((word, sign))
        return sign

    def _of_form(self, shown: str) -> int:
        known = self._plain.setdefault(stems(shown, self._language)[0], [])
        for words, sign in known:
            if any(_bent(word, shown, code(self._language)) for word in words):
                words.append(shown)
                return sign
        known.append(([shown], self._new()))
        return known[-1][1]

    def _new(self) -> int:
        sign = _FIRST + self._count
        sign += len(_SURROGATES) if sign >= _SURROGATES.start else 0
        if sign > _SIGNS:
            raise ConfigurationError(f"These terms have more than {self._count} different words; split them.")
        self._count += 1
        return sign

    def read(self, text: str, found: Tokens) -> NDArray[np.uint32]:
        """The sign of each token of a text."""
        names, firsts, inverse = np.unique(found.name, return_index=True, return_inverse=True)
        if len(self._known) > _REMEMBERED:
            self._known = {}
        known = self._known
        signs = np.zeros(len(names), np.uint32)
        acronyms = {}
        for place, (name, first) in enumerate(zip(names.tolist(), firsts.tolist(), strict=True)):
            seen = known.get(name)
            if seen is None:
                seen = known[name] = self._look_at(found.word(first))
            signs[place] = seen[0]
            if seen[1]:
                acronyms[place] = seen[1]
        row = signs[inverse]
        for token in np.flatnonzero(np.isin(inverse, [*acronyms])).tolist():
            shown = text[found.start[token] : found.end[token]]
            row[token] = next((sign for word, sign in acronyms[inverse[token]] if shown.startswith(word)), row[token])
        return row

    def _look_at(self, shown: str) -> tuple[int, list[tuple[str, int]]]:
        acronyms = [known for form in _singulars(shown) for known in self._acronyms.get(form, ())]
        for stem in stems(shown, self._language):
            for words, sign in self._plain.get(stem, ()):
                if any(_bent(word, shown, code(self._language)) for word in words):
                    return sign, acronyms
        return ord(_STRANGE), acronyms


def _singulars(word: str) -> tuple[str, ...]:
    """What an acronym may be without a plural or genitive."""
    return tuple(word.removesuffix(ending) for ending in ("", "s", "'s") if word.endswith(ending))


def _bent(word: str, shown: str, language: str) -> bool:
    """Whether words of equal stem differ in an ending of inflection."""
    if language != "en" or word == shown:
        return is_bent(word, shown, language)
    both = tails(word, shown)
    doubled = word[: len(word) - len(both[0])][-1:]
    return all(tail in _ENGLISH or (tail[:1] == doubled and tail[1:] in _ENGLISH) for tail in both)


def _longest(first: Places, last: Places, count: int) -> list[int]:
    """Which hits stand when longer ones, then earlier ones, take their words before others; in reading order."""
    taken = bytearray(count)
    kept = []
    order = np.lexsort((first, first - last))
    for place, start, stop in zip(order.tolist(), first[order].tolist(), (last[order] + 1).tolist(), strict=True):
        if taken.find(1, start, stop) < 0:
            taken[start:stop] = b"\1" * (stop - start)
            kept.append(place)
    return sorted(kept, key=first.tolist().__getitem__)


def _targets(hit: TermHit, status: TermStatus) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.target for term in hit.terms if term.status is status))


class _Said:
    """A translation, in which a few targets are looked for."""

    def __init__(self, text: str, locale: str) -> None:
        self._locale = locale
        self._found = tokens([text], locale)
        self._words = [self._found.word(place) for place in range(len(self._found))]
        self._bound = self._found.bound.tolist()

    def places(self, target: str, *, near: bool = False) -> list[tuple[int, int]]:
        """From where to where a target stands in any of its forms; `near` takes words that are only likely to be its forms."""
        wanted = tokens([target], self._locale)
        words, tied = [wanted.word(place) for place in range(len(wanted))], wanted.bound.tolist()[1:]
        alike = is_kin if near else self._is_form
        return [
            (int(self._found.start[first]), int(self._found.end[first + len(words) - 1]))
            for first in range(len(self._words) - len(words) + 1 if words else 0)
            if self._bound[first + 1 : first + len(words)] == tied
            and all(
                alike(word, said, self._locale)
                for word, said in zip(words, self._words[first : first + len(words)], strict=True)
            )
        ]

    @staticmethod
    def _is_form(word: str, said: str, locale: str) -> bool:
        return not set(stems(word, locale)).isdisjoint(stems(said, locale)) and _bent(word, said, code(locale))
