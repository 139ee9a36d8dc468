"""Record: settled documents taken apart into units and put together with what is served."""

import json

from extractors.articles.record import Record
from tests.extractors.articles.editing import record, settler
from tests.extractors.contract import served
from tests.extractors.extracting import Format
from tm_service.domain.articles import Found, load
from tm_service.domain.serving import Rule
from tm_service.domain.units import About, CatalogFile, Document, Key

ARTICLE = Format("record", "articles/6784d3a0c1f5b20012a9e0aa.json")
ENGLISH = '<p>Reeds grow. Water <em>falls</em>.</p><figure><img src="/a.png" alt="A reed"></figure>'
FRENCH = '<p>Les roseaux poussent. L’eau <em>tombe</em>.</p><figure><img src="/b.png" alt="Un roseau"></figure>'


def article(english: str = ENGLISH, before: bytes | None = None, **more: object) -> bytes:
    french = {"fr": more.pop("fr")} if "fr" in more else {}
    return settler().settle(before, record({"en": english, **french}, **more))


def key(name: str) -> Key:
    return "content", name


def merged(content: bytes, texts: dict[Key, str], rule: Rule = Rule.CURRENT, locale: str = "fr") -> bytes:
    return ARTICLE.merged(content, texts, locale, rule)


def html(content: bytes, locale: str = "fr") -> str:
    return json.loads(content)["document"]["content"][locale]


def test_units_are_the_sentences_by_their_field_and_id():
    assert ARTICLE.texts(article()) == {
        ("title",): "Reeds",
        key("s1"): "Reeds grow.",
        key("s2"): "Water <em>falls</em>.",
        key("s3"): "/a.png",
        key("s4"): "A reed",
    }


def test_an_address_is_carried_along_and_not_translated():
    content = article(ENGLISH.replace("/a.png", "a reed.png"))
    units = {unit.key: unit.translatable for unit in ARTICLE.resource(content).values}
    assert units == {("title",): True, key("s1"): True, key("s2"): True, key("s3"): False, key("s4"): True}


def test_a_unit_says_where_it_stands_whether_it_is_legal_and_what_it_was_made_of():
    first = article("<p>Reeds grow tall, and water falls down.</p>", adminTags=["legal"])
    said = ARTICLE.about(article("<p>Reeds grow tall. Water falls down.</p>", first, adminTags=["legal"]))
    assert said["title",] == About(legal=True)
    parts = [part.text for about in said.values() for part in about.parts]
    assert parts == ["Reeds grow tall, ", "and water falls down."]
    assert ARTICLE.about(article())[key("s4")].note == "alternative text"


def test_a_translation_is_read_with_the_text_it_was_made_from():
    first = article(fr=FRENCH)
    second = article(ENGLISH.replace("Reeds grow.", "Reeds grow tall."), first, fr=FRENCH)
    extractor = Record()
    read = extractor.read(Document("a.json", second), "fr")
    assert read == CatalogFile(
        {
            key("s1"): "Les roseaux poussent.",
            key("s2"): "L’eau <em>tombe</em>.",
            key("s3"): "/b.png",
            key("s4"): "Un roseau",
        },
        sources={
            key("s1"): "Reeds grow.",
            key("s2"): "Water <em>falls</em>.",
            key("s3"): "/a.png",
            key("s4"): "A reed",
        },
    )
    assert extractor.read(Document("a.json", second), "zh") == CatalogFile({})


def test_what_was_only_cut_is_unsure():
    content = article("<p>Reeds grow tall. Water falls down.</p>", fr="<p>Les roseaux poussent, et l’eau tombe.</p>")
    assert Record().read(Document("a.json", content), "fr").unsure == {key("s1"), key("s2")}


def test_a_field_is_put_together_with_what_is_served():
    texts = {("title",): "Roseaux", key("s1"): "Les roseaux poussent.", key("s3"): "/b.png"}
    made = json.loads(merged(article(), texts))["document"]
    assert made["title"] == {"en": "Reeds", "fr": "Roseaux"}
    assert made["content"]["fr"] == ENGLISH.replace("Reeds grow.", "Les roseaux poussent.").replace("/a.png", "/b.png")
    assert made["content"]["en"] == ENGLISH


def test_a_field_of_which_nothing_is_translated_stays_without_the_language():
    content = article()
    assert merged(content, ARTICLE.texts(content), Rule.MISSING) == content


def test_a_text_that_is_behind_is_served_and_no_translation_of_today():
    made = merged(article(), {key("s1"): "Les roseaux poussent."}, Rule.DATED)
    assert html(made).startswith("<p>Les roseaux poussent. Water")
    assert ARTICLE.read(made, "fr") == {}


def test_an_address_alone_makes_no_translation():
    content = article()
    assert merged(content, {key("s3"): "/b.png"}) != content
    assert "fr" not in json.loads(merged(content, {key("s3"): "/b.png"}))["document"]["content"]
    picture = article('<img src="/a.png" alt="">')
    assert html(merged(picture, {key("s1"): "/b.png"})) == '<img src="/b.png" alt="">'


def test_the_header_names_the_language_that_was_added():
    content = article(header={"identifier": "x", "languages": ["en"]})
    made = json.loads(merged(content, {("title",): "Roseaux"}))["document"]
    assert made["header"]["languages"] == ["en", "fr"]
    assert list(made) == list(json.loads(content)["document"])


def test_other_languages_and_ids_stay_as_they_are():
    content = article(fr=FRENCH)
    made = load(merged(content, {key("s1"): "Crecen los carrizos."}, locale="es"))
    was = load(content)
    assert made.document["content"].pop("es") == html(
        merged(content, {key("s1"): "Crecen los carrizos."}, locale="es"), "es"
    )
    assert made.document == was.document
    translations = made.by_path["content",].translations
    assert translations.pop("es") == {"s1": Found("Crecen los carrizos.", "Reeds grow.")}
    assert translations == was.by_path["content",].translations


def test_merging_twice_is_merging_once():
    texts = {("title",): "Roseaux", key("s1"): "Les roseaux."}
    once = merged(article(), texts)
    assert merged(once, texts) == once


def test_a_value_cannot_leave_its_quotes():
    made = merged(article(), {key("s4"): 'Un "roseau" <b>d’eau</b>'})
    assert 'alt="Un &quot;roseau&quot; &lt;b&gt;d’eau&lt;/b&gt;">' in html(made)
    assert ARTICLE.read(made, "fr")[key("s4")] == 'Un "roseau" <b>d’eau</b>'


def test_a_sentence_cannot_leave_its_block():
    made = merged(article(), {key("s2"): "L’eau <em>tombe</p><script>alert(1)</script>"})
    assert html(made).startswith(
        "<p>Reeds grow. L’eau <em>tombe&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</em></p><figure>"
    )


def test_a_file_that_is_no_settled_document_is_refused_at_its_beginning():
    assert ARTICLE.refusal(b'{"version": 1}') == (1, 1, "this is no settled document; sync the site again")
    assert ARTICLE.refusal(b"\xff") == (1, 1, "this is no settled document; sync the site again")


def test_nothing_served_is_the_same_bytes():
    content = article(fr=FRENCH)
    assert merged(content, {}) == content
    assert ARTICLE.extractor.merge(ARTICLE.resource(content), served({("title",): "Roseaux"})) == content
