"""YAML: what counts as a text, in which style one is written, anchors, several documents, Rails, and what is refused."""

import pytest
from ruamel.yaml import YAML

from extractors.yaml import Yaml
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.plurals import Plural
from tm_service.domain.units import Document


def document(content: str | bytes) -> Document:
    return Document("texts/a.yml", content if isinstance(content, bytes) else content.encode())


def texts(content: str, dialect: str = "", locale: str = "") -> dict:
    return dict(Yaml(dialect).read(document(content), locale).values)


def merged(content: str, values: dict, dialect: str = "", locale: str = "") -> str:
    extractor = Yaml(dialect)
    return extractor.merge(extractor.extract(document(content)), served(values), locale=locale).decode()


def loaded(content: str) -> object:
    return YAML(typ="safe", pure=True).load(content)


def test_a_key_is_the_path_of_names_and_indices():
    content = "a:\n  'b.c': One\n  d:\n  - Two\n  - {e: Three, 1: Four}\n"
    assert texts(content) == {
        ("a", "b.c"): "One",
        ("a", "d", "0"): "Two",
        ("a", "d", "1", "e"): "Three",
        ("a", "d", "1", "1"): "Four",
    }


@pytest.mark.parametrize(
    "value",
    [
        "12",
        "1_000",
        "0x1f",
        "1.5e3",
        ".inf",
        "true",
        "Yes",
        "off",
        "~",
        "null",
        "",
        "2026-11-22",
        "12:30",
        "!ruby/sym x",
        "!!binary aGk=",
    ],
)
def test_what_yaml_takes_for_another_type_is_no_text(value):
    assert texts(f"a: {value}\nb: Text\n") == {("b",): "Text"}


@pytest.mark.parametrize("value", ["'12'", '"yes"', "!!str 12", "! true", "12 seeds", "1-2", "y'all", "y"])
def test_what_is_quoted_or_said_to_be_a_string_is_a_text(value):
    assert list(texts(f"a: {value}\n")) == [("a",)]


def test_the_words_of_old_yaml_are_texts_for_symfony():
    assert texts("a: Yes\nb: true\n", "symfony") == {("a",): "Yes"}


def test_an_aliased_text_is_one_text_where_it_is_anchored():
    content = "a: &lend Borrow\nb: *lend\nc: &all {d: Seeds}\ne:\n  <<: *all\n"
    assert texts(content) == {("a",): "Borrow", ("c", "d"): "Seeds"}
    assert loaded(merged(content, {("a",): "Leihen: jetzt"}))["b"] == "Leihen: jetzt"


def test_aliases_are_never_followed():
    """Nine lines that would mean a billion texts are nine lines."""
    lines = ['a0: &a0 ["x y"]'] + [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 10)
    ]
    assert texts("\n".join(lines)) == {("a0", "0"): "x y"}


def test_several_documents_are_told_apart_by_number():
    assert texts("--- # first\na: One\n---\n---\na: Two\n...\n") == {("0", "a"): "One", ("1", "a"): "Two"}


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("a: x", "Seeds & bulbs", "a: Seeds & bulbs"),
        ("a: x", "key: value", 'a: "key: value"'),
        ("a: x\nb: 'y'", "# it's", "a: '# it''s'\nb: 'y'"),
        ("a: x", "Yes", 'a: "Yes"'),
        ("a: x", "12:30", 'a: "12:30"'),
        ("a: x", "", 'a: ""'),
        ("a: x # note", "%{count} \n", 'a: "%{count} \\n" # note'),
        ("a: [x, y]", "one, two", 'a: ["one, two", y]'),
        ("a: one\n   two\nb: c", "three", "a: three\nb: c"),
        ("a: 'x'", "it's", "a: 'it''s'"),
        ("a: 'x'", "one\ntwo", 'a: "one\\ntwo"'),
        ('a: "x \\xe9"', "été \x07\u2028🌱", 'a: "\\xe9t\\xe9 \\a\\u2028\\U0001f331"'),
        ("a: !!str\nb: c", "x", "a: !!str x\nb: c"),
        ("a: &b x\nc: *b", "y: z", 'a: &b "y: z"\nc: *b'),
        ("a: |\n  x\n\nb: c", "1\n 2\n\n3\n", "a: |\n  1\n   2\n\n  3\n\nb: c"),
        ("a: |\n  x\nb: c", "1", "a: |-\n  1\nb: c"),
        ("a: |- # note\n  x\n\nb: c", "1\n\n", "a: |+ # note\n  1\n\nb: c"),
        ("a: |\n  x\nb: c", "  deep\n", 'a: "  deep\\n"\nb: c'),
        ("a: |2\n    x\nb: c", "  deep\n", "a: |2\n    deep\nb: c"),
        ("a: |\n  x\nb: c", "", 'a: ""\nb: c'),
        ("a: |\r\n  x\r\nb: c", "1\n2\n", "a: |\r\n  1\r\n  2\r\nb: c"),
        ("a: >\n  x\n  y\nb: c", "1\n2\n", "a: >\n  1\n\n  2\nb: c"),
        ("a: >-\n  x\n  y\nb: c", "1\n  2", "a: |-\n  1\n    2\nb: c"),
        ("a: |\n  x", "1\n", "a: |\n  1\n"),
        ("a:\n|\n  x\nb: c", " 1", 'a:\n " 1"\nb: c'),
    ],
)
def test_a_text_is_written_in_the_style_it_had_where_that_can_hold_it(before, text, after):
    done = merged(before, {("a",) if "[" not in before else ("a", "0"): text})
    assert done == after
    value = loaded(done)["a"]
    assert (value[0] if "[" in before else value) == text


