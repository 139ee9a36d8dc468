"""JSON of i18next: entries that are one message, and the entries that a language is given."""

import json

import pytest

from extractors.json_messages import JsonMessages
from tests.extractors.json_messages import ARABIC, about, document, merged, plural, read, units

SEEDS = '{\n  "seeds_one": "{{count}} seed",\n  "seeds_other": "{{count}} seeds",\n  "end": "x"\n}\n'


def test_i18next_entries_of_one_message_are_one_unit_where_the_first_stands():
    content = '{"b_other": "B", "a": {"c_male_one": "He", "c_male_other": "They"}, "b_one": "b", "d": "$t(b)"}'
    assert units("i18next", content) == {
        ("b",): plural(one="b", other="B"),
        ("a", "c_male"): plural(one="He", other="They"),
        ("d",): "$t(b)",
    }


@pytest.mark.parametrize(
    "content",
    [
        '{"step_one": "First", "step_two": "Second"}',
        '{"step_one": "First", "step_two": "Second", "step_other": "Another"}',
        '{"step_one": "First"}',
        '{"_other": "Another", "_one": "One"}',
        '{"a_one": ["x"], "a_other": {"b": "y"}}',
    ],
)
def test_i18next_names_that_only_look_like_forms_are_names(content):
    assert len(units("i18next", content)) == sum(1 for _ in JsonMessages().read(document(content)).values)


def test_i18next_forms_of_a_message_that_has_a_text_without_number_too_keep_a_key_of_their_own():
    content = '{"seeds": "Seeds", "seeds_one": "{{count}} seed", "seeds_other": "{{count}} seeds"}'
    assert list(units("i18next", content)) == [("seeds",), ("seeds_*",)]
    chinese = merged("i18next", content, {("seeds",): "种子", ("seeds_*",): plural(other="{{count}} 粒种子")}, "zh")
    assert json.loads(chinese) == {"seeds": "种子", "seeds_other": "{{count}} 粒种子"}


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("ar", ARABIC),
        ("es", ("one", "many", "other")),
        ("fr", ("one", "many", "other")),
        ("ru", ("one", "few", "many", "other")),
        ("zh-Hans", ("other",)),
    ],
)
def test_i18next_gets_the_entries_that_the_language_needs(locale, names):
    text = plural(**{name: name for name in names})
    written = merged("i18next", SEEDS, {("seeds",): text}, locale)
    entries = "".join(f'  "seeds_{name}": "{name}",\n' for name in names)
    assert written == f'{{\n{entries}  "end": "x"\n}}\n'
    assert read("i18next", written, locale) == {("seeds",): text, ("end",): "x"}


def test_i18next_forms_that_a_target_lacks_read_as_other():
    written = merged("i18next", SEEDS, {("seeds",): plural(one="семя", other="семян")}, "ru")
    assert json.loads(written) == {
        "seeds_one": "семя",
        "seeds_few": "семян",
        "seeds_many": "семян",
        "seeds_other": "семян",
        "end": "x",
    }


def test_i18next_text_that_is_not_translated_stays_as_it_is_in_every_language():
    """A source text in place of a translation gets no forms, or it would look translated; i18next falls back by itself."""
    text = units("i18next", SEEDS)["seeds",]
    for locale in ("ar", "zh"):
        assert merged("i18next", SEEDS, {("seeds",): text}, locale) == SEEDS
        assert read("i18next", SEEDS, locale).keys() == {("seeds",), ("end",)}


def test_i18next_zero_is_for_the_number_0_and_in_arabic_its_category():
    content = '{"s_zero": "None", "s_one": "One", "s_other": "Many"}'
    assert units("i18next", content) == {("s",): plural(exactly_0="None", one="One", other="Many")}
    french = merged("i18next", content, {("s",): plural(exactly_0="Aucune", one="Une", other="Plusieurs")}, "fr")
    assert list(json.loads(french)) == ["s_zero", "s_one", "s_many", "s_other"]
    arabic = merged("i18next", content, {("s",): plural(**{name: name for name in ARABIC})}, "ar")
    assert json.loads(arabic) == {f"s_{name}": name for name in ARABIC}
    assert read("i18next", arabic, "ar") == {("s",): plural(**{name: name for name in ARABIC})}


