"""Terms: what the site has a name for is called by that name, and not by one that is forbidden."""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock
from typing import NamedTuple

from locales.stems import is_form, is_kin, stems, tails
from tm_service.checks.folding import folded
from tm_service.checks.function_words import function_words
from tm_service.checks.reading import WORD, language, short, shown
from tm_service.domain.findings import Finding, Severity, found
from tm_service.domain.pairs import Pair
from tm_service.domain.terms import Term, TermStatus

_TOKEN = re.compile(rf"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|{WORD.pattern}|\d+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ACRONYM = 2  # capitals from which a word is an acronym
_NUMBER = frozenset(["", "s", "es", "'s", "y", "ies"])  # English endings that leave a noun the same noun
_ACTION = frozenset(["e", "ed", "d", "ing", "ied"])
_KEPT = 4  # sets of terms that are kept ready
_MOST = 20  # findings of one unit; more would say nothing new
_NAMED = 3  # right targets that a message names


def terms(pair: Pair) -> Iterator[Finding]:
    """Terms of the source without any of their approved targets, and forbidden targets; proposed ones are not insisted on.

    A forbidden target is an error only where it stands exactly as forbidden and none of the approved ones stands beside it: the
    unit then surely has the wrong name. In another form, or beside the right name, it may be a word in its own right.
    """
    if pair.terms:
        yield from islice(_judged(pair), _MOST)


def _judged(pair: Pair) -> Iterator[Finding]:
    target = _Said(pair.target, language(pair.locale))
    for hit in _glossary(pair).find(pair.source):
        wanted = _targets(hit.terms, TermStatus.APPROVED)
        has = any(target.has(name) for name in wanted)
        wrong = list(_forbidden(hit, target, wanted, has=has))
        yield from wrong
        if wanted and not has and not wrong:
            template = "The term “{term}” is called {target}, which the target does not say."
            yield found("terms", Severity.WARNING, template, term=short(hit.written), target=_listed(wanted))


class Hit(NamedTuple):
    """A term as it stands in a source, with all its targets."""

    written: str
    terms: tuple[Term, ...]


def _forbidden(hit: Hit, target: "_Said", wanted: Sequence[str], *, has: bool) -> Iterator[Finding]:
    asked = [place for name in wanted for place in target.places(name)]
    for name in _targets(hit.terms, TermStatus.FORBIDDEN):
        for start, end in target.places(name):
            if any(first <= start and end <= last for first, last in asked):
                continue
            written = target.value[start:end]
            is_sure = bool(wanted) and not has and folded(written) == folded(name)
            template = "“{wrong}” is not to be used for “{term}”."
            if wanted:
                template = "“{wrong}” is not to be used for “{term}”; it is called {target}."
            yield found(
                "terms",
                Severity.ERROR if is_sure else Severity.WARNING,
                template,
                place=(start, end),
                wrong=short(written),
                term=short(hit.written),
                target=_listed(wanted),
            )


def _targets(known: Sequence[Term], status: TermStatus) -> list[str]:
    return list(dict.fromkeys(term.target for term in known if term.status is status))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{short(name)}”" for name in names[:_NAMED])


class Token(NamedTuple):
    """A word, a number or one ideograph of a text, as written, folded, and where it stands."""

    written: str
    word: str
    start: int
    end: int


def _tokens(value: str) -> list[Token]:
    return [Token(match[0], folded(match[0]), *match.span()) for match in _TOKEN.finditer(shown(value))]


def _is_acronym(written: str) -> bool:
    return len(written) >= _ACRONYM and written.isupper()


class Glossary:
    """The terms of a language pair, found by the stems of their words in time that does not depend on how many there are."""

    def __init__(self, known: Sequence[Term], code: str) -> None:
        self._code = code
        self._groups: dict[tuple[str, ...], list[tuple[list[Token], Term]]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for term in known:
            row = _tokens(term.source)
            if row:
                key = self._key(row)
                self._groups[key].append((row, term))
                lengths[key[0]].add(len(key))
        self._lengths = {stem: sorted(counts, reverse=True) for stem, counts in lengths.items()}

    def find(self, value: str) -> tuple[Hit, ...]:
        """The terms of a text, each once, none within another; of those that begin together the longest."""
        row = _tokens(value)
        key, hits, place = self._key(row), dict[tuple[Term, ...], Hit](), 0
        while place < len(row):
            ends = (place + length for length in self._lengths.get(key[place], ()) if place + length <= len(row))
            fits = ((end, self._fitting(key[place:end], row[place:end])) for end in ends)
            end, known = next(((end, known) for end, known in fits if known), (place + 1, ()))
            if known:
                hits.setdefault(known, Hit(value[row[place].start : row[end - 1].end], known))
            place = end
        return tuple(hits.values())

    def _key(self, row: Sequence[Token]) -> tuple[str, ...]:
        return tuple(stems(token.word, self._code)[0] for token in row)

    def _fitting(self, key: tuple[str, ...], row: Sequence[Token]) -> tuple[Term, ...]:
        known = self._groups.get(key, ())
        return tuple(
            term for wanted, term in known if all(self._is_same(a, b, term) for a, b in zip(wanted, row, strict=True))
        )

    def _is_same(self, wanted: Token, said: Token, term: Term) -> bool:
        if _is_acronym(wanted.written):
            return said.written.removesuffix("s") == wanted.written
        if self._code != "en" or wanted.word == said.word:
            return is_form(wanted.word, said.word, self._code)
        endings = _NUMBER | _ACTION if term.part_of_speech == "verb" else _NUMBER
        return endings.issuperset(tails(wanted.word, said.word))


class _Said:
    """A target, in which names are looked for."""

    def __init__(self, value: str, code: str) -> None:
        self.value = value
        self._code = code
        self._row = _tokens(value)
        self._words = frozenset(token.word for token in self._row)
        self._written = frozenset(token.written for token in self._row)
        self._ideographs = "".join(token.written for token in self._row)

    def has(self, name: str) -> bool:
        """Whether the words of a name stand here in any form and order; ideographs only as they are written."""
        row = _tokens(name)
        if _HAN.search(name):
            return "".join(token.written for token in row) in self._ideographs
        small = function_words().get(self._code, frozenset[str]())
        asked = [token for token in row if token.word not in small] or row
        return all(self._has_word(token) for token in asked)

    def _has_word(self, token: Token) -> bool:
        if _is_acronym(token.written):
            return token.written in self._written
        return token.word in self._words or any(is_kin(token.word, word, self._code) for word in self._words)

    def places(self, name: str) -> list[tuple[int, int]]:
        """From where to where a name stands, its words bent or not."""
        row = _tokens(name)
        if not row:
            return []
        starts = [at for at in range(len(self._row) - len(row) + 1) if self._is_form(row[0], self._row[at])]
        runs = [self._row[at : at + len(row)] for at in starts]
        return [
            (run[0].start, run[-1].end)
            for run in runs
            if all(self._is_form(wanted, said) for wanted, said in zip(row, run, strict=True))
        ]

    def _is_form(self, wanted: Token, said: Token) -> bool:
        if _is_acronym(wanted.written):
            return wanted.written == said.written
        return is_form(wanted.word, said.word, self._code)


_READY: OrderedDict[int, tuple[tuple[Term, ...], Glossary]] = OrderedDict()
_LOCK = Lock()


def _glossary(pair: Pair) -> Glossary:
    """The glossary of a pair's terms; all pairs of a delivery share one tuple, which is made ready once."""
    with _LOCK:
        ready = _READY.get(id(pair.terms))
        if ready is None or ready[0] is not pair.terms:
            ready = pair.terms, Glossary(pair.terms, language(pair.source_locale))
            _READY[id(pair.terms)] = ready
        _READY.move_to_end(id(pair.terms))
        while len(_READY) > _KEPT:
            _READY.popitem(last=False)
        return ready[1]
