"""JSON messages: what counts as a text, what is refused and where, and what the site's own block says."""

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from extractors.json_messages import JsonMessages
from extractors.json_spans import Span, scan, unquoted, walk
from tests.extractors.contract import served
from tests.extractors.json_documents import json_samples
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Severity
from tm_service.domain.serving import Rule, Stamp
from tm_service.domain.units import CatalogFile, Document

STAMP = Stamp("main", datetime(2024, 7, 1, 10, 30, tzinfo=UTC), 3)
BUNDLE = Path(__file__).parents[3] / "shared" / "data" / "absch" / "site-text.bundle"


def document(content: str | bytes) -> Document:
    return Document("texts/a.json", content if isinstance(content, bytes) else content.encode())


def extracted(content: str | bytes, dialect: str = "") -> dict:
    return {unit.key: unit.source for unit in JsonMessages(dialect).extract(document(content)).values}


def refusal(content: str | bytes) -> ExtractionError:
    with pytest.raises(ExtractionError) as caught:
        JsonMessages().extract(document(content))
    return caught.value


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_objects_and_arrays_are_walked_in_file_order():
    found = extracted('{"b": {"x": "One"}, "a": ["Two", {"y": "Three"}], "c": "Four"}')
    assert list(found.items()) == [
        (("b", "x"), "One"),
        (("a", "0"), "Two"),
        (("a", "1", "y"), "Three"),
        (("c",), "Four"),
    ]


def test_a_name_with_dots_is_one_name():
    assert extracted('{"a.b": "One", "a": {"b": "Two"}}') == {("a.b",): "One", ("a", "b"): "Two"}


def test_numbers_booleans_and_null_are_no_texts_but_keep_their_index():
    assert extracted('[1, true, null, -2.5e3, "Fifth"]') == {("4",): "Fifth"}


def test_blank_strings_are_left_out_and_still_read():
    content = '{"a": "", "b": " \\n\\u00a0", "c": "Text"}'
    assert extracted(content) == {("c",): "Text"}
    assert JsonMessages().read(document(content)).values == {("a",): "", ("b",): " \n\xa0", ("c",): "Text"}


def test_codes_are_values_but_no_units():
    resource = JsonMessages().extract(document('{"link": "https://lantern.example", "title": "Lanterns"}'))
    assert [unit.key for unit in resource.values] == [("link",), ("title",)]
    assert [unit.key for unit in resource.units] == [("title",)]


def test_of_equal_keys_the_last_counts_and_a_person_is_told():
    resource = JsonMessages().extract(document('{"a": {"x": "Lost"}, "b": "B", "a": {"y.z": "1", "y.z": "Kept"}}'))
    assert [(unit.key, unit.source) for unit in resource.values] == [(("b",), "B"), (("a", "y.z"), "Kept")]
    assert {(found.check, found.severity, found.path) for found in resource.findings} == {
        ("duplicate-key", Severity.WARNING, "texts/a.json")
    }
    assert ['"a"' in found.message for found in resource.findings] == [True, False]
    assert '"a.y\\.z"' in resource.findings[1].message


def test_a_key_that_stands_three_times_is_told_once():
    assert len(JsonMessages().extract(document('{"a": "1", "a": "2", "a": "3"}')).findings) == 1


def test_a_lone_surrogate_is_kept_and_told():
    content = r'{"a": "half \ud83d only", "b": "whole \ud83d\ude00", "c\udc00": "key", "d": "new"}'
    resource = JsonMessages().extract(document(content))
    assert [found.check for found in resource.findings] == ["lone-surrogate", "lone-surrogate"]
    assert all(found.message.encode() for found in resource.findings)
    merged = JsonMessages().merge(resource, served({("d",): "half \ud800", ("a",): "half \ud83d only"}))
    assert merged.decode() == content.replace('"new"', r'"half \ud800"')


def test_a_lone_surrogate_has_a_hash():
    resource = JsonMessages("md5-meta").extract(document(r'{"a": "half \ud83d"}'))
    assert b'"hashes"' in JsonMessages("md5-meta").merge(resource, served({("a",): "moitié"}), STAMP)


