"""Settling: ids, parts and translations of an article from one version to the next."""

import pytest
from hypothesis import given

from extractors.articles import Settler, places_of_article
from memory.alignment import Sentence, align
from tests.extractors.articles.editing import record, settled, settler
from tests.extractors.articles.test_cutting import HTML
from tm_service.domain.articles import Found, Segment, Settled, TextField, dump, load
from tm_service.domain.parts import derived
from tm_service.domain.records import Place

ENGLISH = (
    "<p>The reeds are cut in autumn. They dry in the barn. Children carry them home.</p>"
    "<h2>Visits</h2><p>Come by boat.</p>"
)
FRENCH = (
    "<p>Les roseaux sont coupés en automne. Ils sèchent dans la grange. Les enfants les portent à la maison.</p>"
    "<h2>Visites</h2><p>Venez en bateau.</p>"
)


def content(document: Settled) -> TextField:
    return document.by_path["content",]


def ids(document: Settled) -> dict[str, str]:
    return {segment.text: segment.id for segment in content(document).segments}


def segment_of(document: Settled, text: str) -> Segment:
    return next(segment for segment in content(document).segments if segment.text == text)


def said(document: Settled, locale: str = "fr") -> dict[str, Found]:
    """What the store says of each sentence."""
    found = content(document).translations.get(locale, {})
    return {segment.text: found[segment.id] for segment in content(document).segments if segment.id in found}


def texts(document: Settled, locale: str = "fr") -> dict[str, str]:
    return {text: found.text for text, found in said(document, locale).items()}


def first(**languages: str) -> Settled:
    return settled(None, {"en": ENGLISH, **languages})


def test_segments_are_numbered_in_their_order():
    assert list(ids(first()).values()) == ["s1", "s2", "s3", "s4", "s5"]
    assert first().last == 5


def test_a_plain_field_is_one_text_without_an_id():
    title = first().by_path["title",]
    assert (title.segments, title.layout, title.rich) == ((Segment("", "Reeds"),), ("", ""), False)


def test_a_blank_field_has_no_segments():
    document = settled(None, {"fr": FRENCH}, title={"en": " "})
    assert [field.segments for field in document.fields] == [(), ()]
    assert [field.build({}) for field in document.fields] == [" ", ""]


@pytest.mark.parametrize(
    ("more", "legal"),
    [
        ({}, False),
        ({"customProperties": {"parity": True}}, True),
        ({"customProperties": {"parity": "true"}}, False),
        ({"adminTags": ["abs", "legal"]}, True),
        ({"adminTags": "legal"}, False),
    ],
)
def test_an_article_says_whether_it_is_legal(more, legal):
    assert settled(None, {"en": ENGLISH}, **more).legal is legal


def test_what_the_store_says_is_told_by_sentence():
    found = said(first(fr=FRENCH))
    assert found["They dry in the barn."] == Found("Ils sèchent dans la grange.", "They dry in the barn.", sure=True)
    assert len(found) == 5
    assert first(fr=FRENCH).by_path["title",].translations == {}


def test_an_edited_sentence_keeps_its_id_and_its_translation_that_of_the_text_it_was_made_from():
    before = first(fr=FRENCH)
    after = settled(dump(before), {"en": ENGLISH.replace("in the barn", "in the old barn"), "fr": FRENCH})
    assert ids(after)["They dry in the old barn."] == ids(before)["They dry in the barn."]
    assert said(after)["They dry in the old barn."] == Found("Ils sèchent dans la grange.", "They dry in the barn.")
    assert after.last == before.last


def test_translations_that_the_store_cleared_are_carried_over():
    """On the real site, saving a changed English article clears its five translations."""
    before = first(fr=FRENCH, es=FRENCH.replace("Visites", "Visitas"))
    cleared = settled(dump(before), {"en": ENGLISH.replace("Come by boat", "Come on foot"), "fr": ""})
    assert content(cleared).translations == content(before).translations
    again = settled(dump(cleared), {"en": ENGLISH})
    assert content(again).translations == content(before).translations


def test_what_comes_back_from_the_store_as_it_was_is_no_news():
    before = first(fr=FRENCH)
    cleared = settled(dump(before), {"en": ENGLISH.replace("in the barn", "in the loft")})
    back = settled(dump(cleared), {"en": ENGLISH.replace("in the barn", "in the loft"), "fr": FRENCH})
    assert said(back) == said(cleared)
    assert said(back)["They dry in the loft."].source == "They dry in the barn."


