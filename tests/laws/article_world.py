"""A small article and everything that editors may do to it, whose sentences the test knows through all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from hypothesis import strategies as st

from extractors.articles import Settler
from memory.alignment import align, segment
from tests.fakes import House, new_house
from tests.laws.world import LOCALES, answered
from tm_service.domain.articles import load, path_of
from tm_service.domain.records import ARTICLE, Place, Record, RecordEntry, RecordRef
from tm_service.domain.serving import Rule, Served
from tm_service.domain.site import ContentRule, Site
from tm_service.usecases.pages import load_page

SITE = Site(
    name="almanac",
    connector="records",
    repository="local",
    branch="main",
    source="en",
    locales=LOCALES,
    content=(ContentRule("articles/*.json", "record", "{path}"),),
)
REF = RecordRef(ARTICLE, "65a0c0ffee0000000000a1b2")
PATH = path_of(REF)
_WHO = ("Gardeners", "Keepers", "Visitors", "Curators", "Farmers", "Students", "Millers", "Botanists", "Sailors")
_DO = ("gather", "dry", "sort", "label", "store", "weigh", "count", "share", "sow", "water")
_WHAT = ("seeds", "bulbs", "cuttings", "tubers", "spores", "grafts", "samples", "husks", "roots", "leaves")
_WHERE = ("harbour", "orchard", "cellar", "library", "greenhouse", "valley", "market", "tower", "meadow", "mill")

_TITLE = {"en": "The gardeners' almanac", "ar": "تقويم البستانيين", "fr": "L’almanach des jardiniers"}
_LETTERS = {"ar": str.maketrans("aeiou", "اعيوط"), "fr": str.maketrans("aeiou", "àéîôù")}


def spoken(text: str, locale: str) -> str:
    """A translation with the same sentences, as far as anybody can see."""
    return text.translate(_LETTERS[locale])


@dataclass(frozen=True)
class Sentence:
    """A sentence as its editor knows it: `older` are the sentences of the last deployment that it descends from."""

    text: str
    older: frozenset[str] = frozenset()


@dataclass
class ArticleWorld:
    """A house, one article of paragraphs of sentences, and what readers saw of it at the last deployment."""

    house: House
    paragraphs: list[list[Sentence]] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)  # translations as they stand in the store, by locale
    shown: dict[str, dict[str, Served]] = field(default_factory=dict)  # by locale, then by English sentence
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    before: list[list[Sentence]] = field(default_factory=list)  # the article as it was deployed last, with its descent
    fresh: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        places = (Place(("title",)), Place(("content",), rich=True))
        self.settler = Settler(segment, align, lambda _record: (places, False, False))

    # the article

    def begin(self, sizes: list[int]) -> None:
        self.paragraphs = [[Sentence(self._new()) for _ in range(size)] for size in sizes]
        for locale in LOCALES:
            self.said[locale] = _html([[spoken(one.text, locale) for one in part] for part in self.paragraphs])
        self.sync()

    def edit(self, a: int, b: int) -> None:
        """One word is another one, or all of the sentence is."""
        place = self._place(a)
        if place is None:
            return
        one = self._at(place)
        words = one.text.split(" ")
        words[b % (len(words) - 1)] = f"Word{next(self.fresh)}" if b % len(words) == 0 else f"word{next(self.fresh)}"
        self._put(place, Sentence(self._new() if b % 5 == 0 else " ".join(words), one.older))
        self.sync()

    def move(self, a: int, b: int) -> None:
        place = self._place(a)
        if place is None:
            return
        one = self._take(place)
        part = self.paragraphs[b % len(self.paragraphs)]
        part.insert(b // 7 % (len(part) + 1), one)
        self.sync()

    def move_paragraph(self, a: int, b: int) -> None:
        part = self.paragraphs.pop(a % len(self.paragraphs))
        self.paragraphs.insert(b % (len(self.paragraphs) + 1), part)
        self.sync()

    def split(self, a: int, _b: int) -> None:
        """A sentence of two halves becomes two."""
        place = self._place(a)
        if place is None or ", and " not in self._at(place).text:
            return
        one = self._at(place)
        left, right = one.text.rstrip(".").split(", and ", 1)
        self._put(place, Sentence(f"{left}.", one.older), Sentence(f"{right[0].upper()}{right[1:]}.", one.older))
        self.sync()

    def join(self, a: int, _b: int) -> None:
        """Two sentences beside each other become one."""
        place = self._place(a)
        if place is None or place[1] + 1 >= len(self.paragraphs[place[0]]):
            return
        one, other = self.paragraphs[place[0]][place[1] : place[1] + 2]
        text = f"{one.text.rstrip('.')}, and {other.text[0].lower()}{other.text[1:]}"
        self.paragraphs[place[0]].pop(place[1] + 1)
        self._put(place, Sentence(text, one.older | other.older))
        self.sync()

    def delete(self, a: int, _b: int) -> None:
        place = self._place(a)
        if place is not None:
            self._take(place)
            self.sync()

    def insert(self, a: int, b: int) -> None:
        part = self.paragraphs[a % len(self.paragraphs)]
        part.insert(b % (len(part) + 1), Sentence(self._new()))
        self.sync()

    def retag(self, a: int, _b: int) -> None:
        """A word is set in bold, or is so no longer."""
        place = self._place(a)
        if place is not None:
            one = self._at(place)
            first, _, rest = one.text.partition(" ")
            bare = first.removeprefix("<b>").removesuffix("</b>")
            self._put(place, Sentence(f"{bare if bare != first else f'<b>{first}</b>'} {rest}", one.older))
            self.sync()

    def clear(self, _a: int, _b: int) -> None:
        """The store forgets the translations, as some do when the English changes."""
        self.said.clear()
        self.sync()

    def sync(self) -> None:
        """What the connector does: the document is settled over what was settled before."""
        tree = self.house.repository.tree
        at = self.house.repository.clock()
        content = {"en": _html([[one.text for one in part] for part in self.paragraphs]), **self.said}
        record = Record(RecordEntry(REF, at), {"_id": REF.identifier, "title": _TITLE, "content": content})
        self.house.write({PATH: self.settler.settle(tree.get(PATH), record)})

    # translators, readers

    def package(self, _a: int, _b: int) -> None:
        self.sent += [(name, content) for _, name, content in self.house.packages()]

    def come_back(self, a: int, b: int) -> None:
        if self.sent:
            name, content = self.sent[a % len(self.sent)]
            returned = answered(content, lambda place: (b >> (place % 12)) % 4, b)
            self.house.service.take_in(name, returned)

    def deploy(self, _a: int = 0, _b: int = 0) -> None:
        number = self.house.deploy()
        self.before = self.paragraphs
        self.shown = {locale: self._seen(number, locale) for locale in LOCALES}
        self.paragraphs = [[Sentence(one.text, frozenset([one.text])) for one in part] for part in self.paragraphs]

    def write_back(self, _a: int, _b: int) -> None:
        """What is served is written into the store, and comes from there with the next sync."""
        self.deploy()
        number = self.house.service.deployments(self.house.name)[0].number
        merged = self.house.service.catalogs(self.house.name, number)[PATH]
        document = load(merged).document
        self.said = {locale: text for locale, text in document["content"].items() if locale != "en"}
        self.house.write({PATH: merged}, message=f"Translations\n\nTranslations-Deployment: {SITE.name}/{number}\n")
        self.sync()

    def _seen(self, number: int, locale: str) -> dict[str, Served]:
        with self.house.store.read() as tx:
            (ref,) = tx.pages(SITE.name, number, [(locale, PATH)])
            contents = tx.blobs([ref.page, ref.catalog])
        served = {entry.key: entry for entry in load_page(contents[ref.page]).served}
        return {
            segment.text: served[one.key(segment)]
            for one in load(contents[ref.catalog]).fields
            for segment in one.segments
            if one.key(segment) in served
        }

    # inside

    def _new(self) -> str:
        number = next(self.fresh)
        who, do, what, where = (
            words[number * step % len(words)] for words, step in zip(_ALL, (1, 3, 7, 9), strict=True)
        )
        first = f"{who} {do} {number + 10} {what} near the {where}"
        return f"{first}, and {what} of kind {number} are kept for the winter." if number % 2 else f"{first}."

    def _place(self, number: int) -> tuple[int, int] | None:
        places = [(part, at) for part, held in enumerate(self.paragraphs) for at in range(len(held))]
        return places[number % len(places)] if places else None

    def _at(self, place: tuple[int, int]) -> Sentence:
        return self.paragraphs[place[0]][place[1]]

    def _put(self, place: tuple[int, int], *sentences: Sentence) -> None:
        self.paragraphs[place[0]][place[1] : place[1] + 1] = sentences

    def _take(self, place: tuple[int, int]) -> Sentence:
        return self.paragraphs[place[0]].pop(place[1])


_ALL = (_WHO, _DO, _WHAT, _WHERE)
_TRANSLATED = (Rule.CURRENT, Rule.MEMORY, Rule.KEPT, Rule.DATED)

_W = ArticleWorld
_EDITS = (_W.edit, _W.edit, _W.move, _W.move_paragraph, _W.split, _W.join, _W.delete, _W.insert, _W.retag, _W.clear)
_OTHERS = (_W.package, _W.come_back, _W.deploy, _W.deploy, _W.write_back)

numbers = st.integers(0, 2**13)
walks = st.tuples(
    st.lists(st.integers(1, 4), min_size=2, max_size=4),
    st.lists(st.tuples(st.sampled_from([step.__name__ for step in _EDITS + _OTHERS]), numbers, numbers), max_size=14),
)


def lost(world: ArticleWorld, before: dict[str, dict[str, Served]]) -> list[str]:
    """Sentences of which all that readers saw was translated, and that are shown in English."""
    return [
        f"{locale}: {one.text!r} is {now.text!r} ({now.why})"
        for locale, seen in before.items()
        for part in world.before
        for one in part
        if one.older and all(text in seen and seen[text].rule in _TRANSLATED for text in one.older)
        for now in [world.shown[locale].get(one.text)]
        if now is not None and now.rule not in _TRANSLATED
    ]


@contextmanager
def new_article(sizes: list[int]) -> Iterator[ArticleWorld]:
    folder = Path(mkdtemp(prefix="tm-service-article-"))
    try:
        world = ArticleWorld(new_house(folder, SITE))
        world.begin(sizes)
        yield world
    finally:
        rmtree(folder, ignore_errors=True)


def _html(paragraphs: list[list[str]]) -> str:
    return "".join(f"<p>{' '.join(part)}</p>" for part in paragraphs)
