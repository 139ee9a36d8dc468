"""JSON detection: the dialect of a file is told by what only that dialect has; where nothing tells, it is none."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.json_detection import dialect_of
from extractors.json_messages import JsonMessages
from tests.extractors.json_dialect_documents import ROOMS
from tests.extractors.json_documents import json_samples


@pytest.mark.parametrize(
    ("dialect", "content"),
    [
        ("md5-meta", {"a": "Seeds", "#meta": {"hashedOn": "x", "hashes": {"a": "y"}}}),
        ("arb", {"@@locale": "en", "title": "Seeds"}),
        ("arb", {"title": "Seeds", "@title": {"description": "A heading"}}),
        ("angular", {"locale": "en", "translations": {"7": "Seeds"}}),
        ("chrome", {"name": {"message": "Herbarium"}, "about": {"message": "Leaves", "description": "x"}}),
        ("formatjs", {"a": {"defaultMessage": "Seeds"}, "b": {"defaultMessage": "Permits", "description": "x"}}),
        ("formatjs", {"a": "Seeds", "b": "{n, plural, one {seed} other {seeds}}"}),
        ("formatjs", {"a": {"string": "Seeds", "developer_comment": "x"}}),
        ("go-i18n", {"a": {"description": "x", "other": "Seeds"}}),
        ("go-i18n", {"a": "Seeds", "b": {"one": "seed", "other": "seeds"}}),
        ("go-i18n", [{"id": "a", "translation": "Seeds"}, {"id": "b", "translation": {"one": "x", "other": "y"}}]),
        ("i18next", {"a": {"seeds_one": "seed", "seeds_other": "seeds"}}),
        ("i18next", {"a": "Seeds", "b": "See $t(a)"}),
        ("i18next", {"seeds": "Seeds", "seeds_plural": "x", "b_one": "seed", "b_other": "seeds"}),
        ("i18next-v3", {"seed": "{{count}} seed", "seed_plural": "{{count}} seeds"}),
        ("vue-i18n", {"a": {"b": "Seeds", "c": ["See @:a.b"]}}),
        ("vue-i18n", {"a": "no seeds | one seed | {count} seeds"}),
        ("", {"a": "Seeds", "b": {"c": ["Permits", "Mail to ana@lima.example: soon", "Home | Seed bank"]}}),
        ("", {"a": {"description": "Seeds of the bank", "title": "Bank"}, "b": {"description": "x", "title": "y"}}),
        ("", {"step_one": "First", "step_two": "Second", "greeting": "Hello {{name}}"}),
        ("", {"name": "herbarium", "version": "1.0.0", "scripts": {"test": "a | b"}, "dependencies": {"vue": "^3"}}),
        ("", {"a": {"b": "{n, plural, one {seed} other {seeds}}"}}),
        ("", ["Seeds"]),
        ("", []),
        ("", {}),
    ],
)
def test_a_dialect_is_told_by_what_it_alone_has(dialect, content):
    assert dialect_of("locales/en.json", json.dumps(content).encode()) == dialect


def test_an_arb_file_is_told_by_its_name():
    assert dialect_of("lib/l10n/app_en.arb", b'{"title": "Seeds"}') == "arb"


def test_comments_do_not_hide_a_dialect():
    assert dialect_of("a.json5", b"{ // seeds\n a_one: 'seed', a_other: 'seeds', }") == "i18next"
    assert dialect_of("_locales/en/messages.json", b'{ /* x */ "a": {"message": "Seeds"} }') == "chrome"


@pytest.mark.parametrize("content", [b"", b"{", b'"text"', b"\xff\xfe{", b"{'a': b}", b"[" * 100_000])
def test_what_cannot_be_read_has_no_dialect(content):
    assert dialect_of("a.json", content) == ""


@settings(max_examples=30)
@given(st.one_of(*(room.samples for room in ROOMS.values()), json_samples()))
def test_every_answer_is_a_dialect(sample):
    assert dialect_of(sample.path, sample.document.content) in JsonMessages.dialects
