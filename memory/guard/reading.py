"""Reading: a text as the row of what it says; articles and courtesies left out, numbers and units as values."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from memory.forms import form
from memory.guard.items import Item, dated
from memory.guard.lexicon import Kind, Lexicon, Sense, Where, lexicon
from memory.guard.numbers import date_key, numeric_date, roman, spoken, times, value
from memory.guard.tokens import Cut, Token, targets, tokens
from tm_service.domain.matches import Danger

_CACHE = 1 << 12
_SENTENCE = 2000  # letters beyond which a text is not remembered
_LENGTHS = frozenset(["kilometre", "metre", "centimetre", "millimetre"])
_NEAR = 4  # words between "with" and "consent" at most
_ROW = 20  # words of a number at most
_POWERS = {"2": "square", "3": "cubic"}
_LONGER = 4  # letters of a word that would begin with a capital in a heading


class Reading(NamedTuple):
    """What a text says, in order; what joins it ("and", "or"), how many articles may mean one, where links in tags lead."""

    items: tuple[Item, ...]
    keys: tuple[str, ...]
    joins: tuple[Item, ...]
    ones: int
    targets: tuple[str, ...]
    lexicon: Lexicon


def reading(text: str, language: str) -> Reading:
    """Read a text in a language given by its base code; any text can be read, in time linear in its length."""
    return _remembered(text, language) if len(text) <= _SENTENCE else _read(text, language)


@lru_cache(maxsize=_CACHE)
def _remembered(text: str, language: str) -> Reading:
    return _read(text, language)


def _read(text: str, language: str) -> Reading:
    words, known = lexicon(language), form(text, language)
    reader = _Reader(words, list(tokens(known, words.expand)))
    items = tuple(dated(reader.read()))
    keys = tuple(item.key for item in items)
    return Reading(items, keys, tuple(reader.joins), reader.ones, targets(known), words)


class _Reader:
    """Walks over the tokens of one text once."""

    def __init__(self, words: Lexicon, cut: Sequence[Token]) -> None:
        self._lexicon = words
        self._tokens = _apart(cut, words)
        self._words = [token.word for token in self._tokens]
        self._items: list[Item] = []
        self._marker = self._joined = ""
        self._clause = self._sentence = 0
        self._fresh = self._opened = True  # nothing was read yet of this sentence, of this clause
        self._head = -1  # the negation of this clause that a second word may belong to
        self._answers = False  # it is itself of the words that come second elsewhere: "никто не"
        self._cased = _is_sentence_case(self._tokens, words)
        self._with = -_NEAR  # items up to the last "with", and it
        self._been = False  # a form of "be" stands before
        self.joins: list[Item] = []
        self.ones = 0

    def read(self) -> list[Item]:
        place = 0
        while place < len(self._tokens):
            token = self._tokens[place]
            if token.cut is Cut.STOP or token.cut is Cut.COMMA:
                self._break(token)
                place += 1
                continue
            if token.word:
                place += self._word(place)
            else:
                self._value(token)
                place += 1
            self._fresh = self._opened = False
        return self._items

    def _break(self, token: Token) -> None:
        self._clause += 1
        self._marker, self._head, self._opened, self._been = "", -1, True, False
        if token.cut is Cut.STOP:
            self._sentence += 1
            self._fresh = True

    def _put(self, sense: Sense, written: str, *, named: bool = False) -> None:
        bound = sense.kind is Kind.UNIT and bool(self._items) and self._items[-1].kind is Kind.NUMBER
        kind, key, danger, group, _ = sense
        place = self._clause, self._sentence
        self._items.append(
            Item(kind, key, written, danger, group, self._marker, self._joined, *place, named, bound, self._been)
        )
        self._marker = self._joined = ""
        self._been = False

    def _value(self, token: Token) -> None:
        """A code, a date or a number in figures."""
        if token.cut is Cut.CODE:
            self._put(Sense(Kind.CODE, _address(token.written), Danger.PLACEHOLDER), token.written)
        elif token.cut is Cut.DATE:
            date = numeric_date(token.written, month_first=self._lexicon.language == "en")
            self._put(
                Sense(Kind.DATE, date_key(*map(str, date)) if date else token.written, Danger.DATE), token.written
            )
        else:
            self._number(value(token.written), token)

    def _number(self, key: str, token: Token) -> None:
        last = self._items[-1] if self._items else None
        if last is not None and last.kind is Kind.UNIT and token.glued and key in _POWERS and last.key in _LENGTHS:
            self._items[-1] = last._replace(key=f"{_POWERS[key]}_{last.key}", written=last.written + token.written)
            return
        if last is not None and last.kind is Kind.NUMBER and last.key == key and last.clause != self._clause:
            return  # "thirty (30)"
        if last is not None and last.kind is Kind.UNIT and last.clause == self._clause and not last.bound:
            self._items[-1] = last._replace(bound=True)
        self._put(Sense(Kind.NUMBER, key, Danger.NUMBER), token.written)

    def _word(self, place: int) -> int:
        """Read one word or phrase; returns how many tokens it took."""
        found = self._lexicon.sense(self._words, place)
        month = self._lexicon.capital.get(self._words[place])
        if month is not None and self._is_month(place):
            found = month, 1
        elif len(self._words[place]) == 1 and self._is_label(place):
            found = None
        if found is None:
            self._content(place)
            return 1
        sense, taken = found
        phrase = self._words[place] if taken == 1 else " ".join(self._words[place : place + taken])
        if sense.where and not self._holds(sense, place, taken):
            sense = self._lexicon.elsewhere.get(phrase, _NOTHING)
        if sense.kind is Kind.NUMBER or sense.kind is Kind.ONE:
            return self._said_number(place, sense, taken)
        self._take(sense, phrase, place, taken)
        return taken

    def _take(self, sense: Sense, phrase: str, place: int, taken: int) -> None:
        """Do with a word or phrase what its sense asks for."""
        if sense.kind is Kind.MARKER:
            self._marker = phrase
            if phrase in self._lexicon.listed("with"):
                self._with = len(self._items) + 1
        elif sense.kind is Kind.JOIN:
            self.joins.append(Item(sense.kind, sense.key, self._written(place, taken), sense.danger))
            self._joined, self._marker, self._been = sense.key, "", False
        elif sense.kind is Kind.DUAL:
            self._put(Sense(Kind.NUMBER, "2", Danger.NUMBER), self._written(place, taken))
            self._put(Sense(Kind.UNIT, sense.key, Danger.UNIT), self._written(place, taken))
        elif self._is_part_of_negation(sense, phrase):
            pass
        elif sense.kind is not Kind.FILLER:
            self._put(sense, self._written(place, taken))
        elif phrase in self._lexicon.being:
            self._been = True

    def _content(self, place: int) -> None:
        """A word that no list has."""
        token = self._tokens[place]
        if token.cut is Cut.SIGN:
            self._put(Sense(Kind.SIGN, token.word), token.written)
        elif (len(token.written) > 1 or self._is_label(place)) and (figure := roman(token.written)):
            self._number(figure, token)
        elif len(token.word) == 1:
            kind = Kind.LABEL if self._is_label(place) else Kind.WORD
            self._put(Sense(kind, token.word, Danger.NUMBER), token.written)
        elif not (token.glued and token.word in self._lexicon.listed("suffix")):
            named = self._cased and token.written[0].isupper() and (not self._fresh or token.written.isupper())
            self._put(Sense(Kind.WORD, self._lexicon.stem(token.word)), token.written, named=named)

    def _is_label(self, place: int) -> bool:
        """Whether a letter names a part: "(a)", "Annex B"; not so in a heading with capitals, "Submit A Report"."""
        token, last = self._tokens[place], self._tokens[place - 1] if place else None
        if last is None or token.cut is not Cut.WORD:
            return False
        if last.cut is Cut.WORD:
            names = token.written.isupper() and last.written[0].isupper() and len(last.written) > 1
            return names and (self._cased or self._cut_at(place + 1) is not Cut.WORD)
        following = self._tokens[place + 1].written if place + 1 < len(self._tokens) else ""
        return last.written == "(" and following == ")"

    def _holds(self, sense: Sense, place: int, taken: int) -> bool:
        """Whether a word that has its sense only in some places stands in one."""
        if sense.where is Where.CLAUSE_START:
            return self._opened
        if sense.where is Where.AFTER_WITH:
            return self._with > len(self._items) - _NEAR
        follows, last = self._cut_at(place + taken), self._items[-1] if self._items else None
        if sense.where is Where.NO_NUMBER:
            return (self._cut_at(place + taken + 1) if follows is Cut.STOP else follows) is not Cut.NUMBER
        if sense.where is Where.BESIDE_NUMBER:
            after = last is not None and last.clause == self._clause and last.kind in (Kind.NUMBER, Kind.UNIT)
            return (after and not self._is_elided(place + taken)) or (sense.kind is Kind.UNIT and follows is Cut.NUMBER)
        return True

    def _is_elided(self, place: int) -> bool:
        """Whether the word at a place is written together with the one before it: "l'herbier"."""
        return self._cut_at(place) is Cut.WORD and self._tokens[place].glued

    def _cut_at(self, place: int) -> Cut | None:
        return self._tokens[place].cut if place < len(self._tokens) else None

    def _is_month(self, place: int) -> bool:
        """Whether a word that may be a month is one: in capitals, within a sentence or beside a number."""
        last = self._items[-1] if self._items else None
        beside = self._cut_at(place + 1) is Cut.NUMBER or (last is not None and last.kind is Kind.NUMBER)
        return self._tokens[place].written[0].isupper() and (beside or not self._fresh)

    def _said_number(self, place: int, sense: Sense, taken: int) -> int:
        """Read a number in words as far as it goes; an article that may mean one is only counted."""
        said, ends = self._row(place, sense, taken)
        if sense.kind is Kind.ONE and len(said) == 1:
            self.ones += 1
            return taken
        last, first = self._items[-1] if self._items else None, said[0][0]
        if first >= self._lexicon.style.scale and last is not None and self._cut_at(place - 1) is Cut.NUMBER and place:
            written = f"{last.written} {self._written(place, taken)}"
            self._items[-1] = last._replace(key=times(last.key, first), written=written)
            return taken
        key, count = spoken(self._lexicon.style, said)
        taken = ends[count - 1] - place
        self._number(key, Token(Cut.NUMBER, "", self._written(place, taken)))
        return taken

    def _row(self, place: int, sense: Sense, taken: int) -> tuple[list[tuple[int, bool]], list[int]]:
        """The number words in a row, each with whether an "and" stands before it, and where each ends."""
        style, end = self._lexicon.style, place + taken
        said, ends = [(1 if sense.kind is Kind.ONE else int(sense.key), False)], [end]
        while len(said) < _ROW and (found := self._sense_at(end)) is not None:
            joined = found[0].kind is Kind.JOIN and found[0].key == "and"
            start = end + found[1] if joined else end
            found = self._sense_at(start) if joined else found
            if found is None or not (found[0].kind is Kind.NUMBER or (found[0].kind is Kind.ONE and style.one)):
                break
            number = 1 if found[0].kind is Kind.ONE else int(found[0].key)
            if sense.kind is Kind.ONE and len(said) == 1 and number < style.article:
                break
            end = start + found[1]
            said.append((number, joined))
            ends.append(end)
        return said, ends

    def _sense_at(self, place: int) -> tuple[Sense, int] | None:
        in_row = place < len(self._words) and self._words[place]
        return self._lexicon.sense(self._words, place) if in_row else None

    def _is_part_of_negation(self, sense: Sense, phrase: str) -> bool:
        """Whether a word belongs to the negation before it in the clause, which says it once.

        "Ne ... pas" and "no ... ninguno" deny once, "ne ... que" says "only", "ne ... plus" says "no longer".
        """
        concord = self._lexicon.concord
        if not concord:
            return False
        denies = sense.kind is Kind.SAID and sense.danger is Danger.NEGATION
        if self._head >= 0:
            head = self._items[self._head]
            other = concord["head"] if self._answers else concord["absorbed"]
            if denies and phrase in other:
                self._items[self._head] = head._replace(written=f"{head.written} … {phrase}")
                return True
            if head.key == _NOT and phrase in concord.get("only", ()):
                self._items[self._head] = head._replace(
                    key=_ONLY, danger=Danger.QUANTIFIER, written=f"{head.written} … {phrase}"
                )
                return True
            if head.key == _NOT and phrase in concord.get("no_longer", ()):
                self._items[self._head] = head._replace(key=_NO_LONGER, written=f"{head.written} … {phrase}")
                return True
        if denies and (phrase in concord["head"] or phrase in concord["absorbed"]):
            self._head, self._answers = len(self._items), phrase not in concord["head"]
        return False

    def _written(self, place: int, taken: int) -> str:
        """Tokens as they stand in the text; a contraction once."""
        parts: list[str] = []
        for token in self._tokens[place : place + taken]:
            if not (parts and token.written == parts[-1] and "'" in token.written):
                parts.append(token.written)
        return ("" if self._tokens[place].cut is Cut.SIGN else " ").join(parts)


_NOTHING = Sense(Kind.FILLER, "")
_NOT, _ONLY, _NO_LONGER = "negation:not", "quantifier:only", "negation:no_longer"


def _apart(cut: Sequence[Token], words: Lexicon) -> list[Token]:
    """Tokens with the "and" that is written on a word as one of its own."""
    apart: list[Token] = []
    for token in cut:
        joined, rest = words.parts(token.word) if token.cut is Cut.WORD else ("", token.word)
        if joined:
            apart += (Token(Cut.WORD, joined, joined), Token(Cut.WORD, rest, token.written[len(joined) :], glued=True))
        else:
            apart.append(token)
    return apart


def _address(code: str) -> str:
    """What a placeholder or an address names: spaces, the scheme and a last stroke make no other one of it."""
    return "".join(code.split()).removeprefix("https://").removeprefix("http://").removesuffix("/")


def _is_sentence_case(row: Sequence[Token], words: Lexicon) -> bool:
    """Whether capitals tell names here: a longer word that is neither a preposition nor the like begins with a small letter."""
    for token in row:
        if len(token.word) >= _LONGER and token.written[0].islower():
            found = words.sense([token.word], 0)
            if found is None or found[0].kind not in (Kind.MARKER, Kind.FILLER):
                return True
    return False
