"""Android strings: what counts as a text, how aapt2 reads it, and what is written for its plurals."""

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extractors.android_documents import SIX
from tests.extractors.extracting import Format
from tests.extractors.xml_writer import TARGETS
from tm_service.domain.plurals import Plural, parse_plural
from tm_service.domain.units import About

AAPT2 = shutil.which("aapt2")
ANDROID = Format("android", "res/values/strings.xml")


def resources(inside: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<resources xmlns:xliff="urn:x">\n{inside}\n</resources>\n'


def value(raw: str) -> str:
    return ANDROID.texts(resources(f'<string name="a">{raw}</string>')).get(("a",), "")


def merged(raw: str, text: str) -> str:
    content = resources(f'<string name="a">{raw}</string>')
    written = ANDROID.merged(content, {("a",): text})
    assert ANDROID.read(written)["a",] == text
    return written.decode().partition('name="a">')[2].rpartition("</string>")[0]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"It\'s a fern", "It's a fern"),
        (r"A \"rare\" moss\nand\ta lichen", 'A "rare" moss\nand\ta lichen'),
        (r"\u0041cer \u00e9", "Acer é"),
        (r"\@home \#1 \?", "@home #1 ?"),
        (r"C:\\seeds", "C:\\seeds"),
        ("  two\n   lines  ", "two lines"),
        ('"  kept   as it is "', "  kept   as it is "),
        (r"edge\u0020", "edge "),
        ('one "  two  " three', "one   two   three"),
        ("<![CDATA[See <b>this</b> & that]]>", "See <b>this</b> & that"),
        ("&lt;b&gt;bold&lt;/b&gt;", "<b>bold</b>"),
        ('Hi <xliff:g id="n">%1$s</xliff:g> !', 'Hi <xliff:g id="n">%1$s</xliff:g> !'),
        ("<b> a </b> b  ", "<b> a </b> b "),
        ("a <b> b</b> ", "a <b> b</b> "),
        ('x <xliff:g id="n"> y </xliff:g> z', 'x <xliff:g id="n">y </xliff:g>z'),
        ("a <!-- seen by nobody -->b", "a b"),
    ],
)
def test_a_text_is_what_a_reader_of_the_app_sees(raw, text):
    assert value(raw) == text


@pytest.mark.parametrize(
    ("raw", "text", "written"),
    [
        ("Fern", "L'eau", r"L\'eau"),
        ('"Fern"', 'L\'eau  "x" ', '"L\'eau  \\"x\\" "'),
        ("Fern", " a  b\n", r"\u0020a \u0020b\n"),
        ("Fern", "@string/a", r"\@string/a"),
        ("Fern", "?", r"\?"),
        ("<b>Fern</b>", "<b>Moos</b> ?", "<b>Moos</b> ?"),
        ("<![CDATA[Fern]]>", "<i>l'if</i>", r"<![CDATA[<i>l\'if</i>]]>"),
        (r"F\u00e9", "é à", r"\u00E9 \u00E0"),
        (r"5\u00a0kg", "5\xa0кг", r"5\u00A0кг"),
        (r"A\u2026", "ثم…", r"ثم\u2026"),
        ("Fern", "😀", "😀"),
    ],
)
def test_a_text_is_escaped_as_the_place_is_written(raw, text, written):
    assert merged(raw, text) == written


def test_what_nobody_translates_is_carried_along():
    content = resources(
        '<string name="id" translatable="false">Herbarium</string><string name="ref">@string/id</string>'
        '<string name="look">?attr/title</string><color name="c">#00FF00</color><string name="t">Fern</string>'
    )
    assert [unit.key for unit in ANDROID.resource(content).units] == [("t",)]
    assert ("c",) not in ANDROID.texts(content)


def test_keys_tell_strings_products_arrays_and_plurals_apart():
    content = resources(
        '<string name="a">One</string><string name="a" product="tablet">Two</string>'
        '<string-array name="a"><item>Three</item><item>@string/a</item></string-array>'
        '<plurals name="a"><item quantity="other">Four</item></plurals><item type="string" name="b">Five</item>'
    )
    assert ANDROID.texts(content) == {
        ("a",): "One",
        ("a", "tablet"): "Two",
        ("array", "a", "0"): "Three",
        ("array", "a", "1"): "@string/a",
        ("plurals", "a"): "{count, plural, other {Four}}",
        ("b",): "Five",
    }


