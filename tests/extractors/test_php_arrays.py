"""PHP arrays: what counts as a text, in which quotes one is written, comments, Laravel's plurals, and what is refused."""

import json
import shutil
import subprocess

import pytest

from extractors.php_arrays import PhpArrays
from tests.extractors.contract import served
from tm_service.domain.errors import ExtractionError
from tm_service.domain.findings import Severity
from tm_service.domain.units import Document


def document(content: str | bytes) -> Document:
    return Document("texts/a.php", content if isinstance(content, bytes) else content.encode())


def texts(content: str, dialect: str = "", locale: str = "") -> dict:
    return dict(PhpArrays(dialect).read(document(content), locale).values)


def merged(content: str, values: dict, dialect: str = "", locale: str = "") -> str:
    extractor = PhpArrays(dialect)
    return extractor.merge(extractor.extract(document(content)), served(values), locale=locale).decode()


def test_a_key_is_the_path_of_names_and_indices_as_php_counts_them():
    content = "<?php return ['a.b' => ['One', array('c' => 'Two')], 5 => 'Five', 'Six', \"12\" => 'Twelve', ('Next')];"
    assert texts(content) == {
        ("a.b", "0"): "One",
        ("a.b", "1", "c"): "Two",
        ("5",): "Five",
        ("6",): "Six",
        ("12",): "Twelve",
        ("13",): "Next",
    }


def test_an_array_may_be_assigned_or_filled():
    content = "<?php\nnamespace Seeds;\n$lang = ['a' => 'One'];\n"
    content += "$lang['b']['c'] = 'Two';\n$lang['d'] = ['Three'];\n$other = 'no';\n"
    assert texts(content) == {("a",): "One", ("b", "c"): "Two", ("d", "0"): "Three"}


def test_calls_constants_and_the_like_are_no_texts():
    content = "<?php return [__('a'), A::B, 12, true, fn() => 'b', $x ? 'c' : 'd', ...$more, "
    content += "'e' => 'Text', Foo::class => 'Foo'];"
    assert texts(content) == {("e",): "Text", ("Foo::class",): "Foo"}


@pytest.mark.parametrize("value", ["'a' . 'b'", '"x {$y}"', '"x $y[0]"', "'a' . ($x . \"b\")", "<<<EOT\n$x\nEOT\n"])
def test_what_is_put_together_is_no_text_and_a_person_is_told(value):
    resource = PhpArrays().extract(document(f"<?php return [\n'k' => {value}, 'l' => 'Text'];"))
    assert [unit.key for unit in resource.values] == [("l",)]
    (finding,) = resource.findings
    assert (finding.check, finding.severity, finding.path) == ("concatenated", Severity.WARNING, "texts/a.php")
    assert finding.message == (
        'The text "k" in line 2 is put together from pieces; write it as one string with placeholders.'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (r"'it\'s \n \\ \x'", "it's \\n \\ \\x"),
        (r'"\"a\" \n\t\$b \x41\101 \u{1F331} \xc3\xa9 \q $5 \{$"', '"a" \n\t$b AA 🌱 é \\q $5 \\{$'),
        ("b'x'", "x"),
        ('<<<EOT\n  a \\"\n   b\\t\n  EOT', 'a \\"\n b\t'),
        ('<<<"EOT"\nEOT', ""),
        ("<<<'EOT'\r\na\\n\r\n\r\n$b\r\nEOT", "a\\n\n\n$b"),
    ],
)
def test_all_four_kinds_are_read(value, text):
    assert texts(f"<?php return [{value}];") == {("0",): text}


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("'x'", "it's C:\\n\\", "'it\\'s C:\\n\\\\'"),
        ("'x'", "a\\'b\\\\c", "'a\\\\\\'b\\\\\\c'"),
        ("'x'", "one\ntwo", "'one\ntwo'"),
        ("'x'", "bell\x07", '"bell\\x07"'),
        ('"x"', '"a" $b {$c} $5 ${d}\n\\', '"\\"a\\" \\$b {\\$c} $5 \\${d}\\n\\\\"'),
        ("b'x'", "é", "b'é'"),
        ('"\\$5"', "$6 {$", '"\\$6 {\\$"'),
        ("<<<EOT\n  x\n  EOT", "a $b\n\n  c", "<<<EOT\n  a \\$b\n\n    c\n  EOT"),
        ("<<<'EOT'\r\nx\r\nEOT", "$a\n\\", "<<<'EOT'\r\n$a\r\n\\\r\nEOT"),
        ("<<<EOT\nx\nEOT", "a\n EOT b", '"a\\n EOT b"'),
        ("<<<EOT\nx\nEOT", "", '""'),
        ("'x'", "half \ud83d", "'half \ufffd'"),
    ],
)
def test_a_text_is_written_in_the_quotes_it_had_where_those_can_hold_it(before, text, after):
    done = merged(f"<?php return ['k' => {before}];", {("k",): text})
    assert done == f"<?php return ['k' => {after}];"
    assert texts(done) == {("k",): text.replace("\ud83d", "\ufffd")}


