"""The story of the demo's articles: what editors change, what is work for translators then, and what they answer."""

import re
from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from lxml import etree

from extractors.articles import Settler
from memory.alignment import align, segment
from tests.demo.article_texts import FOLDER, LOCALES, blocks, numbers, text
from tests.demo.test_translator import read_back, written_source
from tm_service.checks import HouseChecks
from tm_service.demo.articles import article_phrases, articles, edited
from tm_service.demo.phrases import phrase_book
from tm_service.demo.translator import translate
from tm_service.domain.articles import dump, load
from tm_service.domain.errors import Conflict
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.records import ARTICLE, Record, RecordEntry
from tm_service.domain.text import parse
from tm_service.records.places import places
from tm_service.records.schemas import schema
from tm_service.records.validation import problems

ARTICLES = {document["_id"]: (ref, document) for ref, document in articles()}
PHRASES = article_phrases()
RULES, HANDBOOK = "6784f21cc1f5b20012a9e005", "67a0b264c1f5b20012a9e006"
PEAT, FUND = "691d5a9cc1f5b20012a9e00e", "690b2d58c1f5b20012a9e00d"
LACKING = {PEAT: set(LOCALES[1:]), FUND: {"ar", "zh"}}

SPLIT = "Tell the Secretariat when a deputy leaves; we close the account on the same day."
HALVES = ["Tell the Secretariat when a deputy leaves.", "We close the account on the same day."]
CHANGED = {
    RULES: "A withdrawal shall not affect requests that have already been accepted.",
    HANDBOOK: "One photograph shows the whole plant, a second one the seeds beside a ruler.",
}


def places_of(record):
    there = places(record)
    return there.texts, there.legal, there.national


SETTLER = Settler(segment, align, places_of)


def settled(ref, document, before=None):
    entry = RecordEntry(ref, datetime(2026, 11, 22, tzinfo=UTC))
    return load(SETTLER.settle(dump(before) if before else None, Record(entry, document)))


@pytest.fixture(scope="module")
def versions():
    """Of each article that is edited, its fields before and after."""
    found = {}
    for identifier in (RULES, HANDBOOK):
        ref, document = ARTICLES[identifier]
        before = settled(ref, document)
        found[identifier] = before, settled(ref, edited(document), before)
    return found


def content(version):
    return version.by_path["content",].segments


def news(before, after):
    """The segments whose text was nowhere before."""
    known = {segment.text for segment in content(before)}
    return [segment for segment in content(after) if segment.text not in known]


def test_every_article_of_the_folder_is_there_the_same_each_time():
    assert len(ARTICLES) == len(list(FOLDER.glob("*.json")))
    assert [ref for ref, _ in articles()] == [ref for ref, _ in ARTICLES.values()]
    assert all(ref.kind == ARTICLE and ref.identifier == identifier for identifier, (ref, _) in ARTICLES.items())
    for _ref, document in articles():
        document.clear()
    assert {ref.identifier: (ref, document) for ref, document in articles()} == ARTICLES


def messages(document):
    return [(finding.severity, finding.message) for finding in problems(schema(ARTICLE), document)]


def test_articles_are_valid_but_for_what_their_editors_are_asked_about():
    """Anchors, say, are not on the list of what rich text may have; none of it is an error."""
    for _ref, document in ARTICLES.values():
        assert [said for severity, said in messages(document) if severity is Severity.ERROR] == []


@pytest.mark.parametrize("identifier", ARTICLES)
def test_an_edit_is_of_the_english_content_and_of_nothing_else(identifier):
    _ref, document = ARTICLES[identifier]
    kept = deepcopy(document)
    after = edited(document)
    assert document == kept
    assert (after != document) == (identifier in (RULES, HANDBOOK))
    assert {name: value for name, value in after.items() if name != "content"} == {
        name: value for name, value in document.items() if name != "content"
    }
    assert list(after["content"]) == list(document["content"])
    assert {locale for locale in after["content"] if after["content"][locale] != document["content"][locale]} <= {"en"}


@pytest.mark.parametrize("identifier", [RULES, HANDBOOK])
def test_an_edited_article_is_valid_and_its_summary_still_the_beginning_of_its_text(identifier):
    after = edited(ARTICLES[identifier][1])
    assert messages(after) == messages(ARTICLES[identifier][1])
    assert after["summary"]["en"] == text(after["content"]["en"])[:100].rstrip()


@pytest.mark.parametrize("identifier", [RULES, HANDBOOK])
def test_an_article_is_edited_once(identifier):
    with pytest.raises(
        Conflict, match=r"^The article does not say “.+” once; begin with the article as the demo has it\.$"
    ):
        edited(edited(ARTICLES[identifier][1]))


def test_an_article_without_its_english_is_not_edited():
    with pytest.raises(Conflict):
        edited({"_id": RULES, "title": {"en": "Rules"}, "content": {"fr": "<p>Règles</p>"}})


def test_in_the_legal_text_one_sentence_changes(versions):
    before, after = versions[RULES]
    assert after.legal
    (changed,) = news(before, after)
    was = {segment.id: segment.text for segment in content(before)}
    assert was[changed.id] == CHANGED[RULES]
    assert [segment.id for segment in content(after)] == list(was)