def test_a_translation_that_somebody_changed_in_the_store_is_one_of_today():
    before = first(fr=FRENCH)
    english, french = ENGLISH.replace("in the barn", "in the loft"), FRENCH.replace("la grange", "le grenier")
    after = said(settled(dump(before), {"en": english, "fr": french}))
    assert after["They dry in the loft."] == Found("Ils sèchent dans le grenier.", "They dry in the loft.")
    assert after["Come by boat."] == said(before)["Come by boat."]


def test_a_behind_sentence_is_not_bound_to_the_text_of_today_because_another_one_changed():
    before = first(fr=FRENCH)
    english, french = ENGLISH.replace("in the barn", "in the loft"), FRENCH.replace("en bateau", "par bateau")
    after = said(settled(dump(before), {"en": english, "fr": french}))
    assert after["They dry in the loft."].source == "They dry in the barn."
    assert after["Come by boat."] == Found("Venez par bateau.", "Come by boat.")


def test_a_sentence_that_is_the_same_as_the_source_is_no_translation():
    assert "Come by boat." not in texts(first(fr=FRENCH.replace("Venez en bateau.", "Come by boat.")))


def test_a_label_may_be_the_same_on_purpose():
    assert texts(first(fr=FRENCH.replace("Visites", "Visits")))["Visits"] == "Visits"


def test_a_sentence_that_became_two_is_told_to_both():
    before = settled(None, {"en": "<p>The reeds are cut in autumn, and they dry in the barn until spring.</p>"})
    after = settled(dump(before), {"en": "<p>The reeds are cut in autumn. They dry in the barn until spring.</p>"})
    one, two = content(after).segments
    whole = content(before).segments[0].text
    assert {one.id, two.id} == {"s1", "s2"}
    assert two.id == "s1"  # the one more alike
    assert [part.text for segment in (one, two) for part in segment.parts] == [whole[:29], whole[29:]]
    assert {part.key for segment in (one, two) for part in segment.parts} == {("content", "s1")}


def test_two_sentences_that_became_one_are_both_named():
    before = first(fr=FRENCH)
    joined = ENGLISH.replace("autumn. They dry", "autumn, then they dry")
    after = settled(dump(before), {"en": joined})
    segment = segment_of(after, "The reeds are cut in autumn, then they dry in the barn.")
    assert segment.id == "s1"
    assert [(part.key[-1], part.text) for part in segment.parts] == [
        ("s1", "The reeds are cut in autumn."),
        ("s2", "They dry in the barn."),
    ]
    assert content(after).translations["fr"]["s2"].text == "Ils sèchent dans la grange."


def test_parts_stay_through_edits_until_the_sentence_was_translated_itself():
    before = settled(
        None, {"en": "<p>The reeds are cut in autumn, and they dry in the barn.</p>", "fr": "<p>A, et B.</p>"}
    )
    two = settled(dump(before), {"en": "<p>The reeds are cut in autumn. They dry in the barn.</p>"})
    edited = settled(dump(two), {"en": "<p>The reeds are cut in autumn. They dry in the big barn.</p>"})
    assert [one.parts for one in content(edited).segments] == [one.parts for one in content(two).segments]
    french = {"fr": "<p>On coupe en automne. Ils sèchent dans la grange.</p>"}
    told = settled(dump(edited), {"en": edited_text(edited), **french})
    last = settled(dump(told), {"en": "<p>The reeds are cut in autumn. They dry in the huge barn.</p>", **french})
    assert content(last).segments[0].parts == content(two).segments[0].parts
    assert content(last).segments[1].parts == ()


def edited_text(document: Settled) -> str:
    return content(document).build({})


def test_a_piece_that_is_cut_again_is_told_to_the_text_that_was_translated():
    before = settled(
        None,
        {
            "en": "<p>The reeds are cut, and they dry in barns, and children carry them home.</p>",
            "fr": "<p>A, B, C.</p>",
        },
    )
    two = settled(dump(before), {"en": "<p>The reeds are cut. They dry in barns, and children carry them home.</p>"})
    three = settled(dump(two), {"en": "<p>The reeds are cut. They dry in barns. Children carry them home.</p>"})
    parts = [part for segment in content(three).segments for part in segment.parts]
    assert {(part.key, part.source) for part in parts} == {(("content", "s1"), content(before).segments[0].text)}
    assert [part.text for part in parts] == [
        "The reeds are cut, ",
        "and they dry in barns, ",
        "and children carry them home.",
    ]
    assert content(three).translations["fr"]["s1"].text == "A, B, C."


