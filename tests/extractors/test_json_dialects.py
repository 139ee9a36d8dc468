"""JSON dialects: what files that describe their messages say is a text, a note, a limit; and files of any shape."""

import json

import pytest

from extractors.json_messages import JsonMessages
from tests.extractors.json_messages import about, merged, plural, read, units
from tm_service.domain.errors import ExtractionError

# formats that describe their messages


def test_chrome_messages_have_descriptions_and_examples_of_placeholders():
    content = """{"found": {"message": "$COUNT$ seeds in $1", "description": "At most 30 characters",
      "placeholders": {"count": {"content": "$1", "example": "12"}, "x": {"content": "$2"}}}, "odd": 3}"""
    assert units("chrome", content) == {("found",): "$COUNT$ seeds in $1"}
    said = about("chrome", content)["found",]
    assert (said.note, said.limit) == ("At most 30 characters\n$count$: 12", 30)
    assert merged("chrome", content, {("found",): "x"}) == content.replace("$COUNT$ seeds in $1", "x")


def test_arb_metadata_is_a_note_and_the_locale_is_written():
    content = """{"@@locale": "en", "@@author": "Ana", "n": "{n, plural, one{seed} other{seeds}}", "@n": {
      "description": "tm:maxlength=20 On the label", "placeholders": {"n": {"type": "int", "example": "3"}}}}"""
    assert list(units("arb", content)) == [("n",)]
    said = about("arb", content)["n",]
    assert (said.note, said.limit) == ("On the label\n{n}: 3", 20)
    assert merged("arb", content, {("n",): "种子"}, "zh-Hans") == content.replace('"en"', '"zh_Hans"').replace(
        "{n, plural, one{seed} other{seeds}}", "种子"
    )
    assert merged("arb", content, {("n",): "种子"}) == content.replace("{n, plural, one{seed} other{seeds}}", "种子")


def test_angular_texts_are_by_id_and_the_locale_is_written():
    content = '{"locale": "en", "translations": {"7": "Hello {$NAME}", "a.b": "{VAR, plural, other {x}}"}, "n": "z"}'
    assert units("angular", content) == {("7",): "Hello {$NAME}", ("a.b",): "{VAR, plural, other {x}}"}
    written = json.loads(merged("angular", content, {("7",): "你好 {$NAME}"}, "zh_Hans"))
    assert (written["locale"], written["translations"]["7"]) == ("zh-Hans", "你好 {$NAME}")


@pytest.mark.parametrize("content", ["[]", '{"a": "b"}', '{"locale": "en", "translations": ["a"]}'])
def test_an_angular_file_without_translations_is_refused(content):
    with pytest.raises(ExtractionError, match='an object "translations" is missing'):
        units("angular", content)


@pytest.mark.parametrize(
    "entry",
    [
        {"defaultMessage": "Seeds", "description": "A heading"},
        {"message": "Seeds", "description": "A heading"},
        {"string": "Seeds", "developer_comment": "A heading"},
        {"translation": "Seeds", "notes": "A heading"},
        {"defaultMessage": "Seeds", "description": {"text": "A heading", "width": 3}},
    ],
)
def test_formatjs_messages_are_described_in_any_of_the_ways_it_writes(entry):
    content = json.dumps({"a.b": entry, "flat": "Permits"})
    assert units("formatjs", content) == {("a.b",): "Seeds", ("flat",): "Permits"}
    assert about("formatjs", content)["a.b",].note == "A heading"
    assert merged("formatjs", content, {("a.b",): "Graines"}) == content.replace("Seeds", "Graines")


# go-i18n


def test_go_messages_are_told_from_objects_that_hold_them():
    content = """{"home": {"title": "Seeds", "open": {"description": "A button", "other": "Open"},
      "n": {"hash": "x", "one": "{{.PluralCount}} seed", "other": "{{.PluralCount}} seeds"}}, "other": {"a": "b"}}"""
    assert units("go-i18n", content) == {
        ("home", "title"): "Seeds",
        ("home", "open"): "Open",
        ("home", "n"): plural("PluralCount", one="{{.PluralCount}} seed", other="{{.PluralCount}} seeds"),
        ("other", "a"): "b",
    }
    assert about("go-i18n", content)["home", "open"].note == "A button"


def test_go_messages_in_a_list_have_their_ids_for_keys():
    content = """[{"id": "a.b", "translation": "Seeds"}, {"id": "n", "translation": {"one": "seed", "other": "seeds"}},
      {"id": "c", "description": "A button", "other": "Open"}]"""
    assert units("go-i18n", content) == {
        ("a.b",): "Seeds",
        ("n",): plural("PluralCount", one="seed", other="seeds"),
        ("c",): "Open",
    }
    texts = {("n",): plural("PluralCount", one="семя", few="семени", many="семян", other="семени"), ("c",): "Открыть"}
    written = json.loads(merged("go-i18n", content, texts, "ru"))
    assert written[1]["translation"] == {"one": "семя", "few": "семени", "many": "семян", "other": "семени"}
    assert written[2] == {"id": "c", "description": "A button", "other": "Открыть"}


def test_a_go_message_of_one_form_is_a_plural_where_the_language_has_no_other_and_the_number_shows():
    content = '{"n": {"one": "{{.PluralCount}} seed", "other": "{{.PluralCount}} seeds"}}'
    text = plural("PluralCount", other="{{.PluralCount}} 粒种子")
    written = merged("go-i18n", content, {("n",): text}, "zh")
    assert written == '{"n": {"other": "{{.PluralCount}} 粒种子"}}'
    assert read("go-i18n", written, "zh") == {("n",): text}


@pytest.mark.parametrize("dialect", [name for name in JsonMessages.dialects if name != "angular"])
@pytest.mark.parametrize("content", ["{}", "[]", '{"a": null}', '[[[{"b": 1}]]]', '{"": ""}', '{"@a": 1, "@": {}}'])
def test_a_file_without_texts_has_no_units(dialect, content):
    assert units(dialect, content) == {}
    assert merged(dialect, content, {}, "ar") == content


@pytest.mark.parametrize("dialect", [name for name in JsonMessages.dialects if name != "angular"])
def test_lists_and_objects_of_any_shape_are_read_in_every_dialect(dialect):
    for content in ('["a", ["b"], {"c": "d"}]', '{"a": {"message": ["x"]}, "@a": "y", "b": {"other": {"one": "z"}}}'):
        assert merged(dialect, content, units(dialect, content)) == content


@pytest.mark.parametrize("dialect", JsonMessages.dialects)
def test_hostile_files_are_refused_or_read_in_every_dialect(dialect):
    with pytest.raises(ExtractionError):
        units(dialect, "[" * 100_000)
    with pytest.raises(ExtractionError):
        units(dialect, '{"locale": "en", "translations": {"a": ' + "[" * 150 + "]" * 150 + "}}")
    bars = '{"locale": "en", "translations": {"a": "' + "| {' " * 20_000 + '"}}'
    assert len(units(dialect, bars)) == {"chrome": 0, "angular": 1, "arb": 1}.get(dialect, 2)
