"""Site XLIFF: units of Angular and Symfony, their inline codes, limits and states."""

import pytest

from tests.extractors.extracting import Format
from tm_service.domain.serving import Rule
from tm_service.domain.units import About

XLIFF = Format("xliff", "messages.xlf")
X = '<x id="INTERPOLATION" equiv-text="{{ n }}"/>'


def old(units: str, file: str = "") -> str:
    return f'<xliff version="1.2"><file source-language="en" original="a"{file}><body>{units}</body></file></xliff>'


def new(units: str, root: str = "") -> str:
    return f'<xliff version="2.0" srcLang="en"{root}><file id="f">{units}</file></xliff>'


def test_inline_codes_stay_as_they_are_written():
    content = old(f'<trans-unit id="a"><source>Seed {X} &amp; tray</source></trans-unit>')
    assert XLIFF.texts(content) == {("a",): f"Seed {X} & tray"}
    written = XLIFF.merged(content, {("a",): f"{X} graine <x> & plateau"}).decode()
    assert f'</source><target state="translated">{X} graine &lt;x&gt; &amp; plateau</target></trans-unit>' in written


def test_a_target_stands_behind_its_source_in_the_files_indentation():
    content = old('\n  <trans-unit id="a">\n    <source>Seed</source>\n    <note>x</note>\n  </trans-unit>')
    written = XLIFF.merged(content, {("a",): "Graine"}, "fr").decode()
    assert '<source>Seed</source>\n    <target state="translated">Graine</target>\n    <note>' in written
    assert 'source-language="en" target-language="fr"' in written


def test_states_are_set_and_what_nobody_translated_is_open():
    content = old('<trans-unit id="a"><source>Seed</source><target state="new">Seed</target></trans-unit>')
    assert b'<target state="translated">Graine</target>' in XLIFF.merged(content, {("a",): "Graine"})
    bare = old('<trans-unit id="a"><source>Seed</source></trans-unit>')
    assert b'<target state="needs-translation">Seed</target>' in XLIFF.merged(bare, {("a",): "Seed"}, "", Rule.MISSING)
    segment = new('<unit id="a"><segment id="1" state="initial"><source>Seed</source></segment></unit>')
    assert b'<segment id="1" state="translated">' in XLIFF.merged(segment, {("a",): "Graine"}, "fr")
    assert b'<segment id="1" state="initial">' in XLIFF.merged(segment, {("a",): "Seed"}, "fr", Rule.MISSING)


@pytest.mark.parametrize(
    ("attributes", "limit"),
    [
        ('maxwidth="40" size-unit="char"', 40),
        ('maxwidth="40"', 40),
        ('maxwidth="40" size-unit="pixel"', 0),
        ('maxwidth="wide" size-unit="char"', 0),
    ],
)
def test_a_width_in_characters_is_a_limit(attributes, limit):
    assert XLIFF.about(old(f'<trans-unit id="a" {attributes}><source>Seed</source></trans-unit>')) == {
        ("a",): About("", limit)
    }


def test_a_size_restriction_is_a_limit_and_notes_are_notes_but_places_in_the_code():
    notes = '<notes><note category="location">a.ts:7</note><note category="meaning">Tray label tm:legal</note></notes>'
    content = new(f'<unit id="a" slr:sizeRestriction="0,25">{notes}<segment><source>Seed</source></segment></unit>')
    assert XLIFF.about(content) == {("a",): About("Tray label", 25, legal=True)}


def test_keys_are_names_then_ids_and_tell_files_and_segments_apart():
    unit = '<trans-unit id="1" resname="seed.title"><source>Seed</source></trans-unit>'
    other = '<trans-unit id="1"><source>Tray</source></trans-unit>'
    more = f'<file source-language="en" original="b"><body><group>{other}</group></body></file>'
    assert XLIFF.texts(old(unit).replace("</xliff>", f"{more}</xliff>")) == {
        ("seed.title",): "Seed",
        ("b", "1"): "Tray",
    }
    segments = (
        "<segment><source>One.</source></segment><ignorable><source> </source></ignorable>"
        '<segment id="s"><source>Two.</source></segment>'
    )
    assert XLIFF.texts(new(f'<unit id="u">{segments}</unit>')) == {("u", "1"): "One.", ("u", "s"): "Two."}


def test_where_sources_are_keys_of_the_code_targets_are_the_texts():
    unit = '<trans-unit id="1" resname="seed.title"><source>seed.title</source><target>Seeds of the week</target></trans-unit>'
    assert XLIFF.texts(old(unit)) == {("seed.title",): "Seeds of the week"}
    same = '<trans-unit id="w"><source>Welcome</source><target>Welcome back</target></trans-unit>'
    assert XLIFF.texts(old(same, ' target-language="en"')) == {("w",): "Welcome back"}
    assert XLIFF.texts(old(same, ' target-language="fr"')) == {("w",): "Welcome"}


def test_what_is_not_to_be_translated_is_carried_along():
    content = old('<trans-unit id="a" translate="no"><source>Seed</source></trans-unit>')
    assert not XLIFF.resource(content).units


def test_targets_of_suggestions_are_no_targets():
    alternative = "<alt-trans><source>Seeds</source><target>Graines</target></alt-trans>"
    content = old(f'<trans-unit id="a"><source>Seed</source><seg-source>Seed</seg-source>{alternative}</trans-unit>')
    assert XLIFF.read(content) == {("a",): ""}
    assert b"</seg-source><target" in XLIFF.merged(content, {("a",): "Graine"})


def test_a_prefix_of_the_namespace_is_kept():
    unit = '<x:trans-unit id="a"><x:source>Seed</x:source></x:trans-unit>'
    file = f'<x:file original="a" source-language="en"><x:body>{unit}</x:body></x:file>'
    content = f'<x:xliff version="1.2" xmlns:x="urn:oasis:names:tc:xliff:document:1.2">{file}</x:xliff>'
    assert b'<x:target state="translated">Graine</x:target>' in XLIFF.merged(content, {("a",): "Graine"})
