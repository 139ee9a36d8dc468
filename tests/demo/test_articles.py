"""Articles of the demo: true to their format, the same in every language, and rich in what editors write."""

import json
import re
from collections import Counter
from datetime import datetime
from unicodedata import normalize

import pytest

from tests.demo.article_constructs import CONSTRUCTS
from tests.demo.article_texts import (
    FOLDER,
    LOCALES,
    articles,
    blocks,
    numbers,
    pairs,
    sentences,
    text,
)
from tm_service.checks import HouseChecks
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair

ARTICLES = articles()

# What is not in all languages, or not sentence by sentence: for tests of alignment and of fallback.
LACKING = {"travel-fund-2026": {"ar", "zh"}, "peat-in-pots": {"ar", "es", "fr", "ru", "zh"}}
OLDER = {  # article and language; English sentences of a block that an older translation joined, or left out
    ("voices-from-the-reedbed", "fr"): {
        "joined": "The water came in March. By April, the paths were gone.",
        "left out": "My father would have laughed, she says, and then he would have fetched his scythe.",
    }
}

TRANSLATED = [(slug, locale) for slug, article in ARTICLES.items() for locale in article["content"] if locale != "en"]
PARALLEL = [pair for pair in TRANSLATED if pair not in OLDER]
OF = {locale: [slug for slug, article in ARTICLES.items() if locale in article["content"]] for locale in LOCALES}

KEYS = [
    "_id", "title", "content", "summary", "tags", "customTags", "adminTags", "coverImage", "attachments",
    "customProperties", "meta",
]  # fmt: skip
MONTHS = re.compile("January|February|March|April|May|June|July|August|September|October|November|December")

# Findings of the checks that a reader would not share, with the reason.
ACCEPTED = {
    ("completeness", "Marshmere"): "the same name in both languages",
    ("completeness", "Ilse"): "the same name in both languages",
    ("completeness", "Habitat"): "the same word in both languages",
    ("completeness", "Mangrove"): "the same word in both languages",
    ("completeness", "PDF, 2.4 MB"): "the same but for its signs",
    ("meaning", "Seeds travel badly in heat."): "the month of May allows nothing",
}


def test_there_are_enough_articles_in_six_languages():
    assert sum(set(article["content"]) == set(LOCALES) for article in ARTICLES.values()) >= 13


@pytest.mark.parametrize("slug", ARTICLES)
def test_an_article_is_in_the_common_format(slug):
    article = ARTICLES[slug]
    assert list(article) == KEYS
    assert re.fullmatch("[0-9a-f]{24}", article["_id"])
    assert set(article["coverImage"]) == {"url", "position", "size", "credits"}
    assert article["coverImage"]["position"] in {"center", "bottom", "left", "right", "top", "none"}
    assert article["coverImage"]["size"] in {"contain", "cover", "none"}
    assert all(set(file) == {"url", "filename", "contentType"} for file in article["attachments"])
    assert article["tags"] == article["customTags"] == []
    assert all(re.fullmatch("[a-z]+(?:-[a-z]+)*", tag) for tag in article["adminTags"])
    assert all(isinstance(value, str | int | bool) for value in article["customProperties"].values())
    assert set(article["meta"]) == {"createdOn", "createdBy", "modifiedOn", "modifiedBy"}
    created, modified = (datetime.fromisoformat(article["meta"][name]) for name in ("createdOn", "modifiedOn"))
    assert created <= modified


@pytest.mark.parametrize("slug", ARTICLES)
def test_a_file_is_written_as_all_files_are(slug):
    """UTF-8, indented by two, ending in one line end, in composed characters."""
    written = (FOLDER / f"{slug}.json").read_bytes().decode()
    assert written == json.dumps(ARTICLES[slug], ensure_ascii=False, indent=2) + "\n"
    assert written == normalize("NFC", written)


@pytest.mark.parametrize("slug", ARTICLES)
def test_an_article_has_its_languages_in_every_field(slug):
    wanted = [locale for locale in LOCALES if locale not in LACKING.get(slug, ())]
    for field in ("title", "content", "summary"):
        assert list(ARTICLES[slug][field]) == wanted
        assert all(value.strip() for value in ARTICLES[slug][field].values())


@pytest.mark.parametrize("slug", ARTICLES)
def test_a_summary_is_the_beginning_of_the_text(slug):
    article = ARTICLES[slug]
    for locale, content in article["content"].items():
        assert article["summary"][locale] == text(content)[:100].rstrip()


def test_identifiers_are_given_once():
    assert len({article["_id"] for article in ARTICLES.values()}) == len(ARTICLES)


@pytest.mark.parametrize("slug", ARTICLES)
def test_anchors_are_given_once_and_links_within_the_page_reach_one(slug):
    for content in ARTICLES[slug]["content"].values():
        anchors = re.findall(r' id="([^"]+)"', content)
        assert len(anchors) == len(set(anchors))
        assert set(re.findall(r'href="#([^"]+)"', content)) <= set(anchors)


