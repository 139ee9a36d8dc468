"""Articles: fields built from their segments, and settled documents written and read."""

import json

import pytest

from tm_service.domain.articles import Found, Segment, Settled, TextField, dump, load
from tm_service.domain.records import ARTICLE, RecordRef
from tm_service.domain.units import Part

PARTS = (Part(("content", "s1"), "Reeds grow, and water falls.", 0, 12),)
LINK = '<a href="/h" title="All answers">this</a>'
FIELD = TextField(
    ("content",),
    (
        Segment("s1", "Reeds grow.", PARTS, "list item", 0),
        Segment("s2", LINK, block=0),
        Segment("s3", "All answers", note="tool tip", attribute=True, inside="s2"),
        Segment("s4", "Reeds", note="alternative text", block=1, attribute=True),
    ),
    ("<li>", " ", "", '</li><img alt="', '">'),
    rich=True,
    translations={"fr": {"s1": Found("Les roseaux.", "Reeds.", sure=False)}},
)
SOURCE = f'<li>Reeds grow. {LINK}</li><img alt="Reeds">'
SETTLED = Settled(
    RecordRef(ARTICLE, "x"), {"content": {"en": SOURCE}, "tags": [1], "none": None}, (FIELD,), 4, legal=True
)


def test_a_field_without_other_texts_is_its_source():
    assert FIELD.build({}) == SOURCE


def test_a_value_within_a_sentence_goes_to_its_tag():
    assert FIELD.build({"s3": "Toutes"}) == SOURCE.replace("All answers", "Toutes")
    swapped = "<a title='All answers' href='/h'>ceci</a>"
    assert FIELD.build({"s2": swapped, "s3": "Toutes"}).count("title='Toutes'") == 1
    assert FIELD.build({"s2": "sans lien", "s3": "Toutes"}) == SOURCE.replace(LINK, "sans lien")


@pytest.mark.parametrize(
    ("texts", "built"),
    [
        ({"s1": "芦苇生长。", "s2": "水落。"}, "<li>芦苇生长。水落。</li>"),
        ({"s1": "芦苇生长。”", "s2": "<b>2019</b> 年"}, "<li>芦苇生长。”<b>2019</b> 年</li>"),
        ({"s1": "\ufdd00\ufdd2芦苇。\ufdd10\ufdd2", "s2": "水"}, "<li>\ufdd00\ufdd2芦苇。\ufdd10\ufdd2水</li>"),
        ({"s1": "芦苇 reeds", "s2": "水"}, "<li>芦苇 reeds 水</li>"),
        ({"s1": "Les roseaux.", "s2": "L’eau."}, "<li>Les roseaux. L’eau.</li>"),
    ],
)
def test_chinese_sentences_follow_one_another_without_a_space(texts, built):
    assert FIELD.build(texts).startswith(built)


def test_a_chinese_source_stays_as_it_is():
    field = TextField(("c",), (Segment("s1", "芦苇。"), Segment("s2", "水。")), ("<p>", " ", "</p>"), rich=True)
    assert field.build({}) == "<p>芦苇。 水。</p>"


def test_a_document_is_read_as_it_was_written_one_line_a_segment():
    written = dump(SETTLED)
    assert load(written) == SETTLED
    assert dump(load(written)) == written
    assert sum(b'"text":' in line for line in written.splitlines()) == len(FIELD.segments)
    assert json.loads(written)["document"] == SETTLED.document


@pytest.mark.parametrize(
    "written", [b"", b"[]", b"{}", b'"x"', b"null", b"\xff", dump(SETTLED).replace(b'"version": 1', b'"version": 2')]
)
def test_anything_else_is_refused(written):
    """Whatever version it says it is of."""
    with pytest.raises(ValueError, match="no settled document"):
        load(written)


@pytest.mark.parametrize(
    ("there", "wrong"),
    [
        (b'"text": "Reeds grow."', b'"text": 5'),
        (b'"id": "s1"', b'"id": ["s1"]'),
        (b'"inside": "s2"', b'"inside": "s9"'),
        (b'" ", "", "</li>', b'null, "", "</li>'),
        (b'["content"]', b'["body"]'),
        (b'["content", "s1"]', b'["content", 1]'),
        (b'["Les roseaux.", "Reeds.", false]', b'["Les roseaux."]'),
        (b'"last": 4', b'"last": null'),
        (b'"kind": "article"', b'"kind": 1'),
    ],
)
def test_a_document_of_other_shape_is_refused(there, wrong):
    written = dump(SETTLED)
    assert there in written
    with pytest.raises(ValueError, match="no settled document"):
        load(written.replace(there, wrong))