def test_huge_numbers_are_carried_along():
    content = '{"n": ' + "9" * 10_000 + ', "e": 1e99999, "t": "Text"}'
    resource = JsonMessages().extract(document(content))
    assert [unit.key for unit in resource.values] == [("t",)]
    assert JsonMessages().merge(resource, {}) == content.encode()


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ("", 1, 1, "the file is empty"),
        (" \n", 2, 1, "the file is empty"),
        ('{\n  "a": "b",\n}', 3, 1, "a key in double quotes is missing here"),
        ('{\n  "a": "b"\n  "c": "d"\n}', 3, 3, "a comma or a closing bracket is missing here"),
        ('{"a" "b"}', 1, 6, "a colon is missing after the key"),
        ('{"a": }', 1, 7, "a value is missing here"),
        ('{\r\n"a": "b', 2, 6, "the string that begins here has no closing quote"),
        ('{"a": "b\nc"}', 1, 9, "a line break, tab or other control character stands unescaped in a string"),
        ('{"a": "\\x"}', 1, 8, "the backslash here begins no escape that JSON knows"),
        ('{"a": "\\u12"}', 1, 9, "four hexadecimal digits are missing after \\u"),
        ('{"a": "b"} {}', 1, 12, "something follows after the end of the document"),
        ('{"NaN": "NaN",\n "a": NaN}', 2, 7, "NaN is not JSON"),
        ("[-Infinity]", 1, 2, "-Infinity is not JSON"),
        (' "text"', 1, 2, "message files hold an object or an array, and this is a single value"),
        ("12", 1, 1, "message files hold an object or an array, and this is a single value"),
        (b'{\n"a": "\xff"}', 2, 7, "the byte FF is not UTF-8; save the file as UTF-8"),
        ('{"é": "'.encode() + b"\xed\xa0\x80", 1, 8, "the byte ED is not UTF-8; save the file as UTF-8"),
        (b'\xef\xbb\xbf{"a": x}', 1, 7, "a value is missing here"),
        ('{"a": "b"}'.encode("utf-16"), 1, 1, "the file is UTF-16 or UTF-32; save it as UTF-8"),
        ('{"a": "b"}'.encode("utf-16-le"), 1, 2, "the file is UTF-16 or UTF-32; save it as UTF-8"),
        ('{"a": "b"}'.encode("utf-16-be"), 1, 1, "the file is UTF-16 or UTF-32; save it as UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, line, column, reason):
    error = refusal(content)
    assert (error.path, error.line, error.column, error.reason) == ("texts/a.json", line, column, reason)


@pytest.mark.parametrize("levels", [101, 10_000, 200_000])
def test_a_file_nested_too_deep_is_refused(levels):
    error = refusal('{"a":\n' + "[" * (levels - 1) + "]" * (levels - 1) + "}")
    assert (error.line, error.column) == (2, 100)
    assert "more than 100 levels deep" in error.reason


def test_a_file_nested_too_deep_and_broken_is_refused():
    assert "levels deep" in refusal("[" * 100_000).reason


def test_a_hundred_levels_are_not_too_deep():
    content = "[" * 100 + '"Deep"' + "]" * 100
    assert extracted(content) == {("0",) * 100: "Deep"}


def test_reading_refuses_what_extracting_refuses():
    with pytest.raises(ExtractionError):
        JsonMessages().read(document("{"))


@settings(deadline=None)
@given(json_samples())
def test_spans_agree_with_the_parser(sample):
    text = sample.document.content.decode("utf-8-sig")
    parsed = [(key, node) for key, node in walk(json.loads(text)) if isinstance(node, str)]
    spans = [(key, node) for key, node in walk(scan(text).tree) if isinstance(node, Span)]
    assert [(key, unquoted(text[span.begin + 1 : span.end - 1])) for key, span in spans] == parsed


def test_only_the_last_of_equal_keys_is_spliced():
    content = '{"a": "One", "b": {"a": "x"}, "a": "One", "b": {"c": "y"}}'
    resource = JsonMessages().extract(document(content))
    merged = JsonMessages().merge(resource, served({("a",): "Un", ("b", "a"): "never"}))
    assert merged.decode() == '{"a": "One", "b": {"a": "x"}, "a": "Un", "b": {"c": "y"}}'


def test_a_key_the_source_does_not_have_is_not_written():
    resource = JsonMessages("md5-meta").extract(document('{"a": "One"}'))
    merged = JsonMessages("md5-meta").merge(resource, served({("gone",): "Parti", ("a", "b"): "x"}), STAMP)
    assert json.loads(merged)["a"] == "One"
    assert json.loads(merged)["#meta"]["hashes"] == {}


def test_a_plain_file_gets_no_stamp():
    resource = JsonMessages().extract(document('{"a": "One"}'))
    assert JsonMessages().merge(resource, served({("a",): "Un"}), STAMP) == b'{"a": "Un"}'


def test_the_block_of_the_site_is_no_unit():
    content = '{"a": "One", "#meta": {"branch": "main", "hashes": {"a": "x"}}, "b": {"#meta": "Two"}}'
    assert extracted(content, "md5-meta") == {("a",): "One", ("b", "#meta"): "Two"}
    assert ("#meta", "branch") in extracted(content)


def merged_meta(content: str, texts: dict, rules: dict | None = None) -> dict:
    extractor = JsonMessages("md5-meta")
    entries = {key: served({key: text}, (rules or {}).get(key, Rule.CURRENT))[key] for key, text in texts.items()}
    return json.loads(extractor.merge(extractor.extract(document(content)), entries, STAMP))["#meta"]


def test_a_stamped_file_says_which_english_each_value_was_made_from():
    meta = merged_meta('{"a": "One", "b": {"c": "Two é"}}', {("a",): "Un", ("b", "c"): "Deux"})
    assert meta == {
        "hashedOn": "2024-07-01T10:30:00.000Z",
        "algorithm": "md5",
        "branch": "main",
        "hashes": {"a": md5("One"), "b.c": md5("Two é")},
    }


@pytest.mark.parametrize(
    ("rule", "lists", "hashed"),
    [
        (Rule.CURRENT, {}, True),
        (Rule.MEMORY, {"fromMemory": ["a"]}, True),
        (Rule.KEPT, {"stale": ["a"]}, True),
        (Rule.DATED, {"stale": ["a"]}, True),
        (Rule.HELD, {"untranslated": ["a"]}, False),
        (Rule.WAIVED, {"untranslated": ["a"]}, False),
        (Rule.MISSING, {"untranslated": ["a"]}, False),
    ],
)
def test_each_rule_has_its_list_and_its_hash(rule, lists, hashed):
    meta = merged_meta('{"a": "Lanterns"}', {("a",): "Lanterns"}, {("a",): rule})
    assert {name: meta[name] for name in ("stale", "fromMemory", "untranslated") if name in meta} == lists
    assert meta["hashes"] == {"a": md5("Lanterns") if hashed else ""}


def test_a_localised_link_is_shown_whatever_rule_it_came_by():
    meta = merged_meta('{"a": "/en/guide"}', {("a",): "/fr/guide"}, {("a",): Rule.MISSING})
    assert meta["hashes"] == {"a": md5("/en/guide")}
    assert "untranslated" not in meta


def test_escapes_of_plain_letters_are_no_habit_of_escaping():
    resource = JsonMessages().extract(document(r'{"a": "\u0041\t", "b": "\\u00e9"}'))
    assert JsonMessages().merge(resource, served({("b",): "é"})).decode() == r'{"a": "\u0041\t", "b": "é"}'


def test_the_block_of_the_site_is_never_written_into_by_a_target():
    content = '{"a": "One", "#meta": {"branch": "main"}}'
    resource = JsonMessages("md5-meta").extract(document(content))
    assert JsonMessages("md5-meta").merge(resource, served({("#meta", "branch"): "x"})).decode() == content


def test_hashes_stand_in_the_order_of_the_texts():
    texts = {("a",): "Trois", ("b",): "Deux"}
    assert list(merged_meta('{"a": "One", "b": "Two", "a": "Three"}', texts)["hashes"]) == ["b", "a"]


@pytest.mark.parametrize(
    ("content", "head", "tail"),
    [
        (
            '{"a": "b","c": 1}',
            '{"a": "b","c": 1,"#meta": {"hashedOn": "',
            '","algorithm": "md5","branch": "main","hashes": {}}}',
        ),
        ('{"a":"b"}', '{"a":"b","#meta":{"hashedOn":"', '","algorithm":"md5","branch":"main","hashes":{}}}'),
        (
            '{ "a" : [] }',
            '{ "a" : [], "#meta" : {"hashedOn" : "',
            '", "algorithm" : "md5", "branch" : "main", "hashes" : {}} }',
        ),
        (
            "  {\n  }",
            '  {\n    "#meta": {\n      "hashedOn": "',
            '",\n      "algorithm": "md5",\n      "branch": "main",\n      "hashes": {}\n    }\n  }',
        ),
        (
            '\t{\n\t\t"a":\n"b"  \n\t}',
            '\t{\n\t\t"a":\n"b",\n\t\t"#meta": {\n\t\t\t"hashedOn": "',
            '\n\t\t\t"hashes": {}\n\t\t}  \n\t}',
        ),
        (
            '{\n"a": "b"\n}',
            '{\n"a": "b",\n"#meta": {\n"hashedOn": "',
            '",\n"algorithm": "md5",\n"branch": "main",\n"hashes": {}\n}\n}',
        ),
    ],
)
def test_the_block_is_written_in_the_hand_of_the_document(content, head, tail):
    extractor = JsonMessages("md5-meta")
    written = extractor.merge(extractor.extract(document(content)), {}, STAMP).decode()
    assert written.startswith(head)
    assert written.endswith(tail)


def test_what_the_stamp_says_is_read_back():
    extractor = JsonMessages("md5-meta")
    resource = extractor.extract(document('{"a.b": "One", "c": {"d": "Two"}, "e": " "}'))
    entries = served({("a.b",): "Un"}) | served({("c", "d"): "Two"}, Rule.MISSING)
    assert extractor.read(Document("x", extractor.merge(resource, entries, STAMP))) == CatalogFile(
        {("a.b",): "Un", ("c", "d"): "Two", ("e",): " "},
        {("a.b",): md5("One"), ("c", "d"): ""},
        frozenset({("c", "d")}),
        "2024-07-01T10:30:00.000Z",
    )


def test_two_keys_of_one_spelling_do_not_take_each_others_hash():
    content = '{"a": {"b": "Nested"}, "a.b": "Flat"}'
    meta = merged_meta(content, {("a", "b"): "Nested", ("a.b",): "Plat"}, {("a", "b"): Rule.MISSING})
    assert meta["hashes"] == {"a.b": md5("Flat")}
    assert "untranslated" not in meta


def test_a_file_without_a_block_declares_no_hashes():
    assert JsonMessages("md5-meta").read(document('{"a": "Un"}')).hashes is None
    assert JsonMessages("md5-meta").read(document('["Un"]')).hashes is None


@pytest.mark.parametrize(
    "block",
    ["null", "7", '"text"', "[]", "{}", '{"hashes": [], "untranslated": {}}', '{"hashes": "x", "untranslated": 1}'],
)
def test_a_malformed_block_is_ignored(block):
    said = JsonMessages("md5-meta").read(document(f'{{"a": "Un", "#meta": {block}}}'))
    assert said == CatalogFile({("a",): "Un"}, None, frozenset())


def test_malformed_entries_of_a_block_are_ignored():
    block = '{"hashes": {"a": "x", "b": 3, "gone": "y"}, "untranslated": ["b", 4, ["a"], "gone"], "hashedOn": 5}'
    said = JsonMessages("md5-meta").read(document(f'{{"a": "Un", "b": "Deux", "#meta": {block}}}'))
    assert said.hashes == {("a",): "x"}
    assert said.derived == {("b",)}
    assert not said.stamped


@pytest.mark.parametrize("rule", [Rule.MEMORY, Rule.KEPT, Rule.DATED, Rule.MISSING])
def test_what_we_wrote_without_a_translation_of_this_source_is_known_again(rule):
    extractor = JsonMessages("md5-meta")
    resource = extractor.extract(document('{"a": "One", "b": "Two"}'))
    entries = served({("a",): "Un"}, rule) | served({("b",): "Deux"})
    assert extractor.read(Document("x", extractor.merge(resource, entries, STAMP))).derived == {("a",)}


def test_stamping_twice_is_stamping_once():
    extractor = JsonMessages("md5-meta")
    resource = extractor.extract(document('{\n  "a": "One"\n}\n'))
    once = extractor.merge(resource, served({("a",): "One"}), STAMP)
    again = extractor.merge(extractor.extract(document(once)), served({("a",): "One"}), STAMP)
    assert again == once


@settings(deadline=None)
@given(json_samples())
def test_a_stamped_document_is_still_the_document_and_its_block(sample):
    extractor = JsonMessages("md5-meta")
    resource = extractor.extract(sample.document)
    stamped = extractor.merge(resource, served({unit.key: unit.source for unit in resource.values}), STAMP)
    root, before = (json.loads(content.decode("utf-8-sig")) for content in (stamped, sample.document.content))
    if isinstance(root, dict):
        assert list(root)[-1] == "#meta"
        assert ("\n" in stamped.decode()) == ("\n" in sample.document.content.decode())
        del root["#meta"]
        before.pop("#meta", None)
    assert root == before


@pytest.mark.real_site
@pytest.mark.skipif(not BUNDLE.exists(), reason="../shared with the example site is not here")
def test_every_file_of_a_real_site_is_itself_when_nothing_is_merged(tmp_path):
    subprocess.run(["git", "clone", "--quiet", "--bare", str(BUNDLE), str(tmp_path / "site")], check=True)
    listed = _git(tmp_path / "site", "ls-tree", "-r", "-z", "HEAD").decode().split("\0")
    blobs = [line.split()[2] for line in listed if line.endswith(".json")]
    assert len(blobs) > 1000
    for dialect in ("", "md5-meta"):
        extractor = JsonMessages(dialect)
        for content in _contents(tmp_path / "site", blobs):
            resource = extractor.extract(document(content))
            assert extractor.merge(resource, {}) == content


def _git(folder: Path, *arguments: str, asked: bytes = b"") -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], input=asked, capture_output=True, check=True).stdout


def _contents(folder: Path, blobs: list[str]) -> list[bytes]:
    answer, contents = _git(folder, "cat-file", "--batch", asked="\n".join(blobs).encode()), []
    while answer:
        head, _, rest = answer.partition(b"\n")
        size = int(head.split()[2])
        contents.append(rest[:size])
        answer = rest[size + 1 :]
    return contents
