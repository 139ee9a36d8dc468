"""Editing: articles as hypothesis draws them, and what editors do to them, with each sentence's descent kept beside it."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from extractors.articles import Settler, places_of_article
from memory.alignment import align, segment
from tm_service.domain.articles import Found, Settled, dump, load
from tm_service.domain.records import ARTICLE, Record, RecordEntry, RecordRef

_WORDS = re.findall(
    r"\w+",
    "garden harbour library seed permit marsh reed orchard keeper ledger bridge lantern meadow parcel "
    "envelope catalogue village summer winter island ferry museum teacher visitor journal kettle barrel window "
    "market river stone copper silver pepper barley clover heron otter salmon willow cedar maple "
    "hazel violet thistle bramble nettle pebble anchor compass sextant tiller rudder cargo pilot beacon "
    "jetty tide estuary delta lagoon gravel timber plaster mortar slate ",
)
IDENTIFIER = "6784d3a0c1f5b20012a9e0aa"


def record(content: dict[str, str], title: dict[str, str] | None = None, **more: object) -> Record:
    """An article as a store gives it."""
    document = {"_id": IDENTIFIER, "title": title or {"en": "Reeds"}, "content": content, **more}
    return Record(RecordEntry(RecordRef(ARTICLE, IDENTIFIER), datetime(2026, 11, 22, tzinfo=UTC)), document)


def settler() -> Settler:
    return Settler(segment, align, places_of_article)


def settled(before: bytes | None, content: dict[str, str], **more: object) -> Settled:
    return load(settler().settle(before, record(content, **more)))


@dataclass(frozen=True)
class Sentence:
    """A sentence and the sentences of the version before that it comes from: `origins` are their texts."""

    text: str
    origins: tuple[str, ...] = ()


Article = tuple[tuple[Sentence, ...], ...]  # paragraphs


def html(article: Article) -> str:
    """Every other paragraph is a list item."""
    made = [" ".join(sentence.text for sentence in paragraph) for paragraph in article if paragraph]
    return "".join(f"<p>{text}</p>" if number % 2 else f"<ul><li>{text}</li></ul>" for number, text in enumerate(made))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Sentences of two clauses; no two share a word, so that it is clear which is which."""
    words, article = list(draw(st.permutations(_WORDS))), []
    for size in draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)):
        paragraph = []
        for _ in range(size):
            length = draw(st.integers(4, 6))
            own, words = words[:length], words[length:]
            middle = length // 2
            text = f"{' '.join(own[:middle]).capitalize()}, and {' '.join(own[middle:])}."
            paragraph.append(Sentence(text, (text,)))
        article.append(tuple(paragraph))
    return tuple(article)


@st.composite
def edited(draw: st.DrawFn, article: Article, *, kept: bool = False) -> Article:
    """The article after up to four edits, each of other sentences; where it is `kept`, none of them is deleted."""
    touched: set[str] = set()
    for _ in range(draw(st.integers(1, 4))):
        edit = draw(st.sampled_from([each for each in _EDITS if not (kept and each is _delete)]))
        article = edit(draw, article, touched)
    return article


def _places(article: Article, touched: set[str], least: int = 0) -> list[tuple[int, int]]:
    """Where sentences stand that were not edited yet and have so many words."""
    return [
        (row, column)
        for row, paragraph in enumerate(article)
        for column, sentence in enumerate(paragraph)
        if sentence.text not in touched and sentence.text.count(" ") + 1 >= least
    ]


def _with(article: Article, row: int, paragraph: tuple[Sentence, ...]) -> Article:
    return (*article[:row], paragraph, *article[row + 1 :])


def reworded(draw: st.DrawFn, article: Article) -> Article:
    """The article with one word of up to three sentences changed."""
    touched: set[str] = set()
    for _ in range(draw(st.integers(1, 3))):
        article = _edit(draw, article, touched)
    return article


