"""A shelf in memory, words of several languages, and what a reader with much patience would find."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import strategies as st

from memory.concordance import Rank
from memory.concordance.words import inflected, words
from tm_service.domain.serving import Origin, Translation

AT = datetime(2026, 3, 2, tzinfo=UTC)


def pair(number, source, target=""):
    return Translation(
        "harbour", "fr", "text/page.json", (str(number),), "", source, target, AT, Origin.SITE, number=number
    )  # fmt: skip


@dataclass
class Pile:
    """What stands on a shelf, in order; numbers go on from 1."""

    identity: str = "pile"
    pairs: dict[int, Translation] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)

    def put(self, source, target="") -> int:
        number = len(self.pairs) + 1
        self.pairs[number] = pair(number, source, target)
        return number

    def retire(self, number: int) -> None:
        self.gone.append(number)

    def position(self) -> tuple[int, int]:
        return len(self.pairs), len(self.gone)

    def added(self, since: int = 0) -> Iterator[Translation]:
        return (entry for number, entry in list(self.pairs.items()) if number > since and number not in self.gone)

    def retired(self, since: int = 0) -> Sequence[int]:
        return self.gone[since:]

    def entries(self, numbers: Collection[int]) -> Mapping[int, Translation]:
        return {number: self.pairs[number] for number in numbers if number in self.pairs and number not in self.gone}

    def turned(self) -> "Pile":
        """The same pairs read in the other direction."""
        pairs = {number: pair(number, entry.target, entry.source) for number, entry in self.pairs.items()}
        return Pile(f"{self.identity}, turned", pairs, list(self.gone))


# Few words, so that they meet; with what normal forms are for: case, accents in two forms, soft hyphens, points, other digits.
WORDS = {
    "en": ["seed", "Seeds", "seed\u00adbed", "bank", "banks", "keeper's", "keep", "the", "a", "CO₂", "12", "well"],
    "fr": ["l'accès", "L’acce\u0301s", "accès", "d’eau", "eaux", "jardin", "jardins", "aujourd'hui", "à", "ﬁche", "12"],
    "es": ["semilla", "semillas", "año", "an\u0303o", "permiso", "permisos", "¿qué", "la", "12"],
    "ru": ["ёлка", "елка", "ёлки", "сад", "сады", "садов", "в", "Гавань", "12"],
    "ar": ["كِتَاب", "كتاب", "الكتاب", "كتــاب", "إلى", "الى", "ميناء", "١٢", "12"],
    "zh": ["许", "可", "证", "许可", "港口", "，", "ＰＤＦ", "pdf", "12", "①"],
    "th": ["เมล็ด", "พันธุ์", "ท่าเรือ", "12"],
}
_BETWEEN = [" ", " ", " ", "-", ", ", "\u00a0", "<b>", "</b> ", " {name} ", "🌱", " 🧑‍🌾 ", "\n"]
_CLOSE = ["", "", " ", "。", "<br>", "{name}"]


@st.composite
def texts(draw, language):
    """Words in any order with something between them; scripts without spaces have mostly nothing."""
    between = _CLOSE if language in ("zh", "th") else _BETWEEN
    pieces = draw(st.lists(st.tuples(st.sampled_from(WORDS[language]), st.sampled_from(between)), max_size=7))
    return "".join(word + gap for word, gap in pieces)


@st.composite
def queries(draw, language):
    """Words, phrases and wildcards made of words that there are."""
    word = st.sampled_from([*WORDS[language], "{name}"])
    cut = st.integers(0, 3)
    wild = st.builds(_wild, word, cut, cut, st.sampled_from(["{}*", "*{}", "*{}*", "{}?", "?{}", "{}*{}", "{}?{}"]))
    part = st.one_of(word, word, wild)
    phrase = st.lists(st.one_of(part, part, st.just("*")), min_size=1, max_size=3).map(lambda run: f'"{" ".join(run)}"')
    terms = draw(st.lists(st.one_of(part, part, phrase), min_size=1, max_size=3))
    unwanted = draw(st.lists(st.one_of(word, phrase).map("-{}".format), max_size=1))
    return " ".join([*terms, *unwanted])


def _wild(word, begin, end, pattern):
    if pattern.count("{}") > 1:
        return pattern.format(word[:begin], word[begin + 1 :])
    return pattern.format(word[begin : len(word) - end] or word)


def patient(query, text, language):
    """The rank of a text by reading all of it, or None where it does not have what is asked."""
    there = words(text, language)
    if any(_stands(term, there, language, loose=True) for term in query.unwanted):
        return None
    if not all(_stands(term, there, language, loose=True) for term in query.wanted):
        return None
    if all(_stands(term, there, language, loose=False) for term in query.wanted):
        beside = len(query.wanted) == 1 or _stands(query.whole, there, language, loose=False)
        return Rank.PHRASE if beside else Rank.WORDS
    beside = len(query.wanted) == 1 or _stands(query.whole, there, language, loose=True)
    return Rank.INFLECTED_PHRASE if beside else Rank.INFLECTED


def _stands(term, there, language, *, loose):
    return any(
        all(
            place + offset < len(there) and _is(word, there[place + offset], language, loose=loose)
            for offset, word in term.words
        )
        for place in range(len(there))
    )


def _is(asked, word, language, *, loose):
    if asked.wild:
        return any(_glob(pattern, word) for pattern in {asked.text, asked.text.removesuffix("?")})
    return word == asked.text or (loose and bool(set(asked.stems) & set(inflected(word, language))))


def _glob(pattern, word):
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(_glob(pattern[1:], word[cut:]) for cut in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and _glob(pattern[1:], word[1:])
