"""JSON5 and JSONC: comments, single quotes, keys without quotes and trailing commas are read, kept and written alike."""

import json5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.json5_reading import read_json5, unquoted5
from extractors.json_messages import JsonMessages
from extractors.json_spans import Span, walk
from extractors.pages import Page
from tests.extractors.contract import LAWS, Room, served
from tests.extractors.fuzz import never_crashes
from tests.extractors.json_documents import json_samples
from tm_service.domain.errors import ExtractionError
from tm_service.domain.units import Document

ROOM = Room(json_samples(path="sample.json5"))


def document(content: str, ending: str = "json5") -> Document:
    return Document(f"texts/a.{ending}", content.encode())


def said(content: str, dialect: str = "") -> dict:
    return {unit.key: unit.about for unit in JsonMessages(dialect).extract(document(content)).values}


def merged(content: str, texts: dict, dialect: str = "", locale: str = "") -> str:
    extractor = JsonMessages(dialect)
    return extractor.merge(extractor.extract(document(content)), served(texts), locale=locale).decode()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_contract_holds_for_files_of_texts_and_nothing_else(law):
    law(JsonMessages(), ROOM)


def test_a_broken_document_is_read_or_refused():
    never_crashes(JsonMessages(), ROOM)


@settings(max_examples=60)
@given(json_samples(path="sample.json5"))
def test_a_document_is_read_as_the_json5_library_reads_it(sample):
    text = sample.document.content.decode("utf-8-sig")
    read = read_json5(Page("a.json5", text))
    strings = [
        (tuple(map(_joined, key)), _joined(node)) for key, node in walk(json5.loads(text)) if isinstance(node, str)
    ]
    assert [(key, node) for key, node in walk(read.root) if isinstance(node, str)] == strings
    spans = [(key, span) for key, span in walk(read.layout.tree) if isinstance(span, Span)]
    assert [(key, unquoted5(text[slice(*span)])) for key, span in spans] == strings