def test_in_the_handbook_one_sentence_changes_and_one_becomes_two(versions):
    before, after = versions[HANDBOOK]
    changed, *halves = sorted(news(before, after), key=lambda segment: segment.text in HALVES)
    was = {segment.id: segment.text for segment in content(before)}
    assert was[changed.id] == CHANGED[HANDBOOK]
    assert [segment.text for segment in halves] == HALVES
    assert {part.source for half in halves for part in half.parts} == {SPLIT}
    assert [
        segment.text for segment in content(before) if segment.text not in {one.text for one in content(after)}
    ] == [
        SPLIT,
        CHANGED[HANDBOOK],
    ]


def test_in_the_handbook_one_paragraph_goes_elsewhere_with_its_sentences(versions):
    before, after = versions[HANDBOOK]
    moved = [segment.id for segment in content(before) if segment.text.startswith("In 2025, we received")]
    first = [segment.id for segment in content(before)].index(moved[0])
    moved = [segment.id for segment in content(before)][first : first + 4]
    stayed = {segment.id for segment in content(before)} & {segment.id for segment in content(after)}
    left = [segment.id for segment in content(before) if segment.id in stayed and segment.id not in moved]
    order = [segment.id for segment in content(after) if segment.id in stayed]
    place = order.index(moved[0])
    assert order[place : place + 4] == moved
    assert [one for one in order if one not in moved] == left
    assert place > first + 10
    texts = {segment.id: segment.text for segment in content(after)}
    assert texts[order[place - 1]] == "Ask recipients for their reports."
    assert texts[order[place + 4]] == "Thank you for your work."


def test_a_translation_of_what_did_not_change_is_kept_in_five_languages(versions):
    """But for numbers and names that are the same in both languages: they are nobody's translation."""
    for before, after in versions.values():
        new = news(before, after)
        for locale in LOCALES[1:]:
            known, article = after.by_path["content",].translations[locale], after.document["content"][locale]
            lost = [segment.text for segment in content(after) if segment not in new and segment.id not in known]
            assert [words for words in lost if not re.search(rf'[>"]{re.escape(words)}[<"]', article)] == []


def test_the_translators_know_every_segment_that_is_work(versions):
    wanted = {segment.text: set(LOCALES[1:]) for pair in versions.values() for segment in news(*pair)}
    for identifier, locales in LACKING.items():
        fields = settled(*ARTICLES[identifier]).fields
        wanted |= {segment.text: locales for field in fields for segment in field.segments}
    assert {english: set(PHRASES.get(english, ())) for english in wanted} == wanted


def test_the_translators_know_nothing_that_no_article_says():
    said = {
        segment.text
        for ref, document in ARTICLES.values()
        for field in settled(ref, edited(document)).fields
        for segment in field.segments
    }
    assert set(PHRASES) - said == set()


def test_a_translation_is_its_english_only_where_it_is_a_name_or_a_temperature():
    same = {english for english, said in PHRASES.items() if english in said.values()}
    assert same == {"Marshmere", "Ilse", "4 °C", "−18 °C"}


def test_the_translators_say_nothing_else_of_what_the_phrase_book_has():
    book = phrase_book()
    assert [
        english for english, said in PHRASES.items() if english in book and {**book[english], **said} != book[english]
    ] == []


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_every_answer_comes_back_in_a_package(locale):
    known = {english: said[locale] for english, said in PHRASES.items() if locale in said}
    units = "".join(f"<trans-unit id='{n}'>{written_source(english)}</trans-unit>" for n, english in enumerate(known))
    package = f"<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'>{units}</xliff>".encode()
    returned = etree.fromstring(translate(package, PHRASES, locale)).iter("{*}target")
    assert [read_back(target, english) for target, english in zip(returned, known, strict=True)] == list(known.values())


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_the_checks_of_the_house_find_nothing_in_the_answers(locale):
    """But that a name is the same in both languages, which it is meant to be."""
    pairs = [(english, said[locale]) for english, said in PHRASES.items() if said.get(locale, english) != english]
    wrong = [
        (english, target, finding.message)
        for english, target in pairs
        for finding in HouseChecks().check(Pair(english, target, locale))
        if finding.severity is not Severity.NOTE
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_an_answer_has_the_tags_and_numbers_of_its_english_and_the_signs_of_its_language(locale):
    signs = {
        "fr": "(?<!\u00a0)[:;?!»]",
        "ar": "[,;?]",
        "zh": r"[\u4e00-\u9fff][,;:?!.()]",
        "es": "['\"]",
        "ru": "['\"]",
    }
    for english, said in PHRASES.items():
        if locale in said:
            plain, target = parse(english).plain, parse(said[locale]).plain
            has_months = bool(re.search("February|December", plain))
            assert numbers(target, locale, has_months=has_months) == numbers(plain, "en", has_months=has_months), target
            assert Counter(code.data for code in parse(said[locale]).codes) == Counter(
                code.data for code in parse(english).codes
            )
            assert re.findall(signs[locale], target) == [], target


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_the_answers_put_in_place_give_the_edited_articles_in_every_language(versions, locale):
    """Nothing is left in English, and the blocks are those of the English."""
    for before, after in versions.values():
        field = after.by_path["content",]
        kept = {name: found.text for name, found in field.translations[locale].items()}
        said = {segment.id: PHRASES[segment.text][locale] for segment in news(before, after)}
        built = field.build({**kept, **said})
        assert [block.tags for block in blocks(built)] == [block.tags for block in blocks(field.build({}))]
        shown, english = text(built), [segment.text for segment in field.segments if len(segment.text.split()) > 2]
        assert [words for words in english if words in shown] == []