def test_a_sentence_rewritten_between_its_neighbours_keeps_its_id():
    before = first()
    after = settled(dump(before), {"en": ENGLISH.replace("They dry in the barn.", "Nothing else happens all winter.")})
    assert ids(after)["Nothing else happens all winter."] == "s2"


def test_another_picture_is_not_the_one_before_and_its_description_is():
    """Nobody is asked to translate an address: what was made for the old one would be shown for ever."""
    image = '<img src="/{0}.png" alt="A {0} on the quiet lake">'
    before = settled(None, {"en": image.format("heron"), "fr": '<img src="/fr/heron.png" alt="Un héron sur le lac">'})
    after = settled(dump(before), {"en": image.format("swan")})
    assert ids(after) == {"/swan.png": "s3", "A swan on the quiet lake": "s2"}
    assert texts(after) == {"A swan on the quiet lake": "Un héron sur le lac"}


def test_an_id_that_was_given_is_never_given_again():
    before = first()
    shorter = settled(dump(before), {"en": "<h2>Visits</h2>"})
    longer = settled(dump(shorter), {"en": "<h2>Visits</h2><p>Bring a lamp and a rope.</p>"})
    assert ids(longer) == {"Visits": "s4", "Bring a lamp and a rope.": "s6"}


def test_the_same_sentence_twice_keeps_both_ids():
    before = settled(None, {"en": "<p>Ask us.</p><p>Reeds grow.</p><p>Ask us.</p>"})
    after = settled(dump(before), {"en": "<p>Ask us.</p><p>Reeds grow.</p><p>Water falls.</p><p>Ask us.</p>"})
    assert [segment.id for segment in content(after).segments] == ["s1", "s2", "s4", "s3"]


def test_a_translation_of_two_sentences_for_one_is_joined_and_of_one_for_two_is_cut():
    english = "<p>The reeds are cut in autumn.</p><p>They dry in the barn. Children carry them home.</p>"
    french = (
        "<p>Les roseaux sont coupés. C’est l’automne.</p><p>Ils sèchent dans la grange, et les enfants les portent.</p>"
    )
    assert said(settled(None, {"en": english, "fr": french})) == {
        "The reeds are cut in autumn.": Found(
            "Les roseaux sont coupés. C’est l’automne.", "The reeds are cut in autumn."
        ),
        "They dry in the barn.": Found("Ils sèchent dans la grange,", "They dry in the barn.", sure=False),
        "Children carry them home.": Found("et les enfants les portent.", "Children carry them home.", sure=False),
    }


def test_a_paragraph_that_a_language_has_more_is_told_with_the_one_before():
    english = "<p>In 2019 nine gardens met in Marshmere.</p><p>In 2021 they met in Fenbridge again.</p>"
    french = (
        "<p>En 2019, neuf jardins se sont réunis à Marshmere.</p><p>Il faisait froid.</p>"
        "<p>En 2021, ils se sont de nouveau réunis à Fenbridge.</p>"
    )
    found = texts(settled(None, {"en": english, "fr": french}))
    assert " ".join(found.values()) == (
        "En 2019, neuf jardins se sont réunis à Marshmere. Il faisait froid. "
        "En 2021, ils se sont de nouveau réunis à Fenbridge."
    )


def test_values_of_attributes_are_told_wherever_they_stand():
    english = '<p><img src="/en.png" alt="Reeds"></p><p>Read <a href="/h" title="All answers">this</a> now.</p>'
    french = (
        '<p><img src="/fr.png" alt="Roseaux"></p><p>Lisez <a href="/h" title="Toutes les réponses">ceci</a> ici.</p>'
    )
    document = settled(None, {"en": english, "fr": french})
    assert texts(document) == {
        "/en.png": "/fr.png",
        "Reeds": "Roseaux",
        'Read <a href="/h" title="All answers">this</a> now.': 'Lisez <a href="/h" title="All answers">ceci</a> ici.',
        "All answers": "Toutes les réponses",
    }
    names = {name: found.text for name, found in content(document).translations["fr"].items()}
    assert content(document).build(names) == french