def _joined(text: str) -> str:
    """Two halves of a character that were escaped one by one are one character; the library leaves them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@given(st.text(st.sampled_from("{}[]:,'\"\\ax1 /*\n-.u0_"), max_size=12))
def test_what_is_accepted_is_accepted_by_the_json5_library(text):
    try:
        read = read_json5(Page("a.json5", text))
    except ExtractionError:
        return
    assert len(list(walk(read.root))) == len(list(walk(json5.loads(text))))


def test_everything_that_json5_adds_is_read():
    content = r"""// Seeds
    {
      title: 'The "seed" bank', // shown on top
      $price_1: +.5e3, "hex": 0xFF, nan: -Infinity,
      list: ['it\'s', "two \
lines", 'tab\tand \x41 and \u00e9 and \v',],
      caf\u00e9: 'Coffee \q',
    }
    /* the end */
    """
    resource = JsonMessages().extract(document(content))
    assert {unit.key: unit.source for unit in resource.values} == {
        ("title",): 'The "seed" bank',
        ("list", "0"): "it's",
        ("list", "1"): "two lines",
        ("list", "2"): "tab\tand A and é and \v",
        ("café",): "Coffee q",
    }


def test_a_comment_before_a_message_or_on_its_line_is_its_note():
    notes = said("""{
      // The button of the herbarium.
      // tm:maxlength=12
      a: 'Open', /* a verb */
      /*
       * Two lines
       * of a permit.
       */
      b: "Permit",
      // ---- the harbour ----

      c: 'Quay', // tm:ignore
      d: { // of all below
        e: 'Ship', f: 'Crane' /* on the pier */, /* a bird? no */ g: 'Gull',
      },
      h: [ 'Rope', // in metres
           /* iron */ 'Anchor' ],
      i: /* tm:legal, the terms of use */ 'Terms',
    }""")
    assert {key: about.note for key, about in notes.items()} == {
        ("a",): "The button of the herbarium.\n\na verb",
        ("b",): "Two lines\nof a permit.",
        ("c",): "",
        ("d", "e"): "",
        ("d", "f"): "on the pier",
        ("d", "g"): "a bird? no",
        ("h", "0"): "in metres",
        ("h", "1"): "iron",
        ("i",): "the terms of use",
    }
    assert notes[("a",)].limit == 12
    assert [key for key, about in notes.items() if about.ignored] == [("c",)]
    assert [key for key, about in notes.items() if about.legal] == [("i",)]


def test_what_looks_like_a_comment_in_a_text_is_text():
    content = "{ a: 'see // b', c: \"/* d */\", }"
    assert merged(content, {("a",): "voir // b"}) == "{ a: 'voir // b', c: \"/* d */\", }"
    assert not any(about.note for about in said(content).values())


def test_a_target_is_written_in_the_quotes_of_its_place():
    content = """{ a: 'x', "b": "x", 'c': "x" /* y */, }"""
    text = 'l\'"eau" \\ et\n'
    written = merged(content, {("a",): text, ("b",): text})
    assert written == r"""{ a: 'l\'"eau" \\ et\n', "b": "l'\"eau\" \\ et\n", 'c': "x" /* y */, }"""


def test_of_equal_keys_the_last_counts_and_a_person_is_told():
    resource = JsonMessages().extract(document("{ // lost\n a: 'Lost', // kept\n 'a': 'Kept' }"))
    assert [(unit.source, unit.about.note) for unit in resource.values] == [("Kept", "")]
    assert [found.check for found in resource.findings] == ["duplicate-key"]


def test_entries_that_are_added_and_taken_out_leave_comments_where_they_are():
    content = "{\n  // seeds\n  s_one: 'seed', // one\n  // many\n  s_other: 'seeds', // more\n  t: 'x',\n}\n"
    chinese = merged(content, {("s",): "{count, plural, other {种子}}"}, "i18next", "zh")
    assert json5.loads(chinese) == {"s_other": "种子", "t": "x"}
    assert [comment in chinese for comment in ("// seeds", "// one", "// many", "// more")] == [True] * 4
    russian = "{count, plural, one {семя} few {семени} many {семян} other {семени}}"
    assert merged(content, {("s",): russian}, "i18next", "ru") == (
        "{\n  // seeds\n  s_one: 'семя', // one\n  // many\n  s_few: 'семени',\n  s_many: 'семян',\n"
        "  s_other: 'семени', // more\n  t: 'x',\n}\n"
    )


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ("", 1, 1, "the file is empty"),
        ("// nothing\n", 1, 1, "the file is empty"),
        ("{ a: 'b'", 1, 9, "the file ends before its last bracket is closed"),
        ("{ a: 'b\n' }", 1, 6, "the string that begins here has no closing quote on its line"),
        ("{ /* a: 'b' }", 1, 3, "the comment that begins here has no end"),
        ("{ a: b }", 1, 6, "a value is missing here; a text needs quotes"),
        ("{ a b: 'c' }", 1, 5, "a colon is missing after the key"),
        ("{ a: 'b' 'c': 'd' }", 1, 10, "a comma or a closing bracket is missing here"),
        ("{ a: 'b',, }", 1, 10, "a key is missing here"),
        ("{ , }", 1, 3, "a key is missing here"),
        ("[ 'a',, 'b' ]", 1, 7, "a value is missing here"),
        ("{ a: }", 1, 6, "a value is missing here"),
        ("{ a: 'b' ]", 1, 10, "a comma or a closing bracket is missing here"),
        ("{ 1a: 'b' }", 1, 3, "a key such as this needs quotes"),
        ("{ a: 'b' }\n{", 2, 1, "something follows after the end of the document"),
        ("'a'", 1, 1, "message files hold an object or an array, and this is a single value"),
        ("{ a: 'b\\u12' }", 1, 8, "the backslash here begins no escape that JSON5 knows"),
        ("{ a: / }", 1, 6, "this is neither a value nor a comment"),
        ("[" * 101, 1, 101, "objects and arrays are nested more than 100 levels deep"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, line, column, reason):
    with pytest.raises(ExtractionError) as caught:
        JsonMessages().extract(document(content))
    assert (caught.value.line, caught.value.column, caught.value.reason) == (line, column, reason)


def test_a_file_that_says_json_is_held_to_json_but_for_chromes():
    content = '{\n  // The name of the extension.\n  "name": {"message": "Herbarium"}\n}'
    with pytest.raises(ExtractionError):
        JsonMessages().extract(document(content, "json"))
    resource = JsonMessages("chrome").extract(document(content, "json"))
    assert [(unit.key, unit.about.note) for unit in resource.values] == [
        (("name",), "The name of the extension."),
    ]