def test_long_folded_texts_are_folded_as_wide_as_before():
    content = f"a: >-\n  {'seed ' * 13}\n  and more\n"
    done = merged(
        content, {("a",): "The harbour opens at nine and closes at five, and whoever comes later waits outside."}
    )
    assert done == "a: >-\n  The harbour opens at nine and closes at five, and whoever comes\n  later waits outside.\n"


def test_comments_above_and_behind_are_notes():
    content = """# Texts of the seed bank

en:
  # Button
  # max 12 characters
  open: Open # the door
  close: Close
  list:
  # tm:ignore
  - Code
  -   # no note of an item
    name: Name
  block: | # said of the block
    Text
    # no comment
  after: Text
"""
    about = {unit.key[1:]: unit.about for unit in Yaml().extract(document(content)).values}
    assert (about["open",].note, about["open",].limit) == ("Button\nmax 12 characters\nthe door", 12)
    assert about["close",].note == about["after",].note == ""
    assert about["list", "0"].ignored
    assert about["block",].note == "said of the block"


def test_crlf_comments_are_notes():
    units = Yaml().extract(document("# first\r\n# second\r\na: Open\r\n")).values
    assert units[0].about.note == "first\nsecond"


RAILS = 'en:\n  days:\n    one: One day # few\n    other: "%{count} days"\n  symbol: :short\n  title: Title\n'
DAYS = "{count, plural, one {One day} other {%'{count}' days}}"


def test_in_rails_the_language_on_top_is_no_part_of_a_key_and_plurals_are_one_text():
    assert texts(RAILS, "rails") == {("days",): DAYS, ("title",): "Title"}
    assert texts(RAILS.replace("en:", "fr-CA:"), "rails", "fr-CA") == texts(RAILS, "rails")
    assert ("en", "days", "one") in texts(RAILS)


def test_in_rails_the_language_on_top_is_that_of_the_translation():
    assert merged(RAILS, {("title",): "Titre"}, "rails", "fr") == RAILS.replace("en:", "fr:").replace("Title", "Titre")
    assert merged(RAILS, {("title",): "Tittel"}, "rails", "no").startswith('"no":\n')


def test_in_rails_a_file_of_several_languages_is_read_and_written_in_the_one_asked_for():
    content = "en:\n  title: Seeds\nfr:\n  title: Graines\n"
    assert texts(content, "rails", "fr") == {("title",): "Graines"}
    assert merged(content, {("title",): "Semences"}, "rails", "fr") == content.replace("Graines", "Semences")


@pytest.mark.parametrize(
    ("locale", "forms", "lines"),
    [
        ("zh", {"other": "%{count} 天"}, ['other: "%{count} 天"']),
        (
            "ru",
            {"one": "день", "few": "дня", "many": "дней", "other": "дня"},
            ["one: день # few", 'few: "дня"', 'many: "дней"', 'other: "дня"'],
        ),
        (
            "fr",
            {"zero": "rien", "one": "jour", "many": "de jours", "other": "jours"},
            ['zero: "rien"', "one: jour # few", 'many: "de jours"', 'other: "jours"'],
        ),
        ("es", {"one": "día", "other": "días"}, ["one: día # few", 'many: "días"', 'other: "días"']),
    ],
)
def test_in_rails_each_language_has_the_forms_it_needs(locale, forms, lines):
    done = merged(RAILS, {("days",): str(Plural("count", forms))}, "rails", locale)
    assert done == f"{locale}:\n  days:\n    " + "\n    ".join(lines) + "\n  symbol: :short\n  title: Title\n"


def test_forms_no_longer_used_go_wherever_they_stand():
    content = "en:\n  a:\n    other: Days\n    few: F\n    one: Day\n  b: {one: x, other: y, two: z}\n"
    done = merged(
        content, {("a",): "{count, plural, other {天}}", ("b",): "{count, plural, other {日}}"}, "rails", "zh"
    )
    assert done == "zh:\n  a:\n    other: 天\n  b: {other: 日}\n"


def test_a_plain_text_goes_into_every_form():
    done = merged(RAILS, {("days",): "Days"}, "rails")
    assert loaded(done)["en"]["days"] == {"one": "Days", "other": "Days"}


def test_a_mapping_of_more_than_plural_forms_is_a_mapping():
    assert set(texts("en:\n  a: {one: x, other: y, more: z}\n", "rails")) == {
        ("a", "one"),
        ("a", "other"),
        ("a", "more"),
    }


def test_of_equal_keys_the_last_counts_and_a_person_is_told():
    resource = Yaml().extract(document("a: One\na: Two\n"))
    assert [unit.source for unit in resource.values] == ["Two"]
    assert [found.check for found in resource.findings] == ["duplicate-key"]


def test_files_without_a_text_have_none():
    assert texts("") == texts("# only a comment\n") == texts("---\n", "rails") == texts("en:\n", "rails") == {}


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ("a: [One\n", 2, 1, "expected ',' or ']'"),
        ("a: One\n\tb: Two\n", 2, 1, "cannot start any token|mapping values"),
        ("a: b: c\n", 1, 5, "mapping values are not allowed here"),
        ("a: 'One\n", 2, 1, "found unexpected end of stream"),
        ("a: x\x07y\n", 1, 5, "a control character stands here"),
        ('a: "\\UFFFFFFFF"', 1, 1, "this is no YAML"),
        ("just a text\n", 1, 1, "and this is a single value"),
        ("a: " + "[" * 20_000, 1, 4, "more than 100 levels deep"),
        ("".join(f"{' ' * level}a:\n" for level in range(150)), 101, 101, "more than 100 levels deep"),
        (b"a: \xff", 1, 4, "the byte FF is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, line, column, reason):
    with pytest.raises(ExtractionError, match=reason) as caught:
        Yaml().extract(document(content))
    assert (caught.value.line, caught.value.column) == (line, column)