def test_a_link_that_only_the_translation_has_stays_in_it():
    document = settled(None, {"en": "<p>Read it.</p>", "fr": '<p><a href="/x">Lisez-le.</a></p>'})
    assert texts(document) == {"Read it.": '<a href="/x">Lisez-le.</a>'}


def test_a_text_moves_to_another_field_with_its_id_and_says_where_it_was():
    places = (Place(("content",), rich=True), Place(("more",), rich=True))
    made = settler()
    made.places = lambda _: (places, False, True)
    before = made.settle(None, record({"en": "<p>Reeds grow. Water falls.</p>"}, more={"en": "<p>Fish swim.</p>"}))
    moved = record({"en": "<p>Reeds grow.</p>"}, more={"en": "<p>Fish swim. Water falls.</p>"})
    after = load(made.settle(before, moved))
    segments = after.by_path["more",].segments
    assert [segment.id for segment in segments] == ["s3", "s2"]
    assert [part.key for part in segments[1].parts] == [("content", "s2")]
    assert after.national


def test_items_of_a_list_take_their_translations_along():
    made = settler()
    made.places = lambda record: (
        [Place(("tags", str(number))) for number in range(len(record.document["tags"]))],
        False,
        False,
    )
    tags = [{"en": "reeds", "fr": "roseaux"}, {"en": "rushes", "fr": "joncs"}]
    before = made.settle(None, record({}, tags=tags))
    after = load(made.settle(before, record({}, tags=[{"en": "sedges"}, {"en": "reeds"}, {"en": "rushes"}])))
    assert [field.translations for field in after.fields] == [
        {},
        {"fr": {"": Found("roseaux", "reeds")}},
        {"fr": {"": Found("joncs", "rushes")}},
    ]


def test_other_rules_of_sentences_cost_no_translation():
    """A paragraph that was one text is three sentences by the rules of today, and says what each was made of."""
    whole = Settler(lambda text, _: [Sentence(text, 0, len(text))], align, places_of_article)
    before = whole.settle(None, record({"en": ENGLISH, "fr": FRENCH}))
    french = FRENCH.replace("Venez en bateau", "Prenez un bateau")
    after = load(settler().settle(before, record({"en": ENGLISH, "fr": french})))
    parts = [part for segment in content(after).segments[:3] for part in segment.parts]
    assert "".join(part.text for part in parts) == content(load(before)).segments[0].text
    told = {part.key: said(load(before))[part.source].text for part in parts}
    pieces = [derived(segment.parts, told, "fr") for segment in content(after).segments[:3]]
    assert [target for _, target in pieces] == [
        "Les roseaux sont coupés en automne.",
        "Ils sèchent dans la grange.",
        "Les enfants les portent à la maison.",
    ]
    assert said(after)["Come by boat."] == Found("Prenez un bateau.", "Come by boat.")


def test_what_follows_from_parts_is_no_news_when_it_comes_back():
    """Otherwise our own text, which nobody has seen yet, would count as a translation of today's."""
    before = settled(
        None, {"en": "<p>The reeds are cut in autumn, and they dry in the barn.</p>", "fr": "<p>A, et B.</p>"}
    )
    english = "<p>The reeds are cut in autumn. They dry in the barn.</p>"
    two = settled(dump(before), {"en": english})
    back = settled(dump(two), {"en": english, "fr": "<p>A, et B.</p>"})
    assert content(back).translations == content(two).translations


def test_the_same_document_settles_alike_and_what_is_no_settled_document_is_refused():
    before = settler().settle(None, record({"en": ENGLISH, "fr": FRENCH}))
    assert settler().settle(before, record({"en": ENGLISH, "fr": FRENCH})) == before
    with pytest.raises(ValueError, match="no settled document"):
        settler().settle(b"{}", record({"en": ENGLISH}))


@given(HTML, HTML, HTML, HTML)
def test_whatever_is_written_settles_and_is_built_again(english, french, later, later_french):
    before = settled(None, {"en": english, "fr": french})
    assert content(before).build({}) == english
    after = settled(dump(before), {"en": later, "fr": later_french})
    assert content(after).build({}) == later
    names = [segment.id for segment in content(after).segments]
    assert len(set(names)) == len(names)
    assert load(dump(after)) == after