@pytest.mark.parametrize(("slug", "locale"), TRANSLATED)
def test_a_translation_has_the_blocks_tags_links_and_images_of_its_english(slug, locale):
    english, other = (blocks(ARTICLES[slug]["content"][each]) for each in ("en", locale))
    assert [block.tags for block in other] == [block.tags for block in english]
    assert [block.codes for block in other] == [block.codes for block in english]
    assert [bool(block.plain.strip()) for block in other] == [bool(block.plain.strip()) for block in english]


@pytest.mark.parametrize(("slug", "locale"), TRANSLATED)
def test_what_images_and_links_say_is_translated(slug, locale):
    english, other = (
        [each for block in blocks(ARTICLES[slug]["content"][locale]) for each in block.spoken]
        for locale in ("en", locale)
    )
    assert [name for name, _ in other] == [name for name, _ in english]
    assert [pair for pair in zip(english, other, strict=True) if pair[0] == pair[1] or not pair[1][1].strip()] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_caption_of_trix_is_the_one_that_is_shown(locale):
    found = blocks(ARTICLES["notes-from-the-seed-store"]["content"][locale])
    (caption,) = [said for block in found for name, said in block.spoken if name == "caption"]
    assert caption in [block.plain for block in found]


@pytest.mark.parametrize(("slug", "locale"), PARALLEL)
def test_numbers_agree_block_by_block(slug, locale):
    for english, other in zip(*(blocks(ARTICLES[slug]["content"][each]) for each in ("en", locale)), strict=True):
        has_months = bool(MONTHS.search(english.plain))
        wanted = numbers(english.plain, "en", has_months=has_months)
        assert numbers(other.plain, locale, has_months=has_months) == wanted, other.plain


def test_arabic_is_written_in_one_kind_of_digits():
    kinds = {
        "western" if digit.isascii() else "arabic-indic"
        for slug in OF["ar"]
        for digit in re.findall(r"\d", text(ARTICLES[slug]["content"]["ar"]))
    }
    assert kinds == {"western"}


@pytest.mark.parametrize(("slug", "locale"), PARALLEL)
def test_a_block_has_the_sentences_of_its_english(slug, locale):
    for english, other in zip(*(blocks(ARTICLES[slug]["content"][each]) for each in ("en", locale)), strict=True):
        assert sentences(other.plain) == sentences(english.plain), other.plain


@pytest.mark.parametrize(("slug", "locale"), OLDER)
def test_an_older_translation_lacks_a_sentence_of_two_blocks(slug, locale):
    blocks_of = [blocks(ARTICLES[slug]["content"][each]) for each in ("en", locale)]
    fewer = [pair for pair in zip(*blocks_of, strict=True) if sentences(pair[0].plain) != sentences(pair[1].plain)]
    assert [sentences(english.plain) - sentences(other.plain) for english, other in fewer] == [1, 1]
    for (english, _), sentence in zip(fewer, OLDER[slug, locale].values(), strict=True):
        assert sentence in english.plain


@pytest.mark.parametrize(("slug", "locale"), [pair for pair in TRANSLATED if pair[1] in ("ar", "ru", "zh")])
def test_latin_letters_are_names_units_or_codes(slug, locale):
    known = {"CO", "C", "m", "MB", "PDF"} if locale != "ru" else {"CO", "C", "m", "PDF"}
    article = ARTICLES[slug]
    said = [block.bare for block in blocks(article["content"][locale])] + [article["title"][locale]]
    said += [value for block in blocks(article["content"][locale]) for _, value in block.spoken]
    plain = re.sub(r"\S+@\S+|\b(?:i{1,2}|[abc])[)）]", "", " ".join(said))
    assert set(re.findall("[A-Za-z]+", plain)) <= known


@pytest.mark.parametrize(("slug", "locale"), [pair for pair in TRANSLATED if pair[1] in ("es", "fr")])
def test_no_english_words_stand_in_spanish_or_french(slug, locale):
    article = ARTICLES[slug]
    said = " ".join([text(article["content"][locale]), article["title"][locale]]).lower()
    words = r"the|of|and|for|to|in the|if|it|not|is|was|are|will|with|we|you|your|this|that|from|they|have|seeds?"
    assert re.findall(rf"\b(?:{words})\b", re.sub(r"\S+@\S+", "", said)) == []


@pytest.mark.parametrize(("slug", "locale"), TRANSLATED)
def test_no_sentence_is_left_in_english(slug, locale):
    said = text(ARTICLES[slug]["content"][locale])
    for block in blocks(ARTICLES[slug]["content"]["en"]):
        left = [part for part in re.split(r"(?<=[.:;!?])\s+", block.plain.strip()) if part and part in said]
        assert [part for part in left if len(re.findall("[A-Za-z]{2,}", re.sub(r"\S+@\S+", "", part))) > 2] == []