def _edit(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    """One word becomes another."""
    places = _places(article, touched, least=4)
    if not places:
        return article
    row, column = draw(st.sampled_from(places))
    sentence = article[row][column]
    words = sentence.text.split(" ")
    at = draw(st.integers(1, len(words) - 2))
    words[at] = draw(st.sampled_from(["newly", "gently", "barely"]))
    made = replace(sentence, text=" ".join(words))
    touched.add(made.text)
    return _with(article, row, (*article[row][:column], made, *article[row][column + 1 :]))


def _retag(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    """One word becomes bold."""
    places = _places(article, touched, least=4)
    if not places:
        return article
    row, column = draw(st.sampled_from(places))
    sentence = article[row][column]
    words = sentence.text.split(" ")
    at = draw(st.integers(1, len(words) - 2))
    words[at] = f"<strong>{words[at]}</strong>"
    made = replace(sentence, text=" ".join(words))
    touched.add(made.text)
    return _with(article, row, (*article[row][:column], made, *article[row][column + 1 :]))


def _delete(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    places = _places(article, touched)
    if len(places) < 2:
        return article
    row, column = draw(st.sampled_from(places))
    return _with(article, row, (*article[row][:column], *article[row][column + 1 :]))


def _insert(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    row = draw(st.integers(0, len(article) - 1))
    column = draw(st.integers(0, len(article[row])))
    text = draw(
        st.sampled_from(["Now read this!", "Please write to us soon.", "Everybody may come to the feast today."])
    )
    if any(sentence.text == text for paragraph in article for sentence in paragraph):
        return article
    touched.add(text)
    return _with(article, row, (*article[row][:column], Sentence(text), *article[row][column:]))


def _move(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    places = _places(article, touched)
    if not places:
        return article
    row, column = draw(st.sampled_from(places))
    sentence = article[row][column]
    article = _with(article, row, (*article[row][:column], *article[row][column + 1 :]))
    row = draw(st.integers(0, len(article) - 1))
    column = draw(st.integers(0, len(article[row])))
    return _with(article, row, (*article[row][:column], sentence, *article[row][column:]))


def _move_paragraph(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    row = draw(st.integers(0, len(article) - 1))
    rest = (*article[:row], *article[row + 1 :])
    to = draw(st.integers(0, len(rest)))
    return (*rest[:to], article[row], *rest[to:])


def _split(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    """ ", and x" becomes ". X"."""
    places = [(row, column) for row, column in _places(article, touched) if ", and " in article[row][column].text]
    if not places:
        return article
    row, column = draw(st.sampled_from(places))
    sentence = article[row][column]
    first, second = sentence.text.split(", and ", 1)
    made = (Sentence(f"{first}.", sentence.origins), Sentence(second[0].upper() + second[1:], sentence.origins))
    touched.update(each.text for each in made)
    return _with(article, row, (*article[row][:column], *made, *article[row][column + 1 :]))


def _merge(draw: st.DrawFn, article: Article, touched: set[str]) -> Article:
    """ ". X" becomes ", while x"."""
    free = {(row, column) for row, column in _places(article, touched) if article[row][column].origins}
    places = [(row, column) for row, column in free if (row, column + 1) in free]
    if not places:
        return article
    row, column = draw(st.sampled_from(sorted(places)))
    one, other = article[row][column : column + 2]
    made = Sentence(f"{one.text[:-1]}, while {other.text[0].lower()}{other.text[1:]}", (*one.origins, *other.origins))
    touched.add(made.text)
    return _with(article, row, (*article[row][:column], made, *article[row][column + 2 :]))


_EDITS = (_edit, _retag, _delete, _insert, _move, _move_paragraph, _split, _merge)


def translated(before: Settled, locale: str = "fr") -> bytes:
    """The document with every segment translated, each into words that say which text they are of."""
    fields = tuple(
        replace(
            field,
            translations={locale: {one.id: Found(french(one.text), one.text) for one in field.segments}},
        )
        for field in before.fields
    )
    return dump(replace(before, fields=fields))


def french(text: str) -> str:
    """Every word as another one, in the same order; tags and marks stay."""
    return re.sub(r"(?<![<\w/])\w+", lambda found: f"{found[0]}e", text)
