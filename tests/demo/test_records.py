"""Records of the demo: valid, in the languages they name, naming one another truly, and with something to hide."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from unicodedata import normalize

import pytest

from extractors.articles import Settler
from memory.alignment import align, segment
from tests.demo.article_texts import LOCALES, blocks, numbers
from tests.demo.record_texts import MARKER, languages_in, plain, references, sentences, strings, translatable
from tm_service.checks import HouseChecks
from tm_service.demo.records import KINDS, identifier, records
from tm_service.domain.drafts import Standing
from tm_service.domain.findings import Severity
from tm_service.domain.pairs import Pair
from tm_service.domain.records import Actor, FieldKind, Record, RecordEntry, RecordRef
from tm_service.records.confidential import public
from tm_service.records.places import places, public_record
from tm_service.records.room import open_room
from tm_service.records.schemas import schemas
from tm_service.records.validation import problems
from tm_service.records.values import is_identifier
from tm_service.storage.sql_store import SqlStore

RECORDS = dict(records())
OF = {kind: [(ref, document) for ref, document in RECORDS.items() if ref.kind == kind] for kind in KINDS}
PUBLIC = {ref: public(schemas()[ref.kind], document) for ref, document in RECORDS.items()}
MONTHS = re.compile(
    "January|February|March|April|May|June|July|August|September|October|November|December|autumn|spring"
)

# What names nothing that readers have: a record that was withdrawn, and a revision that never was.
BROKEN = {
    (identifier("absPermit", "tarnhold-quillwort"), "relatedIRCC", identifier("absPermit", "drowned-orchids"), 0),
    (
        identifier("absCheckpointCommunique", "quillwort-parcel"),
        "absIRCCs",
        identifier("absPermit", "tarnhold-quillwort"),
        7,
    ),
}
# Findings of the checks that a reader would not share, with the reason.
ACCEPTED = {
    ("completeness", "Marshmere"): "the same name in both languages",
    ("completeness", "Port-Sorvelle"): "the same name in both languages",
    ("completeness", "Saltbridge"): "the same name in both languages",
    (
        "meaning",
        "Whoever takes seeds from the tidal lands",
    ): "the Arabic says a tenth too, in one word with what it is of",
}


def all_texts():
    return [text for ref, document in RECORDS.items() for text in translatable(ref, document)]


def pairs(locale):
    return [(text["en"], text[locale]) for text in all_texts() if "en" in text and locale in text]


def test_there_are_a_dozen_records_of_each_main_type():
    assert {kind: len(held) for kind, held in OF.items()} == dict.fromkeys(KINDS, 12)
    assert len(KINDS) == 15
    assert set(KINDS) <= set(schemas())


def test_the_documents_are_the_same_each_time_whatever_was_done_with_those_before():
    first = dict(records())
    for document in first.values():
        document.clear()
    assert dict(records()) == RECORDS
    assert list(dict(records())) == list(RECORDS)


def test_identifiers_stay_for_good():
    assert identifier("absPermit", "fen-sedges") == "8CA5A4FA-61D9-5A39-8598-013D1F6F2622"
    assert all(is_identifier(ref.identifier) for ref in RECORDS)
    assert len({ref.identifier for ref in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_valid_without_a_warning(kind):
    found = [(ref, finding.message) for ref, document in OF[kind] for finding in problems(schemas()[kind], document)]
    assert found == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_says_what_the_record_is_and_lists_the_languages_that_are_used(kind):
    for ref, document in OF[kind]:
        header = document["header"]
        assert (header["identifier"], header["schema"]) == (ref.identifier, kind)
        assert set(header["languages"]) == set(languages_in(schemas()[kind].fields, document))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_translated_is_in_every_language_of_the_record(kind):
    for ref, document in OF[kind]:
        for text in translatable(ref, document):
            assert list(text) == document["header"]["languages"], text


def test_a_third_of_the_records_are_in_several_languages_and_a_few_in_one_that_is_not_english():
    listed = Counter(tuple(document["header"]["languages"]) for document in RECORDS.values())
    assert sum(listed[languages] for languages in listed if len(languages) > 1) * 3 >= len(RECORDS)
    assert listed[LOCALES] == len(KINDS)
    assert set(listed) >= {("en",), ("fr",), ("es",), *((("en", locale)) for locale in LOCALES[1:])}
    assert listed[("en",)] * 2 > len(RECORDS)


def test_references_name_records_of_the_right_type_but_for_two():
    kinds = {ref.identifier: ref.kind for ref in RECORDS}
    wrong = {
        (ref.identifier, field, named, pinned)
        for ref, document in RECORDS.items()
        for field, named, pinned, allowed in references(ref, document)
        if kinds.get(named) not in (allowed or kinds.values()) or pinned not in (0, 1)
    }
    assert wrong == BROKEN


def test_references_are_of_many_fields_and_some_are_pinned():
    found = [(ref.kind, *one[:3]) for ref, document in RECORDS.items() for one in references(ref, document)]
    assert len({(kind, field) for kind, field, _, _ in found}) >= 30
    assert sum(pinned == 1 for *_, pinned in found) >= 6


@pytest.mark.parametrize("field", ["absCNA", "absIRCCs", "absCheckpoints", "authorities", "contacts", "organizations"])
def test_whoever_is_referred_to_is_referred_to_by_different_records(field):
    named = {one[1] for ref, document in RECORDS.items() for one in references(ref, document) if one[0] == field}
    assert len(named) >= 9


def test_what_is_confidential_has_the_marker_and_nothing_else_has():
    for ref, document in RECORDS.items():
        hidden = Counter(strings(document)) - Counter(strings(PUBLIC[ref]))
        marked = [text for text in strings(document) if MARKER in text]
        assert [text for text in marked if text not in hidden] == []
        assert MARKER in document.get("notes", MARKER)
        assert not [text for text in hidden if " " in text and MARKER not in text]


def test_a_public_document_says_nothing_confidential_and_everything_else():
    for ref, document in RECORDS.items():
        shown = PUBLIC[ref]
        assert [text for text in strings(shown) if MARKER in text] == []
        assert not [name for name in shown if name == "notes" or name.endswith("Confidential")]
        kept = {name: document[name] for name in shown}
        assert kept == shown


def test_nothing_confidential_is_offered_for_translation():
    assert [text for text in all_texts() if any(MARKER in one for one in text.values())] == []


def test_there_is_something_to_hide_in_every_type_and_behind_every_flag():
    hiding = {ref.kind for ref, document in RECORDS.items() if any(MARKER in text for text in strings(document))}
    assert hiding == set(KINDS)
    flags = {name for _ref, permit in OF["absPermit"] for name in permit if name.endswith("Confidential")}
    assert flags == {field.hidden_by for field in schemas()["absPermit"].fields if field.hidden_by}


def test_rich_text_is_as_trix_writes_it():
    rich = [
        (field.name, text)
        for ref, document in RECORDS.items()
        for field in schemas()[ref.kind].fields
        if field.kind is FieldKind.RICH and field.name in document
        for text in document[field.name].values()
    ]
    block = r"(?:<div><!--block-->(?:(?!</?div>|</?ul>).)+</div>|<ul>(?:<li><!--block-->(?:(?!</?li>).)+</li>)+</ul>)"
    assert [text for _, text in rich if not re.fullmatch(f"{block}+", text)] == []
    for construct in ("<br><br>", "<ul><li>", "<strong>", "<em>", "<a href=", "&amp;"):
        assert any(construct in text for _, text in rich), construct


def test_no_sentence_is_said_twice_not_even_with_another_number():
    said = Counter(
        one for ref, document in RECORDS.items() for text in translatable(ref, document)
        for value in text.values() for one in set(sentences(value))
    )  # fmt: skip
    assert len(said) > 500
    assert [one for one, times in said.items() if times > 1] == []


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_a_translation_has_the_blocks_and_numbers_of_its_english(locale):
    assert len(pairs(locale)) >= 45
    for english, other in pairs(locale):
        assert [block.tags for block in blocks(other)] == [block.tags for block in blocks(english)]
        has_months = bool(MONTHS.search(english))
        wanted = numbers(plain(english), "en", has_months=has_months)
        assert numbers(plain(other), locale, has_months=has_months) == wanted, other


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_the_checks_of_the_house_find_nothing_that_a_reader_would_mend(locale):
    check = HouseChecks().check
    wrong = [
        (source, target, finding.message)
        for source, target in pairs(locale)
        for finding in check(Pair(source, target, locale))
        if finding.severity is not Severity.NOTE
        and not any(finding.check == name and plain(source).startswith(words) for name, words in ACCEPTED)
    ]
    assert wrong == []


@pytest.mark.parametrize(("locale", "script"), [("ar", "[\u0621-\u064a]"), ("ru", "[а-яё]"), ("zh", "[\u4e00-\u9fff]")])
def test_a_text_is_in_the_script_of_its_language(locale, script):
    said = [plain(text[locale]) for text in all_texts() if locale in text]
    assert [text for text in said if not re.search(script, text, re.IGNORECASE)] == []
    assert [text for text in said if re.search("[A-Za-z]", text)] == []


@pytest.mark.parametrize("locale", ["es", "fr"])
def test_no_english_words_stand_in_spanish_or_french(locale):
    words = r"the|of|and|for|to|in the|if|it|not|is|was|are|will|with|we|you|your|this|that|from|they|have|seeds?"
    said = " | ".join(plain(text[locale]) for text in all_texts() if locale in text).casefold()
    assert re.findall(rf"\b(?:{words})\b", said) == []


@pytest.mark.parametrize(
    ("locale", "wrong"),
    [
        ("fr", "(?<!\u00a0)[:;?!»]|«(?!\u00a0)"),
        ("ar", '[,;?"“”]'),
        ("zh", r"[\u4e00-\u9fff][,;:?!.()\"]|[,;:?!()\"][\u4e00-\u9fff]"),
        ("en", "['\"]"),
        ("es", "['\"]"),
        ("ru", "['\"“”]"),
    ],
)
def test_a_language_has_its_own_signs(locale, wrong):
    assert [text[locale] for text in all_texts() if re.search(wrong, plain(text.get(locale, "")))] == []


def test_texts_are_in_composed_characters_and_without_stray_blanks():
    for text in all_texts():
        for value in text.values():
            assert value == normalize("NFC", value).strip()
            assert "  " not in value


def test_nothing_confidential_stands_in_our_copy_of_the_store():
    def found(record):
        there = places(record)
        return there.texts, there.legal, there.national

    settler = Settler(segment, align, found)
    for ref, document in RECORDS.items():
        record = Record(RecordEntry(ref, datetime(2026, 11, 22, tzinfo=UTC)), document)
        assert MARKER.encode() not in settler.settle(None, public_record(record))


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Our own records room with every record published, once."""
    store = SqlStore(f"sqlite:///{tmp_path_factory.mktemp('records') / 'records.sqlite'}")
    seconds = count()
    room = open_room(store.connected, lambda: datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=next(seconds)))
    administrator = Actor("root", "", frozenset({"administrator"}))
    for ref, document in RECORDS.items():
        room.put(ref, document, based_on=0, by=administrator, why="The demo's records")
    yield room
    store.close()


def test_the_records_room_publishes_them_as_they_are(room):
    assert {entry.ref for entry in room.entries()} == set(RECORDS)
    assert {record.ref: record.document for record in room.read(list(RECORDS))} == RECORDS


def test_the_records_room_finds_two_broken_references(room):
    broken = {
        (one.source.identifier, one.path[0], one.identifier, one.pinned)
        for ref in RECORDS
        for one in room.refers_to(ref)
        if one.standing is Standing.BROKEN
    }
    assert broken == BROKEN


def test_an_authority_shows_its_certificates_and_a_checkpoint_its_communiques(room):
    def referring(kind, name):
        return {one.source for one in room.referred_by(identifier(kind, name))}

    sedges = {RecordRef("absPermit", identifier("absPermit", name)) for name in ("fen-sedges", "fen-sedges-amended")}
    told = ("sedge-roots-patent", "quillwort-garden")
    kind = "absCheckpointCommunique"
    assert referring("authority", "fenmark-seed-board") >= sedges
    assert referring("absCheckpoint", "fenmark-patent-desk") == {
        RecordRef(kind, identifier(kind, name)) for name in told
    }