def test_comments_above_and_behind_are_notes():
    content = """<?php
/* Texts of the seed bank */

return [
    // Button
    # max 12 characters
    'open' => 'Open', // the door
    'close' => 'Close',

    // no comment of it

    'list' => [
        /** tm:ignore
         *  a code
         */
        'code' => 'Code'
        , 'name' => 'Name' /* short */
    ],
];
"""
    about = {unit.key: unit.about for unit in PhpArrays().extract(document(content)).values}
    assert (about["open",].note, about["open",].limit) == ("Button\nmax 12 characters\nthe door", 12)
    assert about["close",].note == ""
    assert (about["list", "code"].note, about["list", "code"].ignored) == ("a code", True)
    assert about["list", "name"].note == "short"


def test_comments_of_a_filled_array_are_notes():
    content = "<?php\n// Heading\n$lang['a'] = 'One'; // short\n$lang['b'] = 'Two';\n"
    assert [unit.about.note for unit in PhpArrays().extract(document(content)).values] == ["Heading\nshort", ""]


FORMS = "<?php return ['a' => ':count day|:count days'];"


def test_in_laravel_forms_divided_by_bars_are_one_message():
    assert texts(FORMS, "laravel") == {("a",): "{count, plural, one {:count day} other {:count days}}"}
    assert texts(FORMS) == {("a",): ":count day|:count days"}


@pytest.mark.parametrize(
    "text", ["{0} none|{1} one|[2,*] many", "[1,19] some|[20,*] many", "one|", "a|b|c|d", "]0,5] a|b"]
)
def test_in_laravel_forms_by_number_stay_as_they_are(text):
    """A translator can give them other numbers; categories could not say them."""
    assert texts(f"<?php return ['{text}'];", "laravel") == {("0",): text}


@pytest.mark.parametrize(
    ("locale", "forms", "after"),
    [
        ("zh", "other {:count 天}", ":count 天"),
        ("ru", "one {день} few {дня} many {дней} other {дня}", "день|дня|дней"),
        ("ar", "zero {٠} one {يوم} two {يومان} few {أيام} many {يومًا} other {يوم}", "٠|يوم|يومان|أيام|يومًا|يوم"),
        ("fr", "one {jour} other {jours | heures}", "jour|jours  heures"),
    ],
)
def test_in_laravel_each_language_has_the_forms_it_needs(locale, forms, after):
    assert (
        merged(FORMS, {("a",): f"{{count, plural, {forms}}}"}, "laravel", locale) == f"<?php return ['a' => '{after}'];"
    )


def test_in_laravel_translated_forms_are_read_by_category():
    assert texts("<?php return ['a | b | c'];", "laravel", "ru") == {
        ("0",): "{count, plural, one {a} few {b} many {c} other {c}}"
    }


def test_a_plain_text_takes_the_place_of_all_forms():
    assert merged(FORMS, {("a",): "Days"}, "laravel", "fr") == "<?php return ['a' => 'Days'];"


def test_of_equal_keys_the_last_counts_and_a_person_is_told():
    resource = PhpArrays().extract(document("<?php return ['a' => 'One', 'a' => 'Two'];"))
    assert [unit.source for unit in resource.values] == ["Two"]
    assert [found.check for found in resource.findings] == ["duplicate-key"]


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        ("<?php return ['a' => 'b'\n'c' => 'd'];", 2, 1, "no PHP from here on; run php -l"),
        ("<?php return ['é' => 'b\n];", 1, 7, "no PHP from here on"),
        ("<?php return " + "[" * 150 + "]" * 150 + ";", 1, 114, "more than 100 levels deep"),
        (b"<?php return ['\xff'];", 1, 16, "the byte FF is not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(content, line, column, reason):
    with pytest.raises(ExtractionError, match=reason) as caught:
        PhpArrays().extract(document(content))
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("content", ["", "just text", "<?php", "<?php echo 'Hello'; ?> after", "<?php return 'x';"])
def test_files_without_an_array_have_no_texts(content):
    assert texts(content) == {}


@pytest.mark.skipif(shutil.which("php") is None, reason="php is not installed (Debian: php-cli)")
def test_php_itself_reads_what_was_written(tmp_path):
    content = "<?php return ['a' => 'x', 'b' => \"x\", 'c' => <<<EOT\n  x\n  EOT, 'd' => <<<'EOT'\nx\nEOT\n];"
    wanted = {name: 'it\'s "$y" {$z} \\ \\n\n  é\x07' if name < "c" else "$y {$z} \\\n  é" for name in "abcd"}
    (tmp_path / "a.php").write_text(merged(content, {(name,): text for name, text in wanted.items()}))
    code = f"echo json_encode(require '{tmp_path}/a.php');"
    done = subprocess.run(["php", "-r", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == wanted