def test_i18next_ordinals_are_ordinals_and_get_those_of_the_language():
    content = '{"p_ordinal_one": "#st", "p_ordinal_two": "#nd", "p_ordinal_few": "#rd", "p_ordinal_other": "#th"}'
    text = plural(one="#st", two="#nd", few="#rd", other="#th").replace("plural", "selectordinal")
    assert units("i18next", content) == {("p_ordinal",): text}
    french = "{count, selectordinal, one {1re} other {2e}}"
    written = merged("i18next", content, {("p_ordinal",): french}, "fr")
    assert written == '{"p_ordinal_one": "1re", "p_ordinal_other": "2e"}'
    assert read("i18next", written, "fr") == {("p_ordinal",): french}


def test_i18next_forms_of_russian_may_leave_out_the_one_of_fractions():
    content = '{"s_one": "семя", "s_few": "семени", "s_many": "семян"}'
    assert read("i18next", content, "ru") == {("s",): plural(one="семя", few="семени", many="семян", other="семян")}


def test_a_target_without_forms_stands_in_every_entry():
    assert json.loads(merged("i18next", SEEDS, {("seeds",): "семена"}, "ru")) == {
        **{f"seeds_{name}": "семена" for name in ("one", "few", "many", "other")},
        "end": "x",
    }


@pytest.mark.parametrize(
    ("content", "written"),
    [
        ('{"s_one":"a","s_other":"b"}', '{"s_one":"1","s_many":"2","s_other":"3"}'),
        ('{ "s_other" : "b" }', '{ "s_one" : "1", "s_many" : "2", "s_other" : "3" }'),
        ('{"t": 1,\r\n\t"s_other":\r\n"b"}', '{"t": 1,\r\n\t"s_one":\r\n"1",\r\n\t"s_many": "2",\r\n\t"s_other": "3"}'),
        ('{"s_one": "a", "t": [], "s_other": "b"}', '{"s_one": "1", "t": [], "s_many": "2", "s_other": "3"}'),
        (r'{"s_one": "\u00e9", "s_other": "b"}', r'{"s_one": "1", "s_many": "2", "s_other": "3"}'),
    ],
)
def test_entries_that_are_added_look_like_their_neighbours(content, written):
    assert merged("i18next", content, {("s",): plural(one="1", many="2", other="3")}, "es") == written


def test_entries_of_two_messages_that_cross_are_taken_out_each_for_itself():
    content = '{"a_one": "1", "b_one": "2", "a_other": "3", "b_other": "4"}'
    texts = {("a",): plural(other="甲"), ("b",): plural(other="乙")}
    assert merged("i18next", content, texts, "zh") == '{"a_other": "甲", "b_other": "乙"}'


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("ar", {f"s_{number}": name for number, name in enumerate(ARABIC)}),
        ("ru", {"s_0": "one", "s_1": "few", "s_2": "many"}),
        ("fr", {"s": "one", "s_plural": "other"}),
        ("zh", {"s_0": "other"}),
    ],
)
def test_i18next_of_before_version_4_gets_numbered_entries(locale, written):
    text = plural(**{name: name for name in ARABIC})
    content = '{"s": "seed", "s_plural": "seeds"}'
    assert units("i18next-v3", content) == {("s",): plural(one="seed", other="seeds")}
    assert json.loads(merged("i18next-v3", content, {("s",): text}, locale)) == written
    assert read("i18next-v3", json.dumps(written), locale).keys() == {("s",)}


def test_names_that_end_in_numbers_are_no_forms_where_they_are_not_as_many():
    content = '{"tab_0": "Seeds", "tab_1": "Permits", "s": "x", "s_0": "y"}'
    assert read("i18next-v3", content, "ru").keys() == {("tab_0",), ("tab_1",), ("s",), ("s_0",)}


def test_members_named_as_comments_are_notes_of_what_follows():
    content = (
        '{"//": ["The button.", "tm:maxlength=9"], "a": "Open", "b": "Close", "_comment_c": "tm:ignore", "c": "X"}'
    )
    said = about("i18next", content)
    assert {key: entry.note for key, entry in said.items()} == {("a",): "The button.", ("b",): "", ("c",): ""}
    assert (said["a",].limit, said["c",].ignored) == (9, True)