def test_comments_before_and_behind_are_notes_and_those_of_a_section_are_not():
    content = resources(
        "<!-- Section -->\n\n<!-- Title; at most 20 characters -->\n"
        '<string name="a">A</string> <!-- tm:legal -->\n<string name="b">B</string>\n'
        '<!-- tm:ignore --><string-array name="c"><!-- moss --><item>C</item></string-array>'
    )
    assert ANDROID.about(content) == {
        ("a",): About("Title; at most 20 characters", 20, legal=True),
        ("b",): About(),
        ("array", "c", "0"): About("moss", ignored=True),
    }


@pytest.mark.parametrize(
    ("locale", "names"),
    [("ar", SIX), ("fr-CA", ("one", "many", "other")), ("zh-Hans", ("other",)), ("ru", SIX[1:2] + SIX[3:])],
)
def test_a_plural_has_the_forms_of_the_language(locale, names):
    content = resources(
        '<plurals name="p">\n  <item quantity="one">%d seed</item>\n  <item quantity="other">%d seeds</item>\n</plurals>'
    )
    given = str(Plural("count", {name: f"%d {name}" for name in SIX}))
    written = ANDROID.merged(content, {("plurals", "p"): given}, locale)
    plural = parse_plural(ANDROID.read(written)["plurals", "p"])
    assert plural is not None
    assert plural.forms == {name: f"%d {name}" for name in names}
    assert written.decode().count("\n  <item") == len(names)


def test_a_form_that_was_not_given_is_that_of_other_and_a_text_without_forms_is_every_form():
    content = resources(
        '<plurals name="p"><item quantity="one">%d seed</item><item quantity="other">%d seeds</item></plurals>'
    )
    few = ANDROID.merged(content, {("plurals", "p"): "{count, plural, one {%d семя} other {%d семян}}"}, "ru")
    assert few.decode().count("%d семян</item>") == 3
    plain = ANDROID.merged(content, {("plurals", "p"): "%d семян"}, "ru")
    assert plain.decode().count("%d семян</item>") == 4


def test_a_plural_without_other_is_told_and_still_read():
    resource = ANDROID.resource(resources('<plurals name="p">\n<item quantity="one">One seed</item></plurals>'))
    assert [unit.source for unit in resource.values] == ["{count, plural, one {One seed} other {One seed}}"]
    assert [(found.check, "Line 3" in found.message) for found in resource.findings] == [("plural-form", True)]


def test_a_file_of_another_kind_is_refused():
    assert ANDROID.refusal("<root/>") == (1, 1, "the root element is <root> where <resources> should be")


_PLACES = ("Fern", '"Fern"', "<![CDATA[Fern]]>", r"F\u00e9")


def _is_one_format(text: str) -> bool:
    """aapt2 refuses several placeholders without numbers, which the checks of a return find before it does."""
    return bool(text.strip()) and text.count("%") < 2


@pytest.mark.skipif(AAPT2 is None, reason="aapt2 is not installed (Debian: aapt)")
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TARGETS.filter(_is_one_format), min_size=20, max_size=30), st.sampled_from(_PLACES))
def test_the_real_reader_reads_what_was_written(texts, place):
    """Whatever is merged, aapt2 gives exactly that text to the app."""
    assert AAPT2
    content = resources("\n".join(f'<string name="n{number}">{place}</string>' for number in range(len(texts))))
    written = ANDROID.merged(content, {(f"n{number}",): text for number, text in enumerate(texts)})
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "values").mkdir()
        (home / "values" / "strings.xml").write_bytes(written)
        (home / "manifest.xml").write_text('<manifest package="seeds.vault"/>')
        flat, made = home / "values_strings.arsc.flat", home / "made.apk"
        for command in (
            ["compile", "-o", home, home / "values" / "strings.xml"],
            ["link", "--manifest", home / "manifest.xml", "-o", made, flat],
        ):
            subprocess.run([AAPT2, *command], check=True, capture_output=True)
        said = subprocess.run([AAPT2, "dump", "resources", made], check=True, capture_output=True).stdout
    said = said.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16")
    found = re.findall(r'string/(n\d+)\n      \(\) "(.*?)"\n(?=    resource|\Z)', said, re.DOTALL)
    shown = {
        f"n{number}": re.sub(r"\n(?!\n)", "\n      ", text) for number, text in enumerate(texts)
    }  # as the dump indents it
    assert dict(found) == shown
