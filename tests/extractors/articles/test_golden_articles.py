"""Golden articles: how each of the demo's articles is cut, in what it is told, and what its translations are taken for.

`tests/golden/articles/<article>/` holds `segments.tsv`, a line a segment with what the store says in five languages (? where it
was only aligned), and, where the story's editors change it, `edited.tsv`: the segments then, with what they were made of.
"""

from pathlib import Path

import pytest

from extractors.articles import Settler
from memory.alignment import align, segment
from tests.demo.article_texts import articles as files
from tests.fakes import BEGINNING
from tm_service.demo.articles import articles, edited
from tm_service.domain.articles import Settled, load
from tm_service.domain.records import Record, RecordEntry
from tm_service.records.places import places

GOLDEN = Path(__file__).parents[2] / "golden" / "articles"
LOCALES = ("ar", "es", "fr", "ru", "zh")
NAMES = {article["_id"]: name for name, article in files().items()}
STORY = {ref.identifier: (ref, document) for ref, document in articles()}
EDITED = [name for name, (_, document) in STORY.items() if edited(document) != document]


def _places(record):
    found = places(record)
    return found.texts, found.legal, found.national


SETTLER = Settler(segment, align, _places)


def settled(ref, document, before=None) -> bytes:
    return SETTLER.settle(before, Record(RecordEntry(ref, BEGINNING), document))


def lines(one: Settled, *, parts: bool = False) -> str:
    """A line a segment; tabs and line ends as people can see them."""
    rows = [("field", "id", "where", "en", *LOCALES, *(["made of"] if parts else []))]
    for field in one.fields:
        for part in field.segments:
            heard = [field.translations.get(locale, {}).get(part.id) for locale in LOCALES]
            said = [f"{found.text}{'' if found.sure else ' ?'}" if found else "" for found in heard]
            made = [" + ".join(f"{piece.key[-1]}[{piece.begin}:{piece.end}]" for piece in part.parts)] if parts else []
            rows.append((field.path[-1], part.id, part.note, part.text, *said, *made))
    return "".join("\t".join(map(_shown, row)) + "\n" for row in rows)


def _shown(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")


def compare(file: Path, text: str, *, accept: bool) -> None:
    if accept:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="")
    assert text == file.read_bytes().decode()


@pytest.mark.parametrize("name", STORY, ids=NAMES.get)
def test_an_article_is_cut_and_heard_as_it_was(name, accept):
    ref, document = STORY[name]
    one = load(settled(ref, document))
    assert all(field.build({}) == _english(document, field.path) for field in one.fields), (
        "rebuilding with nothing changed gives the same text"
    )
    compare(GOLDEN / NAMES[name] / "segments.tsv", lines(one), accept=accept)


@pytest.mark.parametrize("name", EDITED, ids=NAMES.get)
def test_an_edited_article_keeps_its_segments(name, accept):
    ref, document = STORY[name]
    after = load(settled(ref, edited(document), settled(ref, document)))
    compare(GOLDEN / NAMES[name] / "edited.tsv", lines(after, parts=True), accept=accept)


def test_there_are_a_dozen_in_all_languages():
    titles = [
        (GOLDEN / name / "segments.tsv").read_text("utf-8").splitlines()[1].split("\t") for name in NAMES.values()
    ]
    assert sum(all(title[3:]) for title in titles) >= 12


def _english(document, path) -> str:
    return document[path[0]]["en"]