@pytest.mark.parametrize("slug", OF["fr"])
def test_french_keeps_its_high_signs_with_their_words(slug):
    said = re.sub(r"<[^>]*>", "", ARTICLES[slug]["content"]["fr"]) + ARTICLES[slug]["title"]["fr"]
    said = re.sub(r"&(?:amp|lt|quot|nbsp);", lambda entity: "\u00a0" if entity[0] == "&nbsp;" else "", said)
    assert re.findall("(?<!\u00a0)[:;?!»]|«(?!\u00a0)", said) == []


@pytest.mark.parametrize("slug", OF["ar"])
def test_arabic_has_its_own_signs(slug):
    said = text(ARTICLES[slug]["content"]["ar"]) + ARTICLES[slug]["title"]["ar"]
    assert re.findall('[,;?"“”]', re.sub(r"#\S*|<", "", said)) == []


@pytest.mark.parametrize("slug", OF["zh"])
def test_chinese_has_its_own_signs(slug):
    said = text(ARTICLES[slug]["content"]["zh"]) + ARTICLES[slug]["title"]["zh"]
    assert re.findall(r'[\u4e00-\u9fff][,;:?!.()"]|[,;:?!()"][\u4e00-\u9fff]', said) == []


@pytest.mark.parametrize("slug", ARTICLES)
def test_quotes_and_apostrophes_are_curved_and_words_one_blank_apart(slug):
    for content in ARTICLES[slug]["content"].values():
        for block in blocks(content):
            assert re.findall(r"['\"]|[^\s] {2,}[^\s\u00a0]", block.plain) == []


@pytest.mark.parametrize("slug", OF["es"])
def test_spanish_opens_what_it_asks_and_cries(slug):
    for block in blocks(ARTICLES[slug]["content"]["es"]):
        assert Counter(block.plain)["¿"] == Counter(block.plain)["?"]
        assert Counter(block.plain)["¡"] == Counter(block.plain)["!"]


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_a_construct_stands_in_an_article_of_many_languages(construct):
    seen = re.compile(CONSTRUCTS[construct], re.DOTALL)
    having = [slug for slug, article in ARTICLES.items() if seen.search(article["content"]["en"])]
    assert any(len(ARTICLES[slug]["content"]) == len(LOCALES) for slug in having)


def lengths(slug):
    return [
        sentences(block.plain) for block in blocks(ARTICLES[slug]["content"]["en"]) if block.tags[-1:] == ("<p [] []>",)
    ]


def test_paragraphs_have_one_to_six_sentences():
    found = {length for slug in ARTICLES for length in lengths(slug)}
    assert found >= {1, 2, 3, 4, 5, 6}
    assert max(found) == max({1, 2, 3, 4, 5, 6})


def test_legal_texts_are_for_six_languages_at_once():
    legal = [slug for slug, article in ARTICLES.items() if "legal" in article["adminTags"]]
    assert len(legal) >= 2
    for slug in legal:
        assert ARTICLES[slug]["customProperties"]["parity"] is True
        assert set(ARTICLES[slug]["content"]) == set(LOCALES)
        assert len(re.findall(r"\b(?:shall|may)\b", text(ARTICLES[slug]["content"]["en"]))) >= 5


def test_there_is_one_of_each_kind_of_page():
    kinds = {tag for article in ARTICLES.values() for tag in article["adminTags"]}
    assert kinds >= {"about", "help", "step-by-step", "announcement", "legal", "guide"}


def test_questions_are_asked_in_headings():
    for locale, mark in zip(LOCALES, "?؟???？", strict=True):
        asked = re.findall(r"<h3>(.*?)</h3>", ARTICLES["questions-and-answers"]["content"][locale])
        assert len(asked) >= 6
        assert [question for question in asked if mark not in question] == []


def test_a_long_guide_has_at_least_sixty_sentences():
    assert (
        sum(
            sentences(block.plain)
            for block in blocks(ARTICLES["handbook-for-national-correspondents"]["content"]["en"])
        )
        >= 60
    )


@pytest.mark.parametrize(("slug", "locale"), TRANSLATED)
def test_the_checks_of_the_house_find_nothing_that_a_reader_would_mend(slug, locale):
    """Notes are advice; titles of links and alternative texts are judged as units of their own."""
    check = HouseChecks().check
    wrong = [
        (source, target, finding.message)
        for source, target in pairs(ARTICLES[slug], locale)
        for finding in check(Pair(source, target, locale))
        if finding.severity is not Severity.NOTE
        and not any(finding.check == name and source.strip().startswith(words) for name, words in ACCEPTED)
    ]
    assert wrong == []
